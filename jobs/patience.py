"""Retries while the database is unavailable, as in a restart or a failover, so that the results of billed calls are not lost."""
from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from typing import TypeVar

from jobs.deadline import Deadline
from persistence.errors import DatabaseUnavailable

RETRY_DELAYS = (0.1, 0.3, 1.0, 2.0, *itertools.repeat(4.0, 14))
"""Seconds between the attempts: a restarting server is available again within a few seconds, and a standby takes over within a minute."""

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
