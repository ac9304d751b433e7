"""Model providers as data: how each differs in its use of OpenAI's chat completions.

There is one frozen row per family, chosen by the host of `DEEPSEEK_BASE_URL`, then by the model's name; `MODEL_PROVIDER` names a row and
`MODEL_OPTIONS` changes its fields. Sources, all read on 2026-11-28:

- DeepSeek: api-docs.deepseek.com/guides/thinking_mode, /quick_start/pricing, /quick_start/error_codes. Thinking is on by default; after a tool
  call in thinking mode `reasoning_content` must be sent back (400 otherwise), even if it is empty (deepseek-ai/deepseek-harness, discussion
  739).
- OpenAI: developers.openai.com/api/docs/guides/reasoning and /deprecations. The lowest effort of gpt-5 is `minimal`, of gpt-5.1 and later `none`
  (openai/openai-agents-python issue 2089), of the o-series `low`; all of them refuse `max_tokens` (softwaremill/sttp-ai issue 490).
- DashScope: help.aliyun.com/zh/model-studio/error-code. `enable_thinking` true is refused for calls that are not streamed; qwen-turbo and
  qwq-plus ended on 2026-10-10 (alibabacloud.com/notice, "model studio notice on the decommissioning of certain historical mainline models").
- Zhipu: docs.bigmodel.cn/cn/api/api-code. GLM-5.3 always thinks and takes `reasoning_effort` low, high, max (dev.to/aihubmix, 2026-08-14).
- Moonshot: platform.kimi.ai/docs, java.agentscope.io/v2/en/integration/model/kimi (kimi-k3 and kimi-k2.7-code always think; thinking can be
  switched off for k2.6 and k2.5), promptfoo.dev/docs/providers/moonshot (names discontinued in 2026). The thought is sent back after a tool
  call.
- Ark: volcengine.com/docs/82379/1099476 and /1299023 (error codes); `thinking.type` as in DeepSeek's API.
- OpenRouter: openrouter.ai/docs/use-cases/reasoning-tokens. The thought arrives as `reasoning`.
- vLLM and SGLang: docs.vllm.ai/en/stable/features/reasoning_outputs. `reasoning` was called `reasoning_content` before; `chat_template_kwargs`
  switch thinking.
- Ollama: docs.ollama.com/api/openai-compatibility. `reasoning_effort` "none" switches thinking off.
- llama.cpp: github.com/ggml-org/llama.cpp, tools/server/README.md and pull request 13771. `chat_template_kwargs` as in vLLM.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Final, Literal
from urllib.parse import urlsplit

import settings

OFFLINE_MODEL: Final = "unilife-offline"
"""The model name with which `unilife dev` and the tests call the offline model, which implements DeepSeek's API."""

Options = Mapping[str, Any]
NONE: Final[Options] = MappingProxyType({})
THINKING_OFF: Final[Options] = MappingProxyType({"thinking": {"type": "disabled"}})
THINKING_ON: Final[Options] = MappingProxyType({"thinking": {"type": "enabled"}})
LOW_EFFORT: Final[Options] = MappingProxyType({"reasoning_effort": "low"})


