"""The confidence of a profile value, from 0 to 1.

    confidence = support × (1 − doubt)

**Support.** The weight of a message is the model's confidence, in full when the user stated the value, by half (INFERRED_WEIGHT) when it was
inferred. The messages of one day are one conversation: the heaviest counts in full and each other one by a quarter (SAME_DAY_WEIGHT). A day
is an independent observation that proves the value with the probability weight of the day × DAY_WEIGHT (a single statement is never certain)
× 0.5^(age / half-life). Support is the probability that at least one of the days is right: 1 − Π(1 − day). So another day, another quote or a
more confident quote never lowers it, age always does, and no finite number of days reaches 1. Stated once: 0.8. On two days: 0.96. Inferred
once: 0.4, on four days: 0.87.

**Doubt** is the same formula over the messages that contradict the value. A contradiction does not fade with time alone, or a doubted value
would recover without new evidence. It fades with later evidence in favour: by the half-life, over the days from the contradiction to the
newest evidence in favour, and to a quarter (ANSWERED_WEIGHT) once the user has stated the value again after it.

The constants are judgements: a single statement is shown and included in the prompt, a single inference barely, and an inference that an
explicit statement contradicts no longer holds.
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
"""A value that never had this much support is not in the profile; one that doubt lowers below it no longer holds. Age alone removes nothing
from the profile: an old value stays, with the low confidence that is left, until there is newer evidence."""


@dataclass(frozen=True, slots=True)
class Observation:
    """All evidence of one message for, or against, one value. `weight` is 0–1."""

    said_at: datetime
    message_id: UUID
    day: date
    weight: float
    stated: bool


def observe(evidence: Iterable[Evidence]) -> tuple[Observation, ...]:
    """Return one observation per message, oldest first. If a message is quoted repeatedly, its strongest evidence counts."""
    by_message: defaultdict[UUID, list[Evidence]] = defaultdict(list)
    for item in evidence:
        by_message[item.message_id].append(item)
    return tuple(sorted(map(_observation, by_message.values()), key=lambda seen: (seen.said_at, seen.message_id)))


def support(observations: Iterable[Observation], as_of: date, half_life_days: int | None) -> float:
    return _any_of(weight * DAY_WEIGHT * _fade((as_of - day).days, half_life_days) for day, weight in _days(observations).items())


def strength(observations: Iterable[Observation]) -> float:
    """Return the support as if all observations were of today, so that it does not depend on their age."""
    return _any_of(weight * DAY_WEIGHT for weight in _days(observations).values())


def decayed_weight(observations: Iterable[Observation], as_of: date, half_life_days: int | None) -> float:
    """Return the sum of the decayed weights. Unlike confidences, two sums of the same half-life keep their order as both age."""
    days = _days(observations)
    return math.fsum(weight * _fade((as_of - day).days, half_life_days) for day, weight in days.items())


def doubt(against: Iterable[Observation], half_life_days: int | None, newest_support: date, newest_statement: datetime | None) -> float:
    """Return the doubt; `newest_support` and `newest_statement` are the last day and the last explicit statement in favour."""
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


def _fade(days: int, half_life_days: int | None) -> float:
    return 1.0 if half_life_days is None else float(0.5 ** (max(0, days) / half_life_days))


def _any_of(chances: Iterable[float]) -> float:
    """Return the probability that at least one of several independent events occurs.

    The probabilities are sorted, so that their order does not change the rounding.
    """
    return 1.0 - math.prod(1.0 - chance for chance in sorted(chances))
