from __future__ import annotations

import asyncio
import io
import json
import sys
from collections.abc import Callable
from typing import Any

import anyio
import pytest
from starlette.testclient import TestClient

import logs
from graph import request as graph_request
from graph.errors import MAX_ERRORS
from graph.relay import encode_id
from tests.graph.small_schema import Coded, Service, make_service

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
EVENTS = "text/event-stream"


@pytest.fixture
def service() -> Service:
    return make_service()


@pytest.fixture
def client(service: Service) -> TestClient:
    return TestClient(service.app)


@pytest.fixture
def lines(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[Any]]:
    written = io.StringIO()
    with monkeypatch.context() as patched:
        patched.setattr(sys, "stdout", written)
        logs.configure("INFO")
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]


def post(client: TestClient, query: str, *, accept: str | None = None, **more: Any) -> Any:
    return client.post("/graphql", json={"query": query, **more}, headers={"accept": accept} if accept else {})


def codes(response: Any) -> list[str]:
    return [error["extensions"]["code"] for error in response.json()["errors"]]


MANY = 300
INVALID_DOCUMENTS = {
    "directives": "{ hello " + " ".join(f"@d{number}" for number in range(30)) + " }",
    "fields": "{ " + " ".join(f"f{number}" for number in range(MANY)) + " }",
    "arguments": "{ hello(" + ", ".join(f"a{number}: 1" for number in range(MANY)) + ") }",
    "types": "{ hello } " + " ".join(f"fragment F{number} on Nothing{number} {{ x }}" for number in range(MANY)),
    "unused variables": "query (" + ", ".join(f"$v{number}: Int" for number in range(MANY)) + ") { hello }",
    "unknown variable types": "query (" + ", ".join(f"$v{number}: Nothing{number}" for number in range(MANY)) + ") { hello }",
    "undefined variables": "{ " + " ".join(f"a{number}: hello(name: $v{number})" for number in range(29)) + " }",
    "values": "{ " + " ".join(f"a{number}: hello(name: {number})" for number in range(29)) + " }",
    "texts with NUL": "{ " + " ".join(f'a{number}: hello(name: "\\u0000")' for number in range(29)) + " }",
    "operations too deep": " ".join(f"query Q{number} {{ " + "hello { " * 14 + "x" + " }" * 14 + " }" for number in range(40)),
}
"""Kind of error → a document with more such errors than are returned."""


@pytest.mark.parametrize("accept", [None, GRAPHQL_JSON, EVENTS])
@pytest.mark.parametrize("query", INVALID_DOCUMENTS.values(), ids=list(INVALID_DOCUMENTS))
def test_document_with_many_errors_returns_at_most_ten_and_logs_no_error(
    client: TestClient, service: Service, lines: Callable[[], list[Any]], query: str, accept: str | None
) -> None:
    answer = post(client, query, accept=accept, operationName="Q1" if "query Q1 " in query else None)
    told = json.loads(answer.text.partition("data: ")[2].partition("\n")[0]) if accept == EVENTS else answer.json()
    unparsed = {error["extensions"]["code"] for error in told["errors"]} == {"GRAPHQL_PARSE_FAILED"}
    assert answer.status_code == (200 if accept != GRAPHQL_JSON else 400 if unparsed else 422)
    assert "data" not in told and 0 < len(told["errors"]) <= MAX_ERRORS  # a single one if its shape is refused before validation
    assert {error["extensions"]["code"] for error in told["errors"]} <= {"GRAPHQL_VALIDATION_FAILED", "GRAPHQL_PARSE_FAILED"}
    assert [line["level"] for line in lines()] == ["INFO"]


def test_document_with_fewer_than_ten_errors_returns_each(client: TestClient) -> None:
    errors = post(client, "{ " + " ".join(f"f{number}" for number in range(MAX_ERRORS - 1)) + " }").json()["errors"]
    assert [error["message"].split("'")[1] for error in errors] == [f"f{number}" for number in range(MAX_ERRORS - 1)]


