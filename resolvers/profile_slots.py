"""Use cases of profile slots: list them, define, change and delete one's own, and switch sensitive ones off and on.

Closing a slot (deleting it or switching it off) erases what it holds, in one transaction with the recomputed profile.
"""
from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from jobs.deleted_messages import find_deleted, remember_deleted
from jobs.profile_update import update_profile
from jobs.rules.own_slots import MAX_GUIDE_LENGTH, MAX_HALF_LIFE_DAYS, MAX_NAME_LENGTH, MAX_OWN_SLOTS, own_key
from jobs.rules.slots import SENSITIVE, SLOTS, Section, value_key
from jobs.rules.text.normalization import has_content
from jobs.rules.text.secrets import contains_secret
from persistence import database
from persistence.database import Session
from persistence.ids import is_client_made
from persistence.models import OwnSlot, User
from persistence.queries import own_slots as stored
from persistence.queries.erasure import ANY_ANSWER, ErasedData, lock_erasures, name_deleted
from persistence.queries.profile_writes import lock_user
from resolvers import slot_labels, storage_quota, text_validation
from resolvers.context import Context
from resolvers.erasure import Receipt, make_receipt, recompute_after_erasure
from resolvers.errors import Conflict, ConflictReason, Faults, InputRule, InvalidInput, NotFound

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser

UPDATED = "SLOT_UPDATED"
CLOSED = "SLOT_CLOSED"
"""Reasons in the log of profile changes. The entries of a closed slot are erased with it."""

_TAKEN = {value_key(name) for key in SLOTS for name in (key, key.partition(".")[2], *slot_labels.LABELS[key])}
"""The names of the table's slots, as names are compared."""


@dataclass(frozen=True)
class SlotSetting:
    """A slot as a settings screen shows it; `own` is the row of a slot that the user defined."""

    key: str
    section: Section
    label: str
    description: str
    many: bool
    half_life_days: int | None
    sensitive: bool
    enabled: bool
    own: OwnSlot | None = None


async def list_slots(viewer: AnyUser) -> list[SlotSetting]:
    """Return the table's slots in the order of a profile, then the viewer's own ones, the oldest first."""
    async with database.session() as session:
        own = await stored.list_own_slots(session, viewer.id)
    on = viewer.sensitive_slots
    built_in = [
        SlotSetting(
            key, slot.section, slot_labels.label(key, viewer.locale), slot_labels.description(key, viewer.locale), slot.many, slot.half_life_days,
            slot.sensitive, not slot.sensitive or key in on,
        )
        for key, slot in SLOTS.items()
    ]
    return [*built_in, *(SlotSetting(own_key(row.id), "OWN", row.name, row.guide, row.many, row.half_life_days, False, True, row) for row in own)]


async def create_slot(
    context: Context, *, name: str, many: bool, half_life_days: int | None, guide: str, slot_id: UUID | None = None
) -> OwnSlot:
    """Define a slot, with `slot_id` under an id that the client made; the same slot sent again is returned as it is.

    Raises `InvalidInput`, `Conflict` for too many slots and for an id of another slot, `NotFound` for that of a deleted one, `StorageExceeded`.
    """
    viewer = await context.require_viewer()
    values = validate_slot({"name": name, "many": many, "half_life_days": half_life_days, "guide": guide})
    async with database.transaction() as session:
        present = await _lock_slots(session, viewer)
        if slot_id is not None and (repeated := await _find_made(session, viewer, slot_id, values, present)) is not None:
            return repeated
        if len(present) >= MAX_OWN_SLOTS:
            raise Conflict(
                f"the account has {len(present)} slots of its own; the limit is {MAX_OWN_SLOTS}: delete one with `slotDelete` first",
                reason=ConflictReason.TOO_MANY,
            )
        _check_unused(values["name_key"], present)
        added = await stored.add_own_slot(session, viewer.id, values, slot_id)
        await storage_quota.add(session, viewer.id, storage_quota.size(added.name, added.guide))
        return added


