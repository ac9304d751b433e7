"""Errors of the database itself: each has a message for the API client; the log gives the reason and what an operator can do."""
from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import logs
from persistence import connection_quota
from persistence.connector import NoAnswer
from persistence.dsn import InvalidUrl
from persistence.pool import PoolTimeout


class DatabaseError(Exception):
    code = "DATABASE_UNAVAILABLE"


class DatabaseUnavailable(DatabaseError):
    """No usable connection is available: wrong address, refused, restarting, or the server's disk is full. `reason` is for operators only."""

    def __init__(self, reason: str | None = None, *, message: str = "the database cannot be reached; {outcome}: {advice}") -> None:
        super().__init__(_say(message, "try again in a few seconds"))
        self.reason = reason


class ServerBusy(DatabaseUnavailable):
    """All connections of this process are in use, or the database gives no further one. `retry_after` is in seconds."""

    code = "SERVER_BUSY"

    def __init__(self, reason: str | None = None, retry_after: int = 1) -> None:
        super().__init__(reason, message="the server is busy; {outcome}: {advice}")
        self.retry_after = retry_after


class DatabaseNotMigrated(DatabaseError):
    """Tables are missing or older than this code requires."""

    code = "DATABASE_NOT_MIGRATED"

    def __init__(self) -> None:
        super().__init__("the database's tables are missing or older than this version: run `unilife migrate up`")


class DatabaseTimeout(DatabaseError):
    """One statement of a request exceeded STATEMENT_TIMEOUT_SECONDS, or a limit of the operator's at the server, and was cancelled.

    The server cancels it as a whole, and rolls its transaction back.
    """

    code = "DATABASE_TIMEOUT"

    def __init__(self) -> None:
        message = "a database statement exceeded its time limit and was cancelled; {outcome}: {advice}"
        super().__init__(_say(message, "request less at once, or try again later"))


class Overtaken(Exception):
    """Another request changed or deleted a row that this request depends on at the same moment. This request's transaction was rolled back."""

    code = "CONFLICT"

    def __init__(self) -> None:
        super().__init__(_say("another request changed or deleted the same data at the same time; {outcome}: {advice}", "query it again before you retry"))


class MigrationFailed(DatabaseError):
    """The tables could not be migrated; the message says why, and that nothing was changed."""

    code = "DATABASE_MIGRATION_FAILED"


def _say(message: str, advice: str) -> str:
    """Return the message with the state of the request's changes: it says that nothing was changed only if no change was sent before."""
    if connection_quota.current().changed:
        return message.format(outcome="a part of the request may have been carried out", advice="query the data again before you retry")
    return message.format(outcome="nothing was changed", advice=advice)


_MISSING = ("42P01", "42703", "42704", "3F000")
"""SQLSTATEs of a missing table, column, object or schema."""
_UNREACHABLE = ("08", "57P", "53300", "28", "3D000", "26000", "42P05", "25006", "53100", "53200", "58030", "42501")
"""The first characters of SQLSTATEs, of servers and of poolers, that mean no connection, or none that can do the work: read-only, full, without privileges."""


_OVERTAKEN = ("23503", "40001", "40P01")
"""SQLSTATEs of a foreign key violation, a serialization failure and a deadlock."""
_CANCELLED = "57014"
"""SQLSTATE of a cancelled statement, for example by a statement_timeout that the operator set for the role or the database."""

_LOST = frozenset({"InterfaceError", "OperationalError", "TargetServerAttributeNotMatched"})
"""Exception classes of the driver and of SQLAlchemy that mean a lost connection. Compared by name, so that plain queries do not load SQLAlchemy.

The last one means that no server of the required kind was found."""


@contextmanager
def translate_driver_errors() -> Iterator[None]:
    """Translate the driver's errors about connections, missing tables, timeouts and conflicts into this module's errors; pass on all others."""
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
    """Return this module's error for an error of the driver, which SQLAlchemy may have wrapped twice; None when there is none."""
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
    """Return whether a timeout is a statement's: those of connecting and of the pool have their own subclasses, those of sockets an errno."""
    return connection_quota.current().seconds is not None and type(error) is asyncio.TimeoutError and getattr(error, "errno", None) is None


def _timed_out(error: BaseException) -> DatabaseTimeout:
    """Log a statement's timeout as a warning, because a client can cause it, and return the error to raise."""
    logs.write("database_timeout", level="WARNING", code=DatabaseTimeout.code, limit=connection_quota.current().seconds, exception=type(error).__qualname__)
    return DatabaseTimeout()


def _unavailable(error: Exception) -> DatabaseUnavailable:
    """Log that no connection is available, with the reason and the action for its code, and return the error to raise."""
    from persistence.diagnostics import explain  # not needed before a failure

    reason, name = explain(error), type(error).__qualname__
    if isinstance(error, PoolTimeout):  # clients can use up all connections of this process by themselves, so this is no error of the server
        logs.write("server_busy", level="WARNING", reason=reason, code=ServerBusy.code, exception=name, retry_after=error.retry_after)
        return ServerBusy(reason, error.retry_after)
    late = round(error.late, 1) if isinstance(error, NoAnswer) else None
    logs.write("database_unavailable", level="ERROR", reason=reason, code=DatabaseUnavailable.code, exception=name, process_busy_seconds=late or None)
    return DatabaseUnavailable(reason)
