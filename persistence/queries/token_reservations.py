"""Tokens of the nightly jobs of a UTC day: reserved for an item's lease, and booked as spent once the tokens that its call used are known.

A reservation is stored in the item's row, so it ends with the lease: one whose call had not begun is released, one whose call had begun is
booked at its estimate. A function that is repeated after a lost acknowledgement finds no reservation any more and books nothing twice.

All transactions lock rows in one order: users, items, usage, shares, the day's budget. One that holds the budget waits for none of the others.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Date, Uuid, cast, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.bulk import values_table
from persistence.models import JobItem, JobTokenBudget, NightShare, User
from persistence.models.account import Purpose
from persistence.models.jobs import Job
from persistence.queries.execution_options import QUIET
from persistence.queries.usage import Money, Tokens, UsageRecord, record_usages

EXPIRED_BATCH_SIZE = 200
"""Ended reservations whose users one call looks up."""
WEEK = timedelta(days=6)
"""From a week's Monday to its last day."""
_PURPOSES = {Job.DAILY_DIARY: Purpose.DIARY, Job.WEEKLY_PROFILE: Purpose.WEEK}
_RESERVATION = (
    JobItem.user_id, JobItem.job, JobItem.period, JobItem.reserved_by_attempt_id, JobItem.reserved_tokens, JobItem.reserved_on, JobItem.call_started_at,
)
_FREE = {"reserved_by_attempt_id": None, "reserved_tokens": 0, "reserved_on": None, "reserved_until": None, "call_started_at": None}
"""The columns of an item without a reservation."""


@dataclass(frozen=True)
class Budget:
    """The tokens of one day, locked until the transaction ends."""

    day: date
    spent: int
    reserved: int

    @property
    def used(self) -> int:
        return self.spent + self.reserved


@dataclass(frozen=True)
class Cost:
    """The tokens that a call for an item used. `attempt_id` identifies the reservation that it settles."""

    user_id: UUID
    job: Job
    period: date
    attempt_id: UUID
    tokens: Tokens
    failed: bool = False

    @property
    def total(self) -> int:
        return self.tokens.input_tokens + self.tokens.output_tokens


@dataclass(frozen=True)
class _Estimate:
    """The estimated tokens of a call whose actual use will never be known; all of them count as input tokens."""

    input_tokens: int
    output_tokens: int = 0
    cached_tokens: int = 0
    thinking_tokens: int = 0
    cost: Money | None = None


def usage_of(user_id: UUID, job: Job, period: date, tokens: Tokens, *, failed: bool, calls: int = 1) -> UsageRecord:
    """Return the record in `usage` of a call for that period: under the diary's day, or the last day of the week."""
    return UsageRecord(user_id, period + WEEK if job is Job.WEEKLY_PROFILE else period, _PURPOSES[job], tokens, failed, calls)


def today() -> Any:
    """Return an expression for the current UTC day by the database's clock."""
    return cast(func.timezone("UTC", func.now()), Date)


async def lock_budget(session: AsyncSession, day: date | None = None) -> Budget:
    """Lock and return the budget of a day, by default of today."""
    day = day or (await session.execute(select(today()))).scalar_one()
    spent = await _lock_day(session, day)
    return Budget(day, spent, int(await session.scalar(select(_reserved_on(day))) or 0))


async def _lock_day(session: AsyncSession, day: date) -> int:
    """Lock a day's row, after creating it if it is missing, and return the tokens spent."""
    locking = select(JobTokenBudget.spent).where(JobTokenBudget.day == day).with_for_update()
    spent = await session.scalar(locking)
    if spent is None:
        await session.execute(insert(JobTokenBudget).values(day=day).on_conflict_do_nothing())
        spent = await session.scalar(locking)
    return int(spent or 0)


def _reserved_on(day: date) -> Any:
    total = select(func.coalesce(func.sum(JobItem.reserved_tokens), 0))
    return total.where(JobItem.reserved_by_attempt_id.is_not(None), JobItem.reserved_on == day).scalar_subquery()


async def book(session: AsyncSession, spent: Mapping[date, int]) -> None:
    """Add to the tokens spent on each day, and recompute the tokens reserved. Every transaction that changes reservations ends with this.

    The row is locked first and the sum computed by a later statement, so that the sum includes everything committed before.
    """
    for day in sorted(spent):
        await _lock_day(session, day)
        values = {"spent": JobTokenBudget.spent + spent[day], "reserved": _reserved_on(day)}
        await session.execute(update(JobTokenBudget).where(JobTokenBudget.day == day).values(values).execution_options(**QUIET))


async def record_costs(session: AsyncSession, costs: Sequence[Cost]) -> frozenset[UUID]:
    """Book the tokens that calls used in `usage`, the user's share and the budget, and end their reservations. Return the attempts booked now.

    Nothing is booked without a reservation: the call was booked before, by a commit whose acknowledgement was lost, or at its estimate when the
    lease ended. A deleted user has no usage, but their tokens count in the budget.
    """
    if not costs:
        return frozenset()
    there = await _lock_users(session, {cost.user_id for cost in costs})
    ended = {row.reserved_by_attempt_id: row for row in await _take_reservations(session, [(cost.user_id, cost.attempt_id) for cost in costs])}
    if ended:
        await _clear(session, list(ended.values()))
    booked = [cost for cost in costs if cost.attempt_id in ended]
    spent = await _spend(session, [(cost, ended[cost.attempt_id].reserved_on) for cost in booked])
    if gone := sum(cost.total for cost in costs if cost.user_id not in there):
        day = (await session.execute(select(today()))).scalar_one()
        spent[day] = spent.get(day, 0) + gone
    await book(session, spent)
    return frozenset(cost.attempt_id for cost in booked)


