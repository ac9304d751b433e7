"""What can be wrong with the database itself, in words an operator can act on."""
from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeout


class DatabaseError(Exception):
    code = "DATABASE_UNAVAILABLE"


class DatabaseUnavailable(DatabaseError):
    """No connection: wrong address, refused, restarting, or every connection taken."""

    def __init__(self) -> None:
        super().__init__("the database cannot be reached; nothing was changed; try again shortly")


class DatabaseNotMigrated(DatabaseError):
    """Tables are missing or older than this code."""

    code = "DATABASE_NOT_MIGRATED"

    def __init__(self) -> None:
        super().__init__("the database's tables are missing or older than this version; run: unilife migrate up")


class MigrationFailed(DatabaseError):
    """The tables could not be brought up to date; the message says why, and that nothing was changed."""

    code = "DATABASE_MIGRATION_FAILED"


_MISSING = ("UndefinedTableError", "UndefinedColumnError", "UndefinedObjectError", "InvalidSchemaNameError")
_UNREACHABLE = (
    "ConnectionDoesNotExistError", "CannotConnectNowError", "TooManyConnectionsError", "AdminShutdownError", "CrashShutdownError",
    "ConnectionFailureError", "InvalidPasswordError", "InvalidAuthorizationSpecificationError", "InvalidCatalogNameError",
)


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's failures to reach or to know the database into this module's errors; let all others pass."""
    try:
        yield
    except (OSError, asyncio.TimeoutError, PoolTimeout, InterfaceError, OperationalError) as error:
        raise DatabaseUnavailable() from error
    except (ProgrammingError, DBAPIError) as error:
        raise _translate(error) from error


def _translate(error: DBAPIError) -> Exception:
    driver = error.orig.__cause__ if error.orig is not None else None
    names = {kind.__name__ for cause in (error.orig, driver) if cause is not None for kind in type(cause).__mro__}
    if names.intersection(_MISSING):
        return DatabaseNotMigrated()
    if error.connection_invalidated or names.intersection(_UNREACHABLE):
        return DatabaseUnavailable()
    return error
