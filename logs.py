"""JSON logging: one line per event with what ran, for which user (an id), how it ended and what to do. Never a user's text, a token or an e-mail address."""
from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterable, Mapping
from datetime import datetime, timezone
from typing import Any

_logger = logging.getLogger("unilife")
_logger.addHandler(logging.NullHandler())  # before `configure`, Python would otherwise write warnings and errors to standard error

ACTIONS: Mapping[str, str] = {
    # the model's provider
    "MODEL_UNAUTHORIZED": "The provider refuses the key: check DEEPSEEK_API_KEY. Nights resume by themselves within a quarter of an hour of its working.",
    "MODEL_QUOTA_EXCEEDED": "The account with the provider is empty or in arrears: top it up. Nights resume by themselves within a quarter of an hour.",
    "MODEL_RATE_LIMITED": "The provider is asked too often, or is busy: it is tried again; if it lasts, set MODEL_CALLS_PER_MINUTE or lower MODEL_CONCURRENCY.",
    "MODEL_TIMEOUT": "The model did not answer in time: it is tried again; if it lasts, look at the provider's status, then raise MODEL_TIMEOUT_SECONDS.",
    "MODEL_UNAVAILABLE": "The provider fails or is not reached: it is tried again; if it lasts, see its status, then check DEEPSEEK_BASE_URL.",
    "MODEL_NOT_FOUND": "The provider has no model of this name, or has retired it: run `unilife check-model`, then set DEEPSEEK_MODEL to a name that it lists.",
    "MODEL_CONTEXT_TOO_LONG": "The prompt is longer than the model reads: lower HISTORY_TOKENS, or name a model with a larger window in DEEPSEEK_MODEL.",
    "MODEL_REJECTED": "The provider refuses the request as it is: check that DEEPSEEK_MODEL takes JSON mode and prompts of this length.",
    "MODEL_EMPTY": "The model said nothing: it is tried again; if it lasts for many people, try another DEEPSEEK_MODEL.",
    "MODEL_TRUNCATED": "The model's answer was cut off: it is tried again; if it lasts, DEEPSEEK_MODEL allows answers that are too short.",
    "MODEL_FILTERED": "The provider's content filter refuses this text and would again: the day keeps its fallback entry. Nothing to do for one person.",
    "MODEL_MALFORMED": "The answer could not be read: it is tried again; if it lasts for many people, see where DEEPSEEK_BASE_URL leads.",
    "MODEL_PARAMETER_REFUSED": "The endpoint refuses the parameter that the line names; it is left out from now on. If answers suffer, set MODEL_OPTIONS.",
    "MODEL_RETIRED": "The provider retires this model on the day that the line names: set DEEPSEEK_MODEL to its successor there, or to another name.",
    "MODEL_UNSUPPORTED": "Nothing of the draft stands in the person's words: it is tried again; if it lasts for many people, try another DEEPSEEK_MODEL.",
    "MODEL_ERROR": "The model failed in a way that has no code: it is tried again; if it lasts, look at the provider's status.",
    "MODEL_INTERRUPTED": "The call ended without a word, as its client went away or its process died. Nothing to do unless there are many.",
    # limits of this project
    "MODEL_SWITCHED_OFF": "An admin, or MODEL_ENABLED=false, has stopped all use of the model: `nights` says who and why; `modelSwitchOn` ends it.",
    "MODEL_BUSY": "All places at the model are taken by other runs: the next timer goes on; if it lasts, raise MODEL_CONCURRENCY to what the provider allows.",
    "MODEL_PACE": "MODEL_CALLS_PER_MINUTE is used up: the next timer goes on; if the night does not end in time, raise it to what the provider allows.",
    "NIGHT_BUDGET": "NIGHT_TOKENS_PER_DAY is used up: days have a fallback entry and wait until midnight UTC. Look at `usage`, then raise it or leave it.",
    "NIGHT_USER_BUDGET": "The person's NIGHT_TOKENS_PER_USER is used up: their days have a fallback entry and wait until midnight UTC. Look at `usage`.",
    "NIGHT_SHARE": "The day takes more than the person's share of NIGHT_TOKENS_PER_DAY: it is written once the others have had theirs. Nothing to do.",
    "QUOTA_EXCEEDED": "The person's tokens of the day are used up. Nothing to do, unless `userUpdate` should give them more.",
    "DEADLINE": "The function's time was up: the next timer goes on. If items stay due for more than an hour, run more timers or allow the function more time.",
    "CANCELLED": "An admin stopped it: `jobRun` says who and why.",
    # the platform
    "PYTHON_RETIRED": "This Python gets no more fixes from the day that the line names on: deploy to a newer runtime, or as an image. docs/deployment.md",
    # the job queue
    "WORKER_LOST": "The function ended in the middle: look for its memory or time limit in the platform's log; then `jobRunRetry` for what was given up.",
    "LEASE_LOST": "Another worker took the item over, and nothing of this attempt was kept. Are there many, the function is frozen for too long.",
    "DAY_CHANGED": "The person added, edited or deleted something meanwhile: the day is done anew at once. Nothing to do.",
    "NO_MESSAGES": "The person wrote nothing that counts on these days. Nothing to do.",
    "ACCOUNT_DISABLED": "The account is disabled, so nothing is made of its days. They are written when `userUpdate` enables it again. Nothing to do.",
    "UNCHANGED": "The result would have repeated what stands there. Nothing to do.",
    # the database, and invalid requests
    "DATABASE_UNAVAILABLE": "The database cannot be reached or has no connection left: check the server, POSTGRESQL_URL, its limits. Nothing is lost.",
    "DATABASE_TIMEOUT": "A request's statement was cancelled after STATEMENT_TIMEOUT_SECONDS. If there are many, the database is too slow for what it holds.",
    "DATABASE_NOT_MIGRATED": "The tables are missing or of another version: run `unilife migrate up`.",
    "DATABASE_MIGRATION_FAILED": "The tables could not be brought up to date and are as before: `message` says why; mend it, then `unilife migrate up` again.",
    "BAD_USER_INPUT": "What was asked cannot be carried out; `message` says what is accepted. For a timer: correct its text.",
}
"""Suggested actions by code. A test ensures that every code of an item, a run or a log line is listed here."""

