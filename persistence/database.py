"""The ways in: `rows()` and `session()` to read, `transaction()` to write. Nothing else commits.

The connections of a process are opened on the running event loop and kept while it lives. Each way in is short: taken for one query or
one unit of work, never shared by sibling fields, never held while a model thinks.
"""
from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any

import settings
from persistence import orm
from persistence.connection_quota import charge as charge
from persistence.connection_quota import open_account as open_account
from persistence.connection_quota import without_time_limit as without_time_limit
from persistence.errors import DatabaseNotMigrated, translate_driver_errors
from persistence.pool import ConnectionHolder, ConnectionPool
from persistence.pool import SupportsFetch as SupportsFetch
from persistence.revisions import is_compatible

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from persistence.orm import Session

SCHEMA_REVISION = "0013.0001"
"""The migration that this code wants. A test holds it equal to the newest file in persistence/migrations/versions."""

_links: ConnectionPool | None = None
_engine: AsyncEngine | None = None


def pool() -> ConnectionPool:
    """The process's connections."""
    global _links
    if _links is None:
        _links = ConnectionPool(settings.current().postgresql_url.reveal(), settings.current().database_pool_size)
    return _links


def engine() -> AsyncEngine:
    """SQLAlchemy on the process's connections."""
    global _engine
    if _engine is None:
        _engine = orm.make_engine(pool())
    return _engine


def make_engine(url: str, *, pool_size: int) -> AsyncEngine:
    """An engine for `url` (any spelling that `dsn.parse` reads) with at most `pool_size` connections. Raises `dsn.InvalidUrl`."""
    return orm.make_engine(ConnectionPool(url, pool_size))


@asynccontextmanager
async def connection() -> AsyncIterator[ConnectionHolder]:
    """What pages read with: statements in PostgreSQL's own words, without SQLAlchemy. Raises `DatabaseUnavailable`, `DatabaseNotMigrated`."""
    with translate_driver_errors():
        lending = pool()
        link = await lending.acquire()
        try:
            yield link
        except asyncio.CancelledError:
            link.drop()  # the statement goes on at the server, and its answer would be the next one's
            raise
        finally:
            lending.release(link)


@asynccontextmanager
async def session() -> AsyncIterator[Session]:
    """A session to read with. Raises as `rows()` does."""
    with translate_driver_errors():
        async with orm.Session(engine(), expire_on_commit=False, autoflush=False) as opened:
            yield opened


@asynccontextmanager
async def transaction(*, snapshot: bool = False) -> AsyncIterator[Session]:
    """A session to write with: committed at the end, rolled back on any exception. Raises as `rows()` does.

    With `snapshot` all its statements see the state of the first one; for reading what must fit together.
    """
    with translate_driver_errors():
        writing = engine().execution_options(isolation_level="REPEATABLE READ" if snapshot else "READ COMMITTED")
        async with orm.Session(writing, expire_on_commit=False) as opened, opened.begin():
            yield opened


async def dispose() -> None:
    """Close every connection; the next use opens new ones."""
    global _links, _engine
    closing, _links, _engine = _links, None, None
    if closing is not None:
        await closing.close()


async def is_schema_compatible() -> bool:
    """Whether this code can work on the tables: they are those that it wants, or newer ones that still serve it. Raises `DatabaseUnavailable`."""
    try:
        async with connection() as reading:
            found = await reading.fetch("select version_num from alembic_version")
    except DatabaseNotMigrated:
        return False
    return len(found) == 1 and is_compatible(found[0][0], SCHEMA_REVISION)


def __getattr__(name: str) -> Any:
    """`Session` is named by many and needed by few."""
    if name == "Session":
        return orm.Session
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
