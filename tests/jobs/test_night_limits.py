"""Token limits of job runs: fallbacks at the budget, shares per user, diaries that cannot be stored, killed workers and lost connections."""
from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from sqlalchemy import text, update

from jobs import model_limiter
from persistence import database
from persistence.database import Session
from persistence.errors import DatabaseUnavailable
from persistence.models import ActiveDay, DiaryVersion, JobAttempt, JobItem, JobRun, JobTokenBudget, Message, ModelSlot, NightShare, Usage
from persistence.models.chat import MessageRole, MessageStatus
from persistence.models.diary import Origin
from persistence.models.jobs import ItemStatus, Job, RunStatus
from persistence.queries.job_claims import Beginning, Terms, Wanted, begin_calls, claim_within
from tests.jobs.job_setup import ModelServer, Person, add_person, night, rows, say
from tests.jobs.test_counting import rejecting_inserts
from tests.jobs.test_nights import MONDAY, SPOKEN
from tests.resolvers.chat.chat_setup import set_to

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database", "one_utc_day")]

TOKENS_PER_DAY_ENTRY = 7_000
"""More tokens than a day of SPOKEN takes by its prompt and a usual response."""
ONE_ITEM = model_limiter.ITEM_TOKENS + 500
"""Enough for one such day: the rest is less than the next day's prompt needs."""


async def _people(count: int, days: int = 1, first: date = MONDAY) -> list[Person]:
    people = [await add_person(f"P{number}") for number in range(count)]
    for person in people:
        for number in range(days):
            await say(person, first + timedelta(days=number), *SPOKEN)
    return people


async def _origins(user_id: UUID | None = None) -> list[str]:
    versions = await rows(DiaryVersion, *([] if user_id is None else [DiaryVersion.user_id == user_id]))
    newest = {version.diary_id: version for version in sorted(versions, key=lambda version: version.version)}
    return sorted(version.origin.value for version in newest.values())


async def _used() -> int:
    return sum(row.input_tokens + row.output_tokens for row in await rows(Usage))


async def _assert_settled() -> None:
    """Assert that all used tokens are recorded as spent and none are reserved."""
    budgets, shares = await rows(JobTokenBudget), await rows(NightShare)
    assert sum(budget.spent for budget in budgets) == sum(share.spent for share in shares) == await _used()
    assert not any(budget.reserved for budget in budgets) and await rows(JobItem, JobItem.reserved_by_attempt_id.is_not(None)) == []


async def test_job_run_at_the_token_budget_stores_fallbacks_that_a_later_run_replaces(model: ModelServer) -> None:
    await _people(4)
    with set_to(NIGHT_TOKENS_PER_DAY=str(ONE_ITEM), NIGHT_CONCURRENCY="1"):
        summary = await night(Job.DAILY_DIARY)
        assert (summary.succeeded, summary.pending, summary.stopped_because) == (1, 3, "NIGHT_BUDGET")
        assert await _origins() == ["FALLBACK"] * 3 + ["MODEL"] and await _used() <= ONE_ITEM
        waiting = await rows(JobItem, JobItem.job == Job.DAILY_DIARY, JobItem.status == ItemStatus.PENDING)
        assert {(item.error_code, item.attempts) for item in waiting} == {("NIGHT_BUDGET", 0)}
        calls, versions = await model.calls(), len(await rows(DiaryVersion))
        again = await night(Job.DAILY_DIARY)
        assert (again.pending, again.stopped_because, await model.calls(), len(await rows(DiaryVersion))) == (3, "NIGHT_BUDGET", calls, versions)
    with set_to(NIGHT_TOKENS_PER_DAY="1000000"):
        assert (await night(Job.DAILY_DIARY)).succeeded == 3
    assert await _origins() == ["MODEL"] * 4
    await _assert_settled()


async def test_job_run_reserves_tokens_only_for_the_claimed_items(model: ModelServer) -> None:
    """A cap of three times the need is enough for all, however many slots are free."""
    await _people(10)
    with set_to(NIGHT_TOKENS_PER_DAY=str(3 * 10 * TOKENS_PER_DAY_ENTRY), NIGHT_CONCURRENCY="100"):
        summary = await night(Job.DAILY_DIARY)
    assert (summary.succeeded, summary.stopped_because) == (10, None)
    await _assert_settled()