async def _spend(session: AsyncSession, booked: Sequence[tuple[Cost, date]]) -> dict[date, int]:
    """Add the tokens to `usage` and to the users' shares, and return the sums by day for the budget."""
    await record_usages(session, [usage_of(cost.user_id, cost.job, cost.period, cost.tokens, failed=cost.failed) for cost, _ in booked])
    shares: dict[tuple[UUID, date], int] = {}
    for cost, day in booked:
        shares[cost.user_id, day] = shares.get((cost.user_id, day), 0) + cost.total
    if shares:
        given = values_table("given", {"user_id": Uuid(), "day": Date(), "spent": BigInteger()}, [(*key, shares[key]) for key in sorted(shares)])
        row = insert(NightShare).from_select(["user_id", "day", "spent"], select(*given.c))
        added = {"spent": NightShare.spent + row.excluded.spent}
        await session.execute(row.on_conflict_do_update(index_elements=[NightShare.user_id, NightShare.day], set_=added))
    spent: dict[date, int] = {}
    for (_, day), tokens in shares.items():
        spent[day] = spent.get(day, 0) + tokens
    return spent


async def _lock_users(session: AsyncSession, user_ids: Iterable[UUID], *, waiting: bool = True) -> set[UUID]:
    """Lock users against deletion until the transaction ends, and return those that exist; without `waiting`, skip those that are locked."""
    statement = select(User.id).where(User.id.in_(list(user_ids))).order_by(User.id)
    return set(await session.scalars(statement.with_for_update(read=True, key_share=True, skip_locked=not waiting)))


async def _take_reservations(session: AsyncSession, keys: Sequence[tuple[UUID, UUID]]) -> Sequence[Any]:
    """Lock and return the items with these reservations, given as pairs of user and attempt."""
    wanted = values_table("wanted", {"user_id": Uuid(), "reserved_by_attempt_id": Uuid()}, keys)
    statement = (
        select(*_RESERVATION)
        .join(wanted, (wanted.c.user_id == JobItem.user_id) & (wanted.c.reserved_by_attempt_id == JobItem.reserved_by_attempt_id))
        .order_by(JobItem.user_id, JobItem.job, JobItem.period).with_for_update(of=JobItem)
    )
    return (await session.execute(statement)).all()


async def end_expired_reservations(session: AsyncSession) -> None:
    """End the reservations whose lease is over: release those whose call had not begun, book the others at their estimate.

    Rows that another transaction has locked are skipped. To be called in a transaction of its own, or before the budget is locked.
    """
    over = (JobItem.reserved_by_attempt_id.is_not(None), JobItem.reserved_until <= func.now())
    user_ids = set(await session.scalars(select(JobItem.user_id).where(*over).order_by(JobItem.reserved_until).limit(EXPIRED_BATCH_SIZE)))
    if not user_ids:
        return
    there = await _lock_users(session, user_ids, waiting=False)
    locking = (
        select(*_RESERVATION)
        .where(*over, JobItem.user_id.in_(there)).order_by(JobItem.user_id, JobItem.job, JobItem.period)
        .with_for_update(skip_locked=True)
    )
    await _end(session, (await session.execute(locking)).all())


async def release(session: AsyncSession, keys: Sequence[tuple[UUID, UUID]]) -> None:
    """End reservations, given as pairs of user and attempt, for which no call was made; nothing is booked."""
    await _end(session, await _take_reservations(session, keys) if keys else (), unasked=True)


async def _end(session: AsyncSession, ended: Sequence[Any], *, unasked: bool = False) -> None:
    if not ended:
        return
    await _clear(session, ended)
    begun = [] if unasked else [row for row in ended if row.call_started_at is not None]
    lost = [(Cost(row.user_id, row.job, row.period, row.reserved_by_attempt_id, _Estimate(row.reserved_tokens), failed=True), row.reserved_on) for row in begun]
    spent = await _spend(session, lost)
    await book(session, {row.reserved_on: spent.get(row.reserved_on, 0) for row in ended})


async def _clear(session: AsyncSession, ended: Sequence[Any]) -> None:
    """Remove the reservations from their items, which the caller has locked."""
    its = (JobItem.user_id.in_({row.user_id for row in ended}), JobItem.reserved_by_attempt_id.in_([row.reserved_by_attempt_id for row in ended]))
    await session.execute(update(JobItem).where(*its).values(**_FREE).execution_options(**QUIET))


async def prune_shares(session: AsyncSession) -> None:
    """Delete the users' shares of days more than a week ago, whose limits no longer matter."""
    await session.execute(delete(NightShare).where(NightShare.day < today() - 7).execution_options(**QUIET))
