"""`unilife check-model` as an operator runs it: a table of findings, the served models, and an exit status."""
from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator

import pytest

from dev.offline_model import serve
from dev.workspace import ROOT


@pytest.fixture(scope="module")
def endpoint() -> Iterator[str]:
    with serve() as base_url:
        yield base_url


def run(**variables: str) -> subprocess.CompletedProcess[str]:
    """Run the command without a database, which it does not need."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith(("POSTGRESQL_", "JWT_", "DEEPSEEK_", "MODEL_"))}
    command = [sys.executable, "-m", "dev", "check-model"]
    return subprocess.run(command, env={**environ, **variables}, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)


def test_check_model_good_endpoint_prints_the_findings_and_ends_with_0(endpoint: str) -> None:
    done = run(DEEPSEEK_BASE_URL=endpoint, DEEPSEEK_API_KEY="sk-hunter2hunter2", DEEPSEEK_MODEL="unilife-offline")
    assert done.returncode == 0, done.stdout + done.stderr
    for question in ("Can the endpoint be reached?", "Does the model return the required JSON?", "Are cached tokens reported?"):
        assert question in done.stdout
    assert "The main job works" in done.stdout and "unilife-offline" in done.stdout and "hunter2" not in done.stdout + done.stderr


def test_check_model_unreachable_endpoint_ends_with_1_and_says_what_to_check() -> None:
    done = run(DEEPSEEK_BASE_URL="http://127.0.0.1:1/v1", DEEPSEEK_API_KEY="any", DEEPSEEK_MODEL="any")
    assert done.returncode == 1 and "DEEPSEEK_BASE_URL" in done.stdout and "does not work" in done.stdout


def test_check_model_without_a_key_ends_with_1_and_names_the_setting(endpoint: str) -> None:
    done = run(DEEPSEEK_BASE_URL=endpoint)
    assert done.returncode == 1 and "DEEPSEEK_API_KEY is missing" in done.stderr
