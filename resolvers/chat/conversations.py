"""Use cases of conversations: change, fork and delete them, and list and search their messages."""
from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timezone
from typing import TYPE_CHECKING, Any, TypedDict
from uuid import UUID

from jobs.deleted_messages import find_deleted
from jobs.rules.day import day_of
from jobs.rules.search.dates.named_days import make_calendar
from jobs.user_edits import join_sentences, mentions_removed_text
from persistence import database
from persistence.ids import uuid7
from persistence.models import Conversation, Message
from persistence.models.chat import MODEL_INTERRUPTED, MessageStatus
from persistence.paging import cut_page, range_of_keys
from persistence.queries import chat_pages, erasure, search_terms, source_verdicts
from persistence.queries import chat_reads as reading
from persistence.queries import chat_writes as writing
from persistence.queries.chat_pages import MessagePage
from persistence.queries.erasure_counts import lock_erasure_counts
from persistence.queries.exchange_rows import ConversationRow, MessageRow
from persistence.queries.search import SearchRange
from resolvers import memory_settings, search_matches, storage_quota, text_validation
from resolvers import search as search_queries
from resolvers.birthday import load_birthday
from resolvers.chat.conversation_batches import delete_conversations
from resolvers.chat.conversation_lists import Page
from resolvers.chat.exchange import is_being_answered, message_state
from resolvers.chat.kept_conversations import is_to_be_kept, keep
from resolvers.chat.loaders import ChatLoaders
from resolvers.chat.questions import id_taken, off_path, store_abandoned_streams
from resolvers.context import Context, request_loaders
from resolvers.diary import check_order
from resolvers.erasure import Receipt, recompute_after_erasure
from resolvers.errors import BadInput, Faults, InputRule, InvalidInput, NotFound
from resolvers.text_limits import MAX_TITLE_LENGTH

if TYPE_CHECKING:
    from persistence.database import Session
    from persistence.queries.viewer import AnyUser
    from resolvers.memory_settings import ConversationSwitches

MARKED_AS_PLAY = "CONVERSATION_PLAY"
"""The reason in the log of profile changes."""
MAX_COPIED = 5_000
"""Maximum number of messages that a fork copies."""


@dataclass(frozen=True)
class FoundPage(Page[MessageRow]):
    """A page of search results; `total` counts all results, because the ranking, the expensive part, finds all of them anyway."""

    total: int


class ConversationChanges(TypedDict, total=False):
    """Changes of a conversation; absent keys keep their value. A title of None is generated again; tags of None remove all tags.

    A conversation that is `temporary` can be kept (False), a kept one never becomes temporary.
    """

    title: str | None
    archived: bool | None
    pinned: bool | None
    temporary: bool | None
    tags: Sequence[str] | None
    play: bool | None
    memory: ConversationSwitches


async def get_conversation(context: Context, conversation_id: UUID) -> ConversationRow:
    """Return a conversation of the viewer. Raises `NotFound`."""
    viewer = await context.require_viewer()
    async with database.connection() as session:
        found = await chat_pages.find_conversation(session, viewer.id, conversation_id)
    if found is None:
        raise NotFound("conversation")
    return found


async def list_messages(
    context: Context, conversation_id: UUID, *, after: UUID | None = None, before: UUID | None = None, limit: int, backward: bool = False,
    newest_first: bool = False, around: UUID | None = None,
) -> Page[MessageRow]:
    """Return a page of a conversation's messages; a request reads those of all its conversations in one query.

    With `around`, the page has that message in its middle. A question whose process died is read again after what that process had written is stored.
    Raises `NotFound` where the message `around` is not on the conversation's path.
    """
    loaders = await request_loaders(context, ChatLoaders)
    page = MessagePage(conversation_id, range_of_keys(limit + 1, after, before, backward), newest_first, around)
    found, now = await loaders.message_pages.load(page), datetime.now(timezone.utc)
    if any(row.status is MessageStatus.PENDING and not is_being_answered(row, now) for row in found):
        if await store_abandoned_streams(await context.require_viewer()):
            found = await loaders.message_pages.load(page)
    if around is not None:
        return _page_around(found, around, limit)
    return Page(*cut_page(found, limit, after=after, before=before, backward=backward))


