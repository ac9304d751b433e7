# ruff: noqa: E501 - a row is one example
"""The grammar of dates: the days that a text names on the user's calendar, in English and Chinese, and the texts that name none."""
from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jobs.rules.search.dates.days import Calendar
from jobs.rules.search.dates.lunar import lunar_day
from jobs.rules.search.dates.named_days import find_birthday, find_named_days, make_calendar

TODAY = date(2026, 11, 28)
"""A Saturday."""
ANN = Calendar(TODAY, birthday=(5, 20))

ENGLISH = [
    ("What did I do on May 2nd?", "2026-05-02"),
    ("on 2 May 2023", "2023-05-02"),
    ("on 5/22 I went", "2026-05-22"),
    ("2023-05-02", "2023-05-02"),
    ("last Tuesday", "2026-11-24"),
    ("three days ago", "2026-11-25"),
    ("the weekend before my birthday", "2026-05-16..2026-05-17"),
    ("at the end of March", "2026-03-21..2026-03-31"),
    ("last summer", "2026-06-01..2026-08-31"),
    ("last month", "2026-10-01..2026-10-31"),
    ("in 2023", "2023-01-01..2023-12-31"),
    ("the week of May 2", "2026-04-27..2026-05-03"),
    ("between May 2 and May 5", "2026-05-02..2026-05-05"),
    ("between May 2 and 5", "2026-05-02..2026-05-05"),
    ("What did I do on Christmas?", "2025-12-25"),
    ("Christmas 2023", "2023-12-25"),
    ("last Christmas", "2025-12-25"),
    ("the day after Christmas", "2025-12-26"),
    ("the Monday before July 24, 2023", "2023-07-17"),
    ("two weeks before August 11, 2023", "2023-07-25..2023-07-31"),
    ("last weekend before April 10, 2023", "2023-04-08..2023-04-09"),
    ("last weekend", "2026-11-21..2026-11-22"),
    ("this weekend", "2026-11-28"),
    ("the first weekend of August 2023", "2023-08-05..2023-08-06"),
    ("the last two weeks of August 2023", "2023-08-18..2023-08-31"),
    ("the last week of October 2023", "2023-10-25..2023-10-31"),
    ("mid-August 2023", "2023-08-11..2023-08-21"),
    ("between August 11 and August 15 2023", "2023-08-11..2023-08-15"),
    ("the beginning of January 2023", "2023-01-01..2023-01-10"),
    ("summer 2022", "2022-06-01..2022-08-31"),
    ("the second week of November", "2026-11-08..2026-11-14"),
    ("the week before last", "2026-11-09..2026-11-15"),
    ("a week ago", "2026-11-20..2026-11-22"),
    ("two weeks ago today", "2026-11-14"),
    ("two weekends ago", "2026-11-14..2026-11-15"),
    ("two Fridays ago", "2026-11-20"),
    ("Tuesday of last week", "2026-11-17"),
    ("on the 5th", "2026-11-05"),
    ("the 4th of July", "2026-07-04"),
    ("the day before yesterday", "2026-11-26"),
    ("last night", "2026-11-27"),
    ("yesterday", "2026-11-27"),
    ("the other day", "2026-11-21..2026-11-26"),
    ("a couple of weeks ago", "2026-11-11..2026-11-17"),
    ("the past three days", "2026-11-25..2026-11-28"),
    ("in March last year", "2025-03-01..2025-03-31"),
    ("last year in March", "2025-03-01..2025-03-31"),
    ("May 2nd last year", "2025-05-02"),
    ("last March", "2026-03-01..2026-03-31"),
    ("in the fall", "2026-09-01..2026-11-28"),
    ("the end of last month", "2026-10-21..2026-10-31"),
    ("I march on Sunday", "2026-11-22"),
    ("in may", "2026-05-01..2026-05-31"),
    ("since last week", "2026-11-16..2026-11-28"),
    ("Thanksgiving", "2026-11-26"),
    ("on thursday", "2026-11-26"),
    ("Saturday after October 28, 2023", "2023-11-04"),
    ("the same day last year", "2025-11-28"),
    ("early March", "2026-03-01..2026-03-10"),
    ("late last year", "2025-11-01..2025-12-31"),
    ("from Monday to Wednesday", "2026-11-23..2026-11-25"),
    ("What happened to John's job situation in 2022?", "2022-01-01..2022-12-31"),
    ("as of 27 March, 2022", "2022-03-27"),
    ("by July 10, 2022", "2022-07-10"),
    ("on September 8, 2023?", "2023-09-08"),
    ("first weekend of October 2023", "2023-10-07..2023-10-08"),
    ("Chinese New Year", "2026-02-16..2026-02-23"),
    ("New Year's Eve", "2025-12-31"),
    ("after Christmas", "2025-12-26..2026-01-08"),
    ("since March", "2026-03-01..2026-11-28"),
    ("on the 28th of last month", "2026-10-28"),
    ("last month on the 5th", "2026-10-05"),
    ("in the summer of 2021", "2021-06-01..2021-08-31"),
    ("the third of May", "2026-05-03"),
    ("Valentine's Day", "2026-02-14"),
]
CHINESE = [
    ("我4月27号做了什么", "2026-04-27"),
    ("四月二十七日我去了哪里", "2026-04-27"),
    ("4月27我干了什么", "2026-04-27"),
    ("2023年4月27日", "2023-04-27"),
    ("二〇二三年五月", "2023-05-01..2023-05-31"),
    ("上周三我去了哪里", "2026-11-18"),
    ("上上周五", "2026-11-13"),
    ("前天", "2026-11-26"),
    ("大前天我吃了什么", "2026-11-25"),
    ("昨晚", "2026-11-27"),
    ("春节那天", "2026-02-17"),
    ("春节我去了哪儿", "2026-02-16..2026-02-23"),
    ("过年的时候", "2026-02-16..2026-02-23"),
    ("去年春节", "2025-01-28..2025-02-04"),
    ("大年初二", "2026-02-18"),
    ("除夕", "2026-02-16"),
    ("中秋节那天晚上", "2026-09-25"),
    ("端午", "2026-06-19"),
    ("国庆", "2026-10-01..2026-10-07"),
    ("国庆那天", "2026-10-01"),
    ("国庆节", "2026-10-01"),
    ("国庆假期", "2026-10-01..2026-10-07"),
    ("去年国庆", "2025-10-01..2025-10-07"),
    ("五一", "2026-05-01..2026-05-05"),
    ("去年夏天", "2025-06-01..2025-08-31"),
    ("今年春天", "2026-03-01..2026-05-31"),
    ("夏天的时候", "2026-06-01..2026-08-31"),
    ("上个月初", "2026-10-01..2026-10-10"),
    ("上个月27号", "2026-10-27"),
    ("三月底", "2026-03-21..2026-03-31"),
    ("三月份我买了什么", "2026-03-01..2026-03-31"),
    ("去年三月", "2025-03-01..2025-03-31"),
    ("年底", "2026-11-01..2026-11-28"),
    ("年初", "2026-01-01..2026-03-31"),
    ("月初", "2026-11-01..2026-11-10"),
    ("上半年", "2026-01-01..2026-07-01"),
    ("去年下半年", "2025-07-02..2025-12-31"),
    ("三天前", "2026-11-25"),
    ("两周前", "2026-11-11..2026-11-17"),
    ("半年前", "2026-05-18..2026-06-07"),
    ("一年前", "2025-10-28..2025-12-29"),
    ("几天前", "2026-11-21..2026-11-26"),
    ("前几天", "2026-11-14..2026-11-26"),
    ("这几天", "2026-11-24..2026-11-28"),
    ("最近三天", "2026-11-25..2026-11-28"),
    ("上个月", "2026-10-01..2026-10-31"),
    ("上周", "2026-11-16..2026-11-22"),
    ("上周末", "2026-11-21..2026-11-22"),
    ("周末我去哪了", "2026-11-28"),
    ("这周", "2026-11-23..2026-11-28"),
    ("这个月", "2026-11-01..2026-11-28"),
    ("本月", "2026-11-01..2026-11-28"),
    ("周三", "2026-11-25"),
    ("星期天", "2026-11-22"),
    ("上周一到周三", "2026-11-16..2026-11-18"),
    ("5月2号到5号", "2026-05-02..2026-05-05"),
    ("5月8号到5号", "2026-05-05..2026-05-08"),
    ("5月28号到5号", "2026-05-28..2026-06-05"),
    ("5月2日到5月6日", "2026-05-02..2026-05-06"),
    ("五月二号和五月五号之间", "2026-05-02..2026-05-05"),
    ("4月以来", "2026-04-01..2026-11-28"),
    ("国庆前一天", "2026-09-30"),
    ("国庆后一天", "2026-10-08"),
    ("生日前的周末", "2026-05-16..2026-05-17"),
    ("我生日那天", "2026-05-20"),
    ("生日前一周", "2026-05-13..2026-05-19"),
    ("5月2号那周", "2026-04-27..2026-05-03"),
    ("八月第一周", "2026-08-01..2026-08-07"),
    ("五月的第一个星期一", "2026-05-04"),
    ("十月最后一周", "2026-10-25..2026-10-31"),
    ("圣诞节", "2025-12-25"),
    ("平安夜", "2025-12-24"),
    ("元旦", "2026-01-01"),
    ("双十一", "2026-11-11"),
    ("清明", "2026-04-05"),
    ("23年5月", "2023-05-01..2023-05-31"),
    ("十一假期", "2026-10-01..2026-10-07"),
    ("二号那天", "2026-11-02"),
    ("27号我在哪", "2026-11-27"),
    ("前年冬天", "2024-12-01..2025-02-28"),
    ("去年的今天", "2025-11-28"),
    ("去年今天", "2025-11-28"),
    ("2023年春节", "2023-01-21..2023-01-28"),
    ("农历八月十五", "2026-09-25"),
    ("正月十五", "2026-03-03"),
    ("二月十四", "2026-02-14"),
    ("週三", "2026-11-25"),
    ("上個月27號", "2026-10-27"),
    ("去年國慶", "2025-10-01..2025-10-07"),
    ("禮拜天", "2026-11-22"),
    ("九月初", "2026-09-01..2026-09-10"),
    ("九月中旬", "2026-09-11..2026-09-20"),
    ("上个星期六", "2026-11-21"),
    ("上个周末", "2026-11-21..2026-11-22"),
    ("5.20那天", "2026-05-20"),
    ("1号到3号", "2026-11-01..2026-11-03"),
    ("六月十二号晚上", "2026-06-12"),
    ("四月二十七", "2026-04-27"),
    ("第一季度", "2026-01-01..2026-03-31"),
    ("三月三", "2026-03-03"),
    ("八月份第二周", "2026-08-08..2026-08-14"),
    ("去年年底", "2025-11-01..2025-12-31"),
    ("今年五月", "2026-05-01..2026-05-31"),
    ("2024年", "2024-01-01..2024-12-31"),
    ("十号", "2026-11-10"),
    ("我十月十号去看的那场电影", "2026-10-10"),
    ("from the 3rd to the 5th", "2026-11-03..2026-11-05"),
    ("from Friday to Monday", "2026-11-20..2026-11-23"),
    ("上周的周三", "2026-11-18"),
    ("我在生日那天", "2026-05-20"),
    ("去年我生日那天", "2025-05-20"),
    ("三个月前", "2026-08-18..2026-09-07"),
    ("从周五到周一", "2026-11-20..2026-11-23"),
    ("上个周五", "2026-11-20"),
    ("两年前的夏天", "2024-06-01..2024-08-31"),
    ("前年三月", "2024-03-01..2024-03-31"),
    ("2023年夏天", "2023-06-01..2023-08-31"),
    ("国庆前的周末", "2026-09-26..2026-09-27"),
    ("圣诞前一周", "2025-12-18..2025-12-24"),
    ("8月的最后一个周末", "2026-08-29..2026-08-30"),
    ("中秋前后", "2026-09-18..2026-10-02"),
    ("二月二龙抬头", "2026-02-01..2026-02-28"),
    ("五号下午", "2026-11-05"),
    ("五一我去了哪", "2026-05-01..2026-05-05"),
    ("去年十二月底", "2025-12-21..2025-12-31"),
]
NEVER = ['on 5/2', 'on the 5th floor', 'May I ask something?', 'I may go', 'march on', 'the second call at 2 pm', '2000 steps', 'I ran 2000 meters', 'my 2023 goals', 'those 2 may help', '24/7', '1/2 cup', 'every Tuesday', 'April said hi', 'What is May like?', 'fall off his bike', 'spring roll', 'Which Sunday school', '一号线怎么走', '5号楼', '我住三号房', '三个月', '五月天的演唱会', '每周三', '每年春节', '2023年级', '工作了23年', '一月一次', '十一点', '五一路', '我妈生日', '月饼', '妈妈的生日那天', '一点都不', '初三那年', '高三那年', '上次', '三点半']
FUTURE = ["the end of the year", "tomorrow", "next Tuesday", "next month", "下周三", "明天", "明年", "下个月"]


