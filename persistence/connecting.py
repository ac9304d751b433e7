"""How a connection is made: TLS as libpq has it, and statements in the way that whatever stands in between can bear.

A pooler in transaction mode gives each transaction another server connection, where the statement that was prepared before is not, or is
another client's. Behind one, statements go without a name and each is parsed anew: one round trip more a statement. Directly they are
prepared once a connection, under a name that no other process uses, so that a pooler that was not recognised makes an error and never
runs the wrong statement.
"""
from __future__ import annotations

import itertools
import secrets
import select
import ssl
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import event
from sqlalchemy.ext.asyncio import AsyncEngine

from persistence.dsn import SYSTEM, Target

CONNECT_SECONDS = 10.0
"""The longest wait for a connection, unless the address says `connect_timeout`."""
LARGEST_PID = 2**22
"""Of a process on Linux; pgbouncer gives four random bytes in its place."""
NOT_PREPARED = ("26000", "42P05")
"""SQLSTATE of a statement that is not there under its name, or is there already: another connection lies beneath."""

_UNNAMED: dict[str, Any] = {"statement_cache_size": 0, "prepared_statement_cache_size": 0, "prepared_statement_name_func": str}
"""For asyncpg and for SQLAlchemy's layer above it; `str()` is the empty name."""


def arguments(target: Target) -> dict[str, Any]:
    """What asyncpg is connected with, besides user, password, host, port and database."""
    found: dict[str, Any] = {"timeout": target.connect_timeout or CONNECT_SECONDS, "server_settings": target.server_settings}
    if target.host and target.host.startswith("/"):
        found["host"] = target.host
    if target.tls.get("sslrootcert") == SYSTEM:
        found["ssl"] = _system_context(target.tls)
    passed = {name: value for name, value in target.tls.items() if value != SYSTEM}
    if passed:
        found["dsn"] = f"postgresql:///?{urlencode(passed)}"
    return {**found, "connection_class": _connection_class(), **(_UNNAMED if target.pooled else {})}


def watch(engine: AsyncEngine, pooled: bool | None) -> None:
    """Recognise a pooler that the address does not tell of: at the first connection, or by what breaks."""
    if not pooled:
        _Watcher(engine, pooled)


class _Watcher:
    def __init__(self, engine: AsyncEngine, pooled: bool | None) -> None:
        self._pooled = pooled
        event.listen(engine.sync_engine, "do_connect", self._connect)
        event.listen(engine.sync_engine, "handle_error", self._note_error)

    def _connect(self, dialect: Any, record: Any, arguments: Any, parameters: dict[str, Any]) -> Any:
        """Connect; when that shows a pooler, once more in its way."""
        if self._pooled is None:
            connection = dialect.connect(*arguments, **parameters)
            self._pooled = not 0 < connection.driver_connection.get_server_pid() <= LARGEST_PID
            if not self._pooled:
                return connection
            connection.close()
        if self._pooled:
            parameters.update(_UNNAMED)
        return None

    def _note_error(self, context: Any) -> None:
        """From now on every connection is made for a pooler; the present ones are given up with the statement that failed."""
        if getattr(context.original_exception, "sqlstate", None) in NOT_PREPARED and not self._pooled:
            self._pooled = True
            context.is_disconnect = True


def has_news(connection: Any, known: dict[str, Any]) -> bool:
    """Whether an idle connection was closed, or has something to read: what a server says unasked is mostly its farewell.

    A function's loop stands still between two events, so nobody has looked. `known` goes with the connection.
    """
    driver = connection.driver_connection
    if driver.is_closed():
        return True
    if "poll" not in known:
        known["poll"] = select.poll()
        if (transport := getattr(driver, "_transport", None)) is not None:
            known["poll"].register(transport.get_extra_info("socket").fileno(), select.POLLIN)
    return bool(known["poll"].poll(0))


@lru_cache(maxsize=1)
def _connection_class() -> type[Any]:
    """asyncpg's connection, whose statements have names that are this process's alone."""
    import asyncpg

    process, numbers = secrets.token_hex(6), itertools.count(1)

    class Connection(asyncpg.Connection):  # type: ignore[misc]
        def _get_unique_id(self, prefix: str) -> str:
            return f"unilife_{prefix}_{process}_{next(numbers)}"

    return Connection


def _system_context(tls: dict[str, str]) -> ssl.SSLContext:
    """Trusts what the operating system does, checks the host's name, and takes the driver's other parameters."""
    context = ssl.create_default_context()
    for name, attribute in (("ssl_min_protocol_version", "minimum_version"), ("ssl_max_protocol_version", "maximum_version")):
        if name in tls:
            setattr(context, attribute, ssl.TLSVersion[tls[name].replace(".", "_")])
    if "sslcrl" in tls:
        context.load_verify_locations(cafile=tls["sslcrl"])
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_CHAIN
    if "sslcert" in tls:
        context.load_cert_chain(tls["sslcert"], tls.get("sslkey"), tls.get("sslpassword"))
    return context