def test_request_with_many_invalid_variables_returns_ten_errors(client: TestClient, lines: Callable[[], list[Any]]) -> None:
    names = [f"v{number}" for number in range(25)]
    query = "query (" + ", ".join(f"${name}: String!" for name in names) + ") { " + " ".join(f"{name}: hello(name: ${name})" for name in names) + " }"
    answer = post(client, query, variables=dict.fromkeys(names, 1))
    assert codes(answer) == ["BAD_USER_INPUT"] * MAX_ERRORS and [line["level"] for line in lines()] == ["INFO"]
    answer = post(client, query, variables=dict.fromkeys(names, "Ann"))
    assert answer.json() == {"data": dict.fromkeys(names, "hello Ann")}


def test_request_with_many_failing_fields_returns_every_error(client: TestClient) -> None:
    names = [f"a{number}" for number in range(MAX_ERRORS + 5)]
    answer = post(client, "{ " + " ".join(f'{name}: fail(code: "NOT_FOUND", message: "none")' for name in names) + " }").json()
    assert answer["data"] == dict.fromkeys(names) and [error["path"] for error in answer["errors"]] == [[name] for name in names]


def test_query_by_post_and_by_get_returns_the_same_result(client: TestClient) -> None:
    query = "query Greet($name: String!) { hello(name: $name) }"
    answers = [
        post(client, query, variables={"name": "小明"}, operationName="Greet", extensions={"client": "web"}),
        client.get("/graphql", params={"query": query, "variables": '{"name": "小明"}', "operationName": "Greet"}),
    ]
    for answer in answers:
        assert (answer.status_code, answer.json()) == (200, {"data": {"hello": "hello 小明"}})


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        (JSON, JSON),
        (GRAPHQL_JSON, GRAPHQL_JSON),
        (f"{GRAPHQL_JSON}; charset=utf-8, {JSON}; charset=utf-8", GRAPHQL_JSON),
        (f"{JSON}, {GRAPHQL_JSON}", JSON),
        (f"{JSON};q=0.5, {GRAPHQL_JSON}", GRAPHQL_JSON),
        (f"{GRAPHQL_JSON};q=0.1, */*;q=0.8", JSON),
        ("text/html, */*;q=0.1", JSON),
        (f"{EVENTS};q=0, {JSON}", JSON),
        ("APPLICATION/JSON", JSON),
    ],
)
def test_accept_header_with_a_supported_type_selects_the_media_type(client: TestClient, accept: str | None, answered: str) -> None:
    answer = client.post("/graphql", json={"query": "{ hello }"}, headers={"accept": accept or ""})
    assert answer.status_code == 200
    assert answer.headers["content-type"] == f"{answered}; charset=utf-8"


@pytest.mark.parametrize("accept", ["text/html", "image/png", f"{JSON};q=0", f"{JSON};q=x"])
def test_accept_header_without_a_supported_type_returns_406(client: TestClient, service: Service, accept: str) -> None:
    answer = post(client, "mutation { rename }", accept=accept)
    assert (answer.status_code, codes(answer), service.contexts) == (406, ["NOT_ACCEPTABLE"], [])


