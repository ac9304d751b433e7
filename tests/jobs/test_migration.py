"""The event `{"job": "migrate"}` through the function's handler: refused unless allowed, atomic, and run once by concurrent instances."""
from __future__ import annotations

import asyncio
import functools
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from anyio.from_thread import BlockingPortal
from sqlalchemy import text

import handler
import jobs.migration
import logs
import settings
from dev import migrate
from dev.workspace import ROOT
from persistence.database import SCHEMA_REVISION, dispose, make_engine
from persistence.migrator import STATEMENTS, upgrade_schema
from tests.log_capture import lines_of
from tests.schemas import dump

ALL = [path.stem for path in sorted(STATEMENTS.glob("*.sql"))]
CONTEXT = {"time_limit_in_ms": 60_000, "request_id": "r"}
MIGRATE = {"job": "migrate"}
HEALTH = {"httpMethod": "GET", "path": "/health", "headers": {}, "queryString": {}}
ONE_START = f"import json, handler; print(json.dumps(handler.handler({MIGRATE!r}, {CONTEXT!r})))"
INSERT_USER = (
    "insert into users (id, email, password_hash, nickname, time_zone, locale, created_at, updated_at) values "
    "('00000000-0000-7000-8000-000000000001', 'ann@example.org', 'x', 'Ann', 'UTC', 'en', '2026-01-01', '2026-01-01')"
)
EXPANSION = "create table later (id int); alter table users add column later text; alter table messages add column later int not null default 0"
"""Changes that a newer version's migration may make while an older version is running."""

REGISTER = "mutation($input: AccountRegisterInput!) { accountRegister(input: $input) { ... on Session { accessToken } } }"
SEND = "mutation($input: MessageSendInput!) { messageSend(input: $input) { ... on MessageSendSuccess { answer { content } } } }"
ANN = {"email": "ann@example.org", "password": "correct horse battery", "timeZone": "UTC"}
QUESTION = {"content": "I moved to Leeds.", "idempotencyKey": "00000000-0000-4000-8000-000000000001"}

Function = Callable[..., Any]
"""Send an event to the function on a database; `allowed` sets MIGRATE_BY_EVENT."""


@pytest.fixture
def function(monkeypatch: pytest.MonkeyPatch) -> Iterator[Function]:
    dispatcher = handler.EventDispatcher(handler._make_app, handler._run_timer, handler._migrate)

    def send(url: str, event: Any, *, allowed: bool = True, context: Any = CONTEXT) -> Any:
        monkeypatch.setenv("POSTGRESQL_URL", url)
        monkeypatch.setenv("MIGRATE_BY_EVENT", str(allowed))
        settings.current.cache_clear()
        answer = dispatcher(event, context)
        dispatcher._loop.run_until_complete(dispose())
        return answer

    yield send
    dispatcher.close()
    asyncio.set_event_loop(None)
    monkeypatch.undo()
    settings.current.cache_clear()


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[Any]]:
    return lines_of(monkeypatch)


@pytest.fixture(scope="session")
def by_alembic(portal: BlockingPortal) -> Callable[[str, str], None]:
    """Migrate a database to a revision with Alembic itself, as earlier versions did."""

    def move(url: str, revision: str) -> None:
        portal.call(migrate.locked, url, lambda connection: migrate.move(connection, command.upgrade, revision))

    return move


def test_migrate_event_without_permission_is_refused_with_advice_and_changes_nothing(
    function: Function, new_database: Callable[[], str], lines: Callable[[], list[Any]]
) -> None:
    url = new_database()
    before = dump(url, rows=True)
    answer = function(url, MIGRATE, allowed=False)
    assert (answer["ok"], answer["error"]["code"], answer["error"]["requestId"]) == (False, "FORBIDDEN", "r")
    assert "MIGRATE_BY_EVENT=true" in answer["error"]["message"] and "unilife migrate up" in answer["error"]["message"]
    assert dump(url, rows=True) == before
    [line] = lines()
    assert (line["event"], line["action"]) == ("function_event_failed", logs.ACTIONS["FORBIDDEN"])


def test_settings_migrate_by_event_is_off_by_default() -> None:
    assert settings.load(os.environ).migrate_by_event is False


def test_migrate_event_on_an_empty_database_makes_it_healthy(function: Function, new_database: Callable[[], str], lines: Callable[[], list[Any]]) -> None:
    url = new_database()
    before = function(url, HEALTH)
    assert (before["statusCode"], json.loads(before["body"])["migrationsCurrent"]) == (503, False)
    done = {"job": "MIGRATE", "to": ALL[-1], "applied": ALL, "already_current": False}
    assert function(url, MIGRATE) == {"ok": True, "from": None, **done}
    after = function(url, HEALTH)
    assert (after["statusCode"], json.loads(after["body"])["migrationsCurrent"]) == (200, True)
    [line] = [line for line in lines() if line["event"] == "schema_upgraded"]
    assert {**line, **done} == line


def test_migrate_event_on_a_current_database_reports_it_and_changes_nothing(function: Function, new_database: Callable[[], str]) -> None:
    url = new_database()
    function(url, MIGRATE)
    before = dump(url, rows=True)
    current = {"ok": True, "job": "MIGRATE", "from": ALL[-1], "to": ALL[-1], "applied": [], "already_current": True}
    assert function(url, MIGRATE) == current
    assert dump(url, rows=True) == before


