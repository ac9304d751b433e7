"""Sharing of connections among users, and the statement timeout."""
from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from typing import Any

import pytest
from sqlalchemy import text

import settings
from persistence import database
from persistence.errors import DatabaseTimeout, DatabaseUnavailable, Overtaken, ServerBusy
from persistence.ids import uuid7
from persistence.models import Conversation
from persistence.queries.chat_writes import insert_conversation
from tests import seeds
from tests.jobs.job_setup import rows
from tests.log_capture import written_log

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("four_connections")]

FOREVER = 600.0


@pytest.fixture
async def four_connections(empty_database: str, anyio_backend: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    monkeypatch.setenv("DATABASE_POOL_SIZE", "4")
    settings.current.cache_clear()
    await database.dispose()
    yield
    await database.dispose()
    monkeypatch.undo()
    settings.current.cache_clear()


class Request:
    """Request of a user that holds a connection until it is told to end."""

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


async def wait_for_connections(*requests: Request) -> None:
    """Wait until all these requests have a connection and every other had the time to get one."""
    for request in requests:
        await request.has.wait()
    for _ in range(20):
        await asyncio.sleep(0)


async def test_connection_quota_one_user_gets_half_and_another_does_not_wait():
    log: list[str] = []
    ann = [Request("ann", log) for _ in range(6)]
    await wait_for_connections(*ann[:2])
    bob = Request("bob", log)
    await wait_for_connections(bob)
    assert log == ["ann", "ann", "bob"]
    for request in (*ann, bob):
        await request.finish()
    assert sorted(log) == ["ann"] * 6 + ["bob"]


async def test_connection_quota_freed_connection_goes_to_the_user_with_fewest():
    log: list[str] = []
    holding = [Request(owner, log) for owner in ("ann", "ann", "bob", "cat")]
    await wait_for_connections(*holding)
    bob, dan, late_bob = Request("bob", log), Request("dan", log), Request("bob", log)
    await asyncio.sleep(0)
    await holding[2].finish()
    await wait_for_connections(bob)
    await holding[0].finish()
    await wait_for_connections(dan)
    assert log[4:] == ["bob", "dan"] and not late_bob.has.is_set()
    for request in (*holding, bob, dan, late_bob):
        await request.finish()


async def test_connection_quota_work_without_a_user_is_not_limited():
    log: list[str] = []
    jobs = [Request(None, log) for _ in range(4)]
    await wait_for_connections(*jobs)
    assert len(log) == 4
    for request in jobs:
        await request.finish()


async def test_connection_quota_cancelled_wait_takes_no_connection():
    log: list[str] = []
    ann = [Request("ann", log) for _ in range(2)]
    await wait_for_connections(*ann)
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
async def test_statement_timeout_slow_statement_of_a_request_is_cancelled_on_the_server(slow: Any):
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


async def test_statement_timeout_of_one_request_does_not_stay_on_the_connection():
    async def request(seconds: float) -> None:
        database.open_account("ann", seconds)
        async with database.connection() as reading:
            await reading.fetch("select pg_sleep(0.3)")

    with pytest.raises(DatabaseTimeout):
        await asyncio.ensure_future(request(0.1))
    await asyncio.ensure_future(request(FOREVER))
    async with database.connection() as reading:
        await reading.fetch("select pg_sleep(0.3)")


async def test_without_time_limit_slow_statement_is_not_cancelled():
    async def request() -> None:
        database.open_account("ann", 0.1)
        with database.without_time_limit():
            async with database.session() as session:
                await session.scalar(text("select pg_sleep(0.3)"))
        await slow_read()

    with pytest.raises(DatabaseTimeout):
        await asyncio.ensure_future(request())


async def test_statement_timeout_set_on_the_server_raises_the_same_error():
    async def request() -> None:
        database.open_account("ann", FOREVER)
        async with database.transaction() as session:
            await session.execute(text("set local statement_timeout = 100"))
            await session.execute(text("select pg_sleep(30)"))

    with pytest.raises(DatabaseTimeout):
        await asyncio.ensure_future(request())


async def test_connection_wait_over_the_limit_raises_busy_not_timeout(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("persistence.pool.TAKE_SECONDS", 0.05)

    async def request() -> None:
        database.open_account("ann", FOREVER)
        async with database.connection(), database.connection():
            await slow_read()

    with written_log() as lines, pytest.raises(ServerBusy):
        await asyncio.ensure_future(request())
    assert [(line["level"], line["code"]) for line in lines] == [("WARNING", "SERVER_BUSY")]


@pytest.mark.parametrize(("state", "reason"), [("53100", "disk is full"), ("42501", "no privilege for the table diaries")])
async def test_transaction_refused_by_the_server_is_unavailable_with_the_reason_and_changes_nothing(state: str, reason: str):
    async def request() -> None:
        async with database.transaction() as session:
            await session.execute(text("insert into model_rate_buckets (id, available) values (1, 1)"))
            await session.execute(text(f"do $$ begin raise exception 'permission denied for table diaries' using errcode = '{state}'; end $$"))

    with written_log() as lines, pytest.raises(DatabaseUnavailable) as refused:
        await request()
    assert [(line["event"], line["code"]) for line in lines] == [("database_unavailable", "DATABASE_UNAVAILABLE")]
    assert reason in lines[0]["reason"] and refused.value.reason == lines[0]["reason"]
    async with database.connection() as reading:
        assert await reading.fetch("select count(*) from model_rate_buckets") == [(0,)]


async def test_transaction_row_of_a_missing_user_raises_overtaken():
    async def request() -> None:
        database.open_account("ann", FOREVER)
        async with database.transaction() as session:
            await insert_conversation(session, user_id=uuid7(), id=uuid7(), title="t", last_message_at=seeds.datetime.now(seeds.timezone.utc))

    with written_log() as lines, pytest.raises(Overtaken):
        await asyncio.ensure_future(request())
    assert [line["level"] for line in lines] == ["INFO"] and await rows(Conversation) == []