@pytest.mark.parametrize(
    ("query", "variables", "status", "code"),
    [
        ("{", None, 400, "GRAPHQL_PARSE_FAILED"),
        ("{ hello } }", None, 400, "GRAPHQL_PARSE_FAILED"),
        ("{ unknown }", None, 422, "GRAPHQL_VALIDATION_FAILED"),
        ("{ hello { x } }", None, 422, "GRAPHQL_VALIDATION_FAILED"),
        ("query ($n: Int!) { notes(first: $n) { nodes { id } } }", {"n": "x"}, 422, "BAD_USER_INPUT"),
        ("query ($n: Int!) { notes(first: $n) { nodes { id } } }", None, 422, "BAD_USER_INPUT"),
    ],
)
def test_request_that_cannot_run_returns_4xx_as_graphql_response_json_and_200_as_json(
    client: TestClient, service: Service, query: str, variables: Any, status: int, code: str
) -> None:
    for accept, expected in ((GRAPHQL_JSON, status), (f"{GRAPHQL_JSON}, {JSON};q=0.9", status), (JSON, 200), (None, 200)):
        answer = post(client, query, variables=variables, accept=accept)
        assert (answer.status_code, codes(answer)) == (expected, [code])
        assert answer.headers["content-type"] == f"{GRAPHQL_JSON if expected != 200 else JSON}; charset=utf-8"
        assert "data" not in answer.json()
    assert all(context.closed == [] for context in service.contexts)


@pytest.mark.parametrize("accept", [GRAPHQL_JSON, JSON])
def test_partial_result_in_either_media_type_returns_200(client: TestClient, accept: str) -> None:
    for query in ("{ crash hello }", '{ fail(code: "NOT_FOUND", message: "none") }'):
        answer = post(client, query, accept=accept)
        assert (answer.status_code, "data" in answer.json(), len(answer.json()["errors"])) == (200, True, 1)


def test_failed_field_returns_200_with_its_siblings(client: TestClient) -> None:
    answer = post(client, "{ crash hello }", accept=GRAPHQL_JSON)
    assert (answer.status_code, answer.json()["data"], codes(answer)) == (200, {"crash": None, "hello": "hello world"}, ["INTERNAL_SERVER_ERROR"])


DEEP = b"[" * 100_000 + b"]" * 100_000
MALFORMED: list[bytes] = [
    b"",
    b"{",
    b'"text"',
    b"1",
    b"null",
    b"true",
    b"[]",
    b'[{"query": "{ hello }"}]',
    b"\xff\xfe",
    b'{"query": "\xff"}',
    b"{}",
    b'\xef\xbb\xbf{"query": "{ hello }"}',
    b'{"query": null}',
    b'{"query": 5}',
    b'{"query": ""}',
    b'{"query": "  "}',
    b'{"query": ["{ hello }"]}',
    b'{"query": "{ hello }", "variables": []}',
    b'{"query": "{ hello }", "variables": "{}"}',
    b'{"query": "{ hello }", "variables": 0}',
    b'{"query": "{ hello }", "operationName": 5}',
    b'{"query": "{ hello }", "operationName": {}}',
    b'{"query": "{ hello }", "extensions": []}',
    b'{"query": "{ hello }", "extensions": "x"}',
    b'{"query": "{ hello }", "variables": {"n": NaN}}',
    b'{"query": "{ hello }", "variables": {"n": ' + b"1" * 5000 + b"}}",
    b'{"query": "{ hello }", "variables": {"n": ' + DEEP + b"}}",
    DEEP,
    b'{"query": "{ hello }", "variables": {"n": "a\\u0000b"}}',
    b'{"query": "{ hello }", "variables": {"n\\u0000": 1}}',
    b'{"query": "{ hello }", "variables": {"n": "\\\\\\u0000"}}',
    b'{"query": "{ hello }", "variables": {"n": "\\ud800"}}',
    b'{"query": "{ hello }", "variables": {"n": ["\\udc00\\ud800"]}}',
]


