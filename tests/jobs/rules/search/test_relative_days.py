# ruff: noqa: E501 - a row is one example
"""Days that a text names by counting from today or from another day, in English and Chinese."""

from __future__ import annotations

from datetime import date

import pytest

from jobs.rules.search.dates.days import Calendar
from jobs.rules.search.dates.named_days import find_named_days

TODAY = date(2026, 11, 28)
"""A Saturday."""
ANN = Calendar(TODAY, birthday=(5, 20))

COUNTED = [
    ("the last 3 days of August", "2026-08-29..2026-08-31"), ("the first 10 days of August 2023", "2023-08-01..2023-08-10"), ("the last 30 days of August 2023", "2023-08-02..2023-08-31"),
    ("the last 31 days of August 2023", "2023-08-01..2023-08-31"), ("the first two weeks of August 2023", "2023-08-01..2023-08-14"), ("the past two months", "2026-09-28..2026-11-28"),
    ("the past two years", "2024-11-28..2026-11-28"), ("the past two weeks", "2026-11-14..2026-11-28"), ("a few years ago", "2020-11-01..2024-11-01"), ("a few months ago", "2026-06-28..2026-09-28"),
    ("最近两周", "2026-11-14..2026-11-28"), ("最近三个月", "2026-08-28..2026-11-28"), ("过去两年", "2024-11-28..2026-11-28"), ("上上周末", "2026-11-14..2026-11-15"),
]
BESIDE = [
    ("the month of my birthday", "2026-05-01..2026-05-31"), ("5月2号那个月", "2026-05-01..2026-05-31"), ("before Christmas", "2025-12-11..2025-12-24"), ("before last weekend", "2026-11-07..2026-11-20"),
    ("before March", "1900-01-01..2026-02-28"), ("three months before my birthday", "2026-02-01..2026-02-28"), ("生日后的周三", "2026-05-27"), ("国庆前的周三", "2026-09-30"),
    ("the fifth week of February 2024", "2024-02-29"), ("2024年2月第五周", "2024-02-29"), ("圣诞节的第二天", "2025-12-26"),
]


def ranges(text: str) -> str:
    return " ".join(str(first) if first == last else f"{first}..{last}" for first, last in find_named_days(text, ANN).ranges)


@pytest.mark.parametrize(("text", "days"), COUNTED)
def test_grammar_with_a_number_of_days_counts_from_the_named_edge(text: str, days: str) -> None:
    assert ranges(text) == days


@pytest.mark.parametrize(("text", "days"), BESIDE)
def test_grammar_with_days_beside_a_named_day_finds_them(text: str, days: str) -> None:
    assert ranges(text) == days


@pytest.mark.parametrize("text", ["5月8号到5号", "5月8号到5月5号", "from May 8 to May 5", "between May 8 and 5"])
def test_grammar_with_a_range_whose_end_is_written_before_its_beginning_has_no_reversed_range(text: str) -> None:
    assert all(first <= last for first, last in find_named_days(text, ANN).ranges)


@pytest.mark.parametrize("text", ["on May 5 % of us", "on 5/5 % of them", "May 5° outside"])
def test_grammar_with_a_number_that_counts_what_follows_finds_no_day(text: str) -> None:
    assert ranges(text) == ""
