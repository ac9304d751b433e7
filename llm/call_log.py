"""The log line of each failed model call: for whom it was made, and how the provider worded its refusal."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from types import MappingProxyType

import logs
import settings
from llm.errors import ModelContextTooLong, ModelError, ModelFiltered, ProviderReply

CAUSED_BY_TEXT = (ModelFiltered, ModelContextTooLong)
"""Failures that a person's own text causes. No operator is called for them, however often they happen."""

_caller: ContextVar[Mapping[str, object]] = ContextVar("unilife_model_caller", default=MappingProxyType({}))


def name_caller(**fields: object) -> None:
    """Name what the current task's model calls are made for (`purpose`, `user_id`, `run_id` …), in addition to what was named before.

    It holds for the rest of the task and for the tasks that it starts. A fresh task begins with what its creator had named.
    """
    _caller.set({**_caller.get(), **fields})


def log_failure(error: ModelError) -> None:
    """Write one line about a failed call, whether or not it is tried again."""
    reply = error.reply or ProviderReply()
    logs.write(
        "model_call_failed", level=_level(error), **_caller.get(), model=settings.current().deepseek_model, code=error.code, status=reply.status,
        provider_code=reply.code, provider_message=reply.message, retry_after_s=error.retry_after, action=logs.suggested_action({"code": error.code}),
    )


def _level(error: ModelError) -> str:
    """ERROR for what somebody has to mend, INFO for what a person's text caused, WARNING for what may pass."""
    if error.affects_all_users:
        return "ERROR"
    return "INFO" if isinstance(error, CAUSED_BY_TEXT) else "WARNING"
