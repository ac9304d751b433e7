"""Erasure of quotes from lines and signals, and of the lines and signals that no quote supports any more, in every version of a diary.

Each function runs inside the caller's transaction.
"""
from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, distinct, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.bulk import any_of
from persistence.models import Diary, DiaryLine, DiaryVersion, LineEvidence, Message, Signal, SignalEvidence
from persistence.models.diary import LineKind, Polarity
from persistence.queries.execution_options import QUIET
from persistence.queries.search_terms import delete_diary_terms
from persistence.queries.value_erasure import ValueName, list_named_values

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
    return Affected(lines.all(), found, await names_of_signals(session, user_id, found))


async def names_of_signals(session: AsyncSession, user_id: UUID, signals: Sequence[UUID]) -> frozenset[ValueName]:
    return await names_of(session, user_id, Signal.id == any_of(signals)) if signals else frozenset()


async def names_of(session: AsyncSession, user_id: UUID, condition: ColumnElement[bool]) -> frozenset[ValueName]:
    """Return the values that the signals name. A signal against a value also names the value's negation."""
    rows = await session.execute(select(Signal.slot, Signal.value_key, Signal.polarity).distinct().where(Signal.user_id == user_id, condition))
    return frozenset(name for slot, key, polarity in rows for name in list_named_values(slot, key, polarity))


async def _telling_lines(
    session: AsyncSession, user_id: UUID, lines: Sequence[UUID], gone: Sequence[str], stays: Sequence[str], tells: MentionsRemovedText
) -> list[UUID]:
    """Return those of these lines that mention removed text which neither their remaining quotes nor `stays` mention, except the user's lines."""
    left: dict[UUID, list[str]] = {}
    if not lines:
        return []
    quotes = select(LineEvidence.line_id, LineEvidence.quote).where(LineEvidence.user_id == user_id, LineEvidence.line_id == any_of(lines))
    for line_id, quote in await session.execute(quotes):
        left.setdefault(line_id, [*stays]).append(quote)
    if not left:
        return []
    mine = (DiaryLine.user_id == user_id, DiaryLine.id == any_of(list(left)), DiaryLine.by_person.is_(False))
    return [line_id for line_id, text in await session.execute(select(DiaryLine.id, DiaryLine.text).where(*mine)) if tells(text, gone, left[line_id])]


async def move_quotes(session: AsyncSession, user_id: UUID, message_id: UUID, table: Any, owner: Any, locate: LocateQuote) -> Sequence[UUID]:
    """Update or delete the quotes of a message, and return the lines or signals that lost one."""
    lost = []
    of_message = and_(table.user_id == user_id, table.message_id == message_id)
    columns = (owner, table.position, table.quote, table.start)
    for owner_id, position, quote, start in (await session.execute(select(*columns).where(of_message))).all():
        found = locate(quote)
        one = and_(table.user_id == user_id, owner == owner_id, table.position == position)
        if found is None:
            lost.append(owner_id)
            await session.execute(delete(table).where(one), execution_options=QUIET)
        else:
            moved = found[0] - start if len(found[1]) == len(quote) else None  # with another length, the whole quote counts as cited
            cited = {name: None if moved is None else getattr(table, name) + moved for name in ("cited_start", "cited_end")}
            await session.execute(update(table).where(one).values(start=found[0], quote=found[1], **cited), execution_options=QUIET)
    return lost


async def delete_unsupported(
    session: AsyncSession, user_id: UUID, affected: Affected, join: Join, gone: Sequence[str], stays: Sequence[str], tells: MentionsRemovedText
) -> tuple[int, int, Sequence[UUID]]:
    """Remove the affected lines and signals without a quote, and lines that still mention removed text; the user's lines need no quote.

    Those that are left lose the day that they are about, which the removed text may have named, until the diary is rewritten.

    Return the numbers of removed lines and signals, not counting those of earlier versions, and the ids of all lines that were removed.
    """
    telling = await _telling_lines(session, user_id, affected.lines, gone, stays, tells)
    signals = await drop_signals(session, user_id, affected.signals)
    if not affected.lines:
        return 0, signals, ()
    mine = and_(DiaryLine.user_id == user_id, DiaryLine.id == any_of(affected.lines))
    unsupported = ~exists().where(LineEvidence.user_id == user_id, LineEvidence.line_id == DiaryLine.id)
    going = and_(mine, DiaryLine.by_person.is_(False), or_(unsupported, DiaryLine.id == any_of(telling)))
    lines, _, gone_lines = await _drop_lines(session, user_id, going, join)
    rewritten = update(DiaryLine).where(mine, or_(DiaryLine.replaced_text.is_not(None), DiaryLine.happens_on.is_not(None)))
    await session.execute(rewritten.values(replaced_text=None, happens_on=None), execution_options=QUIET)
    return lines, signals, gone_lines


