"""The dispute of each slot that a prompt last included: the message path claims it (persistence/queries/exchange_closing.py), a job deletes it."""
from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import delete, true, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.models import DisputeQuestion
from persistence.queries.execution_options import QUIET


async def delete_resolved_disputes(session: AsyncSession, user_id: UUID, present: Collection[tuple[str, str]]) -> None:
    """Delete the records of disputes that are over; `present` are those that still exist, by slot and dispute."""
    over = tuple_(DisputeQuestion.slot, DisputeQuestion.dispute_digest).not_in(list(present)) if present else true()
    await session.execute(delete(DisputeQuestion).where(DisputeQuestion.user_id == user_id, over), execution_options=QUIET)
