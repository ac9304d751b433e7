"""AWS Lambda web functions without AWS: the files of the package under plain uvicorn, which loads `main:app` as the platform does.

The headers that the platform adds to requests follow its documentation (docs/outside.md). AWS's own linter checks the templates.
"""
from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from anyio.from_thread import BlockingPortal
from sqlalchemy import text

from dev.packaging.build import BOOTSTRAP, BuildRequest
from dev.packaging.sources import own_files
from dev.packaging.targets import TARGETS
from dev.packaging.tree import assemble
from persistence.database import make_engine
from resolvers.throttling import FREE_BY_ACCOUNT, FREE_FAILURES_PER_CLIENT
from tests.deploy.files import DEPLOY, read_yaml
from tests.deploy.held_model import FIRST, PATIENCE_SECONDS, REST, HeldModel, held_model

pytestmark = pytest.mark.once

STREAMS = 6
REGISTER = "mutation($input: AccountRegisterInput!) { accountRegister(input: $input) { ... on Session { accessToken } ... on Error { message } } }"
STREAM = """subscription($input: MessageSendInput!) { messageStream(input: $input) {
  __typename ... on MessageStreamDelta { text } ... on MessageSendSuccess { answer { content } } } }"""
TIMER = {"Type": "Timer", "TriggerName": "tick", "Time": "2026-01-01T00:00:00Z", "Message": "tick"}
BUILD = BuildRequest(TARGETS["aws"], "3.14", (2, 34), web=True, machine=TARGETS["aws"].choose_machine(None, web=True))


@pytest.fixture(scope="module")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the content of the zip without its wheels, which come from this environment."""
    root = tmp_path_factory.mktemp("package") / "task"
    assemble(root, [], own_files(web=BUILD.with_server), glibc=BUILD.glibc)
    (root / "main.py").write_bytes(BOOTSTRAP["aws"].read_bytes())
    return root


@pytest.fixture
def model() -> Iterator[HeldModel]:
    with held_model() as serving:
        yield serving


@pytest.fixture
def served(package: Path, empty_database: str, model: HeldModel) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    environ = {**os.environ, "DEEPSEEK_BASE_URL": model.address, "SERVERLESS": "false", "LOG_LEVEL": "INFO"}
    yield from serve(package, environ)


def serve(package: Path, environ: dict[str, str]) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Start plain uvicorn, with lifespan events, in the package's folder, and yield its address and process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "main:app", "--host", "127.0.0.1", "--port", str(port), "--lifespan", "on", "--no-access-log"]
    process = subprocess.Popen(command, cwd=package, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    try:
        _wait(port, process)
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.kill()
        process.communicate(timeout=PATIENCE_SECONDS)


def _wait(port: int, process: subprocess.Popen[str]) -> None:
    end = time.monotonic() + PATIENCE_SECONDS
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    pytest.fail("the server did not come up")


def platform_headers(number: int, **more: str) -> dict[str, str]:
    """Return the headers that Lambda writes: the client's address after what the client sent, and the request's id."""
    return {"x-forwarded-for": f"10.9.9.9, 203.0.113.{number}", "lambda-web-request-id": f"lambda-{number}", **more}


def register(client: httpx2.Client, number: int) -> str:
    given = {"email": f"p{number}@example.org", "password": "a long walk by the river", "timeZone": "Asia/Shanghai"}
    answer = client.post("/graphql", json={"query": REGISTER, "variables": {"input": given}}, headers=platform_headers(number))
    return str(answer.json()["data"]["accountRegister"]["accessToken"])


def events_of(answer: httpx2.Response) -> Iterator[dict[str, Any]]:
    for line in answer.iter_lines():
        if line.startswith("data: {"):
            yield json.loads(line[6:])["data"]["messageStream"]


def test_web_function_streams_to_several_clients_while_the_model_answers(
    served: tuple[str, subprocess.Popen[str]], model: HeldModel, portal: BlockingPortal, empty_database: str
) -> None:
    address, process = served
    with ExitStack() as opened:
        client = opened.enter_context(httpx2.Client(base_url=address, timeout=PATIENCE_SECONDS))
        streams = []
        for number in range(STREAMS):
            asked = {"content": "How is the weather?", "idempotencyKey": str(uuid4())}
            headers = platform_headers(number, accept="text/event-stream", authorization=f"Bearer {register(client, number)}")
            answer = opened.enter_context(client.stream("POST", "/graphql", json={"query": STREAM, "variables": {"input": asked}}, headers=headers))
            assert answer.headers["x-request-id"] == f"lambda-{number}"
            events = events_of(answer)
            streams.append((events, _read_first_words(events)))
        assert all(first and FIRST.startswith(first) for _, first in streams) and not model.go_on.is_set()
        assert client.get("/health", headers=platform_headers(99)).json()["healthy"] is True
        assert portal.call(_answers, empty_database) == 0
        model.go_on.set()
        for events, _ in streams:
            last = list(events)[-1]
            assert (last["__typename"], last["answer"]["content"]) == ("MessageSendSuccess", FIRST + REST)
    assert portal.call(_answers, empty_database) == STREAMS
    process.send_signal(signal.SIGTERM)
    logged = [json.loads(line) for line in process.communicate(timeout=PATIENCE_SECONDS)[0].splitlines()]
    assert {f"lambda-{number}" for number in range(STREAMS)} <= {line.get("request_id") for line in logged}
    assert process.returncode in (0, -signal.SIGTERM)


def _read_first_words(events: Iterator[dict[str, Any]]) -> str:
    """Return the first words, which arrive while the model still holds back the others."""
    return next(str(event["text"]) for event in events if event["__typename"] == "MessageStreamDelta")


def test_web_function_with_a_posted_event_returns_404(served: tuple[str, subprocess.Popen[str]], portal: BlockingPortal, empty_database: str) -> None:
    address, _ = served
    for sent in (TIMER, {"job": "migrate"}):
        assert httpx2.post(f"{address}/event-invoke", json=sent, timeout=PATIENCE_SECONDS).status_code == 404
    assert portal.call(_count, empty_database, "select count(*) from job_runs") == 0


def test_web_function_limits_requests_by_the_address_that_lambda_wrote(served: tuple[str, subprocess.Popen[str]]) -> None:
    """A client that forges addresses counts as one: its failed sign-ins are counted together, and another client's are not."""
    address, _ = served
    query = "mutation($input: SessionCreateInput!) { sessionCreate(input: $input) { __typename } }"

    def sign_in(invented: str, real: str) -> str:
        body = {"query": query, "variables": {"input": {"email": "nobody@example.org", "password": "wrong wrong wrong wrong"}}}
        answer = httpx2.post(f"{address}/graphql", json=body, headers={"x-forwarded-for": f"{invented}, {real}"}, timeout=PATIENCE_SECONDS)
        return str(answer.json())

    told = [sign_in(f"10.{number}.0.1", "203.0.113.7") for number in range(FREE_FAILURES_PER_CLIENT + 3)]
    assert "RateLimited" in told[-1] and "RateLimited" not in told[0], told
    assert FREE_FAILURES_PER_CLIENT + 3 < FREE_BY_ACCOUNT and "RateLimited" not in sign_in("10.0.0.1", "198.51.100.1")


