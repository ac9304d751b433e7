"""Requests to an offline model and its responses, for the tests of the offline model."""

from __future__ import annotations

import json
from typing import Any

from tests.dev.test_offline_model import chat

QUESTION = "What did I say about the apple trees?"
TOOLS = [{"type": "function", "function": {"name": name, "parameters": {}}} for name in ("search_diary", "search_messages")]
ASKING: dict[str, Any] = {"model": "deepseek-flash", "messages": [{"role": "user", "content": QUESTION}]}
LONG = " ".join(f"The {number}th tree stands in the garden." for number in range(60))
"""More than 400 tokens."""
OFF = {"thinking": {"type": "disabled"}}
JSON_TASK = "task: week/1\nAnswer with json."
BORDERED = "border: =====0123456789abcdef\n\n=====0123456789abcdef messages\n=====0123456789abcdef end"
WEEK = {
    "model": "unilife-offline",
    "response_format": {"type": "json_object"},
    "messages": [{"role": "system", "content": JSON_TASK}, {"role": "user", "content": BORDERED}],
}


def ask(base_url: str, body: object = ASKING, **headers: str) -> dict[str, Any]:
    status, _, text = chat(base_url, body, **headers)
    assert status == 200, text
    return json.loads(text)  # type: ignore[no-any-return]


def message(base_url: str, body: object = ASKING, **headers: str) -> dict[str, Any]:
    return ask(base_url, body, **headers)["choices"][0]["message"]  # type: ignore[no-any-return]


def chunks(base_url: str, body: dict[str, Any] = ASKING, **headers: str) -> list[dict[str, Any]]:
    _, _, text = chat(base_url, {**body, "stream": True, "stream_options": {"include_usage": True}}, **headers)
    return [json.loads(event.removeprefix("data: ")) for event in text.split("\n\n") if event.startswith("data: {")]


def deltas(found: list[dict[str, Any]], name: str) -> list[Any]:
    return [choice["delta"][name] for chunk in found for choice in chunk.get("choices", []) if choice["delta"].get(name)]


def error(base_url: str, body: object, status: int = 400) -> str:
    answered, _, text = chat(base_url, body)
    assert answered == status, text
    return text


def called(base_url: str, **changes: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return a request with tools that gets a tool call, and the assistant's message with that call."""
    request = {**ASKING, "tools": TOOLS, **changes}
    return request, message(base_url, request)


def results(request: dict[str, Any], said: dict[str, Any]) -> dict[str, Any]:
    tools = [{"role": "tool", "tool_call_id": call["id"], "content": "nothing"} for call in said["tool_calls"]]
    return {**request, "messages": [*request["messages"], said, *tools]}
