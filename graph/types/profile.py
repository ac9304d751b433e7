"""The types of a profile: values by section, the quotes that support each, and their changes."""
from collections.abc import Sequence
from datetime import date as Date
from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graph.enums import Job, describe_enum
from graph.relay import Node, NodeLoader, encode_id, page_size
from graph.types.diary import Diary, load_message
from graph.types.message import Message
from graph.types.profile_change_enums import ProfileChangeCause, ProfileChangeEffect, split_reason
from graph.types.profile_slots import SLOT_OF, ProfileSectionName, ProfileSlot, section_of
from persistence.models.enums import ValueOrigin as ProfileValueOrigin
from persistence.models.enums import ValueStatus as ProfileValueStatus
from persistence.queries import profile_reads as rows
from resolvers import profile as resolvers

describe_enum(
    ProfileValueStatus,
    "How a value stands.",
    name="ProfileValueStatus",
    ACTIVE="It holds.",
    SUGGESTED="It is newer than what holds, but too weak to replace it or held off by a lock.",
    SUPERSEDED="It held until `endedAt`; something newer took its place.",
    DISPUTED="Another value of the slot is just as strong.",
    REJECTED="The person rejected it; it stays away until there is other evidence.",
)

describe_enum(
    ProfileValueOrigin,
    "Where a value comes from.",
    name="ProfileValueOrigin",
    INFERRED="It was inferred from what the person wrote.",
    STATED="The person said it in so many words, or set it by hand.",
)

UNKNOWN = "Null for one of an imported file that this version does not know."

DEFAULT_STATUSES = frozenset(ProfileValueStatus) - {ProfileValueStatus.REJECTED}

Statuses = Annotated[
    list[ProfileValueStatus] | None,
    strawberry.argument(description="Only values that stand so; absent or null for all but REJECTED."),
]
FirstChanges = Annotated[int | None, strawberry.argument(description="How many changes to give, from 1; more than 100 counts as 100, null as 20.")]


@strawberry.type(description="The person's own words behind a value of the profile.")
class ProfileEvidence:
    quote: str = strawberry.field(description="The words, exactly as they stand in the message.")
    start: int = strawberry.field(description="Where the quote begins in the message's text: characters (code points) before it.")
    date: Date = strawberry.field(description="The person's day on which it was said.")
    said_at: datetime = strawberry.field(description="When it was said.")
    message_id: strawberry.Private[UUID]

    @classmethod
    def from_model(cls, quote: "rows.ValueQuote") -> "ProfileEvidence":
        return cls(quote=quote.quote, start=quote.start, date=quote.day, said_at=quote.said_at, message_id=quote.message_id)

    @strawberry.field(description="The message that was quoted. Deleting it removes the quote, and what stands on it alone.")
    async def message(self, info: strawberry.Info) -> Message:
        return await load_message(info, self.message_id)

    @strawberry.field(description="The diary of that day; null when the person deleted it.")
    async def diary(self, info: strawberry.Info) -> Diary | None:
        found = await info.context.loaders.diary_by_day.load(self.date)
        return found and Diary.from_model(found)


@strawberry.type(description="The run of a nightly job that made a change.")
class ProfileChangeRun:
    id: strawberry.ID = strawberry.field(description="The run's id, with which an administrator finds it.")
    job: Job | None = strawberry.field(description="The job; null for a tick, which takes whatever is due.")  # type: ignore[valid-type]
    started_at: datetime = strawberry.field(description="When the run began.")


