"""Events that are both a timer event and an HTTP request: refused on each cloud."""
from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from typing import Any

import pytest

import handler
from jobs.timer_events import HTTP_KEYS, MixedEvent, find_command, parse_timer_event
from tests.log_capture import lines_of

TIMERS: dict[str, dict[str, Any]] = {
    "tencent": {"Type": "Timer", "TriggerName": "tick", "Time": "2026-01-01T00:00:00Z", "Message": "tick"},
    "aliyun": {"triggerTime": "2026-01-01T00:00:00Z", "triggerName": "tick", "payload": "tick"},
    "huawei": {"version": "v1.0", "time": "2026-01-01T00:00:00+08:00", "trigger_type": "TIMER", "trigger_name": "tick", "user_event": "tick"},
    "aws": {"version": "0", "source": "aws.events", "detail-type": "Scheduled Event", "resources": ["arn:aws:events:x:1:rule/tick"], "detail": {}},
    "aws scheduler": {"source": "aws.scheduler", "resources": ["arn:aws:scheduler:x:1:schedule/default/tick"], "detail": "{}"},
}
DIRECT = ({"job": "tick"}, {"job": "migrate"})
BODY = json.dumps({"query": "{ __typename }"})
REQUESTS: dict[str, dict[str, Any]] = {
    "tencent": {"httpMethod": "POST", "path": "/graphql", "headers": {"content-type": "application/json"}, "queryString": {}, "body": BODY},
    "aliyun": {"rawPath": "/graphql", "headers": {}, "queryParameters": {}, "body": BODY, "requestContext": {"http": {"method": "POST", "path": "/graphql"}}},
    "huawei": {"httpMethod": "POST", "path": "/graphql", "headers": {}, "body": "", "isBase64Encoded": True, "requestContext": {"stage": "RELEASE"}},
    "aws": {"rawPath": "/graphql", "rawQueryString": "", "headers": {}, "requestContext": {"http": {"method": "POST", "path": "/graphql"}}},
}


@pytest.fixture
def calls() -> list[Any]:
    return []


@pytest.fixture
def dispatcher(calls: list[Any]) -> Iterator[handler.EventDispatcher]:
    async def note(*given: Any) -> dict[str, Any]:
        calls.append(given)
        return {}

    def make_app() -> Any:
        async def app(*given: Any) -> None:
            calls.append(given)

        return app

    made = handler.EventDispatcher(make_app, note, note)
    yield made
    made.close()
    asyncio.set_event_loop(None)


@pytest.mark.parametrize("timer", TIMERS)
@pytest.mark.parametrize("request_of", REQUESTS)
@pytest.mark.parametrize("as_bytes", [False, True])
def test_event_dispatcher_with_a_mixed_event_runs_nothing_and_logs_a_warning(
    dispatcher: handler.EventDispatcher, calls: list[Any], timer: str, request_of: str, as_bytes: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = lines_of(monkeypatch)
    event: Any = {**REQUESTS[request_of], **TIMERS[timer]}
    answer = dispatcher(json.dumps(event).encode() if as_bytes else event, None)
    error = json.loads(answer["body"])["errors"][0] if "body" in answer else answer["error"]
    assert "neither" in error["message"] and "BAD_USER_INPUT" in json.dumps(error) and calls == []
    assert answer.get("statusCode", 400) == 400
    assert [(line["event"], line["level"]) for line in lines()] == [("function_event_failed", "WARNING")]


@pytest.mark.parametrize("key", HTTP_KEYS)
@pytest.mark.parametrize("timer", TIMERS)
def test_parse_timer_event_of_a_timer_event_with_any_http_key_raises_mixed_event(timer: str, key: str) -> None:
    for read in (parse_timer_event, find_command):
        with pytest.raises(MixedEvent):
            read({**TIMERS[timer], key: None})


@pytest.mark.parametrize("timer", TIMERS)
def test_parse_timer_event_of_a_platforms_timer_event_returns_a_request(timer: str) -> None:
    assert not find_command(TIMERS[timer]) and parse_timer_event(TIMERS[timer]) is not None


@pytest.mark.parametrize("request_of", REQUESTS)
def test_parse_timer_event_of_an_http_request_with_a_job_key_returns_none(request_of: str) -> None:
    """A direct invocation sends the job alone; no key of a platform marks this event as a timer's."""
    for direct in DIRECT:
        assert parse_timer_event({**REQUESTS[request_of], **direct}) is None and not find_command({**REQUESTS[request_of], **direct})
        assert find_command(direct) or parse_timer_event(direct) is not None


@pytest.mark.parametrize("request_of", REQUESTS)
@pytest.mark.parametrize("timer", TIMERS)
def test_parse_timer_event_of_an_http_request_with_a_timer_event_as_body_returns_none(request_of: str, timer: str) -> None:
    assert parse_timer_event({**REQUESTS[request_of], "body": json.dumps(TIMERS[timer])}) is None
