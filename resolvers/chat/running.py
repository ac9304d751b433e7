"""Answers that this process is making. Each runs in a task of its own, so that it can be stopped, and outlives the connection of its reader.

A stream keeps its text in the database at checkpoints, at which it learns of requests to stop from other instances and that another instance reads along.
An answer that is not streamed only looks for requests to stop, once it takes longer than most. A reader takes what is new since its last turn: one that
lags gets more at once, holds nothing up, and needs no buffer of its own.
"""
from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing, suppress
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING
from uuid import UUID

import logs
import settings
from jobs.deadline import Deadline
from persistence import database
from persistence.errors import DatabaseError, Overtaken
from persistence.queries import answer_streams
from resolvers.chat.answers import Attempt, CallModel, complete_answer, stream_answer, stream_exchange
from resolvers.chat.exchange import Exchange
from resolvers.chat.questions import StoredQuestion
from resolvers.errors import Refusal

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser

CHECKPOINT_SECONDS = 1.0
CHECKPOINT_CHARACTERS = 500
"""A stream keeps its text when so much is new, at its first text, and after so many seconds."""
READERS_FIRST_SECONDS = 0.02
"""Seconds by which a checkpoint waits, so that its work does not delay the chunk for which it is due."""
PATIENCE_SECONDS = 3.0
"""Seconds after which an answer that is not streamed begins to look for requests to stop, once a second."""

_running: dict[tuple[UUID, UUID], RunningAnswer] = {}
"""The answers that this process is making, by user and question."""


def find_running(user_id: UUID, question_id: UUID) -> RunningAnswer | None:
    return _running.get((user_id, question_id))


async def end_all() -> None:
    """Stop every answer and wait until it is stored. Called before the process ends."""
    ending = list(_running.values())
    for running in ending:
        running.stop()
    await asyncio.gather(*(running.wait() for running in ending), return_exceptions=True)


