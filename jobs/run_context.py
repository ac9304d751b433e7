"""The state that all items of one run share: the deadline, the model calls, and the code that blocks them."""
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
from llm.errors import ModelCallCancelled, ModelError, ModelPaused, ProviderReply
from llm.usage import Usage
from persistence import database
from persistence.errors import DatabaseError
from persistence.queries.job_attempts import LeaseLost, Outcome
from persistence.queries.job_claims import Beginning, Terms, begin_calls
from persistence.queries.job_queue import Claim
from persistence.queries.token_reservations import Cost, record_costs
from persistence.queries.usage import Tokens

STORE_RESERVE_SECONDS = 2.0
"""Seconds subtracted from a model call's timeout, for storing its response before the function ends."""


CHECK_TIMEOUT_SHARE = 0.5
"""The timeout of a second reading as a share of MODEL_TIMEOUT_SECONDS: it writes a few words for each claim, and its item's lease must last for both calls."""


class TokensUsedUp(ModelError):
    """The error of a call that is not made because a token limit of the jobs is used up for now. The item stays due."""

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code  # type: ignore[misc] # a class attribute in general


class _Answer(Protocol):
    @property
    def usage(self) -> Usage: ...


Answer = TypeVar("Answer", bound=_Answer)


@dataclass
class RunContext:
    """The shared state of one run.

    `model_block_code` is the code of what blocks model calls; None while calls are allowed. `refusal_reply` is the provider's reply that caused the block.
    """

    run_id: UUID
    deadline: Deadline
    model_block_code: str | None = None
    refusal_reply: ProviderReply | None = None
    slots: ResizableSemaphore = field(default_factory=ResizableSemaphore)
    terms: Terms = field(default_factory=lambda: Terms(each=0))
    rewrite_after: timedelta = timedelta(0)
    """The least time between two reviews of the same week."""
    closing: bool = False
    """True if the run is about to release the items in flight, so that no call begins any more."""
    interrupted_usage: list[Cost] = field(default_factory=list)
    """The cost of calls that the deadline cancelled, and of calls whose cost could not be recorded; recorded when their items are released."""
    costs: dict[UUID, Tokens] = field(default_factory=dict)
    """The tokens and cost of each attempt's call, by attempt id."""
    estimated: set[UUID] = field(default_factory=set)
    """Attempts whose call was recorded at its estimate, as failed, when their lease ended."""
    _together: dict[BatchFunction[Any, Any], Batcher[Any, Any]] = field(default_factory=dict)

    def batched(self, work: BatchFunction[Item, Result]) -> Batcher[Item, Result]:
        """Return the run's batcher for this function; it processes an item together with the run's other waiting items."""
        if work not in self._together:
            self._together[work] = Batcher(work, self.deadline)
        return self._together[work]

    def is_billed(self, claim: Claim) -> bool:
        """Return whether the attempt's call is recorded at its real cost: one that was recorded at its estimate counts as failed already."""
        return claim.attempt_id in self.costs and claim.attempt_id not in self.estimated

    def model_timeout(self) -> float:
        """Return a call's timeout in seconds: that of the settings, or the time left if that is shorter but at least half of it.

        With less time left, the deadline cancels the call and the item is released; the attempt does not count as failed.
        """
        whole, left = settings.current().model_timeout_seconds, self.deadline.remaining() - STORE_RESERVE_SECONDS
        return left if whole / 2 <= left < whole else whole

    def check_timeout(self) -> float:
        """Return the timeout of a second reading in seconds; it ends before the deadline, so that what it does not decide is stored in time. Can be <= 0."""
        return min(settings.current().model_timeout_seconds * CHECK_TIMEOUT_SHARE, self.deadline.remaining() - STORE_RESERVE_SECONDS)

    def find_block(self) -> ModelError | None:
        """Return the error of a call that must not be made, None while calls are allowed."""
        return None if self.model_block_code is None else ModelPaused(self.model_block_code, self.refusal_reply)

    def note_error(self, error: ModelError) -> None:
        """Block the run's further calls after an account-wide provider error."""
        if error.affects_all_users and self.model_block_code is None:
            self.model_block_code, self.refusal_reply = error.code, error.reply

    async def ask(self, claim: Claim, need: int, call: Callable[[float], Awaitable[Answer]]) -> Answer:
        """Call the model for an item and record the cost as soon as the call ends, also when it fails. `need` is the estimate in tokens.

        `call` receives its timeout in seconds. Raises what `call` raises; `ModelPaused` and `TokensUsedUp` when the call is not made, `SlotsLost` when the
        run has no model slot any more, `LeaseLost` when another worker holds the item.
        """
        if claim.refusal is not None:
            raise TokensUsedUp(claim.refusal)
        async with self._slot():
            await self._begin(claim, need)
            cost = prices.add_cost(Usage(need, 0))  # the estimate, for a call that ends without reporting its usage
            answer: Answer | None = None
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
        assert answer is not None, "the call returned one or raised"
        return answer

    def _learn(self, error: Exception) -> Usage | None:
        """Return the usage of a failed call, if it is known. An account-wide provider error blocks the run's further calls."""
        if not isinstance(error, ModelError):
            return None
        self.note_error(error)
        return error.usage

    async def _book(self, claim: Claim, cost: Cost) -> None:
        self.costs[claim.attempt_id] = cost.tokens
        try:
            if not await self.batched(_record)(cost):
                self.estimated.add(claim.attempt_id)
        except (asyncio.CancelledError, DatabaseError):  # the provider billed the call: record it when the item is released
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
        """Hold one of the run's model slots. Raises `ModelPaused` when model calls are blocked, and `SlotsLost`."""
        self._raise_refusal()
        async with self.slots:
            self._raise_refusal()
            yield

    def _raise_refusal(self) -> None:
        if self.closing:
            raise asyncio.CancelledError
        if (block := self.find_block()) is not None:
            raise block


def _cost(claim: Claim, usage: Usage, *, failed: bool) -> Cost:
    return Cost(claim.user_id, claim.job, claim.period, claim.attempt_id, usage, failed)


async def _record(costs: Sequence[Cost]) -> list[bool]:
    """Return for each cost whether it was recorded now; False when it was recorded at its estimate when the lease ended."""
    async with database.transaction() as session:
        booked = await record_costs(session, costs)
    return [cost.attempt_id in booked for cost in costs]


ItemHandler = Callable[[Claim, RunContext], Coroutine[Any, Any, Outcome]]
"""A function that processes one item and stores its result and the job queue's row in one transaction.

It returns model failures and a lost lease as outcomes, and raises `SlotsLost`.
"""


class Stopwatch:
    def __init__(self) -> None:
        self._began = time.monotonic()

    @property
    def elapsed(self) -> timedelta:
        return timedelta(seconds=time.monotonic() - self._began)
