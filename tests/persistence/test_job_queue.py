# ruff: noqa: E501 - rows of items read by their lines
"""The job queue with items of several users, jobs, days and runs: only those that are named, due and free are claimed, counted and ended."""
from __future__ import annotations

from datetime import timedelta

import pytest

from llm.usage import Cost
from persistence import database
from persistence.ids import uuid7
from persistence.models import JobAttempt, JobItem
from persistence.models.jobs import ItemStatus, Job
from persistence.queries import job_attempts, job_queue
from persistence.queries.job_attempts import AttemptEnd, Outcome
from persistence.queries.job_queue import Claim, DueItem
from tests.jobs.job_setup import everything, rows
from tests.persistence.queue_setup import DAY, DAYS, HOUR, MINUTE, ago, item, items_but, leased, store, three_runs, three_users

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

DIARY, PROFILE, WEEK = Job.DAILY_DIARY, Job.DAILY_PROFILE, Job.WEEKLY_PROFILE
LATER = DAY + timedelta(days=3)


async def test_claim_ready_with_a_limit_claims_the_item_that_is_due_longest_and_leaves_the_others() -> None:
    ann, bob, cem = await three_users()
    _, run, _ = await three_runs()
    for user in (cem, ann, bob):
        await store(*(item(user, day, job, due=HOUR if (user, day, job) == (bob, DAY, PROFILE) else MINUTE) for job in (WEEK, DIARY, PROFILE) for day in DAYS))
    before = await items_but((bob.id, PROFILE, DAY))
    async with database.transaction() as session:
        [claim] = await job_queue.claim_ready(session, PROFILE, run.id, limit=1, lease=HOUR, this_run_only=False)
    assert (claim.user_id, claim.job, claim.period, claim.attempt, claim.run_id) == (bob.id, PROFILE, DAY, 1, run.id)
    assert await items_but((bob.id, PROFILE, DAY)) == before
    [claimed] = await rows(JobItem, JobItem.status == ItemStatus.RUNNING)
    assert (claimed.attempts, claimed.run_id, claimed.lease_token) == (1, run.id, claim.lease_token)
    assert claimed.lease_until is not None and ago(-HOUR / 2) < claimed.lease_until <= ago(-2 * HOUR)
    async with database.transaction() as session:
        left = await job_queue.claim_ready(session, PROFILE, run.id, limit=100, lease=HOUR, this_run_only=False)
    assert len(left) == 8 and {claim.job for claim in left} == {PROFILE}


async def test_claim_ready_leaves_items_that_are_not_due_not_pending_reserved_or_of_another_run() -> None:
    ann, bob, cem = await three_users()
    first, run, last = await three_runs()
    await store(
        item(ann, DAYS[0], due=-HOUR), item(ann, DAYS[1], status=ItemStatus.SUCCEEDED), item(ann, DAYS[2], status=ItemStatus.FAILED), item(ann, LATER, status=ItemStatus.SKIPPED),
        item(bob, DAYS[0], reserved_by_attempt_id=uuid7(), run_id=run.id), leased(bob, DAYS[1], left=-MINUTE), item(bob, DAY, run_id=first.id), item(bob, LATER, run_id=last.id),
        item(cem, DAY, run_id=run.id), item(cem, LATER),
    )  # fmt: skip
    async with database.transaction() as session:
        claims = await job_queue.claim_ready(session, DIARY, run.id, limit=10, lease=HOUR, this_run_only=True)
        assert [(claim.user_id, claim.period) for claim in claims] == [(cem.id, DAY)]
        claims = await job_queue.claim_ready(session, DIARY, run.id, limit=10, lease=HOUR, this_run_only=False)
    assert [(claim.user_id, claim.period) for claim in claims] == [(bob.id, DAY), (bob.id, LATER), (cem.id, LATER)], "by day, then by user"


