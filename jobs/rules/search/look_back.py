"""The ranking of what was said for a question about earlier days, and the choice of what to show within a number of tokens.

A message's score is BM25 (jobs/rules/search/ranking.py) of its own text, and a share of its neighbours' scores, because an answer often stands next to the
words that it answers; then a share of its day's rank. Messages of the days that a question names, and of the days after them, come first. Decision
0041 has the measurements behind the numbers.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final, NamedTuple

from jobs.rules.search.query import Query
from jobs.rules.search.ranking import ASSISTANT, CorpusStats, Document, count_holding, idf, rank
from jobs.rules.search.search_terms import TermCounter

LENT: Final[Mapping[int, float]] = {-1: 0.5, 1: 0.3, -2: 0.25, 2: 0.15}
"""Share of its neighbours' scores that a message gets: of the one before it, after it, and of the next ones."""
REACH: Final = 2
"""Messages before and after one that are its neighbours."""
MAX_SEEDS: Final = 60
"""Messages whose neighbours are read."""
DAY_BONUS: Final = 0.5
"""Share of the best message's score that a message of the best day gets; one of another day gets as much less as its day's score is lower."""
NAMED_BONUS: Final = 0.3
"""Share of the best message's score by which a named day's message precedes one of the days after it."""

MIN_ABOUT: Final = 0.35
"""Share of the terms' worth above which a day is about a query. Of the questions of bench/search.py, asked of the user who said it, 10 % in English and
7 % in Chinese lie below; asked of a user who never said it, 92 % and all."""


class Turn(NamedTuple):
    """A message. Newer messages have greater keys."""

    key: Any
    day: date
    by_user: bool
    text: str


class Neighbor(NamedTuple):
    """A message that stands `step` messages after the one with the key `seed` in its conversation, before it if negative."""

    seed: Any
    step: int
    turn: Turn


class DaySize(NamedTuple):
    """The recallable messages of a day: their number, their characters, and their characters with the assistant's counted as `ASSISTANT`."""

    messages: int
    characters: int
    weighted: float


@dataclass(frozen=True, slots=True)
class Corpus:
    """All messages that were searched, where `turns` are only the best of those that match: their number, characters and days, their characters with the
    assistant's counted as `ASSISTANT`, and by term how many messages, and how many days, have it."""

    messages: int
    characters: int
    days: int
    weighted: float
    holding: Mapping[str, int]
    holding_days: Mapping[str, int]


class RankedTurn(NamedTuple):
    turn: Turn
    score: float


class ScoredDay(NamedTuple):
    day: date
    score: float


