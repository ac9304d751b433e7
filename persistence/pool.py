"""Connection pool on asyncpg: few connections, opened on demand and shared by plain SQL queries and SQLAlchemy.

The queries of frequent requests run directly on a pooled connection (persistence/connection_holder.py). SQLAlchemy borrows the same holders
(persistence/orm.py), so an instance opens no more connections than its settings allow, and one that runs only plain queries never loads it.
"""
from __future__ import annotations

import asyncio
import math
import time
from bisect import insort
from collections import Counter, deque
from dataclasses import dataclass, field

from persistence import connection_quota, dsn, loop_time
from persistence.connection_holder import ConnectionHolder, close
from persistence.connection_quota import Account
from persistence.connector import Connector
from persistence.grant import Grant, is_full

TAKE_SECONDS = 10.0
"""Maximum wait for a holder while all are in use, or while the database gives no connection."""
MEASURED_LOANS = 64
"""Number of the last loans whose median length predicts how long a request has to wait; with fewer, nothing is predicted."""
MAX_ADVICE_SECONDS = 30
"""Upper bound of the wait that a refused client is asked for."""
MIN_WAIT_SECONDS = 0.02
SHARED_FROM = 4
"""The pool size, in connections, from which one owner may hold at most half of them. A function's default is lower: it serves one request at a time."""

class PoolTimeout(asyncio.TimeoutError):
    """No connection of the pool became free in time, or none would. `retry_after` are the seconds after which another try makes sense."""

    def __init__(self, retry_after: int = 1) -> None:
        super().__init__()
        self.retry_after = retry_after


@dataclass(eq=False)
class Ticket:
    """A place in the queue for a holder."""

    account: Account
    came_at: float
    future: asyncio.Future[ConnectionHolder] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def order(self) -> tuple[bool, float]:
        return not self.account.urgent, self.came_at


