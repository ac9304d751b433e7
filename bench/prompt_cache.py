"""`python -m bench.prompt_cache`: the share of the prompts that a provider's prefix cache would serve.

It is measured over forty turns of one conversation on three days, with the nightly jobs after each, and over one nightly job run of BENCH_PEOPLE
(100) users with eight messages each. Requests are recorded as the offline model receives them. Two caches are simulated, both with unlimited memory:

- by prefix: the longest prefix that a request has in common with any earlier request and its answer;
- by whole units, as DeepSeek's guide describes it (api-docs.deepseek.com/guides/kv_cache, read on 2026-11-28), without the units that DeepSeek
  cuts at fixed distances: a unit ends at the end of a request or its answer, or where two requests diverge. A unit is served only as a whole.

Tokens are counted by `llm.tokens`.
"""

from __future__ import annotations

import asyncio
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from os.path import commonprefix
from typing import Any

from bench.prompt_relay import Exchange, relay
from bench.prompt_texts import THREE_DAYS, day_of
from dev.database import create, temporary_server
from llm import tokens

PEOPLE = int(os.environ.get("BENCH_PEOPLE", "100"))
ZONE = "Asia/Shanghai"
SECONDS = 600.0


@dataclass(frozen=True)
class Served:
    """The tokens of one request: all, and those that each cache serves."""

    request: str
    whole: int
    by_prefix: int
    by_units: int


def served(exchanges: Sequence[Exchange]) -> list[Served]:
    """Return the tokens that the caches serve of each request, given the requests before it."""
    found: list[Served] = []
    units: set[str] = set()
    for place, exchange in enumerate(exchanges):
        common = max((commonprefix([exchange.request, earlier.request + earlier.answer]) for earlier in exchanges[:place]), key=len, default="")
        unit = max((unit for unit in units if exchange.request.startswith(unit)), key=len, default="")
        found.append(Served(exchange.request, *map(tokens.count, (exchange.request, common, unit))))
        units |= {common, exchange.request, exchange.request + exchange.answer}
    return found


def share(parts: Sequence[int], wholes: Sequence[int]) -> str:
    return f"{100 * sum(parts) / sum(wholes):.1f} %"


async def _measure(url: str) -> None:
    async with relay() as (found, base_url):
        os.environ.update(
            POSTGRESQL_URL=url, DEEPSEEK_BASE_URL=base_url, DEEPSEEK_MODEL="unilife-offline", DEEPSEEK_API_KEY="none", LOG_LEVEL="ERROR",
            JWT_SECRET_KEY=secrets.token_hex(32), MODEL_TIMEOUT_SECONDS="600",
        )
        from dev.migrate import up
        from llm import client
        from persistence import database

        await up(url)
        await _talk()
        chats = [exchange for exchange in found.exchanges if exchange.task == "chat"]
        others = {task: sum(exchange.task == task for exchange in found.exchanges) for task in ("title", "summary", "diary")}
        found.exchanges.clear()
        await _night()
        diaries = [exchange for exchange in found.exchanges if exchange.task == "diary"]
        await client.close()
        await database.dispose()
    _show_chats(served(chats), others)
    _show_job_run(served(diaries))


def _show_chats(requests: Sequence[Served], others: dict[str, int]) -> None:
    wholes = [request.whole for request in requests]
    print(f"One conversation: {len(requests)} requests, {sum(wholes):,} prompt tokens; other requests: {others}.")
    by_prefix, by_units = (share(parts, wholes) for parts in zip(*((request.by_prefix, request.by_units) for request in requests), strict=True))
    print(f"  cacheable by prefix {by_prefix}, by whole units {by_units}")


def _show_job_run(requests: Sequence[Served]) -> None:
    wholes = [request.whole for request in requests]
    equal = tokens.count(commonprefix([request.request for request in requests]))
    print(f"A job run: {len(requests)} requests, {sum(wholes):,} prompt tokens; the first {equal:,} of each are the same for all users.")
    for name, parts in (("prefix", [request.by_prefix for request in requests]), ("whole units", [request.by_units for request in requests])):
        of_equal = share([min(part, equal) for part in parts], [equal] * len(parts))
        print(f"  cacheable by {name}: {share(parts, wholes)} of all tokens, {of_equal} of the tokens that are the same for all users")


