"""The selection and order of the profile values in the chat's prompt, within a budget."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime

from jobs.rules.profile.confidence import MIN_SUPPORT
from jobs.rules.profile.profile_types import Value
from jobs.rules.slots import POSITION
from jobs.rules.text.normalization import to_single_line


def select_prompt_lines(values: Iterable[Value], budget: int, cost: Callable[[str], int] = len) -> list[str]:
    """Return lines such as "identity.home: 上海" in the user's own wording: locked values first, then stated, confident and recent ones.

    Included are ACTIVE values with a confidence of MIN_SUPPORT or more, and DISPUTED values, marked with (?). `budget` limits the sum of
    `cost(line)`, by default in characters. The first line that does not fit ends the list, so that a weaker value never replaces a stronger one.
    """
    lines: list[str] = []
    for value in sorted(filter(_is_included, values), key=_importance):
        line = _line(value)
        budget -= cost(line)
        if budget < 0:
            break
        lines.append(line)
    return lines


def _is_included(value: Value) -> bool:
    return value.status == "DISPUTED" or (value.status == "ACTIVE" and value.confidence >= MIN_SUPPORT)


def _importance(value: Value) -> tuple[bool, bool, float, float, int, str]:
    """Return the sort key. Confidences are rounded to tenths; among equal ones the most recently seen value comes first."""
    recent = -_seconds(value.last_seen_at)
    return (
        not value.locked,
        value.origin != "STATED",
        -round(value.confidence, 1),
        recent,
        POSITION[value.slot],
        value.value_key,
    )


def _line(value: Value) -> str:
    unsure = " (?)" if value.status == "DISPUTED" else ""
    return f"{value.slot}: {to_single_line(value.value)}{unsure}"


def _seconds(at: datetime) -> float:
    return at.timestamp()
