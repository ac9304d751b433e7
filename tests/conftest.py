"""Fixtures that tests share: one PostgreSQL server for the run, a migrated database and an offline model for each worker.

`database` and `model` are for asynchronous tests. A test with an event loop of its own takes `empty_database` and `model_server`
and closes what it opened.
"""
from __future__ import annotations

import logging
import os
import secrets
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal, start_blocking_portal

import settings
from dev.database import create, drop, ensure_stopped, start
from dev.migrate import up
from jobs import python_runtime
from tests import statement_recorder

SERVER_GIVEN = "POSTGRESQL_URL_FOR_TESTS"
"""A server to use instead of the embedded one, as a URL of a database whose user may create databases."""

SERVER_DIRECTORY = "UNILIFE_TEST_SERVER"
"""The environment variable with the directory of the run's embedded server, which starts when the first worker needs it."""

REVISION_GIVEN = "UNILIFE_TEST_REVISION"
"""The environment variable with the schema revision to test on, instead of the newest."""

EXTRA_SAMPLES = Path(__file__).resolve().parents[2] / "shared"

NOWHERE = "postgresql://nobody@127.0.0.1:1/nowhere"

MAX_TEST_SECONDS = 90.0
"""The longest time of a test of a job run's limits on a busy machine, in seconds."""

for _field in fields(settings.Settings):
    os.environ.pop(_field.name.upper(), None)
os.environ.update(
    POSTGRESQL_URL=NOWHERE, JWT_SECRET_KEY=secrets.token_hex(32), DEEPSEEK_API_KEY="offline", DEEPSEEK_BASE_URL="http://127.0.0.1:1/v1",
    DEEPSEEK_MODEL="unilife-offline",
)


def pytest_configure(config: pytest.Config) -> None:
    statement_recorder.start()
    python_runtime.warn((0, 0))  # warns once in a process: otherwise the warning would appear in the output of an unrelated test
    if hasattr(config, "workerinput") or os.environ.get(SERVER_GIVEN):
        return
    parent = tempfile.TemporaryDirectory(prefix="unilife-tests-")
    config.add_cleanup(parent.cleanup)
    directory = Path(parent.name, "postgres")
    guard = ensure_stopped(directory, keep=False)
    guard.__enter__()
    config.add_cleanup(lambda: guard.__exit__(None, None, None))
    os.environ[SERVER_DIRECTORY] = str(directory)


@pytest.fixture(scope="session")
def extra_samples() -> Path:
    """Return the directory of extra samples beside the repository. Skips the test where it does not exist."""
    if not EXTRA_SAMPLES.is_dir():
        pytest.skip(f"no extra samples beside the repository ({EXTRA_SAMPLES})")
    return EXTRA_SAMPLES


@pytest.fixture(autouse=True)
def _restore_logging() -> Iterator[None]:
    """Restore the log's handlers after each test: a handler that a test configures writes to that test's output, which is closed with it."""
    logger = logging.getLogger("unilife")
    before = logger.handlers[:], logger.level, logger.propagate
    yield
    logger.handlers[:], logger.level, logger.propagate = before


@pytest.fixture(autouse=True)
def _check_statements() -> Iterator[None]:
    """Fail a test that was the first to send a statement which cannot be spread over machines (docs/decisions/0053)."""
    yield
    faults = statement_recorder.take_faults()
    assert not faults, "\n\n".join(faults)


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def server_url() -> str:
    """Return the URL of the PostgreSQL server of this run."""
    return os.environ.get(SERVER_GIVEN) or start(Path(os.environ[SERVER_DIRECTORY]), keep=False)


@pytest.fixture(scope="session")
def open_directory() -> Iterator[Callable[[], Path]]:
    """Yield a function that makes directories for the data of separate servers.

    When root runs the tests, the server runs as another user, who cannot read pytest's own temporary directory.
    """
    with tempfile.TemporaryDirectory(prefix="unilife-tests-") as parent:
        yield lambda: Path(tempfile.mkdtemp(dir=parent))