def _page_around(found: Sequence[MessageRow], around: UUID, limit: int) -> Page[MessageRow]:
    """Return `limit` messages with the one in their middle, or as far from it as the conversation's ends are near. Raises `NotFound`."""
    index = next((number for number, row in enumerate(found) if row.id == around), None)
    if index is None:
        raise NotFound("message on the current path of the conversation")
    start = max(0, min(index - limit // 2, len(found) - limit))
    return Page(found[start : start + limit], len(found) > start + limit, start > 0)


async def count_messages(context: Context, conversation_id: UUID) -> int:
    """Return the number of a conversation's messages; a request counts those of all its conversations in one query."""
    return await (await request_loaders(context, ChatLoaders)).message_counts.load(conversation_id)


async def search_messages(
    context: Context, query: str, *, conversation_id: UUID | None = None, first_day: date | None = None, last_day: date | None = None,
    after: UUID | None = None, before: UUID | None = None, limit: int, backward: bool = False,
) -> FoundPage:
    """Return messages that contain every word of `query`, ignoring case, newest first; then those that cover most of it, best first.

    Of these, the ones of the days that the query names come first; a query of nothing but days finds all of their messages.
    With `conversation_id` only messages of that conversation; `first_day` and `last_day` bound the messages' days. `after` and `before` are messages of
    neighboring pages. Raises `InvalidInput`, `NotFound` for the conversation; `BadInput` when that message is no longer among the results.
    """
    viewer = await context.require_viewer()
    words = text_validation.search_words("query", query)
    check_order(first_day, last_day)
    today = day_of(datetime.now(timezone.utc), viewer.time_zone, viewer.day_ends_at)
    async with database.connection() as session:
        if conversation_id is not None and await chat_pages.find_conversation(session, viewer.id, conversation_id) is None:
            raise NotFound("conversation")
        calendar = make_calendar(today, viewer.locale, viewer.time_zone, await load_birthday(session, viewer.id, today))
        span = SearchRange(first_day, last_day)
        ids = await search_queries.rank_message_ids(session, viewer.id, query, words, calendar=calendar, span=span, conversation_id=conversation_id)
        start, end = _position_of(after, ids, "after") + 1 if after is not None else 0, _position_of(before, ids, "before") if before is not None else len(ids)
        between = ids[start:end]
        read = between[-limit - 1 :][::-1] if backward else between[: limit + 1]
        wanted, has_next, has_previous = cut_page(read, limit, after=after, before=before, backward=backward)
        by_id, conversations = await chat_pages.load_messages_with_conversations(session, viewer.id, wanted)
    context.loaders.conversation.prime_many(conversations)
    (await request_loaders(context, search_matches.MatchFinders)).prime(query, calendar)
    return FoundPage([by_id[id] for id in wanted if id in by_id], has_next, has_previous, len(ids))


def _position_of(id: UUID, ids: Sequence[UUID], name: str) -> int:
    """Return the position of a cursor's message among the results. Raises `BadInput` where it was deleted."""
    if id not in ids:
        raise BadInput(f"the message of the cursor `{name}` was deleted: search again without `{name}`")
    return ids.index(id)


async def update_conversation(context: Context, conversation_id: UUID, changes: ConversationChanges) -> Conversation:
    """Change a conversation's title, tags, state, switches of memory, or whether it is play. Raises `NotFound`, `InvalidInput`.

    Diaries and profile forget what they learned from a conversation that becomes play, and learn from one that ceases to be.
    """
    viewer = await context.require_viewer()
    columns = _columns(changes)
    switched = changes.get("memory")
    async with database.transaction() as session:
        is_kept = False
        if switched is not None or not columns.keys().isdisjoint(("play", "temporary")):
            is_kept = await _change_learning(session, viewer, conversation_id, columns, switched)
        changed = await writing.update_conversation(session, viewer.id, conversation_id, **columns)
        if changed is None:
            raise NotFound("conversation")
        if is_kept:
            await keep(session, viewer, changed)
    return changed


async def _change_learning(
    session: Session, viewer: AnyUser, conversation_id: UUID, columns: dict[str, Any], switched: ConversationSwitches | None
) -> bool:
    """Change what is learned from a conversation, as `columns` and its switches say. Return whether it is to be kept from now on."""
    await erasure.lock_erasures(session, viewer.id)
    held = await writing.lock_conversation(session, viewer.id, conversation_id)
    if held is None:
        raise NotFound("conversation")
    is_kept = "temporary" in columns and is_to_be_kept(held, columns["temporary"])
    if "play" in columns:
        columns["not_play"] = not columns["play"]
        await _change_play(session, viewer, held, columns["play"])
    if switched is not None:
        columns["memory_off"] = await memory_settings.update_conversation_switches(session, viewer, conversation_id, held.memory_off, switched)
    return is_kept


async def _change_play(session: Session, viewer: AnyUser, held: Conversation, play: bool) -> None:
    """Make a conversation play, or the user's life: then the nightly jobs learn from it also where the rules see a game begin."""
    if play != held.play:
        await search_terms.delete_conversation_terms(session, viewer.id, held.id)
    if play and not held.play:
        forgotten = await erasure.erase_play(session, viewer.id, held.id, join_sentences, mentions_removed_text)
        await recompute_after_erasure(session, viewer, forgotten, MARKED_AS_PLAY)
    elif not play and (held.play or (not held.not_play and await _has_game(session, viewer, held.id))):
        await erasure.bump_day_revisions(session, viewer.id, held.id)


async def _has_game(session: Session, viewer: AnyUser, conversation_id: UUID) -> bool:
    """Return whether the rules see a game begin in the conversation."""
    from jobs.rules.play import begins_play  # its tables take a while to compile

    texts = await reading.list_own_texts(session, viewer.id, conversation_id)
    return await asyncio.to_thread(lambda: any(map(begins_play, texts)))


def _columns(changes: ConversationChanges) -> dict[str, Any]:
    """Return the columns to store. Raises `InvalidInput` with all fields that break a rule."""
    columns: dict[str, Any] = {}
    faults = Faults()
    if "title" in changes:
        title = changes["title"]
        with faults.collect():
            columns["title"] = None if title is None else text_validation.validate_name("title", title, MAX_TITLE_LENGTH)
        columns["title_by_person"] = title is not None
    if "archived" in changes:
        with faults.collect():
            columns["archived"] = _flag("archived", changes["archived"])
    if "pinned" in changes:
        with faults.collect():
            columns["pinned"] = _flag("pinned", changes["pinned"])
    if "temporary" in changes:
        with faults.collect():
            columns["temporary"] = _flag("temporary", changes["temporary"])
    if "play" in changes:
        with faults.collect():
            columns["play"] = _flag("play", changes["play"])
    if "tags" in changes:
        with faults.collect():
            columns["tags"] = text_validation.validate_tags(changes["tags"] or ())
    faults.raise_first()
    return columns


def _flag(name: str, value: bool | None) -> bool:
    if value is None:
        raise InvalidInput(name, f"{name} must be true or false; omit it to keep the current value", rule=InputRule.REQUIRED)
    return value


async def delete_conversation(context: Context, conversation_id: UUID, *, dry_run: bool = False) -> Receipt:
    """Delete a conversation with its messages, their copies in forks, and everything that only they support; with `dry_run` nothing. Raises `NotFound`."""
    deleted = await delete_conversations(context, [conversation_id], dry_run=dry_run)
    if not deleted.deleted:
        raise NotFound("conversation")
    return deleted.receipt


async def fork_conversation(context: Context, message_id: UUID, fork_id: UUID | None = None) -> Conversation:
    """Create a conversation with copies of the messages of the current path up to this one, with `fork_id` under an id that the client made.

    The same fork asked for again is returned as it is. Raises `NotFound`, also for the id of a deleted conversation, `InvalidInput`, `Conflict` for
    that of another one, `StorageExceeded`.

    A copy keeps its time and day but is marked as a copy: nightly jobs and profile read only the original, so that nothing counts twice.
    """
    viewer = await context.require_viewer()
    now = datetime.now(timezone.utc)
    async with database.transaction() as session:
        await lock_erasure_counts(session, [viewer.id])  # a deletion finds the copies, or they are made without what it deletes
        last = await reading.find_message(session, viewer.id, message_id)
        origin = await writing.lock_conversation(session, viewer.id, last.conversation_id) if last else None
        if last is None or origin is None:
            raise NotFound("message")
        if fork_id is not None and (repeated := await _find_fork(session, viewer.id, fork_id, last)) is not None:
            return repeated
        if last.off_path:
            raise off_path()
        copied = await reading.list_messages_up_to(session, viewer.id, origin.id, last.id, limit=MAX_COPIED + 1)
        if len(copied) > MAX_COPIED:
            raise InvalidInput(
                "messageId", f"a fork copies at most {MAX_COPIED:,} messages: choose an earlier message, or start a new conversation",
                rule=InputRule.TOO_MANY, bounds=(1, MAX_COPIED),
            )
        ids = {message.id: uuid7() for message in copied}
        summed_up = origin.summary_through_message_id is not None and origin.summary_through_message_id in ids
        fork = await writing.insert_conversation(
            session, user_id=viewer.id, id=fork_id or uuid7(), title=origin.title,
            title_by_person=origin.title_by_person, temporary=origin.temporary, play=origin.play, not_play=origin.not_play,
            memory_off=origin.memory_off, tags=origin.tags, summary=origin.summary if summed_up else None, forked_from=origin.id,
            created_at=now, updated_at=now,
            summary_through_message_id=ids[origin.summary_through_message_id] if summed_up and origin.summary_through_message_id else None, last_message_at=now)
        if fork is None:
            raise id_taken("this id belongs to another conversation")
        await storage_quota.add(session, viewer.id, sum(storage_quota.size(message.content) for message in copied))
        await writing.insert_messages(session, [_copy(message, fork, ids, now) for message in copied])
        withheld = await source_verdicts.list_verdicts(session, viewer.id, origin.id)
        await source_verdicts.store_verdicts(session, viewer.id, [verdict._replace(conversation_id=fork.id) for verdict in withheld])
    return fork


async def _find_fork(session: Session, user_id: UUID, fork_id: UUID, last: Message) -> Conversation | None:
    """Return the fork that was made at a message under an id that the client made, None if it is new.

    Raises `Conflict` if the id belongs to another conversation, `NotFound` for a deleted one.
    """
    found = await reading.find_conversation(session, user_id, fork_id)
    if found is None:
        _, deleted = await find_deleted(session, user_id, (), [str(fork_id)])
        if deleted:
            raise NotFound("conversation")
    elif await reading.find_last_original(session, user_id, fork_id) != (last.copy_of or last.id):
        raise id_taken("this id belongs to another conversation")
    return found


def _copy(message: Message, fork: Conversation, ids: dict[UUID, UUID], now: datetime) -> dict[str, Any]:
    """Return the row of a copy; a question that is still PENDING is copied as FAILED, because only the original gets the answer."""
    kept = (
        "user_id", "role", "content", "day", "time_zone", "model", "prompt_version", "input_tokens", "output_tokens", "latency_ms", "cut_off",
        "tool_calls", "rating", "created_at", "edited_at", "sources", "redacted", "withdrawn", "written_by_hand", "suggested_replies",
        "companion_version",
    )
    standing = message_state(message, now)
    interrupted = standing.status is MessageStatus.PENDING
    return {
        **{name: getattr(message, name) for name in kept}, "id": ids[message.id], "conversation_id": fork.id, "copied": True,
        "copy_of": message.copy_of or message.id,
        "reply_to": message.reply_to and ids.get(message.reply_to), "status": MessageStatus.FAILED if interrupted else standing.status,
        "error_code": MODEL_INTERRUPTED if interrupted else standing.error_code,
    }
