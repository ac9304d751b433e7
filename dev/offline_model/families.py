"""Provider families with the differences in their requests and answers. POST /faults with {"family": "openai"} selects one.

A selected family is strict: it refuses switches and token limits that its provider does not document. Without a selection the server behaves as DeepSeek and
ignores them. Sources, read in November 2026: api-docs.deepseek.com (thinking_mode, kv_cache), platform.openai.com (chat completions),
help.aliyun.com/model-studio, docs.bigmodel.cn, platform.kimi.ai, volcengine.com/docs/82379, openrouter.ai/docs, docs.vllm.ai, docs.ollama.com (OpenAI
compatibility), the README of llama.cpp's server.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from dev.offline_model.protocol import RequestError

EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
SWITCHES = frozenset({"thinking", "enable_thinking", "chat_template_kwargs", "think", "reasoning", "reasoning_effort"})
LIMITS = frozenset({"max_tokens", "max_completion_tokens"})

Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Family:
    name: str
    switches: Mapping[str, Callable[[Any], bool]]
    """The documented switches of thinking, in order of precedence, each with a parser of its value."""
    limits: frozenset[str]
    thought: str | None = "reasoning_content"
    """The field of the thought; None if the provider does not return it."""
    cached: str = "details"
    """The format of the count of cached tokens: `deepseek`, `details` or `none`."""
    fixed_temperature: bool = False

    def thinks(self, fields: Fields, *, by_default: bool) -> bool:
        """Return whether the request is answered with a thought. Raises RequestError for a switch with an invalid value."""
        asked = [read(fields[name]) for name, read in self.switches.items() if fields.get(name) is not None]
        return asked[0] if asked else by_default

    def check(self, fields: Fields) -> None:
        """Check the parameters. Raises RequestError for one that the provider does not accept."""
        for name in sorted((SWITCHES - self.switches.keys()) & fields.keys()):
            raise RequestError(f"Unrecognized request argument supplied: {name}")
        for name in sorted((LIMITS - self.limits) & fields.keys()):
            raise unsupported(name, f" Use '{min(self.limits)}' instead.")
        if self.fixed_temperature and fields.get("temperature", 1) != 1:
            message = "Unsupported value: 'temperature' does not support this value with this model. Only the default (1) value is supported."
            raise RequestError(message, param="temperature", code="unsupported_value")


def unsupported(name: str, advice: str = "") -> RequestError:
    """Return OpenAI's error for an unsupported parameter."""
    message = f"Unsupported parameter: '{name}' is not supported with this model.{advice}"
    return RequestError(message, param=name, code="unsupported_parameter")


def _by_type(value: Any) -> bool:
    kind = cast("Fields", value).get("type") if isinstance(value, Mapping) else None
    if kind not in ("enabled", "disabled", "auto"):
        raise RequestError("thinking must be an object whose type is enabled or disabled", param="thinking")
    return bool(kind != "disabled")


def _by_truth(value: Any) -> bool:
    if not isinstance(value, bool):
        raise RequestError("the switch of thinking must be true or false")
    return value


def _by_effort(value: Any) -> bool:
    if value not in EFFORTS:
        raise RequestError(f"reasoning_effort must be one of {', '.join(EFFORTS)}", param="reasoning_effort")
    return value not in ("none", "minimal")


def _by_template(value: Any) -> bool:
    return _by_truth(cast("Fields", value).get("enable_thinking") if isinstance(value, Mapping) else None)


def _by_reasoning(value: Any) -> bool:
    if not isinstance(value, Mapping):
        raise RequestError("reasoning must be an object", param="reasoning")
    fields = cast("Fields", value)
    return _by_effort(fields["effort"]) if "effort" in fields else _by_truth(fields.get("enabled"))


_OLD, _BOTH = frozenset({"max_tokens"}), LIMITS
_TYPED, _TEMPLATE = {"thinking": _by_type, "reasoning_effort": _by_effort}, {"chat_template_kwargs": _by_template}
FAMILIES = {
    family.name: family
    for family in (
        Family("deepseek", _TYPED, _OLD, cached="deepseek"),
        Family("openai", {"reasoning_effort": _by_effort}, frozenset({"max_completion_tokens"}), thought=None, fixed_temperature=True),
        Family("dashscope", {"enable_thinking": _by_truth}, _BOTH),
        Family("zhipu", _TYPED, _OLD),
        Family("moonshot", _TYPED, _BOTH),
        Family("ark", _TYPED, _BOTH),
        Family("openrouter", {"reasoning": _by_reasoning, "reasoning_effort": _by_effort}, _BOTH, thought="reasoning"),
        Family("vllm", _TEMPLATE | {"reasoning_effort": _by_effort}, _BOTH, thought="reasoning"),
        Family("ollama", {"think": _by_truth, "reasoning_effort": _by_effort}, _OLD, thought="reasoning", cached="none"),
        Family("llama.cpp", _TEMPLATE, _BOTH, cached="none"),
        Family("plain", {}, _OLD, cached="none"),
    )
}


def family_named(name: object) -> Family:
    """Return the family of that name. Raises RequestError that lists the names."""
    if isinstance(name, str) and name in FAMILIES:
        return FAMILIES[name]
    raise RequestError(f"a family is one of {', '.join(FAMILIES)}", param="family")
