"""pgbouncer in transaction mode in front of the benchmark's server, as a process that ends with its owner."""
from __future__ import annotations

import contextlib
import os
import pwd
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from dev.database import SYSTEM_USER
from persistence import dsn

_STOP_AT_END_OF_INPUT = '"$@" & read -r _; kill -s KILL $!; wait $!'  # at TERM pgbouncer waits for its clients since 1.23
_SECONDS = 30


def find_program() -> str | None:
    """Return the path of pgbouncer, or None when it is not installed. Debian's directory of servers is not on every PATH."""
    return shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin")


def tracks_prepared_statements(program: str) -> bool:
    """Return whether this pgbouncer can track prepared statements: since 1.21 (pgbouncer.org/changelog.html, read 2026-11-29)."""
    found = re.search(r"(\d+)\.(\d+)", subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout)
    return found is not None and (int(found[1]), int(found[2])) >= (1, 21)


@contextlib.contextmanager
def transaction_pooler(program: str, server: str) -> Iterator[str]:
    """Run pgbouncer in front of `server`, tracking prepared statements if it can; yield the beginning of its URL, without a database's name."""
    target = dsn.parse(server)
    with socket.socket() as free, tempfile.TemporaryDirectory(prefix="unilife-pooler-") as directory:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        path = Path(directory, "pgbouncer.ini")
        tracking = "max_prepared_statements = 200\n" if tracks_prepared_statements(program) else ""
        path.write_text(
            f"[databases]\n* = host={target.host} port={target.port or 5432} user={target.user}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n"
            f"unix_socket_dir =\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 4\n{tracking}logfile = {directory}/log\n"
        )
        account = {}
        if os.geteuid() == 0:  # pgbouncer does not run as root
            user = pwd.getpwnam(SYSTEM_USER)
            account = {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
            for owned in (path, Path(directory)):
                os.chown(owned, user.pw_uid, user.pw_gid)
        command = ["sh", "-c", _STOP_AT_END_OF_INPUT, "sh", program, "-q", str(path)]
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stderr=subprocess.DEVNULL, start_new_session=True, **account)  # type: ignore[call-overload]
        try:
            _wait(port)
            yield f"postgresql://{target.user}@127.0.0.1:{port}"
        finally:
            process.communicate()


def _wait(port: int) -> None:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise SystemExit("pgbouncer does not answer")
