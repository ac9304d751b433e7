"""Erasure of messages and of what they support: quotes, lines and signals without any quote left, generated summaries and titles.

It covers every version of a diary and every copy that a fork made. Each function runs inside the caller's transaction and returns what it
removed; the caller recomputes the profile. The revision of each day that loses text is raised, so the next nightly job rewrites its diary.
A day without any message left of the user loses its diary, unless the user edited that diary.
"""
from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from itertools import chain
from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, Text, and_, cast, delete, exists, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.bulk import any_of
from persistence.ids import is_client_made
from persistence.models import (
    ActiveDay,
    Conversation,
    Diary,
    DiaryDeletion,
    DiaryLine,
    DiaryVersion,
    EventQuestion,
    LineEvidence,
    Message,
    Signal,
    SignalEvidence,
)
from persistence.models.chat import MessageRole
from persistence.models.diary import LineKind
from persistence.models.enums import Learning
from persistence.orm import Session
from persistence.queries.answer_streams import store_abandoned
from persistence.queries.branches import repair_path
from persistence.queries.chat_writes import lock_conversation
from persistence.queries.diary_edits import delete_diary, list_texts_by_hand
from persistence.queries.evidence_erasure import (
    PRESENT_LINE,
    Affected,
    Join,
    LocateQuote,
    MentionsRemovedText,
    delete_unsupported,
    drop_signals,
    find_affected,
    move_quotes,
    names_of,
    names_of_signals,
    summarize_again,
)
from persistence.queries.execution_options import QUIET
from persistence.queries.search_terms import delete_diary_terms
from persistence.queries.value_erasure import ValueName, delete_wishes, remove_verdict_evidence

ANY_ANSWER: Final = UUID(int=0)
"""The `since` of `ErasedData` for a text that was in no message: any answer may repeat it."""

DeletedObject = tuple[str, UUID]
"""The kind of a deleted object, by the name that users know it by, and its id."""


def name_deleted(kind: str, ids: Iterable[UUID]) -> list[DeletedObject]:
    return [(kind, id) for id in ids]


@dataclass(frozen=True)
class ErasedData:
    """Counts of what was erased: messages (copies that a fork made counted apart), whole diaries; lines and signals of current diaries and of weeks.

    `days` are those whose diaries lost something, `conversations` those that had the messages. `names` are the values for which a signal lost a quote.
    """

    messages: int = 0
    copies: int = 0
    diaries: int = 0
    lines: int = 0
    signals: int = 0
    days: frozenset[date] = frozenset()
    names: frozenset[ValueName] = frozenset()
    texts: Sequence[str] = ()
    """The texts of the user that were deleted or changed."""
    deleted: Sequence[UUID] = ()
    since: UUID | None = None
    """The ids of the messages that were deleted or changed, and the first of them: earlier answers cannot repeat their texts."""
    conversations: frozenset[UUID] = frozenset()
    values: Sequence[UUID] = ()
    """The values of the profile that the user erased."""
    companions: frozenset[int] = frozenset()
    """The versions of the companion that the user deleted."""
    keys: Sequence[str] = ()
    answers: Sequence[str] = ()
    """The idempotency keys of the deleted messages, with the ids that clients made for deleted conversations, and the texts of the assistant."""
    edited: bool = False
    """True if the message was changed and stays."""
    gone: Sequence[DeletedObject] = ()
    """The deleted objects that had an id: messages with their copies, conversations, diaries, lines of every version."""


async def erase_messages(session: Session, user_id: UUID, message_ids: Sequence[UUID], join: Join, tells: MentionsRemovedText) -> ErasedData:
    """Delete messages, the answers to the questions among them, and all copies of both. The branches that began beside them stay reachable."""
    named = or_(Message.id == any_of(message_ids), Message.reply_to == any_of(message_ids))
    originals = (await session.scalars(select(Message.id).where(Message.user_id == user_id, named))).all()
    going = and_(Message.user_id == user_id, or_(Message.id == any_of(originals), Message.copy_of == any_of(originals)))
    going = and_(Message.user_id == user_id, Message.id == any_of(await _with_answers(session, user_id, going)))
    conversations = await _lock_conversations(session, user_id, going)
    days = await _lock_days(session, user_id, going)
    found = (await session.execute(select(Message.id, Message.content, Message.role, Message.idempotency_key, Message.copied).where(going))).all()
    gone, words = [row.id for row in found], [row.content for row in found]
    copies = sum(row.copied for row in found)
    affected = await find_affected(session, user_id, going)
    await session.execute(delete(Message).where(going), execution_options=QUIET)
    wished = await delete_wishes(session, user_id, gone)
    await remove_verdict_evidence(session, user_id, gone)
    telling = partial(tells, gone=words, left=())
    lines, signals, line_ids = await delete_unsupported(session, user_id, affected, join, words, (), tells)
    for conversation_id, first in conversations:
        await clear_generated_texts(session, user_id, conversation_id, first, telling)
        await repair_path(session, user_id, conversation_id)
    diaries = [diary for day in days if (diary := await _bump_or_delete_day(session, user_id, day))]
    return ErasedData(
        len(words) - copies, copies, len(diaries), lines, signals, frozenset(days), affected.names | wished,
        [row.content for row in found if row.role is MessageRole.USER], gone, min(gone, default=None),
        frozenset(conversation_id for conversation_id, _ in conversations), keys=[row.idempotency_key for row in found if row.idempotency_key],
        answers=[row.content for row in found if row.role is not MessageRole.USER],
        gone=[*name_deleted("Message", gone), *name_deleted("DiaryLine", line_ids), *chain.from_iterable(diaries)])


