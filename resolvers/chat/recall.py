"""Recall: searches that the model runs while it answers, only in the user's own diaries and messages.

The results are shown to the model once. Only their ids are stored, as sources of the answer; nightly jobs learn only from the user's messages. What the
user withheld (resolvers/chat/withheld.py) is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from jobs.rules.search import excerpts
from jobs.rules.search.dates.days import Calendar
from jobs.rules.search.excerpts import Excerpt
from llm import tokens
from llm.chat import DiaryNote
from llm.tool_loop import MAX_RESULT_TOKENS, LookUp
from llm.tools import NOTHING_FOUND, SEARCH_DIARY, Search
from persistence import database
from persistence.queries.search import SearchRange
from resolvers import search as search_queries
from resolvers.answer_sources import FoundDay, reason_for
from resolvers.chat.withheld import NOTHING_WITHHELD, Withheld
from resolvers.search import LookBack

if TYPE_CHECKING:
    from persistence.queries.exchange_rows import AnyMessage

MAX_SHOWN_TOKENS = 1_150
"""Tokens that the results of one search take; llm/tool_loop.py cuts them at `MAX_RESULT_TOKENS`, with their JSON."""
MAX_DAYS = 5
"""Days of which a search in the diary shows excerpts."""
MAX_RELATED_DAYS = 5
"""Days that are added to a question without a search, because they are about it."""


def recall_for(
    question: AnyMessage, calendar: Calendar | None = None, names: Sequence[str] = (), found_days: list[Sequence[FoundDay]] | None = None,
    withheld: Withheld = NOTHING_WITHHELD,
) -> LookUp:
    """Return a function that searches the user's days and messages before the question, and appends what each search shows to `found_days`.

    `calendar` is the user's on the day of the question, `names` are those of the user and the assistant.
    """
    shown_days = [] if found_days is None else found_days

    async def recall(search: Search) -> list[str]:
        span = SearchRange(search.first, search.last, question.id)
        async with database.connection() as connection:
            found = await search_queries.look_back(connection, question.user_id, search.query, calendar or Calendar(question.day), names=names, span=span)
        found = withheld.filter(found)
        notes = find_in_diary(found) if search.name == SEARCH_DIARY else find_in_messages(found)
        head = [] if found.about else [NOTHING_FOUND]
        shown = tokens.fit_to_budget([*head, *(note.text for note in notes)], MAX_RESULT_TOKENS)
        shown_days.append([FoundDay(note, reason_for(found.query, note.day)) for note in notes[: max(0, len(shown) - len(head))]])
        return shown

    return recall


async def related_days(
    question: AnyMessage, calendar: Calendar, names: Sequence[str], shown_days: Sequence[date], budget: int, withheld: Withheld = NOTHING_WITHHELD,
) -> tuple[list[FoundDay], bool]:
    """Return excerpts of the earlier days that a question is about, best first, and whether a day, today included, is about it.

    The excerpts take `budget` tokens at most, and leave out the diaries of `shown_days`.
    """
    span = SearchRange(before=question.id)
    async with database.connection() as connection:
        found = withheld.filter(await search_queries.look_back(connection, question.user_id, question.content, calendar, names=names, span=span))
    days = [scored.day for scored in found.days if scored.day != question.day][:MAX_RELATED_DAYS]
    diaries = {day: text for day, text in found.diaries.items() if day not in shown_days}
    ranked = [item for item in found.turns if item.turn.day in days]
    notes = excerpts.by_day(found.query, ranked, days, diaries, budget=budget, measure=tokens.count, shorten=tokens.truncate)
    return [FoundDay(note, reason_for(found.query, note.day)) for note in notes], found.about


def to_note(excerpt: Excerpt) -> DiaryNote:
    """Return the excerpt as one line of a prompt."""
    return DiaryNote(excerpt.day, " / ".join([*([excerpt.diary] if excerpt.diary else []), *excerpt.lines]))


def find_in_messages(found: LookBack) -> list[Excerpt]:
    """Return the messages that are about the query, by day."""
    return excerpts.by_day(found.query, found.turns, (), {}, budget=MAX_SHOWN_TOKENS, measure=tokens.count, shorten=tokens.truncate)


def find_in_diary(found: LookBack) -> list[Excerpt]:
    """Return the best days with what answers the query: sentences of their diaries, then messages."""
    days = [scored.day for scored in found.days[:MAX_DAYS]]
    ranked = [item for item in found.turns if item.turn.day in days]
    return excerpts.by_day(found.query, ranked, days, found.diaries, budget=MAX_SHOWN_TOKENS, measure=tokens.count, shorten=tokens.truncate)
