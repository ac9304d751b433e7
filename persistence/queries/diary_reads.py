"""Diaries as people read them: a page, its lines and signals with their quotes, its versions. Plain rows, no entities.

The first page of a function that has just started is read here, so the statements are PostgreSQL's own words: nothing but the driver is
loaded for them, and nothing is compiled. A page comes with its parts (lines, signals, quotes) in one statement, each part as an array in
its diary's row. Lists of keys go as arrays too, so that a statement's text, and with it the driver's prepared statement, is the same
for any number of keys.
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
"""What a version has besides its own columns: what it shows of the person, in bare texts; its lines, and its signals, with their quotes."""

INSIGHTS = (LineKind.ACTIVITY, LineKind.EMOTION, LineKind.PATTERN, LineKind.TIME_PREFERENCE, LineKind.DECISION_STYLE)
"""Kinds of lines that show what the person is like."""

Insight = Sequence[str]
"""A line's kind, one of `INSIGHTS` by its name, and its text. Hidden ones are none."""


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


class Parts(NamedTuple):
    """Those that were asked for; None for the others."""

    insights: list[Insight] | None = None
    lines: list[Line] | None = None
    signals: list[DaySignal] | None = None


class EntryRow(NamedTuple):
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
    parts: Parts


@dataclass(frozen=True)
class Filter:
    """Which diaries: days between `first` and `last`, both included; every word in the summary or a line not hidden."""

    first: date | None = None
    last: date | None = None
    words: Sequence[str] = ()
    tag: str | None = None


_PRESENT = "join diary_versions v on v.user_id = d.user_id and v.diary_id = d.id and v.version = d.version"
"""The version that stands now."""

_OF_ENTRY = """d.id, d.day, d.tags, d.created_at, d.updated_at, v.version, v.summary, v.mood, v.conversation_count, v.message_count,
  v.tool_call_count, v.model, v.prompt_version, v.origin"""

_SAYS = """(strpos(lower(v.summary), lower({0})) > 0 or exists (
  select from diary_lines l
  where l.user_id = $1 and l.diary_id = d.id and l.version = d.version and not l.hidden and strpos(lower(l.text), lower({0})) > 0))"""

_QUOTES = "array(select row(e.message_id, e.quote, e.start) from {} where e.user_id = $1 and {} order by e.position)"

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
"""Of the version `v` of the person `$1`."""

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
    """The newest days first, each with these parts; `before` goes on after the day where the last page ended."""
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
    """One part of each version, in its order."""
    statement = f"""
select v.diary_id, v.version, {_PARTS[part]}
from unnest($2::uuid[], $3::int[]) wanted (diary_id, version)
join diary_versions v on v.diary_id = wanted.diary_id and v.version = wanted.version
where v.user_id = $1"""
    rows = await reading.fetch(statement, user_id, [diary_id for diary_id, _ in keys], [version for _, version in keys])
    return {(diary_id, version): _MADE[part](found) for diary_id, version, found in rows}


async def load_versions(reading: SupportsFetch, user_id: UUID, diary_ids: Sequence[UUID], *, limit: int) -> Mapping[UUID, Sequence[Version]]:
    """At most `limit` versions of each diary, the newest first."""
    found: dict[UUID, list[Version]] = {}
    for *values, origin in await reading.fetch(_VERSIONS, user_id, diary_ids, limit):
        version = Version(*values, _ORIGIN[origin])
        found.setdefault(version.diary_id, []).append(version)
    return found


_CONDITIONS = {"first": "d.day >= {}", "last": "d.day <= {}", "before": "d.day < {}", "tag": "{} = any(d.tags)"}
"""What narrows a list of diaries, by what is given for it."""


def _conditions(user_id: UUID, wanted: Filter, before: date | None = None) -> tuple[str, list[Any]]:
    """What is asked of the diaries, and its parameters, of which the owner is the first."""
    asked = {"first": wanted.first, "last": wanted.last, "before": before, "tag": wanted.tag}
    narrowing = [(_CONDITIONS[name], value) for name, value in asked.items() if value is not None]
    narrowing += [(_SAYS, word) for word in wanted.words]
    conditions = [condition.format(f"${number}") for number, (condition, _) in enumerate(narrowing, 2)]
    return " and ".join(["d.user_id = $1", *conditions]), [user_id, *(value for _, value in narrowing)]


def _entries(parts: Sequence[Part] = ()) -> str:
    return f"select {', '.join([_OF_ENTRY, *(_PARTS[part] for part in parts)])} from diaries d {_PRESENT}"


_KIND, _ORIGIN, _POLARITY = LineKind.__members__, Origin.__members__, Polarity.__members__
"""Members by the text that a column holds, which is their name."""

_COLUMNS = len(EntryRow._fields) - 2
"""Of an entry's row, before its origin and its parts."""


def _entry(row: Row, parts: Sequence[Part] = ()) -> EntryRow:
    found = {part: _MADE[part](row[place]) for place, part in enumerate(parts, _COLUMNS + 1)}
    return EntryRow(*row[:_COLUMNS], _ORIGIN[row[_COLUMNS]], Parts(**found))


def _lines(rows: Sequence[Row]) -> list[Line]:
    return [Line(*values, _KIND[kind], _quotes(quotes)) for *values, kind, quotes in rows]


def _signals(rows: Sequence[Row]) -> list[DaySignal]:
    """Those that stand on words which count."""
    return [DaySignal(*values, _POLARITY[polarity], _quotes(quotes)) for *values, polarity, quotes in rows if quotes]


def _quotes(rows: Sequence[Row]) -> list[Quote]:
    return [Quote(*row) for row in rows]


_MADE: Mapping[Part, Callable[[Sequence[Row]], list[Any]]] = {"insights": list, "lines": _lines, "signals": _signals}