@pytest.mark.parametrize("body", MALFORMED, ids=lambda body: repr(body[:60]))
def test_malformed_body_returns_400_bad_user_input(client: TestClient, service: Service, body: bytes) -> None:
    answer = client.post("/graphql", content=body, headers={"content-type": JSON})
    assert (answer.status_code, codes(answer), service.contexts) == (400, ["BAD_USER_INPUT"], [])
    assert answer.json()["errors"][0]["extensions"]["requestId"] == answer.headers["x-request-id"]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400), (b"{", 400), (b"NONSENSE", 400), (b'{"query":', 400), (b"\xff\xfe", 400), (DEEP, 400),
        (b'{"query": "{ hello }", "variables": {"n": NaN}}', 400),
        (b"null", 422), (b"[]", 422), (b'[{"query": "{ hello }"}]', 422), (b"{}", 422), (b'{"qeury": "{ hello }"}', 422), (b'{"query": 5}', 422),
        (b'{"query": " "}', 422),
        (b'{"query": "{ hello }", "variables": [7]}', 422), (b'{"query": "{ hello }", "operationName": 5}', 422),
        (b'{"query": "{ hello }", "extensions": "x"}', 422),
    ],
    ids=lambda value: repr(value)[:50],
)  # fmt: skip
def test_body_of_invalid_json_returns_400_and_json_that_is_no_request_422(client: TestClient, service: Service, body: bytes, status: int) -> None:
    answer = client.post("/graphql", content=body, headers={"content-type": JSON, "accept": GRAPHQL_JSON})
    assert (answer.status_code, codes(answer), service.contexts) == (status, ["BAD_USER_INPUT"], [])
    assert answer.headers["content-type"] == f"{GRAPHQL_JSON}; charset=utf-8"


def test_persisted_query_without_its_text_is_answered_as_clients_that_fall_back_to_the_text_expect(client: TestClient, service: Service) -> None:
    extensions = {"persistedQuery": {"version": 1, "sha256Hash": "0" * 64}}
    for answer in (client.post("/graphql", json={"extensions": extensions}), client.get("/graphql", params={"extensions": json.dumps(extensions)})):
        assert (answer.status_code, answer.json()["errors"][0]["message"]) == (400, "PersistedQueryNotSupported")
    assert client.post("/graphql", json={"query": "{ hello }", "extensions": extensions}).json() == {"data": {"hello": "hello world"}}


@pytest.mark.parametrize("value", ["\\\\u0000", "\\ud83d\\ude00", "\\u4eca天"])
def test_body_with_harmless_escapes_is_read_as_text(client: TestClient, value: str) -> None:
    body = f'{{"query": "query ($n: String!) {{ hello(name: $n) }}", "variables": {{"n": "{value}"}}}}'
    answer = client.post("/graphql", content=body.encode(), headers={"content-type": JSON})
    assert answer.json()["data"]["hello"] == "hello " + json.loads(f'"{value}"')


@pytest.mark.parametrize(
    ("parameter", "value"), [("variables", "{"), ("variables", "[]"), ("variables", '{"a": ' + "1" * 5000 + "}"), ("extensions", "5"), ("query", "")]
)
def test_get_with_a_malformed_parameter_returns_400(client: TestClient, parameter: str, value: str) -> None:
    answer = client.get("/graphql", params={"query": "{ hello }", parameter: value})
    assert (answer.status_code, codes(answer)) == (400, ["BAD_USER_INPUT"])


@pytest.mark.parametrize(
    "operation",
    [
        {"query": "query A { hello } mutation B { rename }"},
        {"query": "query A { hello }", "operationName": "B"},
        {"query": "fragment A on Query { hello }"},
        {"query": "type A { a: Int }"},
    ],
)
def test_request_without_a_selected_operation_is_refused(client: TestClient, service: Service, operation: dict[str, str]) -> None:
    for accept, status in ((GRAPHQL_JSON, 422), (JSON, 400)):
        answer = client.post("/graphql", json=operation, headers={"accept": accept})
        assert (answer.status_code, codes(answer), service.contexts) == (status, ["BAD_USER_INPUT"], [])
    assert "operationName" in answer.json()["errors"][0]["message"]


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/graphql",
        "application/json; charset=utf-16",
        "application/jsonx",
    ],
)
def test_body_of_another_content_type_returns_415(client: TestClient, service: Service, content_type: str | None) -> None:
    answer = client.post("/graphql", content=b'{"query": "mutation { rename }"}', headers={"content-type": content_type} if content_type else {})
    assert (answer.status_code, codes(answer), service.contexts) == (415, ["UNSUPPORTED_MEDIA_TYPE"], [])


