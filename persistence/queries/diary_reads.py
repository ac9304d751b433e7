"""Queries of diaries as users read them: entries, their lines and signals with quotes, and their versions. They return plain rows, no entities.

A newly started function often serves these queries first, so they are plain SQL: they load nothing but the driver and compile nothing.
An entry is read with its parts (lines, signals, quotes) in one statement, as JSON in its diary's row: arrays of texts, one for each quote. The server
makes them faster than JSON of other values and needs no search for each line's quotes; the driver does not ask for types, as it does for rows within rows.
Lists of keys are arrays, so that a statement's text, and with it the driver's prepared statement, is the same for any number of keys.
"""
from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, NamedTuple
from uuid import UUID

from persistence.connection_holder import Row, SupportsFetch
from persistence.models.enums import LineKind, Origin, Polarity
from persistence.paging import PageRange

VersionKey = tuple[UUID, int]
"""A diary's id and the number of one of its versions."""

Part = Literal["insights", "lines", "signals", "versions"]
"""The parts of an entry besides its own columns: insights as bare texts, lines with their quotes, signals with their quotes, and the newest versions."""

PARTS: tuple[Part, ...] = ("insights", "lines", "signals", "versions")

MAX_VERSIONS = 100
"""Maximum number of versions of a diary that are loaded with it."""

INSIGHTS = (LineKind.ACTIVITY, LineKind.EMOTION, LineKind.PATTERN, LineKind.TIME_PREFERENCE, LineKind.DECISION_STYLE)
"""The kinds of lines that describe the user."""

Insight = Sequence[str]
"""The kind (one of `INSIGHTS`, by its name) and the text of a line that is not hidden."""


class Quote(NamedTuple):
    message: str
    """The message's id as text, which most readers of a diary do not need."""
    quote: str
    start: int
    """The position in the message where the quote begins, in characters."""
    cited_start: int
    cited_end: int

    @property
    def message_id(self) -> UUID:
        return UUID(self.message)


class Line(NamedTuple):
    id: UUID
    text: str
    hidden: bool
    by_person: bool
    kind: LineKind
    happens_on: date | None
    evidence: list[Quote]


class DaySignal(NamedTuple):
    slot: str
    value: str
    confidence: float
    stated: bool
    polarity: Polarity
    happens_on: date | None
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
    versions: list[Version] | None = None


class WantedDay(NamedTuple):
    """A day whose entry is wanted, with these parts."""

    day: date
    parts: tuple[Part, ...] = ()


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
    """Conditions on diaries: days from `first` to `last`, both included; the summary or a line that is not hidden matches each of the regular expressions
    `patterns`; a tag matches `tag`."""

    first: date | None = None
    last: date | None = None
    patterns: Sequence[str] = ()
    tag: str | None = None


_PRESENT = "join diary_versions v on v.user_id = d.user_id and v.diary_id = d.id and v.version = d.version"
"""Joins a diary to its current version."""

_OF_ENTRY = """d.id, d.day, d.tags, d.created_at, d.updated_at, v.version, v.summary, v.mood, v.conversation_count, v.message_count,
  v.tool_call_count, v.model, v.prompt_version, v.origin"""

_SAYS = """(v.summary collate "C" ~ {0} or exists (
  select from diary_lines l
  where l.user_id = $1 and l.diary_id = d.id and l.version = d.version and not l.hidden and l.text collate "C" ~ {0}))"""

_QUOTE = "e.message_id::text, e.quote, e.start::text, coalesce(e.cited_start, e.start)::text, coalesce(e.cited_end, e.start + length(e.quote))::text"

_PARTS: Mapping[Part, str] = {
    "insights": f"""array_to_json(array(
  select array[l.kind, l.text]
  from diary_lines l
  where l.user_id = $1 and l.diary_id = v.diary_id and l.version = v.version and not l.hidden and l.kind in {tuple(kind.name for kind in INSIGHTS)}
  order by l.position, l.id))""",
    "lines": f"""array_to_json(array(
  select array[l.id::text, l.text, l.hidden::text, l.by_person::text, l.kind, l.happens_on::text, {_QUOTE}]
  from diary_lines l left join line_evidence e on e.user_id = $1 and e.line_id = l.id
  where l.user_id = $1 and l.diary_id = v.diary_id and l.version = v.version
  order by l.position, l.id, e.position))""",
    "signals": f"""array_to_json(array(
  select array[s.id::text, s.slot, s.value, s.confidence::text, s.stated::text, s.polarity, s.happens_on::text, {_QUOTE}]
  from signals s join signal_evidence e on e.user_id = $1 and e.signal_id = s.id and not e.withdrawn
  where s.user_id = $1 and s.diary_id = v.diary_id and s.version = v.version
  order by s.position, s.id, e.position))""",
    "versions": f"""array_to_json(array(
  select array[w.diary_id::text, w.version::text, w.summary, w.mood::text, w.conversation_count::text, w.message_count::text, w.tool_call_count::text,
    w.model, w.prompt_version, to_char(w.created_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"'), w.origin]
  from diary_versions w
  where w.user_id = $1 and w.diary_id = v.diary_id
  order by w.version desc
  limit {MAX_VERSIONS}))""",
}
"""Subqueries of the parts of the version `v` of the user `$1`, each a list in JSON or null."""

