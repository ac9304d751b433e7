"""What a start loads, as a list: a library or a room that comes to it is decided here, not found out later.

What a module costs, and why the others wait, is in docs/decisions/0012-import-lazily.md and bench/README.md.
"""
from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests import seeds

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

ROOT = Path(__file__).parents[1]

BACKPORTS = {"async_timeout", "exceptiongroup"}
"""Of the standard library of later Pythons."""
OF_HANDLER: set[str] = set()
OF_HEALTH = {"anyio", "asyncpg", "mangum", "sniffio", "starlette", "typing_extensions", "cython_runtime"} | BACKPORTS
OF_PAGE = OF_HEALTH | {"dateutil", "graphql", "jwt", "strawberry"}
"""And no SQLAlchemy: what writes, and what reads entities, loads it."""

ROOMS = ("graph", "handler", "jobs", "llm", "logs", "persistence", "resolvers", "settings")
WAIT = {"graph.schema", "jobs.run", "resolvers.admin", "resolvers.chat", "resolvers.profile", "persistence.models.base", "persistence.orm"}
"""Of our own, what a page of diaries must not execute."""

SCRIPT = """
import json, sys
from bench.events import PAGE, event

def loaded():
    modules = {name: module for name, module in sys.modules.items() if type(module).__name__ != "LazyModule"}
    seen.append(sorted(modules))

seen = []
loaded()
import handler
loaded()
health = handler.handler(event("GET", "/health"), None)
loaded()
page = handler.handler(event("POST", "/graphql", body={"query": PAGE}, bearer=sys.argv[1]), None)
loaded()
print(json.dumps({"seen": seen, "health": health["statusCode"], "page": json.loads(page["body"])}))
"""


async def start() -> dict[str, Any]:
    """Modules before anything, after `import handler`, after the first health event and after the first page, in a process of their own."""
    ann = await seeds.person()
    await seeds.whole_day(ann, seeds.DAY)
    command = [sys.executable, "-c", SCRIPT, await seeds.bearer(ann)]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["health"] == 200 and len(found["page"]["data"]["diaries"]["nodes"]) == 1
    return found


def libraries(modules: list[str], before: list[str]) -> set[str]:
    """Other people's packages that came since `before`, in which an environment's own hooks stand."""
    tops = {name.partition(".")[0] for name in set(modules) - set(before)}
    return {top for top in tops if top not in sys.stdlib_module_names and not top.startswith("_") and top not in (*ROOMS, "bench")}


async def test_a_start_loads_what_is_listed_here_and_no_more():
    nothing, handler, health, page = (await start())["seen"]
    assert libraries(handler, nothing) <= OF_HANDLER
    assert libraries(health, nothing) <= OF_HEALTH
    assert libraries(page, nothing) <= OF_PAGE
    assert {"asyncpg", "starlette"} <= libraries(health, nothing) and "strawberry" in libraries(page, nothing), "or this test sees nothing"


async def test_what_a_first_page_does_not_need_waits():
    *_, health, page = (await start())["seen"]
    assert not {name for name in health if name.startswith(("graph.types", "graph.queries", "persistence.models.account", "llm"))}
    assert not WAIT.intersection(page) and not {name for name in page if name.startswith("llm")}
    assert {"graph.endpoint", "graph.query_schema", "persistence.queries.diary_reads"} <= set(page), "or this test sees nothing"
