"""Patterns with an n-gram filter: the filter passes every text in which the pattern matches, and the table of n-grams is that of the patterns."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Iterator

import pytest

from dev.pattern_ngrams import TABLE, filtered_patterns, find_required, render_table
from dev.samples import SAMPLE
from jobs.rules.claims.context import CONDITIONS, SINCE, UNTIL
from jobs.rules.claims.markers import MARKERS
from jobs.rules.claims.words import FoldedText
from jobs.rules.text.filtered_patterns import FilteredPattern, find_ngrams
from jobs.rules.text.normalization import fold


def texts() -> Iterator[str]:
    """Yield folded texts: the examples of all tables, the sample chats, and pieces of these joined anywhere, without spaces, and in both languages."""
    found = [text for marker in MARKERS for text in (*marker.marked, *marker.unmarked)]
    found += [example[0] for row in (*SINCE, *UNTIL, *CONDITIONS) for example in row.examples]
    for path in sorted(SAMPLE.glob("*.json")):
        days = [day for user in json.loads(path.read_text(encoding="utf-8")).values() for day in user.values()]
        found += [day[0]["query"] for day in days]
    chance = random.Random(1)
    for _ in range(300):
        one, other = chance.choice(found), chance.choice(found)
        found.append(one[: chance.randrange(len(one) + 1)] + chance.choice(("", " ", "但是", "_", "\n")) + other[chance.randrange(len(other) + 1) :])
    return (fold(text).text for text in found)


def test_filter_passes_every_text_in_which_its_pattern_matches():
    patterns = [FilteredPattern(regex.pattern, regex.flags & ~re.UNICODE) for regex in filtered_patterns()]
    assert len(patterns) > 50 and sum(pattern.ngrams is not None for pattern in patterns) > 0.9 * len(patterns)
    matched = set()
    for text in texts():
        ngrams = find_ngrams(text)
        for number, pattern in enumerate(patterns):
            if found := [match.span() for match in pattern.finditer(text)]:
                assert [match.span() for match in pattern.find_all(text, ngrams)] == found, (text, pattern.regex.pattern)
                matched.add(number)
            end = len(text) // 2
            until = [match.span() for match in pattern.finditer(text, 0, end)]
            assert [match.span() for match in pattern.find_until(text, ngrams, 0, end)] == until, (text[:end], pattern.regex.pattern)
    assert len(matched) > 0.8 * len(patterns), "most patterns are tried"


def test_filter_spares_a_plain_text_most_patterns():
    ngrams = FoldedText("the sun is out over the harbour").ngrams
    patterns = [pattern for marker in MARKERS for pattern in (marker.english, marker.chinese) if pattern is not None]
    assert sum(pattern.ngrams is None or not pattern.ngrams.isdisjoint(ngrams) for pattern in patterns) < len(patterns) / 3


def test_ngram_table_is_that_of_the_patterns():
    assert TABLE.read_text(encoding="utf-8") == render_table(), "run `unilife pattern-ngrams`"


@pytest.mark.parametrize(
    "pattern, matches",
    [
        (r"\bno\b|kitten", ["no", "kitten"]), (r"(?:tea)?pot", ["pot"]), (r"[不没]", ["不", "没"]), (r"x{0,2}dog", ["dog"]), (r"\w+ing\b", ["ing"]),
        (r"^so\b", ["so"]),
        (r"哈{2,}", ["哈哈"]), (r"a?b", None), (r"(?i:tea)", None), (r"(?:ab)+c*", None),
    ],
)  # fmt: skip
def test_required_ngrams_are_those_of_each_alternative(pattern: str, matches: list[str] | None):
    found = find_required(re.compile(pattern))
    assert (found is None) == (matches is None) and len(found or ()) == len(matches or ())
    assert all(find_ngrams(match) & (found or frozenset()) for match in matches or ())
