"""What a run hands to the work on one item: the time it may take, and whether the model still answers anybody."""
from __future__ import annotations

import time
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

import settings
from jobs.deadline import Deadline
from persistence.queries.ledger import Claim, Outcome

if TYPE_CHECKING:
    from llm.errors import ModelError

STORING_SECONDS = 2.0
"""Kept back from a model call's time-out, for storing what it said before the function ends."""


@dataclass
class Desk:
    """One per run. `refusal` is set by the first item whose model call failed for a reason that concerns everyone."""

    run_id: UUID
    deadline: Deadline
    refusal: ModelError | None = field(default=None)

    def model_seconds(self) -> float:
        return max(0.1, min(settings.current().model_timeout_seconds, self.deadline.left() - STORING_SECONDS))

    def raise_refusal(self) -> None:
        """Spare the call that would only be refused again. Raises the `ModelError` that this run has met already."""
        if self.refusal is not None:
            raise self.refusal


Perform = Callable[[Claim, Desk], Coroutine[Any, Any, Outcome]]
"""Do one item: the work, its result and the ledger's row in one transaction. Raises `LeaseLost`; model failures are outcomes."""


class Stopwatch:
    def __init__(self) -> None:
        self._began = time.monotonic()

    @property
    def took(self) -> timedelta:
        return timedelta(seconds=time.monotonic() - self._began)
