"""One instance of the function in the nightly jobs: processes the diaries, then the profiles, and prints the durations as JSON."""
from __future__ import annotations

import asyncio
import json
import os
import resource
import sys
import time
from collections import Counter
from typing import Any

from sqlalchemy import event

import handler  # noqa: F401 (the function's own way with garbage)
from jobs.deadline import Deadline
from jobs.run import RunRequest, run
from persistence import database
from persistence.models.jobs import Job, Trigger

SECONDS = 3600.0


async def _main(jobs: list[str]) -> dict[str, Any]:
    statements: Counter[str] = Counter()

    @event.listens_for(database.engine().sync_engine, "before_cursor_execute")
    def note(connection: Any, cursor: Any, statement: str, *_: Any) -> None:
        statements[statement] += 1

    found: dict[str, Any] = {}
    for name in jobs:
        statements.clear()
        wall, cpu = time.perf_counter(), time.process_time()
        summary = await run(RunRequest(Job[name], Trigger.TIMER), Deadline(SECONDS))
        found[name] = {"wall": time.perf_counter() - wall, "cpu": time.process_time() - cpu, "statements": statements.total(),
                       "done": summary.succeeded + summary.skipped, "failed": summary.failed, "left": summary.pending, "texts": sorted(statements)}
    await database.dispose()
    return {**found, "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


if __name__ == "__main__":
    if profile := os.environ.get("BENCH_PROFILE"):
        import cProfile

        cProfile.run("result = asyncio.run(_main(sys.argv[1:]))", profile)
        print(json.dumps(result))  # type: ignore[name-defined]  # noqa: F821
    else:
        print(json.dumps(asyncio.run(_main(sys.argv[1:]))))
