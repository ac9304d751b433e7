"""Warnings at the start about a Python version that gets no more fixes."""
from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import date

import pytest

from dev.workspace import ROOT
from jobs import python_runtime
from tests.log_capture import written_log

TODAY = date(2026, 11, 28)


@pytest.fixture(autouse=True)
def unwarned() -> Iterator[None]:
    python_runtime.forget()
    yield
    python_runtime.warn((0, 0))


def test_warn_retired_python_logs_its_end_and_source_once() -> None:
    with written_log() as lines:
        python_runtime.warn((3, 10), TODAY)
        python_runtime.warn((3, 10), TODAY)
    [line] = lines
    assert (line["event"], line["level"], line["python"], line["retired_on"]) == ("python_retired", "WARNING", "3.10", "2026-10-31")
    assert line["error_code"] == python_runtime.RETIRED and "devguide.python.org" in line["source"] and "newer runtime" in line["action"]


def test_warn_python_shortly_before_its_end_logs_the_coming_end() -> None:
    with written_log() as lines:
        python_runtime.warn((3, 11), date(2027, 10, 31))
    assert [(line["event"], line["retired_on"]) for line in lines] == [("python_about_to_retire", "2027-10-31")]


@pytest.mark.parametrize(("version", "today"), [((3, 11), TODAY), ((3, 13), TODAY), ((3, 15), TODAY), ((3, 16), date(2040, 1, 1)), ((3, 10), date(2026, 8, 2))])
def test_warn_supported_or_unknown_python_logs_nothing(version: tuple[int, int], today: date) -> None:
    with written_log() as lines:
        python_runtime.warn(version, today)
    assert lines == []


@pytest.mark.parametrize("start", [
    "import handler; handler.handler({'httpMethod': 'GET', 'path': '/health', 'headers': {}, 'queryString': {}, 'body': ''}, None);"
    " handler.handler({'httpMethod': 'GET', 'path': '/health', 'headers': {}, 'queryString': {}, 'body': ''}, None)",
    "from graph import web\ntry: web.serve('256.256.256.256', 0)\nexcept BaseException: pass",
], ids=["handler", "server"])  # fmt: skip
def test_function_and_server_on_a_retired_python_warn_once(start: str) -> None:
    script = f"import sys; from jobs import python_runtime; from datetime import date; python_runtime.ENDS[sys.version_info[:2]] = date(2020, 1, 31)\n{start}"
    environ = {**os.environ, "POSTGRESQL_URL": "postgresql://u:p@127.0.0.1:1/x", "DEEPSEEK_API_KEY": "sk-none", "JWT_SECRET_KEY": os.urandom(32).hex()}
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, env=environ, capture_output=True, text=True, timeout=120, check=True)
    lines = [json.loads(line) for line in ended.stdout.splitlines() if line.startswith("{")]
    assert [line["retired_on"] for line in lines if line["event"] == "python_retired"] == ["2020-01-31"], ended.stderr
