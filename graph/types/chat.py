"""The types of conversations and their messages, and their `node` loaders."""
import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import field
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, Annotated, Any, ClassVar
from uuid import UUID

import strawberry
from strawberry.types.lazy_type import LazyType

from graph.enums import describe_enum
from graph.errors import PUBLIC_CODES, WITH_SOURCES, Error, ErrorCode, coded_error
from graph.field_costs import MATCH, weight
from graph.prefetch import prefetched_as, selected_field_names
from graph.relay import (
    After,
    Before,
    Connection,
    First,
    Last,
    Node,
    NodeLoader,
    decode_id_of,
    encode_cursor,
    encode_id,
    id_of_cursor,
    make_connection,
    page_size,
    read_page,
)
from graph.types.memory import ConversationMemory
from graph.types.source_interface import Source, make_source, make_sources
from persistence.models import enums
from resolvers import chat, search_matches
from resolvers.answer_sources import VALUE, SourceKey
from resolvers.answer_sources import ToolCall as StoredCall
from resolvers.errors import NotFound

if TYPE_CHECKING:
    from persistence.queries.exchange_rows import AnyConversation, AnyMessage
else:  # only annotations name them
    AnyConversation = AnyMessage = object

MessageRole = enums.MessageRole
describe_enum(
    MessageRole, "Who wrote a message.", name="MessageRole",
    USER="The user.", ASSISTANT="The assistant: text of the language model.",
)


class MessageStatus(enum.Enum):
    """The state of a message as clients see it: those that are stored, and STOPPED for an answer that was stopped."""

    PENDING = "PENDING"
    COMPLETE = "COMPLETE"
    FAILED = "FAILED"
    STOPPED = "STOPPED"


describe_enum(
    MessageStatus, "The state of a message.", name="MessageStatus",
    PENDING="A question whose answer is in progress.",
    COMPLETE="A question that was answered, or an answer.",
    FAILED="A question without an answer. `errorCode` says why; `messageRegenerate` tries again.",
    STOPPED="An answer that ended early, because the user stopped it or the model failed; `content` is the text up to then. `messageContinue` continues it.",
)
_STATUSES = {status: MessageStatus[status.name] for status in enums.MessageStatus}
MessageCutOff = enums.CutOff
describe_enum(
    MessageCutOff, "Why an answer is incomplete.", name="MessageCutOff",
    LENGTH="The answer reached its length limit, or the provider aborted it.", FILTER="The provider's content filter withheld the rest.",
    STOPPED="The user stopped the answer, or it ended early: its connection was lost, or the model failed after its first words.",
)
MessageRating = enums.Rating
describe_enum(
    MessageRating, "The user's rating of an answer.", name="MessageRating", UP="Helpful.", DOWN="Not helpful.",
)
Around = Annotated[
    strawberry.ID | None,
    strawberry.argument(
        description="Id of a message on the current path: the page then has the message in its middle, with the same number of messages before and after it as far as there are any. Its "
        "cursors lead on in both directions. NOT_FOUND for a message that is not on the path: `messageSelect` leads to it. Not together with `after`, `last` and `before`."
    ),
]
NewestFirst = Annotated[
    bool | None, strawberry.argument(description="True to start with the newest message instead of the oldest; null counts as false. Cursors are valid in both directions.")
]


MATCHES = (
    "The places of its `{}` that match a search, in order and without overlaps, at most 100: words as they are typed, and words of the query in any other grammatical form and "
    "spelling, as they stand in the text. A single Chinese character of a longer word of the query matches only where nothing longer does. Words that only ask or connect and, as in "
    "`messageSearch`, those of a named day are left out, and a search that finds something by its day alone has none."
)
MatchedQuery = Annotated[
    str, strawberry.argument(description="The query of `messageSearch` or the words of `diaries(search:)`: 1 to 10 words, at most 200 characters.")
]


