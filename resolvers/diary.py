"""Use cases that read the viewer's diaries. Days are the user's days; both ends of a period are included."""
from __future__ import annotations

import calendar
import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from typing import TYPE_CHECKING

from jobs.rules.day import FIRST_DAY, LAST_DAY, day_of, week_start
from persistence import database
from persistence.models.enums import LineKind
from persistence.paging import cut_page, range_of_keys
from persistence.queries import diary_reads as reading
from persistence.queries import diary_statistics as overview
from persistence.queries.diary_reads import EntryRow, Filter, Part
from persistence.queries.viewer import Viewer
from resolvers.errors import InputRule, InvalidInput
from resolvers.text_limits import MAX_TAG_LENGTH

if TYPE_CHECKING:
    from persistence.queries.diary_statistics import CalendarDay, Highlight, Mention, Streak, Totals
    from persistence.queries.viewer import AnyUser

YEARS_BACK = 100
"""Years that `on_this_day` looks back."""
MENTIONS = 10
"""Maximum of activities, and of emotions, in a recap."""
HIGHLIGHTS = 10
"""Maximum of quoted lines in a recap, one a day."""
HIGHLIGHT_KINDS = (LineKind.HIGHLIGHT, LineKind.DECISION, LineKind.SUMMARY)
"""Kinds of lines to quote, in order of preference: a day without a highlight shows a decision, else its summary; fallback entries have only that."""

_ONE_DAY = timedelta(days=1)


class Period(enum.Enum):
    WEEK = "WEEK"
    MONTH = "MONTH"
    YEAR = "YEAR"


@dataclass(frozen=True)
class Page:
    """A page of entries; `has_next` is true if more follow, `has_previous` if some precede it."""

    entries: Sequence[EntryRow]
    has_next: bool
    has_previous: bool


@dataclass(frozen=True)
class Stats:
    totals: Totals
    current_streak: int
    longest_streak: int


@dataclass(frozen=True)
class Recap:
    first: date
    last: date
    totals: Totals
    activities: Sequence[Mention]
    emotions: Sequence[Mention]
    highlights: Sequence[Highlight]


def today(user: AnyUser, now: datetime | None = None) -> date:
    """Return the user's current day, or with `now` the day that contains that instant."""
    return day_of(now or datetime.now(timezone.utc), user.time_zone, user.day_ends_at)


def check_supported_day(day: date, name: str) -> date:
    """Return the day. Raises `InvalidInput` outside the years in which all time zones and weeks have valid days."""
    if not FIRST_DAY <= day <= LAST_DAY:
        message = f"{name} is {day.isoformat()}; send a day from {FIRST_DAY.isoformat()} to {LAST_DAY.isoformat()}"
        raise InvalidInput(name, message, rule=InputRule.OUT_OF_RANGE)
    return day


def make_filter(first: date | None, last: date | None, search: str | None, tag: str | None) -> Filter:
    """Return the filter of a list of diaries. Raises `InvalidInput` for a range, search or tag that is not valid."""
    check_order(first, last)
    words = _words(search) if search else []
    tag = _tag(tag) if tag is not None else None
    return _spelled(first, last, words, tag) if words or tag is not None else Filter(first, last)


def _spelled(first: date | None, last: date | None, words: Sequence[str], tag: str | None) -> Filter:
    """Return the filter for all spellings of the words and the tag. Pages without either load nothing for it."""
    from jobs.rules.text.word_patterns import equal_pattern, word_pattern

    return Filter(first, last, [pattern for pattern in map(word_pattern, words) if pattern], equal_pattern(tag) if tag is not None else None)


async def list_diaries(
    viewer: Viewer, wanted: Filter, parts: Sequence[Part] = (), *, after: date | None = None, before: date | None = None, limit: int, backward: bool = False
) -> Page:
    """Return a page of diaries, which are listed the newest day first, each with the given parts."""
    async with database.connection() as connection:
        found = await reading.list_entries(connection, viewer.id, wanted, parts, range_of_keys(limit + 1, after, before, backward))
    return Page(*cut_page(found, limit, after=after, before=before, backward=backward))


async def count_diaries(viewer: Viewer, wanted: Filter) -> int:
    async with database.connection() as connection:
        return await reading.count_entries(connection, viewer.id, wanted)


async def on_this_day(viewer: Viewer, day: date | None, parts: Sequence[Part] = ()) -> list[EntryRow]:
    """Return the entries of the same day in earlier years, newest first.

    29 February also counts as 28 February in years without a 29th, so that its entries appear more often than every four years.
    """
    days = _earlier(check_supported_day(day or today(viewer), "date"))
    async with database.connection() as connection:
        found = await reading.load_entries_by_day(connection, viewer.id, days, parts)
    return sorted(found.values(), key=lambda entry: entry.day, reverse=True)


