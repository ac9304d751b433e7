"""Days that a text names, and the calendar arithmetic behind them. Weeks begin on Monday."""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Literal

Unit = Literal["day", "week", "weekend", "month", "season", "year", "span"]
Part = Literal["early", "middle", "late", "first half", "second half"]
OfYear = Callable[[int], "tuple[date, date] | None"]
"""A function that returns the first and the last day of what recurs every year; None in a year without it."""

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2100
"""Years that a text may name."""
BESIDE: Final = 14
"""Days that "before" and "after" a day or a week reach."""
_DAY: Final = timedelta(days=1)
_YEARS_BACK: Final = 8
"""Years between two 29ths of February, at most."""


@dataclass(frozen=True)
class Calendar:
    """The user's current day, and facts about the user that decide what a text means.

    `birthday` is month and day. `day_first` tells how 5/2 is read: True for 5 February, False for 2 May, None for neither. `southern` is true
    where summer is in December.
    """

    today: date
    birthday: tuple[int, int] | None = None
    day_first: bool | None = None
    southern: bool = False


@dataclass(frozen=True)
class Days:
    """A range of days, both ends included.

    `of_year` is set where the text named no year, and returns the range in a given one. `weekday` (0 is Monday) is set where it named no week.
    """

    first: date
    last: date
    unit: Unit = "day"
    of_year: OfYear | None = None
    weekday: int | None = None


def one_day(day: date) -> Days:
    return Days(day, day)


def make_day(year: int, month: int, day: int) -> Days | None:
    """Return the day; None if the calendar does not have it, or for a year that no text means."""
    try:
        return one_day(date(year, month, day)) if FIRST_YEAR <= year <= LAST_YEAR else None
    except ValueError:
        return None


def day_with_number(today: date, number: int) -> Days | None:
    """Return the latest day with this number in its month; None for a number that no month has. A 31st lies two months back at most."""
    for back in range(3):
        month = months_from(today.replace(day=1), -back)
        day = make_day(month.year, month.month, number)
        if day and day.first <= today:
            return day
    return None


def week_of(day: date) -> Days:
    monday = day - day.weekday() * _DAY
    return Days(monday, monday + 6 * _DAY, "week")


def weekend_of(day: date) -> Days:
    """Return Saturday and Sunday of the day's week."""
    sunday = week_of(day).last
    return Days(sunday - _DAY, sunday, "weekend")


def month_of(year: int, month: int) -> tuple[date, date]:
    return date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1])


def year_of(year: int) -> Days | None:
    return Days(date(year, 1, 1), date(year, 12, 31), "year") if FIRST_YEAR <= year <= LAST_YEAR else None


