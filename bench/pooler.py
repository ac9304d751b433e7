"""pgbouncer in transaction mode in front of the benchmark's server, as a process that ends with its owner."""
from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from dev.database import SYSTEM_USER
from persistence import dsn

_STOP_AT_END_OF_INPUT = '"$@" & read -r _; kill -s TERM $!; wait $!'
_SECONDS = 30


def find_program() -> str | None:
    """Return the path of pgbouncer, or None when it is not installed. Debian's directory of servers is not on every PATH."""
    return shutil.which("pgbouncer", path=f"{os.environ.get('PATH', '')}{os.pathsep}/usr/sbin")


@contextlib.contextmanager
def transaction_pooler(program: str, server: str) -> Iterator[str]:
    """Run pgbouncer in front of `server`, and yield its address as the beginning of a URL, without a database's name."""
    target = dsn.parse(server)
    with socket.socket() as free, tempfile.TemporaryDirectory(prefix="unilife-pooler-") as directory:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        path = Path(directory, "pgbouncer.ini")
        path.write_text(
            f"[databases]\n* = host={target.host} port={target.port or 5432} user={target.user}\n[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = {port}\n"
            f"unix_socket_dir =\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 4\nlogfile = {directory}/log\n"
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
