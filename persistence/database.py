"""The engine and its two ways in: `session()` to read, `transaction()` to write. Nothing else commits.

One engine a process, made at first use on the running event loop and kept while the process lives. Sessions are short: taken for one
query or one unit of work, never shared by sibling fields, never held while a model thinks.
"""
from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import URL, event, exc, text
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession, create_async_engine

import settings
from persistence import dsn
from persistence.errors import translated

RECYCLE_SECONDS = 300
"""A frozen function loses its sockets; poolers close idle ones after minutes."""
IDLE_BEFORE_PING_SECONDS = 2.0
"""A connection used this recently is taken as it is; an older one is pinged first, so that a lost socket never reaches a request."""
CONNECT_SECONDS = 10.0

SCHEMA_REVISION = "0007"
"""The migration that this code wants. A test holds it equal to the newest file in persistence/migrations/versions."""

Session = AsyncSession
"""The type by which the floors above name an open session; they know no more of SQLAlchemy."""

Reading = AsyncSession | AsyncConnection
"""What a query of plain columns runs on."""

_engine: AsyncEngine | None = None


def engine() -> AsyncEngine:
    """The process's engine. Connections autocommit unless `transaction()` asks otherwise, so a read costs one round trip."""
    global _engine
    if _engine is None:
        _engine = make_engine(settings.current().postgresql_url.reveal(), pool_size=settings.current().database_pool_size)
    return _engine


def make_engine(url: str, *, pool_size: int) -> AsyncEngine:
    """An engine for `url` (any spelling that `dsn.parse` reads) with at most `pool_size` connections. Raises `dsn.InvalidUrl`."""
    target = dsn.parse(url)
    made = create_async_engine(
        URL.create("postgresql+asyncpg", target.user, target.password, target.host, target.port, target.database),
        isolation_level="AUTOCOMMIT", pool_size=pool_size, max_overflow=0, pool_recycle=RECYCLE_SECONDS, pool_timeout=CONNECT_SECONDS,
        connect_args=_connect_arguments(target),
    )
    event.listen(made.sync_engine, "checkin", _note_use)
    event.listen(made.sync_engine, "checkout", _ping_if_idle)
    return made


def _connect_arguments(target: dsn.Target) -> dict[str, Any]:
    arguments: dict[str, Any] = {"timeout": CONNECT_SECONDS, "server_settings": target.server_settings}
    if target.host and target.host.startswith("/"):
        arguments["host"] = target.host
    if target.tls:
        arguments["dsn"] = f"postgresql:///?{urlencode(target.tls)}"
    return arguments


def _note_use(connection: Any, record: Any) -> None:
    record.info["used_at"] = time.monotonic()


def _ping_if_idle(connection: Any, record: Any, proxy: Any) -> None:
    used_at = record.info.get("used_at")
    if used_at is None or time.monotonic() - used_at < IDLE_BEFORE_PING_SECONDS:
        return
    try:
        cursor = connection.cursor()
        cursor.execute("select 1")
        cursor.close()
    except Exception as error:
        raise exc.DisconnectionError() from error


@asynccontextmanager
async def session() -> AsyncIterator[AsyncSession]:
    """A session to read with. Raises `DatabaseUnavailable`, `DatabaseNotMigrated`."""
    with translated():
        async with AsyncSession(engine(), expire_on_commit=False, autoflush=False) as opened:
            yield opened


@asynccontextmanager
async def rows() -> AsyncIterator[AsyncConnection]:
    """What every page reads with: plain columns, no entities, at two thirds of a session's cost. Raises as `session()` does."""
    with translated():
        async with engine().connect() as opened:
            yield opened


@asynccontextmanager
async def transaction(*, snapshot: bool = False) -> AsyncIterator[AsyncSession]:
    """A session to write with: committed at the end, rolled back on any exception. Raises as `session()` does.

    With `snapshot` all its statements see the state of the first one; for reading what must fit together.
    """
    with translated():
        writing = engine().execution_options(isolation_level="REPEATABLE READ" if snapshot else "READ COMMITTED")
        async with AsyncSession(writing, expire_on_commit=False) as opened, opened.begin():
            yield opened


async def dispose() -> None:
    """Close every connection; the next use makes a new engine."""
    global _engine
    if _engine is not None:
        closing, _engine = _engine, None
        await closing.dispose()


async def migrated() -> bool:
    """Whether the tables are those that this code wants. Raises `DatabaseUnavailable`."""
    async with session() as reading:
        if await reading.scalar(text("select to_regclass('alembic_version')")) is None:
            return False
        return await reading.scalar(text("select version_num from alembic_version")) == SCHEMA_REVISION
