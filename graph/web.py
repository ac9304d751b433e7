"""The server mode: the application under an ASGI server, for a web function or a container. Answers are streamed here.

`python -m graph.web` starts it. The client's address is taken from the header that the platform writes and no client can forge, named by
`--client-address-header`; without that option it is the address of the connection.
"""
from __future__ import annotations

import argparse
import asyncio
import gc
import os
import sys
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

import logs
import settings
from graph.app import MaskedErrorMiddleware, RequestMiddleware, UrlLimit
from graph.client_address import last_hop, last_value
from graph.errors import present_exception
from graph.request import HTTPError, parse_json, read_body
from jobs import python_runtime
from jobs.deadline import Deadline
from jobs.timer_events import TimerRequest, parse_timer_event

PORT = 9000
"""The default port, which Tencent's web functions and images, and Alibaba's custom runtimes, call; `PORT` in the environment overrides it."""

EVENT_INVOKE = "/event-invoke"
"""The path to which Tencent sends events for an image of the event type, by POST."""

PROXY_HEADERS = (
    "x-scf-remote-addr", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip", "x-client-ip", "forwarded", "via", "origin",
    "sec-fetch-site",
)  # fmt: skip
"""Headers of requests that came through a public HTTP endpoint, or from a page in a browser. The platform's own events have none."""

KEEP_ALIVE_SECONDS = 75
"""Keep-alive time, longer than the 60 s after which common proxies drop an idle connection, so that the server never closes one while a request is on its
way."""

CLOSE_SECONDS = 10
"""Time that open requests may still run after SIGTERM."""

GARBAGE_THRESHOLDS = (25_000, 10, 10)
"""Thresholds of Python's garbage collector, as in handler.py. With the default of 2,000 objects, the requests in flight are scanned at each collection: a
hundred of them took 7 % of the process's time."""

SERVER_LOGGERS = ("uvicorn", "asyncio")
"""Loggers whose lines are also written as JSON."""

RunTimer = Callable[[TimerRequest, Deadline], Awaitable["dict[str, Any]"]]


class ConflictingOptions(Exception):
    """The error for two options of which one assumes that the public reaches the port, and the other that only the platform does."""

    def __init__(self) -> None:
        super().__init__("--event-invoke is for a port that only the platform can reach, --client-address-header for a port behind a public HTTP proxy: use one of them")


class ServerApp:
    """The application with the client's address set, and with the timer event endpoint if `event_invoke`.

    Set `event_invoke` only in a function that the platform alone can reach, as an event image is: a timer's event is trusted without authentication.
    Otherwise `/event-invoke` is answered like any other unknown path. Raises `ConflictingOptions`.
    """

    def __init__(self, app: ASGIApp, run_timer: RunTimer, *, event_invoke: bool = False, client_address_header: str | None = None) -> None:
        if event_invoke and client_address_header:
            raise ConflictingOptions()
        self._app = app
        self._events = RequestMiddleware(MaskedErrorMiddleware(UrlLimit(TimerEventEndpoint(run_timer)))) if event_invoke else app
        self._header = client_address_header.lower().encode() if client_address_header else None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return await self._app(scope, receive, send)
        if self._header:
            scope["client"] = (last_hop(last_value(scope, self._header)), 0)
        is_event = scope["path"] == EVENT_INVOKE and not _was_proxied(scope)
        await (self._events if is_event else self._app)(scope, receive, send)


class TimerEventEndpoint:
    """The endpoint for a timer's event by POST; it responds with the run's summary. Failures are reported with status 200, because the platform repeats
    events that fail."""

    def __init__(self, run_timer: RunTimer) -> None:
        self._run_timer = run_timer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope, receive)
        try:
            answer: Response = JSONResponse(await self._answer(request))
        except HTTPError as error:
            refused = {"message": error.message, "code": error.code, "requestId": scope.get("unilife.request_id")}
            answer = JSONResponse({"ok": False, "error": refused}, error.status, error.headers)
        await answer(scope, receive, send)

    async def _answer(self, request: Request) -> dict[str, Any]:
        if request.method != "POST":
            raise HTTPError(405, "send events by POST", "METHOD_NOT_ALLOWED", allow="POST")
        event = parse_json((await read_body(request)).decode(errors="replace"), "the event")
        try:
            trigger = parse_timer_event(event)
            if trigger is None:
                raise HTTPError(400, "this endpoint accepts only timer events: send HTTP requests to the same port directly")
            return {"ok": True, **await self._run_timer(trigger, Deadline(settings.current().function_timeout_seconds))}
        except HTTPError:
            raise
        except Exception as failure:
            presented = present_exception(failure, request.scope.get("unilife.request_id"))
            return {"ok": False, "error": {"message": presented.message, **(presented.extensions or {})}}


def serve(
    host: str, port: int, *, event_invoke: bool = False, client_address_header: str | None = None, extend: Callable[[ASGIApp], ASGIApp] | None = None
) -> None:
    """Serve until SIGTERM or Ctrl-C, with what `extend` adds to the application. Raises `SettingsError` and `ConflictingOptions`; exits with uvicorn's own status (3) when the port is taken."""
    logs.configure(settings.current().log_level)
    logs.warn_of_settings(settings.current_doubts())
    gc.set_threshold(*GARBAGE_THRESHOLDS)
    python_runtime.warn()
    from graph.asgi import server_app
    from jobs.run import run_timer

    app: ASGIApp = extend(server_app()) if extend else server_app()
    form = ServerApp(app, run_timer, event_invoke=event_invoke, client_address_header=client_address_header)
    asyncio.run(_serve(form, host, port, behind_proxy=event_invoke or client_address_header is not None))


def main() -> None:
    """Run the entry point of the container and the web function."""
    parser = argparse.ArgumentParser(prog="graph.web", description="Serve UniLife over HTTP.")
    parser.add_argument("--host", default="0.0.0.0")
    parser.add_argument("--port", type=int, default=os.environ.get("PORT") or str(PORT))
    parser.add_argument("--event-invoke", action="store_true", help="accept timer events at POST /event-invoke; only for a port that only the platform can reach")
    parser.add_argument("--client-address-header", help="header in which the platform passes the client's address")
    given = parser.parse_args()
    try:
        serve(given.host, given.port, event_invoke=given.event_invoke, client_address_header=given.client_address_header)
    except (settings.SettingsError, ConflictingOptions) as error:
        sys.exit(str(error))


async def _serve(app: ASGIApp, host: str, port: int, *, behind_proxy: bool) -> None:
    import uvicorn

    from graph.server_protocol import ConnectionLimits, make_protocol
    from llm import client
    from persistence.database import dispose
    from resolvers.chat.running import end_all

    protocol = make_protocol(ConnectionLimits(connections_per_client=None) if behind_proxy else ConnectionLimits())
    logs.adopt(SERVER_LOGGERS, "WARNING")
    config = uvicorn.Config(
        app, host, port, loop="asyncio", http=protocol, ws="none", lifespan="off", log_config=None, access_log=False, server_header=False,
        proxy_headers=False, timeout_keep_alive=KEEP_ALIVE_SECONDS, timeout_graceful_shutdown=CLOSE_SECONDS,
    )  # fmt: skip
    try:
        await uvicorn.Server(config).serve()
    finally:
        await end_all()
        await client.close()
        await dispose()


def _was_proxied(scope: Scope) -> bool:
    return any(name.decode("latin-1").lower() in PROXY_HEADERS for name, _ in scope["headers"])


if __name__ == "__main__":
    main()
