"""Storage of the user's verdicts, and the evidence of the profile at an earlier moment."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import and_, func, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.ids import uuid7
from persistence.models import DiaryVersion, ProfileChange, ProfileValue, Signal, SignalEvidence, Verdict
from persistence.models.profile import ValuePolarity, VerdictKind
from persistence.queries.execution_options import FRESH


async def save_verdict(
    session: AsyncSession, user_id: UUID, kind: VerdictKind, slot: str, value: str, value_key: str, *, evidence: Sequence[UUID] = (), reason: str | None = None,
    polarity: ValuePolarity | None = None,
) -> UUID:
    """Store a verdict with the transaction's time, which the resulting changes of the profile get too, and return its id."""
    id = uuid7()
    row = {"slot": slot, "value": value, "value_key": value_key, "evidence": list(evidence), "reason": reason, "polarity": polarity}
    await session.execute(insert(Verdict).values(user_id=user_id, id=id, kind=kind, **row))
    return id


async def save_revert(session: AsyncSession, user_id: UUID, as_of: date, until: datetime, aside: Sequence[UUID]) -> None:
    """Store a revert, which is a verdict on the whole profile. `aside` are the messages that no longer count as evidence."""
    row = {"slot": "", "value": "", "value_key": "", "evidence": list(aside), "as_of": as_of, "verdicts_valid_until": until}
    await session.execute(insert(Verdict).values(user_id=user_id, id=uuid7(), kind=VerdictKind.REVERT, **row))


async def find_value(session: AsyncSession, user_id: UUID, value_id: UUID) -> ProfileValue | None:
    mine = (ProfileValue.user_id == user_id, ProfileValue.id == value_id)
    return await session.scalar(select(ProfileValue).where(*mine), execution_options=FRESH)


async def list_wishes(session: AsyncSession, user_id: UUID, slot: str, value_key: str) -> Sequence[UUID]:
    """List the messages in which the user wished that this value be remembered."""
    given = (Verdict.user_id == user_id, Verdict.slot == slot, Verdict.value_key == value_key, Verdict.kind == VerdictKind.SET)
    return (await session.scalars(select(func.unnest(Verdict.evidence)).where(*given).order_by(Verdict.id))).all()


async def find_change(session: AsyncSession, user_id: UUID, change_id: UUID) -> ProfileChange | None:
    return await session.scalar(select(ProfileChange).where(ProfileChange.user_id == user_id, ProfileChange.id == change_id))


async def list_evidence_messages_at(session: AsyncSession, user_id: UUID, at: datetime) -> Sequence[UUID]:
    """List the messages that supported the signals which were current at that moment: in the version that each diary had then, and in weekly reviews.

    Messages and signals that were deleted since are missing.
    """
    stood = (
        select(DiaryVersion.diary_id, func.max(DiaryVersion.version).label("version"))
        .where(DiaryVersion.user_id == user_id, DiaryVersion.created_at <= at).group_by(DiaryVersion.diary_id).subquery("stood")
    )
    statement = (
        select(SignalEvidence.message_id).distinct()
        .join(Signal, and_(Signal.user_id == SignalEvidence.user_id, Signal.id == SignalEvidence.signal_id))
        .outerjoin(stood, and_(stood.c.diary_id == Signal.diary_id, stood.c.version == Signal.version))
        .where(SignalEvidence.user_id == user_id, SignalEvidence.withdrawn.is_(False))
        .where(or_(stood.c.version.is_not(None), and_(Signal.week.is_not(None), Signal.created_at <= at)))
    )
    return (await session.scalars(statement)).all()