async def lock_erasures(session: Session, user_id: UUID) -> int:
    """Let the deletions and edits of one user run one after the other: each changes answers and titles of other conversations, in any order.

    Call it before any other lock. It is an advisory lock, so it holds up no other write of the user. What dead processes left of answers becomes messages,
    so that a deletion reaches it. Return how many questions that ended.
    """
    await session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(f"erasure of {user_id}", 0))))
    return await store_abandoned(session, user_id)


async def erase_conversations(
    session: Session, user_id: UUID, ids: Sequence[UUID], join: Join, tells: MentionsRemovedText
) -> tuple[frozenset[UUID], ErasedData]:
    """Delete conversations with their messages and the copies of these, and keep later messages of their forks. Return the ids of those that existed."""
    named = and_(Conversation.user_id == user_id, Conversation.id == any_of(ids))
    found = (await session.scalars(select(Conversation.id).where(named).order_by(Conversation.id).with_for_update())).all()
    messages = await session.scalars(select(Message.id).where(Message.user_id == user_id, Message.conversation_id == any_of(found)))
    forgotten = await erase_messages(session, user_id, messages.all(), join, tells)
    going = delete(Conversation).where(Conversation.user_id == user_id, Conversation.id == any_of(found))
    await session.execute(going, execution_options=QUIET)
    keys = [*forgotten.keys, *(str(id) for id in found if is_client_made(id))]
    return frozenset(found), replace(forgotten, keys=keys, gone=[*forgotten.gone, *name_deleted("Conversation", found)])


async def erase_play(session: AsyncSession, user_id: UUID, conversation_id: UUID, join: Join, tells: MentionsRemovedText) -> ErasedData:
    """Remove the quotes of a conversation's messages, which stay, from diaries and signals, with the lines and signals that nothing else supports.

    The revision of each day is raised, so that the next nightly job writes in its diary that the user played.
    """
    played = and_(Message.user_id == user_id, Message.conversation_id == conversation_id)
    days = await _lock_days(session, user_id, played)
    words = list(await session.scalars(select(Message.content).where(played, Message.role == MessageRole.USER)))
    affected = await find_affected(session, user_id, played)
    messages = select(Message.id).where(played)
    for table in (LineEvidence, SignalEvidence):
        await session.execute(delete(table).where(table.user_id == user_id, table.message_id.in_(messages)), execution_options=QUIET)
    await session.execute(delete(EventQuestion).where(EventQuestion.user_id == user_id, EventQuestion.message_id.in_(messages)), execution_options=QUIET)
    lines, signals, _ = await delete_unsupported(session, user_id, affected, join, words, (), tells)
    wished = await delete_wishes(session, user_id, (await session.scalars(messages)).all())
    for day in days:
        await _bump_day_revision(session, user_id, day)
    return ErasedData(lines=lines, signals=signals, days=frozenset(days), names=affected.names | wished)


async def bump_day_revisions(session: AsyncSession, user_id: UUID, conversation_id: UUID) -> None:
    """Raise the revision of each day with messages of a conversation, so that the nightly jobs learn from them again."""
    for day in await _lock_days(session, user_id, and_(Message.user_id == user_id, Message.conversation_id == conversation_id)):
        await _bump_day_revision(session, user_id, day)


