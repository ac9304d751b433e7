"""`python -m bench.search`: the search's results for dated questions over the sample chats, and its times for 1,000 users with 1,000 messages each.

The result is the share of questions whose day is at rank 1, and among the first 3: by `resolvers.search.look_back` on a real database, and by the
baseline, BM25 over the pairs of characters of each day's text. The ranking may be tuned on the questions of bench/search_questions.py and half of those
of bench/search_questions_dated.py; those of bench/search_questions_held_out.py and the other half show how a rule generalises. BENCH_SEARCH=quality
omits the times, BENCH_SEARCH=speed the questions; BENCH_SEARCH=misses omits the times too and lists the questions for tuning whose day is not at rank 1.
"""

from __future__ import annotations

import asyncio
import json
import math
import os
import secrets
import statistics
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from rich.console import Console
from rich.table import Table
from sqlalchemy import text

import settings
from bench import search_questions, search_questions_dated
from bench import search_questions_held_out as held_out
from bench.search_questions_dated import TODAY
from dev.database import create, temporary_server
from dev.imports.command import import_for
from dev.migrate import up
from dev.samples import SAMPLE
from jobs.rules.search.dates.days import Calendar
from jobs.search_terms import make_terms_of
from persistence import database
from persistence.ids import uuid7
from persistence.models import User
from resolvers.imports import memorybank
from resolvers.search import look_back, rank_message_ids

PEOPLE = int(os.environ.get("BENCH_SEARCH_PEOPLE", "1000"))
MESSAGES = int(os.environ.get("BENCH_SEARCH_MESSAGES", "1000"))
HEAVY = int(os.environ.get("BENCH_SEARCH_HEAVY", "50000"))
"""Messages of one user who imports years of chats."""
QUERIES = 60
MODE = os.environ.get("BENCH_SEARCH", "all")

SETS = {
    "en": {
        "for tuning": search_questions.ENGLISH,
        "held out": held_out.ENGLISH,
        "with a day, for tuning": search_questions_dated.ENGLISH,
        "with a day, held out": search_questions_dated.ENGLISH_HELD_OUT,
    },
    "zh-CN": {
        "for tuning": search_questions.CHINESE,
        "held out": held_out.CHINESE,
        "with a day, for tuning": search_questions_dated.CHINESE,
        "with a day, held out": search_questions_dated.CHINESE_HELD_OUT,
    },
}
"""The sets of questions by language."""

Days = Mapping[str, list[Any]]
Ranking = Callable[[str, str], Awaitable[list[str]]]


def questions(lines: str) -> Iterator[tuple[str, str, str]]:
    """Yield user, day and question of each line."""
    for line in lines.strip().splitlines():
        person, day, question = line.split("|")
        yield person, f"2026-{day}", question


def baseline(days: Days, question: str) -> list[str]:
    """Rank the days by BM25 (k1 1.2, b 0.75) over pairs of characters."""
    texts = {day: _pairs(" ".join(f"{exchange.get('query')} {exchange.get('response')}" for exchange in exchanges)) for day, exchanges in days.items()}
    holding = Counter(pair for pairs in texts.values() for pair in set(pairs))
    mean = sum(map(len, texts.values())) / len(texts)
    scores = {}
    for day, pairs in texts.items():
        counted, breadth = Counter(pairs), 1.2 * (0.25 + 0.75 * len(pairs) / mean)
        scores[day] = sum(
            math.log(1 + (len(texts) - holding[pair] + 0.5) / (holding[pair] + 0.5)) * counted[pair] * 2.2 / (counted[pair] + breadth)
            for pair in _pairs(question)
        )
    return sorted(scores, key=lambda day: (scores[day], day), reverse=True)


def _pairs(said: str) -> list[str]:
    plain = "".join(char for char in said.lower() if char.isalnum())
    return [plain[place : place + 2] for place in range(len(plain) - 1)]


async def quality(console: Console) -> None:
    table = Table(title="Questions whose day is found")
    for heading in ("set", "language", "questions", "rank 1", "rank 1–3", "bigrams, rank 1", "bigrams, rank 1–3"):
        table.add_column(heading, justify="right")
    for name, sets in SETS.items():
        document = json.loads((SAMPLE / f"{name}.json").read_text(encoding="utf-8"))
        people = {person.strip(): person for person in document}
        users = {person: await _import(document, original) for person, original in people.items()}
        for label, lines in sets.items():
            ours: list[int] = []
            theirs: list[int] = []
            for person, day, question in questions(lines):
                async with database.session() as session:
                    ranked = [found.day.isoformat() for found in (await look_back(session, users[person], question, Calendar(TODAY))).days]
                ours.append(ranked.index(day) if day in ranked else len(ranked) + 99)
                theirs.append(baseline(document[people[person]], question).index(day))
                if MODE == "misses" and "for tuning" in label and ours[-1]:
                    console.print(person, day, question, ranked[:3])
            table.add_row(label, name, str(len(ours)), *(_share(ranks, top) for ranks in (ours, theirs) for top in (1, 3)))
    console.print(table)


