"""Formats of answers that real providers return, each by its kind: the content stays the same, its format differs."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from dev.offline_model import thought
from dev.offline_model.protocol import ChatRequest
from dev.offline_model.reply import ABSENT, Call, Reply

Shape = Callable[[ChatRequest, Reply], Reply]


def _half(reason: str) -> Shape:
    return lambda request, reply: replace(reply, text=reply.text[: len(reply.text) // 2], finish_reason=reason)


def _ended(reason: str | None) -> Shape:
    return lambda request, reply: replace(reply, finish_reason=reason)


def _usage_in(place: str) -> Shape:
    return lambda request, reply: replace(reply, usage_in=place)


def _said(template: str) -> Shape:
    """Return a shape with the thought inside the content, as models without a parser for it return it."""
    return lambda request, reply: replace(reply, text=template.format(thought=thought.think(request), text=reply.text), thought="")


def _thought_as(name: str) -> Shape:
    return lambda request, reply: replace(reply, thought=thought.think(request), thought_field=name)


def _around(before: str, after: str) -> Shape:
    """Return a shape that adds text around JSON; other answers are unchanged."""
    return lambda request, reply: replace(reply, text=f"{before}{reply.text}{after}") if is_json(reply.text) else reply


def _calls(change: Callable[[Call], Call], **changes: Any) -> Shape:
    return lambda request, reply: replace(reply, calls=tuple(change(call) for call in reply.calls), **(changes if reply.calls else {}))


def _with_arguments(arguments: Callable[[str], object]) -> Shape:
    return _calls(lambda call: {**call, "function": {**call["function"], "arguments": arguments(call["function"]["arguments"])}})


def _without_id(call: Call) -> Call:
    return {name: value for name, value in call.items() if name != "id"}


def _several(request: ChatRequest, reply: Reply) -> Reply:
    """Return the reply with one call of each offered tool and one of a tool that does not exist."""
    names = [*sorted(request.tools), "search_everything"] if reply.calls else []
    calls = [
        {**reply.calls[0], "index": number, "id": f"{reply.calls[0]['id']}_{number}", "function": {**reply.calls[0]["function"], "name": name}}
        for number, name in enumerate(names)
    ]
    return replace(reply, calls=tuple(calls))


def _as_text(written: Callable[[str, str], str]) -> Shape:
    def shape(request: ChatRequest, reply: Reply) -> Reply:
        if not reply.calls:
            return reply
        called = reply.calls[0]["function"]
        return replace(reply, text=reply.text + written(called["name"], called["arguments"]), calls=(), finish_reason="stop")

    return shape


def _tag(name: str, arguments: str) -> str:
    return f'<tool_call>\n{{"name": "{name}", "arguments": {arguments}}}\n</tool_call>'


def _function(name: str, arguments: str) -> str:
    parameters = "".join(f"<parameter={key}>\n{value}\n</parameter>\n" for key, value in json.loads(arguments).items())
    return f"<tool_call>\n<function={name}>\n{parameters}</function>\n</tool_call>"


def _marks(name: str, arguments: str) -> str:
    return f"<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>{name}<｜tool▁sep｜>{arguments}<｜tool▁call▁end｜><｜tool▁calls▁end｜>"


def is_json(text: str) -> bool:
    try:
        return isinstance(json.loads(text), dict)
    except ValueError:
        return False


FORCED: Final = "tool-"
"""The prefix of kinds that make the model call a tool whenever one is offered."""
ENDLESS: Final = ("tool-endless", "tool-despite-none")
SHAPES: Final[dict[str, Shape]] = {
    "parts": lambda request, reply: replace(reply, content="parts"),
    "content-null": lambda request, reply: replace(reply, text="", content="null"),
    "think-block": _said("<think>\n{thought}\n</think>\n\n{text}"),
    "think-closing-only": _said("{thought}\n</think>\n\n{text}"),
    "think-unclosed": _said("<think>\n{thought}"),
    "think-reasoning-content": _thought_as("reasoning_content"),
    "think-reasoning": _thought_as("reasoning"),
    "think-thinking": _thought_as("thinking"),
    "fenced": _around("```json\n", "\n```"),
    "fenced-plain": _around("```\n", "\n```"),
    "wordy": _around("Sure, here is what you asked for:\n\n", "\n\nTell me if you need anything else {or less}."),
    "fenced-wordy": _around("Here is the JSON:\n\n```json\n", "\n```\n\nI hope this helps."),
    "finish-null": _ended(None),
    "finish-absent": _ended(ABSENT),
    "finish-eos": _ended("eos"),
    "finish-upper": _ended("STOP"),
    "finish-end-turn": _ended("end_turn"),
    "finish-sensitive": _half("sensitive"),
    "finish-network-error": _half("network_error"),
    "finish-length": _half("length"),
    "finish-content-filter": _half("content_filter"),
    "finish-resource": _half("insufficient_system_resource"),
    "usage-null": _usage_in("null"),
    "usage-absent": _usage_in("nowhere"),
    "usage-every-chunk": _usage_in("every"),
    "usage-with-finish": _usage_in("finish"),
    "usage-in-choice": _usage_in("choice"),
    "usage-cached-hit": lambda request, reply: replace(reply, cached_as="deepseek"),
    "usage-cached-details": lambda request, reply: replace(reply, cached_as="details"),
    "usage-cached-plain": lambda request, reply: replace(reply, cached_as="plain"),
    "tool-no-id": _calls(_without_id),
    "tool-empty-id": _calls(lambda call: {**call, "id": ""}),
    "tool-object-arguments": _with_arguments(json.loads),
    "tool-empty-arguments": _with_arguments(lambda arguments: ""),
    "tool-broken-arguments": _with_arguments(lambda arguments: arguments[:-2]),
    "tool-stop-reason": _calls(lambda call: call, finish_reason="stop"),
    "tool-null-reason": _calls(lambda call: call, finish_reason=None),
    "tool-no-index": lambda request, reply: replace(_several(request, reply), indexed=False),
    "tool-several": _several,
    "tool-with-text": _calls(lambda call: call, text="Let me look. "),
    "tool-as-text": _as_text(_tag),
    "tool-as-text-function": _as_text(_function),
    "tool-as-text-marks": _as_text(_marks),
    "tool-as-text-json": _as_text(lambda name, arguments: f'{{"name": "{name}", "arguments": {arguments}}}'),
    "tool-endless": lambda request, reply: reply,
    "tool-despite-none": lambda request, reply: reply,
}
"""The shape by kind."""
THINKING: Final = frozenset({"think-block", "think-closing-only", "think-unclosed", "think-reasoning-content", "think-reasoning", "think-thinking"})
"""Kinds with a thought whatever the request switches; the thought counts in the usage."""
