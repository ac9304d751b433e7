"""Access to the database: `connection()` and `session()` to read, `transaction()` to write. Requests and jobs commit only through the last.

The connections of a process are opened on the running event loop and kept as long as that loop lives. Each context manager is used
briefly: for one query or one unit of work, never shared by sibling fields, never held during a model call.
"""
from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import settings
from persistence import connection_quota, orm
from persistence.connection_holder import ConnectionHolder
from persistence.connection_holder import SupportsFetch as SupportsFetch
from persistence.connection_quota import charge as charge
from persistence.connection_quota import open_account as open_account
from persistence.connection_quota import urgently as urgently
from persistence.connection_quota import without_time_limit as without_time_limit
from persistence.errors import DatabaseNotMigrated, translate_driver_errors
from persistence.pool import ConnectionPool
from persistence.revisions import is_compatible

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from persistence.orm import Session as Session

SCHEMA_REVISION = "0046.0015"
"""The migration that this code requires: the newest file in persistence/migrations/versions, but for a last one that contracts. A test compares them."""

_links: ConnectionPool | None = None
_engine: AsyncEngine | None = None


def pool() -> ConnectionPool:
    """Return the connection pool of the process, created at the first call. Raises `dsn.InvalidUrl`."""
    global _links
    if _links is None:
        _links = ConnectionPool(settings.current().postgresql_url.reveal(), settings.current().database_pool_size)
    return _links


def engine() -> AsyncEngine:
    """Return the SQLAlchemy engine that uses the connection pool of the process."""
    global _engine
    if _engine is None:
        _engine = orm.make_engine(pool())
    return _engine


def make_engine(url: str, *, pool_size: int) -> AsyncEngine:
    """Return an engine for `url` (any form that `dsn.parse` accepts) with at most `pool_size` connections. Raises `dsn.InvalidUrl`."""
    return orm.make_engine(ConnectionPool(url, pool_size))


def has_changed_data() -> bool:
    """Return whether the current request has changed data, or may have."""
    return connection_quota.current().changed


@asynccontextmanager
async def connection() -> AsyncIterator[ConnectionHolder]:
    """Lend a pooled connection for plain SQL queries without SQLAlchemy.

    Raises `DatabaseUnavailable` (`ServerBusy` when all connections are in use), `DatabaseNotMigrated`, `DatabaseTimeout`, and within a request
    `Overtaken`.
    """
    with translate_driver_errors():
        lending = pool()
        link = await lending.acquire()
        try:
            yield link
        except asyncio.CancelledError:
            link.drop()  # the server still runs the statement, and the connection's next user would receive its result
            raise
        finally:
            lending.release(link)


@asynccontextmanager
async def session() -> AsyncIterator[Session]:
    """Open a session for reading. Raises the errors of `connection()`."""
    with translate_driver_errors():
        async with orm.Session(engine(), expire_on_commit=False, autoflush=False) as opened:
            yield opened


@asynccontextmanager
async def transaction(*, snapshot: bool = False, dry_run: bool = False, counting: bool = False) -> AsyncIterator[Session]:
    """Open a session for writing: committed at the end, rolled back on any exception. Raises the errors of `connection()`.

    Within a request it lets `changedAt` of the signed-in user rise, if it wrote anything, but not with `counting`, for counters that no client reads;
    jobs call `Session.note_changes` for theirs.
    With `snapshot` all its statements see the state of the first one (REPEATABLE READ), for reads that must be consistent with each other; it is
    for reading alone. With `dry_run` it is rolled back at its end; entities keep the values that they had in it.
    """
    with translate_driver_errors():
        writing = engine().execution_options(isolation_level="REPEATABLE READ" if snapshot else "READ COMMITTED")
        async with orm.Session(writing, expire_on_commit=False) as opened, opened.begin():
            yield opened
            if dry_run:
                opened.expunge_all()  # a rollback would make its entities unreadable
                await opened.rollback()
            elif not snapshot:
                account = connection_quota.current()
                await opened.note_changes([account.user_id] if account.user_id and not counting else [])
                account.changed = True  # the commit follows; if its answer is lost, the outcome is unknown


async def dispose() -> None:
    """Close every connection; the next use opens new ones."""
    global _links, _engine
    closing, _links, _engine = _links, None, None
    if closing is not None:
        await closing.close()


async def is_schema_compatible() -> bool:
    """Return whether the tables have the required revision, or a newer one that still supports this code. Raises `DatabaseUnavailable`."""
    try:
        async with connection() as holder:
            found = await holder.fetch("select version_num from alembic_version")
    except DatabaseNotMigrated:
        return False
    return len(found) == 1 and is_compatible(found[0][0], SCHEMA_REVISION)


def __getattr__(name: str) -> Any:
    """Return `Session` at its first access: many modules name it in annotations only, and few need it at run time."""
    if name == "Session":
        return orm.Session
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
