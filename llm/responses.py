"""Parsing of provider responses, in all shapes that are known from practice, so that no valid answer is discarded.

The JSON is decoded but not validated, so any field may be missing or have another type.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, cast

from llm import prices, tokens, visible_text
from llm.errors import ModelEmpty, ModelError, ModelFiltered, ModelTruncated, ModelUnavailable
from llm.messages import ChatMessage, CutOff
from llm.printable_text import is_blank, remove_unprintable
from llm.providers import Provider
from llm.tools import ToolCall
from llm.usage import Usage

CHARACTERS_PER_TOKEN = 16
"""No tokenizer packs more characters of prose into a token; a longer answer ignored the limit and is cut off."""
MAX_CALL_LENGTH = 4_000
"""Characters of a call's arguments; longer ones are not a query."""
MAX_CALLS = 16

_GAVE_UP: Final = frozenset({"insufficient_system_resource", "network_error", "error"})
"""Finish reasons of a provider that failed in the middle of an answer."""
_LENGTH: Final = frozenset({"length", "max_tokens", "max_output_tokens", "model_length", "max_completion_tokens"}) | _GAVE_UP
"""Finish reasons of an answer that ended too early."""
_FILTER: Final = frozenset(
    {"content_filter", "content_filtered", "sensitive", "safety", "refusal", "recitation", "prohibited_content", "blocklist", "spii", "risk"})


@dataclass(frozen=True, slots=True)
class Part:
    """The content of a message or of one event of a stream."""

    text: str
    thought: str
    calls: Sequence[Any]


def choice_of(body: object) -> Mapping[str, Any]:
    """Return the first choice of a reply or of an event; an empty mapping if there is none."""
    choices = _fields(body).get("choices")
    return _fields(cast("list[object]", choices)[0]) if isinstance(choices, list) and choices else {}


def part_of(message: object, provider: Provider) -> Part:
    fields = _fields(message)
    text, inner = _content(fields.get("content"))
    if not text and isinstance(fields.get("refusal"), str):
        text = fields["refusal"]
    thoughts = [fields[name] for name in provider.thought_fields if isinstance(fields.get(name), str)]
    thought = max(thoughts, key=len, default="") + inner
    calls: object = fields.get("tool_calls")
    found = list(cast("list[object]", calls)) if isinstance(calls, list) else []
    if not found and isinstance(fields.get("function_call"), Mapping):
        found = [{"index": 0, "function": fields["function_call"]}]
    return Part(text, thought, found)


def _content(value: object) -> tuple[str, str]:
    """Return the text and the thought in a message's `content`: a string, or a list of parts."""
    if isinstance(value, str):
        return value, ""
    texts, thoughts = list[str](), list[str]()
    for item in cast("list[object]", value) if isinstance(value, list) else ():
        if isinstance(item, str):
            texts.append(item)
            continue
        fields = _fields(item)
        kind = str(fields.get("type", "text"))
        inner = fields.get("thinking", fields.get("reasoning"))
        if kind in ("thinking", "reasoning", "thought"):
            thoughts.append("".join(_content(inner if inner is not None else fields.get("text"))))
        elif isinstance(fields.get("text"), str):
            texts.append(fields["text"])
    return "".join(texts), "".join(thoughts)


class ToolCallBuilder:
    """Builder of tool calls: they arrive whole in a reply, in fragments in a stream, with or without an index and an id."""

    def __init__(self) -> None:
        self._calls: list[dict[str, Any]] = []

    def add(self, items: Sequence[Any]) -> None:
        for item in items:
            fields, function = _fields(item), _fields(_fields(item).get("function"))
            name = function.get("name", fields.get("name"))
            call = self._call_for(fields.get("index"), _word(fields.get("id")), _word(name))
            if call is not None:
                _fill(call, _word(fields.get("id")), _word(name), function.get("arguments", fields.get("arguments")))

    def _call_for(self, index: object, identity: str, name: str) -> dict[str, Any] | None:
        """Return the call of a fragment: by its index, unless another id shows that it is a new call; else by its id; else the last call."""
        known: list[dict[str, Any]] = self._calls
        if isinstance(index, int) and not isinstance(index, bool):
            same_index = [call for call in known if call["index"] == index][-1:]
            for call in same_index:
                if not (identity and name and call["id"] and identity != call["id"]):
                    return call
        elif identity:
            found = next((call for call in known if call["id"] == identity), None)
            if found is not None:
                return found
        elif known and not (name and (known[-1]["name"] or known[-1]["arguments"])):
            return known[-1]
        if len(known) >= MAX_CALLS:
            return None
        new: dict[str, Any] = {"index": index, "id": "", "name": "", "arguments": ""}
        known.append(new)
        return new

    def build(self) -> tuple[ToolCall, ...]:
        """Return the calls that name a tool, each with a unique id."""
        named = [ToolCall(call["id"], remove_unprintable(call["name"]), remove_unprintable(call["arguments"])) for call in self._calls if call["name"].strip()]
        return with_ids(named)


