"""What a hidden, corrected or deleted line takes back: the words that stand in no other line of its day count no more.

A signal's quote is withdrawn for its value when every line of the day that overlaps it is taken back, and at least one
is. A hidden line is taken back for every value; a line that the person put into other words, for the values that the
model's words named and theirs do not. Of a deleted line the places of its quotes are known, and they count as one that
is taken back. A quote that no line overlaps stands by itself. When the line is shown again, the words count again.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from jobs.rules.statements import mentions


@dataclass(frozen=True, slots=True)
class Passage:
    """The characters of a message from `start` up to `stop`."""

    message_id: UUID
    start: int
    stop: int

    def overlaps(self, other: Passage) -> bool:
        return self.message_id == other.message_id and self.start < other.stop and other.start < self.stop


@dataclass(frozen=True, slots=True)
class EvidenceLine:
    """A line of the day's present version; `replaced_text` is what the model had written in its place."""

    text: str
    passages: tuple[Passage, ...]
    hidden: bool = False
    replaced_text: str | None = None

    def withdraws(self, value: str) -> bool:
        if self.hidden:
            return True
        return self.replaced_text is not None and mentions(value, self.replaced_text) and not mentions(value, self.text)


def is_withdrawn(value: str, quote: Passage, lines: Iterable[EvidenceLine], deleted: Sequence[Passage]) -> bool:
    """Whether the quote counts no more for the value."""
    touching = [line for line in lines if any(quote.overlaps(passage) for passage in line.passages)]
    if not all(line.withdraws(value) for line in touching):
        return False
    return bool(touching) or any(quote.overlaps(passage) for passage in deleted)
