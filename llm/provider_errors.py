"""Conversion of the openai client's exceptions, and of errors inside a reply, to `ModelError`."""

from __future__ import annotations

import asyncio
import json
import math
import re
import time
from collections.abc import Mapping
from email.utils import mktime_tz, parsedate_tz
from typing import Final

import settings
from llm import error_bodies, error_meanings, errors, leak_check, responses
from llm.error_bodies import ErrorBody
from llm.requests import Call
from llm.usage import Usage

MAX_RETRY_AFTER = 86_400.0
"""Seconds. A longer wait requested by the provider counts as one day."""
UNREADABLE = (ValueError, TypeError, AttributeError, LookupError)
"""Exceptions of the client for a body that does not follow the protocol: it decodes JSON itself and checks no types."""

_CODE: Final = re.compile(r"[\w.: -]{1,64}")
_NEVER_SENT: Final = ("ConnectError", "ConnectTimeout", "PoolTimeout", "UnsupportedProtocol", "ProxyError")
"""Causes of a failed connection before which nothing was sent, so that nothing is billed."""


class ErrorReply(Exception):
    """A reply with status 200, or an event of a stream, that is an error."""

    def __init__(self, said: ErrorBody) -> None:
        super().__init__("the response is an error")
        self.said = said


class NotTheProtocol(Exception):
    """A reply with status 200 that is a web page or another text."""

    def __init__(self, text: str) -> None:
        super().__init__("the response does not follow the protocol")
        self.text = text


def find_error_body(error: Exception) -> ErrorBody | None:
    """Return the provider's error body; None if there is no readable one."""
    import openai  # not needed before the first call

    if isinstance(error, ErrorReply):
        return error.said
    if not isinstance(error, openai.APIStatusError):
        return None
    try:
        return error_bodies.read(error_bodies.decode(error.response.text), error.status_code)
    except UNREADABLE + (RuntimeError,):
        return ErrorBody(error.status_code)


def translate(error: Exception, call: Call, usage: Usage | None = None) -> errors.ModelError:
    """Return the error to raise instead of `error`; `usage` is the usage up to that point.

    Raises `error` itself if no provider can cause it.
    """
    import openai  # not needed before the first call

    if isinstance(error, errors.ModelTimeout):
        return error.add_usage(usage or responses.estimate_usage(call.messages, ""))
    if isinstance(error, errors.ModelError):
        return error.add_usage(usage or Usage.none())
    said = find_error_body(error)
    if said is not None:
        kind = error_meanings.classify(said, call.endpoint.provider, "\n".join(call.texts()))
        wait = _retry_after(error.response.headers) if isinstance(error, openai.APIStatusError) else None
        return _made(kind, usage, wait, reply_of(said, call))
    if isinstance(error, NotTheProtocol):
        return errors.ModelMalformed(usage=usage, reply=reply_of(ErrorBody(200, message=_words(error.text)), call))
    if isinstance(error, (asyncio.TimeoutError, TimeoutError, openai.APITimeoutError)):
        return errors.ModelTimeout(usage=usage or responses.estimate_usage(call.messages, ""))
    if isinstance(error, json.JSONDecodeError):
        spent = usage or (responses.estimate_usage_from(call.messages, error.doc) if "{" in error.doc else None)
        return errors.ModelMalformed(usage=spent, reply=errors.ProviderReply(200))
    if isinstance(error, openai.APIConnectionError):
        return errors.ModelUnavailable(usage=usage or _sent_before(error, call))
    if isinstance(error, openai.APIError):
        return errors.ModelMalformed(usage=usage)
    if isinstance(error, openai.OpenAIError):
        return errors.ModelUnauthorized(usage=usage)
    if isinstance(error, UNREADABLE):
        return errors.ModelMalformed(usage=usage, reply=errors.ProviderReply(200))
    if type(error).__module__.partition(".")[0].startswith(("httpx", "httpcore", "h11", "h2")):
        return errors.ModelUnavailable(usage=usage or responses.estimate_usage(call.messages, ""))
    raise error


def reply_of(said: ErrorBody, call: Call) -> errors.ProviderReply:
    """Return the reply for the operator: always status and code, the text only if it repeats nothing that was sent and contains no key."""
    code = said.code or said.kind
    message = leak_check.to_reportable(said.message, call.texts(), settings.current().deepseek_api_key.reveal())
    return errors.ProviderReply(said.status, code if code and _CODE.fullmatch(code) else None, message)


def reply_with(finish_reason: object) -> errors.ProviderReply:
    """Return the reply for the operator for an answer without text, of which only the finish reason is known."""
    known = isinstance(finish_reason, str) and _CODE.fullmatch(finish_reason) is not None
    return errors.ProviderReply(200, str(finish_reason) if known else None)


def _made(
    kind: type[errors.ModelError], usage: Usage | None, retry_after: float | None, reply: errors.ProviderReply
) -> errors.ModelError:
    made = kind(usage=usage)
    made.retry_after, made.reply = retry_after, reply
    return made


def _sent_before(error: Exception, call: Call) -> Usage | None:
    """Return the usage of a request whose connection broke: it is billed if it may have been sent."""
    cause: BaseException | None = error.__cause__
    if cause is None or type(cause).__name__ in _NEVER_SENT:
        return None
    return responses.estimate_usage(call.messages, "")


def _words(text: str) -> str:
    """Return the text of a web page without its tags."""
    return " ".join(re.sub(r"<[^>]{0,500}>", " ", text[: error_bodies.MAX_BODY_LENGTH]).split())


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of the `retry-after` header, which is a number or an HTTP date; None without a usable one."""
    value = headers.get("retry-after", "")
    try:
        seconds = float(value)
    except ValueError:
        date = parsedate_tz(value)
        if date is None:
            return None
        seconds = mktime_tz(date) - time.time()
    return min(max(seconds, 0.0), MAX_RETRY_AFTER) if math.isfinite(seconds) else None