def with_ids(calls: Sequence[ToolCall]) -> tuple[ToolCall, ...]:
    """Return the calls with unique ids: nine letters and digits if the provider gave none (some providers accept no other form)."""
    seen: set[str] = set()
    given: list[ToolCall] = []
    for call in calls:
        identity = remove_unprintable(call.id)
        if not identity or identity in seen:
            identity = secrets.token_hex(5)[:9]
        seen.add(identity)
        given.append(ToolCall(identity, call.name, call.arguments))
    return tuple(given)


def _fill(call: dict[str, Any], identity: str, name: str, arguments: object) -> None:
    """Add a fragment to a call. Some providers repeat id and name in each fragment."""
    call["id"] = call["id"] or identity[:200]
    if name and name != call["name"]:
        call["name"] = (call["name"] + name)[:200]
    if isinstance(arguments, str) and len(call["arguments"]) < MAX_CALL_LENGTH:
        call["arguments"] += arguments
    elif isinstance(arguments, (Mapping, list)):
        call["arguments"] = json.dumps(arguments, ensure_ascii=False)


def cut_off(finish_reason: object) -> CutOff | None:
    """Return how an answer was cut off, by its finish reason; None if it was not."""
    reason = finish_reason.lower() if isinstance(finish_reason, str) else ""
    return "LENGTH" if reason in _LENGTH else "FILTER" if reason in _FILTER else None


def require_text(text: str, finish_reason: object, usage: Usage, *, wrote_call: bool = False) -> None:
    """Raise ModelFiltered, ModelTruncated, ModelUnavailable or ModelEmpty, by the finish reason, if there is no text."""
    if not is_blank(text):
        return
    reason = finish_reason.lower() if isinstance(finish_reason, str) else ""
    failure: ModelError
    if reason in _FILTER:
        failure = ModelFiltered(usage=usage)
    elif reason in _GAVE_UP:
        failure = ModelUnavailable(usage=usage)
    elif reason in _LENGTH:
        failure = ModelTruncated(usage=usage)
    else:
        failure = ModelEmpty(usage=usage, wrote_call=wrote_call)
    raise failure


def json_text(text: str) -> str:
    """Return the text in which to search for a JSON object: without a thought before it.

    A text that begins with an object is only made printable, because a marker in it may be part of a string.
    """
    if text.lstrip().startswith("{"):
        return remove_unprintable(text)
    return visible_text.separate(text).text or remove_unprintable(text)


def reported_usage(body: object, provider: Provider) -> Usage | None:
    """Return the usage that a reply or an event of a stream reports; None if it reports none or only zeros."""
    usage = _fields(_fields(body).get("usage") or choice_of(body).get("usage"))
    sent = _count(usage, "prompt_tokens", "input_tokens")
    made = _count(usage, "completion_tokens", "output_tokens")
    if sent is None or made is None or not (sent or made):
        return None
    cached = min(_count(usage, *provider.cached_fields) or 0, sent)
    return prices.add_cost(Usage(sent, made, cached, min(_count(usage, *provider.thinking_fields) or 0, made)))


def estimate_usage(messages: Sequence[ChatMessage], text: str, thought: str = "") -> Usage:
    """Return usage estimated by our own count, for providers that report none and for broken streams."""
    thinking = tokens.count(thought)
    return prices.add_cost(Usage(sum(tokens.count_message(message) for message in messages), tokens.count(text) + thinking, 0, thinking))


def _fields(value: object) -> Mapping[str, Any]:
    return cast("Mapping[str, Any]", value) if isinstance(value, Mapping) else {}


def _word(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(usage: Mapping[str, Any], *paths: str) -> int | None:
    """Return the first whole number at one of the paths (`a.b` for b inside a)."""
    for path in paths:
        value: object = usage
        for name in path.split("."):
            value = _fields(value).get(name)
        if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value < 2**40 and value == int(value):
            return int(value)
    return None


_CONTENT: Final = re.compile(r'"content"\s*:\s*"')


def estimate_usage_from(messages: Sequence[ChatMessage], body: str) -> Usage:
    """Return the estimated usage of a reply whose JSON is incomplete: the prompt, and the part of the answer that arrived."""
    found = _CONTENT.search(body)
    return estimate_usage(messages, body[found.end() :] if found else "")
