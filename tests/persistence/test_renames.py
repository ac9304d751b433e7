"""Migrations 0014 and 0016: columns and tables under their former and their new names, with rows from before, between and after."""
from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from typing import Any

import asyncpg
import pytest

from dev import migrate
from persistence.database import SCHEMA_REVISION
from persistence.revisions import is_compatible
from tests.schemas import dump

pytestmark = pytest.mark.anyio

FORMER, EXPANDED, CONTRACTED = "0013.0001", "0015.0001", "0016.0015"
COLUMNS = {
    "conversations": {"summary_through": "summary_through_message_id"}, "messages": {"pending_until": "answer_lease_until"},
    "diary_deletions": {"through": "through_message_id"}, "verdicts": {"until": "verdicts_valid_until"}, "dispute_questions": {"dispute": "dispute_digest"},
    "job_items": {"asked_by": "requested_by_run_id", "reserved_by": "reserved_by_attempt_id", "asked_at": "call_started_at", "words_digest": "text_digest"},
    "throttles": {"account": "account_hash"},
}
TABLES = {"pauses": "model_pauses", "model_pace": "model_rate_buckets", "night_budgets": "job_token_budgets"}
OLD = {old: old for old in TABLES} | {old: old for columns in COLUMNS.values() for old in columns}
NEW = TABLES | {old: new for columns in COLUMNS.values() for old, new in columns.items()}
NOBODY = "00000000-0000-7000-8000-000000000000"

WRITE = """
insert into users (id, email, password_hash, nickname, time_zone, locale) values ('{id}', '{n}@example.org', '-', 'a', 'UTC', 'en');
insert into job_runs (id, trigger, status) values ('{id}', 'TIMER', 'RUNNING');
insert into conversations (user_id, id, summary, {summary_through}) values ('{id}', '{id}', 'otters', '{id}');
insert into messages (user_id, id, conversation_id, role, content, status, day, time_zone, {pending_until}, created_at)
  values ('{id}', '{id}', '{id}', 'USER', 'otters', 'PENDING', '2026-01-01', 'UTC', '2026-01-0{n}', '2026-01-01');
insert into diary_deletions (user_id, day, {through}) values ('{id}', '2026-01-01', '{id}');
insert into verdicts (user_id, id, kind, slot, value, value_key, {until}) values ('{id}', '{id}', 'REVERT', '', '', '', '2026-01-0{n}');
insert into dispute_questions (user_id, slot, {dispute}, question_id) values ('{id}', 'identity.home', 'digest {n}', '{id}');
insert into job_items (user_id, job, period, status, due_at, {asked_by}, {reserved_by}, {asked_at}, {words_digest})
  values ('{id}', 'DAILY_DIARY', '2026-01-01', 'PENDING', '2026-01-02', '{id}', '{id}', '2026-01-0{n}', '\\x0{n}');
insert into throttles (key, {account}, tries, tried_at, blocked_until, expires_at) values ('\\x0{n}', '\\x1{n}', {n}, now(), now(), now());
insert into {night_budgets} (day, spent, reserved) values ('2026-01-0{n}', {n}, {n});
insert into {model_pace} (id, available) values (1, {n}) on conflict (id) do update set available = excluded.available;
insert into {pauses} (kind, reason) values ('MODEL', 'reason {n}') on conflict (kind) do update set reason = excluded.reason;
"""
READ = """
select u.email, c.{summary_through}, m.{pending_until}, x.{through}, v.{until}, q.{dispute}, i.{asked_by}, i.{reserved_by}, i.{asked_at}, i.{words_digest},
       t.{account}, b.spent, (select available from {model_pace}) as available, (select reason from {pauses}) as reason
from users u join conversations c on c.user_id = u.id join messages m on m.user_id = u.id join diary_deletions x on x.user_id = u.id
join verdicts v on v.user_id = u.id join dispute_questions q on q.user_id = u.id join job_items i on i.user_id = u.id
join throttles t on t.tries = left(u.email, 1)::int join {night_budgets} b on b.spent = t.tries order by 1
"""


class Database:
    """A database that is moved between revisions, with one open connection, as an instance at work has it."""

    def __init__(self, url: str, connection: asyncpg.Connection[Any]) -> None:
        self.url = url
        self.connection = connection

    async def move(self, revision: str) -> None:
        current = await migrate.current(self.url) or ""
        await (migrate.up if current < revision else migrate.down)(self.url, revision)
        assert await migrate.current(self.url) == revision

    async def write(self, number: int, names: dict[str, str]) -> None:
        await self.connection.execute(WRITE.format(n=number, id=f"{NOBODY[:-1]}{number}", **names))

    async def read(self, names: dict[str, str]) -> list[tuple[Any, ...]]:
        return [tuple(row) for row in await self.connection.fetch(READ.format(**names))]


