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
    USER="The user.", ASSISTANT="The assistant: text of the language model.",
)
MessageStatus = describe_enum(
    enums.MessageStatus, "The state of a message.", name="MessageStatus",
    PENDING="A question whose answer is in progress.",
    COMPLETE="A question that was answered, or an answer.",
    FAILED="A question without an answer. `errorCode` says why; `messageRegenerate` tries again.",
)
MessageCutOff = describe_enum(
    enums.CutOff, "Why an answer is incomplete.", name="MessageCutOff",
    LENGTH="The answer reached its length limit, or the provider aborted it.", FILTER="The provider's content filter withheld the rest.",
)
MessageRating = describe_enum(
    enums.Rating, "The user's rating of an answer.", name="MessageRating", UP="Helpful.", DOWN="Not helpful.",
)


@strawberry.type(description="Tokens used for an answer, as counted by the model's provider.")
class MessageTokens:
    input: int = strawberry.field(description="Tokens of the prompt, including the conversation's history and background information.")
    output: int = strawberry.field(description="Tokens of the answer.")


@strawberry.type(description="One message of a conversation.")
class Message(Node):
    role: MessageRole = strawberry.field(description="Who wrote it.")  # type: ignore[valid-type]
    content: str = strawberry.field(description="The text as it was sent: 1 to 20,000 characters for a message of the user, Markdown for one of the assistant.")
    status: MessageStatus = strawberry.field(description="State of the message.")  # type: ignore[valid-type]
    error_code: ErrorCode | None = strawberry.field(description="Why a question has no answer; null unless `status` is FAILED.")
    created_at: datetime = strawberry.field(description="When it was sent.")
    edited_at: datetime | None = strawberry.field(description="When its text was last changed, by an edit or by regenerating the answer; null if never.")
    day: date = strawberry.field(description="The user's day to which the message belongs; it never changes. An answer belongs to its question's day.")
    model: str | None = strawberry.field(description="The language model that wrote the answer; null for a user's message or when unknown.")
    prompt_version: str | None = strawberry.field(description="The version of the prompt that was used for the answer; null for a user's message or when unknown.")
    tokens: MessageTokens | None = strawberry.field(description="Tokens used for the answer; null for a user's message or when unknown.")
    latency_ms: int | None = strawberry.field(description="Milliseconds from the model call to the end of the answer; null for a user's message or when unknown.")
    cut_off: MessageCutOff | None = strawberry.field(  # type: ignore[valid-type]
        description="Why the answer is incomplete; `content` is what was received until then. Null for a complete answer and for a user's message."
    )
    rating: MessageRating | None = strawberry.field(description="The user's rating of the answer; null when not rated.")  # type: ignore[valid-type]
    row: strawberry.Private["models.Message"]

    @strawberry.field(
        description="Its cursor in its conversation's `messages`: pass it as `after` for the messages that follow, or with `newestFirst` for those that precede."
    )
    def cursor(self) -> str:
        return encode_cursor(self.row.id)

    @strawberry.field(description="The question that this message answers; null for a question.")
    async def reply_to(self, info: strawberry.Info) -> "Message | None":
        found = self.row.reply_to and await info.context.loaders.message.load(self.row.reply_to)
        return Message.from_model(found) if found else None

    @strawberry.field(description="The answer to this question, the newest if an import contained several; null while there is none, and for an answer.")
    async def answer(self, info: strawberry.Info) -> "Message | None":
        if self.row.role is not enums.MessageRole.USER:
            return None
        found = await info.context.loaders.answer.load(self.row.id)
        return Message.from_model(found) if found else None

    @strawberry.field(description="The conversation that the message belongs to.")
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
    description="The language model gave no answer, or was not called because the day's quota is used up: `code` is one of the MODEL_ codes, or "
    "QUOTA_EXCEEDED. The question is stored, and `messageRegenerate` tries it again."
)
class ModelUnavailableError(Error):
    retry_after: float | None = strawberry.field(
        description="Seconds to wait: as requested by the model's provider, or until the quota is renewed; null when neither gives a time."
    )
    question: Message = strawberry.field(description="The stored question. Its status is FAILED, unless it has an earlier answer, which is kept.")
    conversation: LazyConversation = strawberry.field(description="The conversation of the question.")

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
