"""Diaries as people read them: a page, its lines and signals with their quotes, its versions. Plain columns, no entities.

Lines and signals are asked for by (diary, version), for a whole page at once and together with their quotes: the number of
statements does not depend on the number of diaries. Lists of keys go as arrays, so that a statement's text, and with it the
driver's prepared statement, is the same for any number of keys. What a page needs is built once and kept: building a statement
costs as much as running it.
"""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    column,
    exists,
    func,
    literal,
    select,
    true,
)
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import TypeEngine

from persistence.database import Reading
from persistence.models import Diary, DiaryLine, DiaryVersion, LineEvidence, Signal, SignalEvidence
from persistence.models.kinds import LineKind, Origin, Polarity

VersionKey = tuple[UUID, int]
"""A diary's id and the number of one of its versions."""


class Quote(NamedTuple):
    message_id: UUID
    quote: str
    start: int
    """Where the quote begins in the message, in characters."""


class Line(NamedTuple):
    id: UUID
    kind: LineKind
    text: str
    hidden: bool
    by_person: bool
    evidence: list[Quote]


class DaySignal(NamedTuple):
    id: UUID
    slot: str
    value: str
    polarity: Polarity
    confidence: float
    stated: bool
    evidence: list[Quote]


class Version(NamedTuple):
    diary_id: UUID
    version: int
    origin: Origin
    summary: str
    mood: int | None
    conversation_count: int
    message_count: int
    tool_call_count: int
    model: str | None
    prompt_version: str | None
    created_at: datetime


class Entry(NamedTuple):
    """A diary with what its present version says."""

    id: UUID
    day: date
    tags: list[str]
    created_at: datetime
    updated_at: datetime
    version: int
    origin: Origin
    summary: str
    mood: int | None
    conversation_count: int
    message_count: int
    tool_call_count: int
    model: str | None
    prompt_version: str | None


@dataclass(frozen=True)
class Filter:
    """Which diaries: days between `first` and `last`, both included; every word in the summary or a line not hidden."""

    first: date | None = None
    last: date | None = None
    words: Sequence[str] = ()
    tag: str | None = None


PRESENT = and_(
    DiaryVersion.user_id == Diary.user_id, DiaryVersion.diary_id == Diary.id, DiaryVersion.version == Diary.version
)
"""Joins a diary to the version that stands now."""

_OF_ENTRY = (
    Diary.id, Diary.day, Diary.tags, Diary.created_at, Diary.updated_at, DiaryVersion.version, DiaryVersion.origin,
    DiaryVersion.summary, DiaryVersion.mood, DiaryVersion.conversation_count, DiaryVersion.message_count,
    DiaryVersion.tool_call_count, DiaryVersion.model, DiaryVersion.prompt_version,
)  # fmt: skip
_OF_VERSION = (
    DiaryVersion.diary_id, DiaryVersion.version, DiaryVersion.origin, DiaryVersion.summary, DiaryVersion.mood,
    DiaryVersion.conversation_count, DiaryVersion.message_count, DiaryVersion.tool_call_count, DiaryVersion.model,
    DiaryVersion.prompt_version, DiaryVersion.created_at,
)  # fmt: skip


async def list_entries(
    session: Reading, user_id: UUID, wanted: Filter, *, before: date | None = None, limit: int
) -> list[Entry]:
    """The newest days first; `before` goes on after the day where the last page ended."""
    given = _given(wanted, before=before)
    statement = _page(tuple(given))
    if wanted.words:
        statement = statement.where(*map(_says, wanted.words))
    rows = await session.execute(statement, {**given, "user_id": user_id, "limit": limit})
    return [Entry._make(row) for row in rows]


async def count_entries(session: AsyncSession, user_id: UUID, wanted: Filter) -> int:
    given = _given(wanted)
    statement = select(func.count()).select_from(Diary).where(_OWNER, *(_CONDITIONS[name] for name in given))
    if wanted.words:
        statement = statement.join(DiaryVersion, PRESENT).where(*map(_says, wanted.words))
    return await session.scalar(statement, {**given, "user_id": user_id}) or 0


async def load_entries(session: Reading, user_id: UUID, ids: Sequence[UUID]) -> Mapping[UUID, Entry]:
    rows = await session.execute(_entries().where(Diary.id == _any_of(ids, Uuid())), {"user_id": user_id})
    return {entry.id: entry for entry in map(Entry._make, rows)}


async def load_entries_by_day(session: Reading, user_id: UUID, days: Sequence[date]) -> Mapping[date, Entry]:
    rows = await session.execute(_entries().where(Diary.day == _any_of(days, Date())), {"user_id": user_id})
    return {entry.day: entry for entry in map(Entry._make, rows)}


async def load_lines(
    session: Reading, user_id: UUID, keys: Sequence[VersionKey]
) -> Mapping[VersionKey, Sequence[Line]]:
    """The lines of each version in their order, hidden ones too, each with its quotes."""
    return _with_quotes(await session.execute(_lines_of_versions(), {"user_id": user_id, **_arrays(keys)}), Line)


async def load_signals(
    session: Reading, user_id: UUID, keys: Sequence[VersionKey]
) -> Mapping[VersionKey, Sequence[DaySignal]]:
    """The signals of each version in their order, each with the quotes that count; one without any is left out."""
    return _with_quotes(await session.execute(_signals_of_versions(), {"user_id": user_id, **_arrays(keys)}), DaySignal)


