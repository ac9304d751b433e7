"""Doing for many at once what each asks for alone: who comes while it is being done waits for the next turn, which takes all that wait."""
from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from jobs.deadline import Deadline
from jobs.patience import retry_while_unavailable
from persistence.errors import DatabaseError

Item = TypeVar("Item")
Result = TypeVar("Result")

BatchFunction = Callable[[Sequence[Item]], Awaitable[Sequence[Result]]]
"""Answers one result an item, in their order. One whole transaction at most, since it may be repeated."""

MAX_BATCH_SIZE = 50
"""Items of one turn: few enough that a failure, after which each is done alone, costs little."""


@dataclass(eq=False)
class _PendingItem(Generic[Item, Result]):
    item: Item
    result: asyncio.Future[Result] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def fail(self, error: Exception) -> None:
        if not self.result.done():
            self.result.set_exception(error)


class Batcher(Generic[Item, Result]):
    """One at a time: nobody waits for company, but whoever must wait gets it. One item's failure is its own."""

    def __init__(self, work: BatchFunction[Item, Result], deadline: Deadline) -> None:
        self._work, self._deadline = work, deadline
        self._waiting: list[_PendingItem[Item, Result]] = []
        self._worker: asyncio.Task[None] | None = None

    async def __call__(self, item: Item) -> Result:
        """This item's result. Who is cancelled while it is being made gets it all the same: what is being written cannot be called back.

        Raises what the work raises for this item alone, and `DatabaseError`.
        """
        turn = _PendingItem[Item, Result](item)
        self._waiting.append(turn)
        if self._worker is None:
            self._worker = asyncio.ensure_future(self._serve_all())
        try:
            return await asyncio.shield(turn.result)
        except asyncio.CancelledError:
            if turn in self._waiting:
                self._waiting.remove(turn)
                raise
            return await turn.result

    async def _serve_all(self) -> None:
        await asyncio.sleep(0)  # whoever starts in this moment comes along
        while self._waiting:
            turns, self._waiting = self._waiting[:MAX_BATCH_SIZE], self._waiting[MAX_BATCH_SIZE:]
            await self._run_batch(turns)
        self._worker = None

    async def _run_batch(self, turns: Sequence[_PendingItem[Item, Result]]) -> None:
        try:
            results = await retry_while_unavailable(lambda: self._work([turn.item for turn in turns]), self._deadline)
        except Exception as error:
            if len(turns) == 1 or isinstance(error, DatabaseError):
                for turn in turns:
                    turn.fail(error)
                return
            for turn in turns:
                await self._run_batch([turn])
            return
        for turn, result in zip(turns, results):
            if not turn.result.done():
                turn.result.set_result(result)
