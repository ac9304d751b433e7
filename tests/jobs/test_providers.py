"""The diary job with every provider family, response shape and provider error: what is stored, counted, paused and retried."""

from __future__ import annotations

from datetime import timedelta

import pytest

from dev.offline_model.provider_errors import ERRORS
from dev.offline_model.shapes import SHAPES
from persistence.models import DiaryVersion, JobAttempt, JobItem, ModelPause, Usage
from persistence.models.diary import Origin
from persistence.models.jobs import ItemStatus, Job
from tests.jobs.job_setup import ModelServer, Person, add_person, night, rows, say
from tests.jobs.test_faults import expire_waits
from tests.jobs.test_nights import MONDAY, SPOKEN
from tests.providers import ALWAYS, CODES, MODELS, assert_all_is_counted, assert_nothing_of_a_thought_is_stored, family_of, speaking_as
from tests.resolvers.chat.chat_setup import set_to

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database"), pytest.mark.once]

ACCOUNT_WIDE_ERRORS = (
    "openai-insufficient-quota", "zhipu-1113", "dashscope-arrearage", "openrouter-credits", "error-in-200:moonshot-quota",
    "zhipu-1003", "openai-key", "error-in-200:ark-key", "deepseek-model", "zhipu-1211", "ollama-model", "error-in-200:ark-model",
)  # fmt: skip
"""Errors after which no user's call would succeed. The chat's tests check the code of each error of each provider."""
SINGLE_CALL_ERRORS = (
    "zhipu-1302", "dashscope-allocation-quota", "anthropic-overloaded", "error-in-200:moonshot-overloaded",
    "deepseek-risk", "azure-filter", "openrouter-moderation", "error-in-200:dashscope-inspection", "openai-too-long", "llamacpp-too-long",
)  # fmt: skip


async def add_user_with_day(*texts: str) -> Person:
    person = await add_person()
    await say(person, MONDAY, *(texts or SPOKEN))
    return person


async def origins() -> list[Origin]:
    return [version.origin for version in await rows(DiaryVersion)]


async def assert_diary_is_stored(model: ModelServer) -> None:
    """Run the job and check that it stores the model's diary and no text of a thought."""
    await add_user_with_day()
    summary = await night(Job.DAILY_DIARY)
    assert (summary.succeeded, summary.failed, await origins()) == (1, 0, [Origin.MODEL])
    await assert_nothing_of_a_thought_is_stored()


@pytest.mark.parametrize("family", MODELS)
@pytest.mark.parametrize("thinking", [False, True])
async def test_daily_diary_each_provider_family_with_or_without_thinking_stores_the_diary(model: ModelServer, family: str, thinking: bool) -> None:
    async with speaking_as(model, family, thinking=thinking):
        await assert_diary_is_stored(model)
    await assert_all_is_counted(model)
    reasoning_tokens = (await model.stats())["tokens"]["reasoning_tokens"]
    assert (reasoning_tokens > 0) is (thinking and family != "plain") and await model.calls() == 1


@pytest.mark.parametrize(("family", "name"), ALWAYS.items())
async def test_daily_diary_model_that_always_thinks_stores_the_diary(model: ModelServer, family: str, name: str) -> None:
    async with speaking_as(model, family, model=name):
        await assert_diary_is_stored(model)
    await assert_all_is_counted(model)


WITHOUT_USABLE_JSON = (
    "content-null", "think-unclosed", "finish-sensitive", "finish-network-error", "finish-length", "finish-content-filter", "finish-resource",
)  # fmt: skip
"""Response shapes without complete JSON."""


@pytest.mark.parametrize("kind", [kind for kind in SHAPES if kind not in WITHOUT_USABLE_JSON and not kind.startswith("tool-")])
async def test_daily_diary_each_response_shape_stores_the_diary(model: ModelServer, kind: str) -> None:
    async with speaking_as(model, "plain", always=kind):
        await assert_diary_is_stored(model)
    if kind not in ("usage-null", "usage-absent"):
        await assert_all_is_counted(model)
    assert await model.calls() == 1


