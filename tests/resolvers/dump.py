"""A dump of the database that a test can search for words: every column of every table, as the database lists them, and the planner's statistics."""
from __future__ import annotations

import json
from collections.abc import Collection, Mapping

from sqlalchemy import text

from persistence import database

Place = tuple[str, str]
"""A table and a column."""


async def find_words(words: Collection[str]) -> dict[str, dict[Place, int]]:
    """Return, for each of the words that any row contains, the columns with it and in how many rows; case is ignored."""
    found: dict[str, dict[Place, int]] = {}
    for place, stored in (await _dump()).items():
        for content in stored:
            for word in words:
                if word.casefold() in content:
                    columns = found.setdefault(word, {})
                    columns[place] = columns.get(place, 0) + 1
    return found


async def find_in_statistics(words: Collection[str]) -> set[tuple[str, str, str]]:
    """Return the columns of whose values the planner's statistics have one with a word: table, column, word."""
    async with database.session() as session:
        rows = await session.execute(text("select tablename, attname, pg_stats::text from pg_stats where schemaname = 'public'"))
        return {(table, column, word) for table, column, content in rows for word in words if word.casefold() in content.casefold()}


async def _dump() -> Mapping[Place, list[str]]:
    async with database.session() as session:
        tables = await session.scalars(text("select table_name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'"))
        dumped: dict[Place, list[str]] = {}
        for table in tables.all():
            for row in await session.scalars(text(f'select to_jsonb(t)::text from "{table}" t')):
                for column, value in json.loads(row).items():
                    dumped.setdefault((table, column), []).append(json.dumps(value, ensure_ascii=False).casefold())
        return dumped
