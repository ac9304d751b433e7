"""The user's edits of a day's diary: lines that they wrote, hid or deleted, quotes that hiding withdraws, and deletion of the whole diary."""
from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, func, insert, literal, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import Date

from persistence.bulk import any_of
from persistence.ids import uuid7
from persistence.models import (
    ActiveDay,
    Diary,
    DiaryDeletion,
    DiaryLine,
    DiaryVersion,
    LineDeletion,
    LineEvidence,
    Message,
    Signal,
    SignalEvidence,
)
from persistence.models.diary import LineKind
from persistence.queries.diary_writes import StoredLine, StoredQuote, StoredSignal, cited_span
from persistence.queries.execution_options import FRESH, QUIET
from persistence.queries.job_inputs import DayKey
from persistence.queries.search_terms import delete_diary_terms

if TYPE_CHECKING:
    from persistence.orm import AnyRow


@dataclass(frozen=True)
class DeletedSpan:
    """The text that supported a deleted line of this kind: characters `start` up to `stop` of a message."""

    kind: LineKind
    message_id: UUID
    start: int
    stop: int


@dataclass(frozen=True)
class UserEdits:
    """The user's edits of a day's diary; every rewrite keeps them.

    `summary` is None unless the user wrote the whole summary. `lines` are those that the user wrote or hid. `deleted` are the spans of deleted lines.
    """

    summary: str | None = None
    mood_by_person: bool = False
    mood: int | None = None
    lines: Sequence[StoredLine] = ()
    deleted: Sequence[DeletedSpan] = ()


@dataclass(frozen=True)
class LineRow:
    """A stored line with its id; `line` holds the values to store it again."""

    id: UUID
    line: StoredLine


@dataclass(frozen=True)
class QuoteRow:
    """A quote of a signal from any diary version or week, with its key (signal, position) and the start of the quote in the message."""

    signal_id: UUID
    position: int
    day: date
    value: str
    message_id: UUID
    quote: str
    start: int
    withdrawn: bool
    cited_start: int | None = None
    cited_end: int | None = None

    @property
    def cited(self) -> tuple[int, int]:
        return cited_span(self)


async def list_revisions(session: AsyncSession, user_id: UUID, first: date, last: date, *, lock: bool = False) -> dict[date, int]:
    """Return the message revision of each day on which the user wrote. With `lock`, the days stay locked until the transaction ends."""
    statement = select(ActiveDay.day, ActiveDay.revision).where(ActiveDay.user_id == user_id, ActiveDay.day.between(first, last)).order_by(ActiveDay.day)
    rows = await session.execute(statement.with_for_update() if lock else statement)
    return {row.day: row.revision for row in rows}


async def find_day(session: AsyncSession, user_id: UUID, diary_id: UUID) -> date | None:
    return await session.scalar(select(Diary.day).where(Diary.user_id == user_id, Diary.id == diary_id))


async def find_user_edits(session: AsyncSession, user_id: UUID, day: date) -> UserEdits:
    """Return the user's edits of the current version; empty when the day has no diary."""
    diary = await session.scalar(select(Diary).where(Diary.user_id == user_id, Diary.day == day), execution_options=FRESH)
    if diary is None:
        return UserEdits()
    version = await get_version(session, diary)
    lines = [row.line for row in await list_lines(session, diary)]
    return UserEdits(
        summary=version.summary if version.summary_by_person else None, mood_by_person=version.mood_by_person,
        mood=version.mood if version.mood_by_person else None, lines=[line for line in lines if line.by_person or line.hidden],
        deleted=await list_deleted_spans(session, diary),
    )


async def get_version(session: AsyncSession, diary: Diary) -> DiaryVersion:
    """Return the diary's current version."""
    return await session.get_one(DiaryVersion, (diary.user_id, diary.id, diary.version), populate_existing=True)


