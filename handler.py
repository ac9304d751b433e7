"""Entry point of the cloud function: handles an HTTP or timer event of any of four clouds and returns the response that the platform expects.

One event loop is kept for the life of the process and set before each call: the connections of the pool and of the model's client belong to
it, and an `asyncio.run` anywhere would unset it. Each kind of event imports its modules when the first such event arrives.
"""
from __future__ import annotations

import asyncio
import gc
import json
import re
import threading
import time
from collections.abc import Awaitable, Callable
from functools import cached_property
from typing import Any

import logs
import settings
from jobs import python_runtime
from jobs.deadline import Deadline

gc.set_threshold(25_000, 10, 10)
"""A cold start allocates half a million objects and hardly any garbage, and each collection scans the young ones: with Python's default
threshold of 700 there are hundreds of collections. Garbage is kept for at most 25,000 new objects, some 3 MiB."""

EXPECTED_EVENTS = (
    "the event is neither an HTTP request nor a timer event of Tencent SCF, Alibaba FC, Huawei FunctionGraph or AWS Lambda; "
    'to run a job directly send {"job": "daily_diary"}, "daily_profile", "weekly_profile" or "tick"; to migrate the database, {"job": "migrate"}; '
    'to check the language model, {"job": "check_model"}'
)

RunTimer = Callable[[Any, Deadline], Awaitable["dict[str, Any]"]]
"""A function that runs a `jobs.timer_events.Trigger` before a deadline and returns a summary in plain values."""

Command = Callable[[Deadline], Awaitable["dict[str, Any]"]]
"""A function that runs an operator's command before a deadline and returns a summary in plain values."""


def handler(event: Any, context: Any) -> Any:
    """Handle one event and return the platform's HTTP response, or the summary of a timer event or command.

    Raises nothing: failures are logged and returned, because a platform repeats an event that raises and model calls would be billed again.
    """
    return _dispatcher(event, context)


main_handler = lambda_handler = handler
"""The entry point names that the clouds' guides use."""


class EventDispatcher:
    """Dispatches an event to the ASGI application, a timer's job run, or a command (migration, model check); each is given as a function."""

    def __init__(self, make_app: Callable[[], Any], run_timer: RunTimer, migrate: Command, check_model: Command | None = None) -> None:
        self._make_app, self._run_timer = make_app, run_timer
        self._commands = {"migrate": migrate, "check_model": check_model or _check_model}
        self._lock = threading.Lock()

    def __call__(self, event: Any, context: Any) -> Any:
        arrived = time.monotonic()
        with self._lock:
            asyncio.set_event_loop(self._loop)
            decoded = decode(event)
            request_id = find_request_id(decoded, context)
            try:
                deadline = Deadline.from_context(context, _configure(), arrived=arrived)
                return self._dispatch(decoded, context, request_id, deadline)
            except Exception as failure:
                return _failure_response(decoded, failure, request_id)

    @cached_property
    def _loop(self) -> asyncio.AbstractEventLoop:
        return asyncio.new_event_loop()

    @cached_property
    def _app(self) -> Any:
        return self._make_app()

    def close(self) -> None:
        """Close the event loop. Only tests call this: the process of a function ends without it."""
        self._loop.close()

    def _dispatch(self, event: Any, context: Any, request_id: str | None, deadline: Deadline) -> Any:
        from jobs.timer_events import find_command, parse_timer_event

        if (command := find_command(event)) is not None:
            return {"ok": True, **self._loop.run_until_complete(self._commands[command](deadline))}
        trigger = parse_timer_event(event)
        if trigger is not None:
            return {"ok": True, **self._loop.run_until_complete(self._run_timer(trigger, deadline))}
        from graph.cloud_http import handle_http_event, is_http_event

        if not is_http_event(event):
            raise UnknownEvent(EXPECTED_EVENTS)
        extras = {"unilife.deadline": deadline, "unilife.function": True, "unilife.request_id": request_id}
        return handle_http_event(self._app, event, context, extras)


