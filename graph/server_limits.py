"""Limits on the requests in flight of one user, of one client and of all together in the server mode. An event function has one request at a time.

A user is identified by a token with a valid signature; whether the session is still active is checked later. All other requests count by client address.
"""
from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from graph.app import error_response
from graph.request import HTTPError, bearer_of
from resolvers.client_network import client_network
from resolvers.errors import Unauthenticated
from resolvers.tokens import read_access_token


@dataclass(frozen=True)
class RequestLimits:
    requests_per_person: int = 20
    """Concurrent requests, streams included: a screen sends a handful, and an answer that is being streamed is one."""
    requests_per_client: int = 40
    """Concurrent requests from one address without a valid token: an office or a mobile network is one address."""
    body_bytes: int = 16 * 1024 * 1024
    """Memory for all bodies at once, beyond `body_bytes_each` of each request."""
    body_bytes_each: int = 64 * 1024
    """Bytes of each body that do not count toward `body_bytes`, so that large bodies never block small ones."""


class BoundedRequests:
    """ASGI middleware that rejects requests beyond `RequestLimits`: 429 for the user's or client's own requests, 503 for all bodies together."""

    def __init__(self, app: ASGIApp, limits: RequestLimits = RequestLimits()) -> None:
        self._app, self._limits = app, limits
        self._open, self._body_bytes = Counter[str](), 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        who, share = self._find_share(scope)
        if self._open[who] >= share:
            return await _refuse(429, f"more than {share} requests at once: wait for a response before the next request", scope, receive, send)
        self._open[who] += 1
        try:
            await self._with_counted_body(scope, receive, send)
        finally:
            self._open[who] -= 1
            if not self._open[who]:
                del self._open[who]

    async def _with_counted_body(self, scope: Scope, receive: Receive, send: Send) -> None:
        size = counted = 0

        async def receive_counted() -> Message:
            nonlocal size, counted
            message = await receive()
            size += len(message.get("body", b""))
            more = max(0, size - self._limits.body_bytes_each) - counted
            if more > 0 and self._body_bytes + more > self._limits.body_bytes:
                raise HTTPError(503, "the server is receiving too many large requests: try again in a second", "RATE_LIMITED", **{"retry-after": "1"})
            counted += max(0, more)
            self._body_bytes += max(0, more)
            return message

        try:
            await self._app(scope, receive_counted, send)
        finally:
            self._body_bytes -= counted

    def _find_share(self, scope: Scope) -> tuple[str, int]:
        token = bearer_of(dict(scope["headers"]).get(b"authorization", b"").decode("latin-1"))
        if token:
            try:
                return f"person {read_access_token(token).user_id}", self._limits.requests_per_person
            except Unauthenticated:
                pass
        client = scope.get("client")
        return f"client {client_network(client[0] if client else None)}", self._limits.requests_per_client


async def _refuse(status: int, message: str, scope: Scope, receive: Receive, send: Send) -> None:
    scope.setdefault("unilife.log", {}).update(outcome="error", codes=["RATE_LIMITED"])
    response = error_response(status, message, "RATE_LIMITED", scope.get("unilife.request_id"), {"retry-after": "1"})
    await response(scope, receive, send)
