# ruff: noqa: E501 - rows of items read by their lines
"""Claims within limits: which items fit into the tokens of the day, of a user and of a user's share, to the last token."""
from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from typing import Any

import pytest
from sqlalchemy import func, select, text

from persistence import database
from persistence.ids import uuid7
from persistence.models import ActiveDay, JobItem, JobRun, JobTokenBudget, NightShare, User
from persistence.models.jobs import ItemStatus, Job
from persistence.queries import job_claims, token_reservations
from persistence.queries.job_claims import Beginning, Claimed, Terms, Wanted
from persistence.queries.job_queue import Claim
from tests.jobs.job_setup import everything, rows
from tests.persistence.queue_setup import DAY, DAYS, HOUR, MINUTE, ago, item, items_but, leased, store, three_runs, three_users

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database", "one_utc_day")]

DIARY, PROFILE, WEEK = Job.DAILY_DIARY, Job.DAILY_PROFILE, Job.WEEKLY_PROFILE


async def utc_today() -> date:
    async with database.session() as session:
        return (await session.execute(select(token_reservations.today()))).scalar_one()


async def claim(run: JobRun, terms: Terms, *, job: Job = DIARY, limit: int = 10, **wanted: Any) -> Claimed:
    async with database.transaction() as session:
        return await job_claims.claim_within(session, Wanted(job, run.id, limit, HOUR, **wanted), terms)


async def claim_without_waiting(run: JobRun) -> Claimed:
    """Claim all that is due, or raise if that would have to wait for another transaction's lock."""
    async with database.transaction() as session:
        await session.execute(text("set local lock_timeout = '1s'"))
        return await job_claims.claim_within(session, Wanted(DIARY, run.id, 10, HOUR), Terms(300))


async def begin(terms: Terms, *beginnings: tuple[Claim, int]) -> list[str | None]:
    async with database.transaction() as session:
        return await job_claims.begin_calls(session, [Beginning(*one) for one in beginnings], terms)


def keys(claimed: Claimed) -> list[tuple[Any, date]]:
    return [(found.user_id, found.period) for found in claimed.claims]


async def _items(*, days: tuple[date, ...] = DAYS, **columns: Any) -> tuple[list[User], JobRun]:
    """Store items of three users and return the users by id, and the middle one of three runs."""
    people, runs = await three_users(), await three_runs()
    for user in (people[2], people[0], people[1]):
        await store(*(item(user, day, **columns) for day in days))
    return people, runs[1]


async def test_read_terms_divides_the_budget_among_users_with_items_today() -> None:
    first, second, third = await three_users()
    today, tomorrow = await utc_today(), timedelta(days=1)
    async with database.session() as session:
        assert await job_claims.read_terms(session, Terms(5)) == Terms(5)
        assert await job_claims.read_terms(session, Terms(5, cap=1_000)) == Terms(5, cap=1_000, share=1_000)
    day = {"starts_at": ago(HOUR), "revision": 3, "diary_revision": 2}
    await store(NightShare(user_id=first.id, day=today - tomorrow), NightShare(user_id=second.id, day=today + tomorrow), item(third, due=-HOUR), item(third, DAYS[0], PROFILE),
                item(second, DAYS[0], status=ItemStatus.SUCCEEDED), ActiveDay(user_id=third.id, day=DAY, ends_at=ago(MINUTE), **day),
                ActiveDay(user_id=first.id, day=DAY, ends_at=ago(-2 * tomorrow), **day), ActiveDay(user_id=second.id, day=DAY, ends_at=ago(-timedelta(seconds=60)), **{**day, "diary_revision": 3}))  # fmt: skip
    async with database.session() as session:
        assert await job_claims.read_terms(session, Terms(5, cap=1_000)) == Terms(5, cap=1_000, share=1_000), "none of them has an item today"
    soon = ago(-timedelta(seconds=80))
    await store(item(first), NightShare(user_id=second.id, day=today), ActiveDay(user_id=third.id, day=DAYS[0], ends_at=soon, **day))
    async with database.session() as session:
        assert await job_claims.read_terms(session, Terms(5, cap=1_000)) == Terms(5, cap=1_000, share=333, held_back=333)
    await store(leased(second, DAY, WEEK), ActiveDay(user_id=first.id, day=DAYS[0], ends_at=soon, **day), ActiveDay(user_id=second.id, day=DAYS[0], ends_at=soon, **day))
    async with database.session() as session:
        assert await job_claims.read_terms(session, Terms(5, cap=1_000)) == Terms(5, cap=1_000, share=333, held_back=333), "each user counts once"
        await session.close()
    await store(leased(third, DAY, WEEK))
    async with database.session() as session:
        assert (await job_claims.read_terms(session, Terms(5, cap=1_000))).share == 250, "a user may be counted as active and as coming"