async def list_lines(session: AsyncSession, diary: Diary, version: int | None = None) -> list[LineRow]:
    """Return a version's lines in order; without `version`, those of the current one."""
    of_version = (DiaryLine.user_id == diary.user_id, DiaryLine.diary_id == diary.id, DiaryLine.version == (version or diary.version))
    quotes: dict[UUID, list[StoredQuote]] = {}
    for line_id, message_id, text, start, day, said_at, cited_start, cited_end in await session.execute(
        select(LineEvidence.line_id, LineEvidence.message_id, LineEvidence.quote, LineEvidence.start, Message.day, Message.created_at,
               LineEvidence.cited_start, LineEvidence.cited_end)
        .join(DiaryLine, and_(DiaryLine.user_id == LineEvidence.user_id, DiaryLine.id == LineEvidence.line_id))
        .join(Message, and_(Message.user_id == LineEvidence.user_id, Message.id == LineEvidence.message_id))
        .where(*of_version).order_by(LineEvidence.line_id, LineEvidence.position)
    ):
        quotes.setdefault(line_id, []).append(StoredQuote(message_id, text, start, day, said_at, cited_start=cited_start, cited_end=cited_end))
    rows = await session.execute(
        select(DiaryLine.id, DiaryLine.kind, DiaryLine.text, DiaryLine.by_person, DiaryLine.hidden, DiaryLine.replaced_text, DiaryLine.happens_on)
        .where(*of_version).order_by(DiaryLine.position)
    )
    return [LineRow(row.id, StoredLine(row.kind, row.text, tuple(quotes.get(row.id, ())), *row[3:])) for row in rows]


async def list_lines_by_id(session: AsyncSession, diary: Diary, line_ids: Collection[UUID]) -> list[LineRow]:
    """Return lines of any version of the diary that still exist."""
    of_diary = (DiaryLine.user_id == diary.user_id, DiaryLine.diary_id == diary.id, DiaryLine.id == any_of(line_ids))
    versions = (await session.scalars(select(DiaryLine.version).distinct().where(*of_diary))).all()
    return [row for version in versions for row in await list_lines(session, diary, version) if row.id in line_ids]


async def update_hidden_lines(session: AsyncSession, diary: Diary, hidden: Mapping[UUID, bool], summary: str) -> None:
    """Hide or show lines of the current version where they are, and store the summary that it then has. No text changes, so it stays the same version."""
    for value in (True, False):
        if ids := [line_id for line_id, is_hidden in hidden.items() if is_hidden is value]:
            these = (DiaryLine.user_id == diary.user_id, DiaryLine.diary_id == diary.id, DiaryLine.id == any_of(ids))
            await session.execute(update(DiaryLine).where(*these).values(hidden=value), execution_options=QUIET)
    present = (DiaryVersion.user_id == diary.user_id, DiaryVersion.diary_id == diary.id, DiaryVersion.version == diary.version)
    await session.execute(update(DiaryVersion).where(*present).values(summary=summary), execution_options=QUIET)
    mine = (Diary.user_id == diary.user_id, Diary.id == diary.id)
    await session.execute(update(Diary).where(*mine).values(updated_at=func.now()), execution_options=QUIET)
    await delete_diary_terms(session, diary.user_id, [diary.id])


async def list_signals(session: AsyncSession, diary: Diary) -> list[StoredSignal]:
    """Return the current version's signals in order, including those with withdrawn quotes."""
    return await _list_signals(session, diary.user_id, and_(Signal.diary_id == diary.id, Signal.version == diary.version))


async def list_week_signals(session: AsyncSession, user_id: UUID, week: date) -> list[StoredSignal]:
    """Return the signals of this week's review in order, including those with withdrawn quotes."""
    return await _list_signals(session, user_id, Signal.week == week)


