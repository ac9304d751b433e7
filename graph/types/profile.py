"""The types of a profile: values by section, the quotes that support each, and their changes."""
from collections.abc import Sequence
from datetime import date as Date
from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graph.enums import Job, describe_enum
from graph.relay import Node, NodeLoader, encode_id, page_size
from graph.types.chat import Message
from graph.types.diary import Diary, load_message
from graph.types.profile_change_enums import ProfileChangeCause, ProfileChangeEffect, split_reason
from graph.types.profile_slots import SLOT_OF, ProfileSectionName, ProfileSlot, section_of
from persistence.models.enums import ValueOrigin as ProfileValueOrigin
from persistence.models.enums import ValueStatus as ProfileValueStatus
from persistence.queries import profile_reads as rows
from resolvers import profile as resolvers

describe_enum(
    ProfileValueStatus,
    "The state of a value in the profile.",
    name="ProfileValueStatus",
    ACTIVE="The value is current.",
    SUGGESTED="The value is newer than the current one, but has too little evidence to replace it or is kept from it by a lock.",
    SUPERSEDED="The value was current until `endedAt`; then another value replaced it or it was contradicted.",
    DISPUTED="Another value of the slot has equally strong evidence.",
    REJECTED="The user rejected the value; it returns only when other messages support it.",
)

describe_enum(
    ProfileValueOrigin,
    "Where a value comes from.",
    name="ProfileValueOrigin",
    INFERRED="It was inferred from what the user wrote.",
    STATED="The user stated it explicitly in a message, or set it with `profileValueSet`.",
)

UNKNOWN = "Null when it is not a value of this enum, which an imported file may contain."

DEFAULT_STATUSES = frozenset(ProfileValueStatus) - {ProfileValueStatus.REJECTED}

Statuses = Annotated[
    list[ProfileValueStatus] | None,
    strawberry.argument(description="Only values with one of these statuses; absent or null for all but REJECTED."),
]
FirstChanges = Annotated[int | None, strawberry.argument(description="Maximum number of changes, at least 1; more than 100 counts as 100, null as 20.")]


@strawberry.type(description="A quote from the user's messages that supports a value of the profile.")
class ProfileEvidence:
    quote: str = strawberry.field(description="The quoted text, exactly as in the message.")
    start: int = strawberry.field(description="Offset of the quote in the message's `content`, in Unicode code points.")
    date: Date = strawberry.field(description="The user's day on which the message was sent.")
    said_at: datetime = strawberry.field(description="When the message was sent.")
    message_id: strawberry.Private[UUID]

    @classmethod
    def from_model(cls, quote: "rows.ValueQuote") -> "ProfileEvidence":
        return cls(quote=quote.quote, start=quote.start, date=quote.day, said_at=quote.said_at, message_id=quote.message_id)

    @strawberry.field(description="The quoted message. Deleting it removes the quote, and the data that only this quote supports.")
    async def message(self, info: strawberry.Info) -> Message:
        return await load_message(info, self.message_id)

    @strawberry.field(description="The diary of that day; null when the user deleted it.")
    async def diary(self, info: strawberry.Info) -> Diary | None:
        found = await info.context.loaders.diary_by_day.load(self.date)
        return found and Diary.from_model(found)


@strawberry.type(description="The job run that made a change.")
class ProfileChangeRun:
    id: strawberry.ID = strawberry.field(description="Id of the job run; an administrator can pass it to `jobRun`.")
    job: Job | None = strawberry.field(description="The job; null for a run of all jobs, which processes everything that is due.")  # type: ignore[valid-type]
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
            id=encode_id("ProfileChange", change.id), slot=SLOT_OF[change.slot], before=change.before, after=change.after,
            status_before=change.status_before, status_after=change.status_after,
            confidence_before=change.confidence_before, confidence_after=change.confidence_after, reason=change.reason,
            cause=cause, effect=effect, run=_run(change), at=change.created_at, key=(change.slot, change.value_key),
        )  # fmt: skip

    @strawberry.field(description="The current state of the value; null when it is no longer in the profile.")
    async def value(self, info: strawberry.Info) -> "ProfileValue | None":
        found = await info.context.loaders.profile_value_by_key.load(self.key)
        return found and ProfileValue.from_model(found)