@strawberry.type(description="A place in a text that a search matched, to be marked.")
class SearchMatch:
    start: int = strawberry.field(description="Offset of its first character in the text, in Unicode code points. In JavaScript `Array.from(content)` has them.")
    end: int = strawberry.field(description="Offset at which it ends, exclusive, in Unicode code points.")


async def find_matches(info: strawberry.Info, text: str | None, query: str, *, part: bool = False) -> list[SearchMatch]:
    """Return the places of a text that match a search; with `part`, of one of the texts in which it finds all words together. Raises `InvalidInput`."""
    return [SearchMatch(start=match.start, end=match.end) for match in await search_matches.find_matches(info.context, text, query, part=part)]


@strawberry.type(description="Tokens used for an answer, as counted by the model's provider.")
class MessageTokens:
    input: int = strawberry.field(description="Tokens of the prompt, including the conversation's history and background information.")
    output: int = strawberry.field(description="Tokens of the answer.")


@strawberry.type(
    description="The sources of an answer: what the prompt contained about the user, and what the model's searches found. The prompt also contained the earlier messages of the "
    "same conversation: see `shownFrom`. A source that was deleted since is still listed, with `removed`."
)
class MessageSources:
    values: list[strawberry.ID] = strawberry.field(description="Ids of values of the profile.")
    days: list[date] = strawberry.field(description="Days whose diaries the prompt contained or a search found, in whole or in part.")
    messages: list[strawberry.ID] = strawberry.field(description="Ids of messages that a search found.")
    row: strawberry.Private["AnyMessage"]

    @strawberry.field(
        metadata=WITH_SOURCES,
        description="Everything about the user that was in the prompt or in the results of the model's searches, and nothing else, in the order of the prompt; each source once, with "
        "all its reasons. The fields of the account come last.",
    )
    def items(self) -> list[Source]:
        return make_sources(self.row)

    @strawberry.field(
        description="The first message of the conversation that the prompt contained: the prompt had all answered messages from this one to the question, and the earlier ones at most "
        "as a summary. Null if the message was deleted, and for an answer from before this was recorded.",
    )
    async def shown_from(self, info: strawberry.Info) -> "Message | None":
        found = chat.read_sources(self.row.sources)
        first = found and found.shown_from and await info.context.loaders.message.load(found.shown_from)
        return Message.from_model(first) if first else None


@strawberry.type(description="The difference between an answer and the previous one on its path through the conversation: model, prompt and companion.")
class AnswerNotice:
    model: str = strawberry.field(description="The language model that wrote the answer.")
    previous_model: str = strawberry.field(description="The model of the previous answer; different if the model changed.")
    prompt_version: str = strawberry.field(description="The version of the prompt's standing text, such as chat/7, without the parts that `Message.promptVersion` names behind a `+`.")
    previous_prompt_version: str = strawberry.field(description="The version of the previous answer's prompt; different if the operator's prompt changed, the same if only the companion changed.")
    companion_version: int | None = strawberry.field(description="The version of the user's companion in the prompt; null for none.")
    previous_companion_version: int | None = strawberry.field(description="The version of the companion for the previous answer; different if the companion changed, null for none.")


class ToolName(enum.Enum):
    SEARCH_DIARY = "search_diary"
    SEARCH_MESSAGES = "search_messages"
    SHOW_PROFILE = "show_profile"
    REMEMBER = "remember"
    FORGET = "forget"


describe_enum(
    ToolName, "A tool that the model may call while it answers.", name="ToolName",
    SEARCH_DIARY="Searches the user's diaries.", SEARCH_MESSAGES="Searches the messages of earlier days, the user's and the assistant's.",
    SHOW_PROFILE="Reads the whole profile.", REMEMBER="Sets a value of the profile, as `profileValueSet` does, if the user asks for it in their own words.",
    FORGET="Rejects a value of the profile, as `profileValueReject` does, if the user asks for it in their own words.",
)
ToolOutcome = enums.ToolOutcome
describe_enum(
    ToolOutcome, "The outcome of a tool call.", name="ToolOutcome",
    DONE="It was carried out; a search may have found nothing.", REFUSED="The rules refused it, and nothing was changed: see `reason`. The model was informed.",
    FAILED="It failed, and nothing was changed; the model was informed.", SKIPPED="The model did not get its results, because the user's tokens of the day did not suffice.",
)


