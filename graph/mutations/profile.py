"""Mutations of the profile: set, lock, unlock, reject, revert."""
from datetime import date as Date
from functools import partial
from typing import Annotated
from uuid import UUID

import strawberry

from graph.field_costs import AGGREGATE, weight
from graph.permissions import SignedIn
from graph.relay import decode_id, decode_id_of
from graph.results import ConflictError, InvalidInputError, StorageExceededError, to_result
from graph.types.profile import Profile, ProfileValue, ProfileValuePolarity, load_profile
from graph.types.profile_slots import OWN, ProfileSlot, key_of
from graph.types.receipt import DRY_RUN, ForgettingReceipt
from resolvers import profile_verdicts as verdicts
from resolvers.errors import InputRule, InvalidInput

VALUE = "The value after the change."
GONE = "Null when only the lock had kept the value: then it was removed."


@strawberry.type
class VerdictSuccess:
    """The fields of every success. The whole profile is recomputed, so a verdict on one value may change others."""

    changed_values: int = strawberry.field(description="Number of values in the profile that changed; `profileChanges` lists them.")

    @strawberry.field(description="The profile after the change, which may also affect other values of the slot.")
    async def profile(self, info: strawberry.Info) -> Profile:
        return await load_profile(info)


@strawberry.input(description="The value to set.")
class ProfileValueSetInput:
    slot: ProfileSlot = strawberry.field(description="The slot that the value belongs to: what it is about. OWN for one that the user defined. A sensitive one must be on.")
    value: str = strawberry.field(description="The value on one line: 1 to 120 characters, with a letter or digit. Passwords, keys and card numbers are rejected. A birthday names one day, such as May 2, 5月2日 or 1990-05-02.")
    own_slot_id: strawberry.ID | None = strawberry.field(default=None, description="Id of the slot that the user defined; required if `slot` is OWN, otherwise absent or null.")
    replaces: strawberry.ID | None = strawberry.field(
        default=None, description="Id of a wrong value of the same slot, which is rejected as by `profileValueReject`; absent or null for none. It must not be locked.",
    )
    polarity: ProfileValuePolarity | None = strawberry.field(
        default=None,
        description="How the user is related to the value, such as DISLIKES with the value `cilantro`. Absent or null: as the text says, so `hates cilantro` sets `cilantro` with DISLIKES; otherwise IS.",
    )


@strawberry.type(description="The value was set; its origin is STATED. In a slot with one value at a time it replaces the previous one.")
class ProfileValueSetSuccess(VerdictSuccess):
    value: ProfileValue = strawberry.field(description=VALUE)
    replaced: ProfileValue | None = strawberry.field(description="The value `replaces` after the change, REJECTED; null without `replaces`.")

    @classmethod
    def from_judged(cls, judged: verdicts.VerdictResult) -> "ProfileValueSetSuccess":
        assert judged.value is not None, "what was just set holds"
        replaced = judged.replaced and ProfileValue.from_model(judged.replaced)
        return cls(value=ProfileValue.from_model(judged.value), changed_values=judged.changes, replaced=replaced)


@strawberry.input(description="The value to lock.")
class ProfileValueLockInput:
    id: strawberry.ID = strawberry.field(description="Id of the value.")


@strawberry.type(description="The value is locked: it stays whatever the nightly jobs find. In a slot with one value at a time, other values can only be suggested beside it.")
class ProfileValueLockSuccess(VerdictSuccess):
    value: ProfileValue = strawberry.field(description=VALUE)

    @classmethod
    def from_judged(cls, judged: verdicts.VerdictResult) -> "ProfileValueLockSuccess":
        assert judged.value is not None, "what was just locked holds"
        return cls(value=ProfileValue.from_model(judged.value), changed_values=judged.changes)


@strawberry.input(description="The value to unlock.")
class ProfileValueUnlockInput:
    id: strawberry.ID = strawberry.field(description="Id of the value.")


@strawberry.type(description="The value is no longer locked.")
class ProfileValueUnlockSuccess(VerdictSuccess):
    value: ProfileValue | None = strawberry.field(description=f"{VALUE} {GONE}")

    @classmethod
    def from_judged(cls, judged: verdicts.VerdictResult) -> "ProfileValueUnlockSuccess":
        return cls(value=judged.value and ProfileValue.from_model(judged.value), changed_values=judged.changes)


