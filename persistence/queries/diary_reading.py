"""Diaries as people read them: a page, its lines and signals with their quotes, its versions. Plain rows, no entities.

The first page of a function that has just started is read here, so the statements are PostgreSQL's own words: nothing but the driver is
loaded for them, and nothing is compiled. Lines and signals are asked for by (diary, version), for a whole page at once and together
with their quotes: the number of statements does not depend on the number of diaries. Lists of keys go as arrays, so that a statement's
text, and with it the driver's prepared statement, is the same for any number of keys.
"""
from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple
from uuid import UUID

from persistence.connections import Reading, Row
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
    text: str
    hidden: bool
    by_person: bool
    kind: LineKind
    evidence: list[Quote]


class DaySignal(NamedTuple):
    id: UUID
    slot: str
    value: str
    confidence: float
    stated: bool
    polarity: Polarity
    evidence: list[Quote]


class Version(NamedTuple):
    diary_id: UUID
    version: int
    summary: str
    mood: int | None
    conversation_count: int
    message_count: int
    tool_call_count: int
    model: str | None
    prompt_version: str | None
    created_at: datetime
    origin: Origin


class Entry(NamedTuple):
    """A diary with what its present version says."""

    id: UUID
    day: date
    tags: list[str]
    created_at: datetime
    updated_at: datetime
    version: int
    summary: str
    mood: int | None
    conversation_count: int
    message_count: int
    tool_call_count: int
    model: str | None
    prompt_version: str | None
    origin: Origin


@dataclass(frozen=True)
class Filter:
    """Which diaries: days between `first` and `last`, both included; every word in the summary or a line not hidden."""

    first: date | None = None
    last: date | None = None
    words: Sequence[str] = ()
    tag: str | None = None


_PRESENT = "join diary_versions v on v.user_id = d.user_id and v.diary_id = d.id and v.version = d.version"
"""The version that stands now."""

_ENTRIES = f"""
select d.id, d.day, d.tags, d.created_at, d.updated_at, v.version, v.summary, v.mood, v.conversation_count, v.message_count,
       v.tool_call_count, v.model, v.prompt_version, v.origin
from diaries d {_PRESENT}
where d.user_id = $1"""

_SAYS = """
(strpos(lower(v.summary), lower({0})) > 0 or exists (
  select from diary_lines l
  where l.user_id = d.user_id and l.diary_id = d.id and l.version = d.version and not l.hidden and strpos(lower(l.text), lower({0})) > 0))"""

_LINES = """
select l.diary_id, l.version, l.id, l.text, l.hidden, l.by_person, l.kind, e.message_id, e.quote, e.start
from unnest($2::uuid[], $3::int[]) wanted (diary_id, version)
join diary_lines l on l.diary_id = wanted.diary_id and l.version = wanted.version
left join line_evidence e on e.user_id = l.user_id and e.line_id = l.id
where l.user_id = $1
order by l.diary_id, l.version, l.position, l.id, e.position"""

_SIGNALS = """
select s.diary_id, s.version, s.id, s.slot, s.value, s.confidence, s.stated, s.polarity, e.message_id, e.quote, e.start
from unnest($2::uuid[], $3::int[]) wanted (diary_id, version)
join signals s on s.diary_id = wanted.diary_id and s.version = wanted.version
join signal_evidence e on e.user_id = s.user_id and e.signal_id = s.id
where s.user_id = $1 and not e.withdrawn
order by s.diary_id, s.version, s.position, s.id, e.position"""

_VERSIONS = """
select v.*
from unnest($2::uuid[]) wanted (id), lateral (
  select diary_id, version, summary, mood, conversation_count, message_count, tool_call_count, model, prompt_version, created_at, origin
  from diary_versions
  where user_id = $1 and diary_id = wanted.id
  order by version desc
  limit $3) v
order by v.diary_id, v.version desc"""


async def list_entries(reading: Reading, user_id: UUID, wanted: Filter, *, before: date | None = None, limit: int) -> list[Entry]:
    """The newest days first; `before` goes on after the day where the last page ended."""
    statement, given = _narrowed(_ENTRIES, user_id, wanted, before)
    return [_entry(row) for row in await reading.fetch(f"{statement} order by d.day desc limit ${len(given) + 1}", *given, limit)]


