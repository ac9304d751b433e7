"""The first half of an exchange: stores the question before the model is called, once per idempotency key."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from uuid import UUID

import settings
from jobs.deadline import Deadline
from jobs.rules.day import day_bounds
from persistence import database
from persistence.database import Session
from persistence.ids import uuid7
from persistence.models import Conversation, Message, User
from persistence.models.chat import MessageRole, MessageStatus
from persistence.queries import chat_reads as reading
from persistence.queries import chat_writes as writing
from resolvers import storage_quota, text_validation
from resolvers.chat.exchange import Exchange, ModelFailed, is_being_answered, message_state
from resolvers.diary import today
from resolvers.errors import Conflict, InvalidInput, NotFound, StorageExceeded
from resolvers.text_limits import MAX_CONTENT_LENGTH, MAX_KEY_LENGTH

STORING_SECONDS = 2.0
"""Seconds of the request's time that are reserved after the model call for storing the answer and sending it."""
LEASE_GRACE_SECONDS = 5.0
"""Seconds between the latest end of the call and the time at which another call may treat its question as abandoned."""


@dataclass(frozen=True)
class NewMessage:
    """Input of a new message. Without `conversation_id` a new conversation is created, `temporary` if requested."""

    content: str
    conversation_id: UUID | None = None
    idempotency_key: str | None = None
    temporary: bool | None = None


@dataclass(frozen=True)
class StoredQuestion:
    """A stored question that this call may answer while it holds `lease`.

    `is_regeneration`: the question was asked before, so later questions may exist. `answer` is the answer to replace, if any. `revision` is the
    revision of the question's day, if the question made the day's diary due.
    """

    question: Message
    conversation: Conversation
    lease: datetime
    today: date
    is_regeneration: bool = False
    answer: Message | None = None
    revision: int | None = None


class _NotStored(Exception):
    """Rolls back the transaction, including a new conversation: the idempotency key is taken, or STORAGE_PER_USER is used up."""


def model_timeout(deadline: Deadline) -> float:
    """Return the seconds that a model call may take now; it can be 0."""
    return max(0.0, min(settings.current().model_timeout_seconds, deadline.remaining() - STORING_SECONDS))


def lease_until(now: datetime, deadline: Deadline) -> datetime:
    return now + timedelta(seconds=model_timeout(deadline) + STORING_SECONDS + LEASE_GRACE_SECONDS)


async def store_question(viewer: User, sending: NewMessage, deadline: Deadline) -> StoredQuestion | Exchange:
    """Store the question; for an idempotency key that was used before, return the exchange of its message.

    Raises `InvalidInput`, `NotFound`, `StorageExceeded`; for a repeated key `Conflict` while its message is being answered, and `ModelFailed`.
    """
    _check(sending)
    if sending.idempotency_key is not None and (earlier := await _find(viewer, sending.idempotency_key)):
        return await _repeat(viewer, sending, earlier)
    for _ in range(2):
        try:
            async with database.transaction() as session:
                return await _store(session, viewer, sending, deadline)
        except _NotStored:
            pass
        if sending.idempotency_key is not None and (earlier := await _find(viewer, sending.idempotency_key)):
            return await _repeat(viewer, sending, earlier)
        most = storage_quota.limit()
        if most is not None and not await storage_quota.has_room(viewer.id, storage_quota.size(sending.content)):
            raise StorageExceeded(most)
    raise Conflict("another request is sending or deleting the message of this idempotencyKey: send the message with a new idempotencyKey")


def _check(sending: NewMessage) -> None:
    text_validation.validate_text("content", sending.content, MAX_CONTENT_LENGTH)
    if sending.idempotency_key is not None:
        text_validation.validate_text("idempotencyKey", sending.idempotency_key, MAX_KEY_LENGTH)


async def _find(viewer: User, idempotency_key: str) -> Message | None:
    async with database.session() as session:
        return await reading.find_by_idempotency_key(session, viewer.id, idempotency_key)


async def _store(session: Session, viewer: User, sending: NewMessage, deadline: Deadline) -> StoredQuestion:
    now = datetime.now(timezone.utc)
    conversation = await _conversation(session, viewer, sending, now)
    day, lease = today(viewer, now), lease_until(now, deadline)
    question = await writing.insert_message(
        session, storage_quota.size(sending.content), storage_quota.limit(), user_id=viewer.id, id=uuid7(), conversation_id=conversation.id,
        role=MessageRole.USER, content=sending.content,
        status=MessageStatus.PENDING, day=day, time_zone=viewer.time_zone, idempotency_key=sending.idempotency_key, answer_lease_until=lease,
        created_at=now,
    )
    if question is None:
        raise _NotStored
    return StoredQuestion(question, conversation, lease, day, revision=await count_day(session, viewer, question, conversation))


async def count_day(session: Session, viewer: User, question: Message, conversation: Conversation) -> int | None:
    """Make the diary of the question's day due; return the day's revision, None for a temporary conversation."""
    if conversation.temporary:
        return None
    return await writing.bump_day_revision(session, viewer.id, question.day, *day_bounds(question.day, question.time_zone, viewer.day_ends_at))


async def _conversation(session: Session, viewer: User, sending: NewMessage, now: datetime) -> Conversation:
    times = {"last_message_at": now}
    if sending.conversation_id is None:
        return await writing.insert_conversation(
            session, user_id=viewer.id, id=uuid7(), temporary=bool(sending.temporary), created_at=now, updated_at=now, **times)
    found = await writing.update_conversation(session, viewer.id, sending.conversation_id, **times)
    if found is None:
        raise NotFound("conversation")
    if sending.temporary is not None and sending.temporary != found.temporary:
        raise InvalidInput("temporary", "temporary is set by a conversation's first message and cannot change: omit it, or start a new conversation")
    return found


async def _repeat(viewer: User, sending: NewMessage, earlier: Message) -> Exchange:
    """Return the exchange of the message that was sent with this key before.

    Raises `InvalidInput` if the key belongs to another message, `ModelFailed`, and `Conflict` when there is no answer yet or no more.
    """
    elsewhere = sending.conversation_id is not None and sending.conversation_id != earlier.conversation_id
    reworded = earlier.edited_at is None and sending.content != earlier.content
    if earlier.role is not MessageRole.USER or elsewhere or reworded:
        raise InvalidInput("idempotencyKey", "this idempotencyKey was used for another message: send a new key with each message")
    async with database.session() as session:
        conversation = await reading.find_conversation(session, viewer.id, earlier.conversation_id)
        answer = await reading.find_answer(session, viewer.id, earlier.id)
    if conversation is None:
        raise Conflict("the conversation of this idempotencyKey was deleted at the same time: send the message with a new idempotencyKey")
    standing = message_state(earlier)
    if standing.status is MessageStatus.FAILED:
        raise ModelFailed(standing.error_code or "MODEL_ERROR", earlier, conversation)
    if answer is not None:
        return Exchange(earlier, answer, conversation)
    if is_being_answered(earlier, datetime.now(timezone.utc)):
        raise Conflict("this message is still being answered: retry in a few seconds with the same idempotencyKey")
    raise Conflict("this message was answered, and the answer was deleted: use `messageRegenerate` for a new answer")
