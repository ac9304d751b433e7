"""The names of the models that an endpoint offers, and those most similar to a given name."""

from __future__ import annotations

import difflib
from collections.abc import Mapping, Sequence
from typing import Any, cast

from llm import error_bodies, openai_client, providers
from llm.errors import ModelError
from llm.provider_errors import ErrorReply, translate
from llm.requests import Call

MAX_NEAREST = 5
"""Names that are suggested for an unknown one."""


async def list_models(seconds: float) -> tuple[str, ...]:
    """Return the names that GET /models lists, sorted; empty if the answer contains none. Raises ModelError."""
    failure: ModelError | None = None
    try:
        client = await openai_client.client()
        options: Any = {"timeout": max(seconds, 0.001)}  # the client's type of it is private
        reply: Any = await client.get("/models", cast_to=object, options=options)
        body = error_bodies.decode(reply) if isinstance(reply, str) else reply
        if error_bodies.is_error(body):
            raise ErrorReply(error_bodies.read(body, 200))
        return _names(body)
    except Exception as error:
        failure = translate(error, Call(providers.current(), (), 1))
    raise failure


def find_nearest(name: str, offered: Sequence[str]) -> list[str]:
    """Return the offered names most similar to `name`, best first; the first offered ones if none is similar."""
    by_folded = {model.lower(): model for model in offered}
    close = difflib.get_close_matches(name.lower(), list(by_folded), n=MAX_NEAREST, cutoff=0.4)
    return [by_folded[found] for found in close] or list(offered[:MAX_NEAREST])


def _names(body: object) -> tuple[str, ...]:
    """Return the names in `{"data": [{"id": …}]}`, OpenAI's format, or in a plain list."""
    rows = cast("Mapping[str, Any]", body).get("data") if isinstance(body, Mapping) else body
    items = cast("list[object]", rows) if isinstance(rows, list) else []
    found = {cast("Mapping[str, Any]", item).get("id") for item in items if isinstance(item, Mapping)}
    return tuple(sorted(name[:200] for name in found if isinstance(name, str) and name))
