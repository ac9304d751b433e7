"""The ranking of what was said for a question about earlier days, and the choice of what to show within a number of tokens.

A message's score is BM25 (jobs/rules/search/ranking.py) of its own text, and a share of its neighbours' scores, because an answer often stands next to the
words that it answers; then a share of its day's rank. Messages of the days that a question names, and of the days after them, come first. Decision
0041 has the measurements behind the numbers.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from jobs.rules.search.query import Query
from jobs.rules.search.ranking import ASSISTANT, CorpusStats, Document, idf, rank
from jobs.rules.search.search_terms import count_terms

LENT: Final[Mapping[int, float]] = {-1: 0.5, 1: 0.3, -2: 0.25, 2: 0.15}
"""Share of its neighbours' scores that a message gets: of the one before it, after it, and of the next ones."""
NEIGHBOURS: Final = 2
DAY_BONUS: Final = 0.5
"""Share of the best message's score that a message of the best day gets; one of another day gets as much less as its day's score is lower."""
NAMED_BONUS: Final = 0.3
"""Share of the best message's score by which a named day's message precedes one of the days after it."""

MIN_ABOUT: Final = 0.35
"""Share of the terms' worth above which a day is about a query. Of the questions of bench/search.py, asked of the person who said it, 10 % in English and
7 % in Chinese lie below; asked of somebody who never said it, 92 % and all."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A message in its conversation: `position` counts the conversation's messages. Newer messages have greater keys.

    `hit` is false for a neighbour, whose own text has none of the terms.
    """

    key: Any
    conversation: Any
    position: int
    day: date
    by_user: bool
    text: str
    hit: bool = True


@dataclass(frozen=True, slots=True)
class DaySize:
    """The recallable messages of a day: their number, their characters, and their characters with the assistant's counted as `ASSISTANT`."""

    messages: int
    characters: int
    weighted: float


@dataclass(frozen=True, slots=True)
class RankedTurn:
    turn: Turn
    score: float


@dataclass(frozen=True, slots=True)
class ScoredDay:
    day: date
    score: float


def rank_turns(query: Query, turns: Sequence[Turn], sizes: Mapping[date, DaySize], diaries: Mapping[date, str]) -> tuple[list[RankedTurn], list[ScoredDay]]:
    """Return the messages and the days that match the query, best first. `turns` are those with a term or in the named days, and their neighbours."""
    counts = {turn.key: count_terms(turn.text, query.wanted) for turn in turns if turn.hit}
    texts, characters = sum(size.messages for size in sizes.values()), sum(size.characters for size in sizes.values())
    documents = [Document(turn.key, counts[turn.key], len(turn.text)) for turn in turns if counts.get(turn.key)]
    own = {item.key: item.score for item in rank(query.wanted, documents, CorpusStats(texts, characters / max(texts, 1)))}
    scores = _lend(turns, own)
    ranked_days = score_days(query, turns, counts, sizes, diaries)
    days = {found.day: found.score for found in ranked_days}
    best, best_day = max(scores.values(), default=0.0), max(days.values(), default=0.0) or 1.0
    ranked: list[RankedTurn] = []
    for turn in turns:
        score, distance = scores.get(turn.key, 0.0), query.distance(turn.day)
        if score <= 0 and distance is None:
            continue
        score += DAY_BONUS * best * days.get(turn.day, 0.0) / best_day if score > 0 else 0.0
        ranked.append(RankedTurn(turn, score + (NAMED_BONUS * best if distance == 0 else 0.0)))
    return _in_order(query, ranked), ranked_days


def _lend(turns: Sequence[Turn], own: Mapping[Any, float]) -> dict[Any, float]:
    by_place = {(turn.conversation, turn.position): own[turn.key] for turn in turns if turn.key in own}
    scores: dict[Any, float] = {}
    for turn in turns:
        lent = sum(share * by_place.get((turn.conversation, turn.position + step), 0.0) for step, share in LENT.items())
        scores[turn.key] = own.get(turn.key, 0.0) + lent
    return scores


def _in_order(query: Query, ranked: Sequence[RankedTurn]) -> list[RankedTurn]:
    """Sort by score, the named days and those after them first; of equal scores the nearest named day, in the order of the talk, or the newest message."""
    near = [(distance, item) for item in ranked if (distance := query.distance(item.turn.day)) is not None]
    near.sort(key=lambda found: (-found[1].score, found[0], found[1].turn.key))
    others = sorted((item for item in ranked if query.distance(item.turn.day) is None), key=lambda item: item.turn.key, reverse=True)
    return [item for _, item in near] + sorted(others, key=lambda item: -item.score)


def score_days(
    query: Query, turns: Iterable[Turn], counts: Mapping[Any, Mapping[str, float]], sizes: Mapping[date, DaySize], diaries: Mapping[date, str]
) -> list[ScoredDay]:
    """Score each day as one text: its messages and its current diary, the assistant's words counted as `ASSISTANT`; best first, the named days before all."""
    held: dict[date, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    for turn in turns:
        share = 1.0 if turn.by_user else ASSISTANT
        for term, number in counts.get(turn.key, {}).items():
            held[turn.day][term] += share * number
    for day, text in diaries.items():
        for term, number in count_terms(text, query.wanted).items():
            held[day][term] += number
    mean = sum(size.weighted for size in sizes.values()) / max(len(sizes), 1)
    documents = [Document(day, terms, sizes[day].weighted if day in sizes else mean) for day, terms in held.items()]
    ranked = [ScoredDay(item.key, item.score) for item in rank(query.wanted, documents, CorpusStats(len(sizes.keys() | held.keys()), mean))]
    if not query.named:
        return ranked
    scores = {day: 0.0 for day in sizes.keys() | diaries.keys() if query.distance(day) is not None} | {found.day: found.score for found in ranked}
    return [ScoredDay(day, scores[day]) for day in sorted(scores, key=lambda day: _day_order(query, day, scores[day]))]


def _day_order(query: Query, day: date, score: float) -> tuple[Any, ...]:
    distance = query.distance(day)
    if distance is None:
        return (2, -score, -day.toordinal())
    return (0 if distance == 0 else 1, -score, distance, day)


def is_about(query: Query, turns: Iterable[Turn], sizes: Mapping[date, DaySize], diaries: Mapping[date, str]) -> bool:
    """Return whether some day is about the query: it has most of the terms, rare ones weighing more. Without terms, whether a named day has words."""
    if not query.wanted:
        return any(query.distance(turn.day) == 0 for turn in turns) or any(query.distance(day) == 0 for day in diaries)
    held: dict[date, set[str]] = defaultdict(set)
    for day, text in [*((turn.day, turn.text) for turn in turns if turn.hit), *diaries.items()]:
        held[day].update(count_terms(text, query.wanted))
    days = len(sizes.keys() | held.keys())
    holding = Counter(term for terms in held.values() for term in terms)
    worth = {term: weight * idf(holding[term], days) for term, weight in query.wanted.items()}
    most = max((sum(worth[term] for term in terms) for terms in held.values()), default=0.0)
    return most > MIN_ABOUT * sum(worth.values())


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
