"""The types of nightly job runs, for administrators."""
from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Annotated, Any, cast, get_args
from uuid import UUID

import strawberry

import logs
from graph.enums import Job, describe_enum
from graph.relay import (
    After,
    Before,
    Connection,
    First,
    Last,
    Node,
    cut_rows,
    decode_cursor,
    encode_cursor,
    encode_id,
    encode_part_id,
    make_connection,
    one_more,
    read_page,
)  # fmt: skip
from graph.scalars import BigInt
from graph.types.usage import COST, COSTS, CURRENCY, Cost, cost_fields
from graph.types.user import User
from jobs.rules.claims.reasons import UNREAD, Answer
from jobs.rules.diary.drafts import DropReason
from persistence import models
from persistence.models import enums
from persistence.queries.job_run_items import ItemKey, ItemPage, RunCounts, RunItem
from resolvers import admin
from resolvers.admin_loaders import AdminLoaders
from resolvers.context import request_loaders

JobTrigger = enums.Trigger
describe_enum(
    JobTrigger, "What started a run.", name="JobTrigger",
    TIMER="A timer event of the cloud platform.", ADMIN="An admin, with `jobRunStart` or `jobRunRetry`.", CLI="An operator at the command line.",
)
JobRunStatus = enums.RunStatus
describe_enum(
    JobRunStatus, "The state of a job run.", name="JobRunStatus",
    RUNNING="The run is in progress, or its process was killed; a later run claims its unfinished items.",
    SUCCEEDED="All items are done: none failed and none is pending.",
    PARTIAL="Some items had failed or were still pending when the run ended. Timers continue them; `counts` shows their current state.",
    FAILED="The run itself was ended by an unexpected error; see `errorCode`.",
    CANCELLED="Cancelled by an admin, or interrupted at the command line. Items that it was explicitly started for and that had not been started were dropped; days that are due anyway are planned by the next timer.",
)
JobItemStatus = enums.ItemStatus
describe_enum(
    JobItemStatus, "The state of a job item: one user's period.", name="JobItemStatus",
    PENDING="Waiting for its first attempt or for a retry.",
    RUNNING="In progress: a run has claimed it and holds its lease.",
    SUCCEEDED="Done.",
    SKIPPED="There was nothing to do or nothing new; `errorCode` says which of them.",
    FAILED="Failed after all attempts. A day whose diary failed has a fallback entry (`DiaryOrigin.FALLBACK`); the next nightly job retries the item.",
)

DroppedClaimReason = describe_enum(
    cast("type[Enum]", Enum("DroppedClaimReason", {name: name for name in get_args(DropReason)})), "Why a line, a signal or a quote of the model's draft was not stored as the model wrote it. A line that only paraphrases its quotes is stored with the quoted sentences as its text.",
    name="DroppedClaimReason",
    UNKNOWN_KIND="A line of a kind that does not exist.",
    UNKNOWN_SLOT="A signal for a slot that does not exist.",
    SLOT_OFF="A signal for a sensitive slot that the user has not switched on.",
    UNKNOWN_POLARITY="A signal that is neither positive nor negative.",
    UNKNOWN_MESSAGE="A quote of a message that the model was not sent.",
    NOT_OWN_WORDS="A quote of the assistant's words.",
    OTHER_DAY="A quote of a message of another day.",
    QUOTE_EMPTY="A quote without a letter, digit or symbol.",
    QUOTE_NOT_FOUND="A quote that its message does not contain.",
    QUOTE_TOO_LONG="A quote that is too long.",
    PASTED="A quote of pasted text, which may be about anyone.",
    TEXT_LENGTH="A text that is empty or too long.",
    CONFIDENCE="A confidence that is no number from 0 to 1.",
    SECRET="A text with a password, key, card number or identity number.",
    CORRECTED="A quote of words that the user took back at once, in the same message or in their next one of the conversation.",
    NO_EVIDENCE="A line or signal without a quote that holds.",
    DUPLICATE="A repetition of what was stored already.",
    TOO_MANY="More than is kept for one day.",
    NEGATION="The statement says the opposite.",
    OTHER_SUBJECT="The statement is about somebody else.",
    REPORTED="The statement is what somebody else said or wrote.",
    FICTION="The statement belongs to a story, a game or a role-play.",
    QUESTION="The statement is a question.",
    HYPOTHESIS="The statement is a hypothesis or a wish.",
    PAST="The statement is about the past.",
    PLAN="The statement is about a plan; a line of kind DECISION may be stored instead.",
    JOKE="The statement is a joke by its own words.",
    INSTRUCTION="The statement is an instruction to the assistant about the profile.",
    NUMBER="A number that no statement has.",
    UNIT="A number with another unit than in the statement.",
    DATE="A date or weekday that neither the statements nor the day of the messages give.",
    NAME="A name that no statement has.",
    UNDECIDED="Words that the statements do not have: the rules alone cannot decide.",
)


