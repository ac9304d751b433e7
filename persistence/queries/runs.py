"""The record of runs: who asked for what, when, and how it ended. Not personal rows: only admins read them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Select, case, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.ids import uuid7
from persistence.models import JobAttempt, JobItem, JobRun
from persistence.models.jobs import ItemStatus, Job, RunStatus, Trigger


@dataclass(frozen=True)
class RunCounts:
    """What a run did so far, by the last state of each of its items. Tokens are summed over all attempts."""

    succeeded: int = 0
    skipped: int = 0
    failed: int = 0
    pending: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    @property
    def total(self) -> int:
        return self.succeeded + self.skipped + self.failed + self.pending


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
            status=RunStatus.RUNNING,
        )
    )
    return run_id


async def close_run(session: AsyncSession, run_id: UUID, status: RunStatus, **columns: Any) -> None:
    await session.execute(update(JobRun).where(JobRun.id == run_id).values(status=status, finished_at=func.clock_timestamp(), **columns))


async def close_lost_runs(session: AsyncSession, silent_for: timedelta) -> int:
    """Close the runs whose worker is gone: begun, and silent, for that long, and without an item in hand. Answers how many."""
    long_ago = func.now() - silent_for
    in_hand = exists().where(JobItem.run_id == JobRun.id, JobItem.status == ItemStatus.RUNNING, JobItem.lease_until > func.now())
    heard = exists().where(JobAttempt.run_id == JobRun.id, JobAttempt.finished_at > long_ago)
    lost = update(JobRun).where(JobRun.status == RunStatus.RUNNING, JobRun.started_at < long_ago, ~in_hand, ~heard)
    closed = await session.scalars(
        lost.values(status=RunStatus.FAILED, error_code="WORKER_LOST", finished_at=func.now())
        .returning(JobRun.id)
        .execution_options(synchronize_session=False)
    )
    return len(closed.all())


async def cancel_requested(session: AsyncSession, run_id: UUID) -> bool:
    return await session.scalar(select(JobRun.cancel_requested_at.is_not(None)).where(JobRun.id == run_id)) or False


async def request_cancel(session: AsyncSession, run_id: UUID) -> bool:
    """Ask a run to stop at its next item, and take its waiting items off the ledger's due list; false if it is over."""
    asked = update(JobRun).where(JobRun.id == run_id, JobRun.finished_at.is_(None)).values(cancel_requested_at=func.now())
    return await session.scalar(asked.returning(JobRun.id)) is not None


async def find_run(session: AsyncSession, run_id: UUID) -> JobRun | None:
    return await session.get(JobRun, run_id)


async def list_runs(session: AsyncSession, *, job: Job | None, status: RunStatus | None, limit: int, before: UUID | None) -> Sequence[JobRun]:
    """Newest first."""
    statement = _of(select(JobRun), job, status).order_by(JobRun.id.desc()).limit(limit)
    return (await session.scalars(statement if before is None else statement.where(JobRun.id < before))).all()


async def count_runs(session: AsyncSession, *, job: Job | None, status: RunStatus | None) -> int:
    return await session.scalar(_of(select(func.count()).select_from(JobRun), job, status)) or 0


def _of(statement: Select[Any], job: Job | None, status: RunStatus | None) -> Select[Any]:
    statement = statement if job is None else statement.where(JobRun.job == job)
    return statement if status is None else statement.where(JobRun.status == status)


async def load_counts(session: AsyncSession, run_ids: Sequence[UUID]) -> dict[UUID, RunCounts]:
    """Live counts of many runs in two statements: attempts that ended, and items still waiting or running under the run."""
    statement = (
        select(
            JobAttempt.run_id,
            *(func.count(case((JobAttempt.status == status, 1))) for status in (ItemStatus.SUCCEEDED, ItemStatus.SKIPPED, ItemStatus.FAILED)),
            func.coalesce(func.sum(JobAttempt.input_tokens), 0),
            func.coalesce(func.sum(JobAttempt.output_tokens), 0),
        )
        .where(JobAttempt.run_id.in_(run_ids))
        .group_by(JobAttempt.run_id)
    )
    ended = {row[0]: row[1:] for row in await session.execute(statement)}
    waiting = (
        select(JobItem.run_id, func.count())
        .where(JobItem.run_id.in_(run_ids), JobItem.status.in_([ItemStatus.PENDING, ItemStatus.RUNNING]))
        .group_by(JobItem.run_id)
    )
    pending = dict((await session.execute(waiting)).all())
    return {run_id: _counts(ended.get(run_id, (0, 0, 0, 0, 0)), pending.get(run_id, 0)) for run_id in run_ids}


def _counts(ended: Sequence[int], pending: int) -> RunCounts:
    succeeded, skipped, failed, input_tokens, output_tokens = ended
    return RunCounts(succeeded, skipped, failed, pending, input_tokens, output_tokens)
