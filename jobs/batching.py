"""Batching of concurrent calls: items that arrive while a batch is running are collected and processed together in the next one."""
from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from jobs.deadline import Deadline
from jobs.retries import retry_while_unavailable
from persistence.errors import DatabaseError

Item = TypeVar("Item")
Result = TypeVar("Result")

BatchFunction = Callable[[Sequence[Item]], Awaitable[Sequence[Result]]]
"""A function that returns one result per item, in the order of the items. It runs at most one whole transaction, since it may be repeated."""

MAX_BATCH_SIZE = 50
"""Items of one batch: few enough that a failure, after which the items are retried one by one, costs little."""


@dataclass(eq=False)
class _PendingItem(Generic[Item, Result]):
    item: Item
    result: asyncio.Future[Result] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def fail(self, error: Exception) -> None:
        if not self.result.done():
            self.result.set_exception(error)


class Batcher(Generic[Item, Result]):
    """A queue that runs one batch at a time. A lone item is processed at once. When a batch fails, its items are retried one by one.

    A `DatabaseError` fails all items of the batch.
    """

    def __init__(self, work: BatchFunction[Item, Result], deadline: Deadline) -> None:
        self._work, self._deadline = work, deadline
        self._waiting: list[_PendingItem[Item, Result]] = []
        self._worker: asyncio.Task[None] | None = None

    async def __call__(self, item: Item) -> Result:
        """Return the result for one item. A caller that is cancelled during its batch still waits for the result, because the transaction cannot be undone.

        Raises what the batch function raises for this item alone, and `DatabaseError`.
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
        await asyncio.sleep(0)  # let tasks that start in the same loop iteration join the first batch
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
