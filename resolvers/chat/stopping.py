"""Use case that stops an answer, whichever instance is making it."""
from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING
from uuid import UUID

from persistence import database
from persistence.models.enums import MessageRole
from persistence.queries import answer_streams
from persistence.queries.exchange_opening import find_by_id
from resolvers.chat.exchange import ModelFailed, is_being_answered
from resolvers.chat.questions import store_abandoned_streams
from resolvers.chat.running import find_running
from resolvers.errors import Conflict, ConflictReason, InputRule, InvalidInput, NotFound

if TYPE_CHECKING:
    from persistence.queries.exchange_rows import ConversationRow, MessageRow
    from persistence.queries.viewer import AnyUser
    from resolvers.context import Context

STOP_SECONDS = 8.0
"""Seconds for which a request to stop waits until another instance has stopped. That looks once a second, and then stores what was written."""
LOOK_SECONDS = 0.25
"""Seconds between two looks at whether the answer has stopped."""


@dataclass(frozen=True)
class StoppedExchange:
    """The question, its conversation, and what had been written of its answer; None if that was nothing."""

    question: MessageRow
    answer: MessageRow | None
    conversation: ConversationRow


async def stop(context: Context, message_id: UUID) -> StoppedExchange:
    """Stop the answer to a question, given by its id or its answer's, and return what is stored. What is not being answered is returned as it is.

    Raises `NotFound`, `InvalidInput`; `Conflict` when an instance that does not stream has not stopped in time: it stops when it can.
    """
    viewer = await context.require_viewer()
    found = await _find(viewer.id, message_id)
    running = find_running(viewer.id, found.question.id)
    if running is not None:
        running.stop()
        try:
            await running.wait()
        except (ModelFailed, Conflict):
            pass  # the question is read again
        return await _find(viewer.id, found.question.id)
    was_being_answered = is_being_answered(found.question, datetime.now(timezone.utc))
    if was_being_answered:
        await _stop_elsewhere(viewer, found.question.id)
    if await store_abandoned_streams(viewer) or was_being_answered:
        return await _find(viewer.id, found.question.id)
    return found


async def _stop_elsewhere(viewer: AnyUser, question_id: UUID) -> None:
    ends = time.monotonic() + STOP_SECONDS
    async with database.connection() as connection:
        is_asked = await answer_streams.request_stop(connection, viewer.id, question_id)
    while is_asked:
        await asyncio.sleep(LOOK_SECONDS)
        await store_abandoned_streams(viewer)
        found = await _find(viewer.id, question_id)
        if not is_being_answered(found.question, datetime.now(timezone.utc)):
            return
        if time.monotonic() > ends:
            message = "the answer has not stopped yet; it is asked to and stops at the next opportunity: query the message again"
            raise Conflict(message, reason=ConflictReason.BEING_ANSWERED, retry_after=2.0)


async def _find(user_id: UUID, message_id: UUID) -> StoppedExchange:
    async with database.connection() as connection:
        found = await find_by_id(connection, user_id, message_id)
        if found is not None and found[0].role is MessageRole.ASSISTANT:
            if found[0].reply_to is None:
                raise InvalidInput("messageId", "this answer belongs to no user message, so nothing writes it", rule=InputRule.NOT_ALLOWED_HERE)
            found = await find_by_id(connection, user_id, found[0].reply_to)
    if found is None:
        raise NotFound("message")
    return StoppedExchange(found[0], found[2], found[1])
