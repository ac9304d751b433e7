"""Streamed answers: stored as `send` stores them, also if the client disconnects."""
from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from unittest.mock import patch

import pytest

from persistence.models import AnswerStream, Message, Usage, Verdict
from persistence.models.account import Purpose
from persistence.models.chat import CutOff, MessageRole, MessageStatus
from persistence.models.enums import SourceReason, ToolOutcome
from resolvers import chat
from resolvers.answer_sources import MESSAGE, VALUE, read_sources
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
        assert slow.left.wait(60)
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


async def test_stream_failures_of_each_kind_of_stream_keep_what_was_shown(model: Model):
    context = await context_of(await seeds.person(time_zone=seeds.noon_zone()))
    first = await chat.send(context, NewMessage("Tell me about the sea"))

    async def fail(steps: AsyncGenerator[StreamStart | str | Exchange, None]) -> tuple[str, Message]:
        """Return the chunks of a stream that fails, and the answer as it is stored, which the error names."""
        shown: list[str] = []
        with pytest.raises(ModelFailed, match="messageContinue") as failed:
            async for step in steps:
                shown += [step] if isinstance(step, str) else []
        assert failed.value.code == "MODEL_TRUNCATED" and failed.value.answer is not None
        question, answer = await stored_message(failed.value.question.id), await stored_message(failed.value.answer.id)
        assert (question.status, question.error_code, question.answer_lease_until) == (MessageStatus.COMPLETE, None, None)
        assert answer.cut_off is CutOff.STOPPED and answer.chosen and shown
        return "".join(shown), answer

    await model.fail(match="task: chat/7", kind="cut")
    shown, again = await fail(chat.stream_again(context, first.question.id))
    earlier = await stored_message(first.answer.id)
    assert (again.content, again.reply_to) == (shown, first.question.id) and (earlier.content, earlier.chosen) == (first.answer.content, False)
    shown, longer = await fail(chat.stream_continuation(context, again.id))
    assert longer.id == again.id and longer.content == again.content + shown
    shown, other = await fail(chat.stream_branch(context, first.question.id, "Tell me about the tide"))
    assert other.content == shown and not other.off_path and (await stored_message(again.id)).off_path
    [used] = await rows(Usage, Usage.purpose == Purpose.CHAT)
    assert (used.calls, used.failed_calls) == (4, 3) and await rows(AnswerStream) == []


@pytest.mark.parametrize(("message", "result", "kinds"), [
    ("Remember that I live in Bergen.", "Done: it is in the profile", {VALUE}), ("When did I plant apple trees?", "Recalled from earlier days", {MESSAGE}),
    ("记住我住在杭州。", "Done: it is in the profile", {VALUE}), ("我什么时候种了苹果树？", "Recalled from earlier days", {MESSAGE}),
])  # fmt: skip
async def test_stream_failure_after_a_tool_call_keeps_the_call_and_its_sources(model: Model, message: str, result: str, kinds: set[str]):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    await seeds.said(ann, seeds.DAY, "I planted two apple trees in the garden.", "我在花园里种了两棵苹果树。")
    await model.fail(match=result, kind="cut")
    with pytest.raises(ModelFailed) as failed:
        [_ async for _ in chat.stream(await context_of(ann), NewMessage(message))]
    answer = failed.value.answer
    assert answer is not None and answer.tool_calls == 1
    sources = read_sources(answer.sources)
    assert sources is not None and [call.outcome for call in sources.calls] == [ToolOutcome.DONE]
    assert {key.kind for key, reasons in sources.reasons.items() if SourceReason.TOOL in reasons} == kinds
    assert len(await rows(Verdict)) == (VALUE in kinds)


async def test_stream_invalid_message_is_refused_and_changes_nothing(model: Model):
    context = await context_of(await seeds.person(time_zone=seeds.noon_zone()))
    before = await everything()
    with pytest.raises(InvalidInput):
        await chat.stream(context, NewMessage("")).__anext__()
    assert await everything() == before and await model.calls() == {}
