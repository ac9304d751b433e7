"""The offline model in a thread of this process."""

from __future__ import annotations

import socket
import threading
from collections.abc import Generator
from contextlib import contextmanager

import uvicorn

from dev.offline_model.server import create_app

HOST = "127.0.0.1"
START_SECONDS = 20.0
CLOSE_SECONDS = 1
"""Time that open calls may still run when the server stops: some of them never end by themselves."""


class _Server(uvicorn.Server):
    """A server that signals when it accepts connections."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = threading.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets=sockets)
        self.ready.set()


@contextmanager
def serve(port: int = 0) -> Generator[str, None, None]:
    """Run a new offline model for the block and yield its base URL; port 0 takes a free one.

    Raises OSError when the port is taken.
    """
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((HOST, port))
        config = uvicorn.Config(create_app(), log_level="error", lifespan="off", ws="none", timeout_graceful_shutdown=CLOSE_SECONDS)
        server = _Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, name="offline-model", daemon=True)
        thread.start()
        if not server.ready.wait(START_SECONDS):
            raise RuntimeError("the offline model did not start")
        try:
            yield f"http://{HOST}:{listener.getsockname()[1]}/v1"
        finally:
            server.should_exit = True
            thread.join()
