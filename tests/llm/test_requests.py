"""Request parameters that an endpoint refuses by name: omitted from then on, with one warning."""

from __future__ import annotations

import json
from urllib.request import urlopen

import pytest

import settings
from llm import client, endpoint_adjustments, errors, providers, requests
from llm.error_bodies import ErrorBody
from llm.messages import ChatMessage, Completion, ToolOffer
from llm.requests import Call
from llm.tools import TOOLS
from tests.llm.conftest import OfflineModel
from tests.log_capture import written_log

QUESTION: list[ChatMessage] = [{"role": "system", "content": "Answer with json."}, {"role": "user", "content": "I went hiking in the hills today."}]
STYLES = ("rejects-parameter", "rejects-parameter-422", "rejects-parameter-unrecognized")


async def complete() -> str:
    return (await client.complete(QUESTION, max_tokens=200, timeout=40, json_mode=True, offer=ToolOffer(TOOLS))).text


async def stream() -> str:
    return "".join([item async for item in client.stream(QUESTION, max_tokens=200, timeout=40, offer=ToolOffer(TOOLS)) if isinstance(item, str)])


def bodies(model: OfflineModel) -> list[dict[str, object]]:
    with urlopen(model.base_url.removesuffix("/v1") + "/requests") as response:
        return [json.loads(request["body"]) for request in json.load(response)["requests"]]


@pytest.mark.anyio
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("name", ["thinking", "response_format", "tools", "tool_choice"])
async def test_complete_refused_parameter_is_omitted_with_one_warning(model: OfflineModel, name: str, style: str) -> None:
    model.fail(always=f"{style}:{name}")
    with written_log() as lines:
        assert await complete()
        assert await complete()
    assert [(line["event"], line["parameter"], line["error_code"]) for line in lines] == [("model_parameter_refused", name, requests.REFUSED)]
    assert model.calls() == 3, "one call was refused, and none after it"


@pytest.mark.anyio
@pytest.mark.parametrize("style", STYLES)
async def test_stream_refused_stream_options_are_omitted_and_usage_is_estimated(model: OfflineModel, style: str) -> None:
    model.fail(always=f"{style}:stream_options")
    first = [item async for item in client.stream(QUESTION, max_tokens=200, timeout=40)]
    assert isinstance(first[-1], Completion) and first[-1].usage.output_tokens > 0
    assert await stream()
    assert model.calls() == 3


@pytest.mark.anyio
@pytest.mark.parametrize("style", STYLES)
async def test_complete_refused_token_limit_uses_its_other_name(model: OfflineModel, style: str) -> None:
    model.fail(always=f"{style}:max_tokens")
    assert await complete()
    body = requests.build(Call(providers.current(), QUESTION, 200), stream=False)
    assert body.get("max_completion_tokens") == 200 and "max_tokens" not in body


@pytest.mark.anyio
async def test_complete_other_refusal_leaves_the_request_unchanged(model: OfflineModel) -> None:
    for kind in ("400", "422", "deepseek-model", "zhipu-1301", "openai-too-long"):
        model.fail(always=kind)
        with pytest.raises(errors.ModelError):
            await complete()
    assert endpoint_adjustments.about(providers.current()) == endpoint_adjustments.Learned()


@pytest.mark.anyio
async def test_complete_stream_only_endpoint_is_streamed_from_then_on(model: OfflineModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODEL_PROVIDER", "plain")
    settings.current.cache_clear()
    model.fail(always="stream-only")
    assert await complete()
    assert await complete()
    assert model.calls() == 3


def call(**values: object) -> Call:
    return Call(providers.current(), QUESTION, 8_000, **values)  # type: ignore[arg-type]


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("message", "limit"),
    [
        ("max_tokens is too large: 8000. This model supports at most 4096 completion tokens.", 4096),
        ("Invalid max_tokens value, the valid range of max_tokens is [1, 2048]", 2048),
        ("'max_tokens' is too large: 8000. This model's maximum context length is 4096 tokens and your request has 200 input tokens", 3895),
    ],
)
async def test_adapt_token_limit_too_large_is_lowered_to_the_maximum(model: OfflineModel, message: str, limit: int) -> None:
    asked = call()
    assert requests.adapt(asked, requests.build(asked, stream=False), ErrorBody(400, message=message))
    assert requests.build(asked, stream=False)["max_tokens"] == limit


