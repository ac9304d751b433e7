"""Full-text search without an embedding service: ranks a user's messages and days by their relevance to a query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from jobs.rules.search.ranking import ASSISTANT, CorpusStats, Document, rank
from jobs.rules.search.search_terms import count_terms, like_patterns, query_terms
from persistence.database import Session
from persistence.models.chat import MessageRole
from persistence.queries import search as reading
from persistence.queries.search import EVERYTHING, FoundMessage, SearchRange

MIN_COVERAGE = 0.5
"""A message is a result when it contains more than this share of the weight of the query's terms."""

READ_CHARACTERS = 1_000
MOST_TERMS = 64
"""Limits of a query: the characters that are read of it, and the terms that are searched for."""


@dataclass(frozen=True)
class RankedDay:
    """A day that matches the query, with its matching messages, best first."""

    day: date
    score: float
    messages: Sequence[FoundMessage]


async def rank_messages(
    session: Session, user_id: UUID, query: str, words: Sequence[str] = (), *, span: SearchRange = EVERYTHING, recallable_only: bool = False
) -> list[FoundMessage]:
    """Return messages that contain each of `words` literally, newest first; then those that cover most of the query, best first."""
    wanted = _wanted(query)
    found = await reading.list_messages_like(session, user_id, _patterns(wanted), words, span=span, recallable_only=recallable_only)
    texts, characters = await reading.measure_messages(session, user_id, span=span, recallable_only=recallable_only)
    literal = [message for message in found if message.literally]
    documents = [Document(message.id, count_terms(message.content, wanted), len(message.content)) for message in found]
    by_id = {message.id: message for message in found}
    ranked = rank(wanted, documents, CorpusStats(texts, characters / max(texts, 1)))
    return literal + [by_id[item.key] for item in ranked if item.coverage > MIN_COVERAGE and not by_id[item.key].literally]


async def rank_days(session: Session, user_id: UUID, query: str, *, span: SearchRange = EVERYTHING) -> list[RankedDay]:
    """Rank days by their messages and current diaries. A day is one document, so terms may be spread over several of its messages."""
    wanted = _wanted(query)
    patterns = _patterns(wanted)
    messages = await reading.list_messages_like(session, user_id, patterns, span=span, recallable_only=True)
    diaries = await reading.list_diaries_like(session, user_id, patterns, span=span)
    if not messages and not diaries:
        return []
    lengths = await reading.load_day_lengths(session, user_id, span=span, assistant=ASSISTANT)
    return _ranked_days(wanted, messages, {diary.day: diary.text for diary in diaries}, lengths)


def _ranked_days(wanted: Mapping[str, float], messages: Sequence[FoundMessage], diaries: Mapping[date, str], lengths: Mapping[date, float]) -> list[RankedDay]:
    counts: dict[date, dict[str, float]] = defaultdict(lambda: defaultdict(float))
    said: dict[date, list[tuple[float, FoundMessage]]] = defaultdict(list)
    for message in messages:
        held = count_terms(message.content, wanted)
        share = 1.0 if message.role is MessageRole.USER else ASSISTANT
        for term, number in held.items():
            counts[message.day][term] += share * number
        if held:
            said[message.day].append((share * sum(wanted[term] for term in held), message))
    for day, text in diaries.items():
        for term, number in count_terms(text, wanted).items():
            counts[day][term] += number
    mean = sum(lengths.values()) / max(len(lengths), 1)
    documents = [Document(day, held, lengths.get(day, mean)) for day, held in counts.items()]
    ranked = rank(wanted, documents, CorpusStats(len(lengths.keys() | counts.keys()), mean))
    return [RankedDay(item.key, item.score, _best_first(said[item.key])) for item in ranked]


def _best_first(weighed: Sequence[tuple[float, FoundMessage]]) -> list[FoundMessage]:
    return [message for _, message in sorted(weighed, key=lambda item: (-item[0], item[1].id))]


def _wanted(query: str) -> dict[str, float]:
    """Return the terms with the highest weight from the query's beginning, earlier ones first if equal.

    Their number is limited because each term is matched against every text.
    """
    found = query_terms(query[:READ_CHARACTERS])
    return dict(sorted(found.items(), key=lambda item: -item[1])[:MOST_TERMS])


def _patterns(wanted: Mapping[str, float]) -> list[str]:
    return list(dict.fromkeys(pattern for term in wanted for pattern in like_patterns(term)))
