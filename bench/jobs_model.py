"""A model that answers after a fixed time at almost no CPU cost: it calls the offline model once per task and repeats that answer.

The offline model itself takes several milliseconds of CPU for an answer. On a machine that also runs the database and the function, the benchmark would
measure that time instead of theirs.
"""
from __future__ import annotations

import asyncio
import sys
import urllib.request
from collections.abc import Callable

from dev.offline_model import serve


class Repeater(asyncio.Protocol):
    """One keep-alive connection that answers each request after `latency` seconds."""

    def __init__(self, latency: float, find_answer: Callable[[bytes], bytes]) -> None:
        self._latency, self._find_answer = latency, find_answer
        self._received = bytearray()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._received += data
        while (head_ends := self._received.find(b"\r\n\r\n")) >= 0:
            headers = bytes(self._received[:head_ends]).lower()
            length = int(headers.partition(b"content-length:")[2].partition(b"\r\n")[0] or 0)
            ends = head_ends + 4 + length
            if len(self._received) < ends:
                return
            body = bytes(self._received[head_ends + 4 : ends])
            del self._received[:ends]
            asyncio.get_running_loop().call_later(self._latency, self._answer, body)

    def _answer(self, body: bytes) -> None:
        answer = self._find_answer(body)
        if not self._transport.is_closing():
            self._transport.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(answer) + answer)  # type: ignore[attr-defined]


async def _main(latency: float) -> None:
    with serve() as base_url:
        answers: dict[str, bytes] = {}

        def find_answer(body: bytes) -> bytes:
            task = "week" if b"task: week" in body else "diary"
            if task not in answers:
                request = urllib.request.Request(f"{base_url}/chat/completions", body, {"content-type": "application/json"})
                with urllib.request.urlopen(request) as response:
                    answers[task] = response.read()
            return answers[task]

        server = await asyncio.get_running_loop().create_server(lambda: Repeater(latency, find_answer), "127.0.0.1", 0, backlog=1000)
        print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1", flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(_main(float(sys.argv[1])))
