"""Timer events of four clouds, each in its own format, and the job that they request: in the timer's free text or in the timer's name."""
from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, cast
from uuid import UUID

from persistence.models.enums import Job

JOBS: dict[str, Job | None] = {
    "daily_diary": Job.DAILY_DIARY,
    "daily_profile": Job.DAILY_PROFILE,
    "weekly_profile": Job.WEEKLY_PROFILE,
    "tick": None,
    "generate_daily_diaries": Job.DAILY_DIARY,
    "analyze_daily_profiles": Job.DAILY_PROFILE,
    "analyze_weekly_profiles": Job.WEEKLY_PROFILE,
}
"""Accepted names; the last three are from the first deployment guide. `tick` stands for everything that is due for any user."""

MIGRATE = "migrate"
CHECK_MODEL = "check_model"
COMMANDS = (MIGRATE, CHECK_MODEL)
"""Commands of the operator, which no timer can send: see `find_command`."""

MAX_USER_IDS = 1000
"""The most users that one timer may name; without a list, the run is for all users."""

DIRECT = "direct"
"""The value of `cloud` for an event that a caller sends directly, with the job at its top level."""

HTTP_KEYS = (
    "httpMethod", "rawPath", "requestContext", "path", "headers", "multiValueHeaders", "queryString", "queryParameters", "queryStringParameters",
    "rawQueryString", "body", "isBase64Encoded",
)  # fmt: skip
"""Keys that mark an HTTP request in the four clouds' events. No timer event has one of them: tests/test_mixed_events.py has the formats."""

_OPTIONS = ("job", "from", "to", "user_ids", "force", "dry_run")


class TriggerError(ValueError):
    """The error of a timer event that cannot be executed; the message says what is accepted. The event's author is the operator, not a user."""

    code = "BAD_USER_INPUT"


class MixedEvent(TriggerError):
    """The error of an event that looks like a timer event and like an HTTP request: no platform sends such an event, so another party has altered it."""

    def __init__(self) -> None:
        super().__init__("the event has keys of a timer event and of an HTTP request; it was not processed")


@dataclass(frozen=True)
class TimerRequest:
    """The run that a timer requests. `job` None is the tick.

    `first` and `last` are days in each user's time zone, both inclusive; None leaves the range to the job. `user_ids` None stands for all users;
    `force` includes what is up to date; `dry_run` only counts.
    """

    job: Job | None
    cloud: str
    name: str | None = None
    first: date | None = None
    last: date | None = None
    user_ids: tuple[UUID, ...] | None = None
    force: bool = False
    dry_run: bool = False


class _Timer(NamedTuple):
    """A timer event as the platform wrote it, before its text is parsed."""

    cloud: str
    name: str | None
    text: Any


def parse_timer_event(event: Any) -> TimerRequest | None:
    """Return the request of a timer event; None for any other event.

    The event may be as the platform passes it, or decoded JSON. Only its top-level keys are examined, which the body of an HTTP request cannot set.
    Raises `TriggerError` for a timer that names no job or has invalid options, and for an event that is an HTTP request as well.
    """
    timer = _detect_platform(_decode(event))
    if timer is None:
        return None
    named, options = _read_text(timer.text)
    job = _find_job(named, timer.name)
    first, last = _day(options, "from"), _day(options, "to")
    if first and last and first > last:
        raise TriggerError(f'a timer\'s "from" ({first}) is after its "to" ({last})')
    return TimerRequest(
        job, timer.cloud, timer.name, first, last, _user_ids(options), _flag(options, "force"), _flag(options, "dry_run")
    )


def find_command(event: Any) -> str | None:
    """Return which of `COMMANDS` an operator sends as `{"job": …}`; None for any other event.

    Only a caller that may invoke the function itself can send a command: a timer's text or an HTTP request is never read as one. Raises `TriggerError`
    when the event has options, since commands take none, and, as `parse_timer_event` does, for a timer event that is an HTTP request as well.
    """
    found = _detect_platform(_decode(event))
    command = _key(str(found.text["job"])) if found is not None and found.cloud == DIRECT else None
    if found is None or command not in COMMANDS:
        return None
    if len(found.text) > 1:
        raise TriggerError(f'{{"job": "{command}"}} takes no options: send only `job`')
    return command


def _decode(event: Any) -> Any:
    if not isinstance(event, (bytes, bytearray, str)):
        return event
    try:
        return json.loads(event)
    except (ValueError, RecursionError):
        return None


