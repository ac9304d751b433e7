"""Verdicts of a user on their profile: set, lock, unlock, reject, end, revert. The profile is recomputed after each verdict."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from jobs.profile_update import update_profile
from jobs.rules.day import day_bounds, day_of
from jobs.rules.profile.aliases import resolve
from jobs.rules.profile.opposites import split_negation
from jobs.rules.profile.polarity import NEGATED, key_of
from jobs.rules.search.dates.named_days import find_birthday
from jobs.rules.slots import BIRTHDAY, MAX_VALUE_LENGTH, value_key
from jobs.rules.text.normalization import has_content, to_single_line
from jobs.rules.text.secrets import contains_secret
from persistence import database
from persistence.database import Session
from persistence.models import ProfileValue
from persistence.models.profile import ValuePolarity, ValueStatus, VerdictKind
from persistence.queries import profile_reads as reading
from persistence.queries import profile_writes as stored
from persistence.queries import verdicts
from persistence.queries.erasure import lock_erasures
from persistence.queries.imported_values import clear_quotes
from persistence.queries.profile_reads import Value
from resolvers import storage_quota, text_validation
from resolvers.context import Context
from resolvers.diary import check_supported_day, today
from resolvers.erasure import Receipt, erase_unlocked_value, erase_value, find_imported
from resolvers.errors import Conflict, ConflictReason, InputRule, InvalidInput, NotFound
from resolvers.profile_slots import require_open

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser

SET = "VALUE_SET"
LOCKED = "VALUE_LOCKED"
UNLOCKED = "VALUE_UNLOCKED"
REJECTED = "VALUE_REJECTED"
ENDED = "VALUE_ENDED"
REVERTED = "PROFILE_REVERTED"
ERASED = "VALUE_ERASED"
"""Reasons in the log of profile changes."""

MAX_REASON_LENGTH = 500
"""Maximum characters of the reason of a rejection."""
ID_BYTES = 16
"""Bytes of a stored id, for the count of stored bytes."""
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class VerdictResult:
    """The value after the verdict, None if it was removed, and the number of changed values in the profile. `verdict_id` is None if it held already.

    `replaced` is the value in whose place it was set, None if there was none or it was removed.
    """

    value: Value | None
    changes: int
    verdict_id: UUID | None = None
    replaced: Value | None = None


async def set_value(context: Context, slot: str, text: str, polarity: ValuePolarity | None = None, *, replaces: UUID | None = None) -> VerdictResult:
    """Set a value, or with DISLIKES or IS_NOT its negation, in the slot with this key. It replaces its opposite, and in a one-value slot the current value.

    Without a polarity, a text such as "hates cilantro" sets the negation of the thing it names. The value `replaces` of the same slot is rejected in the same
    transaction. Raises `InvalidInput`, `StorageExceeded`; `NotFound` for a slot or a replaced value that the viewer does not have, `Conflict` for a locked one.
    """
    viewer = await context.require_viewer()
    value = validate_value(text)
    if polarity is None:
        value, denied = split_negation(slot, value)
        polarity = denied and ValuePolarity(denied)
    async with database.transaction() as session:
        if replaces is None:
            return await store_set(session, viewer, slot, value, polarity)
        await lock_erasures(session, viewer.id)
        changes = await _reject_replaced(session, viewer, replaces, slot, _key_of(value, polarity))
        judged = await store_set(session, viewer, slot, value, polarity)
        return replace(judged, changes=judged.changes + changes, replaced=(await reading.load_values(session, viewer.id, [replaces])).get(replaces))


async def _reject_replaced(session: Session, viewer: AnyUser, value_id: UUID, slot: str, key: str) -> int:
    """Reject the value in whose place `key` is set, unless it is rejected already, and return the number of changed values.

    Raises `NotFound`, `InvalidInput` for a value of another slot and for the value that is set, `Conflict` for a locked one, `StorageExceeded`.
    """
    await stored.lock_user(session, viewer.id)
    found = await verdicts.find_value(session, viewer.id, value_id)
    if found is None:
        raise NotFound("profile value")
    if found.slot != slot:
        raise InvalidInput("replaces", "replaces is a value of another slot: send one of the slot of the new value", rule=InputRule.NOT_ALLOWED_HERE)
    if found.value_key == resolve(slot, key, await stored.load_aliases(session, viewer.id)):
        raise InvalidInput("replaces", "replaces is the value that is set: send another one, or no replaces", rule=InputRule.SAME_AS_BEFORE)
    if found.locked:
        raise Conflict("the value to replace is locked: unlock it with `profileValueUnlock` first", reason=ConflictReason.LOCKED)
    if found.status is ValueStatus.REJECTED:
        return 0
    return (await give_verdict(session, viewer, value_id, VerdictKind.REJECT, REJECTED)).changes


def _key_of(value: str, polarity: ValuePolarity | None) -> str:
    return key_of(value_key(value), negated=polarity is not None and polarity.value in NEGATED)


async def store_set(
    session: Session, viewer: AnyUser, slot: str, value: str, polarity: ValuePolarity | None, *, evidence: Sequence[UUID] = (), words: str | None = None
) -> VerdictResult:
    """Set a checked value in the caller's transaction. A value that the user asked for in a chat has the message as `evidence` and its `words`, and is
    deleted with them.

    Raises as `set_value` does.
    """
    if slot == BIRTHDAY and find_birthday(value, today(viewer)) is None:
        raise InvalidInput("value", "value names no single day of the year: send a birthday such as May 2, 5月2日 or 1990-05-02", rule=InputRule.FORMAT)
    key = _key_of(value, polarity)
    user = await stored.lock_user(session, viewer.id)
    if user is None:
        raise Conflict("the account was deleted while the request ran", reason=ConflictReason.ACCOUNT_DELETED)
    await require_open(session, user, slot)
    id = await verdicts.save_verdict(session, viewer.id, VerdictKind.SET, slot, value, key, polarity=polarity, evidence=evidence, reason=words)
    judged = await _recompute_after_verdict(session, viewer, slot, key, SET)
    await storage_quota.add(session, viewer.id, storage_quota.size(value, words) + ID_BYTES * len(evidence))
    return replace(judged, verdict_id=id)


async def lock(context: Context, value_id: UUID) -> VerdictResult:
    """Keep a value unchanged, whatever the nightly jobs find. Raises `NotFound`, `StorageExceeded`."""
    return await _give_verdict(context, value_id, VerdictKind.LOCK, LOCKED)


async def unlock(context: Context, value_id: UUID) -> VerdictResult:
    """Let the nightly jobs change a value again; it is removed if no other evidence supports it. Raises `NotFound`, `StorageExceeded`."""
    return await _give_verdict(context, value_id, VerdictKind.UNLOCK, UNLOCKED)


async def reject(context: Context, value_id: UUID, reason: str | None) -> VerdictResult:
    """Reject a value: it stays REJECTED until there is new evidence for it. The sentence of a memory text that suggested it is deleted.

    Raises `NotFound`, `InvalidInput`, `StorageExceeded`."""
    why = None if reason is None else text_validation.validate_text("reason", reason, MAX_REASON_LENGTH).strip()
    return await _give_verdict(context, value_id, VerdictKind.REJECT, REJECTED, why)


@dataclass(frozen=True)
class ErasedValue:
    """The value after the erasure, None if no message supports it, and the receipt of what was removed."""

    value: Value | None
    receipt: Receipt


async def erase(
    context: Context, *, value_id: UUID | None = None, change_id: UUID | None = None, only_reasons: bool = False, dry_run: bool = False
) -> ErasedValue:
    """Erase permanently what the user set, locked or rejected of a value, given by its id or by a change of it; or only the reasons of its rejections.

    With `dry_run` nothing changes, and the value is returned as it is. Raises `NotFound`.
    """
    viewer = await context.require_viewer()
    async with database.transaction(dry_run=dry_run) as session:
        await lock_erasures(session, viewer.id)
        given = await verdicts.find_value(session, viewer.id, value_id) if value_id else None
        change = await verdicts.find_change(session, viewer.id, change_id) if change_id else None
        named = given or change
        if named is None:
            raise NotFound("profile value" if value_id else "profile change")
        name = (named.slot, named.value_key)
        current = await _find(session, viewer.id, *name)
        ids = [current.id] if current is not None else []
        receipt = await erase_value(session, viewer, name, ids, only_reasons=only_reasons, reason=ERASED)
        return ErasedValue(current if dry_run else await _find(session, viewer.id, *name), receipt)


async def revert(context: Context, *, as_of: date | None = None, change_id: UUID | None = None) -> int:
    """Revert the profile to a past day, or to its state after a change, and return the number of changed values.

    Diary texts stay unchanged; nothing that was deleted, hidden or corrected in them since is restored. Raises `NotFound` for the change,
    `InvalidInput` for a day that is not over or outside the supported range, `StorageExceeded`.
    """
    viewer = await context.require_viewer()
    if as_of is not None and check_supported_day(as_of, "asOf") >= today(viewer):
        raise InvalidInput("asOf", f"asOf is {as_of.isoformat()}; send a day before today, or `changeId`", rule=InputRule.OUT_OF_RANGE)
    async with database.transaction() as session:
        await stored.lock_user(session, viewer.id)
        present = await stored.list_evidence(session, viewer.id)
        if change_id is not None:
            day, until, counted = await _at_change(session, viewer, change_id)
        else:
            assert as_of is not None, "one of the two is given"
            day, until = as_of, day_bounds(as_of, viewer.time_zone, viewer.day_ends_at)[1] - _INSTANT
            counted = {row.message_id for row in present if row.day <= as_of}
        aside = {row.message_id for row in present} - set(counted)
        await verdicts.save_revert(session, viewer.id, day, until, sorted(aside))
        changes = (await update_profile(session, viewer.id, reason=REVERTED)).changes
        await storage_quota.add(session, viewer.id, storage_quota.size() + ID_BYTES * len(aside))
        return changes


async def _at_change(session: Session, viewer: AnyUser, change_id: UUID) -> tuple[date, datetime, Collection[UUID]]:
    change = await verdicts.find_change(session, viewer.id, change_id)
    if change is None:
        raise NotFound("profile change")
    counted = await verdicts.list_evidence_messages_at(session, viewer.id, change.created_at)
    return day_of(change.created_at, viewer.time_zone, viewer.day_ends_at), change.created_at, counted


async def _give_verdict(context: Context, value_id: UUID, kind: VerdictKind, because: str, reason: str | None = None) -> VerdictResult:
    viewer = await context.require_viewer()
    async with database.transaction() as session:
        await lock_erasures(session, viewer.id)
        return await give_verdict(session, viewer, value_id, kind, because, reason)


async def find_status(session: Session, viewer: AnyUser, value_id: UUID) -> str | None:
    """Return the status of a value in the viewer's profile; None if it has no such value."""
    found = await verdicts.find_value(session, viewer.id, value_id)
    return None if found is None else found.status.value