async def get_stats(viewer: Viewer, first: date | None, last: date | None) -> Stats:
    """Return totals and the longest streak of the period; the current streak is always that of today."""
    check_order(first, last)
    now = today(viewer)
    async with database.session() as session:
        totals = await overview.find_totals(session, viewer.id, first, last)
        streaks = await overview.list_streaks(session, viewer.id)
        waiting = await overview.is_waiting(session, viewer.id, now - _ONE_DAY)
    longest = max((_length(streak, first, last) for streak in streaks), default=0)
    return Stats(totals, _current(streaks, now, waiting), longest)


def resolve_month(viewer: Viewer, year: int | None, month: int | None) -> tuple[int, int]:
    """Return the given year and month, or the user's current ones when neither is given. Raises `InvalidInput` when only one is given."""
    if year is not None and month is not None:
        return year, month
    if year is not None or month is not None:
        missing = "month" if month is None else "year"
        raise InvalidInput(missing, "send both year and month, or neither for the current month", rule=InputRule.REQUIRED)
    now = today(viewer)
    return now.year, now.month


async def get_calendar(viewer: Viewer, year: int, month: int) -> Sequence[CalendarDay]:
    """Return the days of a month that have an entry. Raises `InvalidInput` for a year or month that does not exist."""
    for name, number, bounds in (("year", year, (FIRST_DAY.year, LAST_DAY.year)), ("month", month, (1, 12))):
        if not bounds[0] <= number <= bounds[1]:
            raise InvalidInput(name, f"{name} must be {bounds[0]} to {bounds[1]}", rule=InputRule.OUT_OF_RANGE, bounds=bounds)
    first, last = bounds_of(Period.MONTH, date(year, month, 1))
    async with database.session() as session:
        return await overview.list_calendar(session, viewer.id, first, last)


async def get_recap(viewer: Viewer, period: Period, containing: date | None) -> Recap:
    """Return totals, mentions and highlights of the period around a day. All texts are counted or quoted, none is generated."""
    first, last = bounds_of(period, check_supported_day(containing or today(viewer), "containing"))
    named = (LineKind.ACTIVITY, LineKind.EMOTION)
    async with database.session() as session:
        totals = await overview.find_totals(session, viewer.id, first, last)
        mentions = await overview.list_mentions(session, viewer.id, named, first, last, limit=MENTIONS)
        highlights = await overview.list_highlights(session, viewer.id, HIGHLIGHT_KINDS, first, last, limit=HIGHLIGHTS)
    activities, emotions = ([item for item in mentions if item.kind is kind] for kind in named)
    return Recap(first, last, totals, activities, emotions, highlights)


def bounds_of(period: Period, day: date) -> tuple[date, date]:
    """Return the first and last day of the week (from Monday), month or year that contains the day."""
    if period is Period.WEEK:
        return week_start(day), week_start(day) + timedelta(days=6)
    if period is Period.MONTH:
        return day.replace(day=1), day.replace(day=calendar.monthrange(day.year, day.month)[1])
    return date(day.year, 1, 1), date(day.year, 12, 31)


def _earlier(day: date) -> list[date]:
    years = range(day.year - 1, max(day.year - YEARS_BACK, FIRST_DAY.year) - 1, -1)
    same = {(day.month, day.day)}
    if same == {(2, 28)} and not calendar.isleap(day.year):
        same.add((2, 29))
    return [date(year, *it) for year in years for it in same if it != (2, 29) or calendar.isleap(year)]


def _length(streak: Streak, first: date | None, last: date | None) -> int:
    """Return the number of days of a streak that lie in the period."""
    begin, end = max(streak.first, first or streak.first), min(streak.last, last or streak.last)
    return max((end - begin).days + 1, 0)


def _current(streaks: Sequence[Streak], now: date, waiting: bool) -> int:
    """Return the length of the streak that is still going on: a day whose nightly job is still due does not break it."""
    oldest_end = now - _ONE_DAY * (2 if waiting else 1)
    if not streaks or streaks[-1].last < oldest_end:
        return 0
    return _length(streaks[-1], None, None)


def check_order(first: date | None, last: date | None) -> None:
    """Raise `InvalidInput` where the range `from`, `to` ends before it begins."""
    if first is not None and last is not None and first > last:
        raise InvalidInput("from", f"from ({first.isoformat()}) is after to ({last.isoformat()}): swap them", rule=InputRule.OUT_OF_RANGE)


def _words(search: str) -> list[str]:
    """Return the words of a search, none for a blank one. Raises `InvalidInput`. Pages without a search load nothing for it."""
    from llm.printable_text import is_blank
    from resolvers.text_validation import search_words

    return [] if is_blank(search) else search_words("search", search)


def _tag(tag: str) -> str:
    """Return the tag with single spaces. Raises `InvalidInput`."""
    from resolvers.text_validation import validate_line

    return validate_line("tag", tag, MAX_TAG_LENGTH)
