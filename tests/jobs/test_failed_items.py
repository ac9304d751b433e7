"""Retries of failed items: due again after the provider's retry-after or a doubling delay, while the run does not wait."""
from __future__ import annotations

from datetime import date, timedelta

import pytest
from sqlalchemy import func, select

from dev.offline_model import server as offline
from jobs.retries import FIRST_DELAY, MAX_DELAY, MODEL_PAUSE, outcome_after_failure
from persistence import database
from persistence.ids import uuid7
from persistence.models import JobItem, ModelPause
from persistence.models.jobs import ItemStatus, Job
from persistence.queries.job_queue import Claim
from tests.jobs.job_setup import ModelServer, add_person, night, rows, say
from tests.jobs.test_nights import MONDAY, SPOKEN

ATTEMPTS = 4


def claim(attempt: int) -> Claim:
    return Claim(uuid7(), Job.DAILY_DIARY, date(2026, 3, 2), attempt, uuid7(), uuid7())


@pytest.mark.parametrize("attempt", range(1, ATTEMPTS))
def test_outcome_after_failure_each_attempt_doubles_the_jittered_delay(attempt: int) -> None:
    waits = {outcome_after_failure(claim(attempt), "MODEL_UNAVAILABLE").retry_after for _ in range(50)}
    whole = min(FIRST_DELAY * 2 ** (attempt - 1), MAX_DELAY)
    assert all(whole / 2 <= wait <= whole for wait in waits) and len(waits) > 10


def test_outcome_after_failure_with_retry_after_waits_at_least_that_long() -> None:
    assert outcome_after_failure(claim(1), "MODEL_RATE_LIMITED", retry_after=1800.0).retry_after == timedelta(minutes=30)
    assert outcome_after_failure(claim(1), "MODEL_RATE_LIMITED", retry_after=0.1).retry_after >= FIRST_DELAY / 2


def test_outcome_after_failure_last_attempt_is_failed_unless_the_error_is_account_wide() -> None:
    assert outcome_after_failure(claim(ATTEMPTS), "MODEL_EMPTY", retry_after=60.0).status is ItemStatus.FAILED
    outcome = outcome_after_failure(claim(ATTEMPTS), "MODEL_UNAUTHORIZED", affects_all_users=True)
    assert (outcome.status, outcome.refund, outcome.stops_run, outcome.retry_after) == (ItemStatus.PENDING, True, True, MODEL_PAUSE)


@pytest.mark.anyio
@pytest.mark.usefixtures("database")
@pytest.mark.parametrize(("kind", "least", "most"), [("429", 1500, 1800), ("500", 0, 30), ("503", 0, 30)])
async def test_job_run_with_a_retry_after_response_makes_the_item_due_later_and_ends(
    model: ModelServer, monkeypatch: pytest.MonkeyPatch, kind: str, least: int, most: int
) -> None:
    """The offline model in this process sends a retry-after of half an hour. A run that slept instead would not end within this test."""
    monkeypatch.setattr(offline, "RETRY_AFTER_SECONDS", 1800)

    await say(await add_person(), MONDAY, *SPOKEN)
    await model.fail(always=kind)
    summary = await night(Job.DAILY_DIARY)
    assert (summary.pending, await model.calls()) == (1, 1)
    async with database.session() as session:
        wait = await session.scalar(select(func.extract("epoch", JobItem.due_at - func.now())))
    assert wait is not None and least < wait <= most
    if most > 60:
        assert (await night(Job.DAILY_DIARY)).succeeded == 0 and await model.calls() == 1
    assert await rows(ModelPause) == []
