"""Calls to the model over any OpenAI-compatible endpoint.

Every call has a total time-out: the library's own is per read, which a provider's keep-alive lines defeat. No
temperature is sent, since some endpoints accept only their default.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, TypedDict, TypeVar, cast

import settings
from llm import call_log, connection, replies
from llm.errors import ModelError, ModelInterrupted, ModelMalformed, ModelTimeout
from llm.provider_errors import translate
from llm.tools import Tool, ToolCall
from llm.usage import Usage

if TYPE_CHECKING:
    from openai import AsyncOpenAI, AsyncStream
    from openai.types.chat import ChatCompletionChunk

LONGEST_PAUSE = 5.0
"""Seconds. Where a provider asks for a longer wait, the caller is told instead."""
SHORTEST_PAUSE = 0.5

T = TypeVar("T")


class _Said(TypedDict):
    role: Literal["system", "user", "assistant", "tool"]
    content: str


class ChatMessage(_Said, total=False):
    """An assistant's message with `tool_calls` asks for tools; a tool's answers the call of `tool_call_id`."""

    tool_calls: list[dict[str, Any]]
    tool_call_id: str


@dataclass(frozen=True, slots=True)
class Completion:
    """A whole answer, or with `tool_calls` what the model wants to know first (then `text` may be empty).

    `latency_ms` runs from the call to its last token, retries and their pauses included. `tools_used` counts the calls of tools that
    were carried out for it.
    """

    text: str
    model: str
    finish_reason: str
    usage: Usage
    latency_ms: int
    tool_calls: tuple[ToolCall, ...] = ()
    tools_used: int = 0


@dataclass(frozen=True, slots=True)
class Offer:
    """Tools that the model may call. While `closed` it is told of them, as a conversation that used them requires, but may not."""

    tools: Sequence[Tool]
    closed: bool = False

    @property
    def parameters(self) -> dict[str, Any]:
        return {"tools": list(self.tools), "tool_choice": "none" if self.closed else "auto"}


async def complete(
    messages: Sequence[ChatMessage], *, max_tokens: int, timeout: float, json_mode: bool = False, retries: int = 0, offer: Offer | None = None
) -> Completion:
    """The model's answer to `messages`.

    `timeout` bounds all of it in seconds, retries included. `retries` (0 in the nights, at most 1 while a person waits)
    apply to failures that pass. `json_mode` requires the word json in the messages. Calls of tools count as an answer where there is
    an open `offer`. Raises ModelError, and ModelInterrupted when it is cancelled.
    """
    started = time.monotonic()
    ends = started + timeout
    spent = Usage.none()
    while True:
        try:
            completion = await _once(messages, max_tokens, ends, json_mode, offer)
        except ModelInterrupted as interrupted:
            raise interrupted.after(spent) from None
        except ModelError as error:
            call_log.log_failure(error)
            failure = error.after(spent)
        else:
            return replace(completion, usage=spent + completion.usage, latency_ms=_milliseconds_since(started))
        spent = failure.usage
        pause = max(failure.retry_after or 0.0, SHORTEST_PAUSE)
        if retries <= 0 or not failure.passing or pause > min(LONGEST_PAUSE, ends - time.monotonic()):
            raise failure
        retries -= 1
        await asyncio.sleep(pause)


async def stream(
    messages: Sequence[ChatMessage], *, max_tokens: int, timeout: float, offer: Offer | None = None
) -> AsyncGenerator[str | Completion, None]:
    """The answer piece by piece, then the whole as a `Completion`; `timeout` bounds all of it in seconds.

    Raises ModelError, possibly after some pieces: then those pieces are no answer. Its usage counts them.
    """
    try:
        async with aclosing(_stream(messages, max_tokens, timeout, offer)) as pieces:
            async for piece in pieces:
                yield piece
    except ModelError as error:
        call_log.log_failure(error)
        raise


async def _stream(messages: Sequence[ChatMessage], max_tokens: int, timeout: float, offer: Offer | None) -> AsyncGenerator[str | Completion, None]:
    started = time.monotonic()
    ends = started + timeout
    received = _Received()
    failure: ModelError | None = None
    client = await connection.client()
    try:
        chunks = await _in_time(_create(client, messages, max_tokens, ends, stream=True, offer=offer), ends)
        async with aclosing(_pieces(chunks, received, ends, max_tokens)) as pieces:
            async for piece in pieces:
                yield piece
    except Exception as error:
        failure = translate(error, received.usage_after(messages) if received.chunks else None)
        if isinstance(failure, ModelTimeout):
            failure.usage = received.usage_after(messages)
    if failure is not None:
        raise failure
    if not received.chunks:
        raise ModelMalformed
    usage = received.usage or received.usage_after(messages)
    calls = received.calls.whole(usage) if offer and not offer.closed and received.finish_reason == replies.TOOL_CALLS else ()
    text = replies.printable(received.text) if calls else replies.checked(received.text, received.finish_reason, usage, max_tokens)
    yield Completion(text, received.model, "tool_calls" if calls else "stop", usage, _milliseconds_since(started), calls)


async def close() -> None:
    """Closes the running event loop's connections to the provider; the next call makes new ones."""
    await connection.close()


