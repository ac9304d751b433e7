"""What an operator looks at first."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.models import JobAttempt, JobItem
from persistence.models.jobs import ItemStatus, Job
from persistence.queries.ledger import is_status


@dataclass(frozen=True)
class JobState:
    """One job at this moment. Durations in milliseconds, over the attempts that ended within the last day."""

    job: Job
    due: int
    oldest_due_at: datetime | None
    running: int
    failed: int
    attempts: int
    p50_ms: float | None
    p95_ms: float | None


@dataclass(frozen=True)
class Failure:
    """How many items of a job are given up for one reason."""

    job: Job
    error_code: str
    items: int


async def failures(session: AsyncSession) -> list[Failure]:
    """Why items are given up, the most frequent reason first, by the partial index of those."""
    statement = (
        select(JobItem.job, func.coalesce(JobItem.error_code, ""), func.count()).where(is_status(ItemStatus.FAILED))
        .group_by(JobItem.job, JobItem.error_code).order_by(func.count().desc(), JobItem.job, JobItem.error_code)
    )
    return [Failure(*row) for row in await session.execute(statement)]


async def job_states(session: AsyncSession) -> list[JobState]:
    """Every job's state, by index: the partial ones of what is ready and what is in hand, and the last day's attempts by id."""
    return [await _job_state(session, job) for job in Job]


async def _job_state(session: AsyncSession, job: Job) -> JobState:
    due = (JobItem.job == job) & is_status(ItemStatus.PENDING) & (JobItem.due_at <= func.now())
    count, oldest = (await session.execute(select(func.count(), func.min(JobItem.due_at)).where(due))).one()
    running = await session.scalar(select(func.count()).where(JobItem.job == job, is_status(ItemStatus.RUNNING))) or 0
    failed = await session.scalar(select(func.count()).where(JobItem.job == job, is_status(ItemStatus.FAILED))) or 0
    took = func.extract("epoch", JobAttempt.finished_at - JobAttempt.started_at) * 1000
    lately = (JobAttempt.job == job) & (JobAttempt.finished_at > func.now() - timedelta(days=1))
    shares = [func.percentile_cont(share).within_group(took) for share in (0.5, 0.95)]
    attempts, p50, p95 = (await session.execute(select(func.count(), *shares).where(lately))).one()
    return JobState(job, count, oldest, running, failed, attempts, _number(p50), _number(p95))


def _number(value: object) -> float | None:
    return None if value is None else round(float(value), 1)  # type: ignore[arg-type]