@strawberry.input(description="The value to reject.")
class ProfileValueRejectInput:
    id: strawberry.ID = strawberry.field(description="Id of the value. A value that is locked or was set by the user loses both.")
    reason: str | None = strawberry.field(default=None, description="Reason, 1 to 500 characters, stored for the user; absent or null for none.")


@strawberry.type(description="The value was rejected. It returns only when other messages support it.")
class ProfileValueRejectSuccess(VerdictSuccess):
    value: ProfileValue | None = strawberry.field(description=f"{VALUE} Its status is REJECTED. {GONE}")

    @classmethod
    def from_judged(cls, judged: verdicts.VerdictResult) -> "ProfileValueRejectSuccess":
        return cls(value=judged.value and ProfileValue.from_model(judged.value), changed_values=judged.changes)


@strawberry.input(description="The value to erase.")
class ProfileValueEraseInput:
    id: strawberry.ID = strawberry.field(description="Id of the value, or of a `ProfileChange` of a value that the profile does not show any more.")
    only_reason: bool = strawberry.field(
        default=False, description="True to erase only the reasons that the user gave when they rejected the value; it stays rejected."
    )
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.type(
    description="Everything that the user set, locked or rejected of the value is erased, with its words in the assistant's answers and in the log of changes, unless other messages of "
    "the user say them. A value that the user's messages support stays or returns as they support it: delete these messages to remove it."
)
class ProfileValueEraseSuccess(VerdictSuccess):
    value: ProfileValue | None = strawberry.field(description="The value as the user's messages support it; null when they do not.")
    receipt: ForgettingReceipt = strawberry.field(description="What was removed with it.")

    @classmethod
    def from_erased(cls, erased: verdicts.ErasedValue, *, dry_run: bool = False) -> "ProfileValueEraseSuccess":
        receipt = erased.receipt
        changed = receipt.values_removed + receipt.values_lowered + receipt.values_restored
        return cls(
            value=erased.value and ProfileValue.from_model(erased.value), changed_values=changed, receipt=ForgettingReceipt.from_receipt(receipt, dry_run=dry_run))


@strawberry.input(description="The state to revert to. Give exactly one of `asOf` and `changeId`.")
class ProfileRevertInput:
    as_of: Date | None = strawberry.field(
        default=None, description="A day that is over: the profile becomes the one that `profile(asOf:)` returns for it, and evolves from there."
    )
    change_id: strawberry.ID | None = strawberry.field(
        default=None, description="Id of a `ProfileChange`: the profile becomes the one after that change, and evolves from there."
    )


@strawberry.type(
    description="The profile was reverted. Values that the user set, locked, unlocked or rejected since then lose that verdict, and evidence found since then no longer counts, even when its day is processed again; "
    "new messages count from now on. Diaries are unchanged. A revert is recorded as a change and can itself be reverted."
)
class ProfileRevertSuccess(VerdictSuccess):
    pass


ProfileValueSetResult = Annotated[
    ProfileValueSetSuccess | InvalidInputError | ConflictError | StorageExceededError, strawberry.union("ProfileValueSetResult", description="Outcome of `profileValueSet`.")
]
ProfileValueLockResult = Annotated[
    ProfileValueLockSuccess | ConflictError | StorageExceededError, strawberry.union("ProfileValueLockResult", description="Outcome of `profileValueLock`.")
]
ProfileValueUnlockResult = Annotated[
    ProfileValueUnlockSuccess | ConflictError | StorageExceededError, strawberry.union("ProfileValueUnlockResult", description="Outcome of `profileValueUnlock`.")
]
ProfileValueRejectResult = Annotated[
    ProfileValueRejectSuccess | InvalidInputError | StorageExceededError, strawberry.union("ProfileValueRejectResult", description="Outcome of `profileValueReject`.")
]
ProfileValueEraseResult = Annotated[
    ProfileValueEraseSuccess | ConflictError, strawberry.union("ProfileValueEraseResult", description="Outcome of `profileValueErase`.")
]
ProfileRevertResult = Annotated[
    ProfileRevertSuccess | InvalidInputError | StorageExceededError, strawberry.union("ProfileRevertResult", description="Outcome of `profileRevert`.")
]


