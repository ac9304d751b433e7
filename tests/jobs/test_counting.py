"""Usage of billed calls is counted whatever happens to the response, and failures are logged without user text."""
from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from types import SimpleNamespace
from uuid import UUID

import pytest
from sqlalchemy import text, update

import logs
from dev.offline_model import faults
from dev.offline_model.faults import KINDS
from jobs import daily_diary, daily_profile, weekly_profile, worker
from jobs.item_results import REFUSED_FOR
from persistence import database
from persistence.database import Session
from persistence.errors import DatabaseUnavailable
from persistence.models import DiaryVersion, JobAttempt, JobItem, JobRun, Model, ModelPause, Usage
from persistence.models.account import Purpose
from persistence.models.diary import Origin
from persistence.models.jobs import ItemStatus, Job
from tests.jobs.job_setup import ModelServer, add_person, everything, night, night_tokens, rows, say
from tests.jobs.test_nights import MONDAY, SPOKEN
from tests.log_capture import written_log
from tests.resolvers.chat.chat_setup import set_to

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

SECRET = "zyxwv"
DISK_FULL = "53100"
"""SQLSTATE of a full disk, such as that of one tablespace."""
SENTENCE = "the provider is sorry about the day on which you"
"""An error message of a provider that quotes the diary."""


@asynccontextmanager
async def rejecting_inserts(table: str, user_id: UUID | None, state: str = "P0001") -> AsyncIterator[None]:
    """Make the database refuse new rows of one user, or of all, in one table, with an error that quotes the user."""
    rows_of = "true" if user_id is None else f"new.user_id = '{user_id}'"
    async with database.transaction() as session:
        await session.execute(text(
            f"create function refuse() returns trigger language plpgsql as $$ begin if {rows_of} then "
            f"raise exception '{SECRET}: I live in Hamburg' using errcode = '{state}'; end if; return new; end $$"))
        await session.execute(text(f"create trigger refuse before insert on {table} for each row execute function refuse()"))
    try:
        yield
    finally:
        async with database.transaction() as session:
            await session.execute(text(f"drop trigger refuse on {table}"))
            await session.execute(text("drop function refuse()"))


async def test_job_run_billed_call_of_a_lost_lease_counts_for_user_run_and_budget(model: ModelServer) -> None:
    await say(await add_person(), MONDAY, *SPOKEN)
    await model.fail(latency_ms=1500)
    with set_to(NIGHT_TOKENS_PER_DAY="1000000"):
        running = asyncio.ensure_future(night(Job.DAILY_DIARY))
        while not await model.calls():
            await asyncio.sleep(0.02)
        async with database.transaction() as session:
            await session.execute(update(JobItem).values(lease_until=JobItem.created_at))
        summary = await running
    [used], [attempt] = await rows(Usage), await rows(JobAttempt)
    assert (await model.calls(), attempt.attempt, attempt.status, len(await rows(DiaryVersion))) == (2, 2, ItemStatus.SUCCEEDED, 1)
    assert (used.calls, used.failed_calls) == (2, 1)
    assert (used.input_tokens, used.output_tokens) == (2 * attempt.input_tokens, 2 * attempt.output_tokens)
    assert await night_tokens() == (summary.tokens, 0) and summary.tokens == used.input_tokens + used.output_tokens


@pytest.fixture
def no_retries(monkeypatch: pytest.MonkeyPatch) -> None:
    """End a run at the first refusal of the database, as a real one does after a minute."""
    monkeypatch.setattr("jobs.retries.RETRY_DELAYS", ())


async def let_time_pass(by: timedelta) -> None:
    async with database.transaction() as session:
        await session.execute(update(JobItem).where(JobItem.status == ItemStatus.PENDING).values(due_at=JobItem.due_at - by))


@pytest.mark.usefixtures("no_retries")
async def test_job_runs_while_one_table_takes_no_rows_are_billed_for_one_call_each_until_it_does(model: ModelServer) -> None:
    for number in range(12):
        await say(await add_person(f"P{number}"), MONDAY, *SPOKEN)
    billed = [0]
    with set_to(NIGHT_CONCURRENCY="4"):
        async with rejecting_inserts("diary_versions", None, DISK_FULL):
            for _ in range(4):
                with pytest.raises(DatabaseUnavailable):
                    await night(Job.DAILY_DIARY)
                billed.append(await model.calls())
        assert 0 < billed[1] <= 6 and [billed[number] - billed[number - 1] for number in (2, 3, 4)] == [1, 1, 1]
        assert {(item.status, item.attempts) for item in await rows(JobItem)} == {(ItemStatus.PENDING, 0)} and await rows(DiaryVersion) == []
        assert sum(used.calls for used in await rows(Usage)) == billed[4]
        await model.reset()
        await model.fail(latency_ms=500)
        repaired = await night(Job.DAILY_DIARY)
        assert repaired.failed == repaired.pending == 0 < repaired.succeeded and await model.most_in_flight() > 1
        await let_time_pass(2 * REFUSED_FOR)
        await night(Job.DAILY_DIARY)
    assert len(await rows(DiaryVersion)) == 12 and await model.calls() == 12


