"""What can be wrong with the database itself: in words for whoever asked, and the reason in the log in words an operator can act on."""
from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import logs
from persistence.dsn import InvalidUrl


class DatabaseError(Exception):
    code = "DATABASE_UNAVAILABLE"


class DatabaseUnavailable(DatabaseError):
    """No connection: wrong address, refused, restarting, or every connection taken. `reason` is for operators alone."""

    def __init__(self, reason: str | None = None) -> None:
        super().__init__("the database cannot be reached; nothing was changed; try again shortly")
        self.reason = reason


class DatabaseNotMigrated(DatabaseError):
    """Tables are missing or older than this code."""

    code = "DATABASE_NOT_MIGRATED"

    def __init__(self) -> None:
        super().__init__("the database's tables are missing or older than this version; run: unilife migrate up")


class MigrationFailed(DatabaseError):
    """The tables could not be brought up to date; the message says why, and that nothing was changed."""

    code = "DATABASE_MIGRATION_FAILED"


_MISSING = ("42P01", "42703", "42704", "3F000")
"""SQLSTATE of a table, column, object or schema that is not there."""
_UNREACHABLE = ("08", "57P", "53300", "28", "3D000", "26000", "42P05", "25006")
"""The first characters of SQLSTATE, of servers and of poolers: no connection, or none that takes writes."""


_LOST = frozenset({"InterfaceError", "OperationalError", "TargetServerAttributeNotMatched"})
"""Classes of the driver and of SQLAlchemy, by name: what only reads does not load the latter. The last one is why there is no connection."""


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's failures to reach or to know the database into this module's errors; let all others pass."""
    try:
        yield
    except (OSError, asyncio.TimeoutError, InvalidUrl) as error:
        raise _unavailable(error) from error
    except Exception as error:
        translation = _translate(error)
        if translation is None:
            raise
        raise translation from error


def _translate(error: Exception) -> DatabaseError | None:
    """Of an error of the driver, which SQLAlchemy may have wrapped twice."""
    driver = getattr(error, "orig", None) or error
    state = getattr(driver, "sqlstate", None) or ""
    statement = getattr(error, "statement", None) or getattr(error, "query", None)
    if state in _MISSING and statement is not None:
        return DatabaseNotMigrated()
    names = {kind.__name__ for cause in (error, driver.__cause__) for kind in type(cause).__mro__}
    if state in _MISSING or getattr(error, "connection_invalidated", False) or state.startswith(_UNREACHABLE) or _LOST & names:
        return _unavailable(error)
    return None


def _unavailable(error: Exception) -> DatabaseUnavailable:
    from persistence.reasons import explain

    reason = explain(error)
    logs.write("database_unavailable", level="ERROR", reason=reason, exception=type(error).__qualname__)
    return DatabaseUnavailable(reason)
