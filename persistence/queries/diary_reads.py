"""Queries of diaries as users read them: entries, their lines and signals with quotes, and their versions. They return plain rows, no entities.

A newly started function often serves these queries first, so they are plain SQL: they load nothing but the driver and compile nothing.
An entry is read with its parts (lines, signals, quotes) in one statement, each part as an array in its diary's row. Lists of keys are
arrays too, so that a statement's text, and with it the driver's prepared statement, is the same for any number of keys.
"""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from persistence.models.enums import LineKind, Origin, Polarity
from persistence.pool import Row, SupportsFetch

VersionKey = tuple[UUID, int]
"""A diary's id and the number of one of its versions."""

Part = Literal["insights", "lines", "signals"]
"""The parts of a version besides its own columns: insights as bare texts, lines with their quotes, signals with their quotes."""

INSIGHTS = (LineKind.ACTIVITY, LineKind.EMOTION, LineKind.PATTERN, LineKind.TIME_PREFERENCE, LineKind.DECISION_STYLE)
"""The kinds of lines that describe the user."""

Insight = Sequence[str]
"""The kind (one of `INSIGHTS`, by its name) and the text of a line that is not hidden."""


class Quote(NamedTuple):
    message_id: UUID
    quote: str
    start: int
    """The position in the message where the quote begins, in characters."""
    cited_start: int
    cited_end: int


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


class Parts(NamedTuple):
    """The requested parts of a version; the others are None."""

    insights: list[Insight] | None = None
    lines: list[Line] | None = None
    signals: list[DaySignal] | None = None


class EntryRow(NamedTuple):
    """A diary with the columns of its current version."""

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
    parts: Parts


@dataclass(frozen=True)
class Filter:
    """Conditions on diaries: days from `first` to `last`, both included; every word in the summary or in a line that is not hidden."""

    first: date | None = None
    last: date | None = None
    words: Sequence[str] = ()
    tag: str | None = None


_PRESENT = "join diary_versions v on v.user_id = d.user_id and v.diary_id = d.id and v.version = d.version"
"""Joins a diary to its current version."""

_OF_ENTRY = """d.id, d.day, d.tags, d.created_at, d.updated_at, v.version, v.summary, v.mood, v.conversation_count, v.message_count,
  v.tool_call_count, v.model, v.prompt_version, v.origin"""

_SAYS = """(strpos(lower(v.summary), lower({0})) > 0 or exists (
  select from diary_lines l
  where l.user_id = $1 and l.diary_id = d.id and l.version = d.version and not l.hidden and strpos(lower(l.text), lower({0})) > 0))"""

_QUOTES = """array(
  select row(e.message_id, e.quote, e.start, coalesce(e.cited_start, e.start), coalesce(e.cited_end, e.start + length(e.quote)))
  from {} where e.user_id = $1 and {} order by e.position)"""

_PARTS: Mapping[Part, str] = {
    "insights": f"""array(
  select row(l.kind, l.text)
  from diary_lines l
  where l.user_id = $1 and l.diary_id = v.diary_id and l.version = v.version and not l.hidden and l.kind in {tuple(kind.name for kind in INSIGHTS)}
  order by l.position, l.id)""",
    "lines": f"""array(
  select row(l.id, l.text, l.hidden, l.by_person, l.kind, {_QUOTES.format("line_evidence e", "e.line_id = l.id")})
  from diary_lines l
  where l.user_id = $1 and l.diary_id = v.diary_id and l.version = v.version
  order by l.position, l.id)""",
    "signals": f"""array(
  select row(s.id, s.slot, s.value, s.confidence, s.stated, s.polarity, {_QUOTES.format("signal_evidence e", "e.signal_id = s.id and not e.withdrawn")})
  from signals s
  where s.user_id = $1 and s.diary_id = v.diary_id and s.version = v.version
  order by s.position, s.id)""",
}
"""Subqueries of the parts of the version `v` of the user `$1`."""

_VERSIONS = """
select v.*
from unnest($2::uuid[]) wanted (id), lateral (
  select diary_id, version, summary, mood, conversation_count, message_count, tool_call_count, model, prompt_version, created_at, origin
  from diary_versions
  where user_id = $1 and diary_id = wanted.id
  order by version desc
  limit $3) v
order by v.diary_id, v.version desc"""


async def list_entries(
    reading: SupportsFetch, user_id: UUID, wanted: Filter, parts: Sequence[Part] = (), *, before: date | None = None, limit: int
) -> list[EntryRow]:
    """Return entries with these parts, the newest days first; `before`, the last day of the previous page, continues after it."""
    conditions, given = _conditions(user_id, wanted, before)
    rows = await reading.fetch(f"{_entries(parts)} where {conditions} order by d.day desc limit ${len(given) + 1}", *given, limit)
    return [_entry(row, parts) for row in rows]


