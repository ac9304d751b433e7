"""Inputs of the profile's computation, and storage of a computed profile and its changes."""
from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, TypeVar
from uuid import UUID

from sqlalchemy import FromClause, Uuid, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.bulk import any_of, bulk_insert, execute_each, values_table
from persistence.ids import uuid7
from persistence.models import Diary, ProfileAlias, ProfileChange, ProfileUpdateDue, ProfileValue, Signal, SignalEvidence, User, Verdict
from persistence.models.diary import Polarity, StatementRelation


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
    relation: StatementRelation | None = None
    since: str | None = None
    until: str | None = None
    condition: str | None = None


async def lock_user(session: AsyncSession, user_id: UUID) -> User | None:
    """Lock the user until the transaction ends, so that two computations of one profile run one after the other."""
    return await session.scalar(select(User).where(User.id == user_id).with_for_update(key_share=True))


async def lock_users_and_clock(session: AsyncSession, user_ids: Sequence[UUID]) -> list[tuple[User, datetime]]:
    """Lock users as `lock_user` does, in the order of their ids, and return each with the time of the database's clock, which all instances share."""
    wanted = _wanted(user_ids)
    statement = select(User, func.now()).join(wanted, wanted.c.user_id == User.id).order_by(User.id).with_for_update(key_share=True, of=User)
    return [(user, now) for user, now in await session.execute(statement)]


_CLAIM_UPDATE = """
delete from profile_updates where user_id = $1 and user_id in (select user_id from profile_updates where user_id = $1 for update skip locked)"""


async def claim_due_updates(session: AsyncSession, limit: int) -> list[UUID]:
    """Return up to `limit` users whose profiles are to be computed again, and delete their rows in the caller's transaction.

    Users that another transaction has claimed are left out. One whose claim was committed meanwhile may be returned: its profile is computed twice.
    """
    due = list(await session.scalars(select(ProfileUpdateDue.user_id).order_by(ProfileUpdateDue.user_id).limit(limit)))
    await execute_each(session, _CLAIM_UPDATE, [(user_id,) for user_id in due])
    claimed_elsewhere = set(await session.scalars(select(ProfileUpdateDue.user_id).where(ProfileUpdateDue.user_id == any_of(due))))
    return [user_id for user_id in due if user_id not in claimed_elsewhere]


async def list_evidence(session: AsyncSession, user_id: UUID) -> list[EvidenceRow]:
    return (await load_evidence(session, [user_id]))[user_id]


async def load_evidence(session: AsyncSession, user_ids: Sequence[UUID]) -> dict[UUID, list[EvidenceRow]]:
    """Load the quotes of the signals of all diaries' current versions and of all weekly reviews, without withdrawn quotes."""
    present = (Diary.version == Signal.version) | Signal.week.is_not(None)
    wanted = _wanted(user_ids)
    statement = (
        select(Signal.user_id, Signal.slot, Signal.value, Signal.value_key, Signal.polarity, Signal.confidence, Signal.stated,
               SignalEvidence.day, SignalEvidence.message_id, SignalEvidence.said_at, SignalEvidence.relation,
               SignalEvidence.since, SignalEvidence.until, SignalEvidence.condition)
        .join(wanted, wanted.c.user_id == Signal.user_id)
        .join(SignalEvidence, (SignalEvidence.user_id == Signal.user_id) & (SignalEvidence.signal_id == Signal.id))
        .outerjoin(Diary, (Diary.user_id == Signal.user_id) & (Diary.id == Signal.diary_id))
        .where(present, SignalEvidence.withdrawn.is_(False))
    )
    found: dict[UUID, list[EvidenceRow]] = {user_id: [] for user_id in user_ids}
    for user_id, *row in await session.execute(statement):
        found[user_id].append(EvidenceRow(*row))
    return found


async def list_verdicts(session: AsyncSession, user_id: UUID) -> Sequence[Verdict]:
    return (await load_verdicts(session, [user_id]))[user_id]


async def load_verdicts(session: AsyncSession, user_ids: Sequence[UUID]) -> dict[UUID, list[Verdict]]:
    wanted = _wanted(user_ids)
    return _by_user(user_ids, await session.scalars(select(Verdict).join(wanted, wanted.c.user_id == Verdict.user_id).order_by(Verdict.id)))


Merged = dict[tuple[str, str], str]
"""(slot, value key) of a merged value -> the key of the value it was merged into."""


async def load_aliases(session: AsyncSession, user_id: UUID) -> Merged:
    return (await load_all_aliases(session, [user_id]))[user_id]


