"""Follow-up of an erasure: recomputes the profile in the same transaction, deletes other references to unsupported values, and makes a receipt."""
from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from jobs.deleted_messages import remember_deleted
from jobs.profile_inputs import to_verdict
from jobs.profile_update import ProfileUpdate, update_profile
from jobs.rules.profile.aliases import resolve
from jobs.rules.profile.disputes import find_disputes
from jobs.rules.profile.polarity import is_negated, key_of
from jobs.rules.profile.profile_types import Value, Verdict
from jobs.rules.profile.reverts import effective_verdicts
from jobs.rules.profile.verdicts import apply_verdicts
from jobs.rules.slots import value_key
from jobs.user_edits import update_withdrawn_quotes
from persistence.database import Session
from persistence.queries import value_erasure
from persistence.queries.disputes import delete_resolved_disputes
from persistence.queries.erasure import ANY_ANSWER, DeletedObject, ErasedData, name_deleted
from persistence.queries.erasure_counts import count_erasure
from persistence.queries.imported_values import delete_values, find_ids
from persistence.queries.profile_writes import list_verdicts, load_aliases, lock_user
from persistence.queries.value_erasure import ValueName
from resolvers.repetitions import NOTHING_REPEATED, KeptText, Repeated, clear_changes, withdraw_repetitions

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser


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
    repeated_in: Sequence[UUID] = ()
    """The answers that repeated deleted text in sentences, which were blanked."""
    kept_in: Sequence[KeptText] = ()
    """The texts that the user wrote by hand and that say words of the deleted text, so that these words stay."""
    deleted: Sequence[DeletedObject] = field(default=(), compare=False)
    """The deleted objects that had an id: of the counted ones all that a client may hold, lines of earlier versions, and changes in the profile's log."""
    days: Sequence[date] = field(default=(), compare=False)
    """The days whose diaries lost something or were deleted, the newest first."""

    def add(self, other: Receipt) -> Receipt:
        """Return the receipt of both erasures, of which each removed what the other did not."""
        joined: dict[str, int] = {name: getattr(self, name) + getattr(other, name) for name in _COUNTS}
        return Receipt(
            **joined, repeated_in=[*self.repeated_in, *other.repeated_in], kept_in=[*self.kept_in, *other.kept_in],
            deleted=[*self.deleted, *other.deleted], days=sorted({*self.days, *other.days}, reverse=True),
        )


_COUNTS = tuple(item.name for item in fields(Receipt) if item.default == 0)


async def recompute_after_erasure(session: Session, viewer: AnyUser, forgotten: ErasedData, reason: str) -> Receipt:
    """Recompute the profile after an erasure, within the caller's transaction, and delete other references to what nothing supports any more.

    Answers, titles and summaries that repeat the deleted text lose it (resolvers/repetitions.py).

    A value that the user set or locked stays, because the user's verdict supports it. Answers that are being made, and days that are being written, learn of
    it by the number of erasures, which is raised last: its row is the last that all lock.
    """
    receipt = await _recompute(session, viewer, forgotten, reason)
    if forgotten.since is not None:
        await count_erasure(session, viewer.id)
    return receipt


async def _recompute(session: Session, viewer: AnyUser, forgotten: ErasedData, reason: str) -> Receipt:
    texts = [*forgotten.texts, *forgotten.answers] if forgotten.messages or forgotten.edited else []
    if texts or forgotten.keys:
        await remember_deleted(session, viewer.id, texts, forgotten.keys)
    repeated = await withdraw_repetitions(session, viewer.id, forgotten, [viewer.nickname])
    dropped = repeated.dropped
    withdrawn = await update_withdrawn_quotes(session, viewer.id, sorted(forgotten.days | dropped.days))
    forgotten = replace(
        forgotten, lines=forgotten.lines + dropped.lines, signals=forgotten.signals + dropped.signals + withdrawn.signals,
        names=forgotten.names | dropped.names | withdrawn.names,
        days=forgotten.days | dropped.days, gone=[*forgotten.gone, *name_deleted("DiaryLine", dropped.line_ids)])
    if not forgotten.names and not withdrawn.quotes and not repeated.terms:
        return make_receipt(forgotten, ProfileUpdate(), repeated)
    await lock_user(session, viewer.id)
    unsaid = await value_erasure.find_unsupported_values(session, viewer.id, forgotten.names) if forgotten.names else frozenset[ValueName]()
    names = unsaid - _values_kept_by_verdict(to_verdict(row, viewer) for row in await list_verdicts(session, viewer.id)) if unsaid else unsaid
    if names:
        await value_erasure.delete_value_references(session, viewer.id, names)
    recomputed = await update_profile(session, viewer.id, reason=reason)
    open_disputes = [(dispute.slot, dispute.fingerprint) for dispute in find_disputes(recomputed.after, recomputed.own_many)]
    await delete_resolved_disputes(session, viewer.id, open_disputes)
    changes = set(await _delete_changes(session, viewer.id, names)) if names else set[UUID]()
    if gone := await clear_changes(session, viewer.id, repeated.terms):
        await value_erasure.delete_changes(session, viewer.id, gone)
    changes = changes.union(gone).difference(recomputed.recorded)
    return make_receipt(replace(forgotten, gone=[*forgotten.gone, *name_deleted("ProfileChange", changes)]), recomputed, repeated)


