"""Tries that are counted across all instances, each by one statement that asks and counts at once. Times are the database's."""
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

PRUNED_AT_ONCE = 10_000

Column = ColumnElement[Any]


@dataclass(frozen=True)
class ThrottleRule:
    """What is counted under a key. `free` tries wait for nothing; each further one waits `first` and twice as long each time, up to `longest`.

    `most` in a row end them until they are forgotten, a day after the last.
    """

    key: bytes
    account: bytes | None
    free: int
    first: timedelta
    longest: timedelta
    most: int | None
    forgotten_after: timedelta


@dataclass(frozen=True)
class Admission:
    """Whether a try may go on, else the seconds to wait; and the account that it is about, if there is one."""

    allowed: bool
    wait: float
    user: User | None


async def count_attempt(
    session: AsyncSession, own: ThrottleRule, others: Sequence[ThrottleRule], *, email: str | None = None, trusted: bool = False
) -> Admission:
    """Count one try unless a counter is blocked; then none counts.

    `others` do not concern whom the first one trusts (or `trusted` says so). Counters are taken in the order given, always the same one, so that
    two tries never wait for each other. The try counts as failed from the start, so that many at once get no further than one after another.

    Compared with the clock of the moment: a counter that blocks nobody holds the time at which another transaction began, maybe after this one.
    """
    keys = [counter.key for counter in others]
    concerns = or_(Throttle.key == own.key, and_(Throttle.key.in_(keys), not_(_is_trusted(own, trusted))))
    blocked = select(func.max(Throttle.blocked_until)).where(concerns, Throttle.blocked_until > func.clock_timestamp()).scalar_subquery()
    last = first = _count(own, select(literal(1)).where(blocked.is_(None)), "own", trusted)
    for number, counter in enumerate(others):
        last = _count(counter, select(literal(1)).select_from(last).where(not_(last.c.trusted)), f"other_{number}")
    allowed = or_(select(first.c.trusted).where(first.c.trusted).exists(), select(last.c.trusted).exists())
    verdict = select(allowed.label("allowed"), extract("epoch", blocked - func.now()).label("wait")).cte("verdict")
    whose = and_(verdict.c.allowed, User.email == email)
    found = (await session.execute(select(verdict.c.allowed, verdict.c.wait, User).select_from(verdict.outerjoin(User, whose)))).one()
    return Admission(found[0], float(found[1] or 0), found[2])


def _is_trusted(own: ThrottleRule, trusted: bool) -> Column:
    if trusted:
        return true()
    present = aliased(Throttle)
    return select(present.key).where(present.key == own.key, present.trusted_until > func.now()).exists()


def _count(counter: ThrottleRule, when: Any, name: str, trusted: bool = False) -> CTE:
    """One more try under the key, if `when` has a row and the key is not blocked, as the row stands once it is ours.

    The clock is read then: `now()` is when the transaction began, before whoever had the row until now wrote their own.
    """
    forgotten = Throttle.tried_at <= func.now() - counter.forgotten_after
    tries = case((forgotten, 1), else_=Throttle.tries + 1)
    row = insert(Throttle).from_select(
        ["key", "account", "tries", "tried_at", "blocked_until", "expires_at"],
        when.with_only_columns(
            literal(counter.key), literal(counter.account, Throttle.account.type), literal(1), func.now(), func.now() + _delay(literal(1), counter),
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
    """The try succeeded: the account's counters begin anew, the others forget this one try, and the first one is trusted from now on."""
    rows = [{"key": counter.key, "account": counter.account, "tries": 0, **_now()} for counter in (own, *others)]
    rows[0]["trusted_until"] = func.now() + trusted_for
    for row in rows[1:]:
        row["trusted_until"] = None
    row = insert(Throttle).values(rows)
    about_nobody = Throttle.account.is_(None)
    trusted_until = func.coalesce(row.excluded.trusted_until, Throttle.trusted_until)
    await session.execute(
        row.on_conflict_do_update(
            index_elements=[Throttle.key],
            set_={
                "tries": case((about_nobody, func.greatest(Throttle.tries - 1, 0)), else_=0), "blocked_until": func.now(),
                "trusted_until": trusted_until, "expires_at": func.greatest(Throttle.expires_at, trusted_until),
            },
        )
    )  # fmt: skip


def _now() -> dict[str, Any]:
    return {"tried_at": func.now(), "blocked_until": func.now(), "expires_at": func.now()}


async def forget_account(session: AsyncSession, account: bytes) -> None:
    """Delete what was counted about an account."""
    await session.execute(delete(Throttle).where(Throttle.account == account))


async def prune_throttles(session: AsyncSession) -> None:
    """Delete what is over, as much as one statement may; waits for nobody."""
    over = select(Throttle.key).where(Throttle.expires_at <= func.now()).limit(PRUNED_AT_ONCE).with_for_update(skip_locked=True)
    picked = over.cte("over").prefix_with("MATERIALIZED")  # a sub-select could be planned to run once for each row
    await session.execute(delete(Throttle).where(Throttle.key == picked.c.key).execution_options(synchronize_session=False))
