"""What a run hands to the work on one item: the time it may take, and whether the model still answers anybody."""
from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import settings
from jobs.deadline import Deadline
from llm.errors import ModelError
from persistence.queries.ledger import Claim, Outcome

STORING_SECONDS = 2.0
"""Kept back from a model call's time-out, for storing what it said before the function ends."""


class ModelPaused(ModelError):
    """The model is not asked at all: the provider refuses everyone, or an admin has switched it off."""

    concerns_everyone = True

    def __init__(self, code: str) -> None:
        super().__init__()
        self.code = code  # type: ignore[misc]


@dataclass
class Desk:
    """One per run. `refusal` is the code for which the model is not asked (any more); None while it is."""

    run_id: UUID
    deadline: Deadline
    refusal: str | None = None

    def model_seconds(self) -> float:
        """A call's time-out: the settings', or the time left if that is at least half of it.

        With less the deadline itself ends the call, and the item is handed back: it has had no fair try, so it is not said to have failed.
        """
        whole, left = settings.current().model_timeout_seconds, self.deadline.left() - STORING_SECONDS
        return left if whole / 2 <= left < whole else whole

    def raise_refusal(self) -> None:
        """Spare the call that would only be refused. Raises `ModelPaused`."""
        if self.refusal is not None:
            raise ModelPaused(self.refusal)


Perform = Callable[[Claim, Desk], Coroutine[Any, Any, Outcome]]
"""Do one item: the work, its result and the ledger's row in one transaction. Raises `LeaseLost`; model failures are outcomes."""


class Stopwatch:
    def __init__(self) -> None:
        self._began = time.monotonic()

    @property
    def took(self) -> timedelta:
        return timedelta(seconds=time.monotonic() - self._began)