async def _list_signals(session: AsyncSession, user_id: UUID, condition: ColumnElement[bool]) -> list[StoredSignal]:
    found: dict[UUID, tuple[AnyRow, list[StoredQuote]]] = {}
    statement = (
        select(Signal.id, Signal.slot, Signal.value, Signal.value_key, Signal.polarity, Signal.confidence, Signal.stated, Signal.happens_on, SignalEvidence)
        .join(SignalEvidence, and_(SignalEvidence.user_id == Signal.user_id, SignalEvidence.signal_id == Signal.id))
        .where(Signal.user_id == user_id, condition)
        .order_by(Signal.position, SignalEvidence.position)
    )
    for row in await session.execute(statement, execution_options=FRESH):
        item = row.SignalEvidence
        quote = StoredQuote(
            item.message_id, item.quote, item.start, item.day, item.said_at, item.withdrawn, item.cited_start, item.cited_end,
            item.relation, item.since, item.until, item.condition,
        )
        found.setdefault(row.id, (row, []))[1].append(quote)
    return [
        StoredSignal(row.slot, row.value, row.value_key, row.polarity, row.confidence, row.stated, tuple(quotes), row.happens_on)
        for row, quotes in found.values()
    ]


async def list_deleted_spans(session: AsyncSession, diary: Diary) -> list[DeletedSpan]:
    """Return the spans of the lines that the user deleted from this diary."""
    columns = (LineDeletion.kind, LineDeletion.message_id, LineDeletion.start, LineDeletion.stop)
    of_diary = (LineDeletion.user_id == diary.user_id, LineDeletion.diary_id == diary.id)
    return [DeletedSpan(*row) for row in await session.execute(select(*columns).where(*of_diary).order_by(LineDeletion.id))]


async def save_deleted_spans(session: AsyncSession, diary: Diary, spans: Sequence[DeletedSpan]) -> None:
    if spans:
        await session.execute(insert(LineDeletion), [{"user_id": diary.user_id, "id": uuid7(), "diary_id": diary.id, **vars(span)} for span in spans])


async def save_tags(session: AsyncSession, diary: Diary, tags: Sequence[str]) -> None:
    mine = (Diary.user_id == diary.user_id, Diary.id == diary.id)
    await session.execute(update(Diary).where(*mine).values(tags=list(tags), updated_at=func.now()), execution_options=QUIET)


async def list_texts_by_hand(session: AsyncSession, diary: Diary) -> Sequence[str]:
    """Return the texts that the user wrote by hand in any version of the diary: lines, summaries and tags."""
    lines = select(DiaryLine.text).where(DiaryLine.user_id == diary.user_id, DiaryLine.diary_id == diary.id, DiaryLine.by_person)
    summaries = select(DiaryVersion.summary).where(DiaryVersion.user_id == diary.user_id, DiaryVersion.diary_id == diary.id, DiaryVersion.summary_by_person)
    return [*await session.scalars(lines.union(summaries)), *diary.tags]


async def list_version_numbers(session: AsyncSession, diary: Diary) -> Sequence[int]:
    of_diary = (DiaryVersion.user_id == diary.user_id, DiaryVersion.diary_id == diary.id)
    return (await session.scalars(select(DiaryVersion.version).where(*of_diary).order_by(DiaryVersion.version))).all()


async def list_lines_and_deletions(
    session: AsyncSession, user_id: UUID, days: Sequence[date]
) -> tuple[dict[date, list[StoredLine]], dict[date, list[DeletedSpan]]]:
    """Return, by day, the lines of the current versions and the spans of deleted lines."""
    diaries = await session.scalars(
        select(Diary).where(Diary.user_id == user_id, Diary.day == any_of(days, Date())), execution_options=FRESH)
    lines, deleted = {}, {}
    for diary in diaries:
        lines[diary.day] = [row.line for row in await list_lines(session, diary)]
        deleted[diary.day] = await list_deleted_spans(session, diary)
    return lines, deleted


async def has_user_edits(session: AsyncSession, user_id: UUID, days: Sequence[date]) -> bool:
    """Return whether the user hid, rewrote or deleted a line in the current diaries of these days, or a quote of these days is withdrawn."""
    return bool(await find_edited_days(session, [(user_id, day) for day in days]))


