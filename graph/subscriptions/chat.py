"""The subscription that streams an answer."""
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

import strawberry

from graph.field_costs import MODEL, weight
from graph.mutations.message import EXTRA_ERRORS, MessageSendInput, MessageSendSuccess
from graph.permissions import SignedIn
from graph.results import ConflictError, InvalidInputError, StorageExceededError, to_result
from graph.types.chat import Conversation, Message, ModelUnavailableError
from resolvers import chat
from resolvers.errors import Refusal


@strawberry.type(description="First event: the message was stored, and the model call has begun.")
class MessageStreamStarted:
    question: Message = strawberry.field(description="The user's message, with status PENDING.")
    conversation: Conversation = strawberry.field(description="The conversation; a new one if the input named none.")


@strawberry.type(description="The next chunk of the answer's text.")
class MessageStreamDelta:
    text: str = strawberry.field(description="Text to append to the previous chunks, without a separator. If an error follows, discard the chunks: they are not an answer.")


MessageStreamEvent = Annotated[
    MessageStreamStarted | MessageStreamDelta | MessageSendSuccess | ModelUnavailableError | InvalidInputError | ConflictError | StorageExceededError,
    strawberry.union(
        "MessageStreamEvent",
        description="First MessageStreamStarted, then a MessageStreamDelta for each chunk of the answer, and last the result that `messageSend` would return. For a repeated "
        "idempotencyKey and for an invalid input, only that last event is sent.",
    ),
]


@strawberry.type
class ChatSubscription:
    @strawberry.subscription(
        permission_classes=[SignedIn], metadata=weight(MODEL),
        description="Like `messageSend`, but streams the answer in chunks. When the client disconnects before the end, the question is kept: with the complete "
        "answer if it had been received, otherwise FAILED with MODEL_INTERRUPTED. Event functions cannot stream: use `messageSend` there.",
    )
    async def message_stream(self, info: strawberry.Info, input: MessageSendInput) -> AsyncGenerator[MessageStreamEvent, None]:
        async with aclosing(chat.stream(info.context, input.to_sending())) as steps:
            try:
                async for step in steps:
                    yield _event(step)
            except Refusal as refusal:
                yield await to_result(_raise(refusal), _event, EXTRA_ERRORS)


def _event(step: chat.StoredQuestion | str | chat.Exchange) -> MessageStreamStarted | MessageStreamDelta | MessageSendSuccess:
    if isinstance(step, str):
        return MessageStreamDelta(text=step)
    if isinstance(step, chat.Exchange):
        return MessageSendSuccess.from_exchange(step)
    return MessageStreamStarted(question=Message.from_model(step.question), conversation=Conversation.from_model(step.conversation))


async def _raise(refusal: Refusal) -> chat.Exchange:
    raise refusal
