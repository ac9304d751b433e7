from __future__ import annotations

import asyncio
import base64
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

import handler
import settings
from jobs.deadline import Deadline
from jobs.migration import MigrationNotAllowed
from jobs.timer_events import TimerRequest
from persistence.models.jobs import Job
from tests.cloud_events import EVENTS, load_event
from tests.graph.small_schema import make_service
from tests.log_capture import lines_of

ROOT = Path(__file__).parents[1]
HTTP = {
    "tencent/function_url.json": ("POST", "/", "198.51.100.23", "page=2&size=20", b'{"note":"morning walk"}'),
    "tencent/function_url_graphql.json": ("POST", "/graphql", "198.51.100.24", "", None),
    "tencent/apigw.json": ("POST", "/notes/seven", "192.0.2.41", "lang=zh&draft=yes", b'{"id":7}'),
    "aliyun/http.json": ("GET", "/notes", "192.0.2.77", "tag=walk%2Ctea&year=2026", b"plain words"),
    "aliyun/http_get_empty.json": ("GET", "/笔记", "192.0.2.77", "", b""),
    "huawei/apig.json": ("GET", "/", "198.51.100.88", "format=text", '{"note": "茶"}'.encode()),
    "huawei/apig_get_empty.json": ("GET", "/health", "198.51.100.88", "", b""),
    "aws/function_url.json": ("POST", "/notes/new", "192.0.2.15", "tag=walk&tag=tea&year=2026", b"plain words"),
    "aws/http_v2.json": ("GET", "/notes", "203.0.113.99", "", b""),
    "aws/rest_v1.json": ("GET", "/", "203.0.113.150", "", b""),
    "aws/alb.json": ("GET", "/notes", "198.51.100.140", "tag=tea", b""),
}
TIMERS = {
    "tencent/timer.json": "Message",
    "aliyun/timer.json": "payload",
    "huawei/timer.json": "user_event",
    "aws/eventbridge_rule.json": "detail",
    "aws/scheduler.json": "detail",
}


def to_runtime_event(path: str, event: Any) -> Any:
    """Return the event as the cloud's runtime passes it: on Alibaba Cloud as bytes."""
    return json.dumps(event).encode() if path.startswith("aliyun/") else event


def tencent(path: str = "/graphql", method: str = "POST", body: Any = None, **headers: str) -> dict[str, Any]:
    event = load_event("tencent/function_url_graphql.json")
    return {**event, "path": path, "httpMethod": method, "body": json.dumps(body) if body else "", "headers": {**event["headers"], **headers}}


CONTEXT = load_event("tencent/context.json")


@dataclass
class Cloud:
    """An event dispatcher that records what it passes on."""

    dispatcher: handler.EventDispatcher = field(init=False)
    scopes: list[Any] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)
    triggers: list[TimerRequest] = field(default_factory=list)
    deadlines: list[Deadline] = field(default_factory=list)
    loops: list[Any] = field(default_factory=list)
    migrations: list[Deadline] = field(default_factory=list)
    made: int = 0
    failure: Exception | None = None
    response: Response = field(default_factory=lambda: JSONResponse({"ok": "好"}))

    def __post_init__(self) -> None:
        self.dispatcher = handler.EventDispatcher(self.make_app, self.run_timer, self.migrate)

    def make_app(self) -> Starlette:
        self.made += 1

        async def note(request: Request) -> Response:
            self.scopes.append(dict(request.scope))
            self.bodies.append(await request.body())
            self.loops.append(asyncio.get_running_loop())
            return self.response

        methods = ["GET", "POST"]
        return Starlette(routes=[Route("/{rest:path}", note, methods=methods)])

    async def run_timer(self, trigger: TimerRequest, deadline: Deadline) -> dict[str, Any]:
        self.triggers.append(trigger)
        self.deadlines.append(deadline)
        self.loops.append(asyncio.get_running_loop())
        if self.failure:
            raise self.failure
        return {"job": "DAILY_DIARY", "succeeded": 3}

    async def migrate(self, deadline: Deadline) -> dict[str, Any]:
        self.migrations.append(deadline)
        self.loops.append(asyncio.get_running_loop())
        if self.failure:
            raise self.failure
        return {"job": "MIGRATE"}


