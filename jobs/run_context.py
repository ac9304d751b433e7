"""What a run hands to the work on one item: the time it may take, its calls to the model, and whether the model still answers anybody."""
from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol, TypeVar
from uuid import UUID

import settings
from jobs.batching import Batcher, BatchFunction, Item, Result
from jobs.deadline import Deadline
from jobs.semaphore import ResizableSemaphore
from llm import prices
from llm.errors import ModelCallCancelled, ModelError, ProviderReply
from llm.usage import Usage
from persistence import database
from persistence.errors import DatabaseError
from persistence.queries.job_claims import Beginning, Terms, begin_calls
from persistence.queries.job_queue import Claim, LeaseLost, Outcome
from persistence.queries.token_reservations import Cost, record_costs
from persistence.queries.usage import Tokens

STORE_RESERVE_SECONDS = 2.0
"""Kept back from a model call's time-out, for storing what it said before the function ends."""


class ModelPaused(ModelError):
    """The model is not asked at all: the provider refuses everyone, or an admin has switched it off."""

    affects_all_users = True

    def __init__(self, code: str, reply: ProviderReply | None = None) -> None:
        super().__init__(reply=reply)
        self.code = code  # type: ignore[misc]


class TokensUsedUp(ModelError):
    """The model is not asked about this item: a limit of the night's tokens leaves nothing for it now. It stays due."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code  # type: ignore[misc]


class _Answer(Protocol):
    @property
    def usage(self) -> Usage: ...


Answer = TypeVar("Answer", bound=_Answer)


@dataclass
class RunContext:
    """One per run. `refusal` is the code for which the model is not asked (any more); None while it is. `refusal_reply` is the provider's wording."""

    run_id: UUID
    deadline: Deadline
    model_block_code: str | None = None
    refusal_reply: ProviderReply | None = None
    slots: ResizableSemaphore = field(default_factory=ResizableSemaphore)
    terms: Terms = field(default_factory=lambda: Terms(each=0))
    rewrite_after: timedelta = timedelta(0)
    """How long after a week's review the next one may follow."""
    closing: bool = False
    """No call begins any more: what is in hand is about to be handed back."""
    interrupted_usage: list[Cost] = field(default_factory=list)
    """What calls took that the deadline ended: it is booked when their items are handed back."""
    costs: dict[UUID, Tokens] = field(default_factory=dict)
    """By attempt: what its call took, once that is booked."""
    estimated: set[UUID] = field(default_factory=set)
    """Attempts whose call was booked at its estimate, as failed, when their lease ended."""
    _together: dict[BatchFunction[Any, Any], Batcher[Any, Any]] = field(default_factory=dict)

    def batched(self, work: BatchFunction[Item, Result]) -> Batcher[Item, Result]:
        """This run's way of doing that work for one item: along with whoever else waits for it."""
        if work not in self._together:
            self._together[work] = Batcher(work, self.deadline)
        return self._together[work]

    def is_billed(self, claim: Claim) -> bool:
        """Return whether the attempt's call is booked as an answer: one that was booked at its estimate counts as failed already."""
        return claim.attempt_id in self.costs and claim.attempt_id not in self.estimated

    def model_timeout(self) -> float:
        """A call's time-out: the settings', or the time left if that is at least half of it.

        With less the deadline itself ends the call, and the item is handed back: it has had no fair try, so it is not said to have failed.
        """
        whole, left = settings.current().model_timeout_seconds, self.deadline.remaining() - STORE_RESERVE_SECONDS
        return left if whole / 2 <= left < whole else whole

    async def ask(self, claim: Claim, need: int, call: Callable[[float], Awaitable[Answer]]) -> Answer:
        """Make an item's call, `need` tokens by its prompt, and book what it took as soon as it is over, however it ended.

        `call` is given the seconds that it may take. Raises what it raises; `ModelPaused` and `TokensUsedUp` where it is not made, `SlotsLost` when the
        run has no place any more, `LeaseLost` when another worker has the item.
        """
        if claim.refusal is not None:
            raise TokensUsedUp(claim.refusal)
        async with self._slot():
            await self._begin(claim, need)
            cost = prices.priced(Usage(need, 0))  # by its estimate, if it ends in a way that tells nothing
            failure: Exception | None = None
            try:
                answer = await call(self.model_timeout())
                cost = answer.usage
            except ModelCallCancelled as cut:
                self.interrupted_usage.append(_cost(claim, cut.usage, failed=True))
                raise
            except Exception as error:
                failure, cost = error, self._learn(error) or cost
        await self._book(claim, _cost(claim, cost, failed=failure is not None))
        if failure is not None:
            raise failure
        return answer

    def _learn(self, error: Exception) -> Usage | None:
        """What a failed call took, if that is known. A refusal of everyone ends the run's calls."""
        if not isinstance(error, ModelError):
            return None
        if error.affects_all_users and self.model_block_code is None:
            self.model_block_code, self.refusal_reply = error.code, error.reply
        return error.usage

    async def _book(self, claim: Claim, cost: Cost) -> None:
        self.costs[claim.attempt_id] = cost.tokens
        try:
            if not await self.batched(_record)(cost):
                self.estimated.add(claim.attempt_id)
        except (asyncio.CancelledError, DatabaseError):  # it is paid all the same: booked when the item is handed back
            self.interrupted_usage.append(cost)
            raise

    async def _begin(self, claim: Claim, need: int) -> None:
        work = self.batched(self._begin_all)
        code = await work(Beginning(claim, need))
        if self.closing:
            raise asyncio.CancelledError
        if code == "LEASE_LOST":
            raise LeaseLost
        if code is not None:
            raise TokensUsedUp(code)

    async def _begin_all(self, beginnings: Sequence[Beginning]) -> list[str | None]:
        async with database.transaction() as session:
            return await begin_calls(session, beginnings, self.terms)

    @asynccontextmanager
    async def _slot(self) -> AsyncIterator[None]:
        """Hold one of the run's places at the model. Raises `ModelPaused` where a call would only be refused, and `SlotsLost`."""
        self._raise_refusal()
        async with self.slots:
            self._raise_refusal()
            yield

    def _raise_refusal(self) -> None:
        if self.closing:
            raise asyncio.CancelledError
        if self.model_block_code is not None:
            raise ModelPaused(self.model_block_code, self.refusal_reply)


def _cost(claim: Claim, usage: Usage, *, failed: bool) -> Cost:
    return Cost(claim.user_id, claim.job, claim.period, claim.attempt_id, usage, failed)


async def _record(costs: Sequence[Cost]) -> list[bool]:
    """Return for each cost whether it was booked: not where it was booked at its estimate when the lease ended."""
    async with database.transaction() as session:
        booked = await record_costs(session, costs)
    return [cost.attempt_id in booked for cost in costs]


ItemHandler = Callable[[Claim, RunContext], Coroutine[Any, Any, Outcome]]
"""Do one item: the work, its result and the ledger's row in one transaction. Model failures and a lost lease are outcomes. Raises `SlotsLost`."""


class Stopwatch:
    def __init__(self) -> None:
        self._began = time.monotonic()

    @property
    def elapsed(self) -> timedelta:
        return timedelta(seconds=time.monotonic() - self._began)
