"""`make bench`: the function beside the usual stack, in one run on one database server, with the bytecode of both compiled.

The yardstick is ../shared/bench/seed_stack in an environment of its own. Runs alternate, so that a slow moment hits both.
"""

from __future__ import annotations

import asyncio
import compileall
import json
import os
import secrets
import statistics
import subprocess
import sys
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
from dev.database import create, temporary

ROOT = Path(__file__).resolve().parent.parent
YARDSTICK = ROOT.parent / "shared" / "bench" / "seed_stack"
YARDSTICK_VENV = ROOT / ".venv" / f"seed-stack-{sys.version_info.major}.{sys.version_info.minor}"
COLD_STARTS = int(os.environ.get("BENCH_COLD_STARTS", "15"))
WARM_EVENTS = int(os.environ.get("BENCH_WARM_EVENTS", "300"))


@dataclass
class Side:
    """One of the two: how to start it, and what was measured. `peak_mb` is the largest resident size of a process, in MiB."""

    name: str
    command: list[str]
    environment: Mapping[str, str]
    found: dict[str, list[float]] = field(default_factory=dict)

    def measure(self, *arguments: str) -> None:
        process = subprocess.Popen(
            [*self.command, *arguments], env=dict(self.environment), cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        output = process.stdout.read() if process.stdout else ""
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise SystemExit(f"{self.name} failed:\n{output}")
        result = json.loads(next(line for line in reversed(output.splitlines()) if line.startswith('{"') and "_" in line and "event" not in line))
        for name, value in {**result, f"peak_{arguments[0]}_mb": usage.ru_maxrss / 1024}.items():
            self.found.setdefault(name, []).append(value)

    def median(self, name: str) -> float | None:
        return statistics.median(self.found[name]) if name in self.found else None


def main() -> None:
    console = Console()
    if not YARDSTICK.is_dir():
        raise SystemExit("the yardstick is not there: bench needs shared/bench/seed_stack beside the project")
    prepare_yardstick(console)
    compileall.compile_dir(str(ROOT), quiet=2, rx=None, maxlevels=6)
    compileall.compile_dir(str(Path(sys.prefix) / "lib"), quiet=2)
    with temporary() as server:
        ours, theirs = sides(server)
        subprocess.run([*theirs.command, "load"], env=dict(theirs.environment), check=True)
        for side in (ours, theirs):
            side.measure("cold")
            side.found.clear()
        for _ in track(range(COLD_STARTS), "cold starts", console=console):
            ours.measure("cold")
            theirs.measure("cold")
        for _ in track(range(3), "warm pages", console=console):
            ours.measure("warm", str(WARM_EVENTS))
            theirs.measure("warm", str(WARM_EVENTS))
    report(console, ours, theirs)


def sides(server: str) -> tuple[Side, Side]:
    url, seed_url = asyncio.run(_databases(server))
    secret = secrets.token_hex(32)
    now = int(time.time())
    claims = {"iss": "unilife", "aud": "unilife-api", "sub": str(READER), "sid": str(SIGN_IN), "jti": "bench", "iat": now, "exp": now + 1800}
    token = jwt.encode(claims, secret, "HS256", {"typ": "at+jwt"})
    plain = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    ours = {**plain, "POSTGRESQL_URL": url, "JWT_SECRET_KEY": secret, "DEEPSEEK_API_KEY": "none", "LOG_LEVEL": "ERROR", "BENCH_TOKEN": token}
    return (
        Side("UniLife", [sys.executable, "-m", "bench.function"], ours),
        Side(
            "usual stack",
            [str(YARDSTICK_VENV / "bin" / "python"), str(YARDSTICK / "app.py")],
            {"PATH": os.environ["PATH"], "POSTGRESQL_URL": seed_url},
        ),
    )


async def _databases(server: str) -> tuple[str, str]:
    url = await create(server, "bench")
    await load(url)
    seed = await create(server, "seed")
    return url, seed.replace("postgresql://", "postgresql+asyncpg://")


def prepare_yardstick(console: Console) -> None:
    done = YARDSTICK_VENV / ".installed"
    if done.exists():
        return
    console.print(f"Making the yardstick's environment in {YARDSTICK_VENV.relative_to(ROOT)}")
    subprocess.run([sys.executable, "-m", "venv", "--clear", str(YARDSTICK_VENV)], check=True)
    python = str(YARDSTICK_VENV / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", "-r", str(YARDSTICK / "requirements.txt")], check=True)
    subprocess.run([python, "-m", "compileall", "-q", str(YARDSTICK_VENV / "lib")], check=False, stdout=subprocess.DEVNULL)
    done.touch()


ROWS = (
    ("cold start to the first answered health event, s", "health_s"),
    ("cold start to the first page of 20 diaries, s", "page_s"),
    ("warm page of 20 diaries, ms", "page_ms"),
    ("warm viewer, ms", "viewer_ms"),
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
