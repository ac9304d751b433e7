"""What the model was paid for counts, whatever becomes of what it said."""
from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from jobs.deadline import Deadline
from jobs.patience import patiently
from llm.usage import Usage
from persistence.database import transaction
from persistence.errors import DatabaseError
from persistence.queries.ledger import EndedBefore
from persistence.queries.usage import Used, record_usages


def amounts(usage: Usage) -> dict[str, Any]:
    """Return tokens and cost as an `Outcome` has them."""
    return {
        "input_tokens": usage.input_tokens, "output_tokens": usage.output_tokens, "cached_tokens": usage.cached_tokens,
        "thinking_tokens": usage.thinking_tokens, "cost": usage.cost,
    }


@asynccontextmanager
async def counted(used: Used | None, deadline: Deadline) -> AsyncIterator[None]:
    """Around what stores a result and counts what it took: when that fails, what it took is counted alone."""
    try:
        yield
    except (DatabaseError, EndedBefore):  # nobody's fault, or counted with the end
        raise
    except Exception:
        await patiently(lambda: _count(used), deadline)
        raise


async def _count(used: Used | None) -> None:
    if used is not None:
        async with transaction() as writing:
            await record_usages(writing, [used])
