"""Mutations that send, regenerate, edit, rate and delete messages."""
from collections.abc import Mapping
from functools import partial
from typing import Annotated
from uuid import UUID

import strawberry

from graph.field_costs import AGGREGATE, MODEL, weight
from graph.permissions import SignedIn
from graph.relay import MADE_ID, decode_id_of, decode_made_id, encode_id
from graph.results import ConflictError, ErrorFactory, InvalidInputError, StorageExceededError, to_result
from graph.types.chat import PLAY_OFFERED, Conversation, Message, MessageRating, ModelUnavailableError, exchange_fields, message_id_of, offers_play
from graph.types.memory import DIARY, PROFILE, TOLD
from graph.types.receipt import DRY_RUN, ForgettingReceipt
from resolvers import chat
from resolvers.chat import Exchange
from resolvers.errors import Refusal

EXTRA_ERRORS: Mapping[type[Refusal], ErrorFactory] = {chat.ModelFailed: ModelUnavailableError.from_refusal}


@strawberry.input(description="The switches of a new conversation. What is off here or in the account is off.")
class NewConversationMemoryInput:
    diary: bool = strawberry.field(default=True, description=DIARY)
    profile: bool = strawberry.field(default=True, description=PROFILE)
    told_in_chats: bool = strawberry.field(default=True, description=TOLD)

    @property
    def off(self) -> list[str]:
        given = {"DIARY": self.diary, "PROFILE": self.profile, "TOLD": self.told_in_chats}
        return [name for name, on in given.items() if not on]


@strawberry.input(description="The message to send.")
class MessageSendInput:
    content: str = strawberry.field(description="The text, 1 to 20,000 characters, not only white space; stored unchanged.")
    conversation_id: strawberry.ID | None = strawberry.field(default=None, description="Id of the conversation to continue; absent or null to start a new one.")
    idempotency_key: str | None = strawberry.field(
        default=None,
        description="1 to 200 characters, new for each message, such as a UUID. Sending the same key again returns the same answer and "
        "never causes a second model call. Absent or null: each call sends a message of its own. `id` does the same.",
    )
    id: strawberry.ID | None = strawberry.field(default=None, description=f"{MADE_ID.format('Message')} Leave out `idempotencyKey` then.")
    new_conversation_id: strawberry.ID | None = strawberry.field(
        default=None,
        description="An id that the client makes for a new conversation, as `id` but with `Conversation:`. Every message that is written in the conversation before the server has "
        "it may carry this id: the first that arrives creates the conversation, the others continue it. One whose `temporary` or `memory` the conversation does not have is "
        "refused with ID_TAKEN; where the conversation was deleted, NOT_FOUND. Leave out `conversationId` then.",
    )
    temporary: bool | None = strawberry.field(
        default=None, description="For a new conversation: true to keep it out of diaries and profile, as long as `conversationUpdate` does not keep it. Leave it out together with `conversationId`."
    )

    memory: NewConversationMemoryInput | None = strawberry.field(
        default=None, description="For a new conversation: its switches of the user's memory. Leave it out together with `conversationId`."
    )

    def to_sending(self) -> chat.NewMessage:
        conversation_id = None if self.conversation_id is None else decode_id_of("Conversation", self.conversation_id)
        return chat.NewMessage(
            self.content, conversation_id, self.idempotency_key, self.temporary, self.memory.off if self.memory else (),
            decode_made_id("Message", "id", self.id), decode_made_id("Conversation", "newConversationId", self.new_conversation_id),
        )


@strawberry.type(description="The message was sent and answered.")
class MessageSendSuccess:
    question: Message = strawberry.field(description="The user's message.")
    answer: Message = strawberry.field(description="The assistant's answer.")
    conversation: Conversation = strawberry.field(description="The conversation after the answer.")

    @strawberry.field(description=PLAY_OFFERED)
    def play_offered(self) -> bool:
        return offers_play(self.question, self.conversation)

    @classmethod
    def from_exchange(cls, info: strawberry.Info, exchange: Exchange) -> "MessageSendSuccess":
        return cls(**exchange_fields(info, exchange))


@strawberry.input(description="The question to answer again.")
class MessageRegenerateInput:
    message_id: strawberry.ID = strawberry.field(description="Id of the question or of its answer.")