@dataclass(frozen=True, slots=True)
class Provider:
    """A family of endpoints.

    `hosts` are suffixes of host names (or `:port` for local servers), `models` is a pattern for model names at unknown hosts. `variants` are
    pairs of a pattern for the model's name and the fields that differ for it; the first match applies.
    """

    name: str
    hosts: tuple[str, ...] = ()
    models: str = r"(?!)"
    thinking_off: Options = field(default_factory=lambda: NONE)
    thinking_on: Options = field(default_factory=lambda: NONE)
    thinks_always: bool = False
    """Thinking cannot be switched off, so each token limit includes tokens for a thought."""
    thought_tokens: int = 8_000
    """Tokens for the thought, added to the answer's limit."""
    thought_fields: tuple[str, ...] = ("reasoning_content", "reasoning", "thinking")
    """Fields of a message that hold the thought. It is sent back under the first name."""
    thought_returned: bool = False
    """The thought must be sent back with an assistant message that called tools."""
    thought_streamed: bool = False
    """Calls with thinking must be streamed."""
    thought_in_text: bool = False
    """The thought may be part of the text, even without an opening tag: servers without a parser for it."""
    token_limit: Literal["max_tokens", "max_completion_tokens"] = "max_tokens"
    stream_options: bool = True
    json_mode: Literal["always", "without_thinking", "never"] = "always"
    cached_fields: tuple[str, ...] = ("prompt_tokens_details.cached_tokens", "prompt_cache_hit_tokens", "cached_tokens")
    """Paths inside `usage` to the number of tokens served from the prompt cache; the first existing path is used."""
    thinking_fields: tuple[str, ...] = ("completion_tokens_details.reasoning_tokens", "output_tokens_details.reasoning_tokens", "reasoning_tokens")
    """Paths inside `usage` to the number of tokens of the thought."""
    codes: Mapping[str, str] = field(default_factory=dict[str, str])
    """The provider's own error codes, in lower case, and their meanings; see `llm.error_meanings`."""
    body: Options = field(default_factory=lambda: NONE)
    """Parameters that are sent with each call."""
    variants: tuple[tuple[str, Options], ...] = ()

    def for_model(self, model: str) -> Provider:
        for pattern, fields in self.variants:
            if re.search(pattern, model, re.IGNORECASE):
                return replace(self, **fields)
        return self

    def thinking(self, wanted: bool) -> Options:
        return self.thinking_on if wanted else self.thinking_off


_ALWAYS: Final[Options] = MappingProxyType({"thinks_always": True, "thinking_off": NONE, "thinking_on": NONE})
_ALWAYS_LOW: Final[Options] = MappingProxyType({"thinks_always": True, "thinking_off": LOW_EFFORT, "thinking_on": NONE})
_TEMPLATE: Final[Mapping[bool, Options]] = {wanted: MappingProxyType({"chat_template_kwargs": {"enable_thinking": wanted}}) for wanted in (False, True)}
_REASONING: Final[Options] = MappingProxyType({"token_limit": "max_completion_tokens", "json_mode": "always"})