async def find_named(session: Session, user_id: UUID, slot: str, key: str) -> Value | None:
    """Return the value with this slot and key, or the one that it was merged into; None if the profile has neither."""
    return await _find(session, user_id, slot, key)


async def give_verdict(
    session: Session, viewer: AnyUser, value_id: UUID, kind: VerdictKind, because: str, reason: str | None = None, *, also_against: Sequence[UUID] = (),
    keeps_all: bool = False,
) -> VerdictResult:
    """Give a verdict in the caller's transaction, which has called `lock_erasures`. Raises `NotFound`, `StorageExceeded`.

    A REJECT also takes the messages `also_against` and those with a wish to remember the value for no evidence. With `keeps_all`, nothing is erased with the
    value, so that deleting the verdict restores what was before it.
    """
    await stored.lock_user(session, viewer.id)
    value = await verdicts.find_value(session, viewer.id, value_id)
    if value is None:
        raise NotFound("profile value")
    text, verdict_id = value.value, None
    wished = await verdicts.list_wishes(session, viewer.id, value.slot, value.value_key) if kind is VerdictKind.REJECT else ()
    against = list(dict.fromkeys((*value.evidence, *wished, *also_against)))
    done, grew = _is_done(value, kind), storage_quota.size(value.value, reason) + ID_BYTES * len(against)
    if not done:
        evidence = against if kind is VerdictKind.REJECT else ()
        verdict_id = await verdicts.save_verdict(
            session, viewer.id, kind, value.slot, value.value, value.value_key, evidence=evidence, reason=reason,
            polarity=None if kind is VerdictKind.UNLOCK else value.polarity,
        )
    if kind is VerdictKind.REJECT and not keeps_all:
        await clear_quotes(session, viewer.id, await find_imported(session, viewer.id, (value.slot, value.value_key)))
    judged = await _recompute_after_verdict(session, viewer, value.slot, value.value_key, because)
    if not keeps_all:
        await erase_unlocked_value(session, viewer, (value.slot, value.value_key), text, value_id, because)
    if not done:
        await storage_quota.add(session, viewer.id, grew)
    return replace(judged, value=await _find(session, viewer.id, value.slot, value.value_key), verdict_id=verdict_id)


