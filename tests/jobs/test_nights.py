"""Job runs from messages to diaries and profiles, with a real database and the offline model."""

from __future__ import annotations

import json
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import delete, update

from jobs.rules.day import day_of
from persistence import database
from persistence.ids import uuid7
from persistence.models import (
    ActiveDay,
    Conversation,
    Diary,
    DiaryLine,
    DiaryVersion,
    JobAttempt,
    JobItem,
    JobRun,
    LineEvidence,
    Message,
    ProfileChange,
    ProfileValue,
    Signal,
    SignalEvidence,
    Usage,
    User,
)
from persistence.models.chat import MessageRole, MessageStatus
from persistence.models.diary import LineKind, Origin
from persistence.models.jobs import ItemStatus, Job, RunStatus
from persistence.models.profile import ValueStatus
from tests.jobs.job_setup import ModelServer, add_person, everything, night, rows, say

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

TODAY = datetime.now(timezone.utc).date()
MONDAY = TODAY - timedelta(days=TODAY.weekday() + 7)
SPOKEN = (
    "I work as a nurse in Hamburg.",
    "I really like hiking in the mountains.",
    "Today I went to the market with my sister and we had a wonderful time.",
)


async def test_job_run_active_days_get_diaries_and_profile_values(model: ModelServer) -> None:
    person = await add_person()
    await say(person, MONDAY, *SPOKEN)
    await say(person, MONDAY + timedelta(days=1), "I really like hiking in the mountains, and today I decided to buy new boots.")
    summary = await night()
    assert (summary.failed, summary.pending, summary.stopped_because) == (0, 0, None)
    assert {diary.day for diary in await rows(Diary)} == {MONDAY, MONDAY + timedelta(days=1)}
    assert {version.origin for version in await rows(DiaryVersion)} == {Origin.MODEL}
    values = {(value.slot, value.value_key): value for value in await rows(ProfileValue)}
    assert any(slot == "identity.occupation" and "nurse" in key for slot, key in values)
    assert all(0 < value.confidence < 1 and value.evidence for value in values.values())
    assert len(await rows(ProfileChange)) >= len(values)


async def test_job_run_every_line_and_signal_quotes_the_users_messages_of_that_day(model: ModelServer) -> None:
    person = await add_person()
    for offset in range(3):
        await say(person, MONDAY + timedelta(days=offset), *SPOKEN)
    await night()
    messages = {message.id: message for message in await rows(Message)}
    diaries = {diary.id: diary for diary in await rows(Diary)}
    lines = {line.id: line for line in await rows(DiaryLine)}
    evidence = await rows(LineEvidence)
    assert {item.line_id for item in evidence} == set(lines)
    for item in evidence:
        message = messages[item.message_id]
        assert message.content[item.start : item.start + len(item.quote)] == item.quote
        assert message.role is MessageRole.USER and message.day == diaries[lines[item.line_id].diary_id].day
    signals = await rows(SignalEvidence)
    assert signals and {item.signal_id for item in signals} == {signal.id for signal in await rows(Signal)}
    assert all(messages[item.message_id].content[item.start : item.start + len(item.quote)] == item.quote for item in signals)


async def test_job_run_repeated_changes_no_row_and_makes_no_call(model: ModelServer) -> None:
    person = await add_person()
    await say(person, MONDAY, *SPOKEN)
    await night()
    before, calls = await everything(), await model.calls()
    assert (await night()).run_id is None
    assert await everything() == before and await model.calls() == calls


async def test_daily_diary_forced_with_the_same_result_stores_no_new_version(model: ModelServer) -> None:
    person = await add_person()
    await say(person, MONDAY, *SPOKEN)
    await night()
    values = {(value.id, value.confidence) for value in await rows(ProfileValue)}
    summary = await night(Job.DAILY_DIARY, first=MONDAY, last=MONDAY, force=True)
    assert (summary.planned, summary.skipped) == (1, 1)
    assert [version.version for version in await rows(DiaryVersion)] == [1]
    assert {(value.id, value.confidence) for value in await rows(ProfileValue)} == values