def _detect_platform(event: Any) -> _Timer | None:
    if not isinstance(event, Mapping):
        return None
    found = cast("Mapping[str, Any]", event)
    timer, is_http = _read_marks(found), any(key in found for key in HTTP_KEYS)
    if timer is not None and is_http and timer.cloud != DIRECT:
        raise MixedEvent
    return None if is_http else timer


def _read_marks(found: Mapping[str, Any]) -> _Timer | None:
    """Return the timer that an event of any kind shows by the marks of one of the four clouds or by a job at its top level; None without such marks."""
    if found.get("Type") == "Timer":
        return _Timer("tencent", _name(found.get("TriggerName")), found.get("Message"))
    if "triggerTime" in found and "triggerName" in found:
        return _Timer("aliyun", _name(found["triggerName"]), found.get("payload"))
    if found.get("trigger_type") == "TIMER":
        return _Timer("huawei", _name(found.get("trigger_name")), found.get("user_event"))
    if found.get("source") in ("aws.events", "aws.scheduler"):
        return _Timer("aws", _rule_name(found.get("resources")), found.get("detail"))
    if "job" in found:
        return _Timer(DIRECT, None, found)
    return None


def _name(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _rule_name(resources: Any) -> str | None:
    """Return the name at the end of an AWS resource such as `…:rule/my-schedule` or `…:schedule/default/nightly-diary`."""
    return resources[0].rpartition("/")[2] if isinstance(resources, list) and resources and isinstance(resources[0], str) else None


def _read_text(text: Any) -> tuple[str | None, Mapping[str, Any]]:
    """Return the job's name in a timer's text, and the options if the text is a JSON object. Raises `TriggerError` for unknown options or jobs."""
    if isinstance(text, str) and text.lstrip().startswith(("{", '"')):
        text = _decode(text) or text
    if not isinstance(text, Mapping):
        return (text if isinstance(text, str) and _key(text) in JOBS else None), {}
    options = {_key(str(key)): value for key, value in cast("Mapping[Any, Any]", text).items()}
    unknown = sorted(set(options).difference(_OPTIONS))
    if unknown:
        raise TriggerError(f"the timer's text has unknown options: {', '.join(unknown)}; send only {', '.join(_OPTIONS)}")
    if "job" in options and _key(str(options["job"])) not in JOBS:
        raise TriggerError(f"the timer names an unknown job; {_accepted()}")
    return options.get("job"), options


def _find_job(named: str | None, timer_name: str | None) -> Job | None:
    """Return the job that the text names, else the only one that the timer's name contains as whole words. Raises `TriggerError` unless there is one."""
    if named is not None:
        return JOBS[_key(named)]
    words = f"_{_key(timer_name or '')}_"
    found = {job for key, job in JOBS.items() if f"_{key}_" in words}
    if len(found) != 1:
        raise TriggerError(f"neither the timer's text nor its name names a single job; {_accepted()}")
    return found.pop()


def _accepted() -> str:
    return f"send one of {', '.join(JOBS)}, alone or as {{\"job\": …}} with {', '.join(_OPTIONS[1:])}"


def _key(name: str) -> str:
    """Return one spelling for `daily-diary`, `daily_diary`, `DAILY_DIARY`, `DailyDiary` and `daily diary`."""
    words = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name.strip())
    return re.sub(r"[-_\s.]+", "_", words).lower()


def _day(options: Mapping[str, Any], key: str) -> date | None:
    return _option(options, key, date.fromisoformat, "a date such as 2026-01-31")


def _flag(options: Mapping[str, Any], key: str) -> bool:
    value = options.get(key)
    if value not in (None, True, False) or isinstance(value, (int, float)) and not isinstance(value, bool):
        raise TriggerError(f'a timer\'s "{key}" must be true or false')
    return bool(value)


def _user_ids(options: Mapping[str, Any]) -> tuple[UUID, ...] | None:
    def read(value: Any) -> tuple[UUID, ...]:
        if not isinstance(value, list) or not 1 <= len(value) <= MAX_USER_IDS:
            raise ValueError
        return tuple(UUID(found) for found in cast("list[Any]", value))

    return _option(options, "user_ids", read, f"a list of 1 to {MAX_USER_IDS} ids (UUID)")


def _option(options: Mapping[str, Any], key: str, read: Callable[[Any], Any], what: str) -> Any:
    if options.get(key) is None:
        return None
    try:
        return read(options[key])
    except (ValueError, TypeError, AttributeError):
        raise TriggerError(f'a timer\'s "{key}" must be {what}') from None
