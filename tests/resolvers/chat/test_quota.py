"""Daily token quota of a user, and the switch that disables the model."""
from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text, update

from llm.chat import MAX_ANSWER_TOKENS
from persistence import database
from persistence.errors import DatabaseError
from persistence.models import ActiveDay, Message, Usage, User
from persistence.models.account import Purpose
from persistence.models.chat import MessageStatus
from persistence.queries import model_limits
from resolvers import chat
from resolvers.chat.exchange import ModelFailed
from tests.resolvers.chat.chat_setup import Model, context_of, rows, say, set_to
from tests.seeds import noon_zone, person

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]


async def _ask(user: User, text: str = "I like tea.") -> str | None:
    """Return the code of the refusal, or None if there was an answer."""
    try:
        await say(user, text)
    except ModelFailed as failure:
        return failure.code
    return None


async def test_send_over_the_daily_quota_keeps_the_question_without_a_model_call(model: Model) -> None:
    user = await person(time_zone=noon_zone())
    with set_to(CHAT_TOKENS_PER_DAY="100"):
        assert await _ask(user) == "QUOTA_EXCEEDED"
    [question] = await rows(Message)
    assert (question.content, question.status, question.error_code) == ("I like tea.", MessageStatus.FAILED, "QUOTA_EXCEEDED")
    assert await model.calls() == {}
    assert sum(used.input_tokens + used.output_tokens + used.reserved_tokens for used in await rows(Usage)) == 0


async def test_send_within_the_daily_quota_counts_usage_and_frees_the_reservation(model: Model) -> None:
    user = await person(time_zone=noon_zone())
    with set_to(CHAT_TOKENS_PER_DAY="50000"):
        assert await _ask(user) is None
    [chat] = await rows(Usage, Usage.purpose == Purpose.CHAT)
    assert chat.input_tokens > 0 and chat.reserved_tokens == 0


async def test_send_model_failure_frees_the_reservation_and_counts_usage(model: Model) -> None:
    user = await person(time_zone=noon_zone())
    await model.fail(always="filtered")
    with set_to(CHAT_TOKENS_PER_DAY="50000"):
        assert await _ask(user) == "MODEL_FILTERED"
    [chat] = await rows(Usage, Usage.purpose == Purpose.CHAT)
    assert chat.input_tokens > 0 and (chat.failed_calls, chat.reserved_tokens) == (1, 0)


async def test_send_many_at_once_stay_within_the_daily_quota(model: Model) -> None:
    user = await person(time_zone=noon_zone())
    await model.fail(latency_ms=3000)  # so that all four are there before one is answered
    with set_to(CHAT_TOKENS_PER_DAY="5500"):
        answers = await asyncio.gather(*(_ask(user, f"I like tea number {number}.") for number in range(4)))
    assert answers.count("QUOTA_EXCEEDED") >= 2 and None in answers
    used = await rows(Usage)
    assert sum(row.input_tokens + row.output_tokens for row in used if row.purpose is Purpose.CHAT) <= 5_500


async def test_send_own_quota_overrides_the_installations(model: Model) -> None:
    user = await person(time_zone=noon_zone())
    async with database.transaction() as session:
        await session.execute(update(User).values(chat_tokens_per_day=0))
    with set_to(CHAT_TOKENS_PER_DAY="50000"):
        assert await _ask(user) == "QUOTA_EXCEEDED"
    assert await model.calls() == {}


async def test_send_while_the_model_is_disabled_is_refused_and_keeps_the_question(model: Model) -> None:
    user = await person(time_zone=noon_zone())
    async with database.transaction() as session:
        await model_limits.disable_model(session, user.id, "too dear")
    assert await _ask(user) == "MODEL_SWITCHED_OFF"
    assert await model.calls() == {} and [message.content for message in await rows(Message)] == ["I like tea."]


@pytest.mark.parametrize("table", ["usage", "model_pauses"])
async def test_send_with_an_unreadable_quota_table_makes_no_model_call(model: Model, table: str) -> None:
    user = await person(time_zone=noon_zone())
    async with database.transaction() as session:
        await session.execute(text(f"alter table {table} rename to away"))
    try:
        with set_to(CHAT_TOKENS_PER_DAY="50000"), pytest.raises(DatabaseError):
            await say(user, "I like tea.")
    finally:
        async with database.transaction() as session:
            await session.execute(text(f"alter table away rename to {table}"))
    assert await model.calls() == {}
    with set_to(CHAT_TOKENS_PER_DAY="50000"):
        assert await _ask(user, "I like tea all the same.") is None


SEARCH_QUESTION = "When did I see the zebra?"
"""Question for which the offline model searches twice, so that it takes three calls."""


async def test_send_tool_rounds_stay_within_the_daily_quota(model: Model) -> None:
    """Send the question with tokens for one call (no search), for two (one search) and for all three (two searches)."""
    free = await person(time_zone=noon_zone())
    whole = await say(free, SEARCH_QUESTION)
    [alone] = await rows(Usage, Usage.purpose == Purpose.CHAT)
    assert whole.answer.tool_calls == 2
    one = (alone.input_tokens + alone.output_tokens) // 3 + MAX_ANSWER_TOKENS
    for number, room in enumerate((one + 1_000, 2 * one + 1_000, 5 * one)):
        user = await person(f"room{number}@example.org", time_zone=noon_zone())
        with set_to(CHAT_TOKENS_PER_DAY=str(room)):
            exchange = await say(user, SEARCH_QUESTION)
        spent = await rows(Usage, Usage.user_id == user.id)
        assert sum(row.input_tokens + row.output_tokens for row in spent if row.purpose is Purpose.CHAT) <= room
        assert exchange.answer.tool_calls == number and not any(row.reserved_tokens for row in spent)


async def test_send_refused_question_makes_its_day_due_only_once_answered(model: Model) -> None:
    user = await person(time_zone=noon_zone())
    with set_to(CHAT_TOKENS_PER_DAY="100"):
        for number in range(3):
            assert await _ask(user, f"I like tea number {number}.") == "QUOTA_EXCEEDED"
    [day] = await rows(ActiveDay)
    assert day.diary_revision == day.revision
    [question, *_] = await rows(Message)
    await chat.regenerate(await context_of(user), question.id)
    [day] = await rows(ActiveDay)
    assert day.diary_revision < day.revision


async def test_send_refused_question_keeps_a_due_day_due(model: Model) -> None:
    user = await person(time_zone=noon_zone())
    assert await _ask(user) is None
    with set_to(CHAT_TOKENS_PER_DAY="100"):
        assert await _ask(user, "I like coffee.") == "QUOTA_EXCEEDED"
    [day] = await rows(ActiveDay)
    assert day.diary_revision < day.revision
