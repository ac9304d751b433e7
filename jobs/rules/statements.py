"""Whether the quotes show that the person said a value themselves. The model claims it; the words decide."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from jobs.rules.slots import Slot, value_key
from jobs.rules.text.normalization import fold

MIN_OVERLAP: Final = 0.5
"""Least share of the value's letter pairs that stand in the quotes; fewer make it a reading, not a statement."""
_GENERALISES: Final = re.compile(
    r"""
    \b(?:usual(?:ly)?|always|never|every|each|often|normally|generally|typically|regular(?:ly)?|mostly|rarely|seldom|routine|habit
        |tend\ to|daily|nightly|weekly|weekdays?|weekends?
        |(?:morning|evening|night|afternoon|(?:mon|tues|wednes|thurs|fri|satur|sun)day)s
        |once\ a|twice\ a|times\ a|a\ (?:day|week|month)|early\ bird|night\ owl|work(?:ing)?\ hours)\b
  | 每|通常|一般|经常|經常|常常|总是|總是|平时|平時|平常|习惯|習慣|从不|從不|从来|從來|往往|天天|日常|规律|規律|定期
  | 工作日|周末|週末|夜猫子|夜貓子|早起|熬夜|很少|老是|朝九晚|作息|一[周週天][一二两兩三四五六七八\d]
    """,
    re.VERBOSE | re.IGNORECASE,
)
_NUMBER: Final = re.compile(r"\d+")


def is_stated(value: str, slot: Slot, quotes: Sequence[str]) -> bool:
    """Half of the value and all its numbers stand in the quotes; for a habit one of them must also speak in
    general."""
    words = " ".join(quotes)
    if not _numbers(value) <= _numbers(words):
        return False
    if slot.habit and not any(_GENERALISES.search(quote) for quote in quotes):
        return False
    return mentions(value, words)


def mentions(value: str, text: str) -> bool:
    """Whether half of the value stands in the text."""
    return _share(value_key(value), value_key(text)) >= MIN_OVERLAP


def _share(value: str, words: str) -> float:
    if len(value) < 2:
        return float(value in words)
    pairs = {value[at : at + 2] for at in range(len(value) - 1)}
    return sum(pair in words for pair in pairs) / len(pairs)


def _numbers(text: str) -> set[str]:
    return set(_NUMBER.findall(fold(text).text))
