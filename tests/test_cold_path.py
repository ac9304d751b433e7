"""The libraries and modules that a start loads, as lists: adding one is a decision made here.

The cost of each module, and the reason why the others are loaded later, is in docs/decisions/0012-import-lazily.md and bench/README.md.
"""
from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from persistence import database
from persistence.models import User
from persistence.models.account import Role
from persistence.models.enums import ApiScope
from tests import seeds
from tests.graph.test_api_tokens import make

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

ROOT = Path(__file__).parents[1]

BACKPORTS = {"async_timeout", "exceptiongroup"}
"""Backports from the standard library of later Pythons."""
HANDLER_LIBRARIES: set[str] = set()
HEALTH_LIBRARIES = {"anyio", "asyncpg", "mangum", "sniffio", "starlette", "typing_extensions", "cython_runtime"} | BACKPORTS
PAGE_LIBRARIES = HEALTH_LIBRARIES | {"dateutil", "graphql", "jwt", "strawberry"}
"""All but SQLAlchemy, which is loaded by code that writes or reads entities."""

MESSAGE_LIBRARIES = PAGE_LIBRARIES | {
    "annotated_types", "certifi", "distro", "h11", "httpcore2", "httpx2", "idna", "jiter", "openai", "pydantic", "pydantic_core", "truststore",
    "typing_inspection", "tzdata",
}  # fmt: skip
"""The model's client with its HTTP client. An exchange is written without SQLAlchemy (decision 47)."""

TOOL_LIBRARIES = HEALTH_LIBRARIES | {"dateutil", "greenlet", "jwt", "sqlalchemy", "tzdata"}
"""A tool call of `/mcp` needs neither GraphQL nor pydantic."""

MAX_OPENAI_MODULES = 60
"""A first message loads 50 of the library's 520 modules. A release that loads more is looked at, and its types are made to wait (lazy_modules.py)."""

MAX_MESSAGE_MODULES = 950
"""A first message loads 939 modules with Python 3.13, those of the standard library and of the environment included."""

PACKAGES = ("graph", "handler", "jobs", "lazy_modules", "llm", "logs", "persistence", "resolvers", "settings", "settings_checks")
UNLOADED_MODULES = {"graph.schema", "jobs.run", "resolvers.admin", "resolvers.chat", "resolvers.profile", "persistence.models.base", "persistence.orm"}
"""Modules of the project that a page of diaries must not execute."""
MESSAGE_GRAPH_MODULES = {
    "graph.mutations.conversation", "graph.mutations.message", "graph.queries.account", "graph.queries.chat", "graph.queries.health",
    "graph.schema_factory", "graph.schema_parts", "graph.types.chat", "graph.types.health", "graph.types.memory", "graph.types.profile_slots",
    "graph.types.receipt", "graph.types.source_interface", "graph.types.user",
}  # fmt: skip
"""The modules that the GraphQL layer loads for a message: one part of the schema (graph/schema_parts.py)."""
JOB_RUN_MODULES = {"jobs.run", "jobs.worker", "jobs.daily_diary", "jobs.weekly_profile"}
"""The nightly jobs, which only `jobRunStart` and `jobRunRetry` use among all requests."""

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


def environment(**extra: str) -> dict[str, str]:
    """Return the environment of a new process, without what makes `coverage` load some 60 modules of its own there."""
    return {name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_")} | {"PYTHONPATH": str(ROOT)} | extra


async def load_modules() -> dict[str, Any]:
    """Return the modules loaded at first, after `import handler`, after the first health event and after the first page, in a new process."""
    ann = await seeds.person()
    await seeds.whole_day(ann, seeds.DAY)
    command = [sys.executable, "-c", SCRIPT, await seeds.bearer(ann)]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=True)
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
    assert {"graph.endpoint", "graph.schema_parts", "persistence.queries.diary_reads"} <= set(page), "or this test sees nothing"


MUTATION_SCRIPT = """
import json, sys
from bench.events import event

def loaded():
    return sorted(name for name, module in sys.modules.items() if type(module).__name__ != "LazyModule")

before, started = loaded(), []
sys.addaudithook(lambda name, given: started.append(str(given[0])) if name == "subprocess.Popen" else None)
import handler
answer = handler.handler(event("POST", "/graphql", body={"query": sys.argv[1]}, bearer=sys.argv[2]), None)
assert not started, started
print(json.dumps({"before": before, "after": loaded(), "answer": json.loads(answer["body"])}))
"""