async def test_job_run_reservations_of_killed_workers_are_freed_or_billed_as_estimated(model: ModelServer) -> None:
    await _people(3)
    with set_to(NIGHT_TOKENS_PER_DAY=str(3 * TOKENS_PER_DAY_ENTRY)):
        await night(Job.DAILY_DIARY, dry_run=True)
        async with database.transaction() as session:
            await session.execute(text(
                "insert into job_items (user_id, job, period, status, due_at) select user_id, 'DAILY_DIARY', day, 'PENDING', now() from active_days"))
            run_id = (await session.execute(text(
                "insert into job_runs (id, trigger, status) values (gen_random_uuid(), 'CLI', 'RUNNING') returning id"))).scalar_one()
        wanted = Wanted(Job.DAILY_DIARY, run_id, 3, timedelta(minutes=1))
        async with database.transaction() as session:
            claims = (await claim_within(session, wanted, Terms(each=TOKENS_PER_DAY_ENTRY, cap=3 * TOKENS_PER_DAY_ENTRY))).claims
        async with database.transaction() as session:
            assert await begin_calls(session, [Beginning(claims[0], TOKENS_PER_DAY_ENTRY)], Terms(each=TOKENS_PER_DAY_ENTRY)) == [None]
        [budget] = await rows(JobTokenBudget)
        assert (len(claims), budget.reserved) == (3, 3 * TOKENS_PER_DAY_ENTRY)
        async with database.transaction() as session:
            await session.execute(update(JobItem).values(lease_until=JobItem.created_at, reserved_until=JobItem.created_at))
        summary = await night(Job.DAILY_DIARY)
    assert (summary.succeeded, await _origins()) == (3, ["MODEL"] * 3)
    [lost] = await rows(Usage, Usage.user_id == claims[0].user_id)
    others = await rows(Usage, Usage.user_id != claims[0].user_id)
    assert (lost.calls, lost.failed_calls) == (2, 1) and lost.input_tokens > TOKENS_PER_DAY_ENTRY, "the killed worker's call is billed as estimated"
    assert {(used.calls, used.failed_calls) for used in others} == {(1, 0)}
    await _assert_settled()


