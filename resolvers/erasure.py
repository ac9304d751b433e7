"""Follow-up of an erasure: recomputes the profile in the same transaction, deletes other references to unsupported values, and makes a receipt."""
from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from jobs.profile_inputs import to_verdict
from jobs.profile_update import ProfileUpdate, update_profile
from jobs.rules.profile.disputes import find_disputes
from jobs.rules.profile.profile_types import Value, Verdict
from jobs.rules.profile.reverts import effective_verdicts
from jobs.rules.profile.verdicts import apply_verdicts
from jobs.rules.slots import value_key
from jobs.user_edits import update_withdrawn_quotes
from persistence.database import Session
from persistence.models import User
from persistence.queries import value_erasure
from persistence.queries.disputes import forget_disputes
from persistence.queries.erasure import ErasedData
from persistence.queries.profile_writes import list_verdicts, lock_user
from persistence.queries.value_erasure import ValueName


@dataclass(frozen=True)
class Receipt:
    """Counts of what a deletion or an edit removed. Lines and signals are those of current diary versions and of weekly reviews."""

    messages_removed: int = 0
    copies_removed: int = 0
    diaries_removed: int = 0
    lines_removed: int = 0
    signals_removed: int = 0
    values_removed: int = 0
    values_lowered: int = 0
    values_restored: int = 0


async def recompute_after_erasure(session: Session, viewer: User, forgotten: ErasedData, reason: str) -> Receipt:
    """Recompute the profile after an erasure, within the caller's transaction, and delete other references to values that nothing supports any more.

    A value that the user set or locked stays, because the user's verdict supports it.
    """
    withdrawn = await update_withdrawn_quotes(session, viewer.id, sorted(forgotten.days))
    forgotten = replace(forgotten, signals=forgotten.signals + withdrawn.signals, names=forgotten.names | withdrawn.names)
    if not forgotten.names and not withdrawn.quotes:
        return make_receipt(forgotten, ProfileUpdate())
    await lock_user(session, viewer.id)
    unsaid = await value_erasure.find_unsupported_values(session, viewer.id, forgotten.names) if forgotten.names else frozenset[ValueName]()
    names = unsaid - _values_kept_by_verdict(to_verdict(row, viewer) for row in await list_verdicts(session, viewer.id)) if unsaid else unsaid
    if names:
        await value_erasure.delete_value_references(session, viewer.id, names)
    recomputed = await update_profile(session, viewer.id, reason=reason)
    await forget_disputes(session, viewer.id, [(dispute.slot, dispute.fingerprint) for dispute in find_disputes(recomputed.after)])
    if names:
        await _forget_changes(session, viewer.id, names)
    return make_receipt(forgotten, recomputed)


async def erase_unlocked_value(session: Session, viewer: User, name: ValueName, reason: str) -> None:
    """Erase a value that only its lock kept after its evidence was deleted. Keep a value that the user ever set."""
    given = [to_verdict(row, viewer) for row in await list_verdicts(session, viewer.id)]
    own = {(verdict.slot, verdict.value_key) for verdict in given if verdict.kind == "SET"} | _values_kept_by_verdict(given)
    if name in own or not await value_erasure.find_unsupported_values(session, viewer.id, {name}):
        return
    await value_erasure.delete_value_references(session, viewer.id, {name})
    await update_profile(session, viewer.id, reason=reason)
    await _forget_changes(session, viewer.id, {name})


def make_receipt(forgotten: ErasedData, recomputed: ProfileUpdate) -> Receipt:
    before = {_name(value): value for value in recomputed.before}
    after = {_name(value): value for value in recomputed.after}
    kept = [(value, after[name]) for name, value in before.items() if name in after]
    return Receipt(
        messages_removed=forgotten.messages, copies_removed=forgotten.copies, diaries_removed=forgotten.diaries,
        lines_removed=forgotten.lines, signals_removed=forgotten.signals, values_removed=len(before.keys() - after.keys()),
        values_lowered=sum(_is_lowered(old, new) for old, new in kept),
        values_restored=sum(_holds(new) and not _holds(old) for old, new in kept),
    )


async def _forget_changes(session: Session, user_id: UUID, names: Collection[ValueName]) -> None:
    """Delete the entries about these values from the log of profile changes, under all names with which they were recorded."""
    rows = await value_erasure.list_wordings(session, user_id, {slot for slot, _ in names})
    gone = [id for id, slot, key, *texts in rows if _is_named(slot, key, texts, names)]
    await value_erasure.forget_changes(session, user_id, gone)


def _is_named(slot: str, key: str, texts: Sequence[str | None], names: Collection[ValueName]) -> bool:
    return (slot, key) in names or any((slot, value_key(text)) in names for text in texts if text is not None)


def _values_kept_by_verdict(verdicts: Iterable[Verdict]) -> frozenset[ValueName]:
    """Return the values that the user's verdicts keep, whatever the evidence."""
    by_name: dict[ValueName, list[Verdict]] = {}
    for verdict in effective_verdicts(verdicts):
        by_name.setdefault((verdict.slot, verdict.value_key), []).append(verdict)
    return frozenset(name for name, given in by_name.items() if apply_verdicts(item for item in given if item.kind != "REVERT").confirmed_at)


def _name(value: Value) -> ValueName:
    return value.slot, value.value_key


def _holds(value: Value) -> bool:
    return value.status == "ACTIVE"


def _is_lowered(old: Value, new: Value) -> bool:
    """Return whether deleted evidence lowered the confidence, rather than only the time since it was last computed."""
    return new.confidence < old.confidence and not set(old.evidence) <= set(new.evidence)
