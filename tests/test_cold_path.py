"""The libraries and modules that a start loads, as lists: adding one is a decision made here.

The cost of each module, and the reason why the others are loaded later, is in docs/decisions/0012-import-lazily.md and bench/README.md.
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
"""Backports from the standard library of later Pythons."""
HANDLER_LIBRARIES: set[str] = set()
HEALTH_LIBRARIES = {"anyio", "asyncpg", "mangum", "sniffio", "starlette", "typing_extensions", "cython_runtime"} | BACKPORTS
PAGE_LIBRARIES = HEALTH_LIBRARIES | {"dateutil", "graphql", "jwt", "strawberry"}
"""Without SQLAlchemy, which is loaded by code that writes or reads entities."""

PACKAGES = ("graph", "handler", "jobs", "llm", "logs", "persistence", "resolvers", "settings")
UNLOADED_MODULES = {"graph.schema", "jobs.run", "resolvers.admin", "resolvers.chat", "resolvers.profile", "persistence.models.base", "persistence.orm"}
"""Modules of the project that a page of diaries must not execute."""

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


async def load_modules() -> dict[str, Any]:
    """Return the modules loaded at first, after `import handler`, after the first health event and after the first page, in a new process."""
    ann = await seeds.person()
    await seeds.whole_day(ann, seeds.DAY)
    command = [sys.executable, "-c", SCRIPT, await seeds.bearer(ann)]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["health"] == 200 and len(found["page"]["data"]["diaries"]["nodes"]) == 1
    return found


def libraries(modules: list[str], before: list[str]) -> set[str]:
    """Return the third-party packages loaded since `before`, which contains the environment's own hooks."""
    tops = {name.partition(".")[0] for name in set(modules) - set(before)}
    return {top for top in tops if top not in sys.stdlib_module_names and not top.startswith("_") and top not in (*PACKAGES, "bench")}


async def test_cold_start_loads_only_the_listed_libraries():
    nothing, handler, health, page = (await load_modules())["seen"]
    assert libraries(handler, nothing) <= HANDLER_LIBRARIES
    assert libraries(health, nothing) <= HEALTH_LIBRARIES
    assert libraries(page, nothing) <= PAGE_LIBRARIES
    assert {"asyncpg", "starlette"} <= libraries(health, nothing) and "strawberry" in libraries(page, nothing), "or this test sees nothing"


async def test_first_page_after_a_cold_start_leaves_unneeded_modules_unloaded():
    *_, health, page = (await load_modules())["seen"]
    assert not {name for name in health if name.startswith(("graph.types", "graph.queries", "persistence.models.account", "llm"))}
    assert not UNLOADED_MODULES.intersection(page) and not {name for name in page if name.startswith("llm")}
    assert {"graph.endpoint", "graph.query_schema", "persistence.queries.diary_reads"} <= set(page), "or this test sees nothing"
