"""Statistics of diaries: totals, streaks, a month's calendar, and the most frequent lines and highlights of a period."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Integer, Select, and_, case, cast, exists, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.models import ActiveDay, Diary, DiaryLine, DiaryVersion, LineEvidence
from persistence.models.diary import LineKind, Origin

CURRENT_VERSION = and_(DiaryVersion.user_id == Diary.user_id, DiaryVersion.diary_id == Diary.id, DiaryVersion.version == Diary.version)
"""Joins a diary to its current version."""


class Totals(NamedTuple):
    entries: int
    conversations: int
    messages: int
    tool_calls: int
    mood: float | None
    """The average mood, 1 to 5; None when no day has one."""
    first_day: date | None
    last_day: date | None


class Streak(NamedTuple):
    """Consecutive days with an entry that is not empty, both ends included."""

    first: date
    last: date


class CalendarDay(NamedTuple):
    day: date
    mood: int | None
    origin: Origin
    message_count: int


class Mention(NamedTuple):
    """Equal lines of one kind: their newest spelling, and the number of days that have one."""

    kind: LineKind
    text: str
    days: int
    last_day: date


class Highlight(NamedTuple):
    day: date
    diary_id: UUID
    version: int
    line_id: UUID


async def find_totals(session: AsyncSession, user_id: UUID, first: date | None, last: date | None) -> Totals:
    statement = (
        select(
            func.count(), _sum(DiaryVersion.conversation_count), _sum(DiaryVersion.message_count),
            _sum(DiaryVersion.tool_call_count), func.avg(DiaryVersion.mood), func.min(Diary.day), func.max(Diary.day),
        )
        .select_from(Diary)
        .join(DiaryVersion, CURRENT_VERSION)
        .where(Diary.user_id == user_id, *_between(first, last))
    )  # fmt: skip
    totals = Totals._make((await session.execute(statement)).one())
    return totals._replace(mood=None if totals.mood is None else float(totals.mood))


async def list_streaks(session: AsyncSession, user_id: UUID) -> list[Streak]:
    """Return all streaks of days whose entries tell something, the oldest first: within one, a day minus its number in the list is always the same date."""
    number = cast(func.row_number().over(order_by=Diary.day), Integer)
    shown = exists().where(
        DiaryLine.user_id == Diary.user_id, DiaryLine.diary_id == Diary.id, DiaryLine.version == Diary.version, DiaryLine.hidden.is_(False)
    )
    telling = (Diary.user_id == user_id, or_(DiaryVersion.summary != "", shown))
    days = select(Diary.day, (Diary.day - number).label("island")).join(DiaryVersion, CURRENT_VERSION).where(*telling).subquery()
    ends = (func.min(days.c.day), func.max(days.c.day))
    rows = await session.execute(select(*ends).group_by(days.c.island).order_by(ends[0]))
    return [Streak._make(row) for row in rows]


async def is_waiting(session: AsyncSession, user_id: UUID, day: date) -> bool:
    """Return whether the user wrote on that day and its diary is not up to date."""
    waits = (ActiveDay.user_id == user_id, ActiveDay.day == day, ActiveDay.diary_revision < ActiveDay.revision)
    return bool(await session.scalar(select(exists().where(*waits))))


async def list_calendar(session: AsyncSession, user_id: UUID, first: date, last: date) -> list[CalendarDay]:
    statement = (
        select(Diary.day, DiaryVersion.mood, DiaryVersion.origin, DiaryVersion.message_count)
        .join(DiaryVersion, CURRENT_VERSION)
        .where(Diary.user_id == user_id, *_between(first, last))
        .order_by(Diary.day)
    )
    return [CalendarDay._make(row) for row in await session.execute(statement)]


async def list_mentions(
    session: AsyncSession, user_id: UUID, kinds: Sequence[LineKind], first: date, last: date, *, limit: int
) -> list[Mention]:
    """Return the most frequent lines of these kinds in the period: by number of days, then the newest; at most `limit` of each kind."""
    wording = func.lower(func.btrim(DiaryLine.text))
    newest = func.array_agg(aggregate_order_by(DiaryLine.text, Diary.day.desc(), DiaryLine.position))
    days, last_day = func.count(Diary.day.distinct()), func.max(Diary.day)
    rank = func.row_number().over(partition_by=DiaryLine.kind, order_by=(days.desc(), last_day.desc(), wording))
    said = (
        _lines(select(DiaryLine.kind, newest, days, last_day, rank.label("rank")), user_id, kinds, first, last)
        .group_by(DiaryLine.kind, wording)
        .subquery()
    )
    rows = await session.execute(select(said).where(said.c.rank <= limit).order_by(said.c.kind, said.c.rank))
    return [Mention(kind, texts[0], count, at) for kind, texts, count, at, _ in rows]


async def list_highlights(
    session: AsyncSession, user_id: UUID, kinds: Sequence[LineKind], first: date, last: date, *, limit: int
) -> list[Highlight]:
    """Return at most one line per day, of the first of `kinds` that the day has: `limit` days by kind, then by number of quotes, in order of time."""
    quotes = (
        select(func.count())
        .where(LineEvidence.user_id == DiaryLine.user_id, LineEvidence.line_id == DiaryLine.id)
        .scalar_subquery()
    )
    preference = case(*((DiaryLine.kind == kind, position) for position, kind in enumerate(kinds)))
    of_day = func.row_number().over(partition_by=Diary.day, order_by=(preference, quotes.desc(), DiaryLine.position))
    columns = (
        Diary.day, DiaryLine.diary_id, DiaryLine.version, DiaryLine.id, preference.label("preference"),
        quotes.label("quotes"), of_day.label("of_day"),
    )  # fmt: skip
    lines = _lines(select(*columns), user_id, kinds, first, last).subquery()
    best = (
        select(lines)
        .where(lines.c.of_day == 1)
        .order_by(lines.c.preference, lines.c.quotes.desc(), lines.c.day.desc())
        .limit(limit)
    )
    return sorted(Highlight(*row[:4]) for row in await session.execute(best))


def _lines(columns: Select[Any], user_id: UUID, kinds: Sequence[LineKind], first: date, last: date) -> Select[Any]:
    current = and_(
        DiaryLine.user_id == Diary.user_id, DiaryLine.diary_id == Diary.id, DiaryLine.version == Diary.version
    )
    shown = (DiaryLine.kind.in_(kinds), DiaryLine.hidden.is_(False))
    return columns.select_from(Diary).join(DiaryLine, current).where(Diary.user_id == user_id, *_between(first, last), *shown)


def _between(first: date | None, last: date | None) -> list[ColumnElement[bool]]:
    return ([] if first is None else [Diary.day >= first]) + ([] if last is None else [Diary.day <= last])


def _sum(counted: Any) -> ColumnElement[int]:
    return func.coalesce(func.sum(counted), 0)
