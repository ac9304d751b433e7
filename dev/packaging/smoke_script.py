"""The smoke test of an unpacked package: exercises the function without a database.

The target's interpreter runs it with nothing but the package on the path. The first argument is the package's folder, the second the cloud. The
last line printed is a JSON object with the results.
"""
import asyncio
import http.server
import importlib
import json
import os
import pkgutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from types import SimpleNamespace
from typing import Any
from uuid import UUID

PACKAGES = ("graph", "resolvers", "jobs", "llm", "persistence")
ANSWER = "It works."
NOBODY = "postgresql://nobody@127.0.0.1:1/nowhere"


def http_event(cloud: str, method: str, path: str, body: str) -> object:
    headers = {"content-type": "application/json", "host": "example.org"}
    if cloud == "tencent":
        return {"httpMethod": method, "path": path, "headers": headers, "queryString": {}, "body": body}
    common = {"headers": headers, "body": body, "isBase64Encoded": False}
    door = {"http": {"method": method, "path": path, "sourceIp": "203.0.113.7"}, "requestId": "trial"}
    if cloud == "aliyun":
        return json.dumps({"version": "v1", "rawPath": path, "queryParameters": {}, "requestContext": door, **common}).encode()
    if cloud == "huawei":
        door = {"apiId": "trial", "requestId": "trial", "stage": "RELEASE"}
        return {"httpMethod": method, "path": path, "queryStringParameters": {}, "requestContext": door, **common}
    return {"version": "2.0", "rawPath": path, "rawQueryString": "", "requestContext": {**door, "stage": "$default"}, **common}


def timer_event(cloud: str) -> object:
    if cloud == "tencent":
        return {"Type": "Timer", "TriggerName": "tick", "Time": "2026-01-01T00:00:00Z", "Message": "tick"}
    if cloud == "aliyun":
        return json.dumps({"triggerTime": "2026-01-01T00:00:00Z", "triggerName": "tick", "payload": "tick"}).encode()
    if cloud == "huawei":
        return {"version": "v1.0", "time": "2026-01-01T00:00:00+08:00", "trigger_type": "TIMER", "trigger_name": "tick", "user_event": "tick"}
    return {"source": "aws.scheduler", "resources": ["arn:aws:scheduler:::schedule/default/tick"], "detail": "{}"}


def context(cloud: str) -> object:
    if cloud == "tencent":
        return {"request_id": "trial", "time_limit_in_ms": 30_000, "memory_limit_in_mb": 512}
    if cloud == "huawei":
        return SimpleNamespace(getRequestID=lambda: "trial", getRemainingTimeInMilliSeconds=lambda: 30_000)
    if cloud == "aws":
        return SimpleNamespace(aws_request_id="trial", get_remaining_time_in_millis=lambda: 30_000)
    return SimpleNamespace(request_id="trial", function=SimpleNamespace(timeout=30))


class Model(http.server.BaseHTTPRequestHandler):
    """A model that answers with one sentence, whole or as a stream."""

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        said = {"role": "assistant", "content": ANSWER}
        choice = {"index": 0, "finish_reason": "stop", "delta" if asked.get("stream") else "message": said}
        whole = {"id": "1", "created": 0, "model": "trial", "object": "chat.completion", "choices": [choice]}
        body = f"data: {json.dumps(whole)}\n\ndata: [DONE]\n\n" if asked.get("stream") else json.dumps(whole)
        self.send_response(200)
        self.send_header("content-type", "text/event-stream" if asked.get("stream") else "application/json")
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def log_message(self, format: str, *args: object) -> None:
        """Log nothing: standard output is for the result."""


def check(what: str, holds: bool, seen: object) -> None:
    if not holds:
        sys.exit(f"{what}: {seen!r}")


def try_events(handler: Callable[[object, object], Any], cloud: str) -> None:
    health = handler(http_event(cloud, "GET", "/health", ""), context(cloud))
    check("health answers 503 without a database", health["statusCode"] == 503 and json.loads(health["body"])["databaseReachable"] is False, health)
    version = handler(http_event(cloud, "POST", "/graphql", '{"query": "{ health { version } }"}'), context(cloud))
    check("a query is answered", json.loads(version["body"])["data"]["health"]["version"], version)
    broken = handler(http_event(cloud, "POST", "/graphql", '{"query": "{ health {"}'), context(cloud))
    check("a broken document is refused as such", "GRAPHQL_PARSE_FAILED" in broken["body"], broken)
    ticked = handler(timer_event(cloud), context(cloud))
    check("a timer is understood and fails at the database only", ticked["error"]["code"] == "DATABASE_UNAVAILABLE", ticked)
    refused = handler({"job": "migrate"}, context(cloud))
    check("migrating is refused unless it is allowed", refused["error"]["code"] == "FORBIDDEN", refused)


def try_migrations() -> None:
    from persistence import database, migrator

    found = [step.revision for step in migrator.steps()]
    check("the migrations are there", database.SCHEMA_REVISION in found, found)


