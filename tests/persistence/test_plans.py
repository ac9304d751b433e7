"""Row limits of claiming and pruning statements, under each query plan that PostgreSQL may choose."""
from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime, timedelta, timezone

import pytest
from sqlalchemy import func, select, text, update

from persistence.database import Session, transaction
from persistence.ids import uuid7
from persistence.models import JobItem, JobRun, ModelSlot, Throttle
from persistence.models.jobs import ItemStatus, Job, RunStatus, Trigger
from persistence.queries import job_queue, model_limits, throttling
from persistence.queries.job_claims import Terms, Wanted, claim_within
from persistence.queries.job_queue import DueItem
from persistence.queries.token_reservations import end_expired_reservations
from tests.jobs.job_setup import add_person, rows

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database"), pytest.mark.once]

MINUTE = timedelta(minutes=1)
DAY = date(2026, 3, 2)
PLANS: Sequence[Sequence[str]] = (
    (),
    ("enable_hashjoin", "enable_mergejoin", "enable_hashagg"),
    ("enable_hashjoin", "enable_mergejoin", "enable_hashagg", "enable_sort", "enable_material"),
    ("enable_nestloop", "enable_mergejoin"),
    ("enable_nestloop", "enable_hashjoin"),
    ("enable_indexscan", "enable_indexonlyscan", "enable_bitmapscan", "enable_hashjoin", "enable_mergejoin"),
    ("enable_seqscan", "enable_hashjoin", "enable_mergejoin", "enable_memoize"),
)


@pytest.fixture(params=PLANS, ids=lambda off: "+".join(name.removeprefix("enable_") for name in off) or "free")
async def off(request: pytest.FixtureRequest, database: str) -> AsyncIterator[Sequence[str]]:
    """Yield the planner settings to switch off; analyze the tables afterwards, because a test leaves stale statistics."""
    yield request.param
    async with transaction() as session:
        for table in ("model_slots", "job_items", "throttles"):
            await session.execute(text(f"analyze {table}"))


async def _switch(session: Session, off: Sequence[str]) -> None:
    for name in off:
        await session.execute(text(f"set local {name} = off"))


async def _analyze(*tables: str) -> None:
    async with transaction() as session:
        for table in tables:
            await session.execute(text(f"analyze {table}"))


async def test_lease_slots_stale_table_statistics_leases_no_more_than_wanted(off: Sequence[str]) -> None:
    async with transaction() as session:
        assert await model_limits.lease_slots(session, uuid7(), wanted=1, cap=1, lease=timedelta(0)) == 1
    await _analyze("model_slots")
    first, second = uuid7(), uuid7()
    async with transaction() as session:
        await _switch(session, off)
        assert await model_limits.lease_slots(session, first, wanted=4, cap=150, lease=MINUTE) == 4
        assert await model_limits.lease_slots(session, second, wanted=4, cap=150, lease=MINUTE) == 4
    held = [slot.run_id for slot in await rows(ModelSlot) if slot.run_id in (first, second)]
    assert (held.count(first), held.count(second)) == (4, 4)


@pytest.mark.parametrize("wanted", [0, -180])
async def test_lease_slots_zero_or_negative_count_leases_none(wanted: int) -> None:
    async with transaction() as session:
        assert await model_limits.lease_slots(session, uuid7(), wanted=wanted, cap=20, lease=MINUTE) == 0
    assert await rows(ModelSlot, ModelSlot.run_id.is_not(None)) == []


async def _items(count: int) -> JobRun:
    """Create a run with due items, whose table was analyzed when it had one row."""
    person = await add_person()
    async with transaction() as session:
        opened = JobRun(id=uuid7(), job=Job.DAILY_DIARY, trigger=Trigger.CLI, status=RunStatus.RUNNING)
        session.add(opened)
        await session.flush()
        await job_queue.enqueue_items(session, [DueItem(person.id, Job.DAILY_DIARY, DAY)])
    await _analyze("job_items", "night_shares")
    async with transaction() as session:
        await job_queue.enqueue_items(session, [DueItem(person.id, Job.DAILY_DIARY, DAY + timedelta(days=number)) for number in range(count)])
    return opened


async def _running() -> int:
    return len(await rows(JobItem, JobItem.status == ItemStatus.RUNNING))


async def test_claim_ready_any_query_plan_claims_no_more_than_the_limit(off: Sequence[str]) -> None:
    run = await _items(60)
    async with transaction() as session:
        await _switch(session, off)
        claims = await job_queue.claim_ready(session, Job.DAILY_DIARY, run.id, limit=4, lease=MINUTE, this_run_only=False)
    assert len(claims) == await _running() == 4


async def test_claim_expired_any_query_plan_claims_one_item(off: Sequence[str]) -> None:
    run = await _items(60)
    long_ago = datetime.now(timezone.utc) - MINUTE
    async with transaction() as session:
        await session.execute(update(JobItem).values(status=ItemStatus.RUNNING, lease_token=uuid7(), lease_until=long_ago))
    async with transaction() as session:
        await _switch(session, off)
        claims = await job_queue.claim_expired(session, Job.DAILY_DIARY, run.id, lease=MINUTE)
    assert len(claims) == 1 and len(await rows(JobItem, JobItem.lease_until > long_ago)) == 1


@pytest.mark.parametrize("terms", [Terms(each=100), Terms(each=100, cap=350), Terms(each=100, per_user=300, share=250, cap=10_000)], ids=str)
async def test_claim_within_any_query_plan_claims_within_limits_and_reserves_tokens(off: Sequence[str], terms: Terms) -> None:
    run = await _items(60)
    wanted = Wanted(Job.DAILY_DIARY, run.id, 4, MINUTE)
    async with transaction() as session:
        await _switch(session, off)
        claimed = await claim_within(session, wanted, terms)
    expected = {0: 4, 350: 3, 10_000: 2}[terms.cap]
    assert len(claimed.claims) == await _running() == expected
    assert sum(item.reserved_tokens for item in await rows(JobItem)) == 100 * expected


async def test_end_expired_reservations_ends_each_once(off: Sequence[str]) -> None:
    run = await _items(30)
    async with transaction() as session:
        await claim_within(session, Wanted(Job.DAILY_DIARY, run.id, 30, timedelta(0)), Terms(each=100))
        await session.execute(update(JobItem).where(JobItem.period > DAY + timedelta(days=9)).values(call_started_at=func.now()))
    async with transaction() as session:
        await _switch(session, off)
        await end_expired_reservations(session)
    async with transaction() as session:
        spent, reserved = (await session.execute(text("select sum(spent), sum(reserved) from job_token_budgets"))).one()
        used = (await session.execute(text("select sum(calls), sum(input_tokens) from usage"))).one()
    assert (spent, reserved, tuple(used)) == (2000, 0, (20, 2000)) and await rows(JobItem, JobItem.reserved_by_attempt_id.is_not(None)) == []


async def test_prune_throttles_many_expired_deletes_no_more_than_the_batch(off: Sequence[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttling, "PRUNE_BATCH_SIZE", 3)
    await _analyze("throttles")
    long_ago = datetime.now(timezone.utc) - MINUTE
    async with transaction() as session:
        session.add_all([
            Throttle(key=bytes([number]), tries=1, tried_at=long_ago, blocked_until=long_ago, expires_at=long_ago) for number in range(50)
        ])
    async with transaction() as session:
        await _switch(session, off)
        await throttling.prune_throttles(session)
        assert await session.scalar(select(func.count()).select_from(Throttle)) == 47