class RunningAnswer:
    """An answer that is being made. `text` is what has been written of it, without the text that it continues."""

    def __init__(self, viewer: AnyUser, asked: StoredQuestion, deadline: Deadline, *, streams: bool) -> None:
        """Start the answer's task."""
        self.asked, self.text = asked, ""
        self._attempt = Attempt(viewer, asked, deadline, before_end=self._end_keeping)
        self._streams, self._readers, self._left_at = streams, 0, time.monotonic()
        self._outcome: Exchange | None = None
        self._error: BaseException | None = None
        self._stops = self._has_begun = self._is_watched = self._is_closing = False
        self._kept = 0
        self._news, self._due = asyncio.Event(), asyncio.Event()
        self._key = (viewer.id, asked.question.id)
        _running[self._key] = self
        self._task = asyncio.ensure_future(self._run(viewer, deadline))
        self._keeping = asyncio.ensure_future(self._keep() if streams else self._look_for_stop())

    @property
    def lease(self) -> datetime:
        return self.asked.lease

    @property
    def has_ended(self) -> bool:
        return self._outcome is not None or self._error is not None

    def stop(self) -> None:
        """End the model call at once, unless the answer is being stored already. What was written is stored as stopped."""
        if not self._stops and not self._attempt.is_ending and not self.has_ended:
            self._stops = True
            if self._has_begun:
                self._task.cancel()

    async def wait(self) -> Exchange:
        """Return the stored exchange. Raises `ModelFailed`, and `Conflict` when the question was deleted meanwhile."""
        while not self.has_ended:
            await self._news.wait()
        if self._error is not None:
            raise self._error
        assert self._outcome is not None, "without an error there is an exchange"
        return self._outcome

    async def read(self, offset: int = 0) -> AsyncGenerator[str, None]:
        """Yield the text from the character `offset` of `text` on, as it arrives, until the answer has ended."""
        self._readers += 1
        try:
            while True:
                news = self._news
                if len(self.text) > offset:
                    piece, offset = self.text[offset:], len(self.text)
                    yield piece
                elif self.has_ended:
                    return
                else:
                    await news.wait()
        finally:
            self._leave()

    def _leave(self) -> None:
        self._readers -= 1
        if not self._readers:
            self._left_at = time.monotonic()
            self._due.set()

    async def _run(self, viewer: AnyUser, deadline: Deadline) -> None:
        self._has_begun = True
        ask: CallModel = partial(stream_answer, progress=self._attempt.progress) if self._streams else complete_answer
        try:
            async with aclosing(stream_exchange(viewer, self.asked, deadline, ask, self._attempt)) as steps:
                async for step in steps:
                    if self._stops:
                        self._task.cancel()
                    if isinstance(step, Exchange):
                        self._outcome = step
                    elif isinstance(step, str):
                        self._add(step)
                        await asyncio.sleep(0)  # lets the readers pass on each chunk
        except asyncio.CancelledError:
            ended = self._attempt.interrupted_as()
            self._outcome, self._error = (ended, None) if isinstance(ended, Exchange) else (None, ended)
        except Exception as error:
            self._error = error
            if not isinstance(error, Refusal) and self._streams and not self._readers:  # no client is left to whom the error is raised
                logs.write("answer_failed", level="ERROR", exception=type(error).__name__, frames=logs.frames(error))
        finally:
            self._is_closing = True
            self._due.set()
            if _running.get(self._key) is self:
                del _running[self._key]
            self._tell()

    def _add(self, piece: str) -> None:
        is_due = not self.text or len(self.text) + len(piece) - self._kept >= CHECKPOINT_CHARACTERS
        self.text += piece
        self._tell()
        if is_due:
            self._due.set()

    def _tell(self) -> None:
        """Wake the readers."""
        told, self._news = self._news, asyncio.Event()
        told.set()

    async def _end_keeping(self) -> None:
        """Wait for a checkpoint in progress before the answer is stored, which deletes the stored text of the stream."""
        self._is_closing = True
        self._due.set()
        await asyncio.wait([self._keeping])

    async def _pause(self, seconds: float) -> None:
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(self._due.wait(), seconds)
        self._due.clear()

    async def _keep(self) -> None:
        """Keep the text at checkpoints until the answer ends, and end it when it is asked to, or when its readers have been gone for too long."""
        while True:
            await self._pause(self._seconds_to_checkpoint())
            if not self._is_closing:
                await asyncio.sleep(READERS_FIRST_SECONDS)
            if self._is_closing:
                return
            if self._is_alone():
                return self.stop()
            found = await self._checkpoint()
            self._attempt.is_lost = found is None
            if found is None or found.stop_requested:
                return self.stop()
            self._is_watched = found.is_watched

    def _seconds_to_checkpoint(self) -> float:
        until_alone = self._left_at + settings.current().stream_grace_seconds - time.monotonic()
        return until_alone if not self._readers and 0 < until_alone < CHECKPOINT_SECONDS else CHECKPOINT_SECONDS

    def _is_alone(self) -> bool:
        grace = settings.current().stream_grace_seconds
        return not self._readers and not self._is_watched and time.monotonic() - self._left_at >= grace

    async def _checkpoint(self) -> answer_streams.Checkpoint | None:
        """Keep the text so far. A database that fails once does not end the answer: the next checkpoint comes soon."""
        state = self._attempt.to_stream_state(self.text)
        try:
            async with database.connection() as connection:
                found = await answer_streams.store_checkpoint(connection, state)
        except Overtaken:
            return None  # the question was deleted at the same moment
        except DatabaseError as error:
            logs.write("stream_checkpoint_failed", level="WARNING", error_code=error.code)
            return answer_streams.Checkpoint(stop_requested=False, is_watched=self._is_watched)
        self._kept = len(state.content)
        return found

    async def _look_for_stop(self) -> None:
        await self._pause(PATIENCE_SECONDS)
        while not self._is_closing:
            with suppress(DatabaseError, Overtaken):  # the answer does not depend on it
                async with database.connection() as connection:
                    if await answer_streams.is_stop_requested(connection, *self._key, self.lease):
                        return self.stop()
            await self._pause(CHECKPOINT_SECONDS)


async def answer(viewer: AnyUser, asked: StoredQuestion, deadline: Deadline) -> Exchange:
    """Return the stored exchange of an answer that is not streamed. A caller that is cancelled stops it, and waits until its outcome is stored.

    Raises `ModelFailed`; `Conflict` when the question was deleted meanwhile.
    """
    running = RunningAnswer(viewer, asked, deadline, streams=False)
    try:
        return await running.wait()
    except asyncio.CancelledError:
        running.stop()
        await asyncio.gather(running.wait(), return_exceptions=True)
        raise
