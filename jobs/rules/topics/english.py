"""English words and phrases that tell the topic of a text. They are matched as whole words; `~` stands for any ending."""

from __future__ import annotations

import re
from collections.abc import Mapping
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
    words = _words(topic)
    return words.search(folded) is not None and words.search(_figures(topic).sub(" | ", folded)) is not None


@cache
def _words(topic: str) -> re.Pattern[str]:
    return _compile(group_by_first_letter(_alternatives(_TOPICS[topic][0])))


@cache
def _figures(topic: str) -> re.Pattern[str]:
    return _compile(_alternatives(_TOPICS[topic][1]))


def _alternatives(lines: str) -> str:
    return "|".join(lines.strip().splitlines()).replace("~", "[a-z]*")


def _compile(alternatives: str) -> re.Pattern[str]:
    return re.compile(f"(?<![a-z0-9])(?:{alternatives})(?![a-z0-9])")


_TOKENS: Final = re.compile(r"\\.|\[[^\]]*\]|[()|]|[^\\\[()|]+")


def group_by_first_letter(alternatives: str) -> str:
    """Return a pattern that matches where one of the alternatives does, and tries at a position only those that begin with its letter."""
    depth, found = 0, [""]
    for token in _TOKENS.findall(alternatives):
        depth += (token == "(") - (token == ")")
        if token == "|" and not depth:
            found.append("")
        else:
            found[-1] += token
    groups: dict[str, list[str]] = {}
    for alternative in found:
        literal = alternative[0].isalpha() and alternative[1:2] not in ("?", "*", "+", "{")
        groups.setdefault(alternative[0] if literal else "", []).append(alternative[1:] if literal else alternative)
    return "|".join(f"{first}(?:{'|'.join(rest)})" for first, rest in groups.items())