_LINES_BY_ID = f"""
select l.id::text, l.text, l.hidden::text, l.by_person::text, l.kind, l.happens_on::text, {_QUOTE}
from diary_lines l left join line_evidence e on e.user_id = $1 and e.line_id = l.id
where l.user_id = $1 and l.id = any($2::uuid[])
order by l.id, e.position"""

_LINES_OF_MESSAGES = f"""
select q.message_id::text, l.id::text, l.text, l.hidden::text, l.by_person::text, l.kind, l.happens_on::text, {_QUOTE}
from (select distinct message_id, line_id from line_evidence where user_id = $1 and message_id = any($2::uuid[])) q
join diary_lines l on l.user_id = $1 and l.id = q.line_id and not l.hidden
join diaries d on d.user_id = $1 and d.id = l.diary_id and d.version = l.version
join line_evidence e on e.user_id = $1 and e.line_id = l.id
order by q.message_id, d.day, l.position, l.id, e.position"""

_OF_VERSION = "diary_id, version, summary, mood, conversation_count, message_count, tool_call_count, model, prompt_version, created_at, origin"
_VERSIONS_BY_KEY = f"""
select {', '.join(f'v.{name}' for name in _OF_VERSION.split(', '))}
from unnest($2::uuid[], $3::int[]) wanted (diary_id, version)
join diary_versions v on v.diary_id = wanted.diary_id and v.version = wanted.version
where v.user_id = $1"""

_VERSIONS = f"""
select v.*
from unnest($2::uuid[]) wanted (id), lateral (
  select {_OF_VERSION}
  from diary_versions
  where user_id = $1 and diary_id = wanted.id
  order by version desc
  limit $3) v
order by v.diary_id, v.version desc"""


async def list_entries(
    connection: SupportsFetch, user_id: UUID, wanted: Filter, parts: Sequence[Part], page: PageRange
) -> list[EntryRow]:
    """Return a page of entries with these parts, which are listed the newest days first."""
    conditions, given = _conditions(user_id, wanted)
    condition, order, position = page.keyset({"d.day": "date"}, len(given) + 2, descending=True)
    rows = await connection.fetch(f"{_entries(parts)} where {conditions}{condition} order by {order} limit ${len(given) + 1}", *given, page.limit, *position)
    return [_entry(row, parts) for row in rows]


async def count_entries(connection: SupportsFetch, user_id: UUID, wanted: Filter) -> int:
    conditions, given = _conditions(user_id, wanted)
    [[count]] = await connection.fetch(f"select count(*) from diaries d {_PRESENT if wanted.patterns else ''} where {conditions}", *given)
    return int(count)


async def load_entries(connection: SupportsFetch, user_id: UUID, ids: Sequence[UUID]) -> Mapping[UUID, EntryRow]:
    rows = await connection.fetch(f"{_entries()} where d.user_id = $1 and d.id = any($2::uuid[])", user_id, ids)
    return {entry.id: entry for entry in map(_entry, rows)}


async def load_entries_by_day(connection: SupportsFetch, user_id: UUID, days: Sequence[date], parts: Sequence[Part] = ()) -> Mapping[date, EntryRow]:
    rows = await connection.fetch(f"{_entries(parts)} where d.user_id = $1 and d.day = any($2::date[])", user_id, days)
    return {entry.day: entry for entry in (_entry(row, parts) for row in rows)}


async def load_lines(connection: SupportsFetch, user_id: UUID, ids: Sequence[UUID]) -> Mapping[UUID, Line]:
    """Load lines of any version by their ids."""
    return {line.id: line for line in _lines(await connection.fetch(_LINES_BY_ID, user_id, ids))}


async def load_lines_of_messages(connection: SupportsFetch, user_id: UUID, message_ids: Sequence[UUID]) -> Mapping[UUID, Sequence[Line]]:
    """Load the lines of current versions that quote each message and are not hidden, each with all its quotes."""
    found: dict[str, list[Sequence[str]]] = {}
    for message_id, *row in await connection.fetch(_LINES_OF_MESSAGES, user_id, message_ids):
        found.setdefault(message_id, []).append(row)
    return {UUID(message_id): _lines(rows) for message_id, rows in found.items()}


async def load_wanted_days(connection: SupportsFetch, user_id: UUID, wanted: Sequence[WantedDay]) -> Mapping[WantedDay, EntryRow]:
    """Load the entries of days by one statement, all with the parts that any of them is wanted with."""
    parts = [part for part in PARTS if any(part in asked.parts for asked in wanted)]
    found = await load_entries_by_day(connection, user_id, list({asked.day for asked in wanted}), parts)
    return {asked: found[asked.day] for asked in wanted if asked.day in found}


