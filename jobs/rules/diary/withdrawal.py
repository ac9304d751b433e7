"""The withdrawal of evidence by hidden, reworded or deleted lines: quotes that no other line of the day has no longer count.

A signal's quote is withdrawn for its value when at least one line of the day overlaps it and every such line withdraws its quotes. A hidden line
withdraws its quotes for every value. A reworded line withdraws them for the values that the model's text mentioned and the user's does not. Of a
deleted line the positions of its quotes are stored; they count as a line that withdraws its quotes. A quote that no line overlaps counts. When
the user shows the line again, its quotes count again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from jobs.rules.statements import mentions


@dataclass(frozen=True, slots=True)
class Passage:
    """A part of a message: its characters from `start` (included) to `stop` (excluded)."""

    message_id: UUID
    start: int
    stop: int

    def overlaps(self, other: Passage) -> bool:
        return self.message_id == other.message_id and self.start < other.stop and other.start < self.stop


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A line of the day's current version. `replaced_text` is the model's text that the user reworded, or None."""

    text: str
    passages: tuple[Passage, ...]
    hidden: bool = False
    replaced_text: str | None = None

    def withdraws(self, value: str) -> bool:
        if self.hidden:
            return True
        return self.replaced_text is not None and mentions(value, self.replaced_text) and not mentions(value, self.text)


def is_withdrawn(value: str, quote: Passage, lines: Iterable[EvidenceLine], deleted: Sequence[Passage]) -> bool:
    """Return whether the quote no longer counts for the value."""
    touching = [line for line in lines if any(quote.overlaps(passage) for passage in line.passages)]
    if not all(line.withdraws(value) for line in touching):
        return False
    return bool(touching) or any(quote.overlaps(passage) for passage in deleted)
