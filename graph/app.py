"""The web application around the schema: `/graphql`, `/health`, and the middleware that all responses share.

Every request gets an id, one log line and a response, even when a handler raises. This module does not import GraphQL, so a function that has just started
can answer `/health` before the schema is built.
"""
from __future__ import annotations

import json
import re
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import logs
from graph.cors import cors_middleware
from graph.masking import MASKED_MESSAGE, log_unexpected
from settings import Settings, current

PATHS = ("/graphql", "/health", "/export", "/mcp")

SECURITY_HEADERS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
}
"""Headers of every response. Responses hold personal data, so no proxy or browser may cache them."""

Health = Callable[[], Awaitable[Mapping[str, Any]]]
"""Loads the state of the service's parts; its key `healthy: bool` selects status 200 or 503."""

MAX_URL_BYTES = 8 * 1024
"""Limit for scheme, host, path and query as sent. RFC 9110 (section 4.1) recommends supporting at least 8,000; longer documents are sent by POST."""

_REQUEST_ID = re.compile(r"[A-Za-z0-9._:=+/-]{1,128}", re.ASCII)


def build_app(
    graphql: ASGIApp, *, health: Health, settings: Settings | None = None, limits: Sequence[Middleware] = (), routes: Sequence[Route] = ()
) -> Starlette:
    """Return the ASGI application, without lifespan, that serves `graphql` at `/graphql`, and further `routes`.

    `limits` are middleware that run inside CORS and logging.
    """
    settings = settings or current()

    async def answer_health(request: Request) -> Response:
        found = {**await health(), "streaming": not request.scope.get("unilife.function")}
        return JSONResponse(found, 200 if found.get("healthy") else 503)

    middleware = [Middleware(RequestMiddleware), *cors_middleware(settings.cors_origins), Middleware(MaskedErrorMiddleware), Middleware(UrlLimit), *limits]
    app = Starlette(
        routes=[Route("/graphql", graphql), Route("/health", answer_health, methods=["GET"]), *routes],
        middleware=middleware,
        exception_handlers={HTTPException: _answer_http_exception},
    )
    app.router.redirect_slashes = False
    return app


class RequestMiddleware:
    """Middleware that adds the request id and the common headers to every HTTP response and logs one line per request.

    The id is `unilife.request_id` of the scope (the cloud's), else a new one.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        started = time.monotonic()
        status = 0
        scope["unilife.request_id"] = request_id = _request_id(scope.get("unilife.request_id"))
        logs.begin_request(request_id)

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message).update({**SECURITY_HEADERS, "x-request-id": request_id})
            await send(message)

        try:
            await self._app(scope, receive, send_with_headers)
        finally:
            _log(scope, request_id, status, started)


class MaskedErrorMiddleware:
    """Middleware that turns an unhandled exception into a masked 500 response. Runs inside the CORS middleware, so that the response has CORS headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        request_id, begun = scope["unilife.request_id"], False

        async def note(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, note)
        except Exception as exception:
            log_unexpected(exception, request_id)
            scope.setdefault("unilife.log", {}).update(outcome="error", codes=["INTERNAL_SERVER_ERROR"])
            if not begun:
                await _failure(request_id)(scope, receive, send)


class UrlLimit:
    """Middleware that answers 414 to a request whose URL is longer than `MAX_URL_BYTES`, before other code reads the URL."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or _url_length(scope) <= MAX_URL_BYTES:
            return await self._app(scope, receive, send)
        message = f"the URL is longer than {MAX_URL_BYTES} bytes: send the request by POST"
        scope.setdefault("unilife.log", {}).update(outcome="error", codes=["URI_TOO_LONG"])
        await error_response(414, message, "URI_TOO_LONG", scope.get("unilife.request_id"))(scope, receive, send)


def _url_length(scope: Scope) -> int:
    """Return the length of the URL in bytes. Without a raw path from the platform, the decoded path is encoded again."""
    host = next((value for name, value in scope["headers"] if name == b"host"), b"")
    path = scope.get("raw_path") or quote(scope["path"]).encode()
    query = scope["query_string"]
    return len(scope.get("scheme", "https")) + len("://") + len(host) + len(path) + bool(query) + len(query)


def _log(scope: Scope, request_id: str, status: int, started: float) -> None:
    """Log the request in one line. Only the paths in `PATHS` are logged, and no client address, text or token."""
    path = scope["path"] if scope["path"] in PATHS else None
    duration = round((time.monotonic() - started) * 1000, 1)
    fields = {"outcome": "ok" if status < 400 else "error", **scope.get("unilife.log", {})}
    logs.write("http_request", request_id=request_id, method=scope["method"][:10], path=path, status=status, duration_ms=duration, **fields)


def _request_id(given: Any) -> str:
    return given if isinstance(given, str) and _REQUEST_ID.fullmatch(given) else str(uuid.uuid4())


def _failure(request_id: str) -> Response:
    return error_response(500, MASKED_MESSAGE, "INTERNAL_SERVER_ERROR", request_id)


async def _answer_http_exception(request: Request, exception: Exception) -> Response:
    assert isinstance(exception, HTTPException)
    request_id = request.scope.get("unilife.request_id")
    if exception.status_code == 404:
        message = "unknown path: use /graphql for the API, /mcp for other assistants, /health for the state of the service"
        return error_response(404, message, "NOT_FOUND", request_id)
    code = "METHOD_NOT_ALLOWED" if exception.status_code == 405 else "BAD_USER_INPUT"
    return error_response(exception.status_code, exception.detail, code, request_id, exception.headers)


def error_response(status: int, message: str, code: str, request_id: str | None, headers: Mapping[str, str] | None = None) -> Response:
    """Return a response to a request that does not reach GraphQL, in the format of GraphQL errors."""
    wait = {"retryAfter": int(headers["retry-after"])} if headers and "retry-after" in headers else {}
    body = {"errors": [{"message": message, "extensions": {**wait, "code": code, "requestId": request_id}}]}
    return Response(json.dumps(body), status, headers, "application/json")
