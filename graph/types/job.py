"""The types of nightly job runs, for administrators."""
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

import logs
from graph.enums import Job, describe_enum
from graph.relay import After, Connection, First, Node, decode_cursor, encode_cursor, encode_id, make_connection, page_size
from graph.scalars import BigInt
from graph.types.usage import COST, COSTS, CURRENCY, Cost, cost_fields
from graph.types.user import User
from persistence import models
from persistence.models import enums
from persistence.queries.job_run_items import ItemPage, RunItem
from resolvers import admin
from resolvers.admin_loaders import loaders_of

JobTrigger = describe_enum(
    enums.Trigger, "Who set a run going.", name="JobTrigger",
    TIMER="A timer of the cloud.", ADMIN="An admin, by `jobRunStart`.", CLI="Somebody at the command line.",
)
JobRunStatus = describe_enum(
    enums.RunStatus, "How a run stands.", name="JobRunStatus",
    RUNNING="It is working, or its function was ended in the middle; its items are taken over by the next run.",
    SUCCEEDED="Everything that was due is done.",
    PARTIAL="Some items had failed or still waited when its time was up; timers go on with them, and `counts` says how far they are.",
    FAILED="The run itself broke; `errorCode` says how.",
    CANCELLED="An admin stopped it, or whoever had started it at the command line. What it had asked for and nobody had begun was dropped; days that are due by themselves are planned by the next timer.",
)
JobItemStatus = describe_enum(
    enums.ItemStatus, "How one person's period stands.", name="JobItemStatus",
    PENDING="It waits, for its turn or for the next try.",
    RUNNING="A run has it in hand.",
    SUCCEEDED="Done.",
    SKIPPED="There was nothing to do or nothing new; `errorCode` says which.",
    FAILED="Given up after all attempts; the day has a fallback entry, and the next night tries again.",
)

@strawberry.type(description="How many of a run's items stand how, counted when asked for.")
class JobRunCounts:
    total: int = strawberry.field(description="All its items: those that were asked for by name, and those that it planned or took over and no other run has taken up since.")
    succeeded: int = strawberry.field(description="Items done.")
    skipped: int = strawberry.field(description="Items with nothing to do or nothing new.")
    failed: int = strawberry.field(description="Items given up.")
    pending: int = strawberry.field(description="Items that wait or are being worked on.")

    @classmethod
    def from_counts(cls, counts: "admin.RunCounts") -> "JobRunCounts":
        return cls(total=counts.total, succeeded=counts.succeeded, skipped=counts.skipped, failed=counts.failed, pending=counts.pending)


@strawberry.type(description="One person's period within a run.")
class JobItem:
    user: User = strawberry.field(description="The person.")
    job: Job = strawberry.field(description="The job.")  # type: ignore[valid-type]
    day: date = strawberry.field(description="The day, in the person's own zone; of a week its Monday.")
    status: JobItemStatus = strawberry.field(description="How it stands.")  # type: ignore[valid-type]
    attempts: int = strawberry.field(description="How often it was tried, this time included; attempts that were handed back at a deadline do not count.")
    error_code: str | None = strawberry.field(description="Why it failed or was skipped; null when it succeeded or was not tried.")
    error: str | None = strawberry.field(description="What the code means and what to do, in English; null without a code.")
    provider_status: int | None = strawberry.field(description="HTTP status with which the model's provider refused the call that `errorCode` is about; null where it sent none.")
    provider_code: str | None = strawberry.field(description="The provider's own error code for it; null where it sent none.")
    provider_message: str | None = strawberry.field(
        description="The provider's own words, at most 300 characters; null where it sent none, and where they contain a key or repeat what was sent."
    )
    lease_until: datetime | None = strawberry.field(description="Until when the run that has it in hand may end it; later it is another's. Null unless it is RUNNING.")
    model_calls: int = strawberry.field(description="Pieces of work that the model was asked for it in this run.")
    tokens: BigInt = strawberry.field(description="Tokens of the model that it took in this run, prompts and answers together.")
    cached_tokens: BigInt = strawberry.field(description="Tokens of its prompts that the provider's prompt cache served.")
    thinking_tokens: BigInt = strawberry.field(description="Tokens of its answers that the model spent on its thought.")
    cost: float | None = strawberry.field(description="What they cost, each call at the price of its minute; null when no price was known, or in several currencies.")
    currency: str | None = strawberry.field(description=CURRENCY)
    prompt_version: str | None = strawberry.field(description="Version of the prompt that the last try in this run used; null before it, and for jobs that ask no model.")
    started_at: datetime | None = strawberry.field(description="When this run began it first; null while it waits.")
    finished_at: datetime | None = strawberry.field(description="When it ended; null while it has not.")

    @classmethod
    def from_item(cls, item: RunItem, user: "models.User") -> "JobItem":
        return cls(
            user=User.from_model(user), job=item.job, day=item.period, status=item.status, attempts=item.attempt, error_code=item.error_code,
            error=logs.suggested_action({"error_code": item.error_code}), provider_status=item.provider_status, provider_code=item.provider_code,
            provider_message=item.provider_message, lease_until=item.lease_until, model_calls=item.model_calls,
            tokens=BigInt(item.input_tokens + item.output_tokens), cached_tokens=BigInt(item.cached_tokens), thinking_tokens=BigInt(item.thinking_tokens),
            **cost_fields(item.costs), prompt_version=item.prompt_version, started_at=item.started_at, finished_at=item.finished_at,
        )


