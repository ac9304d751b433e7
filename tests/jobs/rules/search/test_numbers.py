"""Numbers in English words."""

from __future__ import annotations

import pytest

from jobs.rules.search.dates.numbers import cardinal, ordinal


@pytest.mark.parametrize(("word", "number"), [("first", 1), ("Third", 3), ("twelfth", 12), ("twenty-first", 21), ("thirty-first", 31), ("last", -1)])
def test_ordinal_of_a_word_is_its_number_and_of_last_minus_one(word: str, number: int) -> None:
    assert ordinal(word) == number


@pytest.mark.parametrize(("word", "number"), [("7", 7), ("three", 3), ("a", 1), ("thirty", 30), ("a couple of", 2)])
def test_cardinal_of_a_word_or_digits_is_its_number(word: str, number: int) -> None:
    assert cardinal(word) == number