def _share(ranks: list[int], top: int) -> str:
    return f"{sum(rank < top for rank in ranks) / len(ranks):.1%}"


async def _import(document: Any, person: str) -> UUID:
    user = User(
        id=uuid7(),
        email=f"{secrets.token_hex(8)}@example.org",
        password_hash="-",
        nickname=person.strip(),
        time_zone="Asia/Shanghai",
        locale="en",
        day_ends_at=0,
    )
    async with database.transaction() as session:
        session.add(user)
    await import_for(user, memorybank.read(document, person))
    return user.id


_FILL = """
insert into users (id, email, password_hash, nickname, time_zone, locale)
  select lpad(to_hex(n), 32, '0')::uuid, 's' || n || '@example.org', '-', 'n' || n, 'Asia/Shanghai', 'zh-CN' from generate_series(1, {people}) n;
insert into conversations (user_id, id) select id, lpad('2', 32, '0')::uuid from users where email like 's%@example.org';
create temporary table sample as select row_number() over () - 1 as n, content from (select distinct content from messages) found;
insert into messages (user_id, id, conversation_id, role, content, status, day, time_zone, created_at)
  select lpad(to_hex(p), 32, '0')::uuid, lpad(to_hex(m), 32, '0')::uuid, lpad('2', 32, '0')::uuid, case m % 2 when 1 then 'USER' else 'ASSISTANT' end,
         s.content, 'COMPLETE', date '2024-01-01' + m / 10, 'Asia/Shanghai', timestamptz '2024-01-01' + m * interval '2 hours'
  from generate_series(1, {messages}) m, generate_series({first}, {last}) p, sample s where s.n = (m * 7919 + p * 31) % (select count(*) from sample);
drop table sample;
analyze messages;
"""


async def speed(console: Console) -> None:
    await _fill(people=PEOPLE, messages=MESSAGES, first=1, last=PEOPLE)
    await _fill(people=0, messages=HEAVY, first=1, last=1, of_one=True)
    table = Table(title=f"Query time, ms: {PEOPLE:,} users with {MESSAGES:,} messages each, one with {HEAVY:,}")
    for heading in ("", "median", "95th percentile"):
        table.add_column(heading, justify="right")
    asked = [question for lines in (search_questions.ENGLISH, search_questions.CHINESE) for _, _, question in questions(lines)][::2][:QUERIES]
    for label, search in (("messages", rank_message_ids), ("look-back", partial(look_back, calendar=Calendar(TODAY)))):
        for whose, user_ids in (
            ("any user", [UUID(int=2 + number * 17 % max(PEOPLE - 1, 1)) for number in range(len(asked))]),
            ("the user with most messages", [UUID(int=1)] * 10),
        ):
            for user_id in dict.fromkeys(user_ids):
                await make_terms_of(user_id)
            took = [await _timed(search, user_id, question) for user_id, question in zip(user_ids, asked)]
            table.add_row(f"{label}, {whose}", f"{statistics.median(took):.1f}", f"{statistics.quantiles(took, n=20)[-1]:.1f}")
    console.print(table)


async def _fill(*, people: int, messages: int, first: int, last: int, of_one: bool = False) -> None:
    """Fill the tables. With `of_one`, the first user, who exists already, gets these messages instead of their own."""
    if of_one:
        await _run("delete from messages where user_id = lpad('1', 32, '0')::uuid")
    for statement in filter(str.strip, _FILL.format(people=people, messages=messages, first=first, last=last).split(";\n")):
        if not (of_one and "conversations" in statement.split("(")[0]):
            await _run(statement)


async def _run(statement: str) -> None:
    async with database.session() as session:
        await session.execute(text(statement))


async def _timed(search: Any, user_id: UUID, question: str) -> float:
    started = time.perf_counter()
    async with database.session() as session:
        await search(session, user_id, question)
    return (time.perf_counter() - started) * 1000


async def measure(server: str) -> None:
    console = Console()
    url = await create(server, "bench_search")
    await up(url)
    os.environ.update(POSTGRESQL_URL=url, JWT_SECRET_KEY=secrets.token_hex(32), DEEPSEEK_API_KEY="none", LOG_LEVEL="ERROR", DATABASE_POOL_SIZE="1")
    settings.current.cache_clear()
    if MODE != "speed":
        await quality(console)
    else:
        document = json.loads((SAMPLE / "en.json").read_text(encoding="utf-8"))
        for person in document:
            await _import(document, person)
    if MODE in ("all", "speed"):
        await speed(console)
    await database.dispose()


def main() -> None:
    with temporary_server() as server:
        asyncio.run(measure(server))


if __name__ == "__main__":
    main()
