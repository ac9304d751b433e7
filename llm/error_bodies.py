"""Parser of providers' error bodies, in all shapes that OpenAI-compatible endpoints return."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

MAX_BODY_LENGTH = 20_000
"""Characters of a body or a message that are examined."""


@dataclass(frozen=True, slots=True)
class ErrorBody:
    """An error of a provider. `status` is the HTTP status, or the one that the body names; `kind` is the error's `type`, `param` its parameter."""

    status: int
    code: str | None = None
    kind: str | None = None
    param: str | None = None
    message: str | None = None


def read(body: object, status: int) -> ErrorBody:
    """Return the error in a body that was decoded from JSON, or in a text."""
    if isinstance(body, str):
        return ErrorBody(status, message=body[:MAX_BODY_LENGTH] or None)
    if not isinstance(body, Mapping):
        return ErrorBody(status)
    fields = cast("Mapping[str, Any]", body)
    inner = fields.get("error")
    if isinstance(inner, Mapping):
        fields = cast("Mapping[str, Any]", inner)
    elif isinstance(inner, str) and not fields.get("message"):
        fields = {**fields, "message": inner}
    elif isinstance(fields.get("base_resp"), Mapping):
        fields = {"code": fields["base_resp"].get("status_code"), "message": fields["base_resp"].get("status_msg")}
    code = _text(fields, "code", "error_code", "errorCode")
    named = int(code) if code and code.isdigit() and 400 <= int(code) <= 599 else status
    return ErrorBody(
        named if status < 400 else status, code, _text(fields, "type", "error_type"), _param(fields), _message(fields))


def is_error(body: object) -> bool:
    """Return whether a body with status 200, or one event of a stream, is an error instead of an answer."""
    if not isinstance(body, Mapping):
        return False
    fields = cast("Mapping[str, Any]", body)
    if fields.get("error"):
        return True
    if isinstance(fields.get("choices"), list):
        return False
    failed = isinstance(fields.get("base_resp"), Mapping) and fields["base_resp"].get("status_code") not in (None, 0)
    return failed or fields.get("object") == "error" or bool(_text(fields, "code", "error_code")) and bool(_text(fields, "message", "msg", "error_msg"))


def decode(text: str) -> object:
    """Return the JSON value in `text`; the text itself if it is not JSON."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return text


def _text(fields: Mapping[str, Any], *names: str) -> str | None:
    for name in names:
        value = fields.get(name)
        if isinstance(value, (str, int)) and not isinstance(value, bool) and str(value).strip():
            return str(value).strip()[:MAX_BODY_LENGTH]
    return None


def _message(fields: Mapping[str, Any]) -> str | None:
    """Return the message, joined with that of a provider behind a gateway (`metadata.raw`) and of a validator's list (`detail`)."""
    words = [_text(fields, "message", "msg", "error_msg", "detail")]
    metadata: object = fields.get("metadata")
    if isinstance(metadata, Mapping):
        words.append(_text(cast("Mapping[str, Any]", metadata), "raw"))
    detail: object = fields.get("detail")
    if isinstance(detail, Sequence) and not isinstance(detail, str):
        words.extend(_text(cast("Mapping[str, Any]", item), "msg") for item in cast("Sequence[object]", detail) if isinstance(item, Mapping))
    return "; ".join(word for word in words if word) or None


def _param(fields: Mapping[str, Any]) -> str | None:
    """Return `param`, or the location that a validator names (`["body", "stream_options"]`)."""
    named = _text(fields, "param")
    detail: object = fields.get("detail")
    if named or not isinstance(detail, Sequence) or isinstance(detail, str):
        return named
    for item in cast("Sequence[object]", detail):
        location: object = cast("Mapping[str, Any]", item).get("loc") if isinstance(item, Mapping) else None
        if isinstance(location, Sequence) and not isinstance(location, str):
            return ".".join(str(part) for part in cast("Sequence[object]", location) if part != "body")
    return None
