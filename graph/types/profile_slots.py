"""The enums of a profile's slots and their sections, made from the table of slots. A user's own slots share one value, OWN."""
import enum
from collections.abc import Mapping
from typing import TYPE_CHECKING
from uuid import UUID

from graph.enums import describe_enum
from jobs.rules.own_slots import own_id, own_key
from jobs.rules.slots import SLOTS, Slot


def _name(slot: Slot) -> str:
    return slot.key.upper().replace(".", "_")


def _description(slot: Slot) -> str:
    sensitive = " Sensitive: off until `accountUpdate(sensitiveSlots:)` switches it on." if slot.sensitive else ""
    return f"{slot.guide[0].upper()}{slot.guide[1:]}. {'Several values' if slot.many else 'One value'} at a time.{sensitive}"


if TYPE_CHECKING:

    class ProfileSlot(enum.Enum):
        """Members made below."""

    class ProfileSectionName(enum.Enum):
        """Members made below."""

else:
    ProfileSlot = describe_enum(
        enum.Enum("ProfileSlot", {**{_name(slot): slot.key for slot in SLOTS.values()}, "OWN": "own"}),
        "What a profile can know about a user. The first part of a name is its section, such as IDENTITY in IDENTITY_HOME.",
        OWN="A slot that the user defined with `slotCreate`; `ownSlot` says which.",
        **{_name(slot): _description(slot) for slot in SLOTS.values()},
    )
    ProfileSectionName = describe_enum(
        enum.Enum("ProfileSectionName", {name: name for name in (*(slot.section for slot in SLOTS.values()), "OWN")}),
        "The sections of a profile.",
        IDENTITY="Who the user is: name, birthday, work, home, and, if switched on, health and beliefs.",
        RELATIONSHIPS="Who is close to the user, and their dates.",
        PREFERENCES="What the user likes.",
        HABITS="What the user does regularly.",
        DECISIONS="What the user wants to reach, and when and how they decide.",
        OWN="What the user defined slots for.",
    )

OWN = ProfileSlot("own")

_SLOT_OF: Mapping[str, ProfileSlot] = {slot.value: slot for slot in ProfileSlot if slot is not OWN}


def slot_of(key: str) -> ProfileSlot | None:
    """Return the enum member of a slot's stored key; None for the key of a slot that does not exist any more."""
    return _SLOT_OF.get(key) or (OWN if own_id(key) else None)


def key_of(slot: ProfileSlot, own: UUID | None) -> str:
    """Return the stored key of a slot; `own` is the id of an own slot."""
    return own_key(own) if own is not None else slot.value


def section_of(key: str) -> ProfileSectionName:
    """Return the section of a slot's stored key."""
    return ProfileSectionName[SLOTS[key].section if key in SLOTS else "OWN"]
