"""Searches in one user's messages and diaries: the candidates that persistence/queries/search_candidates.py finds, with what their ranking needs.

It is part of each chat message, so it uses plain SQL without SQLAlchemy; what it sends and receives is text or JSON.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, NamedTuple
from uuid import UUID

from persistence.connection_holder import SupportsFetch
from persistence.queries.search_candidates import LOOK_BACK, NEIGHBORS, NOT_TYPED, TYPED_BY_TERMS, TYPED_BY_TEXT, search_statement


class SearchTerm(NamedTuple):
    """A term to look for: its key for the user, its weight, and whether it is a single character that only ranks among many messages."""

    term: str
    key: int
    weight: float
    single: bool


class Candidate(NamedTuple):
    """A message with its id as text, which sorts as the id does and is compared faster."""

    id: str
    day: date
    by_user: bool
    content: str


class FoundNeighbors(NamedTuple):
    """The messages beside others: for each seed, how many messages after it in its conversation (before it if negative) which message stands. `messages` are
    those that are no seeds themselves."""

    steps: Sequence[tuple[str, int, str]]
    messages: Sequence[Candidate]


class FoundDay(NamedTuple):
    """The recallable messages of a day: their number, their characters, and their characters with the assistant's weighed."""

    messages: int
    characters: int
    weighted: float


class SearchedTexts(NamedTuple):
    """All recallable messages that were searched by their terms: as `FoundDay` has them, and the number of their days."""

    messages: int = 0
    characters: int = 0
    weighted: float = 0.0
    days: int = 0


class Candidates(NamedTuple):
    """The messages and diaries that match best. `by_terms` were found by their terms, `by_text` by their text: all of the latter that match.

    `sizes` are those of the days of all of these, and of the wanted ranges of days; `unread` those of the messages that were searched by their text.
    `searched` and `holding` count the messages that were searched by their terms, and how many of them, and how many days, have each term.
    """

    by_terms: Sequence[Candidate]
    by_text: Sequence[Candidate]
    sizes: Mapping[date, FoundDay]
    unread: Mapping[date, FoundDay]
    diaries: Mapping[date, str]
    searched: SearchedTexts
    holding: Mapping[str, tuple[int, int]]


class PlacedMessage(NamedTuple):
    """A message without its text."""

    id: str
    day: date


class MatchingText(NamedTuple):
    id: str
    day: date
    content: str
    typed: bool
    """True if the message contains each of the query's words as the user typed them."""


class Matches(NamedTuple):
    """The messages that match. `typed` contain all words as typed, newest first; `by_terms` are the best of the others, `later` the next ones, in order.

    `of_days` are those of the named days, newest first; `by_text` those that were found by their text. `messages` and `characters` are those of all
    searched messages, `holding` counts the messages that were searched by their terms and have a term.
    """

    typed: Sequence[PlacedMessage]
    by_terms: Sequence[MatchingText]
    later: Sequence[PlacedMessage]
    of_days: Sequence[PlacedMessage]
    by_text: Sequence[MatchingText]
    holding: Mapping[str, int]
    messages: int
    characters: int


class SearchRange(NamedTuple):
    """The range of a search: days from `first` to `last`, both included; messages older than the message `before`."""

    first: date | None = None
    last: date | None = None
    before: UUID | None = None


EVERYTHING = SearchRange()
DayRange = tuple[date, date]


async def find_candidates(
    connection: SupportsFetch,
    user_id: UUID,
    version: int,
    terms: Sequence[SearchTerm],
    pattern: str | None,
    *,
    windows: Sequence[DayRange] = (),
    named: Sequence[DayRange] = (),
    span: SearchRange = EVERYTHING,
    assistant: float,
) -> Candidates:
    """Return the messages and current diaries that match terms or lie in one of the ranges of days `windows`, the best ones of many.

    `version` is that of the terms, `pattern` matches every text that has one; `named` are ranges of days whose sizes are wanted. A character of the
    assistant's messages counts as `assistant` in weighted sums.

    Only messages that the assistant may recall in other conversations are found: none of temporary conversations and no copies.
    """
    rows = await connection.fetch(
        LOOK_BACK, user_id, version, _terms(terms), pattern, _ranges(windows), span.first, span.last, span.before, assistant, _named_days(named)
    )
    texts, unread, sizes, unread_sizes, entries, held, total = (json.loads(value) if value else [] for value in rows[0])
    return Candidates(
        [_candidate(*row) for row in texts],
        [_candidate(*row) for row in unread],
        _days(sizes),
        _days(unread_sizes),
        {date.fromisoformat(day): text for day, text in entries},
        SearchedTexts(*total),
        {terms[n].term: (messages, days) for n, messages, days in held},
    )


