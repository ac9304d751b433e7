"""Job tokens under random interleavings of claims, calls, kills, lost commits and clock steps: caps hold, and every billed token is counted."""
from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import text

from llm.usage import Usage
from persistence import database
from persistence.database import Session
from persistence.errors import DatabaseUnavailable
from persistence.ids import uuid7
from persistence.models import JobRun
from persistence.models.jobs import ItemStatus, Job, RunStatus, Trigger
from persistence.queries import job_attempts, job_queue, model_limits
from persistence.queries.job_attempts import AlreadyFinished, LeaseLost, Outcome
from persistence.queries.job_claims import Beginning, Terms, Wanted, begin_calls, claim_within
from persistence.queries.job_queue import Claim, DueItem
from persistence.queries.token_reservations import Cost, end_expired_reservations, record_costs, release
from tests.jobs.job_setup import add_person

LEASE = timedelta(seconds=60)
SLOTS = 5
PEOPLE, DAYS = 4, 5
CAP = 3_000
MAX_CALL_TOKENS = 700
"""Maximum tokens of one call; as many are reserved for it when it begins."""
DAY = date(2026, 3, 2)

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["claim", "begin", "answer", "fail", "store", "kill", "advance", "lease", "release", "enqueue"]),
        st.integers(0, 7), st.integers(1, MAX_CALL_TOKENS), st.sampled_from(["none", "none", "unacknowledged", "rolled back"]),
    ),
    min_size=20, max_size=60,
)


@dataclass
class Worker:
    run_id: UUID
    claims: list[Claim] = field(default_factory=list)
    calling: list[Claim] = field(default_factory=list)
    answered: list[Claim] = field(default_factory=list)


async def commit(work: Callable[[Session], Awaitable[Any]], fault: str) -> Any:
    """Run one transaction: normally, or committed without an acknowledgement and repeated, or rolled back once and repeated."""
    if fault == "rolled back":
        try:
            async with database.transaction() as session:
                await work(session)
                raise DatabaseUnavailable
        except DatabaseUnavailable:
            pass
    if fault == "unacknowledged":
        async with database.transaction() as session:
            await work(session)
    async with database.transaction() as session:
        return await work(session)


async def _create_workers() -> list[Worker]:
    workers = [Worker(uuid7()) for _ in range(3)]
    people = [await add_person(f"P{number}") for number in range(PEOPLE)]
    async with database.transaction() as session:
        session.add_all([JobRun(id=worker.run_id, job=Job.DAILY_DIARY, trigger=Trigger.CLI, status=RunStatus.RUNNING) for worker in workers])
        await session.flush()
        days = [DAY + timedelta(days=number) for number in range(DAYS)]
        await job_queue.enqueue_items(session, [DueItem(person.id, Job.DAILY_DIARY, day) for person in people for day in days])
    return workers


