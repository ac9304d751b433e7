"""Full-text search without an embedding service: ranks a user's messages and days by their relevance to a query."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from uuid import UUID

from jobs.rules.search.dates.days import Calendar
from jobs.rules.search.look_back import REACH, DaySize, Neighbour, RankedTurn, Ranking, ScoredDay, Turn
from jobs.rules.search.query import Query, read_query
from jobs.rules.search.ranking import ASSISTANT, CorpusStats, Document, rank
from jobs.rules.search.search_terms import count_terms, like_patterns
from persistence.database import Session
from persistence.models.chat import MessageRole
from persistence.queries import search as reading
from persistence.queries.search import EVERYTHING, FoundMessage, SearchRange

MIN_COVERAGE = 0.5
"""A message is a result of `rank_messages` when it contains more than this share of the weight of the query's terms."""


@dataclass(frozen=True)
class LookBack:
    """The user's earlier days as far as they are about a query: messages and days, best first, and the diaries' texts by day."""

    query: Query
    turns: Sequence[RankedTurn] = ()
    days: Sequence[ScoredDay] = ()
    diaries: Mapping[date, str] = field(default_factory=dict)
    about: bool = False
    """True if a day is about the question, and not only near it."""


async def rank_messages(
    session: Session,
    user_id: UUID,
    text: str,
    words: Sequence[str] = (),
    *,
    calendar: Calendar | None = None,
    span: SearchRange = EVERYTHING,
    recallable_only: bool = False,
) -> list[FoundMessage]:
    """Return messages that contain each of `words` literally, newest first; then those of the days that the text names; then the others, best first.

    A message without all of the words contains most of the query's terms; a named day's message may have none if the text has no other terms.
    """
    query = read_query(text, calendar)
    found = await reading.list_messages_like(
        session, user_id, _patterns(query.wanted), words, windows=[] if query.wanted else query.named, span=span, recallable_only=recallable_only
    )
    texts, characters = await reading.measure_messages(session, user_id, span=span, recallable_only=recallable_only)
    literal = [message for message in found if message.literally]
    documents = [Document(message.id, count_terms(message.content, query.wanted), len(message.content)) for message in found]
    by_id = {message.id: message for message in found}
    ranked = rank(query.wanted, documents, CorpusStats(texts, characters / max(texts, 1)))
    best = [by_id[item.key] for item in ranked if item.coverage > MIN_COVERAGE and not by_id[item.key].literally]
    if not query.named:
        return literal + best
    best = best if query.wanted else [message for message in found if not message.literally]
    distances = {message.id: query.distance(message.day) for message in best}
    return literal + sorted(best, key=lambda message: _nearness(distances[message.id]))


def _nearness(distance: int | None) -> int:
    """Return 0 for a named day, 1 for the days after it, 2 for others."""
    return 2 if distance is None else min(distance, 1)


async def look_back(
    session: Session, user_id: UUID, text: str, calendar: Calendar, *, names: Sequence[str] = (), span: SearchRange = EVERYTHING
) -> LookBack:
    """Rank the user's messages and days for a question, in four statements."""
    query = read_query(text, calendar, names)
    ranking, diaries = await _rank(session, user_id, query, span)
    seeds = ranking.seeds
    rows = await reading.list_neighbours(session, user_id, seeds, span=span, reach=REACH) if seeds else []
    neighbours = [Neighbour(row.seed, row.step, Turn(row.id, row.day, row.role is MessageRole.USER, row.content)) for row in rows]
    return LookBack(query, ranking.rank(neighbours), ranking.days, diaries, ranking.is_about)


async def rank_days(
    session: Session, user_id: UUID, text: str, *, calendar: Calendar | None = None, span: SearchRange = EVERYTHING
) -> Sequence[ScoredDay]:
    """Return the days that are about a text, best first. A day is one document, so terms may be spread over several of its messages."""
    ranking, _ = await _rank(session, user_id, read_query(text, calendar), span)
    return ranking.days


async def _rank(session: Session, user_id: UUID, query: Query, span: SearchRange) -> tuple[Ranking, Mapping[date, str]]:
    """Return the ranking of the user's messages and days, and the matching diaries' texts."""
    patterns = _patterns(query.wanted)
    rows = await reading.list_messages_like(session, user_id, patterns, windows=query.windows, span=span, recallable_only=True)
    diaries = {entry.day: entry.text for entry in await reading.list_diaries_like(session, user_id, patterns, windows=query.windows, span=span)}
    if not rows and not diaries:
        return Ranking(query, (), {}, {}), {}
    sizes = {day: DaySize(*size) for day, size in (await reading.measure_days(session, user_id, span=span, assistant=ASSISTANT)).items()}
    turns = [Turn(row.id, row.day, row.role is MessageRole.USER, row.content) for row in rows]
    return Ranking(query, turns, sizes, diaries), diaries


def _patterns(wanted: Mapping[str, float]) -> list[str]:
    return list(dict.fromkeys(pattern for term in wanted for pattern in like_patterns(term)))
