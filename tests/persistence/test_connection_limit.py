"""A pool that is larger than the number of connections that the database, or a pooler, gives."""
from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

import settings
from persistence import database, grant
from persistence.errors import ServerBusy
from tests.log_capture import written_log
from tests.persistence.postgres_processes import Pooler, Postgres, pgbouncer, started

pytestmark = pytest.mark.anyio

GRANTED = 3
PASSWORD = "sesame"


@pytest.fixture(scope="module")
def few(server: Postgres, migrated: str) -> Iterator[str]:
    """Create a role that the server allows three connections; return the URL of its database."""
    server.psql(f"create role few login password '{PASSWORD}' connection limit {GRANTED}; grant pg_read_all_data, pg_write_all_data to few", migrated)
    yield server.url(migrated, user="few", password=PASSWORD, parameters="sslmode=require")
    server.psql("drop owned by few; drop role few", migrated)


@pytest.fixture
async def use_url(tables: str, anyio_backend: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Callable[[str], Any]]:
    """Return a function that gives the process a pool of ten connections to a URL."""

    async def use(url: str) -> None:
        monkeypatch.setenv("POSTGRESQL_URL", url)
        monkeypatch.setenv("DATABASE_POOL_SIZE", "10")
        settings.current.cache_clear()
        await database.dispose()

    yield use
    await database.dispose()
    monkeypatch.undo()
    settings.current.cache_clear()


async def read() -> int:
    async with database.connection() as reading:
        return int((await reading.fetch("select 1 from pg_sleep(0.002)"))[0][0])


async def read_in_a_session() -> int:
    async with database.session() as session:
        return int(await session.scalar(text("select 1 from pg_sleep(0.002)")))


async def request_often(owner: str, times: int) -> list[int]:
    database.open_account(owner, 60.0, remaining=60.0)
    return [await (read_in_a_session if number % 2 else read)() for number in range(times)]


async def test_pool_larger_than_the_roles_limit_serves_all_users(few: str, use_url: Any) -> None:
    await use_url(few)
    with written_log() as lines:
        answers = await asyncio.gather(*(asyncio.ensure_future(request_often(f"person {number}", 15)) for number in range(20)))
    assert answers == [[1] * 15] * 20
    assert lines == []


async def test_pool_larger_than_the_poolers_limit_serves_all_users(server: Postgres, tables: str, new_directory: Callable[[], Path], use_url: Any) -> None:
    pgbouncer()
    small = Pooler(new_directory(), server_port=server.port, options={"max_client_conn": str(GRANTED)})
    small.configure()
    with started(small):
        await use_url(small.url(tables))
        answers = await asyncio.gather(*(asyncio.ensure_future(request_often(f"person {number}", 10)) for number in range(20)))
        assert answers == [[1] * 10] * 20
        await database.dispose()


async def test_pool_without_any_connection_waits_until_the_database_gives_one(few: str, use_url: Any) -> None:
    others = [await database.make_engine(few, pool_size=1).connect() for _ in range(GRANTED)]
    await use_url(few)
    waiting = [asyncio.ensure_future(request_often(f"person {number}", 2)) for number in range(5)]
    await asyncio.sleep(0.5)
    assert not any(task.done() for task in waiting)
    for other in others:
        await other.engine.dispose()
        await other.close()
        await other.engine.dispose()
    assert await asyncio.gather(*waiting) == [[1, 1]] * 5


async def test_pool_without_any_connection_at_the_deadline_is_busy_and_names_the_reason(few: str, use_url: Any) -> None:
    others = [await database.make_engine(few, pool_size=1).connect() for _ in range(GRANTED)]
    await use_url(few)

    async def request() -> None:
        database.open_account("ann", 60.0, remaining=0.5)
        await read()

    with written_log() as lines, pytest.raises(ServerBusy):
        await asyncio.ensure_future(request())
    assert [(line["event"], line["code"]) for line in lines] == [("server_busy", "SERVER_BUSY")]
    assert "no connection left" in lines[0]["reason"] and "action" in lines[0]
    for other in others:
        await other.close()
        await other.engine.dispose()


async def test_pool_grows_again_when_the_database_gives_more(server: Postgres, few: str, use_url: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grant, "MAX_PAUSE_SECONDS", 0.05)
    await use_url(few)
    await asyncio.gather(*(asyncio.ensure_future(request_often(f"person {number}", 2)) for number in range(10)))
    assert await count_connections(server) == GRANTED
    server.psql("alter role few connection limit 8")
    try:
        while await count_connections(server) < 8:
            await asyncio.gather(*(asyncio.ensure_future(request_often(f"person {number}", 2)) for number in range(10)))
    finally:
        server.psql(f"alter role few connection limit {GRANTED}")


async def count_connections(server: Postgres) -> int:
    return int(server.psql("select count(*) from pg_stat_activity where usename = 'few'"))


async def test_waiting_requests_are_served_in_the_order_in_which_they_came(few: str, use_url: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grant, "FIRST_PAUSE_SECONDS", 600.0)  # once the pool knows how many it has, no request tries for a further connection meanwhile
    await use_url(few)
    await asyncio.gather(*(asyncio.ensure_future(request_often(f"person {number}", 2)) for number in range(10)))
    served: list[int] = []
    go_on = asyncio.Event()

    async def hold(number: int) -> None:
        database.open_account(f"holder {number}", 60.0)  # a connection of a job would be switched to the plans of requests first, which may take unequally long
        async with database.connection():
            await go_on.wait()

    async def request(number: int) -> None:
        database.open_account(f"person {number}", 60.0)
        await asyncio.sleep((5 - number) * 0.02)  # the last to come asks first
        async with database.connection():
            served.append(number)
            await asyncio.sleep(0.01)

    holding = [asyncio.ensure_future(hold(number)) for number in range(GRANTED)]
    await asyncio.sleep(0.5)
    waiting = []
    for number in range(5):
        waiting.append(asyncio.ensure_future(request(number)))
        await asyncio.sleep(0.001)
    await asyncio.sleep(0.3)
    assert served == []
    go_on.set()
    await asyncio.gather(*holding, *waiting)
    assert served == [0, 1, 2, 3, 4]
