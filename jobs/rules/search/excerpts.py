"""Excerpts of earlier days: what to show of diaries and messages for a question, within a number of tokens."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from jobs.rules.search.look_back import RankedTurn, Turn, choose
from jobs.rules.search.query import Query
from jobs.rules.search.search_terms import count_terms
from jobs.rules.text.sentences import sentences

Measure = Callable[[str], int]
"""A function that returns a text's number of tokens."""
Shorten = Callable[[str, int], str]
"""A function that cuts a text to a number of tokens."""
TEXT_TOKENS: Final = 150
DIARY_TOKENS: Final = 60
"""Maximum tokens of one message, and of one day's diary."""


@dataclass(frozen=True)
class Excerpt:
    """Sentences of a day's diary, and messages of the day with their speakers, a line each."""

    day: date
    diary: str
    lines: Sequence[str]
    keys: Sequence[Any] = ()
    """The keys of the messages in `lines`."""

    @property
    def text(self) -> str:
        """The excerpt under its day's heading."""
        return "\n".join([f"{heading(self.day)}: {self.diary}".rstrip(), *self.lines])


def by_day(
    query: Query,
    ranked: Iterable[RankedTurn],
    days: Sequence[date],
    diaries: Mapping[date, str],
    *,
    budget: int,
    measure: Measure,
    shorten: Shorten,
) -> list[Excerpt]:
    """Return excerpts: of `days` the diary's sentences that match best, then as many of the best messages as the budget allows."""
    noted: dict[date, str] = {}
    for day in days:
        text = _sentences(query, diaries[day], measure, shorten) if day in diaries else ""
        cost = measure(f"{heading(day)}: {text}") + 1
        if text and cost <= budget:
            noted[day], budget = text, budget - cost
    shown: dict[Turn, str] = {}

    def cost_of(turn: Turn) -> int:
        shown[turn] = f"{'person' if turn.by_user else 'assistant'}: {shorten(_plain(turn.text), TEXT_TOKENS)}"
        return measure(shown[turn]) + 1

    chosen = dict(choose(ranked, cost_of, lambda day: 0 if day in noted else measure(f"{heading(day)}:") + 1, budget))
    order = [*(day for day in days if day in noted or day in chosen), *(day for day in chosen if day not in days)]
    return [
        Excerpt(day, noted.get(day, ""), [shown[turn] for turn in chosen.get(day, ())], [turn.key for turn in chosen.get(day, ())]) for day in order
    ]


def heading(day: date) -> str:
    return f"{day.isoformat()} ({day:%a})"


def _sentences(query: Query, text: str, measure: Measure, shorten: Shorten) -> str:
    """Return the sentences with most of the query's terms, in their order; the beginning if there is none."""
    found = list(dict.fromkeys(sentence.text for sentence in sentences(text)))
    weights = {sentence: sum(query.wanted[term] for term in count_terms(sentence, query.wanted)) for sentence in found}
    kept: list[str] = []
    budget = DIARY_TOKENS
    for sentence in sorted((sentence for sentence in found if weights[sentence] > 0), key=lambda sentence: -weights[sentence]) or found:
        budget -= measure(sentence) + 1
        if budget < 0 and kept:
            break
        kept.append(sentence)
    return shorten(_plain(" ".join(sentence for sentence in found if sentence in kept)), DIARY_TOKENS)


def _plain(text: str) -> str:
    """Return the text on one line, with rules of ===== shortened, so that no part of it looks like a prompt's delimiter."""
    return re.sub("={5,}", "=", " ".join(text.split()))
