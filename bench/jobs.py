"""`python -m bench.jobs`: the nightly jobs of many users on one instance and on four, and the job queue with a million rows.

Environment variables and their defaults: BENCH_PEOPLE (10000), BENCH_QUEUE_ROWS (1000000), BENCH_LATENCY_MS (200), BENCH_CONCURRENCY (50, per
instance), BENCH_INSTANCES (1,4). The ideal time is users × latency ÷ (concurrency × instances): a day takes only the time of its model call.
"""

from __future__ import annotations

import asyncio
import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import jwt
from rich.console import Console
from rich.table import Table

from bench import jobs_data, jobs_queue
from bench.data import READER, SIGN_IN
from dev.database import create, temporary_server

ROOT = Path(__file__).resolve().parent.parent
PEOPLE = int(os.environ.get("BENCH_PEOPLE", "10000"))
QUEUE_ROWS = int(os.environ.get("BENCH_QUEUE_ROWS", "1000000"))
LATENCY = float(os.environ.get("BENCH_LATENCY_MS", "200")) / 1000
CONCURRENCY = int(os.environ.get("BENCH_CONCURRENCY", "50"))
INSTANCES = tuple(int(number) for number in os.environ.get("BENCH_INSTANCES", "1,4").split(","))
PLAIN = {
    "PATH": os.environ["PATH"],
    "PYTHONPATH": str(ROOT),
    "JWT_SECRET_KEY": secrets.token_hex(32),
    "DEEPSEEK_API_KEY": "none",
    "LOG_LEVEL": "ERROR",
}


def main() -> None:
    console = Console()
    with temporary_server() as server, model() as base_url:
        small = max(PEOPLE // 10, 1)
        few = run_jobs(asyncio.run(_database(server, "few", small)), base_url, 1)
        runs = {}
        texts: set[str] = set()
        for count in INSTANCES:
            url = asyncio.run(_database(server, f"run_{count}", PEOPLE))
            runs[count] = run_jobs(url, base_url, count)
            texts |= {text for found in runs[count]["instances"] for job in ("DAILY_DIARY", "DAILY_PROFILE") for text in found[job]["texts"]}
        console.print(run_table(small, few, runs))
        console.print(client_line(base_url))
        texts |= reads(url)
        scans = asyncio.run(jobs_queue.sequential_scans(url, texts))
        console.print(f"{len(texts)} distinct statements of job runs and requests; with a sequential scan of a growing table: {scans or 'none'}")
        url = asyncio.run(create(server, "queue"))
        found, texts = asyncio.run(jobs_queue.measure(url, QUEUE_ROWS))
        console.print(queue_table(found))
        scans = asyncio.run(jobs_queue.sequential_scans(url, texts))
        console.print(f"{len(texts)} distinct statements of the job queue; with a sequential scan of a growing table: {scans or 'none'}")


async def _database(server: str, name: str, people: int) -> str:
    url = await create(server, name)
    await jobs_data.load(url, people)
    return url


@contextmanager
def model() -> Iterator[str]:
    command = [sys.executable, "-m", "bench.jobs_model", str(LATENCY)]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=PLAIN)
    assert process.stdin and process.stdout
    try:
        yield process.stdout.readline().strip()
    finally:
        process.stdin.close()
        process.wait()


def run_jobs(url: str, base_url: str, instances: int) -> dict[str, Any]:
    """Run the nightly jobs once on several instances, each with the full concurrency."""
    environment = {
        **PLAIN,
        "POSTGRESQL_URL": url,
        "DEEPSEEK_BASE_URL": base_url,
        "NIGHT_CONCURRENCY": str(CONCURRENCY),
        "MODEL_CONCURRENCY": "1000",
        "DATABASE_POOL_SIZE": os.environ.get("BENCH_POOL_SIZE", "5"),
        **({"BENCH_PROFILE": os.environ["BENCH_PROFILE"]} if "BENCH_PROFILE" in os.environ else {}),
    }
    command = [sys.executable, "-m", "bench.jobs_instance", "DAILY_DIARY", "DAILY_PROFILE"]
    began = time.perf_counter()
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment) for _ in range(instances)]
    outputs = [process.communicate()[0] for process in processes]
    if any(process.returncode for process in processes):
        raise SystemExit("an instance failed; see its output above")
    return {"wall": time.perf_counter() - began, "instances": [json.loads(output.splitlines()[-1]) for output in outputs]}