async def test_job_run_limiter_losing_its_connection_at_every_step_loses_no_token(model: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each transaction of the limiter is committed once without an acknowledgement."""
    await _people(3)
    seen = 0

    @asynccontextmanager
    async def breaking() -> AsyncIterator[Session]:
        nonlocal seen
        async with database.transaction() as session:
            yield session
        seen += 1
        if seen % 2 and seen < 20:
            raise DatabaseUnavailable()

    monkeypatch.setattr(model_limiter, "database", SimpleNamespace(session=database.session, transaction=breaking))
    with set_to(NIGHT_TOKENS_PER_DAY="1000000", NIGHT_CONCURRENCY="2", MODEL_CONCURRENCY="2"):
        summary = await night(Job.DAILY_DIARY)
    assert seen > 4 and summary.failed == 0
    assert [run.status for run in await rows(JobRun)] != [RunStatus.FAILED]
    assert await rows(ModelSlot, ModelSlot.run_id.is_not(None)) == []
    monkeypatch.undo()
    async with database.transaction() as session:
        over = {"lease_until": JobItem.created_at, "reserved_until": JobItem.created_at}
        await session.execute(update(JobItem).where(JobItem.status == ItemStatus.RUNNING).values(over))
    await night(Job.DAILY_DIARY)
    assert await _origins() == ["MODEL"] * 3
    await _assert_settled()


async def test_job_run_user_whose_diary_cannot_be_stored_costs_one_call_a_night(model: ModelServer) -> None:
    [poisoned], [honest] = await _people(1), await _people(1)
    with set_to(NIGHT_TOKENS_PER_DAY="60000"):
        async with rejecting_inserts("diary_versions", poisoned.id):
            for _ in range(3):
                await night(Job.DAILY_DIARY)
    attempts = await rows(JobAttempt, JobAttempt.user_id == poisoned.id)
    [item] = await rows(JobItem, JobItem.user_id == poisoned.id, JobItem.job == Job.DAILY_DIARY)
    [used] = await rows(Usage, Usage.user_id == poisoned.id)
    assert (len(attempts), item.status, used.calls, used.failed_calls) == (1, ItemStatus.FAILED, 1, 1)
    assert attempts[0].input_tokens + attempts[0].output_tokens == used.input_tokens + used.output_tokens > 0
    assert await _origins(honest.id) == ["MODEL"] and await _used() <= 60_000
    await _assert_settled()


async def test_job_run_user_with_many_days_leaves_the_others_their_share_and_gets_the_rest(model: ModelServer) -> None:
    [greedy] = await _people(1, days=12, first=MONDAY - timedelta(days=20))
    others = await _people(4)
    cap = 5 * model_limiter.ITEM_TOKENS  # less than two thirds of the tokens of all days
    with set_to(NIGHT_TOKENS_PER_DAY=str(cap), NIGHT_CONCURRENCY="2"):
        summary = await night(Job.DAILY_DIARY)
    for person in others:
        assert await _origins(person.id) == ["MODEL"]
    own = await _origins(greedy.id)
    assert len(own) == 12 and 2 <= own.count("MODEL") < 12, "the user with many days gets the rest, and every day has an entry"
    assert summary.stopped_because == "NIGHT_BUDGET" and await _used() <= cap
    await _assert_settled()


async def test_job_run_at_a_users_token_limit_stores_fallbacks_for_the_other_days(model: ModelServer) -> None:
    [greedy] = await _people(1, days=4)
    [other] = await _people(1)
    with set_to(NIGHT_TOKENS_PER_USER=str(2 * TOKENS_PER_DAY_ENTRY), NIGHT_CONCURRENCY="3"):
        summary = await night(Job.DAILY_DIARY)
    own = await _origins(greedy.id)
    assert len(own) == 4 and 1 <= own.count("MODEL") <= 3 and await _origins(other.id) == ["MODEL"]
    assert summary.stopped_because == "NIGHT_USER_BUDGET" and summary.pending == own.count("FALLBACK")
    [share] = await rows(NightShare, NightShare.user_id == greedy.id)
    assert share.spent <= 2 * TOKENS_PER_DAY_ENTRY
    await _assert_settled()


async def test_daily_diary_day_with_unchanged_messages_makes_no_call_unless_forced(model: ModelServer) -> None:
    [person] = await _people(1)
    await night(Job.DAILY_DIARY)
    calls = await model.calls()
    async with database.transaction() as session:
        await session.execute(update(ActiveDay).values(revision=ActiveDay.revision + 1))
    assert (await night(Job.DAILY_DIARY)).skipped == 1 and await model.calls() == calls
    await night(Job.DAILY_DIARY, first=MONDAY, last=MONDAY, force=True)
    assert await model.calls() == calls + 1, "a forced run calls the model again"
    await say(person, MONDAY, "I also bought a boat today.", hour=15)
    assert (await night(Job.DAILY_DIARY)).succeeded == 1 and await model.calls() == calls + 2


async def test_daily_diary_day_edited_repeatedly_is_rewritten_once_a_night(model: ModelServer) -> None:
    [person] = await _people(1)
    for number in range(4):
        await say(person, MONDAY, f"I decided to learn {number} songs.", hour=12 + number)
        await night(Job.DAILY_DIARY, rewrite_after=timedelta(hours=20))
    assert await model.calls() == 1
    async with database.transaction() as session:
        await session.execute(update(JobItem).values(finished_at=JobItem.finished_at - timedelta(hours=21)))
    await night(Job.DAILY_DIARY, rewrite_after=timedelta(hours=20))
    assert await model.calls() == 2


async def test_daily_diary_message_over_the_quota_is_counted_and_not_read(model: ModelServer) -> None:
    [person] = await _people(1)
    [refused, *_] = await say(person, MONDAY, "I bought a zeppelin today.", "I live in Atlantis.", hour=15)
    async with database.transaction() as session:
        await session.execute(text("delete from messages where reply_to = :id"), {"id": refused})
        await session.execute(update(Message).where(Message.id == refused).values(status=MessageStatus.FAILED, error_code="QUOTA_EXCEEDED"))
    await night(Job.DAILY_DIARY)
    [version] = await rows(DiaryVersion)
    answers = await rows(Message, Message.role == MessageRole.ASSISTANT)
    assert version.origin is Origin.MODEL and version.message_count == len(SPOKEN) + 2 + len(answers)
    stored = str(await _lines())
    assert "Atlantis" in stored and "zeppelin" not in stored


async def _lines() -> list[str]:
    tables = ("select text from diary_lines", "select quote from line_evidence", "select quote from signal_evidence")
    async with database.transaction() as session:
        return [str(row) for row in await session.execute(text(" union all ".join(tables)))]
