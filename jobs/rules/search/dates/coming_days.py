"""The forms of dates that tell of days to come, and of days whose week or month only the tense tells, in English and Chinese.

A rule stands below an example of what it reads; tests/jobs/rules/search/test_event_days.py shows the meanings.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from jobs.rules.search.dates import days as calendar
from jobs.rules.search.dates.days import Calendar, Days, one_day
from jobs.rules.search.dates.grammar import MARK, Reading, Rule
from jobs.rules.search.dates.numbers import CARDINAL, HAN, cardinal, han

_DAY: Final = timedelta(days=1)
_WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY_EN: Final = r"(?P<weekday>mon|tue|tues|wed|thu|thur|thurs|fri|sat|sun|monday|tuesday|wednesday|thursday|friday|saturday|sunday)\b"
_WEEKDAY_HINTS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_NUMBER: Final = r"(?P<day>3[01]|[12]\d|[1-9])(?:st|nd|rd|th)\b"
_NO_DATE: Final = (
    r"(?!\s+(?:of|floor|street|avenue|st|ave|century|grade|time|row|place|page|chapter|birthday|anniversary|edition|lap|mile|round|attempt|person|one|graders?|hour|"
    r"week|month|year|day|in|best|largest|generation|period|class|lesson|amendment|symphony|draft|version)\b)"
)
_NO_DATE_ZH: Final = "(?![线楼院店馆桌机球门房车病仓位柜码位铺坑]|选手|出口|公寓|文件|种子|航站|电池|字|工|文)"
_DAY_NUMBER_ZH: Final = "(?P<day>3[01]|[12]\\d|[1-9]|三十一?|二十[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九])[号號]"
_UNITS_ZH: Final = "天|日|个?(?:周|星期|礼拜)|个月"


@dataclass(frozen=True)
class TwoReadings:
    """The readings of days whose week or month the text leaves open. It takes the place of `Days.of_year`, and recurs in no year."""

    past: tuple[date, ...]
    ahead: tuple[date, ...]

    def __call__(self, year: int) -> tuple[date, date] | None:
        return None

    def days(self) -> Days:
        first = (self.ahead or self.past)[0]
        return Days(first, first, of_year=self)


_NAMED_BY_MISTAKE: Final = TwoReadings((), ())
"""Days that the statement only names to say that they are not meant."""


def _later(today: date, unit: str, count: int) -> date:
    """Return the day so many days, weeks (fortnights) or months later."""
    if unit.startswith(("month", "个月")) or unit == "月":
        return calendar.months_from(today, count)
    days = 14 if unit.startswith("fortnight") else 1 if unit.startswith(("day", "天", "日")) else 7
    return today + days * count * _DAY


def _in_english(match: re.Match[str], reading: Reading) -> Days | None:
    return TwoReadings((), (_later(reading.calendar.today, match["unit"].lower(), cardinal(match["count"])),)).days()


def _in_chinese(match: re.Match[str], reading: Reading) -> Days | None:
    count, unit = match["count"], match["unit"].removeprefix("个") if "月" not in match["unit"] else "月"
    if count == "半":
        return TwoReadings((), (reading.calendar.today + 15 * _DAY,)).days() if unit == "月" else None
    return TwoReadings((), (_later(reading.calendar.today, unit, number),)).days() if 0 < (number := han(count)) < 100 else None


def _weekday_number(match: re.Match[str]) -> int:
    return next(number for number, name in enumerate(_WEEKDAYS) if name.startswith(match["weekday"].lower()[:3]))


def _coming(found: Calendar, weekday: int) -> date:
    """Return the next such weekday after today."""
    return found.today + _DAY * ((weekday - found.today.weekday() - 1) % 7 + 1)


def _next_weekday(match: re.Match[str], reading: Reading) -> Days | None:
    """Read "next Friday": of the next week for most, the coming one for others."""
    number, found = _weekday_number(match), reading.calendar
    next_week = calendar.week_of(found.today).first + (7 + number) * _DAY
    both = tuple(dict.fromkeys((next_week, _coming(found, number))))
    return TwoReadings(both, both).days()


def _coming_weekday(match: re.Match[str], reading: Reading) -> Days | None:
    return one_day(_coming(reading.calendar, _weekday_number(match)))


def _weekday_after_next(match: re.Match[str], reading: Reading) -> Days | None:
    return one_day(_coming(reading.calendar, _weekday_number(match)) + 7 * _DAY)


def _this_weekday(match: re.Match[str], reading: Reading) -> Days | None:
    """Read "this Friday", which is the coming one once this week's is over."""
    day = calendar.week_of(reading.calendar.today).first + _weekday_number(match) * _DAY
    return TwoReadings((day,), (day,) if day >= reading.calendar.today else (day + 7 * _DAY,)).days()


