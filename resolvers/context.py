"""What one request knows: who asks, how long it may last, and the loaders that batch its reads."""
from __future__ import annotations

import asyncio
from functools import cached_property
from uuid import UUID

from jobs.deadline import Deadline
from persistence.queries.viewer import Viewer
from resolvers.authentication import authenticate
from resolvers.errors import Unauthenticated
from resolvers.loaders import Loaders

AUTHENTICATION_CLOSE_SECONDS = 1.0
"""How long the end of a request waits for a lookup that nobody needed, before it gives it up with its connection."""


class Context:
    """Made once a request, which `begin`s and `end`s it. One without a token asks the database nothing."""

    def __init__(self, *, request_id: str, deadline: Deadline, bearer: str | None = None, client_address: str | None = None) -> None:
        self.request_id = request_id
        self.deadline = deadline
        self.client_address = client_address
        self.user_id: UUID | None = None
        self._bearer = bearer
        self._authentication: asyncio.Task[Viewer] | None = None

    async def start_authentication(self) -> None:
        """Send the question who asks: the database answers it while the operation is prepared. Raises nothing; `viewer` does."""
        if self._bearer is not None and self._authentication is None:
            self._authentication = asyncio.ensure_future(authenticate(self._bearer))
            await asyncio.sleep(0)  # it goes as far as its first wait

    async def close(self) -> None:
        """Leave nothing behind that would stand still with the function until its next event."""
        asking = self._authentication
        if asking is None:
            return
        if not asking.done():
            await asyncio.wait([asking], timeout=AUTHENTICATION_CLOSE_SECONDS)
            asking.cancel()
            await asyncio.wait([asking])
        if not asking.cancelled():
            asking.exception()  # looked at, so that nobody complains

    async def viewer(self) -> Viewer | None:
        """The signed-in person, None without a token. Raises `Unauthenticated` for a token that is not good any more."""
        await self.start_authentication()
        if self._authentication is None:
            return None
        found = await self._authentication
        self.user_id = found.id
        return found

    async def require_viewer(self) -> Viewer:
        """The signed-in person. Raises `Unauthenticated`."""
        found = await self.viewer()
        if found is None:
            raise Unauthenticated()
        return found

    @cached_property
    def loaders(self) -> Loaders:
        """Batching reads of the viewer's own rows. Raises `Unauthenticated` before the viewer is known."""
        if self.user_id is None:
            raise Unauthenticated()
        return Loaders(self.user_id)