class UnknownEvent(ValueError):
    """An event that is no HTTP request, timer event or command; the message says which events are accepted."""

    code = "BAD_USER_INPUT"


def decode(event: Any) -> Any:
    """Return the event as JSON values. Alibaba passes bytes; an event that is not JSON is returned unchanged."""
    if not isinstance(event, (bytes, bytearray, str)):
        return event
    try:
        return json.loads(event)
    except (ValueError, RecursionError):
        return event


def find_request_id(event: Any, context: Any) -> str | None:
    """Return the platform's id of this invocation, which its log also uses: from the context, else from the HTTP event; None if there is no valid one."""
    ask = getattr(context, "getRequestID", None)
    found = ask() if callable(ask) else getattr(context, "aws_request_id", None) or _read(context, "request_id")
    found = found or _read(_read(event, "requestContext"), "requestId")
    return found if isinstance(found, str) and re.fullmatch(r"[\w.:=+/-]{1,128}", found, re.ASCII) else None


def _configure() -> float:
    """Read the settings, configure logging and warn once of what has no effect. Return the time limit in seconds for platforms that give none.

    Raises `SettingsError`.
    """
    found = settings.current()
    logs.configure(found.log_level)
    logs.warn_of_settings(settings.current_doubts())
    python_runtime.warn()
    return found.function_timeout_seconds


def _failure_response(event: Any, failure: Exception, request_id: str | None) -> dict[str, Any]:
    """Log a failure by its class, and return the error in the form of the event, with only what the caller may know.

    Only this project's errors have one of the codes below, and their messages quote no user.
    """
    code = str(getattr(failure, "code", ""))
    if not code.startswith(("BAD_USER_INPUT", "DATABASE_", "FORBIDDEN", "MODEL_", "SERVER_BUSY")):
        code = "INTERNAL_SERVER_ERROR"
    message = str(failure) if code != "INTERNAL_SERVER_ERROR" else "internal error"
    faults = failure.faults if isinstance(failure, settings.SettingsError) else None
    if faults:
        logs.configure("INFO")
        message = "the function's settings are invalid; its log names every invalid setting"
    name = f"{type(failure).__module__}.{type(failure).__qualname__}"
    said = message if code != "INTERNAL_SERVER_ERROR" else None
    is_http = isinstance(_read(event, "httpMethod"), str) or bool(_read(_read(event, "requestContext"), "http"))
    # A client can cause these errors, so they do not point to a fault of the program; an invalid timer event is the operator's error.
    level = "WARNING" if code == "BAD_USER_INPUT" and (is_http or name.endswith(".MixedEvent")) else "ERROR"
    logs.write(
        "function_event_failed", level=level, request_id=request_id, code=code, message=said, exception=name, frames=logs.frames(failure),
        setting_errors=faults, action="Correct the settings that `setting_errors` lists, and redeploy." if faults else logs.suggested_action({"code": code}),
    )
    error = {"message": message, "extensions": {"code": code, "requestId": request_id}}
    if is_http:
        status = 503 if code.startswith(("DATABASE_", "SERVER_BUSY")) else 400 if code == "BAD_USER_INPUT" else 500
        body = json.dumps({"errors": [error]})
        return {"statusCode": status, "headers": {"content-type": "application/json"}, "body": body, "isBase64Encoded": False}
    return {"ok": False, "error": {"code": code, "message": message, "requestId": request_id}}


def _read(source: Any, name: str) -> Any:
    return source.get(name) if isinstance(source, dict) else getattr(source, name, None)


def _make_app() -> Any:
    from graph.asgi import app

    return app()


async def _run_timer(trigger: Any, deadline: Deadline) -> dict[str, Any]:
    from jobs.run import run_timer

    return await run_timer(trigger, deadline)


async def _migrate(deadline: Deadline) -> dict[str, Any]:
    from jobs.migration import run_migration

    return await run_migration(deadline)


async def _check_model(deadline: Deadline) -> dict[str, Any]:
    from jobs.model_check import run_model_check

    return await run_model_check(deadline)


_dispatcher = EventDispatcher(_make_app, _run_timer, _migrate)
