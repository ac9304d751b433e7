"""Values whose words are gone: whatever still repeats their names in verdicts, merges and the log of changes."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import Uuid, any_, delete, literal, or_, select, tuple_
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.models import ProfileAlias, ProfileChange, Signal, Verdict

ValueName = tuple[str, str]
"""A slot and the key of a value in it."""


async def find_unsaid(session: AsyncSession, user_id: UUID, names: Collection[ValueName]) -> frozenset[ValueName]:
    """Of these values, those that no signal names any more, in any version or week."""
    said = await session.execute(
        select(Signal.slot, Signal.value_key).distinct().where(Signal.user_id == user_id, tuple_(Signal.slot, Signal.value_key).in_(list(names))))
    return frozenset(names) - {(slot, key) for slot, key in said}


async def forget_names(session: AsyncSession, user_id: UUID, names: Collection[ValueName]) -> None:
    """Remove what repeats these values by their names: verdicts on them and merges of them."""
    wanted = list(names)
    on_them = (Verdict.user_id == user_id, tuple_(Verdict.slot, Verdict.value_key).in_(wanted))
    await session.execute(delete(Verdict).where(*on_them), execution_options={"synchronize_session": False})
    merged = or_(tuple_(ProfileAlias.slot, ProfileAlias.from_key).in_(wanted), tuple_(ProfileAlias.slot, ProfileAlias.into_key).in_(wanted))
    await session.execute(delete(ProfileAlias).where(ProfileAlias.user_id == user_id, merged), execution_options={"synchronize_session": False})


async def list_wordings(session: AsyncSession, user_id: UUID, slots: Collection[str]) -> Sequence[tuple[UUID, str, str, str | None, str | None]]:
    """Of every change in these slots: its id, slot, value key, and the wordings before and after."""
    columns = (ProfileChange.id, ProfileChange.slot, ProfileChange.value_key, ProfileChange.before, ProfileChange.after)
    rows = await session.execute(select(*columns).where(ProfileChange.user_id == user_id, ProfileChange.slot.in_(list(slots))))
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


async def forget_changes(session: AsyncSession, user_id: UUID, ids: Sequence[UUID]) -> None:
    named = ProfileChange.id == any_(literal(list(ids), ARRAY(Uuid)))
    await session.execute(delete(ProfileChange).where(ProfileChange.user_id == user_id, named), execution_options={"synchronize_session": False})
