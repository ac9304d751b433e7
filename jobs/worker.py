"""The worker of a run: it claims due items, processes as many at once as the limits allow, and releases unfinished ones at the deadline."""
from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import partial

import logs
import settings
from jobs import daily_diary, daily_profile, weekly_profile
from jobs.item_results import RunTotals, amounts, log_item, log_item_exception, record_failure, release_items
from jobs.model_limiter import MODEL_BUSY, SLOT_RENEWAL_INTERVAL, ModelLimiter
from jobs.retries import outcome_after_failure, retry_while_unavailable
from jobs.run_context import CHECK_TIMEOUT_SHARE, ItemHandler, RunContext, Stopwatch
from jobs.semaphore import SlotsLost
from llm.call_log import name_caller
from persistence import database
from persistence.errors import DatabaseError, DatabaseUnavailable
from persistence.models.jobs import WORKER_LOST, ItemStatus, Job
from persistence.queries.job_attempts import Outcome
from persistence.queries.job_claims import Wanted
from persistence.queries.job_queue import Claim
from persistence.queries.job_runs import cancel_requested

ITEM_HANDLERS: Mapping[Job, ItemHandler] = {
    Job.DAILY_DIARY: daily_diary.perform,
    Job.DAILY_PROFILE: daily_profile.perform,
    Job.WEEKLY_PROFILE: weekly_profile.perform,
}

MIN_ITEM_SECONDS = 6.0
"""The least time left for a claim, in seconds: with less, an item could hardly finish. The limit is higher where recent items took longer."""
RELEASE_SECONDS = 1.0
"""Seconds reserved at the deadline to cancel and release unfinished items."""
LEASE_GRACE = timedelta(seconds=30)
"""Lease time beyond the model's timeout, for reading and storing. When a worker dies, its items can be claimed once the lease ends."""


async def process_due_items(job: Job, context: RunContext, totals: RunTotals, *, this_run_only: bool) -> None:
    """Process due items of one job until none is left, the time is up, or a limit is reached. A failed item does not stop the items of other users."""
    limiter = ModelLimiter(job, context)
    await retry_while_unavailable(limiter.acquire, context.deadline)
    try:
        await _Worker(job, context, totals, limiter, this_run_only).work()
    finally:
        totals.exhausted = limiter.limit_code or totals.exhausted
        await _close(limiter, context)


async def _close(limiter: ModelLimiter, context: RunContext) -> None:
    """Release the model slots. If the database is unavailable, the slots end with their lease; the run does not fail, since all items are stored."""
    try:
        await retry_while_unavailable(limiter.release, context.deadline)
    except DatabaseError as error:
        logs.write("model_slots_kept", level="WARNING", run_id=context.run_id, error_code=error.code)