def ranges(text: str, calendar: Calendar = ANN) -> str:
    return " ".join(f"{first}..{last}" if first != last else str(first) for first, last in find_named_days(text, calendar).ranges)


@pytest.mark.parametrize(("text", "days"), [*ENGLISH, *CHINESE])
def test_grammar_with_named_days_finds_them(text: str, days: str):
    assert ranges(text) == days


@pytest.mark.parametrize("text", NEVER)
def test_grammar_with_what_only_looks_like_a_date_finds_none(text: str):
    named = find_named_days(text, ANN)
    assert (named.ranges, named.text) == ((), text)


@pytest.mark.parametrize("text", FUTURE)
def test_grammar_with_days_to_come_leaves_their_words_in_the_text(text: str):
    named = find_named_days(text, ANN)
    assert (named.ranges, named.text) == ((), text)


@pytest.mark.parametrize(("text", "kept"), [
    ("Where did I eat pizza on May 2nd?", "Where did I eat pizza ?"), ("What did I cook last Tuesday evening?", "What did I cook evening?"),
    ("我4月27号吃了火锅吗？", "我 吃了火锅吗?"), ("上周三晚上和谁打球？", "和谁打球?"), ("春节那天我给谁拜年？", "我给谁拜年? 春节"),
])  # fmt: skip
def test_text_without_the_dates_words_keeps_the_others(text: str, kept: str):
    assert " ".join(find_named_days(text, ANN).text.split()) == " ".join(kept.split())


