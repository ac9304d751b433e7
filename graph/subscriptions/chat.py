"""The subscriptions that stream an answer: to a new message, to a question that is asked differently or again, and the continuation of one that was cut off."""
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime
from functools import partial
from typing import Annotated
from uuid import UUID

import strawberry
from graphql import GraphQLError

from graph.field_costs import MODEL, weight
from graph.mutations.message import EXTRA_ERRORS, MessageBranchInput, MessageContinueInput, MessageRegenerateInput, MessageSendInput, MessageSendSuccess
from graph.permissions import SignedIn
from graph.relay import decode_cursor, encode_cursor
from graph.results import ConflictError, InvalidInputError, StorageExceededError, to_result
from graph.types.chat import Conversation, Message, ModelUnavailableError, message_id_of, stream_id
from resolvers import chat
from resolvers.errors import InputRule, InvalidInput, Refusal


@strawberry.type(description="First event: the question is stored, and its answer is being written.")
class MessageStreamStarted:
    question: Message = strawberry.field(description="The user's message; its status is PENDING unless it has an earlier answer.")
    conversation: Conversation = strawberry.field(description="The conversation; a new one if the input named none.")
    stream_id: strawberry.ID = strawberry.field(description="Id of the stream, for `resumeFrom`: it gives the text from the beginning.")
    cursor: str = strawberry.field(
        description="The position at which the chunks begin, for `resumeFrom`: 0 characters for a new answer, after the text that is there for a continuation."
    )


@strawberry.type(description="The next chunk of the answer's text.")
class MessageStreamDelta:
    text: str = strawberry.field(description="Text to append to the previous chunks, without a separator. If an error follows, its `keptAnswer` is what is kept of the chunks. Where it is null, nothing is stored yet: query the question again, because after a failure of the database it may still get the chunks as its answer.")
    cursor: str = strawberry.field(description="The position after this chunk: after a lost connection pass that of the last chunk as `resumeFrom`.")


MessageStreamEvent = Annotated[
    MessageStreamStarted | MessageStreamDelta | MessageSendSuccess | ModelUnavailableError | InvalidInputError | ConflictError | StorageExceededError,
    strawberry.union(
        "MessageStreamEvent",
        description="First MessageStreamStarted, then a MessageStreamDelta for each chunk of the answer, and last the result that `messageSend` would return: its "
        "`answer` replaces the chunks. For a repeated idempotencyKey and for an invalid input, only that last event is sent; for a stream that has ended, the "
        "missing text and that last event.",
    ),
]
Steps = AsyncGenerator[chat.StreamStart | str | chat.Exchange, None]
MAX_OFFSET = 10**9
"""Characters, more than any answer has, in the bounds of the database's integers."""
LOST = (
    "When the client disconnects before the end, the answer is written on for STREAM_GRACE_SECONDS, or to its end; then it is stopped, and what was written is "
    "kept. `messageStop` ends it at once. Event functions cannot stream (see `Health.streaming`)"
)


