"""Model usage of users, by day and purpose."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import func, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.bulk import values_table
from persistence.models import Usage, UsageCost, User
from persistence.models.account import Purpose
from persistence.queries.usage_amounts import Money as Money
from persistence.queries.usage_amounts import Tokens as Tokens


async def record_usage(
    session: AsyncSession, user_id: UUID, day: date, purpose: Purpose, tokens: Tokens, *, calls: int = 1, failed: bool = False, reserved: int = 0
) -> None:
    """Add model calls to the user's day. A failed call counts as a call, and its tokens count too.

    The `reserved` tokens that `token_quota.reserve_tokens` reserved for the call are released.
    """
    amounts = dict(zip(_AMOUNTS, (calls, calls if failed else 0, *_amounts(tokens))))
    statement = insert(Usage).values(user_id=user_id, day=day, purpose=purpose, **amounts)
    sums = {name: getattr(Usage, name) + statement.excluded[name] for name in amounts}
    if reserved:
        sums["reserved_tokens"] = func.greatest(0, Usage.reserved_tokens - reserved)
    await session.execute(statement.on_conflict_do_update(index_elements=[Usage.user_id, Usage.day, Usage.purpose], set_=sums))
    if tokens.cost is not None:
        await _add_costs(session, {(user_id, day, purpose, tokens.cost.currency): tokens.cost.nano})


@dataclass(frozen=True)
class UsageRecord:
    """The model usage of work on a user's day, in one call or several."""

    user_id: UUID
    day: date
    purpose: Purpose
    tokens: Tokens
    failed: bool = False
    calls: int = 1
    """Number of calls; 0 where the call is already counted, and only its failure is new."""


_AMOUNTS = ("calls", "failed_calls", "input_tokens", "output_tokens", "cached_tokens", "thinking_tokens")


def _amounts(tokens: Tokens) -> tuple[int, int, int, int]:
    return tokens.input_tokens, tokens.output_tokens, tokens.cached_tokens, tokens.thinking_tokens


async def record_usages(session: AsyncSession, used: Iterable[UsageRecord]) -> None:
    """Add the usage of many users at once, as `record_usage` does for one. Nothing is counted for users who have been deleted."""
    sums: dict[tuple[UUID, date, Purpose], list[int]] = {}
    costs: dict[CostKey, int] = {}
    for one in used:
        key = (one.user_id, one.day, one.purpose)
        held = sums.setdefault(key, [0] * len(_AMOUNTS))
        held[:] = map(sum, zip(held, (one.calls, int(one.failed), *_amounts(one.tokens))))
        if (cost := one.tokens.cost) is not None:
            cost_key = (*key, cost.currency)
            costs[cost_key] = costs.get(cost_key, 0) + cost.nano
    if not sums:
        return
    columns = ("user_id", "day", "purpose", *_AMOUNTS)
    ordered = sorted(sums, key=lambda key: (key[0], key[1], key[2].value))
    given = values_table("given", {name: Usage.__table__.c[name].type for name in columns}, [(*key, *sums[key]) for key in ordered])
    statement = insert(Usage).from_select(columns, select(*given.c).join(User, User.id == given.c.user_id))
    added = {name: getattr(Usage, name) + statement.excluded[name] for name in _AMOUNTS}
    await session.execute(statement.on_conflict_do_update(index_elements=[Usage.user_id, Usage.day, Usage.purpose], set_=added))
    if costs:
        await _add_costs(session, costs)


CostKey = tuple[UUID, date, Purpose, str]
"""User, day, purpose and currency."""


async def _add_costs(session: AsyncSession, costs: Mapping[CostKey, int]) -> None:
    """Add to the costs of rows in `usage`, which must already exist; users who have been deleted are skipped."""
    columns = ("user_id", "day", "purpose", "currency", "nano")
    ordered = sorted(costs, key=lambda key: (key[0], key[1], key[2].value, key[3]))
    given = values_table("given", {name: UsageCost.__table__.c[name].type for name in columns}, [(*key, costs[key]) for key in ordered])
    statement = insert(UsageCost).from_select(columns, select(*given.c).join(User, User.id == given.c.user_id))
    key = [UsageCost.user_id, UsageCost.day, UsageCost.purpose, UsageCost.currency]
    await session.execute(statement.on_conflict_do_update(index_elements=key, set_={"nano": UsageCost.nano + statement.excluded.nano}))


UserDay = tuple[UUID, date]


async def load_usage(session: AsyncSession, days: Sequence[UserDay]) -> Mapping[UserDay, Sequence[Usage]]:
    """Load each user's usage of a day, one row per purpose; days without usage are left out."""
    found: dict[UserDay, list[Usage]] = {}
    for row in await session.scalars(select(Usage).where(tuple_(Usage.user_id, Usage.day).in_(list(days)))):
        found.setdefault((row.user_id, row.day), []).append(row)
    return found
