"""Rules for the settings of a user's memory. Mutations and imports follow the same ones."""
from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from jobs.rules.memory import MAX_NAME_LENGTH, MAX_NAMES, SWITCHES, TOPICS
from jobs.rules.text.words import fold_words
from resolvers import text_validation
from resolvers.errors import InputRule, InvalidInput

MEMORY_LISTS = ("memory_off", "topics_off", "names_off")
"""The columns of an account that hold lists of texts."""
LAST_PAUSE = date(9990, 12, 31)


def validate_switches(off: Sequence[str]) -> list[str]:
    """Return the switches that are off, each once and in their order. Raises `InvalidInput`."""
    if not set(off) <= set(SWITCHES):
        raise InvalidInput("memoryOff", f"memoryOff must be a list of {', '.join(SWITCHES)}", rule=InputRule.UNKNOWN_VALUE)
    return [switch for switch in SWITCHES if switch in off]


def validate_topics(topics: Sequence[str] | None) -> list[str]:
    """Return the topics, each once and in their order. Raises `InvalidInput`."""
    if topics is None or not set(topics) <= set(TOPICS):
        rule = InputRule.REQUIRED if topics is None else InputRule.UNKNOWN_VALUE
        raise InvalidInput("topicsNotKept", f"topicsNotKept must be a list of {', '.join(TOPICS)}", rule=rule)
    return [topic for topic in TOPICS if topic in topics]


def validate_names(names: Sequence[str] | None) -> list[str]:
    """Return the names as the user wrote them; of two spellings of a name the first. Raises `InvalidInput`."""
    if names is None:
        raise InvalidInput("namesNotKept", "namesNotKept must be a list; send an empty one for no names", rule=InputRule.REQUIRED)
    kept: dict[str, str] = {}
    for name in names:
        line = text_validation.validate_name("namesNotKept", name, MAX_NAME_LENGTH)
        key = fold_words(line)
        if not any(char.isalpha() for char in key):
            raise InvalidInput("namesNotKept", f"namesNotKept has {line!r}, in which there is no letter: send a name", rule=InputRule.FORMAT)
        kept.setdefault(key, line)
    if len(kept) > MAX_NAMES:
        raise InvalidInput("namesNotKept", f"namesNotKept has {len(kept)} names; the limit is {MAX_NAMES}", rule=InputRule.TOO_MANY, bounds=(0, MAX_NAMES))
    return list(kept.values())


def validate_pause(until: date | None) -> date | None:
    """Return the day on which a pause ends, None for no pause. Raises `InvalidInput`."""
    if until is not None and until > LAST_PAUSE:
        raise InvalidInput("pausedUntil", f"pausedUntil must be at most {LAST_PAUSE.isoformat()}", rule=InputRule.OUT_OF_RANGE)
    return until


RULES: Mapping[str, Callable[[Any], Any]] = {
    "memory_off": validate_switches, "topics_off": validate_topics, "names_off": validate_names, "memory_paused_until": validate_pause,
}
"""The rules by column of the account."""