async def test_read_terms_holds_back_the_shares_of_users_whose_day_ends_today() -> None:
    ann, bob, cem = await three_users()
    today, day = await utc_today(), timedelta(days=1)
    midnight = datetime.combine(today + day, time(), timezone.utc)
    ending = {"day": DAY, "starts_at": ago(HOUR), "revision": 3, "diary_revision": 2}
    await store(ActiveDay(user_id=ann.id, ends_at=midnight, **ending), ActiveDay(user_id=cem.id, ends_at=midnight + MINUTE, **ending))
    async with database.transaction() as session:
        session.add(ActiveDay(user_id=bob.id, **{**ending, "ends_at": func.now()}))
        await session.flush()
        assert await job_claims.read_terms(session, Terms(5, cap=1_000)) == Terms(5, cap=1_000, share=1_000, held_back=1_000), "only the first one's ends later"


async def test_read_terms_holds_back_the_shares_of_users_who_used_tokens_on_another_day() -> None:
    ann, bob, cem = await three_users()
    today, day = await utc_today(), timedelta(days=1)
    ending = {"day": DAY, "starts_at": ago(HOUR), "ends_at": datetime.combine(today + day, time(), timezone.utc), "revision": 3, "diary_revision": 2}
    await store(ActiveDay(user_id=ann.id, **ending), ActiveDay(user_id=cem.id, **ending))
    await store(NightShare(user_id=ann.id, day=today - day), NightShare(user_id=cem.id, day=today + day), NightShare(user_id=bob.id, day=today), item(bob))
    async with database.session() as session:
        assert await job_claims.read_terms(session, Terms(5, cap=1_000)) == Terms(5, cap=1_000, share=333, held_back=666)


@pytest.mark.parametrize(("terms", "counts", "within"), [
    (Terms(300), [3, 3, 3], False), (Terms(300, cap=900), [3, 0, 0], False), (Terms(300, cap=300), [1, 0, 0], False), (Terms(300, cap=899), [2, 0, 0], False), (Terms(300, per_user=600), [2, 2, 2], False),
    (Terms(300, per_user=599), [1, 1, 1], False), (Terms(300, share=600), [2, 2, 2], True), (Terms(300, share=600, per_user=300), [1, 1, 1], True),
    (Terms(300, cap=1_500, share=600), [2, 2, 1], True),
])  # fmt: skip
async def test_claim_within_claims_what_fits_to_the_last_token_and_reserves_it(terms: Terms, counts: list[int], within: bool) -> None:
    people, run = await _items()
    claimed = await claim(run, terms)
    assert sorted((sum(found.user_id == user.id for found in claimed.claims) for user in people), reverse=True) == counts
    assert claimed.exhausted is None and {found.within_share for found in claimed.claims} == {within}
    assert {found.refusal for found in claimed.claims} == {None} and {found.attempt for found in claimed.claims} == {1}
    running = await rows(JobItem, JobItem.status == ItemStatus.RUNNING)
    assert {(row.user_id, row.period, row.reserved_by_attempt_id) for row in running} == {(found.user_id, found.period, found.attempt_id) for found in claimed.claims}
    assert {(row.reserved_tokens, row.reserved_on, row.run_id, row.call_started_at) for row in running} == {(300, await utc_today(), run.id, None)}
    [budget] = await rows(JobTokenBudget)
    assert (budget.spent, budget.reserved) == (0, 300 * sum(counts))


async def test_claim_within_counts_what_each_user_has_used_today() -> None:
    people, run = await _items(days=DAYS[:1])
    ann, bob, cem = people
    today = await utc_today()
    await store(*(NightShare(user_id=user.id, day=today + timedelta(days=by), spent=900) for user, by in ((ann, -1), (cem, 1), (bob, 0))),
                leased(cem, DAY, WEEK, reserved_by_attempt_id=uuid7(), reserved_tokens=800, reserved_on=today - timedelta(days=1), reserved_until=ago(-HOUR)),
                leased(ann, DAY, WEEK, reserved_by_attempt_id=uuid7(), reserved_tokens=101, reserved_on=today, reserved_until=ago(-HOUR)))  # fmt: skip
    claimed = await claim(run, Terms(300, per_user=400))
    assert keys(claimed) == [(cem.id, DAYS[0])]
    assert keys(await claim(run, Terms(300, per_user=1_200))) == [(ann.id, DAYS[0]), (bob.id, DAYS[0])]


