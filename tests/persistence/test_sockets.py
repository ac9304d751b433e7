"""Connections of an instance: two at most, and replaced after each kind of loss, even in the middle of a job run."""
from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text

import settings
from dev.database import on_server
from persistence import database
from persistence.database import connection, make_engine
from persistence.models import Diary, JobItem
from persistence.models.jobs import ItemStatus
from tests import seeds
from tests.jobs.job_setup import ModelServer, add_person, night, say
from tests.jobs.job_setup import rows as stored
from tests.persistence.function_client import DIARIES, SEND, VIEWER, Function, function_on
from tests.persistence.postgres_processes import Pooler, Postgres
from tests.persistence.tcp_proxy import CountingProxy

MONDAY = date(2026, 5, 18)
MESSAGE = "I love hiking. I am a nurse in Hangzhou."
PASSWORD = "sesame"


@pytest.fixture(scope="module")
def limited(server: Postgres, migrated: str) -> Iterator[str]:
    """Create a role that the server allows two connections; return the URL of its database."""
    server.psql(f"create role limited login password '{PASSWORD}' connection limit 2; grant pg_read_all_data, pg_write_all_data to limited", migrated)
    yield server.url(migrated, user="limited", password=PASSWORD, parameters="sslmode=require")
    server.psql("drop owned by limited; drop role limited", migrated)


@pytest.fixture
def kill_all(server: Postgres, migrated: str) -> Callable[[], int]:
    """Return a function that ends every connection of the application and returns their number."""
    who = f"datname = '{migrated}' and application_name = 'unilife'"

    def kill() -> int:
        return int(server.psql(f"select count(pg_terminate_backend(pid, 5000)) from pg_stat_activity where {who}"))

    return kill


@pytest.fixture
def function(tables: str, server: Postgres, model_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Function]:
    with function_on(server.url(tables), monkeypatch) as made:
        yield made