async def test_claim_ready_tells_from_which_text_the_item_s_entry_was_generated() -> None:
    [ann, *_] = await three_users()
    [run, *_] = await three_runs()
    await store(item(ann, text_digest=b"old"))
    async with database.transaction() as session:
        [claim] = await job_queue.claim_ready(session, DIARY, run.id, limit=1, lease=HOUR, this_run_only=False)
    assert (claim.attempt, claim.text_digest) == (1, b"old")


async def test_claim_expired_claims_the_item_whose_worker_was_lost_first() -> None:
    ann, bob, cem = await three_users()
    _, run, _ = await three_runs()
    for user in (cem, ann, bob):
        await store(*(leased(user, day, left=-HOUR if (user, day) == (bob, DAY) else -MINUTE) for day in DAYS))
    await store(leased(ann, LATER), leased(bob, LATER, PROFILE, left=-2 * HOUR), leased(cem, LATER, left=-2 * HOUR, reserved_by_attempt_id=uuid7()), item(ann, DAY, WEEK))
    before = await items_but((bob.id, DIARY, DAY))
    async with database.transaction() as session:
        [claim] = await job_queue.claim_expired(session, DIARY, run.id, lease=MINUTE)
        assert await job_queue.claim_expired(session, WEEK, run.id, lease=MINUTE) == []
    assert (claim.user_id, claim.period, claim.attempt) == (bob.id, DAY, 2)
    assert await items_but((bob.id, DIARY, DAY)) == before


async def test_enqueue_items_makes_the_named_items_due_as_new_and_leaves_the_others() -> None:
    people = await three_users()
    bob = people[1]
    [run, *_] = await three_runs()
    ended = {"status": ItemStatus.FAILED, "error_code": "MODEL_TIMEOUT", "finished_at": ago(MINUTE), "attempts": 3, "run_id": run.id, "estimated_tokens": 9}
    for user in (people[2], people[0], bob):
        await store(*(item(user, day, job, **ended) for job in (WEEK, DIARY) for day in DAYS))
    before = await items_but((bob.id, DIARY, DAY), (bob.id, DIARY, LATER))
    at = ago(-HOUR)
    async with database.transaction() as session:
        await job_queue.enqueue_items(session, [])
        await job_queue.enqueue_items(session, [DueItem(bob.id, DIARY, DAY, at + HOUR), DueItem(bob.id, DIARY, LATER), DueItem(bob.id, DIARY, DAY, at)])
    assert await items_but((bob.id, DIARY, DAY), (bob.id, DIARY, LATER)) == before
    [found] = await rows(JobItem, JobItem.user_id == bob.id, JobItem.job == DIARY, JobItem.period == DAY)
    assert (found.status, found.due_at, found.attempts, found.error_code, found.run_id, found.estimated_tokens) == (ItemStatus.PENDING, at, 0, None, None, None)
    [new] = await rows(JobItem, JobItem.period == LATER)
    assert (new.status, new.attempts) == (ItemStatus.PENDING, 0) and new.due_at <= ago(-MINUTE)


async def test_enqueue_items_of_a_reviewed_week_become_due_so_long_after_the_review() -> None:
    ann, bob, cem = await three_users()
    reviewed = ago(HOUR)
    await store(item(ann, job=WEEK, status=ItemStatus.SUCCEEDED, finished_at=reviewed), item(bob, job=WEEK), item(cem, status=ItemStatus.SUCCEEDED, finished_at=reviewed))
    given = [DueItem(ann.id, WEEK, DAY), DueItem(bob.id, WEEK, DAY), DueItem(cem.id, DIARY, DAY)]
    async with database.transaction() as session:
        await job_queue.enqueue_items(session, given, weeks_after=5 * HOUR)
    due = {row.user_id: row.due_at for row in await rows(JobItem)}
    assert due[ann.id] == reviewed + 5 * HOUR and max(due[bob.id], due[cem.id]) <= ago(-MINUTE)
    async with database.transaction() as session:
        await job_queue.enqueue_items(session, [DueItem(ann.id, WEEK, DAY)])
    assert {row.due_at <= ago(-MINUTE) for row in await rows(JobItem)} == {True}


