"""The types of conversations and their messages, and their `node` loaders."""
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from graph.enums import describe_enum
from graph.errors import PUBLIC_CODES, Error, ErrorCode
from graph.relay import After, Connection, First, Node, NodeLoader, decode_cursor, encode_cursor, encode_id, make_connection, page_size
from persistence import models
from persistence.models import enums
from resolvers import chat
from resolvers.errors import NotFound

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
NewestFirst = Annotated[
    bool | None, strawberry.argument(description="True to start with the newest message instead of the oldest; null counts as false. Cursors are valid in both directions.")
]


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
    async def conversation(self, info: strawberry.Info) -> "Conversation":
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


@strawberry.type(description="A conversation between the user and the assistant.")
class Conversation(Node):
    title: str | None = strawberry.field(description="1 to 200 characters: the user's own title, otherwise one generated with the first answer; null until then.")
    temporary: bool = strawberry.field(description="Whether diaries and profile ignore the conversation.")
    archived: bool = strawberry.field(description="Whether the user archived it; new messages do not unarchive it.")
    tags: list[str] = strawberry.field(description="The user's tags in the user's order, at most 20 of 1 to 40 characters each.")
    created_at: datetime = strawberry.field(description="When the conversation was created.")
    updated_at: datetime = strawberry.field(description="When the conversation last got a message or was changed.")
    last_message_at: datetime = strawberry.field(description="When the conversation last got a message; `conversations` is sorted by it.")
    row: strawberry.Private["models.Conversation"]

    @strawberry.field(description="Its messages, the oldest first unless `newestFirst` is true.")
    async def messages(
        self, info: strawberry.Info, first: First = 20, after: After = None, newest_first: NewestFirst = False
    ) -> Connection[Message]:
        place = decode_cursor(after, UUID)[0] if after is not None else None
        page = await chat.list_messages(info.context, self.row.id, after=place, limit=page_size(first), newest_first=bool(newest_first))
        return make_connection(
            page.rows, node=Message.from_model, cursor=lambda row: encode_cursor(row.id), has_next=page.has_next, after=after,
            count=lambda: chat.count_messages(info.context, self.row.id),
        )

    @strawberry.field(description="The conversation from which this one was forked; null when it is not a fork, and when that conversation was deleted.")
    async def forked_from(self, info: strawberry.Info) -> "Conversation | None":
        found = self.row.forked_from and await info.context.loaders.conversation.load(self.row.forked_from)
        return Conversation.from_model(found) if found else None

    @classmethod
    def from_model(cls, row: "models.Conversation") -> "Conversation":
        return cls(
            id=encode_id("Conversation", row.id), title=row.title, temporary=row.temporary, archived=row.archived, tags=row.tags,
            created_at=row.created_at, updated_at=row.updated_at, last_message_at=row.last_message_at, row=row,
        )


@strawberry.type(
    description="The language model gave no answer, or was not called because the day's quota is used up: `code` is one of the MODEL_ codes, or "
    "QUOTA_EXCEEDED. The question is stored, and `messageRegenerate` tries it again."
)
class ModelUnavailableError(Error):
    retry_after: float | None = strawberry.field(
        description="Seconds to wait: as requested by the model's provider, or until the quota is renewed; null when neither gives a time."
    )
    question: Message = strawberry.field(description="The stored question. Its status is FAILED, unless it has an earlier answer, which is kept.")
    conversation: Conversation = strawberry.field(description="The conversation of the question.")

    @classmethod
    def from_refusal(cls, refusal: "chat.ModelFailed") -> "ModelUnavailableError":
        return cls(
            code=code_of(refusal.code), message=refusal.message, retry_after=refusal.retry_after,
            question=Message.from_model(refusal.question), conversation=Conversation.from_model(refusal.conversation),
        )


def exchange_fields(exchange: "chat.Exchange") -> dict[str, Any]:
    """Return the fields of a success that returns a whole exchange."""
    return {
        "question": Message.from_model(exchange.question), "answer": Message.from_model(exchange.answer),
        "conversation": Conversation.from_model(exchange.conversation),
    }


async def load_conversations(info: strawberry.Info, ids: Sequence[UUID]) -> list[Conversation | None]:
    found = await info.context.loaders.conversation.load_many(ids)
    return [row and Conversation.from_model(row) for row in found]


async def load_messages(info: strawberry.Info, ids: Sequence[UUID]) -> list[Message | None]:
    found = await info.context.loaders.message.load_many(ids)
    return [row and Message.from_model(row) for row in found]


NODES: dict[str, NodeLoader] = {"Conversation": load_conversations, "Message": load_messages}
