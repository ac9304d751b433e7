"""Bulk statements: values are sent as one array per column, so the statement's text does not depend on the number of rows."""
from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Insert, Table, Uuid, any_, bindparam, column, func, insert, literal, select
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.types import TypeEngine


def values_table(name: str, columns: Mapping[str, TypeEngine[Any]], rows: Sequence[Sequence[Any]]) -> FromClause:
    """Return `rows` as a table `name` with these columns, for joins."""
    arrays = [literal([row[index] for row in rows], ARRAY(kind)) for index, kind in enumerate(columns.values())]
    shape = [column(given, kind) for given, kind in columns.items()]
    return func.unnest(*arrays).table_valued(*shape).render_derived(name=name)


def any_of(values: Iterable[Any], kind: TypeEngine[Any] | None = None) -> ColumnElement[Any]:
    """Return the right side of a comparison that holds for any of the values, as in `column == any_of(ids)`; `kind` is their type, UUID if None."""
    return any_(literal(list(values), ARRAY(kind or Uuid())))


async def bulk_insert(session: AsyncSession, model: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that all have the columns of the first one, in their order; do nothing without rows."""
    if rows:
        names = tuple(rows[0])
        await session.execute(_insert(model.__table__, names), {name: [row[name] for row in rows] for name in names})


async def execute_each(session: AsyncSession, statement: str, rows: Sequence[Sequence[Any]]) -> None:
    """Execute a plain SQL statement (`$1`, `$2`, …) once for each row of parameters, in their order and without waiting in between.

    It is for what concerns many users: each execution names one of them, so it can be carried out where that user's rows are.
    """
    if rows:
        await session.flush()
        await (await session.connection()).exec_driver_sql(statement, [tuple(row) for row in rows])


@lru_cache(maxsize=64)
def _insert(table: Table, names: tuple[str, ...]) -> Insert:
    arrays = [bindparam(name, type_=ARRAY(table.c[name].type)) for name in names]
    given = func.unnest(*arrays).table_valued(*(column(name, table.c[name].type) for name in names)).render_derived(name="given")
    return insert(table).from_select(names, select(*given.c))
