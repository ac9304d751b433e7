"""Writes of questions, answers and conversations."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, insert, literal, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.bulk import any_of
from persistence.models import ActiveDay, Conversation, Message
from persistence.models.chat import MessageStatus
from persistence.queries.execution_options import FRESH, QUIET
from persistence.queries.storage import count_in

_LOADED = {**FRESH, **QUIET}


async def lock_conversation(session: AsyncSession, user_id: UUID, conversation_id: UUID) -> Conversation | None:
    """Lock and return the conversation until the transaction ends. Callers lock a conversation before its messages."""
    statement = select(Conversation).where(Conversation.user_id == user_id, Conversation.id == conversation_id)
    return await session.scalar(statement.with_for_update(key_share=True), execution_options=FRESH)


async def lock_message(session: AsyncSession, user_id: UUID, message_id: UUID) -> Message | None:
    """Lock and return the message until the transaction ends."""
    statement = select(Message).where(Message.user_id == user_id, Message.id == message_id)
    return await session.scalar(statement.with_for_update(key_share=True), execution_options=FRESH)


async def insert_conversation(session: AsyncSession, **columns: Any) -> Conversation:
    return (await session.scalars(insert(Conversation).values(**columns).returning(Conversation))).one()


async def insert_message(session: AsyncSession, size: int, limit: int | None = None, **columns: Any) -> Message | None:
    """Store a message and count its `size` in bytes, in one statement.

    Return None when the user has a message with this idempotency key or would exceed `limit` bytes; the caller must then roll back.
    Waits for a transaction that is storing the same key. Lock order: the user's storage counter comes after all other rows.
    """
    counted = count_in(columns["user_id"], size, limit).cte("counted")
    given = [literal(value, Message.__table__.c[name].type).label(name) for name, value in columns.items()]
    row = upsert(Message).from_select(list(columns), select(*given).select_from(counted))
    kept = row.on_conflict_do_nothing(index_elements=["user_id", "idempotency_key"], index_where=text("idempotency_key is not null"))
    return await session.scalar(kept.returning(Message))


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


async def uncount_day(session: AsyncSession, user_id: UUID, day: date, revision: int) -> None:
    """Mark a day as written again after the change that raised it to `revision`. A day that was due before or was changed since stays due."""
    statement = update(ActiveDay).where(
        ActiveDay.user_id == user_id, ActiveDay.day == day, ActiveDay.revision == revision, ActiveDay.diary_revision == revision - 1)
    await session.execute(statement.values(diary_revision=revision).execution_options(synchronize_session=False))


async def take_lease(session: AsyncSession, user_id: UUID, question_id: UUID, now: datetime, until: datetime) -> Message | None:
    """Lease a question for answering until `until`. Return None while another call holds the lease, or when the question was deleted."""
    free = or_(Message.answer_lease_until.is_(None), Message.answer_lease_until <= now)
    status = case((Message.status == MessageStatus.COMPLETE, Message.status), else_=literal(MessageStatus.PENDING, Message.status.type))
    statement = (
        update(Message)
        .where(Message.user_id == user_id, Message.id == question_id, free)
        .values(status=status, error_code=None, answer_lease_until=until)
    )
    return await session.scalar(statement.returning(Message), execution_options=_LOADED)


async def end_lease(
    session: AsyncSession, user_id: UUID, question_id: UUID, lease: datetime, status: MessageStatus, error_code: str | None = None
) -> Message | None:
    """Store the question's status for the call that holds its `lease`, and end the lease. Return None when the question was deleted or re-leased."""
    statement = (
        update(Message)
        .where(Message.user_id == user_id, Message.id == question_id, Message.answer_lease_until == lease)
        .values(status=status, error_code=error_code, answer_lease_until=None)
    )
    return await session.scalar(statement.returning(Message), execution_options=_LOADED)


async def update_message(session: AsyncSession, user_id: UUID, message_id: UUID, **columns: Any) -> Message | None:
    statement = update(Message).where(Message.user_id == user_id, Message.id == message_id).values(**columns).returning(Message)
    return await session.scalar(statement, execution_options=_LOADED)


async def update_conversation(session: AsyncSession, user_id: UUID, conversation_id: UUID, **columns: Any) -> Conversation | None:
    statement = update(Conversation).where(Conversation.user_id == user_id, Conversation.id == conversation_id)
    return await session.scalar(statement.values(updated_at=func.now(), **columns).returning(Conversation), execution_options=_LOADED)


async def set_generated_title(session: AsyncSession, user_id: UUID, conversation_id: UUID, title: str) -> None:
    """Store a generated title, unless the conversation has a title."""
    statement = update(Conversation).where(Conversation.user_id == user_id, Conversation.id == conversation_id, Conversation.title.is_(None))
    await session.execute(statement.values(title=title).execution_options(synchronize_session=False))


async def set_running_summary(
    session: AsyncSession, user_id: UUID, conversation_id: UUID, summary: str, *, replaces: UUID | None, covers: Sequence[UUID], read_at: datetime
) -> bool:
    """Store a running summary through the last of `covers` and return True. Return False when a covered message was edited or deleted since
    `read_at`, or when the stored summary is no longer the one through `replaces`."""
    covered = select(func.count()).select_from(Message).where(
        Message.user_id == user_id, Message.id == any_of(covers), or_(Message.edited_at.is_(None), Message.edited_at < read_at)
    )
    if await session.scalar(covered) != len(covers):
        return False
    statement = update(Conversation).where(
        Conversation.user_id == user_id, Conversation.id == conversation_id, Conversation.summary_through_message_id.is_not_distinct_from(replaces)
    )
    stored = await session.execute(statement.values(summary=summary, summary_through_message_id=max(covers)).execution_options(synchronize_session=False))
    return bool(stored.rowcount)  # type: ignore[attr-defined]
