"""Job runs: planning of due items, processing them, and a summary of the results. Timers, admins and the command line all start runs here."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import logs
from jobs.deadline import Deadline
from jobs.item_results import RunTotals
from jobs.profile_recomputation import update_due_profiles
from jobs.retries import REPLAN_FAILED_AFTER, retry_while_unavailable
from jobs.run_context import RunContext, Stopwatch
from jobs.run_validation import validate_run_request
from jobs.search_terms import make_missing_terms
from jobs.timer_events import TimerRequest
from jobs.worker import process_due_items
from llm import retired_models
from persistence import database
from persistence.database import Session
from persistence.models.jobs import WORKER_LOST, ItemStatus, Job, RunStatus, Trigger
from persistence.queries.api_tokens import prune_uses
from persistence.queries.changes import prune_changes
from persistence.queries.job_planning import Scope, plan, plan_failed
from persistence.queries.job_queue import count_pending, has_claimable_items
from persistence.queries.job_runs import cancel_requested, close_lost_runs, close_run, open_run
from persistence.queries.staged_imports import prune_imports
from persistence.queries.throttling import prune_throttles
from persistence.queries.token_reservations import prune_shares

JOB_ORDER = (Job.DAILY_DIARY, Job.DAILY_PROFILE, Job.WEEKLY_PROFILE)
"""The order of the jobs in a tick: items that one job finishes make items of the next one due."""
LOST_AFTER = timedelta(minutes=15)
"""A run that finished no item for this long and holds no lease is closed as lost.

It is longer than the longest item, which takes at most ten minutes: see `settings.model_timeout_seconds`.
"""


@dataclass(frozen=True)
class RunRequest:
    """A request for a run. `job` None is the tick: all jobs, one after the other. The scope's dates are days in each user's time zone, both inclusive."""

    job: Job | None
    trigger: Trigger
    requested_by: UUID | None = None
    reason: str | None = None
    scope: Scope = field(default_factory=Scope)
    retry_of: UUID | None = None
    """Instead of a scope, the id of the run whose FAILED items are retried."""
    dry_run: bool = False

    @property
    def this_run_only(self) -> bool:
        """Return whether the run processes only the items that it planned itself, and no other due items."""
        return self.scope.is_explicit or self.retry_of is not None

    @property
    def name(self) -> str:
        return self.job.value if self.job else "TICK"

    @property
    def jobs(self) -> Sequence[Job]:
        return JOB_ORDER if self.job is None else (self.job,)

    @property
    def jobs_planned_at_start(self) -> Sequence[Job]:
        """The jobs that are planned when the run opens. A tick with an explicit scope plans each further job once the one before it is done."""
        return self.jobs[:1] if self.job is None and self.scope.is_explicit and not self.dry_run else self.jobs


@dataclass(frozen=True)
class RunSummary:
    """The result of a run. `run_id` is None for a dry run and for a tick that found nothing to do, which leave no record.

    `pending` counts the items that are still PENDING; `stopped_because` is None when nothing stopped the run.
    """

    run_id: UUID | None
    job: str
    planned: int
    succeeded: int
    skipped: int
    failed: int
    pending: int
    tokens: int
    stopped_because: str | None

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "run_id": self.run_id and str(self.run_id)}


OnRunOpened = Callable[[UUID, int], None]
"""A callback that receives a run's id and its number of planned items once the run is recorded, for callers that show progress."""


async def run(request: RunRequest, deadline: Deadline, opened: OnRunOpened | None = None) -> RunSummary:
    """Execute one run within the deadline and return its summary. A failed item is recorded and raises nothing.

    When the run is interrupted (Ctrl-C at the command line), the items in flight are released and the run is CANCELLED.
    Raises `InvalidRunRequest`, `DatabaseUnavailable`, `DatabaseNotMigrated`.
    """
    watch = Stopwatch()
    await validate_run_request(request.scope, request.reason)
    run_id, planned = await _open(request)
    if run_id is None:
        return RunSummary(None, request.name, planned, 0, 0, 0, planned, 0, None)
    if opened is not None:
        opened(run_id, planned)
    context, totals = RunContext(run_id, deadline, rewrite_after=request.scope.rewrite_after), RunTotals()
    try:
        for job in request.jobs:
            if job not in request.jobs_planned_at_start:
                planned += await retry_while_unavailable(partial(_plan_next, request, run_id, job), deadline)
            await process_due_items(job, context, totals, this_run_only=request.this_run_only)
    except asyncio.CancelledError:
        totals.cancelled = True
        await _close(request, run_id, RunStatus.CANCELLED, planned, totals)
        raise
    except BaseException as error:
        _log_fault(request, run_id, error)
        await _close(request, run_id, RunStatus.FAILED, planned, totals, error_code=type(error).__name__)
        raise
    summary = await retry_while_unavailable(lambda: _close(request, run_id, None, planned, totals), deadline)
    _log(request, summary, watch)
    return summary


