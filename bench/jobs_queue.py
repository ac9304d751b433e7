"""The job queue's statements on a table of a million rows: planning, claiming, and the access path of each statement."""

from __future__ import annotations

import asyncio
import re
import time
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from sqlalchemy import event, func, select, text
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession

from bench import jobs_data
from persistence.database import make_engine
from persistence.models import JobItem
from persistence.models.jobs import Job, Trigger
from persistence.queries import job_queue, job_runs
from persistence.queries.job_monitoring import job_states
from persistence.queries.job_planning import MAX_PLANNED_PER_RUN, Scope, plan

CLAIMERS = 4
BATCH_SIZE = 50
CLAIM_SECONDS = 5.0
SMALL = {"users", "job_runs", "model_slots", "model_pauses", "model_rate_buckets", "job_token_budgets"}
"""Tables that may be scanned in full: the shared limits have a handful of rows, and a plan over all users joins all of them."""


async def measure(url: str, rows: int) -> tuple[dict[str, float], set[str]]:
    """Return the figures, and the statements that were run."""
    await jobs_data.load(url, rows, messages=False)
    engine, texts = make_engine(url, pool_size=CLAIMERS + 1), set[str]()
    event.listen(engine.sync_engine, "before_cursor_execute", lambda c, cursor, statement, *_: texts.add(statement))
    found: dict[str, float] = {}
    writing = engine.execution_options(isolation_level="READ COMMITTED")
    async with AsyncSession(writing) as session, session.begin():
        run_id = await job_runs.open_run(
            session, job=Job.DAILY_DIARY, trigger=Trigger.TIMER, requested_by=None, reason=None, first=None, last=None, force=False, dry_run=False
        )
    began = time.perf_counter()
    planned = await _plan_all(writing, run_id)
    assert planned == rows
    found[f"planning {rows:,} items, {MAX_PLANNED_PER_RUN:,} per timer event, s"] = time.perf_counter() - began
    await jobs_data.execute(url, "vacuum analyze job_items;")
    async with AsyncSession(writing) as session, session.begin():
        began = time.perf_counter()
        assert await plan(session, Job.DAILY_DIARY, run_id, Scope()) == 0
        found["planning again while all items are pending, s"] = time.perf_counter() - began
    found |= await _claims(engine, run_id)
    async with AsyncSession(engine) as session:
        await job_queue.has_claimable_items(session, list(Job))
        await job_queue.claim_expired(session, Job.DAILY_DIARY, run_id, lease=timedelta(0))
        await job_runs.close_lost_runs(session, timedelta(minutes=15))
        await job_states(session)
    await engine.dispose()
    return found, texts


async def _plan_all(writing: AsyncEngine, run_id: UUID) -> int:
    planned = 0
    while True:
        async with AsyncSession(writing) as session, session.begin():
            more = await plan(session, Job.DAILY_DIARY, run_id, Scope())
        planned += more
        if not more:
            return planned


async def _claims(engine: AsyncEngine, run_id: UUID) -> dict[str, float]:
    writing = engine.execution_options(isolation_level="READ COMMITTED")
    ends = time.perf_counter() + CLAIM_SECONDS
    latencies: list[float] = []

    async def claim() -> int:
        claimed = 0
        while time.perf_counter() < ends:
            began = time.perf_counter()
            async with AsyncSession(writing) as session, session.begin():
                claimed += len(await job_queue.claim_ready(session, Job.DAILY_DIARY, run_id, limit=BATCH_SIZE, lease=timedelta(minutes=1), this_run_only=False))
            latencies.append(time.perf_counter() - began)
        return claimed

    claimed = sum(await asyncio.gather(*(claim() for _ in range(CLAIMERS))))
    async with AsyncSession(engine) as session:
        held = await session.scalar(select(func.sum(JobItem.attempts)).where(JobItem.run_id == run_id))
    assert held == claimed, "an item was claimed twice"
    return {
        f"items claimed per second, {CLAIMERS} concurrent claims of {BATCH_SIZE}": claimed / CLAIM_SECONDS,
        "one claim, median ms": sorted(latencies)[len(latencies) // 2] * 1000,
    }


async def sequential_scans(url: str, statements: Iterable[str]) -> list[str]:
    """Return `table: statement` for each statement that no index serves: it scans a growing table even when sequential scans are disabled. The generic plan,
    which serves any value, decides."""
    found = []
    engine = make_engine(url, pool_size=1)
    async with engine.connect() as connection:
        await connection.execute(text("analyze"))
        await connection.execute(text("set plan_cache_mode = force_generic_plan"))
        await connection.execute(text("set enable_seqscan = off"))
        for statement in sorted(statements):
            if statement.split(None, 1)[0].upper() not in ("SELECT", "INSERT", "UPDATE", "DELETE", "WITH"):
                continue
            raw = await connection.get_raw_connection()
            driver = raw.driver_connection
            assert driver is not None
            nothing = ", ".join(["null"] * max((int(number) for number in re.findall(r"\$(\d+)", statement)), default=0))
            await driver.execute(f"prepare looked_at as {statement}")
            plan_ = "\n".join(row[0] for row in await driver.fetch(f"explain execute looked_at{f'({nothing})' if nothing else ''}"))
            await driver.execute("deallocate looked_at")
            found += [f"{table}: {statement}" for table in re.findall(r"Seq Scan on (\w+)", plan_) if table not in SMALL]
    await engine.dispose()
    return found
