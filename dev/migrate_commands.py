"""The commands `unilife migrate`."""
from __future__ import annotations

import settings
from dev import environment, migrate
from dev.async_runner import run_async
from persistence.database import SCHEMA_REVISION


def up(contract: bool = False) -> None:
    """Upgrade the database and print the revisions. With `contract` also run a migration that leaves the former release behind.

    Raises `MigrationFailed`, `DatabaseUnavailable`.
    """
    with environment.command_environment(migrated=False):
        before, after = run_async(migrate.up(_url(), migrate.head() if contract else None))
    print((f"already at {after}" if before == after else f"{before or 'empty'} -> {after}") + _remaining(after))


def _remaining(after: str | None) -> str:
    """Return what follows the database's revision: nothing, a contraction that is left for later, or the migrations of a newer version."""
    if after == migrate.head():
        return ""
    if after == SCHEMA_REVISION:
        return f"; {migrate.head()} waits until no older version runs: unilife migrate up --contract, or the next release does it"
    return f", newer than this version's {migrate.head()}, but compatible"


def check() -> int:
    """Return the exit status: 0 when this version can run on the database. Raises `DatabaseUnavailable`."""
    with environment.command_environment(migrated=False):
        faults, found = run_async(migrate.check(_url())), run_async(migrate.current(_url()))
    compatible = f"the tables match revision {found}" if found == migrate.head() else f"this version runs on revision {found}{_remaining(found)}"
    print("\n".join(faults) or compatible)
    return 1 if faults else 0


def current() -> None:
    """Print the database's revision and this version's. Raises `DatabaseUnavailable`."""
    with environment.command_environment(migrated=False):
        found = run_async(migrate.current(_url()))
    print(f"database: {found or 'empty'}\nthis version: {SCHEMA_REVISION}{_remaining(SCHEMA_REVISION)}")


def _url() -> str:
    return settings.current().postgresql_url.reveal()
