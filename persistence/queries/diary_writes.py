"""Writes of a day's diary: a new version beside the earlier ones, in one transaction with the job queue."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol
from uuid import UUID

from sqlalchemy import Date, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.bulk import any_of, bulk_insert, execute_each
from persistence.ids import uuid7
from persistence.models import Diary, DiaryLine, DiaryVersion, LineEvidence, Signal, SignalEvidence
from persistence.models.diary import LineKind, Origin, Polarity, StatementRelation
from persistence.queries.job_inputs import DayKey


class _Quoted(Protocol):
    @property
    def quote(self) -> str: ...
    @property
    def start(self) -> int: ...
    @property
    def cited_start(self) -> int | None: ...
    @property
    def cited_end(self) -> int | None: ...


def cited_span(item: _Quoted) -> tuple[int, int]:
    """Return the offsets in the message of what was cited of a quote; those of the whole quote if nothing less was."""
    if item.cited_start is None or item.cited_end is None:
        return item.start, item.start + len(item.quote)
    return item.cited_start, item.cited_end


@dataclass(frozen=True)
class StoredQuote:
    """A checked quote: the exact text at `start` of the message, of which the model cited the part from `cited_start` to `cited_end`."""

    message_id: UUID
    quote: str
    start: int
    day: date
    said_at: datetime
    withdrawn: bool = False
    cited_start: int | None = None
    cited_end: int | None = None
    relation: StatementRelation | None = None
    since: str | None = None
    until: str | None = None
    condition: str | None = None
    """For a signal's quote: the polarity and the context of the value by its statement."""

    @property
    def cited(self) -> tuple[int, int]:
        """Return the offsets in the message of what was cited; those of the whole quote if nothing less was."""
        return cited_span(self)


@dataclass(frozen=True)
class StoredLine:
    kind: LineKind
    text: str
    evidence: tuple[StoredQuote, ...] = ()
    by_person: bool = False
    hidden: bool = False
    replaced_text: str | None = None
    """The model's text that the user's line replaced; None for other lines."""
    happens_on: date | None = None
    """The day that the line is about, if it is another than the diary's."""


@dataclass(frozen=True)
class StoredSignal:
    slot: str
    value: str
    value_key: str
    polarity: Polarity
    confidence: float
    stated: bool
    evidence: tuple[StoredQuote, ...]
    happens_on: date | None = None


@dataclass(frozen=True)
class NewEntry:
    """The content of a diary, ready to be stored as a version."""

    origin: Origin
    summary: str
    mood: int | None
    lines: Sequence[StoredLine]
    signals: Sequence[StoredSignal]
    conversation_count: int
    message_count: int
    tool_call_count: int
    dropped_count: int = 0
    model: str | None = None
    prompt_version: str | None = None
    run_id: UUID | None = None
    summary_by_person: bool = False
    mood_by_person: bool = False


@dataclass(frozen=True)
class CurrentEntry:
    """The current version, with the values that decide whether it equals another."""

    diary_id: UUID
    version: int
    origin: Origin
    summary: str
    mood: int | None
    conversation_count: int
    message_count: int
    lines: tuple[tuple[Any, ...], ...] = field(default=())
    signals: tuple[tuple[Any, ...], ...] = field(default=())


