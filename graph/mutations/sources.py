"""The mutations that judge a source of an answer, and undo a tool call."""
from typing import Annotated, Any
from uuid import UUID

import strawberry

from graph.field_costs import AGGREGATE, weight
from graph.permissions import SignedIn
from graph.relay import decode_id_of
from graph.results import ConflictError, InvalidInputError, StorageExceededError, to_result
from graph.types.chat import Message, message_id_of
from graph.types.source_interface import Source, SourceVerdict, decode_source_id, make_source
from resolvers import chat, source_judging, tool_undo
from resolvers.answer_sources import SourceKey


@strawberry.input(description="The source to judge and the verdict.")
class SourceJudgeInput:
    id: strawberry.ID = strawberry.field(description="Id of the source (`Source.id`), which names the answer as well.")
    verdict: SourceVerdict | None = strawberry.field(
        description="The verdict, in place of an earlier one on this source. Null withdraws the earlier one: a value gets the state that it would have without it, and hidden lines are shown again."
    )
    line_ids: list[strawberry.ID] | None = strawberry.field(
        default=None,
        description="Only for WRONG on a day: ids of the lines of its diary that are wrong, 1 to 100, in addition to those that were judged before. Absent or null: all its lines, and the day is left out of prompts.",
    )


@strawberry.type(description="The verdict is given or withdrawn. It affects the next answers; this answer keeps its text, and `messageRegenerate` replaces it.")
class SourceJudgeSuccess:
    source: Source = strawberry.field(description="The source after the verdict.")
    answer: Message = strawberry.field(description="The answer that the source belongs to.")
    changed_values: int = strawberry.field(description="Number of values in the profile that changed; `profileChanges` lists them.")


SourceJudgeResult = Annotated[
    SourceJudgeSuccess | InvalidInputError | ConflictError | StorageExceededError,
    strawberry.union("SourceJudgeResult", description="Outcome of `sourceJudge`; ConflictError for a source that was deleted since, and for lines of an earlier version of a diary."),
]


@strawberry.input(description="The tool call to undo.")
class ToolCallUndoInput:
    message_id: strawberry.ID = strawberry.field(description="Id of the answer.")
    index: int = strawberry.field(description="Position of the tool call among the answer's `toolCalls`, from 0 (`ToolCall.index`).")


@strawberry.type(
    description="The value is as it was before the tool call: one that was remembered gets the state that the user's other words give it, REJECTED if there are none, "
    "and the message with the wish is no evidence for it any more; one that was forgotten is back. Messages that were kept out are learned from again, by the next nightly jobs; what the message of the wish itself said not to remember stays out. "
    "An undone call stays undone."
)
class ToolCallUndoSuccess:
    answer: Message = strawberry.field(description="The answer, whose `toolCalls` show it as undone.")
    changed_values: int = strawberry.field(description="Number of values in the profile that changed; `profileChanges` lists them.")


ToolCallUndoResult = Annotated[
    ToolCallUndoSuccess | InvalidInputError | ConflictError,
    strawberry.union("ToolCallUndoResult", description="Outcome of `toolCallUndo`; ConflictError if the value was changed or removed, or the messages were deleted, since."),
]


@strawberry.type
class SourceMutation:
    @strawberry.mutation(
        permission_classes=[SignedIn], metadata=weight(AGGREGATE),
        description="Judge a source of an answer: it is wrong, outdated, or not wanted in this conversation. It has the effect of the mutation for the same purpose (`SourceVerdict` lists them), and can be withdrawn.",
    )
    async def source_judge(self, info: strawberry.Info, input: SourceJudgeInput) -> SourceJudgeResult | None:
        answer_id, key = decode_source_id(input.id)
        lines = None if input.line_ids is None else [decode_id_of("DiaryLine", id) for id in input.line_ids]
        return await to_result(_judge(info, answer_id, key, input.verdict, lines), lambda success: success)


    @strawberry.mutation(
        permission_classes=[SignedIn], metadata=weight(AGGREGATE),
        description="Undo a tool call by which the model changed the profile at the user's wish while it wrote an answer.",
    )
    async def tool_call_undo(self, info: strawberry.Info, input: ToolCallUndoInput) -> ToolCallUndoResult | None:
        undone = tool_undo.undo(info.context, await message_id_of(info, input.message_id), input.index)
        return await to_result(undone, lambda made: _undone(info, made))


def _undone(info: strawberry.Info, made: tool_undo.UndoneCall) -> ToolCallUndoSuccess:
    _forget_loaded(info)
    return ToolCallUndoSuccess(answer=Message.from_model(made.message), changed_values=made.changes)


def _forget_loaded(info: strawberry.Info) -> None:
    """Let the fields of a result load what the mutation may have changed."""
    loaders = info.context.loaders
    for loader in (loaders.profile_value, loaders.profile_value_by_key, loaders.quotes, loaders.changes, loaders.diary, loaders.diary_by_day):
        loader.clear_all()


async def _judge(info: strawberry.Info, answer_id: UUID, key: SourceKey, verdict: Any, lines: list[UUID] | None) -> SourceJudgeSuccess:
    judged = await source_judging.judge(info.context, answer_id, key, verdict, lines)
    _forget_loaded(info)
    reasons = chat.read_sources(judged.message.sources)
    assert reasons is not None, "a judged source belongs to an answer with sources"
    return SourceJudgeSuccess(
        source=make_source(judged.message, key, reasons.items()[key]), answer=Message.from_model(judged.message), changed_values=judged.changes)
