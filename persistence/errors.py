"""What can be wrong with the database itself: in words for whoever asked, and the reason in the log in words an operator can act on."""
from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import logs
from persistence import connection_quota
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


class DatabaseTimeout(DatabaseError):
    """One statement of a request took longer than STATEMENT_TIMEOUT_SECONDS and was cancelled. What it belongs to was rolled back."""

    code = "DATABASE_TIMEOUT"

    def __init__(self) -> None:
        super().__init__("this took the database too long and was stopped; nothing was changed; ask for less at once, or try again later")


class Overtaken(Exception):
    """Another request changed or deleted, in the same moment, what this one builds on. It was rolled back."""

    code = "CONFLICT"

    def __init__(self) -> None:
        super().__init__("what this belongs to was changed or deleted at the same moment; nothing was changed now; read it again")


class MigrationFailed(DatabaseError):
    """The tables could not be brought up to date; the message says why, and that nothing was changed."""

    code = "DATABASE_MIGRATION_FAILED"


_MISSING = ("42P01", "42703", "42704", "3F000")
"""SQLSTATE of a table, column, object or schema that is not there."""
_UNREACHABLE = ("08", "57P", "53300", "28", "3D000", "26000", "42P05", "25006")
"""The first characters of SQLSTATE, of servers and of poolers: no connection, or none that takes writes."""


_OVERTAKEN = ("23503", "40001", "40P01")
"""SQLSTATE of a row that refers to a deleted one, and of two transactions of which one had to give way."""
_CANCELLED = "57014"
"""SQLSTATE of a statement that was cancelled, as by a statement_timeout that the operator set for the role or the database."""

_LOST = frozenset({"InterfaceError", "OperationalError", "TargetServerAttributeNotMatched"})
"""Classes of the driver and of SQLAlchemy, by name: what only reads does not load the latter. The last one is why there is no connection."""


@contextmanager
def translate_driver_errors() -> Iterator[None]:
    """Turn the driver's failures to reach or to know the database into this module's errors; let all others pass."""
    try:
        yield
    except asyncio.TimeoutError as error:
        raise (_timed_out(error) if _is_statements(error) else _unavailable(error)) from error
    except (OSError, InvalidUrl) as error:
        raise _unavailable(error) from error
    except Exception as error:
        translation = _translate(error)
        if translation is None:
            raise
        raise translation from error


def _translate(error: Exception) -> Exception | None:
    """Of an error of the driver, which SQLAlchemy may have wrapped twice."""
    driver = getattr(error, "orig", None) or error
    state = getattr(driver, "sqlstate", None) or ""
    statement = getattr(error, "statement", None) or getattr(error, "query", None)
    if state in _MISSING and statement is not None:
        return DatabaseNotMigrated()
    if state == _CANCELLED:
        return _timed_out(error)
    if state in _OVERTAKEN and connection_quota.current().seconds is not None:
        logs.write("overtaken", sqlstate=state, table=getattr(driver.__cause__ or driver, "table_name", None))
        return Overtaken()
    names = {kind.__name__ for cause in (error, driver.__cause__) for kind in type(cause).__mro__}
    if state in _MISSING or getattr(error, "connection_invalidated", False) or state.startswith(_UNREACHABLE) or _LOST & names:
        return _unavailable(error)
    return None


def _is_statements(error: BaseException) -> bool:
    """Return true for the time-out of a statement: those of connecting and of waiting have classes of their own, those of sockets a number."""
    return connection_quota.current().seconds is not None and type(error) is asyncio.TimeoutError and getattr(error, "errno", None) is None


def _timed_out(error: BaseException) -> DatabaseTimeout:
    """A client can cause it, so it is no fault of the server's."""
    logs.write("database_timeout", level="WARNING", code=DatabaseTimeout.code, limit=connection_quota.current().seconds, exception=type(error).__qualname__)
    return DatabaseTimeout()


def _unavailable(error: Exception) -> DatabaseUnavailable:
    from persistence.diagnostics import explain

    reason = explain(error)
    # Clients alone can have all connections of this process in use, so that is no fault of the server's.
    level = "WARNING" if type(error).__qualname__ == "PoolTimeout" else "ERROR"
    logs.write("database_unavailable", level=level, reason=reason, code=DatabaseUnavailable.code, exception=type(error).__qualname__)
    return DatabaseUnavailable(reason)
