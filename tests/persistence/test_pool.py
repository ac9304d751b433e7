"""Connection pool shared by plain SQL queries and SQLAlchemy sessions, with lost connections replaced."""
from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest
from sqlalchemy import text

import settings
from persistence import connection_holder, connection_quota, database, pool
from persistence.errors import DatabaseNotMigrated, DatabaseUnavailable
from persistence.models import User
from persistence.orm import make_engine
from persistence.pool import ConnectionPool
from persistence.queries.model_pauses import list_pauses
from tests import seeds
from tests.log_capture import written_log

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("one_connection")]

CONNECTION_COUNT = "select count(*) from pg_stat_activity where application_name = 'counted'"
PID = "select pg_backend_pid()"


@pytest.fixture
async def one_connection(empty_database: str, anyio_backend: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """Limit the process to one connection."""
    monkeypatch.setenv("POSTGRESQL_URL", f"{empty_database}&application_name=counted")
    monkeypatch.setenv("DATABASE_POOL_SIZE", "1")
    settings.current.cache_clear()
    await database.dispose()
    yield
    await database.dispose()
    monkeypatch.undo()
    settings.current.cache_clear()


async def read(statement: str, *given: Any) -> Any:
    async with database.connection() as reading:
        [[found]] = await reading.fetch(statement, *given)
    return found


async def read_in_a_session(statement: str) -> Any:
    async with database.session() as session:
        return await session.scalar(text(statement))


async def kill_all() -> None:
    """Terminate all connections of the process from another one, as a restarting server or a pooler does."""
    killer = ConnectionPool(settings.current().postgresql_url.reveal().replace("counted", "killer"), 1)
    link = await killer.acquire()
    await link.fetch("select pg_terminate_backend(pid, 5000) from pg_stat_activity where application_name = 'counted'")
    killer.release(link)
    await killer.close()


async def test_pool_connection_and_session_share_one_connection():
    first = await read(PID)
    assert await read_in_a_session(PID) == first == await read(PID)
    assert await read(CONNECTION_COUNT) == 1


async def test_pool_all_connections_in_use_waits_for_the_next_free_one():
    async with database.transaction() as session:
        await session.execute(text("select 1"))
        waiting = asyncio.ensure_future(read("select 7"))
        await asyncio.sleep(0.05)
        assert not waiting.done()
    assert await waiting == 7


async def test_pool_wait_over_the_limit_raises_and_takes_no_connection(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(pool, "TAKE_SECONDS", 0.05)
    async with database.connection() as reading:
        await reading.fetch("select 1")
        for refused in (read, read_in_a_session):
            with pytest.raises(DatabaseUnavailable):
                await refused("select 1")
    assert await read("select 7") == 7 == await read_in_a_session("select 7")


@pytest.mark.parametrize("idle", [True, False], ids=["after a while", "at once"])
async def test_pool_idle_connection_that_was_lost_is_replaced(monkeypatch: pytest.MonkeyPatch, idle: bool):
    if idle:
        monkeypatch.setattr(connection_holder, "IDLE_BEFORE_PING_SECONDS", 0.0)
    for lost, found in ((read, read), (read, read_in_a_session), (read_in_a_session, read), (read_in_a_session, read_in_a_session)):
        before = await lost(PID)
        await kill_all()
        await asyncio.sleep(0.05)
        assert await found(PID) != before
        assert await read(CONNECTION_COUNT) == 1


async def test_pool_connection_over_the_recycle_age_is_replaced(monkeypatch: pytest.MonkeyPatch):
    before = await read_in_a_session(PID)
    monkeypatch.setattr(connection_holder, "RECYCLE_SECONDS", -1.0)
    assert len({before, await read(PID), await read_in_a_session(PID), await read(PID)}) == 4


async def test_pool_cancelled_query_leaves_no_result_to_the_next():
    reading = asyncio.ensure_future(read("select 1 from pg_sleep(30)"))
    await asyncio.sleep(0.1)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert await read("select 7") == 7 == await read_in_a_session("select 7")


async def test_pool_failed_statement_keeps_the_connection():
    before = await read(PID)
    with pytest.raises(DatabaseNotMigrated):
        await read("select x from no_such_table")
    with pytest.raises(Exception, match="division by zero"):
        await read("select 1 / 0")
    assert await read(PID) == before == await read_in_a_session(PID)


async def test_session_fetch_uncommitted_rows_are_seen_by_this_session_only():
    ann = await seeds.person()
    names = "select nickname from users where id = $1"
    with pytest.raises(RuntimeError, match="undone"):
        async with database.transaction() as session:
            (await session.get_one(User, ann.id)).nickname = "Anna"
            assert [list(row) for row in await session.fetch(names, ann.id)] == [["Anna"]]
            assert await list_pauses(session) == []
            raise RuntimeError("undone")
    assert await read(names, ann.id) == "ann"


async def test_pool_process_busy_while_connecting_longer_than_the_time_limit_connects():
    lending = ConnectionPool(f"{settings.current().postgresql_url.reveal()}&connect_timeout=2", 1)
    taking = asyncio.ensure_future(lending.acquire())
    await asyncio.sleep(0)
    for _ in range(3):
        time.sleep(2.5)  # noqa: ASYNC251 # keeps the event loop from running, as imports at a cold start do
        await asyncio.sleep(0)
    link = await taking
    assert [list(row) for row in await link.fetch("select 7")] == [[7]]
    lending.release(link)
    await lending.close()


async def test_pool_server_that_does_not_answer_is_unavailable_after_the_time_limit(monkeypatch: pytest.MonkeyPatch):
    connected: list[asyncio.StreamWriter] = []
    silent = await asyncio.start_server(lambda reader, writer: connected.append(writer), "127.0.0.1", 0)
    port = silent.sockets[0].getsockname()[1]
    monkeypatch.setenv("POSTGRESQL_URL", f"postgresql://ann@127.0.0.1:{port}/nowhere?sslmode=disable&connect_timeout=2")
    settings.current.cache_clear()
    await database.dispose()
    with written_log() as lines, pytest.raises(DatabaseUnavailable):
        await read("select 1")
    assert [(line["level"], line["code"]) for line in lines] == [("ERROR", "DATABASE_UNAVAILABLE")]
    assert lines[0]["action"].startswith("The database cannot be reached") and "did not answer in time" in lines[0]["reason"]
    for writer in connected:
        writer.close()
        await writer.wait_closed()
    silent.close()
    await silent.wait_closed()


async def test_engine_after_dispose_connects_again(empty_database: str):
    made = make_engine(ConnectionPool(empty_database, 1))
    pids = set()
    for _ in range(2):
        async with made.connect() as connection:
            pids.add(await connection.scalar(text(PID)))
        await made.dispose()
    assert len(pids) == 2


@pytest.mark.parametrize(("options", "of_requests", "of_jobs"), [("", (0, 3), (3, 0)), ("&options=-c%20plan_cache_mode%3Dforce_custom_plan", (3, 0), (3, 0))])
async def test_prepared_statement_of_a_request_is_planned_once_unless_the_url_says_otherwise(
    options: str, of_requests: tuple[int, int], of_jobs: tuple[int, int]
) -> None:
    lending = ConnectionPool(settings.current().postgresql_url.reveal() + options, 1)

    async def count_plans(number: int) -> tuple[int, int]:
        """Return how often the server planned a statement for its values and how often it used the plan that it keeps."""
        link = await lending.acquire()
        for value in range(3):
            assert list(await link.fetch(f"select $1::int + {number} as counted", value)) == [(value + number,)]
        [found] = await link.fetch("select custom_plans, generic_plans from pg_prepared_statements where statement like $1", f"%+ {number} as counted")
        lending.release(link)
        return tuple(found)

    async def request() -> None:
        connection_quota.open_account("ann", 30.0)
        assert await count_plans(1) == of_requests
        with connection_quota.without_time_limit():
            assert await count_plans(2) == of_jobs
        assert await count_plans(3) == of_requests

    try:
        await asyncio.create_task(request())
    finally:
        await lending.close()