def _is_done(value: ProfileValue, kind: VerdictKind) -> bool:
    return (kind is VerdictKind.LOCK and value.locked) or (kind is VerdictKind.UNLOCK and not value.locked)


async def _recompute_after_verdict(session: Session, viewer: AnyUser, slot: str, key: str, because: str) -> VerdictResult:
    recomputed = await update_profile(session, viewer.id, reason=because)
    return VerdictResult(await _find(session, viewer.id, slot, key), recomputed.changes)


async def _find(session: Session, user_id: UUID, slot: str, key: str) -> Value | None:
    """Return the value, resolving an alias that a merge of near-duplicates left."""
    name = (slot, resolve(slot, key, await stored.load_aliases(session, user_id)))
    return (await reading.load_values_by_key(session, user_id, [name])).get(name)


def validate_value(text: str) -> str:
    """Return the value as one line, as it is stored. Raises `InvalidInput`."""
    value = to_single_line(text_validation.validate_line("value", text, MAX_VALUE_LENGTH))
    if not value_key(value) or not has_content(value):
        raise InvalidInput(
            "value", f"value has no letter or digit: send 1 to {MAX_VALUE_LENGTH} characters with a letter or digit",
            rule=InputRule.EMPTY, bounds=(1, MAX_VALUE_LENGTH),
        )
    if contains_secret(value):
        raise InvalidInput(
            "value", "value looks like a password, key or card number; secrets are not stored in a profile: send another value", rule=InputRule.LOOKS_SECRET
        )
    return value
