"""Mutations of the signed-in user's companion."""
from typing import Annotated

import strawberry

from graph.permissions import SignedIn
from graph.results import ConflictError, InvalidInputError, StorageExceededError, to_result
from graph.types.user import (
    FORM_OF_ADDRESS,
    INSTRUCTIONS,
    LANGUAGE,
    NAME,
    Companion,
    CompanionPresetKey,
    CompanionTone,
)
from resolvers import companion


@strawberry.input(description="Changes of the companion. Absent fields keep their value; null or an empty text leaves one open.")
class CompanionUpdateInput:
    name: strawberry.Maybe[str | None] = strawberry.field(description=NAME)
    tone: strawberry.Maybe[CompanionTone | None] = strawberry.field(description="The tone of answers.")
    form_of_address: strawberry.Maybe[str | None] = strawberry.field(description=FORM_OF_ADDRESS)
    language: strawberry.Maybe[str | None] = strawberry.field(description=LANGUAGE)
    instructions: strawberry.Maybe[str | None] = strawberry.field(description=INSTRUCTIONS)
    preset: strawberry.Maybe[CompanionPresetKey | None] = strawberry.field(
        description="A preset: it sets `tone` and `instructions` where they are not sent with it, in Chinese if `language`, or else the user's `locale`, is Chinese, "
        "otherwise in English. Null removes only the label."
    )


@strawberry.type(description="The companion was changed: the next answer follows it. Without any difference no version was added.")
class CompanionUpdateSuccess:
    companion: Companion = strawberry.field(description="The companion after the change.")


@strawberry.input(description="The version to go back to.")
class CompanionRevertInput:
    version: int = strawberry.field(description="A version of `companionVersions`.")


@strawberry.type(description="The content of the earlier version holds again, as a new version.")
class CompanionRevertSuccess:
    companion: Companion = strawberry.field(description="The companion after the change.")


CompanionUpdateResult = Annotated[
    CompanionUpdateSuccess | InvalidInputError | ConflictError | StorageExceededError,
    strawberry.union("CompanionUpdateResult", description="Outcome of `companionUpdate`."),
]
CompanionRevertResult = Annotated[
    CompanionRevertSuccess | ConflictError | StorageExceededError,
    strawberry.union("CompanionRevertResult", description="Outcome of `companionRevert`."),
]
_FIELDS = ("name", "tone", "form_of_address", "language", "instructions", "preset")


@strawberry.type
class CompanionMutation:
    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Change how the assistant is to be: name, tone, form of address, language, instructions. Each change is a version; the last 50 are kept.",
    )
    async def companion_update(self, info: strawberry.Info, input: CompanionUpdateInput) -> CompanionUpdateResult | None:
        given = {name: some.value for name in _FIELDS if (some := getattr(input, name)) is not None}
        return await to_result(companion.update_companion(info.context, given), lambda row: CompanionUpdateSuccess(companion=Companion.from_model(row)))

    @strawberry.mutation(permission_classes=[SignedIn], description="Go back to an earlier version of the companion.")
    async def companion_revert(self, info: strawberry.Info, input: CompanionRevertInput) -> CompanionRevertResult | None:
        reverted = companion.revert_companion(info.context, input.version)
        return await to_result(reverted, lambda row: CompanionRevertSuccess(companion=Companion.from_model(row)))