async def test_queue_in_the_transaction_that_enqueues_an_item_has_it_as_due_and_one_with_a_lease_of_no_time_as_lost() -> None:
    [ann, *_] = await three_users()
    [run, *_] = await three_runs()
    async with database.transaction() as session:
        await job_queue.enqueue_items(session, [DueItem(ann.id, DIARY, DAY)])
        assert await job_queue.count_pending(session, [DIARY], run.id, this_run_only=False) == 1
        assert await job_queue.has_claimable_items(session, [DIARY])
        assert len(await job_queue.claim_ready(session, DIARY, run.id, limit=10, lease=timedelta(0), this_run_only=False)) == 1
        assert await job_queue.has_claimable_items(session, [DIARY])
        assert [claim.attempt for claim in await job_queue.claim_expired(session, DIARY, run.id, lease=HOUR)] == [2]


async def test_clear_text_digest_clears_that_of_the_named_item_alone() -> None:
    people = await three_users()
    for user in (people[2], people[0], people[1]):
        await store(*(item(user, day, job, text_digest=b"old") for job in (WEEK, DIARY, PROFILE) for day in DAYS))
    for job in (DIARY, PROFILE, WEEK):
        before = await items_but((people[1].id, job, DAY))
        async with database.transaction() as session:
            await job_queue.clear_text_digest(session, people[1].id, job, DAY)
        assert await items_but((people[1].id, job, DAY)) == before
        [found] = await rows(JobItem, JobItem.user_id == people[1].id, JobItem.job == job, JobItem.period == DAY)
        assert (found.text_digest, found.status) == (None, ItemStatus.PENDING)


async def test_count_pending_counts_the_items_of_the_run_and_those_that_are_due() -> None:
    ann, bob, cem = await three_users()
    first, run, last = await three_runs()
    await store(
        item(ann, DAYS[0], due=-HOUR, run_id=run.id), item(ann, DAYS[1], run_id=run.id), item(bob, DAYS[0], run_id=first.id), item(bob, DAYS[1], due=-HOUR, run_id=last.id),
        item(cem, DAYS[0]), item(cem, DAYS[1], due=-HOUR), item(cem, DAY, run_id=run.id, status=ItemStatus.SUCCEEDED), item(cem, DAY, WEEK, run_id=run.id), leased(bob, DAY, run_id=run.id),
    )  # fmt: skip
    async with database.session() as session:
        assert await job_queue.count_pending(session, [DIARY, PROFILE], run.id, this_run_only=True) == 2
        assert await job_queue.count_pending(session, [DIARY, PROFILE], run.id, this_run_only=False) == 4
        assert await job_queue.count_pending(session, [WEEK], run.id, this_run_only=True) == 1
        assert await job_queue.count_pending(session, [PROFILE], run.id, this_run_only=False) == 0


@pytest.mark.parametrize(("status", "due", "left", "claimable"), [
    (ItemStatus.PENDING, MINUTE, None, True), (ItemStatus.PENDING, -HOUR, None, False), (ItemStatus.RUNNING, MINUTE, -MINUTE, True), (ItemStatus.RUNNING, MINUTE, HOUR, False),
    (ItemStatus.SUCCEEDED, MINUTE, None, False), (ItemStatus.FAILED, MINUTE, None, False),
])  # fmt: skip
async def test_queue_has_claimable_items_with_one_item_is_true_if_it_is_due_or_its_worker_was_lost(
    status: ItemStatus, due: timedelta, left: timedelta | None, claimable: bool
) -> None:
    [ann, *_] = await three_users()
    async with database.session() as session:
        assert await job_queue.has_claimable_items(session, [DIARY]) is False
    await store(item(ann, job=PROFILE, status=status, due=due, lease_until=None if left is None else ago(-left)))
    async with database.session() as session:
        assert await job_queue.has_claimable_items(session, [DIARY, PROFILE]) is claimable
        assert await job_queue.has_claimable_items(session, [DIARY]) is await job_queue.has_claimable_items(session, [WEEK]) is False


