"""Checks of an export's rows against each other: keys, references, counts, and whether the messages contain the quotes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from jobs.rules.diary.evidence import MAX_QUOTES
from persistence.models.chat import MessageRole
from persistence.queries import portability as stored
from resolvers.errors import InputRule, InvalidInput

MAX_IN_VERSION = 300
"""Lines, or signals, of one version of a diary: several times what the nightly job and a user's edits make."""


def import_error(message: str) -> InvalidInput:
    return InvalidInput("content", f"{message}. Nothing was imported", rule=InputRule.FORMAT)


def check_keys(table: str, rows: Sequence[Mapping[str, Any]], keys: Sequence[tuple[str, ...]]) -> None:
    for columns in keys:
        seen: set[tuple[Any, ...]] = set()
        for number, row in enumerate(rows):
            key = tuple(row[column] for column in columns)
            if None not in key and key in seen:
                raise import_error(f"{table}[{number}] has the same {', '.join(columns)} as an earlier row")
            seen.add(key)


def check_references(table: str, rows: Sequence[Mapping[str, Any]], columns: tuple[str, ...], other: str, there: set[tuple[Any, ...]]) -> None:
    for number, row in enumerate(rows):
        key = tuple(row[column] for column in columns)
        if None not in key and key not in there:
            raise import_error(f"{table}[{number}].{columns[0]} refers to a row that {other} does not contain")


def check_counts(rows: stored.Rows) -> None:
    """Raise `InvalidInput` if a line, signal or diary version has more parts than the API allows."""
    for table, owner, most in _MAX_ROWS:
        seen: Counter[tuple[Any, ...]] = Counter()
        for number, row in enumerate(rows[table]):
            key = tuple(row[column] for column in owner)
            seen[key] += 1
            if None not in key and seen[key] > most:
                raise import_error(f"{table}[{number}] exceeds the limit: at most {most} rows may have the same {', '.join(owner)}")


_MAX_ROWS = (
    ("line_evidence", ("line_id",), MAX_QUOTES), ("signal_evidence", ("signal_id",), MAX_QUOTES),
    ("diary_lines", ("diary_id", "version"), MAX_IN_VERSION), ("signals", ("diary_id", "version"), MAX_IN_VERSION), ("signals", ("week",), MAX_IN_VERSION),
)  # fmt: skip


def check_branches(rows: stored.Rows) -> None:
    """Raise `InvalidInput` if a branch is no older than its parent, or a branch, message or current path belongs to another conversation than its branch."""
    owner = {row["id"]: row["conversation_id"] for row in rows["conversation_branches"]}
    for table, column, conversation in _BRANCH_COLUMNS:
        for number, row in enumerate(rows[table]):
            if row[column] is not None and owner.get(row[column]) != row[conversation]:
                raise import_error(f"{table}[{number}].{column} refers to no branch of its conversation")
    for number, row in enumerate(rows["conversation_branches"]):
        if row["parent_id"] is not None and row["parent_id"].int >= row["id"].int:
            raise import_error(f"conversation_branches[{number}].parent_id is not older than its id")


_BRANCH_COLUMNS = (
    ("conversation_branches", "parent_id", "conversation_id"), ("messages", "branch_id", "conversation_id"), ("conversations", "current_branch_id", "id"),
)


def check_lists(rows: stored.Rows) -> None:
    messages = {row["id"] for row in rows["messages"]}
    for table, column in stored.MESSAGE_LISTS.items():
        for number, row in enumerate(rows[table]):
            for index, message_id in enumerate(row[column]):
                if message_id not in messages:
                    raise import_error(f"{table}[{number}].{column}[{index}] refers to a row that messages does not contain")


def check_versions(rows: stored.Rows) -> None:
    versions = {(row["diary_id"], row["version"]) for row in rows["diary_versions"]}
    for number, row in enumerate(rows["diaries"]):
        if (row["id"], row["version"]) not in versions:
            raise import_error(f"diaries[{number}].version refers to a row that diary_versions does not contain")


def check_quotes(rows: stored.Rows) -> None:
    """Raise `InvalidInput` unless every quote is a user's text, at the given position of a message that the nightly jobs read: no copy, nothing temporary."""
    temporary = {row["id"] for row in rows["conversations"] if row["temporary"]}
    play = {row["id"] for row in rows["conversations"] if row["play"]}
    messages = {row["id"]: row for row in rows["messages"]}
    for table in ("line_evidence", "signal_evidence"):
        for number, row in enumerate(rows[table]):
            message = messages[row["message_id"]]
            if message["role"] is not MessageRole.USER:
                raise import_error(f"{table}[{number}].message_id is an answer of the assistant, which cannot be evidence")
            if message["copied"] or message["conversation_id"] in temporary:
                raise import_error(f"{table}[{number}].message_id is a copied message or in a temporary conversation, which cannot be evidence")
            if table == "signal_evidence" and message["conversation_id"] in play:
                raise import_error(f"{table}[{number}].message_id is in a conversation that is play, which cannot be evidence of a signal")
            if row.get("day", message["day"]) != message["day"]:
                raise import_error(f"{table}[{number}].day is not the day of its message")
            if not row["quote"] or not message["content"].startswith(row["quote"], row["start"]):
                raise import_error(f"{table}[{number}].quote is not in the message at its position `start`")
            cited = (row["cited_start"], row["cited_end"])
            if cited != (None, None) and (None in cited or not row["start"] <= cited[0] < cited[1] <= row["start"] + len(row["quote"])):
                raise import_error(f"{table}[{number}].cited_start and cited_end are no part of the quote")
