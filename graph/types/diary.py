"""The types of a diary: its lines and signals with the quotes that support them, and its versions."""
from collections.abc import Callable, Sequence
from datetime import date as Date
from datetime import datetime
from typing import Annotated, Any, TypeVar
from uuid import UUID

import strawberry

from graph.enums import describe_enum
from graph.field_costs import MATCH, weight
from graph.prefetch import prefetched_as, prefetched_or_load, selected_field_names
from graph.relay import Node, NodeLoader, encode_id, encode_part_id, page_size
from graph.types.chat import MATCHES, MatchedQuery, Message, SearchMatch, find_matches
from graph.types.own_slots import OwnSlot, find_own_slot
from graph.types.profile_slots import ProfileSlot, slot_of
from persistence.models.enums import LineKind as DiaryLineKind
from persistence.models.enums import Origin as DiaryOrigin
from persistence.models.enums import Polarity as SignalPolarity
from persistence.queries import diary_reads as rows
from resolvers.errors import NotFound

describe_enum(
    DiaryOrigin,
    "How a version of a diary was made.",
    name="DiaryOrigin",
    MODEL="Written by the language model; every line was checked by code against the user's messages.",
    FALLBACK="Generated from the user's own sentences: the model was unavailable, and a later version replaces this one, or it found nothing to tell.",
    EDITED="Edited by the user.",
)

describe_enum(
    DiaryLineKind,
    "What a line of a diary is about.",
    name="DiaryLineKind",
    SUMMARY="A sentence of the summary.",
    HIGHLIGHT="Something worth remembering.",
    DECISION="Something the user decided.",
    OPEN_QUESTION="A question that was left open.",
    EMOTION="How the user felt. Part of the insights.",
    PATTERN="Something that recurs. Part of the insights.",
    ACTIVITY="Something the user did. Part of the insights.",
    TIME_PREFERENCE="When the user likes to do things. Part of the insights.",
    DECISION_STYLE="How the user decides. Part of the insights.",
)

describe_enum(
    SignalPolarity,
    "Whether a day's evidence supports a value or contradicts it.",
    name="SignalPolarity",
    POSITIVE="The value is true.",
    NEGATIVE="The value is not true, or no longer true.",
)

T = TypeVar("T")

Kinds = Annotated[
    list[DiaryLineKind] | None, strawberry.argument(description="Only lines of these kinds; absent or null for all kinds.")
]
IncludeHidden = Annotated[bool | None, strawberry.argument(description="Whether to include lines that the user hid (their `hidden` is true); null counts as false.")]
FirstVersions = Annotated[int | None, strawberry.argument(description="Maximum number of versions, at least 1; more than 100 counts as 100, null as 20.")]


VERSION = "DiaryVersion"
"""The type's name in ids."""

SUMMARY = (
    "Summary of the day in 3 to 5 sentences, in the user's language; in an edited diary any text by the user of at most 5,000 characters. "
    "Null when the day has nothing to tell, such as a day of greetings, or when all its sentences were deleted."
)

HAPPENS_ON = (
    "The day that it is about, if the user's words name another day than that on which they were said, such as `tomorrow` or `on the 12th`: code reads it "
    "from the quotes. Null otherwise."
)


@strawberry.type(description="A quote from the user's messages that supports a line or signal. Code has checked that the message contains it.")
class DiaryEvidence:
    quote: str = strawberry.field(description="The quoted text, exactly as in the message: the whole sentence, or clause of a long sentence, in which the cited part stands.")
    start: int = strawberry.field(description="Offset of the quote in the message's `content`, in Unicode code points. In JavaScript `Array.from(content)` has them.")
    cited_start: int = strawberry.field(description="Offset in the message's `content` of the part of the quote that the model cited, in Unicode code points. A frontend can mark it.")
    cited_end: int = strawberry.field(description="Offset at which that part ends, exclusive.")
    message_id: strawberry.Private[UUID]

    @strawberry.field(description="The quoted message. Deleting it removes the quote too.")
    async def message(self, info: strawberry.Info) -> Message:
        return await load_message(info, self.message_id)


