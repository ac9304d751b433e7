"""Model client over HTTP: answers, streams, errors, timeouts and retries."""
from __future__ import annotations

from collections.abc import Awaitable, Callable

import anyio
import pytest

import settings
from llm import chat, client, errors
from llm.messages import ChatMessage, Completion
from llm.usage import Usage
from tests.llm.conftest import OfflineModel

pytestmark = pytest.mark.anyio

HANGING_SECONDS = 60
"""Seconds after which a call in flight counts as hanging."""
QUESTION: list[ChatMessage] = [{"role": "user", "content": "I went hiking in the hills today."}]


async def complete(seconds: float = 10, retries: int = 0) -> Completion:
    return await client.complete(QUESTION, max_tokens=200, timeout=seconds, retries=retries)


async def read_stream(seconds: float = 10) -> list[str | Completion]:
    return [item async for item in client.stream(QUESTION, max_tokens=200, timeout=seconds)]


async def test_complete_question_returns_text_model_usage_and_latency(model: OfflineModel) -> None:
    completion = await complete()
    assert "hiking in the hills" in completion.text
    assert completion.model == "unilife-offline"
    assert completion.finish_reason == "stop"
    assert completion.usage.input_tokens > 0 and completion.usage.output_tokens > 0
    assert completion.latency_ms >= 0


async def test_stream_question_ends_with_the_joined_completion(model: OfflineModel) -> None:
    *pieces, whole = await read_stream()
    assert isinstance(whole, Completion)
    assert len(pieces) > 1 and "".join(map(str, pieces)) == whole.text
    assert whole.text == (await complete()).text
    assert whole.usage == (await complete()).usage


FAULTS = {
    "400": errors.ModelRejected,
    "401": errors.ModelUnauthorized,
    "402": errors.ModelQuotaExceeded,
    "403": errors.ModelUnauthorized,
    "404": errors.ModelNotFound,
    "422": errors.ModelRejected,
    "429": errors.ModelRateLimited,
    "500": errors.ModelUnavailable,
    "503": errors.ModelUnavailable,
    "filtered": errors.ModelFiltered,
    "empty": errors.ModelEmpty,
    "html": errors.ModelMalformed,
}


@pytest.mark.parametrize("call", [complete, read_stream])
@pytest.mark.parametrize("kind", [*FAULTS, "cut"])
async def test_model_call_each_endpoint_fault_raises_its_error(model: OfflineModel, kind: str, call: Callable[[], Awaitable[object]]) -> None:
    expected = FAULTS.get(kind) or (errors.ModelTruncated if call is read_stream else errors.ModelMalformed)
    model.fail(always=kind)
    with pytest.raises(errors.ModelError) as raised:
        await call()
    assert type(raised.value) is expected
    assert raised.value.affects_all_users is (kind in ("401", "402", "403", "404"))
    assert raised.value.retry_after == (7 if kind == "429" else None)
    paid = kind in ("filtered", "empty", "cut")
    assert (raised.value.usage.input_tokens > 0) is paid
    assert model.calls() == 1


async def test_complete_without_choices_raises_empty_with_usage(model: OfflineModel) -> None:
    model.fail(always="choiceless")
    with pytest.raises(errors.ModelEmpty) as raised:
        await complete()
    assert raised.value.usage.input_tokens > 0


async def test_complete_provider_error_hides_the_providers_message(model: OfflineModel) -> None:
    model.fail(always="402")
    with pytest.raises(errors.ModelQuotaExceeded) as raised:
        await complete()
    assert "insufficient balance" not in str(raised.value)
    assert raised.value.__cause__ is None and raised.value.__context__ is None


@pytest.mark.parametrize("kind", ["timeout", "silent"])
@pytest.mark.parametrize("call", [complete, read_stream])
async def test_model_call_with_keep_alive_lines_ends_at_the_timeout(model: OfflineModel, kind: str, call: Callable[[float], Awaitable[object]]) -> None:
    model.fail(always=kind)
    with anyio.fail_after(HANGING_SECONDS), pytest.raises(errors.ModelTimeout) as raised:
        await call(0.4)
    assert raised.value.usage.input_tokens > 0, "what was sent is paid for"
    model.reset()
    assert await call(10)


