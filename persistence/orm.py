"""SQLAlchemy sessions on the connections of persistence/pool.py, for all writes and most reads."""
from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection, ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, Pool
from sqlalchemy.pool.base import _ConnectionRecord
from sqlalchemy.util import await_only

from persistence.pool import ConnectionHolder, ConnectionPool, Row


class Session(AsyncSession):
    """The session type that other packages name in annotations, instead of SQLAlchemy's."""

    async def fetch(self, statement: str, *given: Any) -> Sequence[Row]:
        """Return all rows of a plain SQL statement (`$1`, `$2`, …), run in this session's transaction after a flush."""
        if self.sync_session.autoflush:
            await self.flush()
        connection = await self.connection()
        return (await connection.exec_driver_sql(statement, given)).all()


class SharedPool(Pool):
    """An SQLAlchemy pool without connections of its own: each checkout acquires a holder from `ConnectionPool` and later releases it.

    SQLAlchemy's data about a connection (its adapter, its prepared statements) stays with the holder while that connection is open.
    """

    def __init__(self, links: ConnectionPool) -> None:
        super().__init__(self._connect)
        self._links = links

    def _do_get(self) -> ConnectionPoolEntry:
        link = await_only(self._links.acquire())
        if link.entry is None or link.driver is None or link.entry.driver_connection is not link.driver:
            link.entry = _ConnectionRecord(self, connect=False)
            link.entry.record_info["link"] = link
        return link.entry

    def _connect(self, entry: ConnectionPoolEntry) -> DBAPIConnection:
        """Create the adapter around a holder's connection, once per connection, and again if connecting revealed a pooler."""
        before = self._links.manner.pooled
        adapter = self._adapt(entry.record_info["link"])
        return adapter if self._links.manner.pooled is before else self._adapt(entry.record_info["link"])

    def _adapt(self, link: ConnectionHolder) -> DBAPIConnection:
        return self._dialect.loaded_dbapi.connect(async_creator_fn=link.open, **self._links.manner.dialect_arguments)

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        self._links.release(record.record_info["link"])

    def dispose(self) -> None:
        await_only(self._links.close())

    def recreate(self) -> SharedPool:
        return self

    def status(self) -> str:
        return "links of persistence/pool.py"


def make_engine(links: ConnectionPool) -> AsyncEngine:
    """Create an engine whose connections autocommit unless a transaction sets its isolation level, so that a read costs one round trip."""
    made = create_async_engine("postgresql+asyncpg://", pool=SharedPool(links), isolation_level="AUTOCOMMIT")

    @event.listens_for(made.sync_engine, "handle_error")
    def note(context: ExceptionContext) -> None:
        if links.manner.detect_pooler(context.original_exception):
            context.is_disconnect = True

    return made