async def erase_diary(session: AsyncSession, diary: Diary, lines: int) -> ErasedData:
    """Delete a diary with its versions, and the quotes of its day from weekly reviews. `lines` is the number of lines that it shows.

    What the user wrote in it by hand counts as deleted text, which any answer may repeat.
    """
    user_id, day = diary.user_id, diary.day
    of_day = and_(SignalEvidence.user_id == user_id, SignalEvidence.day == day)
    of_diary = and_(Signal.user_id == user_id, Signal.diary_id == diary.id)
    weekly = (await session.scalars(select(SignalEvidence.signal_id).distinct().where(of_day))).all()
    names = await names_of(session, user_id, or_(of_diary, Signal.id == any_of(weekly)))
    shown = await session.scalar(select(func.count()).where(of_diary, Signal.version == diary.version)) or 0
    line_ids = (await session.scalars(select(DiaryLine.id).where(DiaryLine.user_id == user_id, DiaryLine.diary_id == diary.id))).all()
    texts = await list_texts_by_hand(session, diary)
    await delete_diary(session, diary)
    await session.execute(delete(SignalEvidence).where(of_day), execution_options=QUIET)
    dropped = await drop_signals(session, user_id, weekly)
    gone = [("Diary", diary.id), *name_deleted("DiaryLine", line_ids)]
    since = ANY_ANSWER if texts else None
    return ErasedData(diaries=1, lines=lines, signals=shown + dropped, days=frozenset([day]), names=names, gone=gone, texts=texts, since=since)


async def erase_quotes(session: AsyncSession, user_id: UUID, day: date, quotes: Collection[tuple[UUID, int]]) -> ErasedData:
    """Remove quotes (signal, position) of signals, and the signals that no other quote supports."""
    signals = list({signal_id for signal_id, _ in quotes})
    names = await names_of(session, user_id, Signal.id == any_of(signals))
    for signal_id, position in quotes:
        one = (SignalEvidence.user_id == user_id, SignalEvidence.signal_id == signal_id, SignalEvidence.position == position)
        await session.execute(delete(SignalEvidence).where(*one), execution_options=QUIET)
    return ErasedData(signals=await drop_signals(session, user_id, signals), days=frozenset([day]), names=names)


async def erase_lines(session: AsyncSession, diary: Diary, lines: Sequence[UUID], join: Join) -> None:
    """Delete lines from every version of a diary that has them."""
    gone = delete(DiaryLine).where(DiaryLine.user_id == diary.user_id, DiaryLine.diary_id == diary.id, DiaryLine.id == any_of(lines))
    found = await session.execute(gone.returning(DiaryLine.version, DiaryLine.kind), execution_options=QUIET)
    await delete_diary_terms(session, diary.user_id, [diary.id])
    for version in sorted({row.version for row in found if row.kind is LineKind.SUMMARY}):
        await summarize_again(session, diary.user_id, diary.id, version, join)


async def update_quotes(
    session: AsyncSession, user_id: UUID, message: Message, was: str, copies: Sequence[tuple[UUID, UUID]], locate: LocateQuote, join: Join,
    tells: MentionsRemovedText
) -> ErasedData:
    """Fit the quotes of an edited message to its new text, remove those that no longer occur in it, and raise its day's revision by one.

    `was` is the message's earlier text, `copies` are its changed copies in forks with their conversations.
    """
    days = await _lock_days(session, user_id, and_(Message.user_id == user_id, Message.id == message.id))
    await session.execute(delete(EventQuestion).where(EventQuestion.user_id == user_id, EventQuestion.message_id == message.id), execution_options=QUIET)
    lines = await move_quotes(session, user_id, message.id, LineEvidence, LineEvidence.line_id, locate)
    signals = await move_quotes(session, user_id, message.id, SignalEvidence, SignalEvidence.signal_id, locate)
    quoted = await names_of_signals(session, user_id, signals)
    names = quoted | await delete_wishes(session, user_id, [message.id], lambda words: locate(words) is not None)
    dropped = await delete_unsupported(session, user_id, Affected(lines, signals, quoted), join, [was], [message.content], tells)
    telling = partial(tells, gone=[was], left=[message.content])
    changed = [(message.id, message.conversation_id), *copies]
    for id, conversation_id in changed:
        await clear_generated_texts(session, user_id, conversation_id, id, telling)
    for day in days:
        await _bump_day_revision(session, user_id, day)
    return ErasedData(
        lines=dropped[0], signals=dropped[1], days=frozenset(days), names=names, texts=[was], deleted=[id for id, _ in changed], since=message.id,
        conversations=frozenset(conversation_id for _, conversation_id in changed), edited=True, gone=name_deleted("DiaryLine", dropped[2]))