class Ranking:
    """The scores of the messages and days that match a query. `turns` are the messages with a term or in the named days, `diaries` the texts by day.

    Without a `corpus`, `turns` are all messages that match, and `sizes` are those of all days. `counts` are the occurrences of the query's terms in the turns,
    by key, if they are known.
    """

    def __init__(
        self, query: Query, turns: Sequence[Turn], sizes: Mapping[date, DaySize], diaries: Mapping[date, str], corpus: Corpus | None = None,
        *, counts: Mapping[Any, Mapping[str, int]] | None = None,
    ) -> None:
        self.turns = {turn.key: turn for turn in turns}
        self._query, self._sizes = query, sizes
        count = TermCounter(query.wanted)
        self._counts = {turn.key: count(turn.text) for turn in turns} if counts is None else counts
        self._diaries = {day: count(text) for day, text in diaries.items()}
        texts, self._days = _extents(corpus, sizes)
        documents = [Document(turn.key, self._counts[turn.key], len(turn.text)) for turn in turns if self._counts[turn.key]]
        self._own = {item.key: item.score for item in rank(query.wanted, documents, texts)}
        self.days = self._score_days()

    @property
    def seeds(self) -> list[Any]:
        """The keys of the best messages, whose neighbours are worth reading."""
        near = [key for key in self._own if self._query.distance(self.turns[key].day) is not None] if self._query.named else []
        return list(dict.fromkeys([*near[: MAX_SEEDS // 2], *self._own]))[:MAX_SEEDS]

    def rank(self, neighbors: Sequence[Neighbor]) -> list[RankedTurn]:
        """Return the messages, best first, with the neighbours of the best ones."""
        turns = {item.turn.key: item.turn for item in neighbors} | self.turns
        scores = dict(self._own)
        for item in neighbors:
            scores[item.turn.key] = scores.get(item.turn.key, 0.0) + LENT[item.step] * self._own[item.seed]
        days = {found.day: found.score for found in self.days}
        best, best_day = max(scores.values(), default=0.0), max(days.values(), default=0.0) or 1.0
        ranked: list[RankedTurn] = []
        for key, turn in turns.items():
            score, distance = scores.get(key, 0.0), self._query.distance(turn.day) if self._query.named else None
            if score <= 0 and distance is None:
                continue
            score += DAY_BONUS * best * days.get(turn.day, 0.0) / best_day if score > 0 else 0.0
            ranked.append(RankedTurn(turn, score + (NAMED_BONUS * best if distance == 0 else 0.0)))
        return _in_order(self._query, ranked)

    def _score_days(self) -> list[ScoredDay]:
        """Score each day as one text, the assistant's words counted as `ASSISTANT`; best first, the named days and those after them before all."""
        held: dict[date, dict[str, float]] = defaultdict(lambda: defaultdict(float))
        for turn in self.turns.values():
            for term, number in self._counts[turn.key].items():
                held[turn.day][term] += (1.0 if turn.by_user else ASSISTANT) * number
        for day, counts in self._diaries.items():
            for term, number in counts.items():
                held[day][term] += number
        mean = self._days.mean_length
        documents = [Document(day, terms, self._sizes[day].weighted if day in self._sizes else mean) for day, terms in held.items()]
        found = rank(self._query.wanted, documents, self._of_days(held))
        ranked = [ScoredDay(item.key, item.score) for item in found]
        if not self._query.named:
            return ranked
        known = self._sizes.keys() | self._diaries.keys()
        scores = {day: 0.0 for day in known if self._query.distance(day) is not None} | {found.day: found.score for found in ranked}
        return [ScoredDay(day, scores[day]) for day in sorted(scores, key=lambda day: _day_order(self._query, day, scores[day]))]

    @property
    def is_about(self) -> bool:
        """Return whether a day is about the query: it has most of the terms, rare ones weighing more. Without terms, return whether a named day has text."""
        if not self._query.wanted:
            return any(self._query.distance(day) == 0 for day in [*(turn.day for turn in self.turns.values()), *self._diaries])
        held: dict[date, set[str]] = defaultdict(set)
        for day, counts in [*((turn.day, self._counts[key]) for key, turn in self.turns.items()), *self._diaries.items()]:
            held[day].update(counts)
        extent = self._of_days(held)
        holding = count_holding(list(held.values()), extent)
        worth = {term: weight * idf(holding.get(term, 0), extent.texts) for term, weight in self._query.wanted.items()}
        most = max((sum(worth[term] for term in terms) for terms in held.values()), default=0.0)
        return most > MIN_ABOUT * sum(worth.values())

    def _of_days(self, held: Mapping[date, Any]) -> CorpusStats:
        """Return the extent of all days; days with nothing but a diary count, too."""
        known = len(self._sizes.keys() | held.keys())
        return CorpusStats(known if self._days.holding is None else max(self._days.texts, known), self._days.mean_length, self._days.holding)


def _extents(corpus: Corpus | None, sizes: Mapping[date, DaySize]) -> tuple[CorpusStats, CorpusStats]:
    """Return the extents of all messages and of all days."""
    if corpus is not None:
        return (
            CorpusStats(corpus.messages, corpus.characters / max(corpus.messages, 1), corpus.holding),
            CorpusStats(corpus.days, corpus.weighted / max(corpus.days, 1), corpus.holding_days),
        )
    texts, characters = sum(size.messages for size in sizes.values()), sum(size.characters for size in sizes.values())
    weighted = sum(size.weighted for size in sizes.values())
    return CorpusStats(texts, characters / max(texts, 1)), CorpusStats(len(sizes), weighted / max(len(sizes), 1))


def _in_order(query: Query, ranked: Sequence[RankedTurn]) -> list[RankedTurn]:
    """Sort by score, the named days and those after them first; of equal scores the nearest named day, in the order of the talk, or the newest message."""
    if not query.named:
        return sorted(ranked, key=lambda item: (item.score, item.turn.key), reverse=True)
    near = [(distance, item) for item in ranked if (distance := query.distance(item.turn.day)) is not None]
    near.sort(key=lambda found: (-found[1].score, found[0], found[1].turn.key))
    others = sorted((item for item in ranked if query.distance(item.turn.day) is None), key=lambda item: item.turn.key, reverse=True)
    return [item for _, item in near] + sorted(others, key=lambda item: -item.score)


def _day_order(query: Query, day: date, score: float) -> tuple[Any, ...]:
    distance = query.distance(day)
    if distance is None:
        return (2, -score, -day.toordinal())
    return (0 if distance == 0 else 1, -score, distance, day)


def choose(ranked: Iterable[RankedTurn], cost: Callable[[Turn], int], heading: Callable[[date], int], budget: int) -> list[tuple[date, list[Turn]]]:
    """Return the best messages that fit into `budget` tokens, by day: the day of the best message first, each day's messages in their order.

    `cost` is a message's number of tokens as it is shown, `heading` that of a day.
    """
    chosen: dict[date, list[Turn]] = {}
    for item in ranked:
        budget -= cost(item.turn) + (heading(item.turn.day) if item.turn.day not in chosen else 0)
        if budget < 0:
            break
        chosen.setdefault(item.turn.day, []).append(item.turn)
    return [(day, sorted(turns, key=lambda turn: turn.key)) for day, turns in chosen.items()]