class ToolRefusal(enum.Enum):
    NO_WISH = "NO_WISH"
    NOT_IN_WISH = "NOT_IN_WISH"
    UNSUPPORTED = "UNSUPPORTED"
    NO_SUCH_SLOT = "NO_SUCH_SLOT"
    NOT_ALLOWED = "NOT_ALLOWED"
    MEMORY_OFF = "MEMORY_OFF"
    TOPIC_OFF = "TOPIC_OFF"
    PLAY = "PLAY"
    TEMPORARY = "TEMPORARY"
    TOO_MANY = "TOO_MANY"
    AMBIGUOUS = "AMBIGUOUS"
    NOT_FOUND = "NOT_FOUND"
    MESSAGE_CHANGED = "MESSAGE_CHANGED"


describe_enum(
    ToolRefusal, "Why a tool call was refused.", name="ToolRefusal",
    NO_WISH="The message has no such wish in the user's own words: pasted, quoted or forwarded text does not count.",
    NOT_IN_WISH="The words that the model gave are not part of the user's wish.", UNSUPPORTED="The user's words do not say the value.",
    NO_SUCH_SLOT="The profile has no such slot.", NOT_ALLOWED="The profile does not take the value or the slot: it is switched off, or the value looks like a secret.",
    MEMORY_OFF="The user switched off the profile, for the account or the conversation.", TOPIC_OFF="It is about one of the topics or names that are never kept (`topicsNotKept`, `namesNotKept`).",
    PLAY="The conversation is role play.", TEMPORARY="The conversation is temporary.", TOO_MANY="The answer had changed 5 values already.",
    AMBIGUOUS="Several values could be meant.", NOT_FOUND="The user's words match neither a value of the profile nor a message that no diary has read yet.", MESSAGE_CHANGED="The user's message was changed or deleted meanwhile.",
)


@strawberry.type(description="A tool call of the model while it wrote an answer. Its texts are not stored; the question has the user's words for a wish.")
class ToolCall:
    index: int = strawberry.field(description="Its position among the tool calls of the answer, from 0: pass it to `toolCallUndo`.")
    tool: ToolName = strawberry.field(description="The tool.")
    outcome: ToolOutcome = strawberry.field(description="Its outcome.")
    reason: ToolRefusal | None = strawberry.field(description="Why it was refused; null unless `outcome` is REFUSED.")
    first_day: date | None = strawberry.field(description="The first of the user's days to which a search was limited; null without a limit, and for another tool.")
    last_day: date | None = strawberry.field(description="The last of the user's days to which a search was limited; null without a limit, and for another tool.")
    results: int | None = strawberry.field(description="The number of days that a search found, or of values that the profile showed; null for another tool.")
    value_id: strawberry.ID | None = strawberry.field(description="Id of the `ProfileValue` that was remembered or forgotten; null for another tool, and unless it was done.")
    message_ids: list[strawberry.ID] = strawberry.field(
        description="Ids of the user's messages from which neither diary nor profile learns anything because of it, as they asked: they were of days that no diary had read yet. "
        "They stay in the chat. Empty for another tool, where a value was forgotten, and unless it was done."
    )
    undone: bool = strawberry.field(description="Whether `toolCallUndo` undid it.")
    call: strawberry.Private[StoredCall]
    row: strawberry.Private["AnyMessage"]

    @strawberry.field(
        description="Whether `toolCallUndo` would undo it now: it changed something, and the change stands. False once it was undone, the value was changed since, the words of "
        "the wish were edited away or deleted, or so were all messages of `messageIds`."
    )
    async def undoable(self, info: strawberry.Info) -> bool:
        if self.call.kept_out and not self.call.undone:
            found = await info.context.loaders.message.load_many(list(self.call.kept_out))
            return any(row is not None and row.learning is enums.Learning.NONE for row in found)
        if self.call.verdict is None or self.call.value is None or self.call.undone:
            return False
        return bool(await info.context.loaders.standing_verdict.load((self.call.verdict, self.call.value)))

    @strawberry.field(
        metadata=WITH_SOURCES,
        description="The value that was remembered or forgotten, as a source of the answer, whose `value` is its current state; null if `valueId` is null.",
    )
    def source(self) -> Source | None:
        return None if self.call.value is None else make_source(self.row, SourceKey(VALUE, str(self.call.value)), [enums.SourceReason.TOOL])

    @classmethod
    def from_call(cls, row: "AnyMessage", index: int, call: StoredCall) -> "ToolCall":
        known = call.reason in ToolRefusal.__members__
        return cls(
            index=index, tool=ToolName(call.tool), outcome=call.outcome, reason=ToolRefusal[call.reason] if call.reason and known else None, first_day=call.first,
            last_day=call.last, results=call.results, value_id=None if call.value is None else encode_id("ProfileValue", call.value),
            message_ids=[encode_id("Message", id) for id in call.kept_out], undone=call.undone, call=call, row=row)


