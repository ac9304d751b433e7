"""`python -m bench.recall PATH`: the share of the evidence that look-back finds in a public benchmark's file, by kind of question.

A question is the query, and what counts is the share of the turns labelled as its evidence in the first 1,000 tokens of what `search_messages` and
`search_diary` give the model, and in the excerpts that the prompt brings unasked ("background"). One speaker is the user, the other the assistant; the
question is asked on the day after the last session. The ranking is the product's, over rows in memory; BENCH_RECALL_DATABASE=N also sends the first N
questions of the first conversation through PostgreSQL and counts those whose results differ. The ranking was tuned on one half of the questions.
"""

from __future__ import annotations

import asyncio
import os
import re
import secrets
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from pathlib import Path
from uuid import UUID

from rich.console import Console
from rich.table import Table

import settings
from bench.recall_data import Line, Question, Talk, read
from dev.database import create, temporary_server
from dev.migrate import up
from jobs.rules.search import excerpts
from jobs.rules.search.dates.days import Calendar
from jobs.rules.search.look_back import LENT, DaySize, Neighbor, Ranking, Turn
from jobs.rules.search.query import Query, read_query
from jobs.rules.search.ranking import ASSISTANT
from jobs.rules.search.search_terms import count_terms, stem
from jobs.search_terms import make_terms_of
from llm import tokens
from llm.tools import SEARCH_MESSAGES, Search
from persistence import database
from persistence.ids import uuid7
from persistence.models import Conversation, Message, User
from persistence.models.chat import MessageRole, MessageStatus
from resolvers.chat.recall import MAX_RELATED_DAYS, find_in_diary, find_in_messages, recall_for
from resolvers.search import LookBack

SHOWN = 1_000
"""Tokens of a result that count."""
BACKGROUND = 300
"""Tokens of the excerpts in a prompt: half of DIARY_TOKENS' default."""
CHECKED = int(os.environ.get("BENCH_RECALL_DATABASE", "0"))
COLUMNS = ("search_messages", "search_diary", "background")


def to_turns(talk: Talk) -> list[Turn]:
    return [Turn(number, line.day, line.by_user, line.text) for number, line in enumerate(talk.lines)]


def sizes_of(lines: Sequence[Line]) -> dict[date, DaySize]:
    found: dict[date, DaySize] = {}
    for line in lines:
        size, length = found.get(line.day, DaySize(0, 0, 0.0)), len(line.text)
        found[line.day] = DaySize(size.messages + 1, size.characters + length, size.weighted + length * (1.0 if line.by_user else ASSISTANT))
    return found


@lru_cache(maxsize=20_000)
def vocabulary(text: str) -> frozenset[str] | None:
    """Return the terms of an ASCII text, which tell quickly whether it has one of a query's."""
    return frozenset(stem(word) for word in re.findall("[a-z0-9]+", text.lower())) if text.isascii() else None


def has_term(text: str, query: Query) -> bool:
    words = vocabulary(text)
    return bool(count_terms(text, query.wanted)) if words is None else not words.isdisjoint(query.wanted)


def look_back(talk: Talk, turns: Sequence[Turn], sizes: Mapping[date, DaySize], question: Question) -> LookBack:
    """Return what the product's look-back returns, from rows in memory."""
    query = read_query(question.text, Calendar(question.today), talk.names)
    hits = [turn for turn in turns if has_term(turn.text, query) or any(first <= turn.day <= last for first, last in query.windows)]
    ranking = Ranking(query, hits, sizes, {})
    neighbors = [
        Neighbor(seed, step, turns[seed + step])
        for seed in ranking.seeds
        for step in LENT
        if 0 <= seed + step < len(turns) and talk.lines[seed + step].session == talk.lines[seed].session
    ]
    return LookBack(query, ranking.rank(neighbors), ranking.days, {}, ranking.is_about)


def results(found: LookBack) -> dict[str, str]:
    """Return what the model is shown, by `COLUMNS`."""
    days = [scored.day for scored in found.days[:MAX_RELATED_DAYS]]
    ranked = [item for item in found.turns if item.turn.day in days]
    notes = excerpts.by_day(found.query, ranked, days, {}, budget=BACKGROUND, measure=tokens.count, shorten=tokens.truncate)
    shown = {"search_messages": find_in_messages(found), "search_diary": find_in_diary(found), "background": notes}
    return {name: tokens.truncate("\n".join(note.text for note in made), SHOWN) for name, made in shown.items()}


