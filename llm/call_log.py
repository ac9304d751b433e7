"""The log line of each failed model call: on whose behalf it was made, and the provider's error."""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from types import MappingProxyType

import logs
from llm.errors import ModelContextTooLong, ModelError, ModelFiltered, ProviderReply

CAUSED_BY_TEXT = (ModelFiltered, ModelContextTooLong)
"""Errors that a user's own text causes. They alert no operator, however often they happen."""

_caller: ContextVar[Mapping[str, object]] = ContextVar("unilife_model_caller", default=MappingProxyType({}))


def name_caller(**fields: object) -> None:
    """Set the context of the current task's model calls (`purpose`, `user_id`, `run_id` …), in addition to earlier fields.

    It applies to the rest of the task and to the tasks that it starts. A new task inherits the fields of its creator.
    """
    _caller.set({**_caller.get(), **fields})


def log_failure(error: ModelError, model: str) -> None:
    """Write one line about a failed call of this model, whether or not it is retried."""
    reply = error.reply or ProviderReply()
    logs.write(
        "model_call_failed", level=_level(error), **_caller.get(), model=model, code=error.code, status=reply.status,
        provider_code=reply.code, provider_message=reply.message, retry_after_s=error.retry_after, action=logs.suggested_action({"code": error.code}),
    )


def _level(error: ModelError) -> str:
    """Return ERROR if an operator has to act, INFO if a user's text caused the failure, WARNING for what may be temporary."""
    if error.affects_all_users:
        return "ERROR"
    return "INFO" if isinstance(error, CAUSED_BY_TEXT) else "WARNING"
