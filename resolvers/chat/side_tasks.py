"""Tasks that run beside an answer: a title for a new conversation, a running summary for a long one.

Their failures do not affect the answer: they are counted and otherwise ignored, and the answer waits only briefly for them.
"""
from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

import logs
from jobs.delimiter_seeds import conversation_seed
from llm import chat
from llm.call_log import name_caller
from llm.errors import ModelCallCancelled, ModelError
from llm.messages import Completion
from llm.usage import Usage
from persistence.models.enums import Purpose
from persistence.queries.prompt_inputs import HistoryMessage
from resolvers.chat.history import turn_of

if TYPE_CHECKING:
    from persistence.queries.exchange_rows import MessageRow

MAX_WAIT_SECONDS = 5.0
"""Seconds for which a finished answer waits for its side tasks."""


@dataclass(frozen=True)
class SideTaskResult:
    """The result of one side task; `text` is None if the task failed or was cancelled."""

    purpose: Purpose
    text: str | None
    usage: Usage


class SideTasks:
    """The side tasks of one answer. `collect` must be called in every case."""

    def __init__(self) -> None:
        self._tasks: dict[Purpose, asyncio.Task[SideTaskResult]] = {}

    def make_title(self, question: MessageRow, locale: str, seconds: float) -> None:
        seed = conversation_seed(question.conversation_id)
        self._start(Purpose.TITLE, chat.generate_title(question.content, seed=seed, locale=locale, timeout=seconds))

    def make_summary(self, conversation_id: UUID, previous: str | None, messages: Sequence[HistoryMessage], locale: str, seconds: float) -> None:
        """Start a summary of `messages`, which are of one conversation."""
        turns, seed = [turn_of(message) for message in messages], conversation_seed(conversation_id)
        self._start(Purpose.SUMMARY, chat.summarize(previous, turns, seed=seed, locale=locale, timeout=seconds))

    def _start(self, purpose: Purpose, work: Coroutine[Any, Any, Completion]) -> None:
        self._tasks[purpose] = asyncio.ensure_future(_made(purpose, work))

    async def wait(self, seconds: float) -> None:
        """Wait for the tasks: at most `seconds`, and never longer than `MAX_WAIT_SECONDS`."""
        if self._tasks:
            await asyncio.wait(self._tasks.values(), timeout=min(max(seconds, 0.0), MAX_WAIT_SECONDS))

    async def collect(self) -> list[SideTaskResult]:
        """Return the results. An unfinished task is cancelled and counts as a failed call, with the usage of its request."""
        for task in self._tasks.values():
            task.cancel()
        ended = await asyncio.gather(*self._tasks.values(), return_exceptions=True)
        return [made if isinstance(made, SideTaskResult) else SideTaskResult(purpose, None, _spent(made)) for purpose, made in zip(self._tasks, ended)]


def _spent(ended: BaseException) -> Usage:
    """Return the usage of a cancelled call: what was sent is billed even if its answer is not awaited."""
    return ended.usage if isinstance(ended, ModelCallCancelled) else Usage.none()


async def _made(purpose: Purpose, work: Coroutine[Any, Any, Completion]) -> SideTaskResult:
    name_caller(purpose=purpose.value)
    try:
        completion = await work
    except ModelError as error:
        return SideTaskResult(purpose, None, error.usage)
    except Exception as error:
        logs.write("side_task_failed", level="ERROR", purpose=purpose.value, exception=type(error).__name__, frames=logs.frames(error))
        return SideTaskResult(purpose, None, Usage.none())
    return SideTaskResult(purpose, completion.text, completion.usage)