def _weekend(match: re.Match[str], reading: Reading) -> Days | None:
    """Read "the weekend" and 周末 without a week."""
    this = calendar.weekend_of(reading.calendar.today)
    last = this if this.first <= reading.calendar.today else calendar.weekend_of(this.first - 7 * _DAY)
    ahead = this if this.last >= reading.calendar.today else calendar.weekend_of(this.first + 7 * _DAY)
    return TwoReadings((last.first, last.last), (ahead.first, ahead.last)).days()


def _weeks_from(match: re.Match[str], reading: Reading) -> Days | None:
    """Read "two weeks from Friday", "a week on Tuesday"."""
    days, found = reading.days(match["mark"]), reading.calendar
    if days.unit != "day" or days.first != days.last:
        return None
    start = _coming(found, days.weekday) if days.weekday is not None else days.first
    return one_day(start + 7 * cardinal(match["count"]) * _DAY)


def _number_of_month(match: re.Match[str], reading: Reading) -> Days | None:
    today = reading.calendar.today
    number = han(match["day"])
    past = calendar.day_with_number(today, number)
    months = (calendar.months_from(today.replace(day=1), ahead) for ahead in range(3))
    ahead = next((day.first for month in months if (day := calendar.make_day(month.year, month.month, number)) and day.first >= today), None)
    return TwoReadings((past.first,), (ahead,)).days() if past and ahead else None


def _number_in_month(match: re.Match[str], reading: Reading) -> Days | None:
    """Read "in March, on the 5th", "next month on the 5th"."""
    month, number = reading.days(match["mark"]), han(match["day"])
    day = calendar.make_day(month.first.year, month.first.month, number) if month.unit == "month" else None
    if day is None or month.of_year is None:
        return day

    def of_year(year: int) -> tuple[date, date] | None:
        made = calendar.make_day(year, month.first.month, number)
        return (made.first, made.last) if made else None

    return calendar.latest(reading.calendar.today, "day", of_year)


def _moved_to(match: re.Match[str], reading: Reading) -> Days | None:
    return reading.days(match["to"])


def _not_meant(match: re.Match[str], reading: Reading) -> Days | None:
    return Days(reading.calendar.today, reading.calendar.today, of_year=_NAMED_BY_MISTAKE)


