from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import psutil
import pytest
from anyio.from_thread import BlockingPortal
from sqlalchemy import text

from dev import database
from dev.workspace import ROOT
from persistence.database import make_engine

OWNER = """
import signal, sys, time
from pathlib import Path
from dev import database
signal.signal(signal.SIGINT, signal.default_int_handler)  # a background shell ignores SIGINT
with database.run_server(Path(sys.argv[1]), keep=sys.argv[2] == "keep") as url:
    print(url, flush=True)
    time.sleep(600)
"""


def servers(directory: Path) -> list[psutil.Process]:
    return [found for found in psutil.process_iter() if _serves(found, directory)]


def _serves(process: psutil.Process, directory: Path) -> bool:
    try:
        return process.status() != psutil.STATUS_ZOMBIE and str(directory) in process.cmdline() and "postgres" in process.name()
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False


def owner_of(directory: Path, mode: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", OWNER, str(directory), mode]
    owner = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert owner.stdout is not None and owner.stdout.readline().startswith("postgresql://")
    return owner


def guard_of(owner: subprocess.Popen[str]) -> psutil.Process:
    [guard] = [child for child in psutil.Process(owner.pid).children() if "dev.database" in child.cmdline()]
    return guard


@pytest.mark.parametrize("end", [signal.SIGKILL, signal.SIGINT])
def test_run_server_owner_killed_or_interrupted_stops_the_server(open_directory: Callable[[], Path], end: signal.Signals) -> None:
    directory = open_directory() / "postgres"
    owner = owner_of(directory, "delete")
    assert servers(directory)
    guard = guard_of(owner)
    owner.send_signal(end)
    owner.communicate()
    psutil.wait_procs([guard], timeout=30)
    assert not servers(directory) and not directory.exists()


async def ask(url: str, *statements: str) -> Any:
    engine = make_engine(url, pool_size=1)
    try:
        async with engine.connect() as connection:
            return [await connection.execute(text(statement)) for statement in statements][-1].scalar()
    finally:
        await engine.dispose()


def test_run_server_with_kept_data_started_again_has_the_data(open_directory: Callable[[], Path], portal: BlockingPortal) -> None:
    """The path has what a shell does not read as one word, as a checkout in "my documents (2)" does."""
    directory = open_directory() / "my 日记 (2)'s" / "postgres"
    with database.run_server(directory) as server_url:
        url = portal.call(database.create, server_url, "kept")
        portal.call(ask, url, "create table note (word text)", "insert into note values ('remembered') returning word")
    assert not servers(directory)
    with database.run_server(directory) as server_url:
        assert portal.call(database.create, server_url, "kept") == url
        assert portal.call(ask, url, "select word from note") == "remembered"
    assert not servers(directory)


@pytest.mark.anyio
async def test_create_database_sorts_and_cases_alike_on_every_machine(server_url: str) -> None:
    name = f"unilife_test_locale_{os.getpid()}"
    url = await database.create(server_url, name)
    try:
        assert await ask(url, "select lower('ÄÉЖ')") == "äéж"
        assert await ask(url, "select string_agg(word, '' order by word) from unnest(array['b', 'a', 'B', 'é', '中']) word") == "Babé中"
    finally:
        await database.drop(server_url, name)


@pytest.mark.parametrize("url", [
    "postgresql://postgres:@/postgres?host=/run/a b", "postgresql+asyncpg://me:p%40ss@db.example:6543/one?sslmode=require",
    "host=db.example user=me password=p@ss dbname=one",
])  # fmt: skip
def test_on_server_another_database_keeps_everything_but_the_name(url: str) -> None:
    from persistence import dsn

    before, after = dsn.parse(url), dsn.parse(database.on_server(url, "other"))
    assert after.database == "other"
    assert (after.host, after.port, after.user, after.password, after.tls) == (before.host, before.port, before.user, before.password, before.tls)
