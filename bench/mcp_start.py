"""`python -m bench.mcp_start`: what `/mcp` adds to a cold start of the function, beside the import of the official server package alone.

Each line is of processes of its own, which run in turns; CPU time includes the interpreter's start. The official package is not a dependency: it is installed
beside the environment from the list that the tests pin (tests/clients/python/mcp.txt). The bytecode of both is compiled.
"""
from __future__ import annotations

import asyncio
import json
import os
import statistics
import subprocess
import sys
from typing import Any

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.comparison import FUNCTION, ROOT, compile_function, make_token
from bench.data import READER, SIGN_IN, load
from dev.database import create, temporary_server
from tests.clients.packages import install_for_python

RUNS = int(os.environ.get("BENCH_MCP_RUNS", "9"))

_SEND = """
import json, os, sys, time
from bench.events import event
from handler import handler

def send(path, body, **headers):
    sent = event("POST" if body else "GET", path, body=body, bearer=os.environ.get("BENCH_TOKEN"))
    answer = handler({**sent, "headers": {**sent["headers"], **headers}}, None)
    assert answer["statusCode"] == 200, answer
    return json.loads(answer["body"])

def tool(name, **arguments):
    found = send("/mcp", {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": name, "arguments": arguments}},
                 **{"mcp-protocol-version": "2025-11-25"})["result"]
    assert not found["isError"], found
    return found["structuredContent"]
"""
_REPORT = """
loaded = [name for name, module in sys.modules.items() if type(module).__name__ != "LazyModule"]
print(json.dumps({"modules": len(loaded), "cpu": time.process_time()}))
"""
_CREATE = 'mutation { apiTokenCreate(input: {name: "Bench", scopes: [READ_DIARY, QUOTES]}) { ... on ApiTokenCreateSuccess { token } } }'
_MAKE_TOKEN = f"""{_SEND}
print(json.dumps(send("/graphql", {{"query": {_CREATE!r}}})["data"]["apiTokenCreate"]["token"]))
"""

PROGRAMS = {
    "the interpreter alone": f"import json, sys, time{_REPORT}",
    "the function's first health response": f'{_SEND}send("/health", None){_REPORT}',
    "the function's first answer of `diary_days`": f'{_SEND}assert len(tool("diary_days")["days"]) == 31{_REPORT}',
    "the function's first answer of `search`": f'{_SEND}assert tool("search", query="公园散步")["results"]{_REPORT}',
    "`from mcp.server import MCPServer` alone": f"import json, sys, time\nfrom mcp.server import MCPServer{_REPORT}",
    "`import mcp_types` alone": f"import json, sys, time\nimport mcp_types{_REPORT}",
}
"""The measured programs by what their processes do."""


def main() -> None:
    console = Console()
    compile_function()
    official = {"PATH": os.environ["PATH"], "PYTHONPATH": str(install_for_python("mcp"))}
    with temporary_server() as server:
        url = asyncio.run(_database(server))
        function = {**FUNCTION, "POSTGRESQL_URL": url}
        function["BENCH_TOKEN"] = _run(_MAKE_TOKEN, {**function, "BENCH_TOKEN": make_token(READER, SIGN_IN)})
        sides = {name: (program, function if _SEND in program else official) for name, program in PROGRAMS.items()}
        for program, environment in sides.values():  # the first run writes bytecode
            _run(program, environment)
        found: dict[str, list[dict[str, float]]] = {name: [] for name in sides}
        for _ in track(range(RUNS), "processes", console=console):
            for name, (program, environment) in sides.items():
                found[name].append(_run(program, environment))
    table = Table(title=f"Python {sys.version.split()[0]}, medians of {RUNS} processes")
    for heading in ("a process with", "modules", "CPU, ms"):
        table.add_column(heading, justify="left" if heading.startswith("a") else "right")
    for name, results in found.items():
        table.add_row(name, *(f"{statistics.median(result[part] for result in results) * factor:,.0f}" for part, factor in (("modules", 1), ("cpu", 1000))))
    console.print(table)


async def _database(server: str) -> str:
    url = await create(server, "bench")
    await load(url)
    return url


def _run(program: str, environment: dict[str, str]) -> Any:
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr)
    return json.loads(done.stdout.splitlines()[-1])


if __name__ == "__main__":
    main()
