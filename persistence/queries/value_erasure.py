"""Erasure of what still names values whose text was deleted: verdicts, merges and entries in the log of changes."""
from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Text, Uuid, all_, cast, delete, func, literal, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.bulk import any_of
from persistence.models import ImportedValue, ProfileAlias, ProfileChange, Signal, Verdict
from persistence.models.diary import Polarity
from persistence.models.enums import VerdictKind
from persistence.queries.execution_options import QUIET
from persistence.queries.value_keys import NOT

ValueName = tuple[str, str]
"""A slot and the key of a value, or of the negation of one, in it."""



async def find_unsupported_values(session: AsyncSession, user_id: UUID, names: Collection[ValueName]) -> frozenset[ValueName]:
    """Return the values that no signal contains any more, in any diary version or weekly review, and no imported memory text suggests."""
    words = list({(slot, key.removeprefix(NOT)) for slot, key in names})
    signals = select(Signal.slot, Signal.value_key, cast(Signal.polarity, Text)).where(
        Signal.user_id == user_id, tuple_(Signal.slot, Signal.value_key).in_(words))
    suggested = select(ImportedValue.slot, ImportedValue.value_key, literal("")).where(
        ImportedValue.user_id == user_id, tuple_(ImportedValue.slot, ImportedValue.value_key).in_(list(names)))
    said = await session.execute(signals.union(suggested))
    named = {name for slot, key, polarity in said for name in ([(slot, key)] if not polarity else list_named_values(slot, key, Polarity(polarity)))}
    return frozenset(names) - named


def list_named_values(slot: str, key: str, polarity: Polarity) -> Sequence[ValueName]:
    """Return the values that a signal names."""
    return [(slot, key)] if polarity is Polarity.POSITIVE else [(slot, key), (slot, NOT + key)]


async def delete_value_references(session: AsyncSession, user_id: UUID, names: Collection[ValueName]) -> None:
    """Delete the verdicts on these values and the merges of them, which contain their names."""
    wanted = list(names)
    on_them = (Verdict.user_id == user_id, tuple_(Verdict.slot, Verdict.value_key).in_(wanted))
    await session.execute(delete(Verdict).where(*on_them), execution_options=QUIET)
    words = [(slot, key) for slot, key in wanted if not key.startswith(NOT)]
    merged = or_(tuple_(ProfileAlias.slot, ProfileAlias.from_key).in_(words), tuple_(ProfileAlias.slot, ProfileAlias.into_key).in_(words))
    await session.execute(delete(ProfileAlias).where(ProfileAlias.user_id == user_id, merged), execution_options=QUIET)


async def delete_verdicts(session: AsyncSession, user_id: UUID, name: ValueName) -> Sequence[str]:
    """Delete the verdicts on a value, and return their texts: the wordings of the value, and the reasons."""
    on_it = (Verdict.user_id == user_id, Verdict.slot == name[0], Verdict.value_key == name[1])
    rows = await session.execute(delete(Verdict).where(*on_it).returning(Verdict.value, Verdict.reason), execution_options=QUIET)
    return [text for row in rows for text in row if text]


async def clear_reasons(session: AsyncSession, user_id: UUID, name: ValueName) -> Sequence[str]:
    """Clear the reasons of the verdicts on a value, and return them."""
    on_it = (
        Verdict.user_id == user_id, Verdict.slot == name[0], Verdict.value_key == name[1], Verdict.reason.is_not(None), Verdict.kind == VerdictKind.REJECT)
    reasons = (await session.scalars(select(Verdict.reason).where(*on_it))).all()
    await session.execute(update(Verdict).where(*on_it).values(reason=None), execution_options=QUIET)
    return [reason for reason in reasons if reason]


async def remove_verdict_evidence(session: AsyncSession, user_id: UUID, message_ids: Sequence[UUID]) -> None:
    """Remove deleted messages from the verdicts' lists of evidence; the remaining ones keep their order."""
    listed = func.unnest(Verdict.evidence).table_valued("id", with_ordinality="place", name="listed").render_derived()
    left = select(listed.c.id).where(listed.c.id != all_(_ids(message_ids))).order_by(listed.c.place)
    touched = (Verdict.user_id == user_id, Verdict.evidence.overlap(_ids(message_ids)))
    await session.execute(update(Verdict).where(*touched).values(evidence=func.array(left.scalar_subquery())), execution_options=QUIET)


async def delete_wishes(
    session: AsyncSession, user_id: UUID, message_ids: Sequence[UUID], still_said: Callable[[str], bool] = lambda words: False
) -> frozenset[ValueName]:
    """Delete the values that the user wished in these messages to be remembered, but for those whose words are `still_said`; return what they named."""
    wished = (Verdict.user_id == user_id, Verdict.kind == VerdictKind.SET, Verdict.evidence.overlap(_ids(message_ids)))
    found = (await session.execute(select(Verdict.id, Verdict.slot, Verdict.value_key, Verdict.reason).where(*wished))).all()
    gone = [row for row in found if not (row.reason and still_said(row.reason))]
    if gone:
        named = Verdict.id == any_of([row.id for row in gone])
        await session.execute(delete(Verdict).where(Verdict.user_id == user_id, named), execution_options=QUIET)
    return frozenset((row.slot, row.value_key) for row in gone)


async def list_wordings(session: AsyncSession, user_id: UUID, slots: Collection[str]) -> Sequence[tuple[UUID, str, str, str | None, str | None]]:
    """List the id, slot, value key, and the wordings before and after, of every change in these slots."""
    columns = (ProfileChange.id, ProfileChange.slot, ProfileChange.value_key, ProfileChange.before, ProfileChange.after)
    rows = await session.execute(select(*columns).where(ProfileChange.user_id == user_id, ProfileChange.slot.in_(list(slots))))
    return [(row[0], row[1], row[2], row[3], row[4]) for row in rows]


async def delete_changes(session: AsyncSession, user_id: UUID, ids: Sequence[UUID]) -> None:
    named = ProfileChange.id == any_of(ids)
    await session.execute(delete(ProfileChange).where(ProfileChange.user_id == user_id, named), execution_options=QUIET)


def _ids(ids: Sequence[UUID]) -> ColumnElement[Any]:
    return literal(list(ids), ARRAY(Uuid))