@strawberry.type(description="How many lines, signals and quotes of the model's draft were not stored for one reason.")
class DroppedClaims:
    reason: DroppedClaimReason = strawberry.field(description="The reason.")  # type: ignore[valid-type]
    count: int = strawberry.field(description="Number of lines, signals and quotes.")


ClaimAnswer = describe_enum(
    cast("type[Enum]", Enum("ClaimAnswer", {name: name for name in (*get_args(Answer), *UNREAD)})), "What the second reading by the model said about a claim that the rules of the diary's check could not decide. Only SAYS keeps a claim as the draft worded it.",
    name="ClaimAnswer",
    SAYS="The user's statements say it.",
    DOES_NOT_SAY="They do not say it, or not all of it.",
    SAYS_THE_OPPOSITE="They say the opposite.",
    ABOUT_SOMEBODY_ELSE="They say it of somebody else.",
    NOT_SERIOUS="They say it in jest or in a story.",
    NO_ANSWER="The model gave no answer about this claim, or its provider's content filter refused the text; it was dropped.",
    WAITING="The call failed: the claim was not stored, and the item's next attempt makes a new draft and reads it.",
)


@strawberry.type(description="How many claims got one answer in the second reading of the latest draft.")
class ClaimCheck:
    answer: ClaimAnswer = strawberry.field(description="The answer.")  # type: ignore[valid-type]
    count: int = strawberry.field(description="Number of claims.")
    model: str = strawberry.field(description="Name of the model that read them; with WAITING, of the model that was to read them.")
    prompt_version: str = strawberry.field(description="Version of the prompt of the second reading, such as check/1.")

    @classmethod
    def list_from(cls, checks: "Mapping[str, Any]") -> "list[ClaimCheck]":
        known = sorted((name, count) for name, count in checks.get("answers", {}).items() if name in ClaimAnswer.__members__)
        return [cls(answer=ClaimAnswer[name], count=count, model=checks["model"], prompt_version=checks["prompt_version"]) for name, count in known]


@strawberry.type(description="Number of a run's items by status, counted at the time of the query.")
class JobRunCounts:
    total: int = strawberry.field(description="Items of this run: those it was explicitly started for, and those it planned or claimed that no later run has claimed.")
    succeeded: int = strawberry.field(description="Items with status SUCCEEDED.")
    skipped: int = strawberry.field(description="Items with status SKIPPED: nothing to do or nothing new.")
    failed: int = strawberry.field(description="Items with status FAILED.")
    pending: int = strawberry.field(description="Items with status PENDING or RUNNING.")

    @classmethod
    def from_counts(cls, counts: "RunCounts") -> "JobRunCounts":
        return cls(total=counts.total, succeeded=counts.succeeded, skipped=counts.skipped, failed=counts.failed, pending=counts.pending)


