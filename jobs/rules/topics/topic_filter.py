"""Filters of topics that a user never wants kept, and of names about which nothing is kept: code decides it on each text, never the model."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from jobs.rules.memory import TOPICS
from jobs.rules.text.words import fold_words
from jobs.rules.topics import chinese, english
from jobs.rules.topics.names import make_name_pattern

TOPIC_SLOTS: Final[Mapping[str, frozenset[str]]] = {
    "HEALTH": frozenset({"identity.health", "identity.allergies"}),
    "LOVE": frozenset({"relationships.status"}),
    "MONEY": frozenset(),
    "BELIEFS": frozenset({"identity.beliefs"}),
}
"""The slots of the profile whose values are of a topic in any case."""


@dataclass(frozen=True)
class TopicFilter:
    """A filter of topics and names. It never looks beyond one text, so a sentence whose topic only its neighbour tells passes."""

    topics: Sequence[str]
    names: Callable[[str], bool] | None

    def touches(self, text: str) -> bool:
        """Return whether a text is about one of the topics, or has one of the names."""
        spellings = _spellings(text)
        return any(_is_about(topic, spellings) for topic in self.topics) or (self.names is not None and any(map(self.names, spellings)))

    def covers_slot(self, slot: str) -> bool:
        """Return whether all values of a slot are of one of the topics."""
        return any(slot in TOPIC_SLOTS[topic] for topic in self.topics)


@lru_cache(maxsize=256)
def make_topic_filter(topics: tuple[str, ...], names: tuple[str, ...]) -> TopicFilter | None:
    """Return the filter of these topics and names; None without any. Unknown topics, of a newer version, are left out."""
    known = [topic for topic in TOPICS if topic in topics]
    return TopicFilter(known, make_name_pattern(names)) if known or names else None


def _spellings(text: str) -> Sequence[str]:
    """Return the folded text with compounds as one word, and as several: a dash without spaces also stands between sentences."""
    apart = fold_words(text, join=False)
    return (fold_words(text), apart.replace("-", " ")) if "-" in apart else (apart,)


def _is_about(topic: str, spellings: Sequence[str]) -> bool:
    return any(english.is_about(topic, folded) or (not folded.isascii() and chinese.is_about(topic, folded)) for folded in spellings)
