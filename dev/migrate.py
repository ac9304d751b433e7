"""Migrations on a developer's or operator's machine: upgraded with the same statements as in the function, checked and downgraded by Alembic."""
from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any, TypeVar

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from dev.workspace import ROOT
from persistence import migrator
from persistence.database import SCHEMA_REVISION, make_engine
from persistence.models import Model
from persistence.revisions import is_compatible

MIGRATIONS = ROOT / "persistence" / "migrations"

Result = TypeVar("Result")


async def up(url: str, revision: str | None = None) -> tuple[str | None, str | None]:
    """Upgrade the database at `url` to `revision`, by default as `migrator.upgrade_schema` does, and return the revisions before and after.

    Raises `MigrationFailed`, `DatabaseUnavailable`.
    """
    engine = make_engine(url, pool_size=1)
    try:
        moved = await migrator.upgrade_schema(engine, revision)
    finally:
        await engine.dispose()
    return moved.before, moved.after


async def down(url: str, revision: str = "base") -> tuple[str | None, str | None]:
    """Downgrade the database to `revision`: tables and their rows are deleted. Raises as `up` does."""
    return await locked(url, lambda connection: move(connection, command.downgrade, revision))


async def current(url: str) -> str | None:
    """Return the database's revision; None when it was never migrated. Raises `DatabaseUnavailable`."""
    return await locked(url, _revision)


async def check(url: str) -> list[str]:
    """Return the reasons why this code cannot run on the database at `url`, one line each; empty when it can. Changes nothing."""
    return await locked(url, _faults)


def head() -> str:
    """Return the newest migration: the one that this code requires, or a later one that contracts."""
    return str(scripts().get_current_head())


def scripts() -> ScriptDirectory:
    """Return the migrations' scripts."""
    return ScriptDirectory.from_config(_config())


def move(connection: Connection, change: Callable[[Config, str], None], revision: str) -> tuple[str | None, str | None]:
    """Run one of Alembic's commands on an open connection and return the revisions before and after."""
    before = _revision(connection)
    change(_config(connection), revision)
    return before, _revision(connection)


async def locked(url: str, work: Callable[[Connection], Result]) -> Result:
    """Run `work` on the database at `url` while holding the migration lock. Raises as `up` does."""
    engine = make_engine(url, pool_size=1)
    try:
        async with migrator.migration_lock(engine) as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _faults(connection: Connection) -> list[str]:
    found = _revision(connection)
    if found == head():
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        with warnings.catch_warnings():
            # Alembic passes the options of a NOT VALID check under a name that SQLAlchemy does not know; the check itself is compared.
            warnings.filterwarnings("ignore", "Can't validate argument 'dialect_options'")
            return [f"the tables differ from the models: {difference}" for difference in compare_metadata(context, Model.metadata)]
    if found and is_compatible(found, SCHEMA_REVISION):
        return []
    return [f"the database is at revision {found or 'none'}, this version needs {SCHEMA_REVISION}: run `unilife migrate up`"]


def _config(connection: Any = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
