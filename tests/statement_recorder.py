"""A recorder of every statement that the product sends to PostgreSQL while the tests run. Each is checked once by the rules for SQL (dev/lint/sql_rules.py).

Statements are recorded in the driver, where those of SQLAlchemy and those written by hand arrive in their final form. The innermost function of the
project in the call decides whose statement it is.
"""
from __future__ import annotations

import re
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from asyncpg.connection import Connection

from dev.lint.sql_rules import find_faults

ROOT: Final = Path(__file__).resolve().parents[1]

ON_THE_COORDINATOR: Final[Mapping[str, str]] = {
    "job_items": "the job queue: claims skip what is locked (SKIP LOCKED) and take the items of many users at once, which only one machine can do",
    "job_attempts": "the history of the job queue, written in the transaction that ends its items",
    "night_shares": "the tokens of the job queue's users, locked and counted with its budget",
}
"""Tables with a user that stay on the coordinator, as those without one do, and why."""

EXCEPTIONS: Final[Mapping[str, str]] = {}
"""Regular expressions of statements that break a rule all the same, and why they may."""

_NOT_CHECKED: Final[Mapping[str, str]] = {
    "tests/": "they prepare and compare rows of many users",
    "dev/": "commands that an operator or developer runs",
    "bench/": "they fill and measure their own databases",
    "persistence/migrator.py": "migrations run once, before the tables are distributed or as an operator decides then",
    "persistence/migrations/": "see persistence/migrator.py",
}
"""Files whose statements need not follow the rules, and why."""
_PASS_ON: Final = tuple(f"persistence/{name}.py" for name in ("bulk", "connection_holder", "database", "orm", "pool"))
"""Files that send the statements of their callers."""
statements: Final[set[str]] = set()
"""The product's statements so far."""
_faults: Final[list[str]] = []


@cache
def personal_tables() -> frozenset[str]:
    """Return the names of the tables that are distributed by their `user_id`."""
    from persistence.models import Model

    return frozenset(table.name for table in Model.metadata.sorted_tables if "user_id" in table.columns) - set(ON_THE_COORDINATOR)


def start() -> None:
    """Record what every connection of the driver prepares or executes, from now on."""
    driver: Any = Connection  # what prepares is no public attribute
    prepare, execute = driver._get_statement, driver.execute

    async def get_statement(self: Any, query: str, *given: Any, **named: Any) -> Any:
        _record(query)
        return await prepare(self, query, *given, **named)

    async def execute_simple(self: Any, query: str, *given: Any, **named: Any) -> Any:
        _record(query)
        return await execute(self, query, *given, **named)

    driver._get_statement, driver.execute = get_statement, execute_simple


def take_faults() -> list[str]:
    """Return the faults of the statements that were recorded since the last call."""
    found, _faults[:] = _faults[:], []
    return found


def _record(query: str) -> None:
    if query in statements or not _is_of_product():
        return
    statements.add(query)
    if not any(re.search(pattern, query) for pattern in EXCEPTIONS):
        _faults.extend(f"a statement {fault}\n{query}" for fault in find_faults(query, personal_tables()))


def _is_of_product() -> bool:
    """Return whether the innermost of the project's functions that are being called is of the product, without those that pass statements on.

    What no function of the project calls counts as well.
    """
    frame = sys._getframe(2)
    while frame is not None:
        path = frame.f_code.co_filename
        if path.startswith(f"{ROOT}/") and path != __file__ and "site-packages" not in path:
            name = path[len(f"{ROOT}/") :]
            if not name.startswith(_PASS_ON):
                return not name.startswith(tuple(_NOT_CHECKED))
        frame = frame.f_back  # type: ignore[assignment]
    return True
