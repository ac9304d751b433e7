"""Mutations that edit, rewrite and delete diaries."""
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from datetime import date as Date
from functools import partial
from typing import Annotated, Any, TypeVar, cast
from uuid import UUID

import strawberry

from graph.errors import PUBLIC_CODES, Error, ErrorCode
from graph.field_costs import AGGREGATE, MODEL, weight
from graph.permissions import SignedIn
from graph.relay import decode_id_of, encode_id
from graph.results import ConflictError, ErrorFactory, InvalidInputError, StorageExceededError, to_result
from graph.types.diary import Diary, with_parts
from graph.types.receipt import DRY_RUN, ForgettingReceipt
from persistence.queries.diary_reads import EntryRow
from resolvers import diary_editing as diaries
from resolvers import diary_rewriting as rewriting
from resolvers.errors import InputRule, InvalidInput, Refusal


@strawberry.type(description="The language model returned no diary: `code` is one of the MODEL_ codes. The diary is unchanged.")
class DiaryRewriteFailedError(Error):
    retry_after: float | None = strawberry.field(description="Seconds to wait as requested by the provider; null when it gave no time.")

    @classmethod
    def from_refusal(cls, refusal: rewriting.RewriteFailed) -> "DiaryRewriteFailedError":
        code = ErrorCode[refusal.code] if refusal.code in PUBLIC_CODES else ErrorCode.MODEL_MALFORMED
        return cls(code=code, message=refusal.message, retry_after=refusal.retry_after)


EXTRA_ERRORS: Mapping[type[Refusal], ErrorFactory] = {rewriting.RewriteFailed: DiaryRewriteFailedError.from_refusal}

T = TypeVar("T")

ID = "Id of the diary. Give exactly one of `id` and `date`."
DATE = "Day of the diary. Give exactly one of `id` and `date`."


@strawberry.input(description="Changes of a line. Absent fields keep their value; null is rejected.")
class DiaryLineInput:
    id: strawberry.ID = strawberry.field(description="Id of a line of the current version, or of an earlier one if the current version has the line unchanged.")
    text: strawberry.Maybe[str | None] = strawberry.field(
        description="The user's text for the line: 1 to 600 characters on one line. It is kept when the diary is rewritten. The line's quotes no longer count for profile values that "
        "the old text mentions and the new one does not. Sending the model's original text undoes the change."
    )
    hidden: strawberry.Maybe[bool | None] = strawberry.field(
        description="Whether the line is left out when the diary is queried. While it is hidden, quotes that support no other line do not count for the profile."
    )
    deleted: strawberry.Maybe[bool | None] = strawberry.field(
        description="True removes the line from all versions permanently, with the data that only its quotes support; rewriting the diary does not restore it."
    )

    def to_changes(self) -> tuple[UUID, diaries.LineChanges]:
        return decode_id_of("DiaryLine", self.id), cast("diaries.LineChanges", _sent_fields(self, "text", "hidden", "deleted"))


@strawberry.input(description="Changes of a diary. Absent fields keep their value.")
class DiaryUpdateInput:
    id: strawberry.ID | None = strawberry.field(default=None, description=ID)
    date: Date | None = strawberry.field(default=None, description=DATE)
    summary: strawberry.Maybe[str | None] = strawberry.field(
        description="The user's summary of the day, 1 to 5,000 characters; it is kept when the diary is rewritten. Null: the summary is made from the lines of kind SUMMARY again."
    )
    mood: strawberry.Maybe[int | None] = strawberry.field(
        description="Mood of the day, 1 (low) to 5 (high); null for no mood. It is kept when the diary is rewritten, including null."
    )
    tags: strawberry.Maybe[list[str] | None] = strawberry.field(
        description="All tags of the diary: at most 20 of 1 to 40 characters each; duplicates count once, and so do spellings of one tag as in `messageSearch`. Null or empty removes all tags."
    )
    lines: strawberry.Maybe[list[DiaryLineInput] | None] = strawberry.field(
        description="Lines to hide, show, reword or delete: at most 100, each listed once. Null or empty for none."
    )
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)

    def to_changes(self) -> diaries.DiaryChanges:
        given = _sent_fields(self, "summary", "mood", "tags", "lines")
        if "lines" in given:
            given["lines"] = [line.to_changes() for line in given["lines"] or ()]
        return cast("diaries.DiaryChanges", given)


@strawberry.type(description="The diary was changed. Its previous text is one of its versions; hiding or showing lines alone changes no text and keeps the version.")
class DiaryUpdateSuccess:
    diary: Diary = strawberry.field(description="The diary after the change.")
    receipt: ForgettingReceipt = strawberry.field(description="What the change removed from diaries and profile.")

    @classmethod
    def from_edited(cls, edited: diaries.EditedDiary, *, dry_run: bool = False) -> "DiaryUpdateSuccess":
        return cls(diary=Diary.from_model(edited.entry), receipt=ForgettingReceipt.from_receipt(edited.receipt, dry_run=dry_run))


