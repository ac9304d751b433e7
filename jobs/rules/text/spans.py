"""Spans of a text, indexed for lookups in logarithmic time."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate


class Spans:
    """Spans from a start (included) to an end (excluded), in characters. They may overlap."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        found = sorted(span for span in spans if span[0] < span[1])
        self._starts = [start for start, _ in found]
        self._reach = list(accumulate((end for _, end in found), max))
        """For each span, the largest end among it and the spans before it."""

    def touch(self, start: int, end: int) -> bool:
        """Return whether a span shares a character with `start` to `end`."""
        before = bisect_left(self._starts, end)
        return start < end and before > 0 and self._reach[before - 1] > start

    def enclose(self, start: int, end: int) -> bool:
        """Return whether a single span contains all of `start` to `end`."""
        before = bisect_right(self._starts, start)
        return before > 0 and self._reach[before - 1] >= end
