"""Cost of model calls: stored when a call ends, and unchanged by later settings."""
from __future__ import annotations

from datetime import date, timedelta

import pytest

from persistence.models import JobAttempt, Usage, UsageCost
from persistence.models.account import Purpose
from persistence.models.jobs import Job
from tests import seeds
from tests.jobs import job_setup
from tests.resolvers.chat.chat_setup import Model, rows, say, set_to

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

DOLLARS = {"MODEL_INPUT_PRICE": "0.15", "MODEL_OUTPUT_PRICE": "0.6"}
YUAN = {"MODEL_INPUT_PRICE": "1", "MODEL_OUTPUT_PRICE": "4", "MODEL_PRICE_CURRENCY": "CNY"}


async def costs() -> dict[tuple[Purpose, str], int]:
    return {(row.purpose, row.currency): row.nano for row in await rows(UsageCost)}


async def tokens_of(purpose: Purpose) -> tuple[int, int]:
    [used] = await rows(Usage, Usage.purpose == purpose)
    return used.input_tokens, used.output_tokens


async def test_usage_cost_after_a_price_change_keeps_the_cost_at_call_time(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    with set_to(**DOLLARS):
        said = await say(ann, "I live in Oslo.")
    first = await costs()
    assert set(first) == {(Purpose.CHAT, "USD"), (Purpose.TITLE, "USD")}
    for purpose in (Purpose.CHAT, Purpose.TITLE):
        prompts, answers = await tokens_of(purpose)
        assert first[purpose, "USD"] == 150 * prompts + 600 * answers > 0
    before = await tokens_of(Purpose.CHAT)
    with set_to(**YUAN):
        await say(ann, "And I work as a nurse.", said.conversation.id)
    after = await tokens_of(Purpose.CHAT)
    assert await costs() == {**first, (Purpose.CHAT, "CNY"): 1_000 * (after[0] - before[0]) + 4_000 * (after[1] - before[1])}


async def test_usage_cost_failed_call_counts_its_tokens(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    await model.fail(match="task: title/2", kind="truncated")
    with set_to(**DOLLARS):
        await say(ann, "I live in Oslo.")
    prompts, answers = await tokens_of(Purpose.TITLE)
    assert (await costs())[Purpose.TITLE, "USD"] == 150 * prompts + 600 * answers > 0


async def test_usage_cost_unknown_price_is_not_stored(model: Model):
    await say(await seeds.person(time_zone=seeds.noon_zone()), "I live in Oslo.")
    assert await costs() == {} and (await tokens_of(Purpose.CHAT))[0] > 0


async def test_usage_cost_listed_model_uses_the_price_list(model: Model):
    with set_to(DEEPSEEK_MODEL="deepseek-flash"):
        await say(await seeds.person(time_zone=seeds.noon_zone()), "I live in Oslo.")
    prompts, answers = await tokens_of(Purpose.CHAT)
    [used] = await rows(Usage, Usage.purpose == Purpose.CHAT)
    off_peak = 3 * used.cached_tokens + 150 * (prompts - used.cached_tokens) + 600 * answers
    assert (await costs())[Purpose.CHAT, "USD"] in (off_peak, 2 * off_peak)


async def test_usage_cost_of_a_job_run_is_stored_with_attempt_and_user(model: Model):
    person = await job_setup.add_person()
    day = date.today() - timedelta(days=3)
    await job_setup.say(person, day, "I live in Bergen and I like hiking.")
    with set_to(**YUAN):
        await job_setup.night(Job.DAILY_DIARY, seconds=600)
    [attempt] = await rows(JobAttempt, JobAttempt.job == Job.DAILY_DIARY)
    prompts, answers = await tokens_of(Purpose.DIARY)
    assert (attempt.cost_nano, attempt.cost_currency) == (1_000 * prompts + 4_000 * answers, "CNY")
    assert (await costs()) == {(Purpose.DIARY, "CNY"): attempt.cost_nano}
