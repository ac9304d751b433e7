"""The rules for SQL on personal tables that can be spread over several machines by `user_id` (docs/decisions/0053).

A machine that has some of the users can carry out a statement by itself if the statement names its user. So a row lock, an UPDATE and a DELETE
say `user_id = $n`, and an INSERT has the column; what concerns many users is executed for one user after the other. What is sent to
several machines must mean the same on all of them, and a result must have a form that they can send to each other.
"""
from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from dev.lint.sql_text import Group, parse

NO_USER = "names no user: say `user_id = $n` of each personal table that it locks or writes, and execute it once for each user"
CHANGING_VALUE = "has {} in DO UPDATE SET, which may differ from machine to machine: send the value in the inserted row and use `excluded`"
ROWS = "makes an array of rows, which machines cannot send to each other: use json_agg(json_build_array(…))"
UNION = "has a set operation over unnest: send the keys as conditions, or send one statement for each part"
MERGE = "is a MERGE: use INSERT … ON CONFLICT"

_CONSTANT_CALLS = frozenset("coalesce greatest least nullif abs excluded".split())
"""The functions that DO UPDATE SET may call: they give the same result for the same arguments, always."""
_SYNTAX = frozenset("and or not in is case when then else set values any all exists select from where as row array".split())
"""Words that may stand before parentheses without being functions."""
_CLOCKS = frozenset("current_timestamp current_date current_time localtime localtimestamp".split())
_SET_OPERATIONS = ("union", "intersect", "except")
_END_OF_FROM = frozenset("where group having order limit offset for union intersect except window returning on set".split())
_BEFORE_TABLES = ("from", "join", ",", "lateral", "only")
_NO_NAMES = frozenset("join lateral only inner left right full cross natural using as from values select default".split()) | _END_OF_FROM
_LOCKS = (("for", "update"), ("for", "no", "key", "update"), ("for", "share"), ("for", "key", "share"))


def find_faults(statement: str, personal: Collection[str]) -> list[str]:
    """Return the faults that keep a statement from being distributed over machines; `personal` are the tables that are distributed by their `user_id`."""
    whole = parse(statement)
    faults = dict.fromkeys(fault for level in _levels(whole) for fault in _faults(level, personal))
    unnested = set(_unnested(whole))
    if any(_combines_unnest(group, unnested) for group in whole.groups()):
        faults[UNION] = None
    return list(faults)


def _levels(whole: Group) -> Iterator[Group]:
    """Yield each group, cut at its set operations: a condition of one part says nothing about the others."""
    for group in whole.groups():
        if any(word in group.items for word in _SET_OPERATIONS):
            yield from group.split(_SET_OPERATIONS)
        else:
            yield group


def _faults(level: Group, personal: Collection[str]) -> Iterator[str]:
    if any(table in personal and not _names_user(level, alias, alone) for table, alias, alone in [*_locked(level), *_changed(level)]):
        yield NO_USER
    if any(table in personal and not _has_user_column(level, at) for at, table in _inserted(level)):
        yield NO_USER
    if level.find("merge", "into") >= 0:
        yield MERGE
    if any(table in personal for _, table in _inserted(level)):
        yield from (CHANGING_VALUE.format(word) for word in _changing_values(level))
    if any(_is_rows(name, arguments, level) for name, arguments in level.calls()):
        yield ROWS


def _relations(level: Group) -> list[tuple[str, str]]:
    """Return the tables in the FROM clause of a level with their aliases."""
    at = level.find("from")
    found: list[tuple[str, str]] = []
    while 0 <= at < len(level.items) - 1:
        at += 1
        item = level.items[at]
        if isinstance(item, str) and item in _END_OF_FROM - {"on"}:
            break
        if level.items[at - 1] in _BEFORE_TABLES and (table := _name(item)) is not None:
            found.append((table, _alias(level, at + 1) or table))
    return found


def _alias(level: Group, at: int) -> str | None:
    if at < len(level.items) and level.items[at] == "as":
        at += 1
    return _name(level.items[at]) if at < len(level.items) else None


def _name(item: str | Group) -> str | None:
    return item if isinstance(item, str) and re.fullmatch(r"[^\W\d]\w*", item) and item not in _NO_NAMES else None


