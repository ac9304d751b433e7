"""A run: plan what is due, work through it, say what was done. Timers, admins and the command line all come through here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import logs
from jobs.deadline import Deadline
from jobs.desk import Desk, Stopwatch
from jobs.patience import patiently
from jobs.recording import Tally
from jobs.retrying import AGAIN_NEXT_NIGHT
from jobs.running import drain
from jobs.triggers import Trigger as TimerTrigger
from persistence.database import Session, transaction
from persistence.models.jobs import ItemStatus, Job, RunStatus, Trigger
from persistence.queries.ledger import any_claimable, count_left
from persistence.queries.planning import Scope, plan, plan_failed
from persistence.queries.runs import close_lost_runs, close_run, open_run
from persistence.queries.throttling import prune_throttles

IN_ORDER = (Job.DAILY_DIARY, Job.DAILY_PROFILE, Job.WEEKLY_PROFILE)
"""The tick's order: what one job finishes makes the next one due."""
SILENT_FOR = timedelta(minutes=15)
"""A run that ended nothing for so long and holds nothing has lost its worker; an item takes at most ten minutes, see `settings.model_timeout_seconds`."""


@dataclass(frozen=True)
class RunRequest:
    """What is asked for. `job` None is the tick: whatever is due for anyone. Dates are people's own days, both included."""

    job: Job | None
    trigger: Trigger
    requested_by: UUID | None = None
    reason: str | None = None
    scope: Scope = field(default_factory=Scope)
    retry_of: UUID | None = None
    """Instead of a scope: take up what this run gave up."""
    dry_run: bool = False

    @property
    def only_run(self) -> bool:
        """Whether it works on what it planned itself, and on nothing else that is due."""
        return self.scope.named or self.retry_of is not None

    @property
    def name(self) -> str:
        return self.job.value if self.job else "TICK"

    @property
    def jobs(self) -> Sequence[Job]:
        return IN_ORDER if self.job is None else (self.job,)


@dataclass(frozen=True)
class Summary:
    """What a run did; `run_id` is None for a dry run, and for a tick that found nothing to do: they leave no record.

    `left` counts the items that still wait; `stopped_because` is None when nothing stopped the run.
    """

    run_id: UUID | None
    job: str
    planned: int
    succeeded: int
    skipped: int
    failed: int
    left: int
    tokens: int
    stopped_because: str | None

    def as_dict(self) -> dict[str, Any]:
        return {**asdict(self), "run_id": self.run_id and str(self.run_id)}


async def run(request: RunRequest, deadline: Deadline) -> Summary:
    """Carry out one run within the time left. One person's failure is recorded and raises nothing.

    Raises `DatabaseUnavailable`, `DatabaseNotMigrated`.
    """
    watch = Stopwatch()
    run_id, planned = await _open(request)
    if run_id is None:
        return Summary(None, request.name, planned, 0, 0, 0, planned, 0, None)
    desk, tally = Desk(run_id, deadline), Tally()
    try:
        for job in request.jobs:
            await drain(job, desk, tally, only_run=request.only_run)
    except BaseException as error:
        await _close(request, run_id, RunStatus.FAILED, planned, tally, error_code=type(error).__name__)
        raise
    summary = await patiently(lambda: _close(request, run_id, None, planned, tally), deadline)
    logs.write(
        "job_run",
        **summary.as_dict(),
        trigger=request.trigger.value,
        requested_by=request.requested_by,
        duration_ms=round(watch.took.total_seconds() * 1000),
    )
    return summary


async def run_timer(trigger: TimerTrigger, deadline: Deadline) -> dict[str, Any]:
    """A timer's run, as its handler answers it."""
    scope = Scope(trigger.first, trigger.last, trigger.user_ids, trigger.force, retry_failed_after=AGAIN_NEXT_NIGHT)
    request = RunRequest(trigger.job, Trigger.TIMER, scope=scope, dry_run=trigger.dry_run)
    return (await run(request, deadline)).as_dict()


async def _plan(writing: Session, run_id: UUID, request: RunRequest) -> int:
    if request.retry_of is not None:
        return await plan_failed(writing, request.retry_of, run_id)
    return sum([await plan(writing, job, run_id, request.scope) for job in request.jobs])


class _Discard(Exception):
    """Ends a transaction so that it writes nothing."""


async def _open(request: RunRequest) -> tuple[UUID | None, int]:
    """Record the run and plan its items in one transaction.

    Nothing is written by a dry run, whose planning is counted and rolled back, nor by a tick that finds nothing to do.
    """
    planned = 0
    if not request.dry_run:
        async with transaction() as writing:
            await close_lost_runs(writing, SILENT_FOR)
            await prune_throttles(writing)
    try:
        async with transaction() as writing:
            run_id = await open_run(
                writing,
                job=request.job,
                trigger=request.trigger,
                requested_by=request.requested_by,
                reason=request.reason,
                first=request.scope.first,
                last=request.scope.last,
                force=request.scope.force,
                dry_run=request.dry_run,
            )
            planned = await _plan(writing, run_id, request)
            idle = request.job is None and not planned and not await any_claimable(writing, request.jobs)
            if request.dry_run or idle:
                raise _Discard()
    except _Discard:
        return None, planned
    return run_id, planned


async def _close(request: RunRequest, run_id: UUID, status: RunStatus | None, planned: int, tally: Tally, error_code: str | None = None) -> Summary:
    async with transaction() as writing:
        if request.only_run:
            left = await count_left(writing, request.jobs, run_id)
        else:
            left = await count_left(writing, request.jobs, None) + tally.count(ItemStatus.PENDING)
        stopped_because = tally.stopped_because if left or tally.cancelled else None
        failed = tally.count(ItemStatus.FAILED)
        status = status or (RunStatus.CANCELLED if tally.cancelled else RunStatus.PARTIAL if failed or left else RunStatus.SUCCEEDED)
        await close_run(writing, run_id, status, planned=planned, pending=left, stopped_because=stopped_because, error_code=error_code)
    return Summary(
        run_id, request.name, planned, tally.count(ItemStatus.SUCCEEDED), tally.count(ItemStatus.SKIPPED), failed, left, tally.tokens, stopped_because
    )