def test_compressed_body_returns_415(client: TestClient) -> None:
    answer = client.post("/graphql", json={"query": "{ hello }"}, headers={"content-encoding": "gzip"})
    assert answer.status_code == 415


@pytest.mark.parametrize("content_type", ["application/json", "application/json;charset=UTF-8", 'Application/JSON; charset="utf-8"'])
def test_body_of_utf8_json_is_accepted(client: TestClient, content_type: str) -> None:
    assert client.post("/graphql", content=b'{"query": "{ hello }"}', headers={"content-type": content_type}).status_code == 200


def sized(size: int, field: str = "rename") -> bytes:
    body = b'{"query": "mutation { %s }", "extensions": {"a": "..."}}'.replace(b"%s", field.encode())
    return body.replace(b"...", b"a" * (size - len(body) + 3))


def test_body_above_the_size_limit_returns_413(client: TestClient, service: Service) -> None:
    assert client.post("/graphql", content=sized(graph_request.MAX_BODY_BYTES), headers={"content-type": JSON}).status_code == 200
    answer = client.post("/graphql", content=sized(graph_request.MAX_BODY_BYTES + 1), headers={"content-type": JSON})
    assert (answer.status_code, codes(answer)) == (413, ["PAYLOAD_TOO_LARGE"])
    assert [context.closed for context in service.contexts] == [["renamed"], []] and all(context.ended for context in service.contexts)


@pytest.mark.parametrize("field", ["accountImport", "importPart"])
def test_import_body_of_a_signed_in_user_may_be_longer(client: TestClient, service: Service, field: str) -> None:
    """The small schema has no import: the validation error shows that the body was accepted."""
    headers = {"content-type": JSON, "accept": GRAPHQL_JSON}
    answer = client.post("/graphql", content=sized(graph_request.MAX_IMPORT_BYTES, field), headers=headers)
    assert (answer.status_code, codes(answer)) == (422, ["GRAPHQL_VALIDATION_FAILED"])
    for body in (sized(graph_request.MAX_IMPORT_BYTES + 1, field), sized(graph_request.MAX_IMPORT_BYTES, f"{field} rename")):
        assert client.post("/graphql", content=body, headers=headers).status_code == 413
    assert all(context.closed == [] and context.ended for context in service.contexts)


def test_account_import_body_without_a_token_has_the_usual_size_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    async def no_viewer(self: Any) -> None:
        return None

    service = make_service()
    monkeypatch.setattr("tests.graph.small_schema.Context.viewer", no_viewer)
    sent: list[int] = []

    def endless() -> Any:
        for _ in range(100):
            sent.append(1)
            yield b" " * 64 * 1024

    for content in (sized(graph_request.MAX_BODY_BYTES + 1, "accountImport"), endless()):
        answer = TestClient(service.app).post("/graphql", content=content, headers={"content-type": JSON})
        assert (answer.status_code, codes(answer)) == (413, ["PAYLOAD_TOO_LARGE"])


def test_long_body_with_an_invalid_token_returns_401() -> None:
    service = make_service(broken_context=Coded("UNAUTHENTICATED", "sign in"))
    answer = TestClient(service.app).post("/graphql", content=sized(graph_request.MAX_BODY_BYTES + 1, "accountImport"), headers={"content-type": JSON})
    assert (answer.status_code, codes(answer)) == (401, ["UNAUTHENTICATED"])


@pytest.mark.anyio
async def test_client_disconnect_within_the_body_logs_no_error(lines: Callable[[], list[Any]]) -> None:
    messages = iter([{"type": "http.request", "body": b'{"que', "more_body": True}, {"type": "http.disconnect"}])
    sent: list[Any] = []

    async def receive() -> Any:
        return next(messages)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/graphql", "query_string": b"", "headers": [(b"content-type", b"application/json")]}
    await make_service().app(scope, receive, send)
    assert sent[0]["status"] == 400 and [line["level"] for line in lines()] == ["INFO"]


