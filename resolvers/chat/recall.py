"""Recall: searches that the model runs while it answers, only in the user's own diaries and messages.

The results are shown to the model once and stored nowhere; nightly jobs learn only from the user's messages.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from jobs.rules.search import excerpts
from jobs.rules.search.dates.days import Calendar
from llm import tokens
from llm.chat import DiaryNote, Recall
from llm.tools import NOTHING_FOUND, SEARCH_DIARY, Search
from persistence import database
from persistence.database import Session
from persistence.models import Message
from persistence.queries.search import SearchRange
from resolvers import search as search_queries
from resolvers.search import LookBack

SHOWN_TOKENS = 1_150
"""Tokens that the results of one search take; llm/tool_loop.py cuts them at `RECALLED_TOKENS`, with their JSON."""
MOST_DAYS = 5
"""Days of which a search in the diary shows excerpts."""
RELATED_DAYS = 5
"""Days that are added to a question without a search, because they are about it."""


def recall_for(question: Message, calendar: Calendar | None = None, names: Sequence[str] = ()) -> Recall:
    """Return a function that searches the user's days and messages before the question.

    `calendar` is the user's on the day of the question, `names` are those of the user and the assistant.
    """

    async def recall(search: Search) -> list[str]:
        span = SearchRange(search.first, search.last, question.id)
        async with database.session() as session:
            found = await search_queries.look_back(session, question.user_id, search.query, calendar or Calendar(question.day), names=names, span=span)
        shown = in_diary(found) if search.name == SEARCH_DIARY else in_messages(found)
        return shown if found.about else [NOTHING_FOUND, *shown]

    return recall


async def related_days(
    session: Session, question: Message, calendar: Calendar, names: Sequence[str], shown_days: Sequence[date], budget: int
) -> tuple[list[DiaryNote], bool]:
    """Return excerpts of the earlier days that a question is about, best first, and whether a day, today included, is about it.

    The excerpts take `budget` tokens at most, and leave out the diaries of `shown_days`.
    """
    found = await search_queries.look_back(session, question.user_id, question.content, calendar, names=names, span=SearchRange(before=question.id))
    days = [scored.day for scored in found.days if scored.day != question.day][:RELATED_DAYS]
    diaries = {day: text for day, text in found.diaries.items() if day not in shown_days}
    ranked = [item for item in found.turns if item.turn.day in days]
    notes = excerpts.by_day(found.query, ranked, days, diaries, budget=budget, measure=tokens.count, shorten=tokens.truncate)
    return [DiaryNote(note.day, " / ".join([*([note.diary] if note.diary else []), *note.lines])) for note in notes], found.about


def in_messages(found: LookBack) -> list[str]:
    """Return the messages that are about the query, by day."""
    notes = excerpts.by_day(found.query, found.turns, (), {}, budget=SHOWN_TOKENS, measure=tokens.count, shorten=tokens.truncate)
    return [note.text for note in notes]


def in_diary(found: LookBack) -> list[str]:
    """Return the best days with what answers the query: sentences of their diaries, then messages."""
    days = [scored.day for scored in found.days[:MOST_DAYS]]
    ranked = [item for item in found.turns if item.turn.day in days]
    notes = excerpts.by_day(found.query, ranked, days, found.diaries, budget=SHOWN_TOKENS, measure=tokens.count, shorten=tokens.truncate)
    return [note.text for note in notes]
