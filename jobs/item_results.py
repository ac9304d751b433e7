"""Results of items: how each outcome is recorded in the job queue and the log, and the totals of a run."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import logs
from jobs.run_context import Stopwatch
from llm.usage import Usage
from persistence import database
from persistence.models.jobs import ItemStatus
from persistence.queries import job_attempts
from persistence.queries.job_attempts import AlreadyFinished, LeaseLost, Outcome
from persistence.queries.job_queue import Claim
from persistence.queries.token_reservations import Cost, record_costs, release, usage_of
from persistence.queries.usage import Tokens, UsageRecord, record_usages

_NO_TOKENS = Usage.none()
REFUSED_FOR = timedelta(minutes=15)
"""The time after which the first of the items is due again whose billed results the database refused."""


@dataclass
class RunTotals:
    """The totals of a run, updated while it works."""

    outcomes: list[Outcome] = field(default_factory=list)
    cut_off: list[Cost] = field(default_factory=list)
    out_of_time: bool = False
    exhausted: str | None = None
    cancelled: bool = False

    def count(self, status: ItemStatus) -> int:
        return sum(outcome.status is status for outcome in self.outcomes)

    @property
    def tokens(self) -> int:
        ended = sum(outcome.input_tokens + outcome.output_tokens for outcome in self.outcomes)
        return ended + sum(cost.total for cost in self.cut_off)

    @property
    def stopped_because(self) -> str | None:
        """The code of what stopped the run: CANCELLED, an account-wide provider error, a used-up limit, or DEADLINE; None when nothing stopped it."""
        refused = next((outcome.error_code for outcome in self.outcomes if outcome.stops_run), None)
        return ("CANCELLED" if self.cancelled else None) or refused or self.exhausted or ("DEADLINE" if self.out_of_time else None)


def amounts(usage: Tokens) -> dict[str, Any]:
    """Return tokens and cost as the keyword arguments of an `Outcome`."""
    return {
        "input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens, "cached_tokens": usage.cached_tokens,
        "thinking_tokens": usage.thinking_tokens, "cost": usage.cost,
    }


def wasted_call(claim: Claim) -> UsageRecord:
    """Return the usage of a response that is not used: its call, which is counted already, counts as failed."""
    return usage_of(claim.user_id, claim.job, claim.period, _NO_TOKENS, failed=True, calls=0)


async def record_wasted_call(claim: Claim) -> None:
    """Count a response that is not used as a failed call, in a transaction apart from the one that finishes the attempt."""
    async with database.transaction() as session:
        await record_usages(session, [wasted_call(claim)])


async def record_failure(claim: Claim, outcome: Outcome, watch: Stopwatch, *, in_vain: bool = False) -> Outcome:
    """Store the outcome of an attempt without a result. An item that another worker has claimed since is left to that worker.

    With `in_vain`, the attempt's call counts as failed. Return the outcome that is stored, LEASE_LOST when none is.
    """
    try:
        async with database.transaction() as session:
            await job_attempts.finish(session, claim, outcome, watch.elapsed)
            await record_usages(session, [wasted_call(claim)] if in_vain else [])
            await release(session, [(claim.user_id, claim.attempt_id)])
    except AlreadyFinished as found:
        return found.end.of(outcome)
    except LeaseLost:
        return job_attempts.lease_lost(outcome)
    return outcome


async def release_items(claims: Sequence[Claim], costs: Sequence[Cost], *, postponed: Sequence[Claim] = ()) -> None:
    """Release unfinished items: they are due at once, and the attempt is refunded. The cost of their calls is recorded once, even if this is repeated.

    Items in `postponed`, whose billed results the database refused, are due one by one after `REFUSED_FOR`: others come first, in case it refuses one of them.
    """
    async with database.transaction() as session:
        await record_costs(session, costs)
    async with database.transaction() as session:
        await job_attempts.release_claims(session, claims, postponed=postponed, delay=REFUSED_FOR)
        await release(session, [(claim.user_id, claim.attempt_id) for claim in claims])


def log_item_exception(claim: Claim, error: Exception) -> None:
    """Log where in the program an exception occurred; the job queue stores only its class. Its message is never logged, because it may quote the user."""
    logs.write(
        "job_item_exception", level="ERROR", run_id=claim.run_id, job=claim.job.value, user_id=claim.user_id, period=claim.period,
        exception=type(error).__name__, frames=logs.frames(error),
    )


def log_item(claim: Claim, outcome: Outcome, watch: Stopwatch) -> None:
    failed = outcome.status in (ItemStatus.FAILED, ItemStatus.PENDING)
    answers = (outcome.checks or {}).get("answers")
    logs.write(
        "job_item", level="WARNING" if failed else "INFO", run_id=claim.run_id, job=claim.job.value, user_id=claim.user_id, period=claim.period,
        attempt=claim.attempt, outcome=outcome.status.value, error_code=outcome.error_code, duration_ms=round(watch.elapsed.total_seconds() * 1000),
        tokens=outcome.input_tokens + outcome.output_tokens, retry_in_s=round(outcome.retry_after.total_seconds()) or None,
        second_reading=answers,
    )