def _locked(level: Group) -> Iterator[tuple[str, str, bool]]:
    """Yield the tables whose rows a level locks, each with its alias, and whether it is the level's only table."""
    for words in _LOCKS:
        at = level.find(*words)
        if at < 0:
            continue
        named = level.items[at + len(words) :]
        only = {item for item in named[1:] if isinstance(item, str)} if named and named[0] == "of" else None
        relations = _relations(level)
        yield from ((table, alias, len(relations) == 1) for table, alias in relations if only is None or alias in only)


def _changed(level: Group) -> Iterator[tuple[str, str, bool]]:
    """Yield the table that a level updates or deletes from."""
    for words in (("update",), ("delete", "from")):
        at = level.find(*words)
        if at < 0 or (words == ("update",) and level.items[at - 1 : at] in (["for"], ["key"], ["do"])):
            continue
        at += len(words)
        at += level.items[at : at + 1] == ["only"]
        table = level.items[at] if at < len(level.items) else None
        if isinstance(table, str):
            yield table, _alias(level, at + 1) or table, level.find("from", start=at) < 0 and level.find("using", start=at) < 0


def _inserted(level: Group) -> Iterator[tuple[int, str]]:
    at = level.find("insert", "into")
    if at >= 0 and isinstance(table := level.items[at + 2], str):
        yield at + 2, table


def _has_user_column(level: Group, at: int) -> bool:
    columns = next((item for item in level.items[at + 1 :] if isinstance(item, Group)), None)
    return columns is not None and "user_id" in columns.items


def _names_user(level: Group, alias: str, alone: bool) -> bool:
    """Return whether a condition that must hold says whose the alias's rows are. One that is an alternative (OR) need not hold."""
    upsert = level.find("on", "conflict")
    query = Group(level.items[: upsert if upsert >= 0 else None])
    start = min((at for at in (query.find("where"), query.find("on")) if at >= 0), default=-1)
    if start < 0:
        return False
    conditions = Group(query.items[start:])
    if "or" in conditions.items:
        return False
    for column in ([alias, ".", "user_id"], *([["user_id"]] if alone else [])):
        at = -1
        while (at := conditions.find(*column, start=at + 1)) >= 0:
            if not (len(column) == 1 and conditions.items[at - 1] == ".") and _is_equal_to_parameter(conditions, at, at + len(column)):
                return True
    return False


def _is_equal_to_parameter(conditions: Group, start: int, end: int) -> bool:
    after, before = conditions.items[end : end + 2], conditions.items[max(0, start - 2) : start]
    return any(len(pair) == 2 and pair[mark] == "=" and _is_parameter(pair[1 - mark]) for pair, mark in ((after, 0), (before, 1)))


def _is_parameter(item: str | Group) -> bool:
    return isinstance(item, str) and re.fullmatch(r"\$\d+", item) is not None


def _changing_values(level: Group) -> Iterator[str]:
    at = level.find("do", "update", "set")
    if at < 0:
        return
    ends = [end for word in ("where", "returning") if (end := level.find(word, start=at)) >= 0]
    for group in Group(level.items[at + 3 : min(ends, default=len(level.items))]).groups():
        yield from (word for word in group.items if isinstance(word, str) and word in _CLOCKS)
        yield from (f"{name}()" for name, _ in group.calls() if name not in _CONSTANT_CALLS and name not in _SYNTAX)


def _is_rows(name: str, arguments: Group, level: Group) -> bool:
    """Return whether a call gives an array of rows: of ROW(…), of (a, b), or of a whole table."""
    if name not in ("array", "array_agg"):
        return False
    items = arguments.items[1:] if arguments.items[:1] == ["select"] else arguments.items if name == "array_agg" else []
    if not items:
        return False
    if items[0] == "row" or (isinstance(items[0], Group) and "," in items[0].items):
        return True
    aliases = {alias for _, alias in _relations(arguments if name == "array" else level)}
    return isinstance(items[0], str) and items[0] in aliases and items[1:2] != ["."]


def _combines_unnest(group: Group, unnested: Collection[str]) -> bool:
    words = set(group.words) if any(word in group.items for word in _SET_OPERATIONS) else set()
    return "unnest" in words or not words.isdisjoint(unnested)


def _unnested(whole: Group) -> Iterator[str]:
    """Yield the names of the queries in WITH that read from unnest."""
    for group in whole.groups():
        items = [item for item in group.items if item not in ("materialized", "not")]
        for name, mark, body in zip(items, items[1:], items[2:]):
            if isinstance(name, str) and mark == "as" and isinstance(body, Group) and "unnest" in body.words:
                yield name
