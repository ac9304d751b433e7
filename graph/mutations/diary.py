"""Mutations that edit, rewrite and delete diaries."""
from collections.abc import Awaitable, Callable, Mapping
from datetime import date as Date
from typing import Annotated, Any, TypeVar
from uuid import UUID

import strawberry

from graph.errors import PUBLIC_CODES, Error, ErrorCode
from graph.field_costs import AGGREGATE, MODEL, weight
from graph.permissions import SignedIn
from graph.relay import decode_id_of, encode_id
from graph.results import ConflictError, ErrorFactory, InvalidInputError, StorageExceededError, to_result
from graph.types.diary import Diary
from graph.types.receipt import ForgettingReceipt
from resolvers import diary_editing as diaries
from resolvers import diary_rewriting as rewriting
from resolvers.errors import InvalidInput, Refusal


@strawberry.type(description="The language model wrote no diary: `code` is one of the MODEL_ codes. The diary is as it was.")
class DiaryRewriteFailedError(Error):
    retry_after: float | None = strawberry.field(description="Seconds that the provider asks to wait; null when it named no time.")

    @classmethod
    def from_refusal(cls, refusal: rewriting.RewriteFailed) -> "DiaryRewriteFailedError":
        code = ErrorCode[refusal.code] if refusal.code in PUBLIC_CODES else ErrorCode.MODEL_MALFORMED
        return cls(code=code, message=refusal.message, retry_after=refusal.retry_after)


EXTRA_ERRORS: Mapping[type[Refusal], ErrorFactory] = {rewriting.RewriteFailed: DiaryRewriteFailedError.from_refusal}

T = TypeVar("T")

ID = "The diary; either `id` or `date` is needed."
DATE = "The diary's day; either `id` or `date` is needed."


@strawberry.input(description="What to change of a line. What is absent stays; null is refused.")
class DiaryLineInput:
    id: strawberry.ID = strawberry.field(description="A line of the version that stands now.")
    text: strawberry.Maybe[str | None] = strawberry.field(
        description="The person's own words for it: 1 to 600 characters on one line. They survive every rewrite. What the old words named and "
        "the new ones do not, the profile no longer learns from this line. The model's own words give the line back to it."
    )
    hidden: strawberry.Maybe[bool | None] = strawberry.field(
        description="Whether it is left out when the diary is read. While it is hidden, the words on which no other line stands teach the profile nothing."
    )
    deleted: strawberry.Maybe[bool | None] = strawberry.field(
        description="True takes the line out of every version for good, with what stands on its words alone; no rewrite brings it back."
    )

    def to_changes(self) -> tuple[UUID, diaries.LineChanges]:
        return decode_id_of("DiaryLine", self.id), diaries.LineChanges(**_given(self, "text", "hidden", "deleted"))


@strawberry.input(description="What to change of a diary. What is absent stays.")
class DiaryUpdateInput:
    id: strawberry.ID | None = strawberry.field(default=None, description=ID)
    date: Date | None = strawberry.field(default=None, description=DATE)
    summary: strawberry.Maybe[str | None] = strawberry.field(
        description="The day in the person's own words, 1 to 5,000 characters; it survives every rewrite. Null: made of the summary's lines again."
    )
    mood: strawberry.Maybe[int | None] = strawberry.field(
        description="1 (low) to 5 (high); null when the day shows none. It survives every rewrite, the null as well."
    )
    tags: strawberry.Maybe[list[str] | None] = strawberry.field(
        description="All its tags: at most 20 of 1 to 40 characters; repeated ones count once. Null or empty: none."
    )
    lines: strawberry.Maybe[list[DiaryLineInput] | None] = strawberry.field(
        description="Lines to hide, show, rewrite or delete, at most 100, each named once. Null or empty: none."
    )

    def to_changes(self) -> diaries.DiaryChanges:
        given = _given(self, "summary", "mood", "tags", "lines")
        if "lines" in given:
            given["lines"] = [line.to_changes() for line in given["lines"] or ()]
        return diaries.DiaryChanges(**given)  # type: ignore[typeddict-item]


@strawberry.type(description="The diary was changed. Its text before stands among its versions.")
class DiaryUpdateSuccess:
    diary: Diary = strawberry.field(description="The diary, as it is now.")
    receipt: ForgettingReceipt = strawberry.field(description="What the change took back from diary and profile.")

    @classmethod
    def from_edited(cls, edited: diaries.EditedDiary) -> "DiaryUpdateSuccess":
        return cls(diary=Diary.from_model(edited.entry), receipt=ForgettingReceipt.from_receipt(edited.receipt))


