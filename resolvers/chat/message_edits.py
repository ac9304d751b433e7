"""Use cases that edit, rate and delete messages. What was learned from them is updated in the same transaction."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone
from uuid import UUID

from jobs.rules.text.normalization import fold
from jobs.rules.text.quotes import find_quote
from jobs.search_terms import store_changed_message
from jobs.user_edits import join_sentences, mentions_removed_text
from persistence import database
from persistence.models import Conversation, Message
from persistence.models.chat import MessageRole, Rating
from persistence.queries import chat_reads as reading
from persistence.queries import chat_writes as writing
from persistence.queries import erasure
from persistence.queries.evidence_erasure import LocateQuote
from resolvers import storage_quota, text_validation
from resolvers.chat import message_locks
from resolvers.chat.exchange import is_being_answered
from resolvers.chat.questions import being_answered
from resolvers.context import Context
from resolvers.erasure import Receipt, recompute_after_erasure
from resolvers.errors import InputRule, InvalidInput, NotFound
from resolvers.text_limits import MAX_CONTENT_LENGTH

EDITED = "MESSAGE_EDITED"
DELETED = "MESSAGE_DELETED"
"""Reasons in the log of profile changes."""


@dataclass(frozen=True)
class DeletedMessages:
    """Ids of the deleted messages, their conversation, and the receipt of what else was removed."""

    message_ids: Sequence[UUID]
    conversation: Conversation
    receipt: Receipt


@dataclass(frozen=True)
class EditedMessage:
    """The message after the edit, and the receipt of what the edit removed."""

    message: Message
    receipt: Receipt


async def edit(context: Context, message_id: UUID, content: str, *, dry_run: bool = False) -> EditedMessage:
    """Change the text of a user's question, and of its copies in forks. With `dry_run` nothing changes, and the message is returned as it is.

    Its answer stays until it is regenerated, without what it repeats of the removed text; later prompts and recall do without it. Quotes that no longer
    occur are deleted with the lines and profile values that only they supported; the day's diary becomes due again. Raises `NotFound`, `InvalidInput`,
    `StorageExceeded`, `Conflict` while the question is being answered.
    """
    viewer = await context.require_viewer()
    text_validation.validate_text("content", content, MAX_CONTENT_LENGTH)
    async with database.transaction(dry_run=dry_run) as session:
        await erasure.lock_erasures(session, viewer.id)
        message = await message_locks.lock_message(session, viewer.id, message_id)
        if message.role is not MessageRole.USER:
            raise InvalidInput("messageId", "only user messages can be edited; use `messageRegenerate` for a new answer", rule=InputRule.NOT_ALLOWED_HERE)
        now = datetime.now(timezone.utc)
        if message.answer_lease_until is not None and is_being_answered(message, now):
            raise being_answered("this message is being answered: retry in a few seconds", message.answer_lease_until, now)
        if content == message.content:
            return EditedMessage(message, Receipt())
        was = message.content
        edited = await writing.update_message(session, viewer.id, message.id, content=content, edited_at=now)
        assert edited is not None, "the row is locked"
        copies = await writing.update_copies(session, viewer.id, edited, was)
        for id in (message.id, *(id for id, _ in copies)):
            await store_changed_message(session, viewer.id, id, content)
        forgotten = await erasure.update_quotes(session, viewer.id, edited, was, copies, _make_locator(content), join_sentences, mentions_removed_text)
        receipt = await recompute_after_erasure(session, viewer, forgotten, EDITED)
        if (longer := (storage_quota.size(content) - storage_quota.size(was)) * (1 + len(copies))) > 0:
            await storage_quota.add(session, viewer.id, longer)
    if dry_run:
        return EditedMessage(await _read(viewer.id, message_id), receipt)
    return EditedMessage(edited, receipt)


async def rate(context: Context, message_id: UUID, rating: Rating | None) -> Message:
    """Rate an answer; None removes the rating. Raises `NotFound`, `InvalidInput`."""
    viewer = await context.require_viewer()
    async with database.transaction() as session:
        message = await writing.lock_message(session, viewer.id, message_id)
        if message is None:
            raise NotFound("message")
        if message.role is not MessageRole.ASSISTANT:
            raise InvalidInput("messageId", "only answers of the assistant can be rated", rule=InputRule.NOT_ALLOWED_HERE)
        rated = await writing.update_message(session, viewer.id, message.id, rating=rating)
    assert rated is not None, "the row is locked"
    return rated


async def delete(context: Context, message_id: UUID, *, dry_run: bool = False) -> DeletedMessages:
    """Delete an answer, or a question with its answers, and everything that only they support; with `dry_run` nothing. Raises `NotFound`."""
    viewer = await context.require_viewer()
    async with database.transaction(dry_run=dry_run) as session:
        await erasure.lock_erasures(session, viewer.id)
        message = await message_locks.lock_message(session, viewer.id, message_id)
        answers = await reading.list_answer_ids(session, viewer.id, message.id)
        forgotten = await erasure.erase_messages(session, viewer.id, [message.id], join_sentences, mentions_removed_text)
        receipt = await recompute_after_erasure(session, viewer, forgotten, DELETED)
        conversation = await reading.find_conversation(session, viewer.id, message.conversation_id)
    assert conversation is not None, "the row is locked"
    if dry_run:  # titles may have been cleared in the transaction
        async with database.session() as session:
            conversation = await reading.find_conversation(session, viewer.id, message.conversation_id) or conversation
    return DeletedMessages([message.id, *answers], conversation, receipt)


async def _read(user_id: UUID, message_id: UUID) -> Message:
    """Return the stored message. Raises `NotFound`."""
    async with database.session() as session:
        found = await reading.find_message(session, user_id, message_id)
    if found is None:
        raise NotFound("message")
    return found


def _make_locator(content: str) -> LocateQuote:
    folded = fold(content)

    def locate(quote: str) -> tuple[int, str] | None:
        found = find_quote(quote, content, folded)
        return None if found is None else (found[0], content[found[0] : found[1]])

    return locate
