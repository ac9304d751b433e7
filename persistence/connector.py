"""How a connection is made: TLS as libpq has it, and statements in the way that whatever stands in between can bear.

A pooler in transaction mode gives each transaction another server connection, where the statement that was prepared before is not, or is
another client's. Behind one, statements go without a name and each is parsed anew: one round trip more a statement. Directly they are
prepared once a connection, under a name that no other process uses, so that a pooler that was not recognised makes an error and never
runs the wrong statement.
"""
from __future__ import annotations

import asyncio
import itertools
import secrets
import select
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

import asyncpg

from persistence.dsn import SYSTEM, Target

CONNECT_SECONDS = 10.0
"""The longest wait for a connection, unless the address says `connect_timeout`."""
LARGEST_PID = 2**22
"""Of a process on Linux; pgbouncer gives four random bytes in its place."""
PREPARED_STATEMENT_ERRORS = ("26000", "42P05")
"""SQLSTATE of a statement that is not there under its name, or is there already: another connection lies beneath."""


class NoAnswer(asyncio.TimeoutError):
    """No connection came about in time."""


class Connector:
    """How connections to one target are made. A pooler that the address does not tell of is recognised at the first one, or by what breaks."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self.pooled = target.pooled

    @property
    def dialect_arguments(self) -> Mapping[str, Any]:
        """What SQLAlchemy's layer above the driver is made with."""
        return {"prepared_statement_cache_size": 0, "prepared_statement_name_func": str} if self.pooled else {}

    async def connect(self) -> asyncpg.Connection[Any]:
        """A connection; made once more in a pooler's way when it shows one."""
        driver = await self._connect()
        if self.pooled is None:
            self.pooled = not 0 < driver.get_server_pid() <= LARGEST_PID
            if self.pooled:
                await driver.close()
                return await self._connect()
        return driver

    async def _connect(self) -> asyncpg.Connection[Any]:
        unnamed = {"statement_cache_size": 0} if self.pooled else {}
        try:
            return await asyncpg.connect(**_arguments(self._target), connection_class=Connection, **unnamed)
        except asyncio.TimeoutError:
            raise NoAnswer from None

    def detect_pooler(self, error: BaseException | None) -> bool:
        """Whether an error comes of a pooler that was not recognised. From then on every connection is made for one."""
        if getattr(error, "sqlstate", None) not in PREPARED_STATEMENT_ERRORS or self.pooled:
            return False
        self.pooled = True
        return True


def has_unread_data(driver: asyncpg.Connection[Any]) -> bool:
    """Whether an idle connection has something to read: what a server says unasked is mostly its farewell.

    A function's loop stands still between two events, so nobody has looked.
    """
    socket = driver._transport and driver._transport.get_extra_info("socket")
    if socket is None or socket.fileno() < 0:
        return True
    looking = select.poll()
    looking.register(socket.fileno(), select.POLLIN)
    return bool(looking.poll(0))


def limit_statements(driver: asyncpg.Connection[Any], seconds: float | None) -> None:
    """Bound the time of each statement on a connection: the driver has the server cancel what takes longer, and raises `asyncio.TimeoutError`.

    The server's own statement_timeout is no alternative. Behind a pooler in transaction mode a setting of the session reaches other clients; pgbouncer
    refuses it at the start of a connection ("unsupported startup parameter", github.com/pgbouncer/pgbouncer/issues/1074, read 2026-11-28); SET LOCAL
    would cost each read a transaction and two round trips. A request to cancel goes through poolers, too.
    """
    driver._config = driver._config._replace(command_timeout=seconds)


class Connection(asyncpg.Connection):  # type: ignore[misc,type-arg]
    """asyncpg's, whose statements have names that are this process's alone."""

    def _get_unique_id(self, prefix: str) -> str:
        return f"unilife_{prefix}_{_PROCESS}_{next(_numbers)}"


_PROCESS, _numbers = secrets.token_hex(6), itertools.count(1)


def _arguments(target: Target) -> dict[str, Any]:
    place = {"host": target.host, "port": target.port, "user": target.user, "password": target.password, "database": target.database}
    found: dict[str, Any] = {name: value for name, value in place.items() if value is not None}
    found.update(timeout=target.connect_timeout or CONNECT_SECONDS, server_settings=target.server_settings)
    if target.tls.get("sslrootcert") == SYSTEM:
        found["ssl"] = _system_context(target.tls)
    passed = {name: value for name, value in target.tls.items() if value != SYSTEM}
    if passed:
        found["dsn"] = f"postgresql:///?{urlencode(passed)}"
    return found


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
