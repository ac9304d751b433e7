"""Job runs: who requested what and when, and how each run ended. The rows belong to no user; only admins read them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Date, Select, case, exists, func, insert, literal, or_, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.ids import uuid7
from persistence.models import JobAttempt, JobItem, JobRun
from persistence.models.jobs import WORKER_LOST, ItemStatus, Job, RunStatus, Trigger
from persistence.paging import PageRange
from persistence.provider_replies import NO_REPLY

CANCELLED = "CANCELLED"
"""Error code of an item that a cancellation removed from the job queue while no worker was processing it."""


async def open_run(
    session: AsyncSession,
    *,
    job: Job | None,
    trigger: Trigger,
    requested_by: UUID | None,
    reason: str | None,
    first: date | None,
    last: date | None,
    force: bool,
    dry_run: bool,
    retry_of: UUID | None = None,
) -> UUID:
    run_id = uuid7()
    await session.execute(
        insert(JobRun).values(
            id=run_id,
            job=job,
            trigger=trigger,
            requested_by=requested_by,
            reason=reason,
            period_from=first,
            period_to=last,
            force=force,
            dry_run=dry_run,
            retry_of=retry_of,
            status=RunStatus.RUNNING,
        )
    )
    return run_id


async def latest_started_day(session: AsyncSession) -> date:
    """Return the latest day that has begun anywhere (at UTC+14, 14 hours before UTC), by the database's clock."""
    return (await session.execute(select(func.timezone("UTC", func.now() + timedelta(hours=14)).cast(Date)))).scalar_one()


async def close_run(session: AsyncSession, run_id: UUID, status: RunStatus, **columns: Any) -> None:
    await session.execute(update(JobRun).where(JobRun.id == run_id).values(status=status, finished_at=func.clock_timestamp(), **columns))


async def last_error(session: AsyncSession) -> str | None:
    """Return the error code of the latest run that has ended; None if it has none."""
    ended = select(JobRun.error_code).where(JobRun.finished_at.is_not(None)).order_by(JobRun.id.desc()).limit(1)
    return await session.scalar(ended)


async def close_lost_runs(session: AsyncSession, silent_for: timedelta) -> Sequence[UUID]:
    """Close the runs whose worker was lost, and return their ids.

    These started more than `silent_for` ago, finished no attempt in that time, and hold no lease on an item.
    """
    long_ago = func.now() - silent_for
    in_hand = exists().where(JobItem.run_id == JobRun.id, JobItem.status == ItemStatus.RUNNING, JobItem.lease_until > func.now())
    heard = exists().where(JobAttempt.run_id == JobRun.id, JobAttempt.finished_at > long_ago)
    lost = update(JobRun).where(JobRun.status == RunStatus.RUNNING, JobRun.started_at < long_ago, ~in_hand, ~heard)
    closed = await session.scalars(
        lost.values(status=RunStatus.FAILED, error_code=WORKER_LOST, finished_at=func.now())
        .returning(JobRun.id)
        .execution_options(synchronize_session=False)
    )
    return closed.all()


async def cancel_requested(session: AsyncSession, run_id: UUID, *, lock: bool = False) -> bool:
    """Return whether the run's cancellation was requested. With `lock`, lock the run, so that it cannot be requested before the transaction ends."""
    statement = select(JobRun.cancel_requested_at.is_not(None)).where(JobRun.id == run_id)
    return await session.scalar(statement.with_for_update() if lock else statement) or False


async def request_cancel(session: AsyncSession, run_id: UUID, *, requested_by: UUID | None = None, reason: str | None = None) -> bool:
    """Request that a run stops at its next item, and mark the PENDING items that it requested as SKIPPED.

    Return False if there is nothing to stop, or if its cancellation was requested before. A day that is due without the request is
    planned again by the next timer event; a day that only this run requested stays as it is.
    """
    dropped = (
        update(JobItem)
        .where(JobItem.requested_by_run_id == run_id, JobItem.status == ItemStatus.PENDING)
        .values(status=ItemStatus.SKIPPED, error_code=CANCELLED, finished_at=func.now(), **NO_REPLY.columns)
        .returning(JobItem.user_id)
        .execution_options(synchronize_session=False)
    )
    some_dropped = (await session.scalars(dropped)).first() is not None
    working = JobRun.finished_at.is_(None)
    asked = update(JobRun).where(JobRun.id == run_id, JobRun.cancel_requested_at.is_(None), true() if some_dropped else working)
    values = {
        "cancel_requested_at": func.now(), "cancel_requested_by": requested_by, "cancel_reason": reason,
        "status": case((working, JobRun.status), else_=literal(RunStatus.CANCELLED.value)),
    }
    return await session.scalar(asked.values(values).returning(JobRun.id).execution_options(synchronize_session=False)) is not None


async def has_failed_items(session: AsyncSession, run_id: UUID) -> bool:
    """Return whether an item that the run marked as FAILED, or one that it requested, is still FAILED."""
    mine = or_(JobItem.run_id == run_id, JobItem.requested_by_run_id == run_id)
    return await session.scalar(select(exists().where(mine, JobItem.status == ItemStatus.FAILED))) or False


async def load_runs(session: AsyncSession, ids: Sequence[UUID]) -> Sequence[JobRun]:
    return (await session.scalars(select(JobRun).where(JobRun.id.in_(ids)))).all()


async def list_runs(session: AsyncSession, page: PageRange, *, job: Job | None, status: RunStatus | None) -> Sequence[JobRun]:
    """List a page of runs, which are listed the newest first."""
    statement = _of(select(JobRun), job, status).where(*page.bounds(JobRun.id, descending=True))
    return (await session.scalars(statement.order_by(*page.order(JobRun.id, descending=True)).limit(page.limit))).all()


async def count_runs(session: AsyncSession, *, job: Job | None, status: RunStatus | None) -> int:
    return await session.scalar(_of(select(func.count()).select_from(JobRun), job, status)) or 0


def _of(statement: Select[Any], job: Job | None, status: RunStatus | None) -> Select[Any]:
    statement = statement if job is None else statement.where(JobRun.job == job)
    return statement if status is None else statement.where(JobRun.status == status)
