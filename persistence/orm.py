"""SQLAlchemy sessions on the connections of persistence/pool.py, for all writes and most reads."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from sqlalchemy import event
from sqlalchemy.engine.interfaces import DBAPIConnection, Dialect, ExceptionContext
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.pool import ConnectionPoolEntry, ManagesConnection, Pool
from sqlalchemy.pool.base import _ConnectionRecord
from sqlalchemy.util import await_only

from persistence.connection_holder import ConnectionHolder, Row
from persistence.pool import ConnectionPool

if TYPE_CHECKING:
    from sqlalchemy import CursorResult, Result, Select
    from sqlalchemy import Row as SqlRow
    from typing_extensions import Unpack

    AnyResult = Result[Unpack[tuple[Any, ...]]]
    AnyRow = SqlRow[Unpack[tuple[Any, ...]]]
    AnySelect = Select[Unpack[tuple[Any, ...]]]
    """A select whose columns are not spelled out in its type."""


class Session(AsyncSession):
    """The session type that other packages name in annotations, instead of SQLAlchemy's."""

    async def fetch(self, statement: str, *given: Any) -> Sequence[Row]:
        """Return all rows of a plain SQL statement (`$1`, `$2`, …), run in this session's transaction after a flush."""
        if self.sync_session.autoflush:
            await self.flush()
        connection = await self.connection()
        return (await connection.exec_driver_sql(statement, given)).all()

    async def note_changes(self, user_ids: Iterable[UUID]) -> None:
        """Let `changedAt` of the users rise. A transaction calls it last, so that it waits for no other lock while it holds these."""
        await self.flush()
        if given := [(user_id,) for user_id in sorted(set(user_ids))]:
            await (await self.connection()).exec_driver_sql(_NOTE_CHANGE, given)


_NOTE_CHANGE = """
with noted as (
  update user_changes set changed_at = greatest(clock_timestamp(), changed_at + interval '1 microsecond')
  where user_id = $1 and txid_current_if_assigned() is not null returning user_id
)
insert into user_changes (user_id, changed_at)
select u.id, clock_timestamp() from users u
where u.id = $1 and txid_current_if_assigned() is not null and not exists (select from noted)
for key share of u
on conflict (user_id) do update set changed_at = greatest(excluded.changed_at, user_changes.changed_at + interval '1 microsecond')"""
"""Nothing is written in a transaction that wrote and locked no row, nor for a user who was deleted meanwhile."""


class SharedPool(Pool):
    """An SQLAlchemy pool without connections of its own: each checkout acquires a holder from `ConnectionPool` and later releases it.

    SQLAlchemy's data about a connection (its adapter, its prepared statements) stays with the holder while that connection is open.
    """

    def __init__(self, links: ConnectionPool) -> None:
        super().__init__(self._connect)
        self._links = links

    def _do_get(self) -> ConnectionPoolEntry:
        link: ConnectionHolder = await_only(self._links.acquire())
        if link.entry is None or link.driver is None or link.entry.driver_connection is not link.driver:
            link.entry = _ConnectionRecord(self, connect=False)
            _info(link.entry)["link"] = link
        entry: ConnectionPoolEntry = link.entry
        return entry

    def _connect(self, rec: ConnectionPoolEntry) -> DBAPIConnection:
        """Create the adapter around a holder's connection, once per connection, and again if connecting revealed a pooler."""
        before = self._links.manner.pooled
        adapter = self._adapt(_info(rec)["link"])
        return adapter if self._links.manner.pooled is before else self._adapt(_info(rec)["link"])

    def _adapt(self, link: ConnectionHolder) -> DBAPIConnection:
        driver = cast("Dialect", self._dialect).loaded_dbapi
        adapter: DBAPIConnection = driver.connect(async_creator_fn=link.open, **self._links.manner.dialect_arguments)
        return adapter

    def _do_return_conn(self, record: ConnectionPoolEntry) -> None:
        self._links.release(_info(record)["link"])

    def dispose(self) -> None:
        await_only(self._links.close())

    def recreate(self) -> SharedPool:
        return self

    def status(self) -> str:
        return "connections of persistence/pool.py"


def count_written(result: AnyResult) -> int:
    """Return the number of rows that a statement inserted, updated or deleted."""
    written = cast("CursorResult[Unpack[tuple[Any, ...]]]", result)  # the annotation of AsyncSession.execute has the base class only
    return written.rowcount


def _info(entry: ManagesConnection) -> dict[Any, Any]:
    info = entry.record_info
    assert info is not None, "a record of this pool always has one"
    return info


def make_engine(links: ConnectionPool) -> AsyncEngine:
    """Create an engine whose connections autocommit unless a transaction sets its isolation level, so that a read costs one round trip."""
    made = create_async_engine("postgresql+asyncpg://", pool=SharedPool(links), isolation_level="AUTOCOMMIT")

    @event.listens_for(made.sync_engine, "handle_error")
    def note(context: ExceptionContext) -> None:
        if links.manner.detect_pooler(context.original_exception):
            context.is_disconnect = True

    return made
