"""GraphQL requests over HTTP: media types, body and the parameters. Malformed requests are rejected here."""
from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, NamedTuple, cast

from starlette.requests import ClientDisconnect, Request

MAX_BODY_BYTES = 256 * 1024
"""Maximum bytes of a body: two messages of maximum length with every character escaped."""
MAX_IMPORT_BYTES = 4 * 1024 * 1024
"""Maximum bytes of imports by a signed-in user. The clouds take events of 6 MB, of which base64 uses a quarter."""

TOKEN_FIELDS = ("sessionCreate", "sessionRefresh", "accountRegister")
"""The root fields that return the tokens of a session."""

MaySendMore = Callable[[], Awaitable[bool]]
"""Returns whether a signed-in user sends this request, which may then be longer than `MAX_BODY_BYTES`. Raises the exception that rejects an invalid token."""

JSON = "application/json"
GRAPHQL_JSON = "application/graphql-response+json"
EVENT_STREAM = "text/event-stream"

UNPROCESSABLE = 422
"""The status for a body that is valid JSON but not a request that can run."""
PERSISTED_QUERY_NOT_SUPPORTED = "PersistedQueryNotSupported"
"""The message after which the clients with automatic persisted queries (Apollo's, urql's) send the document's text."""


class HTTPError(Exception):
    """The error of a request that does not reach the schema. `code` becomes `extensions.code`.

    Status 422 is for clients that accept `GRAPHQL_JSON`; the others get 400 instead.
    """

    def __init__(self, status: int, message: str, code: str = "BAD_USER_INPUT", **headers: str) -> None:
        super().__init__(message)
        self.status, self.message, self.code, self.headers = status, message, code, headers


class GraphQLRequest(NamedTuple):
    """The parameters of a GraphQL request, with validated types. `query` is empty if the request has only the id of a document."""

    query: str
    variables: dict[str, Any] | None
    operation_name: str | None
    extensions: dict[str, Any] | None
    document_id: str | None = None


def may_return_tokens(document: str) -> bool:
    """Return whether a document may select the tokens of a session; an alias cannot hide the field's name."""
    return any(name in document for name in TOKEN_FIELDS)


def negotiate(accept: str | None) -> str:
    """Return the media type of the response; `application/json` if the client has no preference. Raises `HTTPError` 406."""
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
        raise HTTPError(406, f"send Accept: {GRAPHQL_JSON}, {JSON} or {EVENT_STREAM}", "NOT_ACCEPTABLE")
    return best


def _quality(parameters: Iterable[str]) -> float:
    for parameter in parameters:
        if parameter.startswith("q="):
            with suppress(ValueError):
                return float(parameter[2:])
            return 0.0
    return 1.0


async def read_request(request: Request, may_send_more: MaySendMore) -> tuple[GraphQLRequest, int]:
    """Return the parameters of a GET or POST, and the length of the body in bytes. Raises `HTTPError` 400, 405, 413, 415 or 422."""
    if request.method == "GET":
        parameters: Mapping[str, Any] = dict(request.query_params)
        decoded = {name: parse_json(parameters[name], f'"{name}"') for name in ("variables", "extensions") if parameters.get(name)}
        return check_parameters({**parameters, "variables": None, "extensions": None, **decoded}), 0
    if request.method != "POST":
        raise HTTPError(405, "use POST, or GET for a query", "METHOD_NOT_ALLOWED", allow="GET, POST")
    _check_content_type(request)
    body = await read_body(request, may_send_more)
    try:
        text = body.decode()
    except UnicodeDecodeError:
        raise HTTPError(400, "the body is not UTF-8") from None
    return check_parameters(parse_json(text, "the body")), len(body)


def _check_content_type(request: Request) -> None:
    name, *parameters = (part.strip().lower() for part in request.headers.get("content-type", "").split(";"))
    charsets = [parameter[8:].strip('"') for parameter in parameters if parameter.startswith("charset=")]
    if name != JSON or any(charset not in ("utf-8", "utf8") for charset in charsets):
        raise HTTPError(415, f"send Content-Type: {JSON}, in UTF-8", "UNSUPPORTED_MEDIA_TYPE")
    if request.headers.get("content-encoding", "identity").lower() != "identity":
        raise HTTPError(415, "send the body without Content-Encoding", "UNSUPPORTED_MEDIA_TYPE")


