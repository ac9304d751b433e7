"""Stretches of a text, kept so that looking one up takes the same time however many there are."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from itertools import accumulate


class Spans:
    """Stretches from a start (included) to an end (excluded), in characters; they may overlap."""

    def __init__(self, spans: Iterable[tuple[int, int]]) -> None:
        found = sorted(span for span in spans if span[0] < span[1])
        self._starts = [start for start, _ in found]
        self._reach = list(accumulate((end for _, end in found), max))
        """For each stretch the furthest end among it and those before it."""

    def touch(self, start: int, end: int) -> bool:
        """Return True when one of them shares a character with `start` to `end`."""
        before = bisect_left(self._starts, end)
        return start < end and before > 0 and self._reach[before - 1] > start

    def enclose(self, start: int, end: int) -> bool:
        """Return True when `start` to `end` lies within a single one of them."""
        before = bisect_right(self._starts, start)
        return before > 0 and self._reach[before - 1] >= end
