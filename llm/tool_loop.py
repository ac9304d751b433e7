"""Tool loop: the model may search earlier days, and do what the user wishes of it, before it answers.

There are at most `MAX_TOOL_ROUNDS` rounds, all within one timeout; a model that keeps calling tools is called once more without them. The
results of searches are part of this prompt only and are stored nowhere. A call that fails is told to the model, which answers without it.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from contextlib import aclosing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from llm import client, tokens, tools
from llm.errors import ModelEmpty, ModelError, ModelTimeout
from llm.messages import ChatMessage, Completion, ToolOffer
from llm.tools import Call, InvalidCall, Search, ShowProfile, ToolCall, ToolFailed
from llm.usage import Usage

if TYPE_CHECKING:
    from llm.progress import Progress

MAX_TOOL_ROUNDS = 2
MAX_RESULT_TOKENS = 1_200
"""Tokens that one search may show, without its delimiters."""

LookUp = Callable[[Search], Awaitable[list[str]]]
"""A function that returns the results of a search, best first: one text each, with its day."""
Recall = Callable[[Call], Awaitable[list[str]]]
"""A function that runs a call: it returns the results of a search, best first, one text each with its day; the lines of a profile; or the outcome of a
change. Raises `ToolFailed`."""
Permit = Callable[[int], Awaitable[bool]]
"""A function that returns whether so many more tokens may be used, beyond one round and a last one without tools."""
NOT_NOW = "not looked up: there is no allowance left for it; answer from what is known"


async def complete(
    messages: Sequence[ChatMessage], *, max_tokens: int, timeout: float, retries: int, recall: Recall | None, seed: bytes, permit: Permit | None = None
) -> Completion:
    """Return the answer. `seed` is the seed of the delimiters around search results. Raises ModelError, with the usage of all rounds."""
    if recall is None:
        return await client.complete(messages, max_tokens=max_tokens, timeout=timeout, retries=retries)
    looking = _ToolLoop(messages, timeout, recall, seed, max_tokens, permit)
    while True:
        try:
            completion = await client.complete(looking.messages, max_tokens=max_tokens, timeout=looking.left(), retries=retries, offer=looking.offer)
        except ModelError as error:
            if looking.drop_tools(error):
                continue
            failure = error.add_usage(looking.spent)
        else:
            if not completion.tool_calls:
                return looking.ended(completion)
            await looking.run_tool_calls(completion)
            continue
        raise failure


async def stream(
    messages: Sequence[ChatMessage], *, max_tokens: int, timeout: float, recall: Recall | None, seed: bytes, permit: Permit | None = None,
    progress: Progress | None = None,
) -> AsyncGenerator[str | Completion, None]:
    """Yield the answer's chunks, including text before a search, then the completion. Raises ModelError, with the usage of all rounds."""
    looking = _ToolLoop(messages, timeout, recall, seed, max_tokens, permit)
    while True:
        completion: Completion | None = None
        try:
            async with aclosing(_call(looking, max_tokens, progress)) as pieces:
                async for piece in pieces:
                    if isinstance(piece, Completion):
                        completion = piece
                    else:
                        for shown in looking.say(piece):
                            yield shown
        except ModelError as error:
            if looking.drop_tools(error):
                continue
            failure = error.add_usage(looking.spent)
        else:
            assert completion is not None, "a stream without an end raises"
            if not completion.tool_calls:
                yield looking.ended(completion)
                return
            await looking.run_tool_calls(completion)
            continue
        raise failure


def _call(looking: _ToolLoop, max_tokens: int, progress: Progress | None) -> AsyncGenerator[str | Completion, None]:
    """Return the stream of the next round."""
    if progress is not None:
        progress.earlier, progress.tools_used, progress.shown_results = looking.spent, looking.calls, looking.shown
    return client.stream(looking.messages, max_tokens=max_tokens, timeout=looking.left(), offer=looking.offer, progress=progress)


