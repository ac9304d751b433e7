"""The combined effect of the user's verdicts on one value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from jobs.rules.profile.polarity import ValuePolarity
from jobs.rules.profile.profile_types import Verdict

_TIE_ORDER = ("SET", "LOCK", "UNLOCK", "REJECT", "END")
"""The order in which verdicts given at the same instant take effect."""


@dataclass(frozen=True, slots=True)
class VerdictState:
    """The state of a value after its verdicts.

    `set_at` and `locked_at` are the times of the SET and the LOCK in force, `set_on` is the user's day of the SET, and `text` is the wording of the
    last SET or LOCK; `polarity` is the one given with it. `hidden_at`, `hidden_text` and `hidden_polarity` are those of a REJECT; `rejected` holds
    the messages that no longer count as evidence. `ended_at` is the time of an END in force.
    """

    set_at: datetime | None = None
    set_on: date | None = None
    locked_at: datetime | None = None
    text: str | None = None
    hidden_at: datetime | None = None
    hidden_text: str | None = None
    rejected: frozenset[UUID] = frozenset()
    polarity: ValuePolarity | None = None
    hidden_polarity: ValuePolarity | None = None
    ended_at: datetime | None = None

    @property
    def locked(self) -> bool:
        return self.locked_at is not None

    @property
    def hidden(self) -> bool:
        return self.hidden_at is not None

    @property
    def confirmed_at(self) -> datetime | None:
        """The time of the last SET or LOCK in force, or None."""
        return max(filter(None, (self.set_at, self.locked_at)), default=None)


def apply_verdicts(verdicts: Iterable[Verdict]) -> VerdictState:
    """Return the state after all verdicts, applied by their time, whatever order they are given in."""
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
        return VerdictState(set_at=verdict.at, set_on=on, locked_at=held.locked_at, text=verdict.value, polarity=verdict.polarity)
    if verdict.kind == "LOCK":
        return VerdictState(held.set_at, held.set_on, locked_at=verdict.at, text=verdict.value, polarity=verdict.polarity or held.polarity)
    if verdict.kind == "UNLOCK":
        return _unlocked(held)
    if verdict.kind == "END":
        return replace(_unlocked(held), hidden_at=None, rejected=frozenset(), ended_at=verdict.at)
    rejected = held.rejected | verdict.evidence
    if not verdict.value:
        return replace(held, rejected=rejected)
    return VerdictState(hidden_at=verdict.at, hidden_text=verdict.value, rejected=rejected, hidden_polarity=verdict.polarity)


def _unlocked(held: VerdictState) -> VerdictState:
    return replace(held, locked_at=None, text=held.text if held.set_at else None, polarity=held.polarity if held.set_at else None)
