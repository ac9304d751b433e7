"""The HTTP side: routes, injected faults and counts. One `create_app()` is one model with its own faults and counts."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from dev.offline_model import protocol, tasks
from dev.offline_model.faults import RETRY_AFTER_SECONDS, STATUSES, FaultPlan, plan_from
from dev.offline_model.protocol import MODEL, Answer, ChatRequest, RequestError

KEEP_ALIVE_SECONDS = 0.05
WEB_PAGE = "<!doctype html><title>502</title><h1>Bad gateway</h1>"
GARBAGE = '{"lines": [{"kind": "SUMMARY", "text": "the day'
MISSHAPEN = '{"diary": "a fine day", "signals": "none"}'


@dataclass(slots=True)
class Counts:
    calls: int = 0
    in_flight: int = 0
    most_in_flight: int = 0
    by_task: Counter[str] = field(default_factory=Counter[str])
    by_fault: Counter[str] = field(default_factory=Counter[str])

    def begin(self) -> None:
        self.calls += 1
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)

    def as_json(self) -> dict[str, object]:
        return {
            "calls": self.calls,
            "in_flight": self.in_flight,
            "most_in_flight": self.most_in_flight,
            "by_task": dict(self.by_task),
            "by_fault": dict(self.by_fault),
        }


class OfflineModel:
    def __init__(self) -> None:
        self.plan = FaultPlan()
        self.counts = Counts()

    async def complete(self, request: Request) -> Response:
        self.counts.begin()
        ready_at = asyncio.get_running_loop().time() + self.plan.latency
        try:
            chat = protocol.parse(await request.body())
            task = tasks.recognise(chat)
            kind = self.plan.kind_for(chat, request.headers.getlist("x-fault"))
            self.counts.by_task[task.name] += 1
            self.counts.by_fault[kind or "none"] += 1
            dictated = self.plan.answers.get(task.name)
            response = await _respond(request, chat, task, kind) if dictated is None else _deliver(chat, Answer(dictated), None)
            await asyncio.sleep(ready_at - asyncio.get_running_loop().time())
            return response
        except RequestError as error:
            return JSONResponse(error.body, error.status)
        except ClientDisconnect:
            return Response(status_code=499)
        finally:
            self.counts.in_flight -= 1

    async def set_faults(self, request: Request) -> Response:
        try:
            self.plan = plan_from(json.loads(await request.body()))
        except RequestError as error:
            return JSONResponse(error.body, error.status)
        except ValueError:
            return JSONResponse(protocol.error_body("the body is not JSON", status=400), 400)
        return JSONResponse({"ok": True})

    async def reset(self, request: Request) -> Response:
        self.plan, self.counts = FaultPlan(), Counts(in_flight=self.counts.in_flight)
        return JSONResponse({"ok": True})

    async def stats(self, request: Request) -> Response:
        return JSONResponse(self.counts.as_json())


def create_app() -> Starlette:
    model = OfflineModel()
    routes = [
        Route("/health", _health),
        Route("/stats", model.stats),
        Route("/faults", model.set_faults, methods=["POST"]),
        Route("/reset", model.reset, methods=["POST"]),
    ]
    for prefix in ("", "/v1"):
        routes.append(Route(f"{prefix}/chat/completions", model.complete, methods=["POST"]))
        routes.append(Route(f"{prefix}/models", _models))
    return Starlette(routes=routes)


async def _health(request: Request) -> Response:
    return JSONResponse({"status": "ok", "model": MODEL})


async def _models(request: Request) -> Response:
    return JSONResponse({"object": "list", "data": [{"id": MODEL, "object": "model", "owned_by": "unilife"}]})


async def _respond(request: Request, chat: ChatRequest, task: tasks.Task, kind: str | None) -> Response:
    if kind in STATUSES:
        status, message, code = STATUSES[kind]
        headers = {"retry-after": str(RETRY_AFTER_SECONDS)} if status == 429 else None
        return JSONResponse(protocol.error_body(message, status=status, code=code), status, headers)
    if kind == "html":
        return HTMLResponse(WEB_PAGE)
    if kind == "silent":
        while not await request.is_disconnected():  # noqa: ASYNC110 - the server offers no event for it
            await asyncio.sleep(KEEP_ALIVE_SECONDS)
        return Response(status_code=499)
    if kind == "timeout":
        line = ": keep-alive\n\n" if chat.stream else "\n"
        return StreamingResponse(_keep_alive(line), media_type=_media_type(chat))
    # A thread, so that a long prompt does not hold up the other calls.
    answer = await asyncio.to_thread(task.answer, invented=kind == "invented")
    return _deliver(chat, _spoilt(protocol.within_limit(answer, chat.max_tokens), kind), kind)


def _deliver(chat: ChatRequest, answer: Answer, kind: str | None) -> Response:
    if chat.stream:
        events: Iterator[str] = protocol.stream_events(chat, answer, cut=kind == "cut")
        return StreamingResponse(events, media_type=_media_type(chat))
    whole = protocol.completion(chat, answer)
    if kind == "choiceless":
        whole["choices"] = []
    body = json.dumps(whole, ensure_ascii=False)
    return Response(body[: len(body) // 2] if kind == "cut" else body, media_type=_media_type(chat))


def _spoilt(answer: Answer, kind: str | None) -> Answer:
    half = answer.text[: len(answer.text) // 2]
    spoilt = {
        "truncated": Answer(half, "length"),
        "resource": Answer(half, "insufficient_system_resource"),
        "filtered": Answer("", "content_filter"),
        "empty": Answer(""),
        "garbage": Answer(GARBAGE),
        "misshapen": Answer(MISSHAPEN),
    }
    return spoilt.get(kind or "", answer)


async def _keep_alive(line: str) -> AsyncIterator[str]:
    while True:
        yield line
        await asyncio.sleep(KEEP_ALIVE_SECONDS)


def _media_type(chat: ChatRequest) -> str:
    return "text/event-stream" if chat.stream else "application/json"
