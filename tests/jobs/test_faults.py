"""Job runs with a failing model, a restarted database, too little time and repeated events: every day still gets its entry."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

import handler
import llm.client
import settings
from dev import database as server
from dev.migrate import up
from dev.offline_model.faults import KINDS
from persistence import database
from persistence.models import ActiveDay, Diary, DiaryVersion, JobItem, JobRun, ModelPause
from persistence.models.diary import Origin
from persistence.models.jobs import ItemStatus, Job
from tests.jobs.job_setup import ModelServer, everything, night, rows
from tests.jobs.test_crashes import all_items_finished, delete_job_results, people_with_days, result

pytestmark = pytest.mark.anyio

ROUNDS = 40


@pytest.fixture
def setting(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Set environment variables for this test."""

    def use(**variables: object) -> None:
        for name, value in variables.items():
            monkeypatch.setenv(name, str(value))
        settings.current.cache_clear()

    yield use
    monkeypatch.undo()
    settings.current.cache_clear()


async def expire_waits() -> None:
    """Set the due times of failed attempts, FAILED items and pauses to the past."""
    long_ago = datetime.now(timezone.utc) - timedelta(days=1)
    async with database.transaction() as session:
        await session.execute(update(JobItem).where(JobItem.status == ItemStatus.PENDING, JobItem.error_code.is_not(None)).values(due_at=long_ago))
        await session.execute(update(JobItem).where(JobItem.status == ItemStatus.FAILED).values(finished_at=long_ago))
        await session.execute(update(ModelPause).values(probe_at=long_ago))


async def diary_origins() -> dict[Any, Origin]:
    """Return the origin of every diary's current version by user and day."""
    async with database.session() as session:
        of = (Diary.user_id == DiaryVersion.user_id) & (Diary.id == DiaryVersion.diary_id) & (Diary.version == DiaryVersion.version)
        return {
            (user_id, day): origin
            for user_id, day, origin in await session.execute(select(Diary.user_id, Diary.day, DiaryVersion.origin).join(DiaryVersion, of))
        }


@pytest.mark.usefixtures("database")
async def test_job_runs_with_a_fifth_of_the_calls_failing_end_with_the_same_result(model: ModelServer, setting: Callable[..., None]) -> None:
    await people_with_days(30)
    assert (await night()).pending == 0
    expected = stored_results(await result())
    setting(MODEL_TIMEOUT_SECONDS=4, NIGHT_CONCURRENCY=10)
    await delete_job_results()
    await model.reset()
    await model.fail(rate=0.2, kinds=[kind for kind in KINDS if kind != "filtered"])  # a filtered day keeps its fallback entry
    for _ in range(ROUNDS):
        await night(retry_failed_after=timedelta(hours=20))
        async with database.session() as session:
            days = await session.scalar(select(func.count()).select_from(ActiveDay))
        assert len(await diary_origins()) == days, "every active day has an entry at any time"
        if await all_items_finished() and not await rows(JobItem, JobItem.status == ItemStatus.FAILED):
            break
        await expire_waits()
    assert await all_items_finished() and set((await diary_origins()).values()) == {Origin.MODEL}
    assert stored_results(await result()) == expected


def stored_results(made: dict[str, Any]) -> dict[str, Any]:
    """Select the results that do not depend on the number of attempts."""
    return {name: made[name] for name in ("diaries", "lines", "signals", "profile", "ends")}


@pytest.mark.usefixtures("database")
async def test_job_run_without_the_model_stores_fallbacks_that_the_next_night_replaces(
    model: ModelServer, setting: Callable[..., None]
) -> None:
    setting(ITEM_ATTEMPTS=2)
    await people_with_days(12)
    await model.fail(always="503")
    for _ in range(2):
        await night(retry_failed_after=timedelta(hours=20))
        async with database.transaction() as session:
            await session.execute(update(JobItem).where(JobItem.status == ItemStatus.PENDING).values(due_at=func.now()))
    assert Counter((await diary_origins()).values()) == {Origin.FALLBACK: 12}
    assert {(item.status, item.error_code) for item in await rows(JobItem, JobItem.job == Job.DAILY_DIARY)} == {
        (ItemStatus.FAILED, "MODEL_UNAVAILABLE")
    }
    await model.reset()
    assert (await night(retry_failed_after=timedelta(hours=20))).planned == 0
    await expire_waits()
    assert (await night(retry_failed_after=timedelta(hours=20))).planned == 12
    assert Counter((await diary_origins()).values()) == {Origin.MODEL: 12}