@pytest.mark.parametrize(("locale", "days"), [("en-US", "2026-05-02"), ("en-GB", "2026-02-05"), ("zh-CN", "2026-05-02"), ("zh-Hans-CN", "2026-05-02"), ("en", ""), ("en-GB-u-ca-gregory", "2026-02-05"),
                                                 ("en-u-rg-gbzzzz", "")])  # fmt: skip
def test_slashes_that_have_two_readings_are_read_by_the_locale(locale: str, days: str):
    assert ranges("on 5/2", make_calendar(TODAY, locale, "Europe/London")) == days


def test_summer_in_the_south_is_in_december():
    assert ranges("last summer", make_calendar(TODAY, "en-AU", "Australia/Sydney")) == "2025-12-01..2026-02-28"


@pytest.mark.parametrize(("said", "birthday"), [("May 2", (5, 2)), ("5月2日", (5, 2)), ("1990-05-02", (5, 2)), ("the 2nd of May", (5, 2)), ("spring", None), ("in May", None)])
def test_birthday_as_a_profile_tells_it_is_a_month_and_a_day(said: str, birthday: tuple[int, int] | None):
    assert find_birthday(said, TODAY) == birthday


def test_birthday_that_is_not_known_names_no_day():
    assert ranges("the weekend before my birthday", Calendar(TODAY)) == "" and ranges("我生日那天", Calendar(TODAY)) == ""


