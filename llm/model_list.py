"""The names of the models that an endpoint offers, and the nearest ones to a name that it does not."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from llm import connection
from llm.errors import ModelError
from llm.provider_errors import translate

MAX_NEAREST = 5


async def list_models(seconds: float) -> tuple[str, ...]:
    """Return the names that GET /models gives, sorted; empty where the answer holds none. Raises ModelError."""
    failure: ModelError | None = None
    client = await connection.client()
    try:
        page = await client.models.list(timeout=max(seconds, 0.001))
        found = page.data
        return tuple(sorted(model.id for model in found if isinstance(model.id, str))) if isinstance(found, list) else ()
    except Exception as error:
        failure = translate(error)
    raise failure


def find_nearest(name: str, offered: Sequence[str]) -> list[str]:
    """Return the offered names that resemble `name` most, the best first; the first ones where none does."""
    by_folded = {model.lower(): model for model in offered}
    close = difflib.get_close_matches(name.lower(), list(by_folded), n=MAX_NEAREST, cutoff=0.4)
    return [by_folded[found] for found in close] or list(offered[:MAX_NEAREST])
