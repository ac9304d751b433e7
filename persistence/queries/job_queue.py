"""The job queue: items become due and are claimed; job_attempts.py has their ends. Times come from the database's clock, never from the instance's.

An attempt counts from its claim. There are two claims, each with its partial index: of due items, and of items whose worker was lost.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from sqlalchemy import Select, and_, case, exists, func, literal_column, or_, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.sql import ColumnElement

from persistence.bulk import values_table
from persistence.ids import uuid7
from persistence.models import JobItem
from persistence.models.jobs import ItemStatus, Job
from persistence.provider_replies import NO_REPLY

KEY = {name: JobItem.__table__.c[name].type for name in ("user_id", "job", "period")}
"""The columns of an item's key, with their types."""


@dataclass(frozen=True)
class Claim:
    """An item that is in flight until its lease ends."""

    user_id: UUID
    job: Job
    period: date
    attempt: int
    lease_token: UUID
    run_id: UUID
    attempt_id: UUID = field(default_factory=uuid7, compare=False)
    """Id of the `job_attempts` row that will store the outcome. It is chosen at the claim, so that a worker that stores the outcome twice
    detects it. The attempt's token reservation has the same id."""
    refusal: str | None = field(default=None, compare=False)
    """Code of the limit because of which the model is not called for this item; None where tokens are reserved for the call."""
    within_share: bool = field(default=False, compare=False)
    """True if the item was claimed within the user's share of the day's token budget. Its call must then not exceed that share."""
    text_digest: bytes | None = field(default=None, compare=False)


async def claim_ready(session: AsyncSession, job: Job, run_id: UUID, *, limit: int, lease: timedelta, this_run_only: bool) -> list[Claim]:
    """Claim up to `limit` due items, those due longest and then the oldest periods first; with `this_run_only`, only those that this run planned."""
    mine = [JobItem.run_id == run_id] if this_run_only else []
    ready = and_(is_ready(job), *mine)
    return await _claim(session, select_keys().where(ready).order_by(JobItem.due_at, JobItem.period).limit(limit), run_id, lease)


async def claim_expired(session: AsyncSession, job: Job, run_id: UUID, *, lease: timedelta) -> list[Claim]:
    """Claim one item whose worker was lost. It is claimed alone: if it crashes its worker again, no other item is affected."""
    return await _claim(session, select_keys().where(is_expired(job)).order_by(JobItem.lease_until).limit(1), run_id, lease)


def is_ready(job: Job) -> ColumnElement[bool]:
    """Match due items of the job without a token reservation of an earlier attempt, which has to end first."""
    return and_(JobItem.job == job, is_status(ItemStatus.PENDING), JobItem.due_at <= func.now(), JobItem.reserved_by_attempt_id.is_(None))


def is_expired(job: Job) -> ColumnElement[bool]:
    return and_(JobItem.job == job, is_status(ItemStatus.RUNNING), JobItem.lease_until <= func.now(), JobItem.reserved_by_attempt_id.is_(None))


def is_status(status: ItemStatus) -> ColumnElement[bool]:
    """Match items in a status. The status is a literal, because the plan of a prepared statement uses no partial index for a parameter."""
    return JobItem.status == literal_column(f"'{status.value}'")


def select_keys() -> Select[UUID, Job, date]:
    return select(JobItem.user_id, JobItem.job, JobItem.period)


async def _claim(session: AsyncSession, picked: Select[UUID, Job, date], run_id: UUID, lease: timedelta) -> list[Claim]:
    token = uuid7()
    chosen = picked.with_for_update(skip_locked=True).cte("picked").prefix_with("MATERIALIZED")
    statement = (
        update(JobItem)
        .where(JobItem.user_id == chosen.c.user_id, JobItem.job == chosen.c.job, JobItem.period == chosen.c.period)
        .values(status=ItemStatus.RUNNING, attempts=JobItem.attempts + 1, lease_token=token, lease_until=func.now() + lease, run_id=run_id)
        .returning(JobItem.user_id, JobItem.job, JobItem.period, JobItem.attempts, JobItem.text_digest)
        .execution_options(synchronize_session=False)
    )
    rows = (await session.execute(statement)).all()
    claims = (Claim(*row[:4], lease_token=token, run_id=run_id, text_digest=row[4]) for row in rows)
    return sorted(claims, key=lambda claim: (claim.period, claim.user_id))