@strawberry.type(description="Something known about the user, with the quotes that support it.")
class ProfileValue(Node):
    slot: ProfileSlot = strawberry.field(description="The slot that the value belongs to: what it is about.")
    value: str = strawberry.field(description="What is known, in the user's words; 1 to 120 characters.")
    confidence: float = strawberry.field(description="Confidence in the value, 0 to 1. Falls with the age of the evidence and with contradicting evidence.")
    status: ProfileValueStatus = strawberry.field(description="State of the value.")
    locked: bool = strawberry.field(description="Whether the user locked it: then no nightly job changes it.")
    origin: ProfileValueOrigin = strawberry.field(description="Whether it was inferred or stated by the user.")
    first_seen_at: datetime = strawberry.field(description="When the user first said or set it.")
    last_seen_at: datetime = strawberry.field(description="When the user last said or set it.")
    ended_at: datetime | None = strawberry.field(description="When the value was superseded or rejected; null while its status is neither SUPERSEDED nor REJECTED.")
    found: strawberry.Private["rows.Value"]

    @classmethod
    def from_model(cls, value: "rows.Value") -> "ProfileValue":
        return cls(
            id=encode_id("ProfileValue", value.id), slot=SLOT_OF[value.slot], value=value.value, confidence=value.confidence,
            status=value.status, locked=value.locked, origin=value.origin, first_seen_at=value.first_seen_at,
            last_seen_at=value.last_seen_at, ended_at=value.ended_at, found=value,
        )  # fmt: skip

    @strawberry.field(description="The quotes that support it, the oldest first; empty when no message supports it, for example because the user set it.")
    async def evidence(self, info: strawberry.Info) -> list[ProfileEvidence]:
        return [ProfileEvidence.from_model(quote) for quote in await resolvers.list_quotes(info.context.loaders, self.found)]

    @strawberry.field(description="History of the value, the newest change first.")
    async def changes(self, info: strawberry.Info, first: FirstChanges = 20) -> list[ProfileChange]:
        limit = page_size(first)
        found = await info.context.loaders.changes.load((self.found.slot, self.found.value_key))
        return [ProfileChange.from_model(change) for change in found[:limit]]


@strawberry.type(description="A section of a profile: its values about one subject.")
class ProfileSection:
    name: ProfileSectionName = strawberry.field(description="Which section it is.")
    found: strawberry.Private[Sequence["rows.Value"]]

    @strawberry.field(description="Its values, ordered by slot; within a slot by status (ACTIVE, DISPUTED, SUGGESTED, SUPERSEDED, REJECTED), then locked ones first, then by confidence and `lastSeenAt`, the highest and newest first.")
    def values(self, statuses: Statuses = None) -> list[ProfileValue]:
        wanted = DEFAULT_STATUSES if statuses is None else frozenset(statuses)
        return [ProfileValue.from_model(value) for value in self.found if value.status in wanted]


@strawberry.type(description="What is known about the user: learned from their diaries and corrected by them.")
class Profile:
    as_of: Date = strawberry.field(description="The user's day for which the profile is valid.")
    sections: list[ProfileSection] = strawberry.field(description="All five sections in a fixed order, including those without values.")

    @classmethod
    def from_model(cls, profile: "resolvers.Profile") -> "Profile":
        found: dict[ProfileSectionName, list[rows.Value]] = {section: [] for section in ProfileSectionName}
        for value in profile.values:
            found[section_of(value.slot)].append(value)
        return cls(as_of=profile.as_of, sections=[ProfileSection(name=name, found=values) for name, values in found.items()])


async def load_values(info: strawberry.Info, ids: Sequence[UUID]) -> list[ProfileValue | None]:
    """Return the caller's values with these ids, for `node`."""
    found = await info.context.loaders.profile_value.load_many(ids)
    return [ProfileValue.from_model(value) if value and value.slot in SLOT_OF else None for value in found]


async def load_changes(info: strawberry.Info, ids: Sequence[UUID]) -> list[ProfileChange | None]:
    """Return the caller's changes with these ids, for `node`."""
    found = await info.context.loaders.change.load_many(ids)
    return [ProfileChange.from_model(change) if change and change.slot in SLOT_OF else None for change in found]


NODES: dict[str, NodeLoader] = {"ProfileValue": load_values, "ProfileChange": load_changes}


def _run(change: "rows.Change") -> ProfileChangeRun | None:
    if change.run_id is None or change.run_started_at is None:
        return None
    return ProfileChangeRun(id=encode_id("JobRun", change.run_id), job=change.job, started_at=change.run_started_at)
