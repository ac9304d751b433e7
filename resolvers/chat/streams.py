"""Use cases that stream an answer: of a new message, of a question that is asked again, of an answer that is continued, and of one that is being made.

A stream belongs to its question and the lease under which it is answered. A position in it says how many characters of the answer a client has, and has a
checksum of them, so that text of another answer is never appended to them.
"""
from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING
from uuid import UUID
from zlib import crc32

from persistence import database
from persistence.models.enums import MessageStatus
from persistence.queries import answer_streams
from persistence.queries.exchange_opening import find_by_id
from resolvers.chat.branches import store_branch
from resolvers.chat.continuing import lease_continuation
from resolvers.chat.exchange import Exchange, ModelFailed, is_being_answered, message_state
from resolvers.chat.questions import NewMessage, StoredQuestion, being_answered, lease_question, store_abandoned_streams, store_question
from resolvers.chat.running import RunningAnswer, find_running
from resolvers.errors import Conflict, ConflictReason, NotFound

if TYPE_CHECKING:
    from persistence.queries.exchange_rows import ConversationRow, MessageRow
    from persistence.queries.viewer import AnyUser
    from resolvers.context import Context

LOOK_SECONDS = 0.5
"""Interval at which a stream of another instance is read on."""


@dataclass(frozen=True)
class StreamPosition:
    """A position in a stream: after `offset` characters of the answer, whose checksum is `digest`."""

    question_id: UUID
    lease: datetime
    offset: int = 0
    digest: int = 0

    def after(self, text: str) -> StreamPosition:
        return StreamPosition(self.question_id, self.lease, self.offset + len(text), crc32(text.encode("utf-8", "surrogatepass"), self.digest))

    def is_within(self, text: str) -> bool:
        """Return whether the client's characters are the first of this text."""
        return StreamPosition(self.question_id, self.lease).after(text[: self.offset]) == self


@dataclass(frozen=True)
class StreamStart:
    """The question of a stream, and the position at which its chunks begin."""

    question: MessageRow
    conversation: ConversationRow
    position: StreamPosition


Steps = AsyncGenerator["StreamStart | str | Exchange", None]
"""The start, the chunks as they arrive, and the stored exchange."""


async def stream(context: Context, sending: NewMessage) -> Steps:
    """Send a message and yield the steps of its stream; for a repeated idempotency key only the exchange.

    When the generator is closed before its end, the answer goes on for STREAM_GRACE_SECONDS. Raises as `send` does.
    """
    viewer = await context.require_viewer()
    asked = await store_question(viewer, sending, context.deadline)
    if isinstance(asked, Exchange):
        yield asked
        return
    async with aclosing(_run(context, viewer, asked)) as steps:
        async for step in steps:
            yield step


async def stream_branch(
    context: Context, message_id: UUID, content: str, idempotency_key: str | None = None, made_id: UUID | None = None
) -> Steps:
    """Ask differently in place of a question and yield the steps; for a repeated key or id only the exchange. Raises as `branch` does."""
    viewer = await context.require_viewer()
    asked = await store_branch(viewer, message_id, NewMessage(content, None, idempotency_key, made_id=made_id), context.deadline)
    if isinstance(asked, Exchange):
        yield asked
        return
    async with aclosing(_run(context, viewer, asked)) as steps:
        async for step in steps:
            yield step


async def stream_again(context: Context, message_id: UUID) -> Steps:
    """Answer a question again and yield the steps. Raises as `regenerate` does."""
    viewer = await context.require_viewer()
    async with aclosing(_run(context, viewer, await lease_question(viewer, message_id, context.deadline))) as steps:
        async for step in steps:
            yield step


async def stream_continuation(context: Context, message_id: UUID) -> Steps:
    """Continue an answer and yield the steps; the chunks are what is appended. Raises as `continue_answer` does."""
    viewer = await context.require_viewer()
    async with aclosing(_run(context, viewer, await lease_continuation(viewer, message_id, context.deadline))) as steps:
        async for step in steps:
            yield step


async def _run(context: Context, viewer: AnyUser, asked: StoredQuestion) -> Steps:
    running = RunningAnswer(viewer, asked, context.deadline, streams=True)
    async with aclosing(running.read()) as pieces:
        yield StreamStart(asked.question, asked.conversation, position_of(asked))
        async for piece in pieces:
            yield piece
    yield await running.wait()