def test_web_function_with_missing_settings_returns_500_and_logs_their_names(package: Path) -> None:
    environ = {name: value for name, value in os.environ.items() if name not in ("POSTGRESQL_URL", "JWT_SECRET_KEY")}
    for address, process in serve(package, environ):
        answer = httpx2.get(f"{address}/health", headers=platform_headers(1), timeout=PATIENCE_SECONDS)
        assert (answer.status_code, answer.json()["errors"][0]["extensions"]) == (500, {"code": "INTERNAL_SERVER_ERROR", "requestId": "lambda-1"})
        process.send_signal(signal.SIGTERM)
        [line] = [json.loads(line) for line in process.communicate(timeout=PATIENCE_SECONDS)[0].splitlines()]
        assert line["event"] == "function_event_failed" and {fault.split()[0] for fault in line["setting_errors"]} == {"POSTGRESQL_URL", "JWT_SECRET_KEY"}


def test_web_function_entry_loads_no_heavy_library(package: Path) -> None:
    """Like the event function's handler, it loads heavy libraries with the first request that needs them."""
    program = "import sys; import main; print(*sorted({'openai', 'pydantic', 'alembic', 'strawberry', 'sqlalchemy', 'uvicorn'} & set(sys.modules)))"
    ran = subprocess.run([sys.executable, "-c", program], cwd=package, env={"PATH": os.defpath}, capture_output=True, text=True, check=True)
    assert ran.stdout.split() == []


def test_web_function_template_names_the_built_package() -> None:
    template = (DEPLOY / "aws" / "web.yaml").read_text(encoding="utf-8")
    assert f"dist/{BUILD.file_name}" in template and BUILD.file_name == "unilife-aws-py314-web-arm64.zip"
    read = read_yaml("aws/web.yaml")
    assert read["Parameters"]["Runtime"]["Default"] == "python" + TARGETS["aws"].pythons[0]
    service = read["Resources"]["Revision"]["Properties"]["ServiceConfig"]
    assert service["EnvironmentVariables"]["FUNCTION_TIMEOUT_SECONDS"] == str(service["TimeoutSeconds"])
    assert not [name for name in service["EnvironmentVariables"] if name.startswith("AWS_LAMBDA_")], "reserved: main.py and `app` are the default"
    assert re.search(r"^app\b", BOOTSTRAP["aws"].read_text(encoding="utf-8"), re.M) and BOOTSTRAP["aws"].name == "main.py"


def test_web_function_and_event_function_read_their_settings_from_one_secret() -> None:
    event = read_yaml("aws/template.yaml")["Resources"]["Function"]["Properties"]["Environment"]["Variables"]
    web = read_yaml("aws/web.yaml")["Resources"]["Revision"]["Properties"]["ServiceConfig"]["EnvironmentVariables"]
    secret = {name: value for name, value in event.items() if "resolve" in str(value)}
    assert {name: value for name, value in web.items() if "resolve" in str(value)} == secret and len(secret) == 7
    assert event.keys() - web.keys() == {"MIGRATE_BY_EVENT"}


async def _answers(url: str) -> int:
    return await _count(url, "select count(*) from messages where role::text ilike 'assistant'")


async def _count(url: str, query: str) -> int:
    engine = make_engine(url, pool_size=1)
    try:
        async with engine.connect() as connection:
            return int((await connection.execute(text(query))).scalar() or 0)
    finally:
        await engine.dispose()
