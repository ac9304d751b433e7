"""How sure a profile is of a value, from 0 to 1.

    confidence = support × (1 − doubt)

**Support.** Each message weighs what the model's confidence says, in full when the person stated the value, by half
(INFERRED) when it was inferred. The messages of one day are one conversation: the weightiest counts in full and the
others by a quarter (SAME_DAY). A day is an independent observation that proves the value with the day's weight × DAY
(nothing said once is certain) × 0.5^(age / half-life). Support is the chance that at least one of the days is right:
1 − Π(1 − day). So another day, another quote, a surer quote never lower it, age always does, and no finite number of
days reaches 1. Stated once: 0.8. On two days: 0.96. Inferred once: 0.4, on four days: 0.87.

**Doubt** is the same sum over the messages that contradict the value. A contradiction does not fade by waiting, or a
doubted value would recover in silence; it fades by what the person says after it: by the half-life up to the newest
support, and to a quarter (ANSWERED) once the person has stated the value again since.

The numbers are judgements: one statement is shown and told, one guess barely, and a guess contradicted by explicit word
no longer holds.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from jobs.rules.profile.profile_types import Evidence

DAY_WEIGHT: Final = 0.8
INFERRED_WEIGHT: Final = 0.5
SAME_DAY_WEIGHT: Final = 0.25
ANSWERED_WEIGHT: Final = 0.25
MIN_SUPPORT: Final = 0.2
"""A value that never had this much support is not in the profile; one that doubt lowers below it no longer holds. Age alone takes
nothing out of the profile: an old value stays, with the little confidence that is left, until something newer is heard."""


@dataclass(frozen=True, slots=True)
class Observation:
    """All that one message says for, or against, one value. `weight` is 0–1."""

    said_at: datetime
    message_id: UUID
    day: date
    weight: float
    stated: bool


def observe(evidence: Iterable[Evidence]) -> tuple[Observation, ...]:
    """One observation a message, oldest first; where a message is quoted repeatedly, its strongest reading counts."""
    by_message: defaultdict[UUID, list[Evidence]] = defaultdict(list)
    for item in evidence:
        by_message[item.message_id].append(item)
    return tuple(sorted(map(_observation, by_message.values()), key=lambda seen: (seen.said_at, seen.message_id)))


def support(observations: Iterable[Observation], as_of: date, half_life_days: int) -> float:
    return _any_of(weight * DAY_WEIGHT * _fade((as_of - day).days, half_life_days) for day, weight in _days(observations).items())


def strength(observations: Iterable[Observation]) -> float:
    """Support as if all of it were said today: how good the case was, however long ago."""
    return _any_of(weight * DAY_WEIGHT for weight in _days(observations).values())


def decayed_weight(observations: Iterable[Observation], as_of: date, half_life_days: int) -> float:
    """The faded weights' sum. Unlike confidences, the order of two sums stays as it is while both grow old."""
    days = _days(observations)
    return math.fsum(weight * _fade((as_of - day).days, half_life_days) for day, weight in days.items())


def doubt(against: Iterable[Observation], half_life_days: int, newest_support: date, newest_statement: datetime | None) -> float:
    """`newest_support` and `newest_statement` are the last day and the last explicit word in favour."""
    answered = [seen for seen in against if newest_statement is not None and seen.said_at < newest_statement]
    standing = [seen for seen in against if newest_statement is None or seen.said_at >= newest_statement]
    weights = [
        weight * DAY_WEIGHT * factor * _fade((newest_support - day).days, half_life_days)
        for observations, factor in ((answered, ANSWERED_WEIGHT), (standing, 1.0))
        for day, weight in _days(observations).items()
    ]
    return _any_of(weights)


def rounded(confidence: float) -> float:
    return round(min(1.0, max(0.0, confidence)), 4)


def _observation(quoted: Sequence[Evidence]) -> Observation:
    return Observation(
        said_at=max(item.said_at for item in quoted),
        message_id=quoted[0].message_id,
        day=max(item.day for item in quoted),
        weight=max(min(1.0, max(0.0, item.confidence)) * (1.0 if item.stated else INFERRED_WEIGHT) for item in quoted),
        stated=any(item.stated for item in quoted),
    )


def _days(observations: Iterable[Observation]) -> dict[date, float]:
    weights: defaultdict[date, list[float]] = defaultdict(list)
    for seen in observations:
        weights[seen.day].append(seen.weight)
    return {day: _day(sorted(found, reverse=True)) for day, found in weights.items()}


def _day(weights: Sequence[float]) -> float:
    first, *others = weights
    return _any_of([first, *(weight * SAME_DAY_WEIGHT for weight in others)])


def _fade(days: int, half_life_days: int) -> float:
    return 0.5 ** (max(0, days) / half_life_days)


def _any_of(chances: Iterable[float]) -> float:
    """The chance that at least one of independent chances comes true; sorted: no order changes a digit."""
    return 1.0 - math.prod(1.0 - chance for chance in sorted(chances))