async def _talk() -> None:
    """Run forty turns on three days, each day followed by its nightly jobs."""
    from jobs.deadline import Deadline
    from persistence.models.jobs import Job
    from resolvers.chat.questions import NewMessage, StoredQuestion, store_question
    from resolvers.chat.running import answer

    person = await _person("Lin")
    conversation_id = None
    for said in THREE_DAYS:
        for text in said:
            asked = await store_question(person, NewMessage(text, conversation_id), Deadline(SECONDS))
            assert isinstance(asked, StoredQuestion)
            conversation_id = (await answer(person, asked, Deadline(SECONDS))).conversation.id
        await _day_passes()
        for job in (Job.DAILY_DIARY, Job.DAILY_PROFILE):
            await _run(job)


async def _night() -> None:
    from persistence import database
    from persistence.ids import uuid7
    from persistence.models import ActiveDay, Conversation, Message
    from persistence.models.chat import MessageRole, MessageStatus
    from persistence.models.jobs import Job

    day = datetime.now(timezone.utc).date() - timedelta(days=2)
    for number in range(PEOPLE):
        person, conversation_id = await _person(f"P{number}"), uuid7()
        starts_at = datetime.combine(day, datetime.min.time(), timezone(timedelta(hours=8)))
        async with database.transaction() as session:
            session.add(ActiveDay(user_id=person.id, day=day, starts_at=starts_at, ends_at=starts_at + timedelta(days=1)))
            session.add(Conversation(user_id=person.id, id=conversation_id, title="A day"))
            await session.flush()
            shared: dict[str, Any] = {"user_id": person.id, "conversation_id": conversation_id, "status": MessageStatus.COMPLETE, "day": day, "time_zone": ZONE}
            for place, text in enumerate(day_of(number)):
                at = starts_at + timedelta(hours=9 + place, minutes=number % 60)
                question = Message(id=uuid7(at), role=MessageRole.USER, content=text, created_at=at, **shared)
                session.add(question)
                await session.flush()
                later = at + timedelta(seconds=20)
                session.add(Message(id=uuid7(later), role=MessageRole.ASSISTANT, content=f"I see. ({place})", created_at=later, reply_to=question.id, **shared))
    await _run(Job.DAILY_DIARY)


async def _person(nickname: str) -> Any:
    from persistence import database
    from persistence.ids import uuid7
    from persistence.models import User

    user = User(id=uuid7(), email=f"{nickname.lower()}@example.org", password_hash="-", nickname=nickname, time_zone=ZONE, locale="en", day_ends_at=0)
    async with database.transaction() as session:
        session.add(user)
        await session.flush()
        await session.refresh(user)
    return user


async def _day_passes() -> None:
    """Move all messages so far one day into the past."""
    from sqlalchemy import text

    from persistence import database

    async with database.transaction() as session:
        for statement in (
            "update messages set day = day - 1, created_at = created_at - interval '1 day'",
            "update active_days set day = day - 1001, starts_at = starts_at - interval '1 day', ends_at = ends_at - interval '1 day'",
            "update active_days set day = day + 1000",
            "update diaries set day = day - 1001",
            "update diaries set day = day + 1000",
            "delete from job_attempts",
            "delete from job_items",
        ):
            await session.execute(text(statement))


async def _run(job: Any) -> None:
    from jobs.deadline import Deadline
    from jobs.run import RunRequest, run
    from persistence.models.jobs import Trigger

    summary = await run(RunRequest(job, Trigger.CLI), Deadline(SECONDS))
    assert not summary.failed, summary


def main() -> None:
    with temporary_server() as server:
        asyncio.run(_measure(asyncio.run(create(server, "prompt_cache"))))


if __name__ == "__main__":
    main()
