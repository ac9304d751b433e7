"""A model endpoint that forwards requests to the offline model and records each as one text.

It simulates two things that differ in a benchmark, where forty turns take seconds: the time in a prompt advances by seven minutes per request, and an answer
in a conversation has the usual length of a model's answer.
"""

from __future__ import annotations

import asyncio
import json
import re
import urllib.error
import urllib.request
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from dev.offline_model import serve

MINUTES = 7
"""Minutes between two requests, by the time in the prompts."""

_CLOCK = re.compile(r"\d\d:\d\d (?=[+-]\d{4})")
_THOUGHTS = (
    "It sounds as if you had been carrying this around for a while, and putting it into words is often the first step. ",
    "If I were to pick one thing to begin with, it would be the smallest one that you can finish today, since that makes the next one lighter. ",
    "You could also write down what you would tell a friend in the same place; most people are kinder to friends than to themselves. ",
    "And should it turn out differently than you hope, nothing of what you have tried so far is lost. ",
)


@dataclass(frozen=True)
class Exchange:
    """A request as one text, with its answer; `task` is the request's task, such as "chat"."""

    task: str
    request: str
    answer: str


@dataclass
class Relay:
    url: str = ""
    exchanges: list[Exchange] = field(default_factory=list)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    """The bodies of the requests as received."""
    _asked: int = 0

    async def answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection until the client closes it."""
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = int(head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0])
                status, reply = await self._reply(await reader.readexactly(length))
                writer.write(b"HTTP/1.1 %d -\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % (status, len(reply)) + reply)
                await writer.drain()
        except asyncio.IncompleteReadError:
            writer.close()

    async def _reply(self, body: bytes) -> tuple[int, bytes]:
        number = self._asked
        self._asked += 1
        try:
            reply = json.loads(await asyncio.to_thread(self._ask, body))
        except urllib.error.HTTPError as error:
            return error.code, error.read()
        message = reply["choices"][0]["message"]
        request: dict[str, Any] = json.loads(body)
        self.bodies.append(request)
        task = request["messages"][0]["content"].partition("/")[0].removeprefix("task: ")
        if task == "chat" and not message.get("tool_calls"):
            message["content"] += " " + "".join(_THOUGHTS[(number + place) % len(_THOUGHTS)] for place in range(3))
        minutes = number * MINUTES % (24 * 60)
        text = _CLOCK.sub(f"{minutes // 60:02}:{minutes % 60:02} ", written(request))
        self.exchanges.append(Exchange(task, text, turn("assistant", message["content"])))
        return 200, json.dumps(reply).encode()

    def _ask(self, body: bytes) -> bytes:
        request = urllib.request.Request(f"{self.url}/chat/completions", body, {"content-type": "application/json"})
        with urllib.request.urlopen(request) as response:
            return response.read()  # type: ignore[no-any-return]


def written(request: dict[str, Any]) -> str:
    """Return a request as one text, in the order in which providers read it: tools first, then one message after the other."""
    tools = json.dumps(request.get("tools", []), sort_keys=True, ensure_ascii=False)
    return tools + "".join(turn(message["role"], message["content"] + _calls(message)) for message in request["messages"])


def _calls(message: dict[str, Any]) -> str:
    return json.dumps(message["tool_calls"]) if message.get("tool_calls") else ""


def turn(role: str, content: str) -> str:
    return f"\n<{role}>{content}"


@asynccontextmanager
async def relay() -> AsyncIterator[tuple[Relay, str]]:
    """Run a relay for the block and yield it with its URL."""
    found = Relay()
    with serve() as found.url:
        async with await asyncio.start_server(found.answer, "127.0.0.1", 0) as server:
            yield found, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
