"""Bulk import of conversations from other systems with their original times. An import can be repeated: a stored message is not added again."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import any_, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import Text

from persistence.ids import uuid7, uuid7_time
from persistence.models import Conversation, Message
from persistence.models.chat import MessageRole, MessageStatus
from persistence.queries.chat_writes import bump_day_revision


@dataclass(frozen=True)
class ImportedMessage:
    """A message to import. `key` is permanent and unique for the user; messages of one `conversation` come in their order."""

    key: str
    conversation: str
    role: MessageRole
    content: str
    sent_at: datetime
    day: date
    time_zone: str
    title: str | None = None
    model: str | None = None


@dataclass(frozen=True)
class ImportCounts:
    added: int
    already_there: int


@dataclass(frozen=True)
class Thread:
    """A conversation during its import: its last message id, which the next id must exceed, and its last question."""

    conversation_id: UUID
    last_id: UUID | None = None
    question: UUID | None = None


async def import_messages(
    session: AsyncSession, user_id: UUID, messages: Sequence[ImportedMessage], *, day_bounds: Callable[[date], tuple[datetime, datetime]]
) -> ImportCounts:
    """Add the messages that are not stored yet, and count both kinds. An answer belongs to the last question before it in its conversation.

    A lock allows one import at a time per user. Each day with a new message of the user gets its revision raised by one.
    `day_bounds` returns a day's start and end (aware).
    """
    await session.execute(select(func.pg_advisory_xact_lock(user_id.int & (2**63 - 1))))
    there = await _load_threads(session, user_id, messages)
    fresh = [message for message in messages if message.key not in there]
    rows, threads = _rows(user_id, messages, there)
    await _insert_conversations(session, user_id, fresh, threads, known={thread.conversation_id for thread in there.values()})
    if rows:
        await session.execute(insert(Message), rows)
    await _touch_conversations(session, user_id, rows)
    for day in sorted({row["day"] for row in rows if row["role"] is MessageRole.USER}):
        await bump_day_revision(session, user_id, day, *day_bounds(day))
    return ImportCounts(added=len(rows), already_there=len(messages) - len(rows))


async def _load_threads(session: AsyncSession, user_id: UUID, messages: Sequence[ImportedMessage]) -> Mapping[str, Thread]:
    """Return by key the threads of the messages that are stored already."""
    keys = literal([message.key for message in messages], ARRAY(Text))
    found = await session.execute(
        select(Message.idempotency_key, Message.conversation_id, Message.id, Message.role, Message.reply_to)
        .where(Message.user_id == user_id, Message.idempotency_key == any_(keys))
    )
    return {
        key: Thread(conversation_id, message_id, message_id if role is MessageRole.USER else reply_to)
        for key, conversation_id, message_id, role, reply_to in found
        if key is not None
    }


def _rows(
    user_id: UUID, messages: Sequence[ImportedMessage], there: Mapping[str, Thread]
) -> tuple[list[dict[str, Any]], Mapping[str, UUID]]:
    """Return the rows to insert, and the conversation ids by the names that the import gives."""
    threads: dict[str, Thread] = {}
    for message in messages:
        if message.key in there:
            threads.setdefault(message.conversation, Thread(there[message.key].conversation_id))
    rows: dict[str, dict[str, Any]] = {}
    for message in messages:
        thread = threads.get(message.conversation) or Thread(uuid7(message.sent_at))
        if message.key in there:
            threads[message.conversation] = there[message.key]
        elif message.key not in rows:
            rows[message.key] = row = _row(user_id, message, thread)
            question = row["id"] if message.role is MessageRole.USER else thread.question
            threads[message.conversation] = Thread(thread.conversation_id, row["id"], question)
    return list(rows.values()), {name: thread.conversation_id for name, thread in threads.items()}


def _row(user_id: UUID, message: ImportedMessage, thread: Thread) -> dict[str, Any]:
    at = message.sent_at if thread.last_id is None else max(message.sent_at, uuid7_time(thread.last_id) + timedelta(milliseconds=1))
    return {
        "user_id": user_id, "id": uuid7(at), "conversation_id": thread.conversation_id, "role": message.role, "content": message.content,
        "status": MessageStatus.COMPLETE, "day": message.day, "time_zone": message.time_zone, "idempotency_key": message.key, "model": message.model,
        "reply_to": None if message.role is MessageRole.USER else thread.question, "created_at": message.sent_at,
    }


async def _insert_conversations(
    session: AsyncSession, user_id: UUID, fresh: Sequence[ImportedMessage], threads: Mapping[str, UUID], known: set[UUID]
) -> None:
    rows: dict[UUID, dict[str, Any]] = {}
    for message in fresh:
        conversation_id = threads[message.conversation]
        if conversation_id not in known:
            row = rows.setdefault(conversation_id, {
                "user_id": user_id, "id": conversation_id, "title": None, "created_at": message.sent_at, "updated_at": message.sent_at,
                "last_message_at": message.sent_at,
            })
            row["title"] = row["title"] or message.title
    if rows:
        await session.execute(insert(Conversation), list(rows.values()))


async def _touch_conversations(session: AsyncSession, user_id: UUID, rows: Sequence[Mapping[str, Any]]) -> None:
    latest: dict[UUID, datetime] = {}
    for row in rows:
        latest[row["conversation_id"]] = max(row["created_at"], latest.get(row["conversation_id"], row["created_at"]))
    for conversation_id, at in latest.items():
        await session.execute(
            update(Conversation)
            .where(Conversation.user_id == user_id, Conversation.id == conversation_id)
            .values(last_message_at=func.greatest(Conversation.last_message_at, at))
            .execution_options(synchronize_session=False)
        )
