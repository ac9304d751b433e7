"""The key that all spellings of a value share."""

from __future__ import annotations

import pytest

from jobs.rules.slots import value_key


@pytest.mark.parametrize(
    ("one", "other"),
    [("from 7:30", "from 730"), ("up at 6 30", "up at 630"), ("11-12 o'clock", "1112 o'clock"), ("likes C#", "likes C"), ("3.5 km", "35 km")],
)
def test_value_key_separator_between_digits_and_sharp_after_a_letter_stay(one: str, other: str) -> None:
    assert value_key(one) != value_key(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("5 km, 7 days", "5km7days"),
        ("2 dogs; 1 cat", "2dogs1cat"),
        ("up at 6 : 30", "up at 6:30"),
        ("up at 6  30", "up at 6 30"),
        ("# 1 fan", "1 fan"),
        ("Ｃ#", "c#"),
        ("Rock 'n' Roll", "rock n roll"),
        ("(Sichuan) food!", "Sichuan food"),
    ],
)
def test_value_key_of_spellings_of_one_value_is_the_same(one: str, other: str) -> None:
    assert value_key(one) == value_key(other)
