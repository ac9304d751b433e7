"""Compression of GraphQL responses by gzip, in the server mode. An event function leaves it out: its cloud compresses, or takes no binary bodies.

Streams are left as they are, and so are responses with tokens of a session: an attacker's page could otherwise learn them from the length of
compressed responses that also repeat text of its choice (BREACH, https://www.breachattack.com, read on 2026-11-29).
"""
from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.middleware.gzip import GZipMiddleware
from starlette.types import ASGIApp, Message, Receive, Scope, Send

PATH = "/graphql"
MIN_BYTES = 1024
"""Length of the shortest response that is compressed."""
LEVEL = 4
"""Level of compression, of 9: a page of 20 diaries shrinks to an eighth in under a millisecond; higher levels gain little."""
PLAIN = "unilife.plain"
"""The key of the request's scope under which the endpoint says that the response must not be compressed."""
_IDENTITY = "identity"


class Compression:
    """ASGI middleware that compresses the responses of `/graphql` for clients that accept gzip."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._compressing = GZipMiddleware(_Marked(app), minimum_size=MIN_BYTES, compresslevel=LEVEL)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            return await self._app(scope, receive, send)

        async def send_unmarked(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(raw=message["headers"])
                if headers.get("content-encoding") == _IDENTITY:
                    del headers["content-encoding"]
            await send(message)

        await self._compressing(scope, receive, send_unmarked)


class _Marked:
    """The application whose plain responses are marked as encoded already, so that Starlette's middleware passes them on."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_marked(message: Message) -> None:
            if message["type"] == "http.response.start" and scope.get(PLAIN):
                MutableHeaders(raw=message["headers"])["content-encoding"] = _IDENTITY
            await send(message)

        await self._app(scope, receive, send_marked)
