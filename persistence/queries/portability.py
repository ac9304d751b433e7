"""Export and import of all rows of one user. The tables are those of the models: a new table is exported unless it is named here."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import Column, ForeignKeyConstraint, Index, Table, Text, UniqueConstraint, cast, func, insert, literal, select, tuple_, update
from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.models import ActiveDay, Model, User
from persistence.queries.portable_columns import NEVER_IMPORTED, name_in_files
from persistence.queries.search_terms import reset_progress

Rows = Mapping[str, Sequence[Mapping[str, Any]]]
"""Rows by table, in the order of their primary keys; each row maps the names of columns in files to values."""

EXCLUDED_TABLES: Mapping[str, str] = {
    "sign_ins": "sessions of devices, not valid on another installation",
    "refresh_tokens": "secrets of devices",
    "api_tokens": "secrets of other assistants, not valid on another installation",
    "api_token_uses": "what other assistants read on this installation, kept for 90 days",
    "job_items": "the job queue of this installation",
    "job_attempts": "the job queue of this installation",
    "usage_costs": "costs of this installation's operator",
    "night_shares": "tokens that this installation's jobs used",
    "user_changes": "when this installation last changed anything of the user",
    "user_storage": "storage used on this installation",
    "message_terms": "made of the messages by the search of this installation",
    "diary_terms": "made of the diaries by the search of this installation",
    "chat_imports": "imports that are not stored yet, kept for a day",
    "chat_import_parts": "files of imports that are not stored yet, kept for a day",
    "imported_lines": "hashes of lines of imported memory texts, keyed with a secret of this installation",
    "deleted_digests": "hashes of deleted messages, keyed with a secret of this installation",
    "source_verdicts": "verdicts on the sources of answers, which are not known on another installation; their effects on profile and diaries are exported",
    "profile_updates": "profiles that this installation has yet to compute",
    "row_changes": "the feed of changes of this installation, in the order of its transactions",
    "search_states": "how far the search of this installation has read",
}
"""Tables with a user's rows that are not exported, and why."""

MESSAGE_LISTS: Mapping[str, str] = {"profile_values": "evidence", "verdicts": "evidence"}
"""Columns that contain lists of ids of the user's messages; no constraint of the database checks them."""

_LEFT_OUT = frozenset({"user_id", "run_id", "answer_lease_until"})
"""Columns that are not exported: the user's id, a job run's id, and the lease of a model call of this installation."""


class InconsistentRows(ValueError):
    """Rows that violate a rule of their table; `constraint` is the name of the violated constraint where the database reports it."""

    def __init__(self, table: str, constraint: str | None) -> None:
        super().__init__(table)
        self.table = table
        self.constraint = constraint


def personal_tables() -> list[Table]:
    """Return the tables that are exported, each after those that it references."""
    return [table for table in Model.metadata.sorted_tables if "user_id" in table.columns and table.name not in EXCLUDED_TABLES]


def imported_tables() -> list[Table]:
    """Return the tables that an import writes, each after those that it references."""
    return [table for table in personal_tables() if table.name not in NEVER_IMPORTED]


def columns_of(table: Table) -> list[Column[Any]]:
    return [column for column in table.columns if column.name not in _LEFT_OUT]


def keys_of(table: Table) -> Iterator[tuple[str, ...]]:
    """Yield the columns of each unique key, without the user's id; the primary key first."""
    yield tuple(column.name for column in table.primary_key if column.name != "user_id")
    keys: list[UniqueConstraint | Index] = [constraint for constraint in table.constraints if isinstance(constraint, UniqueConstraint)]
    keys += [index for index in table.indexes if index.unique]
    for key in keys:
        yield tuple(column.name for column in key.columns if column.name != "user_id")


