"""The OpenAI chat-completions protocol: the request as far as it is used, the answers, and the errors."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any, cast

from llm import tokens

MODEL = "unilife-offline"
ROLES = ("system", "developer", "user", "assistant", "tool")
DEFAULT_MAX_TOKENS = 4_096
CREATED = 1_700_000_000
"""A fixed time: the same request has to give the same bytes."""
PIECE = 12
"""Characters of one piece of a streamed answer."""


class RequestError(Exception):
    """A request that cannot be served; becomes an error in OpenAI's format."""

    def __init__(self, message: str, *, status: int = 400, code: str | None = None, param: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.body = error_body(message, status=status, code=code, param=param)


@dataclass(frozen=True, slots=True)
class Message:
    role: str
    content: str


@dataclass(frozen=True, slots=True)
class ChatRequest:
    messages: tuple[Message, ...]
    model: str
    max_tokens: int
    stream: bool
    include_usage: bool
    json_mode: bool
    digest: str
    tools: frozenset[str] = frozenset()
    """Names of the tools that may be called now."""

    @property
    def system(self) -> str:
        return next((message.content for message in self.messages if message.role == "system"), "")

    @property
    def prompt_tokens(self) -> int:
        return sum(tokens.count(message.content) + tokens.MESSAGE_OVERHEAD for message in self.messages)


@dataclass(frozen=True, slots=True)
class Answer:
    text: str
    finish_reason: str = "stop"
    tool: str | None = None
    """The tool to call with `arguments` (JSON) instead of an answer."""
    arguments: str = ""

    def calls(self, digest: str) -> list[dict[str, object]]:
        function = {"name": self.tool, "arguments": self.arguments}
        return [{"index": 0, "id": f"call_{digest[:16]}", "type": "function", "function": function}] if self.tool else []


def parse(body: bytes) -> ChatRequest:
    """Raises RequestError."""
    fields = _object(body)
    messages = tuple(_message(index, item) for index, item in enumerate(_list(fields, "messages")))
    wanted: object = fields.get("response_format")
    json_mode = isinstance(wanted, Mapping) and cast("Mapping[str, Any]", wanted).get("type") == "json_object"
    if json_mode and not any("json" in message.content.lower() for message in messages):
        raise RequestError("response_format json_object needs the word json in the messages", param="messages")
    options: object = fields.get("stream_options")
    return ChatRequest(
        messages=messages,
        model=_text(fields, "model"),
        max_tokens=_positive(fields),
        stream=fields.get("stream") is True,
        include_usage=isinstance(options, Mapping) and bool(cast("Mapping[str, Any]", options).get("include_usage")),
        json_mode=json_mode,
        digest=sha256(body).hexdigest(),
        tools=_tools(fields),
    )


def within_limit(answer: Answer, max_tokens: int) -> Answer:
    """`answer`, cut off as a model cuts it where it is longer than `max_tokens`."""
    if answer.finish_reason != "stop" or tokens.count(answer.text) <= max_tokens:
        return answer
    return Answer(next(tokens.split(answer.text, max_tokens)), "length")


def usage(request: ChatRequest, text: str) -> dict[str, int]:
    made = tokens.count(text)
    total = request.prompt_tokens + made
    return {"prompt_tokens": request.prompt_tokens, "completion_tokens": made, "total_tokens": total}


def completion(request: ChatRequest, answer: Answer) -> dict[str, object]:
    message: dict[str, object] = {"role": "assistant", "content": answer.text}
    if answer.tool:
        message["tool_calls"] = answer.calls(request.digest)
    choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": answer.finish_reason}
    return {**_envelope(request, "chat.completion"), "choices": [choice], "usage": usage(request, answer.text)}


def stream_events(request: ChatRequest, answer: Answer, *, cut: bool = False) -> Iterator[str]:
    """Server-sent events; `cut` ends the stream without a finish reason, as a broken connection does."""
    envelope = _envelope(request, "chat.completion.chunk")
    pieces = [answer.text[start : start + PIECE] for start in range(0, len(answer.text), PIECE)]
    deltas: list[dict[str, object]] = [{"role": "assistant", "content": ""}, *({"content": piece} for piece in pieces)]
    if answer.tool:
        deltas.extend(_call_deltas(answer, request.digest))
    if cut:
        deltas = deltas[: 1 + len(pieces) // 2]
    for delta in deltas:
        yield _event({**envelope, "choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
    if cut:
        return
    nothing: dict[str, str] = {}
    yield _event({**envelope, "choices": [{"index": 0, "delta": nothing, "finish_reason": answer.finish_reason}]})
    if request.include_usage:
        yield _event({**envelope, "choices": [], "usage": usage(request, answer.text)})
    yield "data: [DONE]\n\n"


def _call_deltas(answer: Answer, digest: str) -> Iterator[dict[str, object]]:
    """A call in fragments: first who is called, then the arguments piece by piece."""
    call = {**answer.calls(digest)[0], "function": {"name": answer.tool, "arguments": ""}}
    yield {"tool_calls": [call]}
    for start in range(0, len(answer.arguments), PIECE):
        yield {"tool_calls": [{"index": 0, "function": {"arguments": answer.arguments[start : start + PIECE]}}]}


def error_body(message: str, *, status: int, code: str | None = None, param: str | None = None) -> dict[str, object]:
    kind = "invalid_request_error" if status < 500 else "server_error"
    return {"error": {"message": message, "type": kind, "param": param, "code": code}}


def _envelope(request: ChatRequest, kind: str) -> dict[str, object]:
    return {"id": f"chatcmpl-{request.digest[:24]}", "object": kind, "created": CREATED, "model": MODEL}


def _event(data: object) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        raise RequestError("the body is not JSON") from None
    if not isinstance(fields, dict):
        raise RequestError("the body is not a JSON object")
    return cast("Mapping[str, Any]", fields)


def _list(fields: Mapping[str, Any], name: str) -> list[Any]:
    items: object = fields.get(name)
    if not isinstance(items, list) or not items:
        raise RequestError(f"{name} must be a list with at least one item", param=name)
    return cast("list[Any]", items)


def _text(fields: Mapping[str, Any], name: str) -> str:
    value: object = fields.get(name)
    if not isinstance(value, str) or not value:
        raise RequestError(f"{name} must be a text", param=name)
    return value


def _positive(fields: Mapping[str, Any]) -> int:
    value: object = fields.get("max_tokens")
    if value is None:
        return DEFAULT_MAX_TOKENS
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise RequestError("max_tokens must be a whole number of at least 1", param="max_tokens")
    return value


def _tools(fields: Mapping[str, Any]) -> frozenset[str]:
    """Raises RequestError for tools that are not functions with names."""
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
    content: object = fields.get("content")
    if not isinstance(role, str) or role not in ROLES:
        raise RequestError(f"{param}.role must be one of {', '.join(ROLES)}", param=f"{param}.role")
    if not isinstance(content, str):
        raise RequestError(f"{param}.content must be a text", param=f"{param}.content")
    return Message(role, content)