@pytest.mark.usefixtures("database")
@pytest.mark.parametrize("seconds", [0.0, -10.0, 0.5, 6.2])
async def test_job_run_with_too_little_time_for_an_item_loses_nothing(model: ModelServer, seconds: float) -> None:
    """The last value is enough to begin an item and too short to finish it."""
    await people_with_days(3)
    await model.fail(always="silent")
    summary = await night(seconds=seconds)
    assert (summary.succeeded, summary.failed) == (0, 0)
    assert {item.status for item in await rows(JobItem)} == {ItemStatus.PENDING}
    await model.reset()
    await expire_waits()
    await night()
    assert Counter((await diary_origins()).values()) == {Origin.MODEL: 3}


@pytest.mark.usefixtures("database")
async def test_job_runs_at_once_process_each_item_once(model: ModelServer) -> None:
    await people_with_days(15)
    summaries = await asyncio.gather(*(night(Job.DAILY_DIARY) for _ in range(2)))
    assert sum(found.succeeded for found in summaries) == sum(found.planned for found in summaries) == 15
    assert await model.calls() == 15 and len(await rows(DiaryVersion)) == 15


@pytest.mark.usefixtures("database")
async def test_job_run_during_another_run_takes_none_of_its_items(model: ModelServer) -> None:
    await people_with_days(6)
    await model.fail(latency_ms=300)
    first = asyncio.ensure_future(night(Job.DAILY_DIARY))
    while not await rows(JobItem, JobItem.status == ItemStatus.RUNNING):
        await asyncio.sleep(0.01)
    second = await night(Job.DAILY_DIARY)
    assert second.planned == 0 and (await first).succeeded + second.succeeded == 6
    assert await model.calls() == 6 and {item.attempts for item in await rows(JobItem, JobItem.job == Job.DAILY_DIARY)} == {1}


def test_tick_event_delivered_three_times_processes_each_item_once(empty_database: str, model_server: str) -> None:
    """Send the event through the function's handler, as a platform that retries does."""
    event = {"Type": "Timer", "TriggerName": "nights", "Time": "2026-03-02T20:00:00Z", "Message": "tick"}

    async def prepare() -> None:
        await ModelServer(model_server).reset()
        await people_with_days(4)
        await close()

    async def close() -> None:
        await database.dispose()
        await llm.client.close()

    async def read_state() -> tuple[int, Any]:
        calls, stored = await ModelServer(model_server).calls(), await everything()
        await database.dispose()
        return calls, stored

    asyncio.run(prepare())
    dispatcher = handler.EventDispatcher(handler._make_app, handler._run_timer, handler._migrate)
    try:
        first = dispatcher(event, {"time_limit_in_ms": 60_000})
        dispatcher._loop.run_until_complete(close())
        after_first = asyncio.run(read_state())
        repeated = [dispatcher(event, {"time_limit_in_ms": 60_000}) for _ in range(2)]
        dispatcher._loop.run_until_complete(close())
    finally:
        dispatcher.close()
        asyncio.set_event_loop(None)
    assert first["ok"] and first["succeeded"] + first["skipped"] == 12 and first["pending"] == 0
    assert [(again["ok"], again["run_id"], again["planned"]) for again in repeated] == [(True, None, 0)] * 2
    assert asyncio.run(read_state()) == after_first


async def test_job_run_database_restarted_midway_stores_everything_without_another_call(
    model: ModelServer, open_directory: Callable[[], Path], setting: Callable[..., None], migrated_database: str
) -> None:
    """The model's responses are stored when the database is back, and no call is repeated."""
    directory = open_directory() / "postgres"
    with server.run_server(directory) as url:  # durable: committed data are there after a crash
        own = await server.create(url, "restarted")
        await up(own)
        await database.dispose()
        setting(POSTGRESQL_URL=own, NIGHT_CONCURRENCY=4)
        try:
            await people_with_days(8)
            await model.fail(latency_ms=1000)
            running = asyncio.ensure_future(night(Job.DAILY_DIARY))
            while await model.calls() < 4:
                await asyncio.sleep(0.02)
            await asyncio.to_thread(_restart, directory)
            summary = await running
            assert (summary.succeeded, summary.failed, summary.pending) == (8, 0, 0)
            assert Counter((await diary_origins()).values()) == {Origin.MODEL: 8} and await model.calls() == 8
            assert {run.status.value for run in await rows(JobRun)} == {"SUCCEEDED"}
        finally:
            await database.dispose()


def _restart(directory: Path) -> None:
    server._package().pg_ctl(["-w", "-m", "immediate", "restart"], pgdata=directory, user=server._system_user())


@pytest.mark.usefixtures("database")
async def test_job_run_items_over_the_planning_limit_are_planned_by_the_next_run(model: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    from persistence.queries import job_planning

    monkeypatch.setattr(job_planning, "MAX_PLANNED_PER_RUN", 3)
    await people_with_days(5)
    assert [(await night(Job.DAILY_DIARY)).planned for _ in range(3)] == [3, 2, 0]
    assert Counter((await diary_origins()).values()) == {Origin.MODEL: 5}
