"""Classification of a provider's error by its code, then its text, then its HTTP status.

The codes are listed in the providers' rows. The expressions come from the documents that `llm.providers` names, and from public bug reports of
2025 and 2026; they are ignored if the user's own text contains them, because some providers quote it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from llm import errors
from llm.error_bodies import ErrorBody
from llm.providers import PROVIDERS, Provider

_MEANINGS: Final[Mapping[str, type[errors.ModelError]]] = {
    "account": errors.ModelQuotaExceeded,
    "busy": errors.ModelRateLimited,
    "filtered": errors.ModelFiltered,
    "long": errors.ModelContextTooLong,
    "key": errors.ModelUnauthorized,
    "model": errors.ModelNotFound,
    "server": errors.ModelUnavailable,
}

_WORDS: Final[tuple[tuple[str, re.Pattern[str]], ...]] = tuple(
    (meaning, re.compile(pattern, re.IGNORECASE))
    for meaning, pattern in (
        ("filtered", r"content exists risk|content[_ ]filter|data_inspection_failed|inappropriate content|sensitive content|content management policy"
                     r"|considered high risk|content policy|input was flagged|requires moderation|不安全或敏感内容|敏感内容|内容安全"),
        ("long", r"context_length_exceeded|maximum context length|maximum context size|context window|exceeded model token limit|available context size"
                 r"|range of input length|prompt is too long|input is too long|prompt 超长|maximum prompt length|input length .{0,40}exceeds"),
        ("account", r"insufficient[_ ]((account|user|token)[_ ])?(balance|quota|credits?|funds)|exceeded your current quota|arrear|overdue (balance|payment)"
                    r"|account is in good standing|requires more credits|out of credits|欠费|余额不足|billing (hard )?limit|suspended due to insufficient"
                    r"|key limit exceeded|credit balance is too low|spend(ing)? (limit|cap)|monthly (budget|usage limit)|api usage limits|budget_exceeded"
                    r"|budget has been exceeded|exceeded ?budget|pre_consume_token_quota_failed|额度(已|不足|用尽|用完|耗尽)|配额(不足|已用)"),
        ("model", r"model not exist|model_not_found|supported (api )?model names are|not found the model|no such model|unknown model|not a valid model"
                  r"|invalid model( name| id|:)|模型不存在|no endpoints found for|model .{0,80}(does not exist|not found|not exist|is not available)"
                  r"|model .{0,80}has been (deprecated|retired|discontinued|decommissioned|shut ?down|removed)"
                  r"|model .{0,80}(no longer (available|supported)|is not supported$)|\b(retired|deprecated|decommissioned|discontinued) model"
                  r"|model .{0,80}(end[- ]of[- ]life|(was|is|been) (now )?(sunset|retired|discontinued|decommissioned|shut ?down)|deprecated and removed)"
                  r"|model access denied|access to (this |the )?model (is |was )?denied"
                  r"|模型.{0,60}已(经)?(下线|停用|下架|废弃|退役|停止服务)|已(下线|停用|下架)的?模型"),
        ("key", r"region.{0,20}territory not supported|(invalid|incorrect|missing|expired|wrong) (api[ _-]?key|authentication|token|credentials)"
                r"|api[ _-]?key.{0,30}(invalid|incorrect|expired)"),
        ("busy", r"overloaded|too many requests|rate limit|system is (too )?busy|当前访问量过大"),
    )
)

# Read on 2026-11-28. LiteLLM's type is `budget_exceeded`, its status 429 (400 before 2026), its text "Budget has been exceeded! …", "ExceededBudget: …"
# or "…, exceeded budget for model=…": BerriAI/litellm#14144, #37000, #40002. Anthropic's status is 400 with `invalid_request_error`, its text "Your credit
# balance is too low …" or "You have reached your specified API usage limits. …": anthropics/claude-code#66314, #38035.

_THROTTLED: Final = re.compile(r"model-studio/error-code#token-limit")
"""DashScope's throttling error mentions a quota and uses OpenAI's code for an empty account (github.com/can1357/oh-my-pi/issues/8476, 2026)."""

_AT_500: Final = ("filtered", "long")
"""Meanings that local servers and gateways also report with status 500, recognised by their text."""

_OF_MODEL: Final = re.compile(r"(?<![/a-z])model(?!s?/)|模型|deployment|no endpoints found", re.IGNORECASE)
"""A 404 that matches is about the model's name; any other is about a path that does not exist."""


def classify(said: ErrorBody, provider: Provider, sent: str) -> type[errors.ModelError]:
    """Return the error class for `said`. `sent` is the text of the request."""
    if _THROTTLED.search(said.message or ""):
        return errors.ModelRateLimited
    by_code = _by_code(said, provider)
    if by_code is not None:
        return errors.ModelUnavailable if by_code is errors.ModelRateLimited and said.status >= 500 else by_code
    if said.status == 404 and _is_page(said):
        return errors.ModelUnavailable
    by_words = _by_words(said, sent) if said.status <= 500 else None
    if by_words is None and said.status < 400 and "invalid" in f"{said.code} {said.kind}".lower():
        return errors.ModelRejected
    if by_words is None and said.status == 404 and _speaks_of_model(said):
        return errors.ModelNotFound
    return by_words or _by_status(said.status)


def _by_code(said: ErrorBody, provider: Provider) -> type[errors.ModelError] | None:
    for code in (said.code, said.kind):
        whole = (code or "").lower()
        for name in (whole, whole.partition(".")[0]):
            meaning = provider.codes.get(name) or _all_codes().get(name)
            if meaning:
                return _MEANINGS[meaning]
    return None


@lru_cache(maxsize=1)
def _all_codes() -> Mapping[str, str]:
    """Return the codes of all families, because gateways pass them through. The first family's meaning takes precedence."""
    return {code: meaning for provider in reversed(PROVIDERS) for code, meaning in provider.codes.items()}


def _by_words(said: ErrorBody, sent: str) -> type[errors.ModelError] | None:
    words = f"{said.code or ''} {said.kind or ''} {said.message or ''}"
    for meaning, pattern in _WORDS:
        found = pattern.search(words)
        if found and found[0].lower() not in sent.lower() and (said.status < 500 or meaning in _AT_500):
            return _MEANINGS[meaning]
    return None


def _is_page(said: ErrorBody) -> bool:
    """Return whether the message is a web page: its text is about the site, not the model."""
    return re.match(r"\s*<(!|html|head|body|\?xml)", said.message or "", re.IGNORECASE) is not None


def _speaks_of_model(said: ErrorBody) -> bool:
    return "model" in f"{said.code} {said.kind}".lower() or _OF_MODEL.search(said.message or "") is not None


def _by_status(status: int) -> type[errors.ModelError]:
    if status == 402:
        return errors.ModelQuotaExceeded
    if status in (401, 403):
        return errors.ModelUnauthorized
    if status == 408:
        return errors.ModelTimeout
    if status == 413:
        return errors.ModelContextTooLong
    if status == 429:
        return errors.ModelRateLimited
    if status in (400, 422) or 406 <= status < 500 and status not in (409, 425):
        return errors.ModelRejected
    return errors.ModelUnavailable