async def find_matches(
    connection: SupportsFetch,
    user_id: UUID,
    version: int,
    terms: Sequence[SearchTerm],
    pattern: str | None,
    words: Sequence[str] = (),
    keys: Sequence[int] = (),
    *,
    least: float,
    windows: Sequence[DayRange] = (),
    span: SearchRange = EVERYTHING,
    recallable_only: bool = False,
    conversation_id: UUID | None = None,
) -> Matches:
    """Return the messages that have more than the share `least` of the terms' weight, contain all words as typed, or lie in one of the ranges of days.

    `pattern` matches every text that has a term, each of `words` the texts that contain that word; `keys` are those of the words' fragments. With
    `recallable_only`, only messages that the assistant may recall in other conversations; with `conversation_id`, only those of that conversation.
    """
    within = () if conversation_id is None else (conversation_id,)
    typed = NOT_TYPED if not words else TYPED_BY_TERMS if keys else TYPED_BY_TEXT
    rows = await connection.fetch(
        _search(typed, bool(within)), user_id, version, _terms(terms), pattern, _ranges(windows), span.first, span.last, recallable_only, least,
        json.dumps(list(words)) if words else None, json.dumps(list(keys)) if keys else None, *within,
    )  # fmt: skip
    typed_rows, texts, later, of_days, unread, held, total = (json.loads(value) if value else [] for value in rows[0])
    return Matches(
        _placed(typed_rows),
        [MatchingText(id, date.fromisoformat(day), content, False) for id, day, content in texts],
        _placed(later),
        _placed(of_days),
        [MatchingText(id, date.fromisoformat(day), content, typed) for id, day, content, typed in unread],
        {terms[n].term: number for n, number in held},
        *total,
    )


_search = lru_cache(maxsize=6)(search_statement)


async def find_neighbors(connection: SupportsFetch, user_id: UUID, seeds: Sequence[str], *, span: SearchRange, reach: int) -> FoundNeighbors:
    """Find the messages that stand at most `reach` messages before or after each of the recallable messages `seeds` in their conversations."""
    rows = await connection.fetch(NEIGHBORS, user_id, json.dumps(seeds), span.before, span.first, span.last, reach)
    steps, messages = (json.loads(value) if value else [] for value in rows[0])
    return FoundNeighbors(steps, [_candidate(*row) for row in messages])


def _terms(terms: Sequence[SearchTerm]) -> str:
    return json.dumps([{"n": n, "key": term.key, "weight": term.weight, "single": term.single} for n, term in enumerate(terms)])


def _ranges(ranges: Iterable[DayRange]) -> str:
    return json.dumps([{"first": first.isoformat(), "last": last.isoformat()} for first, last in ranges])


def _named_days(ranges: Iterable[DayRange]) -> str:
    """Return the days of the ranges, the first thousand of each."""
    days = {first + timedelta(days=number) for first, last in ranges for number in range(min((last - first).days + 1, 1_000))}
    return json.dumps([day.isoformat() for day in days])


def _candidate(id: str, day: str, by_user: bool, content: str) -> Candidate:
    return Candidate(id, date.fromisoformat(day), by_user, content)


def _placed(rows: Sequence[Sequence[str]]) -> list[PlacedMessage]:
    return [PlacedMessage(id, date.fromisoformat(day)) for id, day in rows]


def _days(rows: Sequence[Sequence[Any]]) -> dict[date, FoundDay]:
    return {date.fromisoformat(day): FoundDay(messages, characters, weighted) for day, messages, characters, weighted in rows}
