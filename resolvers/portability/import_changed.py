"""Repair of an export whose rows changed while its parts were written, so that rows may refer to others that no part has."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from persistence.queries import portability as stored

Rows = dict[str, list[dict[str, Any]]]


def drop_incomplete_rows(rows: Rows) -> None:
    """Remove what lacks something that it refers to, as its deletion would have, and of rows with the same key all but the last."""
    tables = stored.imported_tables()
    for table in tables:
        for key in stored.keys_of(table):
            _keep_last(rows, table.name, key)
    while sum(_drop_dangling(rows, table) for table in tables) + _drop_diaries(rows) + _drop_quotes(rows):
        pass
    messages = {row["id"] for row in rows["messages"]}
    for name, column in stored.MESSAGE_LISTS.items():
        for row in rows[name]:
            row[column] = [message_id for message_id in row[column] if message_id in messages]


def _keep_last(rows: Rows, name: str, columns: Sequence[str]) -> None:
    if not all(column in row for row in rows[name][:1] for column in columns):
        return  # a column that no import reads
    last = {key: number for number, row in enumerate(rows[name]) if None not in (key := tuple(row[column] for column in columns))}
    rows[name] = [row for number, row in enumerate(rows[name]) if last.get(tuple(row[column] for column in columns), number) == number]


def _keep(rows: Rows, name: str, is_whole: Callable[[Mapping[str, Any]], bool]) -> int:
    before = len(rows[name])
    rows[name] = [row for row in rows[name] if is_whole(row)]
    return before - len(rows[name])


def _drop_dangling(rows: Rows, table: Any) -> int:
    dropped = 0
    for columns, other, others in stored.references_of(table):
        keys = {tuple(row[column] for column in others) for row in rows[other]}
        dropped += _keep(rows, table.name, lambda row: None in (key := tuple(row[column] for column in columns)) or key in keys)  # noqa: B023 - called at once
    return dropped


def _drop_diaries(rows: Rows) -> int:
    """Drop diaries without their current version."""
    versions = {(row["diary_id"], row["version"]) for row in rows["diary_versions"]}
    return _keep(rows, "diaries", lambda row: (row["id"], row["version"]) in versions)


def _drop_quotes(rows: Rows) -> int:
    """Drop quotes of messages that were edited meanwhile."""
    texts = {row["id"]: row["content"] for row in rows["messages"]}
    return sum(_keep(rows, name, lambda row: texts[row["message_id"]].startswith(row["quote"], row["start"])) for name in ("line_evidence", "signal_evidence"))
