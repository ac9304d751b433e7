"""The code on the oldest tables that it supports, where a later migration still has to take away what the former release needs."""
from __future__ import annotations

import os
import subprocess
import sys

import pytest

from dev import migrate
from dev.workspace import ROOT
from persistence.database import SCHEMA_REVISION

MAIN_PATH = (
    "tests/graph/test_model_refusals.py",
    "tests/jobs/test_tokens.py",
    "tests/resolvers/portability/test_portability.py",
    "tests/resolvers/chat/test_disputes.py",
    "tests/resolvers/chat/test_regenerating.py",
)
"""Claims and reservations, pauses, leases of answers, export and import with reverts and summaries, disputes."""


@pytest.mark.skipif(migrate.head() == SCHEMA_REVISION, reason="no contraction is left for later")
def test_code_on_an_expanded_schema_passes_its_tests(server_url: str) -> None:
    environ = {**os.environ, "POSTGRESQL_URL_FOR_TESTS": server_url, "UNILIFE_TEST_REVISION": SCHEMA_REVISION}
    for name in ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_CURRENT_TEST", "PYTEST_ADDOPTS"):
        environ.pop(name, None)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *MAIN_PATH]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.fail(f"on {SCHEMA_REVISION}:\n{done.stdout[-6000:]}\n{done.stderr[-2000:]}", pytrace=False)
