"""Schema migration, on a developer's machine and inside the function alike: one transaction under an advisory lock, so that two cannot overlap.

Migrations are written with Alembic, which is not shipped: `migrations/sql` holds the SQL statements of each migration.
"""
from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import asyncpg
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from persistence.database import SCHEMA_REVISION
from persistence.errors import MigrationFailed, translate_driver_errors
from persistence.revisions import is_compatible

STATEMENTS = Path(__file__).parent / "migrations" / "sql"

LOCK_KEY = 0x756E696C696665
"""A number that no other program is likely to lock: the ASCII bytes of "unilife"."""

WAIT_FOR_OTHERS_SECONDS = 60
"""Maximum wait for another migration to end."""

WAIT_FOR_TABLE_SECONDS = 5
"""Maximum wait for a lock on a table. It is short, because all other statements on that table queue behind the waiting migration."""

LOCK_NOT_AVAILABLE = "55P03"
DEADLOCK_DETECTED = "40P01"
INSUFFICIENT_PRIVILEGE = "42501"
MISSING_PRIVILEGE = "the user in POSTGRESQL_URL may not create or change tables: let it own the database, or be a member of the role that owns the tables"

VERSION_TABLE = "create table if not exists alembic_version (version_num varchar(32) not null, constraint alembic_version_pkc primary key (version_num))"
"""The definition of Alembic's version table: Alembic can continue from the revision that this module stored, and this module from Alembic's."""


@dataclass(frozen=True)
class Migration:
    """One migration as SQL."""

    revision: str
    sql: str


@dataclass(frozen=True)
class UpgradeResult:
    """The database's revision before and after (None if there is none), and the applied migrations in order."""

    before: str | None
    after: str | None
    applied: tuple[str, ...]


def steps(folder: Path = STATEMENTS) -> list[Migration]:
    """Return every migration, in the order of revisions."""
    return [Migration(path.stem, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.sql"))]


async def upgrade_schema(engine: AsyncEngine, wanted: str | None = None, *, folder: Path = STATEMENTS) -> UpgradeResult:
    """Apply all migrations between the database's revision and `wanted`, or none of them.

    By default these are the migrations that this code requires; a later one would take away what older code, which may still run, needs. An
    empty database gets every migration. A newer schema that still supports this code is left unchanged. Raises `MigrationFailed`,
    `DatabaseUnavailable`; then nothing was changed.
    """
    async with migration_lock(engine) as connection:
        before = await find_current(connection)
        known = steps(folder)
        missing = _missing(known, before, wanted or (SCHEMA_REVISION if before else known[-1].revision))
        for step in missing:
            await _run(connection, step)
        if missing:
            await _record_revision(connection, missing[-1].revision)
        return UpgradeResult(before, missing[-1].revision if missing else before, tuple(step.revision for step in missing))


async def find_current(connection: AsyncConnection) -> str | None:
    """Return the database's revision; None when it was never migrated."""
    if await connection.scalar(text("select to_regclass('alembic_version')")) is None:
        return None
    revision: str | None = await connection.scalar(text("select version_num from alembic_version"))
    return revision


@asynccontextmanager
async def migration_lock(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """Begin a transaction during which no other migration can run. Raises `MigrationFailed`, `DatabaseUnavailable`."""
    try:
        with translate_driver_errors():
            async with engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
                await connection.execute(text(f"set local lock_timeout = '{WAIT_FOR_OTHERS_SECONDS}s'"))
                await connection.execute(text(f"select pg_advisory_xact_lock({LOCK_KEY})"))
                await connection.execute(text(f"set local lock_timeout = '{WAIT_FOR_TABLE_SECONDS}s'"))
                yield connection
    except DBAPIError as error:
        if getattr(error.orig, "sqlstate", None) == LOCK_NOT_AVAILABLE:
            raise _in_use() from error
        raise


def _missing(known: Sequence[Migration], before: str | None, wanted: str) -> Sequence[Migration]:
    names = [step.revision for step in known]
    if wanted not in names:
        raise MigrationFailed(f"the SQL of migration {wanted} is missing: run `unilife migrate render`")
    if before is None or before in names:
        return known[names.index(before) + 1 if before else 0 : names.index(wanted) + 1]
    if is_compatible(before, wanted):
        return []
    raise MigrationFailed(f"the database is at revision {before}, which this version ({wanted}) does not support; nothing was changed: deploy a newer version")


async def _run(connection: AsyncConnection, step: Migration) -> None:
    """Run a migration's statements in one call of the driver, within the transaction that `migration_lock` began."""
    driver = (await connection.get_raw_connection()).driver_connection
    assert isinstance(driver, asyncpg.Connection)
    try:
        await driver.execute(step.sql)
    except asyncpg.PostgresConnectionError as error:
        raise OSError() from error
    except asyncpg.PostgresError as error:
        raise _explained(step, error) from error


async def _record_revision(connection: AsyncConnection, revision: str) -> None:
    await connection.execute(text(VERSION_TABLE))
    await connection.execute(text("delete from alembic_version"))
    await connection.execute(text("insert into alembic_version values (:revision)"), {"revision": revision})


def _explained(step: Migration, error: asyncpg.PostgresError) -> MigrationFailed:
    """Describe an error by the names of its class, table, column and constraint only: the server's message may quote users' text."""
    if error.sqlstate in (LOCK_NOT_AVAILABLE, DEADLOCK_DETECTED):
        return _in_use()
    where = ", ".join(str(name) for name in (error.table_name, error.column_name, error.constraint_name) if name)
    advice = f": {MISSING_PRIVILEGE}" if error.sqlstate == INSUFFICIENT_PRIVILEGE else ""
    return MigrationFailed(f"migration {step.revision} failed with {type(error).__name__}{f' ({where})' if where else ''}; nothing was changed{advice}")


def _in_use() -> MigrationFailed:
    return MigrationFailed(
        "another migration is running, or a table is in use and could not be locked; nothing was changed: try again when there are fewer requests"
    )
