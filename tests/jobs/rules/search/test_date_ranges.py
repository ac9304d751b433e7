# ruff: noqa: E501 - a row is one example
"""Ranges between two named days, and days whose meaning depends on the day on which they are said, in English and Chinese."""

from __future__ import annotations

from datetime import date

import pytest

from jobs.rules.search.dates.days import Calendar
from jobs.rules.search.dates.named_days import find_named_days

TODAY = date(2026, 11, 28)
"""A Saturday."""
MONDAY, FIFTH = date(2026, 11, 23), date(2026, 11, 5)

YEAR_OF_ONE_END = [
    ("from 20 December 2024 to 5 January", "2024-12-20..2025-01-05"), ("2024年12月20日到1月5日", "2024-12-20..2025-01-05"), ("from May 2, 2024 to May 9", "2024-05-02..2024-05-09"),
    ("2024年5月2日到5月9日", "2024-05-02..2024-05-09"), ("from May 2 to May 9 2024", "2024-05-02..2024-05-09"), ("from May 2023 to August", "2023-05-01..2023-08-31"),
    ("2023年5月到8月", "2023-05-01..2023-08-31"), ("from Christmas 2023 to New Year's Day", "2023-12-25..2024-01-01"), ("from May 2 2025 to Feb 1", "2025-05-02..2026-02-01"),
]
WITHOUT_A_YEAR = [
    ("from October to March", "2025-10-01..2026-03-31"), ("从十月到三月", "2025-10-01..2026-03-31"), ("from December to February", "2025-12-01..2026-02-28"), ("圣诞节到元旦", "2025-12-25..2026-01-01"),
    ("from March to May", "2026-03-01..2026-05-31"),
]
SECOND_NUMBER = [
    ("between May 2 and 5", "2026-05-02..2026-05-05"), ("May 2-5, 2024", "2024-05-02..2024-05-05"), ("from May 28 to 5", "2026-05-28..2026-06-05"), ("5月28号到5号", "2026-05-28..2026-06-05"),
    ("between May 8 and 5", "2026-05-05..2026-05-08"), ("between Feb 2 and 30", "2026-02-02"), ("between May and 5", "2026-05-01..2026-05-31"),
]
SAID_ON = [
    ("上周末我去哪了", MONDAY, "2026-11-21..2026-11-22"), ("last weekend", MONDAY, "2026-11-21..2026-11-22"), ("上上周末", MONDAY, "2026-11-14..2026-11-15"), ("last weekend", date(2026, 11, 29), "2026-11-21..2026-11-22"),
    ("月底我去哪了", FIFTH, "2026-10-21..2026-10-31"), ("下半月", FIFTH, "2026-10-16..2026-10-31"), ("年底", date(2026, 3, 5), "2025-11-01..2025-12-31"), ("明年前一周", date(2026, 12, 28), "2026-12-25..2026-12-28"),
    ("31号我在哪", date(2026, 3, 5), "2026-01-31"), ("30号那天", date(2026, 3, 1), "2026-01-30"), ("on the 31st", date(2026, 3, 5), "2026-01-31"), ("on the 5th", FIFTH, "2026-11-05"),
    ("今天我吃了什么", TODAY, "2026-11-28"), ("今晚", TODAY, "2026-11-28"), ("on Thur", TODAY, "2026-11-26"), ("正月十六", TODAY, "2026-03-04"), ("last November", TODAY, "2025-11-01..2025-11-30"),
    ("last autumn", TODAY, "2025-09-01..2025-11-30"), ("国庆之后", TODAY, "2026-10-08..2026-10-21"), ("国庆之前", TODAY, "2026-09-17..2026-09-30"), ("春节以后", TODAY, "2026-02-24..2026-11-28"),
    ("过去20天的第一个星期一", FIFTH, "2026-10-19"), ("before 2027", TODAY, "1900-01-01..2026-11-28"), ("before 2028", TODAY, ""),
    ("last month on Tuesday", TODAY, "2026-10-01..2026-10-31 2026-11-24"), ("May 2nd of last week", TODAY, "2026-05-02 2026-11-16..2026-11-22"), ("the week after Christmas", TODAY, "2025-12-26..2026-01-01"),
]


def ranges(text: str, today: date = TODAY) -> str:
    return " ".join(str(first) if first == last else f"{first}..{last}" for first, last in find_named_days(text, Calendar(today)).ranges)


@pytest.mark.parametrize(("text", "days"), YEAR_OF_ONE_END)
def test_grammar_with_a_range_of_which_one_end_has_a_year_reads_the_other_end_in_the_same_stretch(text: str, days: str) -> None:
    assert ranges(text) == days


@pytest.mark.parametrize(("text", "days"), WITHOUT_A_YEAR)
def test_grammar_with_a_range_without_a_year_ends_with_the_latest_that_has_begun(text: str, days: str) -> None:
    assert ranges(text) == days


@pytest.mark.parametrize(("text", "days"), SECOND_NUMBER)
def test_grammar_with_a_range_to_a_number_ends_in_the_same_month_or_soon_after(text: str, days: str) -> None:
    assert ranges(text) == days


@pytest.mark.parametrize(("text", "today", "days"), SAID_ON)
def test_grammar_on_another_day_counts_from_that_day(text: str, today: date, days: str) -> None:
    assert ranges(text, today) == days
