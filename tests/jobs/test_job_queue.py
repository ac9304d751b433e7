"""The job queue: one worker per item, no write without the lease, items of lost workers claimed one by one."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import update

from persistence import database
from persistence.ids import uuid7
from persistence.models import JobAttempt, JobItem, JobRun
from persistence.models.jobs import ItemStatus, Job, RunStatus, Trigger
from persistence.queries import job_attempts, job_queue
from persistence.queries.job_attempts import LeaseLost, Outcome
from persistence.queries.job_queue import Claim, DueItem
from tests.jobs.job_setup import add_person, everything, rows

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

MINUTE = timedelta(minutes=1)
DAY = datetime(2026, 3, 2, tzinfo=timezone.utc).date()
DONE = Outcome(ItemStatus.SUCCEEDED)


async def _run_with_items(count: int) -> JobRun:
    people = [await add_person() for _ in range(count)]
    async with database.transaction() as session:
        opened = JobRun(id=uuid7(), job=Job.DAILY_DIARY, trigger=Trigger.CLI, status=RunStatus.RUNNING)
        session.add(opened)
        await session.flush()
        await job_queue.enqueue_items(session, [DueItem(person.id, Job.DAILY_DIARY, DAY) for person in people])
    return opened


async def _claim(run: JobRun, limit: int = 10, lease: timedelta = MINUTE) -> list[Claim]:
    async with database.transaction() as session:
        return await job_queue.claim_ready(session, Job.DAILY_DIARY, run.id, limit=limit, lease=lease, this_run_only=False)


async def _finish(claim: Claim, outcome: Outcome = DONE) -> None:
    async with database.transaction() as session:
        await job_attempts.finish(session, claim, outcome, timedelta(seconds=1))


async def test_claim_ready_by_several_workers_gives_each_item_to_one() -> None:
    run = await _run_with_items(20)
    claimed = await asyncio.gather(*(_claim(run, 7) for _ in range(4)))
    people = [claim.user_id for batch in claimed for claim in batch]
    assert len(people) == len(set(people)) == 20
    assert all(claim.attempt == 1 for batch in claimed for claim in batch)


async def test_finish_after_the_lease_expired_is_refused_and_changes_nothing() -> None:
    run = await _run_with_items(1)
    [claim] = await _claim(run, lease=timedelta(0))
    before = await everything()
    with pytest.raises(LeaseLost):
        await _finish(claim)
    assert await everything() == before


async def test_finish_of_an_item_another_worker_claimed_is_refused_and_changes_nothing() -> None:
    run = await _run_with_items(1)
    [lost] = await _claim(run, lease=timedelta(0))
    async with database.transaction() as session:
        [taken] = await job_queue.claim_expired(session, Job.DAILY_DIARY, run.id, lease=MINUTE)
    before = await everything()
    with pytest.raises(LeaseLost):
        await _finish(lost)
    assert await everything() == before
    await _finish(taken)
    [item] = await rows(JobItem)
    assert (item.status, item.attempts) == (ItemStatus.SUCCEEDED, 2)


async def test_claim_expired_with_several_lost_items_claims_one() -> None:
    run = await _run_with_items(3)
    await _claim(run, lease=timedelta(0))
    async with database.transaction() as session:
        assert len(await job_queue.claim_expired(session, Job.DAILY_DIARY, run.id, lease=MINUTE)) == 1


async def test_release_claims_makes_the_items_due_at_once_and_refunds_their_attempts() -> None:
    run = await _run_with_items(2)
    claims = await _claim(run)
    async with database.transaction() as session:
        await job_attempts.release_claims(session, claims)
    assert [claim.attempt for claim in await _claim(run)] == [1, 1]


async def test_release_claims_of_an_item_another_worker_claimed_leaves_it_to_that_worker() -> None:
    run = await _run_with_items(1)
    lost = await _claim(run, lease=timedelta(0))
    async with database.transaction() as session:
        [taken] = await job_queue.claim_expired(session, Job.DAILY_DIARY, run.id, lease=MINUTE)
    async with database.transaction() as session:
        await job_attempts.release_claims(session, lost)
    await _finish(taken)
    assert [item.status for item in await rows(JobItem)] == [ItemStatus.SUCCEEDED]


async def test_claim_ready_item_with_a_later_due_time_is_not_claimed_before_it() -> None:
    run = await _run_with_items(1)
    [claim] = await _claim(run)
    await _finish(claim, Outcome(ItemStatus.PENDING, "MODEL_TIMEOUT", retry_after=timedelta(hours=1)))
    assert await _claim(run) == []
    async with database.transaction() as session:
        await session.execute(update(JobItem).values(due_at=datetime.now(timezone.utc) - MINUTE))
    assert [claim.attempt for claim in await _claim(run)] == [2]


async def test_finish_of_each_attempt_stores_an_attempt_row() -> None:
    run = await _run_with_items(1)
    [claim] = await _claim(run)
    await _finish(claim, Outcome(ItemStatus.PENDING, "MODEL_TIMEOUT", input_tokens=7))
    [claim] = await _claim(run)
    await _finish(claim)
    kept = sorted((attempt.attempt, attempt.status.value, attempt.error_code, attempt.input_tokens) for attempt in await rows(JobAttempt))
    assert kept == [(1, "PENDING", "MODEL_TIMEOUT", 7), (2, "SUCCEEDED", None, 0)]
