"""From the openai client's exceptions to ours."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import Mapping
from email.utils import mktime_tz, parsedate_tz
from typing import TYPE_CHECKING

from llm import errors
from llm.usage import Usage

if TYPE_CHECKING:
    from openai import APIStatusError

LONGEST_RETRY_AFTER = 86_400.0
"""Seconds. What a provider asks beyond a day is taken as a day."""
FILTER_MARKS = ("content exists risk", "content_filter", "data_inspection_failed")
"""How DeepSeek, Azure and Alibaba word a 400 that their content filter caused."""
UNREADABLE = (ValueError, TypeError, AttributeError, LookupError)
"""What the client raises over a body that is not the protocol: it decodes JSON itself and checks no types."""


def translate(error: Exception, usage: Usage | None = None) -> errors.ModelError:
    """The error to raise instead of `error`; `usage` is what had been spent when it happened.

    What no provider can cause is raised again as it is.
    """
    import openai

    if isinstance(error, errors.ModelError):
        return error.after(usage or Usage.none())
    if isinstance(error, openai.APIStatusError):
        reply = errors.ProviderReply(error.status_code, error.code if isinstance(error.code, str) else None)
        return _by_status(error)(usage=usage, retry_after=_retry_after(error.response.headers), reply=reply)
    if isinstance(error, (asyncio.TimeoutError, TimeoutError, openai.APITimeoutError)):
        return errors.ModelTimeout(usage=usage)
    if isinstance(error, openai.APIResponseValidationError):
        return errors.ModelMalformed(usage=usage)
    if isinstance(error, openai.APIError):
        return errors.ModelUnavailable(usage=usage)
    if isinstance(error, openai.OpenAIError):
        return errors.ModelUnauthorized(usage=usage)
    if isinstance(error, UNREADABLE):
        return errors.ModelMalformed(usage=usage)
    raise error


def _by_status(error: APIStatusError) -> type[errors.ModelError]:
    status = error.status_code
    if status in (401, 403):
        return errors.ModelUnauthorized
    if status == 402 or error.code == "insufficient_quota":
        return errors.ModelQuotaExceeded
    if status == 429:
        return errors.ModelRateLimited
    if status == 408:
        return errors.ModelTimeout
    if status == 404:
        return errors.ModelNotFound
    if status == 409 or status >= 500 or status < 400:
        return errors.ModelUnavailable
    said = f"{error.code} {error.message}".lower()
    return errors.ModelFiltered if any(mark in said for mark in FILTER_MARKS) else errors.ModelRejected


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds by the `retry-after` header, which is a number or an HTTP date; None without a usable one."""
    value = headers.get("retry-after", "")
    try:
        seconds = float(value)
    except ValueError:
        date = parsedate_tz(value)
        if date is None:
            return None
        seconds = mktime_tz(date) - time.time()
    return min(max(seconds, 0.0), LONGEST_RETRY_AFTER) if math.isfinite(seconds) else None