def claim_of(row: JobItem) -> Claim:
    assert row.lease_token is not None and row.run_id is not None
    return Claim(row.user_id, row.job, row.period, row.attempts, row.lease_token, row.run_id)


async def _nine_leased() -> tuple[JobItem, Claim]:
    """Store nine running items and return the middle one with its claim."""
    people = await three_users()
    _, run, _ = await three_runs()
    for user in (people[2], people[0], people[1]):
        await store(*(leased(user, day, run_id=run.id, estimated_tokens=50, text_digest=b"old") for day in DAYS))
    [middle] = await rows(JobItem, JobItem.user_id == people[1].id, JobItem.period == DAY)
    return middle, claim_of(middle)


@pytest.mark.parametrize(("outcome", "attempts", "estimate", "ended"), [
    (Outcome(ItemStatus.SUCCEEDED, text_digest=b"new"), 1, None, True), (Outcome(ItemStatus.SKIPPED, refund=True), 0, None, True), (Outcome(ItemStatus.FAILED, "MODEL_TIMEOUT"), 1, None, True),
    (Outcome(ItemStatus.PENDING, "MODEL_TIMEOUT", retry_after=HOUR), 1, 50, False),
], ids=lambda found: getattr(found, "status", found))  # fmt: skip
async def test_finish_attempts_stores_the_outcome_at_its_item_alone(outcome: Outcome, attempts: int, estimate: int | None, ended: bool) -> None:
    middle, claim = await _nine_leased()
    before = await items_but((middle.user_id, DIARY, DAY))
    async with database.transaction() as session:
        result = await job_attempts.finish_attempts(session, [AttemptEnd(claim, outcome, MINUTE)])
    assert (result.finished, dict(result.already_finished)) == ({claim}, {})
    assert await items_but((middle.user_id, DIARY, DAY)) == before
    [found] = await rows(JobItem, JobItem.user_id == middle.user_id, JobItem.period == DAY)
    assert (found.status, found.error_code, found.attempts, found.estimated_tokens) == (outcome.status, outcome.error_code, attempts, estimate)
    assert (found.lease_token, found.lease_until, found.finished_at is not None) == (None, None, ended)
    assert found.text_digest == (outcome.text_digest or b"old")
    assert ago(-outcome.retry_after + MINUTE) < found.due_at <= ago(-outcome.retry_after)
    [attempt] = await rows(JobAttempt)
    assert (attempt.user_id, attempt.period, attempt.attempt, attempt.status, attempt.error_code) == (middle.user_id, DAY, 1, outcome.status, outcome.error_code)
    assert attempt.finished_at is not None and attempt.finished_at - attempt.started_at == MINUTE
    counted = (attempt.model_calls, attempt.input_tokens, attempt.output_tokens, attempt.cached_tokens, attempt.thinking_tokens, attempt.cost_nano, attempt.cost_currency)
    assert counted == (0, 0, 0, 0, 0, 0, None)
    async with database.transaction() as session:
        again = await job_attempts.finish_attempts(session, [AttemptEnd(claim, Outcome(ItemStatus.FAILED), MINUTE)])
    assert again.finished == frozenset() and again.outcome(claim, outcome) == outcome, "the outcome that is stored is the outcome"
    assert len(await rows(JobAttempt)) == 1


def test_outcome_that_is_to_be_tried_again_is_due_at_once_and_counts_by_default() -> None:
    outcome = Outcome(ItemStatus.PENDING)
    assert (outcome.retry_after, outcome.refund, outcome.stops_run, outcome.error_code, outcome.text_digest) == (timedelta(0), False, False, None, None)


