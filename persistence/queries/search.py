"""The texts of one person that a question may be about. A search reads that person's rows alone, by the index that begins with them.

Nothing is stored for it: no copy of a word has to be kept up to date, nor deleted when the person deletes what they said.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, any_, case, func, literal, literal_column, or_, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.models import Conversation, Diary, DiaryLine, DiaryVersion, Message
from persistence.models.chat import MessageRole

MOST_CANDIDATES = 5_000
"""Texts that one search ranks; where more hold a term, the newest."""


class FoundMessage(NamedTuple):
    id: UUID
    day: date
    role: MessageRole
    content: str
    literally: bool
    """Whether each of the words stands in it as it was typed."""


class FoundDiary(NamedTuple):
    day: date
    text: str


class SearchRange(NamedTuple):
    """What is searched: days between `first` and `last`, both included; messages said before `before`."""

    first: date | None = None
    last: date | None = None
    before: UUID | None = None


EVERYTHING = SearchRange()


async def list_messages_like(
    session: AsyncSession, user_id: UUID, patterns: Sequence[str], words: Sequence[str] = (), *, span: SearchRange = EVERYTHING, recallable_only: bool = False
) -> list[FoundMessage]:
    """Messages in which one of the patterns lies, or all words as they were typed; the newest first.

    `recallable_only`: only what the person may be reminded of elsewhere, hence nothing from temporary conversations and no copies.
    """
    literally = and_(*(Message.content.icontains(word, autoescape=True) for word in words)) if words else literal(False)
    statement = select(Message.id, Message.day, Message.role, Message.content, literally.label("literally"))
    statement = statement.where(*_messages(user_id, span, recallable_only), or_(literally, _like(Message.content, patterns)))
    return [FoundMessage._make(row) for row in await session.execute(statement.order_by(Message.id.desc()).limit(MOST_CANDIDATES))]


async def measure_messages(session: AsyncSession, user_id: UUID, *, span: SearchRange = EVERYTHING, recallable_only: bool = False) -> tuple[int, int]:
    """How many messages are searched, and their characters."""
    counting = select(func.count(), func.coalesce(func.sum(func.length(Message.content)), 0)).where(*_messages(user_id, span, recallable_only))
    number, length = (await session.execute(counting)).one()
    return number, length


async def load_day_lengths(session: AsyncSession, user_id: UUID, *, span: SearchRange, assistant: float) -> dict[date, float]:
    """The characters said on each day; those of the assistant count `assistant` each."""
    share = case((Message.role == MessageRole.USER, 1.0), else_=assistant)
    rows = await session.execute(
        select(Message.day, func.sum(func.length(Message.content) * share)).where(*_messages(user_id, span, True)).group_by(Message.day)
    )
    return {day: float(length) for day, length in rows}


async def list_diaries_like(session: AsyncSession, user_id: UUID, patterns: Sequence[str], *, span: SearchRange) -> list[FoundDiary]:
    """Present diaries whose summary or a line not hidden has one of the patterns, with all of that text; the newest first."""
    lines = (
        select(func.string_agg(DiaryLine.text, literal_column("E'\\n'")))
        .where(DiaryLine.user_id == Diary.user_id, DiaryLine.diary_id == Diary.id, DiaryLine.version == Diary.version, DiaryLine.hidden.is_(False))
        .scalar_subquery()
    )
    present = and_(DiaryVersion.user_id == Diary.user_id, DiaryVersion.diary_id == Diary.id, DiaryVersion.version == Diary.version)
    said = func.concat_ws(literal_column("E'\\n'"), DiaryVersion.summary, lines)
    inner = (
        select(Diary.day.label("day"), said.label("text")).join(DiaryVersion, present).where(Diary.user_id == user_id, *_between(Diary.day, span)).subquery()
    )
    statement = select(inner.c.day, inner.c.text).where(_like(inner.c.text, patterns)).order_by(inner.c.day.desc()).limit(MOST_CANDIDATES)
    return [FoundDiary._make(row) for row in await session.execute(statement)]


def _messages(user_id: UUID, span: SearchRange, recallable_only: bool) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [Message.user_id == user_id, *_between(Message.day, span)]
    if span.before is not None:
        conditions.append(Message.id < span.before)
    if recallable_only:
        temporary = select(Conversation.id).where(Conversation.user_id == user_id, Conversation.temporary)
        conditions += [Message.copied.is_(False), Message.conversation_id.not_in(temporary)]
    return conditions


def _between(day: Any, span: SearchRange) -> list[ColumnElement[bool]]:
    return [*([day >= span.first] if span.first else []), *([day <= span.last] if span.last else [])]


_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u1dff\u20d0-\u20ff\u2cef-\u2dff\u302a-\u302f\u3099\u309a\ua66f-\uabff"
    "\ufb1e\ufe20-\ufe2f\uff9e\uff9f\U000101fd-\U0001e94a"
)
"""Every character that is a combining mark, or is taken apart into some, is in these ranges.

U+034F, which breaks a run of them (UAX #15, "Stream-Safe Text Format"), goes with the accents."""


def _like(text: Any, patterns: Sequence[str]) -> ColumnElement[bool]:
    """Accents and full-width forms are looked through where there are any; to take them off costs more than to look for them.

    normalize() takes time that grows with the square of a run of combining marks and cannot be cancelled, so runs are broken first.
    """
    broken = func.regexp_replace(text, f"([{_MARKS}]{{30}})", "\\1\u034f", "g")
    plain = func.regexp_replace(func.normalize(broken, literal_column("NFKD")), "[\u0300-\u036f]", "", "g")
    folded = func.lower(case((text.op("~")("[\u00aa-\u024f\u1e00-\u1eff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uffdc]"), plain), else_=text))
    return folded.like(any_(literal(list(patterns), ARRAY(Text))))
