"""The types of a profile: values by section, the quotes that support each, and their changes."""
import enum
from collections.abc import Sequence
from datetime import date as Date
from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

import strawberry

from graph.enums import Job, describe_enum
from graph.field_costs import MATCH, SERIES, weight
from graph.relay import Node, NodeLoader, encode_id, page_size
from graph.types.chat import MATCHES, MatchedQuery, Message, SearchMatch, find_matches
from graph.types.diary import Diary, load_message, parts_asked
from graph.types.own_slots import OwnSlot, find_own_slot
from graph.types.profile_change_enums import ProfileChangeCause, ProfileChangeEffect, split_reason
from graph.types.profile_slots import ProfileSectionName, ProfileSlot, section_of, slot_of
from jobs.rules.profile.polarity import is_negated
from persistence.models.enums import ValueOrigin as ProfileValueOrigin
from persistence.models.enums import ValuePolarity as ProfileValuePolarity
from persistence.models.enums import ValueStatus as ProfileValueStatus
from persistence.queries import profile_reads as rows
from persistence.queries.diary_reads import WantedDay
from resolvers import change_labels, profile_history
from resolvers import profile as resolvers

describe_enum(
    ProfileValueStatus,
    "The state of a value in the profile.",
    name="ProfileValueStatus",
    ACTIVE="The value is current.",
    SUGGESTED="The value is newer than the current one, but has too little evidence to replace it or is kept from it by a lock; or only an imported memory text or another assistant says it. "
    "Confirm it with `profileValueSet` or `profileValueLock`, or reject it.",
    SUPERSEDED="The value was current until `endedAt`; then another value replaced it, it was contradicted, or the user judged it to be outdated.",
    DISPUTED="Another value of the slot, or the opposite, has equally strong evidence; or a single statement says that a well-founded value is over.",
    REJECTED="The user rejected the value; it returns only when other messages support it.",
)

describe_enum(
    ProfileValueOrigin,
    "Where a value comes from.",
    name="ProfileValueOrigin",
    INFERRED="It was inferred from what the user wrote, or is suggested by an imported memory text alone.",
    STATED="The user stated it explicitly in a message, or set it with `profileValueSet`.",
)

describe_enum(
    ProfileValuePolarity,
    "How the user is related to the text of a value.",
    name="ProfileValuePolarity",
    IS="The value holds of the user, such as `Bergen` as a home. The default, where the user said neither that they like it nor the contrary.",
    LIKES="The user said that they like it.",
    DISLIKES="The user said that they do not like it: `value` names the thing, such as `cilantro`.",
    IS_NOT="It is not so: the user does not do it, eat it, have it or is not that. `value` names the thing, such as `pork`.",
)



class ProfileEvidenceSource(enum.Enum):
    MESSAGE = "MESSAGE"
    IMPORT = "IMPORT"


describe_enum(
    ProfileEvidenceSource,
    "Where a piece of evidence comes from.",
    MESSAGE="A message of the user.",
    IMPORT="A memory text of another product that the user imported. It suggests a value, and neither raises nor lowers any confidence.",
)

UNKNOWN = "Null when it is not a value of this enum, which an imported file may contain."

DEFAULT_STATUSES = frozenset(ProfileValueStatus) - {ProfileValueStatus.REJECTED}

Statuses = Annotated[
    list[ProfileValueStatus] | None,
    strawberry.argument(description="Only values with one of these statuses; absent or null for all but REJECTED."),
]
HistoryFrom = Annotated[
    Date | None, strawberry.argument(name="from", description="First day; absent or null for the day on which the value was first seen."),
]
HistoryTo = Annotated[Date | None, strawberry.argument(description="Last day; absent or null, or a later day, for today.")]
HistoryPoints = Annotated[
    int | None, strawberry.argument(description="Maximum number of days, 2 to 120, null for 60; the first and the last day are among them."),
]
FirstChanges = Annotated[int | None, strawberry.argument(description="Maximum number of changes, at least 1; more than 100 counts as 100, null as 20.")]


