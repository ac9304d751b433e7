"""The days of events that statements name, past and to come, in English and Chinese. All are said on Wednesday, 25 November 2026."""
from __future__ import annotations

from datetime import date

import pytest

from jobs.rules.search.dates.days import Calendar
from jobs.rules.search.dates.event_days import find_tense, read_event_days

SAID = Calendar(date(2026, 11, 25))

EXACT = {
    "I have an exam tomorrow.": "11-26", "the day after tomorrow is the exam": "11-27", "I have an interview this Friday": "11-27",
    "The exam is on Friday": "11-27", "Thursday: dentist": "11-26", "dentist on the 12th": "12-12", "Booked a table for the 5th": "12-05",
    "I'm flying to Oslo in two weeks": "12-09", "Three days from now I fly": "11-28", "Exam a week today": "12-02",
    "a week from Friday is the wedding": "12-04", "the Friday after next I move": "12-04", "next month on the 5th we move": "12-05",
    "I have a meeting on 5 March": "2027-03-05", "My appointment is on December 9th": "12-09", "Friday, 4 December: exam": "12-04",
    "The concert's on Saturday the 5th of December": "12-05", "on 2026-12-24 we fly": "12-24", "I'm nervous about my interview next Monday": "11-30",
    "They moved the exam to Friday": "11-27", "the exam was postponed from Tuesday to Friday": "11-27", "before Friday I must finish": "11-27",
    "We're getting married on June 12th.": "2027-06-12", "I've got a dentist appointment on the 3rd": "12-03", "The deadline is December 1.": "12-01",
    "Christmas at my parents'": "12-25", "so excited, exam on Friday": "11-27",
    "明天考试": "11-26", "后天面试": "11-27", "大后天面试": "11-28", "明晚聚餐": "11-26", "下周三要交报告": "12-02", "下下周一面试": "12-07",
    "下礼拜天见面": "12-06", "周五考试": "11-27", "周五要考试了": "11-27", "约了周五看牙": "11-27", "妈妈的手术在下周四": "12-03", "3月5日体检": "2027-03-05",
    "明年3月5日结婚": "2027-03-05", "12号考试": "12-12", "下个月5号搬家": "12-05", "两周后搬家": "12-09", "再过三天考试": "11-28", "三天后我要去上海": "11-28",
    "12月4日（周五）考试": "12-04", "考试从周二改到周五": "11-27", "考试推迟到12月3号了": "12-03", "订了12月20号的机票": "12-20", "十二月五号有演唱会": "12-05",
    "考试定在12月12号": "12-12", "一个星期后答辩": "12-02", "我下个月15号去日本": "12-15", "除夕回老家": "2027-02-05", "11月20号考的试": "11-20",
    "下週三要交報告": "12-02", "後天面試": "11-27", "兩週後搬家": "12-09", "我12號要考試": "12-12", "週五考完試了": "11-20",
    "On Friday we went to the lake": "11-20", "I saw Tom on Monday": "11-23", "Last Friday I was ill": "11-20", "the day before yesterday I ran": "11-23",
    "周五考完试了": "11-20", "昨天摔了一跤": "11-24", "上周五去看了牙医": "11-20", "15号刚交了房租": "11-15", "上个月15号搬的家": "10-15",
}  # fmt: skip


@pytest.mark.parametrize(("said", "day"), EXACT.items(), ids=EXACT)
def test_event_day_named_by_a_statement_is_read_in_its_tense(said: str, day: str) -> None:
    [named] = read_event_days(said, SAID)
    assert (named.ahead, named.is_exact) == ((date.fromisoformat(day if len(day) > 5 else f"2026-{day}"),), True)


NO_DAY = [
    "I finished the book in three days", "on the 12th floor", "next week I have an exam", "in March I travel", "one year ago I moved here",
    "I like Fridays off work",
    "12号线坏了", "过几天考试", "我姐姐下个月结婚", "我每周五都加班", "I read three books last week", "住在8号楼",
]  # fmt: skip


@pytest.mark.parametrize("said", NO_DAY)
def test_event_day_vague_or_recurring_time_names_none(said: str) -> None:
    assert read_event_days(said, SAID) == []


@pytest.mark.parametrize(("said", "days"), [
    ("next Friday", {"2026-12-04", "2026-11-27"}), ("I was told the exam is on Friday", {"2026-11-27", "2026-11-20"}),
    ("This weekend we are hiking", {"2026-11-28", "2026-11-29"}), ("周末去爬山", {"2026-11-28", "2026-11-29"}),
    ("from 3 to 5 December I'm in Rome", {"2026-12-03", "2026-12-04", "2026-12-05"}), ("下周一到周三出差", {"2026-11-30", "2026-12-01", "2026-12-02"}),
])  # fmt: skip
def test_event_day_with_several_readings_or_days_names_each(said: str, days: set[str]) -> None:
    [named] = read_event_days(said, SAID)
    assert {day.isoformat() for day in named.ahead} == days


def test_event_day_vague_past_range_is_not_exact() -> None:
    [named] = read_event_days("a few days ago I fell", SAID)
    assert not named.is_exact and date(2026, 11, 22) in named.ahead


@pytest.mark.parametrize(("said", "tense"), [
    ("We moved to Bergen on Friday.", "PAST"), ("I need to call mum on Sunday", "AHEAD"), ("I was told the exam is on Friday", None),
    ("刚知道周五要考试", None), ("周五考完试了", "PAST"), ("周五有考试", "AHEAD"),
])  # fmt: skip
def test_tense_without_a_past_sign_is_what_is_to_come(said: str, tense: str | None) -> None:
    assert find_tense(said) == tense
