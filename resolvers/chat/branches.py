"""Use cases of a conversation's tree: ask another question instead of an earlier one, and move the current path to a message."""
from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

from persistence import database
from persistence.ids import uuid7, uuid7_time
from persistence.models.enums import MessageRole
from persistence.queries import branches as tree
from persistence.queries import chat_pages
from persistence.queries import chat_reads as reading
from persistence.queries.exchange_opening import MAX_SIBLINGS, KeyTaken
from resolvers.chat.exchange import Exchange
from resolvers.chat.message_locks import lock_message
from resolvers.chat.questions import (
    NewMessage,
    StoredQuestion,
    being_answered,
    off_path,
    store_abandoned_streams,
    store_with_retries,
    to_new_question,
    to_stored,
    too_many_siblings,
)
from resolvers.chat.running import answer
from resolvers.errors import InputRule, InvalidInput

if TYPE_CHECKING:
    from jobs.deadline import Deadline
    from persistence.orm import Session
    from persistence.queries.exchange_rows import ConversationRow
    from persistence.queries.viewer import AnyUser
    from resolvers.context import Context


async def branch(
    context: Context, message_id: UUID, content: str, idempotency_key: str | None = None, made_id: UUID | None = None
) -> Exchange:
    """Ask another question instead of an earlier one: store it and its answer on a branch of their own, which becomes the current path.

    The earlier question and the messages after it stay in the tree. A repeated idempotency key, or id that the client made, returns the same exchange. Raises
    as `send` does; `InvalidInput` also for an answer, a message that is not on the current path, and where there are too many questions or branches already.
    """
    viewer = await context.require_viewer()
    asked = await store_branch(viewer, message_id, NewMessage(content, None, idempotency_key, made_id=made_id), context.deadline)
    return asked if isinstance(asked, Exchange) else await answer(viewer, asked, context.deadline)


async def store_branch(viewer: AnyUser, message_id: UUID, sending: NewMessage, deadline: Deadline) -> StoredQuestion | Exchange:
    """Store the question of a new branch; for a key or an id that was used before, return the exchange of its message. Raises as `branch` does."""
    return await store_with_retries(viewer, sending, partial(_store, viewer, message_id, sending, deadline))


async def _store(viewer: AnyUser, message_id: UUID, sending: NewMessage, deadline: Deadline) -> StoredQuestion:
    """Store the branch and its question in one transaction, so that the path never ends before a question that was not stored."""
    async with database.transaction() as session:
        question = await lock_message(session, viewer.id, message_id)
        if sending.key is not None and await tree.has_key(session, viewer.id, sending.key):
            raise KeyTaken
        if question.role is not MessageRole.USER:
            raise InvalidInput("messageId", "only a question can be asked differently; use `messageRegenerate` for another answer",
                               rule=InputRule.NOT_ALLOWED_HERE)
        if question.off_path:
            raise off_path()
        await _require_no_answer_in_progress(session, viewer, question.conversation_id)
        branches = (await tree.load_branches(session, viewer.id, [question.conversation_id])).get(question.conversation_id, ())
        siblings = (await tree.load_siblings(session, viewer.id, [question.id]))[question.id]
        if len(siblings) >= MAX_SIBLINGS:
            raise too_many_siblings("there are", "questions in this place: delete one of them, or fork the conversation")
        if len(branches) >= tree.MAX_BRANCHES:
            raise InvalidInput("messageId", f"a conversation has at most {tree.MAX_BRANCHES} branches: fork it with `conversationFork`",
                               rule=InputRule.TOO_MANY, bounds=(1, tree.MAX_BRANCHES))
        own = next((found for found in branches if found.id == question.branch_id and found.first == question.id), None)
        parent_id, begins_at = (own.parent_id, own.begins_at) if own is not None else (question.branch_id, question.id)
        new = to_new_question(viewer, replace(sending, conversation_id=question.conversation_id), deadline)
        branch_id = uuid7(uuid7_time(new.id) + timedelta(milliseconds=1))  # newer than the question's id
        return to_stored(new, await tree.open_branch(session, new, branches, branch_id, parent_id, begins_at))


async def select(context: Context, message_id: UUID) -> ConversationRow:
    """Make the current path of a conversation lead through a message, and on to the newest message that can follow it. Return the conversation.

    Nothing changes if the message is on the path already. Raises `NotFound`, `Conflict` while a question of the conversation is being answered.
    """
    viewer = await context.require_viewer()
    await store_abandoned_streams(viewer)
    async with database.transaction() as session:
        message = await lock_message(session, viewer.id, message_id)
        if message.off_path:
            await _require_no_answer_in_progress(session, viewer, message.conversation_id)
            if message.reply_to is not None:
                await tree.choose_answer(session, viewer.id, message.reply_to, message.id)
            branches = (await tree.load_branches(session, viewer.id, [message.conversation_id])).get(message.conversation_id, ())
            conversation = await reading.find_conversation(session, viewer.id, message.conversation_id)
            leaf, position = None if conversation is None else conversation.current_branch_id, (message.branch_id, message.reply_to or message.id)
            if not tree.is_on(tree.chain_of(branches, leaf), *position):
                leaf = tree.newest_leaf(branches, *position)
            await tree.set_path(session, viewer.id, message.conversation_id, branches, leaf)
        found = await chat_pages.find_conversation(session, viewer.id, message.conversation_id)
    assert found is not None, "the row is locked"
    return found


async def _require_no_answer_in_progress(session: Session, viewer: AnyUser, conversation_id: UUID) -> None:
    """Raise `Conflict` while a question of the conversation is being answered: its path must not change under it."""
    busy = await tree.find_lease(session, viewer.id, conversation_id)
    if busy is not None:
        message = "a message of this conversation is still being answered: change its path after the answer"
        raise being_answered(message, busy.until, datetime.now(timezone.utc))
