"""What a GraphQL request says over HTTP: its media types, its body, its four parameters. Whatever is malformed is refused here."""
from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple, cast

from starlette.requests import Request

MAX_BODY_BYTES = 4 * 1024 * 1024
"""The clouds take events of 6 MB, of which base64 takes a quarter."""

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
EVENT_STREAM = "text/event-stream"


class HTTPError(Exception):
    """A request that never reaches the schema. `code` goes into `extensions.code`."""

    def __init__(self, status: int, message: str, code: str = "BAD_USER_INPUT", **headers: str) -> None:
        super().__init__(message)
        self.status, self.message, self.code, self.headers = status, message, code, headers


class GraphQLRequest(NamedTuple):
    """The four parameters of a GraphQL request, of the right types."""

    query: str
    variables: dict[str, Any] | None
    operation_name: str | None
    extensions: dict[str, Any] | None


def negotiate(accept: str | None) -> str:
    """The media type to answer in; `application/json` where the client has no preference. Raises `HTTPError` 406."""
    if not accept or not accept.strip():
        return JSON
    best, best_quality = None, 0.0
    for media_range in accept.split(","):
        name, *parameters = (part.strip().lower() for part in media_range.split(";"))
        found = {"*/*": JSON, "application/*": JSON}.get(name, name)
        quality = _quality(parameters)
        if found in (JSON, GRAPHQL_JSON, EVENT_STREAM) and quality > best_quality:
            best, best_quality = found, quality
    if best is None:
        raise HTTPError(406, f"answers are given as {GRAPHQL_JSON}, {JSON} or {EVENT_STREAM}", "NOT_ACCEPTABLE")
    return best


def _quality(parameters: Iterable[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            with suppress(ValueError):
                return float(parameter[2:])
            return 0.0
    return 1.0


async def read_request(request: Request) -> GraphQLRequest:
    """The parameters of a GET or POST. Raises `HTTPError` 400, 405, 413 or 415."""
    if request.method == "GET":
        parameters: Mapping[str, Any] = dict(request.query_params)
        decoded = {name: parse_json(parameters[name], f'"{name}"') for name in ("variables", "extensions") if parameters.get(name)}
        return check_parameters({**parameters, "variables": None, "extensions": None, **decoded})
    if request.method != "POST":
        raise HTTPError(405, "send GraphQL by POST, or a query by GET", "METHOD_NOT_ALLOWED", allow="GET, POST")
    _check_content_type(request)
    body = await read_body(request)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise HTTPError(400, "the body is not UTF-8") from None
    return check_parameters(parse_json(text, "the body"))


def _check_content_type(request: Request) -> None:
    name, *parameters = (part.strip().lower() for part in request.headers.get("content-type", "").split(";"))
    charsets = [parameter[8:].strip('"') for parameter in parameters if parameter.startswith("charset=")]
    if name != JSON or any(charset not in ("utf-8", "utf8") for charset in charsets):
        raise HTTPError(415, f"send Content-Type: {JSON}, in UTF-8", "UNSUPPORTED_MEDIA_TYPE")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise HTTPError(415, "send the body without Content-Encoding", "UNSUPPORTED_MEDIA_TYPE")


async def read_body(request: Request) -> bytes:
    """The whole body, counted while it is read. Raises `HTTPError` 413."""
    body = bytearray()
    too_large = HTTPError(413, f"the body is larger than {MAX_BODY_BYTES} bytes", "PAYLOAD_TOO_LARGE")
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and (len(announced) > 15 or int(announced) > MAX_BODY_BYTES):
        raise too_large
    async for chunk in request.stream():
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise too_large
    return bytes(body)


def parse_json(text: str, what: str) -> Any:
    """JSON whose texts can be stored: no NUL and no half of a surrogate pair. Raises `HTTPError` 400."""
    try:
        parsed = json.loads(text, parse_constant=_refuse_constant)
        if "\\u" in text and _has_nul(json.dumps(parsed, ensure_ascii=False)):
            raise HTTPError(400, f"{what} has a NUL character (\\u0000) in a text, which cannot be stored")
    except RecursionError:
        raise HTTPError(400, f"{what} is nested too deeply") from None
    except UnicodeEncodeError:
        raise HTTPError(400, f"{what} has half of a surrogate pair in a text") from None
    except ValueError:  # not JSON, or an integer of thousands of digits
        raise HTTPError(400, f"{what} is not JSON that can be read") from None
    return parsed


def _has_nul(text: str) -> bool:
    """Whether JSON has an escaped NUL. Raises `UnicodeEncodeError` for half of a surrogate pair."""
    text.encode()
    return "\\u0000" in text.replace("\\\\", "")


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


def check_parameters(parameters: Any) -> GraphQLRequest:
    """The parameters, if they have the right types. Raises `HTTPError` 400."""
    if isinstance(parameters, list):
        raise HTTPError(400, "a list of operations is not taken: send one JSON object for each")
    if not isinstance(parameters, dict):
        raise HTTPError(400, 'the body must be a JSON object with "query"')
    found = cast("dict[str, Any]", parameters)
    query, name = found.get("query"), found.get("operationName")
    if not isinstance(query, str) or not query.strip():
        raise HTTPError(400, '"query" must be a text that is not empty')
    if name is not None and not isinstance(name, str):
        raise HTTPError(400, '"operationName" must be a text or null')
    for key in ("variables", "extensions"):
        if not isinstance(found.get(key), (dict, type(None))):
            raise HTTPError(400, f'"{key}" must be an object or null')
    return GraphQLRequest(query, found.get("variables"), name or None, found.get("extensions"))
