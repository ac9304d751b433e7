"""Measurement of one cell of the table: a form of deployment, a database that grants so many connections, and so many users at once."""
from __future__ import annotations

import asyncio
import math
import time
from collections import Counter
from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import text

from bench import chat_data
from bench.chat import encode_conversation
from bench.comparison import make_token
from bench.load.data import role, user_id
from bench.load.processes import Group, read_users, send_start, start_users
from bench.load.requests import KINDS
from persistence.database import make_engine

SAMPLES_A_SECOND = 4
THINK_SECONDS = (0.1, 0.3)
"""A user's pause between a response and the next request, drawn evenly between the two."""

_MESSAGES = """
select q.content, count(*), count(*) filter (where a.status = 'COMPLETE')
from messages q left join messages a on a.user_id = q.user_id and a.reply_to = q.id
where q.role = 'USER' and q.created_at >= to_timestamp(:since) group by q.content
"""
_CONNECTIONS = "select count(*) from pg_stat_activity where usename = :role"


class Plan(NamedTuple):
    """Lengths of a cell in seconds, and the weights of the kinds of requests."""

    warming: float
    seconds: float
    mix: tuple[float, ...] = (1, 1, 1)


class Cell(NamedTuple):
    """The results of one cell. Times are in milliseconds, those of `times` by kind, with all kinds as ""."""

    form: str
    granted: int
    users: int
    throughput: float
    times: dict[str, tuple[float, float, float]]
    requests: int
    refused: Counter[str]
    lost: int
    doubled: int
    stored_although_refused: int
    cpu: float
    memory: float
    connections: int


async def measure(group: Group, url: str, granted: int, users: int, plan: Plan) -> Cell:
    """Run the users, and compare what they were told with what the superuser's `url` finds."""
    engine = make_engine(url, pool_size=1)
    everyone = [
        {"number": number, "token": make_token(user_id(number), chat_data.SIGN_IN), "conversation": encode_conversation(UUID(int=1))}
        for number in range(users)
    ]
    given = {
        "functions": group.form.functions, "ports": group.ports, "users": everyone, "think": THINK_SECONDS, "mix": plan.mix,
        "words": chat_data.WORDS,
    }  # fmt: skip
    started = await asyncio.to_thread(start_users, given)
    began = time.time()
    first, last = began + plan.warming, began + plan.warming + plan.seconds
    send_start(started, began, last)
    async with engine.connect() as connection:
        await asyncio.sleep(max(0.0, first - time.time()))
        cpu, memory, connections = group.cpu(), 0.0, 0
        while time.time() < last:
            memory = max(memory, group.memory())
            connections = max(connections, await connection.scalar(text(_CONNECTIONS), {"role": role(granted)}) or 0)
            await asyncio.sleep(max(0.0, min(1 / SAMPLES_A_SECOND, last - time.time())))
        cpu = group.cpu() - cpu
        found = await asyncio.to_thread(read_users, started)
        stored = {row[0]: (row[1], row[2]) for row in await connection.execute(text(_MESSAGES), {"since": began - 1})}
    await engine.dispose()
    within = [each for each in found if first <= each[1] < last]
    sent = [(each[3], *stored.get(each[4], (0, 0))) for each in found if each[4] is not None]
    return Cell(
        group.form.name, granted, users, len(within) / plan.seconds, find_times(within), len(found), Counter(each[3] for each in found if each[3]),
        lost=sum(refusal is None and not answers for refusal, _, answers in sent), doubled=sum(questions > 1 for _, questions, _ in sent),
        stored_although_refused=sum(refusal is not None and questions > 0 for refusal, questions, _ in sent), cpu=1000 * cpu / max(1, len(within)),
        memory=memory, connections=connections,
    )  # fmt: skip


def find_times(found: Iterable[Any]) -> dict[str, tuple[float, float, float]]:
    """Return the median, the 95th and the 99th percentile of each kind and of all together, refused requests included."""
    times = {"": [1000 * each[2] for each in found], **{kind: [1000 * each[2] for each in found if each[0] == kind] for kind in KINDS}}
    return {kind: (percentile(some, 50), percentile(some, 95), percentile(some, 99)) for kind, some in times.items()}


def percentile(values: list[float], share: int) -> float:
    """Return the smallest value that `share` percent of the values do not exceed, NaN for none."""
    return sorted(values)[max(0, math.ceil(len(values) * share / 100) - 1)] if values else math.nan
