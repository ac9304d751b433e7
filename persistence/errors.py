"""What can be wrong with the database itself: in words for whoever asked, and the reason in the log in words an operator can act on."""
from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

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


@contextmanager
def translated() -> Iterator[None]:
    """Turn the driver's failures to reach or to know the database into this module's errors; let all others pass."""
    try:
        yield
    except (OSError, asyncio.TimeoutError, PoolTimeout, InterfaceError, OperationalError, InvalidUrl) as error:
        raise _unavailable(error) from error
    except DBAPIError as error:
        translation = _translate(error)
        if translation is None:
            raise
        raise translation from error


def _translate(error: DBAPIError) -> DatabaseError | None:
    state = getattr(error.orig, "sqlstate", None) or ""
    if state in _MISSING and error.statement is not None:
        return DatabaseNotMigrated()
    if state in _MISSING or error.connection_invalidated or state.startswith(_UNREACHABLE) or _wrong_kind_of_server(error):
        return _unavailable(error)
    return None


def _wrong_kind_of_server(error: DBAPIError) -> bool:
    """Whether `target_session_attrs` is why there is no connection."""
    return type(getattr(error.orig, "__cause__", None)).__name__ == "TargetServerAttributeNotMatched"


def _unavailable(error: Exception) -> DatabaseUnavailable:
    from persistence.reasons import explain

    reason = explain(error)
    logs.write("database_unavailable", level="ERROR", reason=reason, exception=type(error).__qualname__)
    return DatabaseUnavailable(reason)