async def test_claim_within_takes_an_item_s_own_estimate_instead_of_the_average() -> None:
    ann, bob, cem = await three_users()
    _, run, _ = await three_runs()
    await store(item(ann, estimated_tokens=50), item(bob, estimated_tokens=700), item(cem))
    claimed = await claim(run, Terms(300, cap=400))
    assert keys(claimed) == [(ann.id, DAY), (cem.id, DAY)]
    assert sorted(row.reserved_tokens for row in await rows(JobItem, JobItem.status == ItemStatus.RUNNING)) == [50, 300]


async def test_claim_within_with_a_limit_passes_over_users_without_tokens_left() -> None:
    ann, bob, _ = await three_users()
    _, run, _ = await three_runs()
    await store(item(ann, due=HOUR), item(bob), NightShare(user_id=ann.id, day=await utc_today(), spent=400))
    assert keys(await claim(run, Terms(300, per_user=600), limit=1)) == [(bob.id, DAY)]


async def test_claim_within_passes_over_items_that_another_transaction_has_locked() -> None:
    ann, bob, _ = await three_users()
    _, run, _ = await three_runs()
    await store(item(ann), item(bob))
    async with database.transaction() as session:
        await session.execute(select(JobItem.period).where(JobItem.user_id == ann.id).with_for_update())
        claimed = await claim_without_waiting(run)
    assert keys(claimed) == [(bob.id, DAY)]


async def test_claim_within_a_budget_and_a_share_of_one_token_is_within_the_share() -> None:
    ann, _, _ = await three_users()
    _, run, _ = await three_runs()
    await store(item(ann))
    assert [found.within_share for found in (await claim(run, Terms(1, cap=1, share=1))).claims] == [True]


async def test_claim_within_beyond_the_share_keeps_what_is_held_back_and_prefers_those_who_used_least() -> None:
    people, run = await _items(days=DAYS[:1])
    today = await utc_today()
    await store(*(NightShare(user_id=user.id, day=today, spent=spent) for user, spent in zip(people, (700, 300, 500))), JobTokenBudget(day=today, spent=1_500))
    _, bob, cem = people
    assert keys(await claim(run, Terms(300, cap=2_000, share=300, held_back=300), job=PROFILE)) == []
    claimed = await claim(run, Terms(300, cap=2_500, share=300, held_back=400))
    assert keys(claimed) == [(bob.id, DAYS[0]), (cem.id, DAYS[0])], "600 of the 1000 tokens that are left"
    assert {found.within_share for found in claimed.claims} == {False}


async def test_claim_within_leaves_items_of_other_runs_jobs_and_later_times() -> None:
    ann, bob, cem = await three_users()
    first, run, last = await three_runs()
    await store(item(ann, run_id=first.id), item(bob, run_id=run.id), item(cem, run_id=last.id), item(bob, DAYS[0], run_id=run.id, due=-HOUR), item(bob, DAY, WEEK, run_id=run.id))
    before = await items_but((bob.id, DIARY, DAY))
    claimed = await claim(run, Terms(300), only_run=True)
    assert keys(claimed) == [(bob.id, DAY)]
    assert await items_but((bob.id, DIARY, DAY)) == before


async def test_claim_within_takes_one_item_of_a_lost_worker_once_nothing_is_due() -> None:
    ann, bob, _ = await three_users()
    _, run, _ = await three_runs()
    await store(item(ann), leased(bob, DAYS[0], left=-MINUTE), leased(bob, DAYS[1], left=-HOUR), leased(bob, DAYS[2], left=HOUR))
    assert keys(await claim(run, Terms(300), expired_too=True)) == [(ann.id, DAY)]
    assert keys(await claim(run, Terms(300))) == []
    lost = await claim(run, Terms(300), expired_too=True)
    assert keys(lost) == [(bob.id, DAYS[1])] and lost.claims[0].attempt == 2
    assert keys(await claim(run, Terms(300), expired_too=True)) == [(bob.id, DAYS[0])]
    assert keys(await claim(run, Terms(300), expired_too=True)) == []


