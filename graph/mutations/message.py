"""Mutations that send, regenerate, edit, rate and delete messages."""
from collections.abc import Mapping
from typing import Annotated

import strawberry

from graph.field_costs import AGGREGATE, MODEL, weight
from graph.permissions import SignedIn
from graph.relay import decode_id_of, encode_id
from graph.results import ConflictError, ErrorFactory, InvalidInputError, StorageExceededError, to_result
from graph.types.conversation import Conversation
from graph.types.message import Message, MessageRating, ModelUnavailableError, exchange_fields
from graph.types.receipt import ForgettingReceipt
from resolvers import chat
from resolvers.chat import Exchange
from resolvers.errors import Refusal

EXTRA_ERRORS: Mapping[type[Refusal], ErrorFactory] = {chat.ModelFailed: ModelUnavailableError.from_refusal}


@strawberry.input(description="What the person says.")
class MessageSendInput:
    content: str = strawberry.field(description="1 to 20,000 characters, not all of them blank; kept as it is.")
    conversation_id: strawberry.ID | None = strawberry.field(default=None, description="The conversation to go on with; absent or null to begin a new one.")
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="1 to 200 characters, new for each message, such as a UUID. Sending the same key again gives the same answer and "
        "never a second model call. Absent or null: each call is a message of its own.",
    )
    temporary: bool | None = strawberry.field(
        default=None, description="Of a new conversation: true keeps it out of diary and profile. With `conversationId` leave it out."
    )

    def to_sending(self) -> chat.NewMessage:
        conversation_id = None if self.conversation_id is None else decode_id_of("Conversation", self.conversation_id)
        return chat.NewMessage(self.content, conversation_id, self.idempotency_key, self.temporary)


@strawberry.type(description="The message was sent and answered.")
class MessageSendSuccess:
    question: Message = strawberry.field(description="What the person said.")
    answer: Message = strawberry.field(description="What the assistant answered.")
    conversation: Conversation = strawberry.field(description="The conversation, as it is now.")

    @classmethod
    def from_exchange(cls, exchange: Exchange) -> "MessageSendSuccess":
        return cls(**exchange_fields(exchange))


@strawberry.input(description="A question to ask again.")
class MessageRegenerateInput:
    message_id: strawberry.ID = strawberry.field(description="The question, or its answer.")


@strawberry.type(description="The question was asked again, and the new answer took the place of the one before.")
class MessageRegenerateSuccess:
    question: Message = strawberry.field(description="The question, COMPLETE now.")
    answer: Message = strawberry.field(description="The new answer; it keeps the id of the one before, if there was one.")
    conversation: Conversation = strawberry.field(description="The conversation, as it is now.")

    @classmethod
    def from_exchange(cls, exchange: Exchange) -> "MessageRegenerateSuccess":
        return cls(**exchange_fields(exchange))


@strawberry.input(description="A message and its new text.")
class MessageEditInput:
    message_id: strawberry.ID = strawberry.field(description="One of the person's own messages.")
    content: str = strawberry.field(description="1 to 20,000 characters, not all of them blank.")


@strawberry.type(description="The message has its new text. What diary and profile drew from words that are gone is gone, too.")
class MessageEditSuccess:
    edited_message: Message = strawberry.field(description="The message. Its answer stays as it is: `messageRegenerate` asks again.")
    receipt: ForgettingReceipt = strawberry.field(description="What went with the words that are gone.")

    @classmethod
    def from_edited(cls, edited: chat.EditedMessage) -> "MessageEditSuccess":
        return cls(edited_message=Message.from_model(edited.message), receipt=ForgettingReceipt.from_receipt(edited.receipt))


@strawberry.input(description="An answer and what the person thinks of it.")
class MessageRateInput:
    message_id: strawberry.ID = strawberry.field(description="An answer.")
    rating: MessageRating | None = strawberry.field(description="Null takes the rating back.")  # type: ignore[valid-type]


@strawberry.type(description="The answer was rated.")
class MessageRateSuccess:
    rated_message: Message = strawberry.field(description="The answer.")


@strawberry.input(description="A message to delete.")
class MessageDeleteInput:
    message_id: strawberry.ID = strawberry.field(description="A question, which goes with its answers, or an answer alone.")


