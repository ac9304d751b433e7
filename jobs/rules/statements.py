"""The distinction between stated and inferred values: the model claims that the user stated a value, the text of the quotes decides."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from jobs.rules.slots import Slot, value_key
from jobs.rules.text.normalization import fold

MIN_OVERLAP: Final = 0.5
"""Minimum share of the value's character pairs that occur in the quotes; with fewer, the value is inferred, not stated."""
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
    """Return whether the quotes contain half of the value's character pairs and all of its numbers.

    For a habit, one quote must also generalise, as with "usually" or "每".
    """
    words = " ".join(quotes)
    if not _numbers(value) <= _numbers(words):
        return False
    if slot.habit and not any(_GENERALISES.search(quote) for quote in quotes):
        return False
    return mentions(value, words)


def mentions(value: str, text: str) -> bool:
    """Return whether the text contains half of the value's character pairs."""
    return _share(value_key(value), value_key(text)) >= MIN_OVERLAP


def _share(value: str, words: str) -> float:
    if len(value) < 2:
        return float(value in words)
    pairs = {value[at : at + 2] for at in range(len(value) - 1)}
    return sum(pair in words for pair in pairs) / len(pairs)


def _numbers(text: str) -> set[str]:
    return set(_NUMBER.findall(fold(text).text))
