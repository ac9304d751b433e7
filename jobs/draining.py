"""Working through due items: claimed in batches, run side by side, handed back when the time is up."""
from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import logs
import settings
from jobs import daily_diary, daily_profile, weekly_profile
from jobs.desk import Desk, Perform, Stopwatch
from jobs.retrying import after_failure
from persistence.database import transaction
from persistence.models.jobs import ItemStatus, Job
from persistence.queries import ledger
from persistence.queries.ledger import Claim, LeaseLost, Outcome

PERFORM: Mapping[Job, Perform] = {
    Job.DAILY_DIARY: daily_diary.perform,
    Job.DAILY_PROFILE: daily_profile.perform,
    Job.WEEKLY_PROFILE: weekly_profile.perform,
}

ITEM_SECONDS = 6.0
"""With less time left than this nothing is claimed any more: an item could hardly end in it."""
LEASE_GRACE = timedelta(seconds=30)
"""Added to the time left: a lease outlives the invocation that holds it by no more than this."""


@dataclass
class Tally:
    """What the run did, counted as it happens."""

    outcomes: list[Outcome] = field(default_factory=list)
    out_of_time: bool = False

    def count(self, status: ItemStatus) -> int:
        return sum(outcome.status is status for outcome in self.outcomes)


async def drain(job: Job, desk: Desk, tally: Tally, *, only_run: bool) -> None:
    """Do due items of one job until there are none or the time is up. A person's failure is recorded and stops nobody else."""
    while desk.deadline.left() >= ITEM_SECONDS:
        claims = await _claim(job, desk, only_run)
        if not claims:
            return
        await _do_all(claims, desk, tally)
    tally.out_of_time = True


async def _claim(job: Job, desk: Desk, only_run: bool) -> list[Claim]:
    lease = timedelta(seconds=desk.deadline.left()) + LEASE_GRACE
    async with transaction() as writing:
        limit = settings.current().night_concurrency
        ready = await ledger.claim_ready(writing, job, desk.run_id, limit=limit, lease=lease, only_run=only_run)
        return ready or await ledger.claim_expired(writing, job, desk.run_id, lease=lease)


async def _do_all(claims: list[Claim], desk: Desk, tally: Tally) -> None:
    """Run a batch side by side; at the deadline cancel what is unfinished and hand it back with the attempt refunded."""
    tasks = {asyncio.ensure_future(_do(claim, desk)): claim for claim in claims}
    try:
        done, late = await asyncio.wait(tasks, timeout=max(0.0, desk.deadline.left() - 1.0))
    except asyncio.CancelledError:
        await _cancel(tasks)
        raise
    tally.outcomes += [task.result() for task in done]
    if late:
        await _cancel({task: tasks[task] for task in late})
        tally.out_of_time = True


async def _cancel(tasks: Mapping[asyncio.Task[Outcome], Claim]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    await _give_back(list(tasks.values()))


async def _give_back(claims: list[Claim]) -> None:
    async with transaction() as writing:
        await ledger.hand_back(writing, claims)


async def _do(claim: Claim, desk: Desk) -> Outcome:
    watch = Stopwatch()
    try:
        if claim.attempt > settings.current().item_attempts:
            outcome = await _record_failure(claim, Outcome(ItemStatus.FAILED, "WORKER_LOST"), watch)
        else:
            outcome = await PERFORM[claim.job](claim, desk)
    except LeaseLost:
        outcome = Outcome(ItemStatus.SKIPPED, "LEASE_LOST")
    except Exception as error:  # whatever went wrong with one person stops nobody else
        outcome = await _record_failure(claim, after_failure(claim, type(error).__name__), watch)
    _log(claim, outcome, watch)
    return outcome


async def _record_failure(claim: Claim, outcome: Outcome, watch: Stopwatch) -> Outcome:
    try:
        async with transaction() as writing:
            await ledger.finish(writing, claim, outcome, watch.took)
    except LeaseLost:
        return Outcome(ItemStatus.SKIPPED, "LEASE_LOST")
    return outcome


def _log(claim: Claim, outcome: Outcome, watch: Stopwatch) -> None:
    failed = outcome.status in (ItemStatus.FAILED, ItemStatus.PENDING)
    logs.write(
        "job_item", level="WARNING" if failed else "INFO", run_id=claim.run_id, job=claim.job.value, user_id=claim.user_id, period=claim.period,
        attempt=claim.attempt, outcome=outcome.status.value, error_code=outcome.error_code, duration_ms=round(watch.took.total_seconds() * 1000),
        tokens=outcome.input_tokens + outcome.output_tokens, retry_in_s=round(outcome.retry_after.total_seconds()) or None,
    )
