"""The model's client alone, as the nightly jobs use it: a lower bound for any way of processing items. Prints JSON."""
from __future__ import annotations

import asyncio
import json
import sys
import time
from datetime import date, datetime, timezone

import handler  # noqa: F401 (the function's own way with garbage)
import llm.client
from bench.jobs_data import WORDS
from jobs.prompt_slots import slot_guides
from llm.diary import MAX_OUTPUT_TOKENS, DayMessage, DayRequest, compose_part

WARMING = 50
"""Calls before the clock starts: they load the client's library and open connections."""


async def _main(calls: int, at_once: int) -> dict[str, float]:
    noon = datetime(2026, 1, 1, 12, tzinfo=timezone.utc)
    said = [DayMessage(number, "user" if number % 2 else "assistant", noon, text) for number, text in enumerate(WORDS, start=1)]
    day = DayRequest(date(2026, 1, 1), "Asia/Shanghai", noon, noon, "en", "Lin", said, slot_guides())
    prompt = compose_part(day, said, 1, 1, seed=b"bench")

    async def ask(remaining: list[None]) -> None:
        while remaining:
            remaining.pop()
            await llm.client.complete(prompt, max_tokens=MAX_OUTPUT_TOKENS, timeout=60, json_mode=True)

    for count in (WARMING, calls):
        wall, cpu, remaining = time.perf_counter(), time.process_time(), [None] * count
        await asyncio.gather(*(ask(remaining) for _ in range(at_once)))
    found = {"wall": time.perf_counter() - wall, "cpu": (time.process_time() - cpu) / calls}
    await llm.client.close()
    return found


if __name__ == "__main__":
    print(json.dumps(asyncio.run(_main(int(sys.argv[1]), int(sys.argv[2])))))
