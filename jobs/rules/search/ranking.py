"""The ranking of texts for a query: BM25 over the terms of jobs/rules/search/search_terms.py.

    score = Σ weight · idf · tf · (K1 + 1) / (tf + K1 · (1 - B + B · length / mean length)),   idf = ln(1 + (N - n + 0.5) / (n + 0.5))

where N texts are searched, of which n contain the term. K1 and B have their usual values (Robertson and Zaragoza, "The Probabilistic Relevance
Framework", 2009). Lengths are in characters. Of equal scores, the newer text comes first.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

K1: Final = 1.2
B: Final = 0.75
ASSISTANT: Final = 0.5
"""The weight of a word in an assistant's message, relative to one in a user's."""

KeyT = TypeVar("KeyT")


@dataclass(frozen=True)
class Document(Generic[KeyT]):
    """A text that contains some of the terms: their counts by term, and its length. Newer texts have greater keys."""

    key: KeyT
    counts: Mapping[str, float]
    length: float


@dataclass(frozen=True)
class Ranked(Generic[KeyT]):
    """A text with its score. `coverage` is the share of the terms, by weight, that the text contains: 1 when it contains all."""

    key: KeyT
    score: float
    coverage: float


@dataclass(frozen=True)
class CorpusStats:
    """All searched texts, including those without any term: their number, and their mean length in characters."""

    texts: int
    mean_length: float


def rank(wanted: Mapping[str, float], documents: Sequence[Document[Any]], extent: CorpusStats) -> list[Ranked[Any]]:
    """Return the documents, best first. `documents` must be all texts that contain a wanted term."""
    holding = Counter(term for document in documents for term in document.counts)
    worth = {term: weight * idf(holding[term], extent.texts) for term, weight in wanted.items()}
    whole = sum(wanted.values()) or 1.0
    ranked = [
        Ranked(document.key, _score(document, worth, extent), sum(wanted[term] for term in document.counts) / whole)
        for document in documents
        if document.counts
    ]
    return sorted(ranked, key=lambda item: (item.score, item.key), reverse=True)


def idf(holding: int, texts: int) -> float:
    """Return the worth of a term that `holding` of so many texts contain."""
    return math.log(1 + (max(texts, holding) - holding + 0.5) / (holding + 0.5))


def _score(document: Document[Any], worth: Mapping[str, float], extent: CorpusStats) -> float:
    breadth = K1 * (1 - B + B * document.length / (extent.mean_length or 1.0))
    return sum(worth[term] * tf * (K1 + 1) / (tf + breadth) for term, tf in document.counts.items())