@strawberry.type(description="A quote from the user's messages that supports a value of the profile, or a sentence of an imported memory text that suggests it.")
class ProfileEvidence:
    source: ProfileEvidenceSource = strawberry.field(description="Whether it is a quote from a message or a sentence of an imported memory text.")
    quote: str = strawberry.field(description="The quoted text, exactly as in the message: the whole sentence, or clause of a long sentence, in which the cited part stands. With IMPORT the sentence without list marks and emphasis.")
    start: int = strawberry.field(description="Offset of the quote in the message's `content`, in Unicode code points; 0 with IMPORT. In JavaScript `Array.from(content)` has them.")
    cited_start: int = strawberry.field(description="Offset in the message's `content` of the part of the quote that the model cited, in Unicode code points; with IMPORT in `quote`. A frontend can mark it.")
    cited_end: int = strawberry.field(description="Offset at which that part ends, exclusive.")
    date: Date = strawberry.field(description="The user's day on which the message was sent; with IMPORT that of the import.")
    said_at: datetime = strawberry.field(description="When the message was sent; with IMPORT when the text was imported.")
    noted_on: Date | None = strawberry.field(description="The day that the memory text itself gives for the sentence; null if it gives none, and with MESSAGE.")
    message_id: strawberry.Private[UUID | None]

    @classmethod
    def from_model(cls, quote: "rows.ValueQuote") -> "ProfileEvidence":
        return cls(
            source=ProfileEvidenceSource.IMPORT if quote.message_id is None else ProfileEvidenceSource.MESSAGE,
            quote=quote.quote, start=quote.start, cited_start=quote.cited_start, cited_end=quote.cited_end, date=quote.day, said_at=quote.said_at,
            noted_on=quote.noted_on, message_id=quote.message_id,
        )  # fmt: skip

    @strawberry.field(description="The quoted message; null with IMPORT. Deleting it removes the quote, and the data that only this quote supports.")
    async def message(self, info: strawberry.Info) -> Message | None:
        return await load_message(info, self.message_id) if self.message_id else None

    @strawberry.field(description="The diary of that day; null when the user deleted it, and with IMPORT.")
    async def diary(self, info: strawberry.Info) -> Diary | None:
        if self.message_id is None:
            return None
        found = await info.context.loaders.diary_by_day.load(WantedDay(self.date, tuple(parts_asked(info, []))))
        return found and Diary.from_model(found)


@strawberry.type(description="The job run that made a change.")
class ProfileChangeRun(Node):
    id: strawberry.ID = strawberry.field(description="Id of the job run; an administrator can pass it to `jobRun`, and for an administrator `node` returns the JobRun.")
    job: Job | None = strawberry.field(description="The job; null for a run of all jobs, which processes everything that is due.")
    started_at: datetime = strawberry.field(description="When the run began.")


@strawberry.type(description="One change of a value in the profile's history.")
class ProfileChange(Node):
    slot: ProfileSlot = strawberry.field(description="The slot whose value changed.")
    before: str | None = strawberry.field(description="Text of the value before the change; null when the value is new.")
    after: str | None = strawberry.field(description="Text of the value after the change; null when the value was removed.")
    status_before: ProfileValueStatus | None = strawberry.field(description="Status before the change; null when the value is new.")
    status_after: ProfileValueStatus | None = strawberry.field(description="Status after the change; null when the value was removed.")
    confidence_before: float | None = strawberry.field(description="Confidence before the change, 0 to 1; null when the value is new.")
    confidence_after: float | None = strawberry.field(description="Confidence after the change, 0 to 1; null when the value was removed.")
    negated: bool = strawberry.field(description="True when the change is about the negation of the text: what the user does not like, or what is not so.")
    reason: str = strawberry.field(
        description="Why it changed: `cause` and `effect` in one text, such as `NIGHT: STRENGTHENED`.", deprecation_reason="Use `cause` and `effect`."
    )
    cause: ProfileChangeCause | None = strawberry.field(description=f"What caused the profile to be recomputed. {UNKNOWN}")
    effect: ProfileChangeEffect | None = strawberry.field(description=f"How the value changed. {UNKNOWN}")
    run: ProfileChangeRun | None = strawberry.field(description="The job run that made the change; null when an action of the user made it.")
    at: datetime = strawberry.field(description="When the change was recorded.")
    key: strawberry.Private["rows.ValueKey"]

    @classmethod
    def from_model(cls, change: "rows.Change") -> "ProfileChange":
        cause, effect = split_reason(change.reason)
        return cls(
            id=encode_id("ProfileChange", change.id), slot=_existing(change.slot), before=change.before, after=change.after, negated=is_negated(change.value_key),
            status_before=change.status_before, status_after=change.status_after,
            confidence_before=change.confidence_before, confidence_after=change.confidence_after, reason=change.reason,
            cause=cause, effect=effect, run=_run(change), at=change.created_at, key=(change.slot, change.value_key),
        )  # fmt: skip

    @strawberry.field(description="The slot, if the user defined it (`slot` is OWN); null otherwise.")
    async def own_slot(self, info: strawberry.Info) -> OwnSlot | None:
        return await find_own_slot(info, self.key[0])

    @strawberry.field(description="A short name of `cause` in the user's language, English or Chinese; null where `cause` is.")
    async def cause_label(self, info: strawberry.Info) -> str | None:
        return change_labels.cause_label(self.cause.value, (await info.context.require_viewer()).locale) if self.cause else None

    @strawberry.field(description="A short name of `effect` in the user's language, English or Chinese; null where `effect` is.")
    async def effect_label(self, info: strawberry.Info) -> str | None:
        return change_labels.effect_label(self.effect.value, (await info.context.require_viewer()).locale) if self.effect else None

    @strawberry.field(description="The current state of the value; null when it is no longer in the profile.")
    async def value(self, info: strawberry.Info) -> "ProfileValue | None":
        found = await info.context.loaders.profile_value_by_key.load(self.key)
        return found and ProfileValue.from_model(found)


