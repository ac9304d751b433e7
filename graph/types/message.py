"""The types of a message by the user or the assistant."""
from datetime import date, datetime
from typing import TYPE_CHECKING, Annotated, Any

import strawberry

from graph.enums import describe_enum
from graph.errors import PUBLIC_CODES, Error, ErrorCode
from graph.relay import Node, encode_cursor, encode_id
from persistence import models
from persistence.models import enums
from resolvers import chat
from resolvers.errors import NotFound

if TYPE_CHECKING:
    from graph.types.conversation import Conversation

LazyConversation = Annotated["Conversation", strawberry.lazy("graph.types.conversation")]

MessageRole = describe_enum(
    enums.MessageRole, "Who wrote a message.", name="MessageRole",
    USER="The person.", ASSISTANT="The assistant: the language model's words.",
)
MessageStatus = describe_enum(
    enums.MessageStatus, "How a message stands.", name="MessageStatus",
    PENDING="A question that is being answered now.",
    COMPLETE="A question that was answered, or an answer.",
    FAILED="A question without an answer: `errorCode` says why, `messageRegenerate` asks again.",
)
MessageCutOff = describe_enum(
    enums.CutOff, "Why an answer ended before its end.", name="MessageCutOff",
    LENGTH="Its length limit was reached, or the provider gave up in the middle.", FILTER="The provider's content filter held the rest back.",
)
MessageRating = describe_enum(
    enums.Rating, "What the person thinks of an answer.", name="MessageRating", UP="Helpful.", DOWN="Not helpful.",
)


@strawberry.type(description="Tokens that an answer took, as the model's provider counted them.")
class MessageTokens:
    input: int = strawberry.field(description="Tokens of what the model was sent, history and background included.")
    output: int = strawberry.field(description="Tokens of the answer.")


@strawberry.type(description="One message of a conversation.")
class Message(Node):
    role: MessageRole = strawberry.field(description="Who wrote it.")  # type: ignore[valid-type]
    content: str = strawberry.field(description="The text, as it was sent; 1 to 20,000 characters of a person's, Markdown of the assistant's.")
    status: MessageStatus = strawberry.field(description="How it stands.")  # type: ignore[valid-type]
    error_code: ErrorCode | None = strawberry.field(description="Why a question has no answer; null unless `status` is FAILED.")
    created_at: datetime = strawberry.field(description="When it was sent.")
    edited_at: datetime | None = strawberry.field(description="When its text was last changed: edited, or answered anew; null if never.")
    day: date = strawberry.field(description="The person's day in which it lies, for good; an answer lies in its question's.")
    model: str | None = strawberry.field(description="The language model that wrote an answer; null for a person's message or when unknown.")
    prompt_version: str | None = strawberry.field(description="The version of the prompt behind an answer; null for a person's message or when unknown.")
    tokens: MessageTokens | None = strawberry.field(description="What an answer took; null for a person's message or when unknown.")
    latency_ms: int | None = strawberry.field(description="Milliseconds from asking the model to its last word; null for a person's message or when unknown.")
    cut_off: MessageCutOff | None = strawberry.field(  # type: ignore[valid-type]
        description="Why an answer ended before its end, with the words that came by then; null for a whole answer and for a person's message."
    )
    rating: MessageRating | None = strawberry.field(description="What the person thinks of an answer; null when not rated.")  # type: ignore[valid-type]
    row: strawberry.Private["models.Message"]

    @strawberry.field(
        description="Its place among its conversation's messages: with it as `after`, `messages` gives what follows, and with `newestFirst` what precedes."
    )
    def cursor(self) -> str:
        return encode_cursor(self.row.id)

    @strawberry.field(description="The question that an answer belongs to; null for a question.")
    async def reply_to(self, info: strawberry.Info) -> "Message | None":
        found = self.row.reply_to and await info.context.loaders.message.load(self.row.reply_to)
        return Message.from_model(found) if found else None

    @strawberry.field(description="A question's answer, the newest if an import brought several; null while there is none, and for an answer.")
    async def answer(self, info: strawberry.Info) -> "Message | None":
        if self.row.role is not enums.MessageRole.USER:
            return None
        found = await info.context.loaders.answer.load(self.row.id)
        return Message.from_model(found) if found else None

    @strawberry.field(description="The conversation it is part of.")
    async def conversation(self, info: strawberry.Info) -> LazyConversation:
        from graph.types.conversation import Conversation

        found = await info.context.loaders.conversation.load(self.row.conversation_id)
        if found is None:
            raise NotFound("conversation")
        return Conversation.from_model(found)

    @classmethod
    def from_model(cls, row: "models.Message") -> "Message":
        standing = chat.message_state(row)
        return cls(
            id=encode_id("Message", row.id),
            role=row.role,
            content=row.content,
            status=standing.status,
            error_code=code_of(standing.error_code) if standing.error_code else None,
            created_at=row.created_at,
            edited_at=row.edited_at,
            day=row.day,
            model=row.model,
            prompt_version=row.prompt_version,
            tokens=None if row.input_tokens is None else MessageTokens(input=row.input_tokens, output=row.output_tokens or 0),
            latency_ms=row.latency_ms,
            cut_off=row.cut_off,
            rating=row.rating,
            row=row,
        )


def code_of(code: str) -> ErrorCode:
    """Return the API's code for a stored code; MODEL_UNAVAILABLE for a code that this version does not know."""
    return ErrorCode[code] if code in PUBLIC_CODES else ErrorCode.MODEL_UNAVAILABLE


@strawberry.type(
    description="The language model gave no answer, or was not asked since the day's allowance is used up: `code` is one of the MODEL_ codes, or "
    "QUOTA_EXCEEDED. Nothing is lost: the question is kept, and `messageRegenerate` asks it again."
)
class ModelUnavailableError(Error):
    retry_after: float | None = strawberry.field(
        description="Seconds to wait: as the model's provider asks, or until the day's allowance begins anew; null when neither says so."
    )
    question: Message = strawberry.field(description="The question as it is kept. FAILED, unless it has an earlier answer, which stands.")
    conversation: LazyConversation = strawberry.field(description="Its conversation.")

    @classmethod
    def from_refusal(cls, refusal: "chat.ModelFailed") -> "ModelUnavailableError":
        from graph.types.conversation import Conversation

        return cls(
            code=code_of(refusal.code), message=refusal.message, retry_after=refusal.retry_after,
            question=Message.from_model(refusal.question), conversation=Conversation.from_model(refusal.conversation),
        )


def exchange_fields(exchange: "chat.Exchange") -> dict[str, Any]:
    """Return the fields of a success that returns a whole exchange."""
    from graph.types.conversation import Conversation

    return {
        "question": Message.from_model(exchange.question), "answer": Message.from_model(exchange.answer),
        "conversation": Conversation.from_model(exchange.conversation),
    }
