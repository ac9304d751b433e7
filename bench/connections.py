"""A test of the server mode with connections that never finish: the memory they use, and the time until the server has closed them.

    python -m bench.connections [--connections 60] [--seconds 90]

Each kind of connection is tested on a server of its own. The server has no database, because none of these connections reaches a query.
"""
from __future__ import annotations

import argparse
import os
import secrets
import select
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).parents[1]
POST = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
LARGE = 4 * 1024 * 1024

KINDS: dict[str, Callable[[int], bytes]] = {
    "nothing sent": lambda turn: b"",
    "slow headers": lambda turn: POST if turn == 0 else b"x-%d: y\r\n" % turn,
    "body without its last byte": lambda turn: POST + b"content-length: %d\r\n\r\n" % LARGE + b" " * (LARGE - 1) if turn == 0 else b"",
    "slow body": lambda turn: POST + b"content-length: 200000\r\n\r\n" if turn == 0 else b" ",
    "chunks without end": lambda turn: (POST + b"transfer-encoding: chunked\r\n\r\n" if turn == 0 else b"") + b"10000\r\n" + b" " * 65536 + b"\r\n",
    "pipelined requests, no answer read": lambda turn: b"GET /nowhere HTTP/1.1\r\nhost: x\r\n\r\n" * 2000,
    "half-closed without a body": lambda turn: POST + b"content-length: 10\r\n\r\n" if turn == 0 else b"",
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--connections", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=90)
    parser.add_argument("--only", help="measure only kinds whose name starts with this")
    given = parser.parse_args()
    print(f"{given.connections} connections of each kind, observed for {given.seconds:g} s")
    print(f"{'kind':36}{'MiB before':>12}{'peak MiB':>12}{'open at 5 s':>12}{'at the end':>12}{'closed after':>15}")
    for name, data in KINDS.items():
        if not given.only or name.startswith(given.only):
            _measure(name, data, given.connections, given.seconds)


def _measure(name: str, data: Callable[[int], bytes], number: int, seconds: float) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environ = {
        **os.environ, "PORT": str(port), "POSTGRESQL_URL": "postgresql://nobody@127.0.0.1:1/nowhere", "DEEPSEEK_API_KEY": "none",
        "JWT_SECRET_KEY": secrets.token_hex(32),
    }  # fmt: skip
    process = subprocess.Popen([sys.executable, "-m", "graph.web", "--host", "127.0.0.1"], cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)
    try:
        _wait_for(port)
        _ask(port)
        before = _memory(process.pid)
        clients = [socket.create_connection(("127.0.0.1", port)) for _ in range(number)]
        waiting = dict.fromkeys(clients, b"")
        for client in clients:
            client.setblocking(False)
        started, turn, most, early, gone = time.monotonic(), 0, before, number, "-"
        while (elapsed := time.monotonic() - started) < seconds and waiting:
            due = int(elapsed) + 1
            if turn < due:
                for client in waiting:
                    waiting[client] += data(turn) if len(waiting[client]) < LARGE else b""
                turn = due
            _push(waiting, name.startswith("half-closed") and turn == 2)
            most = max(most, _memory(process.pid))
            early = early if elapsed > 5 else len(waiting)
            if not waiting:
                gone = f"{time.monotonic() - started:.0f} s"
            time.sleep(0.05)
        print(f"{name:36}{before:12.0f}{most:12.0f}{early:12}{len(waiting):12}{gone:>15}", flush=True)
        for client in clients:
            client.close()
    finally:
        process.kill()
        process.wait()


def _push(waiting: dict[socket.socket, bytes], half_close: bool) -> None:
    """Send as much as possible, and drop the connections that the server has closed. The server's responses are never read."""
    for client in list(waiting):
        try:
            if half_close:
                client.shutdown(socket.SHUT_WR)
            if waiting[client]:
                waiting[client] = waiting[client][client.send(waiting[client]):]
        except BlockingIOError:
            pass
        except OSError:
            del waiting[client]
            continue
        if _is_closed(client):
            del waiting[client]


def _is_closed(client: socket.socket) -> bool:
    """Return whether the server has closed the connection, without reading from the socket."""
    watching = select.poll()
    watching.register(client.fileno(), select.POLLRDHUP)
    return bool(watching.poll(0))


def _ask(port: int) -> None:
    """Send a first request, so that modules loaded at the first request are part of the memory before the test."""
    with socket.create_connection(("127.0.0.1", port)) as client:
        client.sendall(POST + b"connection: close\r\ncontent-length: 27\r\n\r\n" + b'{"query": "{ __typename }"}')
        while client.recv(65536):
            pass


def _wait_for(port: int) -> None:
    for _ in range(600):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    sys.exit("the server did not start")


def _memory(pid: int) -> float:
    """Return the resident memory in MiB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    return 0.0


if __name__ == "__main__":
    main()
