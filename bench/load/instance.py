"""An instance of the event function, for the load test: reads events from a socket, one a line, and writes their responses. Prints its port."""
from __future__ import annotations

import json
import os
import socket
import sys

from handler import handler


def serve(listening: socket.socket) -> None:
    """Answer one connection after the other, and on each one event after the other, as a platform invokes an instance."""
    while True:
        with listening.accept()[0] as connection, connection.makefile("rwb") as stream:
            for line in stream:
                stream.write(json.dumps(handler(json.loads(line), None)).encode() + b"\n")
                stream.flush()


if __name__ == "__main__":
    with socket.create_server(("127.0.0.1", 0)) as listening:
        print(listening.getsockname()[1], flush=True)
        os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # the lines of the log, which would fill this pipe
        serve(listening)
