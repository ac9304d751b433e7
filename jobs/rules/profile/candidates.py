"""A single value, or the negation of one, with the evidence for and against it, before conflicts with the other values of its slot are resolved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from jobs.rules.profile.confidence import MIN_SUPPORT, Observation, decayed_weight, doubt, observe, rounded, strength, support
from jobs.rules.profile.polarity import NEGATING, ValuePolarity, is_negated, plain_key
from jobs.rules.profile.profile_types import Evidence, Origin
from jobs.rules.profile.statement_context import Context, condition_key, context_of, end_of, polarity_of
from jobs.rules.profile.verdicts import VerdictState
from jobs.rules.slots import Slot


@dataclass(frozen=True, slots=True)
class Candidate:
    """A value with its confidence and what decides conflicts.

    `confidence` is not yet lowered by competing values. `strength` and `mass` decide conflicts; their order does not change as evidence ages.
    `claims` holds the times at which the value was claimed, oldest first: those of explicit statements and of a SET since the last explicit
    denial, else of all evidence, else of the lock. `denied_at`: the time since which the value no longer holds, because the user denied it or
    because of too much doubt. `unsure`: a single statement says that the well-founded value holds no longer, which the user has to be asked about.
    `over_since` is the day on which the value ended by the newest statement that says so, if nothing was said for it since.
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
    polarity: ValuePolarity = "IS"
    context: Context = Context()
    unsure: bool = False
    over_since: str | None = None

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
    """Return the candidate of a value or, if the key is that of a negation, of the negation; None if it never had enough evidence and no verdict confirms it.

    `evidence` is that for and against the value. Not enough is a strength below MIN_SUPPORT, or a habit seen on one day and never stated.
    """
    counted = [item for item in evidence if item.message_id not in held.rejected]
    supporting = [item for item in counted if supports(item, key)]
    favor = observe(supporting)
    conditions = {condition_key(item) for item in supporting} | ({None} if held.confirmed_at else set())
    denying = [] if held.locked else [item for item in counted if _doubts(item, key) and (not item.condition or conditions == {condition_key(item)})]
    if held.confirmed_at is None and not _enough(favor, slot):
        return None
    ending = [item for item in counted if item.polarity == "NEGATIVE" and item.relation is not None]
    return _candidate(slot, key, supporting, denying, ending, held, as_of)


def supports(item: Evidence, key: str) -> bool:
    """Return whether the evidence is in favour of the value or the negation that the key names."""
    if is_negated(key):
        return item.relation in NEGATING and item.polarity == "NEGATIVE"
    return item.polarity == "POSITIVE" and item.relation != "CORRECTED"


def _doubts(item: Evidence, key: str) -> bool:
    """Return whether the evidence only lowers the value's confidence. What supports the opposite does not: the two values compete (conflicts.py).

    A correction counts against what it takes back, be it a value or a negation.
    Evidence under a condition counts only against a value that was never said to hold under another one, or without any.
    """
    if is_negated(key):
        return item.polarity == "POSITIVE" and item.relation == "CORRECTED"
    return item.polarity == "NEGATIVE" and item.relation not in NEGATING


def _enough(favor: Sequence[Observation], slot: Slot) -> bool:
    if slot.habit and len({seen.day for seen in favor}) < 2 and not any(seen.stated for seen in favor):
        return False
    return rounded(strength(favor)) >= MIN_SUPPORT


def _candidate(
    slot: Slot,
    key: str,
    supporting: Sequence[Evidence],
    denying: Sequence[Evidence],
    ending: Sequence[Evidence],
    held: VerdictState,
    as_of: date,
) -> Candidate:
    favor, against = observe(supporting), observe(denying)
    ended = _ended_at(supporting, held, slot)
    set_at = [held.set_at] if held.set_at else []
    seen_at = sorted([*(seen.said_at for seen in favor), *set_at]) or [at for at in (held.locked_at,) if at]
    spoken = sorted([*(seen.said_at for seen in favor if seen.stated), *set_at])
    unsure = ended is None and _is_unsure(favor, denying, spoken)
    denied = None if unsure else max((seen.said_at for seen in against if seen.stated), default=None)
    claims = [at for at in spoken if denied is None or at >= denied]
    trust = 1.0 - _doubt(slot, favor, against, held, spoken)
    now = 1.0 if held.confirmed_at else support(favor, as_of, slot.half_life_days)
    case = rounded(trust * (1.0 if held.confirmed_at else strength(favor)))
    denied_at = None if unsure else min(filter(None, (_denied_at(against, seen_at, spoken, case), ended)), default=None)
    context = context_of(supporting)
    return Candidate(
        value=_text(supporting, key, held),
        value_key=key,
        confidence=rounded(now * trust),
        strength=case,
        mass=decayed_weight(favor, as_of, slot.half_life_days) * trust,
        explicit=bool(claims),
        claims=tuple(claims or seen_at),
        origin="STATED" if spoken or not favor else "INFERRED",
        locked_at=held.locked_at,
        set_at=held.set_at,
        denied_at=denied_at,
        first_seen_at=seen_at[0],
        last_seen_at=seen_at[-1],
        evidence=tuple(seen.message_id for seen in favor),
        polarity=polarity_of(key, supporting, held.polarity),
        context=replace(context, key=None) if held.confirmed_at else context,
        over_since=None if is_negated(key) else end_of(item for item in ending if item.said_at > seen_at[-1]),
        unsure=unsure,
    )


def _ended_at(supporting: Sequence[Evidence], held: VerdictState, slot: Slot) -> datetime | None:
    """Return when the user said that the value is over; None if they did not, or if what they said since is enough for it to hold again."""
    ended = held.ended_at
    return None if ended is None or _enough(observe([item for item in supporting if item.said_at > ended]), slot) else ended


FOUNDED_DAYS: Final = 2
"""Number of days on which the user stated a value, from which on a single statement that it is over is asked about instead of believed."""


def _is_unsure(favor: Sequence[Observation], denying: Sequence[Evidence], spoken: Sequence[datetime]) -> bool:
    """Return whether one message, and no other, says since the last statement that a well-founded value is over, or takes it back."""
    last = spoken[-1] if spoken else None
    denials = [item for item in denying if item.stated and (last is None or item.said_at > last)]
    founded = len({seen.day for seen in favor if seen.stated}) >= FOUNDED_DAYS
    return founded and len({item.message_id for item in denials}) == 1 and all(item.relation in ("ENDED", "CORRECTED") for item in denials)


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
    favor: Sequence[Observation],
    against: Sequence[Observation],
    held: VerdictState,
    spoken: Sequence[datetime],
) -> float:
    if not against:
        return 0.0
    days = [seen.day for seen in favor] + ([held.set_on] if held.set_on else [])
    return doubt(against, slot.half_life_days, max(days), spoken[-1] if spoken else None)


def _text(supporting: Sequence[Evidence], key: str, held: VerdictState) -> str:
    """Return the wording of the user's verdict, else the newest one. The wording of a merged value is used only if there is no other."""
    if held.text is not None:
        return held.text
    return max(supporting, key=lambda item: (item.value_key == plain_key(key), item.said_at, item.value)).value
