"""Faults and unusual answers that a client requests from the offline model.

The header `x-fault: <kind>` requests a fault for one call. POST /faults requests faults for later calls, with one of

    {"next": ["429", "empty"]}                    the next calls, one kind each; "ok" means no fault
    {"always": "500"}                             every call
    {"rate": 0.2, "kinds": ["429", "timeout"]}    this share of the calls, 0 to 1
    {"match": "text in the prompt", "kind": "empty"}   every call whose messages contain the text
    {"answers": {"diary": "text"}}                every call of this task is answered with exactly this text; also together with "match" and "kind"

The body may also have, or consist only of, settings of the endpoint:

    {"latency_ms": 200}             every answer is delayed until this time after its call
    {"family": "openai"}            the endpoint is of this family, and strict: see `dev.offline_model.families`
    {"refuses": ["seed"]}           calls with these parameters are refused with an error that names the parameter
    {"models": ["qwen3-max"]}       only these models are served (GET /models lists them)

A kind is a status (`STATUSES`), a failure (`BEHAVIOURS`), an answer of another form (`dev.offline_model.shapes.SHAPES`), an error in a provider's
own wording (`dev.offline_model.provider_errors.ERRORS`), such an error in a 200 (`error-in-200:zhipu-1113`) or in the middle of a stream
(`error-in-sse:zhipu-1113`), or the refusal of calls with a parameter (`rejects-parameter:seed`, also `rejects-parameter-422:` and
`rejects-parameter-unrecognized:`). Each POST replaces the previous plan; POST /reset removes it. By rate, a call's body and the number of times that
this body was sent before decide whether the call fails, so a run fails at the same calls in whatever order they arrive.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, cast

from dev.offline_model.endpoint import Endpoint
from dev.offline_model.families import FAMILIES, family_named
from dev.offline_model.protocol import ChatRequest, RequestError
from dev.offline_model.provider_errors import ERRORS
from dev.offline_model.shapes import SHAPES

STATUSES = {
    "400": (400, "invalid request", None),
    "401": (401, "invalid api key", "invalid_api_key"),
    "402": (402, "insufficient balance", "insufficient_balance"),
    "403": (403, "not allowed", None),
    "404": (404, "no such model", "model_not_found"),
    "422": (422, "invalid parameters", None),
    "429": (429, "rate limit reached", "rate_limit_exceeded"),
    "500": (500, "server error", None),
    "503": (503, "overloaded", None),
}
"""Status, message and code by kind."""
BEHAVIORS = {
    "timeout": "keep-alive lines and never an answer",
    "silent": "no byte at all",
    "truncated": "half an answer, finish_reason length",
    "resource": "half an answer, finish_reason insufficient_system_resource",
    "cut": "a stream, or a body, that ends in the middle",
    "filtered": "finish_reason content_filter",
    "empty": "an answer without text",
    "choiceless": "no choices",
    "garbage": "text that is not JSON where JSON was asked for",
    "misshapen": "JSON of another shape",
    "invented": "quotes that nobody wrote",
    "html": "a web page with status 200",
}
KINDS = (*STATUSES, *BEHAVIORS)
"""The kinds that never produce a usable answer, whatever the request."""
CONDITIONAL = {
    "keep-alive": "keep-alive lines, and then the answer",
    "agreeing": "SAYS to every claim of a second reading, whatever its statements say; other tasks are answered as usual",
    "stream-only": "calls that are not streamed are refused unless they switch thinking off, as some Qwen models do",
    "error-in-200": "an error in the body of a 200; with a provider's error after a colon, that one",
    "error-in-sse": "an error in the middle of a stream; with a provider's error after a colon, that one",
}
IN_200 = ("error-in-200", "error-in-sse")
REJECTIONS = ("rejects-parameter", "rejects-parameter-422", "rejects-parameter-unrecognized")
RETRY_AFTER_SECONDS = 7


@dataclass(slots=True)
class FaultPlan:
    upcoming: list[str] = field(default_factory=list[str])
    always: str | None = None
    rate: float = 0.0
    kinds: tuple[str, ...] = ()
    match: str | None = None
    match_kind: str = ""
    answers: Mapping[str, str] = field(default_factory=dict[str, str])
    latency: float = 0.0
    endpoint: Endpoint = field(default_factory=Endpoint)
    seen: Counter[str] = field(default_factory=Counter[str])

    def kind_for(self, request: ChatRequest, headers: Sequence[str]) -> str | None:
        """Return the fault of this call, or None. Raises RequestError when the headers do not name exactly one known kind."""
        if headers:
            return validate_kind(", ".join(headers))
        if self.upcoming:
            kind = self.upcoming.pop(0)
            return None if kind == "ok" else kind
        if self.match is not None:
            return self.match_kind if any(self.match in message.content for message in request.messages) else None
        return self.always or self._by_rate(request)

    def _by_rate(self, request: ChatRequest) -> str | None:
        if not self.kinds:
            return None
        attempt = self.seen[request.digest]
        self.seen[request.digest] += 1
        drawn = sha256(f"{request.digest} {attempt}".encode()).digest()
        if int.from_bytes(drawn[:8], "big") / 2**64 >= self.rate:
            return None
        return self.kinds[drawn[8] % len(self.kinds)]


def plan_from(body: object) -> FaultPlan:
    """Return the plan that the body describes. Raises RequestError with the possible forms when the body has none of them."""
    if not isinstance(body, Mapping):
        raise RequestError("the faults must be a JSON object")
    fields = dict(cast("Mapping[str, Any]", body))
    set_beside = fields.keys() & {"latency_ms", "family", "refuses", "models"}
    latency = _latency(fields.pop("latency_ms", 0))
    endpoint = _endpoint({name: fields.pop(name) for name in ("family", "refuses", "models") if name in fields})
    plan = FaultPlan() if set_beside and not fields else _plan(fields)
    plan.latency, plan.endpoint = latency, endpoint
    return plan


def _endpoint(fields: Mapping[str, Any]) -> Endpoint:
    return Endpoint(
        family=family_named(fields["family"]) if "family" in fields else FAMILIES["deepseek"],
        strict="family" in fields,
        refuses=frozenset(_names(fields.get("refuses", []))),
        models=tuple(_names(fields["models"])) if "models" in fields else None,
    )


def _names(value: object) -> list[str]:
    if isinstance(value, list) and all(isinstance(name, str) and name for name in cast("list[object]", value)):
        return cast("list[str]", value)
    raise RequestError("`refuses` and `models` must be lists of names")


def _plan(fields: Mapping[str, Any]) -> FaultPlan:
    names = sorted(fields)
    if names == ["next"]:
        return FaultPlan(upcoming=["ok" if kind == "ok" else validate_kind(kind) for kind in _kinds(fields["next"])])
    if names == ["always"]:
        return FaultPlan(always=validate_kind(fields["always"]))
    if names == ["kinds", "rate"]:
        return FaultPlan(rate=_rate(fields["rate"]), kinds=tuple(validate_kind(kind) for kind in _kinds(fields["kinds"])))
    if names == ["kind", "match"] and isinstance(fields["match"], str) and fields["match"]:
        return FaultPlan(match=fields["match"], match_kind=validate_kind(fields["kind"]))
    if names == ["answers"]:
        return FaultPlan(answers=_answers(fields["answers"]))
    if names == ["answers", "kind", "match"] and isinstance(fields["match"], str) and fields["match"]:
        return FaultPlan(answers=_answers(fields["answers"]), match=fields["match"], match_kind=validate_kind(fields["kind"]))
    raise RequestError(
        'faults are one of {"next"}, {"always"}, {"rate", "kinds"}, {"match", "kind"}, {"answers"}, {"answers", "match", "kind"}, '
        'each also with "latency_ms", "family", "refuses", "models"'
    )


def _answers(value: object) -> Mapping[str, str]:
    if isinstance(value, Mapping) and all(isinstance(text, str) for text in cast("Mapping[str, Any]", value).values()):
        return cast("Mapping[str, str]", value)
    raise RequestError("the answers must be texts by the names of tasks")


def validate_kind(kind: object) -> str:
    if isinstance(kind, str) and _is_known(kind):
        return kind
    known = (*KINDS, *CONDITIONAL, *(f"{name}:<parameter>" for name in REJECTIONS), *SHAPES, *ERRORS)
    raise RequestError(f"a fault is one of {', '.join(known)}, one for each call", param="x-fault", code="unknown_fault")


def _is_known(kind: str) -> bool:
    name, colon, detail = kind.partition(":")
    if colon:
        return detail.isidentifier() if name in REJECTIONS else name in IN_200 and detail in ERRORS
    return kind in KINDS or kind in CONDITIONAL or kind in SHAPES or kind in ERRORS


def _kinds(value: object) -> list[object]:
    if isinstance(value, list) and value:
        return cast("list[object]", value)
    raise RequestError("the kinds of faults must be a list with at least one item")


def _latency(value: object) -> float:
    """Return seconds from milliseconds."""
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 600_000:
        return value / 1000
    raise RequestError("latency_ms must be a number from 0 to 600000")


def _rate(value: object) -> float:
    if isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1:
        return float(value)
    raise RequestError("rate must be a number from 0 to 1")
