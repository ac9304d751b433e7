"""A run's items: what it asked for, what it planned and nobody has taken up, and what it ended; each as it stands."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, ColumnElement, Select, Subquery, Text, and_, case, cast, exists, func, null, or_, select, tuple_, union_all
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.models import JobAttempt, JobItem, JobRun
from persistence.models.jobs import ItemStatus, Job

WAITING = (ItemStatus.PENDING, ItemStatus.RUNNING)


@dataclass(frozen=True)
class RunCounts:
    """How a run's items stand, counted now. Tokens are those of the run itself and, of what it asked for, of the runs that did it in its stead."""

    succeeded: int = 0
    skipped: int = 0
    failed: int = 0
    pending: int = 0
    input_tokens: int = 0
    output_tokens: int = 0

    @property
    def total(self) -> int:
        return self.succeeded + self.skipped + self.failed + self.pending


@dataclass(frozen=True)
class RunItem:
    """One person's period within a run. What was used is over all attempts for this run; the prompt's version is the last one's."""

    user_id: UUID
    period: date
    job: Job
    attempt: int
    status: ItemStatus
    error_code: str | None
    lease_until: datetime | None
    finished_at: datetime | None
    started_at: datetime | None = None
    model_calls: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    prompt_version: str | None = None

    @property
    def key(self) -> tuple[UUID, date, Job]:
        return self.user_id, self.period, self.job

    @property
    def position(self) -> tuple[UUID, date, str]:
        return self.user_id, self.period, self.job.value


async def load_counts(session: AsyncSession, run_ids: Sequence[UUID]) -> dict[UUID, RunCounts]:
    """Live counts of many runs, in three statements."""
    items = _items(run_ids)
    found: dict[UUID, dict[str, int]] = {run_id: {} for run_id in run_ids}
    standing = select(items.c.run_id, items.c.status, func.count()).group_by(items.c.run_id, items.c.status)
    for run_id, status, count in await session.execute(standing):
        name = "pending" if status in WAITING else status.value.lower()
        found[run_id][name] = found[run_id].get(name, 0) + count
    for statement in (_spent_by(run_ids), _spent_for(run_ids)):
        for run_id, prompts, answers in await session.execute(statement):
            counts = found[run_id]
            counts["input_tokens"] = counts.get("input_tokens", 0) + prompts
            counts["output_tokens"] = counts.get("output_tokens", 0) + answers
    return {run_id: RunCounts(**counts) for run_id, counts in found.items()}


async def list_items(
    session: AsyncSession, run_id: UUID, *, status: ItemStatus | None, limit: int, after: tuple[UUID, date, str] | None
) -> list[RunItem]:
    """By person, period and job."""
    items = _items([run_id])
    statement = select(items).order_by(items.c.user_id, items.c.period, cast(items.c.job, Text)).limit(limit)
    if status is not None:
        statement = statement.where(items.c.status == status)
    if after is not None:
        statement = statement.where(tuple_(items.c.user_id, items.c.period, cast(items.c.job, Text)) > after)
    return await _with_attempts(session, run_id, [RunItem(*row[1:]) for row in await session.execute(statement)])


async def count_items(session: AsyncSession, run_id: UUID, *, status: ItemStatus | None) -> int:
    items = _items([run_id])
    statement = select(func.count()).select_from(items)
    return await session.scalar(statement if status is None else statement.where(items.c.status == status)) or 0


async def count_codes(session: AsyncSession, run_id: UUID) -> list[tuple[str, int]]:
    """Of the run's items that failed or wait for another try: how many for which reason, the most frequent first."""
    items = _items([run_id])
    unfinished = items.c.status.in_([ItemStatus.FAILED, ItemStatus.PENDING]) & items.c.error_code.is_not(None)
    statement = select(items.c.error_code, func.count()).where(unfinished).group_by(items.c.error_code)
    return [(code, count) for code, count in await session.execute(statement.order_by(func.count().desc(), items.c.error_code))]


