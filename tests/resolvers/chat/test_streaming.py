"""Streamed answers: stored as `send` stores them, also if the client disconnects."""
from __future__ import annotations

import asyncio
from unittest.mock import patch

import pytest

from persistence.models import AnswerStream, Message, Usage
from persistence.models.account import Purpose
from persistence.models.chat import CutOff, MessageRole, MessageStatus
from resolvers import chat
from resolvers.chat import Exchange, ModelFailed, NewMessage, StreamStart, running
from resolvers.chat.side_tasks import SideTasks
from resolvers.errors import InvalidInput
from tests import seeds
from tests.paced_model import paced_model
from tests.resolvers.chat.chat_setup import Model, context_of, everything, rows, set_to, stored_message


async def no_answer_is_made() -> None:
    """Wait until this process makes no answer any more."""
    while running._running:
        await asyncio.sleep(0.01)


async def forever(*given: object) -> None:
    await asyncio.Event().wait()


pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]


async def test_stream_message_pieces_join_to_the_stored_answer(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    asked, *pieces, exchange = [step async for step in chat.stream(await context_of(ann), NewMessage("Tell me about the sea and its tides"))]
    assert isinstance(asked, StreamStart) and isinstance(exchange, Exchange) and pieces
    assert asked.question.status is MessageStatus.PENDING and asked.conversation.id == exchange.conversation.id
    reply = await stored_message(exchange.answer.id)
    assert "".join(str(piece) for piece in pieces) == reply.content
    assert reply.input_tokens and reply.output_tokens and reply.model == "unilife-offline" and reply.prompt_version == "chat/7"
    assert (await stored_message(asked.question.id)).status is MessageStatus.COMPLETE
    assert await model.calls() == {"chat": 1, "title": 1} and exchange.conversation.title


async def test_stream_repeated_idempotency_key_returns_the_stored_answer(model: Model):
    context = await context_of(await seeds.person(time_zone=seeds.noon_zone()))
    first = [step async for step in chat.stream(context, NewMessage("Once", idempotency_key="k"))][-1]
    calls = await model.calls()
    [again] = [step async for step in chat.stream(context, NewMessage("Once", idempotency_key="k"))]
    assert isinstance(first, Exchange) and isinstance(again, Exchange)
    assert again.answer.id == first.answer.id and await model.calls() == calls


async def test_stream_closed_without_grace_keeps_what_was_written_as_stopped_with_its_usage(model: Model):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    with paced_model("The tide rises", " and falls") as slow, set_to(DEEPSEEK_BASE_URL=slow.address, STREAM_GRACE_SECONDS="0"):
        steps = chat.stream(await context_of(ann), NewMessage("Tell me about the tide", idempotency_key="k"))
        assert isinstance(await steps.__anext__(), StreamStart) and await steps.__anext__() == "The"
        await steps.aclose()
        await no_answer_is_made()
        assert slow.left.wait(10)
    question, answer = await rows(Message)
    assert (question.status, question.answer_lease_until) == (MessageStatus.COMPLETE, None)
    assert answer.cut_off is CutOff.STOPPED and "The tide rises".startswith(answer.content) and answer.model == "paced"
    [used] = await rows(Usage, Usage.purpose == Purpose.CHAT)
    assert (used.calls, used.failed_calls) == (1, 0) and used.input_tokens > 0 and used.output_tokens > 0
    assert await rows(AnswerStream) == []


async def test_stream_closed_before_the_model_call_uses_no_tokens(model: Model):
    with set_to(STREAM_GRACE_SECONDS="0"), patch("resolvers.chat.answers.read_background", side_effect=forever):
        steps = chat.stream(await context_of(await seeds.person(time_zone=seeds.noon_zone())), NewMessage("Hello"))
        await steps.__anext__()
        await steps.aclose()
        await no_answer_is_made()
    [question] = await rows(Message)
    assert (question.status, question.error_code) == (MessageStatus.FAILED, "MODEL_INTERRUPTED")
    assert await rows(Usage) == [] and await model.calls() == {}


async def test_stream_closed_within_its_grace_goes_on_to_its_end(model: Model):
    steps = chat.stream(await context_of(await seeds.person(time_zone=seeds.noon_zone())), NewMessage("Tell me about the sea and its tides"))
    assert isinstance(await steps.__anext__(), StreamStart)
    await steps.aclose()
    await no_answer_is_made()
    question, answer = await rows(Message)
    assert (question.status, answer.cut_off) == (MessageStatus.COMPLETE, None) and answer.content


async def test_send_cancelled_request_stores_the_question_as_failed(model: Model):
    context = await context_of(await seeds.person(time_zone=seeds.noon_zone()))
    await model.fail(match="task: chat/7", kind="silent")
    sending = asyncio.ensure_future(chat.send(context, NewMessage("Hello?")))
    await model.is_being_asked()
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    [question] = await rows(Message)
    assert (question.status, question.error_code) == (MessageStatus.FAILED, "MODEL_INTERRUPTED")


async def test_send_cancelled_after_the_answer_keeps_it(model: Model):
    context = await context_of(await seeds.person(time_zone=seeds.noon_zone()))
    waiting = asyncio.Event()

    async def wait(*given: object) -> None:
        waiting.set()
        await asyncio.Event().wait()

    with patch.object(SideTasks, "wait", wait):
        sending = asyncio.ensure_future(chat.send(context, NewMessage("Hello", idempotency_key="k")))
        await waiting.wait()
        sending.cancel()
        with pytest.raises(asyncio.CancelledError):
            await sending
    calls = await model.calls()
    kept = await chat.send(context, NewMessage("Hello", idempotency_key="k"))
    assert kept.answer.role is MessageRole.ASSISTANT and kept.conversation.title == "Hello" and await model.calls() == calls


async def test_stream_broken_connection_stores_the_question_as_failed(model: Model):
    await model.fail(match="task: chat/7", kind="cut")
    heard: list[object] = []
    with pytest.raises(ModelFailed) as failed:
        async for step in chat.stream(await context_of(await seeds.person(time_zone=seeds.noon_zone())), NewMessage("Tell me about the sea")):
            heard.append(step)
    assert failed.value.code == "MODEL_TRUNCATED" and any(isinstance(step, str) for step in heard)
    [question] = await rows(Message)
    assert (question.status, question.error_code) == (MessageStatus.FAILED, "MODEL_TRUNCATED")


async def test_stream_invalid_message_is_refused_and_changes_nothing(model: Model):
    context = await context_of(await seeds.person(time_zone=seeds.noon_zone()))
    before = await everything()
    with pytest.raises(InvalidInput):
        await chat.stream(context, NewMessage("")).__anext__()
    assert await everything() == before and await model.calls() == {}
