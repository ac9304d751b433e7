"""Work through pgbouncer in transaction mode, where each transaction may get a server connection without the prepared statements."""
from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from anyio.from_thread import BlockingPortal
from sqlalchemy import text

import settings
from bench.pooler import tracks_prepared_statements
from dev.database import create, drop
from dev.migrate import check, up
from persistence import connection_quota, database
from persistence.connector import MAX_PID
from persistence.database import connection, make_engine
from persistence.errors import DatabaseTimeout, DatabaseUnavailable, translate_driver_errors
from persistence.models import User
from persistence.queries.account import find_user_by_email
from tests import seeds
from tests.graph.test_chat_stream import Client, stream_events
from tests.jobs.job_setup import Person, say
from tests.persistence.function_client import DIARIES, PROFILE, SEND, VIEWER, Function, function_on
from tests.persistence.postgres_processes import Pooler, Postgres, pgbouncer, started
from tests.resolvers.chat.chat_setup import Model, model

__all__ = ["model"]

MESSAGE_OF_YESTERDAY = "I am a nurse in Hangzhou. I love hiking and I want to learn the violin."


@pytest.fixture
def function(tables: str, pooler: Pooler, model_server: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Function]:
    with function_on(pooler.url(tables), monkeypatch) as made:
        yield made


