"""How much time is left before the platform ends the function, told by each cloud in its own way."""
from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping
from typing import Any


class Deadline:
    """A point on the monotonic clock. What margin to keep is for each user of it to say."""

    __slots__ = ("_at", "_clock")

    def __init__(self, seconds: float, *, clock: Callable[[], float] = time.monotonic) -> None:
        """`seconds` from now."""
        self._clock = clock
        self._at = clock() + seconds

    def remaining(self) -> float:
        """Seconds until then, never negative."""
        return max(0.0, self._at - self._clock())

    @classmethod
    def from_context(
        cls, context: Any, otherwise: float, *, arrived: float | None = None, clock: Callable[[], float] = time.monotonic
    ) -> Deadline:
        """The deadline of a cloud's context: the time left where the cloud gives it (AWS, Huawei), else its limit (Tencent, Alibaba),
        else `otherwise` seconds, the latter two counted from `arrived`, the clock's time when the event came (default: now).
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
    """Tencent: milliseconds in a dict. Alibaba: seconds of `function.timeout`."""
    tencent = _seconds(_read(context, "time_limit_in_ms"), 1000)
    return tencent if tencent is not None else _seconds(_read(_read(context, "function"), "timeout"), 1)


def _read(source: Any, name: str) -> Any:
    return source.get(name) if isinstance(source, Mapping) else getattr(source, name, None)


def _seconds(value: Any, parts: int) -> float | None:
    """A number of such parts of a second as seconds; None for anything else."""
    try:
        seconds = float(value) / parts
    except (TypeError, ValueError):
        return None
    return seconds if math.isfinite(seconds) and seconds >= 0 else None