@strawberry.type(description="The question was answered again; the new answer is chosen, and the previous one stays beside it.")
class MessageRegenerateSuccess:
    question: Message = strawberry.field(description="The question; its status is COMPLETE.")
    answer: Message = strawberry.field(description="The new answer, the last of its `siblings`.")
    conversation: Conversation = strawberry.field(description="The conversation after the answer.")

    @strawberry.field(description=PLAY_OFFERED)
    def play_offered(self) -> bool:
        return offers_play(self.question, self.conversation)

    @classmethod
    def from_exchange(cls, info: strawberry.Info, exchange: Exchange) -> "MessageRegenerateSuccess":
        return cls(**exchange_fields(info, exchange))


@strawberry.input(description="The question to replace, and the new one.")
class MessageBranchInput:
    message_id: strawberry.ID = strawberry.field(description="Id of the question that the new one replaces on the current path; it must be on that path.")
    content: str = strawberry.field(description="The new question, 1 to 20,000 characters, not only white space; stored unchanged.")
    idempotency_key: str | None = strawberry.field(default=None, description="As in `messageSend`: 1 to 200 characters, new for each message.")
    id: strawberry.ID | None = strawberry.field(default=None, description="Id that the client makes for the new question, as in `messageSend`. Leave out `idempotencyKey` then.")

    @property
    def made_id(self) -> UUID | None:
        return decode_made_id("Message", "id", self.id)


@strawberry.type(description="The new question was answered; the conversation's current path leads to it.")
class MessageBranchSuccess:
    question: Message = strawberry.field(description="The new question, the last of its `siblings`.")
    answer: Message = strawberry.field(description="The assistant's answer.")
    conversation: Conversation = strawberry.field(description="The conversation after the answer.")

    @strawberry.field(description=PLAY_OFFERED)
    def play_offered(self) -> bool:
        return offers_play(self.question, self.conversation)

    @classmethod
    def from_exchange(cls, info: strawberry.Info, exchange: Exchange) -> "MessageBranchSuccess":
        return cls(**exchange_fields(info, exchange))


@strawberry.input(description="The message to select.")
class MessageSelectInput:
    message_id: strawberry.ID = strawberry.field(description="Id of a message, usually one of the `siblings` of a message that is shown.")


@strawberry.type(description="The current path of the conversation leads through the message, and on to the newest message after it.")
class MessageSelectSuccess:
    conversation: Conversation = strawberry.field(description="The conversation with its new path.")


@strawberry.input(description="The answer to stop.")
class MessageStopInput:
    message_id: strawberry.ID = strawberry.field(description="Id of the question that is being answered, or of its earlier answer.")


@strawberry.type(description="No answer to the question is being written any more.")
class MessageStopSuccess:
    question: Message = strawberry.field(description="The question: COMPLETE with an answer, FAILED with MODEL_INTERRUPTED when nothing had been written.")
    answer: Message | None = strawberry.field(
        description="The text that had been written, with status STOPPED; the whole answer if it was complete already; null when nothing had been written."
    )
    conversation: Conversation = strawberry.field(description="The conversation that they belong to.")

    @classmethod
    def from_stopped(cls, stopped: "chat.StoppedExchange") -> "MessageStopSuccess":
        return cls(
            question=Message.from_model(stopped.question), answer=None if stopped.answer is None else Message.from_model(stopped.answer),
            conversation=Conversation.from_model(stopped.conversation),
        )


@strawberry.input(description="The answer to continue.")
class MessageContinueInput:
    message_id: strawberry.ID = strawberry.field(description="Id of an answer with `cutOff` STOPPED or LENGTH, or of its question.")


@strawberry.type(description="The answer was continued.")
class MessageContinueSuccess:
    question: Message = strawberry.field(description="The question; its status is COMPLETE.")
    answer: Message = strawberry.field(description="The answer with what was appended to it; it has the same id.")
    conversation: Conversation = strawberry.field(description="The conversation after the answer.")

    @classmethod
    def from_exchange(cls, info: strawberry.Info, exchange: Exchange) -> "MessageContinueSuccess":
        return cls(**exchange_fields(info, exchange))


@strawberry.input(description="The message to edit and its new text.")
class MessageEditInput:
    message_id: strawberry.ID = strawberry.field(description="Id of one of the user's own messages.")
    content: str = strawberry.field(description="The new text, 1 to 20,000 characters, not only white space.")
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.type(description="The text of the message was changed. Data in diaries and profile that only the removed text supported was deleted.")
class MessageEditSuccess:
    edited_message: Message = strawberry.field(description="The edited message. Its answer stays, without sentences that repeat the removed text: call `messageRegenerate` for a new one.")
    receipt: ForgettingReceipt = strawberry.field(description="What was removed together with the old text.")

    @classmethod
    def from_edited(cls, edited: "chat.EditedMessage", *, dry_run: bool = False) -> "MessageEditSuccess":
        return cls(edited_message=Message.from_model(edited.message), receipt=ForgettingReceipt.from_receipt(edited.receipt, dry_run=dry_run))


