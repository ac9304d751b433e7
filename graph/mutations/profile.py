"""Mutations of the profile: set, lock, unlock, reject, revert."""
from datetime import date as Date
from typing import Annotated
from uuid import UUID

import strawberry

from graph.field_costs import AGGREGATE, weight
from graph.permissions import SignedIn
from graph.relay import decode_id_of
from graph.results import ConflictError, InvalidInputError, StorageExceededError, to_result
from graph.types.profile import Profile, ProfileValue
from graph.types.profile_slots import ProfileSlot
from resolvers import profile as profiles
from resolvers import profile_verdicts as verdicts
from resolvers.errors import InvalidInput

VALUE = "The value, as it stands now."
GONE = "Null when the lock was all that kept it: then it is gone."


@strawberry.type
class VerdictSuccess:
    """The fields of every success. The whole profile is recomputed, so a verdict on one value may change others."""

    changed_values: int = strawberry.field(description="How many values of the profile changed; `profileChanges` has them.")

    @strawberry.field(description="The profile, as it is now: what becomes of one value may change others of its slot.")
    async def profile(self, info: strawberry.Info) -> Profile:
        return Profile.from_model(await profiles.get_profile(await info.context.require_viewer(), None))


@strawberry.input(description="What holds.")
class ProfileValueSetInput:
    slot: ProfileSlot = strawberry.field(description="What it is about.")  # type: ignore[valid-type]
    value: str = strawberry.field(description="What holds, on one line: 1 to 120 characters, with a letter or digit. No passwords, keys or card numbers.")


@strawberry.type(description="The value was set: its origin is STATED now. In a slot of one value it took the place of the one before.")
class ProfileValueSetSuccess(VerdictSuccess):
    value: ProfileValue = strawberry.field(description=VALUE)

    @classmethod
    def from_judged(cls, judged: verdicts.VerdictResult) -> "ProfileValueSetSuccess":
        assert judged.value is not None, "what was just set holds"
        return cls(value=ProfileValue.from_model(judged.value), changed_values=judged.changes)


@strawberry.input(description="A value to lock.")
class ProfileValueLockInput:
    id: strawberry.ID = strawberry.field(description="The value.")


@strawberry.type(description="The value is locked: whatever the nights find, it stays; something else may only be suggested beside it.")
class ProfileValueLockSuccess(VerdictSuccess):
    value: ProfileValue = strawberry.field(description=VALUE)

    @classmethod
    def from_judged(cls, judged: verdicts.VerdictResult) -> "ProfileValueLockSuccess":
        assert judged.value is not None, "what was just locked holds"
        return cls(value=ProfileValue.from_model(judged.value), changed_values=judged.changes)


@strawberry.input(description="A value to unlock.")
class ProfileValueUnlockInput:
    id: strawberry.ID = strawberry.field(description="The value.")


@strawberry.type(description="The value is not locked any more.")
class ProfileValueUnlockSuccess(VerdictSuccess):
    value: ProfileValue | None = strawberry.field(description=f"{VALUE} {GONE}")

    @classmethod
    def from_judged(cls, judged: verdicts.VerdictResult) -> "ProfileValueUnlockSuccess":
        return cls(value=judged.value and ProfileValue.from_model(judged.value), changed_values=judged.changes)


@strawberry.input(description="A value that is wrong.")
class ProfileValueRejectInput:
    id: strawberry.ID = strawberry.field(description="The value. If it is locked or was set by hand, it is so no more.")
    reason: str | None = strawberry.field(default=None, description="Why, 1 to 500 characters, for the person's own memory; absent or null for none.")


@strawberry.type(description="The value was rejected: it stays away until the person says it in other messages than those it stood on.")
class ProfileValueRejectSuccess(VerdictSuccess):
    value: ProfileValue | None = strawberry.field(description=f"{VALUE} Its status is REJECTED. {GONE}")

    @classmethod
    def from_judged(cls, judged: verdicts.VerdictResult) -> "ProfileValueRejectSuccess":
        return cls(value=judged.value and ProfileValue.from_model(judged.value), changed_values=judged.changes)


