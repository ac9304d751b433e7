from __future__ import annotations

import json
from typing import Any

import pytest
from starlette.testclient import TestClient

import settings
from graph.app import MAX_URL_BYTES, build_app
from graph.cors import MAX_LOGGED_ORIGINS
from tests.graph.small_schema import make_service, make_settings
from tests.log_capture import written_log

STRONG = "9f8e7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c5b4a3928"


def client(**environ: Any) -> TestClient:
    return TestClient(make_service(**environ).app)


def production() -> TestClient:
    return client(DEBUG="0", JWT_SECRET_KEY=STRONG)


@pytest.mark.parametrize(("healthy", "status"), [(True, 200), (False, 503)])
def test_health_endpoint_returns_200_when_healthy_and_503_otherwise(healthy: bool, status: int) -> None:
    answer = TestClient(make_service(healthy=healthy).app).get("/health")
    assert (answer.status_code, answer.json()) == (status, {"healthy": healthy, "version": settings.VERSION, "streaming": True})


@pytest.mark.parametrize("path", ["/", "/graphql/", "/graphiql", "/health/x", "/日记", "/../graphql2"])
def test_unknown_path_returns_404_and_names_graphql(path: str) -> None:
    answer = client().post(path, json={})
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]["code"]) == (404, "NOT_FOUND")
    assert "/graphql" in error["message"]
    assert error["extensions"]["requestId"] == answer.headers["x-request-id"]


@pytest.mark.parametrize("address", ["/graphql", "/health", "/nowhere"])
@pytest.mark.parametrize("as_query", [True, False])
def test_url_above_8_kib_returns_414(address: str, as_query: bool) -> None:
    service = make_service(CORS_ORIGINS="https://app.example")
    filled = address + ("?query=" if as_query else "/")
    room = MAX_URL_BYTES - len("http://testserver" + filled)
    origin = {"origin": "https://app.example"}
    answer = TestClient(service.app).get(filled + "a" * (room + 1), headers=origin)
    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["extensions"]) == (414, {"code": "URI_TOO_LONG", "requestId": answer.headers["x-request-id"]})
    assert "8192" in error["message"] and service.contexts == []
    assert answer.headers["access-control-allow-origin"] == "https://app.example"
    assert TestClient(service.app).get(filled + "a" * room, headers=origin).status_code != 414


def test_url_with_non_ascii_characters_is_measured_percent_encoded() -> None:
    assert client().get("/" + "日" * 1_000).status_code == 414  # nine bytes for each character
    assert client().get("/" + "日" * 800).status_code == 404


def test_health_endpoint_by_post_returns_405() -> None:
    answer = client().post("/health")
    assert (answer.status_code, answer.json()["errors"][0]["extensions"]["code"]) == (405, "METHOD_NOT_ALLOWED")
    assert "GET" in answer.headers["allow"]


@pytest.mark.parametrize(("method", "path"), [("GET", "/health"), ("GET", "/nowhere"), ("POST", "/graphql"), ("PUT", "/graphql"), ("GET", "/graphql")])
def test_response_has_its_own_request_id_and_is_not_cacheable(method: str, path: str) -> None:
    found = client()
    first, second = found.request(method, path), found.request(method, path)
    assert first.headers["x-request-id"] != second.headers["x-request-id"]
    assert first.headers["x-content-type-options"] == "nosniff"
    assert first.headers["cache-control"] == "no-store"


def test_cors_without_configured_origins_sends_no_headers() -> None:
    answer = client().post("/graphql", json={"query": "{ hello }"}, headers={"origin": "https://elsewhere.example"})
    assert not any(name.startswith("access-control-") for name in answer.headers)


def test_cors_with_configured_origins_allows_only_those() -> None:
    found = client(CORS_ORIGINS="https://app.example")
    asked = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type"}
    answer = found.options("/graphql", headers={"origin": "https://app.example", **asked})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, "https://app.example")
    answer = found.post("/graphql", json={"query": "{ hello }"}, headers={"origin": "https://app.example"})
    assert answer.headers["access-control-expose-headers"] == "x-request-id"
    assert "access-control-allow-credentials" not in answer.headers
    assert found.options("/graphql", headers={"origin": "https://elsewhere.example", **asked}).status_code == 400


PREFLIGHT = {"access-control-request-method": "POST", "access-control-request-headers": "authorization,content-type"}


