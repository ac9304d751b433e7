"""CORS for frontends of other origins, without credentials: only the Authorization header identifies the caller, never a cookie."""
from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from starlette.datastructures import Headers
from starlette.middleware import Middleware
from starlette.types import ASGIApp, Receive, Scope, Send

import logs

MAX_LOGGED_ORIGINS: Final = 20
"""Refused origins that a process names in its log, each once."""
_ANY_PORT: Final = ":*"
_ORIGIN: Final = re.compile(r"https?://[A-Za-z0-9.\-_\[\]:]{1,253}", re.ASCII)


def cors_middleware(origins: Sequence[str]) -> list[Middleware]:
    """Return the middleware for the origins of CORS_ORIGINS; the port `*` stands for every port of a host.

    All request headers are allowed: without credentials a header gives a page nothing that another client could not send, and GraphQL clients add
    headers of their own (`apollo-require-preflight`, `x-apollo-operation-name`, `traceparent`).
    """
    refusals = Middleware(RefusedOrigins, origins)
    if not origins:
        return [refusals]
    from starlette.middleware.cors import CORSMiddleware  # not needed without CORS_ORIGINS

    allowed = Middleware(
        CORSMiddleware,
        allow_origins=[origin for origin in origins if not origin.endswith(_ANY_PORT)],
        allow_origin_regex=_pattern(origins),
        allow_methods=["GET", "POST"],
        allow_headers=["*"],
        expose_headers=["x-request-id"],
        max_age=3600,
    )
    return [refusals, allowed]


def is_allowed_origin(origins: Sequence[str], origin: str) -> bool:
    """Return whether CORS_ORIGINS allows pages of this origin."""
    pattern = _pattern(origins)
    return "*" in origins or origin in origins or (pattern is not None and re.fullmatch(pattern, origin) is not None)


class RefusedOrigins:
    """Middleware that names an origin in the log when the browser's preflight request from it is refused: the page shows no reason."""

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        self._app = app
        pattern = _pattern(origins)
        self._allowed, self._pattern = frozenset(origins), re.compile(pattern) if pattern else None
        self._named: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "OPTIONS":
            self._note(Headers(scope=scope))
        await self._app(scope, receive, send)

    def _note(self, headers: Headers) -> None:
        origin = headers.get("origin", "")
        if "access-control-request-method" not in headers or self._is_allowed(origin) or not _ORIGIN.fullmatch(origin):
            return
        if origin not in self._named and len(self._named) < MAX_LOGGED_ORIGINS:
            self._named.add(origin)
            logs.write("origin_refused", level="WARNING", code="ORIGIN_REFUSED", origin=origin)

    def _is_allowed(self, origin: str) -> bool:
        return "*" in self._allowed or origin in self._allowed or (self._pattern is not None and self._pattern.fullmatch(origin) is not None)


def _pattern(origins: Sequence[str]) -> str | None:
    """Return the pattern of the origins that allow every port, the default port included; None if there is none."""
    hosts = [re.escape(origin.removesuffix(_ANY_PORT)) for origin in origins if origin.endswith(_ANY_PORT)]
    return f"(?:{'|'.join(hosts)})(?::[0-9]{{1,5}})?" if hosts else None
