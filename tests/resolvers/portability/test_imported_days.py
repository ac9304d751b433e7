"""Imported days without a diary: estimated with their cost beforehand, and due only if requested."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import update

from jobs.rules.day import week_start
from jobs.token_estimates import READING_ANSWER_TOKENS, READING_TOKENS
from persistence import database
from persistence.models import ActiveDay, Conversation, Diary, DiaryDeletion, JobItem, Message, Usage, User
from persistence.models.chat import MessageStatus
from persistence.models.jobs import Job
from resolvers import portability
from resolvers.errors import Conflict, StorageExceeded
from tests import seeds
from tests.jobs.job_setup import everything, night, rows
from tests.resolvers.chat.chat_setup import Model, model, set_to

__all__ = ["model"]

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

WRITTEN, DELETED, REFUSED, TEMPORARY, *WAITING = (date.today() - timedelta(days=days) for days in range(20, 27))
SPOKEN = ("I live in Leeds and I work as a nurse.", "我很喜欢喝茶。", "I went hiking with my sister today and was happy.")


async def make_export() -> str:
    """Return an export with days with a diary, with a deleted one, with refused questions, with temporary messages, and three pending."""
    ann = await seeds.person()
    await seeds.whole_day(ann, WRITTEN)
    said = {day: await seeds.said(ann, day, *SPOKEN) for day in (DELETED, REFUSED, TEMPORARY, *WAITING)}
    async with database.transaction() as session:
        session.add(DiaryDeletion(user_id=ann.id, day=DELETED, through_message_id=said[DELETED][-1].id))
        await session.execute(update(Message).where(Message.day == REFUSED).values(status=MessageStatus.FAILED, error_code="QUOTA_EXCEEDED"))
        await session.execute(update(Conversation).where(Conversation.id == said[TEMPORARY][0].conversation_id).values(temporary=True))
    return await portability.export_json(ann)


async def due(person: User) -> set[date]:
    return {row.day for row in await rows(ActiveDay, ActiveDay.user_id == person.id) if row.diary_revision < row.revision}


@pytest.mark.parametrize("write_diaries", [False, True])
async def test_import_json_dry_run_returns_days_and_cost_and_changes_nothing(write_diaries: bool) -> None:
    file, bob = await make_export(), await seeds.person("bob")
    before = await everything()
    with set_to(MODEL_INPUT_PRICE="2", MODEL_OUTPUT_PRICE="8", MODEL_PRICE_CURRENCY="CNY"):
        tried = await portability.import_json(bob, file, write_diaries=write_diaries, dry_run=True)
    assert await everything() == before
    assert tried.estimate.days == set(WAITING) and tried.estimate.tokens > 0
    assert tried.estimate.cost is not None and tried.estimate.cost.currency == "CNY" and tried.estimate.cost.nano > 0
    with set_to(MODEL_INPUT_PRICE="2", MODEL_OUTPUT_PRICE="8", MODEL_PRICE_CURRENCY="CNY", MODEL_CHECK="off"):
        unchecked = (await portability.import_json(bob, file, write_diaries=write_diaries, dry_run=True)).estimate
    assert unchecked.cost is not None
    readings = len(tried.estimate.days) + len({week_start(day) for day in tried.estimate.days})
    assert tried.estimate.tokens - unchecked.tokens == readings * (READING_TOKENS + READING_ANSWER_TOKENS)
    assert tried.estimate.cost.nano - unchecked.cost.nano == readings * (READING_TOKENS * 2 + READING_ANSWER_TOKENS * 8) * 1000
    assert tried.counts["diaries"] == 1 and tried.counts["messages"] == 3 * 7
    with set_to(STORAGE_PER_USER="1000"), pytest.raises(StorageExceeded):
        await portability.import_json(bob, file, dry_run=True)
    assert await everything() == before


async def test_import_json_write_diaries_makes_missing_days_due_at_the_estimated_cost(model: Model) -> None:
    file, bob = await make_export(), await seeds.person("bob")
    done = await portability.import_json(bob, file, write_diaries=True)
    assert await due(bob) == done.estimate.days == set(WAITING)
    kept = await rows(Diary, Diary.user_id == bob.id)
    summary = await night(user_ids=[bob.id])
    assert summary.failed == 0
    assert {row.day for row in await rows(Diary, Diary.user_id == bob.id)} == {WRITTEN, *WAITING} and len(kept) == 1
    assert {item.period for item in await rows(JobItem, JobItem.user_id == bob.id, JobItem.job == Job.DAILY_DIARY)} == set(WAITING)
    spent = sum(row.input_tokens + row.output_tokens for row in await rows(Usage, Usage.user_id == bob.id))
    assert spent / 2 < done.estimate.tokens < spent * 3
    assert await due(bob) == set()


async def test_import_json_repeated_is_refused_and_makes_no_day_due(model: Model) -> None:
    file, bob = await make_export(), await seeds.person("bob")
    await portability.import_json(bob, file)
    assert await due(bob) == set()
    before = await everything()
    for asked in ({"write_diaries": True}, {"dry_run": True}):
        with pytest.raises(Conflict):
            await portability.import_json(bob, file, **asked)  # type: ignore[arg-type]
    assert await everything() == before


@pytest.mark.usefixtures("one_utc_day")
async def test_job_run_of_imported_days_stays_within_the_users_token_limit(model: Model) -> None:
    file, bob = await make_export(), await seeds.person("bob")
    await portability.import_json(bob, file, write_diaries=True)
    with set_to(NIGHT_TOKENS_PER_USER="7000"):
        await night(Job.DAILY_DIARY, user_ids=[bob.id])
    used = await rows(Usage, Usage.user_id == bob.id)
    assert 0 < sum(row.input_tokens + row.output_tokens for row in used) <= 7_000
    assert await due(bob), "the rest waits for further nights"


async def test_import_json_empty_export_estimates_nothing() -> None:
    bob = await seeds.person("bob")
    file: dict[str, Any] = json.loads(await portability.export_json(bob))
    estimate = (await portability.import_json(bob, json.dumps(file), write_diaries=True)).estimate
    assert (estimate.days, estimate.tokens) == (frozenset(), 0)
