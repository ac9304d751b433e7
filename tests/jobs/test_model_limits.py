"""Limits across instances: model slots, calls per minute, tokens per day, pauses, the model switch, cancellation."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import text, update

import settings
from jobs import model_limiter
from persistence import database
from persistence.errors import DatabaseError
from persistence.ids import uuid7
from persistence.models import DiaryVersion, JobItem, JobRun, ModelPause, ModelSlot, Usage
from persistence.models.diary import Origin
from persistence.models.jobs import ItemStatus, Job, RunStatus
from persistence.models.limits import PauseKind
from persistence.queries import job_runs, model_limits
from tests.jobs.job_setup import ModelServer, add_person, everything, night, night_tokens, rows, say
from tests.jobs.test_nights import MONDAY, SPOKEN

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

MINUTE = timedelta(minutes=1)


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    """Set variables with `setting.setenv`; they apply to the next run."""
    yield monkeypatch
    monkeypatch.undo()
    settings.current.cache_clear()


async def _people(count: int) -> None:
    for _ in range(count):
        await say(await add_person(), MONDAY, *SPOKEN)


async def _night(setting: pytest.MonkeyPatch, **variables: object):  # type: ignore[no-untyped-def]
    for name, value in variables.items():
        setting.setenv(name, str(value))
    settings.current.cache_clear()
    return await night(Job.DAILY_DIARY)


async def _take(run_id: object, wanted: int, cap: int = 5, lease: timedelta = MINUTE) -> int:
    async with database.transaction() as session:
        return await model_limits.lease_slots(session, run_id, wanted=wanted, cap=cap, lease=lease)  # type: ignore[arg-type]


async def test_lease_slots_by_many_runs_never_exceeds_the_cap() -> None:
    taken = await asyncio.gather(*(_take(uuid7(), 2) for _ in range(6)))
    assert sum(taken) == 5 and len([slot for slot in await rows(ModelSlot) if slot.run_id]) == 5


async def test_lease_slots_reuses_expired_slots_and_leaves_leased_ones() -> None:
    dead, living = uuid7(), uuid7()
    assert (await _take(dead, 3, lease=timedelta(0)), await _take(living, 5)) == (3, 5)
    assert await _take(uuid7(), 5) == 0
    async with database.transaction() as session:
        assert await model_limits.renew_slots(session, dead, MINUTE) == 0
        await model_limits.release_slots(session, living)
    assert await _take(uuid7(), 5) == 5


async def test_job_runs_at_once_never_exceed_the_model_concurrency(model: ModelServer, setting: pytest.MonkeyPatch) -> None:
    await _people(12)
    summaries = await asyncio.gather(*(_night(setting, MODEL_CONCURRENCY=3, NIGHT_CONCURRENCY=2) for _ in range(3)))
    assert sum(found.succeeded for found in summaries) == 12
    assert await model.most_in_flight() <= 3


async def test_job_run_without_a_free_slot_claims_nothing(model: ModelServer, setting: pytest.MonkeyPatch) -> None:
    await _people(1)
    await _take(uuid7(), 1, cap=1)
    summary = await _night(setting, MODEL_CONCURRENCY=1)
    assert (summary.pending, summary.stopped_because) == (1, "MODEL_BUSY") and await model.calls() == 0
    assert [item.attempts for item in await rows(JobItem)] == [0]


async def test_job_run_at_the_calls_per_minute_limit_stops_and_leaves_the_rest_pending(model: ModelServer, setting: pytest.MonkeyPatch) -> None:
    await _people(30)
    summary = await _night(setting, MODEL_CALLS_PER_MINUTE=5)
    assert summary.stopped_because == "MODEL_PACE" and 5 <= summary.succeeded < 30
    assert summary.succeeded + summary.pending == 30 and await model.calls() == summary.succeeded


@pytest.mark.usefixtures("one_utc_day")
async def test_job_run_at_the_token_budget_stops_and_counts_the_spent_tokens(model: ModelServer, setting: pytest.MonkeyPatch) -> None:
    await _people(5)
    summary = await _night(setting, NIGHT_TOKENS_PER_DAY=2 * model_limiter.ITEM_TOKENS, NIGHT_CONCURRENCY=1)
    spent, reserved = await night_tokens()
    assert summary.stopped_because == "NIGHT_BUDGET" and summary.pending > 0
    assert spent == summary.tokens <= 2 * model_limiter.ITEM_TOKENS and reserved == 0


async def test_job_run_account_wide_error_pauses_the_model_for_later_runs(model: ModelServer) -> None:
    await _people(3)
    await model.fail(always="402")
    await night(Job.DAILY_DIARY)
    [pause] = await rows(ModelPause)
    assert (pause.kind, pause.reason) == (PauseKind.MODEL, "MODEL_QUOTA_EXCEEDED")
    calls = await model.calls()
    await _people(2)
    summary = await night(Job.DAILY_DIARY)
    assert await model.calls() == calls and summary.stopped_because == "MODEL_QUOTA_EXCEEDED"
    assert [version.origin for version in await rows(DiaryVersion)] == [Origin.FALLBACK] * 5


async def test_job_run_successful_probe_ends_the_pause_and_processes_the_waiting_items(model: ModelServer) -> None:
    await _people(3)
    await model.fail(always="401")
    await night(Job.DAILY_DIARY)
    await model.reset()
    async with database.transaction() as session:
        await session.execute(update(ModelPause).values(probe_at=datetime.now(timezone.utc) - MINUTE))
        await session.execute(update(JobItem).values(due_at=datetime.now(timezone.utc) - MINUTE))
    summary = await night(Job.DAILY_DIARY)
    assert await rows(ModelPause) == [] and summary.succeeded == 3
    assert {item.status for item in await rows(JobItem, JobItem.job == Job.DAILY_DIARY)} == {ItemStatus.SUCCEEDED}


async def test_job_run_rejected_probe_makes_one_call_and_keeps_the_pause(model: ModelServer) -> None:
    await _people(3)
    await model.fail(always="401")
    await night(Job.DAILY_DIARY)
    async with database.transaction() as session:
        await session.execute(update(ModelPause).values(probe_at=datetime.now(timezone.utc) - MINUTE))
        await session.execute(update(JobItem).values(due_at=datetime.now(timezone.utc) - MINUTE))
    calls = await model.calls()
    await night(Job.DAILY_DIARY)
    [pause] = await rows(ModelPause)
    assert await model.calls() == calls + 1 and pause.probe_at > datetime.now(timezone.utc)
    assert {item.attempts for item in await rows(JobItem)} == {0}


async def test_job_run_probe_unused_by_a_job_without_due_items_is_made_by_the_next_job(model: ModelServer) -> None:
    await _people(2)
    await night(Job.DAILY_DIARY)
    await model.fail(always="401")
    assert (await night(Job.WEEKLY_PROFILE)).stopped_because == "MODEL_UNAUTHORIZED"
    await model.reset()
    async with database.transaction() as session:
        await session.execute(update(ModelPause).values(probe_at=datetime.now(timezone.utc) - MINUTE))
        await session.execute(update(JobItem).where(JobItem.status == ItemStatus.PENDING).values(due_at=datetime.now(timezone.utc) - MINUTE))
    await night()
    assert await rows(ModelPause) == [] and not await rows(JobItem, JobItem.status == ItemStatus.PENDING)


async def test_claim_probe_by_many_callers_is_given_to_one() -> None:
    async with database.transaction() as session:
        await model_limits.pause_model(session, "MODEL_UNAUTHORIZED", timedelta(0))

    async def probe() -> bool:
        async with database.transaction() as session:
            return await model_limits.claim_probe(session, MINUTE)

    assert sum(await asyncio.gather(*(probe() for _ in range(5)))) == 1


@pytest.mark.parametrize("by", ["setting", "admin"])
async def test_job_run_with_the_model_switched_off_stores_fallbacks_without_a_call(
    model: ModelServer, setting: pytest.MonkeyPatch, by: str
) -> None:
    person = await add_person()
    await say(person, MONDAY, *SPOKEN)
    if by == "admin":
        async with database.transaction() as session:
            await model_limits.disable_model(session, person.id, "too dear")
    summary = await _night(setting, MODEL_ENABLED="false" if by == "setting" else "true")
    assert summary.stopped_because == "MODEL_SWITCHED_OFF" and await model.calls() == 0
    assert [version.origin for version in await rows(DiaryVersion)] == [Origin.FALLBACK]


async def test_job_run_when_cancelled_stops_before_its_next_item(model: ModelServer) -> None:
    await _people(2)
    run_ids = []

    async def cancel_first(session: object, run_id: object) -> bool:
        run_ids.append(run_id)
        async with database.transaction() as session:
            return await job_runs.request_cancel(session, run_id)  # type: ignore[arg-type]

    import jobs.worker as running

    original = running.cancel_requested
    running.cancel_requested = cancel_first  # type: ignore[assignment]
    try:
        summary = await night(Job.DAILY_DIARY)
    finally:
        running.cancel_requested = original
    [run] = await rows(JobRun)
    assert run.status is RunStatus.CANCELLED and run.cancel_requested_at and summary.stopped_because == "CANCELLED"
    assert await model.calls() == 0 and {item.attempts for item in await rows(JobItem)} == {0}


async def test_request_cancel_of_a_finished_run_is_refused_and_changes_nothing(model: ModelServer) -> None:
    await _people(1)
    summary = await night(Job.DAILY_DIARY)
    before = await everything()
    async with database.transaction() as session:
        assert not await job_runs.request_cancel(session, summary.run_id)  # type: ignore[arg-type]
    assert await everything() == before


@pytest.mark.usefixtures("one_utc_day")
async def test_job_run_each_finished_item_frees_its_reserved_tokens(model: ModelServer, setting: pytest.MonkeyPatch) -> None:
    """With a budget for one item at a time the whole run finishes, and the budget row holds the spent tokens."""
    await _people(6)
    one = await _night(setting, NIGHT_CONCURRENCY=1, NIGHT_TOKENS_PER_DAY=model_limiter.ITEM_TOKENS)
    assert (one.succeeded, one.stopped_because) == (1, "NIGHT_BUDGET")
    cap = one.tokens * 7 + model_limiter.ITEM_TOKENS
    rest = await _night(setting, NIGHT_CONCURRENCY=1, NIGHT_TOKENS_PER_DAY=cap)
    spent, reserved = await night_tokens()
    assert (rest.succeeded, rest.pending, reserved) == (5, 0, 0) and spent == one.tokens + rest.tokens < cap


@pytest.mark.usefixtures("one_utc_day")
async def test_job_runs_at_once_stay_within_the_token_budget(model: ModelServer, setting: pytest.MonkeyPatch) -> None:
    await _people(12)
    cap = 3 * model_limiter.ITEM_TOKENS
    summaries = await asyncio.gather(*(_night(setting, NIGHT_CONCURRENCY=2, NIGHT_TOKENS_PER_DAY=cap) for _ in range(4)))
    spent, reserved = await night_tokens()
    assert spent == sum(found.tokens for found in summaries) <= cap and reserved == 0
    assert "NIGHT_BUDGET" in {found.stopped_because for found in summaries}


async def test_job_run_failed_call_counts_against_the_token_budget(model: ModelServer, setting: pytest.MonkeyPatch) -> None:
    await _people(1)
    await model.fail(always="truncated")
    summary = await _night(setting, NIGHT_TOKENS_PER_DAY=10**6)
    [used] = await rows(Usage)
    assert await night_tokens() == (summary.tokens, 0) and (used.calls, used.failed_calls) == (1, 1)
    assert summary.tokens == used.input_tokens + used.output_tokens > 0


@pytest.mark.parametrize("by", ["switch", "refusal elsewhere"])
async def test_job_run_model_stopped_midway_makes_no_further_call(model: ModelServer, setting: pytest.MonkeyPatch, by: str) -> None:
    await _people(5)
    root = await add_person("Root")
    await model.fail(latency_ms=1000)
    running = asyncio.ensure_future(_night(setting, NIGHT_CONCURRENCY=1))
    while not await model.calls():
        await asyncio.sleep(0.02)
    async with database.transaction() as session:
        if by == "switch":
            await model_limits.disable_model(session, root.id, "too dear")
        else:
            await model_limits.pause_model(session, "MODEL_UNAUTHORIZED", MINUTE)
    summary = await running
    code = "MODEL_SWITCHED_OFF" if by == "switch" else "MODEL_UNAUTHORIZED"
    asked = await model.calls()
    assert asked < 5 and summary.succeeded == asked and (summary.pending, summary.stopped_because) == (5 - asked, code)
    origins = sorted(version.origin.value for version in await rows(DiaryVersion))
    assert origins == ["FALLBACK"] * (5 - asked) + ["MODEL"] * asked
    assert {item.attempts for item in await rows(JobItem, JobItem.status == ItemStatus.PENDING, JobItem.job == Job.DAILY_DIARY)} == {0}


@pytest.mark.parametrize("table", ["job_token_budgets", "model_slots", "model_pauses"])
async def test_job_run_with_an_unreadable_limit_makes_no_call_and_keeps_its_items(model: ModelServer, setting: pytest.MonkeyPatch, table: str) -> None:
    await _people(2)
    async with database.transaction() as session:
        await session.execute(text(f"alter table {table} rename to away"))
    try:
        with pytest.raises(DatabaseError):
            await _night(setting, NIGHT_TOKENS_PER_DAY=10**6)
    finally:
        async with database.transaction() as session:
            await session.execute(text(f"alter table away rename to {table}"))
    assert await model.calls() == 0 and await rows(DiaryVersion) == []
    assert {(item.status, item.attempts) for item in await rows(JobItem)} == {(ItemStatus.PENDING, 0)}
    [run] = await rows(JobRun)
    assert (run.status, run.error_code) == (RunStatus.FAILED, "DatabaseNotMigrated")
    assert (await night(Job.DAILY_DIARY)).succeeded == 2