@pytest.fixture
def cloud() -> Iterator[Cloud]:
    made = Cloud()
    yield made
    made.dispatcher.close()
    asyncio.set_event_loop(None)


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[Any]]:
    return lines_of(monkeypatch)


@pytest.mark.parametrize("path", HTTP)
def test_event_dispatcher_with_an_http_sample_passes_the_request_and_returns_the_response(cloud: Cloud, path: str) -> None:
    method, address, client, query, body = HTTP[path]
    answer = cloud.dispatcher(to_runtime_event(path, load_event(path)), CONTEXT)
    (scope,), (received,) = cloud.scopes, cloud.bodies
    assert (scope["method"], scope["path"], scope["client"][0], scope["query_string"].decode()) == (method, address, client, query)
    assert received == (load_event(path)["body"].encode() if body is None else body)
    assert (answer["statusCode"], answer["isBase64Encoded"], answer["body"]) == (200, False, '{"ok":"好"}')
    assert answer["headers"]["content-type"] == "application/json"
    json.dumps(answer)


@pytest.mark.parametrize("path", [*HTTP, *TIMERS])
def test_event_dispatcher_with_an_extra_sample_serves_it(cloud: Cloud, extra_samples: Path, path: str) -> None:
    """Use the same kinds of events with other values. Skipped where the extra samples do not exist."""
    event = load_event(path, extra_samples / "events")
    if path in TIMERS:
        assert cloud.dispatcher(to_runtime_event(path, {**event, TIMERS[path]: "daily_diary"}), CONTEXT)["ok"] is True
        assert [trigger.job for trigger in cloud.triggers] == [Job.DAILY_DIARY] and cloud.scopes == []
    else:
        assert cloud.dispatcher(to_runtime_event(path, event), CONTEXT)["statusCode"] == 200
        assert len(cloud.scopes) == 1 and cloud.triggers == [] and cloud.scopes[0]["client"][0]


@pytest.mark.parametrize("path", HTTP)
def test_event_dispatcher_http_request_carries_deadline_and_request_id(cloud: Cloud, path: str) -> None:
    cloud.dispatcher(to_runtime_event(path, load_event(path)), CONTEXT)
    (scope,) = cloud.scopes
    assert scope["unilife.function"] is True
    assert scope["unilife.request_id"] == CONTEXT["request_id"]
    assert 0 < scope["unilife.deadline"].remaining() <= 3.0


@pytest.mark.parametrize("path", HTTP)
def test_event_dispatcher_http_headers_and_binary_responses_are_preserved(cloud: Cloud, path: str) -> None:
    cloud.response = Response(b"\x00\xff", 418, {"x-a": "1"}, "application/octet-stream")
    event = load_event(path)
    event["headers"] = {**event["headers"], "X-Mixed-Case": "Yes"}
    if "multiValueHeaders" in event:
        event["multiValueHeaders"]["X-Mixed-Case"] = ["Yes"]
    answer = cloud.dispatcher(to_runtime_event(path, event), CONTEXT)
    assert Request(cloud.scopes[0]).headers["x-mixed-case"] == "Yes"
    assert (answer["statusCode"], answer["headers"]["x-a"]) == (418, "1")
    assert answer["isBase64Encoded"] is True and base64.b64decode(answer["body"]) == b"\x00\xff"


@pytest.mark.parametrize(
    ("body", "is_base64", "received"),
    [
        (base64.b64encode("日记".encode()).decode(), True, "日记".encode()),
        ('{"a": "日记"}', True, '{"a": "日记"}'.encode()),
        ("YWJj\n", True, b"YWJj\n"),
        ("YWJj", False, b"YWJj"),
        ("YW", True, b"YW"),
        ("", True, b""),
        (None, True, b""),
        (None, False, b""),
        ({"a": 1}, False, b'{"a": 1}'),
    ],
)
@pytest.mark.parametrize("path", ["huawei/apig.json", "aliyun/http.json", "tencent/function_url.json"])
def test_event_dispatcher_http_body_is_decoded_when_valid_base64_else_passed_raw(cloud: Cloud, path: str, body: Any, is_base64: bool, received: bytes) -> None:
    cloud.dispatcher(to_runtime_event(path, {**load_event(path), "body": body, "isBase64Encoded": is_base64}), CONTEXT)
    assert cloud.bodies == [received]


