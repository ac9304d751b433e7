# ruff: noqa: E501 - a row is one example
"""The match of a quote that is preferred where its words occur more than once."""

from __future__ import annotations

import pytest

from jobs.rules.text.normalization import fold
from jobs.rules.text.quotes import find_quote


@pytest.mark.parametrize(
    ("quote", "content", "start"),
    [("car", "cartoon car", 8), ("car", "scar, cart, car", 12), ("car", "caravan", 0), ("CAR", "caravan", 0), ("car", "scar", 1), ("茶", "绿茶", 1), ("car", "car" * 150 + " car", 0), ("bus", "cartoon car", None)],
)
def test_find_quote_prefers_whole_words_to_a_part_of_a_word(quote: str, content: str, start: int | None) -> None:
    assert find_quote(quote, content, fold(content)) == (None if start is None else (start, start + len(quote)))


@pytest.mark.parametrize(("text", "folded"), [("tea ", "tea"), (" tea", "tea"), ("green  tea", "green tea"), ("  ", "")])
def test_fold_of_ascii_text_removes_white_space_at_the_ends_and_repeated_spaces(text: str, folded: str) -> None:
    assert fold(text).text == folded