def test_endless_body_is_refused_with_413_while_it_is_read(client: TestClient) -> None:
    sent = []

    def endless() -> Any:
        for _ in range(100):
            sent.append(1)
            yield b" " * (1024 * 1024)

    headers = {"content-type": JSON}
    assert client.post("/graphql", content=endless(), headers=headers).status_code == 413
    assert client.post("/graphql", content=b"{}", headers={**headers, "content-length": "9" * 30}).status_code == 413


@pytest.mark.parametrize("query", ["mutation { rename }", "subscription { count }", "query A { hello } mutation B { rename }"])
@pytest.mark.parametrize("accept", [JSON, EVENTS])
def test_get_with_a_mutation_or_subscription_returns_405(client: TestClient, service: Service, query: str, accept: str) -> None:
    answer = client.get("/graphql", params={"query": query, "operationName": "B" if "B" in query else ""}, headers={"accept": accept})
    assert (answer.status_code, codes(answer), answer.headers["allow"], service.contexts) == (405, ["METHOD_NOT_ALLOWED"], "POST", [])


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"])
def test_request_with_another_http_method_returns_405(client: TestClient, service: Service, method: str) -> None:
    answer = client.request(method, "/graphql", json={"query": "mutation { rename }"})
    assert (answer.status_code, answer.headers["allow"], service.contexts) == (405, "GET, POST", [])


def test_document_above_the_query_limits_does_not_run(client: TestClient, service: Service) -> None:
    answer = post(client, "mutation { " + " ".join(f"a{i}: rename" for i in range(6)) + " }", accept=GRAPHQL_JSON)
    assert (answer.status_code, codes(answer)) == (422, ["GRAPHQL_VALIDATION_FAILED"])
    assert [context.closed for context in service.contexts] == [[]]


@pytest.mark.parametrize(
    ("failure", "status", "code"),
    [
        (Coded("UNAUTHENTICATED", "sign in again"), 401, "UNAUTHENTICATED"),
        (Coded("DATABASE_UNAVAILABLE", "no database"), 503, "DATABASE_UNAVAILABLE"),
        (Coded("BAD_USER_INPUT", "bad header"), 400, "BAD_USER_INPUT"),
        (RuntimeError("secret words"), 500, "INTERNAL_SERVER_ERROR"),
    ],
)
def test_request_whose_context_fails_returns_the_status_of_the_error(failure: Exception, status: int, code: str) -> None:
    answer = post(TestClient(make_service(broken_context=failure).app), "{ hello }")
    assert (answer.status_code, codes(answer)) == (status, [code])
    assert ("www-authenticate" in answer.headers) is (status == 401)
    assert "secret" not in answer.text


def events(answer: Any) -> list[Any]:
    assert answer.headers["content-type"].startswith(EVENTS)
    blocks = [dict(line.split(": ", 1) for line in block.split("\n")) for block in answer.text.replace("data: \n", "data: null\n").strip("\n").split("\n\n")]
    return [(block["event"], json.loads(block["data"])) for block in blocks]


def test_subscription_is_streamed_as_server_sent_events(client: TestClient, service: Service) -> None:
    answer = post(client, "subscription { count(to: 2) }", accept=EVENTS)
    assert answer.status_code == 200
    assert events(answer) == [("next", {"data": {"count": 0}}), ("next", {"data": {"count": 1}}), ("complete", None)]
    assert service.contexts[0].closed == ["stream"]