async def _drop_lines(session: AsyncSession, user_id: UUID, going: ColumnElement[bool], join: Join) -> tuple[int, frozenset[UUID], Sequence[UUID]]:
    """Delete lines and join the summaries anew that lost one. Return the number of them in current versions, the diaries, and the ids of all of them."""
    lines = await session.scalar(select(func.count()).select_from(DiaryLine).join(Diary, PRESENT_LINE).where(going)) or 0
    deleted = delete(DiaryLine).where(going).returning(DiaryLine.id, DiaryLine.diary_id, DiaryLine.version, DiaryLine.kind)
    found = (await session.execute(deleted, execution_options=QUIET)).all()
    if found:
        await delete_diary_terms(session, user_id, {row.diary_id for row in found})
    for diary_id, version in sorted({(row.diary_id, row.version) for row in found if row.kind is LineKind.SUMMARY}):
        await summarize_again(session, user_id, diary_id, version, join)
    return lines, frozenset(row.diary_id for row in found), [row.id for row in found]


@dataclass(frozen=True)
class MentioningTexts:
    """Lines, signals, and summaries (diary, version) that mention deleted text although they quote none of it."""

    lines: Sequence[UUID] = ()
    signals: Sequence[UUID] = ()
    summaries: Sequence[tuple[UUID, int]] = ()


@dataclass(frozen=True)
class DroppedTexts:
    """Counts of the lines of current diaries and of the signals of current diaries and weeks that were deleted, the days of those diaries, and the
    values that the signals named."""

    lines: int = 0
    signals: int = 0
    days: frozenset[date] = frozenset()
    names: frozenset[ValueName] = frozenset()
    line_ids: Sequence[UUID] = ()
    """The ids of the deleted lines, of every version."""


async def drop_mentioning(session: AsyncSession, user_id: UUID, found: MentioningTexts, join: Join) -> DroppedTexts:
    """Delete lines and signals, and join summaries anew from the lines that are left."""
    going = and_(DiaryLine.user_id == user_id, DiaryLine.id == any_of(found.lines), DiaryLine.by_person.is_(False))
    lines, diaries, gone = await _drop_lines(session, user_id, going, join) if found.lines else (0, frozenset[UUID](), ())
    for diary_id, version in found.summaries:
        await summarize_again(session, user_id, diary_id, version, join)
    summarized = frozenset(diary_id for diary_id, _ in found.summaries)
    if summarized:
        await delete_diary_terms(session, user_id, summarized)
    mine = and_(Signal.user_id == user_id, Signal.id == any_of(found.signals))
    names = await names_of(session, user_id, mine) if found.signals else frozenset()
    of_signals = select(Signal.diary_id).where(mine, Signal.diary_id.is_not(None))
    is_current = or_(Diary.version == Signal.version, Signal.week.is_not(None))
    diary = and_(Diary.user_id == Signal.user_id, Diary.id == Signal.diary_id)
    shown = await session.scalar(select(func.count()).select_from(Signal).outerjoin(Diary, diary).where(mine, is_current)) or 0
    touched = or_(Diary.id == any_of(diaries | summarized), Diary.id.in_(of_signals))
    days = await session.scalars(select(Diary.day).where(Diary.user_id == user_id, touched))
    found_days = frozenset(days)
    if found.signals:
        await session.execute(delete(Signal).where(mine), execution_options=QUIET)
    return DroppedTexts(lines, shown, found_days, names, gone)


async def drop_signals(session: AsyncSession, user_id: UUID, signals: Sequence[UUID]) -> int:
    """Remove those of these signals that have no quote left, and a week's patterns that are left with quotes of one day; the others lose the day that they
    are about. Return the number removed from current diaries and from weeks."""
    if not signals:
        return 0
    quotes = and_(SignalEvidence.user_id == user_id, SignalEvidence.signal_id == Signal.id)
    days = select(func.count(distinct(SignalEvidence.day))).where(quotes).scalar_subquery()
    pattern = and_(Signal.week.is_not(None), Signal.stated.is_(False), Signal.polarity == Polarity.POSITIVE)
    these, unsupported = and_(Signal.user_id == user_id, Signal.id == any_of(signals)), or_(days == 0, and_(pattern, days == 1))
    is_current = or_(Diary.version == Signal.version, Signal.week.is_not(None))
    diary = and_(Diary.user_id == Signal.user_id, Diary.id == Signal.diary_id)
    counts = (func.count().filter(unsupported, is_current), func.count(Signal.happens_on))
    shown, dated = (await session.execute(select(*counts).select_from(Signal).outerjoin(Diary, diary).where(these))).one()
    await session.execute(delete(Signal).where(these, unsupported), execution_options=QUIET)
    if dated:
        await session.execute(update(Signal).where(these, Signal.happens_on.is_not(None)).values(happens_on=None), execution_options=QUIET)
    return int(shown)


PRESENT_LINE = and_(Diary.user_id == DiaryLine.user_id, Diary.id == DiaryLine.diary_id, Diary.version == DiaryLine.version)


async def summarize_again(session: AsyncSession, user_id: UUID, diary_id: UUID, version: int, join: Join) -> None:
    of_version = (DiaryLine.user_id == user_id, DiaryLine.diary_id == diary_id, DiaryLine.version == version)
    left = select(DiaryLine.text).where(*of_version, DiaryLine.kind == LineKind.SUMMARY, DiaryLine.hidden.is_(False)).order_by(DiaryLine.position)
    sentences = (await session.scalars(left)).all()
    this_version = (
        DiaryVersion.user_id == user_id, DiaryVersion.diary_id == diary_id, DiaryVersion.version == version,
        DiaryVersion.summary_by_person.is_(False),
    )
    await session.execute(update(DiaryVersion).where(*this_version).values(summary=join(sentences)), execution_options=QUIET)