@strawberry.type(description="A line of a diary, with the quotes that support it.")
class DiaryLine(Node):
    id: strawberry.ID = strawberry.field(
        description="Global id of the line, also in `diaryUpdate`. Hiding and showing lines keeps the ids of all lines. The lines of a new version have new ids; `diaryUpdate` accepts "
        "the earlier ones of lines that it has unchanged."
    )
    kind: DiaryLineKind = strawberry.field(description="What the line is about.")
    text: str = strawberry.field(description="The text of the line, in the user's language.")
    hidden: bool = strawberry.field(description="Whether the user hid it. Hidden lines are returned only with `includeHidden`.")
    by_person: bool = strawberry.field(description="Whether the user wrote it: then it needs no evidence and is kept when the diary is rewritten.")
    evidence: list[DiaryEvidence] = strawberry.field(description="The quotes that support it; at least one, except for a line written by the user.")
    happens_on: Date | None = strawberry.field(description=HAPPENS_ON)

    @strawberry.field(description=MATCHES.format("text"), metadata=weight(MATCH))
    async def matches(self, info: strawberry.Info, query: MatchedQuery) -> list[SearchMatch]:
        return await find_matches(info, self.text, query, part=True)

    @classmethod
    def from_model(cls, line: rows.Line) -> "DiaryLine":
        evidence = _evidence(line.evidence)
        return cls(
            id=encode_id("DiaryLine", line.id), kind=line.kind, text=line.text, hidden=line.hidden, by_person=line.by_person,
            evidence=evidence, happens_on=line.happens_on,
        )  # fmt: skip


@strawberry.type(description="What a day's messages say about a slot of the user's profile.")
class DiarySignal:
    slot: ProfileSlot = strawberry.field(description="The slot of the profile that the signal is about.")
    value: str = strawberry.field(description="The value for the slot, in the user's words; 1 to 120 characters.")
    polarity: SignalPolarity = strawberry.field(description="Whether the day supports the value or contradicts it.")
    confidence: float = strawberry.field(description="The model's confidence, 0 to 1.")
    stated: bool = strawberry.field(description="Whether the user stated it explicitly; otherwise it was inferred.")
    evidence: list[DiaryEvidence] = strawberry.field(description="The quotes that support it; at least one.")
    happens_on: Date | None = strawberry.field(description=HAPPENS_ON)
    key: strawberry.Private[str]

    @strawberry.field(description="The slot, if the user defined it (`slot` is OWN); null otherwise.")
    async def own_slot(self, info: strawberry.Info) -> OwnSlot | None:
        return await find_own_slot(info, self.key)

    @classmethod
    def from_model(cls, signal: rows.DaySignal, slot: ProfileSlot) -> "DiarySignal":
        return cls(
            slot=slot, key=signal.slot, value=signal.value, polarity=signal.polarity, confidence=signal.confidence,
            stated=signal.stated, evidence=_evidence(signal.evidence), happens_on=signal.happens_on,
        )  # fmt: skip


@strawberry.type(description="What a day shows about the user: its lines of five kinds, as plain text. `lines` has the same lines with evidence.")
class DiaryInsights:
    activities: list[str] = strawberry.field(description="What the user did, one text per line of the diary.")
    emotions: list[str] = strawberry.field(description="How the user felt, one text per line of the diary.")
    patterns: list[str] = strawberry.field(description="What recurs, one text per line of the diary.")
    time_preference: str | None = strawberry.field(
        description="When the user likes to do things; several observations are separated by line breaks. Null when the day does not show it."
    )
    decision_style: str | None = strawberry.field(
        description="How the user decides; several observations are separated by line breaks. Null when the day does not show it."
    )

    @classmethod
    def from_model(cls, insights: Sequence[rows.Insight]) -> "DiaryInsights":
        texts: dict[str, list[str]] = {kind: [] for kind in _INSIGHTS}
        for kind, text in insights:
            texts[kind].append(text)
        activities, emotions, patterns, time_preferences, decision_styles = texts.values()
        return cls(
            activities=activities, emotions=emotions, patterns=patterns, time_preference="\n".join(time_preferences) or None,
            decision_style="\n".join(decision_styles) or None,
        )  # fmt: skip


_INSIGHTS = [kind.name for kind in rows.INSIGHTS]


