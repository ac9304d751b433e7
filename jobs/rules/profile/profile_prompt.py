"""The selection and order of the profile values in the chat's prompt, within a budget."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from types import MappingProxyType

from jobs.rules.profile.confidence import MIN_SUPPORT
from jobs.rules.profile.polarity import told_polarity
from jobs.rules.profile.profile_types import Value
from jobs.rules.slots import position
from jobs.rules.text.normalization import is_cjk, to_single_line

NO_NAMES: Mapping[str, str] = MappingProxyType({})


def select_prompt_values(
    values: Iterable[Value], budget: int, cost: Callable[[str], int] = len, names: Mapping[str, str] = NO_NAMES
) -> list[tuple[Value, str]]:
    """Return values, each with its line such as "identity.home: 上海" in the user's own wording: locked ones first, then stated, confident and recent ones.

    `names` are those of the user's own slots, by key. Included are ACTIVE values with a confidence of MIN_SUPPORT or more, and DISPUTED values,
    marked with (?). `budget` limits the sum of `cost(line)`, by default in characters. The first line that does not fit ends the list, so that a
    weaker value never replaces a stronger one.
    """
    selected: list[tuple[Value, str]] = []
    for value in sorted(filter(_is_included, values), key=_importance):
        line = _line(value, names)
        budget -= cost(line)
        if budget < 0:
            break
        selected.append((value, line))
    return selected


def _is_included(value: Value) -> bool:
    return value.status == "DISPUTED" or (value.status == "ACTIVE" and value.confidence >= MIN_SUPPORT)


def _importance(value: Value) -> tuple[bool, bool, float, float, tuple[int, str], str]:
    """Return the sort key. Confidences are rounded to tenths; among equal ones the most recently seen value comes first."""
    recent = -_seconds(value.last_seen_at)
    return (
        not value.locked,
        value.origin != "STATED",
        -round(value.confidence, 1),
        recent,
        position(value.slot),
        value.value_key,
    )


def _line(value: Value, names: Mapping[str, str]) -> str:
    """Return the line of a value: "identity.home: Bergen (since 2019; on weekdays)", "preferences.food: does not like: cilantro"."""
    unsure = " (?)" if value.status == "DISPUTED" else ""
    return f"{names.get(value.slot, value.slot)}: {told_value(value)}{unsure}"


def told_value(value: Value) -> str:
    """Return the value with its polarity and its context, in the language of its text."""
    text = to_single_line(value.value)
    chinese = any(map(is_cjk, text))
    polarity = told_polarity(value.slot, text, value.polarity)
    since, until = ("自 {} 起", "到 {} 为止") if chinese else ("since {}", "until {}")
    said = [pattern.format(to_single_line(day)) for pattern, day in ((since, value.since), (until, value.until)) if day]
    said += [to_single_line(value.condition)] if value.condition else []
    context = f" ({'; '.join(said)})" if said else ""
    return f"{polarity}{': ' if polarity else ''}{text}{context}"


def _seconds(at: datetime) -> float:
    return at.timestamp()
