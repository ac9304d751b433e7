"""The offline model as DeepSeek in 2026: thinking, model names, the prompt cache."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from dev.offline_model import serve
from dev.offline_model.thought import MARK
from tests.dev.offline import ASKING, LONG, OFF, TOOLS, WEEK, ask, called, chunks, deltas, error, message, results
from tests.dev.test_offline_model import chat, get, post, root


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with serve() as url:
        yield url


@pytest.fixture(autouse=True)
def _as_new(base_url: str) -> None:
    post(root(base_url) + "/reset", {})


@pytest.mark.parametrize(
    ("model", "switch", "thinks"),
    [
        ("deepseek-flash", {}, True),
        ("deepseek-flash", OFF, False),
        ("deepseek-v4-flash", {}, True),
        ("unilife-offline", {}, False),
        ("unilife-offline", {"thinking": {"type": "enabled"}}, True),
        ("unilife-offline", {"reasoning_effort": "low"}, True),
        ("unilife-offline", {"reasoning_effort": "low", **OFF}, False),
    ],
    ids=str,
)
def test_thinking_follows_the_switch_or_the_models_default(base_url: str, model: str, switch: dict[str, Any], thinks: bool) -> None:
    answer = ask(base_url, {**ASKING, "model": model, **switch})
    said = answer["choices"][0]["message"]
    assert (MARK in said.get("reasoning_content", "")) is thinks and MARK not in said["content"] and said["content"]
    details = answer["usage"]["completion_tokens_details"]
    assert (details["reasoning_tokens"] > 0) is thinks and answer["usage"]["completion_tokens"] > details["reasoning_tokens"]


def test_thinking_with_more_effort_takes_more_tokens(base_url: str) -> None:
    spent = [
        ask(base_url, {**ASKING, "reasoning_effort": effort})["usage"]["completion_tokens_details"]["reasoning_tokens"] for effort in ("low", "high", "max")
    ]
    assert spent == sorted(set(spent))


@pytest.mark.parametrize("switch", [{"thinking": True}, {"thinking": {"type": "sometimes"}}, {"reasoning_effort": "enormous"}], ids=str)
def test_thinking_switch_with_an_impossible_value_is_refused(base_url: str, switch: dict[str, Any]) -> None:
    assert list(switch)[0] in error(base_url, {**ASKING, **switch})


def test_stream_sends_the_whole_thought_before_the_content(base_url: str) -> None:
    whole, found = message(base_url), chunks(base_url)
    kinds = [
        "reasoning_content" if choice["delta"].get("reasoning_content") else "content"
        for chunk in found
        for choice in chunk["choices"]
        if any(choice["delta"].values())
    ]
    assert "".join(deltas(found, "reasoning_content")) == whole["reasoning_content"]
    assert "".join(deltas(found, "content")) == whole["content"]
    assert kinds[1:] == sorted(kinds[1:], reverse=True)


def test_thought_that_reaches_the_token_limit_leaves_empty_content(base_url: str) -> None:
    answer = ask(base_url, {**ASKING, "max_tokens": 60})
    assert (answer["choices"][0]["message"]["content"], answer["choices"][0]["finish_reason"]) == ("", "length")
    assert answer["usage"]["completion_tokens"] <= 60
    assert message(base_url, {**ASKING, "max_tokens": 60, **OFF})["content"]


def test_thought_not_sent_back_after_a_tool_call_is_refused(base_url: str) -> None:
    request, said = called(base_url)
    without = {name: value for name, value in said.items() if name != "reasoning_content"}
    assert said["tool_calls"] and MARK in said["reasoning_content"]
    assert "`reasoning_content` in the thinking mode must be passed back" in error(base_url, results(request, without))
    assert message(base_url, results(request, said))["content"] or message(base_url, results(request, said))["tool_calls"]


def test_thought_not_sent_back_with_thinking_off_is_accepted(base_url: str) -> None:
    request, said = called(base_url, **OFF)
    assert "reasoning_content" not in said and ask(base_url, results(request, said))


@pytest.mark.parametrize(
    "change", [{"id": ""}, {"id": None}, {"type": None}, {"function": {"name": "search_diary", "arguments": {}}}],
    ids=["empty id", "no id", "no type", "arguments as object"],
)
def test_tool_call_sent_back_against_the_protocol_is_refused(base_url: str, change: dict[str, Any]) -> None:
    request, said = called(base_url, **OFF)
    good = results(request, said)
    bad = json.loads(json.dumps(good))
    bad["messages"][1]["tool_calls"][0].update(change)
    assert "tool_calls" in error(base_url, bad) and chat(base_url, good)[0] == 200


def test_tool_call_without_its_result_or_result_without_its_call_is_refused(base_url: str) -> None:
    request, said = called(base_url, **OFF)
    good = results(request, said)
    assert "must be followed by tool messages" in error(base_url, {**good, "messages": good["messages"][:-1]})
    assert "must be a response" in error(base_url, {**good, "messages": [good["messages"][0], good["messages"][-1]]})


@pytest.mark.parametrize("model", ["deepseek-chat", "deepseek-reasoner", "gpt-9", "deepseek-flashy"])
def test_model_retired_or_unknown_is_refused(base_url: str, model: str) -> None:
    assert json.loads(error(base_url, {**ASKING, "model": model}))["error"]["message"] == "Model Not Exist"


@pytest.mark.parametrize("model", ["deepseek-flash", "deepseek-v4-flash", "deepseek-v4-pro", "unilife-offline"])
def test_model_served_is_named_in_the_response(base_url: str, model: str) -> None:
    assert ask(base_url, {**ASKING, "model": model})["model"] == model


def test_models_endpoint_lists_no_superseded_or_retired_name(base_url: str) -> None:
    assert [item["id"] for item in get(base_url + "/models")["data"]] == ["unilife-offline", "deepseek-flash"]


def test_models_endpoint_with_models_set_lists_them_and_serves_no_other(base_url: str) -> None:
    post(root(base_url) + "/faults", {"family": "openai", "models": ["gpt-5"]})
    assert [item["id"] for item in get(base_url + "/models")["data"]] == ["unilife-offline", "gpt-5"]
    assert ask(base_url, {**ASKING, "model": "gpt-5"})
    assert "model_not_found" in error(base_url, {**ASKING, "model": "gpt-4"}, 404)


def cached_tokens_of(base_url: str, instructions: str, question: str, **more: Any) -> int:
    said = [{"role": "system", "content": instructions}, {"role": "user", "content": question}]
    usage = ask(base_url, {"model": "unilife-offline", "messages": said, **more})["usage"]
    assert usage["prompt_cache_hit_tokens"] + usage["prompt_cache_miss_tokens"] == usage["prompt_tokens"]
    assert usage["prompt_tokens_details"]["cached_tokens"] == usage["prompt_cache_hit_tokens"]
    return int(usage["prompt_cache_hit_tokens"])


def test_prompt_cache_repeated_or_continued_request_hits(base_url: str) -> None:
    assert cached_tokens_of(base_url, LONG, "hello") == 0
    again = cached_tokens_of(base_url, LONG, "hello")
    assert again > 400 and again % 64 == 0
    assert cached_tokens_of(base_url, LONG, "hello" + " and more") == again


def test_prompt_cache_shared_prefix_hits_from_the_third_request_on(base_url: str) -> None:
    """As documented, the second request shows the provider that the prefix is shared."""
    tails = [name * 300 for name in "abc"]
    assert [cached_tokens_of(base_url, LONG, tail) for tail in tails[:2]] == [0, 0]
    assert cached_tokens_of(base_url, LONG, tails[2]) > 400


@pytest.mark.parametrize("place", ["first", "tools"])
def test_prompt_cache_request_that_differs_at_its_start_misses(base_url: str, place: str) -> None:
    cached_tokens_of(base_url, LONG, "hello", tools=TOOLS)
    first = {"first": ("At 10:01. " + LONG, TOOLS), "tools": (LONG, TOOLS[::-1])}[place]
    assert cached_tokens_of(base_url, first[0], "hello", tools=first[1]) == 0


def test_prompt_cache_is_counted_in_the_stats_and_emptied_by_a_reset(base_url: str) -> None:
    hits = [cached_tokens_of(base_url, LONG, "hello") for _ in range(2)]
    stats = get(root(base_url) + "/stats")
    assert stats["tokens"]["prompt_cache_hit_tokens"] == sum(hits) == stats["cache_by_task"]["chat"]["prompt_cache_hit_tokens"]
    assert stats["tokens"]["prompt_tokens"] == stats["tokens"]["prompt_cache_hit_tokens"] + stats["tokens"]["prompt_cache_miss_tokens"]
    post(root(base_url) + "/reset", {})
    assert cached_tokens_of(base_url, LONG, "hello") == 0


def test_requests_endpoint_returns_all_requests_as_received(base_url: str) -> None:
    bodies = [json.dumps(body, ensure_ascii=False).encode() for body in (ASKING, {**ASKING, "model": "苹果"}, WEEK)]
    for body in bodies:
        chat(base_url, body)
    kept = get(root(base_url) + "/requests")["requests"]
    assert [item["body"].encode() for item in kept] == bodies and [item["task"] for item in kept] == ["chat", None, "week"]
    assert [item["body"].encode() for item in get(root(base_url) + "/requests?task=week")["requests"]] == bodies[2:]
