"""`make bench`: a comparison of the function with a baseline, in one run on one database server, with the bytecode of both compiled.

The baseline is bench/baseline in an environment of its own. Both run as `python -m`, so that the main module's bytecode is used for both. Runs
alternate, so that a slow moment affects both, and CPU time is reported beside wall time, because the machine may have other load. `python -m bench page`
measures only a page of diaries, `python -m bench chat` only the chat (bench/chat.py). `python -m bench load` is the load test (bench/load).
"""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
import tempfile

from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench import chat
from bench.comparison import BASELINE_ENVIRONMENT, BASELINE_VENV, FUNCTION, Side, compile_function, make_token, prepare_baseline, shown
from bench.data import READER, SIGN_IN, load
from bench.load.__main__ import main as load_test
from dev.database import create, temporary_server

COLD_STARTS = int(os.environ.get("BENCH_COLD_STARTS", "15"))
BARE_STARTS = int(os.environ.get("BENCH_BARE_STARTS", "3"))
WARM_EVENTS = int(os.environ.get("BENCH_WARM_EVENTS", "300"))


def main() -> None:
    if sys.argv[1:2] == ["load"]:
        return load_test(sys.argv[2:])
    wanted = sys.argv[1:] or ["page", "chat"]
    if not set(wanted) <= {"page", "chat"}:
        raise SystemExit("usage: python -m bench [page] [chat], or python -m bench load [options]")
    console = Console()
    prepare_baseline(console)
    compile_function()
    with temporary_server() as server:
        if "page" in wanted:
            measure_page(console, server)
        if "chat" in wanted:
            chat.measure(console, server)


def measure_page(console: Console, server: str) -> None:
    ours, theirs = sides(server)
    subprocess.run([*theirs.command, "load"], env=dict(theirs.environment), check=True)
    for side in (ours, theirs):
        side.measure("cold")
        side.found.clear()
    for _ in track(range(COLD_STARTS), "cold starts", console=console):
        ours.measure("cold")
        theirs.measure("cold")
    for _ in track(range(BARE_STARTS), "cold starts without bytecode", console=console):
        with tempfile.TemporaryDirectory() as nothing:
            for side in (ours, theirs):
                side.measure("cold", named="bare_", PYTHONPYCACHEPREFIX=nothing, PYTHONDONTWRITEBYTECODE="1")
    for _ in track(range(3), "warm pages", console=console):
        ours.measure("warm", str(WARM_EVENTS))
        theirs.measure("warm", str(WARM_EVENTS))
    report(console, ours, theirs)


def sides(server: str) -> tuple[Side, Side]:
    url, baseline_url = asyncio.run(_databases(server))
    token = make_token(READER, SIGN_IN)
    ours, theirs = {**FUNCTION, "BENCH_TOKEN": token}, {**BASELINE_ENVIRONMENT, "BENCH_TOKEN": token}
    return (
        Side("UniLife", [sys.executable, "-m", "bench.function"], {**ours, "POSTGRESQL_URL": url}),
        Side("baseline", [str(BASELINE_VENV / "bin" / "python"), "-m", "app"], {**theirs, "POSTGRESQL_URL": baseline_url}),
    )


async def _databases(server: str) -> tuple[str, str]:
    url = await create(server, "bench")
    await load(url)
    plain = re.sub(r"application_name=[^&]*&?", "", await create(server, "baseline"))  # the baseline's driver does not know the parameter
    return url, plain.rstrip("?&").replace("postgresql://", "postgresql+asyncpg://")


ROWS = (
    ("cold start to the first health response, s", "health_s"),
    ("cold start to the first page of 20 diaries, s", "page_s"),
    ("CPU of a process with both, until it ends, s", "cpu_cold_s"),
    ("without bytecode: cold start to the first health response, s", "bare_health_s"),
    ("without bytecode: cold start to the first page, s", "bare_page_s"),
    ("warm page of 20 diaries, ms", "page_ms"),
    ("warm viewer, ms", "viewer_ms"),
    ("warm `{ __typename }`, ms", "empty_ms"),
    ("warm health, ms", "health_ms"),
    ("peak memory after the first page, MiB", "peak_cold_mb"),
    ("peak memory after the warm pages, MiB", "peak_warm_mb"),
)


def report(console: Console, ours: Side, theirs: Side) -> None:
    table = Table(title=f"Python {sys.version.split()[0]}, medians of {COLD_STARTS} cold starts and 3 × {WARM_EVENTS} warm events")
    for heading in ("", ours.name, theirs.name, "ratio"):
        table.add_column(heading, justify="left" if not heading else "right")
    for label, name in ROWS:
        mine, other = ours.median(name), theirs.median(name)
        table.add_row(label, shown(mine), shown(other), shown(mine / other if mine and other else None))
    console.print(table)


if __name__ == "__main__":
    main()
