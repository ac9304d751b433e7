"""Hash partitioning of the tables by user: every key begins with the user's id, and the application runs on partitioned tables."""
from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import MetaData, Table, UniqueConstraint, delete, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

import settings
from dev.database import create, drop
from graph.relay import encode_id
from persistence.database import dispose, make_engine, transaction
from persistence.ids import uuid7
from persistence.models import Conversation, Diary, DiaryLine, JobItem, Message, Model, ProfileValue, User
from persistence.models.jobs import ItemStatus, Job
from tests import seeds
from tests.graph import test_account, test_chat, test_diary_editing, test_portability, test_profile_verdicts
from tests.jobs.job_setup import ModelServer, Person, add_person, everything, night, rows, say
from tests.jobs.test_nights import MONDAY, SPOKEN
from tests.portable import portable

PARTITIONS = 4
SHARED = {"users", "job_runs", "model_slots", "model_pauses", "model_rate_buckets", "job_token_budgets", "search_sweeps", "throttles"}
"""The users table and the tables without a user."""

PERSONAL = [table for table in Model.metadata.sorted_tables if table.name not in SHARED]


def test_models_tables_without_a_user_id_are_the_shared_ones() -> None:
    assert SHARED <= set(Model.metadata.tables)
    assert {table.name for table in Model.metadata.sorted_tables if "user_id" not in table.columns} == SHARED


@pytest.mark.parametrize("table", PERSONAL, ids=lambda table: table.name)
def test_personal_table_every_key_begins_with_the_user_id(table: Table) -> None:
    assert [column.name for column in table.primary_key][0] == "user_id"
    for index in table.indexes:
        assert not index.unique or list(index.columns)[0].name == "user_id", index.name
    for unique in (found for found in table.constraints if isinstance(found, UniqueConstraint)):
        assert list(unique.columns)[0].name == "user_id", unique.name
    for constraint in table.foreign_key_constraints:
        referred = constraint.referred_table
        if referred.name in SHARED - {"users"}:
            continue
        assert constraint.column_keys[0] == "user_id", constraint.name
        assert constraint.elements[0].column.name == ("id" if referred.name == "users" else "user_id"), constraint.name


@pytest.mark.anyio
async def test_migrated_database_every_personal_key_begins_with_the_user_id(database: str) -> None:
    """Read the database's catalogue: unique indexes with primary keys, and foreign keys with their targets."""
    keys = text("""select t.relname, i.relname, a.attname, null from pg_index x join pg_class t on t.oid = x.indrelid join pg_class i on i.oid = x.indexrelid
        join pg_namespace n on n.oid = t.relnamespace and n.nspname = 'public' join pg_attribute a on a.attrelid = t.oid and a.attnum = x.indkey[0]
        where x.indisunique
        union all select t.relname, c.conname, a.attname, r.relname from pg_constraint c join pg_class t on t.oid = c.conrelid
        join pg_class r on r.oid = c.confrelid join pg_attribute a on a.attrelid = t.oid and a.attnum = c.conkey[1] where c.contype = 'f'""")
    async with transaction() as session:
        found = [tuple(row) for row in await session.execute(keys)]
    personal = {table.name for table in PERSONAL}
    seen = [key for key in found if key[0] in personal and key[3] not in SHARED - {"users"}]
    assert {name for name, *_ in seen} == personal
    assert {(name, key, column) for name, key, column, _ in seen if column != "user_id"} == set()


def partitioned_metadata() -> MetaData:
    """Return the models' tables, the personal ones partitioned by a hash of the user's id."""
    copied = MetaData(naming_convention=Model.metadata.naming_convention)
    for table in Model.metadata.sorted_tables:
        copy = table.to_metadata(copied)
        if table in PERSONAL:
            copy.dialect_options["postgresql"]["partition_by"] = "HASH (user_id)"
    return copied


async def create_partitioned(connection: AsyncConnection) -> None:
    tables = partitioned_metadata()
    for table in tables.sorted_tables:
        await connection.run_sync(table.create)
        if table.name not in SHARED:
            for number in range(PARTITIONS):
                await connection.execute(text(
                    f"create table {table.name}_{number} partition of {table.name} for values with (modulus {PARTITIONS}, remainder {number})"))


async def read_functions(url: str) -> list[str]:
    """Return the statements that create the functions of a migrated database."""
    engine = make_engine(url, pool_size=1)
    async with engine.connect() as connection:
        found = await connection.scalars(text("select pg_get_functiondef(oid) from pg_proc where pronamespace = 'public'::regnamespace"))
        statements = [str(statement) for statement in found]
    await engine.dispose()
    return statements