async def test_job_run_day_not_over_in_the_users_time_zone_is_not_planned(model: ModelServer) -> None:
    now = datetime.now(timezone.utc)
    east, west = await add_person(time_zone="Pacific/Kiritimati"), await add_person(time_zone="Pacific/Pago_Pago")
    for person in (east, west):
        await say(person, day_of(now, person.time_zone, 0), SPOKEN[0])
    summary = await night()
    assert summary.planned == 0 and await rows(Diary) == [] and await model.calls() == 0


async def test_daily_diary_users_in_other_time_zones_get_their_own_yesterday(model: ModelServer) -> None:
    now = datetime.now(timezone.utc)
    for zone in ("Pacific/Kiritimati", "America/Los_Angeles"):
        person = await add_person(time_zone=zone)
        await say(person, day_of(now, zone, 0) - timedelta(days=1), SPOKEN[0])
    assert (await night(Job.DAILY_DIARY)).succeeded == 2


async def test_job_run_temporary_conversation_adds_nothing_to_diary_or_profile(model: ModelServer) -> None:
    person = await add_person()
    secret_talk = uuid7()
    async with database.transaction() as session:
        session.add(Conversation(user_id=person.id, id=secret_talk, temporary=True))
    await say(person, MONDAY, "I live in Atlantis.", conversation_id=secret_talk, temporary=True)
    assert (await night()).planned == 0
    await say(person, MONDAY, SPOKEN[0], hour=12)
    await night()
    told = [line.text for line in await rows(DiaryLine)] + [value.value for value in await rows(ProfileValue)]
    assert told and not any("Atlantis" in text for text in told)


async def test_job_run_late_message_stores_a_new_version_with_the_users_own_line(model: ModelServer) -> None:
    person = await add_person()
    await say(person, MONDAY, SPOKEN[0])
    await night()
    [diary] = await rows(Diary)
    async with database.transaction() as session:
        session.add(
            DiaryLine(
                user_id=person.id,
                id=uuid7(),
                diary_id=diary.id,
                version=1,
                position=90,
                kind=LineKind.HIGHLIGHT,
                text="My own words.",
                by_person=True,
            )
        )
    await say(person, MONDAY, "Late at night I decided to learn the violin.", hour=22)
    summary = await night()
    assert summary.planned == 1
    [diary] = await rows(Diary)
    lines = [line.text for line in await rows(DiaryLine, DiaryLine.version == 2)]
    assert diary.version == 2 and "My own words." in lines and any("violin" in text for text in lines)


@pytest.mark.parametrize("kind", ["500", "429", "truncated", "empty", "garbage", "html", "invented"])
async def test_job_run_failed_call_stores_a_fallback_that_the_next_attempt_replaces(model: ModelServer, kind: str) -> None:
    person = await add_person()
    await say(person, MONDAY, *SPOKEN)
    await model.fail(always=kind)
    summary = await night(Job.DAILY_DIARY)
    [version] = await rows(DiaryVersion)
    [item] = await rows(JobItem)
    assert version.origin is Origin.FALLBACK and version.summary and version.model is None
    assert {item.quote for item in await rows(LineEvidence)} <= {part for text in SPOKEN for part in (text, text.rstrip("."))}
    assert (summary.succeeded, summary.pending) == (0, 1) and item.status is ItemStatus.PENDING and item.error_code
    assert await rows(ProfileValue) == []
    await model.reset()
    await _make_due()
    await night()
    assert [version.origin for version in await rows(DiaryVersion, DiaryVersion.version == 2)] == [Origin.MODEL]


@pytest.mark.parametrize("kind", ["filtered", "zhipu-1301", "deepseek-risk", "dashscope-inspection"])
async def test_job_run_filtered_day_stores_a_fallback_and_is_not_retried(model: ModelServer, kind: str) -> None:
    person = await add_person()
    await say(person, MONDAY, *SPOKEN)
    await model.fail(always=kind)
    summary = await night(Job.DAILY_DIARY)
    [version] = await rows(DiaryVersion)
    [item] = await rows(JobItem, JobItem.job == Job.DAILY_DIARY)
    assert version.origin is Origin.FALLBACK and version.summary
    assert (item.status, item.error_code, item.attempts) == (ItemStatus.FAILED, "MODEL_FILTERED", 1) and (summary.failed, summary.pending) == (1, 0)
    assert [(used.calls, used.failed_calls) for used in await rows(Usage)] == [(1, 1)]
    await _make_due()
    async with database.transaction() as session:
        await session.execute(update(JobItem).values(finished_at=datetime.now(timezone.utc) - timedelta(days=2)))
    calls = await model.calls()
    await night(Job.DAILY_DIARY)
    assert await model.calls() == calls and len(await rows(DiaryVersion)) == 1
    await model.reset()
    await say(person, MONDAY, "I planted an apple tree.", hour=20)
    await night()
    assert [version.origin for version in await rows(DiaryVersion, DiaryVersion.version == 2)] == [Origin.MODEL]


