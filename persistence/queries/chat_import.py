"""Bulk import of conversations from other systems with their original times. An import can be repeated: a stored message is not added again."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import any_, case, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import Text

from persistence.ids import uuid7, uuid7_time
from persistence.models import ActiveDay, Conversation, Message
from persistence.models.chat import MessageRole, MessageStatus
from persistence.models.enums import Learning
from persistence.queries.search_terms import reset_progress

MAX_TAGS = 20
"""Tags of one conversation, as in the API."""


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
    archived: bool = False
    tags: tuple[str, ...] = ()
    written: bool = False
    """True for a journal entry, which the user wrote by hand."""


@dataclass(frozen=True)
class ImportCounts:
    """The numbers of messages that were added and that were stored already, the number of new conversations, and the days of new questions."""

    added: int
    already_there: int
    conversations: int = field(default=0, compare=False)
    days: frozenset[date] = field(default=frozenset(), compare=False)


@dataclass(frozen=True)
class Thread:
    """A conversation during its import: its last message id, which the next id must exceed, and its last question."""

    conversation_id: UUID
    last_id: UUID | None = None
    question: UUID | None = None


async def import_messages(
    session: AsyncSession, user_id: UUID, messages: Sequence[ImportedMessage], *, day_bounds: Callable[[date], tuple[datetime, datetime]],
    due: bool = True, learning: Learning = Learning.ALL,
) -> ImportCounts:
    """Add the messages that are not stored yet, and count both kinds. An answer belongs to the last question before it in its conversation.

    A lock allows one import at a time per user. Each day with a new message of the user gets its revision raised by one; without `due` a day
    that has a current diary, or had no message before, does not become due for the nightly jobs. `day_bounds` returns a day's start and end (aware).
    `learning` says what may be learned from the messages; without anything, no day gets due.
    """
    await session.execute(select(func.pg_advisory_xact_lock(user_id.int & (2**63 - 1))))
    there = await _load_threads(session, user_id, messages)
    fresh = [message for message in messages if message.key not in there]
    by_key = _rows(user_id, messages, there, learning)
    rows = list(by_key.values())
    latest = _latest(rows)
    threads = {key: row["conversation_id"] for key, row in by_key.items()}
    created = await _insert_conversations(session, user_id, fresh, threads, latest, known={thread.conversation_id for thread in there.values()})
    if rows:
        await session.execute(insert(Message), rows)
    await _touch_conversations(session, user_id, {id: at for id, at in latest.items() if id not in created})
    days = sorted({row["day"] for row in rows if row["role"] is MessageRole.USER}) if learning is not Learning.NONE else []
    if days:
        await bump_days(session, user_id, {day: day_bounds(day) for day in days}, due=due)
    if rows:
        await reset_progress(session, user_id)
    return ImportCounts(len(rows), len(messages) - len(rows), len(created), frozenset(days))


async def find_stored_keys(session: AsyncSession, user_id: UUID, keys: Sequence[str]) -> set[str]:
    """Return the keys whose messages are stored already."""
    wanted = literal(list(keys), ARRAY(Text))
    found = await session.scalars(select(Message.idempotency_key).where(Message.user_id == user_id, Message.idempotency_key == any_(wanted)))
    return {key for key in found if key is not None}


async def bump_days(session: AsyncSession, user_id: UUID, bounds: Mapping[date, tuple[datetime, datetime]], *, due: bool) -> None:
    """Raise the revisions of the days as `bump_day_revision` does, in the order of the days; without `due`, also those of days that are not due."""
    rows = [
        {"user_id": user_id, "day": day, "starts_at": starts_at, "ends_at": ends_at, "revision": 1, "diary_revision": 0 if due else 1}
        for day, (starts_at, ends_at) in bounds.items()
    ]
    row = upsert(ActiveDay).values(rows)
    is_current = ActiveDay.diary_revision == ActiveDay.revision
    await session.execute(row.on_conflict_do_update(index_elements=[ActiveDay.user_id, ActiveDay.day], set_={
        "revision": ActiveDay.revision + 1,
        "diary_revision": ActiveDay.diary_revision if due else case((is_current, ActiveDay.revision + 1), else_=ActiveDay.diary_revision),
        "starts_at": func.least(ActiveDay.starts_at, row.excluded.starts_at),
        "ends_at": func.greatest(ActiveDay.ends_at, row.excluded.ends_at),
    }))


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


def _rows(user_id: UUID, messages: Sequence[ImportedMessage], there: Mapping[str, Thread], learning: Learning) -> dict[str, dict[str, Any]]:
    """Return the rows to insert by key. Messages of one name may go to two conversations, where some have the ids of messages of another chat."""
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
            rows[message.key] = row = {**_row(user_id, message, thread), "learning": learning}
            row["in_gap"] = learning is not Learning.ALL and message.role is MessageRole.USER
            question = row["id"] if message.role is MessageRole.USER else thread.question
            threads[message.conversation] = Thread(thread.conversation_id, row["id"], question)
        else:  # a chat that was branched into another one has the same messages again: the branch continues the first chat
            row = rows[message.key]
            threads[message.conversation] = Thread(row["conversation_id"], row["id"], row["id"] if message.role is MessageRole.USER else row["reply_to"])
    return rows


def _row(user_id: UUID, message: ImportedMessage, thread: Thread) -> dict[str, Any]:
    at = message.sent_at if thread.last_id is None else max(message.sent_at, uuid7_time(thread.last_id) + timedelta(milliseconds=1))
    return {
        "user_id": user_id, "id": uuid7(at), "conversation_id": thread.conversation_id, "role": message.role, "content": message.content,
        "status": MessageStatus.COMPLETE, "day": message.day, "time_zone": message.time_zone, "idempotency_key": message.key, "model": message.model,
        "reply_to": None if message.role is MessageRole.USER else thread.question, "created_at": message.sent_at,
        "written_by_hand": message.written,
    }


async def _insert_conversations(
    session: AsyncSession, user_id: UUID, fresh: Sequence[ImportedMessage], threads: Mapping[str, UUID], latest: Mapping[UUID, datetime], known: set[UUID]
) -> set[UUID]:
    """Insert the conversations that are not stored yet, and return their ids; `threads` has the conversation of each message by its key."""
    rows: dict[UUID, dict[str, Any]] = {}
    for message in fresh:
        conversation_id = threads[message.key]
        if conversation_id not in known:
            row = rows.setdefault(conversation_id, {
                "user_id": user_id, "id": conversation_id, "title": None, "created_at": message.sent_at, "updated_at": message.sent_at,
                "last_message_at": latest[conversation_id], "archived": message.archived, "tags": [],
            })
            row["title"] = row["title"] or message.title
            row["tags"] = list(dict.fromkeys([*row["tags"], *message.tags]))[:MAX_TAGS]
    if rows:
        await session.execute(insert(Conversation), list(rows.values()))
    return set(rows)


def _latest(rows: Sequence[Mapping[str, Any]]) -> dict[UUID, datetime]:
    """Return the time of the last new message by conversation."""
    latest: dict[UUID, datetime] = {}
    for row in rows:
        latest[row["conversation_id"]] = max(row["created_at"], latest.get(row["conversation_id"], row["created_at"]))
    return latest


async def _touch_conversations(session: AsyncSession, user_id: UUID, latest: Mapping[UUID, datetime]) -> None:
    for conversation_id, at in latest.items():
        await session.execute(
            update(Conversation)
            .where(Conversation.user_id == user_id, Conversation.id == conversation_id)
            .values(last_message_at=func.greatest(Conversation.last_message_at, at))
            .execution_options(synchronize_session=False)
        )