async def count_entries(reading: Reading, user_id: UUID, wanted: Filter) -> int:
    counting = f"select count(*) from diaries d {_PRESENT if wanted.words else ''} where d.user_id = $1"
    statement, given = _narrowed(counting, user_id, wanted)
    [[count]] = await reading.fetch(statement, *given)
    return int(count)


async def load_entries(reading: Reading, user_id: UUID, ids: Sequence[UUID]) -> Mapping[UUID, Entry]:
    rows = await reading.fetch(f"{_ENTRIES} and d.id = any($2::uuid[])", user_id, ids)
    return {entry.id: entry for entry in map(_entry, rows)}


async def load_entries_by_day(reading: Reading, user_id: UUID, days: Sequence[date]) -> Mapping[date, Entry]:
    rows = await reading.fetch(f"{_ENTRIES} and d.day = any($2::date[])", user_id, days)
    return {entry.day: entry for entry in map(_entry, rows)}


async def load_lines(reading: Reading, user_id: UUID, keys: Sequence[VersionKey]) -> Mapping[VersionKey, Sequence[Line]]:
    """The lines of each version in their order, hidden ones too, each with its quotes."""
    return _with_quotes(await reading.fetch(_LINES, user_id, *_arrays(keys)), _line)


async def load_signals(reading: Reading, user_id: UUID, keys: Sequence[VersionKey]) -> Mapping[VersionKey, Sequence[DaySignal]]:
    """The signals of each version in their order, each with the quotes that count; one without any is left out."""
    return _with_quotes(await reading.fetch(_SIGNALS, user_id, *_arrays(keys)), _signal)


async def load_versions(reading: Reading, user_id: UUID, diary_ids: Sequence[UUID], *, limit: int) -> Mapping[UUID, Sequence[Version]]:
    """At most `limit` versions of each diary, the newest first."""
    found: dict[UUID, list[Version]] = {}
    for *values, origin in await reading.fetch(_VERSIONS, user_id, diary_ids, limit):
        version = Version(*values, _ORIGIN[origin])
        found.setdefault(version.diary_id, []).append(version)
    return found


_KIND, _ORIGIN, _POLARITY = LineKind.__members__, Origin.__members__, Polarity.__members__
"""Members by the text that a column holds, which is their name."""

_CONDITIONS = {"first": "d.day >= {}", "last": "d.day <= {}", "before": "d.day < {}", "tag": "{} = any(d.tags)"}
"""What narrows a list of diaries, by what is given for it."""


def _narrowed(statement: str, user_id: UUID, wanted: Filter, before: date | None = None) -> tuple[str, list[Any]]:
    """The statement with what is asked of the diaries, and its parameters so far."""
    asked = {"first": wanted.first, "last": wanted.last, "before": before, "tag": wanted.tag}
    narrowing = [(_CONDITIONS[name], value) for name, value in asked.items() if value is not None]
    narrowing += [(_SAYS, word) for word in wanted.words]
    conditions = [condition.format(f"${number}") for number, (condition, _) in enumerate(narrowing, 2)]
    return " and ".join([statement, *conditions]), [user_id, *(value for _, value in narrowing)]


def _arrays(keys: Sequence[VersionKey]) -> tuple[list[UUID], list[int]]:
    return [diary_id for diary_id, _ in keys], [version for _, version in keys]


def _entry(row: Row) -> Entry:
    return Entry(*row[:-1], _ORIGIN[row[-1]])


def _line(row: Row) -> Line:
    return Line(*row[2:6], _KIND[row[6]], [])


def _signal(row: Row) -> DaySignal:
    return DaySignal(*row[2:7], _POLARITY[row[7]], [])


def _with_quotes(rows: Iterable[Row], made: Callable[[Row], Any]) -> dict[VersionKey, list[Any]]:
    """Rows of (diary, version, id, …, a quote or nulls), ordered so that equal ids follow each other."""
    found: dict[VersionKey, list[Any]] = {}
    present = None
    for row in rows:
        if present is None or present.id != row[2]:
            present = made(row)
            found.setdefault((row[0], row[1]), []).append(present)
        if row[-3] is not None:
            present.evidence.append(Quote(*row[-3:]))
    return found