@given(st.dates(date(1971, 1, 1), TODAY))
def test_find_named_days_written_day_is_read_as_itself(day: date):
    forms = [
        day.isoformat(), f"{day:%B} {day.day}, {day.year}", f"{day.day} {day:%b} {day.year}", f"the {day.day} of {day:%B} {day.year}",
        f"{day.year}年{day.month}月{day.day}日", f"{day.year}/{day.month}/{day.day}", f"{day.year}年{day.month}月{day.day}號",
    ]  # fmt: skip
    assert {ranges(f"{form}")for form in forms} == {str(day)}


@given(st.dates(date(2000, 1, 1), date(2050, 1, 1)))
def test_days_without_a_year_are_the_latest_that_have_begun(today: date):
    for form in ("May 2nd", "5月2号", "on 5/22", "last month", "上周三", "last Tuesday", "去年", "Christmas", "春节那天", "中秋节"):
        for first, last in find_named_days(f"What happened {form}?" if form.isascii() else f"{form}我在哪", Calendar(today)).ranges:
            assert today - timedelta(days=800) < first <= last <= today


@given(st.text(max_size=300) | st.text(st.sampled_from("May 2nd of on the last week 5/\u5e74\u6708\u53f7\u4e0a\u5468\u4e09\u524d\ue000\ue001 2023-"), max_size=120))
def test_find_named_days_of_any_text_is_never_in_the_future(text: str):
    assert all(first <= last <= TODAY for first, last in find_named_days(text, ANN).ranges)


@pytest.mark.parametrize(("year", "month", "day", "expected"), [
    (2024, 1, 1, date(2024, 2, 10)), (2025, 1, 1, date(2025, 1, 29)), (2026, 1, 1, date(2026, 2, 17)), (2023, 8, 15, date(2023, 9, 29)),
    (2025, 8, 15, date(2025, 10, 6)), (2020, 5, 5, date(2020, 6, 25)), (2030, 1, 1, date(2030, 2, 3)), (1980, 1, 1, date(1980, 2, 16)), (2056, 1, 1, None),
])  # fmt: skip
def test_lunar_days_are_those_of_the_published_tables(year: int, month: int, day: int, expected: date | None):
    assert lunar_day(year, month, day) == expected
