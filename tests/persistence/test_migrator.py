"""Schema upgrades: whole or not at all, and never of a database that is newer than the code."""
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

REVISIONS = tuple(path.stem for path in sorted(STATEMENTS.glob("*.sql")))
GOOD = "create table later (id int primary key);\ninsert into later values (1);"


@pytest.fixture
async def database(new_database: Callable[[], str], anyio_backend: str) -> str:
    """Return the URL of a database without tables."""
    return new_database()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Copy the migrations into a folder to which a test can add more."""
    return Path(shutil.copytree(STATEMENTS, tmp_path / "sql"))


def add(folder: Path, *statements: str) -> str:
    """Write more migrations; return the last one's name."""
    known = find_revision(REVISIONS[-1])
    assert known
    for number, sql in enumerate(statements, known.number + 1):
        (folder / f"{number:04}.sql").write_text(sql)
    return f"{known.number + len(statements):04}"


async def with_engine(url: str, work: Callable[[Any], Awaitable[Any]]) -> Any:
    engine = make_engine(url, pool_size=2)
    try:
        return await work(engine)
    finally:
        await engine.dispose()


async def upgrade(url: str, wanted: str, folder: Path = STATEMENTS) -> UpgradeResult:
    return await with_engine(url, functools.partial(upgrade_schema, wanted=wanted, folder=folder))


async def execute(url: str, statement: str) -> Any:
    async def run(engine: Any) -> Any:
        async with engine.connect() as connection:
            result = await connection.execute(text(statement))
            return result.scalar() if result.returns_rows else None

    return await with_engine(url, run)


async def test_upgrade_schema_empty_database_reaches_the_newest_and_repeats_nothing(database: str) -> None:
    assert await with_engine(database, upgrade_schema) == UpgradeResult(None, REVISIONS[-1], REVISIONS)
    before = dump(database, rows=True)
    assert await with_engine(database, upgrade_schema) == UpgradeResult(REVISIONS[-1], REVISIONS[-1], ())
    assert dump(database, rows=True) == before


async def test_upgrade_schema_one_migration_at_a_time_equals_all_at_once(database: str, new_database: Callable[[], str]) -> None:
    for at, revision in enumerate(REVISIONS):
        assert await upgrade(database, revision) == UpgradeResult(REVISIONS[at - 1] if at else None, revision, (revision,))
    at_once = new_database()
    await with_engine(at_once, upgrade_schema)
    assert dump(database, rows=True) == dump(at_once, rows=True)


async def test_upgrade_schema_database_in_use_stops_before_a_later_contraction(database: str) -> None:
    await upgrade(database, REVISIONS[0])
    wanted = REVISIONS[: REVISIONS.index(SCHEMA_REVISION) + 1]
    assert await with_engine(database, upgrade_schema) == UpgradeResult(REVISIONS[0], SCHEMA_REVISION, wanted[1:])
    assert await with_engine(database, upgrade_schema) == UpgradeResult(SCHEMA_REVISION, SCHEMA_REVISION, ())
    assert (await upgrade(database, REVISIONS[-1])).applied == REVISIONS[len(wanted) :]
    assert await with_engine(database, upgrade_schema) == UpgradeResult(REVISIONS[-1], REVISIONS[-1], ())


@pytest.mark.parametrize(("broken", "said"), [
    ("insert into later values (1)", "UniqueViolationError (later, later_pkey)"),
    ("alter table later add column words text; select 'what Ann said'::int", "InvalidTextRepresentationError"),
    ("drop table later; select * from nowhere", "UndefinedTableError"),
    ("create table (", "PostgresSyntaxError"),
    ("do $$ begin raise 'Ann' using errcode = '42501'; end $$", "let it own the database"),
])  # fmt: skip
async def test_upgrade_schema_failed_statement_leaves_the_database_unchanged(database: str, folder: Path, broken: str, said: str) -> None:
    for start in (None, REVISIONS[0], REVISIONS[-1]):
        if start:
            await upgrade(database, start)
        before = dump(database, rows=True)
        newest = add(folder, GOOD, broken)
        with pytest.raises(MigrationFailed) as failed:
            await upgrade(database, newest, folder)
        assert said in str(failed.value) and newest in str(failed.value) and "nothing was changed" in str(failed.value)
        assert "Ann" not in str(failed.value)
        assert dump(database, rows=True) == before
    add(folder, GOOD, "insert into later values (2)")
    assert (await upgrade(database, newest, folder)).after == newest
    assert await execute(database, "select count(*) from later") == 2


