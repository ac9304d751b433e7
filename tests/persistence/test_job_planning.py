"""Planning of a timer's run: new days, days that are due again, and days that another transaction enqueues at the same time."""
from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
from sqlalchemy import text

from persistence import database
from persistence.models import ActiveDay, JobItem
from persistence.models.jobs import ItemStatus, Job
from persistence.queries.job_planning import Scope, plan
from tests.jobs.job_setup import everything, rows
from tests.persistence.queue_setup import DAY, HOUR, ago, item, store, three_runs, three_users

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

DIARY = Job.DAILY_DIARY
TIMER = Scope(rewrite_after=HOUR)


async def test_plan_of_a_timer_while_a_new_day_is_enqueued_elsewhere_plans_the_others_and_leaves_that_one() -> None:
    ann, bob, cem = await three_users()
    _, run, _ = await three_runs()
    await store(*(ActiveDay(user_id=user.id, day=DAY, starts_at=ago(3 * HOUR), ends_at=ago(2 * HOUR)) for user in (cem, ann, bob)))
    await store(item(bob, status=ItemStatus.SUCCEEDED, due=9 * HOUR, finished_at=ago(8 * HOUR), attempts=2, run_id=None))

    async def plan_all() -> int:
        async with database.transaction() as session:
            return await plan(session, DIARY, run.id, TIMER)

    async with database.transaction() as session:
        session.add(item(cem, due=timedelta(0)))
        await session.flush()
        planning = asyncio.create_task(plan_all())
        while not planning.done() and not await session.scalar(text("select count(*) from pg_locks where not granted")):
            await asyncio.sleep(0.05)
    assert await planning == 2
    found = {one.user_id: one for one in await rows(JobItem)}
    assert [(found[user.id].status, found[user.id].attempts, found[user.id].run_id) for user in (ann, bob, cem)] == [
        (ItemStatus.PENDING, 0, run.id), (ItemStatus.PENDING, 0, run.id), (ItemStatus.PENDING, 0, None)
    ]  # fmt: skip
    before = await everything()
    assert await plan_all() == 0 and await everything() == before
