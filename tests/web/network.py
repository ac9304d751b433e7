"""The way between a browser and a server, which a test can cut: as TCP, so that it is cut for a service worker, too."""
from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator

CHUNK_BYTES = 65_536


class Network:
    """Passes connections to `address` on to the server's port. While it is cut, each connection ends at once."""

    def __init__(self, server_port: int) -> None:
        self._server_port = server_port
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._is_cut = False
        threading.Thread(target=self._accept, daemon=True).start()

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def cut(self) -> None:
        with self._lock:
            self._is_cut = True
            for connection in self._open:
                with contextlib.suppress(OSError):
                    connection.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        with self._lock:
            self._is_cut = False

    def close(self) -> None:
        self.cut()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                if self._is_cut:
                    client.close()
                    continue
                try:
                    server = socket.create_connection(("127.0.0.1", self._server_port))
                except OSError:
                    client.close()
                    continue
                self._open |= {client, server}
            threads = [threading.Thread(target=self._pass_on, args=pair, daemon=True) for pair in ((client, server), (server, client))]
            for thread in threads:
                thread.start()
            threading.Thread(target=self._end, args=(threads, client, server), daemon=True).start()

    @staticmethod
    def _pass_on(source: socket.socket, target: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while piece := source.recv(CHUNK_BYTES):
                target.sendall(piece)
        with contextlib.suppress(OSError):
            target.shutdown(socket.SHUT_RDWR)

    def _end(self, threads: list[threading.Thread], *connections: socket.socket) -> None:
        for thread in threads:
            thread.join()
        with self._lock:
            self._open -= set(connections)
        for connection in connections:
            connection.close()


@contextlib.contextmanager
def network(server_port: int) -> Iterator[Network]:
    found = Network(server_port)
    try:
        yield found
    finally:
        found.close()
