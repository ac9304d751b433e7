"""Queries for the export of a day: its diary, and its messages with their conversations."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import literal, select, tuple_, union
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.models import Conversation, Diary, DiaryLine, DiaryVersion, Message

FIRST_DAY = date(1, 1, 1)


async def list_days(session: AsyncSession, user_id: UUID, since: date | None) -> list[date]:
    """Return the days with messages or a diary, from `since` on, in order."""
    said = select(Message.day).where(Message.user_id == user_id, Message.day >= (since or FIRST_DAY))
    kept = select(Diary.day).where(Diary.user_id == user_id, Diary.day >= (since or FIRST_DAY))
    days = union(said, kept).subquery()
    return list(await session.scalars(select(days.c.day).order_by(days.c.day)))


async def find_diary(session: AsyncSession, user_id: UUID, day: date) -> Mapping[str, Any] | None:
    """Return the current version of a day's diary with its tags, None without a diary."""
    statement = select(
        Diary.id, Diary.version, Diary.tags, DiaryVersion.summary, DiaryVersion.summary_by_person, DiaryVersion.mood, DiaryVersion.origin, DiaryVersion.model,
    ).join(DiaryVersion, (DiaryVersion.user_id == Diary.user_id) & (DiaryVersion.diary_id == Diary.id) & (DiaryVersion.version == Diary.version))  # fmt: skip
    found = (await session.execute(statement.where(Diary.user_id == user_id, Diary.day == day))).mappings().one_or_none()
    return dict(found) if found else None


async def list_diary_lines(session: AsyncSession, user_id: UUID, diary_id: UUID, version: int) -> list[Mapping[str, Any]]:
    """Return the visible lines of a version, in order."""
    statement = select(DiaryLine.kind, DiaryLine.text, DiaryLine.by_person).where(
        DiaryLine.user_id == user_id, DiaryLine.diary_id == diary_id, DiaryLine.version == version, DiaryLine.hidden.is_(False)
    )
    return [dict(row) for row in (await session.execute(statement.order_by(DiaryLine.position))).mappings()]


async def list_day_messages(session: AsyncSession, user_id: UUID, day: date, after: Sequence[UUID] | None, limit: int) -> list[Mapping[str, Any]]:
    """Return the next messages of a day, by conversation and time, after the conversation and the message `after`."""
    statement = (
        select(
            Message.id, Message.conversation_id, Message.role, Message.content, Message.time_zone, Message.created_at,
            Conversation.title, Conversation.temporary, Conversation.play, Conversation.tags, Conversation.created_at.label("begun_at"),
        )
        .join(Conversation, (Conversation.user_id == Message.user_id) & (Conversation.id == Message.conversation_id))
        .where(Message.user_id == user_id, Message.day == day)
        .order_by(Message.conversation_id, Message.id)
        .limit(limit)
    )  # fmt: skip
    if after is not None:
        statement = statement.where(tuple_(Message.conversation_id, Message.id) > tuple_(*(literal(value, Message.id.type) for value in after)))
    return [dict(row) for row in (await session.execute(statement)).mappings()]