PROVIDERS: Final[tuple[Provider, ...]] = (
    Provider(
        "deepseek", hosts=("api.deepseek.com",), models=r"^deepseek-|^unilife-offline$",
        thinking_off=THINKING_OFF, thinking_on=THINKING_ON, thought_returned=True,
        cached_fields=("prompt_cache_hit_tokens", "prompt_tokens_details.cached_tokens", "cached_tokens"),
    ),
    Provider(
        "openai", hosts=("api.openai.com", "openai.azure.com", "cognitiveservices.azure.com"), models=r"^(gpt-|chatgpt-|o\d)",
        variants=(
            (r"^gpt-5(-mini|-nano)?(-20\d\d|$)",
             {**_REASONING, "thinking_off": {"reasoning_effort": "minimal"}, "thinking_on": {"reasoning_effort": "medium"}, "thinks_always": True}),
            (r"^gpt-5[\w.-]*-pro|^o\d.*-pro", {**_REASONING, **_ALWAYS}),
            (r"^(gpt-5\.|gpt-([6-9]|\d\d))", {**_REASONING, "thinking_off": {"reasoning_effort": "none"}, "thinking_on": {"reasoning_effort": "medium"}}),
            (r"^o\d", {**_REASONING, "thinking_off": LOW_EFFORT, "thinking_on": {"reasoning_effort": "medium"}, "thinks_always": True}),
        ),
        codes={"insufficient_quota": "account", "billing_hard_limit_reached": "account", "billing_not_active": "account", "model_not_found": "model",
               "context_length_exceeded": "long", "content_filter": "filtered", "content_policy_violation": "filtered", "invalid_api_key": "key",
               "rate_limit_exceeded": "busy", "responsibleaipolicyviolation": "filtered", "deploymentnotfound": "model"},
    ),
    Provider(
        "dashscope", hosts=("dashscope.aliyuncs.com", "dashscope-intl.aliyuncs.com", "dashscope-us.aliyuncs.com", "maas.aliyuncs.com"),
        models=r"^(qwen|qwq|qvq)",
        thinking_off=MappingProxyType({"enable_thinking": False}), thinking_on=MappingProxyType({"enable_thinking": True}),
        thought_streamed=True, json_mode="without_thinking", variants=((r"^(qwq|qvq)|thinking", _ALWAYS),),
        codes={"arrearage": "account", "prepaidbilloverdue": "account", "postpaidbilloverdue": "account", "allocationquota.freetieronly": "account",
               "datainspectionfailed": "filtered", "data_inspection_failed": "filtered", "throttling": "busy", "modelnotfound": "model",
               "model_not_found": "model", "insufficient_quota": "busy", "invalidapikey": "key", "accessdenied": "key",
               "model.accessdenied": "model", "accessdenied.unpurchased": "model", "serviceunavailable": "busy",
               "limitrequests": "busy", "limit_requests": "busy"},
    ),
    Provider(
        "zhipu", hosts=("bigmodel.cn", "api.z.ai"), models=r"^(glm-|chatglm)",
        thinking_off=THINKING_OFF, thinking_on=THINKING_ON, thought_returned=True,
        variants=((r"^glm-5\.([3-9]|\d\d)|^glm-[6-9]", _ALWAYS_LOW), (r"^glm-(4\.[0-4]|4-|4$|3)|^chatglm", {"thinking_off": NONE, "thinking_on": NONE})),
        codes={**dict.fromkeys(("1000", "1001", "1002", "1003", "1004", "1110", "1111", "1112", "1121", "1220"), "key"),
               **dict.fromkeys(("1113", "1309"), "account"), **dict.fromkeys(("1211", "1221", "1222", "1311"), "model"),
               **dict.fromkeys(("1302", "1303", "1304", "1305", "1308", "1310", "1312", "1313", "1120", "1230", "1234"), "busy"),
               **dict.fromkeys(("1300", "1301"), "filtered"), "1261": "long"},
    ),
    Provider(
        "moonshot", hosts=("moonshot.cn", "moonshot.ai", "kimi.ai", "kimi.com"), models=r"^(kimi-|moonshot-)",
        thinking_off=THINKING_OFF, thinking_on=THINKING_ON, thought_returned=True,
        variants=((r"^kimi-k([3-9]|\d\d)", _ALWAYS_LOW), (r"^kimi-k2\.7-code|^kimi-k2-thinking|^kimi-thinking", _ALWAYS),
                  (r"^moonshot-|^kimi-(latest|k2-)", {"thinking_off": NONE, "thinking_on": NONE})),
        codes={"exceeded_current_quota_error": "account", "insufficient_balance": "account", "engine_overloaded_error": "busy",
               "rate_limit_reached_error": "busy", "content_filter": "filtered", "invalid_authentication_error": "key",
               "incorrect_api_key_error": "key", "permission_denied_error": "model", "resource_not_found_error": "model"},
    ),
    Provider(
        "ark", hosts=("volces.com", "bytepluses.com"), models=r"^(doubao-|seed-|ep-)",
        thinking_off=THINKING_OFF, thinking_on=THINKING_ON, thought_returned=True,
        codes={"accountoverdueerror": "account", "invalidendpointormodel": "model", "invalidendpoint": "model", "modelnotopen": "model",
               "modelnotfound": "model", "sensitivecontentdetected": "filtered", "inputtextsensitivecontentdetected": "filtered",
               "outputtextsensitivecontentdetected": "filtered", "inputtextriskdetection": "filtered", "outputtextriskdetection": "filtered",
               "authenticationerror": "key", "accessdenied": "key", "unauthorized": "key", "serveroverloaded": "busy", "ratelimitexceeded": "busy",
               "modelaccountrpmratelimitexceeded": "busy", "requestbursttoofast": "busy", "setlimitexceeded": "busy", "quotaexceeded": "account",
               "internalserviceerror": "server"},
    ),
    Provider(
        "openrouter", hosts=("openrouter.ai",),
        thinking_off=MappingProxyType({"reasoning": {"enabled": False}}), thinking_on=MappingProxyType({"reasoning": {"enabled": True}}),
        thought_returned=True, thought_fields=("reasoning", "reasoning_content", "thinking"),
    ),
    Provider(
        "vllm", hosts=(":8000", ":30000"), models=r"^[\w.-]+/[\w.:-]+$",
        thinking_off=_TEMPLATE[False], thinking_on=_TEMPLATE[True], thought_returned=True, thought_in_text=True,
        thought_fields=("reasoning", "reasoning_content", "thinking"),
    ),
    Provider(
        "ollama", hosts=(":11434", "ollama.com"), models=r"^[\w.-]+:[\w.-]+$",
        thinking_off=MappingProxyType({"reasoning_effort": "none"}), thinking_on=MappingProxyType({"reasoning_effort": "medium"}),
        thought_fields=("reasoning", "reasoning_content", "thinking"), thought_in_text=True,
    ),
    Provider(
        "llama.cpp", hosts=(":8080",), models=r"\.gguf$",
        thinking_off=_TEMPLATE[False], thinking_on=_TEMPLATE[True], thought_in_text=True,
        codes={"exceed_context_size_error": "long", "unavailable_error": "busy", "authentication_error": "key"},
    ),
    Provider("plain", thought_in_text=True),
)
"""The rows in the order in which they are tried; the last one matches all other endpoints."""