async def test_finish_attempts_stores_the_cost_of_the_calls() -> None:
    _, claim = await _nine_leased()
    outcome = Outcome(ItemStatus.SUCCEEDED, model_calls=2, input_tokens=30, output_tokens=4, cached_tokens=5, thinking_tokens=6, cost=Cost(700, "CNY"), dropped={"NAME": 1})
    async with database.transaction() as session:
        await job_attempts.finish_attempts(session, [AttemptEnd(claim, outcome, MINUTE)])
    [attempt] = await rows(JobAttempt)
    assert (attempt.model_calls, attempt.input_tokens, attempt.output_tokens, attempt.cached_tokens, attempt.thinking_tokens) == (2, 30, 4, 5, 6)
    assert (attempt.cost_nano, attempt.cost_currency, attempt.dropped) == (700, "CNY", {"NAME": 1})


async def test_finish_attempts_without_the_lease_changes_nothing_and_is_reported_as_lost() -> None:
    middle, claim = await _nine_leased()
    others = [claim_of(row) for row in await rows(JobItem, JobItem.user_id != middle.user_id)]
    lost = Claim(claim.user_id, claim.job, claim.period, claim.attempt, others[0].lease_token, claim.run_id)
    before = await everything()
    intended = Outcome(ItemStatus.PENDING, "MODEL_TIMEOUT", input_tokens=7, retry_after=HOUR, refund=True)
    async with database.transaction() as session:
        result = await job_attempts.finish_attempts(session, [AttemptEnd(lost, intended, MINUTE)])
        assert (await job_attempts.finish_attempts(session, [])).finished == frozenset()
    assert await everything() == before
    told = result.outcome(lost, intended)
    assert (told.status, told.error_code, told.input_tokens, told.retry_after, told.refund) == (ItemStatus.SKIPPED, "LEASE_LOST", 7, timedelta(0), False)


async def test_finish_of_an_attempt_raises_once_its_outcome_is_stored_or_its_lease_is_lost() -> None:
    middle, claim = await _nine_leased()
    lost = Claim(claim.user_id, claim.job, claim.period, claim.attempt, uuid7(), claim.run_id)
    before = await everything()
    with pytest.raises(job_attempts.LeaseLost):
        async with database.transaction() as session:
            await job_attempts.finish(session, lost, Outcome(ItemStatus.SUCCEEDED), MINUTE)
    assert await everything() == before
    async with database.transaction() as session:
        await job_attempts.finish(session, claim, Outcome(ItemStatus.SUCCEEDED), MINUTE)
    before = await everything()
    with pytest.raises(job_attempts.AlreadyFinished) as found:
        async with database.transaction() as session:
            await job_attempts.finish(session, claim, Outcome(ItemStatus.FAILED, "MODEL_TIMEOUT"), MINUTE)
    assert (found.value.end.status, found.value.end.error_code) == (ItemStatus.SUCCEEDED, None)
    assert await everything() == before


async def test_release_claims_makes_the_named_items_pending_alone() -> None:
    middle, claim = await _nine_leased()
    before = await items_but((middle.user_id, DIARY, DAY))
    async with database.transaction() as session:
        await job_attempts.release_claims(session, [claim])
    assert await items_but((middle.user_id, DIARY, DAY)) == before
    [found] = await rows(JobItem, JobItem.user_id == middle.user_id, JobItem.period == DAY)
    assert (found.status, found.attempts, found.lease_token, found.lease_until) == (ItemStatus.PENDING, 0, None, None)


async def test_release_claims_whose_lease_is_over_changes_nothing() -> None:
    [ann, *_] = await three_users()
    [run, *_] = await three_runs()
    over = leased(ann, left=-MINUTE, run_id=run.id)
    await store(over)
    before = await everything()
    async with database.transaction() as session:
        await job_attempts.release_claims(session, [claim_of(over)])
    assert await everything() == before
