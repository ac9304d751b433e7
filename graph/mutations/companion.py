"""Mutations of the signed-in user's companion."""
from typing import TYPE_CHECKING, Annotated

import strawberry

from graph.permissions import SignedIn
from graph.results import ConflictError, InvalidInputError, StorageExceededError, to_result
from graph.types.receipt import DRY_RUN, ForgettingReceipt
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

if TYPE_CHECKING:
    from persistence import models
    from resolvers.erasure import Receipt


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


@strawberry.type(description="The companion has the content of the earlier version again, as a new version.")
class CompanionRevertSuccess:
    companion: Companion = strawberry.field(description="The companion after the change.")


@strawberry.input(description="The versions to delete.")
class CompanionVersionsDeleteInput:
    versions: list[int] | None = strawberry.field(
        default=None, description="Versions of `companionVersions`, at most 50; absent or null for all but the current one. Unknown ones are ignored."
    )
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.type(description="The versions were deleted permanently. In answers, sentences that repeat text of these versions alone were replaced by a marker.")
class CompanionVersionsDeleteSuccess:
    companion: Companion | None = strawberry.field(description="The current version, which stays; null if the companion was never set.")
    receipt: ForgettingReceipt = strawberry.field(description="What was removed with them.")


CompanionUpdateResult = Annotated[
    CompanionUpdateSuccess | InvalidInputError | ConflictError | StorageExceededError,
    strawberry.union("CompanionUpdateResult", description="Outcome of `companionUpdate`."),
]
CompanionRevertResult = Annotated[
    CompanionRevertSuccess | ConflictError | StorageExceededError,
    strawberry.union("CompanionRevertResult", description="Outcome of `companionRevert`."),
]
CompanionVersionsDeleteResult = Annotated[
    CompanionVersionsDeleteSuccess | InvalidInputError | ConflictError,
    strawberry.union("CompanionVersionsDeleteResult", description="Outcome of `companionVersionsDelete`; InvalidInputError also for the current version."),
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

    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Delete earlier versions of the companion permanently: name, form of address and instructions. The current one stays; to delete all of them, "
        "clear it with `companionUpdate` first.",
    )
    async def companion_versions_delete(self, info: strawberry.Info, input: CompanionVersionsDeleteInput) -> CompanionVersionsDeleteResult | None:
        deleting = companion.delete_versions(info.context, input.versions, dry_run=input.dry_run)
        return await to_result(deleting, lambda deleted: _deleted(*deleted, dry_run=input.dry_run))


def _deleted(current: "models.CompanionVersion | None", receipt: "Receipt", *, dry_run: bool) -> CompanionVersionsDeleteSuccess:
    shown = None if current is None else Companion.from_model(current)
    return CompanionVersionsDeleteSuccess(companion=shown, receipt=ForgettingReceipt.from_receipt(receipt, dry_run=dry_run))
