"""The subscription that streams an answer."""
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Annotated

import strawberry

from graph.field_costs import MODEL, weight
from graph.mutations.message import EXTRA_ERRORS, MessageSendInput, MessageSendSuccess
from graph.permissions import SignedIn
from graph.results import ConflictError, InvalidInputError, StorageExceededError, to_result
from graph.types.conversation import Conversation
from graph.types.message import Message, ModelUnavailableError
from resolvers import chat
from resolvers.errors import Refusal


@strawberry.type(description="The message is stored; the model is being asked.")
class MessageStreamStarted:
    question: Message = strawberry.field(description="What the person said, PENDING.")
    conversation: Conversation = strawberry.field(description="The conversation, new if none was given.")


@strawberry.type(description="The next piece of the answer.")
class MessageStreamDelta:
    text: str = strawberry.field(description="To be put right behind the pieces before. If an error follows, the pieces are no answer.")


MessageStreamEvent = Annotated[
    MessageStreamStarted | MessageStreamDelta | MessageSendSuccess | ModelUnavailableError | InvalidInputError | ConflictError | StorageExceededError,
    strawberry.union(
        "MessageStreamEvent",
        description="First MessageStreamStarted, then the answer's pieces, and last what `messageSend` would answer. A repeated "
        "idempotencyKey and a refused input are answered with that last event alone.",
    ),
]


@strawberry.type
class ChatSubscription:
    @strawberry.subscription(
        permission_classes=[SignedIn], metadata=weight(MODEL),
        description="`messageSend`, with the answer piece by piece. Whoever leaves before the end finds the question kept: with the whole "
        "answer if it was there, else FAILED with MODEL_INTERRUPTED. An event function cannot stream: use `messageSend` there.",
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
