"""What goes with a person's words: the quotes that stand on them, the lines and signals without any quote left, summaries and titles.

It goes from every version of a diary, and from every copy that a fork made. Each function works inside the caller's transaction and
tells what it removed; the profile is the caller's to recompute. Days that lose words count one revision up, so the next night writes
them anew; a day without any word left goes with its diary, unless the person wrote in that diary by hand.
"""
from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any, Protocol
from uuid import UUID

from sqlalchemy import ColumnElement, Text, Uuid, all_, and_, any_, cast, delete, exists, func, literal, or_, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.models import (
    ActiveDay,
    Conversation,
    Diary,
    DiaryDeletion,
    DiaryLine,
    DiaryVersion,
    LineEvidence,
    Message,
    Signal,
    SignalEvidence,
)
from persistence.models.chat import MessageRole
from persistence.models.diary import LineKind
from persistence.queries.chat_writing import hold_conversation
from persistence.queries.diary_editing import delete_diary
from persistence.queries.unlearning import ValueName

Join = Callable[[Sequence[str]], str]
"""Makes one paragraph of a diary's summary sentences."""

class Tells(Protocol):
    """Whether a text says words of what is gone that what is left does not hold."""

    def __call__(self, text: str, gone: Sequence[str], left: Sequence[str]) -> bool: ...


Place = Callable[[str], "tuple[int, str] | None"]
"""Where a quote stands in the message's new text, and its words there; None when it no longer occurs."""

_QUIET = {"synchronize_session": False}


@dataclass(frozen=True)
class Forgotten:
    """What went: messages (copies in forks counted apart), whole diaries; lines and signals of present diaries and of weeks.

    `days` are those whose diaries lost something. `names` are the values for which a signal lost words.
    """

    messages: int = 0
    copies: int = 0
    diaries: int = 0
    lines: int = 0
    signals: int = 0
    days: frozenset[date] = frozenset()
    names: frozenset[ValueName] = frozenset()


async def forget_messages(session: AsyncSession, user_id: UUID, message_ids: Sequence[UUID], join: Join, tells: Tells) -> Forgotten:
    """Delete messages, with the answers to the questions among them and all copies of them."""
    named = or_(Message.id == _any_of(message_ids), Message.reply_to == _any_of(message_ids))
    originals = (await session.scalars(select(Message.id).where(Message.user_id == user_id, named))).all()
    going = and_(Message.user_id == user_id, or_(Message.id == _any_of(originals), Message.copy_of == _any_of(originals)))
    going = and_(Message.user_id == user_id, Message.id == _any_of(await _with_answers(session, user_id, going)))
    conversations = await _hold_conversations(session, user_id, going)
    days = await _hold_days(session, user_id, going)
    words = (await session.scalars(select(Message.content).where(going))).all()
    copies = await session.scalar(select(func.count()).where(going, Message.id != _all_of(originals))) or 0
    affected = await _standing_on(session, user_id, going)
    await session.execute(delete(Message).where(going), execution_options=_QUIET)
    telling = partial(tells, gone=words, left=())
    lines, signals = await _drop(session, user_id, affected, join, words, (), tells)
    for conversation_id, first in conversations:
        await forget_made_texts(session, user_id, conversation_id, first, telling)
    diaries = [await _settle_day(session, user_id, day) for day in days]
    return Forgotten(len(words) - copies, copies, sum(diaries), lines, signals, frozenset(days), affected.names)


async def forget_conversation(session: AsyncSession, user_id: UUID, conversation_id: UUID, join: Join, tells: Tells) -> Forgotten | None:
    """Delete a conversation with all its messages and their copies; None when there is none. What was said in a fork since stays."""
    mine = and_(Conversation.user_id == user_id, Conversation.id == conversation_id)
    if await session.scalar(select(Conversation.id).where(mine).with_for_update()) is None:
        return None
    messages = await session.scalars(select(Message.id).where(Message.user_id == user_id, Message.conversation_id == conversation_id))
    forgotten = await forget_messages(session, user_id, messages.all(), join, tells)
    await session.execute(delete(Conversation).where(mine), execution_options=_QUIET)
    return forgotten


async def forget_diary(session: AsyncSession, diary: Diary, lines: int) -> Forgotten:
    """Delete a diary with its versions, and what a week's review found in its day. `lines` is how many it shows."""
    user_id, day = diary.user_id, diary.day
    of_day = and_(SignalEvidence.user_id == user_id, SignalEvidence.day == day)
    of_diary = and_(Signal.user_id == user_id, Signal.diary_id == diary.id)
    weekly = (await session.scalars(select(SignalEvidence.signal_id).distinct().where(of_day))).all()
    names = await _names(session, user_id, or_(of_diary, Signal.id == _any_of(weekly)))
    shown = await session.scalar(select(func.count()).where(of_diary, Signal.version == diary.version)) or 0
    await delete_diary(session, diary)
    await session.execute(delete(SignalEvidence).where(of_day), execution_options=_QUIET)
    dropped = await _drop_signals(session, user_id, weekly)
    return Forgotten(diaries=1, lines=lines, signals=shown + dropped, days=frozenset([day]), names=names)


