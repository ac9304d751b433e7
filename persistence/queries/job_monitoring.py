"""Job statistics for operators: due, running and failed items, durations, and the reasons of failures."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, func, or_, select
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.models import JobAttempt, JobItem
from persistence.models.jobs import ItemStatus, Job
from persistence.provider_replies import NO_REPLY, StoredReply
from persistence.queries.job_queue import is_status


@dataclass(frozen=True)
class JobState:
    """The state of one job now. Durations in milliseconds, over the attempts that ended within the last day."""

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
    """The number of a job's FAILED items with one error code, and the provider's reply in the latest of them that has one."""

    job: Job
    error_code: str
    items: int
    reply: StoredReply = NO_REPLY


async def failures(session: AsyncSession) -> list[Failure]:
    """Return the reasons why items are FAILED, the most frequent first, by the partial index of FAILED items."""
    statement = (
        select(JobItem.job, func.coalesce(JobItem.error_code, ""), func.count(), *_latest_reply()).where(is_status(ItemStatus.FAILED))
        .group_by(JobItem.job, JobItem.error_code).order_by(func.count().desc(), JobItem.job, JobItem.error_code)
    )
    return [Failure(job, code, items, StoredReply(*reply)) for job, code, items, *reply in await session.execute(statement)]


def _latest_reply() -> list[ColumnElement[Any]]:
    """Return the provider's status, code and message of the group's latest item that has a status or a message."""
    said = or_(JobItem.provider_status.is_not(None), JobItem.provider_message.is_not(None))
    columns = [JobItem.__table__.c[name] for name in NO_REPLY.columns]
    return [func.array_agg(aggregate_order_by(column, JobItem.finished_at.desc()), type_=ARRAY(column.type)).filter(said)[1] for column in columns]


async def job_states(session: AsyncSession) -> list[JobState]:
    """Return the state of every job by index: the partial indexes of ready and leased items, and that of ended attempts for the last day."""
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


def _number(value: Decimal | float | None) -> float | None:
    return None if value is None else round(float(value), 1)