@strawberry.type(description="One message of a conversation.")
class Message(Node):
    role: MessageRole = strawberry.field(description="Who wrote it.")
    content: str = strawberry.field(description="The text as it was sent: 1 to 20,000 characters for a message of the user, Markdown for one of the assistant.")
    status: MessageStatus = strawberry.field(description="State of the message.")
    error_code: ErrorCode | None = strawberry.field(description="Why a question has no answer; null unless `status` is FAILED.")
    created_at: datetime = strawberry.field(description="When it was sent.")
    edited_at: datetime | None = strawberry.field(description="When its text was last changed, by an edit or by continuing the answer; null if never.")
    day: date = strawberry.field(description="The user's day to which the message belongs; it never changes. An answer belongs to its question's day.")
    model: str | None = strawberry.field(description="The language model that wrote the answer; null for a user's message or when unknown.")
    prompt_version: str | None = strawberry.field(description="The version of the prompt that was used for the answer; null for a user's message or when unknown.")
    tokens: MessageTokens | None = strawberry.field(description="Tokens used for the answer; null for a user's message or when unknown.")
    latency_ms: int | None = strawberry.field(description="Milliseconds from the model call to the end of the answer; null for a user's message or when unknown.")
    cut_off: MessageCutOff | None = strawberry.field(
        description="Why the answer is incomplete; `content` is what was received until then. Null for a complete answer and for a user's message."
    )
    rating: MessageRating | None = strawberry.field(description="The user's rating of the answer; null when not rated.")
    redacted: bool = strawberry.field(
        description="Whether sentences of the answer were replaced by the marker [removed] or [已移除], because they repeated text that the user deleted since."
    )
    written_by_hand: bool = strawberry.field(
        description="Whether it is an entry of an imported journal that the user wrote by hand: no question to the assistant, so it has no answer."
    )
    on_path: bool = strawberry.field(
        description="Whether it is on the current path of its conversation, which `Conversation.messages` lists and the model is shown. `messageSelect` moves the path."
    )
    suggested_replies: list[str] = strawberry.field(
        description="Up to three short messages that the user may want to send next, as the model suggests below its answer, in the language of the chat: 1 to 120 "
        "characters each on one line, without Markdown. Empty for a user's message, where the model suggested none, and unless the operator switched them on "
        "(SUGGESTED_REPLIES). Diaries and profile do not use them; one that the user sends is a message like any other."
    )
    row: strawberry.Private["AnyMessage"]
    prefetched: strawberry.Private[Mapping[str, Any]] = field(default_factory=dict)
    """Objects that were loaded for all messages of a page, by the names of the fields (graph/prefetch.py)."""
    carries_type: ClassVar[Any] = None
    """`MessageCarries`. graph/types/carries.py sets it, which a schema with the types of diaries and profile imports."""

    @strawberry.field(
        description="The sources of an answer; null for a user's message, and when unknown: for an imported answer and one from before they were recorded."
    )
    def sources(self) -> MessageSources | None:
        found = chat.read_sources(self.row.sources)
        return None if found is None else MessageSources(
            values=[encode_id("ProfileValue", id) for id in sorted(found.values)], days=sorted(found.days),
            messages=[encode_id("Message", id) for id in sorted(found.messages)], row=self.row,
        )

    @strawberry.field(
        description="A change of the model, the prompt or the companion since the previous answer, for a frontend to show once at this answer. Null without a change, on the first "
        "answer of a conversation, and for a user's message."
    )
    async def notice(self, info: strawberry.Info) -> AnswerNotice | None:
        if self.row.role is not enums.MessageRole.ASSISTANT:
            return None
        found = await info.context.loaders.answer_change.load(self.row.id)
        return AnswerNotice(**found._asdict()) if found else None

    @strawberry.field(
        description="The tool calls of the model while it wrote the answer, in their order: searches, and what the user asked it to remember or forget. At most 4 in "
        "each of two rounds, and none while `toldInChats` is off. Empty for a user's message, an imported answer, and one from before they were recorded.",
    )
    def tool_calls(self) -> list[ToolCall]:
        found = chat.read_sources(self.row.sources)
        return [] if found is None else [ToolCall.from_call(self.row, index, call) for index, call in enumerate(found.calls)]

    @strawberry.field(
        description="Its cursor in its conversation's `messages`: pass it as `after` for the messages that follow, or with `newestFirst` for those that precede.",
        metadata=prefetched_as("own_cursor"),
    )
    def cursor(self) -> str:
        return self.own_cursor

    @strawberry.field(
        description="Id of the stream that is writing an answer to this question: pass it to `messageStream` as `resumeFrom` for its text. Null when none is being written."
    )
    def stream_id(self) -> strawberry.ID | None:
        lease = self.row.answer_lease_until
        return stream_id(self.row.id, lease) if lease is not None and lease > datetime.now(timezone.utc) else None

    @strawberry.field(description="The question that this message answers; null for a question.", metadata=prefetched_as("prefetched_question"))
    async def reply_to(self, info: strawberry.Info) -> "Message | None":
        found = self.row.reply_to and await info.context.loaders.message.load(self.row.reply_to)
        return Message.from_model(found) if found else None

    @strawberry.field(
        description="The alternatives at its position in the conversation, itself included, the oldest first: for a question the questions "
        "that were asked instead of it (`messageBranch`), for an answer all answers to its question (`messageRegenerate`). There are at most 50; without `first`, the first 20 are given."
    )
    async def siblings(self, info: strawberry.Info, first: First = 20) -> "list[Message]":
        found = await info.context.loaders.message.load_many((await self._sibling_ids(info))[: page_size(first)])
        return [Message.from_model(row) for row in found if row]

    @strawberry.field(description="Its position in `siblings`, from 0.")
    async def sibling_index(self, info: strawberry.Info) -> int:
        ids = await self._sibling_ids(info)
        return list(ids).index(self.row.id) if self.row.id in ids else 0

    @strawberry.field(description="Number of its `siblings`, 1 if there are no alternatives.")
    async def sibling_count(self, info: strawberry.Info) -> int:
        return max(1, len(await self._sibling_ids(info)))

    async def _sibling_ids(self, info: strawberry.Info) -> Sequence[UUID]:
        ids: Sequence[UUID] = await info.context.loaders.siblings.load(self.row.id)
        return ids

    @strawberry.field(description="The chosen answer to this question, or the newest if an import contained several; null while there is none, and for a message that is an answer itself.")
    async def answer(self, info: strawberry.Info) -> "Message | None":
        if self.row.role is not enums.MessageRole.USER:
            return None
        found = await info.context.loaders.answer.load(self.row.id)
        return Message.from_model(found) if found else None

    @strawberry.field(
        metadata=WITH_SOURCES, graphql_type=LazyType("MessageCarries", "graph.types.carries") | None,
        description="The lines of diaries and the values of the profile that its words support. Both lists are empty for a message from which nothing was learned, such as one of "
        "today or a copy in a fork. Null for an answer, since diaries and profile learn from the user's words alone.",
    )
    def carries(self) -> Any:
        return self.carries_type(message_id=self.row.id) if self.row.role is enums.MessageRole.USER else None

    @strawberry.field(description=MATCHES.format("content"), metadata=weight(MATCH))
    async def matches(self, info: strawberry.Info, query: MatchedQuery) -> list[SearchMatch]:
        return await find_matches(info, self.content, query)

    @strawberry.field(description="The conversation that the message belongs to.", metadata=prefetched_as("prefetched_conversation"))
    async def conversation(self, info: strawberry.Info) -> "Conversation":
        found = await info.context.loaders.conversation.load(self.row.conversation_id)
        if found is None:
            raise NotFound("conversation")
        return Conversation.from_model(found)

    @property
    def own_cursor(self) -> str:
        return encode_cursor(self.row.id)

    @property
    def prefetched_question(self) -> "Message | None":
        found: Message | None = self.prefetched["replyTo"]
        return found

    @property
    def prefetched_conversation(self) -> "Conversation":
        found: Conversation = self.prefetched["conversation"]
        return found

    @classmethod
    def from_model(cls, row: "AnyMessage", prefetched: Mapping[str, Any] | None = None) -> "Message":
        standing = chat.message_state(row)
        return cls(
            id=encode_id("Message", row.id),
            role=row.role,
            content=row.content,
            status=MessageStatus.STOPPED if row.cut_off is enums.CutOff.STOPPED else _STATUSES[standing.status],
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
            redacted=row.redacted,
            written_by_hand=row.written_by_hand,
            on_path=not row.off_path,
            suggested_replies=list(row.suggested_replies),
            row=row,
            prefetched=prefetched or {},
        )


