# ruff: noqa: E501 - one error a line reads as a table
"""Providers' errors with their original texts, by kind: `<provider>-<what>`, each with its status, its body and its meaning.

Sources, read in November 2026: api-docs.deepseek.com/quick_start/error_codes; platform.openai.com/docs/guides/error-codes; docs.bigmodel.cn/cn/api/api-code;
platform.kimi.ai/docs (errors) and MoonshotAI/kimi-code#1857; help.aliyun.com/model-studio/error-code and can1357/oh-my-pi#8476 (a throttle that mentions
quota); volcengine.com/docs/82379/1299023; openrouter.ai/docs (errors and debugging); Azure OpenAI's content filter; docs.anthropic.com (errors); the sources
of Ollama, vLLM and llama.cpp.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from dev.offline_model.zhipu import ZHIPU

Meaning = Literal["account", "busy", "filtered", "too_long", "key", "model", "server"]


@dataclass(frozen=True, slots=True)
class ProviderError:
    meaning: Meaning
    status: int
    body: Mapping[str, Any]
    retry_after: int | None = None


def _openai(meaning: Meaning, status: int, message: str, kind: str | None, code: object, param: str | None = None, /, **more: Any) -> ProviderError:
    """Return an error in OpenAI's format, which most providers use."""
    return ProviderError(meaning, status, {"error": {"message": message, "type": kind, "param": param, "code": code, **more}})


def _deepseek(meaning: Meaning, status: int, message: str, kind: str = "invalid_request_error") -> ProviderError:
    return _openai(meaning, status, message, kind, "invalid_request_error")


def _moonshot(meaning: Meaning, status: int, message: str, kind: str) -> ProviderError:
    return ProviderError(meaning, status, {"error": {"message": message, "type": kind}})


def _dashscope(meaning: Meaning, status: int, message: str, code: str) -> ProviderError:
    body = {"error": {"message": message, "type": code, "param": None, "code": code}, "request_id": "968606d8-c53b-9dce-80be-3a9cc553c5b5"}
    return ProviderError(meaning, status, body)


def _ark(meaning: Meaning, status: int, message: str, code: str, kind: str) -> ProviderError:
    return _openai(meaning, status, f"{message} Request id: 021764", kind, code, "")


def _openrouter(meaning: Meaning, status: int, message: str, **metadata: Any) -> ProviderError:
    return ProviderError(meaning, status, {"error": {"message": message, "code": status, "metadata": metadata}, "user_id": "user_2a"})


_LONG = "This model's maximum context length is {most} tokens. However, you requested {most}1 tokens ({most}0 in the messages, 1 in the completion)."
_OVER = "You exceeded your current quota, please check your plan and billing details."
_NONE = "The model `gone` does not exist or you do not have access to it."

