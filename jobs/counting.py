"""What the model was paid for counts, whatever becomes of what it said."""
from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import date

from jobs.deadline import Deadline
from jobs.patience import patiently
from llm.usage import Usage
from persistence.database import transaction
from persistence.errors import DatabaseError
from persistence.models.account import Purpose
from persistence.models.jobs import ItemStatus
from persistence.queries.ledger import Claim, LeaseLost, Outcome
from persistence.queries.usage import record_lost_usage

LEASE_LOST = "LEASE_LOST"


async def keep_or_count(claim: Claim, purpose: Purpose, day: date, usage: Usage, deadline: Deadline, store: Callable[[], Awaitable[Outcome]]) -> Outcome:
    """Store what the model made, as long as the time lasts. What cannot be kept, for the lease is lost or storing fails, is counted all the same."""
    try:
        return await patiently(store, deadline)
    except DatabaseError:
        raise
    except LeaseLost:
        await patiently(lambda: _count(claim, purpose, day, usage), deadline)
        calls = 1 if usage.input_tokens else 0
        return Outcome(ItemStatus.SKIPPED, LEASE_LOST, model_calls=calls, input_tokens=usage.input_tokens, output_tokens=usage.output_tokens)
    except Exception:
        await patiently(lambda: _count(claim, purpose, day, usage), deadline)
        raise


async def _count(claim: Claim, purpose: Purpose, day: date, usage: Usage) -> None:
    if usage != Usage.none():
        async with transaction() as writing:
            await record_lost_usage(writing, claim.user_id, day, purpose, usage)