class _Worker:
    def __init__(self, job: Job, context: RunContext, totals: RunTotals, limiter: ModelLimiter, only_run: bool) -> None:
        self._job, self._context, self._totals, self._limiter, self._only_run = job, context, totals, limiter, only_run
        self._in_flight: dict[asyncio.Task[Outcome], Claim] = {}
        self._more = True
        self._is_refused = False  # whether the database refused a result, for longer than retries last
        self._durations: deque[float] = deque(maxlen=50)

    async def work(self) -> None:
        try:
            while True:
                await retry_while_unavailable(self._limiter.renew, self._context.deadline)
                await self._context.slots.resize(self._limiter.max_in_flight)
                await retry_while_unavailable(self._claim_more, self._context.deadline)
                if not self._in_flight:
                    return
                if not await self._collect():
                    return
        except DatabaseUnavailable:
            self._is_refused = True
            raise
        finally:
            await self._release_unfinished()

    async def _claim_more(self) -> None:
        """Claim items once a quarter of the slots is free, so that claims stay few.

        Items of lost workers, whose lease has expired, are asked for only while nothing is in flight.
        """
        free = self._capacity() - len(self._in_flight)
        if self._in_flight and (not self._more or free < max(1, self._limiter.max_in_flight // 4)):
            return
        if self._context.deadline.remaining() < self._item_seconds():
            self._totals.out_of_time = True
            return
        if free <= 0 or await self._cancelled():
            return
        for claim in await self._claim(free):
            self._in_flight[asyncio.ensure_future(self._do(claim))] = claim

    def _capacity(self) -> int:
        """Return one and a half times the number of slots, so that items are read and stored while others call the model."""
        return self._limiter.max_in_flight + self._limiter.spare

    async def _do(self, claim: Claim) -> Outcome:
        watch = Stopwatch()
        name_caller(user_id=claim.user_id, run_id=claim.run_id, job=claim.job.value)
        outcome = await _do(claim, self._context)
        self._durations.append(watch.elapsed.total_seconds())
        return outcome

    def _item_seconds(self) -> float:
        """Return one and a half times the mean duration of recent items plus the release time, in seconds; at least `MIN_ITEM_SECONDS`."""
        typical = sum(self._durations) / len(self._durations) if self._durations else 0.0
        return max(MIN_ITEM_SECONDS, 1.5 * typical + RELEASE_SECONDS)

    async def _cancelled(self) -> bool:
        async with database.session() as session:
            self._totals.cancelled = await cancel_requested(session, self._context.run_id)
        return self._totals.cancelled

    async def _claim(self, limit: int) -> Sequence[Claim]:
        longest = settings.current().model_timeout_seconds * (1 + CHECK_TIMEOUT_SHARE * settings.current().checks_claims)
        lease = timedelta(seconds=min(self._context.deadline.remaining(), longest)) + LEASE_GRACE
        wanted = Wanted(self._job, self._context.run_id, limit, lease, self._only_run, expired_too=not self._in_flight)
        claims = (await self._limiter.claim(wanted)).claims
        self._more = len(claims) == limit or bool(claims and self._context.terms.share)
        return claims

    async def _collect(self) -> bool:
        """Wait for the next items to end, at most until the slots need renewal. Return False when the deadline comes first."""
        left = max(0.0, self._context.deadline.remaining() - RELEASE_SECONDS)
        done, _ = await asyncio.wait(self._in_flight, timeout=min(left, SLOT_RENEWAL_INTERVAL.total_seconds()), return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            outcome = task.result()
            del self._in_flight[task]
            self._totals.outcomes.append(outcome)
            await retry_while_unavailable(partial(self._limiter.record, outcome), self._context.deadline)
        if done or self._context.deadline.remaining() > RELEASE_SECONDS:
            return True
        self._totals.out_of_time = True
        return False

    async def _release_unfinished(self) -> None:
        if not self._in_flight:
            return
        self._context.closing = True
        for task in self._in_flight:
            task.cancel()
        ended = await asyncio.gather(*self._in_flight, return_exceptions=True)
        self._totals.outcomes += [outcome for outcome in ended if isinstance(outcome, Outcome)]
        cut_off, self._context.interrupted_usage = self._context.interrupted_usage, []
        self._totals.cut_off += cut_off
        claims = list(self._in_flight.values())
        billed = [claim for claim in claims if self._is_refused and claim.attempt_id in self._context.costs]
        await retry_while_unavailable(lambda: release_items(claims, cut_off, postponed=billed), self._context.deadline)
        self._context.closing = False


async def _do(claim: Claim, context: RunContext) -> Outcome:
    watch = Stopwatch()
    try:
        outcome = await _perform(claim, context, watch)
    except SlotsLost:
        outcome = await retry_while_unavailable(lambda: record_failure(claim, Outcome(ItemStatus.PENDING, MODEL_BUSY, refund=True), watch), context.deadline)
    except DatabaseError:  # not caused by this item: end the run and release its items
        raise
    except Exception as error:  # an error in one item must not stop the items of other users
        log_item_exception(claim, error)
        outcome = await _after_fault(claim, error, context, watch)
    log_item(claim, outcome, watch)
    return outcome


async def _after_fault(claim: Claim, error: Exception, context: RunContext, watch: Stopwatch) -> Outcome:
    """Record an item that broke. When its call was billed, mark it as FAILED, with a fallback entry if that can be stored; else retry it later."""
    cost = context.costs.get(claim.attempt_id)
    if cost is None:
        failed = outcome_after_failure(claim, type(error).__name__)
        return await retry_while_unavailable(lambda: record_failure(claim, failed, watch), context.deadline)
    failed = Outcome(ItemStatus.FAILED, type(error).__name__, model_calls=1, **amounts(cost))
    if claim.job is Job.DAILY_DIARY:
        try:
            return await daily_diary.fail_item(claim, failed, context)
        except DatabaseError:
            raise
        except Exception:  # most likely the same cause, which is logged already
            pass
    return await retry_while_unavailable(lambda: record_failure(claim, failed, watch, in_vain=True), context.deadline)


async def _perform(claim: Claim, context: RunContext, watch: Stopwatch) -> Outcome:
    """Process the item, or mark it as FAILED when every attempt lost its worker.

    The first such attempt stores a fallback entry; the next one stores none, in case making the entry is what kills the worker.
    """
    over = claim.attempt - settings.current().item_attempts
    if over <= 0:
        return await ITEM_HANDLERS[claim.job](claim, context)
    lost = Outcome(ItemStatus.FAILED, WORKER_LOST)
    if over == 1 and claim.job is Job.DAILY_DIARY:
        return await daily_diary.fail_item(claim, lost, context)
    return await record_failure(claim, lost, watch)
