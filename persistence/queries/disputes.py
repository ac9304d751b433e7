"""Disputed values, and the dispute of each slot that a prompt last included, so that the chat asks the user about each dispute once."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import delete, func, or_, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.models import DisputeQuestion, ProfileValue
from persistence.models.profile import ValueStatus
from persistence.queries.execution_options import QUIET


class Asked(NamedTuple):
    """The dispute of a slot that a prompt last included, and the user's message that the prompt answered."""

    dispute_digest: str
    question_id: UUID


async def list_disputed_values(session: AsyncSession, user_id: UUID) -> Sequence[ProfileValue]:
    disputed = (ProfileValue.user_id == user_id, ProfileValue.status == ValueStatus.DISPUTED)
    return (await session.scalars(select(ProfileValue).where(*disputed))).all()


async def load_asked(session: AsyncSession, user_id: UUID) -> Mapping[str, Asked]:
    """Return the last included dispute by slot."""
    columns = (DisputeQuestion.slot, DisputeQuestion.dispute_digest, DisputeQuestion.question_id)
    rows = await session.execute(select(*columns).where(DisputeQuestion.user_id == user_id))
    return {slot: Asked(dispute, question_id) for slot, dispute, question_id in rows}


async def claim_dispute(session: AsyncSession, user_id: UUID, slot: str, dispute: str, question_id: UUID) -> bool:
    """Return whether this question may include the dispute in its prompt; of several concurrent questions, one may."""
    row = insert(DisputeQuestion).values(user_id=user_id, slot=slot, dispute_digest=dispute, question_id=question_id)
    claimed = row.on_conflict_do_update(
        index_elements=[DisputeQuestion.user_id, DisputeQuestion.slot],
        set_={"dispute_digest": row.excluded.dispute_digest, "question_id": row.excluded.question_id, "created_at": func.now()},
        where=DisputeQuestion.dispute_digest != row.excluded.dispute_digest,
    )
    return await session.scalar(claimed.returning(DisputeQuestion.slot)) is not None


async def release_dispute(session: AsyncSession, user_id: UUID, dispute: str, question_id: UUID) -> None:
    """Delete the claim of a question that did not ask the user after all."""
    mine = (DisputeQuestion.user_id == user_id, DisputeQuestion.question_id == question_id, DisputeQuestion.dispute_digest == dispute)
    await session.execute(delete(DisputeQuestion).where(*mine), execution_options=QUIET)


async def forget_disputes(session: AsyncSession, user_id: UUID, present: Collection[tuple[str, str]]) -> None:
    """Delete the records of disputes that are over; `present` are those that still exist, by slot and dispute."""
    over = tuple_(DisputeQuestion.slot, DisputeQuestion.dispute_digest).not_in(list(present)) if present else or_(True)
    await session.execute(delete(DisputeQuestion).where(DisputeQuestion.user_id == user_id, over), execution_options=QUIET)
