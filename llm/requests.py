"""Request bodies, built by the provider's row, and parameters that an endpoint refuses by name: they are omitted from then on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import logs
from llm import endpoint_adjustments, error_meanings, errors, responses
from llm.error_bodies import ErrorBody
from llm.messages import ChatMessage, ToolOffer
from llm.providers import Endpoint
from llm.usage import Usage

REFUSED = "MODEL_PARAMETER_REFUSED"
LIMITS: Final = ("max_tokens", "max_completion_tokens")
MIN_LIMIT = 50
"""Tokens. A smaller number in an endpoint's error is not taken for its token limit."""

_OTHER_NAMES: Final[Mapping[str, str]] = {
    "response_format": r"json[ _]mode|json_object|structured output|结构化输出",
    "stream_options": r"include_usage",
    "tool_choice": r"tool_choice",
    "tools": r"tool use|tool call|tool choice|function call|\btools?\b",
    "chat_template_kwargs": r"enable_thinking|chat template",
    "reasoning_effort": r"reasoning\.effort|effort",
    "thinking": r"\bthinking\b",
    "reasoning": r"\breasoning\b",
    "enable_thinking": r"\bthinking\b",
}
_REFUSAL: Final = re.compile(
    r"support|unknown|unrecogni[sz]ed|unexpected|not permitted|not allowed|forbidden|invalid|extra |not a valid|no longer|cannot be|requires|too large"
    r"|must be|valid range|should be|disabled|not enabled|not available|cannot|can['’]t|不支持|非法|有误|未知|错误|无效|無効|禁用|未启用|未开启|不可用",
    re.IGNORECASE,
)
_VALUE_FINE: Final = re.compile(r"support|unknown|unrecogni[sz]ed|unexpected|not permitted|not allowed|extra |disabled|不支持|未知", re.IGNORECASE)
"""Expressions that make an error about a path inside a parameter's value (`tools[0].type`) a refusal of the parameter, unless it mentions a schema."""
_THOUGHT_WANTED: Final = re.compile(r"(reasoning_content|reasoning|thinking).{0,80}(passed back|pass back|is missing|is required|must be (provided|included))"
                                    r"|missing .{0,20}reasoning_content", re.IGNORECASE | re.DOTALL)