async def test_claim_within_takes_no_more_than_the_calls_of_this_minute() -> None:
    _, run = await _items()
    assert len((await claim(run, Terms(300, calls_per_minute=2))).claims) == 2
    before = await everything()
    assert await claim(run, Terms(300, calls_per_minute=2)) == Claimed(exhausted=job_claims.PACE)
    assert (await everything())["job_items"] == before["job_items"]


async def test_claim_within_once_nothing_fits_claims_each_day_without_tokens_once() -> None:
    people, run = await _items()
    today = await utc_today()
    await store(JobTokenBudget(day=today, spent=1_000), NightShare(user_id=people[1].id, day=today, spent=800))
    claimed = await claim(run, Terms(300, cap=1_000, per_user=900), limit=4)
    assert len(claimed.claims) == 4 and claimed.exhausted == claimed.claims[0].refusal or claimed.exhausted in job_claims.REFUSALS
    claimed = Claimed([*claimed.claims, *(await claim(run, Terms(300, cap=1_000, per_user=900))).claims])
    refusals = {(found.user_id, found.refusal) for found in claimed.claims}
    assert len(claimed.claims) == 9 and refusals == {(people[0].id, "NIGHT_BUDGET"), (people[1].id, "NIGHT_USER_BUDGET"), (people[2].id, "NIGHT_BUDGET")}
    assert {(row.reserved_tokens, row.reserved_by_attempt_id) for row in await rows(JobItem)} == {(0, None)}
    assert await claim(run, Terms(300, cap=1_000)) == Claimed()


async def test_claim_within_once_nothing_fits_tells_the_limit_of_the_item_that_is_due_longest() -> None:
    ann, bob, _ = await three_users()
    _, run, _ = await three_runs()
    today = await utc_today()
    await store(item(ann), item(bob, due=HOUR), JobTokenBudget(day=today, spent=1_000), NightShare(user_id=bob.id, day=today, spent=800))
    claimed = await claim(run, Terms(300, cap=1_000, per_user=900))
    assert (claimed.exhausted, len(claimed.claims)) == ("NIGHT_USER_BUDGET", 2)


@pytest.mark.parametrize(("per_user", "code"), [(300, "NIGHT_BUDGET"), (299, "NIGHT_USER_BUDGET"), (0, "NIGHT_BUDGET")])
async def test_claim_within_names_the_user_s_limit_only_if_the_item_exceeds_it(per_user: int, code: str) -> None:
    _, run = await _items(days=DAYS[:1])
    await store(JobTokenBudget(day=await utc_today(), spent=1_000))
    claimed = await claim(run, Terms(300, cap=1_000, per_user=per_user))
    assert (claimed.exhausted, {found.refusal for found in claimed.claims}) == (code, {code})


@pytest.mark.parametrize(("stored", "told"), [(None, "NIGHT_BUDGET"), ("NIGHT_USER_BUDGET", "NIGHT_USER_BUDGET"), ("MODEL_TIMEOUT", "NIGHT_BUDGET")])
async def test_claim_within_of_a_week_that_does_not_fit_claims_nothing_and_tells_the_limit(stored: str | None, told: str) -> None:
    ann, _, _ = await three_users()
    _, run, _ = await three_runs()
    await store(item(ann, job=WEEK, error_code=stored), JobTokenBudget(day=await utc_today(), spent=1_000))
    before = (await everything())["job_items"]
    assert await claim(run, Terms(300, cap=1_000), job=WEEK) == Claimed(exhausted=told)
    assert (await everything())["job_items"] == before


async def test_claim_within_without_tokens_a_lost_worker_s_day_gets_the_refusal() -> None:
    ann, _, _ = await three_users()
    _, run, _ = await three_runs()
    await store(leased(ann, left=-MINUTE), JobTokenBudget(day=await utc_today(), spent=1_000))
    assert await claim(run, Terms(300, cap=1_000)) == Claimed()
    claimed = await claim(run, Terms(300, cap=1_000), expired_too=True)
    assert (claimed.exhausted, [found.refusal for found in claimed.claims]) == ("NIGHT_BUDGET", ["NIGHT_BUDGET"])
    assert [(row.reserved_tokens, row.reserved_by_attempt_id) for row in await rows(JobItem)] == [(0, None)]