async def forget_quotes(session: AsyncSession, user_id: UUID, day: date, quotes: Collection[tuple[UUID, int]]) -> Forgotten:
    """Remove quotes (signal, position) on which signals stand, and the signals that stood on nothing else."""
    signals = list({signal_id for signal_id, _ in quotes})
    names = await _names(session, user_id, Signal.id == _any_of(signals))
    for signal_id, position in quotes:
        one = (SignalEvidence.user_id == user_id, SignalEvidence.signal_id == signal_id, SignalEvidence.position == position)
        await session.execute(delete(SignalEvidence).where(*one), execution_options=_QUIET)
    return Forgotten(signals=await _drop_signals(session, user_id, signals), days=frozenset([day]), names=names)


async def forget_lines(session: AsyncSession, diary: Diary, lines: Sequence[UUID], join: Join) -> None:
    """Delete lines from whichever versions of a diary they stand in."""
    gone = delete(DiaryLine).where(DiaryLine.user_id == diary.user_id, DiaryLine.diary_id == diary.id, DiaryLine.id == _any_of(lines))
    found = await session.execute(gone.returning(DiaryLine.version, DiaryLine.kind), execution_options=_QUIET)
    for version in sorted({row.version for row in found if row.kind is LineKind.SUMMARY}):
        await _summarise_again(session, diary.user_id, diary.id, version, join)


async def requote(session: AsyncSession, user_id: UUID, message: Message, was: str, place: Place, join: Join, tells: Tells) -> Forgotten:
    """Fit the quotes of an edited message to its new text and remove those that no longer occur in it. Counts its day one revision up.

    `was` is the text it had.
    """
    days = await _hold_days(session, user_id, and_(Message.user_id == user_id, Message.id == message.id))
    lines = await _requote(session, user_id, message.id, LineEvidence, LineEvidence.line_id, place)
    signals = await _requote(session, user_id, message.id, SignalEvidence, SignalEvidence.signal_id, place)
    names = await _names(session, user_id, Signal.id == _any_of(signals))
    dropped = await _drop(session, user_id, Affected(lines, signals, names), join, [was], [message.content], tells)
    telling = partial(tells, gone=[was], left=[message.content])
    await forget_made_texts(session, user_id, message.conversation_id, message.id, telling)
    for day in days:
        await _count_up(session, user_id, day)
    return Forgotten(lines=dropped[0], signals=dropped[1], days=frozenset(days), names=names)


async def forget_made_texts(
    session: AsyncSession, user_id: UUID, conversation_id: UUID, message_id: UUID, telling: Callable[[str], bool]
) -> None:
    """Clear what was made of a message's words: the running summary that covers it, and a title made of the first words or telling them.

    Both are made again with the next answer. A title of the person's own stays.
    """
    conversation = and_(Conversation.user_id == user_id, Conversation.id == conversation_id)
    covered = update(Conversation).where(conversation, Conversation.summary_through >= message_id)
    await session.execute(covered.values(summary=None, summary_through=None), execution_options=_QUIET)
    earlier = exists().where(Message.user_id == user_id, Message.conversation_id == conversation_id, Message.id < message_id)
    title = await session.scalar(select(Conversation.title).where(conversation))
    told = title is not None and telling(title)
    titled = update(Conversation).where(conversation, Conversation.title_by_person.is_(False), or_(~earlier, literal(told)))
    await session.execute(titled.values(title=None), execution_options=_QUIET)


async def _with_answers(session: AsyncSession, user_id: UUID, going: ColumnElement[bool]) -> Sequence[UUID]:
    """These messages and the answers to them, which go with them: a copied question may have been answered in its fork."""
    ids = (await session.scalars(select(Message.id).where(going))).all()
    answers = await session.scalars(select(Message.id).where(Message.user_id == user_id, Message.reply_to == _any_of(ids)))
    return list({*ids, *answers})


async def _hold_conversations(session: AsyncSession, user_id: UUID, going: ColumnElement[bool]) -> Sequence[tuple[UUID, UUID]]:
    """The conversations that lose messages, each with the first that goes."""
    first = func.min(cast(Message.id, Text))
    found = await session.execute(select(Message.conversation_id, first).where(going).group_by(Message.conversation_id))
    conversations = sorted((conversation_id, UUID(message_id)) for conversation_id, message_id in found)
    for conversation_id, _ in conversations:
        await hold_conversation(session, user_id, conversation_id)
    return conversations


