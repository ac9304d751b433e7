"""What a run hands to the work on one item: the time it may take, and whether the model still answers anybody."""
from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

import settings
from jobs.deadline import Deadline
from jobs.places import Places
from jobs.together import Item, Result, Together, Work
from llm.errors import ModelError, ProviderReply
from persistence.queries.ledger import Claim, Outcome
from persistence.queries.usage import Used

STORING_SECONDS = 2.0
"""Kept back from a model call's time-out, for storing what it said before the function ends."""


class ModelPaused(ModelError):
    """The model is not asked at all: the provider refuses everyone, or an admin has switched it off."""

    concerns_everyone = True

    def __init__(self, code: str, reply: ProviderReply | None = None) -> None:
        super().__init__(reply=reply)
        self.code = code  # type: ignore[misc]


@dataclass
class Desk:
    """One per run. `refusal` is the code for which the model is not asked (any more); None while it is. `refusal_reply` is the provider's wording."""

    run_id: UUID
    deadline: Deadline
    refusal: str | None = None
    refusal_reply: ProviderReply | None = None
    places: Places = field(default_factory=Places)
    cut_off: list[Used] = field(default_factory=list)
    """What calls took that the deadline ended: it is counted when their items are handed back."""
    _together: dict[Work[Any, Any], Together[Any, Any]] = field(default_factory=dict)

    def together(self, work: Work[Item, Result]) -> Together[Item, Result]:
        """This run's way of doing that work for one item: along with whoever else waits for it."""
        if work not in self._together:
            self._together[work] = Together(work, self.deadline)
        return self._together[work]

    def model_seconds(self) -> float:
        """A call's time-out: the settings', or the time left if that is at least half of it.

        With less the deadline itself ends the call, and the item is handed back: it has had no fair try, so it is not said to have failed.
        """
        whole, left = settings.current().model_timeout_seconds, self.deadline.left() - STORING_SECONDS
        return left if whole / 2 <= left < whole else whole

    @asynccontextmanager
    async def asking(self) -> AsyncIterator[float]:
        """Hold one of the run's places at the model; gives the seconds that the call may take.

        Raises `ModelPaused` where the call would only be refused, `NoPlace` when the run has no place any more.
        """
        self._raise_refusal()
        async with self.places:
            self._raise_refusal()
            try:
                yield self.model_seconds()
            except ModelError as error:
                if error.concerns_everyone and self.refusal is None:
                    self.refusal, self.refusal_reply = error.code, error.reply
                raise

    def _raise_refusal(self) -> None:
        if self.refusal is not None:
            raise ModelPaused(self.refusal, self.refusal_reply)


Perform = Callable[[Claim, Desk], Coroutine[Any, Any, Outcome]]
"""Do one item: the work, its result and the ledger's row in one transaction. Model failures and a lost lease are outcomes. Raises `NoPlace`."""


class Stopwatch:
    def __init__(self) -> None:
        self._began = time.monotonic()

    @property
    def took(self) -> timedelta:
        return timedelta(seconds=time.monotonic() - self._began)
