"""The offline model's responses in the shapes that real providers send."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from dev.offline_model import serve
from dev.offline_model.shapes import SHAPES, THINKING
from dev.offline_model.thought import MARK
from tests.dev.offline import ASKING, LONG, OFF, TOOLS, WEEK, ask, chunks, deltas, message, results
from tests.dev.test_offline_model import post, root


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with serve() as url:
        yield url


@pytest.fixture(autouse=True)
def _as_new(base_url: str) -> None:
    post(root(base_url) + "/reset", {})


@pytest.mark.parametrize("kind", SHAPES)
def test_shape_each_kind_is_a_valid_response_whole_and_streamed(base_url: str, kind: str) -> None:
    for body in (ASKING, {**ASKING, "tools": TOOLS}, {**WEEK, "model": "deepseek-flash"}):
        assert ask(base_url, {**body, **OFF}, x_fault=kind)["choices"]
        assert chunks(base_url, {**body, **OFF}, x_fault=kind)


@pytest.mark.parametrize("kind", sorted(THINKING))
def test_shape_with_a_thought_counts_reasoning_tokens_with_thinking_off(base_url: str, kind: str) -> None:
    plain = ask(base_url, {**ASKING, **OFF})
    answer = ask(base_url, {**ASKING, **OFF}, x_fault=kind)
    assert MARK in json.dumps(answer["choices"], ensure_ascii=False)
    assert answer["usage"]["completion_tokens_details"]["reasoning_tokens"] > 0 and answer["usage"]["completion_tokens"] > plain["usage"]["completion_tokens"]
    assert "".join(map(str, deltas(chunks(base_url, {**ASKING, **OFF}, x_fault=kind), "content"))) == (answer["choices"][0]["message"]["content"])


def content(base_url: str, kind: str, body: dict[str, Any] = ASKING) -> Any:
    return message(base_url, {**body, **OFF}, x_fault=kind)["content"]


def test_shape_of_content_is_the_requested_one(base_url: str) -> None:
    plain, data = content(base_url, "finish-eos"), content(base_url, "finish-eos", WEEK)
    assert "".join(part["text"] for part in content(base_url, "parts")) == plain
    assert content(base_url, "content-null") is None
    block, closing, unclosed = (content(base_url, f"think-{kind}") for kind in ("block", "closing-only", "unclosed"))
    assert block.startswith("<think>") and block.endswith("</think>\n\n" + plain)
    assert closing.endswith("</think>\n\n" + plain) and "<think>" not in closing and "</think>" not in unclosed
    assert content(base_url, "fenced") == plain, "only JSON is fenced"
    assert content(base_url, "fenced", WEEK) == f"```json\n{data}\n```"
    assert data in content(base_url, "wordy", WEEK) and not content(base_url, "wordy", WEEK).startswith("{")


@pytest.mark.parametrize(
    ("kind", "reason"),
    [
        ("null", None),
        ("eos", "eos"),
        ("upper", "STOP"),
        ("end-turn", "end_turn"),
        ("sensitive", "sensitive"),
        ("network-error", "network_error"),
        ("length", "length"),
        ("content-filter", "content_filter"),
        ("resource", "insufficient_system_resource"),
    ],
)
def test_shape_of_finish_reason_is_the_requested_one(base_url: str, kind: str, reason: str | None) -> None:
    choice = ask(base_url, x_fault=f"finish-{kind}")["choices"][0]
    assert choice["finish_reason"] == reason and choice["message"]["content"]
    assert chunks(base_url, x_fault=f"finish-{kind}")[-2]["choices"][0]["finish_reason"] == reason


def test_shape_without_a_finish_reason_leaves_it_out(base_url: str) -> None:
    assert "finish_reason" not in ask(base_url, x_fault="finish-absent")["choices"][0]
    assert "finish_reason" not in chunks(base_url, x_fault="finish-absent")[-2]["choices"][0]


def calls(base_url: str, kind: str, **changes: Any) -> Any:
    """Return the tool calls of a response to a question that needs none."""
    body = {**ASKING, "messages": [{"role": "user", "content": "Hello there."}], "tools": TOOLS, **OFF, **changes}
    return message(base_url, body, x_fault=kind).get("tool_calls")


def test_shape_of_tool_calls_is_the_requested_one(base_url: str) -> None:
    assert calls(base_url, "finish-eos") is None
    assert "id" not in calls(base_url, "tool-no-id")[0]
    assert calls(base_url, "tool-object-arguments")[0]["function"]["arguments"] == {"query": "Hello there."}
    assert calls(base_url, "tool-empty-arguments")[0]["function"]["arguments"] == ""
    assert [call["function"]["name"] for call in calls(base_url, "tool-several")] == ["search_diary", "search_messages", "search_everything"]
    assert len({call["id"] for call in calls(base_url, "tool-several")}) == 3
    assert calls(base_url, "tool-endless", tool_choice="none") is None and calls(base_url, "tool-despite-none", tool_choice="none")
    for kind, mark in {"tool-as-text": '"arguments": {"query"', "tool-as-text-function": "<parameter=query>", "tool-as-text-marks": "<｜tool▁sep｜>"}.items():
        assert calls(base_url, kind) is None and mark in content(base_url, kind, {**ASKING, "tools": TOOLS})


def test_shape_of_tool_calls_ends_with_the_requested_finish_reason(base_url: str) -> None:
    body = {**ASKING, "tools": TOOLS, **OFF}
    assert [ask(base_url, body, x_fault=kind)["choices"][0]["finish_reason"] for kind in ("tool-several", "tool-stop-reason", "tool-null-reason")] == [
        "tool_calls",
        "stop",
        None,
    ]


def test_shape_tool_no_index_streams_tool_calls_without_an_index(base_url: str) -> None:
    body = {**ASKING, "tools": TOOLS, **OFF}
    indexes = {
        kind: {"index" in call for delta in deltas(chunks(base_url, body, x_fault=kind), "tool_calls") for call in delta}
        for kind in ("tool-no-index", "tool-several")
    }
    assert indexes == {"tool-no-index": {False}, "tool-several": {True}}


def test_shape_tool_endless_calls_the_tool_after_each_result(base_url: str) -> None:
    request = {**ASKING, "tools": TOOLS, **OFF}
    for _ in range(4):
        said = message(base_url, request, x_fault="tool-endless")
        assert said["tool_calls"]
        request = results(request, said)


@pytest.mark.parametrize(
    ("kind", "reported"),
    [("usage-null", [False]), ("usage-absent", []), ("usage-with-finish", [True]), ("usage-in-choice", []), ("finish-eos", [True])],
)
def test_shape_of_usage_is_at_the_requested_place(base_url: str, kind: str, reported: list[bool]) -> None:
    found = chunks(base_url, {**ASKING, **OFF}, x_fault=kind)
    assert [bool(chunk["usage"]) for chunk in found if "usage" in chunk] == reported
    whole = ask(base_url, {**ASKING, **OFF}, x_fault=kind)
    assert bool(whole.get("usage")) is (True in reported)
    assert ("usage" in whole["choices"][0]) is (kind == "usage-in-choice") is ("usage" in found[-1]["choices"][0] if found[-1]["choices"] else False)


def test_shape_usage_every_chunk_is_a_running_total(base_url: str) -> None:
    counts = [chunk["usage"]["completion_tokens"] for chunk in chunks(base_url, {**ASKING, **OFF}, x_fault="usage-every-chunk")]
    assert counts == sorted(counts) and counts[0] < counts[-1] == ask(base_url, {**ASKING, **OFF})["usage"]["completion_tokens"]


@pytest.mark.parametrize(
    ("kind", "path"), [("plain", ("cached_tokens",)), ("details", ("prompt_tokens_details", "cached_tokens")), ("hit", ("prompt_cache_hit_tokens",))]
)
def test_shape_of_cached_tokens_is_at_the_requested_path(base_url: str, kind: str, path: tuple[str, ...]) -> None:
    body = {"model": "unilife-offline", "messages": [{"role": "system", "content": LONG}, {"role": "user", "content": "hello"}]}
    ask(base_url, body)
    found: Any = ask(base_url, body, x_fault=f"usage-cached-{kind}")["usage"]
    for name in path:
        found = found[name]
    assert found > 400