async def count_entries(reading: SupportsFetch, user_id: UUID, wanted: Filter) -> int:
    conditions, given = _conditions(user_id, wanted)
    [[count]] = await reading.fetch(f"select count(*) from diaries d {_PRESENT if wanted.words else ''} where {conditions}", *given)
    return int(count)


async def load_entries(reading: SupportsFetch, user_id: UUID, ids: Sequence[UUID]) -> Mapping[UUID, EntryRow]:
    rows = await reading.fetch(f"{_entries()} where d.user_id = $1 and d.id = any($2::uuid[])", user_id, ids)
    return {entry.id: entry for entry in map(_entry, rows)}


async def load_entries_by_day(reading: SupportsFetch, user_id: UUID, days: Sequence[date], parts: Sequence[Part] = ()) -> Mapping[date, EntryRow]:
    rows = await reading.fetch(f"{_entries(parts)} where d.user_id = $1 and d.day = any($2::date[])", user_id, days)
    return {entry.day: entry for entry in (_entry(row, parts) for row in rows)}


async def load_part(reading: SupportsFetch, user_id: UUID, keys: Sequence[VersionKey], *, part: Part) -> Mapping[VersionKey, Sequence[Any]]:
    """Load one part of each version, in order."""
    statement = f"""
select v.diary_id, v.version, {_PARTS[part]}
from unnest($2::uuid[], $3::int[]) wanted (diary_id, version)
join diary_versions v on v.diary_id = wanted.diary_id and v.version = wanted.version
where v.user_id = $1"""
    rows = await reading.fetch(statement, user_id, [diary_id for diary_id, _ in keys], [version for _, version in keys])
    return {(diary_id, version): _MADE[part](found) for diary_id, version, found in rows}


async def load_versions(reading: SupportsFetch, user_id: UUID, diary_ids: Sequence[UUID], *, limit: int) -> Mapping[UUID, Sequence[Version]]:
    """Load at most `limit` versions of each diary, the newest first."""
    found: dict[UUID, list[Version]] = {}
    for *values, origin in await reading.fetch(_VERSIONS, user_id, diary_ids, limit):
        version = Version._make((*values, _ORIGIN[origin]))
        found.setdefault(version.diary_id, []).append(version)
    return found


_CONDITIONS = {"first": "d.day >= {}", "last": "d.day <= {}", "before": "d.day < {}", "tag": "{} = any(d.tags)"}
"""SQL conditions on diaries, by the argument that they need."""


def _conditions(user_id: UUID, wanted: Filter, before: date | None = None) -> tuple[str, list[Any]]:
    """Return the SQL condition and its parameters, of which the owner is the first."""
    asked = {"first": wanted.first, "last": wanted.last, "before": before, "tag": wanted.tag}
    narrowing = [(_CONDITIONS[name], value) for name, value in asked.items() if value is not None]
    narrowing += [(_SAYS, word) for word in wanted.words]
    conditions = [condition.format(f"${number}") for number, (condition, _) in enumerate(narrowing, 2)]
    return " and ".join(["d.user_id = $1", *conditions]), [user_id, *(value for _, value in narrowing)]


def _entries(parts: Sequence[Part] = ()) -> str:
    return f"select {', '.join([_OF_ENTRY, *(_PARTS[part] for part in parts)])} from diaries d {_PRESENT}"


_KIND, _ORIGIN, _POLARITY = LineKind.__members__, Origin.__members__, Polarity.__members__
"""Enum members by the text in the column, which is their name."""

_COLUMNS = len(EntryRow._fields) - 2
"""The number of an entry's columns before its origin and its parts."""


def _entry(row: Row, parts: Sequence[Part] = ()) -> EntryRow:
    found = {part: _MADE[part](row[place]) for place, part in enumerate(parts, _COLUMNS + 1)}
    return EntryRow._make((*row[:_COLUMNS], _ORIGIN[row[_COLUMNS]], Parts(**found)))


def _lines(rows: Sequence[Row]) -> list[Line]:
    return [Line._make((*values, _KIND[kind], _quotes(quotes))) for *values, kind, quotes in rows]


def _signals(rows: Sequence[Row]) -> list[DaySignal]:
    """Convert the rows of signals, without those that have no quote left that counts."""
    return [DaySignal._make((*values, _POLARITY[polarity], _quotes(quotes))) for *values, polarity, quotes in rows if quotes]


def _quotes(rows: Sequence[Row]) -> list[Quote]:
    return [Quote(*row) for row in rows]


_MADE: Mapping[Part, Callable[[Sequence[Row]], list[Any]]] = {"insights": list, "lines": _lines, "signals": _signals}