_BY_NAME: Final[Mapping[str, Provider]] = {provider.name: provider for provider in PROVIDERS}


@dataclass(frozen=True, slots=True)
class Endpoint:
    """The configured provider, base URL and model. `guessed`: the URL does not belong to the family's known hosts."""

    provider: Provider
    base_url: str
    model: str
    guessed: bool

    @property
    def key(self) -> tuple[str, str]:
        return self.base_url, self.model


def current(purpose: str = "chat") -> Endpoint:
    """Return the endpoint of the current settings. For the purpose "check", the setting MODEL_CHECK may name another model there."""
    found = settings.current()
    model = found.checking_model if purpose == "check" else found.deepseek_model
    return _endpoint(found.deepseek_base_url, model, found.model_provider, found.model_options)


@lru_cache(maxsize=8)
def _endpoint(base_url: str, model: str, name: str, options: str) -> Endpoint:
    by_host = find_by_host(base_url)
    chosen = _BY_NAME[name] if name else by_host or find_by_model(model)
    provider = chosen.for_model(model)
    given: dict[str, Any] = json.loads(options or "{}")
    tuples: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in given.items()}
    at_home = by_host is not None and by_host.name == chosen.name
    known = at_home or "thought_in_text" in given or model == OFFLINE_MODEL
    return Endpoint(replace(provider, **tuples), base_url, model, guessed=not known)


def find_by_host(base_url: str) -> Provider | None:
    """Return the family that owns the URL's host, or None. A port alone identifies a local server only on this machine or a private network."""
    try:
        address = urlsplit(base_url)
        host, port = (address.hostname or "").lower(), f":{address.port}"
    except ValueError:
        return None
    for provider in PROVIDERS:
        for known in provider.hosts:
            if known.startswith(":") and _is_local(host) and port == known:
                return provider
            if not known.startswith(":") and (host == known or host.endswith(f".{known}")):
                return provider
    return None


def find_by_model(model: str) -> Provider:
    """Return the family that a model's name suggests: local servers first, because their names contain a publisher, a tag or a file extension."""
    local = [_BY_NAME[name] for name in ("llama.cpp", "vllm", "ollama")]
    return next((provider for provider in (*local, *PROVIDERS) if re.search(provider.models, model, re.IGNORECASE)), _BY_NAME["plain"])


def _is_local(host: str) -> bool:
    return host == "localhost" or "." not in host or re.match(r"(127|10|192\.168|172\.(1[6-9]|2\d|3[01]))\.", host) is not None
