"""The application that the event function and every server serve. `/health` is answered without building the schema."""
from __future__ import annotations

from functools import cached_property, lru_cache

from starlette.applications import Starlette
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

import settings
from graph import endpoint
from graph.app import build_app
from resolvers.health import check

MCP_PATH = "/mcp"
EXPORT_PATH = "/export"
"""The path of the download of all data, which a function does not have, because it cannot stream."""


@lru_cache(maxsize=1)
def app() -> Starlette:
    """Return the ASGI application, built with the process's settings. Raises `SettingsError`."""
    if settings.current().deepseek_model not in settings.CURRENT_MODELS:
        from llm import retired_models  # imported only when the model may be on the list, to keep cold starts short

        retired_models.warn()
    return build_app(_LazyEndpoint(), health=health, routes=[_mcp_route()])


def server_app() -> Starlette:
    """Return the application with the limits of a process that serves concurrent requests. Raises `SettingsError`."""
    from starlette.middleware import Middleware

    from graph.compression import Compression
    from graph.server_limits import BoundedRequests, limits_for

    limits = Middleware(BoundedRequests, limits_for(settings.current().database_pool_size))
    return build_app(_LazyEndpoint(), health=health, limits=[Middleware(Compression), limits], routes=[_export_route(), _mcp_route()])


def development_app() -> Starlette:
    """Return the application of `unilife dev`: with the paths of the server mode and without its limits. Raises `SettingsError`."""
    return build_app(_LazyEndpoint(), health=health, routes=[_export_route(), _mcp_route()])


class _LazyEndpoint:
    """The GraphQL endpoint, built at its first request."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._endpoint(scope, receive, send)

    @cached_property
    def _endpoint(self) -> ASGIApp:
        return endpoint.make_endpoint()


def _export_route() -> Route:
    return Route(EXPORT_PATH, _LazyDownload(), methods=["GET"])


def _mcp_route() -> Route:
    return Route(MCP_PATH, _LazyMcp())


class _LazyMcp:
    """The endpoint of other assistants, imported at its first request."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._endpoint(scope, receive, send)

    @cached_property
    def _endpoint(self) -> ASGIApp:
        from graph.mcp import McpEndpoint

        return McpEndpoint()


class _LazyDownload:
    """The download of all data, imported at its first request."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._download(scope, receive, send)

    @cached_property
    def _download(self) -> ASGIApp:
        from graph.export_download import ExportDownload

        return ExportDownload()


async def health() -> dict[str, object]:
    """Return the body of `/health`; its `healthy` determines the status."""
    found = await check()
    return {
        "status": found.status.value,
        "healthy": found.healthy,
        "version": found.version,
        "databaseReachable": found.database_reachable,
        "migrationsCurrent": found.migrations_current,
        "model": found.model,
        "modelPaused": found.model_paused,
        "modelState": found.model_state.value,
    }
