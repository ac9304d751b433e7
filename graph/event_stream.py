"""Server-sent events in graphql-sse's distinct connections mode: `next` for each result, then `complete`."""
from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any, cast

from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from graph.request import EVENT_STREAM

PING_SECONDS = 12.0
"""Interval of comments on a silent stream: proxies close connections that are silent for longer, commonly after 15 to 60 seconds."""


class EventStream(Response):
    """A response that sends each text as an event's data. When the client disconnects, the source is closed at once."""

    media_type = EVENT_STREAM

    def __init__(self, texts: AsyncIterator[str]) -> None:
        self._texts = texts
        self.status_code, self.background = 200, None
        self.init_headers({"x-accel-buffering": "no"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        sending = asyncio.ensure_future(self._send_all(send))
        leaving, pinging = asyncio.ensure_future(_until_disconnect(receive)), asyncio.ensure_future(_ping(send))
        try:
            await asyncio.wait([sending, leaving], return_when=asyncio.FIRST_COMPLETED)
        finally:
            tasks = (sending, leaving, pinging)
            for task in tasks:
                task.cancel()
            ends = await asyncio.gather(*tasks, return_exceptions=True)
        if isinstance(ends[0], Exception) and not isinstance(ends[0], OSError):  # OSError: the client has disconnected
            raise ends[0]

    async def _send_all(self, send: Send) -> None:
        try:
            async for text in self._texts:
                await send(_event("next", text))
            await send(_event("complete", "", more=False))
        finally:
            await cast(Any, self._texts).aclose()


def _event(name: str, data: str, *, more: bool = True) -> Message:
    return {"type": "http.response.body", "body": f"event: {name}\ndata: {data}\n\n".encode(), "more_body": more}


async def _until_disconnect(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _ping(send: Send) -> None:
    while True:
        await asyncio.sleep(PING_SECONDS)
        await send({"type": "http.response.body", "body": b":\n\n", "more_body": True})