@pytest.fixture
async def pooled(tables: str, pooler: Pooler, anyio_backend: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """Point the settings at the pooler."""
    await database.dispose()
    monkeypatch.setenv("POSTGRESQL_URL", pooler.url(tables))
    settings.current.cache_clear()
    yield pooler.url(tables)
    await database.dispose()
    monkeypatch.undo()
    settings.current.cache_clear()


def test_function_behind_a_pooler_that_reconnects_runs_the_main_path(function: Function, pooler: Pooler) -> None:
    token = function.register()
    sent = function.ask(SEND, token, content="Good morning! My sister is called Mei.")
    assert sent["answer"]["content"]
    pooler.console("RECONNECT")
    function.on_loop(store_message_of_yesterday())
    summary = function.run("daily_diary")
    assert (summary["ok"], summary["succeeded"], summary["failed"]) == (True, 1, 0)
    pooler.console("RECONNECT")
    assert function.run("daily_profile")["succeeded"] == 1
    (diary,) = function.ask(DIARIES, token)["nodes"]
    assert diary["origin"] == "MODEL" and any(line["evidence"] for line in diary["lines"])
    pooler.console("RECONNECT")
    sections = function.ask(PROFILE, token)["sections"]
    assert any(value["evidence"] for section in sections for value in section["values"])
    deleted = "mutation($input: AccountDeleteInput!) { accountDelete(input: $input) { __typename } }"
    assert function.ask(deleted, token, password="correct horse battery") == {"__typename": "AccountDeleteSuccess"}
    assert function.on_loop(count()) == 0


async def store_message_of_yesterday() -> None:
    async with database.session() as session:
        ann = await find_user_by_email(session, "ann@example.org")
        assert ann is not None
        conversation_id = await session.scalar(text("select id from conversations"))
    yesterday = (datetime.now(timezone.utc) + timedelta(hours=8)).date() - timedelta(days=1)
    await say(Person(ann.id, conversation_id, ann.time_zone), yesterday, MESSAGE_OF_YESTERDAY)


async def count() -> int:
    async with database.session() as session:
        return int(await session.scalar(text("select (select count(*) from users) + (select count(*) from messages)")) or 0)


@pytest.mark.anyio
async def test_message_stream_behind_a_pooler_returns_the_answer(pooled: str, model: Model) -> None:
    events = await stream_events(Client(await seeds.bearer(await seeds.person()), {"content": "Hello, how are you?"}))
    assert [event["__typename"] for event in events][0] == "MessageStreamStarted"
    assert events[-1]["__typename"] == "MessageSendSuccess" and events[-1]["answer"]["content"]
    async with database.session() as session:
        assert await session.scalar(text("select count(*) from messages")) == 2


@pytest.mark.anyio
async def test_queries_concurrent_behind_a_pooler_return_each_users_own_data(pooled: str, pooler: Pooler) -> None:
    people = [await seeds.person(f"p{number}") for number in range(10)]
    tokens = [await seeds.bearer(person) for person in people]
    for person in people:
        await seeds.diary(person, date(2026, 5, 20), summary=f"The day of {person.email}")

    async def look(number: int) -> None:
        viewer, diaries = await asyncio.gather(seeds.ask(VIEWER, token=tokens[number]), seeds.ask(DIARIES, token=tokens[number]))
        assert "errors" not in viewer and "errors" not in diaries, (viewer, diaries)
        assert viewer["data"]["viewer"]["email"] == people[number].email
        assert [node["summary"] for node in diaries["data"]["diaries"]["nodes"]] == [f"The day of {people[number].email}"]

    for _ in range(3):
        await asyncio.gather(*(look(number % 10) for number in range(50)), asyncio.to_thread(pooler.console, "RECONNECT"))


@pytest.mark.anyio
async def test_engines_many_behind_few_server_connections_get_their_own_results(tables: str, pooler: Pooler) -> None:
    """Run more clients than server connections, each with other statements, many in transactions."""
    engines = [make_engine(pooler.url(tables), pool_size=2) for _ in range(6)]

    async def work(number: int) -> None:
        engine = engines[number % 6]
        if number % 2:
            engine = engine.execution_options(isolation_level="REPEATABLE READ" if number % 3 else "READ COMMITTED")
        async with engine.connect() as connection:
            for _ in range(6):
                asked = text(f"select cast(:value as integer) + {number % 13}, current_setting('transaction_isolation')")
                found = (await connection.execute(asked, {"value": number})).one()
                expected = "read committed" if not number % 2 or number % 3 == 0 else "repeatable read"
                assert tuple(found) == (number + number % 13, expected)

    try:
        await asyncio.gather(*(work(number) for number in range(120)))
    finally:
        for engine in engines:
            await engine.dispose()


@pytest.mark.anyio
async def test_connection_behind_a_pooler_detects_it_and_prepares_nothing(pooled: str, server: Postgres) -> None:
    async with connection() as reading:
        assert not 0 < (await reading.open()).get_server_pid() <= MAX_PID
        for number in range(5):
            assert [list(row) for row in await reading.fetch(f"select {number}")] == [[number]]
        [[prepared, name]] = await reading.fetch("select (select count(*) from pg_prepared_statements), current_setting('application_name')")
        assert (prepared, name) == (0, "unilife")


@pytest.mark.anyio
async def test_engine_pooler_taken_for_a_server_fails_then_detects_it(tables: str, pooler: Pooler) -> None:
    """Expect errors, but never the result of another process's statement, because statement names are unique."""
    url = pooler.url(tables, "pgbouncer=false")
    engines = [make_engine(url, pool_size=2) for _ in range(6)]
    failures: list[DatabaseUnavailable] = []

    async def work(number: int) -> None:
        try:
            with translate_driver_errors():
                async with engines[number % 6].connect() as connection:
                    for _ in range(4):
                        assert await connection.scalar(text(f"select {number} + cast(:value as integer)"), {"value": 1}) == number + 1
        except DatabaseUnavailable as failure:
            failures.append(failure)

    try:
        await asyncio.gather(*(work(number) for number in range(60)))
        assert failures and all("add pgbouncer=true" in str(failure.reason) for failure in failures)
        failures.clear()
        for _ in range(2):  # connections that were open at the first error may still fail
            await asyncio.gather(*(work(number) for number in range(60)))
        failures.clear()
        await asyncio.gather(*(work(number) for number in range(60)))
        assert not failures
    finally:
        for engine in engines:
            await engine.dispose()


@pytest.mark.anyio
async def test_engines_many_behind_a_pooler_that_tracks_prepared_statements_keep_them(server: Postgres, tables: str, new_directory: Callable[[], Path]) -> None:
    """Run more clients than server connections with `pgbouncer=false`, through reconnects: each statement is prepared and belongs to its client."""
    if not tracks_prepared_statements(str(pgbouncer())):
        pytest.skip("pgbouncer tracks prepared statements since 1.21")
    tracking = Pooler(new_directory(), server_port=server.port, options={"max_prepared_statements": "200"})
    tracking.configure()
    with started(tracking):
        engines = [make_engine(tracking.url(tables, "pgbouncer=false"), pool_size=2) for _ in range(6)]

        async def work(number: int) -> None:
            async with engines[number % 6].connect() as connection:
                for _ in range(6):
                    assert await connection.scalar(text(f"select {number % 13} + cast(:value as integer)"), {"value": number}) == number % 13 + number

        try:
            for _ in range(3):
                await asyncio.gather(*(work(number) for number in range(60)))
                await asyncio.to_thread(tracking.console, "RECONNECT")  # meanwhile it would end a login that is under way, and report that to the client
            async with engines[0].connect() as connection:
                assert await connection.scalar(text("select count(*) from pg_prepared_statements")) > 0
        finally:
            for engine in engines:
                await engine.dispose()


@pytest.mark.anyio
async def test_connect_setting_refused_by_a_pooler_in_session_mode_is_left_out(tables: str, pooler: Pooler) -> None:
    engine = make_engine(pooler.url(tables, "pgbouncer=false"), pool_size=1)

    async def request() -> Any:
        connection_quota.open_account("ann", 30.0)
        async with engine.connect() as connection:
            return await connection.scalar(text("select current_setting('plan_cache_mode')"))

    assert await asyncio.create_task(request()) == "auto"
    await engine.dispose()


@pytest.mark.anyio
async def test_connect_option_refused_by_the_pooler_names_the_option(pooled: str) -> None:
    engine = make_engine(f"{pooled}?options=-c%20geqo%3Doff", pool_size=1)
    with pytest.raises(DatabaseUnavailable) as refused, translate_driver_errors():
        async with engine.connect():
            pass
    assert "options" in str(refused.value.reason)
    await engine.dispose()


def test_migrate_through_the_pooler_upgrades_the_schema(server: Postgres, pooler: Pooler, portal: BlockingPortal) -> None:
    portal.call(create, server.url(), "through")
    try:
        assert portal.call(up, pooler.url("through"))[0] is None
        assert portal.call(check, pooler.url("through")) == []
    finally:
        portal.call(drop, server.url(), "through")


@pytest.mark.anyio
async def test_transaction_failed_behind_a_pooler_leaves_no_rows_or_settings(pooled: str) -> None:
    for _ in range(5):
        with pytest.raises(ZeroDivisionError):
            async with database.transaction() as session:
                await session.execute(text("set local statement_timeout = '5s'"))
                session.add(User(email="x@example.org", password_hash="-", nickname="x", time_zone="UTC", locale="en"))
                raise ZeroDivisionError
        async with database.session() as session:
            assert await session.scalar(text("select count(*) from users")) == 0
            assert await session.scalar(text("select current_setting('statement_timeout')")) == "0"


@pytest.mark.anyio
async def test_session_after_a_pooler_restart_reconnects(pooled: str, pooler: Pooler) -> None:
    ann = await seeds.person()
    pooler.restart()
    async with database.session() as session:
        assert await session.get(User, ann.id) is not None


@pytest.mark.anyio
async def test_statement_timeout_behind_a_pooler_cancels_the_statement(pooled: str) -> None:
    async def request() -> None:
        database.open_account("ann", 0.3)
        async with database.session() as session:
            await session.scalar(text("select pg_sleep(30)"))

    with pytest.raises(DatabaseTimeout):
        await asyncio.ensure_future(request())
    running = "select count(*) from pg_stat_activity where query like '%pg_sleep(30)%' and state = 'active' and pid <> pg_backend_pid()"
    async with connection() as reading:
        while (await reading.fetch(running))[0][0]:
            await asyncio.sleep(0.05)
