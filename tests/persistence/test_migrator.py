"""Bringing the tables up to date: all of it or nothing, whatever happens in the middle, and never what is newer."""
from __future__ import annotations

import asyncio
import functools
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

import settings
from persistence import migrator
from persistence.database import SCHEMA_REVISION, dispose, is_schema_compatible, make_engine
from persistence.errors import DatabaseUnavailable, MigrationFailed
from persistence.migrator import STATEMENTS, UpgradeResult, upgrade_schema
from persistence.revisions import find_revision
from tests.schemas import dump

pytestmark = pytest.mark.anyio

ALL = tuple(path.stem for path in sorted(STATEMENTS.glob("*.sql")))
GOOD = "create table later (id int primary key);\ninsert into later values (1);"


@pytest.fixture
async def database(new_database: Callable[[], str], anyio_backend: str) -> str:
    """Without a table."""
    return new_database()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The migrations, and room for more."""
    return Path(shutil.copytree(STATEMENTS, tmp_path / "sql"))


def add(folder: Path, *statements: str) -> str:
    """Write more migrations; gives the last one's name."""
    known = find_revision(ALL[-1])
    assert known
    for number, sql in enumerate(statements, known.number + 1):
        (folder / f"{number:04}.sql").write_text(sql)
    return f"{known.number + len(statements):04}"


async def on(url: str, work: Callable[[Any], Awaitable[Any]]) -> Any:
    engine = make_engine(url, pool_size=2)
    try:
        return await work(engine)
    finally:
        await engine.dispose()


async def moved(url: str, wanted: str, folder: Path = STATEMENTS) -> UpgradeResult:
    return await on(url, functools.partial(upgrade_schema, wanted=wanted, folder=folder))


async def execute(url: str, statement: str) -> Any:
    async def run(engine: Any) -> Any:
        async with engine.connect() as connection:
            result = await connection.execute(text(statement))
            return result.scalar() if result.returns_rows else None

    return await on(url, run)


async def test_from_nothing_to_the_newest_and_then_there_is_nothing_to_do(database: str) -> None:
    assert await on(database, upgrade_schema) == UpgradeResult(None, ALL[-1], ALL)
    before = dump(database, rows=True)
    assert await on(database, upgrade_schema) == UpgradeResult(ALL[-1], ALL[-1], ())
    assert dump(database, rows=True) == before


async def test_step_by_step_is_the_same_as_at_once(database: str, new_database: Callable[[], str]) -> None:
    for at, revision in enumerate(ALL):
        assert await moved(database, revision) == UpgradeResult(ALL[at - 1] if at else None, revision, (revision,))
    at_once = new_database()
    await on(at_once, upgrade_schema)
    assert dump(database, rows=True) == dump(at_once, rows=True)


async def test_a_database_in_use_gets_what_the_code_wants_and_no_contraction_behind_it(database: str) -> None:
    await moved(database, ALL[0])
    wanted = ALL[: ALL.index(SCHEMA_REVISION) + 1]
    assert await on(database, upgrade_schema) == UpgradeResult(ALL[0], SCHEMA_REVISION, wanted[1:])
    assert await on(database, upgrade_schema) == UpgradeResult(SCHEMA_REVISION, SCHEMA_REVISION, ())
    assert (await moved(database, ALL[-1])).applied == ALL[len(wanted) :]
    assert await on(database, upgrade_schema) == UpgradeResult(ALL[-1], ALL[-1], ())


