"""A reply before serialisation, with all details in which providers differ, and its serialised forms: a body or events."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from dev.offline_model.protocol import ChatRequest

CREATED = 1_700_000_000
"""A fixed time: the same request has to give the same bytes."""
PIECE = 12
"""Characters of one chunk of a streamed answer."""
ABSENT = "absent"
"""The finish reason that means: leave the field out."""

Call = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Reply:
    text: str
    finish_reason: str | None = "stop"
    thought: str = ""
    thought_field: str | None = "reasoning_content"
    """None if the provider does not return the thought."""
    calls: tuple[Call, ...] = ()
    usage: Mapping[str, Any] = field(default_factory=dict[str, Any])
    """The usage without the cached tokens, which are added in the format `cached_as`."""
    cached: int = 0
    cached_as: str = "none"
    content: str = "text"
    """The format of the content: `text`, `parts` or `null`."""
    usage_in: str = "end"
    """The position of the usage: `end`, `finish` (in the chunk with the finish reason), `every`, `choice`, `null` or `nowhere`."""
    indexed: bool = True
    """False if the chunks of a streamed tool call have no index."""
    choices: bool = True
    error: Mapping[str, Any] | None = None
    """An error inside the 200, replacing the second half of a stream."""
    cut: bool = False
    """True if the connection ends in the middle."""


def body(request: ChatRequest, reply: Reply) -> str:
    """Return the whole reply as JSON."""
    if reply.error is not None:
        return json.dumps(reply.error, ensure_ascii=False)
    message: dict[str, Any] = {"role": "assistant", "content": _content(reply, reply.text)}
    if reply.thought and reply.thought_field:
        message[reply.thought_field] = reply.thought
    if reply.calls:
        message["tool_calls"] = list(reply.calls)
    choice: dict[str, Any] = {"index": 0, "message": message, "logprobs": None, **_finish(reply)}
    if reply.usage_in == "choice":
        choice["usage"] = counted(reply)
    whole = {**_envelope(request, "chat.completion"), "choices": [choice] if reply.choices else [], **_usage(reply)}
    text = json.dumps(whole, ensure_ascii=False)
    return text[: len(text) // 2] if reply.cut else text


def events(request: ChatRequest, reply: Reply) -> Iterator[str]:
    """Yield server-sent events: the thought, the text, the tool calls, and the finish reason."""
    envelope = _envelope(request, "chat.completion.chunk")
    deltas = [{"role": "assistant", "content": ""}, *_thought_deltas(reply), *_text_deltas(reply), *_call_deltas(reply)]
    if reply.cut or reply.error is not None:
        deltas = deltas[: 1 + len(deltas) // 2]
    every = reply.usage_in == "every"
    for number, delta in enumerate(deltas):
        running = {"usage": counted(reply, (number + 1) / len(deltas))} if every else {}
        yield _event({**envelope, "choices": [{"index": 0, "delta": delta, "finish_reason": None}], **running})
    if reply.error is not None:
        yield _event(reply.error)
    if reply.cut:
        return
    if reply.error is None:
        yield from _end(envelope, request, reply)
    yield "data: [DONE]\n\n"


def _end(envelope: dict[str, Any], request: ChatRequest, reply: Reply) -> Iterator[str]:
    last: dict[str, Any] = {"index": 0, "delta": {}, **_finish(reply)}
    if reply.usage_in == "choice":
        last["usage"] = counted(reply)
    with_usage = {"usage": counted(reply)} if reply.usage_in in ("finish", "every") else {}
    yield _event({**envelope, "choices": [last] if reply.choices else [], **with_usage})
    if request.include_usage and reply.usage_in in ("end", "null"):
        yield _event({**envelope, "choices": [], "usage": None if reply.usage_in == "null" else counted(reply)})


def _text_deltas(reply: Reply) -> list[dict[str, Any]]:
    return [{"content": _content(reply, piece)} for piece in pieces(reply.text)]


def _thought_deltas(reply: Reply) -> list[dict[str, Any]]:
    """Return the thought's deltas as DeepSeek streams them: `content` is null during the thought."""
    return [{"content": None, reply.thought_field: piece} for piece in pieces(reply.thought)] if reply.thought_field else []


def _call_deltas(reply: Reply) -> Iterator[dict[str, Any]]:
    """Yield the tool calls in fragments: first the tool's name, then its arguments chunk by chunk."""
    for call in reply.calls:
        arguments = call["function"]["arguments"]
        whole = not isinstance(arguments, str)
        first = {**call, "function": {**call["function"], "arguments": arguments if whole else ""}}
        index = {"index": call["index"]} if reply.indexed else {}
        yield {"tool_calls": [first if reply.indexed else {name: value for name, value in first.items() if name != "index"}]}
        for piece in () if whole else pieces(arguments):
            yield {"tool_calls": [{**index, "function": {"arguments": piece}}]}


def counted(reply: Reply, share: float = 1.0) -> dict[str, Any]:
    """Return the usage with its cached tokens after `share` of the answer."""
    made, asked = int(reply.usage["completion_tokens"] * share), reply.usage["prompt_tokens"]
    details = {"prompt_tokens_details": {"cached_tokens": reply.cached}}
    cached: dict[str, dict[str, Any]] = {
        "deepseek": {**details, "prompt_cache_hit_tokens": reply.cached, "prompt_cache_miss_tokens": asked - reply.cached},
        "details": details,
        "plain": {"cached_tokens": reply.cached},
        "none": {},
    }
    return {**reply.usage, "completion_tokens": made, "total_tokens": asked + made, **cached[reply.cached_as]}


def pieces(text: str) -> list[str]:
    return [text[start : start + PIECE] for start in range(0, len(text), PIECE)]


def _content(reply: Reply, text: str) -> Any:
    if reply.content == "null" or (reply.content == "text" and reply.calls and not text):
        return None
    if reply.content == "parts":
        half = len(text) // 2
        return [{"type": "text", "text": part} for part in (text[:half], text[half:])]
    return text


def _finish(reply: Reply) -> dict[str, Any]:
    return {} if reply.finish_reason == ABSENT else {"finish_reason": reply.finish_reason}


def _usage(reply: Reply) -> dict[str, Any]:
    if reply.usage_in in ("nowhere", "choice"):
        return {}
    return {"usage": None if reply.usage_in == "null" else counted(reply)}


def _envelope(request: ChatRequest, kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{request.digest[:24]}", "object": kind, "created": CREATED, "model": request.model}


def _event(data: object) -> str:
    return f"data: {json.dumps(data, ensure_ascii=False)}\n\n"
