"""What the profile is computed from, and how a computed profile and its changes are stored."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.ids import uuid7
from persistence.models import Diary, ProfileAlias, ProfileChange, ProfileValue, Signal, SignalEvidence, User, Verdict
from persistence.models.diary import Polarity


@dataclass(frozen=True)
class EvidenceRow:
    slot: str
    value: str
    value_key: str
    polarity: Polarity
    confidence: float
    stated: bool
    day: date
    message_id: UUID
    said_at: datetime


async def lock_user(session: AsyncSession, user_id: UUID) -> User | None:
    """The person, held until the transaction ends, so that two recomputations of one profile follow each other."""
    return await session.scalar(select(User).where(User.id == user_id).with_for_update(key_share=True))


async def lock_user_and_clock(session: AsyncSession, user_id: UUID) -> tuple[User, datetime] | None:
    """The person, held as by `lock_user`, and what time it is: the database's, which all instances share."""
    found = (await session.execute(select(User, func.now()).where(User.id == user_id).with_for_update(key_share=True, of=User))).one_or_none()
    return None if found is None else (found[0], found[1])


async def list_evidence(session: AsyncSession, user_id: UUID) -> list[EvidenceRow]:
    """The quotes behind the signals of every diary's present version and of every week's review, without those that are withdrawn."""
    present = (Diary.version == Signal.version) | Signal.week.is_not(None)
    statement = (
        select(Signal.slot, Signal.value, Signal.value_key, Signal.polarity, Signal.confidence, Signal.stated,
               SignalEvidence.day, SignalEvidence.message_id, SignalEvidence.said_at)
        .join(SignalEvidence, (SignalEvidence.user_id == Signal.user_id) & (SignalEvidence.signal_id == Signal.id))
        .outerjoin(Diary, (Diary.user_id == Signal.user_id) & (Diary.id == Signal.diary_id))
        .where(Signal.user_id == user_id, present, SignalEvidence.withdrawn.is_(False))
    )
    return [EvidenceRow(*row) for row in await session.execute(statement)]


async def list_verdicts(session: AsyncSession, user_id: UUID) -> Sequence[Verdict]:
    return (await session.scalars(select(Verdict).where(Verdict.user_id == user_id).order_by(Verdict.id))).all()


async def load_aliases(session: AsyncSession, user_id: UUID) -> Mapping[tuple[str, str], str]:
    """(slot, value key) of a merged value -> the key of the value it was merged into."""
    rows = await session.execute(select(ProfileAlias.slot, ProfileAlias.from_key, ProfileAlias.into_key).where(ProfileAlias.user_id == user_id))
    return {(slot, from_key): into_key for slot, from_key, into_key in rows}


async def save_aliases(session: AsyncSession, user_id: UUID, aliases: Mapping[tuple[str, str], str], run_id: UUID | None) -> None:
    for (slot, from_key), into_key in aliases.items():
        row = upsert(ProfileAlias).values(user_id=user_id, slot=slot, from_key=from_key, into_key=into_key, run_id=run_id)
        await session.execute(row.on_conflict_do_nothing())


async def list_values(session: AsyncSession, user_id: UUID) -> Sequence[ProfileValue]:
    return (await session.scalars(select(ProfileValue).where(ProfileValue.user_id == user_id))).all()


async def replace_values(session: AsyncSession, user_id: UUID, present: Sequence[ProfileValue], wanted: Sequence[Mapping[str, Any]]) -> None:
    """Make the stored profile equal to the computed one, touching only the rows that differ; a value keeps its id while it exists."""
    stored = {(row.slot, row.value_key): row for row in present}
    fresh = []
    for columns in wanted:
        row = stored.pop((columns["slot"], columns["value_key"]), None)
        if row is None:
            fresh.append({"user_id": user_id, "id": uuid7(), **columns})
        elif any(getattr(row, name) != value for name, value in columns.items()):
            await session.execute(update(ProfileValue).where(ProfileValue.user_id == user_id, ProfileValue.id == row.id).values(**columns))
    if fresh:
        await session.execute(insert(ProfileValue), fresh)
    if stored:
        gone = [row.id for row in stored.values()]
        await session.execute(delete(ProfileValue).where(ProfileValue.user_id == user_id, ProfileValue.id.in_(gone)))


async def save_changes(session: AsyncSession, user_id: UUID, changes: Sequence[Mapping[str, Any]], run_id: UUID | None) -> None:
    if changes:
        await session.execute(insert(ProfileChange), [{"user_id": user_id, "id": uuid7(), "run_id": run_id, **change} for change in changes])


async def delete_week(session: AsyncSession, user_id: UUID, week: date) -> None:
    """Remove what an earlier review of this week found; the new review replaces it."""
    await session.execute(delete(Signal).where(Signal.user_id == user_id, Signal.week == week))
