"""Use cases of conversations: list, change, fork and delete them, and list and search their messages."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any, Generic, TypedDict, TypeVar
from uuid import UUID

from jobs.rules.day import day_of
from jobs.rules.search.dates.named_days import make_calendar
from jobs.user_edits import join_sentences, mentions_removed_text
from persistence import database
from persistence.ids import uuid7
from persistence.models import Conversation, Message
from persistence.models.chat import MODEL_INTERRUPTED, MessageStatus
from persistence.queries import chat_reads as reading
from persistence.queries import chat_writes as writing
from persistence.queries import erasure
from persistence.queries.chat_reads import ConversationCursor, MessagePage
from resolvers import search as search_queries
from resolvers import storage_quota, text_validation
from resolvers.chat.exchange import message_state
from resolvers.chat.loaders import ChatLoaders
from resolvers.chat.message_edits import DELETED
from resolvers.context import Context, request_loaders
from resolvers.erasure import Receipt, recompute_after_erasure
from resolvers.errors import BadInput, InvalidInput, NotFound
from resolvers.text_limits import MAX_TITLE_LENGTH

MOST_COPIED = 5_000
"""Maximum number of messages that a fork copies."""

RowT = TypeVar("RowT")


@dataclass(frozen=True)
class Page(Generic[RowT]):
    rows: Sequence[RowT]
    has_next: bool


@dataclass(frozen=True)
class FoundPage(Page[Message]):
    """A page of search results; `total` counts all results, because the ranking, the expensive part, finds all of them anyway."""

    total: int


class ConversationChanges(TypedDict, total=False):
    """Changes of a conversation; absent keys keep their value. A title of None is generated again; tags of None remove all tags."""

    title: str | None
    archived: bool | None
    tags: Sequence[str] | None


async def get_conversation(context: Context, conversation_id: UUID) -> Conversation:
    """Return a conversation of the viewer. Raises `NotFound`."""
    viewer = await context.require_viewer()
    async with database.session() as session:
        found = await reading.find_conversation(session, viewer.id, conversation_id)
    if found is None:
        raise NotFound("conversation")
    return found


async def list_conversations(
    context: Context, *, archived: bool = False, search: str | None = None, after: ConversationCursor | None = None, limit: int
) -> Page[Conversation]:
    """Return a page of conversations, those with the newest message first; each word of `search` occurs in the title or in a message.

    Raises `InvalidInput`.
    """
    viewer = await context.require_viewer()
    words = text_validation.search_words("search", search)
    async with database.session() as session:
        found = await reading.list_conversations(session, viewer.id, archived=archived, words=words, after=after, limit=limit + 1)
    return Page(found[:limit], len(found) > limit)


async def count_conversations(context: Context, *, archived: bool = False, search: str | None = None) -> int:
    viewer = await context.require_viewer()
    async with database.session() as session:
        return await reading.count_conversations(session, viewer.id, archived=archived, words=text_validation.search_words("search", search))


async def list_messages(
    context: Context, conversation_id: UUID, *, after: UUID | None = None, limit: int, newest_first: bool = False
) -> Page[Message]:
    """Return a page of a conversation's messages; a request reads those of all its conversations in one query."""
    loaders = await request_loaders(context, ChatLoaders)
    found = await loaders.message_pages.load(MessagePage(conversation_id, after, limit + 1, newest_first))
    return Page(found[:limit], len(found) > limit)


async def count_messages(context: Context, conversation_id: UUID) -> int:
    """Return the number of a conversation's messages; a request counts those of all its conversations in one query."""
    return await (await request_loaders(context, ChatLoaders)).message_counts.load(conversation_id)


async def search_messages(context: Context, query: str, *, after: UUID | None = None, limit: int) -> FoundPage:
    """Return messages that contain every word of `query`, ignoring case, newest first; then those that cover most of it, best first.

    Of these, the ones of the days that the query names come first; a query of nothing but days finds all of their messages.
    `after` is the last message of the previous page. Raises `InvalidInput`; `BadInput` when that message is no longer among the results.
    """
    viewer = await context.require_viewer()
    words = text_validation.search_words("query", query)
    today = day_of(datetime.now(timezone.utc), viewer.time_zone, viewer.day_ends_at)
    calendar = make_calendar(today, viewer.locale, viewer.time_zone)
    async with database.session() as session:
        ids = [found.id for found in await search_queries.rank_messages(session, viewer.id, query, words, calendar=calendar)]
        if after is not None and after not in ids:
            raise BadInput("the message of the cursor `after` was deleted: search again without `after`")
        start = 0 if after is None else ids.index(after) + 1
        wanted = ids[start : start + limit]
        by_id = await reading.load_messages(session, viewer.id, wanted)
    return FoundPage([by_id[id] for id in wanted if id in by_id], len(ids) > start + limit, len(ids))


