"""Connection pool on asyncpg: few connections, opened on demand and shared by plain SQL queries and SQLAlchemy.

The queries of frequent requests run directly on a pooled connection (`ConnectionHolder.fetch`). SQLAlchemy borrows the same holders
(persistence/orm.py), so an instance opens no more connections than its settings allow, and one that runs only plain queries never loads it.
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
"""Maximum age of a connection: a frozen function loses its sockets, and poolers close idle connections after minutes."""
IDLE_BEFORE_PING_SECONDS = 2.0
"""A connection used this recently is reused without a ping unless it has unread data; an older one is pinged first, so that a request never
receives a closed socket."""
TAKE_SECONDS = 10.0
"""Maximum wait for a holder while all are in use."""
PING_SECONDS = 10.0
CLOSE_SECONDS = 2.0
SHARED_FROM = 4
"""The pool size, in connections, from which one owner may hold at most half of them. A function's default is lower: it serves one request at a time."""

Row = Sequence[Any]


class PoolTimeout(asyncio.TimeoutError):
    """No connection of the pool became free in time."""


class SupportsFetch(Protocol):
    """An executor of plain SQL queries: a `ConnectionHolder`, or a session within its transaction."""

    async def fetch(self, statement: str, *given: Any) -> Sequence[Row]:
        """Return all rows. Parameters are `$1`, `$2`, … in the order of `given`."""
        ...


class ConnectionHolder:
    """A pool entry that holds one connection, opens it on first use and reopens it after a loss. One task uses it at a time."""

    def __init__(self, manner: Connector) -> None:
        self._manner = manner
        self._pooled: bool | None = None
        self._opened_at = self._used_at = 0.0
        self.driver: asyncpg.Connection[Any] | None = None
        self.entry: Any = None
        """SQLAlchemy's record of this holder, from the first time that SQLAlchemy borrows it."""
        self.owner: str | None = None
        self._seconds: float | None = None

    async def check(self) -> None:
        """Drop a connection that is older than `RECYCLE_SECONDS`, that was lost while idle, or that was opened before a pooler was detected."""
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
        except Exception:  # the driver reports a lost connection with different exceptions
            return False
        return True

    async def open(self) -> asyncpg.Connection[Any]:
        """Return the connection, opening one if there is none."""
        if self.driver is None or self.driver.is_closed():
            self.driver = await self._manner.connect()
            self._pooled, self._opened_at = self._manner.pooled, time.monotonic()
            limit_statements(self.driver, self._seconds)
        return self.driver

    def limit(self, seconds: float | None) -> None:
        """Limit the seconds that each further statement may take; None removes the limit."""
        self._seconds = seconds
        if self.driver is not None:
            limit_statements(self.driver, seconds)

    async def fetch(self, statement: str, *given: Any) -> Sequence[Row]:
        """Return all rows of a statement that is its own transaction, so that a read costs one round trip."""
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
        """Terminate the connection without notifying the server."""
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
    """A pool of at most `size` connections. It lends the most recently used one first, so it opens only as many as are used at once.

    When all are in use, the next free one goes to the waiting owner that holds the fewest, so that many statements of one user wait for each
    other and do not delay other users. From `SHARED_FROM` connections on, one owner holds at most half of them.
    """

    def __init__(self, url: str, size: int) -> None:
        """Parse `url`, in any form that `dsn.parse` accepts. Raises `dsn.InvalidUrl`."""
        self.manner = Connector(dsn.parse(url))
        self._free = [ConnectionHolder(self.manner) for _ in range(size)]
        self._waiting: list[tuple[str | None, asyncio.Future[ConnectionHolder]]] = []
        self._taken: Counter[str | None] = Counter()
        self._share = size // 2 if size >= SHARED_FROM else size

    async def acquire(self) -> ConnectionHolder:
        """Lend a holder whose connection is checked, or not opened yet; the caller returns it with `release`. Raises `PoolTimeout`."""
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
        """Lend a free holder to the waiting owner that holds the fewest; among equals, to the one that has waited longest."""
        ready = [(owner, future) for owner, future in self._waiting if not future.done() and self._may_take(owner)]
        if ready:
            owner, future = min(ready, key=lambda each: self._taken[each[0]])
            future.set_result(self._give(owner))

    async def _wait(self, owner: str | None) -> ConnectionHolder:
        future: asyncio.Future[ConnectionHolder] = asyncio.get_running_loop().create_future()
        waiting = owner, future
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
        """Close all free connections; their holders open new ones on demand."""
        free, self._free = self._free, []
        for link in free:
            await link.close()
            self._free.append(link)