@pytest.mark.parametrize("kind", WITHOUT_USABLE_JSON)
async def test_daily_diary_response_without_usable_json_stores_a_fallback_and_counts_the_call(model: ModelServer, kind: str) -> None:
    await add_user_with_day()
    async with speaking_as(model, "plain", always=kind):
        await night(Job.DAILY_DIARY)
    assert await origins() == [Origin.FALLBACK] and not await rows(ModelPause)
    await assert_nothing_of_a_thought_is_stored()
    await assert_all_is_counted(model)


@pytest.mark.parametrize("kind", ACCOUNT_WIDE_ERRORS)
async def test_daily_diary_account_wide_error_pauses_the_model_for_every_user(model: ModelServer, kind: str) -> None:
    people = [await add_user_with_day() for _ in range(3)]
    async with speaking_as(model, family_of(kind.rpartition(":")[2]), always=kind):
        with set_to(NIGHT_CONCURRENCY="1"):
            summary = await night(Job.DAILY_DIARY)
    [pause] = await rows(ModelPause)
    [code] = CODES[ERRORS[kind.rpartition(":")[2]].meaning]
    assert (await model.calls(), pause.reason, summary.stopped_because) == (1, code, code)
    assert [(item.status, item.attempts) for item in await rows(JobItem, JobItem.job == Job.DAILY_DIARY)] == [(ItemStatus.PENDING, 0)] * len(people)
    await expire_waits()
    await model.reset()
    assert (await night(Job.DAILY_DIARY)).succeeded == len(people) and not await rows(ModelPause)


@pytest.mark.parametrize("kind", SINGLE_CALL_ERRORS)
async def test_daily_diary_error_of_one_call_pauses_nothing_and_spares_other_users(model: ModelServer, kind: str) -> None:
    failing, other = await add_user_with_day("Today I decided to learn the violin."), await add_user_with_day()
    async with speaking_as(model, family_of(kind.rpartition(":")[2]), match="violin", kind=kind):
        await night(Job.DAILY_DIARY)
    [failed] = await rows(JobItem, JobItem.user_id == failing.id, JobItem.job == Job.DAILY_DIARY)
    origins = {version.user_id: version.origin for version in await rows(DiaryVersion)}
    assert failed.error_code in CODES[ERRORS[kind.rpartition(":")[2]].meaning] and not await rows(ModelPause)
    assert origins == {failing.id: Origin.FALLBACK, other.id: Origin.MODEL}


@pytest.mark.parametrize("kind", ["zhipu-1301", "error-in-200:ark-sensitive", "filtered"])
async def test_daily_diary_filtered_day_is_not_retried_until_the_user_writes_more(model: ModelServer, kind: str) -> None:
    person = await add_user_with_day()
    async with speaking_as(model, "zhipu", always=kind):
        await night(Job.DAILY_DIARY)
        calls_before = await model.calls()
        await expire_waits()
        for _ in range(2):
            await night(Job.DAILY_DIARY, retry_failed_after=timedelta(hours=20))
    [item] = await rows(JobItem, JobItem.job == Job.DAILY_DIARY)
    assert (await model.calls(), item.error_code, await origins(), await rows(ModelPause)) == (calls_before, "MODEL_FILTERED", [Origin.FALLBACK], [])
    assert len(await rows(JobAttempt, JobAttempt.job == Job.DAILY_DIARY)) == 1
    await model.reset()
    await say(person, MONDAY, "In the evening I baked bread.", hour=20)
    await night(Job.DAILY_DIARY)
    assert (await origins())[-1] is Origin.MODEL


@pytest.mark.parametrize(("name", "calls"), [("response_format", 4), ("max_tokens", 5)])
async def test_daily_diary_refused_request_parameter_is_left_out_from_then_on(model: ModelServer, name: str, calls: int) -> None:
    """Three users, one rejected request; the token limit is also tried under its other name."""
    for _ in range(3):
        await add_user_with_day()
    async with speaking_as(model, "plain", refuses=[name]):
        with set_to(NIGHT_CONCURRENCY="1"):
            summary = await night(Job.DAILY_DIARY)
    assert (summary.succeeded, summary.failed, await model.calls()) == (3, 0, calls)
    assert {row.failed_calls for row in await rows(Usage)} == {0}
