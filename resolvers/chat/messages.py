"""Use cases that send a message or regenerate an answer, with the exchange returned whole or streamed."""
from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import datetime, timezone
from uuid import UUID

from persistence import database
from persistence.models.chat import MessageRole
from persistence.queries import chat_reads as reading
from persistence.queries import chat_writes as writing
from resolvers.chat.answers import answer, stream_answer, stream_exchange
from resolvers.chat.exchange import Exchange
from resolvers.chat.questions import NewMessage, StoredQuestion, count_day, lease_until, store_question
from resolvers.chat.quota import ChatQuotaExceeded
from resolvers.context import Context
from resolvers.diary import today
from resolvers.errors import Conflict, InvalidInput, NotFound


async def send(context: Context, sending: NewMessage) -> Exchange:
    """Store a question and its answer. A repeated idempotency key returns the same exchange without a second model call.

    Raises `InvalidInput`, `NotFound`, `StorageExceeded`, `Conflict` while the same key is being answered, and `ModelFailed`, which keeps the
    question.
    """
    viewer = await context.require_viewer()
    asked = await store_question(viewer, sending, context.deadline)
    return asked if isinstance(asked, Exchange) else await answer(viewer, asked, context.deadline)


async def stream(context: Context, sending: NewMessage) -> AsyncGenerator[StoredQuestion | str | Exchange, None]:
    """Yield the stored question, the answer's chunks and the exchange.

    When the generator is closed before its end, the question is stored as failed with MODEL_INTERRUPTED. Raises as `send` does.
    """
    viewer = await context.require_viewer()
    asked = await store_question(viewer, sending, context.deadline)
    if isinstance(asked, Exchange):
        yield asked
        return
    async with aclosing(stream_exchange(viewer, asked, context.deadline, stream_answer)) as steps:
        async for step in steps:
            yield step


async def regenerate(context: Context, message_id: UUID) -> Exchange:
    """Answer a question again, given by its id or its answer's: one model call, whose answer replaces the current one.

    When the call fails, the current answer stays. Raises `NotFound`, `InvalidInput`, `Conflict` while the question is being answered,
    `ModelFailed`.
    """
    viewer = await context.require_viewer()
    question_id, refused = await _question_of(viewer.id, message_id)
    now = datetime.now(timezone.utc)
    lease = lease_until(now, context.deadline)
    async with database.transaction() as session:
        question = await writing.take_lease(session, viewer.id, question_id, now, lease)
        if question is None and await reading.find_message(session, viewer.id, question_id) is not None:
            raise Conflict("this message is still being answered: retry in a few seconds")
        if question is None:
            raise NotFound("message")
        conversation = await reading.find_conversation(session, viewer.id, question.conversation_id)
        present = await reading.find_answer(session, viewer.id, question.id)
        if conversation is None:
            raise NotFound("message")
        revision = await count_day(session, viewer, question, conversation) if refused else None
    asked = StoredQuestion(question, conversation, lease, today(viewer, now), is_regeneration=True, answer=present, revision=revision)
    return await answer(viewer, asked, context.deadline)


async def _question_of(user_id: UUID, message_id: UUID) -> tuple[UUID, bool]:
    """Return the question's id, and whether the user's quota refused the question: nightly jobs do not read it until it is answered."""
    async with database.session() as session:
        message = await reading.find_message(session, user_id, message_id)
    if message is None:
        raise NotFound("message")
    if message.role is MessageRole.USER:
        return message.id, message.error_code == ChatQuotaExceeded.code
    if message.reply_to is None:
        raise InvalidInput("messageId", "this answer belongs to no user message, so it cannot be regenerated")
    return message.reply_to, False
