"""JSON logging: one line per event with what ran, for which user (an id), how it ended and what to do. Never a user's text, a token or an e-mail address."""
from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterable, Mapping, Sequence
from contextvars import ContextVar
from datetime import datetime, timezone
from typing import Any

_logger = logging.getLogger("unilife")
_request_id: ContextVar[str | None] = ContextVar("request_id", default=None)
_logger.addHandler(logging.NullHandler())  # before `configure`, Python would otherwise write warnings and errors to standard error

ACTIONS: Mapping[str, str] = {
    # the model's provider
    "MODEL_UNAUTHORIZED": "The provider rejects the API key: check DEEPSEEK_API_KEY. Jobs resume by themselves within 15 minutes after the key works.",
    "MODEL_QUOTA_EXCEEDED": "The account at the provider has no balance or quota left: top it up. Jobs resume by themselves within 15 minutes.",
    "MODEL_RATE_LIMITED": "Rate limit reached, or provider overloaded; it is retried. If it persists, set MODEL_CALLS_PER_MINUTE or lower MODEL_CONCURRENCY.",
    "MODEL_TIMEOUT": "The model did not answer in time; the call is retried. If it persists, see the provider's status page, then raise MODEL_TIMEOUT_SECONDS.",
    "MODEL_UNAVAILABLE": "No connection to the provider, or a server error; it is retried. If it persists, see its status page, then check DEEPSEEK_BASE_URL.",
    "MODEL_NOT_FOUND": "The provider has no model of this name, or has retired it: run `unilife check-model`, then set DEEPSEEK_MODEL (or MODEL_CHECK, "
    "if `model` is its value) to a name that it lists.",
    "MODEL_CONTEXT_TOO_LONG": "The prompt exceeds the model's context: lower HISTORY_TOKENS, or set DEEPSEEK_MODEL to a model with a larger context.",
    "MODEL_REJECTED": "The provider rejects the request as invalid: read its message in this line, and run `unilife check-model` to test DEEPSEEK_MODEL.",
    "MODEL_EMPTY": "The model returned an empty answer; the call is retried. If it happens to many users, try another DEEPSEEK_MODEL.",
    "MODEL_TRUNCATED": "The model's answer was cut off; the call is retried. If it persists, the model's output limit is too low: try another DEEPSEEK_MODEL.",
    "MODEL_FILTERED": "The provider's content filter rejects this text; no retry, and the day keeps its fallback entry. No action for a single user.",
    "MODEL_MALFORMED": "The answer did not have the required form; it is retried. If it happens to many users, check DEEPSEEK_BASE_URL and DEEPSEEK_MODEL.",
    "MODEL_PARAMETER_REFUSED": "The endpoint rejects the parameter that `parameter` names; it is omitted from now on. If answers get worse, set MODEL_OPTIONS.",
    "MODEL_RETIRED": "The provider retires this model on the day in `retired_on`: set DEEPSEEK_MODEL to `successor` or to another model before then.",
    "MODEL_UNSUPPORTED": "The user's messages support no sentence of the model's draft; it is retried. If many users have it, try another DEEPSEEK_MODEL.",
    "MODEL_ERROR": "The model failed with an error that has no code of its own; the call is retried. If it persists, check the provider's status page.",
    "MODEL_INTERRUPTED": "The client disconnected or the process died during the call. No action; if frequent, check the function's memory and time limit.",
    # limits of this project
    "MODEL_SWITCHED_OFF": "The model is switched off by an admin or by MODEL_ENABLED=false: `nights` shows why; `modelSwitchOn` ends an admin's switch-off.",
    "MODEL_BUSY": "All model slots are in use by other runs; the next timer continues. If it persists, raise MODEL_CONCURRENCY to what the provider allows.",
    "MODEL_PACE": "MODEL_CALLS_PER_MINUTE is used up; the next timer continues. If jobs do not finish in time, raise it to what the provider allows.",
    "NIGHT_BUDGET": "NIGHT_TOKENS_PER_DAY is used up; days have a fallback entry and wait until midnight UTC. See `usage`, then raise the limit or leave it.",
    "NIGHT_USER_BUDGET": "The user's NIGHT_TOKENS_PER_USER is used up; their days have a fallback entry and wait until midnight UTC. See `usage`.",
    "NIGHT_SHARE": "The day needs more than the user's share of NIGHT_TOKENS_PER_DAY; it is written after the other users' days. No action.",
    "QUOTA_EXCEEDED": "The user's daily token quota is used up. No action, unless the user should have more: then call `userUpdate`.",
    "DEADLINE": "Time limit of the function reached; the next timer continues. If items stay due for over an hour, run timers more often or raise the limit.",
    "TIME_TOO_SHORT": "The function has too little time left to call the model, so the chat is refused: raise the function's time limit to 60 s or more, or "
    "FUNCTION_TIMEOUT_SECONDS where the platform does not report it.",
    "CANCELLED": "An admin cancelled the run: `jobRun` shows who and why.",
    # the platform
    "PYTHON_RETIRED": "This Python gets no security fixes after the day in this line: deploy to a newer runtime, or as an image. See docs/deployment.md",
    # the job queue
    "WORKER_LOST": "The function ended during an item: check the platform's log for its memory or time limit, then call `jobRunRetry` for FAILED items.",
    "LEASE_LOST": "The lease expired and another run claimed the item; this result was discarded. If it happens often, the platform suspends the function.",
    "DAY_CHANGED": "The user changed messages or the diary during the attempt; the day is processed again at once. No action.",
    "NO_MESSAGES": "The user has no messages on these days that a diary is written from. No action.",
    "MEMORY_OFF": "The user has switched off the diary or the profile, so nothing is learned. What is due waits until it is on again. No action.",
    "ACCOUNT_DISABLED": "The account is disabled, so its days are not processed. They are once `userUpdate` enables it again. No action.",
    "UNCHANGED": "The new result equals the stored one. No action.",
    "ORIGIN_REFUSED": "A page of this `origin` may not call the API: if it is a frontend of yours, add the origin to CORS_ORIGINS. Else no action.",
    # the database, and invalid requests
    "DATABASE_UNAVAILABLE": "The database cannot be reached: see `reason`, check the server and POSTGRESQL_URL. No data are lost.",
    "SERVER_BUSY": "All connections or places for requests are in use; clients try again. If it persists, follow `reason`, or run more instances.",
    "DATABASE_TIMEOUT": "A statement was cancelled after STATEMENT_TIMEOUT_SECONDS. If it happens often, check the database server's CPU, memory and locks.",
    "DATABASE_NOT_MIGRATED": "The tables are missing or of another version: run `unilife migrate up`.",
    "DATABASE_MIGRATION_FAILED": "The migration failed and changed nothing: see `message`, remove the cause, then run `unilife migrate up` again.",
    "FORBIDDEN": "The event was refused and nothing changed: `message` says which setting allows it.",
    "BAD_USER_INPUT": "The request or timer event is invalid: `message` says what is accepted. For a timer, correct its text.",
}
"""Suggested actions by code. A test ensures that every code of an item, a run or a log line is listed here."""

