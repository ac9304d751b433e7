"""Connections to PostgreSQL as asyncpg makes them: opened at need, few, and shared by all that reads and writes.

What every page reads goes straight through a link (`ConnectionHolder.fetch`). SQLAlchemy borrows the same links (persistence/orm.py), so
that an instance holds no more connections than its settings allow, and one that only reads never loads it.
"""
from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from typing import Any, Protocol

import asyncpg

from persistence import connection_quota, dsn
from persistence.connector import Connector, has_unread_data, limit_statements

RECYCLE_SECONDS = 300.0
"""A frozen function loses its sockets; poolers close idle ones after minutes."""
IDLE_BEFORE_PING_SECONDS = 2.0
"""A connection used this recently is taken as it is if the server has said nothing since; an older one is pinged first, so that a lost socket
never reaches a request."""
TAKE_SECONDS = 10.0
"""How long to wait for a link while all are taken."""
PING_SECONDS = 10.0
CLOSE_SECONDS = 2.0
SHARED_FROM = 4
"""Connections. A function has fewer, and one request at a time."""

Row = Sequence[Any]


class PoolTimeout(asyncio.TimeoutError):
    """No link came free in time."""


class SupportsFetch(Protocol):
    """What a query in PostgreSQL's own words runs on: a link, or a session within its transaction."""

    async def fetch(self, statement: str, *given: Any) -> Sequence[Row]:
        """All rows. Parameters are `$1`, `$2`, … in the order in which they are given."""
        ...


class ConnectionHolder:
    """A place for one connection, which is opened when it is first needed and anew when it was lost. Used by one at a time."""

    def __init__(self, manner: Connector) -> None:
        self._manner = manner
        self._pooled: bool | None = None
        self._opened_at = self._used_at = 0.0
        self.driver: asyncpg.Connection[Any] | None = None
        self.entry: Any = None
        """What SQLAlchemy keeps of this place, once it has borrowed it."""
        self.owner: str | None = None
        self._seconds: float | None = None

    async def check(self) -> None:
        """Let go of a connection that is old or was lost while nobody used it."""
        if self.driver is not None and not await self._is_alive(self.driver):
            self.drop()

    async def _is_alive(self, driver: asyncpg.Connection[Any]) -> bool:
        now = time.monotonic()
        if driver.is_closed() or now - self._opened_at > RECYCLE_SECONDS or self._pooled is not self._manner.pooled:
            return False
        if now - self._used_at < IDLE_BEFORE_PING_SECONDS and not has_unread_data(driver):
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
            limit_statements(self.driver, self._seconds)
        return self.driver

    def limit(self, seconds: float | None) -> None:
        """Bound the time of each statement from now on."""
        self._seconds = seconds
        if self.driver is not None:
            limit_statements(self.driver, seconds)

    async def fetch(self, statement: str, *given: Any) -> Sequence[Row]:
        """All rows of a statement, which is a transaction of its own: a read costs one round trip."""
        driver = self.driver or await self.open()
        try:
            return await driver.fetch(statement, *given)
        except asyncpg.PostgresError as error:
            if self._manner.detect_pooler(error):
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


class ConnectionPool:
    """At most `size` connections. The one used last is taken first, so that as few are opened as are needed at once.

    When all are taken, the next that comes free goes to whom has fewest at that moment, so that many statements of one person wait for each
    other and not others for them. From `SHARED_FROM` connections on, one owner has at most half of them.
    """

    def __init__(self, url: str, size: int) -> None:
        """`url` is in any spelling that `dsn.parse` reads. Raises `dsn.InvalidUrl`."""
        self.manner = Connector(dsn.parse(url))
        self._free = [ConnectionHolder(self.manner) for _ in range(size)]
        self._waiting: list[tuple[str | None, asyncio.Future[ConnectionHolder]]] = []
        self._taken: Counter[str | None] = Counter()
        self._share = size // 2 if size >= SHARED_FROM else size

    async def acquire(self) -> ConnectionHolder:
        """A link without a lost connection, to be given back with `put`. Raises `PoolTimeout`."""
        account = connection_quota.current()
        link = self._give(account.owner) if self._may_take(account.owner) else await self._wait(account.owner)
        try:
            await link.check()
        except BaseException:
            self._take_back(link)
            raise
        link.limit(account.seconds)
        return link

    def release(self, link: ConnectionHolder) -> None:
        link.note_use()
        self._take_back(link)

    def _may_take(self, owner: str | None) -> bool:
        return bool(self._free) and (owner is None or self._taken[owner] < self._share)

    def _give(self, owner: str | None) -> ConnectionHolder:
        link = self._free.pop()
        link.owner = owner
        self._taken[owner] += 1
        return link

    def _take_back(self, link: ConnectionHolder) -> None:
        self._taken[link.owner] -= 1
        if not self._taken[link.owner]:
            del self._taken[link.owner]
        self._free.append(link)
        self._serve()

    def _serve(self) -> None:
        """Give a free link to the owner of the fewest, of several to whoever came first."""
        ready = [(owner, future) for owner, future in self._waiting if not future.done() and self._may_take(owner)]
        if ready:
            owner, future = min(ready, key=lambda each: self._taken[each[0]])
            future.set_result(self._give(owner))

    async def _wait(self, owner: str | None) -> ConnectionHolder:
        waiting = owner, asyncio.get_running_loop().create_future()
        self._waiting.append(waiting)
        try:
            await asyncio.wait([waiting[1]], timeout=TAKE_SECONDS)
        except asyncio.CancelledError:
            if waiting[1].done():
                self._take_back(waiting[1].result())
            raise
        finally:
            self._waiting.remove(waiting)
        if not waiting[1].done():
            raise PoolTimeout
        return waiting[1].result()

    async def close(self) -> None:
        """Close all that are free; they open again at need."""
        free, self._free = self._free, []
        for link in free:
            await link.close()
            self._free.append(link)