# fmt: off
ERRORS: Final[dict[str, ProviderError]] = {
    **{f"zhipu-{code}": ProviderError(meaning, status, body) for code, (meaning, status, body) in ZHIPU.items()},
    "deepseek-balance": _deepseek("account", 402, "Insufficient Balance", "unknown_error"),
    "openai-insufficient-quota": _openai("account", 429, _OVER, "insufficient_quota", "insufficient_quota"),
    "moonshot-quota": _moonshot(
        "account", 429, "Your account org-1 <ak-1> is suspended due to insufficient balance, please recharge your account", "exceeded_current_quota_error"
    ),
    "moonshot-quota-403": _moonshot("account", 403, "Your account org-1 is suspended due to insufficient balance", "exceeded_current_quota_error"),
    "dashscope-arrearage": _dashscope("account", 400, "Access denied, please make sure your account is in good standing.", "Arrearage"),
    "dashscope-arrearage-403": _dashscope("account", 403, "Access denied, please make sure your account is in good standing.", "Arrearage"),
    "ark-overdue": _ark("account", 403, "The request failed because your account has an overdue balance.", "AccountOverdueError", "Forbidden"),
    "openrouter-credits": _openrouter("account", 402, "Insufficient credits. Add more using https://openrouter.ai/settings/credits"),
    "openai-rate-limit": _openai("busy", 429, "Rate limit reached for gpt-5 on tokens per min (TPM): Limit 30000.", "tokens", "rate_limit_exceeded"),
    "moonshot-overloaded": _moonshot("busy", 429, "The engine is currently overloaded, please try again later", "engine_overloaded_error"),
    "moonshot-rate-limit": _moonshot("busy", 429, "Your account org-1 request reached max RPM: 3, please try again after 1 seconds", "rate_limit_reached_error"),
    "dashscope-throttling": _dashscope("busy", 429, "Requests rate limit exceeded, please try again later.", "Throttling.RateQuota"),
    "dashscope-allocation-quota": _dashscope(
        "busy", 429, f"{_OVER} For details, see: https://help.aliyun.com/zh/model-studio/error-code#token-limit", "insufficient_quota"
    ),
    "ark-rate-limit": _ark("busy", 429, "Requests per minute of your endpoint are exceeded.", "RateLimitExceeded.EndpointRPMExceeded", "TooManyRequests"),
    "ark-overloaded": _ark("busy", 429, "The service is currently unable to handle more requests.", "ServerOverloaded", "TooManyRequests"),
    "openrouter-rate-limit": _openrouter("busy", 429, "Provider returned error", raw="temporarily rate-limited upstream", provider_name="Chutes"),
    "deepseek-overloaded": _openai("busy", 503, "Service is too busy. We advise users to temporarily switch to alternative providers.", "service_unavailable", None),
    "anthropic-overloaded": ProviderError("busy", 529, {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}, "request_id": "req_1"}),
    "ollama-busy": _openai("busy", 503, "server busy, please try again.  maximum pending requests exceeded", "api_error", None),
    "deepseek-risk": _deepseek("filtered", 400, "Content Exists Risk"),
    "moonshot-filter": _moonshot("filtered", 400, "The request was rejected because it was considered high risk", "content_filter"),
    "dashscope-inspection": _dashscope(
        "filtered", 400, "<400> InternalError.Algo.DataInspectionFailed: Input text data may contain inappropriate content.", "data_inspection_failed"
    ),
    "dashscope-inspection-code": _dashscope("filtered", 400, "Output data may contain inappropriate content.", "DataInspectionFailed"),
    "ark-sensitive": _ark("filtered", 400, "The request failed because the input text may contain sensitive information.", "SensitiveContentDetected", "BadRequest"),
    "ark-sensitive-kind": _ark("filtered", 400, "The input text may contain sensitive words.", "SensitiveContentDetected.SevereViolation", "BadRequest"),
    "azure-filter": _openai(
        "filtered", 400, "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.", None, "content_filter", "prompt",
        status=400, innererror={"code": "ResponsibleAIPolicyViolation", "content_filter_result": {"violence": {"filtered": True, "severity": "medium"}}},
    ),
    "openrouter-moderation": _openrouter("filtered", 403, "Your chosen model requires moderation and your input was flagged", reasons=["violence"], flagged_input="…"),
    "openai-too-long": _openai("too_long", 400, _LONG.format(most=128000), "invalid_request_error", "context_length_exceeded", "messages"),
    "deepseek-too-long": _deepseek("too_long", 400, _LONG.format(most=1048576)),
    "moonshot-too-long": _moonshot("too_long", 400, "Invalid request: Your request exceeded model token limit: 262144", "invalid_request_error"),
    "dashscope-too-long": _dashscope("too_long", 400, "<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 98304]", "invalid_parameter_error"),
    "vllm-too-long": ProviderError("too_long", 400, {"object": "error", "message": _LONG.format(most=4096), "type": "BadRequestError", "param": None, "code": 400}),
    "llamacpp-too-long": _openai("too_long", 400, "the request exceeds the available context size, try increasing it", "exceed_context_size_error", 400, n_ctx=4096),
    "deepseek-key": _deepseek("key", 401, "Authentication Fails, Your api key: ****1234 is invalid", "authentication_error"),
    "openai-key": _openai("key", 401, "Incorrect API key provided: sk-1***4.", "invalid_request_error", "invalid_api_key"),
    "openai-country": _openai("key", 403, "Country, region, or territory not supported", "request_forbidden", "unsupported_country_region_territory"),
    "moonshot-key": _moonshot("key", 401, "Invalid Authentication", "invalid_authentication_error"),
    "dashscope-key": _openai("key", 401, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key"),
    "ark-key": _ark("key", 401, "The API key or AK/SK in the request is missing or invalid.", "AuthenticationError", "Unauthorized"),
    "openrouter-key": _openrouter("key", 401, "User not found."),
    "deepseek-model": _deepseek("model", 400, "Model Not Exist"),
    "deepseek-model-names": _deepseek("model", 400, "The supported API model names are deepseek-flash, but you passed deepseek-chat."),
    "openai-model": _openai("model", 404, _NONE, "invalid_request_error", "model_not_found"),
    "moonshot-model": _moonshot("model", 404, "Not found the model gone or Permission denied", "resource_not_found_error"),
    "dashscope-model": _openai("model", 404, _NONE, "invalid_request_error", "model_not_found"),
    "ark-model": _ark("model", 404, "The model or endpoint gone does not exist or you do not have access to it.", "InvalidEndpointOrModel.NotFound", "NotFound"),
    "openrouter-model": _openrouter("model", 400, "gone is not a valid model ID"),
    "ollama-model": _openai("model", 404, 'model "gone" not found, try pulling it first', "api_error", None),
    "vllm-model": ProviderError("model", 404, {"object": "error", "message": "The model `gone` does not exist.", "type": "NotFoundError", "param": None, "code": 404}),
    "openrouter-upstream": _openrouter("server", 502, "Provider returned error", provider_name="Chutes"),
}
# fmt: on
"""The error by kind."""


def kinds_of(*meanings: Meaning) -> list[str]:
    """Return the kinds with one of `meanings`, for tests that run through all of them."""
    return [kind for kind, error in ERRORS.items() if error.meaning in meanings]
