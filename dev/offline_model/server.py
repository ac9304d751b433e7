"""The HTTP server: routes, faults, the endpoint's settings. One `create_app()` is one model with its own faults, counts and cache."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Iterable

from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from dev.offline_model import protocol, reply, replying, tasks
from dev.offline_model.counts import Captured, Counts
from dev.offline_model.faults import REJECTIONS, RETRY_AFTER_SECONDS, STATUSES, FaultPlan, plan_from
from dev.offline_model.prefix_cache import PrefixCache
from dev.offline_model.protocol import MODEL, Answer, ChatRequest, RequestError
from dev.offline_model.provider_errors import ERRORS
from dev.offline_model.refusals import rejection, stream_only
from dev.offline_model.request import parse

KEEP_ALIVE_SECONDS = 0.05
KEEP_ALIVES = 3
"""Keep-alive lines before a delayed answer."""
WEB_PAGE = "<!doctype html><title>502</title><h1>Bad gateway</h1>"


class OfflineModel:
    def __init__(self) -> None:
        self.plan = FaultPlan()
        self.counts = Counts()
        self.cache = PrefixCache()

    async def complete(self, request: Request) -> Response:
        self.counts.begin()
        ready_at = asyncio.get_running_loop().time() + self.plan.latency
        try:
            response = await self._complete(request)
            await asyncio.sleep(ready_at - asyncio.get_running_loop().time())
            return response
        except RequestError as error:
            return JSONResponse(error.body, error.status)
        except ClientDisconnect:
            return Response(status_code=499)
        finally:
            self.counts.in_flight -= 1

    async def _complete(self, request: Request) -> Response:
        body = await request.body()
        captured = Captured(body.decode(errors="replace"))
        self.counts.requests.append(captured)
        chat = parse(body, self.plan.endpoint)
        task = tasks.recognize(chat)
        captured.task = task.name
        kind = self.plan.kind_for(chat, request.headers.getlist("x-fault"))
        captured.fault = kind
        self.counts.by_task[task.name] += 1
        self.counts.by_fault[kind or "none"] += 1
        dictated = self.plan.answers.get(task.name)
        if dictated is None and (failed := await _failure(request, chat, kind)) is not None:
            return failed
        return await self._answer(chat, task, kind, dictated)

    async def _answer(self, chat: ChatRequest, task: tasks.Task, kind: str | None, dictated: str | None) -> Response:
        endpoint = self.plan.endpoint
        # Drafting runs in a thread, so that a long prompt does not block the other calls.
        if dictated is None:
            drafted = await asyncio.to_thread(replying.draft, chat, task, kind, endpoint)
        else:
            drafted = await asyncio.to_thread(replying.draft_answer, chat, Answer(dictated), None, endpoint)
        answer = replying.add_cached_tokens(chat, drafted, self.cache)
        self.counts.bill(task.name, answer.usage, answer.cached)
        parts = reply.events(chat, answer) if chat.stream else [reply.body(chat, answer)]
        return StreamingResponse(_late(parts, chat), media_type=_media_type(chat)) if kind == "keep-alive" else _response(parts, chat)

    async def set_faults(self, request: Request) -> Response:
        try:
            self.plan = plan_from(json.loads(await request.body()))
        except RequestError as error:
            return JSONResponse(error.body, error.status)
        except ValueError:
            return JSONResponse(protocol.error_body("the body is not JSON", status=400), 400)
        return JSONResponse({"ok": True})

    async def reset(self, request: Request) -> Response:
        self.plan, self.counts, self.cache = FaultPlan(), Counts(in_flight=self.counts.in_flight), PrefixCache()
        return JSONResponse({"ok": True})

    async def stats(self, request: Request) -> Response:
        return JSONResponse(self.counts.as_json())

    async def requests(self, request: Request) -> Response:
        return JSONResponse({"requests": self.counts.captured(request.query_params.get("task"))})

    async def models(self, request: Request) -> Response:
        owner = self.plan.endpoint.family.name
        listed = self.plan.endpoint.listed
        data = [{"id": name, "object": "model", "owned_by": "unilife" if name == MODEL else owner} for name in listed]
        return JSONResponse({"object": "list", "data": data})


def create_app() -> Starlette:
    model = OfflineModel()
    routes = [
        Route("/health", _health),
        Route("/stats", model.stats),
        Route("/requests", model.requests),
        Route("/faults", model.set_faults, methods=["POST"]),
        Route("/reset", model.reset, methods=["POST"]),
    ]
    for prefix in ("", "/v1"):
        routes.append(Route(f"{prefix}/chat/completions", model.complete, methods=["POST"]))
        routes.append(Route(f"{prefix}/models", model.models))
    return Starlette(routes=routes)


async def _health(request: Request) -> Response:
    return JSONResponse({"status": "ok", "model": MODEL})


async def _failure(request: Request, chat: ChatRequest, kind: str | None) -> Response | None:
    """Return the response of a fault without an answer, or None for all other kinds. Raises RequestError."""
    if kind in STATUSES:
        status, message, code = STATUSES[kind]
        headers = {"retry-after": str(RETRY_AFTER_SECONDS)} if status == 429 else None
        return JSONResponse(protocol.error_body(message, status=status, code=code), status, headers)
    if kind in ERRORS:
        return JSONResponse(ERRORS[kind].body, ERRORS[kind].status)
    if kind == "html":
        return HTMLResponse(WEB_PAGE)
    if kind == "silent":
        while not await request.is_disconnected():  # noqa: ASYNC110 - the server offers no event for it
            await asyncio.sleep(KEEP_ALIVE_SECONDS)
        return Response(status_code=499)
    if kind == "timeout":
        return StreamingResponse(_keep_alive(chat), media_type=_media_type(chat))
    if kind == "stream-only":
        stream_only(chat)
    elif kind and kind.startswith(REJECTIONS):
        rejection(kind, chat)
    return None


def _response(parts: Iterable[str], chat: ChatRequest) -> Response:
    return StreamingResponse(parts, media_type=_media_type(chat)) if chat.stream else Response("".join(parts), media_type=_media_type(chat))


async def _keep_alive(chat: ChatRequest) -> AsyncIterator[str]:
    while True:
        yield ": keep-alive\n\n" if chat.stream else "\n"
        await asyncio.sleep(KEEP_ALIVE_SECONDS)


async def _late(parts: Iterable[str], chat: ChatRequest) -> AsyncIterator[str]:
    """Yield keep-alive lines first, as DeepSeek sends them under load, and then the answer."""
    for _ in range(KEEP_ALIVES):
        yield ": keep-alive\n\n" if chat.stream else "\n"
        await asyncio.sleep(KEEP_ALIVE_SECONDS)
    for part in parts:
        yield part


def _media_type(chat: ChatRequest) -> str:
    return "text/event-stream" if chat.stream else "application/json"