@strawberry.type(description="One step in the evolution of a profile.")
class ProfileChange(Node):
    slot: ProfileSlot = strawberry.field(description="What changed.")
    before: str | None = strawberry.field(description="The value as it was worded before; null when it is new.")
    after: str | None = strawberry.field(description="The value as it is worded since; null when it is gone.")
    status_before: ProfileValueStatus | None = strawberry.field(description="How it stood before; null when it is new.")
    status_after: ProfileValueStatus | None = strawberry.field(description="How it stands since; null when it is gone.")
    confidence_before: float | None = strawberry.field(description="How sure it was before, 0 to 1; null when it is new.")
    confidence_after: float | None = strawberry.field(description="How sure it is since, 0 to 1; null when it is gone.")
    reason: str = strawberry.field(description="Why it changed: `cause` and `effect` in one text, as `NIGHT: STRENGTHENED`.")
    cause: ProfileChangeCause | None = strawberry.field(description=f"What set the recomputation going. {UNKNOWN}")
    effect: ProfileChangeEffect | None = strawberry.field(description=f"What came of the value. {UNKNOWN}")
    run: ProfileChangeRun | None = strawberry.field(description="The nightly run that made it; null when the person did.")
    at: datetime = strawberry.field(description="When it was recorded.")
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

    @strawberry.field(description="The value as it stands today; null when it is gone.")
    async def value(self, info: strawberry.Info) -> "ProfileValue | None":
        found = await info.context.loaders.profile_value_by_key.load(self.key)
        return found and ProfileValue.from_model(found)


@strawberry.type(description="Something known about a person, with the words it stands on.")
class ProfileValue(Node):
    slot: ProfileSlot = strawberry.field(description="What it is about.")
    value: str = strawberry.field(description="What is known, in the person's words; 1 to 120 characters.")
    confidence: float = strawberry.field(description="How sure it is, 0 to 1. Falls with time and contradiction.")
    status: ProfileValueStatus = strawberry.field(description="How it stands.")
    locked: bool = strawberry.field(description="Whether the person locked it: then no night changes it.")
    origin: ProfileValueOrigin = strawberry.field(description="Where it comes from.")
    first_seen_at: datetime = strawberry.field(description="When it was first said.")
    last_seen_at: datetime = strawberry.field(description="When it was last said.")
    ended_at: datetime | None = strawberry.field(description="When it ceased to hold; null while it does.")
    found: strawberry.Private["rows.Value"]

    @classmethod
    def from_model(cls, value: "rows.Value") -> "ProfileValue":
        return cls(
            id=encode_id("ProfileValue", value.id), slot=SLOT_OF[value.slot], value=value.value, confidence=value.confidence,
            status=value.status, locked=value.locked, origin=value.origin, first_seen_at=value.first_seen_at,
            last_seen_at=value.last_seen_at, ended_at=value.ended_at, found=value,
        )  # fmt: skip

    @strawberry.field(description="The words it stands on, the oldest first; empty when the person set it by hand.")
    async def evidence(self, info: strawberry.Info) -> list[ProfileEvidence]:
        return [ProfileEvidence.from_model(quote) for quote in await resolvers.list_quotes(info.context.loaders, self.found)]

    @strawberry.field(description="How it came to be, the newest change first.")
    async def changes(self, info: strawberry.Info, first: FirstChanges = 20) -> list[ProfileChange]:
        limit = page_size(first)
        found = await info.context.loaders.changes.load((self.found.slot, self.found.value_key))
        return [ProfileChange.from_model(change) for change in found[:limit]]


@strawberry.type(description="What a profile knows of one kind.")
class ProfileSection:
    name: ProfileSectionName = strawberry.field(description="Of which kind.")
    found: strawberry.Private[Sequence["rows.Value"]]

    @strawberry.field(description="By slot; in it what holds comes first, then what is surest and newest.")
    def values(self, statuses: Statuses = None) -> list[ProfileValue]:
        wanted = DEFAULT_STATUSES if statuses is None else frozenset(statuses)
        return [ProfileValue.from_model(value) for value in self.found if value.status in wanted]


@strawberry.type(description="What is known about a person: learned from their diaries, corrected by themselves.")
class Profile:
    as_of: Date = strawberry.field(description="The person's day for which it holds.")
    sections: list[ProfileSection] = strawberry.field(description="All five sections in their order, also those without a value.")

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
