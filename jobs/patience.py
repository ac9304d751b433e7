"""The database may be away for a moment, in a restart or a failover: what was paid for waits for it instead of being lost."""
from __future__ import annotations

import asyncio
import itertools
from collections.abc import Awaitable, Callable
from typing import TypeVar

from jobs.deadline import Deadline
from persistence.errors import DatabaseUnavailable

RETRY_DELAYS = (0.1, 0.3, 1.0, 2.0, *itertools.repeat(4.0, 14))
"""Seconds between the tries: a server that restarts is back within a few, a standby takes over within a minute."""

Result = TypeVar("Result")


async def retry_while_unavailable(work: Callable[[], Awaitable[Result]], deadline: Deadline) -> Result:
    """Do the work, again while the database cannot be reached and the time lasts. The work is one whole transaction that may be repeated.

    Raises `DatabaseUnavailable`.
    """
    for pause in RETRY_DELAYS:
        try:
            return await work()
        except DatabaseUnavailable:
            if deadline.remaining() <= pause:
                raise
        await asyncio.sleep(pause)
    return await work()
