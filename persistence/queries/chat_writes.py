"""Writes of conversations and messages besides those of an exchange (persistence/queries/exchange_opening.py, exchange_closing.py)."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.bulk import any_of
from persistence.models import ActiveDay, Conversation, Message
from persistence.queries.execution_options import FRESH, QUIET

_LOADED = {**FRESH, **QUIET}


async def lock_conversation(session: AsyncSession, user_id: UUID, conversation_id: UUID) -> Conversation | None:
    """Lock and return the conversation until the transaction ends. Callers lock a conversation before its messages."""
    statement = select(Conversation).where(Conversation.user_id == user_id, Conversation.id == conversation_id)
    return await session.scalar(statement.with_for_update(key_share=True), execution_options=FRESH)


async def lock_message(session: AsyncSession, user_id: UUID, message_id: UUID) -> Message | None:
    """Lock and return the message until the transaction ends."""
    statement = select(Message).where(Message.user_id == user_id, Message.id == message_id)
    return await session.scalar(statement.with_for_update(key_share=True), execution_options=FRESH)


async def insert_conversation(session: AsyncSession, **columns: Any) -> Conversation | None:
    """Store a conversation and return it, None if the user has one with this id."""
    return await session.scalar(upsert(Conversation).values(**columns).on_conflict_do_nothing().returning(Conversation))


async def insert_messages(session: AsyncSession, rows: Sequence[dict[str, Any]]) -> None:
    if rows:
        await session.execute(insert(Message), rows)


async def bump_day_revision(session: AsyncSession, user_id: UUID, day: date, starts_at: datetime, ends_at: datetime) -> int:
    """Record that the user wrote on `day`, whose diary is due from `ends_at` on, and return the day's revision.

    When bounds differ, as after a change of time zone, the day keeps the earliest start and the latest end.
    """
    row = upsert(ActiveDay).values(user_id=user_id, day=day, starts_at=starts_at, ends_at=ends_at, revision=1, diary_revision=0)
    counted = row.on_conflict_do_update(index_elements=[ActiveDay.user_id, ActiveDay.day], set_={
        "revision": ActiveDay.revision + 1,
        "starts_at": func.least(ActiveDay.starts_at, row.excluded.starts_at),
        "ends_at": func.greatest(ActiveDay.ends_at, row.excluded.ends_at),
    })
    return (await session.scalars(counted.returning(ActiveDay.revision))).one()


async def update_message(session: AsyncSession, user_id: UUID, message_id: UUID, **columns: Any) -> Message | None:
    statement = update(Message).where(Message.user_id == user_id, Message.id == message_id).values(**columns).returning(Message)
    return await session.scalar(statement, execution_options=_LOADED)


async def update_copies(session: AsyncSession, user_id: UUID, message: Message, was: str) -> Sequence[tuple[UUID, UUID]]:
    """Give the copies of an edited message that still have its earlier text the new one. Return their ids and those of their conversations."""
    same = (Message.user_id == user_id, Message.copy_of == message.id, Message.content == was)
    for conversation_id in sorted(set(await session.scalars(select(Message.conversation_id).where(*same)))):
        await lock_conversation(session, user_id, conversation_id)
    changed = update(Message).where(*same).values(content=message.content, edited_at=message.edited_at).returning(Message.id, Message.conversation_id)
    return [(row.id, row.conversation_id) for row in await session.execute(changed, execution_options=QUIET)]


async def archive_conversations(session: AsyncSession, user_id: UUID, ids: Sequence[UUID], archived: bool) -> Sequence[Conversation]:
    """Archive or unarchive conversations that are not so yet, and return all of them that exist, locked until the transaction ends."""
    named = (Conversation.user_id == user_id, Conversation.id == any_of(ids))
    locked = select(Conversation.id).where(*named).order_by(Conversation.id).with_for_update(key_share=True)
    await session.execute(locked)  # in one order, so that no two calls wait for each other
    changed = update(Conversation).where(*named, Conversation.archived.is_not(archived)).values(archived=archived, updated_at=func.now())
    await session.execute(changed, execution_options=QUIET)
    return (await session.scalars(select(Conversation).where(*named), execution_options=FRESH)).all()


async def update_conversation(session: AsyncSession, user_id: UUID, conversation_id: UUID, **columns: Any) -> Conversation | None:
    statement = update(Conversation).where(Conversation.user_id == user_id, Conversation.id == conversation_id)
    return await session.scalar(statement.values(updated_at=func.now(), **columns).returning(Conversation), execution_options=_LOADED)