@strawberry.type(description="One version of a diary. Late messages, edits and deletions create a new version; earlier versions are kept.")
class DiaryVersion(Node):
    version: int = strawberry.field(description="Number of the version, starting at 1.")
    origin: DiaryOrigin = strawberry.field(description="How this version was made.")
    summary: str | None = strawberry.field(description=SUMMARY)
    mood: int | None = strawberry.field(description="Mood of the day, 1 (low) to 5 (high); null when the day does not show it.")
    conversation_count: int = strawberry.field(description="Number of conversations that it was made from.")
    message_count: int = strawberry.field(description="Number of messages that it was made from.")
    tool_call_count: int = strawberry.field(description="Number of tool calls in those conversations on that day.")
    model: str | None = strawberry.field(description="The language model that wrote it; null when no model wrote it.")
    prompt_version: str | None = strawberry.field(description="Version of the prompt that was used; null when no model wrote it.")
    created_at: datetime = strawberry.field(description="When this version was created.")
    key: strawberry.Private[rows.VersionKey]

    @classmethod
    def from_model(cls, version: rows.Version) -> "DiaryVersion":
        return cls(
            id=encode_part_id(VERSION, version.diary_id, str(version.version)), version=version.version, origin=version.origin, summary=version.summary or None, mood=version.mood,
            conversation_count=version.conversation_count, message_count=version.message_count,
            tool_call_count=version.tool_call_count, model=version.model, prompt_version=version.prompt_version,
            created_at=version.created_at, key=(version.diary_id, version.version),
        )  # fmt: skip

    @strawberry.field(description="Its lines, in reading order. Without `includeHidden`, hidden lines are left out.")
    async def lines(self, info: strawberry.Info, kinds: Kinds = None, include_hidden: IncludeHidden = False) -> list[DiaryLine]:
        return _lines(await info.context.loaders.lines.load(self.key), kinds, include_hidden)


@strawberry.type(description="The diary of one day, written from the user's messages of that day. Every line has quotes from these messages as evidence, unless the user wrote it.")
class Diary(Node):
    date: Date = strawberry.field(description="The day, by the user's `timeZone` and `dayEndsAt`.")
    summary: str | None = strawberry.field(description=SUMMARY)
    mood: int | None = strawberry.field(description="Mood of the day, 1 (low) to 5 (high); null when the day does not show it.")
    tags: list[str] = strawberry.field(description="The user's tags, at most 20 of 1 to 40 characters each.")
    conversation_count: int = strawberry.field(description="Number of conversations of that day that it was made from.")
    message_count: int = strawberry.field(description="Number of messages of that day that it was made from.")
    tool_call_count: int = strawberry.field(description="Number of tool calls in those conversations on that day.")
    version: int = strawberry.field(description="Number of the current version, starting at 1.")
    origin: DiaryOrigin = strawberry.field(description="How the current version was made.")
    model: str | None = strawberry.field(description="The language model that wrote it; null when no model wrote it.")
    prompt_version: str | None = strawberry.field(description="Version of the prompt that was used; null when no model wrote it.")
    created_at: datetime = strawberry.field(description="When the first version was created.")
    updated_at: datetime = strawberry.field(description="When the diary last changed.")
    entry: strawberry.Private[rows.EntryRow]

    @classmethod
    def from_model(cls, entry: rows.EntryRow) -> "Diary":
        return cls(
            id=encode_id("Diary", entry.id), date=entry.day, summary=entry.summary or None, mood=entry.mood, tags=entry.tags,
            conversation_count=entry.conversation_count, message_count=entry.message_count,
            tool_call_count=entry.tool_call_count, version=entry.version, origin=entry.origin, model=entry.model,
            prompt_version=entry.prompt_version, created_at=entry.created_at, updated_at=entry.updated_at, entry=entry,
        )  # fmt: skip

    @strawberry.field(description=MATCHES.format("summary"), metadata=weight(MATCH))
    async def summary_matches(self, info: strawberry.Info, query: MatchedQuery) -> list[SearchMatch]:
        return await find_matches(info, self.summary, query, part=True)

    @strawberry.field(description="Its lines, in reading order. Without `includeHidden`, hidden lines are left out.", metadata=prefetched_as("prefetched_lines"))
    def lines(self, info: strawberry.Info, kinds: Kinds = None, include_hidden: IncludeHidden = False) -> list[DiaryLine]:
        return self._part(info, "lines", lambda lines: _lines(lines, kinds, include_hidden))

    @strawberry.field(description="What the day shows about the user. Hidden lines are left out.", metadata=prefetched_as("prefetched_insights"))
    def insights(self, info: strawberry.Info) -> DiaryInsights:
        return self._part(info, "insights", DiaryInsights.from_model)

    @strawberry.field(description="What the day says about the slots of the user's profile.", metadata=prefetched_as("prefetched_signals"))
    def signals(self, info: strawberry.Info) -> list[DiarySignal]:
        return self._part(info, "signals", _signals)

    @strawberry.field(description="Its versions, the newest first.")
    def versions(self, info: strawberry.Info, first: FirstVersions = 20) -> list[DiaryVersion]:
        limit = page_size(first)

        def make(versions: Sequence[rows.Version]) -> list[DiaryVersion]:
            return [DiaryVersion.from_model(version) for version in versions[:limit]]

        return prefetched_or_load(self.entry.parts.versions, lambda: info.context.loaders.versions.load(self.entry.id), make)

    @property
    def prefetched_lines(self) -> list[DiaryLine]:
        return _lines(self.entry.parts.lines)  # type: ignore[arg-type] # the executor asks only when it was prefetched, else falls back

    @property
    def prefetched_insights(self) -> DiaryInsights:
        return DiaryInsights.from_model(self.entry.parts.insights)  # type: ignore[arg-type] # the executor asks only when it was prefetched, else falls back

    @property
    def prefetched_signals(self) -> list[DiarySignal]:
        return _signals(self.entry.parts.signals)  # type: ignore[arg-type] # the executor asks only when it was prefetched, else falls back

    def _part(self, info: strawberry.Info, part: rows.Part, make: Callable[[Any], T]) -> T:
        key = (self.entry.id, self.entry.version)
        return prefetched_or_load(getattr(self.entry.parts, part), lambda: getattr(info.context.loaders, part).load(key), make)