def stream_id(question_id: UUID, lease: datetime) -> strawberry.ID:
    """Return the id of the stream of a question under a lease."""
    return strawberry.ID(encode_cursor(question_id, lease))


@strawberry.type(description="A tag of conversations, with how many have it.")
class ConversationTag:
    tag: str = strawberry.field(description="The tag, as most of these conversations spell it.")
    conversation_count: int = strawberry.field(description="Number of conversations that have it, in any spelling.")
    last_message_at: datetime = strawberry.field(description="When one of them last got a message.")


def code_of(code: str) -> ErrorCode:
    """Return the API's code for a stored code; MODEL_UNAVAILABLE for a code that this version does not know."""
    return ErrorCode[code] if code in PUBLIC_CODES else ErrorCode.MODEL_UNAVAILABLE


@strawberry.type(description="A conversation between the user and the assistant.")
class Conversation(Node):
    title: str | None = strawberry.field(description="1 to 200 characters: the user's own title, which no generated one replaces, otherwise one generated with the first answer; null until then.")
    temporary: bool = strawberry.field(description="Whether diaries and profile ignore the conversation. `conversationUpdate` can keep it; a kept one never becomes temporary.")
    play: bool = strawberry.field(description="Whether it is role play: the diary only says that the user played, and the profile learns nothing from it.")
    memory: ConversationMemory = strawberry.field(description="Its switches of the user's memory, besides those of the account. `conversationUpdate` changes them.")
    archived: bool = strawberry.field(description="Whether the user archived it; new messages do not unarchive it.")
    pinned: bool = strawberry.field(description="Whether the user pinned it: pinned conversations are listed before the others.")
    tags: list[str] = strawberry.field(description="The user's tags in the user's order, at most 20 of 1 to 40 characters each.")
    created_at: datetime = strawberry.field(description="When the conversation was created.")
    updated_at: datetime = strawberry.field(description="When the conversation last got a message or was changed.")
    last_message_at: datetime = strawberry.field(description="When the conversation last got a message; `conversations` is sorted by it.")
    row: strawberry.Private["AnyConversation"]

    @strawberry.field(description="The messages of its current path, the oldest first unless `newestFirst` is true. `Message.siblings` leads to the others.")
    async def messages(
        self, info: strawberry.Info, first: First = None, after: After = None, last: Last = None, before: Before = None, newest_first: NewestFirst = False,
        around: Around = None,
    ) -> Connection[Message]:
        if around is not None and (after, last, before) != (None, None, None):
            raise coded_error(ErrorCode.BAD_USER_INPUT, "`around` names the page by itself: send it without `after`, `last` and `before`")
        center = await message_id_of(info, around) if around is not None else None
        asked = read_page(first, after, last, before, id_of_cursor)
        page = await chat.list_messages(info.context, self.row.id, **asked, newest_first=bool(newest_first), around=center)
        return make_connection(
            page.rows, node=await message_maker(info, page.rows), cursor=lambda row: encode_cursor(row.id), has_next=page.has_next,
            has_previous=page.has_previous, count=lambda: chat.count_messages(info.context, self.row.id),
        )

    @strawberry.field(description="The conversation from which this one was forked; null when it is not a fork, and when that conversation was deleted.")
    async def forked_from(self, info: strawberry.Info) -> "Conversation | None":
        found = self.row.forked_from and await info.context.loaders.conversation.load(self.row.forked_from)
        return Conversation.from_model(found) if found else None

    @classmethod
    def from_model(cls, row: "AnyConversation") -> "Conversation":
        return cls(
            id=encode_id("Conversation", row.id), title=row.title, temporary=row.temporary, play=row.play,
            memory=ConversationMemory.from_off(row.memory_off), archived=row.archived, pinned=row.pinned, tags=list(row.tags),
            created_at=row.created_at, updated_at=row.updated_at, last_message_at=row.last_message_at, row=row,
        )