async def test_daily_diary_fallback_leaves_out_a_filtered_message(model: ModelServer) -> None:
    person = await add_person()
    [filtered, *_] = await say(person, MONDAY, "I fought with my neighbour today.", "I planted an apple tree today.", "My sister came to visit.")
    async with database.transaction() as session:
        await session.execute(update(Message).where(Message.id == filtered).values(status=MessageStatus.FAILED, error_code="MODEL_FILTERED"))
    await model.fail(always="filtered")
    await night(Job.DAILY_DIARY)
    lines = [line.text for line in await rows(DiaryLine)]
    assert any("apple tree" in text for text in lines) and not any("neighbour" in text for text in lines)


async def test_daily_diary_failed_call_keeps_the_models_earlier_version(model: ModelServer) -> None:
    person = await add_person()
    await say(person, MONDAY, *SPOKEN)
    await night()
    await say(person, MONDAY, "One more thing.", hour=20)
    await model.fail(always="500")
    await night(Job.DAILY_DIARY)
    [version] = await rows(DiaryVersion)
    assert version.origin is Origin.MODEL
    assert [day.diary_revision < day.revision for day in await rows(ActiveDay)] == [True]


async def test_job_run_item_without_attempts_left_is_failed_and_retried_the_next_night(model: ModelServer, monkeypatch: pytest.MonkeyPatch) -> None:
    import settings

    monkeypatch.setenv("ITEM_ATTEMPTS", "2")
    settings.current.cache_clear()
    person = await add_person()
    await say(person, MONDAY, *SPOKEN)
    await model.fail(always="empty")
    await night(Job.DAILY_DIARY)
    await _make_due()
    assert (await night(Job.DAILY_DIARY)).failed == 1
    [item] = await rows(JobItem)
    assert (item.status, item.error_code, item.attempts) == (ItemStatus.FAILED, "MODEL_EMPTY", 2)
    assert (await night(Job.DAILY_DIARY, retry_failed_after=timedelta(hours=20))).planned == 0
    async with database.transaction() as session:
        await session.execute(update(JobItem).values(finished_at=datetime.now(timezone.utc) - timedelta(hours=21)))
    await model.reset()
    assert (await night(Job.DAILY_DIARY, retry_failed_after=timedelta(hours=20))).succeeded == 1
    monkeypatch.undo()
    settings.current.cache_clear()


@pytest.mark.parametrize(("kind", "code"), [("401", "MODEL_UNAUTHORIZED"), ("402", "MODEL_QUOTA_EXCEEDED")])
async def test_job_run_account_wide_error_refunds_every_attempt(
    model: ModelServer, monkeypatch: pytest.MonkeyPatch, kind: str, code: str
) -> None:
    import settings

    monkeypatch.setenv("NIGHT_CONCURRENCY", "1")
    settings.current.cache_clear()
    for _ in range(4):
        await say(await add_person(), MONDAY, *SPOKEN)
    await model.fail(always=kind)
    summary = await night(Job.DAILY_DIARY)
    assert summary.stopped_because == code and summary.succeeded == 0
    assert await model.calls() == 1
    assert [version.origin for version in await rows(DiaryVersion)] == [Origin.FALLBACK] * 4
    assert {(item.status, item.attempts, item.error_code) for item in await rows(JobItem)} == {(ItemStatus.PENDING, 0, code)}
    monkeypatch.undo()
    settings.current.cache_clear()


