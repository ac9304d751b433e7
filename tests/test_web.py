"""The server mode: where events are accepted, the client's address, and a server process that streams."""
from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import fields
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from anyio.from_thread import BlockingPortal
from sqlalchemy import text
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send

import settings
from dev import cli
from dev.workspace import ROOT
from graph import web
from graph.web import EVENT_INVOKE, PROXY_HEADERS, ServerApp
from jobs.deadline import Deadline
from jobs.timer_events import TimerRequest
from persistence.database import make_engine
from persistence.errors import DatabaseUnavailable
from persistence.models.jobs import Job
from settings import Settings
from tests.graph.small_schema import make_service

PATIENCE_SECONDS = 60.0
TICK = {"Type": "Timer", "TriggerName": "tick", "Time": "2026-01-01T00:00:00Z", "Message": "tick"}
REGISTER = "mutation($input: AccountRegisterInput!) { accountRegister(input: $input) { ... on Session { accessToken } ... on Error { message } } }"
STREAM = """subscription($input: MessageSendInput!) { messageStream(input: $input) {
  __typename ... on MessageStreamDelta { text } ... on MessageSendSuccess { answer { content } } } }"""


class RecordingRunner:
    """A job runner that records timer requests and raises `failure` if given."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.seen: list[TimerRequest] = []
        self._failure = failure

    async def __call__(self, trigger: TimerRequest, deadline: Deadline) -> dict[str, Any]:
        self.seen.append(trigger)
        if self._failure:
            raise self._failure
        return {"job": "TICK", "time_left": deadline.remaining() > 0}


def make_client(runs: RecordingRunner, **options: Any) -> TestClient:
    return TestClient(ServerApp(make_service().app, runs, **options))


def error_of(answer: Any) -> Any:
    [error] = answer.json()["errors"]
    return answer.status_code, error["message"], error["extensions"]["code"]


def test_event_invoke_when_not_enabled_returns_404() -> None:
    runs = RecordingRunner()
    closed = make_client(runs)
    assert error_of(closed.post(EVENT_INVOKE, json=TICK)) == error_of(closed.post("/nowhere", json=TICK))
    assert closed.get("/health").status_code == 200 and runs.seen == []


@pytest.mark.parametrize("header", PROXY_HEADERS)
def test_event_invoke_of_a_proxied_request_returns_404(header: str) -> None:
    runs = RecordingRunner()
    opened = make_client(runs, event_invoke=True)
    assert error_of(opened.post(EVENT_INVOKE, json=TICK, headers={header.title(): "203.0.113.7"})) == error_of(opened.post("/nowhere", json=TICK))
    assert runs.seen == []


def test_event_invoke_with_a_timer_event_runs_its_job() -> None:
    runs = RecordingRunner()
    answer = make_client(runs, event_invoke=True).post(EVENT_INVOKE, json={**TICK, "Message": "daily_diary"})
    assert (answer.status_code, answer.json()) == (200, {"ok": True, "job": "TICK", "time_left": True})
    assert [trigger.job for trigger in runs.seen] == [Job.DAILY_DIARY] and answer.headers["x-request-id"]


@pytest.mark.parametrize(("failure", "code", "shown"), [
    (DatabaseUnavailable(), "DATABASE_UNAVAILABLE", "cannot be reached"), (RuntimeError("what a person said"), "INTERNAL_SERVER_ERROR", "internal error"),
])  # fmt: skip
def test_event_invoke_when_the_job_fails_returns_200_with_the_error_code(failure: Exception, code: str, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    answer = make_client(RecordingRunner(failure), event_invoke=True).post(EVENT_INVOKE, json=TICK)
    assert answer.status_code == 200 and answer.json()["ok"] is False
    assert answer.json()["error"]["code"] == code and shown in answer.json()["error"]["message"]
    assert "what a person said" not in answer.text + capsys.readouterr().out


@pytest.mark.parametrize(("event", "status"), [
    ({"httpMethod": "POST", "path": "/graphql", "headers": {}}, 400), ([], 400), ("tick", 400), (b"{", 400), (b"\xff", 400), (b"[" * 100_000, 400),
])  # fmt: skip
def test_event_invoke_with_another_event_is_refused_with_400(event: Any, status: int) -> None:
    runs = RecordingRunner()
    body = event if isinstance(event, bytes) else json.dumps(event).encode()
    answer = make_client(runs, event_invoke=True).post(EVENT_INVOKE, content=body)
    assert (answer.status_code, answer.json()["ok"], answer.json()["error"]["code"]) == (status, False, "BAD_USER_INPUT")
    assert runs.seen == []


def test_event_invoke_with_an_unknown_job_returns_the_accepted_names() -> None:
    runs = RecordingRunner()
    answer = make_client(runs, event_invoke=True).post(EVENT_INVOKE, json={**TICK, "TriggerName": "x", "Message": "dance"})
    assert answer.json()["ok"] is False and "daily_diary" in answer.json()["error"]["message"] and runs.seen == []


def test_event_invoke_with_a_migrate_event_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MIGRATE_BY_EVENT", "true")
    settings.current.cache_clear()
    named = {**TICK, "TriggerName": "migrate"}
    try:
        for event in ({"job": "migrate"}, {**named, "Message": "migrate"}, {**named, "Message": '{"job": "migrate"}'}):
            runs = RecordingRunner()
            answer = make_client(runs, event_invoke=True).post(EVENT_INVOKE, json=event)
            assert answer.json()["ok"] is False and answer.json()["error"]["code"] == "BAD_USER_INPUT" and runs.seen == []
    finally:
        monkeypatch.undo()
        settings.current.cache_clear()


@pytest.mark.parametrize("path", [f"{EVENT_INVOKE}/", f"/{EVENT_INVOKE}", EVENT_INVOKE.upper(), f"/graphql{EVENT_INVOKE}"])
def test_event_invoke_with_another_spelling_of_its_path_returns_404(path: str) -> None:
    runs = RecordingRunner()
    opened = make_client(runs, event_invoke=True)
    assert opened.post(f"http://testserver{path}", json=TICK).status_code == 404 and runs.seen == []


def test_serve_with_event_invoke_and_client_address_header_is_refused(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    both = ["--event-invoke", "--client-address-header", "x-scf-remote-addr"]
    monkeypatch.setattr(sys, "argv", ["graph.web", *both])
    with pytest.raises(SystemExit, match="use one of them"):
        web.main()
    monkeypatch.setattr(sys, "argv", ["unilife", "serve", *both])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 1 and "use one of them" in capsys.readouterr().err


def test_event_invoke_by_get_returns_405() -> None:
    runs = RecordingRunner()
    answer = make_client(runs, event_invoke=True).get(EVENT_INVOKE)
    assert (answer.status_code, answer.headers["allow"], runs.seen) == (405, "POST", [])


@pytest.mark.parametrize(("header", "sent", "seen"), [
    (None, {"x-scf-remote-addr": "203.0.113.7"}, "testclient"),
    ("x-scf-remote-addr", {"X-Scf-Remote-Addr": "203.0.113.7", "X-Forwarded-For": "198.51.100.1"}, "203.0.113.7"),
    ("X-Forwarded-For", {"x-forwarded-for": "198.51.100.1, 203.0.113.7"}, "203.0.113.7"),
    ("X-Forwarded-For", {}, None),
])  # fmt: skip
def test_server_app_client_address_comes_from_the_configured_header_only(header: str | None, sent: dict[str, str], seen: str | None) -> None:
    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        client = Request(scope).client
        await JSONResponse(client.host if client else None)(scope, receive, send)

    assert TestClient(ServerApp(app, RecordingRunner(), client_address_header=header)).get("/", headers=sent).json() == seen


@pytest.fixture
def running_server(empty_database: str, model_server: str, tmp_path: Path) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    with start_server(tmp_path / "log", "--event-invoke") as found:
        yield found


@contextmanager
def start_server(log: Path, *arguments: str, command: Callable[[int], list[str]] | None = None) -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """Start the server as a container does, or by `command` for a port, and yield its address and process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start = command(port) if command else [sys.executable, "-m", "graph.web", "--host", "127.0.0.1", *arguments]
    with open(log, "wb") as output:
        process = subprocess.Popen(start, cwd=ROOT, env={**os.environ, "PORT": str(port)}, stdout=output, stderr=output)
    try:
        wait_until_it_listens(port, process, log)
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.kill()
        process.wait(PATIENCE_SECONDS)


