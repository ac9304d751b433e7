"""The types of the slots that users define, and of all slots as a settings screen shows them."""
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import strawberry

from graph.relay import Node, NodeLoader, encode_id
from graph.types.profile_slots import ProfileSectionName, ProfileSlot, slot_of
from jobs.rules.own_slots import own_id
from persistence import models
from resolvers import profile_slots


@strawberry.type(description="A slot of the profile that the user defined. The nightly jobs fill it as they fill the others.")
class OwnSlot(Node):
    name: str = strawberry.field(description="The user's name of the slot, 1 to 40 characters.")
    many: bool = strawberry.field(description="Whether several values can be current at a time; otherwise a newer value replaces the previous one.")
    half_life_days: int | None = strawberry.field(description="Age in days at which evidence counts half; null if it does not age.")
    guide: str = strawberry.field(description="What belongs into the slot, in the user's words, at most 200 characters; empty if the user gave no text.")
    created_at: datetime = strawberry.field(description="When the slot was defined.")
    updated_at: datetime = strawberry.field(description="When the slot was last changed.")

    @classmethod
    def from_model(cls, row: "models.OwnSlot") -> "OwnSlot":
        return cls(
            id=encode_id("OwnSlot", row.id), name=row.name, many=row.many, half_life_days=row.half_life_days, guide=row.guide,
            created_at=row.created_at, updated_at=row.updated_at,
        )  # fmt: skip


@strawberry.type(description="A slot with its settings for the user.")
class ProfileSlotSetting:
    slot: ProfileSlot = strawberry.field(description="The slot; OWN for one that the user defined.")
    own_slot: OwnSlot | None = strawberry.field(description="The slot that the user defined; null for every other slot.")
    section: ProfileSectionName = strawberry.field(description="The section of the profile that lists its values.")
    label: str = strawberry.field(description="Name to show: in Chinese for a Chinese `locale`, otherwise in English; the user's own name of an own slot.")
    description: str = strawberry.field(description="What belongs into it, in the language of `label`; the user's own text of an own slot, which may be empty.")
    many: bool = strawberry.field(description="Whether several values can be current at a time.")
    half_life_days: int | None = strawberry.field(description="Age in days at which evidence counts half; null if it does not age.")
    sensitive: bool = strawberry.field(description="Whether the slot is off until `accountUpdate(sensitiveSlots:)` switches it on.")
    enabled: bool = strawberry.field(description="Whether the slot is on. Nothing is learned for a slot that is off, and prompts do not contain it.")

    @classmethod
    def from_setting(cls, setting: "profile_slots.SlotSetting") -> "ProfileSlotSetting":
        slot = slot_of(setting.key)
        assert slot is not None, "settings are of slots that exist"
        return cls(
            slot=slot, own_slot=OwnSlot.from_model(setting.own) if setting.own else None, section=ProfileSectionName[setting.section], label=setting.label,
            description=setting.description, many=setting.many, half_life_days=setting.half_life_days, sensitive=setting.sensitive, enabled=setting.enabled,
        )  # fmt: skip


async def find_own_slot(info: strawberry.Info, key: str) -> OwnSlot | None:
    """Return the own slot with this stored key; None for the key of another slot. A request loads all of them with one statement."""
    id = own_id(key)
    found = await info.context.loaders.own_slot.load(id) if id else None
    return found and OwnSlot.from_model(found)


async def load_own_slots(info: strawberry.Info, ids: Sequence[UUID]) -> list[OwnSlot | None]:
    """Return the caller's own slots with these ids, for `node`."""
    found = await info.context.loaders.own_slot.load_many(ids)
    return [row and OwnSlot.from_model(row) for row in found]


NODES: dict[str, NodeLoader] = {"OwnSlot": load_own_slots}
