"""The resolution of conflicts between the values of one slot. A many-value slot keeps all values; in a one-value slot one value wins.

- A locked value wins, unless the user set or locked another one after it; else the newest explicit statement, a SET being one; else the
  heaviest evidence.
- Two explicit statements of the same instant, or inferences within TIE_RATIO of the heaviest, are DISPUTED.
- A value that loses is SUPERSEDED from the first claim of another value after it was last seen. It returns when that claim is deleted, because
  the outcome is always computed anew.
- A value that was seen after the winner's last claim, but is too weak to replace it, is SUGGESTED.
- A value that the user has explicitly denied since, or that is doubted too much, is SUPERSEDED in every slot.
- In every slot, a value competes with its opposites ("pork" with "does not eat pork") by the same rules. Negations do not compete with other values.
- Values that hold under different conditions do not compete. What the user set has no condition, and competes with every value that was last seen before.
- A well-founded value that one statement called over is DISPUTED instead of ACTIVE.

The winner's strength lowers the confidence of the values it beats; disputed values lower each other's. A winner kept by a verdict does not
lower a SUGGESTED value. A winner keeps winning at any age: time alone does not bring back the value that it replaced.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from jobs.rules.profile.candidates import Candidate
from jobs.rules.profile.confidence import rounded
from jobs.rules.profile.opposites import topic_of
from jobs.rules.profile.polarity import is_negated
from jobs.rules.profile.profile_types import Status
from jobs.rules.slots import Slot

TIE_RATIO: Final = 0.9
"""Inferred values whose mass is at least this share of the largest mass are equally strong."""


@dataclass(frozen=True, slots=True)
class Resolution:
    candidate: Candidate
    status: Status
    confidence: float
    locked: bool
    ended_at: datetime | None = None


def resolve_conflicts(slot: Slot, candidates: Sequence[Candidate]) -> list[Resolution]:
    """Return one resolution for each candidate."""
    lost: dict[str, Resolution] = {}
    tied: dict[str, list[Candidate]] = {}
    for opposites in _opposites(slot, candidates):
        winners = _winners([candidate for candidate in opposites if candidate.denied_at is None])
        sides = {topic_of(slot.key, winner.value, winner.value_key)[1] for winner in winners}
        for candidate in opposites:
            against = [winner for winner in winners if _is_opposite(slot, candidate, winner)]
            if len(sides) > 1 and candidate in winners:
                tied[candidate.value_key] = against
            elif against:
                rivals = [other for other in opposites if other.denied_at is None and _is_opposite(slot, candidate, other)]
                lost[candidate.value_key] = _resolve_one(candidate, against, rivals)
    standing = [candidate for candidate in candidates if candidate.value_key not in lost]
    settled = {**lost, **{found.candidate.value_key: found for found in _resolve_slot(slot, standing, tied)}}
    return [settled[candidate.value_key] for candidate in candidates]


def _resolve_slot(slot: Slot, candidates: Sequence[Candidate], tied: Mapping[str, Sequence[Candidate]]) -> Iterator[Resolution]:
    """Yield the resolutions of the candidates that their opposites did not beat; `tied` are those with equally strong opposites."""
    groups: defaultdict[str | None, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        if slot.many or is_negated(candidate.value_key):
            yield _contested(_keep(candidate), tied)
        else:
            groups[_condition(candidate, candidates)].append(candidate)
    for rivals in groups.values():
        standing = [candidate for candidate in rivals if candidate.denied_at is None]
        winners = _winners(standing)
        for candidate in rivals:
            yield _contested(_resolve_one(candidate, winners, standing), tied)


def _opposites(slot: Slot, candidates: Sequence[Candidate]) -> Iterator[list[Candidate]]:
    """Yield the groups of candidates about one thing under one condition of which some deny it."""
    groups: defaultdict[tuple[str, str | None], list[Candidate]] = defaultdict(list)
    topics: defaultdict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        topics[topic_of(slot.key, candidate.value, candidate.value_key)[0]].append(candidate)
    for topic, about in topics.items():
        for candidate in about:
            groups[topic, _condition(candidate, about)].append(candidate)
    for group in groups.values():
        if len({topic_of(slot.key, candidate.value, candidate.value_key)[1] for candidate in group}) > 1:
            yield group


def _condition(candidate: Candidate, rivals: Sequence[Candidate]) -> str | None:
    """Return the key of the condition under which a value competes: None if the user has since set one of the rivals, which then holds at all times."""
    is_set_since = any(rival.set_at is not None and rival.set_at > candidate.last_seen_at for rival in rivals)
    return None if is_set_since else candidate.context.key


def _is_opposite(slot: Slot, one: Candidate, other: Candidate) -> bool:
    return topic_of(slot.key, one.value, one.value_key)[1] != topic_of(slot.key, other.value, other.value_key)[1]


def _contested(found: Resolution, tied: Mapping[str, Sequence[Candidate]]) -> Resolution:
    """Return the resolution as DISPUTED if the value would hold, but has an equally strong opposite or may be over."""
    equals = tied.get(found.candidate.value_key, ())
    if found.status not in ("ACTIVE", "DISPUTED") or found.locked or not (equals or found.candidate.unsure):
        return found
    return replace(found, status="DISPUTED", confidence=_doubted(found.candidate, equals) if equals else found.confidence)


def _keep(candidate: Candidate) -> Resolution:
    status: Status = "ACTIVE" if candidate.denied_at is None else "SUPERSEDED"
    return Resolution(candidate, status, candidate.confidence, candidate.locked, candidate.denied_at)


def _winners(standing: Sequence[Candidate]) -> list[Candidate]:
    if not standing:
        return []
    locked = [candidate for candidate in standing if candidate.locked]
    if locked:
        return [_held_last(locked, standing)]
    explicit = [candidate for candidate in standing if candidate.explicit]
    if explicit:
        newest = max(candidate.newest_claim for candidate in explicit)
        return [candidate for candidate in explicit if candidate.newest_claim == newest]
    heaviest = max(candidate.mass for candidate in standing)
    return [candidate for candidate in standing if candidate.mass >= TIE_RATIO * heaviest]


def _held_last(locked: Sequence[Candidate], standing: Sequence[Candidate]) -> Candidate:
    """Return the value that the user set or locked last: only a later SET or LOCK overrides a lock."""
    held = [*locked, *(candidate for candidate in standing if candidate.set_at and not candidate.locked)]
    return max(held, key=lambda candidate: (_held_at(candidate), candidate.locked, candidate.value_key))


def _held_at(candidate: Candidate) -> datetime:
    return max(at for at in (candidate.set_at, candidate.locked_at) if at)


def _resolve_one(candidate: Candidate, winners: Sequence[Candidate], standing: Sequence[Candidate]) -> Resolution:
    if candidate in winners:
        return _won(candidate, [winner for winner in winners if winner is not candidate])
    if candidate.denied_at is None and candidate.last_seen_at > winners[0].newest_claim:
        by_evidence = [winner for winner in winners if not winner.kept_by_verdict]
        return Resolution(candidate, "SUGGESTED", _doubted(candidate, by_evidence), locked=False)
    ended_at = candidate.denied_at or _replaced_at(candidate, standing)
    return Resolution(candidate, "SUPERSEDED", _doubted(candidate, winners), False, ended_at)


def _won(candidate: Candidate, equals: Sequence[Candidate]) -> Resolution:
    status: Status = "DISPUTED" if equals else "ACTIVE"
    return Resolution(candidate, status, _doubted(candidate, equals), candidate.locked)


def _replaced_at(candidate: Candidate, standing: Sequence[Candidate]) -> datetime:
    claims = (claim for rival in standing if rival is not candidate for claim in rival.claims)
    return min((claim for claim in claims if claim > candidate.last_seen_at), default=candidate.last_seen_at)


def _doubted(candidate: Candidate, rivals: Sequence[Candidate]) -> float:
    confidence = candidate.confidence
    for doubt in sorted(rival.strength for rival in rivals):
        confidence *= 1 - doubt
    return rounded(confidence)
