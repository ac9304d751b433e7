"""Confidence of profile values over time: the state of a value as of some days, computed as a profile of a past day is."""
from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import TYPE_CHECKING

from jobs.profile_inputs import ProfileInputs, load_profile_inputs
from jobs.rules.day import day_of
from persistence import database
from persistence.models.profile import ValueStatus
from persistence.queries.profile_reads import Value
from resolvers.diary import check_supported_day, today
from resolvers.errors import InputRule, InvalidInput
from resolvers.loaders import Loaders

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser

MAX_POINTS = 120
"""Maximum number of days of one history."""


@dataclass(frozen=True)
class Point:
    """The state of a value as of the end of a day."""

    day: date
    confidence: float
    status: ValueStatus
    evidence_count: int


async def list_points(viewer: AnyUser, loaders: Loaders, value: Value, first: date | None, last: date | None, points: int) -> Sequence[Point]:
    """Return the value's state on up to `points` days, evenly spread from `first` to `last`, both included; days without the value are left out.

    The default range is from the day on which the value was first seen to today; a later end counts as today. Raises `InvalidInput` for a range or
    number that is not valid.
    """
    if not 2 <= points <= MAX_POINTS:
        raise InvalidInput("points", f"points is {points}; send 2 to {MAX_POINTS}", rule=InputRule.OUT_OF_RANGE, bounds=(2, MAX_POINTS))
    now = today(viewer)
    begin = check_supported_day(first, "from") if first is not None else day_of(value.first_seen_at, viewer.time_zone, viewer.day_ends_at)
    end = min(check_supported_day(last, "to"), now) if last is not None else now
    if begin > end:
        raise InvalidInput("from", f"from is {begin.isoformat()}; send a day up to {end.isoformat()}", rule=InputRule.OUT_OF_RANGE)
    inputs = await _inputs(viewer, loaders)
    return await asyncio.to_thread(lambda: list(_points(inputs, value, _spread(begin, end, points))))


async def _inputs(viewer: AnyUser, loaders: Loaders) -> ProfileInputs:
    """Return the inputs of the viewer's profiles of past days, loaded once for the request."""
    if loaders.profile_inputs is None:
        loaders.profile_inputs = asyncio.ensure_future(_load(viewer))
    return await asyncio.shield(loaders.profile_inputs)


async def _load(viewer: AnyUser) -> ProfileInputs:
    async with database.session() as session:
        return (await load_profile_inputs(session, [viewer]))[viewer.id]


def _points(inputs: ProfileInputs, value: Value, days: Sequence[date]) -> Iterator[Point]:
    alone = replace(inputs, slots={key: slot for key, slot in inputs.slots.items() if key == value.slot})
    for day in days:
        for then in alone.profile(day):
            if then.value_key == value.value_key:
                yield Point(day, then.confidence, ValueStatus(then.status), len(then.evidence))


def _spread(first: date, last: date, points: int) -> list[date]:
    """Return the first and the last day and those between them, at most `points` in all and each once."""
    span = (last - first).days
    steps = min(span, points - 1)
    return [first + timedelta(days=round(span * step / steps)) for step in range(steps + 1)] if steps else [first]
