"""Retries: of a transaction while the database is unavailable, and of an item whose attempt failed.

A transaction is repeated within the run, so that the results of billed calls are not lost in a restart or a failover. A failed item is retried after a
delay, by this run or a later one, or is marked as FAILED.
"""
from __future__ import annotations

import asyncio
import itertools
import random
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

import settings
from jobs.deadline import Deadline
from llm.errors import ProviderReply
from persistence.errors import DatabaseUnavailable
from persistence.models.jobs import ItemStatus
from persistence.provider_replies import NO_REPLY, StoredReply
from persistence.queries.job_attempts import Outcome
from persistence.queries.job_queue import Claim

RETRY_DELAYS = (0.1, 0.3, 1.0, 2.0, *itertools.repeat(4.0, 14))
"""Seconds between the attempts: a restarting server is available again within a few seconds, and a standby takes over within a minute."""

FIRST_DELAY = timedelta(seconds=30)
MAX_DELAY = timedelta(hours=1)
MODEL_PAUSE = timedelta(minutes=15)
"""The time without model calls after an account-wide provider error (an invalid key, an account without credit)."""
REPLAN_FAILED_AFTER = timedelta(hours=20)
"""The time after which a FAILED day may be planned again: by the job runs of the next night, but not by those of the same night."""

FILTERED = "MODEL_FILTERED"

Result = TypeVar("Result")


async def retry_while_unavailable(work: Callable[[], Awaitable[Result]], deadline: Deadline) -> Result:
    """Run `work`, and repeat it while the database is unavailable and the deadline allows. `work` is one whole transaction that may be repeated.

    Raises `DatabaseUnavailable` when the last attempt fails, too.
    """
    for pause in RETRY_DELAYS:
        try:
            return await work()
        except DatabaseUnavailable:
            if deadline.remaining() <= pause:
                raise
        await asyncio.sleep(pause)
    return await work()


def outcome_after_failure(
    claim: Claim, error_code: str, *, retry_after: float | None = None, affects_all_users: bool = False, reply: ProviderReply | None = None
) -> Outcome:
    """Return the outcome of a failed attempt: PENDING with a delay, or FAILED once the attempts are used up.

    `retry_after` is the delay in seconds that the provider asked for, and `reply` is the provider's reply. An attempt that ends with an account-wide
    provider error does not count: it is refunded, and the run makes no more model calls. A text that the provider's content filter refuses is refused
    however often it is sent, so its item is FAILED at once.
    """
    if error_code == FILTERED:
        return Outcome(ItemStatus.FAILED, error_code, reply=to_stored(reply))
    if affects_all_users:
        return Outcome(ItemStatus.PENDING, error_code, retry_after=MODEL_PAUSE, refund=True, stops_run=True, reply=to_stored(reply))
    if claim.attempt >= settings.current().item_attempts:
        return Outcome(ItemStatus.FAILED, error_code, reply=to_stored(reply))
    asked = timedelta(seconds=retry_after) if retry_after else timedelta(0)
    return Outcome(ItemStatus.PENDING, error_code, retry_after=max(asked, _delay(claim.attempt)), reply=to_stored(reply))


def to_stored(reply: ProviderReply | None) -> StoredReply:
    return NO_REPLY if reply is None else StoredReply(reply.status, reply.code, reply.message)


def _delay(attempt: int) -> timedelta:
    """Return a delay that doubles with each attempt, up to `MAX_DELAY`, times a random factor from 0.5 to 1.

    The random factor keeps many failed items from being retried at the same time.
    """
    doubled: timedelta = min(FIRST_DELAY * 2 ** (attempt - 1), MAX_DELAY)
    return doubled * random.uniform(0.5, 1.0)
