"""The enums of a profile's declared slots and their sections, made from the table of slots."""
import enum
from collections.abc import Mapping
from typing import TYPE_CHECKING

from graph.enums import describe_enum
from jobs.rules.slots import SLOTS, Slot


def _name(slot: Slot) -> str:
    return slot.key.upper().replace(".", "_")


def _description(slot: Slot) -> str:
    return f"{slot.guide[0].upper()}{slot.guide[1:]}. {'Several values' if slot.many else 'One value'} at a time."


if TYPE_CHECKING:

    class ProfileSlot(enum.Enum):
        """Members made below."""

    class ProfileSectionName(enum.Enum):
        """Members made below."""

else:
    ProfileSlot = describe_enum(
        enum.Enum("ProfileSlot", {_name(slot): slot.key for slot in SLOTS.values()}),
        "The complete list of what a profile can know about a user. The first part of a name is its section, such as IDENTITY in IDENTITY_HOME.",
        **{_name(slot): _description(slot) for slot in SLOTS.values()},
    )
    ProfileSectionName = describe_enum(
        enum.Enum("ProfileSectionName", {slot.section: slot.section for slot in SLOTS.values()}),
        "The sections of a profile.",
        IDENTITY="Who the user is: work and home.",
        RELATIONSHIPS="Who is close to the user.",
        PREFERENCES="What the user likes.",
        HABITS="What the user does regularly.",
        DECISIONS="When and how the user decides.",
    )

SLOT_OF: Mapping[str, ProfileSlot] = {slot.value: slot for slot in ProfileSlot}
"""The enum member by a slot's stored key; keys of slots that are no longer declared are missing."""


def section_of(slot: str) -> ProfileSectionName:
    """Return the section of a slot's key."""
    return ProfileSectionName[SLOTS[slot].section]
