"""Patterns with an n-gram filter: most texts have none of the short strings that every match of a pattern contains, so that they are spared the search.

The strings come from a table that `unilife pattern-ngrams` makes of the patterns themselves. A pattern that the table does not have is always searched for.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from typing import Final

from jobs.rules.text.ngram_table import NGRAMS

_NOT_WORD: Final = re.compile(r"\W")


class FilteredPattern:
    """A regular expression with the n-grams of which every text that it matches has at least one; None if there are no such n-grams.

    `search`, `finditer`, `match` and `sub` are those of the expression itself, without the filter.
    """

    __slots__ = ("finditer", "match", "ngrams", "regex", "search", "sub")

    def __init__(self, source: str, flags: int = 0) -> None:
        self.regex = re.compile(source, flags)
        self.search, self.finditer, self.match, self.sub = self.regex.search, self.regex.finditer, self.regex.match, self.regex.sub
        listed = NGRAMS.get(table_key(self.regex))
        self.ngrams = None if listed is None else frozenset(listed.split("|"))

    def find_all(self, text: str, ngrams: frozenset[str]) -> Iterable[re.Match[str]]:
        """Return the matches in a text that has these n-grams (`find_ngrams`)."""
        return self.finditer(text) if self.ngrams is None or not self.ngrams.isdisjoint(ngrams) else ()

    def find_until(self, text: str, ngrams: frozenset[str], first: int, last: int) -> Iterable[re.Match[str]]:
        """Return the matches in `text[first:last]` of a text that has these n-grams."""
        if self.ngrams is None or not self.ngrams.isdisjoint(ngrams) or (last < len(text) and not ngrams.issuperset(_last_ngram(text, last))):
            return self.finditer(text, first, last)
        return ()

    def is_in(self, text: str, ngrams: frozenset[str]) -> bool:
        """Return whether the pattern matches in a text that has these n-grams."""
        return (self.ngrams is None or not self.ngrams.isdisjoint(ngrams)) and self.search(text) is not None


def _last_ngram(text: str, last: int) -> tuple[str, ...]:
    """Return the n-gram of the word that ends at `last`, if that word goes on in the text."""
    return (f"{_NOT_WORD.sub(' ', text[max(0, last - 2) : last])} ",) if not _NOT_WORD.match(text, last) else ()


def find_ngrams(text: str) -> frozenset[str]:
    """Return the n-grams of a text: all three neighbouring characters, of a text with other than ASCII characters also one and two.

    Beside another character, all but letters, digits and underscores count as spaces, and so do the ends of the text: a space stands at each boundary
    of a word.
    """
    padded = to_padded(text)
    if text.isascii():
        return frozenset(map("".join, zip(padded, padded[1:], padded[2:])))
    return frozenset(_all_ngrams(text, padded))


def _all_ngrams(text: str, padded: str) -> Iterator[str]:
    yield from text
    yield from map("".join, zip(padded, padded[1:]))
    yield from map("".join, zip(padded, padded[1:], padded[2:]))


def to_padded(text: str) -> str:
    return f" {_NOT_WORD.sub(' ', text)} "


def table_key(regex: re.Pattern[str]) -> str:
    """Return the key of a pattern in the table: a changed pattern has another one."""
    return sha256(f"{regex.flags} {regex.pattern}".encode()).hexdigest()[:16]
