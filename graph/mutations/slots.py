"""Mutations of the slots that users define."""
from typing import TYPE_CHECKING, Annotated

import strawberry

from graph.permissions import SignedIn
from graph.relay import MADE_ID, decode_id_of, decode_made_id
from graph.results import ConflictError, InvalidInputError, StorageExceededError, to_result
from graph.types.own_slots import OwnSlot
from graph.types.profile import Profile, load_profile
from graph.types.receipt import DRY_RUN, ForgettingReceipt
from resolvers import profile_slots

if TYPE_CHECKING:
    from persistence import models

NAME = "Name of the slot: 1 to 40 characters on one line with a letter or digit, different from the names of all other slots of the profile."
MANY = "Whether several values can be current at a time; otherwise a newer value replaces the previous one."
HALF_LIFE = "Age in days at which evidence counts half, 1 to 36500; null if values do not age."
GUIDE = "What belongs into the slot, at most 200 characters on one line. The nightly jobs give name and guide to the model as data, and look for a word of them in the statements that fill the slot."


@strawberry.input(description="The slot to define.")
class SlotCreateInput:
    name: str = strawberry.field(description=NAME)
    many: bool = strawberry.field(description=MANY)
    half_life_days: int | None = strawberry.field(default=365, description=HALF_LIFE)
    guide: str | None = strawberry.field(default=None, description=f"{GUIDE} Absent, null or empty for none.")
    id: strawberry.ID | None = strawberry.field(default=None, description=MADE_ID.format("OwnSlot"))


@strawberry.type(description="The slot was defined. It is filled from the days that are processed from now on.")
class SlotCreateSuccess:
    slot: OwnSlot = strawberry.field(description="The new slot.")


@strawberry.input(description="Changes of a slot that the user defined. Absent fields keep their value.")
class SlotUpdateInput:
    id: strawberry.ID = strawberry.field(description="Id of the slot.")
    name: strawberry.Maybe[str | None] = strawberry.field(description=f"{NAME} Null is rejected.")
    many: strawberry.Maybe[bool | None] = strawberry.field(description=f"{MANY} Null is rejected.")
    half_life_days: strawberry.Maybe[int | None] = strawberry.field(description=HALF_LIFE)
    guide: strawberry.Maybe[str | None] = strawberry.field(description=f"{GUIDE} Null or empty for none.")


@strawberry.type(description="The slot was changed, and the profile recomputed from the same evidence.")
class SlotUpdateSuccess:
    slot: OwnSlot = strawberry.field(description="The slot after the change.")
    changed_values: int = strawberry.field(description="Number of values in the profile that changed; `profileChanges` lists them.")

    @strawberry.field(description="The profile after the change.")
    async def profile(self, info: strawberry.Info) -> Profile:
        return await load_profile(info)

    @classmethod
    def from_changed(cls, changed: "profile_slots.ChangedSlot") -> "SlotUpdateSuccess":
        return cls(slot=OwnSlot.from_model(changed.slot), changed_values=changed.changes)


@strawberry.input(description="The slot to delete.")
class SlotDeleteInput:
    id: strawberry.ID = strawberry.field(description="Id of the slot.")
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.type(description="The slot was deleted permanently with its values, their history, and what the diaries noted for it. Messages and lines of diaries stay.")
class SlotDeleteSuccess:
    deleted_id: strawberry.ID = strawberry.field(description="Id of the deleted slot.")
    receipt: ForgettingReceipt = strawberry.field(description="What was removed with it.")


SlotCreateResult = Annotated[
    SlotCreateSuccess | InvalidInputError | ConflictError | StorageExceededError,
    strawberry.union("SlotCreateResult", description="Outcome of `slotCreate`; ConflictError when the account has 20 slots of its own already, and when the id that the client made is taken."),
]
SlotUpdateResult = Annotated[
    SlotUpdateSuccess | InvalidInputError | ConflictError | StorageExceededError, strawberry.union("SlotUpdateResult", description="Outcome of `slotUpdate`.")
]
SlotDeleteResult = Annotated[SlotDeleteSuccess | ConflictError, strawberry.union("SlotDeleteResult", description="Outcome of `slotDelete`.")]


async def _create(info: strawberry.Info, input: SlotCreateInput) -> "models.OwnSlot":
    return await profile_slots.create_slot(
        info.context, name=input.name, many=input.many, half_life_days=input.half_life_days, guide=input.guide or "",
        slot_id=decode_made_id("OwnSlot", "id", input.id),
    )


@strawberry.type
class SlotMutation:
    @strawberry.mutation(permission_classes=[SignedIn], description="Define a slot of the profile, at most 20 per account.")
    async def slot_create(self, info: strawberry.Info, input: SlotCreateInput) -> SlotCreateResult | None:
        return await to_result(_create(info, input), lambda row: SlotCreateSuccess(slot=OwnSlot.from_model(row)))

    @strawberry.mutation(permission_classes=[SignedIn], description="Change a slot that the user defined, and recompute the profile.")
    async def slot_update(self, info: strawberry.Info, input: SlotUpdateInput) -> SlotUpdateResult | None:
        given = {name: getattr(input, name) for name in ("name", "many", "half_life_days", "guide")}
        changes = {name: some.value for name, some in given.items() if some is not None}
        return await to_result(profile_slots.update_slot(info.context, decode_id_of("OwnSlot", input.id), changes), SlotUpdateSuccess.from_changed)

    @strawberry.mutation(permission_classes=[SignedIn], description="Delete a slot that the user defined, with everything that it holds.")
    async def slot_delete(self, info: strawberry.Info, input: SlotDeleteInput) -> SlotDeleteResult | None:
        deleted = profile_slots.delete_slot(info.context, decode_id_of("OwnSlot", input.id), dry_run=input.dry_run)
        return await to_result(
            deleted, lambda receipt: SlotDeleteSuccess(deleted_id=input.id, receipt=ForgettingReceipt.from_receipt(receipt, dry_run=input.dry_run))
        )