@pytest.mark.parametrize(("query", "code"), [("{ unknown }", "GRAPHQL_VALIDATION_FAILED"), ("{", "GRAPHQL_PARSE_FAILED")])
def test_event_stream_of_an_invalid_document_sends_the_error_as_an_event(client: TestClient, query: str, code: str) -> None:
    (kind, payload), last = events(post(client, query, accept=EVENTS))
    assert (kind, payload["errors"][0]["extensions"]["code"], last) == ("next", code, ("complete", None))


def test_event_stream_that_fails_sends_a_masked_error_and_completes(client: TestClient) -> None:
    found = events(post(client, "subscription { count(to: 1, crash: true) }", accept=EVENTS))
    assert [name for name, _ in found] == ["next", "next", "complete"]
    assert found[1][1]["errors"][0]["message"] == "internal error"


def test_mutation_as_an_event_stream_is_sent_as_one_event(client: TestClient) -> None:
    assert events(post(client, 'mutation { rename(name: "a") }', accept=EVENTS)) == [("next", {"data": {"rename": "a"}}), ("complete", None)]


@pytest.mark.parametrize(("accept", "status"), [(JSON, 200), (GRAPHQL_JSON, 400)])
def test_subscription_without_an_event_stream_is_refused(client: TestClient, service: Service, accept: str, status: int) -> None:
    answer = post(client, "subscription { count }", accept=accept)
    assert (answer.status_code, codes(answer), service.contexts) == (status, ["BAD_USER_INPUT"], [])
    assert EVENTS in answer.json()["errors"][0]["message"] and "messageSend" in answer.json()["errors"][0]["message"]


async def run_app(service: Service, body: bytes, receive_more: Any, headers: dict[str, str], **extra: Any) -> list[Any]:
    """Send one request at the ASGI level; `receive_more` is awaited when the application receives more than the body."""
    sent: list[Any] = []
    given = [{"type": "http.request", "body": body, "more_body": False}]

    async def receive() -> Any:
        return given.pop() if given else await receive_more(sent)

    async def send(message: Any) -> None:
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/graphql",
        "query_string": b"",
        "http_version": "1.1",
        "scheme": "http",
        "client": ("::1", 1),
        "server": ("::1", 80),
        "headers": [(name.encode(), value.encode()) for name, value in {"content-type": JSON, **headers}.items()],
        **extra,
    }
    with anyio.fail_after(60):
        await service.app(scope, receive, send)
    return sent


async def wait_until(reached: Callable[[], bool]) -> None:
    """Let the other tasks run until `reached` returns true."""
    for _ in range(100_000):
        if reached():
            return
        await asyncio.sleep(0)
    raise AssertionError("never reached")


@pytest.mark.anyio
async def test_event_stream_when_the_client_disconnects_is_closed(service: Service) -> None:
    async def leave_after_the_first_event(sent: list[Any]) -> Any:
        await wait_until(lambda: len(sent) >= 2)
        return {"type": "http.disconnect"}

    body = json.dumps({"query": "subscription { count(to: 1, wait: true) }"}).encode()
    sent = await run_app(service, body, leave_after_the_first_event, {"accept": EVENTS})
    assert [message.get("body") for message in sent[1:]] == [b'event: next\ndata: {"data":{"count":0}}\n\n']
    assert service.contexts[0].closed == ["stream"]