@pytest.fixture
async def partitioned_database(server_url: str, migrated_database: str, anyio_backend: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    url = await create(server_url, "unilife_partitioned")
    engine = make_engine(url, pool_size=1)
    async with engine.connect() as connection:
        await create_partitioned(connection)
        for statement in await read_functions(migrated_database):
            await connection.exec_driver_sql(statement)
    await engine.dispose()
    await dispose()
    monkeypatch.setenv("POSTGRESQL_URL", url)
    settings.current.cache_clear()
    yield
    await dispose()
    monkeypatch.undo()
    settings.current.cache_clear()
    await drop(server_url, "unilife_partitioned")


@pytest.mark.anyio
async def test_job_run_on_partitioned_tables_stores_diaries_and_profiles(partitioned_database: None, model: ModelServer) -> None:
    people = [await add_person(f"P{number}") for number in range(8)]
    for person in people:
        await say(person, MONDAY, *SPOKEN)
        await say(person, MONDAY + timedelta(days=1), *SPOKEN)
    summary = await night()
    assert (summary.failed, summary.pending) == (0, 0)
    assert len(await rows(Diary)) == 16 and await rows(DiaryLine) and {value.user_id for value in await rows(ProfileValue)} == {person.id for person in people}
    assert {item.status for item in await rows(JobItem)} <= {ItemStatus.SUCCEEDED, ItemStatus.SKIPPED}
    assert (await night()).run_id is None
    await say(people[0], MONDAY, "Late at night I decided to learn the violin.", hour=22)
    assert (await night(Job.DAILY_DIARY)).succeeded == 1
    async with transaction() as session:
        used = await session.scalars(select(text("tableoid::regclass::text")).select_from(Message.__table__).distinct())
        assert len(used.all()) > 1, "users are on several partitions"
    async with transaction() as session:
        await session.execute(delete(User).where(User.id == people[0].id))
    assert not any(str(people[0].id) in row for found in (await everything()).values() for row in found)
    assert len(await rows(Diary)) == 14


PASSWORD = "correct horse battery"
READ_ALL = """{ diaries(first: 5) { nodes { date summary lines { text evidence { quote message { content } } } signals { slot value } } }
  profile { sections { values { slot value confidence evidence { quote } changes { after } } } } profileChanges { nodes { after } }
  diaryStats(from: "%s", to: "%s") { __typename } conversations { nodes { title messages { totalCount } } } viewer { usageToday { calls } } }"""
SEARCH = 'query($query: String!) { messageSearch(query: $query) { nodes { __typename } } diaries(search: $query) { nodes { date } } }'
DELETE_MESSAGE = "mutation($input: MessageDeleteInput!) { messageDelete(input: $input) { __typename } }"


async def _register(name: str) -> str:
    """Register an account and return its access token."""
    given = {"email": f"{name}@example.org", "password": PASSWORD, "nickname": name, "timeZone": "Asia/Shanghai", "locale": "en"}
    answer = await seeds.ask(test_account.REGISTER, {"input": given})
    return str(answer["data"]["accountRegister"]["accessToken"])


async def _ask(token: str, document: str, given: dict[str, Any] | None = None, **variables: Any) -> Any:
    answer = await seeds.ask(document, {**({} if given is None else {"input": given}), **variables}, token=token)
    assert "errors" not in answer, answer["errors"]
    assert not [found for found in answer["data"].values() if isinstance(found, dict) and str(found.get("__typename", "")).endswith("Error")], answer
    return answer["data"]


async def _add_past_days(token: str) -> tuple[Person, list[UUID]]:
    """Add past days of conversation to the account's user."""
    [person] = await rows(User, User.nickname == "Ann")
    user = Person(person.id, uuid7(), person.time_zone)
    async with transaction() as session:
        session.add(Conversation(user_id=user.id, id=user.conversation_id))
    message_ids = await say(user, MONDAY, *SPOKEN, "I live in Atlantis, and I like swimming there.")
    await say(user, MONDAY + timedelta(days=1), *SPOKEN)
    return user, message_ids


@pytest.mark.anyio
async def test_application_on_partitioned_tables_runs_every_main_operation(partitioned_database: None, model: ModelServer) -> None:
    """Use the application: chat, job runs, queries, edits, verdicts, deletion, export, import, and deletion of the account."""
    token = await _register("Ann")
    sent = await _ask(token, test_chat.SEND, {"content": "I moved to Hangzhou last week.", "idempotencyKey": "k"})
    assert sent["messageSend"]["answer"]["content"]
    person, message_ids = await _add_past_days(token)
    assert (await night()).failed == 0
    seen = await _ask(token, READ_ALL % (MONDAY, MONDAY + timedelta(days=6)))
    assert len(seen["diaries"]["nodes"]) == 2 and any(section["values"] for section in seen["profile"]["sections"])
    assert (await _ask(token, SEARCH, query="Atlantis"))["messageSearch"]["nodes"]
    await _ask(token, test_diary_editing.UPDATE, {"date": MONDAY.isoformat(), "mood": 5})
    await _ask(token, test_profile_verdicts.SET, {"slot": "IDENTITY_POSITION", "value": "head nurse"})
    await _ask(token, DELETE_MESSAGE, {"messageId": encode_id("Message", message_ids[-1])})
    assert not [name for name, found in (await everything()).items() if any("Atlantis" in cell for row in found for cell in row)]
    await night()
    file = (await _ask(token, test_portability.EXPORT, {}))["accountExport"]["content"]
    other = await _register("Bob")
    imported = (await _ask(other, test_portability.IMPORT, {"content": file}))["accountImport"]
    assert imported["diaries"] == 2 and portable((await _ask(other, test_portability.EXPORT, {}))["accountExport"]["content"]) == portable(file)
    await _ask(token, test_account.DELETE, {"password": PASSWORD})
    assert not any(str(person.id) in cell for found in (await everything()).values() for row in found for cell in row)
    assert len(await rows(Diary)) == 2
