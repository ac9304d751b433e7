"""The tables can be distributed by person as they are: every key begins with the person, and the main path runs on hash partitions."""
from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import MetaData, Table, delete, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

import settings
from dev.database import create, drop
from persistence import database
from persistence.database import make_engine, session, transaction
from persistence.models import Diary, DiaryLine, JobItem, Message, Model, ProfileValue, User
from persistence.models.jobs import ItemStatus, Job
from tests.jobs.nights import ModelServer, add_person, everything, night, rows, say
from tests.jobs.test_nights import MONDAY, SPOKEN

PARTITIONS = 4
SHARED = {"users", "job_runs", "model_slots", "pauses", "model_pace", "night_budgets", "throttles"}
"""The directory of people, and what concerns nobody in particular."""

PERSONAL = [table for table in Model.metadata.sorted_tables if table.name not in SHARED]


def test_every_table_is_known_as_personal_or_shared() -> None:
    assert SHARED <= set(Model.metadata.tables)
    assert {table.name for table in Model.metadata.sorted_tables if "user_id" not in table.columns} == SHARED


@pytest.mark.parametrize("table", PERSONAL, ids=lambda table: table.name)
def test_every_key_of_a_personal_table_begins_with_the_person(table: Table) -> None:
    assert [column.name for column in table.primary_key][0] == "user_id"
    for index in table.indexes:
        assert not index.unique or list(index.columns)[0].name == "user_id", index.name
    for constraint in table.foreign_key_constraints:
        referred = constraint.referred_table
        if referred.name in SHARED - {"users"}:
            continue
        assert constraint.column_keys[0] == "user_id", constraint.name
        assert constraint.elements[0].column.name == ("id" if referred.name == "users" else "user_id"), constraint.name


def partitioned() -> MetaData:
    """The models' tables, the personal ones partitioned by a hash of the person."""
    copied = MetaData(naming_convention=Model.metadata.naming_convention)
    for table in Model.metadata.sorted_tables:
        copy = table.to_metadata(copied)
        if table in PERSONAL:
            copy.dialect_options["postgresql"]["partition_by"] = "HASH (user_id)"
    return copied


async def create_partitioned(connection: AsyncConnection) -> None:
    tables = partitioned()
    for table in tables.sorted_tables:
        await connection.run_sync(table.create)
        if table.name not in SHARED:
            for number in range(PARTITIONS):
                await connection.execute(text(
                    f"create table {table.name}_{number} partition of {table.name} for values with (modulus {PARTITIONS}, remainder {number})"))


@pytest.fixture
async def distributed(server_url: str, migrated_database: str, anyio_backend: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    url = await create(server_url, "unilife_partitioned")
    engine = make_engine(url, pool_size=1)
    async with engine.connect() as connection:
        await create_partitioned(connection)
    await engine.dispose()
    await database.dispose()
    monkeypatch.setenv("POSTGRESQL_URL", url)
    settings.current.cache_clear()
    yield
    await database.dispose()
    monkeypatch.undo()
    settings.current.cache_clear()
    await drop(server_url, "unilife_partitioned")


@pytest.mark.anyio
async def test_the_main_path_runs_on_partitions(distributed: None, model: ModelServer) -> None:
    people = [await add_person(f"P{number}") for number in range(8)]
    for person in people:
        await say(person, MONDAY, *SPOKEN)
        await say(person, MONDAY + timedelta(days=1), *SPOKEN)
    summary = await night(seconds=60)
    assert (summary.failed, summary.left) == (0, 0)
    assert len(await rows(Diary)) == 16 and await rows(DiaryLine) and {value.user_id for value in await rows(ProfileValue)} == {person.id for person in people}
    assert {item.status for item in await rows(JobItem)} <= {ItemStatus.SUCCEEDED, ItemStatus.SKIPPED}
    assert (await night()).run_id is None
    await say(people[0], MONDAY, "Late at night I decided to learn the violin.", hour=22)
    assert (await night(Job.DAILY_DIARY)).succeeded == 1
    async with session() as reading:
        used = await reading.scalars(select(text("tableoid::regclass::text")).select_from(Message.__table__).distinct())
        assert len(used.all()) > 1, "people lie on several partitions"
    async with transaction() as writing:
        await writing.execute(delete(User).where(User.id == people[0].id))
    assert not any(str(people[0].id) in row for found in (await everything()).values() for row in found)
    assert len(await rows(Diary)) == 14