class _ToolLoop:
    """The prompt, extended by calls and results in each round. `said` is the text that a stream has shown in all rounds."""

    def __init__(
        self, messages: Sequence[ChatMessage], timeout: float, recall: Recall | None, seed: bytes, max_tokens: int, permit: Permit | None
    ) -> None:
        self.messages = list(messages)
        self._max_tokens = max_tokens
        self._permit = permit
        self.spent = Usage.none()
        self.said = ""
        self._recall = recall
        self._seed = seed
        self._started = time.monotonic()
        self._ends = self._started + timeout
        self._asked = list(messages)
        self._found: dict[int, str] = {}
        self._changes: dict[str, int] = {}
        self._rounds = 0
        self.calls = 0
        self._without_tools = False
        self._between = False

    @property
    def offer(self) -> ToolOffer | None:
        return ToolOffer(tools.TOOLS, closed=self._rounds >= MAX_TOOL_ROUNDS) if self._recall and not self._without_tools else None

    @property
    def shown(self) -> tuple[int, ...]:
        """Return the numbers of the calls whose results the prompt contains."""
        return tuple(self._found)

    def say(self, piece: str) -> list[str]:
        """Return the chunk as it is shown: the texts of two rounds become two paragraphs."""
        shown = ["\n\n", piece] if self._between and self.said else [piece]
        self._between = False
        self.said += "".join(shown)
        return shown

    def drop_tools(self, error: ModelError) -> bool:
        """Switch to a call without tools if the model only calls tools or writes unreadable calls; return whether to call it once more.

        The results so far are then appended to the question as text.
        """
        if self._without_tools or not self._recall or not isinstance(error, ModelEmpty) or not (self._rounds or error.wrote_call):
            return False
        self.spent += error.usage
        self._without_tools = True
        question = self._asked[-1]
        self.messages = [*self._asked[:-1], {"role": question["role"], "content": "\n\n".join([question["content"], *self._found.values()])}]
        return True

    def left(self) -> float:
        """Return the remaining seconds. Raises ModelTimeout when there are none."""
        seconds = self._ends - time.monotonic()
        if seconds <= 0:
            raise ModelTimeout
        return seconds

    def ended(self, completion: Completion) -> Completion:
        took = round((time.monotonic() - self._started) * 1000)
        return replace(completion, text=self.said or completion.text, usage=self.spent + completion.usage, latency_ms=took, tools_used=self.calls,
            shown_results=self.shown)

    async def run_tool_calls(self, completion: Completion) -> None:
        """Run the tool calls of the completion."""
        self.spent += completion.usage
        self._rounds += 1
        self._between = True
        calls: list[dict[str, Any]] = [
            {"id": call.id, "type": "function", "function": {"name": call.name, "arguments": tools.to_sendable(call.arguments)}}
            for call in completion.tool_calls
        ]
        before, earlier = len(self.messages), dict(self._found)
        self.messages.append({"role": "assistant", "content": completion.text, "tool_calls": calls, "thought": completion.thought})
        for number, call in enumerate(completion.tool_calls):
            answer = await self._answer(call) if number < tools.MAX_CALLS else f"too many calls at once: at most {tools.MAX_CALLS}"
            self.messages.append({"role": "tool", "tool_call_id": call.id, "content": answer})
        if not await self._permits(before):
            self.messages[before + 1 :] = [
                message if message["tool_call_id"] in self._changes else {**message, "content": NOT_NOW} for message in self.messages[before + 1 :]]
            self._found = {number: found for number, found in self._found.items() if number in earlier or number in self._changes.values()}

    async def _permits(self, before: int) -> bool:
        """Request tokens for the next round; if refused, it is the last one. Return False if the quota does not even cover the results: they are removed."""
        if self._permit is None:
            return True
        found = sum(map(tokens.count_message, self.messages[before:]))
        round_ = sum(map(tokens.count_message, self.messages)) + self._max_tokens
        if self._rounds < MAX_TOOL_ROUNDS and await self._permit(round_ + found):
            return True
        self._rounds = MAX_TOOL_ROUNDS
        return await self._permit(found)

    async def _answer(self, call: ToolCall) -> str:
        assert self._recall is not None, "without it no tools are offered"
        try:
            parsed = tools.parse_call(call)
        except InvalidCall as error:
            return str(error)
        number = self.calls
        self.calls += 1
        try:
            results = await self._recall(parsed)
        except ToolFailed as error:
            return str(error)
        if isinstance(parsed, (Search, ShowProfile)):
            form = tools.format_results if isinstance(parsed, Search) else tools.format_profile
            self._found[number] = form(tokens.fit_to_budget(results, MAX_RESULT_TOKENS), self._seed)
        else:  # the outcome of a change is sent in any case
            self._found[number] = " ".join(results)
            self._changes[call.id] = number
        return self._found[number]