async def read_body(request: Request, may_send_more: MaySendMore | None = None) -> bytes:
    """Return the whole body, counting its bytes while reading. The caller is authenticated only if the body is longer than `MAX_BODY_BYTES`.

    Raises `HTTPError` 413, and 400 when the client disconnects before the end.
    """
    body, limit = bytearray(), MAX_BODY_BYTES
    announced = request.headers.get("content-length", "")
    expected = min(int(announced[:15]), 10**15) if announced.isdecimal() else 0
    try:
        async for chunk in request.stream():
            if max(expected, len(body) + len(chunk)) > limit == MAX_BODY_BYTES and may_send_more and await may_send_more():
                limit = MAX_IMPORT_BYTES
            if max(expected, len(body) + len(chunk)) > limit:
                raise make_too_large_error(limit)
            body += chunk
    except ClientDisconnect:
        raise HTTPError(400, "the connection was closed before the end of the body") from None
    return bytes(body)


def make_too_large_error(limit: int = MAX_BODY_BYTES) -> HTTPError:
    imports = f"; up to {MAX_IMPORT_BYTES} bytes are accepted only for `accountImport` and `importPart` with an access token" if limit < MAX_IMPORT_BYTES else ""
    return HTTPError(413, f"the body is larger than {limit} bytes{imports}", "PAYLOAD_TOO_LARGE")


def bearer_of(header: str | None) -> str | None:
    """Return the access token of an Authorization header, or None without a header. Another scheme gives an empty token, which authentication rejects."""
    if not header:
        return None
    scheme, _, token = header.partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def parse_json(text: str, what: str) -> Any:
    """Return parsed JSON whose texts can be stored, without NUL and without unpaired surrogates. Raises `HTTPError` 400."""
    try:
        parsed = json.loads(text, parse_constant=_refuse_constant)
        if "\\u" in text and _has_nul(json.dumps(parsed, ensure_ascii=False)):
            raise HTTPError(400, f"{what} has a string with a NUL character (\\u0000), which cannot be stored")
    except RecursionError:
        raise HTTPError(400, f"{what} is nested too deeply") from None
    except UnicodeEncodeError:
        raise HTTPError(400, f"{what} has a string with half of a surrogate pair") from None
    except ValueError:  # not JSON, or an integer of thousands of digits
        raise HTTPError(400, f"{what} is not valid JSON") from None
    return parsed


def _has_nul(text: str) -> bool:
    """Return whether JSON has an escaped NUL. Raises `UnicodeEncodeError` for an unpaired surrogate."""
    text.encode()
    return "\\u0000" in text.replace("\\\\", "")


def _refuse_constant(name: str) -> Any:
    raise ValueError(f"{name} is not a JSON value")


def _names_persisted_query(extensions: Any) -> bool:
    return isinstance(extensions, dict) and isinstance(cast("dict[str, Any]", extensions).get("persistedQuery"), dict)


def check_parameters(parameters: Any) -> GraphQLRequest:
    """Return the parameters after checking their types. Raises `HTTPError` 422."""
    if isinstance(parameters, list):
        raise HTTPError(UNPROCESSABLE, "batched operations are not supported: send one JSON object per request")
    if not isinstance(parameters, dict):
        raise HTTPError(UNPROCESSABLE, 'the body must be a JSON object with "query" or "documentId"')
    found = cast("dict[str, Any]", parameters)
    query, name, document_id = found.get("query"), found.get("operationName"), found.get("documentId")
    if document_id is not None and not isinstance(document_id, str):
        raise HTTPError(UNPROCESSABLE, '"documentId" must be a string or null')
    if query is None and document_id:
        query = ""
    elif query is None and _names_persisted_query(found.get("extensions")):
        raise HTTPError(UNPROCESSABLE, PERSISTED_QUERY_NOT_SUPPORTED)
    elif not isinstance(query, str) or not query.strip():
        raise HTTPError(UNPROCESSABLE, '"query" must be a non-empty string')
    if name is not None and not isinstance(name, str):
        raise HTTPError(UNPROCESSABLE, '"operationName" must be a string or null')
    for key in ("variables", "extensions"):
        if not isinstance(found.get(key), (dict, type(None))):
            raise HTTPError(UNPROCESSABLE, f'"{key}" must be an object or null')
    return GraphQLRequest(query, found.get("variables"), name or None, found.get("extensions"), document_id or None)
