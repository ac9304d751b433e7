"""How many items of a run may ask the model at once."""
from __future__ import annotations

import asyncio


class SlotsLost(Exception):
    """The run has lost its places at the model to others: it stood still for too long."""


class ResizableSemaphore:
    """A semaphore whose width may change: places are leased from what all instances share, and can be lost."""

    def __init__(self) -> None:
        self._width = self._taken = 0
        self._changed = asyncio.Condition()

    async def resize(self, width: int) -> None:
        """With 0 those who wait are sent away; who has a place keeps it."""
        if width != self._width:
            self._width = width
            async with self._changed:
                self._changed.notify_all()

    async def __aenter__(self) -> None:
        """Wait for a place. Raises `SlotsLost`."""
        async with self._changed:
            await self._changed.wait_for(lambda: not self._width or self._taken < self._width)
            if not self._width:
                raise SlotsLost()
            self._taken += 1

    async def __aexit__(self, *_: object) -> None:
        self._taken -= 1
        async with self._changed:
            self._changed.notify()
