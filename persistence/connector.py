"""Opening of connections: TLS with libpq's semantics, and prepared statements only where no transaction pooler is in between.

A pooler in transaction mode may run each transaction on another server connection, where an earlier prepared statement is missing or belongs
to another client. Behind a pooler, statements are unnamed and each is parsed again, which costs one more round trip per statement. On a direct
connection they are prepared once, under a name that no other process uses, so that an undetected pooler causes an error and never runs the
wrong statement.
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

from persistence import loop_time
from persistence.dsn import SYSTEM, Target

CONNECT_SECONDS = 10.0
"""Maximum wait for a connection, unless the URL sets `connect_timeout`."""
DRIVER_SECONDS = 86_400.0
"""The driver's own limit, which counts the time in which this process is busy, and therefore must never end an attempt."""
CANCEL_SECONDS = 1.0
"""Maximum wait for the end of an attempt that was given up."""
MAX_PID = 2**22
"""The highest process id on Linux. pgbouncer reports four random bytes instead, so another value reveals a pooler."""
PREPARED_STATEMENT_ERRORS = ("26000", "42P05")
"""SQLSTATEs of a prepared statement whose name is missing or already exists: the server connection is not the one that prepared it."""
GENERIC_PLANS = {"plan_cache_mode": "force_generic_plan"}
"""The setting of connections of requests, whose prepared statements are planned once (decision 85)."""
SETTING_ERRORS = ("08P01", "0A000", "22023", "42501", "42704", "55P02")
"""SQLSTATEs with which a pooler or another server refuses a setting of a new connection; pgbouncer's is 08P01, "unsupported startup parameter"."""


class NoAnswer(asyncio.TimeoutError):
    """The connection could not be opened in time. `late` are the seconds in which this process itself was busy meanwhile; they were not counted."""

    def __init__(self, late: float = 0.0) -> None:
        super().__init__()
        self.late = late


class Connector:
    """Opens connections to one server. A transaction pooler that the URL does not declare is detected at the first connection or by a
    prepared-statement error."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self.pooled = target.pooled
        self._may_set = "plan_cache_mode" not in target.server_settings.get("options", "")

    @property
    def dialect_arguments(self) -> Mapping[str, Any]:
        """The arguments of SQLAlchemy's adapter of the driver; behind a pooler they turn named prepared statements off."""
        return {"prepared_statement_cache_size": 0, "prepared_statement_name_func": str} if self.pooled else {}

    @property
    def sets_plans(self) -> bool:
        """Return whether connections have their `plan_cache_mode` from here: not behind a pooler, nor where the URL sets it or the server refuses it."""
        return self._may_set and not self.pooled

    async def connect(self, *, keep_plans: bool = False) -> asyncpg.Connection[Any]:
        """Open a connection, and replace it with one without named statements when it, or another one meanwhile, reveals a pooler.

        With `keep_plans` the server plans each prepared statement once.
        """
        while True:
            unnamed = bool(self.pooled)
            driver = await self._connect(keep_plans)
            if self.pooled is None:
                self.pooled = not 0 < driver.get_server_pid() <= MAX_PID
            if unnamed or not self.pooled:
                return driver
            await driver.close()

    async def _connect(self, keep_plans: bool) -> asyncpg.Connection[Any]:
        if keep_plans and self.sets_plans:
            try:
                return await self._open(GENERIC_PLANS)
            except asyncpg.PostgresError as error:
                if error.sqlstate not in SETTING_ERRORS:
                    raise
            driver = await self._open({})
            self._may_set = False
            return driver
        return await self._open({})

    async def _open(self, settings: Mapping[str, str]) -> asyncpg.Connection[Any]:
        unnamed: dict[str, Any] = {"statement_cache_size": 0} if self.pooled else {}
        connecting = asyncpg.connect(**_arguments(self._target, settings), connection_class=Connection, **unnamed)
        return await _finish(asyncio.ensure_future(connecting), self._target.connect_timeout or CONNECT_SECONDS)

    def detect_pooler(self, error: BaseException | None) -> bool:
        """Return whether an error reveals a pooler that was not detected before. From then on every connection is opened for a pooler."""
        if getattr(error, "sqlstate", None) not in PREPARED_STATEMENT_ERRORS or self.pooled:
            return False
        self.pooled = True
        return True


async def _finish(opening: asyncio.Task[asyncpg.Connection[Any]], seconds: float) -> asyncpg.Connection[Any]:
    """Return the connection once it is open. Raises `NoAnswer` after `seconds` in which this process was not busy itself."""
    try:
        late = await loop_time.wait(opening, seconds)
    except asyncio.CancelledError:
        await _give_up(opening)
        raise
    if not opening.done():
        await _give_up(opening)
        raise NoAnswer(late)
    try:
        return opening.result()
    except asyncio.TimeoutError:  # the operating system's, which has an errno
        raise NoAnswer(late) from None


async def _give_up(opening: asyncio.Task[asyncpg.Connection[Any]]) -> None:
    """Cancel an attempt, and close its connection if it was opened meanwhile."""
    opening.cancel()
    await asyncio.wait([opening], timeout=CANCEL_SECONDS)
    if opening.done() and not opening.cancelled() and opening.exception() is None:
        opening.result().terminate()


def has_unread_data(driver: Any) -> bool:
    """Return whether an idle connection has unread data, which usually means that the server has closed it, or has no open socket.

    A function's event loop does not run between two events, so the driver has not read the data yet. Its socket is no public attribute.
    """
    socket = driver._transport and driver._transport.get_extra_info("socket")
    if socket is None or socket.fileno() < 0:
        return True
    looking = select.poll()
    looking.register(socket.fileno(), select.POLLIN)
    return bool(looking.poll(0))


def limit_statements(driver: Any, seconds: float | None) -> None:
    """Limit each statement on a connection to `seconds`: the driver has the server cancel a longer one, and raises `asyncio.TimeoutError`.

    The server's statement_timeout is no alternative. Behind a pooler in transaction mode a session setting affects other clients; pgbouncer
    refuses it when a connection starts ("unsupported startup parameter", github.com/pgbouncer/pgbouncer/issues/1074, read 2026-11-28); SET LOCAL
    would cost each read a transaction and two round trips. A cancel request passes through poolers, too. The limit is no public attribute.
    """
    if driver._config.command_timeout != seconds:
        driver._config = driver._config._replace(command_timeout=seconds)


class Connection(asyncpg.Connection):
    """An asyncpg connection whose prepared statements have names that no other process uses."""

    def _get_unique_id(self, prefix: str) -> str:
        return f"unilife_{prefix}_{_PROCESS}_{next(_numbers)}"


_PROCESS, _numbers = secrets.token_hex(6), itertools.count(1)


def _arguments(target: Target, settings: Mapping[str, str]) -> dict[str, Any]:
    arguments = {"host": target.host, "port": target.port, "user": target.user, "password": target.password, "database": target.database}
    found: dict[str, Any] = {name: value for name, value in arguments.items() if value is not None}
    found.update(timeout=DRIVER_SECONDS, server_settings={**target.server_settings, **settings})
    if target.tls.get("sslrootcert") == SYSTEM:
        found["ssl"] = _system_context(target.tls)
    passed = {name: value for name, value in target.tls.items() if value != SYSTEM}
    if passed:
        found["dsn"] = f"postgresql:///?{urlencode(passed)}"
    return found


def _system_context(tls: dict[str, str]) -> ssl.SSLContext:
    """Create a context that trusts the operating system's authorities, checks the host name and applies `tls`: versions, CRL, client certificate."""
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