async def _with_attempts(session: AsyncSession, run_id: UUID, items: list[RunItem]) -> list[RunItem]:
    """The items with what their attempts for this run used, in one statement for all of them."""
    if not items:
        return items
    of_these = tuple_(JobAttempt.user_id, JobAttempt.period, JobAttempt.job).in_([item.key for item in items])
    since = select(JobRun.started_at).where(JobRun.id == run_id).scalar_subquery()
    asked = exists().where(JobItem.asked_by == run_id, *_same_item())
    versions = func.array_agg(aggregate_order_by(JobAttempt.prompt_version, JobAttempt.finished_at.desc()), type_=ARRAY(Text))
    statement = (
        select(
            JobAttempt.user_id, JobAttempt.period, JobAttempt.job,
            func.min(JobAttempt.started_at), func.sum(JobAttempt.model_calls), *_tokens(), versions[1],
        )
        .where(JobAttempt.user_id.in_({item.user_id for item in items}), of_these)
        .where(or_(JobAttempt.run_id == run_id, asked & (JobAttempt.finished_at >= since)))
        .group_by(JobAttempt.user_id, JobAttempt.period, JobAttempt.job)
    )
    found = {(user_id, period, job): used for user_id, period, job, *used in await session.execute(statement)}
    return [_used(item, *found[item.key]) if item.key in found else item for item in items]


def _used(item: RunItem, started_at: datetime, calls: int, prompts: int, answers: int, version: str | None) -> RunItem:
    return replace(item, started_at=started_at, model_calls=calls, input_tokens=prompts, output_tokens=answers, prompt_version=version)


def _items(run_ids: Sequence[UUID]) -> Subquery:
    """What the runs asked for, by the ledger; what they planned or took and has not ended; what else they ended, by its last attempt."""
    asked = select(JobItem.asked_by.label("run_id"), *_of_ledger()).where(JobItem.asked_by.in_(run_ids))
    others = JobItem.asked_by.is_distinct_from(JobItem.run_id)
    in_hand = select(JobItem.run_id, *_of_ledger()).where(JobItem.run_id.in_(run_ids), others, JobItem.status.in_(WAITING))
    counted = exists().where(
        or_(JobItem.asked_by == JobAttempt.run_id, (JobItem.run_id == JobAttempt.run_id) & JobItem.status.in_(WAITING)), *_same_item()
    )
    of_item = (JobAttempt.run_id, JobAttempt.user_id, JobAttempt.period, JobAttempt.job)
    ended = [*of_item, JobAttempt.attempt, JobAttempt.status, JobAttempt.error_code, null().cast(JobItem.lease_until.type), JobAttempt.finished_at]
    place = func.row_number().over(partition_by=of_item, order_by=JobAttempt.finished_at.desc()).label("place")
    attempts = select(*ended, place).where(JobAttempt.run_id.in_(run_ids), JobAttempt.status != ItemStatus.PENDING, ~counted).subquery()
    last = select(*list(attempts.c)[: len(ended)]).where(attempts.c.place == 1)
    return union_all(asked, in_hand, last).subquery("items")


def _of_ledger() -> tuple[Any, ...]:
    ended_at = case((JobItem.status.in_(WAITING), null()), else_=JobItem.finished_at)
    return JobItem.user_id, JobItem.period, JobItem.job, JobItem.attempts, JobItem.status, JobItem.error_code, JobItem.lease_until, ended_at


def _same_item() -> tuple[ColumnElement[bool], ...]:
    return JobItem.user_id == JobAttempt.user_id, JobItem.job == JobAttempt.job, JobItem.period == JobAttempt.period


def _tokens() -> tuple[ColumnElement[int], ColumnElement[int]]:
    return func.sum(JobAttempt.input_tokens), func.sum(JobAttempt.output_tokens)


def _spent_by(run_ids: Sequence[UUID]) -> Select[tuple[UUID, int, int]]:
    """By the runs themselves."""
    return select(JobAttempt.run_id, *_tokens()).where(JobAttempt.run_id.in_(run_ids)).group_by(JobAttempt.run_id)


def _spent_for(run_ids: Sequence[UUID]) -> Select[tuple[UUID | None, int, int]]:
    """By other runs, since, on what these asked for."""
    return (
        select(JobItem.asked_by, *_tokens())
        .join(JobRun, JobRun.id == JobItem.asked_by)
        .join(JobAttempt, and_(*_same_item()))
        .where(JobItem.asked_by.in_(run_ids), JobAttempt.run_id != JobItem.asked_by, JobAttempt.finished_at >= JobRun.started_at)
        .group_by(JobItem.asked_by)
    )