def _log(request: RunRequest, summary: RunSummary, watch: Stopwatch) -> None:
    """Log the summary: as a WARNING for the operator when an item failed or something other than the deadline stopped the run, else as INFO."""
    well = not summary.failed and summary.stopped_because in (None, "DEADLINE")
    logs.write(
        "job_run", level="INFO" if well else "WARNING", **summary.as_dict(), trigger=request.trigger.value, requested_by=request.requested_by,
        duration_ms=round(watch.elapsed.total_seconds() * 1000),
        action=logs.suggested_action({"stopped_because": summary.stopped_because})
        or ("`jobRun` lists in `items` which users' items failed, and the error code of each" if summary.failed else None),
    )


def _log_fault(request: RunRequest, run_id: UUID, error: BaseException) -> None:
    name = type(error).__name__
    logs.write("job_run_crashed", level="ERROR", run_id=run_id, job=request.name, code=getattr(error, "code", None), exception=name, frames=logs.frames(error))


async def run_timer(trigger: TimerRequest, deadline: Deadline) -> dict[str, Any]:
    """Execute a timer's run and return its summary as the response to the timer event. Warn first if the configured model is retired or soon will be."""
    retired_models.warn()
    scope = Scope(trigger.first, trigger.last, trigger.user_ids, trigger.force, retry_failed_after=REPLAN_FAILED_AFTER, rewrite_after=REPLAN_FAILED_AFTER)
    request = RunRequest(trigger.job, Trigger.TIMER, scope=scope, dry_run=trigger.dry_run)
    summary = await run(request, deadline)
    if not trigger.dry_run:
        await _update_due_profiles(deadline)
        await _make_search_terms(deadline)
    return summary.as_dict()


async def _update_due_profiles(deadline: Deadline) -> None:
    """Compute the profiles that a migration changed. A failure is logged and fails no run: the next timer event tries again."""
    try:
        done = await update_due_profiles(deadline)
    except Exception as error:
        logs.write("profile_updates_failed", level="WARNING", code=getattr(error, "code", None), exception=type(error).__name__, frames=logs.frames(error))
    else:
        if done:
            logs.write("profile_updates", users=done)


async def _make_search_terms(deadline: Deadline) -> None:
    """Make missing search terms. A failure is logged and fails no run: searches read the texts meanwhile, and the next timer event continues."""
    watch = Stopwatch()
    try:
        made = await make_missing_terms(deadline)
    except Exception as error:
        logs.write("search_terms_failed", level="WARNING", code=getattr(error, "code", None), exception=type(error).__name__, frames=logs.frames(error))
    else:
        if made:
            logs.write("search_terms", texts=made, duration_ms=round(watch.elapsed.total_seconds() * 1000))


async def _plan(session: Session, run_id: UUID, request: RunRequest) -> int:
    if request.retry_of is not None:
        return await plan_failed(session, request.retry_of, run_id)
    return sum([await plan(session, job, run_id, request.scope) for job in request.jobs_planned_at_start])


async def _plan_next(request: RunRequest, run_id: UUID, job: Job) -> int:
    """Plan the next job's items from what the jobs before it produced for the requested scope, and return their number."""
    async with database.transaction() as session:
        return await plan(session, job, run_id, request.scope)


class _Discard(Exception):
    """The exception that rolls back a transaction, so that it writes nothing."""


async def _open(request: RunRequest) -> tuple[UUID | None, int]:
    """Record the run and plan its items in one transaction; return the run's id and the number of planned items.

    A dry run counts the items and rolls back; a tick that finds nothing to do is rolled back, too. For both, the id is None.
    """
    planned = 0
    if not request.dry_run:
        async with database.transaction() as session:
            lost = await close_lost_runs(session, LOST_AFTER)
            await prune_throttles(session)
            await prune_imports(session)
            await prune_changes(session)
            await prune_shares(session)
            await prune_uses(session)
        for run_id in lost:
            logs.write("job_run_lost", level="WARNING", run_id=run_id, error_code=WORKER_LOST)
    try:
        async with database.transaction() as session:
            run_id = await open_run(
                session,
                job=request.job,
                trigger=request.trigger,
                requested_by=request.requested_by,
                reason=request.reason,
                first=request.scope.first,
                last=request.scope.last,
                force=request.scope.force,
                dry_run=request.dry_run,
                retry_of=request.retry_of,
            )
            planned = await _plan(session, run_id, request)
            idle = request.job is None and not planned and not await has_claimable_items(session, request.jobs)
            if request.dry_run or idle:
                raise _Discard()
    except _Discard:
        return None, planned
    return run_id, planned


async def _close(request: RunRequest, run_id: UUID, status: RunStatus | None, planned: int, totals: RunTotals, error_code: str | None = None) -> RunSummary:
    async with database.transaction() as session:
        totals.cancelled = await cancel_requested(session, run_id, lock=True) or totals.cancelled
        left = await count_pending(session, request.jobs, run_id, this_run_only=request.this_run_only)
        stopped_because = totals.stopped_because if left or totals.cancelled else None
        failed = totals.count(ItemStatus.FAILED)
        status = status or (RunStatus.CANCELLED if totals.cancelled else RunStatus.PARTIAL if failed or left else RunStatus.SUCCEEDED)
        await close_run(session, run_id, status, planned=planned, pending=left, stopped_because=stopped_because, error_code=error_code)
    return RunSummary(
        run_id, request.name, planned, totals.count(ItemStatus.SUCCEEDED), totals.count(ItemStatus.SKIPPED), failed, left, totals.tokens, stopped_because
    )
