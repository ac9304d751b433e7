"""The benchmark's counts of statements and round trips, on a real connection."""
from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.anyio

ROOT = Path(__file__).parents[2]

SCRIPT = """
import asyncio, json, sys
from bench import chat_measure
chat_measure.count_driver_calls()
import asyncpg
from persistence.connector import Connector
from persistence.dsn import parse

async def main():
    seen = []
    connection = await Connector(parse(sys.argv[1])).connect()
    one = lambda: connection.fetch("select 1")
    for work in (one, one, lambda: connection.execute("begin"), lambda: connection.execute("commit")):
        chat_measure.COUNTED.clear()
        await work()
        seen.append([chat_measure.COUNTED["statements"], chat_measure.COUNTED["round_trips"]])
    await connection.close()
    print(json.dumps(seen))

asyncio.run(main())
"""


async def test_chat_measure_counts_preparing_as_a_round_trip_and_no_statement(database: str) -> None:
    url = f"{os.environ['POSTGRESQL_URL']}&connect_timeout=120"
    command = [sys.executable, "-c", SCRIPT, url]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    first, again, begin, commit = json.loads(done.stdout)
    assert (first, again) == ([1, 2], [1, 1]) and begin == commit == [1, 1]
