"""The days and the search terms of a conversation that was temporary and is kept from now on. Both run inside the transaction that keeps it."""
from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from persistence.models import Message
from persistence.models.chat import MessageRole
from persistence.orm import Session
from persistence.queries.job_inputs import REFUSED, select_learnable
from persistence.queries.search_terms import lock_progress


async def list_zones_by_day(session: Session, user_id: UUID, conversation_id: UUID) -> Mapping[date, list[str]]:
    """Return the days of the user's messages in a conversation that the nightly jobs read now, each with the time zones of its messages."""
    said = (Message.user_id == user_id, Message.conversation_id == conversation_id, Message.role == MessageRole.USER, ~REFUSED)
    statement = select_learnable().with_only_columns(Message.day, Message.time_zone).where(*said).distinct()
    found: dict[date, list[str]] = {}
    for day, zone in await session.execute(statement.order_by(Message.day, Message.time_zone)):
        found.setdefault(day, []).append(zone)
    return found


_RECALL = """
update message_terms t set recallable = true from messages m join conversations c on c.user_id = m.user_id and c.id = m.conversation_id
where t.user_id = $1 and m.user_id = $1 and m.conversation_id = $2 and t.message_id = m.id and not m.copied and not m.withdrawn
  and m.learning <> 'NONE' and not c.play
returning t.message_id"""


async def recall_messages(session: Session, user_id: UUID, conversation_id: UUID) -> None:
    """Let the assistant recall the conversation's messages in others, unless it is play or the diary was off.

    Holds up the making of terms, which would store a mark of before.
    """
    await lock_progress(session, user_id)
    await session.fetch(_RECALL, user_id, conversation_id)