_STREAM_WANTED: Final = re.compile(
    r"only supports? stream|enable_thinking.{0,20}must be (set to )?false for non[- ]?stream|only streaming|stream(ing)? (mode )?is required"
    r"|[仅只]支持流式", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Call:
    """A provider-independent call; `max_tokens` is for the answer alone, without a thought."""

    endpoint: Endpoint
    messages: Sequence[ChatMessage]
    max_tokens: int
    thinking: bool = False
    json_mode: bool = False
    offer: ToolOffer | None = None

    @property
    def streams(self) -> bool:
        """Return whether the endpoint accepts this call only as a stream."""
        return self.thinking and self.endpoint.provider.thought_streamed or endpoint_adjustments.about(self.endpoint).streams_only

    @property
    def leaves_room(self) -> bool:
        """Return whether the model may think, so that the token limit must include a thought."""
        provider, known = self.endpoint.provider, endpoint_adjustments.about(self.endpoint)
        switch = set(provider.thinking_off)
        return self.thinking or provider.thinks_always or known.thinks_unasked or bool(switch and switch <= known.refused)

    @property
    def limit(self) -> int:
        wanted = self.max_tokens + (self.endpoint.provider.thought_tokens if self.leaves_room else 0)
        return min(wanted, endpoint_adjustments.about(self.endpoint).most_tokens or wanted)

    def texts(self) -> Iterator[str]:
        """Yield all text that the call sends."""
        for message in self.messages:
            yield message["content"]
            yield message.get("thought", "")
            for call in message.get("tool_calls", ()):
                yield str(call["function"]["arguments"])


def build(call: Call, *, stream: bool) -> dict[str, Any]:
    provider, known = call.endpoint.provider, endpoint_adjustments.about(call.endpoint)
    body: dict[str, Any] = {"model": call.endpoint.model, "messages": [_message(call, message) for message in call.messages]}
    body.update(provider.thinking(call.thinking))
    body[known.token_limit or provider.token_limit] = call.limit
    if call.offer is not None:
        body.update(call.offer.parameters)
    if call.json_mode and (provider.json_mode == "always" or provider.json_mode == "without_thinking" and not call.thinking):
        body["response_format"] = {"type": "json_object"}
    if stream:
        body["stream"] = True
        if provider.stream_options:
            body["stream_options"] = {"include_usage": True}
    body.update(provider.body)
    left_out = known.refused | ({"tool_choice"} if "tools" in known.refused else set())
    return {name: value for name, value in body.items() if name not in left_out}


def estimate_call_usage(call: Call) -> Usage:
    """Return the estimated usage of a call whose answer is unknown: the prompt is billed even if the answer is not awaited."""
    return responses.estimate_usage(call.messages, "")


def adapt(call: Call, body: Mapping[str, Any], said: ErrorBody) -> bool:
    """Learn from a refusal which parameter to omit or change; return whether the call is worth repeating.

    Each parameter is logged once as a warning. Only errors about the request's form are considered, never ones with another meaning.
    """
    if said.status not in (200, 400, 404, 422):
        return False
    known = endpoint_adjustments.about(call.endpoint)
    words = said.message or ""
    meaning = error_meanings.classify(said, call.endpoint.provider, "\n".join(call.texts()))
    if meaning is errors.ModelContextTooLong:
        return _lower_limit(call, body, words)
    lacks_tools = said.status == 404 and re.search(r"support.{0,20}(tool|function)", words, re.IGNORECASE) is not None
    if not lacks_tools and (said.status == 404 or meaning not in (errors.ModelRejected, errors.ModelUnavailable)):
        return False
    if _THOUGHT_WANTED.search(words):
        wanted, known.thought_returned = not known.thought_returned and _has_thought(call), True
        return wanted
    if _STREAM_WANTED.search(words) and not body.get("stream"):
        known.streams_only = True
        return True
    name = _refused_name(body, said)
    if name is None:
        return False
    if name in LIMITS:
        return _change_limit(call, name, body, words)
    _leave_out(call.endpoint, name)
    return True


def _message(call: Call, message: ChatMessage) -> dict[str, Any]:
    """Return a message as it is sent: with its thought only if the endpoint requires it; `thought` is set only beside tool calls."""
    sent: dict[str, Any] = {**message}
    if "thought" not in sent:
        return sent
    provider, known = call.endpoint.provider, endpoint_adjustments.about(call.endpoint)
    thought = sent.pop("thought")
    name = "reasoning_content" if known.thought_returned else provider.thought_fields[0]
    if thought is not None and (provider.thought_returned or known.thought_returned) and name not in known.refused and (thought or call.leaves_room):
        sent[name] = thought
    return sent


def _has_thought(call: Call) -> bool:
    return any("thought" in message for message in call.messages)


def _refused_name(body: Mapping[str, Any], said: ErrorBody) -> str | None:
    """Return the parameter of `body` that the error names in its `param`, otherwise in its message."""
    names = [name for name in body if name not in ("model", "messages", "stream")]
    fields = {name for message in body["messages"] for name in message} - {"role", "content", "tool_calls", "tool_call_id"}
    if _is_about_values(said):
        names = [name for name in names if name not in ("tools", "tool_choice")]
    for part in reversed(re.split(r"[^\w]+", said.param or "")):
        if part in names or part in fields:
            return part
    words = said.message or ""
    named = [name for name in sorted((*names, *fields), key=len, reverse=True) if _stands_in(name, words)]
    if not _REFUSAL.search(f"{said.code or ''} {said.kind or ''} {words}"):
        return next((name for name in named if _can_be_no_prose(name, body)), None)
    others = (name for name, pattern in _OTHER_NAMES.items() if name in names and re.search(pattern, words, re.IGNORECASE | re.ASCII))
    return next(iter(named), None) or next(others, None)


def _stands_in(name: str, words: str) -> bool:
    """Return whether the name occurs as a whole word; Chinese characters may adjoin it."""
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", words, re.ASCII) is not None


def _can_be_no_prose(name: str, body: Mapping[str, Any]) -> bool:
    """Return whether an error with this name is about the parameter in any language: no sentence contains the name by chance, and no message contains it."""
    return "_" in name and name not in LIMITS and not any(name in str(message["content"]) for message in body["messages"])


def _is_about_values(said: ErrorBody) -> bool:
    """Return whether the error points into the tools' definitions: that is a bug to fix here, and omitting all tools would hide it."""
    words = said.message or ""
    if not re.search(r"(?<!\w)tools(\[|\.)\w", f"{said.param or ''} {words}", re.ASCII):
        return False
    return re.search(r"(?<!\w)schema", words, re.IGNORECASE) is not None or not _VALUE_FINE.search(words)


def _leave_out(endpoint: Endpoint, name: str) -> None:
    known = endpoint_adjustments.about(endpoint)
    if name not in known.refused:
        known.refused.add(name)
        _warn(endpoint, name)


def _change_limit(call: Call, name: str, body: Mapping[str, Any], words: str) -> bool:
    """Change the limit after a refusal: use its other name, a lower value, or omit it."""
    known = endpoint_adjustments.about(call.endpoint)
    other = LIMITS[1 - LIMITS.index(name)]
    numbers = [int(number) for number in re.findall(r"(?<![\w.-])\d{2,7}(?![\w.])", words.replace(",", ""))]
    lower = [number for number in numbers if MIN_LIMIT <= number < body[name]]
    if lower and not re.search(rf"(?<!\w){other}(?!\w)", words):
        known.most_tokens = max(lower)
        _warn(call.endpoint, name)
    elif known.token_limit is None and name == call.endpoint.provider.token_limit:
        known.token_limit = other
        _warn(call.endpoint, name)
    else:
        _leave_out(call.endpoint, name)
    return True


def _lower_limit(call: Call, body: Mapping[str, Any], words: str) -> bool:
    """Lower the limit if the prompt fits into the window without it: `maximum context length is 4096 … 200 input tokens`."""
    found = re.search(r"maximum context length is (\d+)\D.*?(\d+)(?: tokens)? (?:input tokens|in the messages|from the input)", words, re.DOTALL)
    name = next((name for name in LIMITS if name in body), None)
    if found is None or name is None:
        return False
    left = int(found[1]) - int(found[2]) - 1
    if not MIN_LIMIT <= left < body[name]:
        return False
    endpoint_adjustments.about(call.endpoint).most_tokens = left
    _warn(call.endpoint, name)
    return True


def _warn(endpoint: Endpoint, name: str) -> None:
    logs.write("model_parameter_refused", level="WARNING", error_code=REFUSED, parameter=name, model=endpoint.model, provider=endpoint.provider.name)
