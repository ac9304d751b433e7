"""Connections of the server mode over real sockets: unfinished requests are closed, complete ones are answered."""
from __future__ import annotations

import asyncio
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
import uvicorn

from graph.server_protocol import ConnectionLimits, make_protocol

PATIENCE_SECONDS = 60.0
FOREVER = 600.0
LARGE = 32 * 1024 * 1024
UNLIMITED_TIME = ConnectionLimits(head=FOREVER, body=FOREVER, linger=FOREVER, unread=FOREVER)
GET = b"GET / HTTP/1.1\r\nhost: x\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nhost: x\r\n"


class App:
    """An application that behaves as the path says and records how each request ended."""

    def __init__(self) -> None:
        self.ended: list[str] = []
        self.arrived = threading.Semaphore(0)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.arrived.release()
        path = scope["path"]
        try:
            if path == "/refuse":
                return await self._answer(send, 413, b"too large")
            message = await receive()
            while message.get("more_body"):
                message = await receive()
            if message["type"] == "http.disconnect":
                return self.ended.append("disconnected")
            if path == "/later":
                await asyncio.sleep(1.0)
            if path == "/hang":
                await asyncio.Event().wait()
            await self._answer(send, 200, b"x" * LARGE if path == "/large" else b"ok")
            self.ended.append("answered")
        except asyncio.CancelledError:
            self.ended.append("cancelled")
            raise

    async def _answer(self, send: Any, status: int, body: bytes) -> None:
        await send({"type": "http.response.start", "status": status, "headers": [(b"content-length", str(len(body)).encode())]})
        for start in range(0, len(body), 1 << 20):
            await send({"type": "http.response.body", "body": body[start : start + (1 << 20)], "more_body": start + (1 << 20) < len(body)})


