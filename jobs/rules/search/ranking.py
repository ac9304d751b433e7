"""The ranking of texts for a query: BM25 over the terms of jobs/rules/search/search_terms.py.

    score = Σ weight · idf · tf · (K1 + 1) / (tf + K1 · (1 - B + B · length / mean length)),   idf = ln(1 + (N - n + 0.5) / (n + 0.5))

where N texts are searched, of which n contain the term. K1 and B have their usual values (Robertson and Zaragoza, "The Probabilistic Relevance
Framework", 2009). Lengths are in characters. Of equal scores, the newer text comes first.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

K1: Final = 1.2
B: Final = 0.75
ASSISTANT: Final = 0.5
"""The weight of a word in an assistant's message, relative to one in a user's."""


class Document(NamedTuple):
    """A text that contains some of the terms: their counts by term, and its length. Newer texts have greater keys."""

    key: Any
    counts: Mapping[str, float]
    length: float


class Ranked(NamedTuple):
    """A text with its score. `coverage` is the share of the terms, by weight, that the text contains: 1 when it contains all."""

    key: Any
    score: float
    coverage: float


@dataclass(frozen=True)
class CorpusStats:
    """All searched texts, including those without any term: their number, and their mean length in characters."""

    texts: int
    mean_length: float
    holding: Mapping[str, int] | None = None
    """The number of texts that contain each term; None if it is counted in the documents to rank. An absent term's share is that of the documents."""


def rank(wanted: Mapping[str, float], documents: Sequence[Document], extent: CorpusStats) -> list[Ranked]:
    """Return the documents, best first. Unless `extent.holding` is given, they must be all texts that contain a wanted term."""
    holding = count_holding([document.counts for document in documents], extent)
    worth = {term: weight * idf(holding[term], extent.texts) for term, weight in wanted.items()}
    whole = sum(wanted.values()) or 1.0
    ranked = [
        Ranked(document.key, _score(document, worth, extent), sum(wanted[term] for term in document.counts) / whole)
        for document in documents
        if document.counts
    ]
    return sorted(ranked, key=lambda item: (item.score, item.key), reverse=True)


def count_holding(counts: Sequence[Iterable[str]], extent: CorpusStats) -> Mapping[str, int]:
    """Return by term the number of texts that contain it: as given, or counted in these texts."""
    counted = Counter(term for terms in counts for term in terms)
    if extent.holding is None:
        return counted
    share = extent.texts / max(len(counts), 1)
    return Counter({term: extent.holding.get(term, round(number * share)) for term, number in counted.items()})


def idf(holding: int, texts: int) -> float:
    """Return the worth of a term that `holding` of so many texts contain."""
    return math.log(1 + (max(texts, holding) - holding + 0.5) / (holding + 0.5))


def _score(document: Document, worth: Mapping[str, float], extent: CorpusStats) -> float:
    breadth = K1 * (1 - B + B * document.length / (extent.mean_length or 1.0))
    return sum(worth[term] * tf * (K1 + 1) / (tf + breadth) for term, tf in document.counts.items())