@strawberry.input(description="The answer to rate and its rating.")
class MessageRateInput:
    message_id: strawberry.ID = strawberry.field(description="Id of an answer.")
    rating: MessageRating | None = strawberry.field(description="The rating; null removes it.")


@strawberry.type(description="The answer was rated.")
class MessageRateSuccess:
    rated_message: Message = strawberry.field(description="The rated answer.")


@strawberry.input(description="The message to delete.")
class MessageDeleteInput:
    message_id: strawberry.ID = strawberry.field(description="Id of a question, which is deleted with its answers, or of an answer, which is deleted alone.")
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.type(description="The messages were deleted permanently, with the data in diaries and profile that only they support.")
class MessageDeleteSuccess:
    deleted_ids: list[strawberry.ID] = strawberry.field(description="Ids of the deleted messages.")
    conversation: Conversation = strawberry.field(description="The conversation that they belonged to.")
    receipt: ForgettingReceipt = strawberry.field(description="What was removed with them.")

    @classmethod
    def from_deleted(cls, deleted: "chat.DeletedMessages", *, dry_run: bool = False) -> "MessageDeleteSuccess":
        ids = [encode_id("Message", id) for id in deleted.message_ids]
        receipt = ForgettingReceipt.from_receipt(deleted.receipt, dry_run=dry_run)
        return cls(deleted_ids=ids, conversation=Conversation.from_model(deleted.conversation), receipt=receipt)


MessageSendResult = Annotated[
    MessageSendSuccess | ModelUnavailableError | InvalidInputError | ConflictError | StorageExceededError,
    strawberry.union("MessageSendResult", description="Outcome of `messageSend`; ConflictError while a request with the same idempotencyKey or id, or an answer in the same conversation, is in progress."),
]
MessageRegenerateResult = Annotated[
    MessageRegenerateSuccess | ModelUnavailableError | InvalidInputError | ConflictError,
    strawberry.union("MessageRegenerateResult", description="Outcome of `messageRegenerate`; ConflictError while an answer in the same conversation is in progress."),
]
MessageBranchResult = Annotated[
    MessageBranchSuccess | ModelUnavailableError | InvalidInputError | ConflictError | StorageExceededError,
    strawberry.union("MessageBranchResult", description="Outcome of `messageBranch`; ConflictError while an answer in the same conversation is in progress."),
]
MessageSelectResult = Annotated[
    MessageSelectSuccess | ConflictError,
    strawberry.union("MessageSelectResult", description="Outcome of `messageSelect`; ConflictError while an answer in the conversation is in progress."),
]
MessageStopResult = Annotated[
    MessageStopSuccess | InvalidInputError | ConflictError,
    strawberry.union("MessageStopResult", description="Outcome of `messageStop`; ConflictError when an answer that is not streamed has not stopped in time."),
]
MessageContinueResult = Annotated[
    MessageContinueSuccess | ModelUnavailableError | InvalidInputError | ConflictError,
    strawberry.union(
        "MessageContinueResult",
        description="Outcome of `messageContinue`; ConflictError while an answer in the same conversation is in progress, when the question was edited, and when the prompt of the answer "
        "contained something about the user that prompts may not contain now.",
    ),
]
MessageEditResult = Annotated[
    MessageEditSuccess | InvalidInputError | ConflictError | StorageExceededError,
    strawberry.union("MessageEditResult", description="Outcome of `messageEdit`; ConflictError while an answer to the message is in progress."),
]
MessageRateResult = Annotated[MessageRateSuccess | InvalidInputError, strawberry.union("MessageRateResult", description="Outcome of `messageRate`.")]
MessageDeleteResult = Annotated[MessageDeleteSuccess | ConflictError, strawberry.union("MessageDeleteResult", description="Outcome of `messageDelete`.")]


async def _send(info: strawberry.Info, input: MessageSendInput) -> Exchange:
    return await chat.send(info.context, input.to_sending())


