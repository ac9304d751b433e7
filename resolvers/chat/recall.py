"""Looking further back for the model while it answers: searches in the person's own diary and messages, and in nobody else's.

What is found is shown to the model once and stored nowhere; the nights learn from the person's messages alone.
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
"""What one search shows at most."""
SHOWN_TOKENS = 150
"""Of one message or summary."""
RELATED_DAYS = 3
"""Days that come along with a question unasked, since it shares words with them."""


def recall_for(question: Message) -> Recall:
    """Searches in what was said before the question."""

    async def recall(search: Search) -> list[str]:
        span = SearchRange(search.first, search.last, question.id)
        async with database.session() as session:
            if search.name == SEARCH_DIARY:
                return await _days(session, question.user_id, search.query, span)
            found = await search_queries.rank_messages(session, question.user_id, search.query, search.query.split(), span=span, recallable_only=True)
            return [_message(message) for message in found[:MOST_MESSAGES]]

    return recall


async def related_days(session: Session, question: Message) -> list[DiaryNote]:
    """Summaries of the days that a question is about, the best first."""
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
    """Of a day without a diary: what was said."""
    return [_message(message) for message in messages[:1]]


def _message(message: FoundMessage) -> str:
    return f"{message.day.isoformat()}, {'person' if message.role is MessageRole.USER else 'assistant'}: {_line(message.content)}"


def _line(text: str) -> str:
    return tokens.truncate(" ".join(text.split()), SHOWN_TOKENS)