FORGED = {"x-forwarded-for": "6.6.6.6, 9.9.9.9", "x-real-ip": "6.6.6.6", "x-scf-remote-addr": "6.6.6.6", "X-Scf-Remote-Addr": "6.6.6.6"}


@pytest.mark.parametrize(
    ("path", "names", "client"),
    [
        ("tencent/function_url_graphql.json", ["x-forwarded-for", "x-real-ip"], "198.51.100.24"),
        ("tencent/apigw.json", ["x-forwarded-for", "x-real-ip", "x-scf-remote-addr"], "192.0.2.41"),
        ("aliyun/http.json", ["x-forwarded-for", "x-real-ip", "x-scf-remote-addr"], "192.0.2.77"),
        ("huawei/apig.json", ["x-forwarded-for", "x-real-ip", "x-scf-remote-addr"], "9.9.9.9"),
        ("aws/function_url.json", ["x-forwarded-for", "x-real-ip", "x-scf-remote-addr"], "192.0.2.15"),
        ("aws/rest_v1.json", ["x-real-ip", "x-scf-remote-addr"], "203.0.113.150"),
        ("aws/alb.json", ["x-forwarded-for", "x-real-ip", "x-scf-remote-addr"], "9.9.9.9"),
    ],
)
def test_event_dispatcher_with_forged_address_headers_uses_the_platforms_client_address(cloud: Cloud, path: str, names: list[str], client: str) -> None:
    event = load_event(path)
    event["headers"] = {**event["headers"], **{name: FORGED[name] for name in names}}
    cloud.dispatcher(to_runtime_event(path, event), CONTEXT)
    assert cloud.scopes[0]["client"][0] == client


def test_event_dispatcher_huawei_client_address_is_the_last_hop_of_x_forwarded_for(cloud: Cloud) -> None:
    event = load_event("huawei/apig.json")
    event["headers"] = {"x-forwarded-for": "6.6.6.6, 9.9.9.9"}
    cloud.dispatcher(event, CONTEXT)
    assert cloud.scopes[0]["client"][0] == "9.9.9.9"


@pytest.mark.parametrize("path", TIMERS)
@pytest.mark.parametrize("name", ["daily_diary", "daily-diary", "generate_daily_diaries"])
def test_event_dispatcher_with_a_timer_sample_runs_its_job(cloud: Cloud, path: str, name: str) -> None:
    event = {**load_event(path), TIMERS[path]: json.dumps({"job": name})}
    answer = cloud.dispatcher(to_runtime_event(path, event), CONTEXT)
    assert answer == {"ok": True, "job": "DAILY_DIARY", "succeeded": 3}
    assert [trigger.job for trigger in cloud.triggers] == [Job.DAILY_DIARY]
    assert 0 < cloud.deadlines[0].remaining() <= 3.0
    assert cloud.scopes == []


@pytest.mark.parametrize("path", TIMERS)
def test_event_dispatcher_with_a_timer_without_a_job_returns_and_logs_bad_user_input(cloud: Cloud, lines: Callable[[], list[Any]], path: str) -> None:
    answer = cloud.dispatcher(to_runtime_event(path, load_event(path)), CONTEXT)
    assert (answer["ok"], answer["error"]["code"]) == (False, "BAD_USER_INPUT")
    assert "weekly_profile" in answer["error"]["message"]
    assert cloud.triggers == []
    assert [(line["event"], line["code"], line["request_id"]) for line in lines()] == [("function_event_failed", "BAD_USER_INPUT", CONTEXT["request_id"])]