def wait_until_it_listens(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    pause, waited = threading.Event(), 0.0
    while waited < PATIENCE_SECONDS and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        pause.wait(0.1)
        waited += 0.1
    pytest.fail(f"the server did not come up: {log.read_text()}")


def test_server_process_streams_answers_accepts_timer_events_and_stops_on_sigterm(
    running_server: tuple[str, subprocess.Popen[bytes]], portal: BlockingPortal, empty_database: str
) -> None:
    address, process = running_server
    with httpx2.Client(base_url=address, timeout=PATIENCE_SECONDS) as client:
        assert client.get("/health").json()["healthy"] is True
        given = {"email": "ann@example.org", "password": "correct horse battery", "timeZone": "Asia/Shanghai"}
        registered = client.post("/graphql", json={"query": REGISTER, "variables": {"input": given}}).json()
        token = registered["data"]["accountRegister"]["accessToken"]
        asked = {"content": "I moved to Leeds for the new job.", "idempotencyKey": str(uuid4())}
        headers = {"accept": "text/event-stream", "authorization": f"Bearer {token}"}
        with client.stream("POST", "/graphql", json={"query": STREAM, "variables": {"input": asked}}, headers=headers) as answer:
            assert answer.headers["content-type"].startswith("text/event-stream")
            events = [json.loads(line[6:])["data"]["messageStream"] for line in answer.iter_lines() if line.startswith("data: {")]
        assert events[0]["__typename"] == "MessageStreamStarted" and events[-1]["__typename"] == "MessageSendSuccess"
        said = [event["text"] for event in events if event["__typename"] == "MessageStreamDelta"]
        assert said and "".join(said).strip() == events[-1]["answer"]["content"]
        ticked = client.post(EVENT_INVOKE, json={**TICK, "Message": '{"job": "daily_diary", "dry_run": true}'}).json()
        assert ticked["ok"] is True and ticked["job"] == "DAILY_DIARY"
        strangers = client.post(EVENT_INVOKE, json={**TICK, "Message": "daily_diary"}, headers={"x-scf-remote-addr": "203.0.113.7"})
        assert strangers.status_code == 404 and portal.call(_count, empty_database, "job_runs") == 0
    process.send_signal(signal.SIGTERM)
    assert process.wait(PATIENCE_SECONDS) in (0, -signal.SIGTERM)
    assert portal.call(_count, empty_database, "messages") == 2


def test_scf_bootstrap_starts_a_server_without_event_invoke(
    empty_database: str, model_server: str, portal: BlockingPortal, tmp_path: Path
) -> None:
    """Run the script as in the zip of a web function, with another interpreter and port."""
    for name in ("handler.py", "lazy_modules.py", "logs.py", "settings.py", "settings_checks.py", "graph", "resolvers", "jobs", "llm", "persistence"):
        (tmp_path / name).symlink_to(ROOT / name)
    given = (ROOT / "deploy" / "tencent" / "scf_bootstrap").read_text(encoding="utf-8")
    script = tmp_path / "scf_bootstrap"
    with start_server(tmp_path / "log", command=lambda port: _bootstrap(given, script, port)) as (address, process):
        with httpx2.Client(base_url=address, timeout=PATIENCE_SECONDS, headers={"x-scf-remote-addr": "203.0.113.7"}) as client:
            assert client.get("/health").json()["healthy"] is True
            assert client.post(EVENT_INVOKE, json={**TICK, "Message": "daily_diary"}).status_code == 404
        assert httpx2.post(f"{address}{EVENT_INVOKE}", json={**TICK, "Message": "daily_diary"}, timeout=PATIENCE_SECONDS).status_code == 404
        assert portal.call(_count, empty_database, "job_runs") == 0
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_SECONDS) in (0, -signal.SIGTERM)


