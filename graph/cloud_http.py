"""HTTP requests from the clouds' event functions: Mangum adapts AWS, `CloudEventAdapter` the others; `handle_http_event` passes one event to an application.

The client's address comes only from the platform: from the event if it has one, else from the last value of the one header that the platform writes. A client
can forge earlier values of that header and every other header. Each cloud documents (read 2026-11-28):

- AWS: `requestContext` has the source address. A load balancer appends it to `X-Forwarded-For` unless configured otherwise (docs.aws.amazon.com, "HTTP
  headers and Application Load Balancers").
- Alibaba: `requestContext.http.sourceIp`; headers such as X-Forwarded-For, X-Real-IP and X-Client-IP "may be forged" (help.aliyun.com, "How do I obtain the
  original IP address of a client", 2024-06-07).
- Huawei: APIG uses `$remote_addr`, the address that connected to it (support.huaweicloud.com, apig-faq-0008, 2025-03-05). No document says that it overwrites
  `X-Real-IP`, so that header is not trusted; proxies append to `X-Forwarded-For`, whose last value is the connection's.
- Tencent: `x-scf-remote-addr` "is the client's request IP" (cloud.tencent.com, document 583/96099, 2025-08-12). The document does not say what happens to one
  that the client sends, so only the last value counts, and none if two spellings of the header have different values. Gateways (legacy) have
  `requestContext.sourceIp`.
"""
from __future__ import annotations

import json
import logging
from base64 import b64decode
from binascii import Error as Base64Error
from collections.abc import Mapping
from typing import Any, cast
from urllib.parse import unquote, urlencode

from mangum import Mangum
from mangum.handlers.utils import handle_base64_response_body

from graph.client_address import last_hop

TEXT_TYPES = ["text/", "application/json", "application/graphql-response+json"]
"""Media types whose bodies are sent as text; all others are sent in base64."""

logging.getLogger("mangum").setLevel(logging.CRITICAL)  # mangum logs paths and exception messages; the application logs only what is safe


def is_http_event(event: Any) -> bool:
    """Return whether the event is an HTTP request from one of the clouds."""
    if not isinstance(event, Mapping):
        return False
    return isinstance(event.get("httpMethod"), str) or isinstance(_request_context(event).get("http"), Mapping)


def handle_http_event(app: Any, event: dict[str, Any], context: Any, extras: Mapping[str, Any]) -> dict[str, Any]:
    """Pass one HTTP event to an ASGI application, on the current event loop, and return its response. `extras` are added to the scope."""

    async def prepared(scope: Any, receive: Any, send: Any) -> None:
        scope.update(extras, path=_without_stage(scope["path"], event))
        if "elb" in _request_context(event):
            scope["client"] = (last_hop(dict(scope["headers"]).get(b"x-forwarded-for", b"").decode()), 0)
        await app(scope, receive, send)

    return Mangum(prepared, lifespan="off", custom_handlers=[cast(Any, CloudEventAdapter)], text_mime_types=TEXT_TYPES)(event, context)


class CloudEventAdapter:
    """Mangum's handler for Tencent Function URLs and API gateways, Alibaba HTTP triggers (v1) and Huawei APIG triggers."""

    @classmethod
    def infer(cls, event: Any, context: Any, config: Any) -> bool:
        """Return whether the event has none of AWS's four shapes."""
        return event.get("version") not in ("1.0", "2.0") and "resource" not in event and "elb" not in _request_context(event)

    def __init__(self, event: dict[str, Any], context: Any, config: Any) -> None:
        self._event, self._config = event, config
        given = [(str(name).lower(), _text(value)) for name, value in (event.get("headers") or {}).items()]
        self._headers = dict(given)
        self._disputed = {name for name, value in given if self._headers[name] != value}
        """Names of headers that were sent in two spellings with different values."""

    @property
    def body(self) -> bytes:
        """The body's bytes. A body that is marked as base64 but is not (some of Huawei's) is used unchanged."""
        body = self._event.get("body")
        raw = (body if isinstance(body, str) else "" if body is None else json.dumps(body)).encode()
        if not self._event.get("isBase64Encoded"):
            return raw
        try:
            return b64decode(raw, validate=True)
        except Base64Error:
            return raw

    @property
    def scope(self) -> dict[str, Any]:
        event, http = self._event, _request_context(self._event).get("http") or {}
        path = event.get("rawPath") or event.get("path") or http.get("path") or "/"
        host, _, port = self._headers.get("host", "").partition(":")
        return {
            "type": "http",
            "http_version": "1.1",
            "method": str(event.get("httpMethod") or http.get("method") or "GET").upper(),
            "headers": [(name.encode(), value.encode()) for name, value in self._headers.items()],
            "path": unquote(path),
            "raw_path": path.encode(),
            "root_path": "",
            "scheme": self._headers.get("x-forwarded-proto", "https"),
            "query_string": urlencode(self._query(), doseq=True).encode(),
            "server": (host or "function", int(port) if port.isdecimal() and len(port) <= 5 else 443),
            "client": (self._client(), 0),
            "asgi": {"version": "3.0", "spec_version": "2.0"},
        }

    def __call__(self, response: Any) -> dict[str, Any]:
        headers: dict[str, str] = {}
        for raw_name, raw_value in response["headers"]:
            name, value = raw_name.decode().lower(), raw_value.decode()
            headers[name] = f"{headers[name]}, {value}" if name in headers else value
        body, is_base64 = handle_base64_response_body(response["body"], headers, self._config["text_mime_types"])
        return {"statusCode": response["status"], "headers": headers, "body": body, "isBase64Encoded": is_base64}

    def _query(self) -> Mapping[str, Any]:
        """Return the query parameters. Tencent's gateway has all of them in `queryString`; its `queryStringParameters` has only the configured ones."""
        for key in ("queryString", "queryParameters", "queryStringParameters"):
            if isinstance(self._event.get(key), Mapping):
                return self._event[key]
        return {}

    def _client(self) -> str | None:
        door = _request_context(self._event)
        if self._event.get("version") == "v1":
            return (door.get("http") or {}).get("sourceIp")
        if "sourceIp" in door:
            return door["sourceIp"]
        name = "x-forwarded-for" if door else "x-scf-remote-addr"
        return None if name in self._disputed else last_hop(self._headers.get(name, ""))


def _request_context(event: Mapping[str, Any]) -> Mapping[str, Any]:
    found = event.get("requestContext")
    return found if isinstance(found, Mapping) else {}


def _without_stage(path: str, event: Mapping[str, Any]) -> str:
    """Return the path without the stage's name, which AWS HTTP APIs prepend unless the stage is `$default`."""
    prefix = f"/{_request_context(event).get('stage')}/"
    return path[len(prefix) - 1 :] if event.get("version") == "2.0" and path.startswith(prefix) else path


def _text(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