async def test_job_run_failed_item_of_one_user_leaves_the_others_succeeding(model: ModelServer) -> None:
    unlucky, *lucky = [await add_person(name) for name in ("Unlucky", "Ann", "Bob")]
    for person in (unlucky, *lucky):
        await say(person, MONDAY, *SPOKEN)
    await model.fail(match="Unlucky", kind="500")
    summary = await night(Job.DAILY_DIARY)
    assert summary.succeeded == 2
    assert {item.user_id for item in await rows(JobItem, JobItem.status == ItemStatus.PENDING, JobItem.job == Job.DAILY_DIARY)} == {unlucky.id}


async def test_job_run_without_time_left_claims_nothing_and_loses_nothing(model: ModelServer) -> None:
    await say(await add_person(), MONDAY, *SPOKEN)
    for seconds in (0.0, -5.0, 1.0):
        summary = await night(Job.DAILY_DIARY, seconds=seconds)
        assert (summary.succeeded, summary.pending, summary.stopped_because) == (0, 1, "DEADLINE")
    assert await rows(Diary) == [] and await model.calls() == 0
    assert {(item.status, item.attempts) for item in await rows(JobItem)} == {(ItemStatus.PENDING, 0)}
    assert (await night(Job.DAILY_DIARY)).succeeded == 1


async def test_job_run_at_the_deadline_releases_its_items_and_refunds_their_attempts(model: ModelServer) -> None:
    await say(await add_person(), MONDAY, *SPOKEN)
    await model.fail(always="silent")
    summary = await night(Job.DAILY_DIARY, seconds=6.5)
    [item] = await rows(JobItem)
    assert item.status is ItemStatus.PENDING
    assert (summary.stopped_because == "DEADLINE" and item.attempts == 0) or item.error_code == "MODEL_TIMEOUT"


async def test_job_run_as_a_dry_run_returns_the_counts_and_writes_nothing(model: ModelServer) -> None:
    person = await add_person()
    await say(person, MONDAY, *SPOKEN)
    before = await everything()
    summary = await night(Job.DAILY_DIARY, dry_run=True)
    assert (summary.run_id, summary.planned, summary.pending) == (None, 1, 1)
    assert await everything() == before and await model.calls() == 0


async def test_job_run_for_given_users_and_days_processes_only_those(model: ModelServer) -> None:
    chosen, other = await add_person(), await add_person()
    for person in (chosen, other):
        for offset in range(3):
            await say(person, MONDAY + timedelta(days=offset), *SPOKEN)
    summary = await night(Job.DAILY_DIARY, first=MONDAY, last=MONDAY + timedelta(days=1), user_ids=[chosen.id])
    assert (summary.planned, summary.succeeded) == (2, 2)
    assert {(diary.user_id, diary.day) for diary in await rows(Diary)} == {(chosen.id, MONDAY), (chosen.id, MONDAY + timedelta(days=1))}


async def test_job_run_disabled_user_is_not_planned(model: ModelServer) -> None:
    await say(await add_person(), MONDAY, *SPOKEN)
    async with database.transaction() as session:
        await session.execute(update(User).values(disabled=True))
    assert (await night()).planned == 0 and await rows(Diary) == []


async def test_job_run_item_due_before_the_account_was_disabled_is_skipped_until_it_is_enabled(model: ModelServer) -> None:
    await say(await add_person(), MONDAY, *SPOKEN)
    assert (await night(seconds=1.0)).planned == 1
    async with database.transaction() as session:
        await session.execute(update(User).values(disabled=True))
    summary = await night(Job.DAILY_DIARY)
    [item] = await rows(JobItem)
    assert (summary.skipped, item.error_code, await model.calls(), await rows(Diary)) == (1, "ACCOUNT_DISABLED", 0, [])
    async with database.transaction() as session:
        await session.execute(update(User).values(disabled=False))
    assert (await night(Job.DAILY_DIARY)).succeeded == 1
    async with database.transaction() as session:
        await session.execute(update(User).values(disabled=True))
    calls = await model.calls()
    assert (await night()).failed == 0 and await model.calls() == calls
    assert [found.error_code for found in await rows(JobItem, JobItem.job == Job.WEEKLY_PROFILE)] == ["ACCOUNT_DISABLED"]


