# ruff: noqa: E501 - a row is one example
"""The days of festivals and holidays, by calendars that were published for these years."""

from __future__ import annotations

from datetime import date

import pytest

from jobs.rules.search.dates.days import Calendar
from jobs.rules.search.dates.named_days import find_named_days

TODAY = date(2026, 11, 28)

OF_2024 = [
    ("New Year's Day", "01-01"), ("Valentine's Day", "02-14"), ("Women's Day", "03-08"), ("Arbor Day", "03-12"), ("St. Patrick's Day", "03-17"), ("Good Friday", "03-29"), ("Easter", "03-31"),
    ("Easter Monday", "04-01"), ("April Fools' Day", "04-01"), ("May Day", "05-01"), ("Youth Day", "05-04"), ("Mother's Day", "05-12"), ("Memorial Day", "05-27"), ("Children's Day", "06-01"),
    ("Father's Day", "06-16"), ("Independence Day", "07-04"), ("Labor Day", "09-02"), ("Teachers' Day", "09-10"), ("National Day", "10-01"), ("Halloween", "10-31"), ("Singles' Day", "11-11"),
    ("Thanksgiving", "11-28"), ("Black Friday", "11-29"), ("Christmas Eve", "12-24"), ("Christmas", "12-25"), ("Boxing Day", "12-26"), ("New Year's Eve", "12-31"),
    ("Lantern Festival", "02-24"), ("Dragon Boat Festival", "06-10"), ("Qixi", "08-10"), ("Ghost Festival", "08-18"), ("Mid-Autumn Festival", "09-17"), ("Double Ninth", "10-11"),
    ("Winter Solstice", "12-21"), ("Chinese New Year's Eve", "02-09"),
]
OF_2024_IN_CHINESE = [
    ("元旦", "01-01"), ("腊八节", "01-18"), ("小年", "02-02"), ("除夕", "02-09"), ("大年初一", "02-10"), ("大年初三", "02-12"), ("元宵节", "02-24"), ("情人节", "02-14"), ("三八节", "03-08"), ("植树节", "03-12"),
    ("愚人节", "04-01"), ("清明节", "04-04"), ("青年节", "05-04"), ("母亲节", "05-12"), ("儿童节", "06-01"), ("端午节", "06-10"), ("父亲节", "06-16"), ("建军节", "08-01"), ("七夕", "08-10"), ("中元节", "08-18"),
    ("教师节", "09-10"), ("中秋节", "09-17"), ("重阳节", "10-11"), ("万圣节", "10-31"), ("双十一", "11-11"), ("感恩节", "11-28"), ("黑色星期五", "11-29"), ("双十二", "12-12"), ("冬至", "12-21"), ("平安夜", "12-24"),
    ("圣诞节", "12-25"), ("跨年夜", "12-31"),
]
OF_OTHER_YEARS = [
    ("Easter 1981", "1981-04-19"), ("Easter 1999", "1999-04-04"), ("Easter 2000", "2000-04-23"), ("Easter 2008", "2008-03-23"), ("Easter 2011", "2011-04-24"), ("Easter 2018", "2018-04-01"),
    ("Easter 2019", "2019-04-21"), ("Easter 2023", "2023-04-09"), ("Easter 2025", "2025-04-20"), ("1999年清明节", "1999-04-05"), ("2000年清明节", "2000-04-04"), ("2023年清明节", "2023-04-05"),
    ("1999年冬至", "1999-12-22"), ("2000年冬至", "2000-12-21"), ("2023年冬至", "2023-12-22"), ("Thanksgiving 2023", "2023-11-23"), ("Thanksgiving 2019", "2019-11-28"), ("Memorial Day 2021", "2021-05-31"),
    ("Labor Day 2025", "2025-09-01"), ("Labour Day 2025", "2025-09-01"), ("Teacher's Day 2025", "2025-09-10"), ("April Fool's Day 2025", "2025-04-01"), ("Hallowe'en 2025", "2025-10-31"), ("Mother's Day 2022", "2022-05-08"), ("2025年腊八节", "2025-01-07"), ("2025年重阳节", "2025-10-29"), ("2025年小年", "2025-01-22"),
    ("2024年五一假期", "2024-05-01..2024-05-05"), ("2024年国庆假期", "2024-10-01..2024-10-07"), ("2024年春节", "2024-02-09..2024-02-16"),
]


def named(text: str) -> str:
    found = find_named_days(text, Calendar(TODAY)).ranges
    return " ".join(str(first) if first == last else f"{first}..{last}" for first, last in found)


@pytest.mark.parametrize(("name", "day"), OF_2024)
def test_festival_in_english_with_its_year_is_its_day(name: str, day: str) -> None:
    assert named(f"What did I do on {name} 2024?") == f"2024-{day}"


@pytest.mark.parametrize(("name", "day"), OF_2024_IN_CHINESE)
def test_festival_in_chinese_with_its_year_is_its_day(name: str, day: str) -> None:
    assert named(f"2024年{name}我去了哪里") == f"2024-{day}"


@pytest.mark.parametrize(("text", "days"), OF_OTHER_YEARS)
def test_festival_that_moves_is_on_the_day_of_each_year(text: str, days: str) -> None:
    assert named(text) == days
