"""Context of a request: its viewer, its deadline and its data loaders."""
from __future__ import annotations

import asyncio
from functools import cached_property
from typing import Protocol, TypeVar, cast
from uuid import UUID

from jobs.deadline import Deadline
from persistence import database
from persistence.queries.viewer import Viewer
from resolvers.authentication import authenticate
from resolvers.errors import Unauthenticated
from resolvers.loaders import Loaders

AUTHENTICATION_CLOSE_SECONDS = 1.0
"""Seconds that the end of a request waits for an authentication query that no resolver awaited, before it cancels the query and its connection."""


class LoaderGroup(Protocol):
    """A class of loaders that belong together, each created at first use for the user `user_id`."""

    def __init__(self, user_id: UUID) -> None: ...


LoadersT = TypeVar("LoadersT", bound=LoaderGroup)


class Context:
    """Created once per request, which calls `start_authentication` and `close`. A request without a token does not query the database."""

    def __init__(self, *, request_id: str, deadline: Deadline, bearer: str | None = None, client_address: str | None = None, can_stream: bool = True) -> None:
        self.request_id = request_id
        self.deadline = deadline
        self.client_address = client_address
        self.can_stream = can_stream
        """False in an event function, which returns whole responses only."""
        self.user_id: UUID | None = None
        self._bearer = bearer
        self._authentication: asyncio.Task[Viewer] | None = None
        self.loader_groups: dict[type[LoaderGroup], LoaderGroup] = {}

    @property
    def has_changed_data(self) -> bool:
        """Return whether the request has changed data, or may have."""
        return database.has_changed_data()

    async def start_authentication(self) -> None:
        """Start authentication in the background while the operation is parsed and validated. `viewer` raises its errors."""
        if self._bearer is not None and self._authentication is None:
            self._authentication = asyncio.ensure_future(authenticate(self._bearer))
            await asyncio.sleep(0)  # lets the task run until it waits for the database

    async def close(self) -> None:
        """End the background query: a task that is left over would freeze with the function until its next event."""
        asking = self._authentication
        if asking is None:
            return
        if not asking.done():
            await asyncio.wait([asking], timeout=AUTHENTICATION_CLOSE_SECONDS)
            asking.cancel()
            await asyncio.wait([asking])
        if not asking.cancelled():
            asking.exception()  # retrieved, so that asyncio does not log it

    async def viewer(self) -> Viewer | None:
        """Return the signed-in user, None without a token. Raises `Unauthenticated` for a token that is no longer valid."""
        await self.start_authentication()
        if self._authentication is None:
            return None
        found = await self._authentication
        self.user_id = found.id
        return found

    async def require_viewer(self) -> Viewer:
        """Return the signed-in user. Raises `Unauthenticated`."""
        found = await self.viewer()
        if found is None:
            raise Unauthenticated()
        return found

    @cached_property
    def loaders(self) -> Loaders:
        """Return the loaders of the viewer's own rows. Raises `Unauthenticated` before `viewer` has returned the user."""
        if self.user_id is None:
            raise Unauthenticated()
        return Loaders(self.user_id)

    def discard_loaded(self) -> None:
        """Replace the loaders, so that nothing that was loaded before is used from now on."""
        self.__dict__.pop("loaders", None)
        self.loader_groups.clear()


async def request_loaders(context: Context, kind: type[LoadersT]) -> LoadersT:
    """Return the request's loaders of one kind, which are freed with the request. Raises `Unauthenticated`."""
    viewer = await context.require_viewer()
    return cast(LoadersT, context.loader_groups.setdefault(kind, kind(viewer.id)))