async def find_current_entry(session: AsyncSession, user_id: UUID, day: date) -> CurrentEntry | None:
    statement = (
        select(DiaryVersion)
        .join(Diary, (Diary.user_id == DiaryVersion.user_id) & (Diary.id == DiaryVersion.diary_id) & (Diary.version == DiaryVersion.version))
        .where(Diary.user_id == user_id, Diary.day == day)
    )
    found = await session.scalar(statement)
    if found is None:
        return None
    lines = await session.execute(
        select(
            DiaryLine.kind,
            DiaryLine.text,
            DiaryLine.by_person,
            DiaryLine.hidden,
            DiaryLine.happens_on,
            func.array_agg(LineEvidence.message_id),
            func.array_agg(LineEvidence.quote),
        )
        .outerjoin(LineEvidence, (LineEvidence.user_id == DiaryLine.user_id) & (LineEvidence.line_id == DiaryLine.id))
        .where(DiaryLine.user_id == user_id, DiaryLine.diary_id == found.diary_id, DiaryLine.version == found.version)
        .group_by(DiaryLine.user_id, DiaryLine.id)
        .order_by(DiaryLine.position)
    )
    signals = await session.execute(
        select(Signal.slot, Signal.value_key, Signal.polarity, Signal.stated, Signal.happens_on)
        .where(Signal.user_id == user_id, Signal.diary_id == found.diary_id, Signal.version == found.version)
        .order_by(Signal.position)
    )
    return CurrentEntry(
        found.diary_id,
        found.version,
        found.origin,
        found.summary,
        found.mood,
        found.conversation_count,
        found.message_count,
        tuple(_line_identity(*row) for row in lines),
        tuple(tuple(row) for row in signals),
    )


def is_same_entry(present: CurrentEntry, entry: NewEntry) -> bool:
    """Return whether storing the entry would repeat the current version, which the user may have edited since."""
    return (
        present.origin in (entry.origin, Origin.EDITED)
        and present.summary == entry.summary
        and present.mood == entry.mood
        and (present.conversation_count, present.message_count) == (entry.conversation_count, entry.message_count)
        and present.lines == tuple(_entry_line_identity(line) for line in entry.lines)
        and present.signals == tuple(
            (signal.slot, signal.value_key, signal.polarity, signal.stated, signal.happens_on) for signal in entry.signals)
    )


def _line_identity(
    kind: LineKind, text: str, by_person: bool, hidden: bool, happens_on: date | None, messages: Sequence[UUID | None], quotes: Sequence[str]
) -> tuple[Any, ...]:
    return kind, text, by_person, hidden, happens_on, frozenset((message, quote) for message, quote in zip(messages, quotes) if message is not None)


def _entry_line_identity(line: StoredLine) -> tuple[Any, ...]:
    return line.kind, line.text, line.by_person, line.hidden, line.happens_on, frozenset((item.message_id, item.quote) for item in line.evidence)


async def save_entry(session: AsyncSession, user_id: UUID, day: date, entry: NewEntry) -> UUID:
    """Store the entry as the next version of the day, which the caller has locked, and return the diary's id."""
    return (await save_entries(session, [(user_id, day, entry)]))[0]


async def save_entries(session: AsyncSession, entries: Sequence[tuple[UUID, date, NewEntry]]) -> list[UUID]:
    """Store each entry as its day's next version and return the diaries' ids, in order. Each day may occur once."""
    numbers = await _next_versions(session, [(user_id, day) for user_id, day, _ in entries])
    stored = [(user_id, *numbers[user_id, day], entry) for user_id, day, entry in entries]
    await bulk_insert(session, DiaryVersion, [
        {"user_id": user_id, "diary_id": diary_id, "version": version, **{name: getattr(entry, name) for name in _VERSION_COLUMNS}}
        for user_id, diary_id, version, entry in stored
    ])
    await _save_lines(session, stored)
    await _save_signals(session, [
        (SignalSource(user_id, diary_id, version), position, signal)
        for user_id, diary_id, version, entry in stored for position, signal in enumerate(entry.signals)
    ])
    return [diary_id for _, diary_id, _, _ in stored]


_VERSION_COLUMNS = (
    "origin", "summary", "mood", "conversation_count", "message_count", "tool_call_count", "dropped_count", "model", "prompt_version", "run_id",
    "summary_by_person", "mood_by_person",
)


_NEXT_VERSION = "update diaries set version = version + 1, updated_at = now() where user_id = $1 and day = $2"


