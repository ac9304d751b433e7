"""`python -m bench.imports`: what each package costs a cold start, as imports of their own, without those that they cause.

The least of several runs for each module, since a busy machine only adds.
"""
from __future__ import annotations

import os
import re
import subprocess
import sys
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RUNS = int(os.environ.get("BENCH_IMPORT_RUNS", "5"))
PROGRAM = "from graph import asgi, endpoint; endpoint.make_endpoint; from graph.query_schema import query_schema; query_schema()"
"""What the first health event and the first page import, and the schema; no settings and no database are needed for it."""

_LINE = re.compile(r"import time:\s+(\d+) \|\s+\d+ \|\s+(\S+)")


def main() -> None:
    least: dict[str, int] = {}
    for _ in range(RUNS):
        for microseconds, name in _LINE.findall(_run()):
            least[name] = min(int(microseconds), least.get(name, sys.maxsize))
    costs, modules = Counter[str](), Counter(name.partition(".")[0] for name in least)
    for name, microseconds in least.items():
        costs[name.partition(".")[0]] += microseconds
    for package, microseconds in costs.most_common(25):
        print(f"{microseconds / 1000:8.1f} ms {modules[package]:5} modules  {package}")
    print(f"{sum(costs.values()) / 1000:8.1f} ms {len(least):5} modules  in all")


def _run() -> str:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-X", "importtime", "-c", PROGRAM]
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True).stderr


if __name__ == "__main__":
    main()
