"""Use cases that read one of the viewer's days: what was said on it, and why it has a diary or none."""
from __future__ import annotations

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from jobs.rules.day import day_bounds
from jobs.rules.memory import switches_in_effect
from persistence import database
from persistence.models.enums import Origin
from persistence.paging import cut_page, range_of_keys
from persistence.queries import day_reads as reading
from persistence.queries.diary_reads import EntryRow
from resolvers.diary import check_supported_day, today

if TYPE_CHECKING:
    from persistence.queries.exchange_rows import ConversationRow, MessageRow
    from persistence.queries.viewer import AnyUser


class DayState(enum.Enum):
    """The reason why a day has a diary or none."""

    AHEAD = "AHEAD"
    RUNNING = "RUNNING"
    WAITING = "WAITING"
    WRITTEN = "WRITTEN"
    FALLBACK = "FALLBACK"
    QUIET = "QUIET"
    FORGOTTEN = "FORGOTTEN"
    UNREQUESTED = "UNREQUESTED"
    SWITCHED_OFF = "SWITCHED_OFF"


@dataclass(frozen=True)
class Day:
    """A day of the user, from `starts_at` to `ends_at`, with the number of messages that they wrote on it outside temporary chats."""

    day: date
    starts_at: datetime
    ends_at: datetime
    state: DayState
    message_count: int


@dataclass(frozen=True)
class MessagePage:
    """A page of messages; `has_next` is true if more follow, `has_previous` if some precede it."""

    rows: Sequence[MessageRow]
    has_next: bool
    has_previous: bool


async def get_day(viewer: AnyUser, day: date, entry: EntryRow | None) -> Day:
    """Return a day, whose current diary is `entry`. Raises `InvalidInput` for a day outside the supported range."""
    check_supported_day(day, "date")
    async with database.connection() as connection:
        facts = await reading.find_facts(connection, viewer.id, day)
    starts_at, ends_at = day_bounds(day, viewer.time_zone, viewer.day_ends_at)
    return Day(day, facts.starts_at or starts_at, facts.ends_at or ends_at, _state(day, today(viewer), entry, facts, _is_diary_on(viewer)), facts.message_count)


def _is_diary_on(viewer: AnyUser) -> bool:
    return switches_in_effect(viewer, today(viewer)).diary


def _state(day: date, now: date, entry: EntryRow | None, facts: reading.DayFacts, is_diary_on: bool) -> DayState:
    if entry is not None:
        return DayState.FALLBACK if entry.origin is Origin.FALLBACK else DayState.WRITTEN
    if day >= now:
        return DayState.AHEAD if day > now else DayState.RUNNING
    if facts.message_count and facts.is_kept_out:
        return DayState.SWITCHED_OFF
    if facts.is_due:
        return DayState.WAITING if is_diary_on else DayState.SWITCHED_OFF
    if facts.is_deleted:
        return DayState.FORGOTTEN
    return DayState.UNREQUESTED if facts.message_count else DayState.QUIET


async def list_conversations(viewer: AnyUser, day: date) -> Sequence[ConversationRow]:
    async with database.connection() as connection:
        return await reading.list_conversations(connection, viewer.id, day)


async def list_messages(
    viewer: AnyUser, day: date, *, after: UUID | None = None, before: UUID | None = None, limit: int, backward: bool = False
) -> MessagePage:
    async with database.connection() as connection:
        found = await reading.list_messages(connection, viewer.id, day, range_of_keys(limit + 1, after, before, backward))
    return MessagePage(*cut_page(found, limit, after=after, before=before, backward=backward))


async def count_messages(viewer: AnyUser, day: date) -> int:
    async with database.connection() as connection:
        return await reading.count_messages(connection, viewer.id, day)