@strawberry.type
class ProfileMutation:
    @strawberry.mutation(permission_classes=[SignedIn], description="Set a value of the profile. It takes precedence over inferred values. With `replaces` it corrects another one in the same request; sent again it changes nothing.")
    async def profile_value_set(self, info: strawberry.Info, input: ProfileValueSetInput) -> ProfileValueSetResult | None:
        return await to_result(_set_value(info, input), ProfileValueSetSuccess.from_judged)

    @strawberry.mutation(permission_classes=[SignedIn], description="Lock a value, so that nightly jobs do not change it. A rejected or superseded value becomes active again.")
    async def profile_value_lock(self, info: strawberry.Info, input: ProfileValueLockInput) -> ProfileValueLockResult | None:
        return await to_result(verdicts.lock(info.context, _value_id(input.id)), ProfileValueLockSuccess.from_judged)

    @strawberry.mutation(permission_classes=[SignedIn], description="Unlock a value, so that nightly jobs may change it again.")
    async def profile_value_unlock(self, info: strawberry.Info, input: ProfileValueUnlockInput) -> ProfileValueUnlockResult | None:
        return await to_result(verdicts.unlock(info.context, _value_id(input.id)), ProfileValueUnlockSuccess.from_judged)

    @strawberry.mutation(permission_classes=[SignedIn], description="Reject a wrong value. The messages that supported it never restore it.")
    async def profile_value_reject(self, info: strawberry.Info, input: ProfileValueRejectInput) -> ProfileValueRejectResult | None:
        given = verdicts.reject(info.context, _value_id(input.id), input.reason)
        return await to_result(given, ProfileValueRejectSuccess.from_judged)

    @strawberry.mutation(
        permission_classes=[SignedIn], metadata=weight(AGGREGATE),
        description="Erase permanently what the user entered for a value: the value that they set, and the reasons of rejections.",
    )
    async def profile_value_erase(self, info: strawberry.Info, input: ProfileValueEraseInput) -> ProfileValueEraseResult | None:
        return await to_result(_erased(info, input), partial(ProfileValueEraseSuccess.from_erased, dry_run=input.dry_run))

    @strawberry.mutation(permission_classes=[SignedIn], metadata=weight(AGGREGATE), description="Revert the profile to its state on a past day, or after a given change.")
    async def profile_revert(self, info: strawberry.Info, input: ProfileRevertInput) -> ProfileRevertResult | None:
        return await to_result(_revert(info, input), lambda success: success)


async def _set_value(info: strawberry.Info, input: ProfileValueSetInput) -> verdicts.VerdictResult:
    """Set the value. Raises `InvalidInput` unless `ownSlotId` is given exactly for the slot OWN."""
    if (input.slot is OWN) != (input.own_slot_id is not None):
        raise InvalidInput("ownSlotId", "send the id of the slot as ownSlotId if slot is OWN, and no ownSlotId for another slot", rule=InputRule.NOT_ALLOWED_HERE)
    own = None if input.own_slot_id is None else decode_id_of("OwnSlot", input.own_slot_id)
    replaces = None if input.replaces is None else _value_id(input.replaces)
    return await verdicts.set_value(info.context, key_of(input.slot, own), input.value, input.polarity, replaces=replaces)


async def _revert(info: strawberry.Info, input: ProfileRevertInput) -> ProfileRevertSuccess:
    """Revert the profile. Raises `InvalidInput` unless exactly one of `asOf` and `changeId` is given."""
    if (input.as_of is None) == (input.change_id is None):
        raise InvalidInput("asOf", "send either asOf or changeId, not both", rule=InputRule.NOT_ALLOWED_HERE)
    change_id = None if input.change_id is None else decode_id_of("ProfileChange", input.change_id)
    return ProfileRevertSuccess(changed_values=await verdicts.revert(info.context, as_of=input.as_of, change_id=change_id))


async def _erased(info: strawberry.Info, input: ProfileValueEraseInput) -> verdicts.ErasedValue:
    if decode_id(input.id).type_name == "ProfileChange":
        return await verdicts.erase(info.context, change_id=decode_id_of("ProfileChange", input.id), only_reasons=input.only_reason, dry_run=input.dry_run)
    return await verdicts.erase(info.context, value_id=_value_id(input.id), only_reasons=input.only_reason, dry_run=input.dry_run)


def _value_id(id: str) -> UUID:
    return decode_id_of("ProfileValue", id)
