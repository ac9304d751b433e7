"""What a person used of the model, by day and purpose."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Protocol
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.models import Usage
from persistence.models.account import Purpose


class Tokens(Protocol):
    """Tokens of a call, as `llm.usage.Usage` has them."""

    @property
    def input_tokens(self) -> int: ...

    @property
    def output_tokens(self) -> int: ...


async def record_usage(
    session: AsyncSession, user_id: UUID, day: date, purpose: Purpose, tokens: Tokens, *, calls: int = 1, failed: bool = False
) -> None:
    """Add model calls to the person's day. A failed call counts as a call, and what it used counts too."""
    amounts = {
        "calls": calls,
        "failed_calls": calls if failed else 0,
        "input_tokens": tokens.input_tokens,
        "output_tokens": tokens.output_tokens,
    }
    statement = insert(Usage).values(user_id=user_id, day=day, purpose=purpose, **amounts)
    sums = {name: getattr(Usage, name) + statement.excluded[name] for name in amounts}
    await session.execute(statement.on_conflict_do_update(index_elements=[Usage.user_id, Usage.day, Usage.purpose], set_=sums))


async def list_usage_of_day(session: AsyncSession, user_id: UUID, day: date) -> Sequence[Usage]:
    """The person's use of one day, one row a purpose."""
    return (await session.scalars(select(Usage).where(Usage.user_id == user_id, Usage.day == day).order_by(Usage.purpose))).all()