async def try_first_uses() -> None:
    """Check the modules that are imported at their first use: the model's client, passwords, tokens."""
    from llm import client
    from llm.messages import ChatMessage
    from resolvers import passwords, tokens
    from resolvers.errors import InvalidInput

    asked: list[ChatMessage] = [{"role": "user", "content": "Does it?"}]
    whole = await client.complete(asked, max_tokens=10, timeout=30)
    check("the model's client completes", whole.text == ANSWER, whole)
    pieces = [piece async for piece in client.stream(asked, max_tokens=10, timeout=30)]
    check("the model's client streams", pieces[0] == ANSWER, pieces)
    await client.close()
    try:
        passwords.check_new_password("Password12345678!", "trial@example.org")
    except InvalidInput:
        pass
    else:
        check("a common password is refused", False, "taken")
    kept = await passwords.hash_password("a kettle sings at dawn")
    check("a password is hashed", kept.startswith("$argon2id$"), kept)
    token, _ = tokens.issue_access_token(UUID(int=1), UUID(int=2))
    check("a token is read", tokens.read_access_token(token).user_id == UUID(int=1), token)


def try_modules(folder: str) -> None:
    for package in PACKAGES:
        for found in pkgutil.walk_packages([os.path.join(folder, package)], package + "."):
            importlib.import_module(found.name)
    outside = [path for path in sys.path if "site-packages" in path or "dist-packages" in path]
    check("nothing else is on the path", not outside, outside)


def try_web(folder: str) -> None:
    """Check that the server mode's server responds on its port and stops on SIGTERM."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    start = f"import sys, runpy; sys.path.insert(0, {folder!r}); runpy.run_module('graph.web', run_name='__main__')"
    server = subprocess.Popen([sys.executable, "-I", "-S", "-B", "-c", start, "--host", "127.0.0.1", "--port", str(port)])
    try:
        status, ends = 0, time.monotonic() + 60
        while not status and server.poll() is None and time.monotonic() < ends:
            try:
                status = urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=30).status
            except urllib.error.HTTPError as error:
                status = error.code
            except OSError:
                time.sleep(0.05)
        check("the server answers", status == 503, status)
        server.terminate()
        check("the server ends", server.wait(30) in (0, -signal.SIGTERM), server.returncode)
    finally:
        server.kill()


async def try_callable() -> None:
    """Check the ASGI callable that the platform's own server loads, as such a server calls it: with concurrent requests and a shutdown message."""
    from main import app

    sent: list[dict[str, Any]] = []
    told = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])

    async def ask() -> tuple[int, bytes]:
        said: list[dict[str, Any]] = []
        headers = [(b"host", b"example.org"), (b"x-forwarded-for", b"203.0.113.7"), (b"lambda-web-request-id", b"trial")]
        scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": "GET", "scheme": "http", "path": "/health",
                 "raw_path": b"/health", "query_string": b"", "root_path": "", "headers": headers, "client": ("127.0.0.1", 1)}  # fmt: skip
        await app(scope, give(iter([{"type": "http.request", "body": b"", "more_body": False}])), keep(said))
        return said[0]["status"], dict(said[0]["headers"])[b"x-request-id"]

    def give(messages: Iterator[dict[str, Any]]) -> Callable[[], Any]:
        async def receive() -> dict[str, Any]:
            return next(messages)

        return receive

    def keep(messages: list[dict[str, Any]]) -> Callable[[dict[str, Any]], Any]:
        async def send(message: dict[str, Any]) -> None:
            messages.append(message)

        return send

    check("the callable answers", await asyncio.gather(ask(), ask()) == [(503, b"trial")] * 2, sent)
    await app({"type": "lifespan", "asgi": {"version": "3.0"}}, give(told), keep(sent))
    check("the callable ends", [message["type"] for message in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"], sent)


def main(folder: str, cloud: str) -> None:
    sys.path.insert(0, folder)
    model = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Model)
    threading.Thread(target=model.serve_forever, daemon=True).start()
    os.environ.update(
        POSTGRESQL_URL=NOBODY, DEEPSEEK_API_KEY="trial", DEEPSEEK_BASE_URL=f"http://127.0.0.1:{model.server_port}", JWT_SECRET_KEY=os.urandom(32).hex()
    )
    before = set(sys.modules)
    started = time.perf_counter()
    import handler

    imported = time.perf_counter()
    try_events(handler.handler, cloud)
    try_migrations()
    asyncio.run(try_first_uses())
    try_modules(folder)
    if os.path.isfile(os.path.join(folder, "main.py")):
        asyncio.run(try_callable())
    if os.path.isdir(os.path.join(folder, "uvicorn")):
        try_web(folder)
    print(json.dumps({"import_ms": round((imported - started) * 1000, 1), "modules": len(set(sys.modules) - before)}))


main(*sys.argv[1:])