@strawberry.type(description="One unit of a job: one user's day or week within a run.")
class JobItem(Node):
    id: strawberry.ID = strawberry.field(description="Global id of the item within this run: what it used is counted for each run.")
    user: User = strawberry.field(description="The user whose diary or profile the item updates.")
    job: Job = strawberry.field(description="The job that the item belongs to.")
    period: date = strawberry.field(description="The day that the item processes, in the user's own time zone; for WEEKLY_PROFILE the week's Monday.")
    day: date = strawberry.field(description="The same as `period`.", deprecation_reason="The date may be a week's Monday; use `period`.")
    status: JobItemStatus = strawberry.field(description="Current state of the item.")
    attempts: int = strawberry.field(description="Attempts so far, including the current one. Attempts released at the function's deadline are not counted.")
    error_code: str | None = strawberry.field(description="Why the item failed or was skipped, as a code such as MODEL_TIMEOUT; null when it succeeded or was not attempted yet.")
    error: str | None = strawberry.field(description="What `errorCode` means and what to do, in English; null when there is no code.")
    provider_status: int | None = strawberry.field(description="HTTP status with which the model's provider rejected the call that `errorCode` is about; null when it sent none.")
    provider_code: str | None = strawberry.field(description="The provider's own error code for that call; null when it sent none.")
    provider_message: str | None = strawberry.field(
        description="The provider's own error message, at most 300 characters; null when it sent none, and when the message contains a key or repeats parts of the request."
    )
    lease_until: datetime | None = strawberry.field(description="When the lease of the run that processes it expires; after that another run may claim it. Null unless RUNNING.")
    model_calls: int = strawberry.field(description="Model tasks for this item in this run, including failed ones. Retries, a repair and tool-call rounds within one task count once, so provider request counts are higher.")
    tokens: BigInt = strawberry.field(description="Model tokens used for this item in this run, prompts and answers together.")
    cached_tokens: BigInt = strawberry.field(description="Tokens of its prompts that were served by the provider's prompt cache; part of `tokens`.")
    thinking_tokens: BigInt = strawberry.field(description="Tokens of its answers that the model spent on reasoning; part of `tokens`.")
    cost: float | None = strawberry.field(description="Cost of these tokens, each call at the price at the time of the call; null when no price was known or when the calls were billed in several currencies.")
    currency: str | None = strawberry.field(description=CURRENCY)
    prompt_version: str | None = strawberry.field(description="Version of the prompt that the latest attempt in this run used; null before the first attempt, and for jobs without model calls.")
    dropped: list[DroppedClaims] = strawberry.field(
        description="What the check of the latest draft in this run did not store, by reason; empty when it stored everything, when no draft was checked, and for rewrites by users. A claim that was corrected counts too."
    )
    checks: list[ClaimCheck] = strawberry.field(
        description="What the second reading of the latest draft in this run answered about the claims that the rules could not decide; empty when none was needed, when it is off (MODEL_CHECK), and for rewrites by users."
    )
    started_at: datetime | None = strawberry.field(description="When this run first started the item; null while it waits.")
    finished_at: datetime | None = strawberry.field(description="When the item ended; null while it is PENDING or RUNNING.")

    @classmethod
    def from_item(cls, item: RunItem, user: "models.User", run_id: UUID) -> "JobItem":
        return cls(
            id=encode_part_id("JobItem", run_id, " ".join(map(str, item.position))), user=User.from_model(user), job=item.job, period=item.period, day=item.period, status=item.status, attempts=item.attempt, error_code=item.error_code,
            error=logs.suggested_action({"error_code": item.error_code}), provider_status=item.provider_status, provider_code=item.provider_code,
            provider_message=item.provider_message, lease_until=item.lease_until, model_calls=item.model_calls,
            tokens=BigInt(item.input_tokens + item.output_tokens), cached_tokens=BigInt(item.cached_tokens), thinking_tokens=BigInt(item.thinking_tokens),
            **cost_fields(item.costs), prompt_version=item.prompt_version,
            dropped=[DroppedClaims(reason=DroppedClaimReason[name], count=count) for name, count in sorted(item.dropped.items()) if name in DroppedClaimReason.__members__],
            checks=ClaimCheck.list_from(item.checks), started_at=item.started_at, finished_at=item.finished_at,
        )


