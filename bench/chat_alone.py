"""A lower bound for the chat: asyncpg and openai alone, both imported whole, with fixed statements on the baseline's tables and no web framework."""
import time

STARTED = time.perf_counter()

import asyncio  # noqa: E402
import os  # noqa: E402
from datetime import date  # noqa: E402
from uuid import UUID, uuid4  # noqa: E402

import asyncpg  # noqa: E402
from openai import AsyncOpenAI  # noqa: E402

from bench import chat_measure  # noqa: E402

LOOP = asyncio.new_event_loop()
PERSON, CONVERSATION = UUID(os.environ["BENCH_PERSON"]), UUID(os.environ["BENCH_CONVERSATION"])
OPENED: dict[str, asyncpg.Connection] = {}

VIEWER = "select nickname, profile from baseline_people where id = $1"
HISTORY = "select role, content from baseline_messages where conversation_id = $1 order by created_at desc limit 40"
STORE = "insert into baseline_messages (id, person_id, conversation_id, role, content, created_at) values ($1, $2, $3, $4, $5, clock_timestamp())"
COUNT = """
insert into baseline_usage (person_id, day, calls, tokens) values ($1, $2, 1, $3)
on conflict (person_id, day) do update set calls = baseline_usage.calls + 1, tokens = baseline_usage.tokens + excluded.tokens
"""


async def answer(text: str) -> None:
    if not OPENED:
        OPENED["database"] = await asyncpg.connect(os.environ["POSTGRESQL_URL"].replace("+asyncpg", ""))
    database = OPENED["database"]
    viewer = await database.fetchrow(VIEWER, PERSON)
    await database.execute(STORE, uuid4(), PERSON, CONVERSATION, "user", text)
    turns = [{"role": row["role"], "content": row["content"]} for row in reversed(await database.fetch(HISTORY, CONVERSATION))]
    reply = await MODEL.chat.completions.create(model="unilife-offline", messages=[{"role": "system", "content": viewer["profile"]}, *turns], max_tokens=1000)
    await database.execute(STORE, uuid4(), PERSON, CONVERSATION, "assistant", reply.choices[0].message.content)
    await database.execute(COUNT, PERSON, date.today(), reply.usage.total_tokens)


MODEL = AsyncOpenAI(api_key="none", base_url=os.environ["MODEL_URL"], max_retries=0)

if __name__ == "__main__":
    chat_measure.count_driver_calls()
    chat_measure.main(lambda text: LOOP.run_until_complete(answer(text)), STARTED)
