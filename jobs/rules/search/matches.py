"""The places of a text that a search found: its words as typed, and the terms of the query in the forms in which they stand in the text."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Final, NamedTuple

from jobs.rules.search.dates.days import Calendar
from jobs.rules.search.query import read_query
from jobs.rules.search.search_terms import TermCounter, content_terms, is_single, query_terms
from jobs.rules.text.words import fold_with_positions, fold_words, join_words

MAX_MATCHES: Final = 100
"""Maximum places that are named of one text, the first ones."""


class Match(NamedTuple):
    """A place in a text, from `start` (included) to `end` (excluded), in characters."""

    start: int
    end: int


class MatchFinder:
    """Finds the places in texts that match one query."""

    def __init__(self, text: str, words: Sequence[str], calendar: Calendar | None = None) -> None:
        """Read a query with its words; with a calendar, the words of the days that it names are not looked for, as in the search."""
        wanted = read_query(text, calendar).wanted
        self._terms = TermCounter(wanted)
        self._parts = {term for term, weight in wanted.items() if weight < 1.0 and is_single(term)}
        self._words = [fold_words(word) for word in words]
        self._shown = [fold_words(word) for word in words if _is_content(word)] or self._words

    def find(self, text: str, *, part: bool = False) -> list[Match]:
        """Return the first `MAX_MATCHES` places, in order, without overlaps.

        Words as typed are looked for also within longer words, if the text contains all of them, or if it is a `part` of what does. A Chinese character of
        a longer word of the query matches by itself only where nothing longer matches.
        """
        folded = fold_with_positions(text)
        joined = join_words(folded)
        terms = list(self._terms.find(folded.text))
        found = [(folded.starts[start], folded.ends[end - 1]) for start, end, term in terms if term not in self._parts]
        if part or all(word in joined.text for word in self._words):
            found += [(joined.starts[start], joined.ends[end - 1]) for word in self._shown for start, end in _occurrences(joined.text, word)]
        if not found:
            found = [(folded.starts[start], folded.ends[end - 1]) for start, end, _ in terms]
        return list(islice(_merge(found), MAX_MATCHES))


def _is_content(word: str) -> bool:
    """Return whether a word is more than one that only asks or connects."""
    return bool(content_terms(word)) or not query_terms(word)


def _occurrences(text: str, word: str) -> Iterator[tuple[int, int]]:
    start = text.find(word)
    while start >= 0:
        yield start, start + len(word)
        start = text.find(word, start + len(word))


def _merge(places: Iterable[tuple[int, int]]) -> Iterator[Match]:
    """Yield the places in order, with those that overlap or touch as one."""
    last: Match | None = None
    for start, end in sorted(places):
        if last is not None and start <= last.end:
            last = Match(last.start, max(last.end, end))
            continue
        if last is not None:
            yield last
        last = Match(start, end)
    if last is not None:
        yield last
