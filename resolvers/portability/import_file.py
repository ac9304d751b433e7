"""Parser of an export file: checks its rows and prepares them for storage.

It trusts nothing in the file: it checks names, types, the API's rules, references and quotes. It checks the type of columns that only the
installation writes (persistence/queries/portable_columns.py) and drops their values.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, NoReturn
from uuid import UUID

from jobs.rules.diary.draft_check import QUOTES
from jobs.rules.slots import value_key
from persistence.models.chat import MessageRole
from persistence.queries import portability as stored
from persistence.queries.portable_columns import ADDED, NEVER_IMPORTED, is_read, name_in_files
from resolvers.errors import InvalidInput
from resolvers.portability.import_rules import check_row, check_value

FORMAT = "unilife/3"
_SINCE = {"unilife/1": frozenset({"dispute_questions"}), "unilife/2": frozenset[str](), FORMAT: frozenset[str]()}
"""Readable formats, each with the tables that were added later: an older file has no rows of them."""
_COLUMNS_SINCE: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    name: {"messages": {"cut_off": None}} for name in ("unilife/1", "unilife/2")
}
"""Columns that were added later, by format and table, with the value that a row of an older file gets."""
MAX_IMPORT_CHARACTERS = 4_000_000
"""Characters; a request may have 4 MiB."""
LONGEST_SHOWN = 60
_ACCOUNT: Mapping[str, type[Any]] = {"nickname": str, "time_zone": str, "locale": str, "day_ends_at": int}
MOST_IN_VERSION = 300
"""Lines, or signals, of one version of a diary: several times what the nightly job and a user's edits make."""
_WHOLE_NUMBERS = range(-(2**31), 2**31)


@dataclass(frozen=True)
class ParsedExport:
    account: Mapping[str, Any]
    rows: stored.Rows


def import_error(message: str) -> InvalidInput:
    return InvalidInput("content", f"{message}. Nothing was imported")


def parse_export(content: str, largest: int | None = MAX_IMPORT_CHARACTERS) -> ParsedExport:
    """Return the checked content of an export.

    Raises `InvalidInput`, which names the first error and its position, such as `messages[3].day`, also when `content` has more than
    `largest` characters (None: no limit).
    """
    file = _parsed(content, largest)
    file |= {name: [] for name in _SINCE[file["format"]] if name not in file}
    for name, columns in _COLUMNS_SINCE.get(file["format"], {}).items():
        if isinstance(file.get(name), list):
            file[name] = [{**columns, **row} if isinstance(row, dict) else row for row in file[name]]
    tables = {table.name: table for table in stored.imported_tables()}
    file = {**{name: [] for name in NEVER_IMPORTED}, **file}
    _same_names("the file", file, {"format", "account", *tables, *NEVER_IMPORTED})
    account = file["account"]
    if not isinstance(account, dict):
        raise import_error("account must be an object")
    _same_names("account", account, set(_ACCOUNT))
    for name, kind in _ACCOUNT.items():
        _typed(f"account.{name}", account[name], kind)
    rows: dict[str, list[dict[str, Any]]] = {name: _rows(name, file[name], stored.columns_of(table)) for name, table in tables.items()}
    for name, table in tables.items():
        _check_keys(name, rows[name], list(stored.keys_of(table)))
        for columns, other, others in stored.references_of(table):
            _check_references(name, rows[name], columns, other, {tuple(row[column] for column in others) for row in rows[other]})
    _check_lists(rows)
    _check_versions(rows)
    _check_counts(rows)
    _check_quotes(rows)
    derive(rows)
    return ParsedExport(account, rows)


