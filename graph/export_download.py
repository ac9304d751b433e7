"""`GET /export`: all data of the signed-in user as one zip, streamed. Only the server mode has it: an event function cannot stream.

Pages are read one by one, so that a slow client holds no connection and no snapshot; the manifest at the end of the zip says what changed meanwhile.
"""
from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Receive, Scope, Send

import settings
from graph.app import error_response
from graph.errors import present_exception
from graph.request import bearer_of
from persistence import database
from resolvers.authentication import authenticate
from resolvers.chat.questions import store_abandoned_streams
from resolvers.client_network import client_network
from resolvers.errors import RateLimited, Unauthenticated
from resolvers.portability.archive import stream_archive
from resolvers.portability.pieces import measure

FORMATS = ("all", "json", "markdown")
_STATUS = {"UNAUTHENTICATED": 401, "RATE_LIMITED": 429, "BAD_USER_INPUT": 400}


class ExportDownload:
    """The ASGI application of the download. A user may have one at a time in each process: it reads the whole account."""

    def __init__(self) -> None:
        self._running: set[object] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            response = await self._answer(request)
        except Exception as exception:
            response = _refuse(scope, exception)
        await response(scope, receive, send)

    async def _answer(self, request: Request) -> Response:
        contents = request.query_params.get("format", "all").lower()
        if contents not in FORMATS:
            return error_response(400, f"format must be one of {', '.join(FORMATS)}", "BAD_USER_INPUT", request.scope.get("unilife.request_id"))
        client = request.client.host if request.client else None
        database.open_account(f"client {client_network(client)}", settings.current().statement_timeout_seconds)
        bearer = bearer_of(request.headers.get("authorization"))
        if bearer is None:
            raise Unauthenticated()
        viewer = await authenticate(bearer)
        request.scope.setdefault("unilife.log", {})["user_id"] = str(viewer.id)
        if viewer.id in self._running:
            raise RateLimited("an export of this account is being downloaded: wait until it has ended", retry_after=60)
        headers = {"content-disposition": 'attachment; filename="unilife.zip"', "x-accel-buffering": "no"}
        if request.method == "HEAD":
            return Response(media_type="application/zip", headers=headers)
        chunks = self._stream(viewer, contents)
        first = await anext(chunks)
        return StreamingResponse(_prepend(first, chunks), media_type="application/zip", headers=headers)

    async def _stream(self, viewer: Any, contents: str) -> AsyncIterator[bytes]:
        self._running.add(viewer.id)
        try:
            await store_abandoned_streams(viewer)
            state = await measure(viewer.id, database.session)
            source = stream_archive(viewer, database.session, state, with_json=contents != "markdown", with_markdown=contents != "json")
            async with aclosing(source) as chunks:
                async for chunk in chunks:
                    yield chunk
        finally:
            self._running.discard(viewer.id)


async def _prepend(first: bytes, chunks: Any) -> AsyncIterator[bytes]:
    """Yield the first bytes and the others, and end their source also when the client disconnects."""
    async with aclosing(chunks):
        yield first
        async for chunk in chunks:
            yield chunk


def _refuse(scope: Scope, exception: Exception) -> Response:
    """Return the response for an exception before the first byte: later ones break the response off, and a zip without its end opens nowhere."""
    presented = present_exception(exception, scope.get("unilife.request_id"))
    details = presented.extensions or {}
    code = str(details.get("code"))
    scope.setdefault("unilife.log", {}).update(outcome="error", codes=[code])
    wait = {"retry-after": str(int(details["retryAfter"]))} if details.get("retryAfter") else {}
    status = _STATUS.get(code, 500 if code == "INTERNAL_SERVER_ERROR" else 503)
    return error_response(status, presented.message, code, scope.get("unilife.request_id"), wait)
