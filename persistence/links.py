"""Connections to PostgreSQL as asyncpg makes them: opened at need, few, and shared by all that reads and writes.

What every page reads goes straight through a link (`Link.fetch`). SQLAlchemy borrows the same links (persistence/sessions.py), so
that an instance holds no more connections than its settings allow, and one that only reads never loads it.
"""
from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any, Protocol

import asyncpg

from persistence import dsn
from persistence.connecting import Manner, has_news

RECYCLE_SECONDS = 300.0
"""A frozen function loses its sockets; poolers close idle ones after minutes."""
IDLE_BEFORE_PING_SECONDS = 2.0
"""A connection used this recently is taken as it is if the server has said nothing since; an older one is pinged first, so that a lost socket
never reaches a request."""
TAKE_SECONDS = 10.0
"""How long to wait for a link while all are taken."""
PING_SECONDS = 10.0
CLOSE_SECONDS = 2.0

Row = Sequence[Any]


class AllTaken(asyncio.TimeoutError):
    """No link came free in time."""


class Reading(Protocol):
    """What a query in PostgreSQL's own words runs on: a link, or a session within its transaction."""

    async def fetch(self, statement: str, *given: Any) -> Sequence[Row]:
        """All rows. Parameters are `$1`, `$2`, … in the order in which they are given."""
        ...


class Link:
    """A place for one connection, which is opened when it is first needed and anew when it was lost. Used by one at a time."""

    def __init__(self, manner: Manner) -> None:
        self._manner = manner
        self._pooled: bool | None = None
        self._opened_at = self._used_at = 0.0
        self.driver: asyncpg.Connection[Any] | None = None
        self.entry: Any = None
        """What SQLAlchemy keeps of this place, once it has borrowed it."""

    async def check(self) -> None:
        """Let go of a connection that is old or was lost while nobody used it."""
        if self.driver is not None and not await self._is_alive(self.driver):
            self.drop()

    async def _is_alive(self, driver: asyncpg.Connection[Any]) -> bool:
        now = time.monotonic()
        if driver.is_closed() or now - self._opened_at > RECYCLE_SECONDS or self._pooled is not self._manner.pooled:
            return False
        if now - self._used_at < IDLE_BEFORE_PING_SECONDS and not has_news(driver):
            return True
        try:
            await driver.execute("select 1", timeout=PING_SECONDS)
        except Exception:  # in whatever way the driver finds out that nobody is there
            return False
        return True

    async def open(self) -> asyncpg.Connection[Any]:
        """The connection, opened if there is none."""
        if self.driver is None or self.driver.is_closed():
            self.driver = await self._manner.connect()
            self._pooled, self._opened_at = self._manner.pooled, time.monotonic()
        return self.driver

    async def fetch(self, statement: str, *given: Any) -> Sequence[Row]:
        """All rows of a statement, which is a transaction of its own: a read costs one round trip."""
        driver = self.driver or await self.open()
        try:
            return await driver.fetch(statement, *given)
        except asyncpg.PostgresError as error:
            if self._manner.shows_pooler(error):
                self.drop()
            raise

    def note_use(self) -> None:
        self._used_at = time.monotonic()

    def drop(self) -> None:
        """Give the connection up without a word to the server."""
        if self.driver is not None:
            self.driver.terminate()
            self.driver = None

    async def close(self) -> None:
        closing, self.driver = self.driver, None
        if closing is not None:
            try:
                await closing.close(timeout=CLOSE_SECONDS)
            except Exception:
                closing.terminate()


class Links:
    """At most `size` connections. The one used last is taken first, so that as few are opened as are needed at once."""

    def __init__(self, url: str, size: int) -> None:
        """`url` is in any spelling that `dsn.parse` reads. Raises `dsn.InvalidUrl`."""
        self._free: asyncio.LifoQueue[Link] = asyncio.LifoQueue()
        self.manner = Manner(dsn.parse(url))
        for _ in range(size):
            self._free.put_nowait(Link(self.manner))

    async def take(self) -> Link:
        """A link without a lost connection, to be given back with `put`. Raises `AllTaken`."""
        link = self._free.get_nowait() if not self._free.empty() else await self._wait()
        try:
            await link.check()
        except BaseException:
            self._free.put_nowait(link)
            raise
        return link

    async def _wait(self) -> Link:
        try:
            return await asyncio.wait_for(self._free.get(), TAKE_SECONDS)
        except asyncio.TimeoutError:
            raise AllTaken from None

    def put(self, link: Link) -> None:
        link.note_use()
        self._free.put_nowait(link)

    async def close(self) -> None:
        """Close all that are free; they open again at need."""
        free = [self._free.get_nowait() for _ in range(self._free.qsize())]
        for link in reversed(free):
            await link.close()
            self._free.put_nowait(link)