async def _branch(info: strawberry.Info, input: MessageBranchInput) -> Exchange:
    return await chat.branch(info.context, await message_id_of(info, input.message_id), input.content, input.idempotency_key, input.made_id)


@strawberry.type
class MessageMutation:
    @strawberry.mutation(
        permission_classes=[SignedIn], metadata=weight(MODEL),
        description="Send a message and get the answer. The message is stored before the model is called, so it is kept when the model fails.",
    )
    async def message_send(self, info: strawberry.Info, input: MessageSendInput) -> MessageSendResult | None:
        return await to_result(_send(info, input), partial(MessageSendSuccess.from_exchange, info), EXTRA_ERRORS)

    @strawberry.mutation(permission_classes=[SignedIn], metadata=weight(MODEL), description="Get a new answer to a question of the current path: one without an answer, or one that is to get a further answer beside its present one.")
    async def message_regenerate(self, info: strawberry.Info, input: MessageRegenerateInput) -> MessageRegenerateResult | None:
        asked = chat.regenerate(info.context, await message_id_of(info, input.message_id))
        return await to_result(asked, partial(MessageRegenerateSuccess.from_exchange, info), EXTRA_ERRORS)

    @strawberry.mutation(
        permission_classes=[SignedIn], metadata=weight(MODEL),
        description="Ask another question instead of an earlier one, and get the answer. The earlier question stays with all messages after it, off the current path; to correct it "
        "instead, use `messageEdit`.",
    )
    async def message_branch(self, info: strawberry.Info, input: MessageBranchInput) -> MessageBranchResult | None:
        return await to_result(_branch(info, input), partial(MessageBranchSuccess.from_exchange, info), EXTRA_ERRORS)

    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Make the current path of a conversation lead through a message and on to the newest message after it. Nothing changes if the message is on the path already.",
    )
    async def message_select(self, info: strawberry.Info, input: MessageSelectInput) -> MessageSelectResult | None:
        selected = chat.select(info.context, await message_id_of(info, input.message_id))
        return await to_result(selected, lambda row: MessageSelectSuccess(conversation=Conversation.from_model(row)))

    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Stop the answer that is being written, whichever instance writes it: the model call ends at once, and the text written so far is kept. "
        "A question that is not being answered is returned as it is.",
    )
    async def message_stop(self, info: strawberry.Info, input: MessageStopInput) -> MessageStopResult | None:
        return await to_result(chat.stop(info.context, await message_id_of(info, input.message_id)), MessageStopSuccess.from_stopped)

    @strawberry.mutation(
        permission_classes=[SignedIn], metadata=weight(MODEL),
        description="Continue an answer that was stopped or cut off by its length: the new text is appended to it. When the call fails, the answer stays as it is.",
    )
    async def message_continue(self, info: strawberry.Info, input: MessageContinueInput) -> MessageContinueResult | None:
        continued = chat.continue_answer(info.context, await message_id_of(info, input.message_id))
        return await to_result(continued, partial(MessageContinueSuccess.from_exchange, info), EXTRA_ERRORS)

    @strawberry.mutation(permission_classes=[SignedIn], metadata=weight(AGGREGATE), description="Correct the text of one of the user's own messages, in place: the removed words are erased from diaries and profile, too. To ask differently, use `messageBranch`.")
    async def message_edit(self, info: strawberry.Info, input: MessageEditInput) -> MessageEditResult | None:
        edited = chat.edit(info.context, await message_id_of(info, input.message_id), input.content, dry_run=input.dry_run)
        return await to_result(edited, partial(MessageEditSuccess.from_edited, dry_run=input.dry_run))

    @strawberry.mutation(permission_classes=[SignedIn], description="Rate an answer.")
    async def message_rate(self, info: strawberry.Info, input: MessageRateInput) -> MessageRateResult | None:
        rated = chat.rate(info.context, await message_id_of(info, input.message_id), input.rating)
        return await to_result(rated, lambda row: MessageRateSuccess(rated_message=Message.from_model(row)))

    @strawberry.mutation(permission_classes=[SignedIn], metadata=weight(AGGREGATE), description="Delete a question with its answers, or an answer alone, permanently.")
    async def message_delete(self, info: strawberry.Info, input: MessageDeleteInput) -> MessageDeleteResult | None:
        deleted = chat.delete(info.context, await message_id_of(info, input.message_id), dry_run=input.dry_run)
        return await to_result(deleted, partial(MessageDeleteSuccess.from_deleted, dry_run=input.dry_run))
