"""Users' slots in the prompts of the nightly jobs, and signals of slots that were closed while the model was writing.

The instructions of a prompt list the slots that are on for all users, so that providers can cache them. A user's sensitive and own slots stand
among the data, an own slot under a number: its key is a long id that a model could misspell.
"""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from uuid import UUID

from jobs.rules.own_slots import PREFIX, own_id
from jobs.rules.slots import SENSITIVE, SLOTS
from jobs.user_slots import Slots
from llm.drafts import DraftSignal, SlotGuide
from persistence.database import Session
from persistence.queries.diary_writes import NewEntry, StoredSignal
from persistence.queries.own_slots import OpenSlots, lock_open_slots


def slot_guides() -> list[SlotGuide]:
    """Return the slots that the instructions of a prompt list: those of the table that are on for every user."""
    return [SlotGuide(slot.key, slot.many, slot.guide) for slot in SLOTS.values() if not slot.sensitive]


def personal_guides(slots: Slots) -> list[SlotGuide]:
    """Return the user's sensitive and own slots under their codes, for the data of a prompt."""
    codes = _codes(slots)
    return [SlotGuide(codes.get(slot.key, slot.key), slot.many, slot.guide, slot.name) for slot in slots.values() if slot.sensitive or slot.key in codes]


def to_code(key: str, slots: Slots) -> str:
    return _codes(slots).get(key, key)


def to_key(code: str, slots: Slots) -> str:
    """Return the key of the slot with this code, or the code itself, which may be no slot's."""
    return {known: key for key, known in _codes(slots).items()}.get(code, code)


def lines_with_codes(lines: Sequence[str], slots: Slots) -> list[str]:
    """Return `slot: value` lines with the codes of own slots in place of their keys."""
    codes = _codes(slots)
    return [f"{codes.get(key, key)}: {value}" for key, _, value in (line.partition(": ") for line in lines)]


def signals_with_keys(signals: Iterable[DraftSignal], slots: Slots) -> list[DraftSignal]:
    """Return the signals of a draft with the keys of own slots in place of their codes."""
    keys = {code: key for key, code in _codes(slots).items()}
    return [replace(signal, slot=keys.get(signal.slot, signal.slot)) for signal in signals]


def _codes(slots: Slots) -> dict[str, str]:
    own = [key for key in slots if own_id(key) is not None]
    return {key: f"{PREFIX}{number}" for number, key in enumerate(own, start=1)}


async def drop_closed_slots(session: Session, entries: Sequence[tuple[UUID, date, NewEntry]]) -> list[tuple[UUID, date, NewEntry]]:
    """Return the entries without signals of slots that were switched off or deleted since the day was loaded, and lock the users' slots.

    The model's call takes a while, and its answer must not restore what a user switched off meanwhile.
    """
    open_slots = await _lock(session, [(user_id, entry.signals) for user_id, _, entry in entries])
    return [(user_id, key, replace(entry, signals=_open(entry.signals, open_slots.get(user_id)))) for user_id, key, entry in entries]


async def open_signals(session: Session, user_id: UUID, signals: Sequence[StoredSignal]) -> Sequence[StoredSignal]:
    """Return the signals of one user as `drop_closed_slots` does."""
    return _open(signals, (await _lock(session, [(user_id, signals)])).get(user_id))


async def _lock(session: Session, signals: Iterable[tuple[UUID, Sequence[StoredSignal]]]) -> dict[UUID, OpenSlots]:
    """Lock the slots of users with a signal of a slot that can be closed; most days have none."""
    users = {user_id for user_id, found in signals if any(_can_close(signal.slot) for signal in found)}
    return await lock_open_slots(session, users) if users else {}


def _can_close(key: str) -> bool:
    return key in SENSITIVE or own_id(key) is not None


def _open(signals: Sequence[StoredSignal], slots: OpenSlots | None) -> Sequence[StoredSignal]:
    if slots is None:
        return signals
    return [signal for signal in signals if not _can_close(signal.slot) or signal.slot in slots.sensitive or own_id(signal.slot) in slots.own]