@pytest.mark.parametrize("job", list(Job))
async def test_job_run_forced_for_a_disabled_users_days_plans_nothing(model: ModelServer, job: Job) -> None:
    await say(await add_person(), MONDAY, *SPOKEN)
    await night()
    async with database.transaction() as session:
        await session.execute(update(User).values(disabled=True))
    assert (await night(job, first=MONDAY, last=MONDAY, force=True)).planned == 0


async def test_job_run_records_the_run_its_attempts_and_the_tokens_used(model: ModelServer) -> None:
    await say(await add_person(), MONDAY, *SPOKEN)
    summary = await night(Job.DAILY_DIARY)
    [run] = await rows(JobRun)
    [attempt] = await rows(JobAttempt)
    [used] = await rows(Usage)
    assert (run.id, run.status, run.planned, run.pending) == (summary.run_id, RunStatus.SUCCEEDED, 1, 0)
    assert (attempt.run_id, attempt.status, attempt.attempt) == (run.id, ItemStatus.SUCCEEDED, 1)
    assert attempt.input_tokens == used.input_tokens > 0 and summary.tokens == used.input_tokens + used.output_tokens
    assert attempt.started_at < attempt.finished_at


async def test_job_run_deleting_the_user_afterwards_leaves_no_row_of_the_user(model: ModelServer) -> None:
    person = await add_person()
    await say(person, MONDAY, *SPOKEN)
    await night()
    async with database.transaction() as session:
        await session.execute(delete(User).where(User.id == person.id))
    assert not any(str(person.id) in row for name, found in (await everything()).items() for row in found)


async def test_weekly_profile_of_a_finished_week_counts_no_evidence_twice(model: ModelServer) -> None:
    person = await add_person()
    for offset in range(4):
        await say(person, MONDAY + timedelta(days=offset), "I usually go for a run at six in the morning.", *SPOKEN)
    await night(Job.DAILY_DIARY)
    await night(Job.DAILY_PROFILE)
    before = {value.value_key: value.confidence for value in await rows(ProfileValue)}
    summary = await night(Job.WEEKLY_PROFILE)
    assert summary.succeeded + summary.skipped == 1 and await model.calls("week") == 1
    after = {value.value_key: value for value in await rows(ProfileValue)}
    assert set(before) <= set(after)
    assert all(after[key].confidence == confidence for key, confidence in before.items())


async def test_weekly_profile_inferred_signal_from_a_single_day_is_dropped(model: ModelServer) -> None:
    person = await add_person()
    for offset in range(2):
        await say(person, MONDAY + timedelta(days=offset), "I ran before work.", "I always drink tea.")
    await night(Job.DAILY_DIARY)
    ran, tea = [[{"message": number, "quote": text} for number in (place, place + 4)] for place, text in ((1, "ran before work"), (3, "always drink tea"))]
    draft = [
        {"slot": "habits.exercise", "value": "running", "confidence": 0.7, "evidence": ran},
        {"slot": "habits.work_hours", "value": "mornings", "confidence": 0.7, "evidence": ran[:1]},
        {"slot": "habits.meals", "value": "tea", "stated": True, "confidence": 0.7, "evidence": tea[:1]},
        {"slot": "preferences.food", "value": "coffee", "polarity": "NEGATIVE", "confidence": 0.7, "evidence": tea[1:]},
    ]
    await model.fail(answers={"week": json.dumps({"signals": draft, "merges": []})})
    await night(Job.WEEKLY_PROFILE)
    assert {signal.value for signal in await rows(Signal, Signal.week.is_not(None))} == {"running", "tea", "coffee"}


async def test_job_run_later_contradicting_statement_supersedes_the_earlier_value(model: ModelServer) -> None:
    person = await add_person()
    await say(person, MONDAY, "I work as a nurse.")
    await night()
    await say(person, MONDAY + timedelta(days=1), "I work as a teacher.")
    await night()
    found = {
        value.value_key: (value.status, value.ended_at is not None) for value in await rows(ProfileValue, ProfileValue.slot == "identity.occupation")
    }
    assert found == {"nurse": (ValueStatus.SUPERSEDED, True), "teacher": (ValueStatus.ACTIVE, False)}


async def _make_due() -> None:
    """Set the due times of all items to the past."""
    async with database.transaction() as session:
        await session.execute(update(JobItem).values(due_at=datetime.now(timezone.utc) - timedelta(minutes=1)))
