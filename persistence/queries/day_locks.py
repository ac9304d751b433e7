"""Locks of days and their diaries, for everything that changes a day's lines, quotes or messages."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import Date

from persistence.bulk import any_of, execute_each
from persistence.models import ActiveDay, Diary
from persistence.queries.execution_options import FRESH
from persistence.queries.job_inputs import DayKey


@dataclass(frozen=True)
class LockedDay:
    """The state of a day while its rows are locked: the revision of its messages and its diary's version; None where the row does not exist."""

    revision: int | None
    version: int | None


async def lock_day(session: AsyncSession, user_id: UUID, day: date) -> LockedDay:
    """Lock the day and its diary until the transaction ends. All callers lock the two in this order, before any message or line."""
    revision = await _lock_active_day(session, user_id, day)
    diary = select(Diary.version).where(Diary.user_id == user_id, Diary.day == day)
    return LockedDay(revision, await session.scalar(diary.with_for_update()))


async def lock_diary(session: AsyncSession, user_id: UUID, day: date) -> Diary | None:
    """Lock the day as `lock_day` does, and return its diary."""
    await _lock_active_day(session, user_id, day)
    diary = select(Diary).where(Diary.user_id == user_id, Diary.day == day)
    return await session.scalar(diary.with_for_update(), execution_options=FRESH)


async def _lock_active_day(session: AsyncSession, user_id: UUID, day: date) -> int | None:
    revision = select(ActiveDay.revision).where(ActiveDay.user_id == user_id, ActiveDay.day == day)
    return await session.scalar(revision.with_for_update())


_LOCK_ACTIVE_DAY = "select from active_days where user_id = $1 and day = $2 for update"
_LOCK_DIARY = "select from diaries where user_id = $1 and day = $2 for update"


async def lock_days(session: AsyncSession, keys: Sequence[DayKey]) -> dict[DayKey, LockedDay]:
    """Lock many days as `lock_day` does, one by one: all callers lock them in the order of their keys."""
    ordered = sorted(keys)
    for statement in (_LOCK_ACTIVE_DAY, _LOCK_DIARY):
        await execute_each(session, statement, ordered)
    here = (ActiveDay.user_id == any_of({user_id for user_id, _ in keys}), ActiveDay.day == any_of({day for _, day in keys}, Date()))
    diary = and_(Diary.user_id == ActiveDay.user_id, Diary.day == ActiveDay.day)
    states = await session.execute(select(ActiveDay.user_id, ActiveDay.day, ActiveDay.revision, Diary.version).outerjoin(Diary, diary).where(*here))
    found = {(user_id, day): LockedDay(revision, version) for user_id, day, revision, version in states}
    return {key: found.get(key, LockedDay(None, None)) for key in keys}
