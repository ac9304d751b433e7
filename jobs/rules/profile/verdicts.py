"""What the person's verdicts on one value amount to today."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from jobs.rules.profile.profile_types import Verdict

_TIE_ORDER = ("SET", "LOCK", "UNLOCK", "REJECT")
"""Verdicts given at the same instant take effect in this order."""


@dataclass(frozen=True, slots=True)
class VerdictState:
    """`text` and `at` are those of the last SET or LOCK; `rejected` holds the messages that count for nothing any
    more."""

    set_at: datetime | None = None
    set_on: date | None = None
    locked_at: datetime | None = None
    text: str | None = None
    hidden_at: datetime | None = None
    hidden_text: str | None = None
    rejected: frozenset[UUID] = frozenset()

    @property
    def locked(self) -> bool:
        return self.locked_at is not None

    @property
    def hidden(self) -> bool:
        return self.hidden_at is not None

    @property
    def confirmed_at(self) -> datetime | None:
        """When the person last said, by verdict, that the value is true."""
        return max(filter(None, (self.set_at, self.locked_at)), default=None)


def apply_verdicts(verdicts: Iterable[Verdict]) -> VerdictState:
    """Each verdict in turn, whatever order they come in."""
    held = VerdictState()
    for verdict in sorted(verdicts, key=_turn):
        held = _after(held, verdict)
    return held


def day_of_verdict(verdict: Verdict) -> date:
    return verdict.day or verdict.at.date()


def _turn(verdict: Verdict) -> tuple[datetime, int, str, list[UUID]]:
    return verdict.at, _TIE_ORDER.index(verdict.kind), verdict.value, sorted(verdict.evidence)


def _after(held: VerdictState, verdict: Verdict) -> VerdictState:
    if verdict.kind == "SET":
        on = day_of_verdict(verdict)
        return VerdictState(set_at=verdict.at, set_on=on, locked_at=held.locked_at, text=verdict.value)
    if verdict.kind == "LOCK":
        return VerdictState(held.set_at, held.set_on, locked_at=verdict.at, text=verdict.value)
    if verdict.kind == "UNLOCK":
        return replace(held, locked_at=None, text=held.text if held.set_at else None)
    rejected = held.rejected | verdict.evidence
    return VerdictState(hidden_at=verdict.at, hidden_text=verdict.value, rejected=rejected)