def references_of(table: Table) -> Iterator[tuple[tuple[str, ...], str, tuple[str, ...]]]:
    """Yield the foreign keys, except those to users: the columns, the referenced table and its referenced columns."""
    for constraint in sorted(table.constraints, key=lambda found: str(found.name)):
        if isinstance(constraint, ForeignKeyConstraint) and constraint.referred_table.name != "users":
            pairs = [(element.parent.name, element.column.name) for element in constraint.elements if element.parent.name not in _LEFT_OUT]
            if pairs:
                yield tuple(name for name, _ in pairs), constraint.referred_table.name, tuple(name for _, name in pairs)


def table_names() -> list[str]:
    """Return the names of the exported tables, each after those that it references."""
    return [table.name for table in personal_tables()]


def key_names(table: str) -> list[str]:
    """Return the names in files of the columns of the primary key, without the user's id: rows are exported in their order."""
    return [name_in_files(table, column.name) for column in _key_of(Model.metadata.tables[table])]


def key_types(table: str) -> list[type[Any]]:
    """Return the Python types of these columns."""
    return [getattr(column.type, "enum_class", None) or column.type.python_type for column in _key_of(Model.metadata.tables[table])]


def _key_of(table: Table) -> list[Column[Any]]:
    return [column for column in table.primary_key if column.name != "user_id"]


async def load_page(session: AsyncSession, user_id: UUID, name: str, after: Sequence[Any] | None, limit: int) -> list[Mapping[str, Any]]:
    """Return the next rows of a table in the order of its primary key, after the row with the key `after`."""
    table = Model.metadata.tables[name]
    columns = (column.label(name_in_files(name, column.name)) for column in columns_of(table))
    statement = select(*columns).where(table.c.user_id == user_id).order_by(*table.primary_key).limit(limit)
    if after is not None:
        key = _key_of(table)
        statement = statement.where(tuple_(*key) > tuple_(*(literal(value, column.type) for value, column in zip(after, key))))
    return [dict(row) for row in (await session.execute(statement)).mappings()]


async def measure_state(session: AsyncSession, user_id: UUID) -> dict[str, str]:
    """Return a digest of the exported rows of each table: equal digests mean equal rows."""
    found = {}
    for table in personal_tables():
        row = func.hashtextextended(cast(func.row(*columns_of(table)), Text), 0)
        counted, total = (await session.execute(select(func.count(), func.coalesce(func.sum(row), 0)).where(table.c.user_id == user_id))).one()
        found[table.name] = sha256(f"{counted} {int(total)}".encode()).hexdigest()[:16]
    return found


async def lock_empty_account(session: AsyncSession, user_id: UUID) -> bool:
    """Lock the user until the transaction ends, so that no row can be added, and return whether the exported tables have no row of the user."""
    await session.execute(select(User.id).where(User.id == user_id).with_for_update())
    for table in personal_tables():
        if await session.scalar(select(table.c.user_id).where(table.c.user_id == user_id).limit(1)) is not None:
            return False
    return True


async def insert_rows(session: AsyncSession, user_id: UUID, account: Mapping[str, Any], rows: Rows) -> None:
    """Update the user's account and insert rows into the imported tables and `active_days`.

    Raises `InconsistentRows` when the database rejects the rows of a table; the caller must then roll back the transaction.
    """
    await session.execute(update(User).where(User.id == user_id).values(**account, updated_at=func.now()))
    for table in (*imported_tables(), ActiveDay.__table__):
        if given := rows.get(table.name):
            try:
                await session.execute(insert(table), [{**_by_column(table, row), "user_id": user_id} for row in given])
            except DBAPIError as error:
                if error.connection_invalidated:
                    raise
                inconsistent = InconsistentRows(table.name, getattr(getattr(error.orig, "__cause__", None), "constraint_name", None))
            else:
                continue
            raise inconsistent
    await reset_progress(session, user_id)


def _by_column(table: Table, row: Mapping[str, Any]) -> dict[str, Any]:
    names = {name_in_files(table.name, column.name): column.name for column in table.columns}
    return {names[name]: value for name, value in row.items()}