def client_line(base_url: str) -> str:
    """Return a line with the time of the model's client alone, at the same latency and concurrency."""
    calls = min(PEOPLE, 2000)
    command = [sys.executable, "-m", "bench.jobs_client", str(calls), str(CONCURRENCY)]
    environment = {**PLAIN, "POSTGRESQL_URL": "postgresql:///not-asked", "DEEPSEEK_BASE_URL": base_url}
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment, check=True)
    found = json.loads(done.stdout)
    ratio = found["wall"] / (calls * LATENCY / CONCURRENCY)
    return f"model client alone, {calls:,} calls: wall ÷ ideal {ratio:.2f}, CPU per call {found['cpu'] * 1000:.1f} ms"


def reads(url: str) -> set[str]:
    """Return the statements that a frontend's requests run."""
    asyncio.run(
        jobs_data.execute(url, f"insert into sign_ins (user_id, id, expires_at) values ('{READER}', '{SIGN_IN}', now() + interval '1 hour');")
    )
    now, secret = int(time.time()), PLAIN["JWT_SECRET_KEY"]
    claims = {"iss": "unilife", "aud": "unilife-api", "sub": str(READER), "sid": str(SIGN_IN), "jti": "bench", "iat": now, "exp": now + 1800}
    environment = {**PLAIN, "POSTGRESQL_URL": url, "BENCH_TOKEN": jwt.encode(claims, secret, "HS256", {"typ": "at+jwt"})}
    done = subprocess.run([sys.executable, "-m", "bench.jobs_reads"], stdout=subprocess.PIPE, text=True, cwd=ROOT, env=environment, check=True)
    return set(json.loads(done.stdout.splitlines()[-1]))


def run_table(small: int, few: dict[str, Any], runs: dict[int, dict[str, Any]]) -> Table:
    title = f"{PEOPLE:,} users, {LATENCY * 1000:g} ms a call, {CONCURRENCY} calls at once per instance, Python {sys.version.split()[0]}, {os.cpu_count()} cores"
    table = Table("", *(f"{count} instance{'s' * (count > 1)}" for count in runs), title=title)
    for label, of in (
        ("diaries: wall, s", lambda count, found: f"{_longest(found, 'DAILY_DIARY'):.1f}"),
        ("ideal, s", lambda count, found: f"{_ideal(count):.1f}"),
        ("wall ÷ ideal", lambda count, found: f"{_longest(found, 'DAILY_DIARY') / _ideal(count):.2f}"),
        ("diaries: statements per item", lambda count, found: f"{_each(found, 'DAILY_DIARY', 'statements'):.1f}"),
        ("diaries: CPU of the function per item, ms", lambda count, found: f"{_each(found, 'DAILY_DIARY', 'cpu') * 1000:.1f}"),
        ("profiles: wall, s", lambda count, found: f"{_longest(found, 'DAILY_PROFILE'):.1f}"),
        ("profiles: statements per item", lambda count, found: f"{_each(found, 'DAILY_PROFILE', 'statements'):.1f}"),
        ("profiles: CPU of the function per item, ms", lambda count, found: f"{_each(found, 'DAILY_PROFILE', 'cpu') * 1000:.1f}"),
        (
            "done, failed, pending",
            lambda count, found: ", ".join(str(sum(one["DAILY_DIARY"][name] for one in found["instances"])) for name in ("done", "failed", "left")),
        ),
        (
            f"peak memory per instance, MiB ({small:,} users: {few['instances'][0]['peak_mb']:.0f})",
            lambda count, found: f"{max(one['peak_mb'] for one in found['instances']):.0f}",
        ),
    ):
        table.add_row(label, *(of(count, found) for count, found in runs.items()))
    return table


def _ideal(instances: int) -> float:
    return PEOPLE * LATENCY / (CONCURRENCY * instances)


def _longest(found: dict[str, Any], job: str) -> float:
    return max(float(one[job]["wall"]) for one in found["instances"])


def _each(found: dict[str, Any], job: str, name: str) -> float:
    return float(sum(one[job][name] for one in found["instances"])) / max(1, sum(one[job]["done"] for one in found["instances"]))


def queue_table(found: dict[str, float]) -> Table:
    table = Table("", "", title=f"The job queue with {QUEUE_ROWS:,} rows")
    for label, value in found.items():
        table.add_row(label, f"{value:,.0f}" if value >= 100 else f"{value:.2f}")
    return table


if __name__ == "__main__":
    main()
