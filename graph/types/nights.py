"""The types of the job queue's current state."""
from datetime import datetime

import strawberry

import logs
from graph.enums import Job, describe_enum
from persistence.models import enums
from persistence.queries import job_monitoring
from persistence.queries.model_pauses import ActivePause
from resolvers import admin

PauseKind = enums.PauseKind
describe_enum(
    PauseKind, "Why model calls are paused.",
    MODEL="The provider rejects every call (for example an invalid key); see `reason` and the provider's error. A successful probe call or chat answer ends the pause.",
    SWITCH="An admin switched all use of the model off with `modelSwitchOff`. `modelSwitchOn` ends the pause.",
)


@strawberry.type(description="A period without model calls: with kind MODEL those of the nightly jobs, while chats still call the model; with kind SWITCH all. Meanwhile the nightly jobs write fallback diaries and replace them once the pause has ended.")
class Pause:
    kind: PauseKind = strawberry.field(description="Why the model is paused: by the provider or by an admin.")
    reason: str = strawberry.field(description="MODEL: the provider's error as a code, such as MODEL_UNAUTHORIZED. SWITCH: the reason that the admin gave.")
    since: datetime = strawberry.field(description="When the pause began.")
    probe_at: datetime | None = strawberry.field(
        description="When a nightly job may next make a probe call, which ends the pause if it succeeds; null for an admin's pause. A successful chat answer ends it earlier."
    )
    provider_status: int | None = strawberry.field(description="HTTP status of the provider's error; null when it sent none, and for an admin's pause.")
    provider_code: str | None = strawberry.field(description="The provider's own error code; null when it sent none, and for an admin's pause.")
    provider_message: str | None = strawberry.field(
        description="The provider's own error message, at most 300 characters; null when it sent none, and when the message contains a key or repeats parts of the request."
    )

    @classmethod
    def from_pause(cls, pause: "ActivePause") -> "Pause":
        return cls(kind=pause.kind, reason=pause.reason, since=pause.since, probe_at=pause.probe_at, **pause.reply.columns)


@strawberry.type(description="Current state of one job: its due, running and failed items, and the durations of its recent attempts.")
class JobState:
    job: Job = strawberry.field(description="The job.")
    due: int = strawberry.field(description="Pending items that may be processed now.")
    oldest_due_at: datetime | None = strawberry.field(description="Since when the oldest of these items has been due; null when none is due. Alert when it is more than an hour ago.")
    running: int = strawberry.field(description="Items in progress.")
    failed: int = strawberry.field(description="Failed items. The next nightly job, or `jobRunRetry`, retries them.")
    attempts: int = strawberry.field(description="Attempts at items that ended within the last 24 hours.")
    p50_ms: float | None = strawberry.field(description="Median duration of those attempts in milliseconds; null without any.")
    p95_ms: float | None = strawberry.field(description="95th percentile of the duration of those attempts in milliseconds; null without any.")

    @classmethod
    def from_state(cls, state: "job_monitoring.JobState") -> "JobState":
        return cls(**vars(state))


@strawberry.type(description="The failed items of one job with the same error code.")
class JobFailure:
    job: Job = strawberry.field(description="The job.")
    error_code: str = strawberry.field(description="Why these items failed, as a code such as MODEL_TIMEOUT.")
    error: str = strawberry.field(description="What `errorCode` means and what to do, in English.")
    items: int = strawberry.field(description="Number of these items.")
    provider_status: int | None = strawberry.field(description="HTTP status of the provider's error, from the latest of these items with a provider error; null when none has a status.")
    provider_code: str | None = strawberry.field(description="The provider's own error code, from the same item; null when it sent none.")
    provider_message: str | None = strawberry.field(
        description="The provider's own error message, from the same item, at most 300 characters; null when it sent none, and when the message contains a key or repeats parts of the request."
    )

    @classmethod
    def from_failure(cls, found: "job_monitoring.Failure") -> "JobFailure":
        return cls(
            job=found.job, error_code=found.error_code, error=logs.suggested_action({"error_code": found.error_code}) or logs.DEFAULT_ACTION, items=found.items,
            **found.reply.columns,
        )


@strawberry.type(description="Current state of the job queue: due, running and failed items per job, and active model pauses.")
class Nights:
    jobs: list[JobState] = strawberry.field(description="State of each job.")
    failures: list[JobFailure] = strawberry.field(description="Failed items grouped by job and error code, the most frequent first; empty when none has failed.")
    pauses: list[Pause] = strawberry.field(description="Active model pauses; empty when there is none.")

    @classmethod
    def from_state(cls, state: "admin.JobOverview") -> "Nights":
        return cls(
            jobs=[JobState.from_state(found) for found in state.jobs], failures=[JobFailure.from_failure(found) for found in state.failures],
            pauses=[Pause.from_pause(pause) for pause in state.pauses],
        )