async def test_upgrade_schema_lost_connection_leaves_the_database_unchanged(database: str, folder: Path) -> None:
    newest = add(folder, GOOD, "select pg_sleep(60)")
    before = dump(database, rows=True)
    moving = asyncio.create_task(upgrade(database, newest, folder))
    kill = "select count(pg_terminate_backend(pid)) from pg_stat_activity where datname = current_database() and query like 'select pg_sleep%'"
    while not await execute(database, kill):
        await asyncio.sleep(0.05)
    with pytest.raises(DatabaseUnavailable):
        await moving
    assert dump(database, rows=True) == before


async def test_upgrade_schema_locked_table_fails_after_a_limited_wait(database: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrator, "WAIT_FOR_TABLE_SECONDS", 1)
    await with_engine(database, upgrade_schema)
    newest = add(folder, GOOD, "alter table users add column later text")
    before = dump(database, rows=True)

    async def meanwhile(engine: Any) -> None:
        async with engine.execution_options(isolation_level="READ COMMITTED").begin() as somebody:
            await somebody.execute(text("lock table users in access share mode"))
            with pytest.raises(MigrationFailed, match="could not be locked"):
                await upgrade_schema(engine, newest, folder=folder)

    await with_engine(database, meanwhile)
    assert dump(database, rows=True) == before


async def test_upgrade_schema_other_migration_running_fails_after_a_limited_wait(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrator, "WAIT_FOR_OTHERS_SECONDS", 1)

    async def meanwhile(engine: Any) -> None:
        async with migrator.migration_lock(engine):
            with pytest.raises(MigrationFailed, match="another migration is running"):
                await upgrade_schema(engine)

    await with_engine(database, meanwhile)
    assert await execute(database, "select to_regclass('alembic_version')") is None


NEWER = f"{(find_revision(REVISIONS[-1]) or (0, 0))[0] + 2:04}"


async def test_upgrade_schema_newer_compatible_database_is_unchanged_and_usable(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Simulate a function that was rolled back after its successor had migrated."""
    await with_engine(database, upgrade_schema)
    await execute(database, f"update alembic_version set version_num = '{NEWER}'")
    before = dump(database, rows=True)
    assert await with_engine(database, upgrade_schema) == UpgradeResult(NEWER, NEWER, ())
    assert dump(database, rows=True) == before
    assert await is_migrated(database, monkeypatch)


@pytest.mark.parametrize("name", [f"{NEWER}.{NEWER}", "another"])
async def test_upgrade_schema_incompatible_database_is_refused_and_unchanged(database: str, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    await with_engine(database, upgrade_schema)
    await execute(database, f"update alembic_version set version_num = '{name}'")
    before = dump(database, rows=True)
    with pytest.raises(MigrationFailed, match="deploy a newer version"):
        await with_engine(database, upgrade_schema)
    assert dump(database, rows=True) == before
    assert not await is_migrated(database, monkeypatch)


async def is_migrated(url: str, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Return the answer of the health check's query for that database."""
    await dispose()
    monkeypatch.setenv("POSTGRESQL_URL", url)
    settings.current.cache_clear()
    try:
        return await is_schema_compatible()
    finally:
        await dispose()
        monkeypatch.undo()
        settings.current.cache_clear()


async def test_upgrade_schema_revision_without_statements_is_refused_by_name(database: str) -> None:
    with pytest.raises(MigrationFailed, match=f"migration {NEWER} is missing"):
        await upgrade(database, NEWER)
    assert await execute(database, "select to_regclass('alembic_version')") is None