async def clear_generated_texts(
    session: AsyncSession, user_id: UUID, conversation_id: UUID, message_id: UUID, telling: Callable[[str], bool]
) -> None:
    """Clear texts generated from a message: the running summary that covers it, and a title that its text may have gone into.

    That is a title of the conversation's first message, or one for which `telling` is true. The next answer generates both again. A title that
    the user wrote stays.
    """
    conversation = and_(Conversation.user_id == user_id, Conversation.id == conversation_id)
    covered = update(Conversation).where(conversation, Conversation.summary_through_message_id >= message_id)
    await session.execute(covered.values(summary=None, summary_through_message_id=None), execution_options=QUIET)
    earlier = exists().where(Message.user_id == user_id, Message.conversation_id == conversation_id, Message.id < message_id)
    title = await session.scalar(select(Conversation.title).where(conversation))
    told = title is not None and telling(title)
    titled = update(Conversation).where(conversation, Conversation.title_by_person.is_(False), or_(~earlier, literal(told)))
    await session.execute(titled.values(title=None), execution_options=QUIET)


async def _with_answers(session: AsyncSession, user_id: UUID, going: ColumnElement[bool]) -> Sequence[UUID]:
    """Return the ids of these messages and of the answers to them: a copied question may have been answered in its fork."""
    ids = (await session.scalars(select(Message.id).where(going))).all()
    answers = await session.scalars(select(Message.id).where(Message.user_id == user_id, Message.reply_to == any_of(ids)))
    return list({*ids, *answers})


async def _lock_conversations(session: AsyncSession, user_id: UUID, going: ColumnElement[bool]) -> Sequence[tuple[UUID, UUID]]:
    """Lock the conversations that lose messages, and return each with its first deleted message."""
    first = func.min(cast(Message.id, Text))
    found = await session.execute(select(Message.conversation_id, first).where(going).group_by(Message.conversation_id))
    conversations = sorted((conversation_id, UUID(message_id)) for conversation_id, message_id in found)
    for conversation_id, _ in conversations:
        await lock_conversation(session, user_id, conversation_id)
    return conversations


async def _lock_days(session: AsyncSession, user_id: UUID, going: ColumnElement[bool]) -> Sequence[date]:
    """Lock the days that lose text, with their diaries, before any message is touched, so that a job that is storing one finishes first."""
    days = sorted(set(await session.scalars(select(Message.day).where(going, _learnable()))))
    if days:
        held = select(ActiveDay.day).where(ActiveDay.user_id == user_id, ActiveDay.day.in_(days))
        await session.execute(held.order_by(ActiveDay.day).with_for_update())
        await session.execute(select(Diary.id).where(Diary.user_id == user_id, Diary.day.in_(days)).order_by(Diary.day).with_for_update())
    return days


def _learnable() -> ColumnElement[bool]:
    """Match messages that the nightly jobs read: not in temporary conversations, no copies made by a fork, none from before their day's
    diary was deleted."""
    kept = and_(Conversation.user_id == Message.user_id, Conversation.id == Message.conversation_id, Conversation.temporary.is_(False))
    deleted = exists().where(DiaryDeletion.user_id == Message.user_id, DiaryDeletion.day == Message.day, Message.id <= DiaryDeletion.through_message_id)
    return and_(Message.copied.is_(False), exists().where(kept), ~deleted)


async def _bump_or_delete_day(session: AsyncSession, user_id: UUID, day: date) -> Sequence[DeletedObject]:
    """Raise the day's revision, or delete its diary when no message of the user is left. Return the deleted diary and its lines."""
    own = (Message.user_id == user_id, Message.day == day, Message.role == MessageRole.USER, Message.learning != Learning.NONE)
    words = select(Message.id).where(*own, _learnable()).limit(1)
    if await session.scalar(words) is not None:
        await _bump_day_revision(session, user_id, day)
        return ()
    await session.execute(delete(ActiveDay).where(ActiveDay.user_id == user_id, ActiveDay.day == day), execution_options=QUIET)
    present = and_(DiaryVersion.user_id == Diary.user_id, DiaryVersion.diary_id == Diary.id, DiaryVersion.version == Diary.version)
    by_hand = or_(
        exists().where(present, or_(DiaryVersion.summary_by_person, DiaryVersion.mood_by_person)),
        exists().where(PRESENT_LINE, DiaryLine.by_person), func.cardinality(Diary.tags) > 0,
    )
    going = delete(Diary).where(Diary.user_id == user_id, Diary.day == day, ~by_hand).returning(Diary.id).cte("going")
    lines = select(DiaryLine.id).where(DiaryLine.user_id == user_id, DiaryLine.diary_id == going.c.id)  # the statement still sees those that it deletes
    found = (await session.execute(select(going.c.id, func.array(lines.scalar_subquery())), execution_options=QUIET)).first()
    return [("Diary", found[0]), *name_deleted("DiaryLine", found[1])] if found else ()


async def _bump_day_revision(session: AsyncSession, user_id: UUID, day: date) -> None:
    statement = update(ActiveDay).where(ActiveDay.user_id == user_id, ActiveDay.day == day).values(revision=ActiveDay.revision + 1)
    await session.execute(statement, execution_options=QUIET)
