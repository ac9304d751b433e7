"""`python -m bench.imports`: the import time that each package adds to a cold start, without the imports that its modules trigger.

A module's time is the minimum of several runs, since other load on the machine only adds time.
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
PROGRAM = "from graph import asgi, endpoint; endpoint.make_endpoint; from graph.schema_parts import PARTS; PARTS[1].schema"
"""A program that imports the modules of the first health event and the first page and builds the schema, without settings or a database."""

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