def _parsed(content: str, largest: int | None) -> dict[str, Any]:
    if largest is not None and len(content) > largest:
        raise import_error(f"the file has {len(content):,} characters; the limit is {largest:,}")
    try:
        file: object = json.loads(content, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise import_error(f"the file is not JSON: {error.msg} in line {error.lineno}, column {error.colno}") from None
    except (ValueError, RecursionError):
        raise import_error("the file has JSON that no export contains: a number out of range, or too many levels") from None
    if not isinstance(file, dict) or file.get("format") not in _SINCE:
        raise import_error(f'the file is not a UniLife export: it must be an object with "format": "{FORMAT}"')
    return file


def _no_number(name: str) -> NoReturn:
    raise ValueError(name)


def _same_names(where: str, found: Mapping[str, Any], wanted: set[str]) -> None:
    if missing := sorted(wanted - found.keys()):
        raise import_error(f"{where} lacks the members {', '.join(missing)}")
    if unknown := sorted(found.keys() - wanted):
        raise import_error(f"{where} has the unknown member {unknown[0][:LONGEST_SHOWN]!r}")


def _rows(table: str, given: Any, columns: Sequence[Any]) -> list[dict[str, Any]]:
    if not isinstance(given, list):
        raise import_error(f"{table} must be a list")
    by_name = {name_in_files(table, column.name): column for column in columns}
    rows = []
    for number, row in enumerate(given):
        where = f"{table}[{number}]"
        if not isinstance(row, dict):
            raise import_error(f"{where} must be an object")
        row = {**_absent(table, by_name), **row}
        _same_names(where, row, set(by_name))
        values = {name: _value(f"{where}.{name}", row[name], column) for name, column in by_name.items() if name not in _absent_in(row)}
        rows.append(_ruled(table, where, values))
    return rows


def _absent(table: str, names: Iterable[str]) -> dict[str, Any]:
    """Return default values for the columns that a file may lack: columns that no import reads and columns that were added after the file was written."""
    unread = {name: _UNREAD for name in names if not is_read(table, name)}
    return {**unread, **{name: value for (added_to, name), value in ADDED.items() if added_to == table}}


_UNREAD: Any = object()


def _absent_in(row: Mapping[str, Any]) -> set[str]:
    return {name for name, value in row.items() if value is _UNREAD}


def _ruled(table: str, where: str, values: Mapping[str, Any]) -> dict[str, Any]:
    """Return the columns that an import reads, each checked by the API's rule for it."""
    row: dict[str, Any] = {}
    for name, value in values.items():
        if is_read(table, name):
            try:
                row[name] = check_value(table, name, value)
            except InvalidInput as error:
                raise import_error(f"{where}.{name} is invalid: {error.message}") from None
            except (ValueError, OverflowError) as error:
                raise import_error(f"{where}.{name} {error}") from None
    if (wrong := check_row(table, row)) is not None:
        raise import_error(f"{where}.{wrong}")
    return row


def _value(where: str, given: Any, column: Any) -> Any:
    if given is None:
        if not column.nullable:
            raise import_error(f"{where} must not be null")
        return None
    kind = column.type
    item = getattr(kind, "item_type", None)
    if item is not None:
        if not isinstance(given, list):
            raise import_error(f"{where} must be a list")
        return [_single(f"{where}[{place}]", value, item) for place, value in enumerate(given)]
    return _single(where, given, kind)


def _single(where: str, given: Any, kind: Any) -> Any:
    return _typed(where, given, getattr(kind, "enum_class", None) or kind.python_type)


def _typed(where: str, given: Any, wanted: type[Any]) -> Any:
    try:
        if issubclass(wanted, Enum):
            return wanted(given)
        if wanted is UUID:
            return UUID(given)
        if wanted is datetime:
            return _instant(given)
        if wanted is date:
            return date.fromisoformat(given)
        return _plain(given, wanted)
    except (ValueError, TypeError, AttributeError, OverflowError):
        shown = json.dumps(given, ensure_ascii=False)[:LONGEST_SHOWN]
        raise import_error(f"{where} is {shown}, but must be {_NAMES.get(wanted, 'a value of ' + wanted.__name__)}") from None


_NAMES = {
    UUID: "a UUID", datetime: "a time with an offset from UTC", date: "a day such as 2026-01-31", str: "a string without NUL", int: "an integer",
    float: "a number", bool: "true or false",
}


def _instant(given: str) -> datetime:
    at = datetime.fromisoformat(given)
    if at.tzinfo is None:
        raise ValueError(given)
    return at


def _plain(given: Any, wanted: type[Any]) -> Any:
    if wanted is float and type(given) is int:
        return float(given)
    if type(given) is not wanted:
        raise TypeError(wanted)
    if wanted is int and given not in _WHOLE_NUMBERS:
        raise OverflowError("out of range")
    if wanted is str:
        given.encode()
        if "\x00" in given:
            raise ValueError("NUL")
    return given


def _check_keys(table: str, rows: Sequence[Mapping[str, Any]], keys: Sequence[tuple[str, ...]]) -> None:
    for columns in keys:
        seen: set[tuple[Any, ...]] = set()
        for number, row in enumerate(rows):
            key = tuple(row[column] for column in columns)
            if None not in key and key in seen:
                raise import_error(f"{table}[{number}] has the same {', '.join(columns)} as an earlier row")
            seen.add(key)


def _check_references(table: str, rows: Sequence[Mapping[str, Any]], columns: tuple[str, ...], other: str, there: set[tuple[Any, ...]]) -> None:
    for number, row in enumerate(rows):
        key = tuple(row[column] for column in columns)
        if None not in key and key not in there:
            raise import_error(f"{table}[{number}].{columns[0]} refers to a row that {other} does not contain")


def _check_counts(rows: stored.Rows) -> None:
    """Raise `InvalidInput` if a line, signal or diary version has more parts than the API allows."""
    for table, owner, most in _MOST:
        seen: Counter[tuple[Any, ...]] = Counter()
        for number, row in enumerate(rows[table]):
            key = tuple(row[column] for column in owner)
            seen[key] += 1
            if None not in key and seen[key] > most:
                raise import_error(f"{table}[{number}] exceeds the limit: at most {most} rows may have the same {', '.join(owner)}")


_MOST = (
    ("line_evidence", ("line_id",), QUOTES), ("signal_evidence", ("signal_id",), QUOTES),
    ("diary_lines", ("diary_id", "version"), MOST_IN_VERSION), ("signals", ("diary_id", "version"), MOST_IN_VERSION), ("signals", ("week",), MOST_IN_VERSION),
)  # fmt: skip


def _check_lists(rows: stored.Rows) -> None:
    messages = {row["id"] for row in rows["messages"]}
    for table, column in stored.MESSAGE_LISTS.items():
        for number, row in enumerate(rows[table]):
            for place, message_id in enumerate(row[column]):
                if message_id not in messages:
                    raise import_error(f"{table}[{number}].{column}[{place}] refers to a row that messages does not contain")


def derive(rows: dict[str, list[dict[str, Any]]]) -> None:
    """Add the columns that are derived from others: keys of values, days of quotes, counts of versions."""
    messages = {row["id"]: row for row in rows["messages"]}
    temporary = {row["id"] for row in rows["conversations"] if row["temporary"]}
    for row in rows["signals"]:
        row["value_key"] = value_key(row["value"])
    for row in rows["signal_evidence"]:
        row["day"], row["said_at"] = messages[row["message_id"]]["day"], messages[row["message_id"]]["created_at"]
    said: defaultdict[date, list[UUID]] = defaultdict(list)
    for row in rows["messages"]:
        if not row["copied"] and row["conversation_id"] not in temporary:
            said[row["day"]].append(row["conversation_id"])
    days = {row["id"]: row["day"] for row in rows["diaries"]}
    for row in rows["diary_versions"]:
        of_day = said[days[row["diary_id"]]]
        row.update(message_count=len(of_day), conversation_count=len(set(of_day)), tool_call_count=0)


def _check_versions(rows: stored.Rows) -> None:
    versions = {(row["diary_id"], row["version"]) for row in rows["diary_versions"]}
    for number, row in enumerate(rows["diaries"]):
        if (row["id"], row["version"]) not in versions:
            raise import_error(f"diaries[{number}].version refers to a row that diary_versions does not contain")


def _check_quotes(rows: stored.Rows) -> None:
    """Raise `InvalidInput` unless every quote is a user's text, at the given position of a message that the nightly jobs read: no copy, nothing temporary."""
    temporary = {row["id"] for row in rows["conversations"] if row["temporary"]}
    messages = {row["id"]: row for row in rows["messages"]}
    for table in ("line_evidence", "signal_evidence"):
        for number, row in enumerate(rows[table]):
            message = messages[row["message_id"]]
            if message["role"] is not MessageRole.USER:
                raise import_error(f"{table}[{number}].message_id is an answer of the assistant, which cannot be evidence")
            if message["copied"] or message["conversation_id"] in temporary:
                raise import_error(f"{table}[{number}].message_id is a copied message or in a temporary conversation, which cannot be evidence")
            if row.get("day", message["day"]) != message["day"]:
                raise import_error(f"{table}[{number}].day is not the day of its message")
            if not row["quote"] or not message["content"].startswith(row["quote"], row["start"]):
                raise import_error(f"{table}[{number}].quote is not in the message at its position `start`")