async def erase_value(session: Session, viewer: AnyUser, name: ValueName, value_ids: Sequence[UUID], *, only_reasons: bool, reason: str) -> Receipt:
    """Erase the user's verdicts on a value, or only the reasons of its rejections, with what the assistant repeats of their words.

    The value goes with its entries in the log of changes, unless messages support it. What memory texts suggest of it goes in any case.
    """
    erase = value_erasure.clear_reasons if only_reasons else value_erasure.delete_verdicts
    texts = list(await erase(session, viewer.id, name))
    if not only_reasons:
        texts += [deleted.value for deleted in await delete_values(session, viewer.id, await find_imported(session, viewer.id, name))]
    erased = ErasedData(names=frozenset() if only_reasons else frozenset([name]), texts=texts, values=value_ids, since=ANY_ANSWER)
    return await recompute_after_erasure(session, viewer, erased, reason)


async def find_imported(session: Session, user_id: UUID, name: ValueName) -> Sequence[UUID]:
    """Return the ids of the imported values that count as this value: those of its own name, and of the names that were merged into it."""
    slot, key = name
    aliases = await load_aliases(session, user_id)
    merged = {key_of(words, negated=is_negated(key)) for alias_slot, words in aliases if alias_slot == slot}
    return await find_ids(session, user_id, {name, *((slot, other) for other in merged if resolve(slot, other, aliases) == key)})


async def erase_unlocked_value(session: Session, viewer: AnyUser, name: ValueName, text: str, value_id: UUID, reason: str) -> None:
    """Erase a value that only its lock kept after its evidence was deleted, with what repeats its text. Keep a value that the user ever set."""
    given = [to_verdict(row, viewer) for row in await list_verdicts(session, viewer.id)]
    own = {(verdict.slot, verdict.value_key) for verdict in given if verdict.kind == "SET"} | _values_kept_by_verdict(given)
    if name in own or not await value_erasure.find_unsupported_values(session, viewer.id, {name}):
        return
    await value_erasure.delete_value_references(session, viewer.id, {name})
    erased = ErasedData(names=frozenset([name]), texts=[text], values=[value_id], since=ANY_ANSWER)
    await recompute_after_erasure(session, viewer, erased, reason)


def make_receipt(forgotten: ErasedData, recomputed: ProfileUpdate, repeated: Repeated = NOTHING_REPEATED) -> Receipt:
    before = {_name(value): value for value in recomputed.before}
    after = {_name(value): value for value in recomputed.after}
    kept = [(value, after[name]) for name, value in before.items() if name in after]
    return Receipt(
        messages_removed=forgotten.messages, copies_removed=forgotten.copies, diaries_removed=forgotten.diaries,
        lines_removed=forgotten.lines, signals_removed=forgotten.signals, values_removed=len(before.keys() - after.keys()),
        values_lowered=sum(_is_lowered(old, new) for old, new in kept),
        values_restored=sum(_holds(new) and not _holds(old) for old, new in kept), repeated_in=repeated.answers, kept_in=repeated.kept,
        deleted=[*forgotten.gone, *name_deleted("ProfileValue", recomputed.removed)], days=sorted(forgotten.days, reverse=True),
    )


async def _delete_changes(session: Session, user_id: UUID, names: Collection[ValueName]) -> Sequence[UUID]:
    """Delete the entries about these values from the log of profile changes, under all names with which they were recorded, and return their ids."""
    rows = await value_erasure.list_wordings(session, user_id, {slot for slot, _ in names})
    gone = [id for id, slot, key, *texts in rows if _is_named(slot, key, texts, names)]
    await value_erasure.delete_changes(session, user_id, gone)
    return gone


def _is_named(slot: str, key: str, texts: Sequence[str | None], names: Collection[ValueName]) -> bool:
    negated = is_negated(key)
    return (slot, key) in names or any((slot, key_of(value_key(text), negated=negated)) in names for text in texts if text is not None)


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
