"""A user's slots: those of the table that are on for them, and those that they defined themselves.

The key of an own slot is made of its id, so that signals, values and verdicts of it are stored as those of every other slot, and a new name changes
none of them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Final
from uuid import UUID

from jobs.rules.slots import SLOTS, Slot

PREFIX: Final = "own."
MAX_HALF_LIFE_DAYS: Final = 36_500
"""A hundred years; a slot whose values do not age has no half-life."""
MAX_OWN_SLOTS: Final = 20
MAX_NAME_LENGTH: Final = 40
"""Maximum length of the name of an own slot in characters."""
MAX_GUIDE_LENGTH: Final = 200
"""Maximum length in characters of the sentence that says what belongs into an own slot."""

DEFAULT_SLOTS: Final[Mapping[str, Slot]] = {key: slot for key, slot in SLOTS.items() if not slot.sensitive}
"""The slots of a user who switched no sensitive slot on and defined none."""


def own_key(id: UUID) -> str:
    return f"{PREFIX}{id.hex}"


def own_id(key: str) -> UUID | None:
    """Return the id of the own slot with this key; None for every other text."""
    digits = key.removeprefix(PREFIX)
    try:
        id = UUID(hex=digits)
    except ValueError:
        return None
    return id if own_key(id) == key else None


def is_known(key: str) -> bool:
    """Return whether the key is one of the table, or one of an own slot."""
    return key in SLOTS or own_id(key) is not None


def own_slot(id: UUID, name: str, many: bool, half_life_days: int | None, guide: str) -> Slot:
    return Slot(own_key(id), "OWN", many, half_life_days, habit=False, guide=guide, name=name)


def slots_of(switched_on: Collection[str], own: Iterable[Slot]) -> dict[str, Slot]:
    """Return the slots of one user by key, given the sensitive ones that they switched on and their own ones."""
    built_in = {key: slot for key, slot in SLOTS.items() if not slot.sensitive or key in switched_on}
    return {**built_in, **{slot.key: slot for slot in own}}
