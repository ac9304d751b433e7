"""Waiting that does not count the time in which this process itself was busy.

Imports at a cold start, or many requests at once, keep the event loop from running. A plain timeout would then end although the awaited answer
has long arrived, and would blame the other side.
"""
from __future__ import annotations

import asyncio
import time
from typing import Any

STEP_SECONDS = 1.0
"""Length of one wait. A step that ends late was held up by this process."""
LATE_SECONDS = 0.25
"""A step that ends at least this much late does not count."""
MAX_LATE_SECONDS = 60.0
"""Maximum sum of late seconds: a process that is busy for longer is too slow to serve anyone."""


async def wait(future: asyncio.Future[Any], seconds: float) -> float:
    """Wait until `future` is done, for at most `seconds` in which the event loop ran; return by how many seconds the loop was late meanwhile.

    Like `asyncio.wait`, neither cancel the future nor raise its exception.
    """
    left, late = seconds, 0.0
    while left > 0 and late < MAX_LATE_SECONDS and not future.done():
        step, began = min(STEP_SECONDS, left), time.monotonic()
        await asyncio.wait([future], timeout=step)
        took = time.monotonic() - began
        if took - step >= LATE_SECONDS:
            late += took - step
        else:
            left -= min(took, step) if future.done() else step
    return late
