from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from sqlalchemy import text

from dev import database, migrate
from persistence import migrator
from persistence.database import SCHEMA_REVISION, make_engine
from persistence.errors import MigrationFailed
from persistence.models import Model
from persistence.revisions import is_compatible

pytestmark = pytest.mark.anyio

NAME = "unilife_test_migrations"


@pytest.fixture
async def empty(server_url: str, worker_id: str) -> AsyncIterator[str]:
    """A database without tables, dropped afterwards."""
    name = f"{NAME}_{worker_id}"
    await database.drop(server_url, name)
    yield await database.create(server_url, name)
    await database.drop(server_url, name)


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    return getattr(request.config, "workerinput", {}).get("workerid", "alone")


async def tables(url: str) -> set[str]:
    engine = make_engine(url, pool_size=1)
    try:
        async with engine.connect() as connection:
            found = await connection.scalars(text("select table_name from information_schema.tables where table_schema = 'public'"))
            return set(found) - {"alembic_version"}
    finally:
        await engine.dispose()


async def test_migrate_up_down_and_up_again_leaves_the_tables_of_the_models(empty: str) -> None:
    wanted = {table.name for table in Model.metadata.sorted_tables}
    assert await migrate.up(empty) == (None, migrate.head())
    assert await tables(empty) == wanted
    assert await migrate.down(empty) == (migrate.head(), None)
    assert await tables(empty) == set()
    assert await migrate.up(empty) == (None, migrate.head())
    assert await tables(empty) == wanted


async def test_migrate_check_after_up_finds_no_difference_to_the_models(empty: str) -> None:
    await migrate.up(empty)
    assert await migrate.check(empty) == []


async def test_migrate_check_with_a_difference_names_it_and_changes_nothing(empty: str) -> None:
    [missing] = await migrate.check(empty)
    assert "unilife migrate up" in missing and await tables(empty) == set()
    await migrate.up(empty)
    engine = make_engine(empty, pool_size=1)
    async with engine.connect() as connection:
        await connection.execute(text("alter table users add column surplus text"))
    await engine.dispose()
    [difference] = await migrate.check(empty)
    assert "surplus" in difference


async def test_schema_revision_is_the_newest_migration_or_the_one_before_a_contraction() -> None:
    newest, *earlier = [script.revision for script in migrate.scripts().walk_revisions()]
    assert newest == SCHEMA_REVISION or (earlier[0] == SCHEMA_REVISION and is_compatible(newest, SCHEMA_REVISION) and not is_compatible(newest, earlier[1]))


async def test_migrate_up_several_times_at_once_migrates_once(empty: str) -> None:
    outcomes = await asyncio.gather(*(migrate.up(empty) for _ in range(4)))
    assert sorted(before is None for before, _ in outcomes) == [False, False, False, True]
    assert {after for _, after in outcomes} == {migrate.head()}


async def test_migrate_down_with_a_locked_table_fails_after_a_limited_wait_and_changes_nothing(empty: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrator, "WAIT_FOR_TABLE_SECONDS", 1)
    await migrate.up(empty)
    engine = make_engine(empty, pool_size=1)
    async with engine.execution_options(isolation_level="READ COMMITTED").begin() as somebody:
        await somebody.execute(text("lock table users in access share mode"))
        with pytest.raises(MigrationFailed, match="nothing was changed"):
            await migrate.down(empty)
    await engine.dispose()
    assert await migrate.current(empty) == migrate.head()
    assert await tables(empty) == {table.name for table in Model.metadata.sorted_tables}
