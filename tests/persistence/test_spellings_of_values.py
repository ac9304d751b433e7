"""Migration 0024: keys of values by the one notion of a word, and the values, merges and slots whose keys become equal."""
from __future__ import annotations

import re
import unicodedata
from collections.abc import AsyncIterator, Callable
from importlib.util import module_from_spec, spec_from_file_location
from typing import Any

import asyncpg
import pytest

from dev import migrate
from jobs.rules.slots import value_key
from jobs.rules.text import chinese_characters
from jobs.rules.text.normalization import fold_characters, is_invisible
from tests.word_pairs import DIFFERENT, EQUAL

pytestmark = pytest.mark.anyio

BEFORE, AFTER = "0023.0015", "0024.0015"
ANN = "00000000-0000-7000-8000-00000000000a"
MESSAGE = "00000000-0000-7000-8000-00000000010{}"
PEOPLE = f"insert into users (id, email, password_hash, nickname, time_zone, locale) values ('{ANN}', 'ann@example.org', '-', 'ann', 'UTC', 'zh')"
VALUE = """insert into profile_values (user_id, id, slot, value, value_key, status, confidence, locked, origin, first_seen_at, last_seen_at, evidence)
values ($1, gen_random_uuid(), $2, $3, $4, $5, $6, $7, 'STATED', $8::text::timestamptz, $9::text::timestamptz, $10)"""
SIGNAL = """insert into signals (user_id, id, week, position, slot, value, value_key, polarity, confidence, stated)
values ($1, gen_random_uuid(), '2026-01-05', 0, $2, $3, $4, 'POSITIVE', 0.9, true)"""


def migration() -> Any:
    [script] = [script for script in migrate.scripts().walk_revisions() if script.revision == AFTER]
    spec = spec_from_file_location("spellings_of_values", script.path)
    assert spec and spec.loader
    module = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def former_key(text: str) -> str:
    """Return the key that a text without marks between digits had before this migration."""
    def is_gap(char: str) -> bool:
        return char.isspace() or is_invisible(char) or unicodedata.category(char)[0] in "PZC"

    return "".join(char for char in fold_characters(text) if not is_gap(char))


@pytest.fixture
async def connection(new_database: Callable[[], str], anyio_backend: str) -> AsyncIterator[tuple[str, asyncpg.Connection[Any]]]:
    url = new_database()
    await migrate.up(url, BEFORE)
    opened = await asyncpg.connect(url.replace("postgresql+asyncpg", "postgresql"))
    await opened.execute(PEOPLE)
    yield url, opened
    await opened.close()


async def test_migrated_keys_are_those_of_the_rule(connection: tuple[str, Any]) -> None:
    assigned = [chr(number) for number in range(0x21, 0x30000) if unicodedata.category(chr(number)) not in ("Cn", "Cs", "Co", "Cc")]
    words = [word for pair in (*EQUAL, *DIFFERENT) for word in pair if not re.search(r"\d\W\d", word)]
    texts = words + [char for char in assigned if former_key(char)]
    former = [former_key(text) for text in texts]
    found = await connection[1].fetch(f"select old, {migration().folded('old')} as new from unnest($1::text[]) with ordinality t (old, n) order by n", former)
    wrong = [(text, row["old"], row["new"], value_key(text)) for text, row in zip(texts, found, strict=True) if row["new"] != value_key(text)]
    assert len(found) > 100_000 and not wrong, (len(wrong), wrong[:20])


def test_migration_has_the_characters_that_the_rule_has() -> None:
    """Fails when the table of characters is made anew: then a further migration is due, as keys are stored."""
    module = migration()
    assert (module.TRADITIONAL, module.SIMPLIFIED) == (chinese_characters.TRADITIONAL, chinese_characters.SIMPLIFIED)


async def values(opened: Any) -> list[tuple[Any, ...]]:
    query = """select slot, value, value_key, status, round(confidence::numeric, 2)::float8, locked, first_seen_at::date::text, last_seen_at::date::text,
        array(select right(e::text, 1) from unnest(evidence) with ordinality t (e, n) order by n) from profile_values order by 1, 2"""
    return [tuple(row) for row in await opened.fetch(query)]


