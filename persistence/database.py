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
from persistence import sessions
from persistence.errors import DatabaseNotMigrated, translated
from persistence.links import Link, Links
from persistence.links import Reading as Reading
from persistence.revisions import serves
from persistence.shares import charge as charge
from persistence.shares import open_account as open_account
from persistence.shares import without_time_limit as without_time_limit

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncEngine

    from persistence.sessions import Session

SCHEMA_REVISION = "0013.0001"
"""The migration that this code wants. A test holds it equal to the newest file in persistence/migrations/versions."""

_links: Links | None = None
_engine: AsyncEngine | None = None


def links() -> Links:
    """The process's connections."""
    global _links
    if _links is None:
        _links = Links(settings.current().postgresql_url.reveal(), settings.current().database_pool_size)
    return _links


def engine() -> AsyncEngine:
    """SQLAlchemy on the process's connections."""
    global _engine
    if _engine is None:
        _engine = sessions.make_engine(links())
    return _engine


def make_engine(url: str, *, pool_size: int) -> AsyncEngine:
    """An engine for `url` (any spelling that `dsn.parse` reads) with at most `pool_size` connections. Raises `dsn.InvalidUrl`."""
    return sessions.make_engine(Links(url, pool_size))


@asynccontextmanager
async def rows() -> AsyncIterator[Link]:
    """What pages read with: statements in PostgreSQL's own words, without SQLAlchemy. Raises `DatabaseUnavailable`, `DatabaseNotMigrated`."""
    with translated():
        lending = links()
        link = await lending.take()
        try:
            yield link
        except asyncio.CancelledError:
            link.drop()  # the statement goes on at the server, and its answer would be the next one's
            raise
        finally:
            lending.put(link)


@asynccontextmanager
async def session() -> AsyncIterator[Session]:
    """A session to read with. Raises as `rows()` does."""
    with translated():
        async with sessions.Session(engine(), expire_on_commit=False, autoflush=False) as opened:
            yield opened


@asynccontextmanager
async def transaction(*, snapshot: bool = False) -> AsyncIterator[Session]:
    """A session to write with: committed at the end, rolled back on any exception. Raises as `rows()` does.

    With `snapshot` all its statements see the state of the first one; for reading what must fit together.
    """
    with translated():
        writing = engine().execution_options(isolation_level="REPEATABLE READ" if snapshot else "READ COMMITTED")
        async with sessions.Session(writing, expire_on_commit=False) as opened, opened.begin():
            yield opened


async def dispose() -> None:
    """Close every connection; the next use opens new ones."""
    global _links, _engine
    closing, _links, _engine = _links, None, None
    if closing is not None:
        await closing.close()


async def migrated() -> bool:
    """Whether this code can work on the tables: they are those that it wants, or newer ones that still serve it. Raises `DatabaseUnavailable`."""
    try:
        async with rows() as reading:
            found = await reading.fetch("select version_num from alembic_version")
    except DatabaseNotMigrated:
        return False
    return len(found) == 1 and serves(found[0][0], SCHEMA_REVISION)


def __getattr__(name: str) -> Any:
    """`Session` is named by many and needed by few."""
    if name == "Session":
        return sessions.Session
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
