"""What can be wrong with the database itself, in words an operator can act on."""
from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


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


_MISSING = ("UndefinedTableError", "UndefinedColumnError", "UndefinedObjectError", "InvalidSchemaNameError")
_UNREACHABLE = (
    "ConnectionDoesNotExistError", "CannotConnectNowError", "TooManyConnectionsError", "AdminShutdownError", "CrashShutdownError",
    "ConnectionFailureError", "InvalidPasswordError", "InvalidAuthorizationSpecificationError", "InvalidCatalogNameError",
    "InterfaceError", "OperationalError",
)
"""Names, since an error may come from the driver itself or wrapped by SQLAlchemy, which need not even be loaded."""


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's failures to reach or to know the database into this module's errors; let all others pass."""
    try:
        yield
    except Exception as error:
        found = _translate(error)
        if found is None:
            raise
        raise found from error


def _translate(error: Exception) -> DatabaseError | None:
    if isinstance(error, (OSError, asyncio.TimeoutError)):
        return DatabaseUnavailable()
    driver = getattr(error, "orig", None)
    names = {kind.__name__ for cause in (error, driver, driver and driver.__cause__) if cause is not None for kind in type(cause).__mro__}
    if names.intersection(_MISSING):
        return DatabaseNotMigrated()
    if getattr(error, "connection_invalidated", False) or names.intersection(_UNREACHABLE):
        return DatabaseUnavailable()
    return None
