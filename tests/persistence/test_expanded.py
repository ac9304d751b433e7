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
    "tests/resolvers/test_diary_editing.py",
    "tests/resolvers/test_throttling.py",
    "tests/resolvers/chat/test_disputes.py",
    "tests/resolvers/chat/test_regenerating.py",
    "tests/resolvers/chat/test_side_tasks.py",
)
"""Claims and reservations, pauses, leases of answers, summaries, deleted diaries, reverts, disputes, counted attempts."""


@pytest.mark.skipif(migrate.head() == SCHEMA_REVISION, reason="no contraction is left for later")
@pytest.mark.parametrize("path", MAIN_PATH)
def test_code_works_before_the_contraction(server_url: str, path: str) -> None:
    environ = {**os.environ, "POSTGRESQL_URL_FOR_TESTS": server_url, "UNILIFE_TEST_REVISION": SCHEMA_REVISION}
    for name in ("PYTEST_XDIST_WORKER", "PYTEST_XDIST_WORKER_COUNT", "PYTEST_CURRENT_TEST", "PYTEST_ADDOPTS"):
        environ.pop(name, None)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", path]
    done = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True)
    if done.returncode != 0:
        pytest.fail(f"on {SCHEMA_REVISION}:\n{done.stdout[-6000:]}\n{done.stderr[-2000:]}", pytrace=False)
