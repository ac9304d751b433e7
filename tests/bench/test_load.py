"""The load test of two users for a second, and what its figures mean."""
from __future__ import annotations

import asyncio
import math
import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from bench.load.measure import Cell, find_times
from bench.load.report import find_unexpected, make_tables
from bench.load.requests import Asked, find_refusal

pytestmark = pytest.mark.once

ROOT = Path(__file__).parents[2]
SMALL = ["--granted", "20", "--users", "2", "--seconds", "1", "--warming", "0.2", "--messages", "12"]


@pytest.mark.anyio
@pytest.mark.parametrize("form", ["server", "functions"])
async def test_load_with_two_users_loses_and_refuses_nothing(form: str):
    command = [sys.executable, "-m", "bench", "load", "--forms", form, "--instances", "2", *SMALL]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in done.stdout.splitlines() if re.match(r"\| (server|\d functions), 20 ", line)]
    assert len(rows) == 2, done.stdout
    name, users, _, _, refused, lost, doubled, _, memory, connections = rows[0]
    assert (users, refused, lost, doubled) == ("2", "0", "0", "0"), done.stdout
    requests = re.search(r"(\d+) requests in", done.stdout)
    assert requests and int(requests[1]) >= 2, done.stdout
    assert int(memory) > 0 and 1 <= int(connections) <= 20
    assert "were refused, and their question is stored" not in done.stdout


@pytest.mark.parametrize(
    ("kind", "status", "body", "expected"),
    [
        ("page", 200, '{"data":{"diaries":{"nodes":[]}}}', None),
        ("page", 503, '{"errors":[{"message":"m","extensions":{"code":"SERVER_BUSY"}}]}', "SERVER_BUSY"),
        ("page", 200, '{"errors":[{"message":"m","extensions":{"code":"DATABASE_TIMEOUT"}}],"data":null}', "DATABASE_TIMEOUT"),
        ("message", 200, '{"data":{"messageSend":{"__typename":"MessageSendSuccess"}}}', None),
        ("message", 200, '{"data":{"messageSend":{"__typename":"ModelUnavailableError","code":"MODEL_TIMEOUT"}}}', "MODEL_TIMEOUT"),
        ("page", 502, "<html>", "status 502"),
        ("page", 503, "", "status 503"),
    ],
)  # fmt: skip
def test_find_refusal_of_each_kind_of_answer_returns_its_code(kind: str, status: int, body: str, expected: str | None):
    assert find_refusal(Asked(kind, {}), status, body) == expected


def test_find_times_of_all_kinds_are_the_nearest_ranks():
    found = [("page", 0.0, seconds / 1000, None, None) for seconds in range(1, 101)] + [("search", 0.0, 0.5, None, None)]
    times = find_times(found)
    assert times["page"] == (50.0, 95.0, 99.0) and times["search"] == (500.0, 500.0, 500.0)
    assert all(map(math.isnan, times["message"])) and times[""][2] == 100.0


def test_make_tables_of_refused_requests_names_their_share_and_reasons():
    times = {"": (1.0, 2.0, 3.0), "page": (1.0, 2.0, 3.0), "search": (1.0, 2.0, 3.0), "message": (1.0, 2.0, 3.0)}
    cell = Cell("server", 20, 300, 50.0, times, 400, Counter({"SERVER_BUSY": 6, "MODEL_TIMEOUT": 2}), 1, 0, 3, 7.5, 90.0, 11)
    assert "| server, 20 | 300 | 50 | 1 / 2 / 3 | 8 (2.0 %: 6 SERVER_BUSY, 2 MODEL_TIMEOUT) | 1 | 0 | 7.5 | 90 | 11 |" in make_tables([cell])
    assert find_unexpected([cell]) == "3 messages were refused, and their question is stored."
    assert find_unexpected([cell._replace(stored_although_refused=0)]) is None