@strawberry.type
class ValueFields:
    """The fields of a value, whether of the present profile or of a past day's."""

    slot: ProfileSlot = strawberry.field(description="The slot that the value belongs to: what it is about.")
    value: str = strawberry.field(description="What is known, in the user's words; 1 to 120 characters. With a `polarity` of DISLIKES or IS_NOT it is what the user does not like, or what is not so.")
    polarity: ProfileValuePolarity = strawberry.field(description="How the user is related to `value`. A value and its negation are opposites that compete: the newest explicit statement wins.")
    since: str | None = strawberry.field(description="Since when it is true, if the user said so: a day, month or year in ISO 8601, as precise as the statement, such as `2019`, `2026-03` or `2026-03-14`, or the user's words, such as `childhood`. Null when the user did not say.")
    until: str | None = strawberry.field(description="Until when it is or was true, in the form of `since`, such as `2026-03-31`. For a value that the user called over without a day, the day of that statement. Null when the user did not say.")
    condition: str | None = strawberry.field(description="Under which condition it is true, in the user's words, such as `on weekdays` or `上班的时候`; several are separated by `; `. Null when the user said none.")
    confidence: float = strawberry.field(description="Confidence in the value, 0 to 1. Falls with the age of the evidence and with contradicting evidence.")
    status: ProfileValueStatus = strawberry.field(description="State of the value.")
    locked: bool = strawberry.field(description="Whether the user locked it: then no nightly job changes it.")
    origin: ProfileValueOrigin = strawberry.field(description="Whether it was inferred or stated by the user.")
    first_seen_at: datetime = strawberry.field(description="When the user first said or set it.")
    last_seen_at: datetime = strawberry.field(description="When the user last said or set it.")
    ended_at: datetime | None = strawberry.field(description="When the value was superseded or rejected; null while its status is neither SUPERSEDED nor REJECTED.")
    found: strawberry.Private["rows.Value"]

    @strawberry.field(description="The slot, if the user defined it (`slot` is OWN); null otherwise.")
    async def own_slot(self, info: strawberry.Info) -> OwnSlot | None:
        return await find_own_slot(info, self.found.slot)

    @strawberry.field(description="The quotes that support it, the oldest first, and the sentences of imported memory texts that suggest it; empty when there is neither, for example because the user set it.")
    async def evidence(self, info: strawberry.Info) -> list[ProfileEvidence]:
        return [ProfileEvidence.from_model(quote) for quote in await resolvers.list_quotes(info.context.loaders, self.found)]


def value_fields(value: "rows.Value") -> dict[str, Any]:
    return {
        "slot": _existing(value.slot), "value": value.value, "confidence": value.confidence, "status": value.status, "locked": value.locked,
        "origin": value.origin, "first_seen_at": value.first_seen_at, "last_seen_at": value.last_seen_at, "ended_at": value.ended_at,
        "polarity": value.polarity, "since": value.since, "until": value.until, "condition": value.condition, "found": value,
    }  # fmt: skip


@strawberry.type(description="The state of a value as of the end of a day.")
class ProfileValuePoint:
    date: Date = strawberry.field(description="The day, in the user's own time zone.")
    confidence: float = strawberry.field(description="Confidence as of that day, 0 to 1, by today's rules.")
    status: ProfileValueStatus = strawberry.field(description="State of the value as of that day.")
    evidence_count: int = strawberry.field(description="Number of messages that supported it as of that day.")


@strawberry.type(description="Something known about the user, with the quotes that support it.")
class ProfileValue(ValueFields, Node):
    @classmethod
    def from_model(cls, value: "rows.Value") -> "ProfileValue":
        return cls(id=encode_id("ProfileValue", value.id), **value_fields(value))

    @strawberry.field(
        description="The name of the personal access token by which another assistant of the user suggested the value before the user said or confirmed it; null for every other value. The token may be "
        "deleted since. `profileValueReject` undoes a suggestion, `profileValueSet` or `profileValueLock` confirms it."
    )
    async def suggested_by(self, info: strawberry.Info) -> str | None:
        return await info.context.loaders.suggested_by.load((self.found.slot, self.found.value_key))  # type: ignore[no-any-return]

    @strawberry.field(description=MATCHES.format("value"), metadata=weight(MATCH))
    async def matches(self, info: strawberry.Info, query: MatchedQuery) -> list[SearchMatch]:
        return await find_matches(info, self.value, query, part=True)

    @strawberry.field(description="History of the value, the newest change first.")
    async def changes(self, info: strawberry.Info, first: FirstChanges = 20) -> list[ProfileChange]:
        limit = page_size(first)
        found = await info.context.loaders.changes.load((self.found.slot, self.found.value_key))
        return [ProfileChange.from_model(change) for change in found[:limit]]

    @strawberry.field(
        description="Confidence over time: the state of the value on days that are spread evenly over the range, oldest first, computed as `profileAsOf` is. Days on which the value was not in the profile are left out.",
        metadata=weight(SERIES),
    )
    async def history(self, info: strawberry.Info, from_: HistoryFrom = None, to: HistoryTo = None, points: HistoryPoints = 60) -> list[ProfileValuePoint]:
        viewer = await info.context.require_viewer()
        found = await profile_history.list_points(viewer, info.context.loaders, self.found, from_, to, 60 if points is None else points)
        return [ProfileValuePoint(date=point.day, confidence=point.confidence, status=point.status, evidence_count=point.evidence_count) for point in found]


