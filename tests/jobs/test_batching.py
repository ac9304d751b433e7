"""What many ask for one by one is done for all that wait; and how many may ask the model at once."""
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
    """Doubles numbers, a turn at a time; fails on turns with a `bad` number."""

    def __init__(self, bad: int | None = None, error: type[Exception] = ValueError) -> None:
        self.turns: list[list[int]] = []
        self.bad, self.error = bad, error
        self.going_on = asyncio.Event()
        self.going_on.set()

    async def __call__(self, numbers: Sequence[int]) -> list[int]:
        self.turns.append(list(numbers))
        await self.going_on.wait()
        if self.bad in numbers:
            raise self.error()
        return [2 * number for number in numbers]


async def test_batcher_groups_items_that_arrive_during_a_batch() -> None:
    work = Work()
    double = Batcher(work, Deadline(60))
    work.going_on.clear()
    first = asyncio.ensure_future(double(1))
    while not work.turns:
        await asyncio.sleep(0)
    others = [asyncio.ensure_future(double(number)) for number in (2, 3, 4)]
    await asyncio.sleep(0)
    work.going_on.set()
    assert await asyncio.gather(first, *others) == [2, 4, 6, 8] and work.turns == [[1], [2, 3, 4]]


async def test_batcher_with_many_items_limits_each_batch() -> None:
    work = Work()
    double = Batcher(work, Deadline(60))
    assert await asyncio.gather(*(double(number) for number in range(2 * MAX_BATCH_SIZE + 1))) == [2 * number for number in range(2 * MAX_BATCH_SIZE + 1)]
    assert [len(turn) for turn in work.turns] == [MAX_BATCH_SIZE, MAX_BATCH_SIZE, 1]


async def test_batcher_failed_batch_is_repeated_item_by_item() -> None:
    work = Work(bad=2)
    double = Batcher(work, Deadline(60))
    found = await asyncio.gather(*(double(number) for number in (1, 2, 3)), return_exceptions=True)
    assert (found[0], found[2]) == (2, 6) and isinstance(found[1], ValueError)
    assert work.turns == [[1, 2, 3], [1], [2], [3]]


async def test_batcher_with_an_unavailable_database_fails_the_whole_batch() -> None:
    work = Work(bad=2, error=DatabaseUnavailable)
    double = Batcher(work, Deadline(0))
    found = await asyncio.gather(*(double(number) for number in (1, 2, 3)), return_exceptions=True)
    assert [type(error) for error in found] == [DatabaseUnavailable] * 3 and work.turns == [[1, 2, 3]], "nobody's fault: no use in trying each alone"


async def test_batcher_cancelled_caller_is_dropped_if_waiting_and_gets_its_result_if_in_a_batch() -> None:
    work = Work()
    double = Batcher(work, Deadline(60))
    work.going_on.clear()
    under_way = asyncio.ensure_future(double(1))
    while not work.turns:
        await asyncio.sleep(0)
    waiting = asyncio.ensure_future(double(2))
    await asyncio.sleep(0)
    under_way.cancel()
    waiting.cancel()
    await asyncio.sleep(0)
    work.going_on.set()
    assert await under_way == 2
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert work.turns == [[1]]


async def test_resizable_semaphore_limits_holders_to_its_current_size() -> None:
    places, inside, most = ResizableSemaphore(), 0, 0
    leave = asyncio.Event()

    async def visit() -> None:
        nonlocal inside, most
        async with places:
            inside += 1
            most = max(most, inside)
            await leave.wait()
            inside -= 1

    await places.resize(2)
    visits = [asyncio.ensure_future(visit()) for _ in range(6)]
    for _ in range(20):
        await asyncio.sleep(0)
    assert inside == 2
    await places.resize(4)
    for _ in range(20):
        await asyncio.sleep(0)
    assert inside == 4
    leave.set()
    await asyncio.gather(*visits)
    assert (inside, most) == (0, 4)


async def test_resizable_semaphore_resized_to_zero_raises_for_waiters_and_keeps_holders() -> None:
    places, leave = ResizableSemaphore(), asyncio.Event()
    await places.resize(1)

    async def visit() -> str:
        async with places:
            await leave.wait()
        return "done"

    has, waits = asyncio.ensure_future(visit()), asyncio.ensure_future(visit())
    for _ in range(20):
        await asyncio.sleep(0)
    await places.resize(0)
    with pytest.raises(SlotsLost):
        await waits
    leave.set()
    assert await has == "done"