@pytest.mark.anyio
async def test_event_stream_without_events_sends_comments_as_pings(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("graph.event_stream.PING_SECONDS", 0.0)

    async def leave_after_a_few_pings(sent: list[Any]) -> Any:
        await wait_until(lambda: [message.get("body") for message in sent].count(b":\n\n") >= 3)
        return {"type": "http.disconnect"}

    body = json.dumps({"query": "subscription { count(to: 0, wait: true) }"}).encode()
    assert len(await run_app(service, body, leave_after_a_few_pings, {"accept": EVENTS})) >= 4


async def _stay_connected(sent: list[Any]) -> Any:
    await asyncio.Event().wait()


@pytest.mark.anyio
@pytest.mark.parametrize("accept", [JSON, GRAPHQL_JSON, EVENTS])
async def test_subscription_in_an_event_function_is_refused_and_names_message_send(service: Service, accept: str) -> None:
    body = json.dumps({"query": "subscription { count }"}).encode()
    sent = await run_app(service, body, _stay_connected, {"accept": accept}, **{"unilife.function": True})
    text = b"".join(message.get("body", b"") for message in sent).decode()
    assert "messageSend" in text and "STREAMING_UNAVAILABLE" in text
    assert service.contexts == []


@pytest.mark.anyio
async def test_request_id_of_the_cloud_is_used_only_if_valid(service: Service, lines: Callable[[], list[Any]]) -> None:
    body = json.dumps({"query": "{ crash }"}).encode()
    sent = await run_app(service, body, _stay_connected, {}, **{"unilife.request_id": "cloud-1"})
    assert (b"x-request-id", b"cloud-1") in sent[0]["headers"]
    assert json.loads(sent[1]["body"])["errors"][0]["extensions"]["requestId"] == "cloud-1"
    assert {line["request_id"] for line in lines()} == {"cloud-1"}
    sent = await run_app(service, body, _stay_connected, {}, **{"unilife.request_id": "not\r\nan id"})
    assert len(dict(sent[0]["headers"])[b"x-request-id"]) == 36


def test_request_log_is_one_line_without_the_request_text(client: TestClient, lines: Callable[[], list[Any]]) -> None:
    answer = client.post(
        "/graphql", json={"query": 'query Mine { hello(name: "what I wrote") }'}, headers={"authorization": "Bearer token-1", "x-mail": "a@b.org"}
    )
    (line,) = lines()
    assert line.pop("duration_ms") >= 0 and line.pop("at")
    assert line == {
        "level": "INFO",
        "event": "http_request",
        "request_id": answer.headers["x-request-id"],
        "method": "POST",
        "path": "/graphql",
        "status": 200,
        "outcome": "ok",
        "operation": "Mine",
        "kind": "query",
        "user_id": "00000000-0000-0000-0000-000000000007",
    }


@pytest.mark.parametrize(
    ("body", "outcome", "codes", "kind"),
    [
        ({"query": '{ fail(code: "NOT_FOUND", message: "what I wrote") hello }'}, "partial", ["NOT_FOUND"], "query"),
        ({"query": '{ unknown(name: "what I wrote") }'}, "error", ["GRAPHQL_VALIDATION_FAILED"], "query"),
        ({"query": '{ "what I wrote'}, "error", ["GRAPHQL_PARSE_FAILED"], None),
        ({"query": "{ hello }", "operationName": "what I wrote"}, "error", ["BAD_USER_INPUT"], None),
        ("what I wrote", "error", ["BAD_USER_INPUT"], None),
    ],
)
def test_request_log_line_of_a_failed_request_has_outcome_and_codes_without_text(
    client: TestClient, lines: Callable[[], list[Any]], body: Any, outcome: str, codes: list[str], kind: str | None
) -> None:
    client.post("/graphql", json=body)
    (line,) = lines()
    assert (line["outcome"], line["codes"], line.get("kind")) == (outcome, codes, kind)
    assert "what I wrote" not in json.dumps(line)


def test_request_log_line_of_a_subscription_is_written_at_its_end(client: TestClient, lines: Callable[[], list[Any]]) -> None:
    post(client, "subscription Two { count(to: 2) }", accept=EVENTS)
    assert [(line["operation"], line["kind"], line["outcome"]) for line in lines()] == [("Two", "subscription", "ok")]


def test_relay_id_in_a_url_is_read_unchanged(client: TestClient) -> None:
    from uuid import UUID

    id = encode_id("Note", UUID(int=3))
    answer = client.get(f'/graphql?query={{node(id:"{id}"){{id}}}}')
    assert answer.json() == {"data": {"node": {"id": id}}}