async def find_edited_days(session: AsyncSession, keys: Sequence[DayKey]) -> set[DayKey]:
    """Return the days for which `has_user_edits` is true."""
    users, days = any_of({user_id for user_id, _ in keys}), any_of({day for _, day in keys}, Date())
    diaries = select(Diary.user_id, Diary.day).where(Diary.user_id == users, Diary.day == days)
    present = and_(DiaryLine.user_id == Diary.user_id, DiaryLine.diary_id == Diary.id, DiaryLine.version == Diary.version)
    touched = diaries.join(DiaryLine, present).where(or_(DiaryLine.hidden, DiaryLine.replaced_text.is_not(None)))
    gone = diaries.join(LineDeletion, and_(LineDeletion.user_id == Diary.user_id, LineDeletion.diary_id == Diary.id))
    quotes = select(SignalEvidence.user_id, SignalEvidence.day)
    before = quotes.where(SignalEvidence.user_id == users, SignalEvidence.day == days, SignalEvidence.withdrawn)
    return {(user_id, day) for user_id, day in await session.execute(touched.union(gone, before))} & set(keys)


async def list_quotes(session: AsyncSession, user_id: UUID, days: Sequence[date], *, every_version: bool = False) -> list[QuoteRow]:
    """Return the quotes of these days behind signals of current diaries and of weeks; with `every_version`, also of earlier diary versions."""
    present = and_(Diary.user_id == Signal.user_id, Diary.id == Signal.diary_id)
    rows = await session.execute(
        select(SignalEvidence.signal_id, SignalEvidence.position, SignalEvidence.day, Signal.value, SignalEvidence.message_id,
               SignalEvidence.quote, SignalEvidence.start, SignalEvidence.withdrawn, SignalEvidence.cited_start, SignalEvidence.cited_end)
        .join(Signal, and_(Signal.user_id == SignalEvidence.user_id, Signal.id == SignalEvidence.signal_id))
        .outerjoin(Diary, present)
        .where(SignalEvidence.user_id == user_id, SignalEvidence.day == any_of(days, Date()))
        .where(or_(Diary.version == Signal.version, Signal.week.is_not(None), literal(every_version)))
    )
    return [QuoteRow(**row) for row in rows.mappings()]


async def mark_quotes(session: AsyncSession, user_id: UUID, quotes: Sequence[QuoteRow], *, withdrawn: bool) -> None:
    if quotes:
        keys = [(quote.signal_id, quote.position) for quote in quotes]
        these = (SignalEvidence.user_id == user_id, tuple_(SignalEvidence.signal_id, SignalEvidence.position).in_(keys))
        await session.execute(update(SignalEvidence).where(*these).values(withdrawn=withdrawn), execution_options=QUIET)


async def delete_diary(session: AsyncSession, diary: Diary) -> None:
    """Delete the diary with its versions, and record that nothing is learnt any more from the messages that the day has now."""
    user_id, day = diary.user_id, diary.day
    newest = select(Message.id).where(Message.user_id == user_id, Message.day == day).order_by(Message.id.desc()).limit(1)
    through = await session.scalar(newest)
    await session.execute(delete(Diary).where(Diary.user_id == user_id, Diary.id == diary.id), execution_options=QUIET)
    if through is not None:
        row = upsert(DiaryDeletion).values(user_id=user_id, day=day, through_message_id=through)
        changed = {"through_message_id": row.excluded.through_message_id, "created_at": row.excluded.created_at}
        await session.execute(row.on_conflict_do_update(index_elements=[DiaryDeletion.user_id, DiaryDeletion.day], set_=changed))
    seen = update(ActiveDay).where(ActiveDay.user_id == user_id, ActiveDay.day == day)
    await session.execute(seen.values(revision=ActiveDay.revision + 1, diary_revision=ActiveDay.revision + 1), execution_options=QUIET)


async def undo_deletion(session: AsyncSession, user_id: UUID, day: date) -> None:
    """Allow learning from the day's messages again."""
    await session.execute(delete(DiaryDeletion).where(DiaryDeletion.user_id == user_id, DiaryDeletion.day == day), execution_options=QUIET)
