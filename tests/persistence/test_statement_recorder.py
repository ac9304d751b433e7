"""The recorder that has every statement of the product checked by the rules for SQL."""
from __future__ import annotations

from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text

from dev.lint.sql_rules import NO_USER
from persistence import database
from persistence.bulk import execute_each
from persistence.models import Model
from tests import statement_recorder
from tests.statement_recorder import ON_THE_COORDINATOR, ROOT, personal_tables, statements, take_faults

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

_QUERIES = """
async def by_driver(statement, user_id):
    async with database.connection() as connection:
        await connection.fetch(statement, user_id)


async def by_sqlalchemy(statement, user_id):
    async with database.transaction() as session:
        await session.execute(text(statement.replace("$1", ":given")), {"given": user_id})


async def for_each(statement, user_id):
    async with database.transaction() as session:
        await execute_each(session, statement, [(user_id,), (user_id,)])
"""
WAYS = ("by_driver", "by_sqlalchemy", "for_each")


def run_as(path: str, way: str) -> Any:
    """Return a function that sends a statement, as if the file at `path` of the project had it."""
    functions: dict[str, Any] = {"database": database, "text": text, "execute_each": execute_each}
    exec(compile(_QUERIES, str(ROOT / path), "exec"), functions)
    return functions[way]


def statement_on(column: str, label: str) -> str:
    return f"delete from diaries where {column} = $1 and tags = '{{{label}}}'"


@pytest.mark.parametrize("way", WAYS)
async def test_recorder_statement_without_its_user_is_a_fault_however_it_is_sent(way: str) -> None:
    sent = statement_on("id", f"fault {way}")
    await run_as("persistence/queries/sample.py", way)(sent, uuid4())
    [fault] = take_faults()
    assert NO_USER in fault and f"fault {way}" in fault


@pytest.mark.parametrize("way", WAYS)
async def test_recorder_statement_of_one_user_is_recorded_without_a_fault(way: str) -> None:
    await run_as("resolvers/sample.py", way)(statement_on("user_id", f"good {way}"), uuid4())
    assert take_faults() == [] and any(f"good {way}" in statement for statement in statements)


@pytest.mark.parametrize("path", ["tests/sample.py", "dev/sample.py", "bench/sample.py", "persistence/migrations/sample.py"])
async def test_recorder_statement_of_a_file_that_is_not_checked_is_left_out(path: str) -> None:
    await run_as(path, "by_driver")(statement_on("id", path), UUID(int=1))
    assert take_faults() == [] and not any(path in statement for statement in statements)


async def test_recorder_statement_of_a_test_is_checked_once_the_product_sends_it() -> None:
    sent = statement_on("id", "both")
    await run_as("tests/sample.py", "by_driver")(sent, uuid4())
    await run_as("jobs/sample.py", "by_driver")(sent, uuid4())
    assert len(take_faults()) == 1


def test_personal_tables_are_those_with_a_user_that_do_not_stay_on_the_coordinator() -> None:
    with_user = {table.name for table in Model.metadata.sorted_tables if "user_id" in table.columns}
    assert set(ON_THE_COORDINATOR) <= with_user and personal_tables() == with_user - set(ON_THE_COORDINATOR)
    assert all(reason for reasons in (ON_THE_COORDINATOR, statement_recorder.EXCEPTIONS) for reason in reasons.values())