@dataclass(frozen=True)
class DueItem:
    """A user's item of a job that becomes due, at `at` or at once."""

    user_id: UUID
    job: Job
    period: date
    at: datetime | None = None


async def enqueue_items(session: AsyncSession, items: Iterable[DueItem], *, weeks_after: timedelta = timedelta(0)) -> None:
    """Make the items that follow from another job due. An item that is running runs again afterwards; of an item given twice, the last one counts.

    A week that was already reviewed becomes due `weeks_after` that review at the earliest.
    """
    named = {(item.user_id, item.job, item.period): item.at for item in items}
    if not named:
        return
    columns = {**KEY, "due_at": JobItem.__table__.c.due_at.type}
    given = values_table("given", columns, [(*key, named[key]) for key in sorted(named, key=_in_order)])
    rows = select(given.c.user_id, given.c.job, given.c.period, literal_column(f"'{ItemStatus.PENDING.value}'"), func.coalesce(given.c.due_at, func.now()))
    row = insert(JobItem).from_select(["user_id", "job", "period", "status", "due_at"], rows)
    await session.execute(row.on_conflict_do_update(
        index_elements=[JobItem.user_id, JobItem.job, JobItem.period],
        set_={
            "status": ItemStatus.PENDING, "due_at": _not_before(row.excluded.due_at, weeks_after), "attempts": 0, "error_code": None,
            "lease_token": None, "lease_until": None, "run_id": None, "requested_by_run_id": None, "estimated_tokens": None, **NO_REPLY.columns,
        },
    ))


async def clear_text_digest(session: AsyncSession, user_id: UUID, job: Job, period: date) -> None:
    """Clear the digest of the text from which an item's entry was generated, so that its next attempt calls the model even if the text is the same."""
    its = (JobItem.user_id == user_id, JobItem.job == job, JobItem.period == period)
    await session.execute(update(JobItem).where(*its).values(text_digest=None).execution_options(synchronize_session=False))


def _not_before(due_at: ColumnElement[datetime], weeks_after: timedelta) -> ColumnElement[datetime]:
    if not weeks_after:
        return due_at
    reviewed = (JobItem.job == Job.WEEKLY_PROFILE) & JobItem.finished_at.is_not(None)
    return case((reviewed, func.greatest(due_at, JobItem.finished_at + weeks_after)), else_=due_at)


def _in_order(key: tuple[UUID, Job, date]) -> tuple[UUID, str, date]:
    return key[0], key[1].value, key[2]


async def count_pending(session: AsyncSession, jobs: Sequence[Job], run_id: UUID, *, this_run_only: bool) -> int:
    """Count the PENDING items that this run worked on or planned and, unless `this_run_only`, all others that are due now."""
    waiting = JobItem.run_id == run_id
    if not this_run_only:
        waiting = or_(waiting, JobItem.due_at <= func.now())
    return await session.scalar(select(func.count()).where(JobItem.job.in_(jobs), is_status(ItemStatus.PENDING), waiting)) or 0


async def has_claimable_items(session: AsyncSession, jobs: Sequence[Job]) -> bool:
    """Return whether there is an item that a run could claim now: a due one, or one whose worker was lost."""
    due = [(JobItem.job == job) & is_status(ItemStatus.PENDING) & (JobItem.due_at <= func.now()) for job in jobs]
    lost = [(JobItem.job == job) & is_status(ItemStatus.RUNNING) & (JobItem.lease_until <= func.now()) for job in jobs]
    return await session.scalar(select(or_(*(exists().where(condition) for condition in (*due, *lost))))) or False
