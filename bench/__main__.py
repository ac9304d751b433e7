"""`make bench`: a comparison of the function with a baseline, in one run on one database server, with the bytecode of both compiled.

The baseline is bench/baseline in an environment of its own. Both run as `python -m`, so that the main module's bytecode is used for both. Runs
alternate, so that a slow moment affects both, and CPU time is reported beside wall time, because the machine may have other load.
"""

from __future__ import annotations

import asyncio
import compileall
import json
import os
import re
import secrets
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import jwt
from rich.console import Console
from rich.progress import track
from rich.table import Table

from bench.data import READER, SIGN_IN, load
from dev.database import create, temporary_server

ROOT = Path(__file__).resolve().parent.parent
LAUNCH = ROOT / "bench" / "run_measured.py"
BASELINE = ROOT / "bench" / "baseline"
BASELINE_VENV = ROOT / ".venv" / f"baseline-{sys.version_info.major}.{sys.version_info.minor}"
COLD_STARTS = int(os.environ.get("BENCH_COLD_STARTS", "15"))
BARE_STARTS = int(os.environ.get("BENCH_BARE_STARTS", "3"))
WARM_EVENTS = int(os.environ.get("BENCH_WARM_EVENTS", "300"))


@dataclass
class Side:
    """One of the two sides: its command, its environment and its measurements. `peak_mb` is the largest resident size of a process, in MiB."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    found: dict[str, list[float]] = field(default_factory=dict)

    def measure(self, *arguments: str, named: str = "", **environment: str) -> None:
        """Run the command once and store its results under their names, prefixed with `named`; `environment` is added to the side's own."""
        given = {**self.environment, **environment}
        command = [sys.executable, "-S", str(LAUNCH), *self.command, *arguments]
        done = subprocess.run(command, env=given, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise SystemExit(f"{self.name} failed:\n{done.stdout}")
        *lines, last = done.stdout.splitlines()
        result = json.loads(next(line for line in reversed(lines) if line.startswith('{"') and "_" in line and "event" not in line))
        took = {name.replace("_", f"_{arguments[0]}_"): value for name, value in json.loads(last).items()}
        for name, value in {**result, **took}.items():
            self.found.setdefault(named + name, []).append(value)

    def median(self, name: str) -> float | None:
        return statistics.median(self.found[name]) if name in self.found else None


def main() -> None:
    console = Console()
    prepare_baseline(console)
    for room in ("graph", "resolvers", "jobs", "llm", "persistence", "bench"):
        compileall.compile_dir(str(ROOT / room), quiet=2)
    for module in ("handler.py", "logs.py", "settings.py"):
        compileall.compile_file(str(ROOT / module), quiet=2)
    compileall.compile_dir(str(Path(sys.prefix) / "lib"), quiet=2)
    with temporary_server() as server:
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
    secret = secrets.token_hex(32)
    now = int(time.time())
    claims = {"iss": "unilife", "aud": "unilife-api", "sub": str(READER), "sid": str(SIGN_IN), "jti": "bench", "iat": now, "exp": now + 1800}
    token = jwt.encode(claims, secret, "HS256", {"typ": "at+jwt"})
    plain = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    ours = {**plain, "POSTGRESQL_URL": url, "JWT_SECRET_KEY": secret, "DEEPSEEK_API_KEY": "none", "LOG_LEVEL": "ERROR", "BENCH_TOKEN": token}
    return (
        Side("UniLife", [sys.executable, "-m", "bench.function"], ours),
        Side(
            "baseline",
            [str(BASELINE_VENV / "bin" / "python"), "-m", "app"],
            {**plain, "PYTHONPATH": str(BASELINE_VENV), "POSTGRESQL_URL": baseline_url},
        ),
    )


async def _databases(server: str) -> tuple[str, str]:
    url = await create(server, "bench")
    await load(url)
    plain = re.sub(r"application_name=[^&]*&?", "", await create(server, "baseline"))  # the baseline's driver does not know the parameter
    return url, plain.rstrip("?&").replace("postgresql://", "postgresql+asyncpg://")


def prepare_baseline(console: Console) -> None:
    """Create the baseline's environment, or recreate it when its pins changed."""
    done, pins = BASELINE_VENV / ".installed", (BASELINE / "requirements.txt").read_text(encoding="utf-8")
    if done.exists() and done.read_text(encoding="utf-8") == pins:
        return _copy_baseline()
    console.print(f"Creating the baseline's environment in {BASELINE_VENV.relative_to(ROOT)} (about a minute)")
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(BASELINE_VENV)], check=True)
    python = str(BASELINE_VENV / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", str(BASELINE / "requirements.txt")], check=True)
    subprocess.run([python, "-m", "compileall", "-q", str(BASELINE_VENV / "lib")], check=False, stdout=subprocess.DEVNULL)
    done.write_text(pins, encoding="utf-8")
    _copy_baseline()


def _copy_baseline() -> None:
    """Copy the baseline into its environment, where its bytecode may be written."""
    shutil.copy(BASELINE / "app.py", BASELINE_VENV / "app.py")
    compileall.compile_file(str(BASELINE_VENV / "app.py"), quiet=2)


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
        table.add_row(label, _shown(mine), _shown(other), _shown(mine / other if mine and other else None))
    console.print(table)


def _shown(value: float | None) -> Any:
    return "–" if value is None else f"{value:.3f}" if value < 10 else f"{value:.1f}"


if __name__ == "__main__":
    main()
