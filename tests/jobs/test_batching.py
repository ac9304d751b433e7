"""Batcher, which groups concurrent calls, and ResizableSemaphore, which limits concurrent model calls."""
from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from jobs.batching import MAX_BATCH_SIZE, Batcher
from jobs.deadline import Deadline
from jobs.semaphore import ResizableSemaphore, SlotsLost
from persistence.errors import DatabaseUnavailable

pytestmark = pytest.mark.anyio


class Work:
    """Doubles the numbers of a batch; fails on a batch with the `bad` number."""

    def __init__(self, bad: int | None = None, error: type[Exception] = ValueError) -> None:
        self.batches: list[list[int]] = []
        self.bad, self.error = bad, error
        self.may_continue = asyncio.Event()
        self.may_continue.set()

    async def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.batches.append(list(numbers))
        await self.may_continue.wait()
        if self.bad in numbers:
            raise self.error()
        return [2 * number for number in numbers]


async def test_batcher_groups_items_that_arrive_during_a_batch() -> None:
    work = Work()
    double = Batcher(work, Deadline(60))
    work.may_continue.clear()
    first = asyncio.ensure_future(double(1))
    while not work.batches:
        await asyncio.sleep(0)
    others = [asyncio.ensure_future(double(number)) for number in (2, 3, 4)]
    await asyncio.sleep(0)
    work.may_continue.set()
    assert await asyncio.gather(first, *others) == [2, 4, 6, 8] and work.batches == [[1], [2, 3, 4]]


async def test_batcher_with_many_items_limits_each_batch() -> None:
    work = Work()
    double = Batcher(work, Deadline(60))
    assert await asyncio.gather(*(double(number) for number in range(2 * MAX_BATCH_SIZE + 1))) == [2 * number for number in range(2 * MAX_BATCH_SIZE + 1)]
    assert [len(batch) for batch in work.batches] == [MAX_BATCH_SIZE, MAX_BATCH_SIZE, 1]


async def test_batcher_failed_batch_is_repeated_item_by_item() -> None:
    work = Work(bad=2)
    double = Batcher(work, Deadline(60))
    found = await asyncio.gather(*(double(number) for number in (1, 2, 3)), return_exceptions=True)
    assert (found[0], found[2]) == (2, 6) and isinstance(found[1], ValueError)
    assert work.batches == [[1, 2, 3], [1], [2], [3]]


async def test_batcher_with_an_unavailable_database_fails_the_whole_batch() -> None:
    work = Work(bad=2, error=DatabaseUnavailable)
    double = Batcher(work, Deadline(0))
    found = await asyncio.gather(*(double(number) for number in (1, 2, 3)), return_exceptions=True)
    assert [type(error) for error in found] == [DatabaseUnavailable] * 3 and work.batches == [[1, 2, 3]], "no retry one by one, as no item caused the error"


async def test_batcher_cancelled_caller_is_dropped_if_waiting_and_gets_its_result_if_in_a_batch() -> None:
    work = Work()
    double = Batcher(work, Deadline(60))
    work.may_continue.clear()
    running = asyncio.ensure_future(double(1))
    while not work.batches:
        await asyncio.sleep(0)
    waiting = asyncio.ensure_future(double(2))
    await asyncio.sleep(0)
    running.cancel()
    waiting.cancel()
    await asyncio.sleep(0)
    work.may_continue.set()
    assert await running == 2
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert work.batches == [[1]]


async def test_resizable_semaphore_limits_holders_to_its_current_size() -> None:
    slots, holders, most_holders = ResizableSemaphore(), 0, 0
    release = asyncio.Event()

    async def hold_slot() -> None:
        nonlocal holders, most_holders
        async with slots:
            holders += 1
            most_holders = max(most_holders, holders)
            await release.wait()
            holders -= 1

    await slots.resize(2)
    tasks = [asyncio.ensure_future(hold_slot()) for _ in range(6)]
    for _ in range(20):
        await asyncio.sleep(0)
    assert holders == 2
    await slots.resize(4)
    for _ in range(20):
        await asyncio.sleep(0)
    assert holders == 4
    release.set()
    await asyncio.gather(*tasks)
    assert (holders, most_holders) == (0, 4)


async def test_resizable_semaphore_resized_to_zero_raises_for_waiters_and_keeps_holders() -> None:
    slots, release = ResizableSemaphore(), asyncio.Event()
    await slots.resize(1)

    async def hold_slot() -> str:
        async with slots:
            await release.wait()
        return "done"

    holder, waiter = asyncio.ensure_future(hold_slot()), asyncio.ensure_future(hold_slot())
    for _ in range(20):
        await asyncio.sleep(0)
    await slots.resize(0)
    with pytest.raises(SlotsLost):
        await waiter
    release.set()
    assert await holder == "done"