BEFORE: Final[Sequence[Rule]] = (
    # in two weeks, three days from now, a week today
    Rule(rf"\bin\s+(?:about\s+|just\s+|exactly\s+)?(?P<count>{CARDINAL})\s+(?P<unit>days?|weeks?|fortnights?|months?)\b(?!\s+(?:of|straight|flat)\b|['’]s?\s+time\s+ago)", _in_english, ("in",)),
    Rule(rf"\b(?P<count>{CARDINAL})\s+(?P<unit>days?|weeks?|fortnights?|months?)\s+(?:from\s+(?:now|today)|hence|(?<=weeks )today|(?<=week )today)\b", _in_english, ("from", "hence", "today")),
    # the Friday after next, next Friday, this coming Friday, this Friday
    Rule(rf"\b(?:the\s+)?{_WEEKDAY_EN}\s+after\s+next\b", _weekday_after_next, _WEEKDAY_HINTS),
    Rule(rf"\bnext\s+{_WEEKDAY_EN}", _next_weekday, _WEEKDAY_HINTS),
    Rule(rf"\b(?:this\s+coming|coming|upcoming)\s+{_WEEKDAY_EN}", _coming_weekday, _WEEKDAY_HINTS),
    Rule(rf"\bthis\s+{_WEEKDAY_EN}", _this_weekday, _WEEKDAY_HINTS),
    Rule(r"\b(?:on|over|at|during|for)\s+the\s+weekend\b(?!\s+(?:of|before|after)\b)", _weekend, ("weekend",)),
    # 三天后, 再过两周, 半个月后
    Rule(f"(?:再过|过)?(?P<count>\\d{{1,2}}|[{HAN}]{{1,3}}|半)(?P<unit>{_UNITS_ZH})(?:之|以)?(?:后|後)(?!悔)", _in_chinese, ("后", "後")),
    Rule(f"(?:再过|还有)(?P<count>\\d{{1,2}}|[{HAN}]{{1,3}})(?P<unit>{_UNITS_ZH})(?!不)", _in_chinese, ("过", "過", "还", "還")),
    Rule("(?<![这本上下个當当每逢到])(?:周|星期|礼拜)末(?![都愉快])", _weekend, ("末",)),
    Rule("后[日儿](?!元)", lambda match, reading: one_day(reading.calendar.today + 2 * _DAY), ("后", "後")),
    Rule("明儿个?", lambda match, reading: one_day(reading.calendar.today + _DAY), ("明儿", "明兒")),
)
"""Rules that come before those of questions."""

BETWEEN: Final[Sequence[Rule]] = (
    # moved from Tuesday to Friday
    Rule(
        rf"(?P<keep>\b(?:moved|postponed|pushed|rescheduled|changed|delayed|shifted|brought\s+forward)\b[^.!?;]{{0,40}}?\s)from\s+(?P<from>{MARK})\s+(?:to|until|till)\s+(?P<to>{MARK})",
        _moved_to, (),
    ),
    # not on Tuesday but on Wednesday
    Rule(rf"\bnot\s+(?:on\s+)?(?P<mark>{MARK})(?=,?\s+but\b)", _not_meant, ()),
    # a week from Friday
    Rule(rf"\b(?P<count>{CARDINAL})\s+weeks?\s+(?:from|on|after)\s+(?P<mark>{MARK})", _weeks_from, ("week",)),
    # in March, on the 5th; on the 12th; 12号
    Rule(rf"(?P<mark>{MARK}),?\s+on\s+the\s+{_NUMBER}{_NO_DATE}", _number_in_month, ("th", "st", "nd", "rd")),
    Rule(rf"(?P<keep>\b(?:on|since|until|till|from|by|before|after|for|is|was|are|to|and|,)\s+)the\s+{_NUMBER}{_NO_DATE}", _number_of_month, ("th", "st", "nd", "rd")),
    Rule(f"(?P<mark>{MARK})的?{_DAY_NUMBER_ZH}", _number_in_month, ("号", "號")),
    Rule(f"(?<![\\dA-Za-z{HAN}第.{MARK[1:-1]}月])(?:这个月|本月)?{_DAY_NUMBER_ZH}{_NO_DATE_ZH}", _number_of_month, ("号", "號")),
)
"""Rules that come between those for single dates and those for dates that are told by others."""

AFTER: Final[Sequence[Rule]] = (
    # 从周二改到周五, 不是周二是周三
    Rule(f"从?(?P<from>{MARK})[^。！？；，]{{0,6}}?(?:改|推迟|推遲|延期|延后|延後|提前|挪|换|換|调|調)(?:到|至|成|为|為)了?(?P<to>{MARK})", _moved_to, ()),
    Rule(f"不是(?P<mark>{MARK})(?=[，,]?(?:而)?是)", _not_meant, ()),
)
"""Rules that come last, because Chinese weekdays are read late."""