@pytest.mark.parametrize(("terms", "need", "code"), [
    (Terms(300), 10_000, None), (Terms(300, cap=2_000), 1_400, None), (Terms(300, cap=2_000), 1_401, "NIGHT_BUDGET"), (Terms(300, per_user=500), 500, None),
    (Terms(300, per_user=500), 501, "NIGHT_USER_BUDGET"), (Terms(300, cap=5_000, share=400), 400, None), (Terms(300, cap=5_000, share=400), 401, "NIGHT_SHARE"), (Terms(300, cap=900), 100, None),
])  # fmt: skip
async def test_begin_calls_reserves_what_the_prompt_needs_or_names_the_limit_that_it_exceeds(terms: Terms, need: int, code: str | None) -> None:
    people, run = await _items(days=DAYS[:1])
    claimed = await claim(run, terms)
    middle = next(found for found in claimed.claims if found.user_id == people[1].id)
    before = await items_but((middle.user_id, DIARY, DAYS[0]))
    assert await begin(terms, (middle, need)) == [code]
    assert await items_but((middle.user_id, DIARY, DAYS[0])) == before
    [row] = await rows(JobItem, JobItem.user_id == middle.user_id)
    assert (row.estimated_tokens, row.reserved_tokens, row.call_started_at is not None) == (need, need if code is None else 300, code is None)
    [budget] = await rows(JobTokenBudget)
    assert (budget.spent, budget.reserved) == (0, 600 + (need if code is None else 300))


async def test_begin_calls_of_several_users_counts_each_in_turn() -> None:
    people, run = await _items(days=DAYS[:1])
    terms = Terms(300, cap=1_200)
    claims = {found.user_id: found for found in (await claim(run, terms)).claims}
    ordered = [claims[user.id] for user in people]
    assert await begin(terms, (ordered[0], 400), (ordered[1], 501), (ordered[2], 500)) == [None, "NIGHT_BUDGET", None]
    assert await begin(terms, (ordered[1], 300)) == [None]
    assert await begin(terms, (ordered[1], 301)) == ["NIGHT_BUDGET"]


async def test_begin_calls_of_one_user_counts_the_tokens_spent_and_reserved_today() -> None:
    people, run = await _items()
    bob = people[1]
    terms, today = Terms(300, per_user=2_000), await utc_today()
    of_bob = [found for found in (await claim(run, terms)).claims if found.user_id == bob.id]
    await store(*(NightShare(user_id=user.id, day=today + timedelta(days=by), spent=1_000 if not by and user is bob else 5_000)
                  for user, by in ((people[0], 0), (people[2], 0), (bob, -1), (bob, 1), (bob, 0))))  # fmt: skip
    before = await items_but((bob.id, DIARY, of_bob[1].period))
    assert await begin(terms, (of_bob[1], 401)) == ["NIGHT_USER_BUDGET"]
    assert await items_but((bob.id, DIARY, of_bob[1].period)) == before
    assert await begin(terms, (of_bob[0], 350), (of_bob[1], 351), (of_bob[2], 350)) == [None, "NIGHT_USER_BUDGET", None]


async def test_begin_calls_without_the_lease_changes_nothing() -> None:
    people, run = await _items(days=DAYS[:1])
    claims = list((await claim(run, Terms(300))).claims)
    ended = Claim(claims[1].user_id, DIARY, DAYS[0], 1, uuid7(), run.id, claims[1].attempt_id)
    other = Claim(claims[1].user_id, DIARY, DAYS[0], 1, claims[1].lease_token, run.id, uuid7())
    before = (await everything())["job_items"]
    assert await begin(Terms(300), (ended, 10)) == ["LEASE_LOST"]
    assert await begin(Terms(300), (other, 10)) == ["LEASE_LOST"]
    assert (await everything())["job_items"] == before
    async with database.transaction() as session:
        row = await session.get_one(JobItem, (claims[0].user_id, DIARY, DAYS[0]))
        row.reserved_until = ago(MINUTE)
    before = await items_but((claims[2].user_id, DIARY, DAYS[0]))
    assert await begin(Terms(300), (claims[0], 10), (claims[2], 20)) == ["LEASE_LOST", None]
    assert await items_but((claims[2].user_id, DIARY, DAYS[0])) == before


def test_terms_without_limits_are_all_zero() -> None:
    assert Terms(300) == Terms(300, cap=0, per_user=0, share=0, held_back=0, calls_per_minute=0)
    assert Claimed() == Claimed((), None)