@pytest.mark.once
@pytest.mark.parametrize("start", [None, *ALL[:-1]])
def test_migrate_event_from_every_revision_makes_the_same_schema_as_the_command_and_alembic(
    function: Function, new_database: Callable[[], str], by_alembic: Callable[[str, str], None], portal: BlockingPortal, start: str | None
) -> None:
    event_url, command_url, alembic_url = new_database(), new_database(), new_database()
    for url in (event_url, command_url, alembic_url) if start else ():
        by_alembic(url, start)
        portal.call(execute, url, INSERT_USER)
    answer = function(event_url, MIGRATE)
    end = SCHEMA_REVISION if start else ALL[-1]
    assert (answer["from"], answer["to"], answer["applied"]) == (start, end, ALL[ALL.index(start) + 1 if start else 0 : ALL.index(end) + 1])
    assert portal.call(migrate.up, command_url) == (start, end)
    by_alembic(alembic_url, end)
    assert dump(event_url, rows=True) == dump(command_url, rows=True) == dump(alembic_url, rows=True)
    assert "CREATE TABLE public.diary_lines" in dump(event_url) and ("ann@example.org" in dump(event_url, rows=True)) is bool(start)


async def execute(url: str, statements: str) -> None:
    engine = make_engine(url, pool_size=1)
    try:
        async with engine.connect() as connection:
            await connection.execute(text(f"do $$ begin {statements}; end $$"))
    finally:
        await engine.dispose()


def test_migrate_event_to_several_instances_at_once_migrates_once(new_database: Callable[[], str]) -> None:
    url = new_database()
    environ = {**os.environ, "POSTGRESQL_URL": url, "MIGRATE_BY_EVENT": "true"}
    started = [subprocess.Popen([sys.executable, "-c", ONE_START], cwd=ROOT, env=environ, stdout=subprocess.PIPE, text=True) for _ in range(3)]
    answers = [json.loads(process.communicate(timeout=120)[0].splitlines()[-1]) for process in started]
    assert [answer["ok"] for answer in answers] == [True] * 3 and {answer["to"] for answer in answers} == {ALL[-1]}
    assert sorted(answer["applied"] for answer in answers) == [[], [], ALL]


@pytest.mark.parametrize(("statement", "seconds", "message"), [
    ("select * from nowhere", 60, "UndefinedTableError"), ("select pg_sleep(60)", 5, "time limit was too short"),
])  # fmt: skip
def test_migrate_event_failing_midway_reports_it_and_changes_nothing(
    function: Function, new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lines: Callable[[], list[Any]],
    statement: str, seconds: int, message: str,
) -> None:  # fmt: skip
    folder = Path(shutil.copytree(STATEMENTS, tmp_path / "sql"))
    (folder / "9999.sql").write_text(f"create table later (id int); {statement}")
    monkeypatch.setattr(jobs.migration, "upgrade_schema", functools.partial(upgrade_schema, wanted="9999", folder=folder))
    url = new_database()
    before = dump(url, rows=True)
    answer = function(url, MIGRATE, context={**CONTEXT, "time_limit_in_ms": seconds * 1000})
    assert (answer["ok"], answer["error"]["code"]) == (False, "DATABASE_MIGRATION_FAILED")
    assert message in answer["error"]["message"] and "nothing was changed" in answer["error"]["message"]
    assert dump(url, rows=True) == before
    assert [line["event"] for line in lines()] == ["function_event_failed"]


def graphql(query: str, given: Any, token: str = "") -> dict[str, Any]:
    headers = {"content-type": "application/json", **({"authorization": f"Bearer {token}"} if token else {})}
    body = json.dumps({"query": query, "variables": {"input": given}})
    return {"httpMethod": "POST", "path": "/graphql", "headers": headers, "queryString": {}, "body": body}


def test_function_rolled_back_under_an_expanded_schema_keeps_working(
    function: Function, new_database: Callable[[], str], portal: BlockingPortal, model_server: str
) -> None:
    """The newer version migrated and was rolled back: the tables have columns that this code does not know."""
    url = new_database()
    function(url, MIGRATE)
    portal.call(execute, url, f"{EXPANSION}; update alembic_version set version_num = '9998'")
    health = function(url, HEALTH)
    assert (health["statusCode"], json.loads(health["body"])["migrationsCurrent"]) == (200, True)
    token = json.loads(function(url, graphql(REGISTER, ANN))["body"])["data"]["accountRegister"]["accessToken"]
    sent = json.loads(function(url, graphql(SEND, QUESTION, token))["body"])
    assert sent["data"]["messageSend"]["answer"]["content"]
    assert function(url, {"job": "daily_diary"})["ok"] is True
    assert function(url, MIGRATE) == {"ok": True, "job": "MIGRATE", "from": "9998", "to": "9998", "applied": [], "already_current": True}


def test_function_under_a_contracted_schema_is_unhealthy_and_does_not_migrate(
    function: Function, new_database: Callable[[], str], portal: BlockingPortal
) -> None:
    url = new_database()
    function(url, MIGRATE)
    portal.call(execute, url, "update alembic_version set version_num = '9998.9997'")
    before = dump(url, rows=True)
    health = function(url, HEALTH)
    assert (health["statusCode"], json.loads(health["body"])["status"]) == (503, "DATABASE_NOT_MIGRATED")
    answer = function(url, MIGRATE)
    assert answer["ok"] is False and "deploy a newer version" in answer["error"]["message"]
    assert dump(url, rows=True) == before


def test_migrate_event_with_an_unreachable_database_reports_database_unavailable(function: Function) -> None:
    answer = function("postgresql://nobody@127.0.0.1:1/nowhere", MIGRATE)
    assert (answer["ok"], answer["error"]["code"]) == (False, "DATABASE_UNAVAILABLE")


def test_migrate_event_with_a_pool_of_one_connection_migrates(function: Function, new_database: Callable[[], str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_POOL_SIZE", "1")
    assert function(new_database(), MIGRATE)["to"] == ALL[-1]
