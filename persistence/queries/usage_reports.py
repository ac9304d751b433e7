"""Reports of model usage for the operator, who pays for it: by day and purpose, and by user."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, cast, func, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.models import Usage, UsageCost
from persistence.models.account import Purpose
from persistence.models.enums import Job
from persistence.paging import PageRange

PURPOSES_OF = {Job.DAILY_DIARY: (Purpose.DIARY,), Job.WEEKLY_PROFILE: (Purpose.WEEK,), Job.DAILY_PROFILE: ()}
"""The purposes of each job's model calls; DAILY_PROFILE makes none."""

JOB_OF = {purpose: job for job, purposes in PURPOSES_OF.items() for purpose in purposes}


Costs = Mapping[str, int]
"""Cost by currency, in billionths; empty where no price was known."""


@dataclass(frozen=True)
class UsageRow:
    day: date
    purpose: Purpose
    people: int
    calls: int
    failed_calls: int
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    thinking_tokens: int
    costs: Costs = field(default_factory=dict)


@dataclass(frozen=True)
class PersonUsage:
    user_id: UUID
    calls: int
    failed_calls: int
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    thinking_tokens: int
    costs: Costs = field(default_factory=dict)

    @property
    def position(self) -> tuple[int, UUID]:
        return self.input_tokens + self.output_tokens, self.user_id


async def usage_between(session: AsyncSession, first: date, last: date, *, user_id: UUID | None, job: Job | None) -> list[UsageRow]:
    """Return sums by day and purpose, of all users or of one; of one job, or of all jobs and the chats."""
    statement = (
        select(Usage.day, Usage.purpose, func.count(Usage.user_id), *_sums())
        .where(*_within(first, last, job)).group_by(Usage.day, Usage.purpose).order_by(Usage.day, Usage.purpose)
    )
    rows = [UsageRow(*row) for row in await session.execute(statement if user_id is None else statement.where(Usage.user_id == user_id))]
    of_whom = None if user_id is None else [user_id]
    costs = await _load_costs(session, (UsageCost.day, UsageCost.purpose), _within(first, last, job, UsageCost), user_ids=of_whom)
    return [replace(row, costs=costs.get((row.day, row.purpose), {})) for row in rows]


async def usage_by_user(
    session: AsyncSession, first: date, last: date, page: PageRange, *, job: Job | None
) -> list[PersonUsage]:
    """Return sums by user, the users with the most input and output tokens first: a page of the list."""
    tokens = _sum(Usage.input_tokens) + _sum(Usage.output_tokens)
    statement = select(Usage.user_id, *_sums()).where(*_within(first, last, job)).group_by(Usage.user_id)
    for condition in page.bounds(tuple_(tokens, Usage.user_id), descending=True):
        statement = statement.having(condition)
    rows = [PersonUsage(*row) for row in await session.execute(statement.order_by(*page.order(tokens, Usage.user_id, descending=True)).limit(page.limit))]
    costs = await _load_costs(session, (UsageCost.user_id,), _within(first, last, job, UsageCost), user_ids=[row.user_id for row in rows])
    return [replace(row, costs=costs.get((row.user_id,), {})) for row in rows]


async def _load_costs(
    session: AsyncSession, key: Sequence[Any], within: Sequence[Any], *, user_ids: Sequence[UUID] | None
) -> Mapping[tuple[Any, ...], Costs]:
    """Load the costs by `key`, of these users or of all."""
    statement = select(*key, UsageCost.currency, func.sum(UsageCost.nano)).where(*within).group_by(*key, UsageCost.currency).order_by(UsageCost.currency)
    found: dict[tuple[Any, ...], dict[str, int]] = {}
    for *group, currency, nano in await session.execute(statement if user_ids is None else statement.where(UsageCost.user_id.in_(user_ids))):
        found.setdefault(tuple(group), {})[currency] = int(nano)
    return found


async def count_users(session: AsyncSession, first: date, last: date, *, job: Job | None) -> int:
    return await session.scalar(select(func.count(Usage.user_id.distinct())).where(*_within(first, last, job))) or 0


def _sums() -> Sequence[Any]:
    counted = (Usage.calls, Usage.failed_calls, Usage.input_tokens, Usage.output_tokens, Usage.cached_tokens, Usage.thinking_tokens)
    return [_sum(column) for column in counted]


def _sum(column: Any) -> Any:
    """Return the sum of a column as bigint, since PostgreSQL's sum of bigint is a decimal."""
    return cast(func.sum(column), BigInteger)


def _within(first: date, last: date, job: Job | None, table: Any = Usage) -> Sequence[Any]:
    return [table.day.between(first, last), *([] if job is None else [table.purpose.in_(PURPOSES_OF[job])])]
