"""Main path on the oldest installed PostgreSQL: tests of the suite, run again against a server of that release."""
from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from dev.workspace import ROOT
from tests.persistence.postgres_processes import Postgres

pytestmark = pytest.mark.once

MAIN_PATH = (
    "tests/dev/test_migrate.py",
    "tests/jobs/test_partitions.py",
    "tests/jobs/test_nights.py",
    "tests/test_erasure.py",
    "tests/test_search.py",
    "tests/graph/test_chat.py",
)
"""Migrations up and down, chat, job runs, profile, erasure, search in both languages, hash partitions."""


def test_main_path_on_the_oldest_supported_postgresql_passes(server: Postgres, tmp_path: Path) -> None:
    version = int(server.psql("show server_version_num"))
    assert 140000 <= version < 170000, "the point is a release older than the embedded one: apt-get install postgresql-15"
    environ = {**os.environ, "POSTGRESQL_URL_FOR_TESTS": server.url()}
    for name in ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_CURRENT_TEST", "PYTEST_ADDOPTS"):
        environ.pop(name, None)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *MAIN_PATH]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.fail(f"on PostgreSQL {version // 10000}:\n{done.stdout[-6000:]}\n{done.stderr[-2000:]}", pytrace=False)
    assert "skipped" not in done.stdout