@dataclass(slots=True)
class _Received:
    """What a stream has brought so far."""

    text: str = ""
    model: str = ""
    finish_reason: object = None
    usage: Usage | None = None
    chunks: int = 0
    calls: replies.CallPieces = field(default_factory=replies.CallPieces)

    def add(self, chunk: ChatCompletionChunk) -> str:
        self.chunks += 1
        self.model = chunk.model or self.model
        self.usage = replies.reported(chunk) or self.usage
        if not chunk.choices:
            return ""
        piece = replies.content(chunk.choices[0].delta)
        self.calls.add(chunk.choices[0].delta)
        self.finish_reason = chunk.choices[0].finish_reason or self.finish_reason
        self.text += piece
        return piece

    def usage_after(self, messages: Sequence[ChatMessage]) -> Usage:
        return replies.estimated(messages, self.text)


async def _once(messages: Sequence[ChatMessage], max_tokens: int, ends: float, json_mode: bool, offer: Offer | None) -> Completion:
    started = time.monotonic()
    client = await connection.client()
    try:
        reply = await _in_time(_create(client, messages, max_tokens, ends, json_mode=json_mode, offer=offer), ends)
    except asyncio.CancelledError:
        raise ModelInterrupted(replies.estimated(messages, "")) from None
    except Exception as error:
        failure = translate(error)
        if isinstance(failure, ModelTimeout):  # what was sent is paid for, whether its answer is waited for or not
            failure.usage = replies.estimated(messages, "")
    else:
        text, calls, usage = replies.read(reply, messages, max_tokens, tools=offer is not None and not offer.closed)
        return Completion(text, str(reply.model or ""), "tool_calls" if calls else "stop", usage, _milliseconds_since(started), calls)
    # Raised outside the handler, so that no traceback leads to the provider's words.
    raise failure


async def _create(
    client: AsyncOpenAI,
    messages: Sequence[ChatMessage],
    max_tokens: int,
    ends: float,
    *,
    json_mode: bool = False,
    stream: bool = False,
    offer: Offer | None = None,
) -> Any:
    body: dict[str, Any] = {"model": settings.current().deepseek_model, "messages": list(messages), "max_tokens": max_tokens}
    if offer is not None:
        body.update(offer.parameters)
    if json_mode:
        body["response_format"] = {"type": "json_object"}
    timeout = max(ends - time.monotonic(), 0.001)
    if stream:
        create = cast("Callable[..., Awaitable[Any]]", client.chat.completions.create)
        return await create(**body, stream=True, stream_options={"include_usage": True}, timeout=timeout)
    return await _post(client, body, timeout)


async def _post(client: AsyncOpenAI, body: dict[str, Any], timeout: float) -> Any:
    """As `client.chat.completions.create` does, without walking through the whole request first, message by message, in search of what to rename."""
    from openai.types.chat import ChatCompletion

    return await client.post("/chat/completions", cast_to=ChatCompletion, body=body, options={"timeout": timeout})


async def _pieces(chunks: AsyncStream[ChatCompletionChunk], received: _Received, ends: float, max_tokens: int) -> AsyncGenerator[str, None]:
    try:
        while len(received.text) <= max_tokens * replies.CHARACTERS_PER_TOKEN:
            try:
                chunk = await _in_time(chunks.__anext__(), ends)
            except StopAsyncIteration:
                return
            if piece := received.add(chunk):
                yield piece
    finally:
        await chunks.close()


async def _in_time(work: Awaitable[T], ends: float) -> T:
    """Raises ModelTimeout where `work` is not done at `ends`, on the monotonic clock."""
    try:
        return await asyncio.wait_for(work, ends - time.monotonic())
    except asyncio.TimeoutError:
        timed_out = ModelTimeout()
    raise timed_out


def _milliseconds_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
