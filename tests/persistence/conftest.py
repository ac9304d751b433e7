"""Fixtures of the persistence tests: PostgreSQL and pgbouncer as processes."""
from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from anyio.from_thread import BlockingPortal

from dev.database import create
from dev.migrate import up
from persistence.models import Model
from tests.persistence.certificates import make
from tests.persistence.postgres_processes import Pooler, Postgres, give_to_system_user, oldest_postgresql, pgbouncer, started

NAME = "unilife"


@pytest.fixture(scope="session")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make `ca.crt`, `server.crt` signed by it for the name localhost, and `other.crt` of another authority."""
    return make(tmp_path_factory.mktemp("certificates"))


@pytest.fixture(scope="session")
def new_directory() -> Iterator[Callable[[], Path]]:
    """Return a function that makes a directory owned by the system user of the servers, who cannot enter pytest's own."""
    with tempfile.TemporaryDirectory(prefix="unilife-parts-") as parent:
        os.chmod(parent, 0o755)

        def make_directory() -> Path:
            directory = Path(tempfile.mkdtemp(dir=parent))
            give_to_system_user(directory)
            return directory

        yield make_directory


@pytest.fixture(scope="session")
def server(new_directory: Callable[[], Path], certificates: Path) -> Iterator[Postgres]:
    """Start the oldest installed PostgreSQL, which requires TLS and a password of every role but its superuser."""
    directory = new_directory()
    for name in ("server.crt", "server.key"):
        (directory / name).write_bytes((certificates / name).read_bytes())
        (directory / name).chmod(0o600)
        give_to_system_user(directory / name)
    made = Postgres(directory, programs=oldest_postgresql())
    rules = ["local all all trust", "host all postgres 127.0.0.1/32 trust", "hostssl all all 127.0.0.1/32 scram-sha-256"]
    made.initialize(hba=rules, ssl="on", ssl_cert_file=str(directory / "server.crt"), ssl_key_file=str(directory / "server.key"))
    with started(made):
        yield made


@pytest.fixture(scope="session")
def pooler(server: Postgres, new_directory: Callable[[], Path]) -> Iterator[Pooler]:
    """Start pgbouncer in transaction mode in front of that server, with fewer server connections than clients."""
    pgbouncer()
    made = Pooler(new_directory(), server_port=server.port, options={"server_login_retry": "1"})
    made.configure()
    with started(made):
        yield made


@pytest.fixture(scope="session")
def migrated(server: Postgres, portal: BlockingPortal) -> str:
    """Create and migrate a database on that server; return its name."""
    portal.call(up, portal.call(create, server.url(), NAME))
    return NAME


@pytest.fixture
def tables(server: Postgres, migrated: str) -> str:
    """Delete all rows of that database; return its name."""
    deletions = " ".join(f"delete from {table.name};" for table in reversed(Model.metadata.sorted_tables))
    server.psql(f"do $$ begin {deletions} end $$", migrated)
    return migrated
