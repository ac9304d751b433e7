# ruff: noqa: E501 - a row is one example
"""Numbers, dates, weekdays and units that a text names, in English and Chinese."""

from __future__ import annotations

from datetime import date

import pytest

from jobs.rules.claims.particulars import particulars, wrong_particular

DAY = date(2026, 3, 14)
"""A Saturday."""

NUMBERS = [
    ("zero one two three", "0 2 3"), ("four five six seven eight", "4 5 6 7 8"), ("nine ten eleven twelve", "9 10 11 12"), ("thirteen fourteen fifteen", "13 14 15"),
    ("sixteen seventeen eighteen nineteen twenty", "16 17 18 19 20"), ("thirty forty fifty sixty", "30 40 50 60"), ("seventy eighty ninety", "70 80 90"),
    ("a hundred, a thousand, a dozen", "100 1000 12"), ("twice", "2"), ("once, half of one", ""),
    ("1,250 steps at 7:30 and 4.5 km", "1250 7:30 4.5"), ("room 007, floor 0", "7 0"),
    ("三个苹果", "3"), ("四五六", "456"), ("七和八", "7 8"), ("九", "9"), ("两百", "200"), ("兩百五十", "250"), ("十二", "12"), ("二十", "20"), ("三千五百", "3500"),
    ("一百零三", "103"), ("二〇二三", "2023"), ("三万六千", "36000"), ("一起去，一直走，十分开心", ""), ("一个苹果", ""),
    ("二十一个苹果", "21"), ("三十一岁", "31"), ("十一月", "11"), ("一九九八年", "1998"), ("二百一十", "210"), ("十分钟", "10"), ("三十分钟", "30"), ("三千万", "30000000"), ("十万", "100000"), ("二十五万", "250000"), ("一两个，一天，一只猫", "2"), ("万一", ""), ("三万一", "30001"),
]  # fmt: skip
DATES = [
    ("on 2026-03-11", "2026-03-11"), ("2025/1/2", "2025-01-02"), ("3月1日", "2026-03-01"), ("2024年12月31号", "2024-12-31"), ("march 3", "2026-03-03"), ("mar. 3, 2024", "2024-03-03"),
    ("may 3rd", "2026-05-03"), ("5 june 2025", "2025-06-05"), ("the 5th of july", "2026-07-05"), ("2 jan", "2026-01-02"), ("april 1", "2026-04-01"), ("1 aug", "2026-08-01"),
    ("february 30", ""), ("yesterday", "2026-03-13"), ("last night", "2026-03-13"), ("昨晚", "2026-03-13"), ("the day before yesterday", "2026-03-12"), ("前天", "2026-03-12"),
    ("tomorrow", "2026-03-15"), ("明天", "2026-03-15"), ("the day after tomorrow", "2026-03-16"), ("后天", "2026-03-16"), ("this morning", "2026-03-14"), ("今晚", "2026-03-14"),
    ("three days ago", "2026-03-11"), ("10 days ago", "2026-03-04"), ("三天前", "2026-03-11"), ("in two days", "2026-03-16"), ("五天后", "2026-03-19"), ("十二天之前", "2026-03-02"),
    ("in 99999999 days", ""),
]  # fmt: skip


@pytest.mark.parametrize(("text", "numbers"), NUMBERS)
def test_particulars_numbers_in_digits_and_in_words_are_the_same(text: str, numbers: str) -> None:
    assert particulars(text, DAY).numbers == set(numbers.split())


@pytest.mark.parametrize(("text", "days"), DATES)
def test_particulars_days_are_named_absolutely_or_from_the_day_of_the_text(text: str, days: str) -> None:
    found = particulars(text, DAY)
    assert {str(day) for day in found.dates} == set(days.split())
    assert found.named_a_day is bool(days)


@pytest.mark.parametrize(
    ("text", "weekdays"),
    [("on monday and tuesdays", {0, 1}), ("wednesday, thursday", {2, 3}), ("fridays or saturday", {4, 5}), ("星期天", {6}), ("周一到周三", {0, 2}), ("礼拜六", {5})],
)
def test_particulars_weekdays_are_counted_from_monday_and_are_no_numbers(text: str, weekdays: set[int]) -> None:
    found = particulars(text, DAY)
    assert (found.weekdays, found.numbers) == (weekdays, frozenset())


@pytest.mark.parametrize(
    ("text", "units"),
    [("ran 5 km", {("5", "km")}), ("跑了三公里", {("3", "km")}), ("paid €50", {("50", "eur")}), ("$1,200", {("1200", "usd")}), ("two pounds", {("2", "lb")})],
)
def test_particulars_unit_belongs_to_the_number_before_it(text: str, units: set[tuple[str, str]]) -> None:
    assert particulars(text, DAY).units == units


@pytest.mark.parametrize(
    ("line", "statement", "code"),
    [
        ("moved the sofa on 2026-03-13", "we moved the sofa yesterday", None),
        ("moved the sofa on friday", "we moved the sofa yesterday", None),
        ("moved the sofa on 2026-03-14", "we moved the sofa yesterday", "DATE"),
        ("moved the sofa on 2026-03-14", "we moved the sofa", None),
        ("saw the dentist on 2026-03-10", "i saw the dentist on tuesday", None),
        ("saw the dentist on 2026-03-17", "i see the dentist on tuesday", None),
        ("saw the dentist on 2026-03-07", "i saw the dentist on saturday", None),
        ("saw the dentist on 2026-03-06", "i saw the dentist on friday", "DATE"),
        ("saw the dentist on 2026-03-24", "i see the dentist on tuesday", "DATE"),
        ("saw the dentist on thursday", "i saw the dentist on tuesday", "DATE"),
        ("bought 1 apple", "bought an apple", None),
        ("bought 2 apples", "bought an apple", "NUMBER"),
        ("ran 5 km", "i ran 5 miles", "UNIT"),
        ("ran 5 km", "i ran 5 kilometres", None),
        ("ran 5 km", "i ran 5 there", None),
    ],
)
def test_wrong_particular_is_the_first_that_no_statement_has(line: str, statement: str, code: str | None) -> None:
    assert wrong_particular(line, [(statement, DAY)], [DAY]) == code
