"""Factories for the tests of the rules."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta, timezone
from uuid import UUID

from jobs.rules.diary.drafts import Polarity, SourceMessage
from jobs.rules.profile.profile import Evidence, Value, Verdict, VerdictKind
from jobs.rules.profile.profile_prompt import select_prompt_values
from jobs.rules.slots import value_key

FIRST = date(2026, 3, 1)


def day(number: int) -> date:
    return FIRST + timedelta(days=number)


def at(number: int, hour: int = 12) -> datetime:
    return datetime.combine(day(number), time(hour), timezone.utc)


def message_id(number: int, of_day: int = 0) -> UUID:
    return UUID(int=(of_day + 1000) * 1000 + number)


def said(
    value: str,
    on: int,
    *,
    slot: str = "identity.home",
    number: int = 1,
    hour: int = 12,
    confidence: float = 1.0,
    stated: bool = True,
    polarity: Polarity = "POSITIVE",
) -> Evidence:
    """Return evidence from message `number` of day `on`, by default stated and certain."""
    message = message_id(number, on)
    return Evidence(slot, value, value_key(value), polarity, confidence, stated, day(on), message, at(on, hour))


def verdict(
    kind: VerdictKind,
    value: str,
    on: int,
    *,
    slot: str = "identity.home",
    hour: int = 12,
    evidence: frozenset[UUID] = frozenset(),
) -> Verdict:
    return Verdict(kind, slot, value, value_key(value), at(on, hour), evidence)


def message(number: int, content: str, *, by_person: bool = True, on: int = 0) -> SourceMessage:
    return SourceMessage(number, message_id(number, on), by_person, day(on), content)


def by_name(values: tuple[Value, ...]) -> dict[str, Value]:
    return {value.value: value for value in values}


def prompt_lines(values: Iterable[Value], budget: int, cost: Callable[[str], int] = len) -> list[str]:
    """Return the lines of the values that `select_prompt_values` selects."""
    return [line for _, line in select_prompt_values(values, budget, cost)]