async def load_versions(
    session: AsyncSession, user_id: UUID, diary_ids: Sequence[UUID], *, limit: int
) -> Mapping[UUID, Sequence[Version]]:
    """At most `limit` versions of each diary, the newest first."""
    wanted = func.unnest(literal(list(diary_ids), ARRAY(Uuid()))).table_valued(column("id", Uuid())).render_derived("w")
    newest = (
        select(*_OF_VERSION)
        .where(DiaryVersion.user_id == user_id, DiaryVersion.diary_id == wanted.c.id)
        .order_by(DiaryVersion.version.desc())
        .limit(limit)
        .lateral("newest")
    )
    rows = await session.execute(
        select(newest).select_from(wanted).join(newest, true()).order_by(newest.c.diary_id, newest.c.version.desc())
    )
    found: dict[UUID, list[Version]] = {}
    for version in map(Version._make, rows):
        found.setdefault(version.diary_id, []).append(version)
    return found


_OWNER = Diary.user_id == bindparam("user_id", type_=Uuid())

_CONDITIONS: Mapping[str, ColumnElement[bool]] = {
    "first": Diary.day >= bindparam("first", type_=Date()),
    "last": Diary.day <= bindparam("last", type_=Date()),
    "before": Diary.day < bindparam("before", type_=Date()),
    "tag": bindparam("tag", type_=Text()) == any_(Diary.tags),
}
"""What narrows a list of diaries, by the name of its parameter."""


def _given(wanted: Filter, before: date | None = None) -> dict[str, Any]:
    """The parameters of the conditions that are wanted."""
    asked = {"first": wanted.first, "last": wanted.last, "before": before, "tag": wanted.tag}
    return {name: value for name, value in asked.items() if value is not None}


@lru_cache(maxsize=1)
def _entries() -> Select[Any]:
    return select(*_OF_ENTRY).join(DiaryVersion, PRESENT).where(_OWNER)


@lru_cache(maxsize=2 ** len(_CONDITIONS))
def _page(conditions: tuple[str, ...]) -> Select[Any]:
    narrowed = _entries().where(*(_CONDITIONS[name] for name in conditions))
    return narrowed.order_by(Diary.day.desc()).limit(bindparam("limit", type_=Integer()))


@lru_cache(maxsize=1)
def _lines_of_versions() -> Select[Any]:
    wanted = _wanted_versions()
    return (
        select(
            DiaryLine.diary_id, DiaryLine.version, DiaryLine.id, DiaryLine.kind, DiaryLine.text, DiaryLine.hidden,
            DiaryLine.by_person, LineEvidence.message_id, LineEvidence.quote, LineEvidence.start,
        )
        .join(wanted, and_(DiaryLine.diary_id == wanted.c.diary_id, DiaryLine.version == wanted.c.version))
        .outerjoin(LineEvidence, and_(LineEvidence.user_id == DiaryLine.user_id, LineEvidence.line_id == DiaryLine.id))
        .where(DiaryLine.user_id == bindparam("user_id", type_=Uuid()))
        .order_by(DiaryLine.diary_id, DiaryLine.version, DiaryLine.position, DiaryLine.id, LineEvidence.position)
    )  # fmt: skip


@lru_cache(maxsize=1)
def _signals_of_versions() -> Select[Any]:
    wanted = _wanted_versions()
    evidence = and_(SignalEvidence.user_id == Signal.user_id, SignalEvidence.signal_id == Signal.id)
    return (
        select(
            Signal.diary_id, Signal.version, Signal.id, Signal.slot, Signal.value, Signal.polarity, Signal.confidence,
            Signal.stated, SignalEvidence.message_id, SignalEvidence.quote, SignalEvidence.start,
        )
        .join(wanted, and_(Signal.diary_id == wanted.c.diary_id, Signal.version == wanted.c.version))
        .join(SignalEvidence, evidence)
        .where(Signal.user_id == bindparam("user_id", type_=Uuid()), SignalEvidence.withdrawn.is_(False))
        .order_by(Signal.diary_id, Signal.version, Signal.position, Signal.id, SignalEvidence.position)
    )  # fmt: skip


def _wanted_versions() -> FromClause:
    """The versions that `_arrays` names, as a table to join with."""
    arrays = (bindparam("diary_ids", type_=ARRAY(Uuid())), bindparam("versions", type_=ARRAY(Integer())))
    columns = (column("diary_id", Uuid()), column("version", Integer()))
    return func.unnest(*arrays).table_valued(*columns).render_derived("wanted")


def _arrays(keys: Sequence[VersionKey]) -> dict[str, Any]:
    return {"diary_ids": [diary_id for diary_id, _ in keys], "versions": [version for _, version in keys]}


def _says(word: str) -> ColumnElement[bool]:
    """Case is ignored; % and _ stand for themselves."""
    in_a_line = exists().where(
        DiaryLine.user_id == Diary.user_id, DiaryLine.diary_id == Diary.id, DiaryLine.version == Diary.version,
        DiaryLine.hidden.is_(False), DiaryLine.text.icontains(word, autoescape=True),
    )  # fmt: skip
    return DiaryVersion.summary.icontains(word, autoescape=True) | in_a_line


def _any_of(values: Sequence[Any], kind: TypeEngine[Any]) -> ColumnElement[Any]:
    return any_(literal(list(values), ARRAY(kind)))


def _with_quotes(rows: Iterable[Sequence[Any]], kind: type[Any]) -> dict[VersionKey, list[Any]]:
    """Rows of (diary, version, the columns of `kind` from its id on, a quote or nulls), ordered so that equal ids follow."""
    found: dict[VersionKey, list[Any]] = {}
    present = None
    for row in rows:
        if present is None or present.id != row[2]:
            present = kind(*row[2:-3], [])
            found.setdefault((row[0], row[1]), []).append(present)
        if row[-3] is not None:
            present.evidence.append(Quote._make(row[-3:]))
    return found