async def _hold_days(session: AsyncSession, user_id: UUID, going: ColumnElement[bool]) -> Sequence[date]:
    """The days that lose words, held with their diaries: a night that is storing one is waited for before a message is touched."""
    days = sorted(set(await session.scalars(select(Message.day).where(going, _learnable()))))
    if days:
        held = select(ActiveDay.day).where(ActiveDay.user_id == user_id, ActiveDay.day.in_(days))
        await session.execute(held.order_by(ActiveDay.day).with_for_update())
        await session.execute(select(Diary.id).where(Diary.user_id == user_id, Diary.day.in_(days)).order_by(Diary.day).with_for_update())
    return days


def _learnable() -> ColumnElement[bool]:
    """Of a message: the nights read it. They read nothing of temporary conversations, no copy that a fork brought along, and nothing
    from before the day's diary was deleted."""
    kept = and_(Conversation.user_id == Message.user_id, Conversation.id == Message.conversation_id, Conversation.temporary.is_(False))
    deleted = exists().where(DiaryDeletion.user_id == Message.user_id, DiaryDeletion.day == Message.day, Message.id <= DiaryDeletion.through)
    return and_(Message.copied.is_(False), exists().where(kept), ~deleted)


@dataclass(frozen=True)
class Affected:
    """Lines and signals that lose a quote, and the values that those signals name."""

    lines: Sequence[UUID]
    signals: Sequence[UUID]
    names: frozenset[ValueName]


async def _standing_on(session: AsyncSession, user_id: UUID, going: ColumnElement[bool]) -> Affected:
    """What has a quote from these messages."""
    messages = select(Message.id).where(going)
    lines = await session.scalars(
        select(LineEvidence.line_id).distinct().where(LineEvidence.user_id == user_id, LineEvidence.message_id.in_(messages)))
    signals = await session.scalars(
        select(SignalEvidence.signal_id).distinct().where(SignalEvidence.user_id == user_id, SignalEvidence.message_id.in_(messages)))
    found = signals.all()
    return Affected(lines.all(), found, await _names(session, user_id, Signal.id == _any_of(found)))


async def _names(session: AsyncSession, user_id: UUID, condition: ColumnElement[bool]) -> frozenset[ValueName]:
    rows = await session.execute(select(Signal.slot, Signal.value_key).distinct().where(Signal.user_id == user_id, condition))
    return frozenset((slot, key) for slot, key in rows)


async def _telling_lines(
    session: AsyncSession, user_id: UUID, lines: Sequence[UUID], gone: Sequence[str], stays: Sequence[str], tells: Tells
) -> list[UUID]:
    """Of these lines, those that say words which are gone and stand neither in a quote that they have left nor in `stays`."""
    left: dict[UUID, list[str]] = {}
    quotes = select(LineEvidence.line_id, LineEvidence.quote).where(LineEvidence.user_id == user_id, LineEvidence.line_id == _any_of(lines))
    for line_id, quote in await session.execute(quotes):
        left.setdefault(line_id, [*stays]).append(quote)
    mine = (DiaryLine.user_id == user_id, DiaryLine.id == _any_of(list(left)), DiaryLine.by_person.is_(False))
    return [line_id for line_id, text in await session.execute(select(DiaryLine.id, DiaryLine.text).where(*mine)) if tells(text, gone, left[line_id])]


async def _requote(session: AsyncSession, user_id: UUID, message_id: UUID, table: Any, owner: Any, place: Place) -> Sequence[UUID]:
    """The lines or signals that lost a quote."""
    lost = []
    of_message = and_(table.user_id == user_id, table.message_id == message_id)
    for owner_id, position, quote in (await session.execute(select(owner, table.position, table.quote).where(of_message))).all():
        found = place(quote)
        one = and_(table.user_id == user_id, owner == owner_id, table.position == position)
        if found is None:
            lost.append(owner_id)
            await session.execute(delete(table).where(one), execution_options=_QUIET)
        else:
            await session.execute(update(table).where(one).values(start=found[0], quote=found[1]), execution_options=_QUIET)
    return lost


