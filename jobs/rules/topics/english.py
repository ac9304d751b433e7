"""English words and phrases that tell the topic of a text. They are matched as whole words; `~` stands for any ending."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from jobs.rules.topics import english_beliefs, english_health, english_love, english_money

_TOPICS: Final[Mapping[str, tuple[str, str]]] = {
    "HEALTH": (english_health.WORDS, english_health.FIGURES),
    "LOVE": (english_love.WORDS, english_love.FIGURES),
    "MONEY": (english_money.WORDS, english_money.FIGURES),
    "BELIEFS": (english_beliefs.WORDS, english_beliefs.FIGURES),
}


def is_about(topic: str, folded: str) -> bool:
    """Return whether a folded text has a word of the topic, other than in an expression where it means something else."""
    words, figures = _patterns(topic)
    return words.search(folded) is not None and words.search(figures.sub(" | ", folded)) is not None


@cache
def _patterns(topic: str) -> Sequence[re.Pattern[str]]:
    return [re.compile(f"(?<![a-z0-9])(?:{'|'.join(part.strip().splitlines()).replace('~', '[a-z]*')})(?![a-z0-9])") for part in _TOPICS[topic]]