@pytest.fixture
async def database(new_database: Callable[[], str], anyio_backend: str) -> AsyncIterator[Database]:
    """A database of the former release, without a row."""
    url = new_database()
    await migrate.up(url, FORMER)
    connection = await asyncpg.connect(url.replace("postgresql+asyncpg", "postgresql"))
    yield Database(url, connection)
    await connection.close()


async def test_renames_with_rows_of_both_names_keep_every_value_up_and_down(database: Database, new_database: Callable[[], str]) -> None:
    await database.write(1, OLD)
    first = await database.read(OLD)
    assert [row[0] for row in first] == ["1@example.org"] and None not in first[0]
    await database.move(EXPANDED)
    assert await database.read(OLD) == await database.read(NEW) == first
    await database.write(2, OLD)
    await database.write(3, NEW)
    between = await database.read(OLD)
    assert len(between) == 3 and await database.read(NEW) == between
    await database.move(CONTRACTED)
    assert await database.read(NEW) == between
    await database.write(4, NEW)
    await database.move(EXPANDED)
    await database.write(5, OLD)
    every = await database.read(NEW)
    assert len(every) == 5 and await database.read(OLD) == every
    await database.move(FORMER)
    assert await database.read(OLD) == every
    untouched = new_database()
    await migrate.up(untouched, FORMER)
    assert dump(database.url) == dump(untouched)
    await database.move(CONTRACTED)
    assert await database.read(NEW) == every
    await database.move(SCHEMA_REVISION)
    assert await database.read(NEW) == every and await migrate.check(database.url) == []


async def test_renames_leave_one_set_of_names_before_and_after(database: Database) -> None:
    with pytest.raises((asyncpg.UndefinedColumnError, asyncpg.UndefinedTableError)):
        await database.read(NEW)
    await database.move(CONTRACTED)
    with pytest.raises((asyncpg.UndefinedColumnError, asyncpg.UndefinedTableError)):
        await database.read(OLD)
    left = await database.connection.fetch(
        "select relname from pg_class where relnamespace = 'public'::regnamespace and (relkind = 'v' or relname like '%renamed' or relname like any($1))"
        " union all select conname from pg_constraint where contype <> 'n' and conname like any($1)",  # PostgreSQL 18 names NOT NULL, too
        [f"%{old}%" for old in ("asked", "model_pace", "night_budgets")] + ["pauses", "__\\_pauses%", "ix_throttles_account"],
    )  # fmt: skip
    assert left == []


NULLABLE = [(table, old, new) for table, columns in COLUMNS.items() for old, new in columns.items() if table not in ("diary_deletions", "dispute_questions")]


async def test_update_by_either_name_is_seen_by_both(database: Database) -> None:
    await database.write(1, OLD)
    await database.move(EXPANDED)
    value = database.connection.fetchval
    for table, old, new in NULLABLE:
        before = await value(f"select {old} from {table}")
        for written, read in ((old, new), (new, old)):
            assert await value(f"update {table} set {written} = null returning {read} is null") is True
            assert await value(f"select {read} from {table}") is None
            assert await value(f"update {table} set {written} = $1 returning {read}", before) == before


async def test_rename_reads_and_writes_no_row(database: Database) -> None:
    """A table or an index that is rewritten gets another file."""
    files = "select oid, relfilenode from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'i') and relname not like 'alembic%'"
    before = sorted(map(tuple, await database.connection.fetch(files)))
    await database.move(EXPANDED)
    assert sorted(map(tuple, await database.connection.fetch(files))) == before
    await database.move(CONTRACTED)
    assert sorted(map(tuple, await database.connection.fetch(files))) == before


async def test_prepared_statement_survives_both_migrations(database: Database) -> None:
    """Statements that a running instance prepared keep working, and then those of the new release."""
    await database.write(1, OLD)
    former = [await database.connection.prepare(f"select {old} from {table}") for table, columns in COLUMNS.items() for old in columns]
    former += [await database.connection.prepare(f"select {name} from {table}") for name, table in zip(("reason", "available", "spent"), TABLES, strict=True)]
    values = [await statement.fetchval() for statement in former]
    assert None not in values
    await database.move(EXPANDED)
    assert [await statement.fetchval() for statement in former] == values
    current = [await database.connection.prepare(f"select {new} from {table}") for table, columns in COLUMNS.items() for new in columns.values()]
    renew = await database.connection.prepare("update messages set answer_lease_until = $1 returning pending_until is not null")
    assert [await statement.fetchval() for statement in current] == values[: len(current)] and await renew.fetchval(values[1]) is True
    await database.move(CONTRACTED)
    assert [await statement.fetchval() for statement in current] == values[: len(current)]