SEND = 'mutation { messageSend(input: {content: "I went hiking in the hills today."}) { ... on MessageSendSuccess { answer { content } } } }'
SWITCH_OFF = 'mutation { modelSwitchOff(input: {reason: "a test"}) { __typename } }'


async def load_mutation_modules(document: str, user: User) -> tuple[list[str], list[str], Any]:
    """Return the modules loaded at first, those after the mutation in a new process, and the mutation's result."""
    command = [sys.executable, "-c", MUTATION_SCRIPT, document, await seeds.bearer(user)]
    # On a busy machine the imports take longer than the default time limit of the connection that is opened meanwhile.
    patient = environment(POSTGRESQL_URL=f"{os.environ['POSTGRESQL_URL']}&connect_timeout=120")
    done = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, env=patient, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    assert "errors" not in found["answer"], found["answer"]
    [result] = found["answer"]["data"].values()
    return found["before"], found["after"], result


@pytest.mark.usefixtures("model_server")
async def test_first_message_after_a_cold_start_loads_only_the_listed_modules():
    before, after, sent = await load_mutation_modules(SEND, await seeds.person())
    assert "hiking in the hills" in sent["answer"]["content"]
    assert libraries(after, before) <= MESSAGE_LIBRARIES
    of_openai = [name for name in after if name.partition(".")[0] == "openai"]
    assert "openai._client" in of_openai and len(of_openai) <= MAX_OPENAI_MODULES, "or this test sees nothing"
    assert not [name for name in of_openai if name.startswith(("openai.resources", "openai.types.chat", "openai.types.responses"))]
    of_graph = {name for name in after if name.startswith(("graph.mutations.", "graph.queries.", "graph.types.", "graph.schema"))}
    assert of_graph == MESSAGE_GRAPH_MODULES
    assert not JOB_RUN_MODULES.intersection(after) and len(after) <= MAX_MESSAGE_MODULES


async def test_first_mutation_of_an_admin_loads_no_job_run():
    root = await seeds.person("root")
    async with database.transaction() as session:
        await session.execute(update(User).where(User.id == root.id).values(role=Role.ADMIN))
    _, after, switched = await load_mutation_modules(SWITCH_OFF, root)
    assert switched == {"__typename": "ModelSwitchOffSuccess"}
    assert {"graph.mutations.admin", "resolvers.admin"} <= set(after), "or this test sees nothing"
    assert not JOB_RUN_MODULES.intersection(after) and "graph.schema" not in after


def test_full_schema_and_all_parts_load_no_job_run():
    script = "import json, sys, handler; from graph.schema import schema; from graph.schema_parts import PARTS; schema(), [part.schema for part in PARTS]"
    listed = "print(json.dumps([name for name, module in sys.modules.items() if type(module).__name__ != 'LazyModule']))"
    command = [sys.executable, "-c", f"{script}\n{listed}"]
    done = subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True)
    after = set(json.loads(done.stdout))
    assert {"graph.mutations.admin", "graph.types.job"} <= after, "or this test sees nothing"
    assert not JOB_RUN_MODULES.intersection(after)


TOOL_SCRIPT = """
import json, sys
from bench.events import event

def loaded():
    return sorted(name for name, module in sys.modules.items() if type(module).__name__ != "LazyModule")

before = loaded()
import handler
call = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": sys.argv[2], "arguments": {}}}
asked = event("POST", "/mcp", body=call, bearer=sys.argv[1])
asked["headers"]["mcp-protocol-version"] = "2025-11-25"
answer = json.loads(handler.handler(asked, None)["body"])
print(json.dumps({"before": before, "after": loaded(), "days": answer["result"]["structuredContent"]["days"]}))
"""


@pytest.mark.once
async def test_first_tool_call_after_a_cold_start_loads_no_graphql():
    ann = await seeds.person()
    await seeds.whole_day(ann, seeds.DAY)
    command = [sys.executable, "-c", TOOL_SCRIPT, await make(ann, ApiScope.READ_DIARY), "diary_days"]
    patient = environment(POSTGRESQL_URL=f"{os.environ['POSTGRESQL_URL']}&connect_timeout=120")
    done = await asyncio.to_thread(subprocess.run, command, cwd=ROOT, env=patient, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout.splitlines()[-1])
    assert [day["day"] for day in found["days"]] == [seeds.DAY.isoformat()]
    assert libraries(found["after"], found["before"]) <= TOOL_LIBRARIES
    assert "resolvers.assistant_access" in found["after"], "or this test sees nothing"
    assert not [name for name in found["after"] if name.startswith(("resolvers.portability", "resolvers.imports"))]
