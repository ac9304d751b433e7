"""The application that the function's door and every server serve. `/health` is answered without the schema."""
from __future__ import annotations

from functools import cached_property, lru_cache

from starlette.applications import Starlette
from starlette.types import ASGIApp, Receive, Scope, Send

import settings
from graph import endpoint
from graph.app import build_app
from resolvers.health import check


@lru_cache(maxsize=1)
def app() -> Starlette:
    """The ASGI application, with the process's settings. Raises `SettingsError`."""
    if settings.current().deepseek_model not in settings.CURRENT_MODELS:
        from llm import retired_models  # a cold start reads the list only where the model could be on it

        retired_models.warn()
    return build_app(_LazyEndpoint(), health=health)


def server_app() -> Starlette:
    """Return the same application with the limits of a process that answers many at once. Raises `SettingsError`."""
    from starlette.middleware import Middleware

    from graph.server_limits import BoundedRequests

    return build_app(_LazyEndpoint(), health=health, limits=[Middleware(BoundedRequests)])


class _LazyEndpoint:
    """The GraphQL endpoint, made when something is asked of it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._endpoint(scope, receive, send)

    @cached_property
    def _endpoint(self) -> ASGIApp:
        return endpoint.make_endpoint()


async def health() -> dict[str, object]:
    """The body of `/health`; `healthy` decides its status."""
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
