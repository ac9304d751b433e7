"""Results of searches and look-backs for the tests: the texts of messages and the days, in the order of the results."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import select

from jobs.rules.search.dates.days import Calendar
from persistence import database
from persistence.models import Message
from persistence.queries.search import EVERYTHING, SearchRange
from resolvers.search import look_back, rank_message_ids


async def find_messages(user_id: UUID, text: str, words: Sequence[str] = (), **narrowed: Any) -> list[str]:
    """Return the texts of the messages that `rank_message_ids` finds."""
    async with database.session() as session:
        ids = await rank_message_ids(session, user_id, text, words, **narrowed)
        found = await session.execute(select(Message.id, Message.content).where(Message.user_id == user_id, Message.id.in_(ids)))
    contents = {row.id: row.content for row in found}
    return [contents[id] for id in ids]


async def find_days(user_id: UUID, text: str, calendar: Calendar, *, span: SearchRange = EVERYTHING) -> list[date]:
    """Return the days that are about a text, best first."""
    async with database.connection() as connection:
        return [found.day for found in (await look_back(connection, user_id, text, calendar, span=span)).days]
