"""Full-text search without an embedding service: ranks a user's messages and days by their relevance to a query."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import chain
from uuid import UUID

from jobs.rules.search.dates.days import Calendar
from jobs.rules.search.look_back import REACH, Corpus, DaySize, Neighbor, RankedTurn, Ranking, ScoredDay, Turn
from jobs.rules.search.query import Query, read_query
from jobs.rules.search.ranking import ASSISTANT, CorpusStats, Document, rank
from jobs.rules.search.search_terms import TERMS_VERSION, TermCounter, fragments, is_single, term_beginnings, term_keys
from jobs.rules.text.word_patterns import rough_pattern, word_pattern
from persistence.connection_holder import SupportsFetch
from persistence.ids import parse_id
from persistence.queries import search as reading
from persistence.queries.search import EVERYTHING, Candidates, FoundDay, Matches, PlacedMessage, SearchRange, SearchTerm

MIN_COVERAGE = 0.5
"""A message is a result of `rank_message_ids` when it contains more than this share of the weight of the query's terms."""


@dataclass(frozen=True)
class LookBack:
    """The user's earlier days as far as they are about a query: messages and days, best first, and the diaries' texts by day."""

    query: Query
    turns: Sequence[RankedTurn] = ()
    days: Sequence[ScoredDay] = ()
    diaries: Mapping[date, str] = field(default_factory=dict)
    about: bool = False
    """True if a day is about the question, and not only near it."""


async def rank_message_ids(
    session: SupportsFetch,
    user_id: UUID,
    text: str,
    words: Sequence[str] = (),
    *,
    calendar: Calendar | None = None,
    span: SearchRange = EVERYTHING,
    recallable_only: bool = False,
    conversation_id: UUID | None = None,
) -> list[UUID]:
    """Return the ids of messages that contain each of `words`, newest first; then those of the days that the text names; then the others, best first.

    Spellings of a word are one (jobs/rules/text/words.py). With `conversation_id` only messages of that conversation are searched.

    A message without all of the words contains most of the query's terms; a named day's message may have none if the text has no other terms.
    """
    query = read_query(text, calendar)
    keys = term_keys(user_id.bytes, set(chain.from_iterable(map(fragments, words))))
    found = await reading.find_matches(
        session, user_id, TERMS_VERSION, _search_terms(user_id, query), _pattern(query), list(map(word_pattern, words)), keys, least=MIN_COVERAGE,
        windows=[] if query.wanted else query.named, span=span, recallable_only=recallable_only,
        conversation_id=conversation_id,
    )  # fmt: skip
    typed = sorted([*found.typed, *(PlacedMessage(text.id, text.day) for text in found.by_text if text.typed)], reverse=True)
    best = _covering(query, found) if query.wanted else _of_days(found)
    if query.named:
        best = sorted(best, key=lambda message: _nearness(query.distance(message.day)))
    return [parse_id(message.id) for message in typed + best]


def _covering(query: Query, found: Matches) -> list[PlacedMessage]:
    """Return the messages with most of the terms' weight, the best first."""
    count = TermCounter(query.wanted)
    texts = {text.id: text for text in chain(found.by_terms, found.by_text) if not text.typed}
    documents = {text.id: Document(text.id, count(text.content), len(text.content)) for text in texts.values()}
    holding = None
    if found.holding:
        unread = Counter(chain.from_iterable(documents[text.id].counts if text.id in documents else count(text.content) for text in found.by_text))
        holding = {term: number + unread[term] for term, number in found.holding.items()}
    ranked = rank(query.wanted, list(documents.values()), CorpusStats(found.messages, found.characters / max(found.messages, 1), holding))
    best = [PlacedMessage(item.key, texts[item.key].day) for item in ranked if item.coverage > MIN_COVERAGE]
    return [*best, *found.later]


def _of_days(found: Matches) -> list[PlacedMessage]:
    """Return the messages of the named days, newest first."""
    return sorted([*found.of_days, *(PlacedMessage(text.id, text.day) for text in found.by_text if not text.typed)], reverse=True)


def _nearness(distance: int | None) -> int:
    """Return 0 for a named day, 1 for the days after it, 2 for others."""
    return 2 if distance is None else min(distance, 1)