def test_event_dispatcher_with_a_migrate_command_runs_only_the_migration(cloud: Cloud) -> None:
    assert cloud.dispatcher({"job": "migrate"}, CONTEXT) == {"ok": True, "job": "MIGRATE"}
    assert (len(cloud.migrations), cloud.triggers, cloud.scopes, cloud.made) == (1, [], [], 0)
    assert 0 < cloud.migrations[0].remaining() <= 3.0


@pytest.mark.parametrize("path", [*TIMERS, *HTTP])
def test_event_dispatcher_with_migrate_inside_a_timer_or_request_runs_no_migration(cloud: Cloud, path: str) -> None:
    event = {**load_event(path), TIMERS.get(path, "body"): '{"job": "migrate"}', "job": "migrate"}
    cloud.dispatcher(to_runtime_event(path, event), CONTEXT)
    assert (cloud.migrations, cloud.triggers) == ([], [])


class Coded(Exception):
    code = "DATABASE_NOT_MIGRATED"


@pytest.mark.parametrize(
    ("failure", "code", "message"),
    [
        (MigrationNotAllowed(), "FORBIDDEN", str(MigrationNotAllowed())),
        (RuntimeError("secret words"), "INTERNAL_SERVER_ERROR", "internal error"),
        (Coded("run: unilife migrate up"), "DATABASE_NOT_MIGRATED", "run: unilife migrate up"),
    ],
)
def test_event_dispatcher_when_a_timer_job_fails_returns_and_logs_the_error_without_raising(
    cloud: Cloud, lines: Callable[[], list[Any]], failure: Exception, code: str, message: str
) -> None:
    cloud.failure = failure
    answer = cloud.dispatcher({"job": "daily_diary"}, CONTEXT)
    assert answer == {"ok": False, "error": {"code": code, "message": message, "requestId": CONTEXT["request_id"]}}
    (line,) = lines()
    assert line["exception"].endswith(type(failure).__name__) and line["frames"][-1].endswith("run_timer")
    assert "secret" not in json.dumps(line)
    cloud.failure = None
    assert cloud.dispatcher({"job": "daily_diary"}, CONTEXT)["ok"] is True


UNKNOWN: list[Any] = [
    None,
    5,
    [],
    {},
    "",
    "daily_diary",
    b"\xff",
    b"[]",
    "[" * 100_000,
    {"Records": [{"s3": {}}]},
    {"requestContext": None},
    {"requestContext": {"http": None}},
    {"httpMethod": 5},
]


@pytest.mark.parametrize("event", UNKNOWN, ids=lambda event: repr(event)[:40])
def test_event_dispatcher_with_an_unknown_event_returns_bad_user_input(cloud: Cloud, lines: Callable[[], list[Any]], event: Any) -> None:
    answer = cloud.dispatcher(event, CONTEXT)
    assert (answer["ok"], answer["error"]["code"], answer["error"]["requestId"]) == (False, "BAD_USER_INPUT", CONTEXT["request_id"])
    assert "neither an HTTP request nor a timer" in answer["error"]["message"]
    assert (cloud.scopes, cloud.triggers) == ([], [])
    assert [line["event"] for line in lines()] == ["function_event_failed"]


@pytest.mark.parametrize(
    "event",
    [
        {"httpMethod": "GET"},
        {"httpMethod": "GET", "path": None, "headers": None, "queryString": None},
        {"requestContext": {"http": {"method": "GET"}}},
        {"httpMethod": "GET", "path": "/%", "headers": {"host": "a:b", "x": ["1", "2"]}},
        {"httpMethod": "GET", "headers": {"host": "[::1]:99999999"}},
    ],
)
def test_event_dispatcher_with_a_sparse_http_event_serves_it(cloud: Cloud, event: dict[str, Any]) -> None:
    assert cloud.dispatcher(event, None)["statusCode"] == 200
    assert len(cloud.scopes) == 1


