"""The context and the polarity of a value, from the statements that support it and from those that end it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from typing import Final

from jobs.rules.profile.polarity import ValuePolarity, is_negated
from jobs.rules.profile.profile_types import Evidence
from jobs.rules.slots import value_key

MAX_CONDITIONS: Final = 3
"""Maximum number of conditions of one value, the newest ones."""
_SEPARATOR: Final = "; "


@dataclass(frozen=True, slots=True)
class Context:
    """Since when and until when a value is true, and under which condition; None where the user said nothing.

    `key` compares conditions: None for a value that was also stated without one, else that of its newest condition.
    """

    since: str | None = None
    until: str | None = None
    condition: str | None = None
    key: str | None = None


def condition_key(item: Evidence) -> str | None:
    return value_key(item.condition) or None if item.condition else None


def context_of(supporting: Sequence[Evidence]) -> Context:
    """Return the context of a value. The newest statement that names a day counts."""
    said = sorted(supporting, key=_age, reverse=True)
    conditions = dict.fromkeys(item.condition for item in said if item.condition)
    keys = [condition_key(item) for item in said]
    return Context(
        since=next((item.since for item in said if item.since), None),
        until=next((item.until for item in said if item.until and not _is_outlived(item.until, said[0].day)), None),
        condition=_SEPARATOR.join(list(conditions)[:MAX_CONDITIONS]) or None,
        key=None if None in keys else next(iter(keys), None),
    )


def _is_outlived(until: str, day: date) -> bool:
    """Return whether the value was stated again after the day until which it was to hold."""
    last = last_day_of(until)
    return last is not None and day > last


def end_of(ending: Iterable[Evidence]) -> str | None:
    """Return the day that the newest explicit statement of an end names, else the day on which it was made; None without one.

    A correction says that the value never held, so it names no end.
    """
    ended = sorted((item for item in ending if item.stated and item.relation not in (None, "CORRECTED")), key=_age)
    return (ended[-1].until or ended[-1].since or ended[-1].day.isoformat()) if ended else None


def polarity_of(key: str, supporting: Sequence[Evidence], given: ValuePolarity | None) -> ValuePolarity:
    """Return the polarity that the user gave, else that of the newest statement that says one."""
    if given is not None:
        return given
    said = [item.relation for item in sorted(supporting, key=_age, reverse=True)]
    if is_negated(key):
        return "DISLIKES" if next(iter(said), None) == "DISLIKES" else "IS_NOT"
    return "LIKES" if "LIKES" in said else "IS"


def expired_at(until: str | None, as_of: date) -> datetime | None:
    """Return the end of the day, month or year until which a value was said to hold, in UTC, if it lies before `as_of`; else None."""
    last = last_day_of(until) if until else None
    return datetime.combine(last + timedelta(days=1), time(), timezone.utc) if last and last < as_of else None


def last_day_of(said: str) -> date | None:
    """Return the last day of an ISO 8601 day, month or year such as 2026-03; None for anything else."""
    try:
        if len(said) == 10:
            return date.fromisoformat(said)
        year, month = (int(said), 12) if len(said) == 4 else (int(said[:4]), int(said[5:])) if len(said) == 7 else (0, 0)
        return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    except ValueError:
        return None


def _age(item: Evidence) -> tuple[datetime, str, str]:
    return item.said_at, str(item.message_id), "\n".join(filter(None, (item.relation, item.since, item.until, item.condition)))
