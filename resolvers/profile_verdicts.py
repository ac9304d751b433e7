"""Verdicts of a user on their profile: set, lock, unlock, reject, revert. The profile is recomputed after each verdict."""
from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from jobs.profile_update import update_profile
from jobs.rules.day import day_bounds, day_of
from jobs.rules.profile.aliases import resolve
from jobs.rules.slots import VALUE_LENGTH, value_key
from jobs.rules.text.normalization import has_content, to_single_line
from jobs.rules.text.secrets import contains_secret
from persistence import database
from persistence.database import Session
from persistence.models import ProfileValue, User
from persistence.models.profile import VerdictKind
from persistence.queries import profile_reads as reading
from persistence.queries import profile_writes as stored
from persistence.queries import verdicts
from persistence.queries.profile_reads import Value
from resolvers import storage_quota, text_validation
from resolvers.context import Context
from resolvers.diary import check_supported_day, today
from resolvers.erasure import erase_unlocked_value
from resolvers.errors import InvalidInput, NotFound

SET = "VALUE_SET"
LOCKED = "VALUE_LOCKED"
UNLOCKED = "VALUE_UNLOCKED"
REJECTED = "VALUE_REJECTED"
REVERTED = "PROFILE_REVERTED"
"""Reasons in the log of profile changes."""

REASON_LENGTH = 500
ID_BYTES = 16
_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class VerdictResult:
    """The value after the verdict, None if it was removed, and the number of changed values in the profile."""

    value: Value | None
    changes: int


async def set_value(context: Context, slot: str, text: str) -> VerdictResult:
    """Set a value in a slot; in a one-value slot it replaces the current value. Raises `InvalidInput`, `StorageExceeded`."""
    viewer = await context.require_viewer()
    value = checked_value(text)
    async with database.transaction() as session:
        await stored.lock_user(session, viewer.id)
        await verdicts.save_verdict(session, viewer.id, VerdictKind.SET, slot, value, value_key(value))
        judged = await _judged(session, viewer, slot, value_key(value), SET)
        await storage_quota.add(session, viewer.id, storage_quota.size(value))
        return judged


async def lock(context: Context, value_id: UUID) -> VerdictResult:
    """Keep a value unchanged, whatever the nightly jobs find. Raises `NotFound`, `StorageExceeded`."""
    return await _give_verdict(context, value_id, VerdictKind.LOCK, LOCKED)


async def unlock(context: Context, value_id: UUID) -> VerdictResult:
    """Let the nightly jobs change a value again; it is removed if no other evidence supports it. Raises `NotFound`, `StorageExceeded`."""
    return await _give_verdict(context, value_id, VerdictKind.UNLOCK, UNLOCKED)


async def reject(context: Context, value_id: UUID, reason: str | None) -> VerdictResult:
    """Reject a value: it stays REJECTED until there is new evidence for it. Raises `NotFound`, `InvalidInput`, `StorageExceeded`."""
    why = None if reason is None else text_validation.validate_text("reason", reason, REASON_LENGTH).strip()
    return await _give_verdict(context, value_id, VerdictKind.REJECT, REJECTED, why)


async def revert(context: Context, *, as_of: date | None = None, change_id: UUID | None = None) -> int:
    """Revert the profile to a past day, or to its state after a change, and return the number of changed values.

    Diary texts stay unchanged; nothing that was deleted, hidden or corrected in them since is restored. Raises `NotFound` for the change,
    `InvalidInput` for a day that is not over, `BadInput` for a day outside the supported range, `StorageExceeded`.
    """
    viewer = await context.require_viewer()
    if as_of is not None and check_supported_day(as_of, "asOf") >= today(viewer):
        raise InvalidInput("asOf", f"asOf is {as_of.isoformat()}; send a day before today, or `changeId`")
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


async def _at_change(session: Session, viewer: User, change_id: UUID) -> tuple[date, datetime, Collection[UUID]]:
    change = await verdicts.find_change(session, viewer.id, change_id)
    if change is None:
        raise NotFound("profile change")
    counted = await verdicts.list_evidence_messages_at(session, viewer.id, change.created_at)
    return day_of(change.created_at, viewer.time_zone, viewer.day_ends_at), change.created_at, counted


async def _give_verdict(context: Context, value_id: UUID, kind: VerdictKind, because: str, reason: str | None = None) -> VerdictResult:
    viewer = await context.require_viewer()
    async with database.transaction() as session:
        await stored.lock_user(session, viewer.id)
        value = await verdicts.find_value(session, viewer.id, value_id)
        if value is None:
            raise NotFound("profile value")
        done, grew = _is_done(value, kind), storage_quota.size(value.value, reason) + ID_BYTES * len(value.evidence)
        if not done:
            evidence = value.evidence if kind is VerdictKind.REJECT else ()
            await verdicts.save_verdict(session, viewer.id, kind, value.slot, value.value, value.value_key, evidence=evidence, reason=reason)
        judged = await _judged(session, viewer, value.slot, value.value_key, because)
        await erase_unlocked_value(session, viewer, (value.slot, value.value_key), because)
        if not done:
            await storage_quota.add(session, viewer.id, grew)
        return replace(judged, value=await _find(session, viewer, value.slot, value.value_key))


def _is_done(value: ProfileValue, kind: VerdictKind) -> bool:
    return (kind is VerdictKind.LOCK and value.locked) or (kind is VerdictKind.UNLOCK and not value.locked)


async def _judged(session: Session, viewer: User, slot: str, key: str, because: str) -> VerdictResult:
    recomputed = await update_profile(session, viewer.id, reason=because)
    return VerdictResult(await _find(session, viewer, slot, key), recomputed.changes)


async def _find(session: Session, viewer: User, slot: str, key: str) -> Value | None:
    """Return the value, resolving an alias that a merge of near-duplicates left."""
    name = (slot, resolve(slot, key, await stored.load_aliases(session, viewer.id)))
    return (await reading.load_values_by_key(session, viewer.id, [name])).get(name)


def checked_value(text: str) -> str:
    """Return the value as one line, as it is stored. Raises `InvalidInput`."""
    value = to_single_line(text_validation.validate_line("value", text, VALUE_LENGTH))
    if not value_key(value) or not has_content(value):
        raise InvalidInput("value", f"value has no letter or digit: send 1 to {VALUE_LENGTH} characters with a letter or digit")
    if contains_secret(value):
        raise InvalidInput("value", "value looks like a password, key or card number; secrets are not stored in a profile: send another value")
    return value