TERMS = Terms(each=300, cap=CAP, per_user=2_000, share=CAP // PEOPLE)


async def _claim(worker: Worker, number: int, tokens: int, fault: str) -> None:
    wanted = Wanted(Job.DAILY_DIARY, worker.run_id, 1 + number % 4, LEASE, expired_too=not worker.claims)
    async with database.transaction() as session:
        await end_expired_reservations(session)
    claimed = await commit(lambda session: claim_within(session, wanted, TERMS), "none" if fault == "unacknowledged" else fault)
    if fault == "unacknowledged":  # the worker does not learn of these claims: they end with their lease
        return
    for claim in claimed.claims:
        if claim.refusal is None:
            worker.claims.append(claim)
        else:
            await _finish(claim, Outcome(ItemStatus.PENDING, claim.refusal, refund=True), "none")


async def _begin(worker: Worker, number: int, tokens: int, fault: str) -> None:
    if not worker.claims:
        return
    claim = worker.claims.pop(number % len(worker.claims))
    [code] = await commit(lambda session: begin_calls(session, [Beginning(claim, MAX_CALL_TOKENS)], TERMS), fault)
    if code is None:
        worker.calling.append(claim)
    elif code != "LEASE_LOST":
        await _finish(claim, Outcome(ItemStatus.PENDING, code, refund=True), fault)


async def _answer(worker: Worker, number: int, tokens: int, fault: str) -> None:
    if worker.calling:
        claim = worker.calling.pop(number % len(worker.calling))
        cost = Cost(claim.user_id, claim.job, claim.period, claim.attempt_id, Usage(tokens // 2, tokens - tokens // 2), failed=number % 2 == 0)
        await commit(lambda session: record_costs(session, [cost]), fault)
        worker.answered.append(claim)


async def _fail(worker: Worker, number: int, tokens: int, fault: str) -> None:
    await _answer(worker, 0, 0, fault)


async def _store(worker: Worker, number: int, tokens: int, fault: str) -> None:
    if worker.answered:
        done = Outcome(ItemStatus.SUCCEEDED) if number % 3 else Outcome(ItemStatus.PENDING, "MODEL_TIMEOUT")
        await _finish(worker.answered.pop(), done, fault)


async def _finish(claim: Claim, outcome: Outcome, fault: str) -> None:
    async def finish(session: Session) -> None:
        try:
            await job_attempts.finish(session, claim, outcome, timedelta(0))
        except (AlreadyFinished, LeaseLost):
            return
        await release(session, [(claim.user_id, claim.attempt_id)])

    await commit(finish, fault)


async def _kill(worker: Worker, number: int, tokens: int, fault: str) -> None:
    worker.claims, worker.calling, worker.answered = [], [], []


async def _advance_clock(worker: Worker, number: int, tokens: int, fault: str) -> None:
    """Advance the database's clock by up to two minutes."""
    by = timedelta(seconds=20 * number)
    async with database.transaction() as session:
        for statement in (
            "update job_items set lease_until = lease_until - cast(:by as interval), reserved_until = reserved_until - cast(:by as interval)",
            "update model_slots set lease_until = lease_until - cast(:by as interval)",
        ):
            await session.execute(text(statement), {"by": by})


async def _lease_slots(worker: Worker, number: int, tokens: int, fault: str) -> None:
    async def lease(session: Session) -> int:
        await model_limits.release_slots(session, worker.run_id)
        return await model_limits.lease_slots(session, worker.run_id, wanted=number - 1, cap=SLOTS, lease=LEASE)

    assert await commit(lease, fault) <= max(0, number - 1)


async def _release_slots(worker: Worker, number: int, tokens: int, fault: str) -> None:
    await commit(lambda session: model_limits.release_slots(session, worker.run_id), fault)


async def _enqueue_again(worker: Worker, number: int, tokens: int, fault: str) -> None:
    """Make an item due again that may be in flight."""
    async with database.transaction() as session:
        user_id = (await session.execute(text("select id from users order by id offset :number limit 1"), {"number": number % PEOPLE})).scalar_one()
        await job_queue.enqueue_items(session, [DueItem(user_id, Job.DAILY_DIARY, DAY + timedelta(days=number % DAYS))])


async def assert_invariants() -> None:
    async with database.transaction() as session:
        slots = (await session.execute(text("select count(*) from model_slots where lease_until > now()"))).scalar_one()
        spent, reserved = (await session.execute(text("select coalesce(sum(spent), 0), coalesce(sum(reserved), 0) from job_token_budgets"))).one()
        [used] = (await session.execute(text("select coalesce(sum(input_tokens + output_tokens), 0) from usage"))).one()
        [shares] = (await session.execute(text("select coalesce(sum(spent), 0) from night_shares"))).one()
        [highest] = (await session.execute(text("select coalesce(max(spent + reserved), 0) from job_token_budgets"))).one()
        leases, reserved_by_items = (await session.execute(
            text("select count(*), coalesce(sum(reserved_tokens), 0) from job_items where reserved_by_attempt_id is not null"))).one()
    assert slots <= SLOTS
    assert used <= spent + reserved <= used + leases * MAX_CALL_TOKENS, (used, spent, reserved, leases)
    assert reserved_by_items == reserved and shares == spent and highest <= CAP, "the cap is a day's"


ACTIONS = {
    "claim": _claim, "begin": _begin, "answer": _answer, "fail": _fail, "store": _store, "kill": _kill, "advance": _advance_clock, "lease": _lease_slots,
    "release": _release_slots, "enqueue": _enqueue_again,
}


async def _run_steps(steps: list[tuple[str, int, int, str]]) -> None:
    try:
        workers = await _create_workers()
        for action, number, tokens, fault in steps:
            await ACTIONS[action](workers[tokens % len(workers)], number, tokens, fault)
            await assert_invariants()
        await _advance_clock(workers[0], 100, 0, "none")
        async with database.transaction() as session:
            await end_expired_reservations(session)
        await assert_invariants()
        async with database.transaction() as session:
            spent, reserved = (await session.execute(text("select coalesce(sum(spent), 0), coalesce(sum(reserved), 0) from job_token_budgets"))).one()
            [used] = (await session.execute(text("select coalesce(sum(input_tokens + output_tokens), 0) from usage"))).one()
        assert reserved == 0 and spent == used, "without claims in flight, the spent tokens are the used ones"
    finally:
        await database.dispose()


@pytest.fixture
def empty(migrated_database: str, _empty: Callable[[], None]) -> Callable[[], None]:
    """Return a function that empties the database, called for each example."""
    return _empty


@settings(max_examples=12, deadline=None, phases=[Phase.explicit, Phase.reuse, Phase.generate], suppress_health_check=list(HealthCheck))
@given(steps=STEPS)
def test_token_reservations_in_any_interleaving_stay_within_the_cap_and_count_all_usage(
    empty: Callable[[], None], steps: list[tuple[str, int, int, str]]
) -> None:
    empty()
    asyncio.run(_run_steps(steps))
