"""Client for models at any OpenAI-compatible endpoint.

Every call has a total timeout: the library's own is per read, which a provider's keep-alive lines keep resetting. No temperature is sent,
because some endpoints accept only their default.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Any, TypeVar

from anyio import move_on_after

from llm import call_log, error_bodies, openai_client, providers, requests, thinking
from llm.errors import ModelCallCancelled, ModelError, ModelTimeout, ModelTruncated
from llm.messages import ChatMessage, Completion, ToolOffer
from llm.provider_errors import ErrorReply, find_error_body, translate
from llm.requests import Call
from llm.response_reader import Reading
from llm.usage import Usage

if TYPE_CHECKING:
    from openai import AsyncOpenAI

    from llm.progress import Progress

MAX_PAUSE = 5.0
"""Seconds. If a provider requests a longer wait, the error is raised instead."""
MIN_PAUSE = 0.5
"""Minimum seconds before a failed call is repeated."""
REST_SECONDS = 1.0
"""Seconds to wait for the rest of a body after the answer is complete, so that its connection can be reused."""
MAX_CHANGES = 8
"""Maximum attempts of one call, each without a parameter that the endpoint refused."""

T = TypeVar("T")


async def complete(
    messages: Sequence[ChatMessage],
    *,
    max_tokens: int,
    timeout: float,
    json_mode: bool = False,
    retries: int = 0,
    offer: ToolOffer | None = None,
    purpose: thinking.Purpose = "chat",
) -> Completion:
    """Return the model's answer to `messages`.

    `timeout` bounds the whole call in seconds, retries included. `retries` (0 in jobs, at most 1 while a user waits) apply to temporary errors.
    `json_mode` requires the word json in the messages. Tool calls count as an answer if there is an open `offer`. `purpose` decides whether the
    model thinks. Raises ModelError, and ModelCallCancelled when the caller is cancelled.
    """
    started = time.monotonic()
    ends = started + timeout
    spent = Usage.none()
    while True:
        try:
            completion = await _attempt(_call(messages, max_tokens, json_mode, offer, purpose), ends)
        except ModelCallCancelled as interrupted:
            raise interrupted.add_usage(spent) from None
        except ModelError as error:
            failure = error.add_usage(spent)
        else:
            return replace(completion, usage=spent + completion.usage, latency_ms=_milliseconds_since(started))
        spent = failure.usage
        pause = max(failure.retry_after or 0.0, MIN_PAUSE)
        if retries <= 0 or not failure.retryable or pause > min(MAX_PAUSE, ends - time.monotonic()):
            raise failure
        retries -= 1
        await asyncio.sleep(pause)


async def stream(
    messages: Sequence[ChatMessage], *, max_tokens: int, timeout: float, offer: ToolOffer | None = None, purpose: thinking.Purpose = "chat",
    progress: Progress | None = None,
) -> AsyncGenerator[str | Completion, None]:
    """Yield the answer's chunks, then the `Completion`; `timeout` bounds the whole call in seconds.

    Closing the generator closes the connection to the provider at once; `progress` has the usage up to then. The chunks together are the text of
    the completion. Raises ModelError, possibly after some chunks, which are then no valid answer; the error's usage includes them.
    """
    call = _call(messages, max_tokens, False, offer, purpose)
    started = time.monotonic()
    ends = started + timeout
    reading = Reading(call)
    if progress is not None:
        progress.current, progress.model = lambda: reading.spent or requests.estimate_call_usage(call), lambda: reading.model
        progress.leading = lambda: reading.leading
    failure: ModelError | None = None
    try:
        async with aclosing(_stream(call, ends, reading)) as pieces:
            async for piece in pieces:
                yield piece
    except Exception as error:
        failure = translate(error, call, reading.spent)
    if failure is not None:
        call_log.log_failure(failure, call.endpoint.model)
        raise failure
    yield _completion(call, reading, started)


async def close() -> None:
    """Close the connections of the running event loop; the next call opens new ones."""
    await openai_client.close()


def _call(messages: Sequence[ChatMessage], max_tokens: int, json_mode: bool, offer: ToolOffer | None, purpose: thinking.Purpose) -> Call:
    return Call(providers.current(purpose), messages, max_tokens, thinking.is_wanted(purpose), json_mode, offer)


async def _attempt(call: Call, ends: float) -> Completion:
    """Return one answer.

    A second call is made only if the first returned nothing but a thought that was not requested and its token limit did not include one.
    """
    had_room = call.leaves_room
    try:
        return await _whole(call, ends)
    except ModelTruncated as error:
        if had_room or not call.leaves_room:
            raise
        spent = error.usage
    try:
        completion = await _whole(call, ends)
    except (ModelError, ModelCallCancelled) as error:
        error.add_usage(spent)
        raise
    return replace(completion, usage=spent + completion.usage)


async def _whole(call: Call, ends: float) -> Completion:
    started = time.monotonic()
    reading = Reading(call)
    try:
        await _read_whole(call, ends, reading)
    except asyncio.CancelledError:
        raise ModelCallCancelled(reading.spent or requests.estimate_call_usage(call)) from None
    except Exception as error:
        failure = translate(error, call, reading.spent)
    else:
        return _completion(call, reading, started)
    call_log.log_failure(failure, call.endpoint.model)
    # Raised outside the handler, so that no traceback shows the provider's text.
    raise failure


def _completion(call: Call, reading: Reading, started: float) -> Completion:
    """Return the completion that was read. Raises ModelError if it is not a valid answer."""
    try:
        return reading.completion(_milliseconds_since(started))
    except ModelError as error:
        call_log.log_failure(error, call.endpoint.model)
        raise


async def _read_whole(call: Call, ends: float, reading: Reading) -> None:
    if not call.streams:
        reply, _ = await _send(call, ends, stream=False)
        if reply is not None:
            reading.add(reply)
            reading.done = True
            reading.end()
            return
    async with aclosing(_stream(call, ends, reading)) as pieces:
        async for _ in pieces:
            pass


async def _stream(call: Call, ends: float, reading: Reading) -> AsyncGenerator[str, None]:
    """Yield the chunks that may be shown. Raises exceptions that `translate` converts."""
    for change in range(MAX_CHANGES):
        events, body = await _send(call, ends, stream=True)
        try:
            async with aclosing(_pieces(events, ends, reading)) as pieces:
                async for piece in pieces:
                    yield piece
        except ErrorReply as error:
            if reading.begun or change == MAX_CHANGES - 1 or not requests.adapt(call, body, error.said):
                raise
        else:
            break
    for piece in reading.end():
        yield piece


async def _pieces(events: Any, ends: float, reading: Reading) -> AsyncGenerator[str, None]:
    from llm.events import DONE  # imports openai, which is not needed before the first call

    try:
        while not reading.too_long:
            try:
                event = await _with_deadline(events.__anext__(), min(ends, time.monotonic() + REST_SECONDS) if reading.done else ends)
            except StopAsyncIteration:
                return
            except ModelTimeout:
                if reading.done:
                    return
                raise
            if event is DONE:
                reading.done = True
                continue
            for piece in reading.add(event):
                yield piece
    finally:
        await events.close()


async def _send(call: Call, ends: float, *, stream: bool) -> tuple[Any, dict[str, Any]]:
    """Send the call, repeated without each parameter that the endpoint refuses by name; return the reply and its request body.

    The reply is None when the endpoint turns out to accept only streamed calls.
    """
    client = await openai_client.client()
    for change in range(MAX_CHANGES):
        body = requests.build(call, stream=stream)
        refusal: Exception
        try:
            reply = await _with_deadline(_post(client, body, ends, stream=stream), ends)
            if stream or not error_bodies.is_error(reply):
                return reply, body
            refusal = ErrorReply(error_bodies.read(reply, 200))
        except Exception as error:
            refusal = error
        said = find_error_body(refusal)
        if said is None or change == MAX_CHANGES - 1 or not requests.adapt(call, body, said):
            raise refusal
        if call.streams and not stream:
            return None, body
    raise AssertionError("the last change raises")


async def _post(client: AsyncOpenAI, body: dict[str, Any], ends: float, *, stream: bool) -> Any:
    """Post the body as `client.chat.completions.create` does, without its scan of all messages for parameters to rename.

    Returns the decoded JSON unchanged: the library's objects are built without validation and drop unknown fields.
    """
    timeout = max(ends - time.monotonic(), 0.001)
    if not stream:
        reply = await client.post("/chat/completions", cast_to=object, body=body, options={"timeout": timeout})
        return error_bodies.decode(reply) if isinstance(reply, str) else reply
    from llm.events import Events  # imports openai, which is not needed before the first call

    return await client.post("/chat/completions", cast_to=object, body=body, options={"timeout": timeout}, stream=True, stream_cls=Events)


async def _with_deadline(work: Awaitable[T], ends: float) -> T:
    """Return the result of `work`. Raises ModelTimeout if it is not done at `ends`, on the monotonic clock.

    `asyncio.wait_for` is not used: Python 3.10 runs the work in a separate task, whose exception is never retrieved if the caller is cancelled.
    """
    with move_on_after(ends - time.monotonic()):
        return await work
    raise ModelTimeout


def _milliseconds_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