@pytest.fixture(scope="session")
def portal() -> Iterator[BlockingPortal]:
    """Yield a portal to an event loop in a separate thread, for fixtures that must not touch the test's loop."""
    with start_blocking_portal("asyncio") as opened:
        yield opened


@pytest.fixture(scope="session")
def migrated_database(server_url: str, portal: BlockingPortal) -> Iterator[str]:
    """Yield the URL of this worker's migrated database and set it in the settings."""
    name = f"unilife_test_{os.getpid()}"
    url = portal.call(create, server_url, name)
    portal.call(up, url, os.environ.get(REVISION_GIVEN))
    _set(POSTGRESQL_URL=url)
    yield url
    _set(POSTGRESQL_URL=NOWHERE)
    portal.call(drop, server_url, name)


@pytest.fixture(scope="session")
def _empty(migrated_database: str, portal: BlockingPortal) -> Iterator[Callable[[], None]]:
    """Yield a function that deletes every row. With few rows it takes milliseconds, whereas TRUNCATE makes new files for each table and index."""
    from sqlalchemy import text

    from persistence.database import make_engine
    from persistence.models import Model

    deletions = " ".join(f"delete from {table.name};" for table in reversed(Model.metadata.sorted_tables))
    engine = make_engine(migrated_database, pool_size=1)

    async def empty() -> None:
        async with engine.connect() as connection:
            await connection.execute(text(f"do $$ begin {deletions} end $$"))

    yield lambda: portal.call(empty)
    portal.call(engine.dispose)


@pytest.fixture
def empty_database(migrated_database: str, _empty: Callable[[], None]) -> str:
    """Empty the worker's database for a test that disposes of the engine on its own loop, and return its URL."""
    _empty()
    return migrated_database


@pytest.fixture
async def database(empty_database: str, anyio_backend: str) -> AsyncIterator[str]:
    """Empty the worker's database, yield its URL and dispose of the engine."""
    import persistence.database

    yield empty_database
    await persistence.database.dispose()


@pytest.fixture
def new_database(server_url: str, portal: BlockingPortal) -> Iterator[Callable[[], str]]:
    """Yield a function that creates a database without tables and returns its URL. The databases are dropped afterwards."""
    made: list[str] = []

    def make() -> str:
        made.append(f"unilife_new_{os.getpid()}_{len(made)}")
        portal.call(drop, server_url, made[-1])
        return portal.call(create, server_url, made[-1])

    yield make
    for name in made:
        portal.call(drop, server_url, name)


@pytest.fixture(scope="session")
def model_server() -> Iterator[Any]:
    """Yield the URL of this worker's offline model and set it in the settings."""
    from dev.offline_model import serve

    with serve() as base_url:
        _set(DEEPSEEK_BASE_URL=base_url)
        yield base_url
    _set(DEEPSEEK_BASE_URL="http://127.0.0.1:1/v1")


@pytest.fixture
def one_utc_day() -> None:
    """Wait until the test fits into one UTC day: the token budget of jobs is counted per day by the database's clock, which a test cannot freeze."""
    left = 86_400 - time.time() % 86_400
    if left < MAX_TEST_SECONDS:
        time.sleep(left + 1)


@pytest.fixture
def set_jwt_keys(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Yield a function that sets JWT_SECRET_KEY and JWT_PREVIOUS_SECRET_KEY for one test."""

    def change(current: str, previous: str = "") -> None:
        monkeypatch.setenv("JWT_SECRET_KEY", current)
        monkeypatch.setenv("JWT_PREVIOUS_SECRET_KEY", previous)
        settings.current.cache_clear()

    yield change
    monkeypatch.undo()
    settings.current.cache_clear()


def _set(**variables: str) -> None:
    os.environ.update(variables)
    settings.current.cache_clear()
