"""Refusals of a parameter by name, with the texts that endpoints use, while the client sends it."""

from __future__ import annotations

from dev.offline_model.families import unsupported
from dev.offline_model.protocol import ChatRequest, RequestError


def rejection(kind: str, request: ChatRequest) -> None:
    """Refuse the parameter that `kind` names (`rejects-parameter[-422|-unrecognized]:<name>`). Raises RequestError if the request has it."""
    style, _, name = kind.partition(":")
    if name not in request.parameters:
        return
    if style == "rejects-parameter-422":  # FastAPI's format, which many gateways use
        detail = [{"type": "extra_forbidden", "loc": ["body", name], "msg": "Extra inputs are not permitted", "input": None}]
        raise RequestError(name, status=422, body={"detail": detail})
    if style == "rejects-parameter-unrecognized":
        raise RequestError(f"Unrecognized request argument supplied: {name}")
    raise unsupported(name)


def stream_only(request: ChatRequest) -> None:
    """Refuse calls that are not streamed. Raises RequestError for one that is neither streamed nor without thinking."""
    if not request.stream and (request.thinking or "enable_thinking" not in request.parameters):
        message = "parameter.enable_thinking must be set to false for non-streaming calls"
        error = {"message": message, "type": "invalid_request_error", "param": None, "code": "invalid_parameter_error"}
        raise RequestError(message, body={"error": error})