@pytest.mark.usefixtures("no_retries")
async def test_job_runs_while_one_users_rows_are_refused_write_the_days_of_the_others(model: ModelServer) -> None:
    refused, *others = [await add_person(f"P{number}") for number in range(3)]
    for person in (refused, *others):
        await say(person, MONDAY, *SPOKEN)
    async with rejecting_inserts("diary_versions", refused.id, DISK_FULL):
        for _ in range(12):
            with suppress(DatabaseUnavailable):
                await night(Job.DAILY_DIARY)
            await let_time_pass(REFUSED_FOR / 2)
        assert {row.user_id for row in await rows(DiaryVersion)} == {person.id for person in others}
        [item] = await rows(JobItem, JobItem.user_id == refused.id)
        assert (item.status, item.attempts) == (ItemStatus.PENDING, 0)


@pytest.mark.parametrize(("job", "purpose"), [(Job.DAILY_DIARY, Purpose.DIARY), (Job.WEEKLY_PROFILE, Purpose.WEEK)])
async def test_job_run_call_cancelled_at_the_deadline_counts_its_input_tokens(
    model: ModelServer, job: Job, purpose: Purpose, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The least time of an item is short here, so that a slow machine begins one as well."""
    monkeypatch.setattr(worker, "MIN_ITEM_SECONDS", 1.0)
    await say(await add_person(), MONDAY, *SPOKEN)
    if job is Job.WEEKLY_PROFILE:
        await night(Job.DAILY_DIARY)
    await model.fail(always="silent")
    with set_to(NIGHT_TOKENS_PER_DAY="1000000"):
        summary = await night(job, seconds=6.5)
    [item] = await rows(JobItem, JobItem.job == job)
    [used] = await rows(Usage, Usage.purpose == purpose)
    counted = sum(row.input_tokens + row.output_tokens for row in await rows(Usage))
    assert (summary.stopped_because, item.status, item.attempts, await rows(JobAttempt, JobAttempt.job == job)) == ("DEADLINE", ItemStatus.PENDING, 0, [])
    assert (used.calls, used.failed_calls, used.output_tokens) == (1, 1, 0) and used.input_tokens == summary.tokens > 0 and await night_tokens() == (counted, 0)


@pytest.mark.parametrize("job", [Job.DAILY_DIARY, Job.DAILY_PROFILE, Job.WEEKLY_PROFILE])
async def test_job_run_commit_without_an_acknowledgement_is_stored_and_counted_once(model: ModelServer, job: Job, monkeypatch: pytest.MonkeyPatch) -> None:
    """The connection breaks during the commit: the work is repeated and finds its rows stored."""
    for number in range(3):
        await say(await add_person(f"P{number}"), MONDAY, *SPOKEN)
    if job is not Job.DAILY_DIARY:
        await night(Job.DAILY_DIARY)
    asked, broken = await model.calls(), 0
    module = {Job.DAILY_DIARY: daily_diary, Job.DAILY_PROFILE: daily_profile, Job.WEEKLY_PROFILE: weekly_profile}[job]

    @asynccontextmanager
    async def breaking() -> AsyncIterator[Session]:
        nonlocal broken
        async with database.transaction() as session:
            yield session
        if not broken:
            broken += 1
            raise DatabaseUnavailable()

    monkeypatch.setattr(module, "database", SimpleNamespace(session=database.session, transaction=breaking))
    summary = await night(job)
    assert (broken, summary.succeeded, summary.failed, summary.pending) == (1, 3, 0, 0)
    assert [attempt.status for attempt in await rows(JobAttempt, JobAttempt.job == job)] == [ItemStatus.SUCCEEDED] * 3
    used = await rows(Usage, Usage.purpose == (Purpose.DIARY if job is Job.DAILY_DIARY else Purpose.WEEK))
    assert sum(row.calls for row in used) == await model.calls() - asked and not any(row.failed_calls for row in used)
    versions = {version.user_id: version.version for version in await rows(DiaryVersion)}
    assert set(versions.values()) == {1} and len(versions) == 3


async def test_job_run_user_deleted_during_the_call_leaves_no_row_and_fails_no_other_item(model: ModelServer) -> None:
    leaving, staying = await add_person("Leaving"), await add_person("Staying")
    for person in (leaving, staying):
        await say(person, MONDAY, *SPOKEN)
    await model.fail(latency_ms=1500)
    running = asyncio.ensure_future(night(Job.DAILY_DIARY))
    while await model.calls() < 2:
        await asyncio.sleep(0.02)
    async with database.transaction() as session:
        await session.execute(text("delete from users where id = :id"), {"id": leaving.id})
    summary = await running
    assert (summary.succeeded, summary.failed) == (1, 0) and {used.user_id for used in await rows(Usage)} == {staying.id}
    assert not any(str(leaving.id) in row for found in (await everything()).values() for row in found)


async def test_job_run_diary_that_cannot_be_stored_is_counted_and_fails_no_other_item(model: ModelServer) -> None:
    people = [await add_person(f"P{number}") for number in range(5)]
    for person in people:
        await say(person, MONDAY, *SPOKEN, f"Today I decided to buy the {SECRET}.")
    failing = people[2].id
    with set_to(ITEM_ATTEMPTS="1"), written_log() as lines:
        async with rejecting_inserts("diary_versions", failing):
            summary = await night(Job.DAILY_DIARY)
    assert (summary.succeeded, summary.failed) == (4, 1)
    [used] = await rows(Usage, Usage.user_id == failing)
    assert used.input_tokens > 0 and (used.calls, used.failed_calls) == (1, 1)
    [item] = await rows(JobItem, JobItem.user_id == failing, JobItem.job == Job.DAILY_DIARY)
    assert item.status is ItemStatus.FAILED and item.error_code and item.error_code.isidentifier()
    [fault] = [line for line in lines if line["event"] == "job_item_exception"]
    assert (fault["user_id"], fault["exception"]) == (str(failing), item.error_code) and fault["frames"] and fault["run_id"] and fault["action"]
    assert SECRET not in json.dumps(lines) and "Hamburg" not in json.dumps(lines)


@pytest.mark.parametrize("kind", KINDS)
async def test_job_run_each_failure_leaves_no_user_text_in_logs_or_rows(model: ModelServer, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The offline model runs in this process: its error messages are made to quote the user here."""
    for name, (status, _, code) in list(faults.STATUSES.items()):
        monkeypatch.setitem(faults.STATUSES, name, (status, f"{SENTENCE} {SECRET}", code))
    await say(await add_person("Mallory"), MONDAY, *SPOKEN, f"Today I decided to buy the {SECRET}.")
    await model.fail(always=kind)
    with written_log() as lines, set_to(MODEL_TIMEOUT_SECONDS="2" if kind in ("timeout", "silent") else "60"):
        await night(Job.DAILY_DIARY)
    assert [version.origin for version in await rows(DiaryVersion)] == [Origin.FALLBACK]
    assert [line for line in lines if line["event"] == "job_item" and line["level"] == "WARNING" and line["error_code"] and line["action"]]
    written = json.dumps(lines) + str([vars(row) for kind_of in (JobItem, JobAttempt, JobRun, ModelPause) for row in await rows(kind_of)])
    for words in (SENTENCE, SECRET, "Mallory", "Hamburg", faults.STATUSES["429"][1]):
        assert words not in written
    codes = {row.error_code for row in [*await rows(JobItem), *await rows(JobAttempt)]}
    assert codes - {None} <= set(logs.ACTIONS)


def test_job_tables_text_columns_hold_only_codes_and_checked_texts() -> None:
    """Text columns hold codes, a version, a currency, an operator's text, and provider messages that quote no user text."""
    nights = [table for table in Model.metadata.sorted_tables if table.name.startswith("job_")]
    texts = {f"{table.name}.{column.name}" for table in nights for column in table.columns if str(column.type) == "TEXT"}
    assert texts == {
        "job_runs.reason", "job_runs.cancel_reason", "job_runs.stopped_because", "job_runs.error_code",
        "job_items.error_code", "job_attempts.error_code", "job_attempts.prompt_version", "job_attempts.cost_currency",
        "job_items.provider_code", "job_items.provider_message", "job_attempts.provider_code", "job_attempts.provider_message",
    }