@strawberry.type(
    description="The question is stored, but its answer is missing or incomplete; `messageRegenerate` tries again. `code` is one of the MODEL_ codes if the language model failed, "
    "QUOTA_EXCEEDED if the day's quota is used up and the model was not called, SERVER_BUSY or one of the DATABASE_ codes if the database failed after the question was stored."
)
class ModelUnavailableError(Error):
    retry_after: float | None = strawberry.field(
        description="Seconds to wait before the next attempt: as requested by the model's provider, or until the quota is renewed; null when no time is known."
    )
    question: Message = strawberry.field(description="The stored question. Its status is COMPLETE with `keptAnswer` or an earlier answer, which is kept; PENDING when the database failed and it is unknown whether there is an answer: query it again; otherwise FAILED.")
    kept_answer: Message | None = strawberry.field(
        description="The text that a stream had sent before the failure, kept as an answer: its `cutOff` is STOPPED, and `messageContinue` continues it; or FILTER if the "
        "provider's content filter withheld the rest. The same `idempotencyKey` returns it. Null if nothing had been sent, and for a mutation, which does not stream."
    )
    conversation: Conversation = strawberry.field(description="The conversation of the question.")

    @classmethod
    def from_refusal(cls, refusal: "chat.ModelFailed") -> "ModelUnavailableError":
        return cls(
            code=code_of(refusal.code), message=refusal.message, retry_after=refusal.retry_after,
            question=Message.from_model(refusal.question), kept_answer=None if refusal.answer is None else Message.from_model(refusal.answer),
            conversation=Conversation.from_model(refusal.conversation),
        )