@strawberry.type
class ChatSubscription:
    @strawberry.subscription(
        permission_classes=[SignedIn], metadata=weight(MODEL),
        description="Like `messageSend`, but streams the answer in chunks; or, with `resumeFrom` alone, resumes a stream after a lost connection. "
        f"{LOST}: use `messageSend` there.",
    )
    async def message_stream(
        self, info: strawberry.Info,
        input: Annotated[MessageSendInput | None, strawberry.argument(description="The message to send; leave it out with `resumeFrom`.")] = None,
        resume_from: Annotated[str | None, strawberry.argument(
            description="The `cursor` of the last event that arrived, or a `streamId` for all text: gives the rest, from any instance, and calls no model."
        )] = None,
    ) -> AsyncGenerator[MessageStreamEvent, None]:
        async for event in _events(info, _steps(info, input, resume_from)):
            yield event

    @strawberry.subscription(
        permission_classes=[SignedIn], metadata=weight(MODEL),
        description=f"Like `messageRegenerate`, but streams the answer in chunks. {LOST}: use `messageRegenerate` there.",
    )
    async def message_regenerate_stream(self, info: strawberry.Info, input: MessageRegenerateInput) -> AsyncGenerator[MessageStreamEvent, None]:
        async for event in _events(info, chat.stream_again(info.context, await message_id_of(info, input.message_id))):
            yield event

    @strawberry.subscription(
        permission_classes=[SignedIn], metadata=weight(MODEL),
        description=f"Like `messageBranch`, but streams the answer in chunks. {LOST}: use `messageBranch` there.",
    )
    async def message_branch_stream(self, info: strawberry.Info, input: MessageBranchInput) -> AsyncGenerator[MessageStreamEvent, None]:
        async for event in _events(info, _branch_steps(info, input)):
            yield event

    @strawberry.subscription(
        permission_classes=[SignedIn], metadata=weight(MODEL),
        description=f"Like `messageContinue`, but streams in chunks what is appended to the answer. {LOST}: use `messageContinue` there.",
    )
    async def message_continue_stream(self, info: strawberry.Info, input: MessageContinueInput) -> AsyncGenerator[MessageStreamEvent, None]:
        async for event in _events(info, chat.stream_continuation(info.context, await message_id_of(info, input.message_id))):
            yield event


async def _branch_steps(info: strawberry.Info, input: MessageBranchInput) -> Steps:
    message_id = await message_id_of(info, input.message_id)
    async with aclosing(chat.stream_branch(info.context, message_id, input.content, input.idempotency_key, input.made_id)) as steps:
        async for step in steps:
            yield step


async def _steps(info: strawberry.Info, input: MessageSendInput | None, resume_from: str | None) -> Steps:
    if (input is None) == (resume_from is None):
        field, rule = ("input", InputRule.REQUIRED) if input is None else ("resumeFrom", InputRule.NOT_ALLOWED_HERE)
        raise InvalidInput(field, "send either `input`, for a new message, or `resumeFrom`, to go on with a stream", rule=rule)
    if input is not None:
        steps = chat.stream(info.context, input.to_sending())
    else:
        steps = chat.resume(info.context, _to_position(resume_from or ""))
    async with aclosing(steps):
        async for step in steps:
            yield step


async def _events(info: strawberry.Info, steps: Steps) -> AsyncGenerator[MessageStreamEvent, None]:
    position: chat.StreamPosition | None = None
    async with aclosing(steps):
        try:
            async for step in steps:
                if isinstance(step, chat.Exchange):
                    yield MessageSendSuccess.from_exchange(info, step)
                elif isinstance(step, chat.StreamStart):
                    position = step.position
                    yield _to_started(step)
                else:
                    position = position and position.after(step)
                    yield MessageStreamDelta(text=step, cursor=_to_cursor(position) if position else "")
        except Refusal as refusal:
            yield await to_result(_raise(refusal), partial(MessageSendSuccess.from_exchange, info), EXTRA_ERRORS)


def _to_started(step: chat.StreamStart) -> MessageStreamStarted:
    position = step.position
    return MessageStreamStarted(
        question=Message.from_model(step.question), conversation=Conversation.from_model(step.conversation),
        stream_id=stream_id(position.question_id, position.lease), cursor=_to_cursor(position),
    )


def _to_cursor(position: chat.StreamPosition) -> str:
    return encode_cursor(position.question_id, position.lease, position.offset, position.digest)


def _to_position(resume_from: str) -> chat.StreamPosition:
    """Return the position in a cursor of a stream's event, or the beginning of a stream. Raises `InvalidInput`."""
    for kinds in ((UUID, datetime, int, int), (UUID, datetime)):
        try:
            position = chat.StreamPosition(*decode_cursor(resume_from, *kinds))
        except GraphQLError:
            continue
        if 0 <= position.offset <= MAX_OFFSET and 0 <= position.digest < 2**32:
            return position
    raise InvalidInput("resumeFrom", "send the `cursor` of an event of the stream, or its `streamId`, unchanged", rule=InputRule.FORMAT)


async def _raise(refusal: Refusal) -> chat.Exchange:
    raise refusal