@pytest.mark.parametrize(("broken", "said"), [
    ("insert into later values (1)", "UniqueViolationError (later, later_pkey)"),
    ("alter table later add column words text; select 'what Ann said'::int", "InvalidTextRepresentationError"),
    ("drop table later; select * from nowhere", "UndefinedTableError"),
    ("create table (", "PostgresSyntaxError"),
])  # fmt: skip
async def test_a_failure_in_the_middle_leaves_the_database_as_it_was(database: str, folder: Path, broken: str, said: str) -> None:
    for start in (None, ALL[0], ALL[-1]):
        if start:
            await moved(database, start)
        before = dump(database, rows=True)
        newest = add(folder, GOOD, broken)
        with pytest.raises(MigrationFailed) as failed:
            await moved(database, newest, folder)
        assert said in str(failed.value) and newest in str(failed.value) and "nothing was changed" in str(failed.value)
        assert "Ann" not in str(failed.value)
        assert dump(database, rows=True) == before
    add(folder, GOOD, "insert into later values (2)")
    assert (await moved(database, newest, folder)).after == newest
    assert await execute(database, "select count(*) from later") == 2


async def test_a_connection_that_is_lost_in_the_middle_leaves_the_database_as_it_was(database: str, folder: Path) -> None:
    newest = add(folder, GOOD, "select pg_sleep(60)")
    before = dump(database, rows=True)
    moving = asyncio.create_task(moved(database, newest, folder))
    kill = "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and query like 'select pg_sleep%'"
    while not await execute(database, kill):
        await asyncio.sleep(0.05)
    with pytest.raises(DatabaseUnavailable):
        await moving
    assert dump(database, rows=True) == before


async def test_a_table_in_use_is_waited_for_only_so_long(database: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrator, "WAIT_FOR_TABLE_SECONDS", 1)
    await on(database, upgrade_schema)
    newest = add(folder, GOOD, "alter table users add column later text")
    before = dump(database, rows=True)

    async def meanwhile(engine: Any) -> None:
        async with engine.execution_options(isolation_level="READ COMMITTED").begin() as somebody:
            await somebody.execute(text("lock table users in access share mode"))
            with pytest.raises(MigrationFailed, match="could not be locked"):
                await upgrade_schema(engine, newest, folder=folder)

    await on(database, meanwhile)
    assert dump(database, rows=True) == before


async def test_another_migration_is_waited_for_only_so_long(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrator, "WAIT_FOR_OTHERS_SECONDS", 1)

    async def meanwhile(engine: Any) -> None:
        async with migrator.migration_lock(engine):
            with pytest.raises(MigrationFailed, match="another migration is running"):
                await upgrade_schema(engine)

    await on(database, meanwhile)
    assert await execute(database, "select to_regclass('alembic_version')") is None


NEWER = f"{(find_revision(ALL[-1]) or (0, 0))[0] + 2:04}"


async def test_a_newer_database_that_was_only_added_to_is_left_alone_and_good_to_work_on(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What a function meets that was rolled back after its successor migrated."""
    await on(database, upgrade_schema)
    await execute(database, f"update alembic_version set version_num = '{NEWER}'")
    before = dump(database, rows=True)
    assert await on(database, upgrade_schema) == UpgradeResult(NEWER, NEWER, ())
    assert dump(database, rows=True) == before
    assert await is_migrated(database, monkeypatch)


@pytest.mark.parametrize("name", [f"{NEWER}.{NEWER}", "another"])
async def test_a_database_that_this_code_cannot_work_on_is_not_touched(database: str, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    await on(database, upgrade_schema)
    await execute(database, f"update alembic_version set version_num = '{name}'")
    before = dump(database, rows=True)
    with pytest.raises(MigrationFailed, match="deploy a newer version"):
        await on(database, upgrade_schema)
    assert dump(database, rows=True) == before
    assert not await is_migrated(database, monkeypatch)


async def is_migrated(url: str, monkeypatch: pytest.MonkeyPatch) -> bool:
    """What health asks, of that database."""
    await dispose()
    monkeypatch.setenv("POSTGRESQL_URL", url)
    settings.current.cache_clear()
    try:
        return await is_schema_compatible()
    finally:
        await dispose()
        monkeypatch.undo()
        settings.current.cache_clear()


async def test_a_revision_without_statements_is_named(database: str) -> None:
    with pytest.raises(MigrationFailed, match=f"migration {NEWER} are missing"):
        await moved(database, NEWER)
    assert await execute(database, "select to_regclass('alembic_version')") is None