def share(talk: Talk, question: Question, text: str) -> float:
    """Return the share of the question's evidence that stands in a text."""
    rows = set(text.split("\n"))
    wanted = [line for line in talk.lines if (line.session, line.number) in question.evidence]
    shown = [f"{'person' if line.by_user else 'assistant'}: {tokens.truncate(' '.join(line.text.split()), excerpts.TEXT_TOKENS)}" in rows for line in wanted]
    return sum(shown) / len(question.evidence)


def measure(talks: Sequence[Talk]) -> Table:
    found: dict[str, dict[tuple[str, int], list[float]]] = defaultdict(lambda: defaultdict(list))
    for talk in talks:
        turns, sizes = to_turns(talk), sizes_of(talk.lines)
        for question in talk.questions:
            looked = look_back(talk, turns, sizes, question)
            kinds = [question.kind, "all", *(["with a day"] if looked.query.named else ["without a day"])]
            if looked.query.named:
                kinds.append("with a day, temporal" if question.kind.startswith("temporal") else "with a day, others")
            for name, text in results(looked).items():
                held = share(talk, question, text)
                for kind in kinds:
                    found[kind][name, question.half].append(held)
    table = Table(title="Evidence found, %: for tuning / held out / all")
    for heading in ("", "questions", *COLUMNS):
        table.add_column(heading, justify="right")
    for kind, held in sorted(found.items()):
        halves = {name: [held[name, 0], held[name, 1], held[name, 0] + held[name, 1]] for name in COLUMNS}
        table.add_row(kind, str(len(halves[COLUMNS[0]][2])), *(" / ".join(_mean(shares) for shares in halves[name]) for name in COLUMNS))
    return table


def _mean(shares: Sequence[float]) -> str:
    return f"{100 * sum(shares) / len(shares):.1f}" if shares else "–"


async def differences(talk: Talk, number: int) -> int:
    """Return how many of the first questions get other results from `search_messages` in the database, where the best messages alone are ranked."""
    user = User(
        id=uuid7(), email=f"{secrets.token_hex(8)}@example.org", password_hash="-", nickname=talk.names[0] if talk.names else "user",
        time_zone="UTC", locale="en", day_ends_at=0,
    )  # fmt: skip
    rows = _rows(user.id, talk)
    async with database.transaction() as session:
        session.add(user)
        await session.flush()
        session.add_all([row for row in rows if isinstance(row, Conversation)])
        await session.flush()
        session.add_all([row for row in rows if isinstance(row, Message)])
    await make_terms_of(user.id)
    turns, sizes, other = to_turns(talk), sizes_of(talk.lines), 0
    for question in talk.questions[:number]:
        asked = Message(id=uuid7(), user_id=user.id, day=question.today, content=question.text)
        stored = await recall_for(asked, Calendar(question.today), talk.names)(Search(SEARCH_MESSAGES, question.text))
        found = look_back(talk, turns, sizes, question)
        other += stored[0 if found.about else 1 :] != [note.text for note in find_in_messages(found)]
    return other


def _rows(user_id: UUID, talk: Talk) -> list[Conversation | Message]:
    noon = {line.session: datetime.combine(line.day, time(12), timezone.utc) for line in talk.lines}
    ids = {session: uuid7(at) for session, at in noon.items()}
    made: list[Conversation | Message] = [Conversation(user_id=user_id, id=ids[session], title="-", last_message_at=at) for session, at in noon.items()]
    for place, line in enumerate(talk.lines):
        at = noon[line.session] + timedelta(seconds=place)
        made.append(
            Message(
                user_id=user_id, id=uuid7(at), conversation_id=ids[line.session], role=MessageRole.USER if line.by_user else MessageRole.ASSISTANT,
                content=line.text, status=MessageStatus.COMPLETE, day=line.day, time_zone="UTC", created_at=at,
            )
        )  # fmt: skip
    return made


async def check(server: str, talk: Talk) -> int:
    url = await create(server, "bench_recall")
    await up(url)
    os.environ.update(POSTGRESQL_URL=url, JWT_SECRET_KEY=secrets.token_hex(32), DEEPSEEK_API_KEY="none", LOG_LEVEL="ERROR")
    settings.current.cache_clear()
    other = await differences(talk, CHECKED)
    await database.dispose()
    return other


def main() -> None:
    if len(sys.argv) != 2:
        raise SystemExit("usage: python -m bench.recall PATH (locomo10.json of LoCoMo, or a file of LongMemEval)")
    talks = list(read(Path(sys.argv[1])))
    console = Console(width=140)
    console.print(measure(talks))
    if CHECKED:
        with temporary_server() as server:
            console.print(f"{asyncio.run(check(server, talks[0]))} of {CHECKED} results differ in the database")


if __name__ == "__main__":
    main()
