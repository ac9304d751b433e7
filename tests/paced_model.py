"""A model whose answers a test paces: it sends their first words, and the rest when the test says so. It notices when its client goes."""
from __future__ import annotations

import json
import select
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PATIENCE_SECONDS = 60.0
USAGE = {"prompt_tokens": 70, "completion_tokens": 7, "total_tokens": 77}


class PacedModel(ThreadingHTTPServer):
    """An HTTP server of the model: `address` is the value for DEEPSEEK_BASE_URL. `first` is sent at once, `rest` after `go_on`; `calls` has each
    request of a chat, `left` is set when a client closes its connection before the end. With `forward` another model answers in its place."""

    daemon_threads = True

    def __init__(self, first: str, rest: str, *, reports: bool = False) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.first, self.rest, self.reports = first, rest, reports
        self.go_on, self.left = threading.Event(), threading.Event()
        self.calls: list[dict[str, Any]] = []
        self.forward: Callable[[bytes], tuple[int, str, Iterator[bytes]]] | None = None
        self.address = f"http://127.0.0.1:{self.server_port}/v1"

    def restart(self, first: str, rest: str) -> None:
        """Forget the calls, and pace the next answers anew."""
        self.first, self.rest, self.calls = first, rest, []
        self.go_on.clear()
        self.left.clear()


class _Answer(BaseHTTPRequestHandler):
    server: PacedModel

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        if self.server.forward is not None:
            return self._pass_on(*self.server.forward(body))
        call = json.loads(body)
        if "task: chat/" not in json.dumps(call):
            return self._reply_with_title()
        self.server.calls.append(call)
        if not call.get("stream"):
            self._wait()
            return self._reply(self.server.first + self.server.rest)
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        with suppress(OSError):
            for word in _words(self.server.first):
                self._say({"content": word}, None)
            if self._wait():
                for word in _words(self.server.rest):
                    self._say({"content": word}, None)
                self._say({}, "stop")
                self.wfile.write(b"data: [DONE]\n\n")

    def _wait(self) -> bool:
        """Wait until the test goes on, and return whether the client is still there."""
        ends = time.monotonic() + PATIENCE_SECONDS
        while not self.server.go_on.wait(0.01) and time.monotonic() < ends:
            readable, _, _ = select.select([self.connection], [], [], 0)
            if readable and not self.connection.recv(1, 2):  # MSG_PEEK: nothing to read means closed
                self.server.left.set()
                self.close_connection = True
                return False
        return True

    def _pass_on(self, status: int, media_type: str, pieces: Iterator[bytes]) -> None:
        with suppress(OSError):
            self.send_response(status)
            self.send_header("content-type", media_type)
            self.end_headers()
            for piece in pieces:
                self.wfile.write(piece)
                self.wfile.flush()

    def _reply_with_title(self) -> None:
        self._reply("A title")

    def _reply(self, text: str) -> None:
        choice = {"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}
        body = json.dumps({"id": "1", "created": 0, "model": "paced", "object": "chat.completion", "choices": [choice], "usage": USAGE}).encode()
        with suppress(OSError):
            self.send_response(200)
            self.send_header("content-type", "application/json")
            self.send_header("content-length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    def _say(self, delta: dict[str, str], finish_reason: str | None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        usage = {"usage": USAGE} if self.server.reports or finish_reason else {}
        chunk = {"id": "1", "created": 0, "model": "paced", "object": "chat.completion.chunk", "choices": [choice], **usage}
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Write nothing."""


def _words(text: str) -> list[str]:
    return [part for part in text.replace(" ", "\0 ").split("\0") if part]


@contextmanager
def paced_model(first: str, rest: str = "", *, reports: bool = False) -> Iterator[PacedModel]:
    """Run the model's server, and release all held answers at the end."""
    with PacedModel(first, rest, reports=reports) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.go_on.set()
            server.shutdown()
            thread.join(PATIENCE_SECONDS)