def position_of(asked: StoredQuestion) -> StreamPosition:
    """Return the position at which the chunks of a new stream begin."""
    begin = StreamPosition(asked.question.id, asked.lease)
    return begin.after(asked.answer.content) if asked.continues and asked.answer is not None else begin


async def resume(context: Context, position: StreamPosition) -> Steps:
    """Yield the rest of a stream after a position, from whichever instance, and the exchange; of a stream that has ended no start.

    Raises `NotFound`; `Conflict` when another answer to the question is being made instead; `ModelFailed`.
    """
    viewer = await context.require_viewer()
    running = find_running(viewer.id, position.question_id)
    steps = _attach(running, position) if running is not None and running.lease == position.lease else _follow(viewer, position)
    async with aclosing(steps):
        async for step in steps:
            yield step


async def _attach(running: RunningAnswer, position: StreamPosition) -> Steps:
    """Yield the rest of a stream of this process."""
    base = position_of(running.asked).offset
    earlier = running.asked.answer.content if base and running.asked.answer is not None else ""
    async with aclosing(running.read(max(0, position.offset - base))) as pieces:
        yield StreamStart(running.asked.question, running.asked.conversation, position)
        if position.offset < base:
            yield earlier[position.offset :]
        async for piece in pieces:
            yield piece
    yield await running.wait()


async def _follow(viewer: AnyUser, position: StreamPosition) -> Steps:
    """Yield the rest of a stream of another instance, or of one that has ended, from what is kept."""
    has_begun = False
    while True:
        question, conversation, answer = await _find(viewer, position.question_id)
        if not is_being_answered(question, datetime.now(timezone.utc)) or question.answer_lease_until != position.lease:
            break
        if not has_begun:
            has_begun = True
            yield StreamStart(question, conversation, position)
        async with database.connection() as connection:
            kept = await answer_streams.read_text(connection, viewer.id, question.id, position.lease, position.offset)
        if kept is not None and kept.is_abandoned:
            await store_abandoned_streams(viewer)
            continue
        if kept is not None and kept.has_begun:
            earlier = answer.content[position.offset : kept.start] if answer is not None and position.offset < kept.start else ""
            if piece := earlier + kept.content:
                yield piece
                position = position.after(piece)
        await asyncio.sleep(LOOK_SECONDS)
    if await store_abandoned_streams(viewer):
        question, conversation, answer = await _find(viewer, position.question_id)
    rest, outcome = _ending(question, conversation, answer, position)
    if rest:
        yield rest
    if isinstance(outcome, ModelFailed):
        raise outcome
    yield outcome


def _ending(
    question: MessageRow, conversation: ConversationRow, answer: MessageRow | None, position: StreamPosition
) -> tuple[str, Exchange | ModelFailed]:
    """Return the rest of a stream that has ended, and its exchange, or the error that ended it with what is kept of its answer.

    Text that does not continue the client's is left to the exchange.
    """
    now, state = datetime.now(timezone.utc), message_state(question)
    if is_being_answered(question, now) and question.answer_lease_until is not None:
        raise being_answered("this stream has ended, and its question is being answered again: resume the new stream", question.answer_lease_until, now)
    if state.status is MessageStatus.FAILED:
        raise ModelFailed(state.error_code or "MODEL_ERROR", question, conversation)
    if answer is None:
        message = "this message was answered, and the answer was deleted: use `messageRegenerate` for a new answer"
        raise Conflict(message, reason=ConflictReason.DELETED_MEANWHILE)
    rest = answer.content[position.offset :] if position.is_within(answer.content) else ""
    if answer.error_code is not None:
        return rest, ModelFailed(answer.error_code, question, conversation, answer=answer)
    return rest, Exchange(question, answer, conversation)


async def _find(viewer: AnyUser, question_id: UUID) -> tuple[MessageRow, ConversationRow, MessageRow | None]:
    async with database.connection() as connection:
        found = await find_by_id(connection, viewer.id, question_id)
    if found is None:
        raise NotFound("stream")
    return found