async def _find_made(session: Session, viewer: AnyUser, slot_id: UUID, values: Mapping[str, Any], present: Sequence[OwnSlot]) -> OwnSlot | None:
    """Return the slot that was created under an id that the client made, None if it is new.

    Raises `Conflict` for another slot, `NotFound` for a deleted one.
    """
    for row in present:
        if row.id == slot_id:
            if any(getattr(row, name) != value for name, value in values.items()):
                raise Conflict("this id belongs to another slot: make a new id for what is new", reason=ConflictReason.ID_TAKEN)
            return row
    _, deleted = await find_deleted(session, viewer.id, (), [str(slot_id)])
    if deleted:
        raise NotFound("slot")
    return None


@dataclass(frozen=True)
class ChangedSlot:
    """A slot after its change, and the number of profile values that changed with it."""

    slot: OwnSlot
    changes: int


async def update_slot(context: Context, slot_id: UUID, changes: Mapping[str, Any]) -> ChangedSlot:
    """Change some of name, many, half_life_days and guide, and recompute the profile. Raises `NotFound`, `InvalidInput`, `StorageExceeded`."""
    viewer = await context.require_viewer()
    values = validate_slot(changes)
    async with database.transaction() as session:
        present = await _lock_slots(session, viewer)
        slot = _find(present, slot_id)
        if "name_key" in values:
            _check_unused(values["name_key"], [row for row in present if row.id != slot_id])
        if not values:
            return ChangedSlot(slot, 0)
        changed = await stored.change_own_slot(session, viewer.id, slot_id, values)
        recomputed = await update_profile(session, viewer.id, reason=UPDATED)
        await storage_quota.add(session, viewer.id, storage_quota.size(changed.name, changed.guide))
        return ChangedSlot(changed, recomputed.changes)


async def delete_slot(context: Context, slot_id: UUID, *, dry_run: bool = False) -> Receipt:
    """Delete a slot with its signals, values, verdicts and history; with `dry_run` nothing. Raises `NotFound`."""
    viewer = await context.require_viewer()
    async with database.transaction(dry_run=dry_run) as session:
        await lock_erasures(session, viewer.id)
        slot = _find(await _lock_slots(session, viewer), slot_id)
        texts = [slot.name, slot.guide]
        await stored.delete_own_slot(session, viewer.id, slot_id)
        if is_client_made(slot_id):
            await remember_deleted(session, viewer.id, (), [str(slot_id)])
        return await erase_closed(session, viewer, [own_key(slot_id)], [slot_id], texts)


async def erase_closed(
    session: Session, viewer: AnyUser, keys: Collection[str], slots: Collection[UUID] = (), texts: Sequence[str] = ()
) -> Receipt:
    """Erase the contents of slots that the caller has just closed, in the caller's transaction, which has called `lock_erasures` and locked the user's row.

    `slots` are those it deleted, `texts` their names and guides. Messages and the lines of diaries stay: they are not about a slot, and have deletions
    of their own. Answers lose what they repeat of the texts, and of what the user set in the slots by hand.
    """
    by_hand, values = await stored.list_hand_set(session, viewer.id, keys)
    signals = await stored.erase_slots(session, viewer.id, keys)
    recomputed = await update_profile(session, viewer.id, reason=CLOSED)
    changes = await stored.erase_changes(session, viewer.id, keys)
    gone = [*name_deleted("ProfileChange", set(changes) - set(recomputed.recorded)), *name_deleted("OwnSlot", slots)]
    closed = make_receipt(ErasedData(signals=signals, gone=gone), recomputed)
    if not by_hand and not texts:
        return closed
    told = ErasedData(texts=[*by_hand, *filter(None, texts)], values=values, since=ANY_ANSWER)
    return closed.add(await recompute_after_erasure(session, viewer, told, CLOSED))


