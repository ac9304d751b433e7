"""The application for a platform with its own HTTP server that loads an ASGI callable, as AWS Lambda web functions do.

Importing this module reads no setting and starts nothing. The application serves concurrent requests and streams; it takes no events. The limits on requests
of one user, of one address and on all bodies are those of the server mode; limits on connections are the platform's, whose server owns the sockets.
"""
from __future__ import annotations

from functools import cached_property

from starlette.types import ASGIApp, Receive, Scope, Send

import logs
import settings
from graph.app import error_response
from graph.client_address import last_hop, last_value


class PlatformApp:
    """The ASGI callable. The application itself is built at the first request.

    `client_address_header` is the header whose last value the platform writes, `request_id_header` one that the platform removes from clients' requests and
    writes itself. With invalid settings each request is answered with 500, and the log names every invalid setting, as in an event function.
    """

    def __init__(self, *, client_address_header: str, request_id_header: str) -> None:
        self._client_address_header = client_address_header.encode()
        self._request_id_header = request_id_header.encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            return await _follow_lifespan(receive, send)
        if scope["type"] != "http":
            raise NotImplementedError(scope["type"])  # the ASGI convention for an unsupported protocol
        scope["client"] = (last_hop(last_value(scope, self._client_address_header)), 0)
        scope["unilife.request_id"] = last_value(scope, self._request_id_header)
        try:
            app = self._app
        except settings.SettingsError as error:
            return await _refuse_start(error, scope, receive, send)
        await app(scope, receive, send)

    @cached_property
    def _app(self) -> ASGIApp:
        logs.configure(settings.current().log_level)
        logs.warn_of_settings(settings.current_doubts())
        from graph.asgi import server_app

        return server_app()


async def _follow_lifespan(receive: Receive, send: Send) -> None:
    """Acknowledge the start without starting anything, and close the connections when the platform ends the process."""
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await _close()
            return await send({"type": "lifespan.shutdown.complete"})


async def _close() -> None:
    from llm import client
    from persistence.database import dispose
    from resolvers.chat.running import end_all

    await end_all()
    await client.close()
    await dispose()


async def _refuse_start(error: settings.SettingsError, scope: Scope, receive: Receive, send: Send) -> None:
    logs.configure("INFO")
    request_id = scope["unilife.request_id"]
    logs.write(
        "function_event_failed", level="ERROR", request_id=request_id, code="INTERNAL_SERVER_ERROR", setting_errors=error.faults,
        action="Correct the settings that `setting_errors` lists, and redeploy.",
    )
    message = "the function's settings are invalid; its log names every invalid setting"
    await error_response(500, message, "INTERNAL_SERVER_ERROR", request_id)(scope, receive, send)
