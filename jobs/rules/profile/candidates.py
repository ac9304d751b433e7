"""A single value with the evidence for and against it, before conflicts with the other values of its slot are resolved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from jobs.rules.profile.confidence import MIN_SUPPORT, Observation, decayed_weight, doubt, observe, rounded, strength, support
from jobs.rules.profile.profile_types import Evidence, Origin
from jobs.rules.profile.verdicts import VerdictState
from jobs.rules.slots import Slot


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value with its confidence and what decides conflicts.

    `confidence` is not yet lowered by competing values. `strength` and `mass` decide conflicts; their order does not change as evidence ages.
    `claims` holds the times at which the value was claimed, oldest first: those of explicit statements and of a SET since the last explicit
    denial, else of all evidence, else of the lock. `denied_at`: the time since which the value no longer holds, because the user denied it or
    because of too much doubt.
    """

    value: str
    value_key: str
    confidence: float
    strength: float
    mass: float
    explicit: bool
    claims: tuple[datetime, ...]
    origin: Origin
    locked_at: datetime | None
    set_at: datetime | None
    denied_at: datetime | None
    first_seen_at: datetime
    last_seen_at: datetime
    evidence: tuple[UUID, ...]

    @property
    def locked(self) -> bool:
        return self.locked_at is not None

    @property
    def kept_by_verdict(self) -> bool:
        """Return whether a verdict of the user keeps the value, with or without evidence."""
        return self.locked_at is not None or self.set_at is not None

    @property
    def newest_claim(self) -> datetime:
        return self.claims[-1]


def build_candidate(slot: Slot, key: str, evidence: Sequence[Evidence], held: VerdictState, as_of: date) -> Candidate | None:
    """Return the value's candidate, or None if the value never had enough evidence and no verdict confirms it.

    Not enough is a strength below MIN_SUPPORT, or a habit seen on one day and never stated.
    """
    counted = [item for item in evidence if item.message_id not in held.rejected]
    favour = observe(item for item in counted if item.polarity == "POSITIVE")
    against = observe(item for item in counted if item.polarity == "NEGATIVE" and not held.locked)
    if held.confirmed_at is None and not _enough(favour, slot):
        return None
    return _candidate(slot, key, _text(counted, key, held), favour, against, held, as_of)


def _enough(favour: Sequence[Observation], slot: Slot) -> bool:
    if slot.habit and len({seen.day for seen in favour}) < 2 and not any(seen.stated for seen in favour):
        return False
    return rounded(strength(favour)) >= MIN_SUPPORT


def _candidate(
    slot: Slot,
    key: str,
    text: str,
    favour: Sequence[Observation],
    against: Sequence[Observation],
    held: VerdictState,
    as_of: date,
) -> Candidate:
    set_at = [held.set_at] if held.set_at else []
    seen_at = sorted([*(seen.said_at for seen in favour), *set_at]) or [at for at in (held.locked_at,) if at]
    spoken = sorted([*(seen.said_at for seen in favour if seen.stated), *set_at])
    denied = max((seen.said_at for seen in against if seen.stated), default=None)
    claims = [at for at in spoken if denied is None or at >= denied]
    trust = 1.0 - _doubt(slot, favour, against, held, spoken)
    now = 1.0 if held.confirmed_at else support(favour, as_of, slot.half_life_days)
    case = rounded(trust * (1.0 if held.confirmed_at else strength(favour)))
    return Candidate(
        value=text,
        value_key=key,
        confidence=rounded(now * trust),
        strength=case,
        mass=decayed_weight(favour, as_of, slot.half_life_days) * trust,
        explicit=bool(claims),
        claims=tuple(claims or seen_at),
        origin="STATED" if spoken or not favour else "INFERRED",
        locked_at=held.locked_at,
        set_at=held.set_at,
        denied_at=_denied_at(against, seen_at, spoken, case),
        first_seen_at=seen_at[0],
        last_seen_at=seen_at[-1],
        evidence=tuple(seen.message_id for seen in favour),
    )


def _denied_at(against: Sequence[Observation], seen_at: Sequence[datetime], spoken: Sequence[datetime], case: float) -> datetime | None:
    """Return when the value ceased to hold: at the first explicit denial after all evidence in favour. None if it holds.

    If doubt leaves less than MIN_SUPPORT, it ceased at the first explicit denial after the last statement, else at the last evidence against it.
    Inferences made since then do not count as seeing the value again; they revive it only once its strength reaches MIN_SUPPORT.
    """
    denials = [seen.said_at for seen in against if seen.stated]
    if case >= MIN_SUPPORT:
        return min((at for at in denials if at > seen_at[-1]), default=None)
    last = max((seen.said_at for seen in against), default=None)
    return min((at for at in denials if not spoken or at > spoken[-1]), default=last)


def _doubt(
    slot: Slot,
    favour: Sequence[Observation],
    against: Sequence[Observation],
    held: VerdictState,
    spoken: Sequence[datetime],
) -> float:
    if not against:
        return 0.0
    days = [seen.day for seen in favour] + ([held.set_on] if held.set_on else [])
    return doubt(against, slot.half_life_days, max(days), spoken[-1] if spoken else None)


def _text(evidence: Sequence[Evidence], key: str, held: VerdictState) -> str:
    """Return the wording of the user's verdict, else the newest one. The wording of a merged value is used only if there is no other."""
    if held.text is not None:
        return held.text
    favour = [item for item in evidence if item.polarity == "POSITIVE"]
    return max(favour, key=lambda item: (item.value_key == key, item.said_at, item.value)).value