async def load_all_aliases(session: AsyncSession, user_ids: Sequence[UUID]) -> dict[UUID, Merged]:
    wanted = _wanted(user_ids)
    columns = (ProfileAlias.user_id, ProfileAlias.slot, ProfileAlias.from_key, ProfileAlias.into_key)
    found: dict[UUID, Merged] = {user_id: {} for user_id in user_ids}
    for user_id, slot, from_key, into_key in await session.execute(select(*columns).join(wanted, wanted.c.user_id == ProfileAlias.user_id)):
        found[user_id][slot, from_key] = into_key
    return found


async def save_aliases(session: AsyncSession, user_id: UUID, aliases: Mapping[tuple[str, str], str], run_id: UUID | None) -> None:
    for (slot, from_key), into_key in aliases.items():
        row = upsert(ProfileAlias).values(user_id=user_id, slot=slot, from_key=from_key, into_key=into_key, run_id=run_id)
        await session.execute(row.on_conflict_do_nothing())


async def list_values(session: AsyncSession, user_id: UUID) -> Sequence[ProfileValue]:
    return (await load_values(session, [user_id]))[user_id]


async def load_values(session: AsyncSession, user_ids: Sequence[UUID]) -> dict[UUID, list[ProfileValue]]:
    wanted = _wanted(user_ids)
    return _by_user(user_ids, await session.scalars(select(ProfileValue).join(wanted, wanted.c.user_id == ProfileValue.user_id)))


@dataclass(frozen=True)
class Replacement:
    """A user's currently stored values, and the columns of the values that replace them."""

    user_id: UUID
    present: Sequence[ProfileValue]
    wanted: Sequence[Mapping[str, Any]]


async def replace_values(session: AsyncSession, replacements: Sequence[Replacement]) -> None:
    """Make stored profiles equal to computed ones. Only rows that differ are written; a value keeps its id as long as it exists."""
    fresh, changed, gone = list[dict[str, Any]](), list[dict[str, Any]](), list[tuple[UUID, UUID]]()
    for replacement in replacements:
        stored = {(row.slot, row.value_key): row for row in replacement.present}
        for columns in replacement.wanted:
            row = stored.pop((columns["slot"], columns["value_key"]), None)
            if row is None:
                fresh.append({"user_id": replacement.user_id, "id": uuid7(), **columns})
            elif any(getattr(row, name) != value for name, value in columns.items()):
                changed.append({"its_user_id": replacement.user_id, "its_id": row.id, **columns})
        gone += [(replacement.user_id, row.id) for row in stored.values()]
    await _write_values(session, fresh, changed, gone)


async def _write_values(
    session: AsyncSession, fresh: Sequence[dict[str, Any]], changed: Sequence[dict[str, Any]], gone: Sequence[tuple[UUID, UUID]]
) -> None:
    table = ProfileValue.__table__
    if fresh:
        await session.execute(insert(table), fresh)
    if changed:
        await session.execute(update(table).where(table.c.user_id == bindparam("its_user_id"), table.c.id == bindparam("its_id")), changed)
    if gone:
        its = (table.c.user_id == bindparam("its_user_id"), table.c.id == bindparam("its_id"))
        await session.execute(delete(table).where(*its), [{"its_user_id": user_id, "its_id": id} for user_id, id in gone])


async def save_changes(session: AsyncSession, changes: Sequence[tuple[UUID, Mapping[str, Any]]], run_id: UUID | None) -> Mapping[UUID, Sequence[UUID]]:
    """Insert changes, given as pairs of a user's id and the change's columns, in their order. Return the ids of each user's changes, empty for others."""
    rows = [{"user_id": user_id, "id": uuid7(), "run_id": run_id, **change} for user_id, change in changes]
    await bulk_insert(session, ProfileChange, rows)
    stored = defaultdict[UUID, list[UUID]](list)
    for row in rows:
        stored[row["user_id"]].append(row["id"])
    return stored


async def delete_week(session: AsyncSession, user_id: UUID, week: date) -> None:
    """Delete the signals of an earlier review of this week, which a new review replaces."""
    await session.execute(delete(Signal).where(Signal.user_id == user_id, Signal.week == week))


def _wanted(user_ids: Sequence[UUID]) -> FromClause:
    return values_table("wanted", {"user_id": Uuid()}, [(user_id,) for user_id in user_ids])


Row = TypeVar("Row", ProfileValue, Verdict)


def _by_user(user_ids: Sequence[UUID], rows: Iterable[Row]) -> dict[UUID, list[Row]]:
    found: dict[UUID, list[Row]] = {user_id: [] for user_id in user_ids}
    for row in rows:
        found[row.user_id].append(row)
    return found