async def load_part(connection: SupportsFetch, user_id: UUID, keys: Sequence[VersionKey], *, part: Part) -> Mapping[VersionKey, Sequence[Any]]:
    """Load one part of each version, in order."""
    statement = f"""
select v.diary_id, v.version, {_PARTS[part]}::text
from unnest($2::uuid[], $3::int[]) wanted (diary_id, version)
join diary_versions v on v.diary_id = wanted.diary_id and v.version = wanted.version
where v.user_id = $1"""
    rows = await connection.fetch(statement, user_id, [diary_id for diary_id, _ in keys], [version for _, version in keys])
    return {(diary_id, version): _PART_PARSERS[part](json.loads(found)) for diary_id, version, found in rows}


async def load_versions(connection: SupportsFetch, user_id: UUID, diary_ids: Sequence[UUID], *, limit: int) -> Mapping[UUID, Sequence[Version]]:
    """Load at most `limit` versions of each diary, the newest first."""
    found: dict[UUID, list[Version]] = {}
    for *values, origin in await connection.fetch(_VERSIONS, user_id, diary_ids, limit):
        version = Version._make((*values, _ORIGIN[origin]))
        found.setdefault(version.diary_id, []).append(version)
    return found


async def load_versions_by_key(connection: SupportsFetch, user_id: UUID, keys: Sequence[VersionKey]) -> Mapping[VersionKey, Version]:
    rows = await connection.fetch(_VERSIONS_BY_KEY, user_id, [diary_id for diary_id, _ in keys], [version for _, version in keys])
    return {(version.diary_id, version.version): version for version in (Version._make((*values, _ORIGIN[origin])) for *values, origin in rows)}


_TAGGED = 'exists (select from unnest(d.tags) t (tag) where t.tag collate "C" ~ {})'
_CONDITIONS = {"first": "d.day >= {}", "last": "d.day <= {}", "tag": _TAGGED}
"""SQL conditions on diaries, by the argument that they need."""


def _conditions(user_id: UUID, wanted: Filter) -> tuple[str, list[Any]]:
    """Return the SQL condition and its parameters, of which the owner is the first."""
    asked = {"first": wanted.first, "last": wanted.last, "tag": wanted.tag}
    narrowing = [(_CONDITIONS[name], value) for name, value in asked.items() if value is not None]
    narrowing += [(_SAYS, pattern) for pattern in wanted.patterns]
    conditions = [condition.format(f"${number}") for number, (condition, _) in enumerate(narrowing, 2)]
    return " and ".join(["d.user_id = $1", *conditions]), [user_id, *(value for _, value in narrowing)]


def _entries(parts: Sequence[Part] = ()) -> str:
    return f"select {_OF_ENTRY}, json_build_array({', '.join(_PARTS[part] for part in parts)})::text from diaries d {_PRESENT}"


_KIND, _ORIGIN, _POLARITY = LineKind.__members__, Origin.__members__, Polarity.__members__
"""Enum members by the text in the column, which is their name."""

_COLUMNS = len(EntryRow._fields) - 2
"""The number of an entry's columns before its origin and its parts."""


def _entry(row: Row, parts: Sequence[Part] = ()) -> EntryRow:
    found = zip(parts, json.loads(row[_COLUMNS + 1]))
    return EntryRow._make((*row[:_COLUMNS], _ORIGIN[row[_COLUMNS]], Parts(**{part: _PART_PARSERS[part](texts) for part, texts in found})))


def _lines(rows: Sequence[Sequence[str]]) -> list[Line]:
    """Return the lines of rows that have one quote each, or none."""
    found: dict[str, Line] = {}
    for id, text, hidden, by_person, kind, happens_on, *quote in rows:
        line = found.get(id)
        if line is None:
            line = found[id] = Line(UUID(id), text, hidden == _TRUE, by_person == _TRUE, _KIND[kind], _day(happens_on), [])
        if quote[0] is not None:
            line.evidence.append(_quote(*quote))
    return list(found.values())


def _signals(rows: Sequence[Sequence[str]]) -> list[DaySignal]:
    """Return the signals of rows that have one quote each. A signal without a quote that counts has no row."""
    found: dict[str, DaySignal] = {}
    for id, slot, value, confidence, stated, polarity, happens_on, *quote in rows:
        signal = found.get(id)
        if signal is None:
            signal = found[id] = DaySignal(slot, value, float(confidence), stated == _TRUE, _POLARITY[polarity], _day(happens_on), [])
        signal.evidence.append(_quote(*quote))
    return list(found.values())


def _day(text: str | None) -> date | None:
    return None if text is None else date.fromisoformat(text)


def _versions(rows: Sequence[Sequence[Any]]) -> list[Version]:
    return [
        Version(
            UUID(diary_id), int(version), summary, None if mood is None else int(mood), int(conversations), int(messages), int(tool_calls), model,
            prompt_version, datetime.fromisoformat(created_at), _ORIGIN[origin],
        )
        for diary_id, version, summary, mood, conversations, messages, tool_calls, model, prompt_version, created_at, origin in rows
    ]


def _quote(message: str, quote: str, start: str, cited_start: str, cited_end: str) -> Quote:
    return Quote(message, quote, int(start), int(cited_start), int(cited_end))


_TRUE = "true"

_PART_PARSERS: Mapping[Part, Callable[[Sequence[Any]], list[Any]]] = {"insights": list, "lines": _lines, "signals": _signals, "versions": _versions}