async def update_conversation(context: Context, conversation_id: UUID, changes: ConversationChanges) -> Conversation:
    """Change a conversation's title, tags or archived state. Raises `NotFound`, `InvalidInput`."""
    viewer = await context.require_viewer()
    columns = _columns(changes)
    async with database.transaction() as session:
        changed = await writing.update_conversation(session, viewer.id, conversation_id, **columns)
    if changed is None:
        raise NotFound("conversation")
    return changed


def _columns(changes: ConversationChanges) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    if "title" in changes:
        title = changes["title"]
        columns["title"] = None if title is None else text_validation.checked_name("title", title, MAX_TITLE_LENGTH)
        columns["title_by_person"] = title is not None
    if "archived" in changes:
        if changes["archived"] is None:
            raise InvalidInput("archived", "archived must be true or false; omit it to keep the current value")
        columns["archived"] = changes["archived"]
    if "tags" in changes:
        columns["tags"] = text_validation.validate_tags(changes["tags"] or ())
    return columns


async def delete_conversation(context: Context, conversation_id: UUID) -> Receipt:
    """Delete a conversation with its messages, their copies in forks, and everything that only they support. Raises `NotFound`."""
    viewer = await context.require_viewer()
    async with database.transaction() as session:
        forgotten = await erasure.forget_conversation(session, viewer.id, conversation_id, join_sentences, mentions_removed_text)
        if forgotten is None:
            raise NotFound("conversation")
        return await recompute_after_erasure(session, viewer, forgotten, DELETED)


async def fork_conversation(context: Context, message_id: UUID) -> Conversation:
    """Create a conversation with copies of the messages up to this one. Raises `NotFound`, `InvalidInput`, `StorageExceeded`.

    A copy keeps its time and day but is marked as a copy: nightly jobs and profile read only the original, so that nothing counts twice.
    """
    viewer = await context.require_viewer()
    now = datetime.now(timezone.utc)
    async with database.transaction() as session:
        last = await reading.find_message(session, viewer.id, message_id)
        origin = await writing.lock_conversation(session, viewer.id, last.conversation_id) if last else None
        if last is None or origin is None:
            raise NotFound("message")
        copied = await reading.list_messages_up_to(session, viewer.id, origin.id, last.id, limit=MOST_COPIED + 1)
        if len(copied) > MOST_COPIED:
            raise InvalidInput("messageId", f"a fork copies at most {MOST_COPIED:,} messages: choose an earlier message, or start a new conversation")
        ids = {message.id: uuid7() for message in copied}
        summed_up = origin.summary_through_message_id is not None and origin.summary_through_message_id in ids
        fork = await writing.insert_conversation(
            session, user_id=viewer.id, id=uuid7(), title=origin.title, title_by_person=origin.title_by_person, temporary=origin.temporary,
            tags=origin.tags, summary=origin.summary if summed_up else None, forked_from=origin.id, created_at=now, updated_at=now,
            summary_through_message_id=ids[origin.summary_through_message_id] if summed_up and origin.summary_through_message_id else None, last_message_at=now)
        await storage_quota.add(session, viewer.id, sum(storage_quota.size(message.content) for message in copied))
        await writing.insert_messages(session, [_copy(message, fork, ids, now) for message in copied])
    return fork


def _copy(message: Message, fork: Conversation, ids: dict[UUID, UUID], now: datetime) -> dict[str, Any]:
    """Return the row of a copy; a question that is still PENDING is copied as FAILED, because only the original gets the answer."""
    kept = (
        "user_id", "role", "content", "day", "time_zone", "model", "prompt_version", "input_tokens", "output_tokens", "latency_ms", "cut_off",
        "tool_calls", "rating", "created_at", "edited_at",
    )
    standing = message_state(message, now)
    interrupted = standing.status is MessageStatus.PENDING
    return {
        **{name: getattr(message, name) for name in kept}, "id": ids[message.id], "conversation_id": fork.id, "copied": True,
        "copy_of": message.copy_of or message.id,
        "reply_to": message.reply_to and ids.get(message.reply_to), "status": MessageStatus.FAILED if interrupted else standing.status,
        "error_code": MODEL_INTERRUPTED if interrupted else standing.error_code,
    }
