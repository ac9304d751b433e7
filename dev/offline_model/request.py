"""A parser of chat completion requests, as strict as the providers."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from hashlib import sha256
from typing import Any, cast

from dev.offline_model.endpoint import Endpoint
from dev.offline_model.protocol import DEFAULT_MAX_TOKENS, ROLES, ChatRequest, Message, RequestError, text_of

NOT_PASSED_BACK = "The `reasoning_content` in the thinking mode must be passed back to the API."
"""DeepSeek's text, as users report it since April 2026."""


def parse(body: bytes, endpoint: Endpoint) -> ChatRequest:
    """Return the parsed request. Raises RequestError."""
    fields = _object(body)
    endpoint.check({"model": _text(fields, "model"), **fields})
    messages = tuple(_message(index, item) for index, item in enumerate(_list(fields, "messages")))
    _check_results(_list(fields, "messages"))
    json_mode = _part(fields, "response_format").get("type") == "json_object"
    if json_mode and not any("json" in message.content.lower() for message in messages):
        raise RequestError("response_format json_object needs the word json in the messages", param="messages")
    thinking = endpoint.thinks(fields)
    if thinking and endpoint.family.name == "deepseek" and any(message.calls and message.reasoning is None for message in messages):
        raise RequestError(NOT_PASSED_BACK, code="invalid_request_error")
    return ChatRequest(
        messages=messages,
        model=_text(fields, "model"),
        max_tokens=_limit(fields),
        stream=fields.get("stream") is True,
        include_usage=bool(_part(fields, "stream_options").get("include_usage")),
        json_mode=json_mode,
        digest=sha256(body).hexdigest(),
        tools=_tools(fields),
        offered=json.dumps(fields["tools"], ensure_ascii=False) if fields.get("tools") else "",
        thinking=thinking,
        effort=str(fields.get("reasoning_effort") or _part(fields, "reasoning").get("effort") or "high"),
        parameters=frozenset(fields),
    )


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise RequestError("the body is not JSON") from None
    if not isinstance(fields, dict):
        raise RequestError("the body is not a JSON object")
    return cast("Mapping[str, Any]", fields)


def _part(fields: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value: object = fields.get(name)
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def _list(fields: Mapping[str, Any], name: str) -> list[Any]:
    items: object = fields.get(name)
    if not isinstance(items, list) or not items:
        raise RequestError(f"{name} must be a list with at least one item", param=name)
    return items


def _text(fields: Mapping[str, Any], name: str) -> str:
    value: object = fields.get(name)
    if not isinstance(value, str) or not value:
        raise RequestError(f"{name} must be a text", param=name)
    return value


def _limit(fields: Mapping[str, Any]) -> int:
    """Return the token limit of the answer, by whichever name the client sent it."""
    given = [(name, fields[name]) for name in ("max_completion_tokens", "max_tokens") if fields.get(name) is not None]
    name, value = given[0] if given else ("max_tokens", DEFAULT_MAX_TOKENS)
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise RequestError(f"{name} must be a whole number of at least 1", param=name)
    return value


def _tools(fields: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of the tools. Raises RequestError for tools that are not functions with names."""
    given: object = fields.get("tools")
    if given is None:
        return frozenset()
    try:
        names = frozenset(str(tool["function"]["name"]) for tool in cast("list[Any]", given))
    except (TypeError, KeyError):
        raise RequestError("tools must be a list of functions with names", param="tools") from None
    return frozenset() if fields.get("tool_choice") == "none" else names


def _message(index: int, item: object) -> Message:
    param = f"messages[{index}]"
    if not isinstance(item, Mapping):
        raise RequestError(f"{param} must be an object", param=param)
    fields = cast("Mapping[str, Any]", item)
    role: object = fields.get("role")
    if not isinstance(role, str) or role not in ROLES:
        raise RequestError(f"{param}.role must be one of {', '.join(ROLES)}", param=f"{param}.role")
    calls = _list(fields, "tool_calls") if fields.get("tool_calls") is not None else []
    content = "" if calls and fields.get("content") is None else text_of(fields.get("content"))
    if content is None:
        raise RequestError(f"{param}.content must be a text", param=f"{param}.content")
    reasoning = fields.get("reasoning_content")
    return Message(role, content, reasoning if isinstance(reasoning, str) else None, json.dumps(calls, ensure_ascii=False) if calls else "")


def _check_results(messages: Sequence[Any]) -> None:
    """Check the tool results. Raises RequestError unless each tool call is answered by the messages directly after it."""
    open_calls: set[str] = set()
    for index, message in enumerate(messages):
        if message["role"] == "tool":
            if message.get("tool_call_id") not in open_calls:
                raise RequestError("Messages with role 'tool' must be a response to a preceding message with 'tool_calls'", param=f"messages[{index}]")
            open_calls.remove(message["tool_call_id"])
        elif open_calls:
            break
        else:
            open_calls = {_call_id(index, call) for call in message.get("tool_calls") or ()}
    if open_calls:
        missing = ", ".join(sorted(open_calls))
        raise RequestError(f"An assistant message with 'tool_calls' must be followed by tool messages; not answered: {missing}", param="messages")


def _call_id(index: int, call: Any) -> str:
    texts: tuple[Any, ...]
    try:
        texts = (call["id"], call["function"]["name"], call["function"]["arguments"])
    except (TypeError, KeyError):
        texts = ()
    if call.get("type") != "function" or not texts or not all(isinstance(text, str) for text in texts) or not texts[0] or not texts[1]:
        raise RequestError(f"messages[{index}].tool_calls must be functions with id, name and arguments as texts", param=f"messages[{index}].tool_calls")
    return str(texts[0])