def months_from(day: date, months: int) -> date:
    """Return the day so many months later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def month_from(day: date, months: int) -> Days:
    """Return the month of the day so many months later."""
    moved = months_from(day.replace(day=1), months)
    return Days(*month_of(moved.year, moved.month), "month")


def season_of(season: int, southern: bool) -> OfYear:
    """Return the function of a season: 0 for spring to 3 for winter, which begins in the year that names it."""
    month = (3 + 3 * season + (6 if southern else 0) - 1) % 12 + 1

    def of_year(year: int) -> tuple[date, date]:
        first = date(year, month, 1)
        return first, months_from(first, 3) - _DAY

    return of_year


def latest(today: date, unit: Unit, of_year: OfYear) -> Days | None:
    """Return the latest occurrence that has begun; None if none of the last years has one."""
    for year in range(today.year, today.year - _YEARS_BACK - 1, -1):
        found = of_year(year) if year >= FIRST_YEAR else None
        if found and found[0] <= today:
            return Days(*found, unit, of_year)
    return None


def in_year(days: Days, year: int) -> Days | None:
    """Return the occurrence in that year; None for days that do not recur."""
    found = days.of_year(year) if days.of_year and FIRST_YEAR <= year <= LAST_YEAR else None
    return Days(*found, days.unit) if found else None


def part_of(days: Days, part: Part) -> Days | None:
    """Return the part of a week or a longer range: a third, a half, or less of a year ("the end of the year" is its last two months).

    None for a shorter range.
    """
    length = (days.last - days.first).days + 1
    if length < 7:
        return None
    if part == "first half":
        return _span(days.first, days.first + (length // 2 - 1) * _DAY)
    if part == "second half":
        return _span(days.first + length // 2 * _DAY, days.last)
    if days.unit == "year":
        year = days.first.year
        months = {"early": (1, 3), "middle": (5, 8), "late": (11, 12)}[part]
        return _span(date(year, months[0], 1), month_of(year, months[1])[1])
    third = max(2, length // 3)
    if part == "early":
        return _span(days.first, days.first + (third - 1) * _DAY)
    if part == "late":
        return _span(days.first + (length - third - (length > 28)) * _DAY, days.last)
    return _span(days.first + third * _DAY, days.last - third * _DAY)


def beside(days: Days, *, after: bool) -> Days:
    """Return the days before or after a range: two weeks of them for a range of a week or less, else all."""
    short = (days.last - days.first).days < 7
    if after:
        return _span(days.last + _DAY, days.last + BESIDE * _DAY if short else date(LAST_YEAR, 12, 31))
    return _span(days.first - BESIDE * _DAY if short else date(FIRST_YEAR, 1, 1), days.first - _DAY)


def next_to(days: Days, unit: str, count: int, *, after: bool) -> Days:
    """Return the day, week, weekend or month that lies so many before or after a range."""
    edge, sign = (days.last, 1) if after else (days.first, -1)
    if unit == "day":
        return one_day(edge + sign * count * _DAY)
    if unit == "weekend":
        found = weekend_of(edge)
        while (found.first <= edge) if after else (found.last >= edge):
            found = weekend_of(found.first + sign * 7 * _DAY)
        return weekend_of(found.first + sign * 7 * (count - 1) * _DAY)
    if unit == "month":
        return month_from(edge, sign * count) if days.unit in ("month", "season", "year") or count > 1 else _near(edge, sign * 30)
    return _near(edge, sign * 7) if count == 1 else around(edge + sign * 7 * count * _DAY)


def weekday_next_to(days: Days, weekday: int, count: int = 1, *, after: bool) -> Days:
    """Return the nth such weekday before or after a range."""
    if after:
        return one_day(days.last + _DAY * ((weekday - days.last.weekday() - 1) % 7 + 1 + 7 * (count - 1)))
    return one_day(days.first - _DAY * ((days.first.weekday() - weekday - 1) % 7 + 1 + 7 * (count - 1)))


def around(day: date, reach: int = 3) -> Days:
    return _span(day - reach * _DAY, day + reach * _DAY)


def nth_week(days: Days, number: int) -> Days | None:
    """Return the nth seven days of a month or a longer range, the last ones for -1; None if the range has no so many."""
    first = days.last - 6 * _DAY if number < 0 else days.first + 7 * (number - 1) * _DAY
    return None if not days.first <= first <= days.last else Days(first, min(first + 6 * _DAY, days.last), "week")


def nth_weekday(days: Days, number: int, weekday: int) -> Days | None:
    """Return the nth such weekday of a range, the last one for -1; None if the range has no so many."""
    if number < 0:
        return weekday_next_to(one_day(days.last + _DAY), weekday, after=False)
    found = weekday_next_to(one_day(days.first - _DAY), weekday, number, after=True)
    return found if found.first <= days.last else None


_SHORT: Final = 14
"""Days that a range may last into the next month, if its last day is named by a number alone."""


def through(first: Days, number: int) -> Days | None:
    """Return the range from a day through the next day with this number: "28 May to 5" ends in June. "8 May to 5" is a slip, and is read as 5 to 8 May.

    None if `first` is no single day, or its month has no such day.
    """
    last = make_day(first.first.year, first.first.month, number)
    if first.unit != "day" or last is None:
        return None
    if last.first < first.first:
        month = months_from(first.first.replace(day=1), 1)
        later = make_day(month.year, month.month, number)
        last = later if later and (later.first - first.first).days <= _SHORT else last
    return _span(min(first.first, last.first), max(first.first, last.first))


def joined(first: Days, last: Days) -> Days | None:
    """Return the range from the first days to the last ones; a year that only one of the two names holds for both.

    If neither names one, the last days are the latest that have begun: said in November, "from October to March" ended in this year. None if the last days end before the first ones.
    """
    weekday = last.weekday
    if weekday is not None and first.unit == "day":
        if first.weekday is None:
            last = one_day(first.first + (weekday - first.first.weekday()) % 7 * _DAY)
        else:
            first = one_day(last.first - (weekday - first.weekday) % 7 * _DAY)
    elif first.of_year and (last.of_year is None or last.first < first.first):
        first = latest(last.last, first.unit, first.of_year) or first
    elif last.of_year and first.of_year is None and first.unit != "year":
        last = next((found for year in (first.first.year, first.first.year + 1) if (found := in_year(last, year)) and found.first >= first.first), last)
    return _span(first.first, last.last) if first.first <= last.last else None


def _near(edge: date, reach: int) -> Days:
    """Return so many days before (negative) or after the day, without it."""
    return _span(edge + reach * _DAY, edge - _DAY) if reach < 0 else _span(edge + _DAY, edge + reach * _DAY)


def _span(first: date, last: date) -> Days:
    return Days(first, last, "span")
