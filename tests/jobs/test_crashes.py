"""Workers that are killed, suspended, run with wrong clocks or die of a day's text: the results are those of an undisturbed run."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import anyio
import pytest
from sqlalchemy import func, select, text, update

import settings
from persistence import database
from persistence.models import (
    ActiveDay,
    Diary,
    DiaryLine,
    DiaryVersion,
    JobAttempt,
    JobItem,
    JobRun,
    LineEvidence,
    ModelSlot,
    ProfileValue,
    Signal,
    SignalEvidence,
    Usage,
)
from persistence.models.account import Purpose
from persistence.models.diary import Origin
from persistence.models.jobs import ItemStatus, Job
from tests.jobs.job_setup import ModelServer, Person, add_person, everything, night, rows, say
from tests.jobs.test_nights import MONDAY
from tests.jobs.worker_process import Worker, Workers
from tests.seeds import noon_zone

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

SEED = 20261123
KILLS = 100
PEOPLE = 60
SLOW_MS = 1_500
"""Latency of the model while workers are killed, so that most kills hit a call in flight."""
DONE = (ItemStatus.SUCCEEDED, ItemStatus.SKIPPED)
MODEL_JOBS = (Job.DAILY_DIARY, Job.WEEKLY_PROFILE)
TEXTS = (
    ("I work as a nurse in Hamburg.", "I really like hiking in the mountains."),
    ("我是一名老师。", "今天我和姐姐去了市场，我们很开心。", "我喜欢游泳。"),
    ("I usually get up at six in the morning.", "Today I decided to learn the violin.", "I live in Oslo."),
)


@pytest.fixture
def workers() -> Iterator[Workers]:
    with Workers() as started:
        yield started


def environment(**variables: str) -> tuple[tuple[str, str], ...]:
    present = {"NIGHT_CONCURRENCY": "3", "DATABASE_POOL_SIZE": "3", "LOG_LEVEL": "ERROR", **variables}
    shared = {"POSTGRESQL_URL": settings.current().postgresql_url.reveal(), "DEEPSEEK_BASE_URL": settings.current().deepseek_base_url}
    return tuple({**shared, **present}.items())


async def people_with_days(count: int) -> list[Person]:
    """Add users with one day each, so that no call depends on the order of items, in a zone where no day ends during the test."""
    zone = noon_zone()
    people = [await add_person(f"P{number}", time_zone=zone, locale="zh-CN" if number % 3 == 1 else "en") for number in range(count)]
    for number, person in enumerate(people):
        await say(person, MONDAY + timedelta(days=number % 5), *TEXTS[number % 3])
    return people


async def until(condition: Callable[[], Awaitable[object]], seconds: float = 120.0) -> None:
    with anyio.fail_after(seconds):
        while not await condition():
            await anyio.sleep(0.05)


async def all_items_finished() -> bool:
    """Return True when every day has its diary and no item is due or in flight."""
    async with database.session() as session:
        stale = select(func.count()).select_from(ActiveDay).where(ActiveDay.diary_revision < ActiveDay.revision)
        waiting = select(func.count()).select_from(JobItem).where(JobItem.status.in_([ItemStatus.PENDING, ItemStatus.RUNNING]))
        return not await session.scalar(stale) and not await session.scalar(waiting)


async def result() -> dict[str, Any]:
    """Return the stored results without ids and times, with the numbers of attempts and billed calls."""
    async with database.session() as session:
        read = session.execute
        of = (Diary.user_id == DiaryVersion.user_id) & (Diary.id == DiaryVersion.diary_id) & (Diary.version == DiaryVersion.version)
        line_of = (DiaryLine.user_id == Diary.user_id) & (DiaryLine.diary_id == Diary.id) & (Diary.version == DiaryLine.version)
        signal_of = (Signal.user_id == Diary.user_id) & (Signal.diary_id == Diary.id)
        present = Signal.week.is_not(None) | (Signal.version == Diary.version)
        evidence_of = (LineEvidence.user_id == DiaryLine.user_id) & (LineEvidence.line_id == DiaryLine.id)
        quote_of = (SignalEvidence.user_id == Signal.user_id) & (SignalEvidence.signal_id == Signal.id)
        found = {
            "diaries": await read(
                select(
                    Diary.user_id,
                    Diary.day,
                    DiaryVersion.origin,
                    DiaryVersion.summary,
                    DiaryVersion.mood,
                    DiaryVersion.message_count,
                    DiaryVersion.dropped_count,
                ).join(DiaryVersion, of)
            ),
            "lines": await read(
                select(
                    Diary.user_id,
                    Diary.day,
                    DiaryLine.position,
                    DiaryLine.kind,
                    DiaryLine.text,
                    LineEvidence.message_id,
                    LineEvidence.quote,
                    LineEvidence.start,
                )
                .join(DiaryLine, line_of)
                .join(LineEvidence, evidence_of)
            ),
            "signals": await read(
                select(
                    Signal.user_id,
                    Diary.day,
                    Signal.week,
                    Signal.slot,
                    Signal.value,
                    Signal.polarity,
                    Signal.confidence,
                    Signal.stated,
                    SignalEvidence.message_id,
                    SignalEvidence.quote,
                )
                .join(SignalEvidence, quote_of)
                .outerjoin(Diary, signal_of)
                .where(present)
            ),
            "profile": await read(
                select(
                    ProfileValue.user_id,
                    ProfileValue.slot,
                    ProfileValue.value,
                    ProfileValue.status,
                    ProfileValue.confidence,
                    ProfileValue.origin,
                    ProfileValue.first_seen_at,
                    ProfileValue.evidence,
                )
            ),
            "usage": await read(select(Usage.user_id, Usage.day, Usage.purpose, Usage.calls - Usage.failed_calls)),
            "versions": await read(select(DiaryVersion.user_id, func.count()).group_by(DiaryVersion.user_id)),
            "tokens": await read(
                select(JobAttempt.user_id, JobAttempt.period, JobAttempt.input_tokens, JobAttempt.output_tokens)
                .where(JobAttempt.status.in_(DONE)).where(JobAttempt.job == Job.DAILY_DIARY)
            ),
            "ends": await read(select(JobItem.user_id, JobItem.job, JobItem.period, JobItem.status.in_(DONE))),
            "once": await read(
                select(JobAttempt.user_id, JobAttempt.job, JobAttempt.period, func.count())
                .where(JobAttempt.status.in_(DONE))
                .where(JobAttempt.job.in_(MODEL_JOBS))
                .group_by(JobAttempt.user_id, JobAttempt.job, JobAttempt.period)
            ),
        }
    return {name: sorted(tuple(map(str, row)) for row in part) for name, part in found.items()}


async def delete_job_results() -> None:
    """Delete everything that job runs stored; users and messages stay."""
    async with database.transaction() as session:
        job_tables = ("job_items", "job_runs", "diaries", "signals", "profile_values", "profile_changes", "usage")
        for table in (*job_tables, "job_token_budgets", "night_shares", "model_slots"):
            await session.execute(text(f"delete from {table}"))
        await session.execute(update(ActiveDay).values(diary_revision=0))


async def count_leased_items(pid: int) -> int:
    """Count the items for which this worker may have called the model without storing the response."""
    async with database.session() as session:
        held = select(func.count()).select_from(JobItem).join(JobRun, JobRun.id == JobItem.run_id)
        return await session.scalar(held.where(JobItem.status == ItemStatus.RUNNING, JobItem.job.in_(MODEL_JOBS), JobRun.reason == f"worker {pid}")) or 0


async def list_busy_workers(running: list[int]) -> list[int]:
    """Return the process ids of workers that hold items."""
    return [pid for pid in running if await count_leased_items(pid)]


@pytest.mark.once
async def test_workers_killed_a_hundred_times_store_the_same_and_repeat_only_calls_in_flight(model: ModelServer, workers: Workers, tmp_path: Path) -> None:
    rng = random.Random(SEED)
    await people_with_days(PEOPLE)
    assert (await night()).pending == 0
    expected, expected_calls = await result(), await model.calls()
    await delete_job_results()
    await model.reset()
    await model.fail(latency_ms=SLOW_MS)
    released_items = tmp_path / "released_items"
    worker = Worker(lease_grace=1.0, released_items=str(released_items), environment=environment(ITEM_ATTEMPTS="20"))
    running = [workers.start(worker) for _ in range(3)]
    lost = kills_with_items = 0
    for _ in range(KILLS):
        with anyio.move_on_after(2.0):
            await until(lambda: list_busy_workers(running))
        victim = rng.choice(await list_busy_workers(running) or running)
        await anyio.sleep(rng.uniform(0.0, 0.25))
        workers.stop(victim)
        held = await count_leased_items(victim)
        workers.kill(victim)
        lost, kills_with_items = lost + held, kills_with_items + bool(held)
        running[running.index(victim)] = workers.start(worker)
    calls_before_reset = await model.calls()
    await model.reset()
    await until(all_items_finished, 300)
    assert kills_with_items > KILLS / 2, "most kills must hit a worker that holds items"
    assert await result() == expected
    returned = released_items.read_text().count("\n") if released_items.exists() else 0
    assert calls_before_reset + await model.calls() - expected_calls <= lost + returned


async def leased_until() -> list[datetime]:
    return [item.lease_until for item in await rows(JobItem, JobItem.status == ItemStatus.RUNNING)]


async def expired() -> bool:
    async with database.session() as session:
        return await session.scalar(select(func.bool_and(JobItem.lease_until < func.now())).where(JobItem.status == ItemStatus.RUNNING)) or False


def without_run_records(snapshot: Any) -> dict[str, Any]:
    """Return the tables of a snapshot without run records, items and usage."""
    paid = ("job_runs", "job_items", "model_slots", "usage", "usage_costs", "job_token_budgets", "night_shares")
    return {name: found for name, found in snapshot.items() if name not in paid}


async def item_states() -> list[Any]:
    """Return the items' states without their reservations."""
    found = [(item.user_id, item.job, item.period, item.status, item.attempts, item.error_code, item.lease_until) for item in await rows(JobItem)]
    return sorted(found, key=str)


