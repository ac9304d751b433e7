"""SQLAlchemy on the links of persistence/pool.py: sessions of entities, for all that writes and most that reads."""
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
    """The type by which the floors above name an open session; they know no more of SQLAlchemy."""

    async def fetch(self, statement: str, *given: Any) -> Sequence[Row]:
        """All rows of a statement in PostgreSQL's own words (`$1`, `$2`, …), as this session sees them."""
        if self.sync_session.autoflush:
            await self.flush()
        connection = await self.connection()
        return (await connection.exec_driver_sql(statement, given)).all()


class SharedPool(Pool):
    """A pool without connections: for each checkout it takes a link, and gives it back.

    What SQLAlchemy keeps with a connection (its adapter, its prepared statements) stays with the link while that connection lives.
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
        """An adapter around the link's connection, once for each; made anew if connecting showed a pooler."""
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
    """Connections autocommit unless a transaction asks otherwise, so a read costs one round trip."""
    made = create_async_engine("postgresql+asyncpg://", pool=SharedPool(links), isolation_level="AUTOCOMMIT")

    @event.listens_for(made.sync_engine, "handle_error")
    def note(context: ExceptionContext) -> None:
        if links.manner.detect_pooler(context.original_exception):
            context.is_disconnect = True

    return made