@pytest.mark.parametrize(
    "event",
    [
        {**load_event("aws/rest_v1.json"), "isBase64Encoded": True, "body": "a"},
        {**load_event("aws/function_url.json"), "rawQueryString": None},
        {**load_event("tencent/function_url.json"), "headers": 5},
    ],
)
def test_event_dispatcher_with_a_broken_http_event_returns_http_status_500(cloud: Cloud, lines: Callable[[], list[Any]], event: dict[str, Any]) -> None:
    answer = cloud.dispatcher(event, CONTEXT)
    assert answer["statusCode"] == 500
    assert json.loads(answer["body"])["errors"][0]["extensions"] == {"code": "INTERNAL_SERVER_ERROR", "requestId": CONTEXT["request_id"]}
    assert cloud.scopes == [] and lines()[0]["event"] == "function_event_failed"


def test_event_dispatcher_across_http_timer_and_migration_events_keeps_one_event_loop(cloud: Cloud) -> None:
    events = [tencent(), {"job": "tick"}, {"job": "migrate"}, tencent(), to_runtime_event("aliyun/", load_event("aliyun/http.json"))]
    for event in events:
        asyncio.run(asyncio.sleep(0))  # leaves the thread without an event loop, as a library might
        assert cloud.dispatcher(event, CONTEXT)
    assert len(cloud.loops) == 5 and len(set(map(id, cloud.loops))) == 1
    assert not cloud.loops[0].is_closed()
    assert cloud.made == 1


def test_event_dispatcher_after_a_failed_event_serves_the_next_one(cloud: Cloud) -> None:
    cloud.failure = RuntimeError()
    outcomes = [cloud.dispatcher(event, CONTEXT) for event in ({"job": "tick"}, {"nothing": 1}, tencent(), {"httpMethod": "GET", "headers": 5}, tencent())]
    assert [outcome.get("statusCode") for outcome in outcomes] == [None, None, 200, 500, 200]


@pytest.mark.parametrize(
    ("context", "event", "expected"),
    [
        (load_event("tencent/context.json"), {}, "0d3c2a9e-7c14-4c7e-9a53-6b1d4f0e8c21"),
        (SimpleNamespace(request_id="1-64f6cd87-xxxx"), {}, "1-64f6cd87-xxxx"),
        (SimpleNamespace(aws_request_id="8476a536"), {}, "8476a536"),
        (SimpleNamespace(getRequestID=lambda: "1f5a6b7c-xxxx"), {}, "1f5a6b7c-xxxx"),
        (None, load_event("huawei/apig.json"), "9c1e5a7b3d2f48068f0a6b4c2d1e0f97"),
        (None, load_event("aws/http_v2.json"), "Kq3xYhQ2FiAEJxw="),
        ({"request_id": "a\nb"}, {}, None),
        ({"request_id": "a" * 129}, {}, None),
        ({"request_id": 5}, {}, None),
        (None, None, None),
    ],
)
def test_find_request_id_with_a_valid_cloud_id_returns_it_else_none(context: Any, event: Any, expected: str | None) -> None:
    assert handler.find_request_id(event, context) == expected