async def test_former_upserts_work_while_expanded(database: Database) -> None:
    """Statements of the former release: a repeated question, a counted attempt, a budget, a pause that is new or not."""
    await database.write(1, OLD)
    await database.move(EXPANDED)
    value, person = database.connection.fetchval, f"{NOBODY[:-1]}1"
    ask = (
        "insert into messages (user_id, id, conversation_id, role, content, status, day, time_zone, idempotency_key, pending_until, created_at)"
        f" values ('{person}', $1, '{person}', 'USER', 'again', 'PENDING', '2026-01-01', 'UTC', 'key', now(), now())"
        " on conflict (user_id, idempotency_key) where idempotency_key is not null do nothing returning id"
    )
    assert await value(ask, f"{NOBODY[:-1]}8") is not None and await value(ask, f"{NOBODY[:-1]}9") is None
    attempt = (
        "insert into throttles (key, account, tries, tried_at, blocked_until, expires_at) select '\\x01', '\\x11', 1, now(), now(), now()"
        " on conflict (key) do update set tries = throttles.tries + 1, account = excluded.account where throttles.blocked_until <= clock_timestamp()"
        " returning throttles.tries"
    )
    assert (await value(attempt), await value(attempt)) == (2, 3)
    spend = (
        "insert into night_budgets as b (day, spent) values ('2026-01-01', 5) on conflict (day) do update set spent = b.spent + excluded.spent returning spent"
    )
    assert (await value(spend), await value("select spent from job_token_budgets")) == (6, 6)
    pause = "insert into pauses (kind, reason) values ('MODEL', $1) on conflict (kind) do update set reason = excluded.reason returning xmax = 0"
    await value("delete from pauses")
    assert (await value(pause, "new"), await value(pause, "known"), await value("select reason from model_pauses")) == (True, False, "known")


@pytest.mark.parametrize(("mine", "others"), [(OLD, OLD), (OLD, NEW), (NEW, OLD)])
async def test_claims_by_either_name_skip_each_others_rows(database: Database, mine: dict[str, str], others: dict[str, str]) -> None:
    await database.write(1, OLD)
    await database.write(2, OLD)
    await database.move(EXPANDED)
    claim = (
        "with held as (select user_id, job, period from job_items i where i.{reserved_by} is not null order by user_id limit 1 for update of i skip locked)"
        " update job_items set {reserved_by} = null, status = 'RUNNING' from held where job_items.user_id = held.user_id returning job_items.{asked_by}"
    )
    other = await asyncpg.connect(database.url.replace("postgresql+asyncpg", "postgresql"))
    try:
        async with database.connection.transaction():
            first = await database.connection.fetchval(claim.format(**mine))
            second = await other.fetchval(claim.format(**others))
        assert {str(first), str(second)} == {f"{NOBODY[:-1]}1", f"{NOBODY[:-1]}2"}
        assert await other.fetchval(claim.format(**others)) is None
    finally:
        await other.close()


async def test_role_with_grants_keeps_them(database: Database) -> None:
    """The application may have a role of its own, whose grants on a table must also hold for the view that takes its place."""
    await database.write(1, OLD)
    role = f"role_of_{database.url.rpartition('/')[2].partition('?')[0]}"
    await database.connection.execute(f"create role {role}; grant select, update on messages, pauses to {role}; grant usage on schema public to {role}")
    try:
        for revision, names in ((EXPANDED, OLD), (EXPANDED, NEW), (CONTRACTED, NEW), (EXPANDED, OLD)):
            await database.move(revision)
            await database.connection.execute(f"set role {role}")
            assert await database.connection.fetchval("update messages set {pending_until} = now() returning 1".format(**names)) == 1
            assert await database.connection.fetchval("update {pauses} set reason = 'x' returning 1".format(**names)) == 1
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await database.connection.execute("delete from messages")
            await database.connection.execute("reset role")
    finally:
        await database.connection.execute(f"reset role; drop owned by {role}; drop role {role}")


async def test_former_code_is_healthy_until_the_contraction(database: Database) -> None:
    await migrate.up(database.url, EXPANDED)
    assert is_compatible(await migrate.current(database.url) or "", FORMER)
    await database.move(CONTRACTED)
    assert not is_compatible(await migrate.current(database.url) or "", FORMER)
    assert is_compatible(CONTRACTED, EXPANDED), "the current code works on both"