@strawberry.type(description="One run of a job: by a timer, an admin or the command line.")
class JobRun(Node):
    job: Job | None = strawberry.field(description="The job; null for a tick, which takes whatever is due.")  # type: ignore[valid-type]
    period_from: date | None = strawberry.field(description="First day asked for; null when everything due was meant.")
    period_to: date | None = strawberry.field(description="Last day asked for, included; null when everything due was meant.")
    trigger: JobTrigger = strawberry.field(description="Who set it going.")  # type: ignore[valid-type]
    requested_by: User | None = strawberry.field(description="The admin who asked for it; null for timers, the command line, and admins whose account is gone.")
    dry_run: bool = strawberry.field(description="Whether it only counted what it would do. A dry run records nothing, so only `jobRunStart` ever answers true.")
    reason: str | None = strawberry.field(description="Why it was asked for, in the words of whoever did; null when they did not say.")
    retry_of: strawberry.ID | None = strawberry.field(description="The run whose failures it took up; null for a run that retries none.")
    cancel_requested_at: datetime | None = strawberry.field(description="When an admin cancelled it; null when nobody did.")
    cancel_requested_by: User | None = strawberry.field(description="The admin who cancelled it; null when nobody did, and when their account is gone.")
    cancel_reason: str | None = strawberry.field(description="Why it was cancelled, in the admin's words; null when they did not say.")
    force: bool = strawberry.field(description="Whether days that were up to date were done again too.")
    status: JobRunStatus = strawberry.field(description="How it stands.")  # type: ignore[valid-type]
    counts: JobRunCounts = strawberry.field(description="How many of its items stand how.")
    tokens: BigInt = strawberry.field(
        description="Tokens of the model that its items took, prompts and answers together; of what it asked for by name, also what timers took to do the rest."
    )
    cached_tokens: BigInt = strawberry.field(description="Tokens of their prompts that the provider's prompt cache served.")
    thinking_tokens: BigInt = strawberry.field(description="Tokens of their answers that the model spent on its thought.")
    cost: float | None = strawberry.field(description=COST)
    currency: str | None = strawberry.field(description=CURRENCY)
    costs: list[Cost] = strawberry.field(description=COSTS)
    stopped_because: str | None = strawberry.field(
        description="What ended it before everything was done: DEADLINE, CANCELLED, MODEL_BUSY (no place at the model), MODEL_PACE (calls a minute), "
        "NIGHT_BUDGET (tokens a day), or the model's refusal of everyone; null when nothing did."
    )
    error_code: str | None = strawberry.field(description="Class of the fault that broke the run itself; null otherwise.")
    started_at: datetime = strawberry.field(description="When it began.")
    finished_at: datetime | None = strawberry.field(description="When it ended; null while it runs or when its function was ended in the middle.")
    row: strawberry.Private["models.JobRun"]

    @classmethod
    def from_view(cls, view: "admin.RunView") -> "JobRun":
        run = view.run
        return cls(
            id=encode_id("JobRun", run.id), job=run.job, period_from=run.period_from, period_to=run.period_to, trigger=run.trigger, dry_run=run.dry_run,
            requested_by=view.requested_by and User.from_model(view.requested_by), reason=run.reason, retry_of=run.retry_of and encode_id("JobRun", run.retry_of),
            cancel_requested_at=run.cancel_requested_at, cancel_requested_by=view.cancel_requested_by and User.from_model(view.cancel_requested_by),
            cancel_reason=run.cancel_reason, force=run.force, status=run.status,
            counts=JobRunCounts.from_counts(view.counts), tokens=BigInt(view.counts.input_tokens + view.counts.output_tokens),
            cached_tokens=BigInt(view.counts.cached_tokens), thinking_tokens=BigInt(view.counts.thinking_tokens), costs=Cost.list_from(view.counts.costs),
            **cost_fields(view.counts.costs),
            stopped_because=run.stopped_because, error_code=run.error_code, started_at=run.started_at, finished_at=run.finished_at, row=run,
        )

    @strawberry.field(description="Its items, by person and day, each as it stands.")
    async def items(
        self, info: strawberry.Info, first: First = 20, after: After = None,
        status: Annotated[JobItemStatus | None, strawberry.argument(description="Only items that stand so; absent for all.")] = None,  # type: ignore[valid-type]
    ) -> Connection[JobItem]:
        size, run_id = page_size(first), self.row.id
        position = None if after is None else decode_cursor(after, UUID, date, str)
        loaders = await loaders_of(info.context)
        rows = await loaders.items.load(ItemPage(run_id, status, size + 1, position))
        people = dict(zip((row.user_id for row in rows), await loaders.person.load_many([row.user_id for row in rows])))
        return make_connection(
            [row for row in rows[:size] if people[row.user_id]], node=lambda row: JobItem.from_item(row, people[row.user_id]),
            cursor=lambda row: encode_cursor(*row.position), has_next=len(rows) > size, after=after,
            count=lambda: loaders.item_count.load((run_id, status)),
        )
