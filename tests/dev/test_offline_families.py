"""The offline model as other providers: their errors, parameters and thinking switches."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from dev.offline_model import serve
from dev.offline_model.families import FAMILIES
from dev.offline_model.provider_errors import ERRORS, kinds_of
from dev.offline_model.thought import MARK
from tests.dev.offline import ASKING, OFF, TOOLS, ask, chunks, deltas, error, message
from tests.dev.test_offline_model import chat, post, root


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with serve() as url:
        yield url


@pytest.fixture(autouse=True)
def _as_new(base_url: str) -> None:
    post(root(base_url) + "/reset", {})


@pytest.mark.parametrize("kind", ERRORS)
def test_provider_error_each_kind_has_its_status_and_body(base_url: str, kind: str) -> None:
    status, headers, text = chat(base_url, x_fault=kind)
    assert (status, json.loads(text)) == (ERRORS[kind].status, ERRORS[kind].body) and "retry-after" not in headers


def test_provider_errors_of_every_meaning_exist() -> None:
    meanings = ("account", "busy", "filtered", "too_long", "key", "model")
    assert all(len(kinds_of(meaning)) >= 6 for meaning in meanings)  # type: ignore[arg-type]


@pytest.mark.parametrize("detail", ["", ":zhipu-1113"])
def test_error_in_200_is_sent_in_the_body_and_in_the_stream(base_url: str, detail: str) -> None:
    wanted = ERRORS[detail[1:] or "openrouter-upstream"].body["error"]
    for kind in ("error-in-200", "error-in-sse"):
        assert ask(base_url, x_fault=kind + detail)["error"] == wanted
        assert chunks(base_url, x_fault=kind + detail)[-1]["error"] == wanted
    assert deltas(chunks(base_url, {**ASKING, **OFF}, x_fault="error-in-sse"), "content"), "some words come before it"


@pytest.mark.parametrize("kind", ["rejects-parameter:", "rejects-parameter:a b", "error-in-200:429", "think-block:x"])
def test_fault_header_with_an_invalid_detail_is_refused(base_url: str, kind: str) -> None:
    status, _, text = chat(base_url, x_fault=kind)
    assert status == 400 and json.loads(text)["error"]["code"] == "unknown_fault"


def test_keep_alive_lines_are_sent_before_the_response(base_url: str) -> None:
    assert chat(base_url, x_fault="keep-alive")[2].startswith("\n\n")
    assert message(base_url, x_fault="keep-alive")["content"] == message(base_url)["content"]
    assert chat(base_url, {**ASKING, "stream": True}, x_fault="keep-alive")[2].startswith(": keep-alive\n\n")


@pytest.mark.parametrize(("style", "status"), [("", 400), ("-422", 422), ("-unrecognized", 400)])
@pytest.mark.parametrize("name", ["max_tokens", "temperature", "stream_options", "response_format", "tools", "seed", "thinking"])
def test_refused_parameter_is_rejected_by_name_only_while_it_is_sent(base_url: str, style: str, status: int, name: str) -> None:
    value = {
        "max_tokens": 100,
        "temperature": 1,
        "stream_options": {},
        "response_format": {"type": "text"},
        "tools": TOOLS,
        "seed": 1,
        "thinking": OFF["thinking"],
    }[name]
    answered, _, text = chat(base_url, {**ASKING, name: value}, x_fault=f"rejects-parameter{style}:{name}")
    assert answered == status and name in text
    assert ask(base_url, x_fault=f"rejects-parameter{style}:{name}")
    post(root(base_url) + "/faults", {"refuses": [name]})
    assert name in error(base_url, {**ASKING, name: value}) and ask(base_url)


SENT = {
    "deepseek": ({"thinking": {"type": "disabled"}}, {"thinking": {"type": "enabled"}}, "max_tokens"),
    "zhipu": ({"thinking": {"type": "disabled"}}, {"thinking": {"type": "enabled"}}, "max_tokens"),
    "moonshot": ({"thinking": {"type": "disabled"}}, {"thinking": {"type": "enabled"}}, "max_tokens"),
    "ark": ({"thinking": {"type": "disabled"}}, {"thinking": {"type": "auto"}}, "max_tokens"),
    "dashscope": ({"enable_thinking": False}, {"enable_thinking": True}, "max_tokens"),
    "vllm": ({"chat_template_kwargs": {"enable_thinking": False}}, {"chat_template_kwargs": {"enable_thinking": True}}, "max_tokens"),
    "llama.cpp": ({"chat_template_kwargs": {"enable_thinking": False}}, {"chat_template_kwargs": {"enable_thinking": True}}, "max_tokens"),
    "ollama": ({"reasoning_effort": "none"}, {"think": True}, "max_tokens"),
    "openrouter": ({"reasoning": {"enabled": False}}, {"reasoning": {"effort": "high"}}, "max_tokens"),
    "openai": ({"reasoning_effort": "minimal"}, {"reasoning_effort": "high"}, "max_completion_tokens"),
}
"""Family → parameters for thinking off and on, and the name of the token limit, as each provider documents them."""


@pytest.mark.parametrize("family", SENT)
def test_family_accepts_its_own_thinking_switch_and_refuses_the_others(base_url: str, family: str) -> None:
    post(root(base_url) + "/faults", {"family": family})
    off, on, limit = SENT[family]
    body = {**ASKING, "model": "a-model", limit: 2000} if family != "deepseek" else {**ASKING, limit: 2000}
    thoughts = [ask(base_url, {**body, **switch})["usage"]["completion_tokens_details"]["reasoning_tokens"] for switch in (off, on, {})]
    assert thoughts[0] == 0 < thoughts[1] and thoughts[2] > 0
    for other in SENT.values():
        if not set(other[0]) & set(FAMILIES[family].switches):
            assert next(iter(other[0])) in error(base_url, {**body, **other[0]})


@pytest.mark.parametrize(("family", "name"), [("openrouter", "reasoning"), ("ollama", "reasoning"), ("dashscope", "reasoning_content"), ("openai", None)])
def test_family_returns_the_thought_in_its_own_field(base_url: str, family: str, name: str | None) -> None:
    post(root(base_url) + "/faults", {"family": family})
    said = message(base_url, {"model": "a-model", "messages": ASKING["messages"]})
    assert [field for field, value in said.items() if MARK in str(value)] == ([name] if name else [])


def test_family_openai_refuses_max_tokens_and_any_temperature(base_url: str) -> None:
    post(root(base_url) + "/faults", {"family": "openai"})
    body = {"model": "gpt-5", "messages": ASKING["messages"]}
    assert "Use 'max_completion_tokens' instead" in error(base_url, {**body, "max_tokens": 100})
    assert "temperature" in error(base_url, {**body, "temperature": 0.2})
    assert ask(base_url, {**body, "max_completion_tokens": 60})["choices"][0]["finish_reason"] == "length"


def test_stream_only_model_refuses_unstreamed_requests_until_thinking_is_off(base_url: str) -> None:
    post(root(base_url) + "/faults", {"family": "dashscope", "always": "stream-only"})
    body = {"model": "qwen3-max", "messages": ASKING["messages"]}
    assert "enable_thinking" in error(base_url, body) and chunks(base_url, body)
    assert ask(base_url, {**body, "enable_thinking": False})


@pytest.mark.parametrize("plan", [{"family": "acme"}, {"refuses": "seed"}, {"models": [1]}, {"family": "openai", "always": "nonsense"}], ids=str)
def test_faults_endpoint_invalid_family_setting_is_refused_and_changes_nothing(base_url: str, plan: dict[str, Any]) -> None:
    post(root(base_url) + "/faults", {"family": "openai"})
    assert post(root(base_url) + "/faults", plan)[0] == 400
    assert "max_completion_tokens" in error(base_url, {**ASKING, "model": "gpt-5", "max_tokens": 100})
