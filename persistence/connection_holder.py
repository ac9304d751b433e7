"""One connection of the pool, and the interface by which plain SQL queries use it."""
from __future__ import annotations

import re
import time
from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Protocol

import asyncpg

from persistence import connection_quota
from persistence.connector import Connector, has_unread_data, limit_statements

RECYCLE_SECONDS = 300.0
"""Maximum age of a connection: a frozen function loses its sockets, and poolers close idle connections after minutes."""
IDLE_BEFORE_PING_SECONDS = 2.0
"""A connection used this recently is reused without a ping unless it has unread data; an older one is pinged first, so that a request never
receives a closed socket."""
PING_SECONDS = 10.0
"""Time limit of a ping, after which the connection counts as lost."""
CLOSE_SECONDS = 2.0
"""Time in which a server may answer the end of a connection before it is terminated."""
OUTCOME_UNKNOWN = ("08", "57P")
"""The first characters of SQLSTATEs of a lost connection, after which it is unknown whether the statement was carried out. Any other error undoes it."""
MAX_CACHED_STATEMENTS = 256
"""Statements of which is cached whether they write."""

Row = Sequence[Any]


@lru_cache(maxsize=MAX_CACHED_STATEMENTS)
def _writes(statement: str) -> bool:
    """Return whether a statement changes rows, or looks so."""
    return re.search(r"\b(insert|update|delete)\b", statement, re.IGNORECASE) is not None


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
        self.lent_at = 0.0
        self.is_opening = False
        """True while a connection is being opened, which counts like an open one."""
        self._seconds: float | None = None
        self._keeps_plans = False

    @property
    def has_connection(self) -> bool:
        return self.driver is not None and not self.driver.is_closed()

    async def check(self) -> None:
        """Drop a connection that is older than `RECYCLE_SECONDS`, that was lost while idle, or that was opened before a pooler was detected.

        Have the others plan as their new user needs it.
        """
        if self.driver is not None and not (await self._is_alive(self.driver) and await self._switch_plans(self.driver)):
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

    async def _switch_plans(self, driver: asyncpg.Connection[Any]) -> bool:
        """Have the server keep the plans of prepared statements for requests, and choose them for jobs. Return False if the connection is lost.

        One round trip where the connection's last user was of the other kind (docs/decisions/0085-keep-the-plans-of-prepared-statements.md).
        """
        keep = self._seconds is not None
        if keep is self._keeps_plans or not self._manner.sets_plans:
            return True
        try:
            await driver.execute(f"set plan_cache_mode = {'force_generic_plan' if keep else 'auto'}", timeout=PING_SECONDS)
        except Exception:  # the driver reports a lost connection with different exceptions
            return False
        self._keeps_plans = keep
        return True

    async def open(self) -> asyncpg.Connection[Any]:
        """Return the connection, opening one if there is none."""
        if self.driver is None or not self.has_connection:
            self._keeps_plans = self._seconds is not None
            self.driver = await self._manner.connect(keep_plans=self._keeps_plans)
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
        account = connection_quota.current()
        before, account.changed = account.changed, account.changed or _writes(statement)
        try:
            return await driver.fetch(statement, *given)
        except asyncpg.PostgresError as error:
            if not (error.sqlstate or "08").startswith(OUTCOME_UNKNOWN):
                account.changed = before
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
        if (closing := self.detach()) is not None:
            await close(closing)

    def detach(self) -> asyncpg.Connection[Any] | None:
        """Give the connection up without closing it, and return it."""
        closing, self.driver = self.driver, None
        return closing


async def close(driver: asyncpg.Connection[Any]) -> None:
    """Close a connection, at once if the server does not answer."""
    try:
        await driver.close(timeout=CLOSE_SECONDS)
    except Exception:
        driver.terminate()