MAX_FOREIGN_MESSAGE = 500
"""Maximum length of another library's message, in characters."""

DEFAULT_ACTION = "Unexpected error of the program: find `exception` and `frames` in the log and report them. Once fixed, call `jobRunRetry` for FAILED items."


def configure(level: str) -> None:
    """Send this project's log lines to standard output as JSON. Repeated calls are safe; other libraries' loggers stay unchanged."""
    if _is_configured(level):  # a function configures the log at each event
        return
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_JsonFormatter())
    _logger.handlers[:] = [handler]
    _logger.setLevel(level)
    _logger.propagate = False


def _is_configured(level: str) -> bool:
    handlers = _logger.handlers
    return logging.getLevelName(_logger.level) == level and len(handlers) == 1 and getattr(handlers[0], "stream", None) is sys.stdout and not _logger.propagate


def adopt(names: Iterable[str], level: str) -> None:
    """Send other libraries' log lines to standard output as JSON too; server mode does so for those of its HTTP server.

    Their messages are kept, because they are about sockets and ports; an exception is reduced to its class and its frames.
    """
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_ForeignLine())
    for name in names:
        logger = logging.getLogger(name)
        logger.handlers[:] = [handler]
        logger.setLevel(level)
        logger.propagate = False


_warned_of: list[str] = []


def warn_of_settings(doubts: Sequence[str]) -> None:
    """Log once per process what the environment gives without effect."""
    if new := [doubt for doubt in doubts if doubt not in _warned_of]:
        _warned_of.extend(new)
        write("settings_without_effect", level="WARNING", settings=new, action="Correct or remove what `settings` names.")


def begin_request(request_id: str) -> None:
    """Add the request's id to all further lines of the current task and of the tasks that it starts."""
    _request_id.set(request_id)


def write(event: str, *, level: str = "INFO", **fields: Any) -> None:
    """Write one log line without the fields that are None. From WARNING on, add the suggested `action` for the line's code."""
    if (request_id := _request_id.get()) is not None:
        fields.setdefault("request_id", request_id)
    if level in ("WARNING", "ERROR"):
        fields.setdefault("action", suggested_action(fields))
    number = getattr(logging, level)
    if _logger.isEnabledFor(number):  # `Logger.log` would look for the calling line, which is not written, in each request
        _logger.handle(_logger.makeRecord(_logger.name, number, "", 0, event, (), None, extra={"fields": fields}))


def suggested_action(fields: Mapping[str, Any]) -> str | None:
    """Return the action for the first code among a line's fields, the default action if that code is not listed; None if the fields have no code."""
    codes = [fields.get(name) for name in ("error_code", "stopped_because", "code", "exception")]
    known = next((code for code in codes if code), None)
    return None if known is None else ACTIONS.get(known, DEFAULT_ACTION)


def frames(error: BaseException, most: int = 8) -> list[str]:
    """Return the last `most` frames of an exception, the innermost last. Never its message, which may quote a user's text."""
    from traceback import walk_tb  # not needed before an exception

    return [f"{frame.f_globals.get('__name__')}:{line} {frame.f_code.co_name}" for frame, line in walk_tb(error.__traceback__)][-most:]


_encode = json.JSONEncoder(ensure_ascii=False, default=str).encode


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname, **self.fields_of(record)}
        return _encode({key: value for key, value in line.items() if value is not None})

    def fields_of(self, record: logging.LogRecord) -> dict[str, Any]:
        return {"event": record.getMessage(), **getattr(record, "fields", {})}


class _ForeignLine(_JsonFormatter):
    """Formats a line of another library: its event is `server_log`, its text is in `message`."""

    def fields_of(self, record: logging.LogRecord) -> dict[str, Any]:
        error = record.exc_info[1] if record.exc_info else None
        found: dict[str, Any] = {"event": "server_log", "logger": record.name, "message": record.getMessage().strip()[:MAX_FOREIGN_MESSAGE]}
        if error is not None:
            found.update(exception=f"{type(error).__module__}.{type(error).__qualname__}", frames=frames(error) or None)
        if record.levelno >= logging.WARNING:
            found["action"] = suggested_action(found) or "`message` is the HTTP server's own text. No action, unless it is repeated."
        return found