@strawberry.type(description="The messages are gone for good, with what diary and profile drew from nothing else.")
class MessageDeleteSuccess:
    deleted_ids: list[strawberry.ID] = strawberry.field(description="The ids that the messages had.")
    conversation: Conversation = strawberry.field(description="The conversation that they were part of.")
    receipt: ForgettingReceipt = strawberry.field(description="What went with them.")

    @classmethod
    def from_deleted(cls, deleted: chat.DeletedMessages) -> "MessageDeleteSuccess":
        ids = [encode_id("Message", id) for id in deleted.message_ids]
        receipt = ForgettingReceipt.from_receipt(deleted.receipt)
        return cls(deleted_ids=ids, conversation=Conversation.from_model(deleted.conversation), receipt=receipt)


MessageSendResult = Annotated[
    MessageSendSuccess | ModelUnavailableError | InvalidInputError | ConflictError | StorageExceededError,
    strawberry.union("MessageSendResult", description="Outcome of `messageSend`; ConflictError while the same idempotencyKey is being answered."),
]
MessageRegenerateResult = Annotated[
    MessageRegenerateSuccess | ModelUnavailableError | InvalidInputError | ConflictError,
    strawberry.union("MessageRegenerateResult", description="Outcome of `messageRegenerate`; ConflictError while the question is being answered."),
]
MessageEditResult = Annotated[
    MessageEditSuccess | InvalidInputError | ConflictError | StorageExceededError,
    strawberry.union("MessageEditResult", description="Outcome of `messageEdit`; ConflictError while the message is being answered."),
]
MessageRateResult = Annotated[MessageRateSuccess | InvalidInputError, strawberry.union("MessageRateResult", description="Outcome of `messageRate`.")]
MessageDeleteResult = Annotated[MessageDeleteSuccess | ConflictError, strawberry.union("MessageDeleteResult", description="Outcome of `messageDelete`.")]


@strawberry.type
class MessageMutation:
    @strawberry.mutation(
        permission_classes=[SignedIn], metadata=weight(MODEL),
        description="Say something and get the answer. The message is stored before the model is asked, so it is kept when the model fails.",
    )
    async def message_send(self, info: strawberry.Info, input: MessageSendInput) -> MessageSendResult | None:
        return await to_result(chat.send(info.context, input.to_sending()), MessageSendSuccess.from_exchange, EXTRA_ERRORS)

    @strawberry.mutation(permission_classes=[SignedIn], metadata=weight(MODEL), description="Ask a question again: one that has no answer, or for a better one.")
    async def message_regenerate(self, info: strawberry.Info, input: MessageRegenerateInput) -> MessageRegenerateResult | None:
        asked = chat.regenerate(info.context, decode_id_of("Message", input.message_id))
        return await to_result(asked, MessageRegenerateSuccess.from_exchange, EXTRA_ERRORS)

    @strawberry.mutation(permission_classes=[SignedIn], metadata=weight(AGGREGATE), description="Change the text of one's own message.")
    async def message_edit(self, info: strawberry.Info, input: MessageEditInput) -> MessageEditResult | None:
        edited = chat.edit(info.context, decode_id_of("Message", input.message_id), input.content)
        return await to_result(edited, MessageEditSuccess.from_edited)

    @strawberry.mutation(permission_classes=[SignedIn], description="Rate an answer.")
    async def message_rate(self, info: strawberry.Info, input: MessageRateInput) -> MessageRateResult | None:
        rated = chat.rate(info.context, decode_id_of("Message", input.message_id), input.rating)
        return await to_result(rated, lambda row: MessageRateSuccess(rated_message=Message.from_model(row)))

    @strawberry.mutation(permission_classes=[SignedIn], metadata=weight(AGGREGATE), description="Delete a question with its answers, or an answer alone, for good.")
    async def message_delete(self, info: strawberry.Info, input: MessageDeleteInput) -> MessageDeleteResult | None:
        deleted = chat.delete(info.context, decode_id_of("Message", input.message_id))
        return await to_result(deleted, MessageDeleteSuccess.from_deleted)