def test_event_dispatcher_without_a_context_takes_the_deadline_from_the_settings(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FUNCTION_TIMEOUT_SECONDS", "20")
    settings.current.cache_clear()
    try:
        cloud.dispatcher(tencent(), None)
    finally:
        monkeypatch.undo()
        settings.current.cache_clear()
    assert 3.0 < cloud.scopes[0]["unilife.deadline"].remaining() <= 20.0


@pytest.mark.parametrize("event", [tencent(), {"job": "daily_diary"}])
def test_event_dispatcher_with_invalid_settings_serves_nothing_and_names_them_only_in_the_log(
    cloud: Cloud, lines: Callable[[], list[Any]], monkeypatch: pytest.MonkeyPatch, event: Any
) -> None:
    monkeypatch.setenv("JWT_SECRET_KEY", "short-secret")
    settings.current.cache_clear()
    try:
        answer = cloud.dispatcher(event, CONTEXT)
    finally:
        monkeypatch.undo()
        settings.current.cache_clear()
    assert (cloud.scopes, cloud.triggers, cloud.made) == ([], [], 0)
    assert answer.get("statusCode") == 500 or answer["ok"] is False
    assert "JWT_SECRET_KEY" not in json.dumps(answer)
    (line,) = lines()
    assert any("JWT_SECRET_KEY" in fault for fault in line["setting_errors"])
    assert "short-secret" not in json.dumps(line)


def test_handler_entry_points_of_all_clouds_are_one_function() -> None:
    assert handler.handler is handler.main_handler is handler.lambda_handler


@pytest.mark.parametrize("path", HTTP)
def test_event_dispatcher_with_a_long_url_returns_414(path: str) -> None:
    service = make_service()
    dispatcher = handler.EventDispatcher(lambda: service.app, _no_timer, _no_migration)
    event = load_event(path)
    if "rawQueryString" in event:
        event["rawQueryString"] = "query=" + "a" * 8192
    for name in ("queryString", "queryParameters", "queryStringParameters", "multiValueQueryStringParameters"):
        if name in event:
            event[name] = {"query": ["a" * 8192] if name.startswith("multi") else "a" * 8192}
    try:
        answer = dispatcher(to_runtime_event(path, event), CONTEXT)
        assert (answer["statusCode"], answer["isBase64Encoded"]) == (414, False)
        assert json.loads(answer["body"])["errors"][0]["extensions"] == {"code": "URI_TOO_LONG", "requestId": CONTEXT["request_id"]}
        assert dispatcher(to_runtime_event(path, load_event(path)), CONTEXT)["statusCode"] != 414
    finally:
        dispatcher.close()
        asyncio.set_event_loop(None)


async def _no_timer(trigger: TimerRequest, deadline: Deadline) -> dict[str, Any]:
    raise AssertionError("no timer")


async def _no_migration(deadline: Deadline) -> dict[str, Any]:
    raise AssertionError("no migration")


def test_event_dispatcher_with_graphql_requests_returns_the_applications_responses() -> None:
    service = make_service()
    dispatcher = handler.EventDispatcher(lambda: service.app, _no_timer, _no_migration)
    try:
        answer = dispatcher(
            tencent(body={"query": "query ($n: String!) { hello(name: $n) }", "variables": {"n": "日记"}}, accept="application/graphql-response+json"), CONTEXT
        )
        assert (answer["statusCode"], answer["isBase64Encoded"], json.loads(answer["body"])) == (200, False, {"data": {"hello": "hello 日记"}})
        assert answer["headers"]["content-type"] == "application/graphql-response+json; charset=utf-8"
        assert answer["headers"]["x-request-id"] == CONTEXT["request_id"]
        for accept in ("application/json", "text/event-stream"):
            answer = dispatcher(tencent(body={"query": "subscription { count }"}, accept=accept), CONTEXT)
            assert "messageSend" in answer["body"] and answer["isBase64Encoded"] is False
        answer = dispatcher(tencent(body={"query": "{ hello }"}, accept="text/event-stream"), CONTEXT)
        assert answer["body"] == 'event: next\ndata: {"data":{"hello":"hello world"}}\n\nevent: complete\ndata: \n\n'
        assert dispatcher(load_event("huawei/apig_get_empty.json"), CONTEXT)["statusCode"] == 200
        assert dispatcher(tencent("/nowhere"), CONTEXT)["statusCode"] == 404
    finally:
        dispatcher.close()
        asyncio.set_event_loop(None)


FIRST_REQUEST = """
import json, sys
import handler
from tests.cloud_events import EVENTS, load_event
from tests.graph.small_schema import make_service
dispatcher = handler.EventDispatcher(lambda: make_service().app, None, None)
event = json.loads(open(sys.argv[1], encoding="utf-8").read())
assert dispatcher(event, None)["statusCode"] == 200
heavy = {"openai", "pydantic", "pydantic_core", "alembic", "rich", "typer", "click", "strawberry.asgi"}
print(json.dumps(sorted(heavy & set(sys.modules))))
"""


def test_event_dispatcher_first_http_request_loads_no_heavy_library() -> None:
    asked = [sys.executable, "-c", FIRST_REQUEST, str(EVENTS / "huawei/apig_get_empty.json")]
    done = subprocess.run(asked, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
