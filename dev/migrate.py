"""Migrations by Alembic, each command in one transaction under an advisory lock, so that two of them cannot meet."""
from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from dev.failures import CommandFailure
from dev.workspace import ROOT
from persistence.database import make_engine
from persistence.errors import translated
from persistence.models import Model

LOCK_KEY = 0x756E696C696665
"""Any number that nobody else takes: the ASCII bytes of "unilife"."""

WAIT_FOR_OTHERS_SECONDS = 60
"""How long a migration waits for another one to end."""

WAIT_FOR_TABLE_SECONDS = 5
"""How long a change waits for a table. While it waits everybody else queues behind it, so it gives up soon."""

Result = TypeVar("Result")


class MigrationError(CommandFailure):
    """The migration did not happen; nothing was changed."""


async def up(url: str, revision: str = "head") -> tuple[str | None, str | None]:
    """Bring the database at `url` up to `revision`, giving the revision before and after. Raises `MigrationError`, `DatabaseUnavailable`."""
    return await _locked(url, lambda connection: _move(connection, command.upgrade, revision))


async def down(url: str, revision: str = "base") -> tuple[str | None, str | None]:
    """Take the database back down to `revision`: tables and their rows are gone. Raises as `up` does."""
    return await _locked(url, lambda connection: _move(connection, command.downgrade, revision))


async def current(url: str) -> str | None:
    """The database's revision; None when nothing was ever migrated. Raises `DatabaseUnavailable`."""
    return await _locked(url, _revision)


async def check(url: str) -> list[str]:
    """What keeps this code from running on the database at `url`, one line each; empty when all is well. Changes nothing."""
    return await _locked(url, _faults)


def head() -> str:
    """The revision that this code wants: the newest migration."""
    return str(ScriptDirectory.from_config(_config()).get_current_head())


def _move(connection: Connection, change: Callable[[Config, str], None], revision: str) -> tuple[str | None, str | None]:
    before = _revision(connection)
    change(_config(connection), revision)
    return before, _revision(connection)


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _faults(connection: Connection) -> list[str]:
    found, wanted = _revision(connection), head()
    if found != wanted:
        return [f"the database is at revision {found or 'none'}, this version wants {wanted}; run: unilife migrate up"]
    context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
    return [f"the tables differ from the models: {difference}" for difference in compare_metadata(context, Model.metadata)]


async def _locked(url: str, work: Callable[[Connection], Result]) -> Result:
    engine = make_engine(url, pool_size=1)
    try:
        with translated():
            async with engine.execution_options(isolation_level="READ COMMITTED").begin() as connection:
                await connection.execute(text(f"set local lock_timeout = '{WAIT_FOR_OTHERS_SECONDS}s'"))
                await connection.execute(text(f"select pg_advisory_xact_lock({LOCK_KEY})"))
                await connection.execute(text(f"set local lock_timeout = '{WAIT_FOR_TABLE_SECONDS}s'"))
                return await connection.run_sync(work)
    except DBAPIError as error:
        raise _explained(error) from error
    finally:
        await engine.dispose()


def _explained(error: DBAPIError) -> Exception:
    if getattr(error.orig, "sqlstate", None) != "55P03":
        return error
    return MigrationError(
        "another migration is running, or a table is in use and could not be locked; nothing was changed; try again when it is quieter"
    )


def _config(connection: Any = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(ROOT / "persistence" / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