async def require_open(session: Session, user: User, key: str) -> None:
    """Check that a value can be set in a slot of the user, whose row must be locked. Raises `NotFound`, `InvalidInput`."""
    if key in SLOTS:
        if key in SENSITIVE and key not in user.sensitive_slots:
            raise InvalidInput(
                "slot", "this slot is sensitive and switched off: switch it on with `accountUpdate(sensitiveSlots:)` first", rule=InputRule.SWITCHED_OFF
            )
    elif key not in {own_key(row.id) for row in await stored.list_own_slots(session, user.id)}:
        raise NotFound("slot")


def validate_slot(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns to store for the given fields of an own slot. Raises `InvalidInput` with all fields that break a rule."""
    values: dict[str, Any] = {}
    faults = Faults()
    for field, value in given.items():
        with faults.collect():
            values |= _RULES[field](value)
    faults.raise_first()
    return values


def _name(value: str | None) -> dict[str, Any]:
    if value is None:
        raise InvalidInput("name", "name must not be null; omit it to keep the current one", rule=InputRule.REQUIRED)
    name = text_validation.validate_name("name", value, MAX_NAME_LENGTH)
    key = value_key(name)
    if not key or not has_content(name):
        raise InvalidInput(
            "name", f"name has no letter or digit: send 1 to {MAX_NAME_LENGTH} characters with a letter or digit",
            rule=InputRule.EMPTY, bounds=(1, MAX_NAME_LENGTH),
        )
    if contains_secret(name):
        raise InvalidInput("name", "name looks like a password, key or card number: send another name", rule=InputRule.LOOKS_SECRET)
    if key in _TAKEN:
        raise InvalidInput("name", f"name is {name!r}, which is the name of a slot that every profile has: send another name", rule=InputRule.DUPLICATE)
    return {"name": name, "name_key": key}


def _guide(value: str | None) -> dict[str, Any]:
    guide = text_validation.validate_name("guide", value, MAX_GUIDE_LENGTH) if value else ""
    if contains_secret(guide):
        raise InvalidInput("guide", "guide looks like it has a password, key or card number: leave it out", rule=InputRule.LOOKS_SECRET)
    return {"guide": guide}


def _half_life(value: int | None) -> dict[str, Any]:
    if value is not None and not 1 <= value <= MAX_HALF_LIFE_DAYS:
        raise InvalidInput(
            "halfLifeDays", f"halfLifeDays is {value}; send 1 to {MAX_HALF_LIFE_DAYS}, or null for values that do not age",
            rule=InputRule.OUT_OF_RANGE, bounds=(1, MAX_HALF_LIFE_DAYS),
        )
    return {"half_life_days": value}


def _many(value: bool | None) -> dict[str, Any]:
    if value is None:
        raise InvalidInput("many", "many must be true for several values at a time or false for one", rule=InputRule.REQUIRED)
    return {"many": value}


_RULES: Mapping[str, Callable[[Any], dict[str, Any]]] = {"name": _name, "guide": _guide, "half_life_days": _half_life, "many": _many}


async def _lock_slots(session: Session, viewer: AnyUser) -> Sequence[OwnSlot]:
    """Lock the user until the transaction ends, and return their slots: limits and names are checked against all of them."""
    if await lock_user(session, viewer.id) is None:
        raise Conflict("the account was deleted while the request ran", reason=ConflictReason.ACCOUNT_DELETED)
    return await stored.list_own_slots(session, viewer.id)


def _find(present: Sequence[OwnSlot], slot_id: UUID) -> OwnSlot:
    for row in present:
        if row.id == slot_id:
            return row
    raise NotFound("slot")


def _check_unused(name_key: str, others: Sequence[OwnSlot]) -> None:
    for row in others:
        if row.name_key == name_key:
            raise InvalidInput(
                "name", f"the account has a slot of that name already ({row.name!r}): send another name, or change that slot with `slotUpdate`",
                rule=InputRule.DUPLICATE,
            )
