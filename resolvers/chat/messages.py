"""Use cases that send a message, or regenerate or continue an answer, with the exchange returned whole. resolvers/chat/streams.py streams them."""
from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from resolvers.chat.exchange import Exchange
from resolvers.chat.questions import NewMessage, lease_question, store_question
from resolvers.chat.running import answer

if TYPE_CHECKING:
    from resolvers.context import Context


async def send(context: Context, sending: NewMessage) -> Exchange:
    """Store a question and its answer. A repeated idempotency key returns the same exchange without a second model call.

    Raises `InvalidInput`, `NotFound`, `StorageExceeded`, `Conflict` while the same key or another question of the conversation is being answered, and
    `ModelFailed`, which keeps the question.
    """
    viewer = await context.require_viewer()
    asked = await store_question(viewer, sending, context.deadline)
    return asked if isinstance(asked, Exchange) else await answer(viewer, asked, context.deadline)


async def regenerate(context: Context, message_id: UUID) -> Exchange:
    """Answer a question again, given by its id or its answer's: one model call, whose answer is chosen in place of the current one, which stays beside it.

    When the call fails, the current answer stays. Raises `NotFound`, `InvalidInput`, `Conflict` while this or another question of the conversation is
    being answered, `ModelFailed`.
    """
    viewer = await context.require_viewer()
    return await answer(viewer, await lease_question(viewer, message_id, context.deadline), context.deadline)