async def look_back(
    session: SupportsFetch, user_id: UUID, text: str, calendar: Calendar, *, names: Sequence[str] = (), span: SearchRange = EVERYTHING
) -> LookBack:
    """Rank the user's messages and days for a question, in two statements. A day is one document, so terms may be spread over several of its messages."""
    query = read_query(text, calendar, names)
    ranking, diaries = await _rank(session, user_id, query, span)
    seeds = ranking.seeds
    neighbors: list[Neighbor] = []
    if seeds:
        found = await reading.find_neighbors(session, user_id, seeds, span=span, reach=REACH)
        turns = {**{message.id: Turn._make(message) for message in found.messages}, **ranking.turns}
        neighbors = [Neighbor(seed, step, turns[id]) for seed, step, id in found.steps]
    return LookBack(query, ranking.rank(neighbors), ranking.days, diaries, ranking.is_about)


async def _rank(session: SupportsFetch, user_id: UUID, query: Query, span: SearchRange) -> tuple[Ranking, Mapping[date, str]]:
    """Return the ranking of the user's messages and days, and the matching diaries' texts."""
    found = await reading.find_candidates(
        session, user_id, TERMS_VERSION, _search_terms(user_id, query), _pattern(query), windows=query.windows, named=query.named, span=span,
        assistant=ASSISTANT,
    )  # fmt: skip
    turns = [Turn._make(message) for message in chain(found.by_terms, found.by_text)]
    if not turns and not found.diaries:
        return Ranking(query, (), {}, {}), {}
    count = TermCounter(query.wanted)
    counts = {turn.key: count(turn.text) for turn in turns}
    return Ranking(query, turns, _sizes(found), found.diaries, _corpus(counts, found), counts=counts), found.diaries


def _sizes(found: Candidates) -> dict[date, DaySize]:
    if not found.unread:
        return {day: DaySize(*size) for day, size in found.sizes.items()}
    nothing = FoundDay(0, 0, 0.0)
    days = found.sizes.keys() | found.unread.keys()
    pairs = {day: (found.sizes.get(day, nothing), found.unread.get(day, nothing)) for day in days}
    return {day: DaySize(a.messages + b.messages, a.characters + b.characters, a.weighted + b.weighted) for day, (a, b) in pairs.items()}


def _corpus(counts: Mapping[str, Iterable[str]], found: Candidates) -> Corpus | None:
    """Return the extent of all searched messages, of which `counts` has the terms; None if all were searched by their text: then all that match are known."""
    if not found.searched.messages:
        return None
    texts: Counter[str] = Counter()
    days: dict[str, set[date]] = defaultdict(set)
    for message in found.by_text:
        for term in counts[message.id]:
            texts[term] += 1
            days[term].add(message.day)
    unread = found.unread.values()
    return Corpus(
        messages=found.searched.messages + sum(size.messages for size in unread),
        characters=found.searched.characters + sum(size.characters for size in unread),
        days=found.searched.days + len(unread),
        weighted=found.searched.weighted + sum(size.weighted for size in unread),
        holding={term: number + texts[term] for term, (number, _) in found.holding.items()},
        holding_days={term: number + len(days[term]) for term, (_, number) in found.holding.items()},
    )


def _search_terms(user_id: UUID, query: Query) -> list[SearchTerm]:
    """Return the query's terms with their keys, those that only rank among many messages last."""
    only_ranking = _only_ranking(query.wanted)
    wanted = sorted(query.wanted.items(), key=lambda item: item[0] in only_ranking)
    keys = term_keys(user_id.bytes, [term for term, _ in wanted])
    return [SearchTerm(term, key, weight, term in only_ranking) for key, (term, weight) in zip(keys, wanted)]


def _only_ranking(wanted: Mapping[str, float]) -> set[str]:
    """Return the terms that only rank among many messages, since each of them occurs in a large part of these: the characters of longer words.

    So do characters that stand alone in the query, unless they carry more of the weight than the longer terms.
    """
    parts = {term for term, weight in wanted.items() if weight < 1.0 and is_single(term)}
    alone = {term for term, weight in wanted.items() if weight >= 1.0 and is_single(term)}
    longer = sum(weight for term, weight in wanted.items() if not is_single(term))
    return parts | alone if sum(wanted[term] for term in alone) <= longer else parts


def _pattern(query: Query) -> str | None:
    """Return the pattern of the texts that have one of the query's terms, to look for where no terms are stored."""
    return rough_pattern(chain.from_iterable(map(term_beginnings, query.wanted)))
