"""The cloud's door: an event comes in, from a timer or over HTTP, from any of four clouds; what the platform wants goes out.

One event loop lives as long as the process and is set before each call: connections of the pool and of the model's client belong to
it, and an `asyncio.run` anywhere would take it away. Each way in imports what it needs at its first event.
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
"""A start makes half a million objects and hardly any garbage, and each collection looks at those that are young: with Python's own 700
there are hundreds. Garbage waits for at most 25,000 new objects, some 3 MiB."""

EXPECTED_EVENTS = (
    "this event is neither an HTTP request nor a timer's of Tencent SCF, Alibaba FC, Huawei FunctionGraph or AWS Lambda; "
    'to run a job directly send {"job": "daily_diary"}, "daily_profile", "weekly_profile" or "tick"; to bring the tables up to date, {"job": "migrate"}; '
    'to check the language model, {"job": "check_model"}'
)

RunTimer = Callable[[Any, Deadline], Awaitable["dict[str, Any]"]]
"""Carries out a `jobs.timer_events.Trigger` before a deadline and gives a summary in plain values."""

Command = Callable[[Deadline], Awaitable["dict[str, Any]"]]
"""Carries out what an operator asked for before a deadline and gives a summary in plain values."""


def handler(event: Any, context: Any) -> Any:
    """The function's entry. Gives the platform's HTTP response, or a timer's summary.

    Raises nothing: failures are logged and given, because a platform repeats what raises and the model would be paid for again.
    """
    return _dispatcher(event, context)


main_handler = lambda_handler = handler
"""The names in the clouds' own guides."""


class EventDispatcher:
    """What `handler` does, with each way in given: what makes the ASGI application, what carries out a timer's wish, what migrates or checks the model."""

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
        """Close the loop. For tests: a function's process just ends."""
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
    """An event that is neither; the message says what was expected."""

    code = "BAD_USER_INPUT"


def decode(event: Any) -> Any:
    """The event as JSON values. Alibaba gives bytes; what is no JSON stays as it is."""
    if not isinstance(event, (bytes, bytearray, str)):
        return event
    try:
        return json.loads(event)
    except (ValueError, RecursionError):
        return event


def find_request_id(event: Any, context: Any) -> str | None:
    """The platform's id of this call, by which its own log finds it: of the context, else of the HTTP event."""
    ask = getattr(context, "getRequestID", None)
    found = ask() if callable(ask) else getattr(context, "aws_request_id", None) or _read(context, "request_id")
    found = found or _read(_read(event, "requestContext"), "requestId")
    return found if isinstance(found, str) and re.fullmatch(r"[\w.:=+/-]{1,128}", found, re.ASCII) else None


def _configure() -> float:
    """Read the settings, begin logging and warn of a retired Python; gives the time limit for platforms that tell none, in seconds. Raises `SettingsError`."""
    found = settings.current()
    logs.configure(found.log_level)
    python_runtime.warn()
    return found.function_timeout_seconds


def _failure_response(event: Any, failure: Exception, request_id: str | None) -> dict[str, Any]:
    """Log a failure by its class, and say in the event's own form what a caller may know.

    Only this project's errors have one of these codes, and their messages quote nobody.
    """
    code = str(getattr(failure, "code", ""))
    if not code.startswith(("BAD_USER_INPUT", "DATABASE_", "FORBIDDEN", "MODEL_")):
        code = "INTERNAL_SERVER_ERROR"
    message = str(failure) if code != "INTERNAL_SERVER_ERROR" else "internal error"
    faults = failure.faults if isinstance(failure, settings.SettingsError) else None
    if faults:
        logs.configure("INFO")
        message = "the settings do not allow a start; the log names every fault"
    name = f"{type(failure).__module__}.{type(failure).__qualname__}"
    said = message if code != "INTERNAL_SERVER_ERROR" else None
    is_http = isinstance(_read(event, "httpMethod"), str) or bool(_read(_read(event, "requestContext"), "http"))
    # What a client can cause is no fault of the program; a timer's text is the operator's.
    level = "WARNING" if code == "BAD_USER_INPUT" and (is_http or name.endswith(".MixedEvent")) else "ERROR"
    logs.write(
        "function_event_failed", level=level, request_id=request_id, code=code, message=said, exception=name, frames=logs.frames(failure),
        setting_errors=faults, action="Correct the settings that `setting_errors` names." if faults else logs.suggested_action({"code": code}),
    )
    error = {"message": message, "extensions": {"code": code, "requestId": request_id}}
    if is_http:
        status = 503 if code.startswith("DATABASE_") else 400 if code == "BAD_USER_INPUT" else 500
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