@strawberry.input(description="The day whose diary to rewrite.")
class DiaryRewriteInput:
    id: strawberry.ID | None = strawberry.field(default=None, description=ID)
    date: Date | None = strawberry.field(
        default=None, description=f"{DATE} A day whose diary was deleted, or that has none yet, gets one."
    )


@strawberry.type(description="The diary was rewritten. Its `version` is unchanged when the result is the same as before.")
class DiaryRewriteSuccess:
    diary: Diary = strawberry.field(description="The diary after the change.")


@strawberry.input(description="The diary to delete.")
class DiaryDeleteInput:
    id: strawberry.ID | None = strawberry.field(default=None, description=ID)
    date: Date | None = strawberry.field(default=None, description=DATE)
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.type(
    description="The diary was deleted permanently with all its versions and the data in the profile that only that day supports. The day's messages stay in their "
    "conversations; they are excluded from diaries and profile until `diaryRewrite` is called. Later messages of that day produce a new diary."
)
class DiaryDeleteSuccess:
    deleted_id: strawberry.ID = strawberry.field(description="Id of the deleted diary.")
    date: Date = strawberry.field(description="Day of the deleted diary.")
    receipt: ForgettingReceipt = strawberry.field(description="What was removed with it.")

    @classmethod
    def from_deleted(cls, deleted: diaries.DeletedDiary, *, dry_run: bool = False) -> "DiaryDeleteSuccess":
        receipt = ForgettingReceipt.from_receipt(deleted.receipt, dry_run=dry_run)
        return cls(deleted_id=encode_id("Diary", deleted.diary_id), date=deleted.day, receipt=receipt)


DiaryUpdateResult = Annotated[
    DiaryUpdateSuccess | InvalidInputError | ConflictError | StorageExceededError,
    strawberry.union("DiaryUpdateResult", description="Outcome of `diaryUpdate`; ConflictError for ids of lines of an earlier version that the current one does not have unchanged."),
]
DiaryRewriteResult = Annotated[
    DiaryRewriteSuccess | DiaryRewriteFailedError | InvalidInputError | ConflictError,
    strawberry.union("DiaryRewriteResult", description="Outcome of `diaryRewrite`; ConflictError when the day's messages or diary changed during the rewrite."),
]
DiaryDeleteResult = Annotated[
    DiaryDeleteSuccess | InvalidInputError, strawberry.union("DiaryDeleteResult", description="Outcome of `diaryDelete`.")
]


@strawberry.type
class DiaryMutation:
    @strawberry.mutation(
        permission_classes=[SignedIn], metadata=weight(AGGREGATE),
        description="Edit a diary. Each edit creates a new version (origin EDITED), but one that only hides or shows lines, and the profile is updated at once. Tags are not versioned.",
    )
    async def diary_update(self, info: strawberry.Info, input: DiaryUpdateInput) -> DiaryUpdateResult | None:
        changes = input.to_changes()

        async def update(diary: UUID | Date) -> diaries.EditedDiary:
            edited = await diaries.update(info.context, diary, changes, dry_run=input.dry_run)
            return replace(edited, entry=await with_parts(info, edited.entry, "diary"))

        return await to_result(_run_on_diary(input, update), partial(DiaryUpdateSuccess.from_edited, dry_run=input.dry_run))

    @strawberry.mutation(
        permission_classes=[SignedIn], metadata=weight(MODEL),
        description="Have the model write the diary of a day again from its messages. The user's edits, hidden lines and deleted lines are kept. The tokens count against `chatTokensPerDay`.",
    )
    async def diary_rewrite(self, info: strawberry.Info, input: DiaryRewriteInput) -> DiaryRewriteResult | None:
        async def rewrite(diary: UUID | Date) -> EntryRow:
            return await with_parts(info, await rewriting.rewrite(info.context, diary), "diary")

        return await to_result(_run_on_diary(input, rewrite), lambda entry: DiaryRewriteSuccess(diary=Diary.from_model(entry)), EXTRA_ERRORS)

    @strawberry.mutation(permission_classes=[SignedIn], metadata=weight(AGGREGATE), description="Delete a diary with all its versions, and the data in the profile that only that day supports.")
    async def diary_delete(self, info: strawberry.Info, input: DiaryDeleteInput) -> DiaryDeleteResult | None:
        return await to_result(
            _run_on_diary(input, lambda diary: diaries.delete(info.context, diary, dry_run=input.dry_run)), partial(DiaryDeleteSuccess.from_deleted, dry_run=input.dry_run)
        )


async def _run_on_diary(input: DiaryUpdateInput | DiaryRewriteInput | DiaryDeleteInput, work: Callable[[UUID | Date], Awaitable[T]]) -> T:
    """Run `work` on the diary that the input names. Raises `InvalidInput` unless the input has exactly one of `id` and `date`."""
    if input.id is not None and input.date is None:
        return await work(decode_id_of("Diary", input.id))
    if input.date is not None and input.id is None:
        return await work(input.date)
    raise InvalidInput("date", "send either id or date, not both", rule=InputRule.NOT_ALLOWED_HERE)


def _sent_fields(input: Any, *names: str) -> dict[str, Any]:
    """Return the fields that the client sent, with null as None."""
    return {name: some.value for name in names if (some := getattr(input, name)) is not None}
