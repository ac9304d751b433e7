"""Connections shared among people, and statements that take too long."""
from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from sqlalchemy import text

import settings
from persistence import database
from persistence.errors import DatabaseTimeout, DatabaseUnavailable, Overtaken
from persistence.ids import uuid7
from persistence.models import Conversation
from persistence.queries.chat_writes import insert_conversation
from tests import seeds
from tests.jobs.job_setup import rows
from tests.log_capture import written_log

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("four_links")]

FOREVER = 600.0


@pytest.fixture
async def four_links(empty_database: str, anyio_backend: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    monkeypatch.setenv("DATABASE_POOL_SIZE", "4")
    settings.current.cache_clear()
    await database.dispose()
    yield
    await database.dispose()
    monkeypatch.undo()
    settings.current.cache_clear()


class Request:
    """Holds a connection on somebody's behalf until it is told to end."""

    def __init__(self, owner: str | None, log: list[str]) -> None:
        self.has, self.ends = asyncio.Event(), asyncio.Event()
        self._owner, self._log = owner, log
        self.task = asyncio.ensure_future(self._run())

    async def _run(self) -> None:
        if self._owner is not None:
            database.open_account(self._owner, FOREVER)
        async with database.connection():
            self._log.append(str(self._owner))
            self.has.set()
            await self.ends.wait()

    async def finish(self) -> None:
        self.ends.set()
        await self.task


async def settle(*requests: Request) -> None:
    """Until all of these have what they wait for, and every other had the time for it."""
    for request in requests:
        await request.has.wait()
    for _ in range(20):
        await asyncio.sleep(0)


async def test_one_owner_has_half_of_the_connections_and_another_does_not_wait():
    log: list[str] = []
    ann = [Request("ann", log) for _ in range(6)]
    await settle(*ann[:2])
    bob = Request("bob", log)
    await settle(bob)
    assert log == ["ann", "ann", "bob"]
    for request in (*ann, bob):
        await request.finish()
    assert sorted(log) == ["ann"] * 6 + ["bob"]


async def test_connection_that_comes_free_goes_to_who_has_fewest():
    log: list[str] = []
    holding = [Request(owner, log) for owner in ("ann", "ann", "bob", "cat")]
    await settle(*holding)
    bob, dan, late_bob = Request("bob", log), Request("dan", log), Request("bob", log)
    await asyncio.sleep(0)
    await holding[2].finish()
    await settle(bob)
    await holding[0].finish()
    await settle(dan)
    assert log[4:] == ["bob", "dan"] and not late_bob.has.is_set()
    for request in (*holding, bob, dan, late_bob):
        await request.finish()


async def test_work_of_the_process_itself_has_no_share():
    log: list[str] = []
    jobs = [Request(None, log) for _ in range(4)]
    await settle(*jobs)
    assert len(log) == 4
    for request in jobs:
        await request.finish()


async def test_waiting_that_is_given_up_takes_nothing():
    log: list[str] = []
    ann = [Request("ann", log) for _ in range(2)]
    await settle(*ann)
    waiting = Request("ann", log)
    await asyncio.sleep(0)
    waiting.task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting.task
    for request in ann:
        await request.finish()
    async with AsyncExitStack() as stack:
        for _ in range(4):
            await stack.enter_async_context(database.connection())


async def slow_read() -> Any:
    async with database.connection() as reading:
        return await reading.fetch("select pg_sleep(30)")


async def slow_session() -> Any:
    async with database.session() as session:
        return await session.scalar(text("select pg_sleep(30)"))


async def slow_transaction() -> Any:
    async with database.transaction() as session:
        await session.execute(text("insert into model_rate_buckets (id, available) values (1, 1)"))
        await session.execute(text("select pg_sleep(30)"))


@pytest.mark.parametrize("slow", [slow_read, slow_session, slow_transaction])
async def test_statement_of_a_request_that_takes_too_long_is_cancelled_at_the_server(slow: Any):
    async def request() -> None:
        database.open_account("ann", 0.2)
        await slow()

    with written_log() as lines, pytest.raises(DatabaseTimeout) as refused:
        await asyncio.ensure_future(request())
    assert refused.value.code == "DATABASE_TIMEOUT" and [line["level"] for line in lines] == ["WARNING"]
    async with database.connection() as reading:
        assert await reading.fetch("select count(*) from model_rate_buckets") == [(0,)]
        sleeping = "select count(*) from pg_stat_activity where query like '%pg_sleep(30)%' and state = 'active' and pid <> pg_backend_pid()"
        while (await reading.fetch(sleeping))[0][0]:
            await asyncio.sleep(0.05)


async def test_time_limit_of_one_owner_does_not_stay_with_the_connection():
    async def request(seconds: float) -> None:
        database.open_account("ann", seconds)
        async with database.connection() as reading:
            await reading.fetch("select pg_sleep(0.3)")

    with pytest.raises(DatabaseTimeout):
        await asyncio.ensure_future(request(0.1))
    await asyncio.ensure_future(request(FOREVER))
    async with database.connection() as reading:
        await reading.fetch("select pg_sleep(0.3)")


async def test_work_without_a_time_limit_may_take_longer():
    async def request() -> None:
        database.open_account("ann", 0.1)
        with database.without_time_limit():
            async with database.session() as session:
                await session.scalar(text("select pg_sleep(0.3)"))
        await slow_read()

    with pytest.raises(DatabaseTimeout):
        await asyncio.ensure_future(request())


async def test_time_limit_of_the_server_is_told_alike():
    async def request() -> None:
        database.open_account("ann", FOREVER)
        async with database.transaction() as session:
            await session.execute(text("set local statement_timeout = 100"))
            await session.execute(text("select pg_sleep(30)"))

    with pytest.raises(DatabaseTimeout):
        await asyncio.ensure_future(request())


async def test_waiting_for_a_connection_is_no_statement_that_takes_long(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("persistence.pool.TAKE_SECONDS", 0.05)

    async def request() -> None:
        database.open_account("ann", FOREVER)
        async with database.connection(), database.connection():
            await slow_read()

    with written_log() as lines, pytest.raises(DatabaseUnavailable):
        await asyncio.ensure_future(request())
    assert [(line["level"], line["code"]) for line in lines] == [("WARNING", "DATABASE_UNAVAILABLE")]


async def test_row_whose_owner_is_gone_is_a_conflict_in_a_request():
    async def request() -> None:
        database.open_account("ann", FOREVER)
        async with database.transaction() as session:
            await insert_conversation(session, user_id=uuid7(), id=uuid7(), title="t", last_message_at=seeds.datetime.now(seeds.timezone.utc))

    with written_log() as lines, pytest.raises(Overtaken):
        await asyncio.ensure_future(request())
    assert [line["level"] for line in lines] == ["INFO"] and await rows(Conversation) == []