@contextmanager
def run_server(limits: ConnectionLimits, app: Any) -> Iterator[Callable[[], socket.socket]]:
    """Run a server in a thread and yield a function that connects to it."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen()
    config = uvicorn.Config(app, http=make_protocol(limits), ws="none", lifespan="off", log_config=None, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=lambda: asyncio.run(server.serve([listener])))
    thread.start()
    opened: list[socket.socket] = []

    def connect() -> socket.socket:
        opened.append(socket.create_connection(listener.getsockname(), PATIENCE_SECONDS))
        return opened[-1]

    try:
        yield connect
    finally:
        for client in opened:
            client.close()
        server.should_exit = True
        thread.join(PATIENCE_SECONDS)
        listener.close()


def read_until_closed(client: socket.socket) -> bytes:
    """Return all bytes until the server closes. Raises `TimeoutError` if it does not."""
    found = b""
    try:
        while chunk := client.recv(1 << 20):
            found += chunk
    except ConnectionResetError:
        pass
    return found


def read_answer(client: socket.socket) -> bytes:
    """Return one answer with the body "ok" from a connection that stays open."""
    found = b""
    while not found.endswith(b"ok"):
        chunk = client.recv(4096)
        assert chunk, found
        found += chunk
    return found


@pytest.mark.parametrize("sent", [b"GET / HT", GET[:-2], GET[:-2] + b"x: y\r\n"])
def test_connection_with_incomplete_headers_is_closed_with_408(sent: bytes) -> None:
    with run_server(ConnectionLimits(head=0.3), App()) as connect:
        client = connect()
        client.sendall(sent)
        assert read_until_closed(client).startswith(b"HTTP/1.1 408 ")


def test_connection_without_a_request_is_closed_without_a_response() -> None:
    with run_server(ConnectionLimits(head=0.3), App()) as connect:
        assert read_until_closed(connect()) == b""


def test_connection_with_headers_sent_byte_by_byte_is_closed_with_4xx() -> None:
    with run_server(ConnectionLimits(head=0.5), App()) as connect:
        client, ended = connect(), threading.Event()

        def trickle() -> None:
            try:
                for byte in GET[:-1] * 1000:
                    if ended.wait(0.05):
                        return
                    client.sendall(bytes([byte]))
            except OSError:
                pass

        thread = threading.Thread(target=trickle)
        client.sendall(b"G")
        thread.start()
        found = read_until_closed(client)
        ended.set()
        thread.join(PATIENCE_SECONDS)
        assert found.startswith(b"HTTP/1.1 4")


@pytest.mark.parametrize("headers", [b"content-length: 10\r\n\r\n123", b"transfer-encoding: chunked\r\n\r\n3\r\n123\r\n"])
def test_connection_with_an_incomplete_body_is_closed_with_408_and_the_application_informed(headers: bytes) -> None:
    app = App()
    with run_server(ConnectionLimits(body=0.3), app) as connect:
        client = connect()
        client.sendall(POST + headers)
        assert read_until_closed(client).startswith(b"HTTP/1.1 408 ")
    assert app.ended == ["disconnected"]


def test_connection_with_a_long_body_gets_time_in_proportion() -> None:
    app = App()
    with run_server(ConnectionLimits(body=0.4, body_rate=1000), app) as connect:
        client = connect()
        client.sendall(POST + b"content-length: 4002\r\n\r\n" + b"x" * 4000)
        threading.Event().wait(1.0)
        client.sendall(b"xx")
        assert read_answer(client).startswith(b"HTTP/1.1 200 ")
    assert app.ended == ["answered"]


def test_connection_with_a_refused_body_is_closed_without_its_rest() -> None:
    with run_server(ConnectionLimits(linger=0.3, body=FOREVER), App()) as connect:
        client = connect()
        client.sendall(b"POST /refuse HTTP/1.1\r\nhost: x\r\ncontent-length: 1000000\r\n\r\n123")
        found = read_until_closed(client)
        assert found.startswith(b"HTTP/1.1 413 ") and found.endswith(b"too large")


def test_connection_with_a_slow_response_stays_open() -> None:
    with run_server(ConnectionLimits(head=0.2, body=0.2, linger=0.2, unread=0.2), App()) as connect:
        client = connect()
        client.sendall(GET.replace(b" / ", b" /later "))
        assert read_answer(client).startswith(b"HTTP/1.1 200 ")


def test_connection_with_an_unread_response_is_closed() -> None:
    app = App()
    with run_server(ConnectionLimits(unread=0.3), app) as connect:
        client = connect()
        client.sendall(GET.replace(b" / ", b" /large "))
        assert app.arrived.acquire(timeout=PATIENCE_SECONDS)
        threading.Event().wait(1.5)
        assert len(read_until_closed(client)) < LARGE


def test_connection_with_pipelined_requests_answers_each_in_turn() -> None:
    with run_server(UNLIMITED_TIME, App()) as connect:
        client = connect()
        client.sendall(GET * 3)
        found = b""
        while found.count(b"HTTP/1.1 200 ") < 3 or not found.endswith(b"ok"):
            found += client.recv(4096)
        client.sendall(GET)
        assert read_answer(client).startswith(b"HTTP/1.1 200 ")


def test_connection_limit_when_reached_closes_the_oldest_unfinished_connection() -> None:
    with run_server(ConnectionLimits(head=FOREVER, connections=3, connections_per_client=None), App()) as connect:
        waiting = [connect() for _ in range(3)]
        for client in waiting:
            client.sendall(b"GET / HT")
        late = connect()
        late.sendall(GET)
        assert read_answer(late).startswith(b"HTTP/1.1 200 ")
        assert read_until_closed(waiting[0]).startswith(b"HTTP/1.1 503 ")
        waiting[1].sendall(b"TP/1.1\r\nhost: x\r\n\r\n")
        assert read_answer(waiting[1]).startswith(b"HTTP/1.1 200 ")


def test_connection_limit_when_all_connections_are_active_refuses_the_new_one() -> None:
    app = App()
    with run_server(ConnectionLimits(connections=2, connections_per_client=None), app) as connect:
        for _ in range(2):
            connect().sendall(GET.replace(b" / ", b" /hang "))
            assert app.arrived.acquire(timeout=PATIENCE_SECONDS)
        assert read_until_closed(connect()).startswith(b"HTTP/1.1 503 ")


def test_connection_limit_per_client_when_exceeded_closes_its_oldest_connection() -> None:
    with run_server(ConnectionLimits(head=FOREVER, connections_per_client=2), App()) as connect:
        first, _, third = connect(), connect(), connect()
        assert read_until_closed(first).startswith(b"HTTP/1.1 503 ")
        third.sendall(GET)
        assert read_answer(third).startswith(b"HTTP/1.1 200 ")