async def _drop(
    session: AsyncSession, user_id: UUID, affected: Affected, join: Join, gone: Sequence[str], stays: Sequence[str], tells: Tells
) -> tuple[int, int]:
    """Remove the affected lines and signals without a quote, and lines that still tell of what is gone; what is by hand needs no quote.

    Answers how many lines and signals went, those of earlier versions not counted.
    """
    telling = await _telling_lines(session, user_id, affected.lines, gone, stays, tells)
    signals = await _drop_signals(session, user_id, affected.signals)
    mine = and_(DiaryLine.user_id == user_id, DiaryLine.id == _any_of(affected.lines))
    unsupported = ~exists().where(LineEvidence.user_id == user_id, LineEvidence.line_id == DiaryLine.id)
    going = and_(mine, DiaryLine.by_person.is_(False), or_(unsupported, DiaryLine.id == _any_of(telling)))
    lines = await session.scalar(select(func.count()).select_from(DiaryLine).join(Diary, _PRESENT_LINE).where(going)) or 0
    deleted = delete(DiaryLine).where(going).returning(DiaryLine.diary_id, DiaryLine.version, DiaryLine.kind)
    found = await session.execute(deleted, execution_options=_QUIET)
    for diary_id, version in sorted({(row.diary_id, row.version) for row in found if row.kind is LineKind.SUMMARY}):
        await _summarise_again(session, user_id, diary_id, version, join)
    rewritten = update(DiaryLine).where(mine, DiaryLine.by_person, DiaryLine.replaced_text.is_not(None))
    await session.execute(rewritten.values(replaced_text=None), execution_options=_QUIET)
    return lines, signals


async def _drop_signals(session: AsyncSession, user_id: UUID, signals: Iterable[UUID]) -> int:
    """Of these signals, remove those without a quote. Answers how many went from present diaries and from weeks."""
    unquoted = ~exists().where(SignalEvidence.user_id == user_id, SignalEvidence.signal_id == Signal.id)
    going = and_(Signal.user_id == user_id, Signal.id == _any_of(signals), unquoted)
    present = or_(Diary.version == Signal.version, Signal.week.is_not(None))
    diary = and_(Diary.user_id == Signal.user_id, Diary.id == Signal.diary_id)
    shown = await session.scalar(select(func.count()).select_from(Signal).outerjoin(Diary, diary).where(going, present)) or 0
    await session.execute(delete(Signal).where(going), execution_options=_QUIET)
    return shown


_PRESENT_LINE = and_(Diary.user_id == DiaryLine.user_id, Diary.id == DiaryLine.diary_id, Diary.version == DiaryLine.version)


async def _summarise_again(session: AsyncSession, user_id: UUID, diary_id: UUID, version: int, join: Join) -> None:
    of_version = (DiaryLine.user_id == user_id, DiaryLine.diary_id == diary_id, DiaryLine.version == version)
    left = select(DiaryLine.text).where(*of_version, DiaryLine.kind == LineKind.SUMMARY, DiaryLine.hidden.is_(False)).order_by(DiaryLine.position)
    sentences = (await session.scalars(left)).all()
    place = (
        DiaryVersion.user_id == user_id, DiaryVersion.diary_id == diary_id, DiaryVersion.version == version,
        DiaryVersion.summary_by_person.is_(False),
    )
    await session.execute(update(DiaryVersion).where(*place).values(summary=join(sentences)), execution_options=_QUIET)


async def _settle_day(session: AsyncSession, user_id: UUID, day: date) -> bool:
    """Answers whether the day's diary went."""
    words = select(Message.id).where(Message.user_id == user_id, Message.day == day, Message.role == MessageRole.USER, _learnable()).limit(1)
    if await session.scalar(words) is not None:
        await _count_up(session, user_id, day)
        return False
    await session.execute(delete(ActiveDay).where(ActiveDay.user_id == user_id, ActiveDay.day == day), execution_options=_QUIET)
    present = and_(DiaryVersion.user_id == Diary.user_id, DiaryVersion.diary_id == Diary.id, DiaryVersion.version == Diary.version)
    by_hand = or_(
        exists().where(present, or_(DiaryVersion.summary_by_person, DiaryVersion.mood_by_person)),
        exists().where(_PRESENT_LINE, DiaryLine.by_person), func.cardinality(Diary.tags) > 0,
    )
    going = delete(Diary).where(Diary.user_id == user_id, Diary.day == day, ~by_hand)
    return await session.scalar(going.returning(Diary.id), execution_options=_QUIET) is not None


async def _count_up(session: AsyncSession, user_id: UUID, day: date) -> None:
    statement = update(ActiveDay).where(ActiveDay.user_id == user_id, ActiveDay.day == day).values(revision=ActiveDay.revision + 1)
    await session.execute(statement, execution_options=_QUIET)


def _any_of(ids: Iterable[UUID]) -> ColumnElement[Any]:
    return any_(literal(list(ids), ARRAY(Uuid)))


def _all_of(ids: Iterable[UUID]) -> ColumnElement[Any]:
    return all_(literal(list(ids), ARRAY(Uuid)))