async def write(opened: Any) -> None:
    """Store a home in two spellings, of which one is locked, and activities of which two are one."""
    one, two, three = (MESSAGE.format(number) for number in (1, 2, 3))
    for slot, value, key, status, confidence, locked, first, last, evidence in [
        ("identity.home", "臺北", "臺北", "ACTIVE", 0.7, False, "2026-01-02", "2026-01-09", [two, three]),
        ("identity.home", "台北", "台北", "SUPERSEDED", 0.9, True, "2026-01-01", "2026-01-05", [one, two]),
        ("preferences.activities", "Café", "café", "ACTIVE", 0.5, False, "2026-01-01", "2026-01-02", [one]),
        ("preferences.activities", "running", "running", "ACTIVE", 0.5, False, "2026-01-01", "2026-01-02", [one]),
        ("preferences.food", "!", "!麵條", "ACTIVE", 0.5, False, "2026-01-01", "2026-01-02", [one]),
    ]:
        await opened.execute(VALUE, ANN, slot, value, key, status, confidence, locked, first, last, evidence)
    for value in ("臺北", "台北", "running"):
        await opened.execute(SIGNAL, ANN, "identity.home", value, value)
        await opened.execute("""insert into verdicts (user_id, id, kind, slot, value, value_key)
            values ($1, gen_random_uuid(), 'LOCK', 'identity.home', $2, $2)""", ANN, value)
        await opened.execute("""insert into profile_changes (user_id, id, slot, value_key, after, reason)
            values ($1, gen_random_uuid(), 'identity.home', $2, $2, 'NIGHT: ADDED')""", ANN, value)
    for start, into, at in [("臺灣", "台北", "2026-01-01"), ("台湾", "上海", "2026-01-02"), ("頭髮", "头发", "2026-01-01"), ("taipei", "臺北", "2026-01-01")]:
        await opened.execute("""insert into profile_aliases (user_id, slot, from_key, into_key, created_at)
            values ($1, 'identity.home', $2, $3, $4::text::timestamptz)""", ANN, start, into, at)
    for number, name in enumerate(["遊戲", "游戏", "Kaffee", "Thé"]):
        await opened.execute("insert into own_slots (user_id, id, name, name_key, many, guide) values ($1, $2, $3, $4, true, '')",
                             ANN, MESSAGE.format(number), name, former_key(name))


async def test_migrated_values_with_equal_keys_are_one(connection: tuple[str, Any]) -> None:
    url, opened = connection
    await write(opened)
    await migrate.up(url, AFTER)
    wanted = [
        ("identity.home", "台北", "台北", "SUPERSEDED", 0.9, True, "2026-01-01", "2026-01-09", ["1", "2", "3"]),
        ("preferences.activities", "Café", "cafe", "ACTIVE", 0.5, False, "2026-01-01", "2026-01-02", ["1"]),
        ("preferences.activities", "running", "running", "ACTIVE", 0.5, False, "2026-01-01", "2026-01-02", ["1"]),
        ("preferences.food", "!", "!面条", "ACTIVE", 0.5, False, "2026-01-01", "2026-01-02", ["1"]),
    ]
    assert await values(opened) == wanted
    for table in ("signals", "verdicts", "profile_changes"):
        assert [row[0] for row in await opened.fetch(f"select value_key from {table} order by 1")] == ["running", "台北", "台北"]
    assert [row[0] for row in await opened.fetch("select after from profile_changes order by 1")] == ["running", "台北", "臺北"]
    assert [tuple(row) for row in await opened.fetch("select from_key, into_key from profile_aliases order by 1")] == [("taipei", "台北"), ("台湾", "上海")]
    slots = [tuple(row) for row in await opened.fetch("select name, name_key from own_slots order by id")]
    assert slots == [("遊戲 2", "游戏2"), ("游戏", "游戏"), ("Kaffee", "kaffee"), ("Thé", "the")]
    assert slots == [(name, value_key(name)) for name, _ in slots]
    assert [str(row[0]) for row in await opened.fetch("select user_id from profile_updates")] == [ANN]


async def test_migration_down_and_up_again_joins_what_was_written_meanwhile(connection: tuple[str, Any]) -> None:
    url, opened = connection
    await write(opened)
    await migrate.up(url, AFTER)
    joined = await values(opened)
    await migrate.down(url, BEFORE)
    assert await values(opened) == joined
    await opened.execute(VALUE, ANN, "identity.home", "臺北", "臺北", "ACTIVE", 0.95, False, "2025-12-01", "2026-02-01", [MESSAGE.format(4)])
    await migrate.up(url, AFTER)
    home = ("identity.home", "台北", "台北", "SUPERSEDED", 0.95, True, "2025-12-01", "2026-02-01", ["1", "2", "3", "4"])
    assert await values(opened) == [home, *joined[1:]]


async def test_migration_of_keys_that_stay_writes_no_row(connection: tuple[str, Any]) -> None:
    url, opened = connection
    for value in ("Taipei", "台北", "咖啡"):
        await opened.execute(SIGNAL, ANN, "identity.home", value, former_key(value))
    before = await opened.fetch("select xmin::text, value_key from signals order by id")
    await migrate.up(url, AFTER)
    assert await opened.fetch("select xmin::text, value_key from signals order by id") == before
    assert await opened.fetch("select from profile_updates") == []
