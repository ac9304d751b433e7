"""PostgreSQL and pgbouncer of Debian as processes, for tests that the embedded server cannot serve: TLS, an older release, a pooler.

Each runs under a shell that waits for the end of its input, so that no process outlives the tests. tests/requirements.py says what
happens if one is not installed.
"""
from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

from bench.pooler import tracks_prepared_statements
from tests.requirements import end_without, find_program

SYSTEM_USER = "postgres"
"""System user of the processes when root runs the tests, since neither program runs as root. Debian's packages create it."""
START_TIMEOUT_SECONDS = 60.0
STOP_AT_END_OF_INPUT = 'signal=$1; shift; "$@" & read -r _; kill -s "$signal" $!; wait $!'
OLDEST_SUPPORTED = 14


def oldest_postgresql() -> Path:
    """Return the program directory of the oldest installed PostgreSQL that is supported."""
    found = {int(path.parent.name): path for path in Path("/usr/lib/postgresql").glob("*/bin") if path.parent.name.isdigit()}
    supported = [version for version in found if version >= OLDEST_SUPPORTED]
    return found[min(supported)] if supported else end_without("PostgreSQL", "postgresql")


def pgbouncer() -> Path:
    return Path(find_program("pgbouncer", package="pgbouncer"))


def free_port() -> int:
    with socket.socket() as opened:
        opened.bind(("127.0.0.1", 0))
        return int(opened.getsockname()[1])


def system_user_arguments() -> dict[str, Any]:
    """Return the `Popen` arguments that run a process as the system user if root runs the tests."""
    if os.geteuid() != 0:
        return {}
    user = pwd.getpwnam(SYSTEM_USER)
    return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}


def give_to_system_user(path: Path) -> None:
    """Make the system user the owner of a directory or file."""
    if os.geteuid() == 0:
        shutil.chown(path, SYSTEM_USER, SYSTEM_USER)


@dataclass
class ServerProcess:
    """A process that listens on a port of 127.0.0.1, with its data in `directory`."""

    directory: Path
    port: int = field(default_factory=free_port)
    end: ClassVar[str] = "TERM"
    """Signal that ends the process at once, without waiting for its clients."""
    _process: subprocess.Popen[bytes] | None = None

    def command(self) -> Sequence[str]:
        raise NotImplementedError

    @property
    def log(self) -> str:
        return (self.directory / "log").read_text(errors="replace")

    def start(self) -> None:
        with open(self.directory / "log", "ab") as log:
            self._process = subprocess.Popen(
                ["sh", "-c", STOP_AT_END_OF_INPUT, "sh", self.end, *self.command()], stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=self.directory,
                start_new_session=True, **system_user_arguments(),
            )  # fmt: skip
        self._wait_until_it_answers(self._process)

    def stop(self) -> None:
        """End the process at once; its clients lose their connections."""
        if self._process is not None:
            with contextlib.suppress(BrokenPipeError):
                self._process.communicate(timeout=START_TIMEOUT_SECONDS)
            self._process = None

    def restart(self) -> None:
        self.stop()
        self.start()

    def _wait_until_it_answers(self, process: subprocess.Popen[bytes]) -> None:
        until = time.monotonic() + START_TIMEOUT_SECONDS
        while process.poll() is None and time.monotonic() < until:
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 1):
                return
            time.sleep(0.05)
        raise AssertionError(f"{self.command()[0]} does not answer: {self.log[-2000:]}")


@dataclass
class Postgres(ServerProcess):
    """A server with the superuser `postgres`; `configure` before the start."""

    programs: Path = field(default_factory=oldest_postgresql)
    end: ClassVar[str] = "INT"

    def initialize(self, *, hba: Sequence[str] = ("local all all trust", "host all all 127.0.0.1/32 trust"), **options: str) -> None:
        command = [str(self.programs / "initdb"), "-D", str(self.data), "-U", "postgres", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync"]
        subprocess.run(command, check=True, capture_output=True, **system_user_arguments())
        fast = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "shared_buffers": "64MB", "max_connections": "60"}
        place = {"port": str(self.port), "listen_addresses": "127.0.0.1", "unix_socket_directories": str(self.directory)}
        lines = [f"{name} = '{value}'\n" for name, value in {**fast, **place, **options}.items()]
        self._write("postgresql.auto.conf", lines)
        self._write("pg_hba.conf", [f"{line}\n" for line in hba])

    @property
    def data(self) -> Path:
        return self.directory / "data"

    def command(self) -> Sequence[str]:
        return [str(self.programs / "postgres"), "-D", str(self.data)]

    def url(self, database: str = "postgres", *, user: str = "postgres", password: str = "", parameters: str = "", host: str = "127.0.0.1") -> str:
        return f"postgresql://{user}{':' + password if password else ''}@{host}:{self.port}/{database}{'?' + parameters if parameters else ''}"

    def psql(self, statement: str, database: str = "postgres") -> str:
        command = [str(self.programs / "psql"), "-h", str(self.directory), "-p", str(self.port), "-U", "postgres", "-qAtc", statement, database]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    def _write(self, name: str, lines: Sequence[str]) -> None:
        (self.data / name).write_text("".join(lines))
        give_to_system_user(self.data / name)

    def _wait_until_it_answers(self, process: subprocess.Popen[bytes]) -> None:
        super()._wait_until_it_answers(process)
        until = time.monotonic() + START_TIMEOUT_SECONDS
        asked = [str(self.programs / "pg_isready"), "-q", "-h", "127.0.0.1", "-p", str(self.port)]
        while subprocess.run(asked).returncode != 0:
            assert time.monotonic() < until, self.log[-2000:]
            time.sleep(0.05)


@dataclass
class Pooler(ServerProcess):
    """pgbouncer in transaction mode, without anything in its configuration that helps a client with prepared statements."""

    end: ClassVar[str] = "KILL"  # at TERM it waits for its clients since 1.23
    host: str = "127.0.0.1"
    server_port: int = 5432
    user: str = "postgres"
    options: dict[str, str] = field(default_factory=dict)

    def command(self) -> Sequence[str]:
        return [str(pgbouncer()), str(self.directory / "pgbouncer.ini")]

    def configure(self) -> None:
        settings = {
            "listen_addr": "127.0.0.1", "listen_port": str(self.port), "unix_socket_dir": "", "auth_type": "any", "pool_mode": "transaction",
            "default_pool_size": "4", "max_client_conn": "200", "admin_users": self.user,
            **({"max_prepared_statements": "0"} if tracks_prepared_statements(str(pgbouncer())) else {}), **self.options,
        }  # fmt: skip
        target = f"* = host={self.host} port={self.server_port} user={self.user}\n"
        text = f"[databases]\n{target}[pgbouncer]\n" + "".join(f"{name} = {value}\n" for name, value in settings.items())
        (self.directory / "pgbouncer.ini").write_text(text)
        give_to_system_user(self.directory / "pgbouncer.ini")

    def url(self, database: str = "postgres", parameters: str = "") -> str:
        return f"postgresql://{self.user}@127.0.0.1:{self.port}/{database}{'?' + parameters if parameters else ''}"

    def console(self, command: str) -> str:
        """Run a command of its console, such as RECONNECT; return the output."""
        psql = find_program("psql", package="postgresql-client")
        asked = [psql, "-h", "127.0.0.1", "-p", str(self.port), "-U", self.user, "-qAtc", command, "pgbouncer"]
        return subprocess.run(asked, check=True, capture_output=True, text=True).stdout


@contextlib.contextmanager
def started(process: ServerProcess) -> Iterator[ServerProcess]:
    process.start()
    try:
        yield process
    finally:
        process.stop()

