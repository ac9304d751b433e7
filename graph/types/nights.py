"""The types of the job queue's current state."""
from datetime import datetime

import strawberry

import logs
from graph.enums import Job, describe_enum
from persistence.models import enums
from persistence.queries import job_monitoring
from resolvers import admin

PauseKind = describe_enum(
    enums.PauseKind, "Why the model is not asked.",
    MODEL="The provider refuses everyone: see `reason` and what the provider said. A probe, or a successful chat, ends the pause by itself.",
    SWITCH="An admin has stopped all use of the model. `modelSwitchOn` ends it.",
)


@strawberry.type(description="A time in which the model is not asked. Nights write fallback entries meanwhile, and replace them afterwards.")
class Pause:
    kind: PauseKind = strawberry.field(description="Of which kind.")  # type: ignore[valid-type]
    reason: str = strawberry.field(description="The provider's refusal as a code, or the admin's own words.")
    since: datetime = strawberry.field(description="Since when.")
    probe_at: datetime | None = strawberry.field(
        description="When a night's call may try whether it is over; null for an admin's pause. The next successful chat ends it earlier."
    )
    provider_status: int | None = strawberry.field(description="HTTP status of the provider's refusal; null where it sent none, and for an admin's pause.")
    provider_code: str | None = strawberry.field(description="The provider's own error code; null where it sent none, and for an admin's pause.")
    provider_message: str | None = strawberry.field(
        description="The provider's own words, at most 300 characters; null where it sent none, and where they contain a key or repeat what was sent."
    )

    @classmethod
    def from_pause(cls, pause: "admin.ActivePause") -> "Pause":
        return cls(kind=pause.kind, reason=pause.reason, since=pause.since, probe_at=pause.probe_at, **pause.reply.columns)


@strawberry.type(description="How one job stands.")
class JobState:
    job: Job = strawberry.field(description="The job.")  # type: ignore[valid-type]
    due: int = strawberry.field(description="Items that could be done now.")
    oldest_due_at: datetime | None = strawberry.field(description="Since when the oldest of them waits; null when none does. Alarm when it lies back more than an hour.")
    running: int = strawberry.field(description="Items in hand.")
    failed: int = strawberry.field(description="Items given up; the next night, or `jobRunRetry`, takes them up again.")
    attempts: int = strawberry.field(description="Attempts that ended within the last 24 hours.")
    p50_ms: float | None = strawberry.field(description="Half of those took at most so many milliseconds; null without any.")
    p95_ms: float | None = strawberry.field(description="19 of 20 of those took at most so many milliseconds; null without any.")

    @classmethod
    def from_state(cls, state: "job_monitoring.JobState") -> "JobState":
        return cls(**vars(state))


@strawberry.type(description="Items that were given up for one reason.")
class JobFailure:
    job: Job = strawberry.field(description="The job.")  # type: ignore[valid-type]
    error_code: str = strawberry.field(description="Why.")
    error: str = strawberry.field(description="What the code means and what to do, in English.")
    items: int = strawberry.field(description="How many.")
    provider_status: int | None = strawberry.field(description="HTTP status of the provider's refusal, of the latest of these items that has one; null without any.")
    provider_code: str | None = strawberry.field(description="The provider's own error code, of the same item; null where it sent none.")
    provider_message: str | None = strawberry.field(
        description="The provider's own words, of the same item, at most 300 characters; null where it sent none, and where they contain a key or repeat what was sent."
    )

    @classmethod
    def from_failure(cls, found: "job_monitoring.Failure") -> "JobFailure":
        return cls(
            job=found.job, error_code=found.error_code, error=logs.suggested_action({"error_code": found.error_code}) or logs.DEFAULT_ACTION, items=found.items,
            **found.reply.columns,
        )


@strawberry.type(description="How the nights stand at this moment.")
class Nights:
    jobs: list[JobState] = strawberry.field(description="Each job.")
    failures: list[JobFailure] = strawberry.field(description="Why items are given up, the most frequent reason first; empty when none is.")
    pauses: list[Pause] = strawberry.field(description="Why the model is not asked; empty while it is.")

    @classmethod
    def from_state(cls, state: "admin.JobOverview") -> "Nights":
        return cls(
            jobs=[JobState.from_state(found) for found in state.jobs], failures=[JobFailure.from_failure(found) for found in state.failures],
            pauses=[Pause.from_pause(pause) for pause in state.pauses],
        )