async def _next_versions(session: AsyncSession, days: Sequence[DayKey]) -> dict[DayKey, tuple[UUID, int]]:
    """Return each day's diary id and next version number; create the diary of a day that has none. The caller has locked the days."""
    here = (Diary.user_id == any_of({user_id for user_id, _ in days}), Diary.day == any_of({day for _, day in days}, Date()))
    found = await session.execute(select(Diary.user_id, Diary.day, Diary.id, Diary.version).where(*here))
    wanted = set(days)
    numbers = {(row.user_id, row.day): (row.id, row.version + 1) for row in found if (row.user_id, row.day) in wanted}
    await execute_each(session, _NEXT_VERSION, sorted(numbers))
    fresh = {key: (uuid7(), 1) for key in days if key not in numbers}
    await bulk_insert(session, Diary, [
        {"user_id": user_id, "id": diary_id, "day": day, "version": version} for (user_id, day), (diary_id, version) in fresh.items()
    ])
    return numbers | fresh


async def _save_lines(session: AsyncSession, stored: Sequence[tuple[UUID, UUID, int, NewEntry]]) -> None:
    kept = [
        (user_id, uuid7(), diary_id, version, position, line)
        for user_id, diary_id, version, entry in stored for position, line in enumerate(entry.lines)
    ]
    await bulk_insert(session, DiaryLine, [
        {
            "user_id": user_id, "id": line_id, "diary_id": diary_id, "version": version, "position": position, "kind": line.kind, "text": line.text,
            "by_person": line.by_person, "hidden": line.hidden, "replaced_text": line.replaced_text, "happens_on": line.happens_on,
        }
        for user_id, line_id, diary_id, version, position, line in kept
    ])
    await bulk_insert(session, LineEvidence, [
        {"user_id": user_id, "line_id": line_id, "position": at, "message_id": item.message_id, "quote": item.quote, "start": item.start,
         "cited_start": item.cited_start, "cited_end": item.cited_end}
        for user_id, line_id, _, _, _, line in kept for at, item in enumerate(line.evidence)
    ])


class SignalSource(NamedTuple):
    """The source of a signal: a diary's version, or the review of the week that began on the Monday `week`."""

    user_id: UUID
    diary_id: UUID | None = None
    version: int | None = None
    week: date | None = None


async def save_signals(
    session: AsyncSession,
    user_id: UUID,
    signals: Sequence[StoredSignal],
    *,
    diary_id: UUID | None = None,
    version: int | None = None,
    week: date | None = None,
) -> None:
    """Store the signals of a diary's version or of a week's review."""
    source = SignalSource(user_id, diary_id, version, week)
    await _save_signals(session, [(source, position, signal) for position, signal in enumerate(signals)])


async def _save_signals(session: AsyncSession, signals: Sequence[tuple[SignalSource, int, StoredSignal]]) -> None:
    kept = [(uuid7(), source, position, signal) for source, position, signal in signals]
    await bulk_insert(session, Signal, [
        {
            **source._asdict(), "id": signal_id, "position": position, "slot": signal.slot, "value": signal.value, "value_key": signal.value_key,
            "polarity": signal.polarity, "confidence": signal.confidence, "stated": signal.stated, "happens_on": signal.happens_on,
        }
        for signal_id, source, position, signal in kept
    ])
    await bulk_insert(session, SignalEvidence, [
        {
            "user_id": source.user_id, "signal_id": signal_id, "position": at, "message_id": item.message_id, "quote": item.quote, "start": item.start,
            "day": item.day, "said_at": item.said_at, "withdrawn": item.withdrawn, "cited_start": item.cited_start, "cited_end": item.cited_end,
            "relation": item.relation, "since": item.since, "until": item.until, "condition": item.condition,
        }
        for signal_id, source, _, signal in kept for at, item in enumerate(signal.evidence)
    ])


_WRITTEN = "update active_days set diary_revision = greatest(diary_revision, $3) where user_id = $1 and day = $2"


async def mark_days_written(session: AsyncSession, days: Sequence[tuple[UUID, date, int]]) -> None:
    """Record that each day's diary covers its messages up to a revision, by (user, day, revision). A later change leaves the day due."""
    await execute_each(session, _WRITTEN, days)