@pytest.mark.parametrize("origin", ["http://localhost:5173", "http://localhost:61234", "http://localhost", "http://[::1]:3000", "https://app.example"])
def test_cors_with_any_port_of_a_host_allows_its_ports(origin: str) -> None:
    found = client(CORS_ORIGINS="http://localhost:*,http://[::1]:*,https://app.example")
    answer = found.options("/graphql", headers={"origin": origin, **PREFLIGHT})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (200, origin)


@pytest.mark.parametrize(
    "origin",
    ["https://localhost:5173", "http://localhost.evil.example:80", "http://evil.example", "http://localhost:80@evil.example", "http://localhost:99999999",
     "http://app.example", "https://app.example:444", "http://localhostx", "null", ""],
)  # fmt: skip
def test_cors_with_any_port_of_a_host_refuses_other_hosts(origin: str) -> None:
    found = client(CORS_ORIGINS="http://localhost:*,https://app.example")
    answer = found.options("/graphql", headers={"origin": origin, **PREFLIGHT})
    assert answer.headers.get("access-control-allow-origin") is None


def test_cors_allows_the_headers_of_graphql_clients() -> None:
    wanted = "authorization,content-type,accept,apollo-require-preflight,apollographql-client-name,x-apollo-operation-name,x-requested-with,traceparent"
    answer = client(CORS_ORIGINS="https://app.example").options(
        "/graphql", headers={"origin": "https://app.example", "access-control-request-method": "POST", "access-control-request-headers": wanted}
    )
    assert answer.status_code == 200 and {name.strip() for name in answer.headers["access-control-allow-headers"].split(",")} >= set(wanted.split(","))
    assert "access-control-allow-credentials" not in answer.headers


@pytest.mark.parametrize("origins", ["", "https://app.example"])
def test_cors_refused_origin_is_named_once_in_the_log_with_the_setting(origins: str) -> None:
    found = client(CORS_ORIGINS=origins)
    with written_log() as lines:
        for _ in range(2):
            found.options("/graphql", headers={"origin": "https://elsewhere.example", **PREFLIGHT})
        found.options("/graphql", headers={"origin": "https://app.example" if origins else 'x"y', **PREFLIGHT})
        found.options("/graphql", headers={"origin": "https://another.example"})
        found.post("/graphql", json={"query": "{ hello }"}, headers={"origin": "https://third.example"})
    refused = [line for line in lines if line["event"] == "origin_refused"]
    assert [line["origin"] for line in refused] == ["https://elsewhere.example"]
    assert refused[0]["level"] == "WARNING" and "CORS_ORIGINS" in refused[0]["action"]


def test_cors_refused_origins_beyond_the_limit_are_not_logged() -> None:
    found = client()
    with written_log() as lines:
        for number in range(MAX_LOGGED_ORIGINS + 5):
            found.options("/graphql", headers={"origin": f"https://app{number}.example", **PREFLIGHT})
    assert sum(line["event"] == "origin_refused" for line in lines) == MAX_LOGGED_ORIGINS


def test_page_for_browsers_says_in_development_only_where_graphiql_is() -> None:
    as_browser = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
    answer = client().get("/graphql", headers=as_browser)
    assert answer.headers["content-type"].startswith("text/html") and "make dev" in answer.text and "<script" not in answer.text
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")
    answer = production().get("/graphql", headers=as_browser)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/json; charset=utf-8")


def test_introspection_in_production_is_refused() -> None:
    asked = {"query": "{ __schema { queryType { name } } }"}
    assert client().post("/graphql", json=asked).json() == {"data": {"__schema": {"queryType": {"name": "Query"}}}}
    answer = production().post("/graphql", json=asked)
    assert [error["extensions"]["code"] for error in answer.json()["errors"]] == ["GRAPHQL_VALIDATION_FAILED"]


def test_exception_outside_the_schema_returns_a_masked_500_with_cors_headers() -> None:
    async def broken() -> Any:
        raise RuntimeError("secret words")

    async def no_graphql(scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("not asked for")

    found = TestClient(build_app(no_graphql, health=broken, settings=make_settings(CORS_ORIGINS="https://app.example")))
    answer = found.get("/health", headers={"origin": "https://app.example"})
    assert (answer.status_code, answer.headers["access-control-allow-origin"]) == (500, "https://app.example"), "else no page could read it"
    assert answer.json()["errors"] == [
        {"message": "internal error", "extensions": {"code": "INTERNAL_SERVER_ERROR", "requestId": answer.headers["x-request-id"]}}
    ]
    assert "secret" not in json.dumps(dict(answer.headers))