def exchange_fields(info: strawberry.Info, exchange: "chat.Exchange") -> dict[str, Any]:
    """Return the fields of a success that returns a whole exchange, whose rows the request's loaders then know."""
    info.context.loaders.prime_exchange(exchange.question, exchange.answer, exchange.conversation)
    return {
        "question": Message.from_model(exchange.question), "answer": Message.from_model(exchange.answer),
        "conversation": Conversation.from_model(exchange.conversation),
    }


PLAY_OFFERED = (
    "True if the question begins role play or a game in words (\"let's play\", \"你扮演…\") in a conversation that is not marked as play: offer the user to mark it with "
    "`conversationUpdate(input: {play: true})`, or to say with `play: false` that it is none, after which nothing is offered there. Found by rules, without a call of the model."
)


def offers_play(question: Message, conversation: Conversation) -> bool:
    """Return whether the user is to be offered to mark the conversation as play."""
    from jobs.rules.play import begins_play  # its tables take a while to compile, and only answers whose `playOffered` is selected need them

    return not conversation.play and not conversation.row.not_play and begins_play(question.content)


async def message_maker(info: strawberry.Info, rows: "Sequence[AnyMessage]") -> "Callable[[AnyMessage], Message]":
    """Return the function that makes the messages of a page, after loading the objects that their fields refer to: each kind in one query for the whole
    page."""
    selected = selected_field_names(info, "nodes") | selected_field_names(info, "edges", "node")
    questions = await _questions_of(info, rows) if "replyTo" in selected else None
    conversations = await _conversations_of(info, rows) if "conversation" in selected else None

    def make(row: "AnyMessage") -> Message:
        found: dict[str, Any] = {}
        if questions is not None:
            found["replyTo"] = row.reply_to and questions.get(row.reply_to)
        if conversations is not None and row.conversation_id in conversations:
            found["conversation"] = conversations[row.conversation_id]
        return Message.from_model(row, found)

    return make