@strawberry.input(description="A day to write again.")
class DiaryRewriteInput:
    id: strawberry.ID | None = strawberry.field(default=None, description=ID)
    date: Date | None = strawberry.field(
        default=None, description=f"{DATE} It may also be one whose diary was deleted, or that has none yet: it gets one."
    )


@strawberry.type(description="The day was written again. The diary is at the same version as before when nothing new came of it.")
class DiaryRewriteSuccess:
    diary: Diary = strawberry.field(description="The diary, as it is now.")


@strawberry.input(description="A diary to delete.")
class DiaryDeleteInput:
    id: strawberry.ID | None = strawberry.field(default=None, description=ID)
    date: Date | None = strawberry.field(default=None, description=DATE)


@strawberry.type(
    description="The diary is gone for good with all its versions, and what the profile drew from that day alone. The day's messages stay where they "
    "are; nothing is learnt from them any more, unless `diaryRewrite` asks for it. Messages that come later make a diary again, of themselves."
)
class DiaryDeleteSuccess:
    deleted_id: strawberry.ID = strawberry.field(description="The id that it had.")
    date: Date = strawberry.field(description="Its day.")
    receipt: ForgettingReceipt = strawberry.field(description="What went with it.")

    @classmethod
    def from_deleted(cls, deleted: diaries.DeletedDiary) -> "DiaryDeleteSuccess":
        receipt = ForgettingReceipt.from_receipt(deleted.receipt)
        return cls(deleted_id=encode_id("Diary", deleted.diary_id), date=deleted.day, receipt=receipt)


DiaryUpdateResult = Annotated[
    DiaryUpdateSuccess | InvalidInputError | ConflictError | StorageExceededError,
    strawberry.union("DiaryUpdateResult", description="Outcome of `diaryUpdate`; ConflictError for lines of an earlier version."),
]
DiaryRewriteResult = Annotated[
    DiaryRewriteSuccess | DiaryRewriteFailedError | InvalidInputError | ConflictError,
    strawberry.union("DiaryRewriteResult", description="Outcome of `diaryRewrite`; ConflictError when the day changed while it was being written."),
]
DiaryDeleteResult = Annotated[
    DiaryDeleteSuccess | InvalidInputError, strawberry.union("DiaryDeleteResult", description="Outcome of `diaryDelete`.")
]


@strawberry.type
class DiaryMutation:
    @strawberry.mutation(
        permission_classes=[SignedIn], metadata=weight(AGGREGATE),
        description="Correct a diary by hand. Each change is a new version (origin EDITED), and the profile follows at once. Tags have no versions.",
    )
    async def diary_update(self, info: strawberry.Info, input: DiaryUpdateInput) -> DiaryUpdateResult | None:
        changes = input.to_changes()
        return await to_result(_named(input, lambda diary: diaries.update(info.context, diary, changes)), DiaryUpdateSuccess.from_edited)

    @strawberry.mutation(
        permission_classes=[SignedIn], metadata=weight(MODEL),
        description="Have the model write a day again from its messages. What the person wrote, hid or deleted by hand stays as they left it.",
    )
    async def diary_rewrite(self, info: strawberry.Info, input: DiaryRewriteInput) -> DiaryRewriteResult | None:
        rewritten = _named(input, lambda diary: rewriting.rewrite(info.context, diary))
        return await to_result(rewritten, lambda entry: DiaryRewriteSuccess(diary=Diary.from_model(entry)), EXTRA_ERRORS)

    @strawberry.mutation(permission_classes=[SignedIn], metadata=weight(AGGREGATE), description="Delete a diary with all its versions, and what was learnt from that day alone.")
    async def diary_delete(self, info: strawberry.Info, input: DiaryDeleteInput) -> DiaryDeleteResult | None:
        return await to_result(_named(input, lambda diary: diaries.delete(info.context, diary)), DiaryDeleteSuccess.from_deleted)


async def _named(input: DiaryUpdateInput | DiaryRewriteInput | DiaryDeleteInput, work: Callable[[UUID | Date], Awaitable[T]]) -> T:
    """Run `work` on the diary that the input names. Raises `InvalidInput` unless the input has exactly one of `id` and `date`."""
    if input.id is not None and input.date is None:
        return await work(decode_id_of("Diary", input.id))
    if input.date is not None and input.id is None:
        return await work(input.date)
    raise InvalidInput("date", "name the diary by its id or by its date: one of them, not both")


def _given(input: Any, *names: str) -> dict[str, Any]:
    """Return the fields that the client sent, with null as None."""
    return {name: some.value for name in names if (some := getattr(input, name)) is not None}
