"""English words and phrases that tell the topic of a text. They are matched as whole words; `~` stands for any ending."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from jobs.rules.topics import english_beliefs, english_health, english_love, english_money

_TOPICS: Final[Mapping[str, str]] = {
    "HEALTH": english_health.WORDS, "LOVE": english_love.WORDS, "MONEY": english_money.WORDS, "BELIEFS": english_beliefs.WORDS,
}  # fmt: skip


def is_about(topic: str, folded: str) -> bool:
    """Return whether a folded text has a word of the topic."""
    return _pattern(topic).search(folded) is not None


@cache
def _pattern(topic: str) -> re.Pattern[str]:
    words = "|".join(_TOPICS[topic].strip().splitlines()).replace("~", "[a-z]*")
    return re.compile(f"(?<![a-z0-9])(?:{words})(?![a-z0-9])")
