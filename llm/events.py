"""The events of a streamed reply. Imports openai: import this module only inside functions."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any, Final

from openai import AsyncStream
from openai._streaming import ServerSentEvent

from llm.error_bodies import decode

DONE: Final = object()
"""Marks the regular end of a stream."""


class Events(AsyncStream[object]):
    """The decoded JSON of each event, errors included, and `DONE`. The library's own stream raises errors without their code.

    A reply that is no stream, although one was requested, is returned as one event: its JSON value, or its text.
    """

    async def __stream__(self) -> AsyncIterator[object]:
        response = self.response
        try:
            kind = response.headers.get("content-type", "").lower()
            if "json" in kind or "html" in kind:
                yield decode((await response.aread()).decode("utf-8", "replace"))
                yield DONE
                return
            done = False
            async with aclosing(self._iter_events()) as events:  # type: ignore[type-var] # an asynchronous generator has aclose()
                async for event in events:
                    if done or not event.data.strip():
                        continue  # the connection can be reused only after its body was read to the end
                    if done := event.data.startswith("[DONE]"):
                        yield DONE
                    else:
                        yield _value(event)
        finally:
            await response.aclose()

    async def close(self) -> None:
        """Close the iterator as well, so that its cleanup does not depend on the garbage collector."""
        await self._iterator.aclose()  # type: ignore[attr-defined] # an asynchronous generator
        await super().close()


def _value(event: ServerSentEvent) -> Any:
    value = event.json()
    if event.event == "error" and isinstance(value, dict) and not value.get("error"):
        return {"error": value}
    return value