async def _questions_of(info: strawberry.Info, rows: "Sequence[AnyMessage]") -> dict[UUID, Message]:
    """Return the questions that messages answer, by their ids. Most of them are on the same page."""
    wanted = dict.fromkeys(row.reply_to for row in rows if row.reply_to)
    here = {row.id: row for row in rows if row.id in wanted}
    others = await info.context.loaders.message.load_many([id for id in wanted if id not in here])
    return {row.id: Message.from_model(row) for row in (*here.values(), *others) if row}


async def _conversations_of(info: strawberry.Info, rows: "Sequence[AnyMessage]") -> dict[UUID, Conversation]:
    found = await info.context.loaders.conversation.load_many(list(dict.fromkeys(row.conversation_id for row in rows)))
    return {row.id: Conversation.from_model(row) for row in found if row}


async def load_conversations(info: strawberry.Info, ids: Sequence[UUID]) -> list[Conversation | None]:
    found = await info.context.loaders.conversation.load_many(ids)
    return [row and Conversation.from_model(row) for row in found]


async def message_id_of(info: strawberry.Info, value: str) -> UUID:
    """Return the id under which a message is stored, from its global id. Raises BAD_USER_INPUT."""
    [id] = await chat.find_message_ids(info.context, [decode_id_of("Message", value)])
    return id


async def load_messages(info: strawberry.Info, ids: Sequence[UUID]) -> list[Message | None]:
    found = await info.context.loaders.message.load_many(await chat.find_message_ids(info.context, ids))
    return [row and Message.from_model(row) for row in found]


NODES: dict[str, NodeLoader] = {"Conversation": load_conversations, "Message": load_messages}
