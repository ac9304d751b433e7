"""The slots that users define, and the erasure of everything that a slot holds when it is deleted or switched off."""
from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Text, Uuid, delete, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.bulk import any_of, values_table
from persistence.connection_holder import SupportsFetch
from persistence.ids import uuid7
from persistence.models import Diary, DisputeQuestion, ImportedValue, OwnSlot, ProfileAlias, ProfileChange, ProfileValue, Signal, User, Verdict
from persistence.queries.execution_options import QUIET


async def list_own_slots(session: AsyncSession, user_id: UUID) -> Sequence[OwnSlot]:
    return (await load_all_own_slots(session, [user_id]))[user_id]


async def load_all_own_slots(session: AsyncSession, user_ids: Sequence[UUID]) -> dict[UUID, list[OwnSlot]]:
    """Load the slots that each user defined, the oldest first."""
    wanted = values_table("wanted", {"user_id": Uuid()}, [(user_id,) for user_id in user_ids])
    found: dict[UUID, list[OwnSlot]] = {user_id: [] for user_id in user_ids}
    for row in await session.scalars(select(OwnSlot).join(wanted, wanted.c.user_id == OwnSlot.user_id).order_by(OwnSlot.created_at, OwnSlot.id)):
        found[row.user_id].append(row)
    return found


async def load_own_slots(session: AsyncSession, user_id: UUID, ids: Sequence[UUID]) -> Mapping[UUID, OwnSlot]:
    rows = await session.scalars(select(OwnSlot).where(OwnSlot.user_id == user_id, OwnSlot.id == any_of(ids)))
    return {row.id: row for row in rows}


async def list_active_values(connection: SupportsFetch, user_id: UUID, slot: str) -> Sequence[str]:
    """List the values of a slot that hold, of the current profile."""
    statement = "select value from profile_values where user_id = $1 and slot = $2 and status = 'ACTIVE' order by confidence desc, value_key"
    return [value for value, in await connection.fetch(statement, user_id, slot)]


async def add_own_slot(session: AsyncSession, user_id: UUID, values: Mapping[str, Any], slot_id: UUID | None = None) -> OwnSlot:
    return (await session.scalars(insert(OwnSlot).values(user_id=user_id, id=slot_id or uuid7(), **values).returning(OwnSlot))).one()


async def change_own_slot(session: AsyncSession, user_id: UUID, id: UUID, values: Mapping[str, Any]) -> OwnSlot:
    statement = update(OwnSlot).where(OwnSlot.user_id == user_id, OwnSlot.id == id).values(**values, updated_at=func.now())
    return (await session.scalars(statement.returning(OwnSlot), execution_options={"populate_existing": True})).one()


async def delete_own_slot(session: AsyncSession, user_id: UUID, id: UUID) -> None:
    await session.execute(delete(OwnSlot).where(OwnSlot.user_id == user_id, OwnSlot.id == id), execution_options=QUIET)


async def list_hand_set(session: AsyncSession, user_id: UUID, keys: Collection[str]) -> tuple[Sequence[str], Sequence[UUID]]:
    """Return the texts that the user wrote by hand in these slots (the values of verdicts and their reasons), and the ids of the slots' values."""
    within = any_of(sorted(keys), Text())
    words = (await session.execute(select(Verdict.value, Verdict.reason).where(Verdict.user_id == user_id, Verdict.slot == within))).all()
    ids = await session.scalars(select(ProfileValue.id).where(ProfileValue.user_id == user_id, ProfileValue.slot == within))
    return sorted({text for row in words for text in row if text}), ids.all()


async def erase_slots(session: AsyncSession, user_id: UUID, keys: Collection[str]) -> int:
    """Delete all signals of these slots, in every version of a diary, and the verdicts, imports, merges and questions about their values.

    Return the number of signals that counted: those of current versions and of weekly reviews.
    """
    within = any_of(sorted(keys), Text())
    present = select(func.count()).select_from(Signal).outerjoin(Diary, (Diary.user_id == Signal.user_id) & (Diary.id == Signal.diary_id))
    current = (Diary.version == Signal.version) | Signal.week.is_not(None)
    counted = await session.scalar(present.where(Signal.user_id == user_id, Signal.slot == within, current))
    for table in (Signal, Verdict, ImportedValue, ProfileAlias, DisputeQuestion):
        await session.execute(delete(table).where(table.user_id == user_id, table.slot == within), execution_options=QUIET)
    return counted or 0


async def erase_changes(session: AsyncSession, user_id: UUID, keys: Collection[str]) -> Sequence[UUID]:
    """Delete the history of these slots from the log of profile changes, and return the ids of the deleted changes."""
    statement = delete(ProfileChange).where(ProfileChange.user_id == user_id, ProfileChange.slot == any_of(sorted(keys), Text()))
    return (await session.scalars(statement.returning(ProfileChange.id), execution_options=QUIET)).all()


@dataclass(frozen=True)
class OpenSlots:
    """The slots of a user that can be closed and are open: the sensitive ones that are on, and the ids of their own ones."""

    sensitive: frozenset[str]
    own: frozenset[UUID]


async def lock_open_slots(session: AsyncSession, user_ids: Iterable[UUID]) -> dict[UUID, OpenSlots]:
    """Return the open slots of users, and keep them open until the transaction ends: a slot is closed before signals are stored, or erases them."""
    ids = sorted(set(user_ids))
    users = await session.execute(select(User.id, User.sensitive_slots).where(User.id == any_of(ids)).order_by(User.id).with_for_update(read=True))
    sensitive = {row[0]: frozenset(row[1]) for row in users}
    own: dict[UUID, set[UUID]] = {user_id: set() for user_id in sensitive}
    for user_id, slot_id in await session.execute(select(OwnSlot.user_id, OwnSlot.id).where(OwnSlot.user_id == any_of(ids))):
        own.setdefault(user_id, set()).add(slot_id)
    return {user_id: OpenSlots(switched_on, frozenset(own[user_id])) for user_id, switched_on in sensitive.items()}