MAX_FOREIGN_MESSAGE = 500
"""Maximum length of another library's message, in characters."""

DEFAULT_ACTION = "A fault of the program: find `exception` and `frames` in the log, and report them. Once it is mended, `jobRunRetry` takes up what failed."


def configure(level: str) -> None:
    """Send this project's log lines to standard output as JSON. Repeated calls are safe; other libraries' loggers stay unchanged."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_JsonFormatter())
    _logger.handlers[:] = [handler]
    _logger.setLevel(level)
    _logger.propagate = False


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


def write(event: str, *, level: str = "INFO", **fields: Any) -> None:
    """Write one log line without the fields that are None. From WARNING on, add the suggested `action` for the line's code."""
    if level in ("WARNING", "ERROR"):
        fields.setdefault("action", suggested_action(fields))
    _logger.log(getattr(logging, level), event, extra={"fields": fields})


def suggested_action(fields: Mapping[str, Any]) -> str | None:
    """Return the action for the first code among a line's fields, the default action if that code is not listed; None if the fields have no code."""
    codes = [fields.get(name) for name in ("error_code", "stopped_because", "code", "exception")]
    known = next((code for code in codes if code), None)
    return None if known is None else ACTIONS.get(known, DEFAULT_ACTION)


def frames(error: BaseException, most: int = 8) -> list[str]:
    """Return the last `most` frames of an exception, the innermost last. Never its message, which may quote a user's text."""
    from traceback import walk_tb  # not needed before an exception

    return [f"{frame.f_globals.get('__name__')}:{line} {frame.f_code.co_name}" for frame, line in walk_tb(error.__traceback__)][-most:]


class _JsonFormatter(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname, **self.fields_of(record)}
        return json.dumps({key: value for key, value in line.items() if value is not None}, ensure_ascii=False, default=str)

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
            found["action"] = suggested_action(found) or "The server's own words are in `message`; nothing to do unless they come again and again."
        return found