class ConnectionPool:
    """A pool of at most `size` connections. It lends the most recently used one first, so it opens only as many as are used at once.

    When all are in use, the next free one goes to the waiting owner that holds the fewest, so that many statements of one user wait for each
    other and do not delay other users; among equals to the request that came first. From `SHARED_FROM` connections on, one owner holds at most
    half of them. A connection that the database refuses because it has none left makes the pool smaller for a while (persistence/grant.py), and
    its request waits for one of the others. Urgent requests are served first and may have one connection beyond `size` when all are in use.
    """

    def __init__(self, url: str, size: int) -> None:
        """Parse `url`, in any form that `dsn.parse` accepts. Raises `dsn.InvalidUrl`."""
        self.manner = Connector(dsn.parse(url))
        self._all = [ConnectionHolder(self.manner) for _ in range(size)]
        self._free = list(self._all)
        self._reserve, self._reserve_grant = ConnectionHolder(self.manner), Grant(1)
        self._is_reserve_free = True
        self._closing: set[asyncio.Task[None]] = set()
        self._waiting: list[Ticket] = []
        self._taken: Counter[str | None] = Counter()
        self._share = size // 2 if size >= SHARED_FROM else size
        self._grant = Grant(size)
        self._loans: deque[float] = deque(maxlen=MEASURED_LOANS)

    async def acquire(self) -> ConnectionHolder:
        """Lend a holder with an open and checked connection; the caller returns it with `release`.

        Raises `PoolTimeout`, at once if the wait would exceed the request's time, and the driver's errors when no connection can be opened.
        """
        account, began = connection_quota.current(), time.monotonic()
        while True:
            link = await self._take(account, began)
            link.limit(account.seconds)
            try:
                await self._prepare(link)
            except BaseException as error:
                full = is_full(error)
                if full and link is self._reserve:
                    self._reserve_grant.note_refusal(error, 0)
                elif full:
                    self._grant.note_refusal(error, self._count_open())
                self._reclaim(link)
                if not full:
                    raise
                continue
            account.admitted = True
            return link

    async def _prepare(self, link: ConnectionHolder) -> None:
        """Check the holder's connection, and open one if there is none."""
        try:
            await link.check()
            if not link.has_connection:
                link.is_opening = True
                await link.open()
                link.is_opening = False
                if link is self._reserve:
                    self._reserve_grant.note_success(1)
                else:
                    self._grant.note_success(self._count_open())
                    self._serve()
        finally:
            link.is_opening = False

    def release(self, link: ConnectionHolder) -> None:
        link.note_use()
        self._loans.append(time.monotonic() - link.lent_at)
        self._reclaim(link)

    def _count_open(self) -> int:
        return sum(link.has_connection or link.is_opening for link in self._all)

    def _find_holder(self, ticket: Ticket) -> ConnectionHolder | None:
        """Return the holder that the first of the waiting requests may have now: an open one if possible; the one in reserve only for an urgent request."""
        for link in reversed(self._free):
            if link.has_connection:
                return link
        if self._free and self._grant.may_open(self._count_open()):
            return self._free[-1]
        may_reserve = ticket.account.urgent and self._is_reserve_free and self._reserve_grant.may_open(0)
        return self._reserve if may_reserve else None

    def _give(self, link: ConnectionHolder, owner: str | None) -> ConnectionHolder:
        if link is self._reserve:
            self._is_reserve_free = False
        else:
            self._free.remove(link)
            if not link.has_connection:
                self._grant.note_try(self._count_open())
                link.is_opening = True
        link.owner, link.lent_at = owner, time.monotonic()
        self._taken[owner] += 1
        return link

    def _reclaim(self, link: ConnectionHolder) -> None:
        self._taken[link.owner] -= 1
        if not self._taken[link.owner]:
            del self._taken[link.owner]
        if link is self._reserve:
            self._is_reserve_free = True
        else:
            self._free.append(link)
        self._serve()
        if self._is_reserve_free and (unused := self._reserve.detach()) is not None:
            closing = asyncio.ensure_future(close(unused))
            self._closing.add(closing)
            closing.add_done_callback(self._closing.discard)

    def _serve(self) -> None:
        """Lend the free holders to the waiting requests, in their order."""
        while (ticket := self._find_next()) is not None and (link := self._find_holder(ticket)) is not None:
            self._waiting.remove(ticket)
            ticket.future.set_result(self._give(link, ticket.account.owner))

    def _find_next(self) -> Ticket | None:
        """Return the first of the waiting requests that may have a holder: an urgent one, then one of the owner who holds the fewest, then the oldest.

        `_waiting` is in the order of urgency and age, so the search ends at the first owner who holds none. To look at hundreds of waiting requests each
        time that a holder is returned would cost more than their statements.
        """
        found, fewest = None, 0
        for ticket in self._waiting:
            account = ticket.account
            if found is not None and (not fewest or found.account.urgent and not account.urgent):
                break
            taken = self._taken.get(account.owner, 0)
            if (account.urgent or account.owner is None or taken < self._share) and (found is None or taken < fewest):
                found, fewest = ticket, taken
        return found

    async def _take(self, account: Account, began: float) -> ConnectionHolder:
        """Return a free holder, in the order in which the requests came. Raises `PoolTimeout`."""
        ticket = Ticket(account, min(account.began_at, began))
        insort(self._waiting, ticket, key=Ticket.order)
        try:
            self._serve()
            if not ticket.future.done():
                await self._wait(ticket, self._time_left(account, began))
            if not ticket.future.done():
                raise self._refuse(ticket)
        except asyncio.CancelledError:
            if ticket.future.done():
                self._return_unused(ticket.future.result())
            raise
        finally:
            if not ticket.future.done():
                self._waiting.remove(ticket)
        return ticket.future.result()

    def _return_unused(self, link: ConnectionHolder) -> None:
        link.is_opening = False
        self._reclaim(link)

    def _time_left(self, account: Account, began: float) -> float:
        left = began + TAKE_SECONDS - time.monotonic()
        until_end = account.time_left()
        return left if until_end is None else min(left, until_end)

    async def _wait(self, ticket: Ticket, seconds: float) -> None:
        """Wait for a holder, and try for a further connection each time that the grant allows one. Time in which this process is busy does not count."""
        if not (ticket.account.admitted or ticket.account.urgent) and self._expected_wait(ticket) > seconds:
            return
        while seconds > 0 and not ticket.future.done():
            to_try = self._grant.seconds_to_next_try()
            step = seconds if to_try is None else min(seconds, max(to_try, MIN_WAIT_SECONDS))
            await loop_time.wait(ticket.future, step)
            seconds -= step
            self._serve()

    def _expected_wait(self, ticket: Ticket) -> float:
        """Return the seconds that a request probably waits: those before it in the queue, by the median length of the last loans."""
        if len(self._loans) < MEASURED_LOANS:
            return 0.0
        return (1 + self._waiting.index(ticket)) / max(1, self._count_open()) * sorted(self._loans)[MEASURED_LOANS // 2]

    def _refuse(self, ticket: Ticket) -> PoolTimeout:
        """Return the error for a request that got no holder. Its cause is the database's refusal, if that made the pool smaller."""
        refused = PoolTimeout(min(MAX_ADVICE_SECONDS, max(1, math.ceil(self._expected_wait(ticket)))))
        refused.__cause__ = self._grant.refusal
        return refused

    async def close(self) -> None:
        """Close all free connections; their holders open new ones on demand."""
        free, self._free = self._free, []
        for link in free:
            await link.close()
            self._free.append(link)
        if self._closing:
            await asyncio.wait(self._closing)
