"""The client's address in the clouds' HTTP events: taken from what the platform writes, never from what the client sends."""
from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from graph.cloud_http import handle_http_event

REAL, FORGED = "203.0.113.7", "6.6.6.6"


@pytest.fixture(autouse=True)
def loop() -> Iterator[None]:
    made = asyncio.new_event_loop()
    asyncio.set_event_loop(made)
    yield
    made.close()
    asyncio.set_event_loop(None)


def client_of(event: dict[str, Any]) -> str | None:
    """Return the client address in the application's scope."""
    seen = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        seen.append(scope["client"] and scope["client"][0])
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    handle_http_event(app, event, None, {})
    return seen[0]


def tencent(headers: dict[str, Any]) -> dict[str, Any]:
    """Return an event of a function URL."""
    return {"httpMethod": "POST", "path": "/graphql", "headers": headers, "queryString": {}, "body": ""}


def huawei(headers: dict[str, Any]) -> dict[str, Any]:
    """Return an event of a dedicated or shared API gateway."""
    return {**tencent(headers), "requestContext": {"apiId": "a", "requestId": "r", "stage": "RELEASE"}, "isBase64Encoded": False}


def aliyun(headers: dict[str, Any]) -> dict[str, Any]:
    http = {"method": "POST", "path": "/graphql", "sourceIp": REAL, "protocol": "HTTP/1.1", "userAgent": "x"}
    return {"version": "v1", "rawPath": "/graphql", "headers": headers, "queryParameters": {}, "body": "", "requestContext": {"http": http}}


@pytest.mark.parametrize(("headers", "client"), [
    ({"x-scf-remote-addr": REAL}, REAL),
    ({"x-scf-remote-addr": f"{FORGED}, {REAL}"}, REAL),
    ({"x-scf-remote-addr": f"{FORGED},{REAL}"}, REAL),
    ({"x-scf-remote-addr": [FORGED, REAL]}, REAL),
    ({"X-Scf-Remote-Addr": FORGED, "x-scf-remote-addr": REAL}, None),
    ({"x-scf-remote-addr": REAL, "X-Scf-Remote-Addr": FORGED}, None),
    ({"x-scf-remote-addr": f"{REAL}, nonsense"}, None),
    ({"x-scf-remote-addr": ""}, None),
    ({"x-scf-remote-addr": "2001:db8::1"}, "2001:db8::1"),
    ({"x-forwarded-for": FORGED, "x-real-ip": FORGED, "forwarded": f"for={FORGED}", "x-client-ip": FORGED}, None),
])  # fmt: skip
def test_client_address_on_tencent_is_the_last_value_of_the_platforms_header(headers: dict[str, Any], client: str | None) -> None:
    assert client_of(tencent(headers)) == client


@pytest.mark.parametrize(("headers", "client"), [
    ({"x-forwarded-for": REAL}, REAL),
    ({"x-forwarded-for": f"{FORGED}, {REAL}", "x-real-ip": FORGED}, REAL),
    ({"x-real-ip": FORGED}, None),
    ({"x-real-ip": FORGED, "x-scf-remote-addr": FORGED, "x-forwarded-for": ""}, None),
    ({"X-Forwarded-For": FORGED, "x-forwarded-for": REAL}, None),
    ({"x-forwarded-for": "unknown"}, None),
])  # fmt: skip
def test_client_address_on_huawei_is_the_last_hop_of_x_forwarded_for(headers: dict[str, Any], client: str | None) -> None:
    assert client_of(huawei(headers)) == client


@pytest.mark.parametrize("headers", [{}, {"x-forwarded-for": FORGED, "x-real-ip": FORGED, "x-client-ip": FORGED, "x-scf-remote-addr": FORGED}])
def test_client_address_on_aliyun_ignores_headers(headers: dict[str, Any]) -> None:
    assert client_of(aliyun(headers)) == REAL