def _bootstrap(given: str, script: Path, port: int) -> list[str]:
    for name, value in (("/var/lang/python310/bin/python3.10", sys.executable), ("--port 9000", f"--port {port}")):
        assert given.count(name) == 1
        given = given.replace(name, value)
    script.write_text(given, encoding="utf-8")
    script.chmod(0o755)
    return [str(script)]


def test_server_log_after_invalid_client_input_is_json(tmp_path: Path) -> None:
    log = tmp_path / "log"
    with start_server(log) as (address, process):
        port = int(address.rpartition(":")[2])
        upgrade = b"GET / HTTP/1.1\r\nhost: x\r\nupgrade: websocket\r\nconnection: upgrade\r\n\r\n"
        for sent in (b"\x16\x03\x01 no HTTP\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", upgrade):
            with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as client:
                client.sendall(sent)
                assert client.recv(4096).startswith(b"HTTP/1.1 4")
        process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE_SECONDS)
    lines = _lines(log.read_text())
    assert {line["event"] for line in lines} == {"server_log", "http_request"} and {line["level"] for line in lines} <= {"INFO", "WARNING"}
    assert all(line["action"] for line in lines if line["event"] == "server_log")


def test_server_log_when_the_port_is_in_use_is_a_json_error(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        command = [sys.executable, "-m", "graph.web", "--host", "127.0.0.1", "--port", str(taken.getsockname()[1])]
        ended = subprocess.run(command, cwd=ROOT, env=dict(os.environ), capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    told = _lines(ended.stdout + ended.stderr)
    assert ended.returncode != 0 and [(line["event"], line["level"]) for line in told] == [("server_log", "ERROR")]
    assert "address already in use" in told[0]["message"]


def _lines(written: str) -> list[dict[str, Any]]:
    """Return the lines of the log without the warning of an outdated Python, which the tests may run on."""
    return [line for line in map(json.loads, written.splitlines()) if not line["event"].startswith("python_")]


async def _count(url: str, table: str) -> int:
    engine = make_engine(url, pool_size=1)
    try:
        async with engine.connect() as connection:
            return int((await connection.execute(text(f"select count(*) from {table}"))).scalar() or 0)
    finally:
        await engine.dispose()


def test_server_start_with_missing_settings_exits_and_names_them() -> None:
    environ = {name: value for name, value in os.environ.items() if name not in {field.name.upper() for field in fields(Settings)}}
    ended = subprocess.run([sys.executable, "-m", "graph.web"], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=PATIENCE_SECONDS)
    assert ended.returncode == 1 and "POSTGRESQL_URL is missing" in ended.stderr and "Traceback" not in ended.stderr
