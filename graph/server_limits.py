"""Limits on the requests in flight of one user, of one client and of all together in the server mode. An event function has one request at a time.

A user is identified by a token with a valid signature; whether the session is still active is checked later. All other requests count by client address.
Health checks count apart, and a few sign-outs are let through beyond all limits.
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

REQUESTS_PER_CONNECTION = 40
"""Requests in flight for each database connection. A request uses one for a few milliseconds, so that 40 wait for well under a second."""
MIN_REQUESTS = 80
"""Requests in flight that a process with few database connections accepts all the same."""
HEALTH_PATH = "/health"
SIGN_OUT = b"sessionRevoke"
MAX_SIGN_OUT_BYTES = 4096
"""Maximum body of a request that may be a sign-out: a longer one is not looked at."""


@dataclass(frozen=True)
class RequestLimits:
    requests: int = 400
    """Concurrent requests of all together, beyond which a process refuses more before it runs out of memory or serves all of them too late."""
    sign_outs: int = 10
    """Concurrent sign-outs beyond all other limits."""
    requests_per_user: int = 20
    """Concurrent requests, streams included: a screen sends a handful, and an answer that is being streamed is one."""
    requests_per_client: int = 40
    """Concurrent requests from one address without a valid token: an office or a mobile network is one address."""
    body_bytes: int = 16 * 1024 * 1024
    """Memory for all bodies at once, beyond `body_bytes_each` of each request."""
    body_bytes_each: int = 64 * 1024
    """Bytes of each body that do not count toward `body_bytes`, so that large bodies never block small ones."""


def limits_for(database_pool_size: int) -> RequestLimits:
    """Return the limits of a process with so many database connections."""
    return RequestLimits(requests=max(MIN_REQUESTS, REQUESTS_PER_CONNECTION * database_pool_size))


class BoundedRequests:
    """ASGI middleware that rejects requests beyond `RequestLimits`: 429 for the user's or client's own requests, 503 for all requests or bodies together."""

    def __init__(self, app: ASGIApp, limits: RequestLimits = RequestLimits()) -> None:
        self._app, self._limits = app, limits
        self._open, self._body_bytes = Counter[str](), 0
        self._health_checks = self._sign_outs = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        if scope["path"] == HEALTH_PATH:
            return await self._check_health(scope, receive, send)
        who, share = self._find_share(scope)
        refuse = self._find_refusal(who, share)
        if refuse is not None:
            return await self._refuse_beyond(refuse, scope, receive, send)
        self._open[who] += 1
        try:
            await self._with_counted_body(scope, receive, send)
        finally:
            self._open[who] -= 1
            if not self._open[who]:
                del self._open[who]

    def _find_refusal(self, who: str, share: int) -> ASGIApp | None:
        if self._open[who] >= share:
            return _refusal(429, f"more than {share} requests at once: wait for a response before the next request", "RATE_LIMITED")
        if self._open.total() >= self._limits.requests:
            return _refusal(503, "the server is busy; nothing was changed: try again in a second", "SERVER_BUSY")
        return None

    async def _check_health(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a health check, which counts apart, so that no other request keeps it out."""
        if self._health_checks >= self._limits.requests_per_client:
            return await _refusal(503, "too many health checks at once", "SERVER_BUSY")(scope, receive, send)
        self._health_checks += 1
        try:
            await self._app(scope, receive, send)
        finally:
            self._health_checks -= 1

    async def _refuse_beyond(self, refuse: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse a request beyond the limits, unless it is a sign-out."""
        if self._sign_outs >= self._limits.sign_outs or not _may_be_sign_out(scope):
            return await refuse(scope, receive, send)
        self._sign_outs += 1
        try:
            body = await _read_body(receive)
            if body is None or SIGN_OUT not in body:
                return await refuse(scope, receive, send)
            await self._app(scope, _replay(body, receive), send)
        finally:
            self._sign_outs -= 1

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
                return f"person {read_access_token(token).user_id}", self._limits.requests_per_user
            except Unauthenticated:
                pass
        client = scope.get("client")
        return f"client {client_network(client[0] if client else None)}", self._limits.requests_per_client


def _may_be_sign_out(scope: Scope) -> bool:
    length = dict(scope["headers"]).get(b"content-length", b"")
    return scope["method"] == "POST" and length.isdigit() and len(length) <= len(str(MAX_SIGN_OUT_BYTES)) and int(length) <= MAX_SIGN_OUT_BYTES


async def _read_body(receive: Receive) -> bytes | None:
    """Return a short body, None when the client disconnected or the body is longer than it said."""
    body = b""
    while len(body) <= MAX_SIGN_OUT_BYTES:
        message = await receive()
        if message["type"] != "http.request":
            return None
        body += bytes(message.get("body", b""))
        if not message.get("more_body", False):
            return body
    return None


def _replay(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives a body that was read before, and then what follows."""
    first: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive_again() -> Message:
        return first.pop() if first else await receive()

    return receive_again


def _refusal(status: int, message: str, code: str) -> ASGIApp:
    async def refuse(scope: Scope, receive: Receive, send: Send) -> None:
        scope.setdefault("unilife.log", {}).update(outcome="error", codes=[code])
        response = error_response(status, message, code, scope.get("unilife.request_id"), {"retry-after": "1"})
        await response(scope, receive, send)

    return refuse