@strawberry.type(description="A section of a profile: its values about one subject.")
class ProfileSection:
    name: ProfileSectionName = strawberry.field(description="Which section it is.")
    found: strawberry.Private[Sequence["rows.Value"]]

    @strawberry.field(description="Its values, ordered by slot; within a slot by status (ACTIVE, DISPUTED, SUGGESTED, SUPERSEDED, REJECTED), then locked ones first, then by confidence and `lastSeenAt`, the highest and newest first.")
    def values(self, statuses: Statuses = None) -> list[ProfileValue]:
        wanted = DEFAULT_STATUSES if statuses is None else frozenset(statuses)
        return [ProfileValue.from_model(value) for value in self.found if value.status in wanted]


@strawberry.type(description="What is known about the user: learned from their diaries and corrected by them.")
class Profile(Node):
    as_of: Date = strawberry.field(description="The user's day for which the profile is valid.")
    sections: list[ProfileSection] = strawberry.field(description="All sections in a fixed order, including those without values.")

    @classmethod
    def from_model(cls, profile: "resolvers.Profile") -> "Profile":
        found = values_by_section(profile)
        return cls(id=encode_id("Profile", profile.id), as_of=profile.as_of, sections=[ProfileSection(name=name, found=values) for name, values in found.items()])


def values_by_section(profile: "resolvers.Profile") -> dict[ProfileSectionName, list["rows.Value"]]:
    """Return the values of each section, in the order of the sections."""
    found: dict[ProfileSectionName, list[rows.Value]] = {section: [] for section in ProfileSectionName}
    for value in profile.values:
        found[section_of(value.slot)].append(value)
    return found


async def load_values(info: strawberry.Info, ids: Sequence[UUID]) -> list[ProfileValue | None]:
    """Return the caller's values with these ids, for `node`."""
    found = await info.context.loaders.profile_value.load_many(ids)
    return [ProfileValue.from_model(value) if value and slot_of(value.slot) else None for value in found]


async def load_changes(info: strawberry.Info, ids: Sequence[UUID]) -> list[ProfileChange | None]:
    """Return the caller's changes with these ids, for `node`."""
    found = await info.context.loaders.change.load_many(ids)
    return [ProfileChange.from_model(change) if change and slot_of(change.slot) else None for change in found]


async def load_change_runs(info: strawberry.Info, ids: Sequence[UUID]) -> list[ProfileChangeRun | None]:
    """Return the job runs with these ids that changed the caller's profile, for `node`."""
    found = await info.context.loaders.change_run.load_many(ids)
    return [run and ProfileChangeRun(id=encode_id("JobRun", run.id), job=run.job, started_at=run.started_at) for run in found]


async def load_profile(info: strawberry.Info) -> Profile:
    """Return the caller's profile as it is now."""
    return Profile.from_model(await resolvers.get_profile(await info.context.require_viewer(), None))


async def load_profiles(info: strawberry.Info, ids: Sequence[UUID]) -> list[Profile | None]:
    """Return the caller's current profile for its id, for `node`."""
    viewer = await info.context.require_viewer()
    found = Profile.from_model(await resolvers.get_profile(viewer, None)) if viewer.id in ids else None
    return [found if id == viewer.id else None for id in ids]


NODES: dict[str, NodeLoader] = {
    "Profile": load_profiles, "ProfileValue": load_values, "ProfileChange": load_changes, "ProfileChangeRun": load_change_runs,
}


def _existing(key: str) -> ProfileSlot:
    slot = slot_of(key)
    assert slot is not None, "rows of slots that do not exist are left out"
    return slot


def _run(change: "rows.Change") -> ProfileChangeRun | None:
    if change.run_id is None or change.run_started_at is None:
        return None
    return ProfileChangeRun(id=encode_id("JobRun", change.run_id), job=change.job, started_at=change.run_started_at)