@strawberry.input(description="Where to go back to: either a day or a change.")
class ProfileRevertInput:
    as_of: Date | None = strawberry.field(
        default=None, description="A day that is over: the profile becomes what `profile(asOf:)` gives for it, and goes on from there."
    )
    change_id: strawberry.ID | None = strawberry.field(
        default=None, description="A change: the profile becomes what it was once that change was recorded, and goes on from there."
    )


@strawberry.type(
    description="The profile went back. Verdicts given since are void, and what was learnt since counts no more, however often it is read again; "
    "what the person says from now on counts. Diaries stay as they are. Going back is a change like any other: it can be reverted, too."
)
class ProfileRevertSuccess(VerdictSuccess):
    pass


ProfileValueSetResult = Annotated[
    ProfileValueSetSuccess | InvalidInputError | StorageExceededError, strawberry.union("ProfileValueSetResult", description="Outcome of `profileValueSet`.")
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
ProfileRevertResult = Annotated[
    ProfileRevertSuccess | InvalidInputError | StorageExceededError, strawberry.union("ProfileRevertResult", description="Outcome of `profileRevert`.")
]


@strawberry.type
class ProfileMutation:
    @strawberry.mutation(permission_classes=[SignedIn], description="Say what holds. It stands above whatever was inferred.")
    async def profile_value_set(self, info: strawberry.Info, input: ProfileValueSetInput) -> ProfileValueSetResult | None:
        given = verdicts.set_value(info.context, input.slot.value, input.value)
        return await to_result(given, ProfileValueSetSuccess.from_judged)

    @strawberry.mutation(permission_classes=[SignedIn], description="Keep a value as it is; one that is rejected or replaced holds again.")
    async def profile_value_lock(self, info: strawberry.Info, input: ProfileValueLockInput) -> ProfileValueLockResult | None:
        return await to_result(verdicts.lock(info.context, _value_id(input.id)), ProfileValueLockSuccess.from_judged)

    @strawberry.mutation(permission_classes=[SignedIn], description="Let the nights change a value again.")
    async def profile_value_unlock(self, info: strawberry.Info, input: ProfileValueUnlockInput) -> ProfileValueUnlockResult | None:
        return await to_result(verdicts.unlock(info.context, _value_id(input.id)), ProfileValueUnlockSuccess.from_judged)

    @strawberry.mutation(permission_classes=[SignedIn], description="Say that a value is wrong. It never comes back on the same words.")
    async def profile_value_reject(self, info: strawberry.Info, input: ProfileValueRejectInput) -> ProfileValueRejectResult | None:
        given = verdicts.reject(info.context, _value_id(input.id), input.reason)
        return await to_result(given, ProfileValueRejectSuccess.from_judged)

    @strawberry.mutation(permission_classes=[SignedIn], metadata=weight(AGGREGATE), description="Go back to the profile of a past day, or to the one that a change left.")
    async def profile_revert(self, info: strawberry.Info, input: ProfileRevertInput) -> ProfileRevertResult | None:
        return await to_result(_reverted(info, input), lambda success: success)


async def _reverted(info: strawberry.Info, input: ProfileRevertInput) -> ProfileRevertSuccess:
    """Revert the profile. Raises `InvalidInput` unless exactly one of `asOf` and `changeId` is given."""
    if (input.as_of is None) == (input.change_id is None):
        raise InvalidInput("asOf", "give asOf or changeId: one of them, not both")
    change_id = None if input.change_id is None else decode_id_of("ProfileChange", input.change_id)
    return ProfileRevertSuccess(changed_values=await verdicts.revert(info.context, as_of=input.as_of, change_id=change_id))


def _value_id(id: str) -> UUID:
    return decode_id_of("ProfileValue", id)
