"""Recall: searches that the model runs while it answers, only in the user's own diaries and messages.

The results are shown to the model once and stored nowhere; nightly jobs learn only from the user's messages.
"""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from llm import tokens
from llm.chat import DiaryNote, Recall
from llm.tools import SEARCH_DIARY, Search
from persistence import database
from persistence.database import Session
from persistence.models import Message
from persistence.models.chat import MessageRole
from persistence.queries.diary_reads import load_entries_by_day
from persistence.queries.search import FoundMessage, SearchRange
from resolvers import search as search_queries

MOST_DAYS = 5
MOST_MESSAGES = 8
"""Maximum results of one search."""
SHOWN_TOKENS = 150
"""Maximum tokens shown of one message or summary."""
RELATED_DAYS = 3
"""Days that are added to a question without a search, because they share terms with it."""


def recall_for(question: Message) -> Recall:
    """Return a function that searches the user's days and messages before the question."""

    async def recall(search: Search) -> list[str]:
        span = SearchRange(search.first, search.last, question.id)
        async with database.session() as session:
            if search.name == SEARCH_DIARY:
                return await _days(session, question.user_id, search.query, span)
            found = await search_queries.rank_messages(session, question.user_id, search.query, search.query.split(), span=span, recallable_only=True)
            return [_message(message) for message in found[:MOST_MESSAGES]]

    return recall


async def related_days(session: Session, question: Message) -> list[DiaryNote]:
    """Return summaries of the days that match a question, best first."""
    ranked = await search_queries.rank_days(session, question.user_id, question.content, span=SearchRange(before=question.id))
    best = [day.day for day in ranked[: 2 * RELATED_DAYS]]
    entries = await load_entries_by_day(session, question.user_id, best) if best else {}
    return [DiaryNote(day, entries[day].summary) for day in best if day in entries and entries[day].summary][:RELATED_DAYS]


async def _days(session: Session, user_id: UUID, query: str, span: SearchRange) -> list[str]:
    ranked = (await search_queries.rank_days(session, user_id, query, span=span))[:MOST_DAYS]
    entries = await load_entries_by_day(session, user_id, [day.day for day in ranked]) if ranked else {}
    shown: list[str] = []
    for day in ranked:
        entry = entries.get(day.day)
        summary = [f"{day.day.isoformat()}: {_line(entry.summary)}"] if entry and entry.summary else []
        shown += summary or _unwritten(day.messages)
    return shown


def _unwritten(messages: Sequence[FoundMessage]) -> list[str]:
    """Return the best message, for a day without a diary."""
    return [_message(message) for message in messages[:1]]


def _message(message: FoundMessage) -> str:
    return f"{message.day.isoformat()}, {'person' if message.role is MessageRole.USER else 'assistant'}: {_line(message.content)}"


def _line(text: str) -> str:
    return tokens.truncate(" ".join(text.split()), SHOWN_TOKENS)
