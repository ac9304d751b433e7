"""The items of runs, as admins look at them. Pages and counts of several runs are read by one statement."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Select, Subquery, Text, cast, func, literal, null, select, tuple_, union_all
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.models import JobAttempt, JobItem
from persistence.models.jobs import ItemStatus, Job


@dataclass(frozen=True)
class RunItem:
    """One person's period within a run: as its attempt ended there, or as it still waits or runs."""

    user_id: UUID
    period: date
    job: Job
    attempt: int
    status: ItemStatus
    error_code: str | None
    input_tokens: int
    output_tokens: int
    started_at: datetime | None
    finished_at: datetime | None

    @property
    def position(self) -> tuple[UUID, date, str, int]:
        return self.user_id, self.period, self.job.value, self.attempt


class ItemPage(NamedTuple):
    """What of a run's items is read: at most `limit` behind the position `after`; with `status` only those that stand so."""

    run_id: UUID
    status: ItemStatus | None
    limit: int
    after: tuple[UUID, date, str, int] | None


async def load_item_pages(session: AsyncSession, pages: Sequence[ItemPage]) -> Mapping[ItemPage, Sequence[RunItem]]:
    """By person and period."""
    found: dict[ItemPage, list[RunItem]] = {page: [] for page in pages}
    every = union_all(*(_page(page, number) for number, page in enumerate(found))).subquery("pages")
    order = (every.c.number, every.c.user_id, every.c.period, every.c.job, every.c.attempt)
    asked = list(found)
    for *columns, number in await session.execute(select(every).order_by(*order)):
        found[asked[number]].append(RunItem(*columns))
    return found


async def load_item_counts(session: AsyncSession, runs: Sequence[tuple[UUID, ItemStatus | None]]) -> Mapping[tuple[UUID, ItemStatus | None], int]:
    counted = union_all(*(select(literal(number), func.count()).select_from(_items(*run)) for number, run in enumerate(runs)))
    return {runs[number]: count for number, count in await session.execute(counted)}


def _page(page: ItemPage, number: int) -> Select[tuple[object, ...]]:
    items = _items(page.run_id, page.status)
    chosen = select(items).order_by(items.c.user_id, items.c.period, items.c.job, items.c.attempt).limit(page.limit)
    if page.after is not None:
        chosen = chosen.where(tuple_(items.c.user_id, items.c.period, cast(items.c.job, Text), items.c.attempt) > page.after)
    return select(chosen.subquery("page"), literal(number).label("number"))


def _items(run_id: UUID, status: ItemStatus | None) -> Subquery:
    """Attempts that ended for good in this run, and its items that have not ended."""
    ended = select(
        JobAttempt.user_id,
        JobAttempt.period,
        JobAttempt.job,
        JobAttempt.attempt,
        JobAttempt.status,
        JobAttempt.error_code,
        JobAttempt.input_tokens,
        JobAttempt.output_tokens,
        JobAttempt.started_at,
        JobAttempt.finished_at,
    ).where(JobAttempt.run_id == run_id, JobAttempt.status != ItemStatus.PENDING)
    waiting = select(
        JobItem.user_id,
        JobItem.period,
        JobItem.job,
        JobItem.attempts,
        JobItem.status,
        JobItem.error_code,
        literal(0),
        literal(0),
        null().cast(JobAttempt.started_at.type),
        null().cast(JobAttempt.finished_at.type),
    ).where(JobItem.run_id == run_id, JobItem.status.in_([ItemStatus.PENDING, ItemStatus.RUNNING]))
    if status is not None:
        ended, waiting = ended.where(JobAttempt.status == status), waiting.where(JobItem.status == status)
    return union_all(ended, waiting).subquery("items")
