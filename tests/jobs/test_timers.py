"""Timer events as the clouds send them, each to a process of its own: two at once, and one event delivered three times."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import anyio
import pytest
from sqlalchemy import func, select

from persistence import database
from persistence.models import DiaryVersion, JobAttempt, JobItem, JobRun
from persistence.models.diary import Origin
from persistence.models.jobs import ItemStatus, Job, RunStatus, Trigger
from tests.jobs.job_setup import ModelServer, everything, rows
from tests.jobs.test_crashes import all_items_finished, people_with_days

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

TICK = {"Type": "Timer", "TriggerName": "nights", "Time": "2026-03-02T20:00:00Z", "Message": "tick"}
INSTANCE = """
import json, sys
import handler
event, context = json.load(sys.stdin)
print("ANSWER " + json.dumps(handler.handler(event, context)), flush=True)
"""
PEOPLE = 12


def _start() -> subprocess.Popen[str]:
    environment = {**os.environ, "NIGHT_CONCURRENCY": "4", "LOG_LEVEL": "ERROR"}
    piped = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    return subprocess.Popen([sys.executable, "-c", INSTANCE], cwd=Path(__file__).parents[2], env=environment, **piped)  # type: ignore[call-overload]


async def deliver(event: dict[str, Any], times: int) -> list[dict[str, Any]]:
    """Send the same event to several instances of the function at once and return their responses."""
    given = json.dumps([event, {"time_limit_in_ms": 120_000, "request_id": "1"}])
    instances = [_start() for _ in range(times)]
    answers: list[dict[str, Any]] = []

    async def run_instance(instance: subprocess.Popen[str]) -> None:
        out, _ = await anyio.to_thread.run_sync(lambda: instance.communicate(given, timeout=180))
        assert instance.returncode == 0
        answers.extend(json.loads(line.removeprefix("ANSWER ")) for line in out.splitlines() if line.startswith("ANSWER "))

    async with anyio.create_task_group() as group:
        for instance in instances:
            group.start_soon(run_instance, instance)
    return answers


async def assert_processed_once(model: ModelServer) -> None:
    """Assert that every day has its diary and no item was processed or billed twice."""
    assert await all_items_finished()
    assert Counter(version.origin for version in await rows(DiaryVersion)) == {Origin.MODEL: PEOPLE}
    assert await model.calls("diary") == PEOPLE
    async with database.session() as session:
        ends = select(JobAttempt.user_id, JobAttempt.job, JobAttempt.period, func.count()).group_by(JobAttempt.user_id, JobAttempt.job, JobAttempt.period)
        assert {row[3] for row in await session.execute(ends)} == {1}
    assert {item.attempts for item in await rows(JobItem)} == {1}


async def test_tick_events_at_once_process_each_item_once(model: ModelServer) -> None:
    await people_with_days(PEOPLE)
    await model.fail(latency_ms=400)
    answers = await deliver(TICK, 2)
    assert [answer["ok"] for answer in answers] == [True, True]
    assert sum(answer["planned"] for answer in answers) == PEOPLE
    assert sum(answer["succeeded"] + answer["skipped"] for answer in answers) == len(await rows(JobItem))
    await assert_processed_once(model)


async def test_tick_event_after_the_diary_timer_runs_the_jobs_that_follow(model: ModelServer) -> None:
    """The tick runs the profile jobs that follow the diaries of the first event."""
    await people_with_days(PEOPLE)
    await model.fail(latency_ms=400)
    answers = [answer for event in ({**TICK, "Message": "daily_diary"}, TICK) for answer in await deliver(event, 1)]
    assert [answer["ok"] for answer in answers] == [True, True]
    await assert_processed_once(model)


async def test_tick_event_delivered_three_times_at_once_processes_each_item_once(model: ModelServer) -> None:
    await people_with_days(PEOPLE)
    answers = await deliver(TICK, 3)
    assert [answer["ok"] for answer in answers] == [True] * 3
    await assert_processed_once(model)
    stored, calls = await everything(), await model.calls()
    again = await deliver(TICK, 3)
    assert {(answer["ok"], answer["run_id"], answer["planned"]) for answer in again} == {(True, None, 0)}
    assert await everything() == stored and await model.calls() == calls


async def test_timer_event_for_future_days_is_refused_and_changes_nothing(model: ModelServer) -> None:
    await people_with_days(2)
    before = await everything()
    request = {"job": "daily_diary", "from": "2999-01-01", "to": "2999-01-02"}
    [answer] = await deliver({**TICK, "Message": json.dumps(request)}, 1)
    assert (answer["ok"], answer["error"]["code"]) == (False, "BAD_USER_INPUT") and "has not begun" in answer["error"]["message"]
    assert await everything() == before and await model.calls() == 0


async def test_tick_event_records_a_run_with_the_trigger_timer(model: ModelServer) -> None:
    await people_with_days(PEOPLE)
    [answer] = await deliver(TICK, 1)
    assert set(answer) == {"ok", "run_id", "job", "planned", "succeeded", "skipped", "failed", "pending", "tokens", "stopped_because"}
    [run] = await rows(JobRun)
    assert (run.trigger, run.job, run.status, run.requested_by) == (Trigger.TIMER, None, RunStatus.SUCCEEDED, None)
    assert {item.status for item in await rows(JobItem, JobItem.job == Job.DAILY_DIARY)} == {ItemStatus.SUCCEEDED}
