"""Erasure of quotes from lines and signals, and of the lines and signals that no quote supports any more, in every version of a diary.

Each function runs inside the caller's transaction.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, distinct, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.bulk import any_of
from persistence.models import Diary, DiaryLine, DiaryVersion, LineEvidence, Message, Signal, SignalEvidence
from persistence.models.diary import LineKind, Polarity
from persistence.queries.execution_options import QUIET
from persistence.queries.value_erasure import ValueName

Join = Callable[[Sequence[str]], str]
"""Joins the summary sentences of a diary into one paragraph."""

class MentionsRemovedText(Protocol):
    """Returns whether the text mentions a topic of the removed text (`gone`) that the remaining text (`left`) does not mention."""

    def __call__(self, text: str, gone: Sequence[str], left: Sequence[str]) -> bool: ...


LocateQuote = Callable[[str], "tuple[int, str] | None"]
"""Returns a quote's position in the message's new text and its text there; None when it no longer occurs."""



@dataclass(frozen=True)
class Affected:
    """Lines and signals that lose a quote, and the values that those signals name."""

    lines: Sequence[UUID]
    signals: Sequence[UUID]
    names: frozenset[ValueName]


async def find_affected(session: AsyncSession, user_id: UUID, going: ColumnElement[bool]) -> Affected:
    """Return the lines and signals that quote these messages."""
    messages = select(Message.id).where(going)
    lines = await session.scalars(
        select(LineEvidence.line_id).distinct().where(LineEvidence.user_id == user_id, LineEvidence.message_id.in_(messages)))
    signals = await session.scalars(
        select(SignalEvidence.signal_id).distinct().where(SignalEvidence.user_id == user_id, SignalEvidence.message_id.in_(messages)))
    found = signals.all()
    return Affected(lines.all(), found, await names_of(session, user_id, Signal.id == any_of(found)))


async def names_of(session: AsyncSession, user_id: UUID, condition: ColumnElement[bool]) -> frozenset[ValueName]:
    rows = await session.execute(select(Signal.slot, Signal.value_key).distinct().where(Signal.user_id == user_id, condition))
    return frozenset((slot, key) for slot, key in rows)


async def _telling_lines(
    session: AsyncSession, user_id: UUID, lines: Sequence[UUID], gone: Sequence[str], stays: Sequence[str], tells: MentionsRemovedText
) -> list[UUID]:
    """Return those of these lines that mention removed text which neither their remaining quotes nor `stays` mention, except the user's lines."""
    left: dict[UUID, list[str]] = {}
    quotes = select(LineEvidence.line_id, LineEvidence.quote).where(LineEvidence.user_id == user_id, LineEvidence.line_id == any_of(lines))
    for line_id, quote in await session.execute(quotes):
        left.setdefault(line_id, [*stays]).append(quote)
    mine = (DiaryLine.user_id == user_id, DiaryLine.id == any_of(list(left)), DiaryLine.by_person.is_(False))
    return [line_id for line_id, text in await session.execute(select(DiaryLine.id, DiaryLine.text).where(*mine)) if tells(text, gone, left[line_id])]


async def requote_in(session: AsyncSession, user_id: UUID, message_id: UUID, table: Any, owner: Any, place: LocateQuote) -> Sequence[UUID]:
    """Update or delete the quotes of a message, and return the lines or signals that lost one."""
    lost = []
    of_message = and_(table.user_id == user_id, table.message_id == message_id)
    for owner_id, position, quote in (await session.execute(select(owner, table.position, table.quote).where(of_message))).all():
        found = place(quote)
        one = and_(table.user_id == user_id, owner == owner_id, table.position == position)
        if found is None:
            lost.append(owner_id)
            await session.execute(delete(table).where(one), execution_options=QUIET)
        else:
            await session.execute(update(table).where(one).values(start=found[0], quote=found[1]), execution_options=QUIET)
    return lost


async def delete_unsupported(
    session: AsyncSession, user_id: UUID, affected: Affected, join: Join, gone: Sequence[str], stays: Sequence[str], tells: MentionsRemovedText
) -> tuple[int, int]:
    """Remove the affected lines and signals without a quote, and lines that still mention removed text; the user's lines need no quote.

    Return the numbers of removed lines and signals, not counting those of earlier versions.
    """
    telling = await _telling_lines(session, user_id, affected.lines, gone, stays, tells)
    signals = await drop_signals(session, user_id, affected.signals)
    mine = and_(DiaryLine.user_id == user_id, DiaryLine.id == any_of(affected.lines))
    unsupported = ~exists().where(LineEvidence.user_id == user_id, LineEvidence.line_id == DiaryLine.id)
    going = and_(mine, DiaryLine.by_person.is_(False), or_(unsupported, DiaryLine.id == any_of(telling)))
    lines = await session.scalar(select(func.count()).select_from(DiaryLine).join(Diary, PRESENT_LINE).where(going)) or 0
    deleted = delete(DiaryLine).where(going).returning(DiaryLine.diary_id, DiaryLine.version, DiaryLine.kind)
    found = await session.execute(deleted, execution_options=QUIET)
    for diary_id, version in sorted({(row.diary_id, row.version) for row in found if row.kind is LineKind.SUMMARY}):
        await summarise_again(session, user_id, diary_id, version, join)
    rewritten = update(DiaryLine).where(mine, DiaryLine.by_person, DiaryLine.replaced_text.is_not(None))
    await session.execute(rewritten.values(replaced_text=None), execution_options=QUIET)
    return lines, signals


async def drop_signals(session: AsyncSession, user_id: UUID, signals: Iterable[UUID]) -> int:
    """Remove those of these signals that have no quote left, and a week's patterns that are left with quotes of one day. Return the number
    removed from current diaries and from weeks."""
    quotes = and_(SignalEvidence.user_id == user_id, SignalEvidence.signal_id == Signal.id)
    days = select(func.count(distinct(SignalEvidence.day))).where(quotes).scalar_subquery()
    pattern = and_(Signal.week.is_not(None), Signal.stated.is_(False), Signal.polarity == Polarity.POSITIVE)
    going = and_(Signal.user_id == user_id, Signal.id == any_of(signals), or_(days == 0, and_(pattern, days == 1)))
    present = or_(Diary.version == Signal.version, Signal.week.is_not(None))
    diary = and_(Diary.user_id == Signal.user_id, Diary.id == Signal.diary_id)
    shown = await session.scalar(select(func.count()).select_from(Signal).outerjoin(Diary, diary).where(going, present)) or 0
    await session.execute(delete(Signal).where(going), execution_options=QUIET)
    return shown


PRESENT_LINE = and_(Diary.user_id == DiaryLine.user_id, Diary.id == DiaryLine.diary_id, Diary.version == DiaryLine.version)


async def summarise_again(session: AsyncSession, user_id: UUID, diary_id: UUID, version: int, join: Join) -> None:
    of_version = (DiaryLine.user_id == user_id, DiaryLine.diary_id == diary_id, DiaryLine.version == version)
    left = select(DiaryLine.text).where(*of_version, DiaryLine.kind == LineKind.SUMMARY, DiaryLine.hidden.is_(False)).order_by(DiaryLine.position)
    sentences = (await session.scalars(left)).all()
    place = (
        DiaryVersion.user_id == user_id, DiaryVersion.diary_id == diary_id, DiaryVersion.version == version,
        DiaryVersion.summary_by_person.is_(False),
    )
    await session.execute(update(DiaryVersion).where(*place).values(summary=join(sentences)), execution_options=QUIET)
