"""Migrations on a developer's or operator's machine: up by the same statements as in the function, checked and taken back by Alembic."""
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
from persistence.database import make_engine
from persistence.models import Model
from persistence.revisions import is_compatible

MIGRATIONS = ROOT / "persistence" / "migrations"

Result = TypeVar("Result")


async def up(url: str, revision: str | None = None) -> tuple[str | None, str | None]:
    """Bring the database at `url` up to `revision`, the newest if none is given; gives the revision before and after.

    Raises `MigrationFailed`, `DatabaseUnavailable`.
    """
    engine = make_engine(url, pool_size=1)
    try:
        moved = await migrator.upgrade_schema(engine, revision or head())
    finally:
        await engine.dispose()
    return moved.before, moved.after


async def down(url: str, revision: str = "base") -> tuple[str | None, str | None]:
    """Take the database back down to `revision`: tables and their rows are gone. Raises as `up` does."""
    return await locked(url, lambda connection: move(connection, command.downgrade, revision))


async def current(url: str) -> str | None:
    """The database's revision; None when nothing was ever migrated. Raises `DatabaseUnavailable`."""
    return await locked(url, _revision)


async def check(url: str) -> list[str]:
    """What keeps this code from running on the database at `url`, one line each; empty when all is well. Changes nothing."""
    return await locked(url, _faults)


def head() -> str:
    """The revision that this code wants: the newest migration."""
    return str(scripts().get_current_head())


def scripts() -> ScriptDirectory:
    """The migrations as they are written."""
    return ScriptDirectory.from_config(_config())


def move(connection: Connection, change: Callable[[Config, str], None], revision: str) -> tuple[str | None, str | None]:
    """One of Alembic's own commands on an open connection; gives the revision before and after."""
    before = _revision(connection)
    change(_config(connection), revision)
    return before, _revision(connection)


async def locked(url: str, work: Callable[[Connection], Result]) -> Result:
    """Do something to the database at `url` while nobody migrates it. Raises as `up` does."""
    engine = make_engine(url, pool_size=1)
    try:
        async with migrator.migration_lock(engine) as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _faults(connection: Connection) -> list[str]:
    found, wanted = _revision(connection), head()
    if found == wanted:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        with warnings.catch_warnings():
            # Alembic hands on the options of a NOT VALID check by a name that SQLAlchemy does not know; the check itself is compared.
            warnings.filterwarnings("ignore", "Can't validate argument 'dialect_options'")
            return [f"the tables differ from the models: {difference}" for difference in compare_metadata(context, Model.metadata)]
    if found and is_compatible(found, wanted):
        return []
    return [f"the database is at revision {found or 'none'}, this version wants {wanted}; run: unilife migrate up"]


def _config(connection: Any = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
