"""Parser of an export file: checks its rows and prepares them for storage.

It trusts nothing in the file: it checks names, types, the API's rules, references and quotes. It checks the type of columns that only the
installation writes (persistence/queries/portable_columns.py) and drops their values.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import Any, NoReturn
from uuid import UUID

from jobs.rules.profile.polarity import NEGATED, key_of
from jobs.rules.slots import value_key
from persistence.models.enums import Learning
from persistence.queries import portability as stored
from persistence.queries.portable_columns import ADDED, NEVER_IMPORTED, is_read, name_in_files
from resolvers.errors import InvalidInput
from resolvers.memory_rules import MEMORY_LISTS
from resolvers.portability.import_changed import drop_incomplete_rows
from resolvers.portability.import_checks import (
    check_branches,
    check_counts,
    check_keys,
    check_lists,
    check_quotes,
    check_references,
    check_versions,
    import_error,
)
from resolvers.portability.import_rules import check_row, check_value
from resolvers.portability.imported_slots import find_slot_error

FORMAT = "unilife/8"
LABEL = "label"
"""The member that says which texts a model generated (resolvers/portability/label.py)."""
CHANGED = "changed_during_export"
"""The member that lists the tables that changed while the file was written, part by part."""
_ADDED_8 = frozenset({"companion_versions", "conversation_branches"})
_ADDED = _ADDED_8 | {"event_questions", "imported_values"}
_OWN = _ADDED | {"own_slots"}
_SINCE = {
    "unilife/1": _OWN | {"dispute_questions"}, "unilife/2": _OWN, "unilife/3": _OWN, "unilife/4": _OWN, "unilife/5": _ADDED, "unilife/6": _ADDED,
    "unilife/7": _ADDED_8, FORMAT: frozenset[str](),
}  # fmt: skip
"""Readable formats, each with the tables that were added later: an older file has no rows of them."""
_UNCITED: Mapping[str, Mapping[str, Any]] = {name: {"cited_start": None, "cited_end": None} for name in ("line_evidence", "signal_evidence")}
_COLUMNS_SINCE: Mapping[str, Mapping[str, Mapping[str, Any]]] = {
    **{name: {"messages": {"cut_off": None}, **_UNCITED} for name in ("unilife/1", "unilife/2")}, "unilife/3": _UNCITED,
}
"""Columns that were added later, by format and table, with the value that a row of an older file gets."""
MAX_IMPORT_CHARACTERS = 4_000_000
"""Characters; a request may have 4 MiB."""
MAX_SHOWN_CHARACTERS = 60
"""Characters of a file's text that an error message repeats."""
_ACCOUNT: Mapping[str, type[Any]] = {
    "nickname": str, "time_zone": str, "locale": str, "day_ends_at": int, "sensitive_slots": list, **dict.fromkeys(MEMORY_LISTS, list),
}  # fmt: skip
_PAUSE = "memory_paused_until"
_WHOLE_NUMBERS = range(-(2**31), 2**31)


@dataclass(frozen=True)
class ParsedExport:
    account: Mapping[str, Any]
    rows: stored.Rows


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
    changed = file.pop(CHANGED, None)
    file.pop(LABEL, None)
    _same_names("the file", file, {"format", "account", *tables, *NEVER_IMPORTED})
    account = file["account"]
    if not isinstance(account, dict):
        raise import_error("account must be an object")
    if file["format"] != FORMAT:
        account = {"sensitive_slots": [], **account}
    account = {**{name: [] for name in MEMORY_LISTS}, _PAUSE: None, **account}
    _same_names("account", account, {*_ACCOUNT, _PAUSE})
    for name, kind in _ACCOUNT.items():
        value = read_value(f"account.{name}", account[name], kind)
        for index, key in enumerate(value if kind is list else ()):
            read_value(f"account.{name}[{index}]", key, str)
    account[_PAUSE] = None if account[_PAUSE] is None else read_value(f"account.{_PAUSE}", account[_PAUSE], date)
    rows: dict[str, list[dict[str, Any]]] = {name: _rows(name, file[name], stored.columns_of(table)) for name, table in tables.items()}
    if changed:
        drop_incomplete_rows(rows)
    for name, table in tables.items():
        check_keys(name, rows[name], [key for key in stored.keys_of(table) if all(is_read(name, column) for column in key)])
        for referring, other, others in stored.references_of(table):
            check_references(name, rows[name], referring, other, {tuple(row[column] for column in others) for row in rows[other]})
    check_lists(rows)
    check_branches(rows)
    check_versions(rows)
    check_counts(rows)
    check_quotes(rows)
    derive(rows)
    if (wrong := find_slot_error(account["sensitive_slots"], rows)) is not None:
        raise import_error(wrong)
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
        raise import_error(f"{where} has the unknown member {unknown[0][:MAX_SHOWN_CHARACTERS]!r}")


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
        return [_single(f"{where}[{index}]", value, item) for index, value in enumerate(given)]
    return _single(where, given, kind)


def _single(where: str, given: Any, kind: Any) -> Any:
    return read_value(where, given, getattr(kind, "enum_class", None) or kind.python_type)


def read_value(where: str, given: Any, wanted: type[Any]) -> Any:
    """Return a value of a file as the type `wanted`. Raises `InvalidInput`."""
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
        shown = json.dumps(given, ensure_ascii=False)[:MAX_SHOWN_CHARACTERS]
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


def _join_keys(rows: dict[str, list[dict[str, Any]]]) -> None:
    """Keep one of the values and merges whose keys are one by the current rule, in a file of a former version: the locked value, the newest merge."""
    values = {(row["slot"], row["value_key"]): row for row in sorted(rows["profile_values"], key=lambda row: bool(row["locked"]))}
    merges = {(row["slot"], row["from_key"]): row for row in sorted(rows["profile_aliases"], key=lambda row: row["created_at"])}
    if len(values) < len(rows["profile_values"]):
        rows["profile_values"] = list(values.values())
    if len(merges) < len(rows["profile_aliases"]) or any(row["from_key"] == row["into_key"] for row in merges.values()):
        rows["profile_aliases"] = [row for row in merges.values() if row["from_key"] != row["into_key"]]


def derive(rows: dict[str, list[dict[str, Any]]]) -> None:
    """Add the columns that are derived from others: keys of values, days of quotes, counts of versions."""
    messages = {row["id"]: row for row in rows["messages"]}
    temporary = {row["id"] for row in rows["conversations"] if row["temporary"]}
    for row in rows["signals"]:
        row["value_key"] = value_key(row["value"])
    for row in rows["imported_values"]:
        row["value_key"] = key_of(value_key(row["value"]), negated=row["polarity"].value in NEGATED)
    for row in rows["own_slots"]:
        row["name_key"] = value_key(row["name"])
    _join_keys(rows)
    for row in rows["signal_evidence"]:
        row["day"], row["said_at"] = messages[row["message_id"]]["day"], messages[row["message_id"]]["created_at"]
    said: defaultdict[date, list[UUID]] = defaultdict(list)
    for row in rows["messages"]:
        if not row["copied"] and row["conversation_id"] not in temporary and row["learning"] is not Learning.NONE:
            said[row["day"]].append(row["conversation_id"])
    days = {row["id"]: row["day"] for row in rows["diaries"]}
    for row in rows["diary_versions"]:
        of_day = said[days[row["diary_id"]]]
        row.update(message_count=len(of_day), conversation_count=len(set(of_day)), tool_call_count=0)
