"""The processes under load: servers or instances of the function, what they use, and the users as processes of their own."""
from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

from bench.comparison import FUNCTION, ROOT
from bench.events import PAGE, event

START_SECONDS = 120
USERS_A_PROCESS = 150
_TICK = os.sysconf("SC_CLK_TCK")


class Form(NamedTuple):
    """A way to deploy: so many servers, or so many instances of the function."""

    name: str
    processes: int
    functions: bool = False


class Group:
    """The processes of one form, while they run."""

    def __init__(self, form: Form, processes: list[subprocess.Popen[str]], ports: list[int]) -> None:
        self.form, self.ports, self._processes = form, ports, processes

    @property
    def pids(self) -> list[int]:
        return [each.pid for each in self._processes]

    def cpu(self) -> float:
        """Return the seconds of CPU that the processes have used together."""
        fields = [Path(f"/proc/{each.pid}/stat").read_text().rpartition(") ")[2].split() for each in self._processes]
        return sum(int(field[11]) + int(field[12]) for field in fields) / _TICK

    def memory(self) -> float:
        """Return the resident size of the largest process in MiB."""
        texts = [Path(f"/proc/{each.pid}/status").read_text() for each in self._processes]
        return max(int(text.partition("VmRSS:")[2].split()[0]) / 1024 for text in texts)


@contextlib.contextmanager
def running(form: Form, url: str, model: str, log: Path) -> Iterator[Group]:
    """Run a form's processes on the database at `url`, each of which has answered a first request, with their log lines in `log`."""
    given = {**FUNCTION, "LOG_LEVEL": "INFO", "POSTGRESQL_URL": url, "DEEPSEEK_BASE_URL": model, "DEEPSEEK_MODEL": "unilife-offline"}
    with contextlib.ExitStack() as opened:
        file = opened.enter_context(log.open("a"))
        started = [_start_instance(given, file) if form.functions else _start_server(given, file) for _ in range(form.processes)]
        for process, _ in started:
            opened.callback(_stop, process)
        ports = [port if port is not None else _read_port(process) for process, port in started]
        with ThreadPoolExecutor(len(ports)) as pool:
            list(pool.map(_wake if form.functions else _wait, ports))
        yield Group(form, [process for process, _ in started], ports)


def _start_instance(environment: Mapping[str, str], log: Any) -> tuple[subprocess.Popen[str], int | None]:
    command = [sys.executable, "-m", "bench.load.instance"]
    return subprocess.Popen(command, env=environment, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True), None


def _start_server(environment: Mapping[str, str], log: Any) -> tuple[subprocess.Popen[str], int | None]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "graph.web", "--host", "127.0.0.1", "--client-address-header", "x-real-ip"]
    given = {**environment, "PORT": str(port), "SERVERLESS": "false"}
    return subprocess.Popen(command, env=given, cwd=ROOT, stdout=log, stderr=log, text=True), port


def _read_port(process: subprocess.Popen[str]) -> int:
    assert process.stdout is not None
    return int(process.stdout.readline())


def _wake(port: int) -> None:
    """Let an instance make its cold start with a request that is refused, but loads what a page needs."""
    with socket.create_connection(("127.0.0.1", port)) as client, client.makefile("rwb") as stream:
        stream.write(json.dumps(event("POST", "/graphql", body={"query": PAGE})).encode() + b"\n")
        stream.flush()
        stream.readline()


def _wait(port: int) -> None:
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=START_SECONDS):
            return
        time.sleep(0.1)
    raise SystemExit("the server did not start")


def _stop(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def start_users(plan: dict[str, Any]) -> list[subprocess.Popen[str]]:
    """Start the processes that play the users of a plan, each with its part of the users and of a function's instances, and wait until they are ready."""
    number = -(-len(plan["users"]) // USERS_A_PROCESS)
    number = min(number, len(plan["ports"])) if plan["functions"] else number
    started = []
    for part in range(number):
        ports = plan["ports"][part::number] if plan["functions"] else plan["ports"]
        command = [sys.executable, "-m", "bench.load.users"]
        process = subprocess.Popen(command, env=FUNCTION, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert process.stdin is not None
        process.stdin.write(json.dumps({**plan, "users": plan["users"][part::number], "ports": ports}) + "\n")
        process.stdin.flush()
        started.append(process)
    for process in started:
        assert process.stdout is not None
        process.stdout.readline()
    return started


def send_start(started: list[subprocess.Popen[str]], starts_at: float, ends_at: float) -> None:
    """Tell the processes between which times their users send requests."""
    for process in started:
        assert process.stdin is not None
        process.stdin.write(json.dumps({"starts_at": starts_at, "ends_at": ends_at}) + "\n")
        process.stdin.close()


def read_users(started: list[subprocess.Popen[str]]) -> list[Any]:
    """Return what the requests of all users got, once all have ended."""
    found: list[Any] = []
    for process in started:
        assert process.stdout is not None
        found += json.loads(process.stdout.read())
        process.wait()
    return found