async def load_message(info: strawberry.Info, message_id: UUID) -> Message:
    """Return the message that a quote refers to. Raises `NotFound` when the message was deleted after the quote was read."""
    found = await info.context.loaders.message.load(message_id)
    if found is None:
        raise NotFound("message")
    return Message.from_model(found)


def parts_asked(info: strawberry.Info, *paths: Sequence[str]) -> list[rows.Part]:
    """Return the parts selected on the diaries at `paths` below the current field, which are loaded with the diaries."""
    asked = set[str]().union(*(selected_field_names(info, *path) for path in paths))
    return [part for part in rows.PARTS if part in asked]


async def prefetch_messages(info: strawberry.Info, entries: Sequence[rows.EntryRow], *paths: Sequence[str]) -> None:
    """Load the messages that the lines and signals of entries quote, if the selection at `paths` asks for them."""
    selected = [part for part in ("lines", "signals") for path in paths if "message" in selected_field_names(info, *path, part, "evidence")]
    quoting = (item for entry in entries for part in dict.fromkeys(selected) for item in getattr(entry.parts, part) or ())
    if ids := list(dict.fromkeys(quote.message_id for item in quoting for quote in item.evidence)):
        await info.context.loaders.prefetch_messages(ids)


async def with_parts(info: strawberry.Info, entry: rows.EntryRow, *path: str) -> rows.EntryRow:
    """Return an entry that a mutation changed with the parts that the selection at `path` asks for, unless it was changed again."""
    parts = tuple(parts_asked(info, path))
    found: rows.EntryRow | None = await info.context.loaders.diary_by_day.load(rows.WantedDay(entry.day, parts)) if parts else None
    if found is None or found.version != entry.version:
        return entry
    await prefetch_messages(info, [found], path)
    return found


async def load_diaries(info: strawberry.Info, ids: Sequence[UUID]) -> list[Diary | None]:
    """Return the caller's diaries with these ids, for `node`."""
    return [found and Diary.from_model(found) for found in await info.context.loaders.diary.load_many(ids)]


async def load_lines(info: strawberry.Info, ids: Sequence[UUID]) -> list[DiaryLine | None]:
    """Return the caller's lines with these ids, also hidden ones and those of earlier versions, for `node`."""
    return [found and DiaryLine.from_model(found) for found in await info.context.loaders.line.load_many(ids)]


async def load_versions(info: strawberry.Info, keys: Sequence[tuple[UUID, str]]) -> list[DiaryVersion | None]:
    """Return versions of the caller's diaries by a diary's id and a number, for `node`."""
    wanted = {key: (key[0], int(key[1])) for key in keys if key[1].isdecimal() and len(key[1]) < 10 and str(int(key[1])) == key[1]}
    found = dict(zip(wanted, await info.context.loaders.version.load_many(list(wanted.values()))))
    return [DiaryVersion.from_model(version) if (version := found.get(key)) else None for key in keys]


NODES: dict[str, NodeLoader] = {"Diary": load_diaries, "DiaryLine": load_lines}


def _evidence(quotes: list[rows.Quote]) -> list[DiaryEvidence]:
    """Return the quotes unchanged: a row has the GraphQL type's fields under the same names."""
    return quotes  # type: ignore[return-value] # a row has the type's fields


def _signals(signals: Sequence[rows.DaySignal]) -> list[DiarySignal]:
    return [DiarySignal.from_model(signal, slot) for signal in signals if (slot := slot_of(signal.slot))]


def _lines(lines: Sequence[rows.Line], kinds: Sequence[Any] | None = None, include_hidden: bool | None = False) -> list[DiaryLine]:
    return [
        DiaryLine.from_model(line)
        for line in lines
        if (include_hidden or not line.hidden) and (kinds is None or line.kind in kinds)
    ]
