"""The semaphore that limits how many items of a run call the model at once."""
from __future__ import annotations

import asyncio


class SlotsLost(Exception):
    """The error of a run that holds no model slot any more: its process was suspended for so long that the leases expired."""


class ResizableSemaphore:
    """A semaphore with a limit that may change: model slots are leased from those that all instances share, and the leases can expire."""

    def __init__(self) -> None:
        self._width = self._taken = 0
        self._changed = asyncio.Condition()

    async def resize(self, width: int) -> None:
        """Change the limit. With 0, waiting tasks get `SlotsLost`; tasks that hold a slot keep it."""
        if width != self._width:
            self._width = width
            async with self._changed:
                self._changed.notify_all()

    async def __aenter__(self) -> None:
        """Wait for a slot. Raises `SlotsLost`."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._width or self._taken < self._width)
            if not self._width:
                raise SlotsLost()
            self._taken += 1

    async def __aexit__(self, *_: object) -> None:
        self._taken -= 1
        async with self._changed:
            self._changed.notify()
