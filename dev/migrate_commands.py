"""The commands `unilife migrate`."""
from __future__ import annotations

import settings
from dev import environment, migrate
from dev.async_runner import run_async


def up() -> None:
    """Upgrade the database and print the revisions. Raises `MigrationFailed`, `DatabaseUnavailable`."""
    with environment.command_environment(migrated=False):
        before, after = run_async(migrate.up(_url()))
    newer = "" if after == migrate.head() else f", newer than this version's {migrate.head()}, but compatible"
    print(f"already at {after}{newer}" if before == after else f"{before or 'empty'} -> {after}")


def check() -> int:
    """Return the exit status: 0 when this version can run on the database. Raises `DatabaseUnavailable`."""
    with environment.command_environment(migrated=False):
        faults = run_async(migrate.check(_url()))
    print("\n".join(faults) or f"the tables match revision {migrate.head()}")
    return 1 if faults else 0


def current() -> None:
    """Print the database's revision and this version's. Raises `DatabaseUnavailable`."""
    with environment.command_environment(migrated=False):
        found = run_async(migrate.current(_url()))
    print(f"database: {found or 'empty'}\nthis version: {migrate.head()}")


def _url() -> str:
    return settings.current().postgresql_url.reveal()