@pytest.fixture
async def limited_settings(tables: str, limited: str, model_server: str, anyio_backend: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[ModelServer]:
    """Point the settings at the limited role's database, with the model's faults reset."""
    import llm.client

    await database.dispose()
    monkeypatch.setenv("POSTGRESQL_URL", limited)
    settings.current.cache_clear()
    model = ModelServer(model_server)
    await model.reset()
    yield model
    await model.reset()
    await llm.client.close()
    await database.dispose()
    monkeypatch.undo()
    settings.current.cache_clear()


def count_limited_connections(server: Postgres) -> int:
    return int(server.psql("select count(*) from pg_stat_activity where usename = 'limited'"))


def test_instance_fifty_concurrent_events_uses_at_most_two_connections(
    tables: str, limited: str, server: Postgres, model_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with function_on(limited, monkeypatch) as function:
        token = function.register()

        def call(number: int) -> Any:
            if number % 5 == 0:
                return function.ask(SEND, token, content=f"Hello {number}")["answer"]["content"]
            return function.ask(VIEWER if number % 2 else DIARIES, token)

        with ThreadPoolExecutor(50) as callers:
            assert all(callers.map(call, range(50)))
        assert 1 <= count_limited_connections(server) <= 2


@pytest.mark.anyio
async def test_requests_fifty_at_once_use_at_most_two_connections(limited_settings: ModelServer, server: Postgres) -> None:
    ann = await seeds.person()
    await seeds.diary(ann, MONDAY)
    token = await seeds.bearer(ann)
    answers = await asyncio.gather(*(seeds.ask(DIARIES if number % 2 else VIEWER, token=token) for number in range(50)))
    assert not [answer for answer in answers if "errors" in answer]
    assert count_limited_connections(server) == 2


@pytest.mark.anyio
async def test_job_run_of_twelve_users_uses_at_most_two_connections(limited_settings: ModelServer, server: Postgres) -> None:
    for number in range(12):
        await say(await add_person(f"P{number}"), MONDAY, MESSAGE)
    summary = await night()
    assert (summary.failed, summary.pending) == (0, 0) and len(await stored(Diary)) == 12
    assert count_limited_connections(server) == 2


@pytest.mark.anyio
async def test_pool_size_setting_of_three_opens_three_connections(tables: str, server: Postgres, anyio_backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTGRESQL_URL", on_server(server.url(tables), tables) + "&application_name=three")
    monkeypatch.setenv("DATABASE_POOL_SIZE", "3")
    settings.current.cache_clear()
    await database.dispose()
    try:

        async def wait() -> None:
            async with connection() as reading:
                await reading.fetch("select pg_sleep(0.05)")

        await asyncio.gather(*(wait() for _ in range(12)))
        assert server.psql("select count(*) from pg_stat_activity where application_name = 'three'") == "3"
    finally:
        await database.dispose()
        monkeypatch.undo()
        settings.current.cache_clear()


def test_instance_connection_killed_between_events_is_replaced(function: Function, kill_all: Callable[[], int]) -> None:
    token = function.register()
    function.ask(SEND, token, content="Hello.")
    for _ in range(3):
        assert kill_all() >= 1
        assert function.ask(VIEWER, token) == {"email": "ann@example.org"}
        assert kill_all() >= 1
        assert function.ask(SEND, token, content="Still there?")["answer"]["content"]
        assert kill_all() >= 1
        summary = function.run("tick")
        assert summary["ok"] is True and summary["failed"] == 0


def test_instance_tls_connection_killed_between_events_is_replaced(
    tables: str, limited: str, model_server: str, kill_all: Callable[[], int], monkeypatch: pytest.MonkeyPatch
) -> None:
    with function_on(limited, monkeypatch) as function:
        token = function.register()
        for _ in range(3):
            assert kill_all() >= 1
            assert function.ask(VIEWER, token) == {"email": "ann@example.org"}


@pytest.mark.parametrize("what", ["server", "pooler"])
def test_instance_database_restarted_between_events_reconnects(
    what: str, tables: str, server: Postgres, pooler: Pooler, model_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with function_on(pooler.url(tables) if what == "pooler" else server.url(tables), monkeypatch) as function:
        token = function.register()
        restarted: Any = pooler if what == "pooler" else server
        restarted.restart()
        assert function.ask(VIEWER, token) == {"email": "ann@example.org"}
        restarted.restart()
        assert function.run("tick")["ok"] is True
        restarted.restart()
        assert function.ask(SEND, token, content="Hello.")["answer"]["content"]


def test_instance_database_stopped_returns_an_error_and_recovers(function: Function, server: Postgres) -> None:
    token = function.register()
    server.stop()
    try:
        answer = function.post(VIEWER, token)
        assert answer["errors"][0]["extensions"]["code"] == "DATABASE_UNAVAILABLE"
        summary = function.run("tick")
        assert (summary["ok"], summary["error"]["code"]) == (False, "DATABASE_UNAVAILABLE")
    finally:
        server.start()
    assert function.ask(VIEWER, token) == {"email": "ann@example.org"}


def test_instance_database_restarted_behind_the_pooler_recovers(
    tables: str, server: Postgres, pooler: Pooler, model_server: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Expect the pooler to notice the restart by failed transactions, after which requests succeed again."""
    with function_on(pooler.url(tables), monkeypatch) as function:
        token = function.register()
        server.restart()
        answers = [function.post(VIEWER, token) for _ in range(8)]
        codes = [answer["errors"][0]["extensions"]["code"] for answer in answers if "errors" in answer]
        assert set(codes) <= {"DATABASE_UNAVAILABLE"}
        assert answers[-1] == {"data": {"viewer": {"email": "ann@example.org"}}}


@pytest.mark.anyio
async def test_job_run_connections_killed_repeatedly_completes_all_items(limited_settings: ModelServer, kill_all: Callable[[], int]) -> None:
    people = [await add_person(f"P{number}") for number in range(10)]
    for person in people:
        await say(person, MONDAY, MESSAGE)
        await say(person, MONDAY + timedelta(days=1), MESSAGE)
    cut = threading.Event()

    async def cutting() -> int:
        killed = 0
        while not cut.is_set():
            await asyncio.sleep(0.4)
            killed += await asyncio.to_thread(kill_all)
        return killed

    cutter = asyncio.create_task(cutting())
    await night(seconds=4)
    cut.set()
    assert await cutter >= 1
    for _ in range(3):
        await night()
    assert len(await stored(Diary)) == 20
    items = await stored(JobItem)
    assert {item.status for item in items} <= {ItemStatus.SUCCEEDED, ItemStatus.SKIPPED}


@pytest.mark.anyio
async def test_statement_direct_or_pooled_takes_one_or_two_round_trips(tables: str, server: Postgres) -> None:
    """Compare the round trips of a direct connection and of one through a pooler."""
    round_trips = {}
    for pooled in ("", "?pgbouncer=true"):
        async with CountingProxy(server.port) as proxy:
            engine = make_engine(f"postgresql://postgres@127.0.0.1:{proxy.port}/{tables}{pooled}", pool_size=1)
            async with engine.connect() as connection:
                await connection.execute(text("select 1"))
                before = proxy.round_trips
                for _ in range(10):
                    await connection.execute(text("select 1"))
                round_trips[pooled] = proxy.round_trips - before
            await engine.dispose()
    assert round_trips == {"": 10, "?pgbouncer=true": 20}


@pytest.mark.anyio
async def test_prepared_statements_of_a_process_have_unique_names(tables: str, server: Postgres) -> None:
    engine = make_engine(server.url(tables), pool_size=1)
    async with engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        assert await driver.fetchval("select 2") == 2
        names = set((await connection.scalars(text("select name from pg_prepared_statements"))).all())
    await engine.dispose()
    assert len(names) >= 2 and len({name.rsplit("_", 1)[0] for name in names}) == 1
    assert all(name.startswith("unilife_stmt_") and len(name) > 24 for name in names)

