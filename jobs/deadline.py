"""The time at which the platform ends the function; each cloud reports it in its own way."""
from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import Any


class Deadline:
    """A point on the monotonic clock. Each caller subtracts the margin that it needs."""

    __slots__ = ("_at", "_clock")

    def __init__(self, seconds: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        """Set the deadline to `seconds` from now."""
        self._clock = clock
        self._at = clock() + seconds

    def remaining(self) -> float:
        """Return the seconds until the deadline, never negative."""
        return max(0.0, self._at - self._clock())

    @classmethod
    def from_context(
        cls, context: Any, otherwise: float, *, arrived: float | None = None, clock: Callable[[], float] = time.monotonic
    ) -> Deadline:
        """Return the deadline that a cloud's context gives: its remaining time (AWS, Huawei), else its time limit (Tencent, Alibaba), else `otherwise` seconds.

        The limit and `otherwise` count from `arrived`, the clock's time at which the event arrived (default: now).
        """
        given = _time_left(context)
        if given is not None:
            return cls(given, clock=clock)
        limit = _limit(context)
        elapsed = clock() - arrived if arrived is not None else 0.0
        return cls((otherwise if limit is None else limit) - elapsed, clock=clock)


def _time_left(context: Any) -> float | None:
    for name in ("get_remaining_time_in_millis", "getRemainingTimeInMilliSeconds"):
        ask = getattr(context, name, None)
        if callable(ask):
            return _seconds(ask(), 1000)
    return None


def _limit(context: Any) -> float | None:
    """Return the time limit in seconds. Tencent gives milliseconds in a dict, Alibaba seconds in `function.timeout`."""
    tencent = _seconds(_read(context, "time_limit_in_ms"), 1000)
    return tencent if tencent is not None else _seconds(_read(_read(context, "function"), "timeout"), 1)


def _read(source: Any, name: str) -> Any:
    return source.get(name) if isinstance(source, Mapping) else getattr(source, name, None)


def _seconds(value: Any, parts: int) -> float | None:
    """Convert a number of parts of a second, of which `parts` make one second, to seconds; None unless it is a finite number of at least 0."""
    try:
        seconds = float(value) / parts
    except (TypeError, ValueError):
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None