async def failed_call_counts() -> list[int]:
    """Return the number of failed diary calls of each user."""
    return [used.failed_calls for used in await rows(Usage, Usage.purpose == Purpose.DIARY)]


@pytest.mark.parametrize("taken_over", [True, False])
async def test_worker_suspended_past_its_lease_stores_nothing_and_counts_its_calls(model: ModelServer, workers: Workers, taken_over: bool) -> None:
    await people_with_days(2)
    await model.fail(latency_ms=6000)
    # The lease ends long before the deadline: only the lease can stop the worker.
    suspended = workers.start(Worker(deadline=60.0, item_seconds=1.0, lease_grace=-57.0, pause=600.0, environment=environment()))
    await until(leased_until)
    await until(lambda: _calls_in_flight(model))
    workers.stop(suspended)
    await model.fail(latency_ms=1)
    await until(expired)
    await until(_slots_expired)  # with a leased slot the worker would go on claiming
    if taken_over:
        assert (await night()).pending == 0
    before, items = without_run_records(await everything()), await item_states()
    workers.resume(suspended)
    await until(_all_runs_closed)
    assert without_run_records(await everything()) == before and await item_states() == items and await failed_call_counts() == [1, 1]
    calls = await model.calls()
    assert sum(used.calls for used in await rows(Usage)) == calls, "calls that ended too late are billed as well"
    if not taken_over:
        assert (await night(Job.DAILY_DIARY)).succeeded == 2
    assert {item.attempts for item in await rows(JobItem, JobItem.job == Job.DAILY_DIARY)} == {2}
    assert calls == (6 if taken_over else 2) and len(await rows(Diary)) == 2