async def test_complete_timeout_in_the_past_raises_timeout(model: OfflineModel) -> None:
    with pytest.raises(errors.ModelTimeout):
        await complete(-1)


async def test_complete_retry_after_temporary_failure_succeeds_and_counts_both(model: OfflineModel) -> None:
    alone = (await complete()).usage
    model.fail(next=["empty"])
    completion = await complete(retries=1)
    assert "hiking" in completion.text
    assert completion.usage == Usage(2 * alone.input_tokens, alone.output_tokens)


@pytest.mark.parametrize("kind", ["401", "filtered", "400"])
async def test_complete_permanent_failure_is_not_retried(model: OfflineModel, kind: str) -> None:
    model.fail(always=kind)
    with pytest.raises(errors.ModelError):
        await complete(retries=1)
    assert model.calls() == 1


async def test_complete_long_retry_after_raises_instead_of_waiting(model: OfflineModel) -> None:
    model.fail(next=["429"])
    with pytest.raises(errors.ModelRateLimited) as raised:
        await complete(60, retries=1)
    assert raised.value.retry_after == 7
    assert model.calls() == 1


async def test_complete_connection_refused_raises_unavailable(model: OfflineModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DEEPSEEK_BASE_URL", "http://127.0.0.1:1/v1")
    settings.current.cache_clear()
    with pytest.raises(errors.ModelUnavailable):
        await complete()
    assert model.calls() == 0


async def test_client_with_changed_settings_follows_them_and_close_is_repeatable(model: OfflineModel, monkeypatch: pytest.MonkeyPatch) -> None:
    await complete()
    with monkeypatch.context() as other:
        other.setenv("DEEPSEEK_BASE_URL", "http://127.0.0.1:1/v1")
        settings.current.cache_clear()
        with pytest.raises(errors.ModelUnavailable):
            await complete()
    settings.current.cache_clear()
    assert await complete()
    await client.close()
    await client.close()
    assert await complete()


async def test_stream_closed_early_leaves_the_client_usable(model: OfflineModel) -> None:
    stream = client.stream(QUESTION, max_tokens=200, timeout=40)
    assert isinstance(await stream.__anext__(), str)
    await stream.aclose()
    assert await complete()


async def test_complete_answer_over_max_tokens_is_returned_as_cut_off(model: OfflineModel) -> None:
    completion = await client.complete(QUESTION, max_tokens=3, timeout=40)
    assert completion.cut_off == "LENGTH"
    assert completion.text and (await complete()).text.startswith(completion.text)


@pytest.mark.parametrize("kind", ["truncated", "resource"])
async def test_model_call_truncated_answer_is_returned_as_cut_off(model: OfflineModel, kind: str) -> None:
    whole = await complete()
    model.fail(always=kind)
    half = await complete()
    *pieces, streamed = await read_stream()
    assert half.cut_off == "LENGTH" and whole.cut_off is None
    assert 0 < len(half.text) < len(whole.text) and whole.text.startswith(half.text)
    assert isinstance(streamed, Completion) and streamed.text == half.text == "".join(map(str, pieces))


async def test_title_and_summary_of_a_conversation_use_its_text(model: OfflineModel) -> None:
    english = await chat.generate_title("Hi! My sister Ann visits me in June, what can we do?", seed=b"seed", locale="en", timeout=40)
    chinese = await chat.generate_title("你好！我打算六月去云南旅行，应该带什么？", seed=b"seed", locale="zh-CN", timeout=40)
    assert english.text == "My sister Ann visits me"
    assert chinese.text == "我打算六月去云南旅行"
    turns = [chat.Turn("user", "I bought a red bicycle today."), chat.Turn("assistant", "What a fine colour!")]
    first = await chat.summarize(None, turns, seed=b"seed", locale="en", timeout=40)
    second = await chat.summarize(first.text, [chat.Turn("user", "I went to Oslo by train.")], seed=b"seed", locale="en", timeout=40)
    assert "red bicycle" in first.text and "fine colour" not in first.text
    assert "red bicycle" in second.text and "Oslo" in second.text
    with pytest.raises(ValueError):
        await chat.summarize("so far", [], seed=b"seed", locale="en", timeout=40)