@pytest.mark.anyio
async def test_adapt_endpoint_that_requires_the_thought_sends_it_from_then_on(model: OfflineModel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MODEL_PROVIDER", "plain")
    settings.current.cache_clear()
    messages: list[ChatMessage] = [*QUESTION, {"role": "assistant", "content": "", "tool_calls": [], "thought": "I weigh it."}]
    asked = Call(providers.current(), messages, 200)
    body = requests.build(asked, stream=False)
    assert "reasoning_content" not in body["messages"][-1] and "thought" not in body["messages"][-1]
    said = ErrorBody(400, message="The `reasoning_content` in the thinking mode must be passed back to the API.")
    assert requests.adapt(asked, body, said) and not requests.adapt(asked, body, said)
    assert requests.build(asked, stream=False)["messages"][-1]["reasoning_content"] == "I weigh it."


@pytest.mark.anyio
async def test_adapt_unrelated_error_message_omits_no_parameter(model: OfflineModel) -> None:
    asked = call(offer=ToolOffer(TOOLS))
    body = requests.build(asked, stream=False)
    for status, words in ((400, "I like my tools and my thinking"), (401, "tools not supported"), (500, "tools not supported")):
        assert not requests.adapt(asked, body, ErrorBody(status, message=words))
    assert endpoint_adjustments.about(asked.endpoint) == endpoint_adjustments.Learned()


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("未知参数: stream_options", "stream_options"), ("参数 tools 错误", "tools"), ("参数tools无效", "tools"),
        ("stream_options が無効です", "stream_options"),
        ("tools is disabled for this deployment", "tools"), ("I can't use stream_options here", "stream_options"), ("stream_options: nein", "stream_options"),
        ("JSON mode is not enabled for this model", "response_format"), ("tools[0].type 'function' is not supported", "tools"),
    ],
)
async def test_adapt_parameter_refused_in_any_wording_is_omitted(model: OfflineModel, words: str, name: str) -> None:
    asked = call(offer=ToolOffer(TOOLS), json_mode=True)
    body = requests.build(asked, stream=True)
    assert name in body and requests.adapt(asked, body, ErrorBody(400, message=words))
    assert endpoint_adjustments.about(asked.endpoint).refused == {name}


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("words", "param"),
    [
        ("Invalid tools[0].function.parameters schema", None), ("Invalid value at tools.0.function.name", None),
        ("Invalid schema for function 'search_messages'", "tools[0].function.parameters"), ("tools[1].function.name must be a string", "tools"),
    ],
)
async def test_adapt_error_about_a_value_inside_tools_keeps_tools(model: OfflineModel, words: str, param: str | None) -> None:
    asked = call(offer=ToolOffer(TOOLS))
    assert not requests.adapt(asked, requests.build(asked, stream=False), ErrorBody(400, param=param, message=words))
    assert endpoint_adjustments.about(asked.endpoint) == endpoint_adjustments.Learned()


@pytest.mark.anyio
async def test_adapt_parameter_name_quoted_from_the_user_omits_nothing(model: OfflineModel) -> None:
    asked = Call(providers.current(), [*QUESTION, {"role": "user", "content": "my stream_options song"}], 200)
    assert not requests.adapt(asked, requests.build(asked, stream=True), ErrorBody(400, message="bad text: my stream_options song"))
    assert endpoint_adjustments.about(asked.endpoint) == endpoint_adjustments.Learned()


@pytest.mark.anyio
@pytest.mark.parametrize("thinking", [True, False])
@pytest.mark.parametrize("row", ["dashscope", "plain"])
async def test_adapt_thinking_refused_without_stream_turns_it_on(model: OfflineModel, monkeypatch: pytest.MonkeyPatch, row: str, thinking: bool) -> None:
    monkeypatch.setenv("MODEL_PROVIDER", row)
    settings.current.cache_clear()
    asked = call(thinking=thinking)
    said = ErrorBody(400, "invalid_parameter_error", "invalid_request_error", None,
                     "parameter.enable_thinking must be set to false for non-streaming calls")
    assert requests.adapt(asked, requests.build(asked, stream=False), said)
    assert asked.streams and not endpoint_adjustments.about(asked.endpoint).refused
