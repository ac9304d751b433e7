"""Events of the user's days, past and to come: lines of diaries and signals that are about another day than that on which they were said."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from jobs.rules.day import LAST_DAY
from persistence import database
from persistence.paging import PageRange, cut_page
from persistence.queries import events
from persistence.queries.events import Event, EventQuote, Position
from resolvers.diary import check_supported_day, today
from resolvers.errors import InputRule, InvalidInput

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser


@dataclass(frozen=True)
class EventRange:
    first: date
    last: date


@dataclass(frozen=True)
class EventPage:
    events: Sequence[tuple[Event, Sequence[EventQuote]]]
    has_next: bool
    has_previous: bool


def make_range(viewer: AnyUser, first: date | None, last: date | None) -> EventRange:
    """Return the range of days; without a first day it begins today. Raises `InvalidInput` for days that are not supported or in the wrong order."""
    begin, end = first or today(viewer), last or LAST_DAY
    check_supported_day(begin, "from")
    check_supported_day(end, "to")
    if begin > end:
        message = f"from ({begin.isoformat()}) is after to ({end.isoformat()}): swap them, or send `from` with a day that has passed"
        raise InvalidInput("from", message, rule=InputRule.OUT_OF_RANGE)
    return EventRange(begin, end)


async def list_upcoming(
    viewer: AnyUser, wanted: EventRange, *, after: Position | None = None, before: Position | None = None, limit: int, backward: bool = False
) -> EventPage:
    async with database.connection() as connection:
        found = await events.list_events(connection, viewer.id, wanted.first, wanted.last, PageRange(limit + 1, after, before, backward))
    return EventPage(*cut_page(found, limit, after=after, before=before, backward=backward))


async def count_upcoming(viewer: AnyUser, wanted: EventRange) -> int:
    async with database.connection() as connection:
        return await events.count_events(connection, viewer.id, wanted.first, wanted.last)
