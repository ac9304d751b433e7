"""A model whose answers pause after their first words until the test continues them."""
from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PATIENCE_SECONDS = 60.0
FIRST, REST = "It rains", " in Leeds."


class HeldModel(ThreadingHTTPServer):
    """An HTTP server of the model: `address` is the value for DEEPSEEK_BASE_URL; the test sets `go_on`."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Answer)
        self.go_on = threading.Event()
        self.address = f"http://127.0.0.1:{self.server_port}/v1"


class _Answer(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        assert isinstance(self.server, HeldModel)
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        with suppress(OSError):  # the function has ended or closed the connection
            self._say({"content": FIRST}, None)
            self.server.go_on.wait(PATIENCE_SECONDS)
            self._say({"content": REST}, "stop")
            self.wfile.write(b"data: [DONE]\n\n")

    def _say(self, delta: dict[str, str], finish_reason: str | None) -> None:
        choice = {"index": 0, "delta": delta, "finish_reason": finish_reason}
        chunk = {"id": "1", "created": 0, "model": "held", "object": "chat.completion.chunk", "choices": [choice]}
        self.wfile.write(f"data: {json.dumps(chunk)}\n\n".encode())
        self.wfile.flush()

    def log_message(self, format: str, *args: object) -> None:
        """Write nothing."""


@contextmanager
def held_model() -> Iterator[HeldModel]:
    """Run the model's server, and release all paused answers at the end."""
    with HeldModel() as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.go_on.set()
            server.shutdown()
            thread.join(PATIENCE_SECONDS)
