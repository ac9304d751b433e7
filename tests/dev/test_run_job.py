"""`unilife run-job` and `unilife jobs` as processes, as an operator starts and stops them."""
from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import anyio
import pytest
from sqlalchemy import func, update

from persistence import database
from persistence.models import DiaryVersion, JobItem, JobRun
from persistence.models.diary import Origin
from persistence.models.jobs import ItemStatus, Job, RunStatus, Trigger
from persistence.queries import model_limits
from tests.jobs.conftest import model
from tests.jobs.job_setup import ModelServer, add_person, everything, night, rows, say
from tests.jobs.test_nights import MONDAY, SPOKEN
from tests.resolvers.chat.chat_setup import set_to

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

TERMINAL = {"COLUMNS": "160", "TTY_COMPATIBLE": "1", "FORCE_COLOR": "1", "TERM": "xterm", "NO_COLOR": "1"}


def start(*arguments: str, **variables: str) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "dev", *arguments]
    return subprocess.Popen(command, env={**os.environ, **variables}, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


async def finish(process: subprocess.Popen[str]) -> tuple[int, str, str]:
    out, err = await anyio.to_thread.run_sync(lambda: process.communicate(timeout=120))
    return process.returncode, out, err


async def unilife(*arguments: str, **variables: str) -> tuple[int, str, str]:
    return await finish(start(*arguments, **variables))


async def until(condition: Callable[[], Awaitable[Any]]) -> None:
    with anyio.fail_after(120):
        while not await condition():
            await anyio.sleep(0.05)


async def add_users_with_days(count: int) -> None:
    for number in range(count):
        await say(await add_person(f"P{number}"), MONDAY, *SPOKEN)


async def test_run_job_in_a_terminal_shows_progress_and_stores_the_reason(model: ModelServer) -> None:
    await add_users_with_days(3)
    await model.fail(match="P1", kind="empty")
    status, out, err = await unilife("run-job", "daily-diary", "--reason", "after the import", **TERMINAL)
    assert status == 1 and "DAILY_DIARY" in err and "tokens" in err and "Traceback" not in err
    assert "1 × MODEL_EMPTY: The model returned an empty answer" in out
    [run] = await rows(JobRun)
    assert (run.trigger, run.reason, run.status) == (Trigger.CLI, "after the import", RunStatus.PARTIAL) and str(run.id) in out


async def test_run_job_interrupted_releases_its_items_and_is_cancelled(model: ModelServer) -> None:
    await add_users_with_days(4)
    await model.fail(always="silent")
    process = start("run-job", "daily-diary")
    await until(model.calls)
    process.send_signal(signal.SIGINT)
    status, _, err = await finish(process)
    assert status != 0 and "Traceback" not in err
    assert {(item.status, item.attempts, item.lease_until) for item in await rows(JobItem)} == {(ItemStatus.PENDING, 0, None)}
    [run] = await rows(JobRun)
    assert (run.status, run.stopped_because, run.pending) == (RunStatus.CANCELLED, "CANCELLED", 4) and run.finished_at
    await model.reset()
    assert (await night(Job.DAILY_DIARY)).succeeded == 4
    assert [version.origin for version in await rows(DiaryVersion)] == [Origin.MODEL] * 4


async def test_run_job_dry_run_prints_plan_and_price_and_writes_nothing(model: ModelServer) -> None:
    await add_users_with_days(2)
    before = await everything()
    status, out, _ = await unilife("run-job", "daily-diary", "--dry-run", MODEL_INPUT_PRICE="2", MODEL_OUTPUT_PRICE="3")
    assert status == 0 and "about 12,000 tokens, 0.03 USD by the prices of the settings" in out
    assert await everything() == before and await model.calls() == 0


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--from", "2999-01-01", "--to", "2999-01-02"), "has not begun in any user's time zone"),
        (("--from", "2020-01-01", "--to", "2026-01-01"), "a run has at most 367 days"),
        (("--from", "2026-01-01"), "send both"),
        (("--from", "2026-01-02", "--to", "2026-01-01"), "is earlier than"),
        (("--reason", "x" * 501), "at most 500 characters"),
    ],
    ids=["future days", "too many days", "no last day", "reversed days", "long reason"],
)
async def test_run_job_invalid_arguments_print_one_line_and_change_nothing(model: ModelServer, arguments: tuple[str, ...], message: str) -> None:
    await add_users_with_days(1)
    before = await everything()
    status, _, err = await unilife("run-job", "daily-diary", *arguments)
    assert status == 1 and message in err and "Traceback" not in err
    assert await everything() == before and await model.calls() == 0


async def test_jobs_command_shows_pauses_failed_items_and_suggested_actions(model: ModelServer) -> None:
    await add_users_with_days(2)
    await model.fail(match="P1", kind="empty")
    with set_to(ITEM_ATTEMPTS="1"):
        await night(Job.DAILY_DIARY)
    root = await add_person("Root")
    async with database.transaction() as session:
        await model_limits.disable_model(session, root.id, "the bill [of March]")
        await session.execute(update(JobItem).where(JobItem.job == Job.DAILY_PROFILE).values(due_at=func.now() - timedelta(hours=2)))
    status, out, err = await unilife("jobs", COLUMNS="200")
    assert status == 0 and not err, err
    for shown in ("Model calls are paused: the bill [of March]", "modelSwitchOn", "MODEL_EMPTY", "2 h 0 min", "p95", "PARTIAL"):
        assert shown in " ".join(out.split()), out
