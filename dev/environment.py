"""The environment of commands: the given variables, and development defaults on this machine for missing ones.

If POSTGRESQL_URL is given, the user means that database, and nothing else is assumed. Otherwise the commands share the database, secret and offline model of
`unilife dev`.
"""
from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from dev import database, migrate
from dev.async_runner import run_async
from dev.workspace import state

DATABASE_NAME = "unilife"
NOT_USED = "not-used-by-this-command"

FRONTENDS = [f"http://{host}:*" for host in ("localhost", "127.0.0.1", "[::1]")]
"""Origins of development servers of frontends: any port of this machine."""


@dataclass(frozen=True)
class LocalServices:
    """The services that run on this machine in place of real ones."""

    embedded_database: bool
    offline_model: bool


@contextlib.contextmanager
def server_environment() -> Iterator[LocalServices]:
    """Start every service that is not given and migrate the database, for `unilife dev`."""
    with contextlib.ExitStack() as stack:
        parts = LocalServices(embedded_database=not is_set("POSTGRESQL_URL"), offline_model=not is_set("DEEPSEEK_API_KEY"))
        if parts.embedded_database:
            _set(POSTGRESQL_URL=stack.enter_context(_own_database()))
        if parts.offline_model:
            stack.enter_context(_offline_model())
            _set_missing(SUGGESTED_REPLIES="true")  # they cost nothing here, and a frontend has something to show
        _set_missing(JWT_SECRET_KEY=_secret(state("jwt_secret")), DEBUG="true", SERVERLESS="false", CORS_ORIGINS=",".join(FRONTENDS))
        run_async(migrate.up(os.environ["POSTGRESQL_URL"]))
        yield parts


@contextlib.contextmanager
def command_environment(*, migrated: bool = True, model: bool = False) -> Iterator[None]:
    """Prepare the environment of a single command. `migrated`: migrate the database of `unilife dev`. `model`: the command calls the model.

    A given database is neither migrated nor filled with texts of the offline model: a missing setting then is a settings error.
    """
    with contextlib.ExitStack() as stack:
        ours = not is_set("POSTGRESQL_URL")
        if ours:
            _set(POSTGRESQL_URL=stack.enter_context(_own_database()))
            _set_missing(DEBUG="true")
            if migrated:
                run_async(migrate.up(os.environ["POSTGRESQL_URL"]))
        if model and ours and not is_set("DEEPSEEK_API_KEY"):
            stack.enter_context(_offline_model())
        if not model:
            _set_missing(DEEPSEEK_API_KEY=NOT_USED)
        _set_missing(JWT_SECRET_KEY=secrets.token_hex(32))
        yield


def only_settings() -> None:
    """Set the missing settings for a command that uses no database and no model."""
    _set_missing(POSTGRESQL_URL="postgresql:///unused", DEEPSEEK_API_KEY=NOT_USED, JWT_SECRET_KEY=secrets.token_hex(32))


def only_model() -> None:
    """Set the missing settings for a command that calls the configured model and uses no database. The offline model does not replace the configured one."""
    _set_missing(POSTGRESQL_URL="postgresql:///unused", JWT_SECRET_KEY=secrets.token_hex(32))


@contextlib.contextmanager
def temporary_environment() -> Iterator[None]:
    """Provide an empty migrated database, which is deleted afterwards, and the offline model, for the demonstration."""
    with database.temporary_server() as server_url, _offline_model():
        url = run_async(database.create(server_url, DATABASE_NAME))
        run_async(migrate.up(url))
        _set(POSTGRESQL_URL=url, JWT_SECRET_KEY=secrets.token_hex(32), DEBUG="true", SERVERLESS="false", LOG_LEVEL="ERROR")
        yield


def is_set(name: str) -> bool:
    return bool(os.environ.get(name, "").strip())


@contextlib.contextmanager
def _own_database() -> Iterator[str]:
    """Yield the URL of the database of `unilife dev`: its running server is shared, else it is started for the block."""
    import fasteners

    directory = state("postgres")
    lock = fasteners.InterProcessLock(state("postgres.lock"))
    with contextlib.ExitStack() as stack:
        if lock.acquire(blocking=False):
            stack.callback(lock.release)
            server_url = stack.enter_context(database.run_server(directory))
        else:
            server_url = database.start(directory)
        yield run_async(database.create(server_url, DATABASE_NAME))


@contextlib.contextmanager
def _offline_model() -> Iterator[None]:
    from dev.offline_model import serve

    with serve() as base_url:
        _set(DEEPSEEK_BASE_URL=base_url, DEEPSEEK_API_KEY="offline", DEEPSEEK_MODEL="unilife-offline", MODEL_PROVIDER="", MODEL_OPTIONS="")
        yield


def _secret(path: Path) -> str:
    """Return the stored secret, creating it the first time, so that tokens stay valid after a restart."""
    if not path.exists():
        path.touch(mode=0o600)
        path.write_text(secrets.token_hex(32))
    return path.read_text().strip()


def _set(**variables: str) -> None:
    os.environ.update(variables)


def _set_missing(**variables: str) -> None:
    for name, value in variables.items():
        if not is_set(name):
            os.environ[name] = value
