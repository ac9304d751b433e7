"""Candidates of a search: the texts of one user that may match a query. A search reads only that user's rows, by indexes that begin with the user's id.

There is no search index: no copy of a text has to be updated, or deleted when the user deletes a message.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Subquery, Text, and_, case, func, literal, literal_column, or_, select, true, union_all
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from persistence.bulk import any_of
from persistence.models import Conversation, Diary, DiaryLine, DiaryVersion, Message
from persistence.models.chat import MessageRole

MOST_CANDIDATES = 5_000
"""Number of texts that one search ranks; where more texts match, it ranks the newest."""


class FoundMessage(NamedTuple):
    id: UUID
    day: date
    role: MessageRole
    content: str
    literally: bool
    """True if the message contains each of the query's words as the user typed them."""


class FoundNeighbour(NamedTuple):
    """A message `step` messages after the message `seed` in its conversation, before it if negative."""

    seed: UUID
    step: int
    id: UUID
    day: date
    role: MessageRole
    content: str


class FoundDay(NamedTuple):
    """The recallable messages of a day: their number, their characters, and their characters with the assistant's weighed."""

    messages: int
    characters: int
    weighted: float


class FoundDiary(NamedTuple):
    day: date
    text: str


class SearchRange(NamedTuple):
    """The range of a search: days from `first` to `last`, both included; messages older than the message `before`."""

    first: date | None = None
    last: date | None = None
    before: UUID | None = None


EVERYTHING = SearchRange()


async def list_messages_like(
    session: AsyncSession,
    user_id: UUID,
    patterns: Sequence[str],
    words: Sequence[str] = (),
    *,
    windows: Sequence[tuple[date, date]] = (),
    span: SearchRange = EVERYTHING,
    recallable_only: bool = False,
) -> list[FoundMessage]:
    """List messages that match one of the patterns, lie in one of the ranges of days, or contain all words as typed; the newest first.

    With `recallable_only`, only messages that the assistant may recall in other conversations: none from temporary conversations and no copies.
    """
    literally = and_(*(Message.content.icontains(word, autoescape=True) for word in words)) if words else literal(False)
    statement = select(Message.id, Message.day, Message.role, Message.content, literally.label("literally"))
    statement = statement.where(*_messages(user_id, span, recallable_only), or_(literally, _like(Message.content, patterns), *_within(windows)))
    return [FoundMessage._make(row) for row in await session.execute(statement.order_by(Message.id.desc()).limit(MOST_CANDIDATES))]


async def measure_messages(session: AsyncSession, user_id: UUID, *, span: SearchRange = EVERYTHING, recallable_only: bool = False) -> tuple[int, int]:
    """Return the number of messages that are searched, and their characters."""
    counting = select(func.count(), func.coalesce(func.sum(func.length(Message.content)), 0)).where(*_messages(user_id, span, recallable_only))
    number, length = (await session.execute(counting)).one()
    return number, length


async def list_neighbours(session: AsyncSession, user_id: UUID, seeds: Sequence[UUID], *, span: SearchRange, reach: int) -> list[FoundNeighbour]:
    """List the messages that stand at most `reach` messages before or after each of the recallable messages `seeds` in their conversations."""
    seed = select(Message.id, Message.conversation_id).where(Message.user_id == user_id, Message.id == any_of(seeds)).subquery()
    sides = [_beside(seed, user_id, span, reach, after=after) for after in (False, True)]
    return [FoundNeighbour._make(row) for row in await session.execute(union_all(*sides))]


def _beside(seed: Subquery, user_id: UUID, span: SearchRange, reach: int, *, after: bool) -> Select[Any]:
    """Return the statement of the neighbours on one side."""
    other = aliased(Message)
    conditions = [other.user_id == user_id, other.conversation_id == seed.c.conversation_id, other.copied.is_(False), *_between(other.day, span)]
    conditions += [other.id < span.before] if span.before is not None else []
    conditions.append(other.id > seed.c.id if after else other.id < seed.c.id)
    order = other.id if after else other.id.desc()
    step = func.row_number().over(order_by=order) * (1 if after else -1)
    found = select(step.label("step"), other.id, other.day, other.role, other.content).where(*conditions).order_by(order).limit(reach).lateral()
    return select(seed.c.id, found.c.step, found.c.id, found.c.day, found.c.role, found.c.content).select_from(seed.join(found, true()))


async def measure_days(session: AsyncSession, user_id: UUID, *, span: SearchRange, assistant: float) -> dict[date, FoundDay]:
    """Measure each day's recallable messages; a character of the assistant's messages counts as `assistant` in the weighted sum."""
    share = case((Message.role == MessageRole.USER, 1.0), else_=assistant)
    length = func.length(Message.content)
    sums = select(Message.day, func.count(), func.sum(length), func.sum(length * share)).where(*_messages(user_id, span, True))
    return {day: FoundDay(number, characters, float(weighted)) for day, number, characters, weighted in await session.execute(sums.group_by(Message.day))}


async def list_diaries_like(
    session: AsyncSession, user_id: UUID, patterns: Sequence[str], *, windows: Sequence[tuple[date, date]] = (), span: SearchRange
) -> list[FoundDiary]:
    """List current diaries whose summary or lines, except hidden ones, match one of the patterns, or of the ranges of days; the newest first.

    The text is the summary and each of the lines, a line each.
    """
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
    wanted = or_(_like(inner.c.text, patterns), *(inner.c.day.between(first, last) for first, last in windows))
    statement = select(inner.c.day, inner.c.text).where(wanted).order_by(inner.c.day.desc()).limit(MOST_CANDIDATES)
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


def _within(windows: Sequence[tuple[date, date]]) -> list[ColumnElement[bool]]:
    return [Message.day.between(first, last) for first, last in windows]


_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u1dff\u20d0-\u20ff\u2cef-\u2dff\u302a-\u302f\u3099\u309a\ua66f-\uabff"
    "\ufb1e\ufe20-\ufe2f\uff9e\uff9f\U000101fd-\U0001e94a"
)
"""Ranges that contain every combining mark, and every character that decomposes into combining marks alone.

U+034F, which is inserted to break a run of them (UAX #15, "Stream-Safe Text Format"), is removed with the accents."""


def _like(text: Any, patterns: Sequence[str]) -> ColumnElement[bool]:
    """Match the text in lower case, without accents and full-width forms, against the patterns.

    Only a text that contains such characters is normalized, since normalizing costs more than looking for them. The time of normalize() grows with
    the square of the length of a run of combining marks, and it cannot be cancelled, so runs are broken first.
    """
    broken = func.regexp_replace(text, f"([{_MARKS}]{{30}})", "\\1\u034f", "g")
    plain = func.regexp_replace(func.normalize(broken, literal_column("NFKD")), "[\u0300-\u036f]", "", "g")
    folded = func.lower(case((text.op("~")("[\u00aa-\u024f\u1e00-\u1eff\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uffdc]"), plain), else_=text))
    return folded.like(any_of(patterns, Text()))
