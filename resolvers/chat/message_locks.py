"""The lock of a message and its conversation, in the one order in which all writers take them, to avoid deadlocks."""
from __future__ import annotations

from typing import TYPE_CHECKING

from persistence.queries import chat_reads as reading
from persistence.queries import chat_writes as writing
from resolvers.errors import NotFound

if TYPE_CHECKING:
    from uuid import UUID

    from persistence.models import Message
    from persistence.orm import Session


async def lock_message(session: Session, user_id: UUID, message_id: UUID) -> Message:
    """Lock the conversation, then the message, until the transaction ends, and return the message. Raises `NotFound`."""
    found = await reading.find_message(session, user_id, message_id)
    if found is not None and await writing.lock_conversation(session, user_id, found.conversation_id) is not None:
        locked = await writing.lock_message(session, user_id, message_id)
        if locked is not None:
            return locked
    raise NotFound("message")