@strawberry.type(description="One run of a nightly job, started by a timer, an admin or the command line.")
class JobRun(Node):
    job: Job | None = strawberry.field(description="The job; null for a run of all jobs (a timer's tick), which processes everything that is due.")
    period_from: date | None = strawberry.field(description="First day of the requested range; null for a run of everything that is due.")
    period_to: date | None = strawberry.field(description="Last day of the requested range, inclusive; null for a run of everything that is due.")
    trigger: JobTrigger = strawberry.field(description="What started the run.")
    requested_by: User | None = strawberry.field(description="The admin who started the run; null for timers and the command line, and when the admin's account was deleted.")
    dry_run: bool = strawberry.field(description="Whether the run only counted what it would do. Dry runs are not stored, so runs that are read have false.")
    reason: str | None = strawberry.field(description="The reason that the admin or operator gave for the run; null when none was given.")
    retry_of: strawberry.ID | None = strawberry.field(description="Id of the run whose failed items this run retries; null when it is no retry.")
    cancel_requested_at: datetime | None = strawberry.field(description="When an admin cancelled the run; null when none did.")
    cancel_requested_by: User | None = strawberry.field(description="The admin who cancelled the run; null when none did, and when the admin's account was deleted.")
    cancel_reason: str | None = strawberry.field(description="The admin's reason for cancelling the run; null when none was given.")
    force: bool = strawberry.field(description="Whether days that were up to date were processed again.")
    status: JobRunStatus = strawberry.field(description="State of the run.")
    counts: JobRunCounts = strawberry.field(description="Number of its items by status.")
    tokens: BigInt = strawberry.field(
        description="Model tokens used for its items, prompts and answers together. For items it was explicitly started for, this includes what later runs used to finish them."
    )
    cached_tokens: BigInt = strawberry.field(description="Tokens of the prompts that were served by the provider's prompt cache; part of `tokens`.")
    thinking_tokens: BigInt = strawberry.field(description="Tokens of the answers that the model spent on reasoning; part of `tokens`.")
    cost: float | None = strawberry.field(description=COST)
    currency: str | None = strawberry.field(description=CURRENCY)
    costs: list[Cost] = strawberry.field(description=COSTS)
    stopped_because: str | None = strawberry.field(
        description="Why the run ended before all items were done: DEADLINE (its time was over), CANCELLED, MODEL_BUSY (no free model slot), MODEL_PACE (limit of model calls per minute), "
        "NIGHT_BUDGET or NIGHT_USER_BUDGET (token budget of the jobs per UTC day, for all users or for one), or the code of an account-wide provider error, such as MODEL_UNAUTHORIZED; null when nothing stopped it."
    )
    error_code: str | None = strawberry.field(description="Class name of the exception that ended the run itself (status FAILED); null otherwise.")
    started_at: datetime = strawberry.field(description="When the run started.")
    finished_at: datetime | None = strawberry.field(description="When the run ended; null while it is in progress, and when its process was killed.")
    row: strawberry.Private["models.JobRun"]

    @classmethod
    def from_view(cls, view: "admin.RunView") -> "JobRun":
        run = view.run
        return cls(
            id=encode_id("JobRun", run.id), job=run.job, period_from=run.period_from, period_to=run.period_to, trigger=run.trigger, dry_run=run.dry_run,
            requested_by=User.from_model(view.requested_by) if view.requested_by else None, reason=run.reason,
            retry_of=encode_id("JobRun", run.retry_of) if run.retry_of else None,
            cancel_requested_at=run.cancel_requested_at,
            cancel_requested_by=User.from_model(view.cancel_requested_by) if view.cancel_requested_by else None,
            cancel_reason=run.cancel_reason, force=run.force, status=run.status,
            counts=JobRunCounts.from_counts(view.counts), tokens=BigInt(view.counts.input_tokens + view.counts.output_tokens),
            cached_tokens=BigInt(view.counts.cached_tokens), thinking_tokens=BigInt(view.counts.thinking_tokens), costs=Cost.list_from(view.counts.costs),
            **cost_fields(view.counts.costs),
            stopped_because=run.stopped_because, error_code=run.error_code, started_at=run.started_at, finished_at=run.finished_at, row=run,
        )

    @strawberry.field(description="Its items, ordered by user and period, each in its current state.")
    async def items(
        self, info: strawberry.Info, first: First = None, after: After = None, last: Last = None, before: Before = None,
        status: Annotated[JobItemStatus | None, strawberry.argument(description="Only items with this status; absent or null for all.")] = None,
    ) -> Connection[JobItem]:
        page, run_id = read_page(first, after, last, before, lambda cursor: decode_cursor(cursor, UUID, date, str)), self.row.id
        loaders = await request_loaders(info.context, AdminLoaders)
        rows = await loaders.items.load(ItemPage(run_id, status, **one_more(page)))
        found = zip((row.user_id for row in rows), await loaders.user.load_many([row.user_id for row in rows]))
        users = {user_id: user for user_id, user in found if user is not None}
        shown, has_next, has_previous = cut_rows(rows, page)
        return make_connection(
            [row for row in shown if row.user_id in users], node=lambda row: JobItem.from_item(row, users[row.user_id], run_id),
            cursor=lambda row: encode_cursor(*row.position), has_next=has_next, has_previous=has_previous,
            count=lambda: loaders.item_count.load((run_id, status)),
        )


def read_item_key(key: tuple[UUID, str]) -> "ItemKey | None":
    """Return the key of an item within a run from the parts of its id; None for what is no key."""
    run_id, part = key
    try:
        user_id, period, job = part.split(" ")
        found = ItemKey(run_id, UUID(user_id), date.fromisoformat(period), enums.Job(job))
    except ValueError:
        return None
    return found if " ".join(map(str, (found.user_id, found.period, found.job.value))) == part else None