async def _slots_expired() -> bool:
    return not await rows(ModelSlot, ModelSlot.run_id.is_not(None), ModelSlot.lease_until > func.now())


async def _calls_in_flight(model: ModelServer) -> bool:
    return await model.calls() >= 2


async def _all_runs_closed() -> bool:
    return all(run.finished_at for run in await rows(JobRun))


async def test_workers_with_wrong_clocks_store_the_same_and_take_no_items_from_each_other(model: ModelServer, workers: Workers) -> None:
    await people_with_days(12)
    await night()
    expected, expected_calls = await result(), await model.calls()
    await delete_job_results()
    await model.reset()
    await model.fail(latency_ms=300)
    for shift in (timedelta(days=-400), timedelta(days=400)):
        workers.start(Worker(deadline=60.0, clock_shift=shift.total_seconds(), environment=environment()))
    await until(leased_until)
    now = datetime.now(timezone.utc)
    assert all(now - timedelta(minutes=5) < lease_end < now + timedelta(minutes=5) for lease_end in await leased_until())
    await until(all_items_finished)
    assert await result() == expected and await model.calls() == expected_calls
    assert {item.attempts for item in await rows(JobItem)} == {1}


@pytest.mark.parametrize("deadly_fallback", [False, True])
async def test_worker_day_that_kills_its_process_fails_alone(model: ModelServer, workers: Workers, deadly_fallback: bool) -> None:
    neighbors = await people_with_days(5)
    poisoned = await add_person("Poison")
    await say(poisoned, MONDAY, "Today I decided to eat the zyxwv pill.")
    worker = Worker(poison="zyxwv", deadly_fallback=deadly_fallback, environment=environment(ITEM_ATTEMPTS="2", NIGHT_CONCURRENCY="6"))
    running, deaths = workers.start(worker), 0
    with anyio.fail_after(240):
        while not await _diary_items_finished():
            if workers.ended(running):
                running, deaths = workers.start(worker), deaths + 1
            await anyio.sleep(0.05)
    [item] = await rows(JobItem, JobItem.user_id == poisoned.id, JobItem.job == Job.DAILY_DIARY)
    assert (item.status, item.error_code, deaths) == (ItemStatus.FAILED, "WORKER_LOST", 3 if deadly_fallback else 2)
    entries = [version.origin for version in await rows(DiaryVersion, DiaryVersion.user_id == poisoned.id)]
    assert entries == ([] if deadly_fallback else [Origin.FALLBACK])
    others = await rows(JobItem, JobItem.user_id.in_([person.id for person in neighbors]), JobItem.job == Job.DAILY_DIARY)
    assert [found.status for found in others] == [ItemStatus.SUCCEEDED] * 5
    assert Counter(version.origin for version in await rows(DiaryVersion, DiaryVersion.user_id != poisoned.id)) == {Origin.MODEL: 5}


async def _diary_items_finished() -> bool:
    """Return True when every diary item has succeeded or failed."""
    found = await rows(JobItem, JobItem.job == Job.DAILY_DIARY)
    return bool(found) and all(item.finished_at for item in found)


async def test_job_run_of_a_killed_worker_is_closed_as_lost_by_a_later_run(model: ModelServer, workers: Workers) -> None:
    await people_with_days(1)
    await model.fail(latency_ms=20000)
    dead = workers.start(Worker(environment=environment()))
    await until(leased_until)
    workers.kill(dead)
    async with database.transaction() as session:
        await session.execute(update(JobRun).values(started_at=datetime.now(timezone.utc) - timedelta(minutes=20)))
    assert (await night(dry_run=True)).run_id is None
    assert [run.finished_at for run in await rows(JobRun)] == [None]
    await until(expired)
    await model.reset()
    summary = await night()
    [lost] = await rows(JobRun, JobRun.id != summary.run_id)
    assert (lost.status.value, lost.error_code) == ("FAILED", "WORKER_LOST") and summary.succeeded
