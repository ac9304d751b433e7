"""Counters of password attempts and registrations across all instances. One statement checks and counts each attempt.

Times come from the database's clock.
"""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import CTE, ColumnElement, Interval, and_, case, delete, extract, false, func, literal, not_, or_, select, true
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from persistence.models import User
from persistence.models.limits import Throttle

PRUNE_BATCH_SIZE = 10_000
"""Counters that one call deletes."""

Column = ColumnElement[Any]


@dataclass(frozen=True)
class ThrottleRule:
    """A counter's key and limits. `free` attempts have no wait; the next one waits for `first`, each further one twice as long, up to `longest`.

    After `most` consecutive attempts all further ones are blocked for `forgotten_after`. A counter without an attempt in
    `forgotten_after` starts again.
    """

    key: bytes
    account_hash: bytes | None
    free: int
    first: timedelta
    longest: timedelta
    most: int | None
    forgotten_after: timedelta


@dataclass(frozen=True)
class Admission:
    """The result of counting an attempt: whether it is allowed and, if not, the seconds to wait.

    `user` is the user with the e-mail address if the attempt is allowed, None if there is no such user.
    """

    allowed: bool
    wait: float
    user: User | None


async def count_attempt(
    session: AsyncSession, own: ThrottleRule, others: Sequence[ThrottleRule], *, email: str | None = None, trusted: bool = False
) -> Admission:
    """Count one attempt in all counters that apply, or in none if one of them is blocked.

    `others` do not apply to a client that `own` trusts (or if `trusted`). Rows are locked in the given order, which must always be the same, so
    concurrent attempts cannot deadlock. The attempt counts as failed from the start, so parallel attempts gain nothing over consecutive ones.

    `blocked_until` is compared with `clock_timestamp()`: a counter that blocks no attempt stores the start of the transaction that wrote it, which may
    be later than the start of this one.
    """
    keys = [counter.key for counter in others]
    concerns = or_(Throttle.key == own.key, and_(Throttle.key.in_(keys), not_(_trusted_condition(own, trusted))))
    blocked = select(func.max(Throttle.blocked_until)).where(concerns, Throttle.blocked_until > func.clock_timestamp()).scalar_subquery()
    last = first = _count(own, select(literal(1)).where(blocked.is_(None)), "own", trusted)
    for number, counter in enumerate(others):
        last = _count(counter, select(literal(1)).select_from(last).where(not_(last.c.trusted)), f"other_{number}")
    allowed = or_(select(first.c.trusted).where(first.c.trusted).exists(), select(last.c.trusted).exists())
    verdict = select(allowed.label("allowed"), extract("epoch", blocked - func.now()).label("wait")).cte("verdict")
    whose = and_(verdict.c.allowed, User.email == email)
    found = (await session.execute(select(verdict.c.allowed, verdict.c.wait, User).select_from(verdict.outerjoin(User, whose)))).one()
    return Admission(found[0], float(found[1] or 0), found[2])


def _trusted_condition(own: ThrottleRule, trusted: bool) -> Column:
    """Return the condition that the counter `own` trusts the client, which always holds if `trusted`."""
    if trusted:
        return true()
    present = aliased(Throttle)
    return select(present.key).where(present.key == own.key, present.trusted_until > func.now()).exists()


def _count(counter: ThrottleRule, when: Any, name: str, trusted: bool = False) -> CTE:
    """Return a CTE that counts one attempt if `when` has a row and the key is not blocked according to its row once that is locked.

    `blocked_until` is compared with `clock_timestamp()`, because `now()` is the transaction's start: the transaction that held the lock until now may
    have written the row later.
    """
    forgotten = Throttle.tried_at <= func.now() - counter.forgotten_after
    tries = case((forgotten, 1), else_=Throttle.tries + 1)
    row = insert(Throttle).from_select(
        ["key", "account_hash", "tries", "tried_at", "blocked_until", "expires_at"],
        when.with_only_columns(
            literal(counter.key), literal(counter.account_hash, Throttle.account_hash.type), literal(1), func.now(), func.now() + _delay(literal(1), counter),
            func.now() + counter.forgotten_after,
        ),
    )  # fmt: skip
    counted = row.on_conflict_do_update(
        index_elements=[Throttle.key],
        set_={
            "tries": tries, "tried_at": func.now(), "blocked_until": func.now() + _delay(tries, counter),
            "expires_at": func.greatest(func.now() + counter.forgotten_after, Throttle.trusted_until),
        },
        where=Throttle.blocked_until <= func.clock_timestamp(),
    )  # fmt: skip
    trust = true() if trusted else func.coalesce(Throttle.trusted_until > func.now(), false())
    return counted.returning(trust.label("trusted")).cte(name)


def _delay(tries: Column, counter: ThrottleRule) -> Column:
    doublings = func.least(tries - counter.free, 20)
    growing = func.least(counter.longest.total_seconds(), counter.first.total_seconds() * func.power(2.0, doublings))
    ended = [(tries >= counter.most, counter.forgotten_after.total_seconds())] if counter.most else []
    seconds = case(*ended, (tries >= counter.free, growing), else_=0.0)
    return func.make_interval(0, 0, 0, 0, 0, 0, seconds, type_=Interval())


async def record_success(session: AsyncSession, own: ThrottleRule, others: Sequence[ThrottleRule], *, trusted_for: timedelta) -> None:
    """Record that an attempt succeeded: reset the account's counters, subtract this attempt from the others, and trust the client of `own`
    for `trusted_for`.
    """
    rows = [{"key": counter.key, "account_hash": counter.account_hash, "tries": 0, **_now()} for counter in (own, *others)]
    rows[0]["trusted_until"] = func.now() + trusted_for
    for row in rows[1:]:
        row["trusted_until"] = None
    reset = insert(Throttle).values(rows)
    about_nobody = Throttle.account_hash.is_(None)
    trusted_until = func.coalesce(reset.excluded.trusted_until, Throttle.trusted_until)
    await session.execute(
        reset.on_conflict_do_update(
            index_elements=[Throttle.key],
            set_={
                "tries": case((about_nobody, func.greatest(Throttle.tries - 1, 0)), else_=0), "blocked_until": func.now(),
                "trusted_until": trusted_until, "expires_at": func.greatest(Throttle.expires_at, trusted_until),
            },
        )
    )  # fmt: skip


def _now() -> dict[str, Any]:
    return {"tried_at": func.now(), "blocked_until": func.now(), "expires_at": func.now()}


async def delete_account_counters(session: AsyncSession, account_hash: bytes) -> None:
    """Delete the counters of an account."""
    await session.execute(delete(Throttle).where(Throttle.account_hash == account_hash))


async def prune_throttles(session: AsyncSession) -> None:
    """Delete up to `PRUNE_BATCH_SIZE` expired counters, skipping rows that other transactions have locked."""
    over = select(Throttle.key).where(Throttle.expires_at <= func.now()).limit(PRUNE_BATCH_SIZE).with_for_update(skip_locked=True)
    picked = over.cte("over").prefix_with("MATERIALIZED")  # PostgreSQL may plan a sub-select so that it runs once for each row
    await session.execute(delete(Throttle).where(Throttle.key == picked.c.key).execution_options(synchronize_session=False))
