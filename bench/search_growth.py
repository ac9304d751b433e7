"""`python -m bench.search_growth`: the time of a search and of a look-back for one user with 1,000, 20,000 and 50,000 messages, in both languages.

Messages are made of a vocabulary in which a word is the rarer, the lower its rank is (Zipf's law), with the words of dev/samples among the frequent ones, so
that the questions of bench/search_questions.py find many messages. "Texts" is the search that reads all texts, as for a user without stored terms; "terms"
is the search by stored terms. BENCH_GROWTH=1000,20000 chooses the numbers of messages, BENCH_GROWTH_WAYS=terms omits the search of texts.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import re
import resource
import secrets
import statistics
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta, timezone
from functools import partial
from itertools import accumulate
from typing import Any
from uuid import UUID

from rich.console import Console
from rich.table import Table
from sqlalchemy import text

import settings
from bench import search_questions
from bench.search import questions
from bench.search_questions_dated import TODAY
from dev.database import create, temporary_server
from dev.migrate import up
from dev.samples import SAMPLE
from jobs.rules.search.dates.days import Calendar
from jobs.search_terms import make_terms_of
from persistence import database
from persistence.bulk import bulk_insert
from persistence.ids import uuid7
from persistence.models import Conversation, Message, User
from persistence.models.chat import MessageRole, MessageStatus
from resolvers.search import look_back, rank_message_ids

SIZES = [int(size) for size in os.environ.get("BENCH_GROWTH", "1000,20000,50000").split(",")]
WAYS = os.environ.get("BENCH_GROWTH_WAYS", "texts,terms").split(",")
LANGUAGES = os.environ.get("BENCH_GROWTH_LANGUAGES", "en,zh-CN").split(",")
PER_DAY = 20
PER_CONVERSATION = 200
WORDS = {"en": 20_000, "zh-CN": 20_000}


def vocabulary(language: str) -> list[str]:
    """Return words, the most frequent first: those of the samples by their number, then invented ones."""
    document = json.loads((SAMPLE / f"{language}.json").read_text(encoding="utf-8"))
    said = " ".join(str(exchange.get(side)) for days in document.values() for exchanges in days.values() for exchange in exchanges for side in exchange)
    chance = random.Random(language)
    if language == "en":
        known = Counter(re.findall("[a-z']+", said.lower()))
        parts = [consonant + vowel for consonant in "bcdfghklmnprstvw" for vowel in "aeiou"]
        invented = ("".join(chance.choices(parts, k=chance.randint(2, 4))) for _ in iter(int, 1))
    else:
        known = Counter(run[place : place + 2] for run in re.findall("[\u4e00-\u9fff]+", said) for place in range(0, len(run) - 1, 2))
        characters = [chr(code) for code in chance.sample(range(0x4E00, 0x9FA5), 3_000)]
        invented = ("".join(chance.choices(characters, k=2)) for _ in iter(int, 1))
    words = dict.fromkeys(word for word, _ in known.most_common())
    while len(words) < WORDS[language]:
        words[next(invented)] = None
    return list(words)


def messages(language: str, number: int) -> list[str]:
    words = vocabulary(language)
    shares = list(accumulate(1 / rank for rank in range(1, len(words) + 1)))
    chance = random.Random(f"{language} {number}")
    joined = " " if language == "en" else ""
    return [joined.join(chance.choices(words, cum_weights=shares, k=chance.randint(4, 40))) for _ in range(number)]


async def fill(language: str, number: int) -> UUID:
    """Store a user with messages and return the id."""
    user = User(
        id=uuid7(), email=f"{secrets.token_hex(8)}@example.org", password_hash="-", nickname="Ann", time_zone="UTC", locale=language, day_ends_at=0
    )
    first = datetime(2026, 3, 12, tzinfo=timezone.utc) - timedelta(days=number // PER_DAY)
    texts = messages(language, number)
    times = [first + timedelta(days=place // PER_DAY, minutes=place % PER_DAY) for place in range(number)]
    conversations = [uuid7(times[place]) for place in range(0, number, PER_CONVERSATION)]
    async with database.transaction() as session:
        session.add(user)
        await session.flush()
        await bulk_insert(session, Conversation, [{"user_id": user.id, "id": id} for id in conversations])
        await bulk_insert(session, Message, [
            {"user_id": user.id, "id": uuid7(at), "conversation_id": conversations[place // PER_CONVERSATION],
             "role": MessageRole.ASSISTANT if place % 2 else MessageRole.USER, "content": content, "status": MessageStatus.COMPLETE, "day": at.date(),
             "time_zone": "UTC", "created_at": at}
            for place, (at, content) in enumerate(zip(times, texts))
        ])  # fmt: skip
    return user.id


async def timed(search: Callable[[Any, UUID, str], Awaitable[object]], user_id: UUID, asked: Sequence[str]) -> tuple[list[float], float]:
    """Return the wall times of the searches in ms, and the CPU time of this process for each, in ms."""
    took = []
    for question in asked[:6]:
        async with database.session() as session:
            await search(session, user_id, question)
    before = resource.getrusage(resource.RUSAGE_SELF)
    for question in asked:
        started = time.perf_counter()
        async with database.session() as session:
            await search(session, user_id, question)
        took.append((time.perf_counter() - started) * 1000)
    after = resource.getrusage(resource.RUSAGE_SELF)
    return took, (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime) * 1000 / len(asked)


async def _message_search(session: Any, user_id: UUID, question: str) -> object:
    return await rank_message_ids(session, user_id, question, question.split()[:10], calendar=Calendar(TODAY))


SEARCHES: dict[str, Callable[[Any, UUID, str], Awaitable[object]]] = {
    "message search": _message_search,
    "look-back": partial(look_back, calendar=Calendar(TODAY)),
}


async def run(sql: str) -> None:
    async with database.session() as session:
        await session.execute(text(sql))


async def measure(server: str) -> None:
    console, url = Console(width=140), await create(server, "bench_growth")
    await up(url)
    os.environ.update(POSTGRESQL_URL=url, JWT_SECRET_KEY=secrets.token_hex(32), DEEPSEEK_API_KEY="none", LOG_LEVEL="ERROR", DATABASE_POOL_SIZE="1")
    settings.current.cache_clear()
    table = Table(title="Time of a search, ms")
    for heading in ("language", "messages", "search", "by", "median", "95th percentile", "CPU of the process"):
        table.add_column(heading, justify="right")
    for language in LANGUAGES:
        lines = search_questions.ENGLISH if language == "en" else search_questions.CHINESE
        asked = [question for _, _, question in questions(lines)]
        for size in SIZES:
            user_id = await fill(language, size)
            await run("analyze")
            for way in WAYS:
                if way == "terms":
                    started, read = time.perf_counter(), await make_terms_of(user_id)
                    spent = (time.perf_counter() - started) * 1000 / max(read, 1)
                    await run("vacuum analyze")
                    console.print(f"{language} {size:,}: {spent:.2f} ms a message for its terms")
                for label, search in SEARCHES.items():
                    took, cpu = await timed(search, user_id, asked)
                    row = (f"{statistics.median(took):.1f}", f"{statistics.quantiles(took, n=20)[-1]:.1f}", f"{cpu:.1f}")
                    console.print(f"{language} {size:,}: {label} by {way}: {' / '.join(row)}")
                    table.add_row(language, f"{size:,}", label, way, *row)
            await run(f"delete from users where id = '{user_id}'")
    console.print(table)
    await database.dispose()


def main() -> None:
    with temporary_server() as server:
        asyncio.run(measure(server))


if __name__ == "__main__":
    main()
