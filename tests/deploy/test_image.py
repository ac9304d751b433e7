"""The image's steps without a container engine: the files and packages of the Dockerfile, started by its entry command in a separate environment."""
from __future__ import annotations

import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from dev.workspace import ROOT

pytestmark = pytest.mark.once

DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
START_SECONDS = 60.0
TIMER = {"Type": "Timer", "TriggerName": "tick", "Time": "2026-01-01T00:00:00Z", "Message": "tick"}


@pytest.fixture(scope="module")
def function(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the image's /function by the Dockerfile's own steps on this interpreter."""
    made = tmp_path_factory.mktemp("image") / "function"
    [options] = re.findall(r"RUN pip install (.+?) --target /function --requirement requirements\.txt", DOCKERFILE)
    command = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *options.split()]
    subprocess.run([*command, "--target", made, "--requirement", ROOT / "deploy" / "requirements.txt"], check=True, timeout=600)
    for copied in re.findall(r"^COPY (?!--)(.+) /function\S*$", DOCKERFILE, re.M):
        for name in copied.split():
            source = ROOT / name
            shutil.copytree(source, made / name, ignore=shutil.ignore_patterns("__pycache__")) if source.is_dir() else shutil.copy(source, made)
    return made


@pytest.fixture(params=[(), ("--event-invoke",)], ids=["web", "event"])
def address(request: pytest.FixtureRequest, function: Path, migrated_database: str) -> Iterator[str]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    [entry] = re.findall(r"^ENTRYPOINT (\[.+\])$", DOCKERFILE, re.M)
    environment = {
        "PATH": os.defpath, "POSTGRESQL_URL": migrated_database, "JWT_SECRET_KEY": secrets.token_hex(32), "DEEPSEEK_API_KEY": "offline",
        "SERVERLESS": "false", "PORT": str(port), "PYTHONNOUSERSITE": "1",
    }
    command = [sys._base_executable, "-S", *json.loads(entry)[1:], *request.param]  # type: ignore[attr-defined]
    process = subprocess.Popen(command, cwd=function, env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait(f"http://127.0.0.1:{port}/health", process)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(START_SECONDS)


def test_image_answers_requests_and_accepts_timers_only_as_an_event_image(address: str, request: pytest.FixtureRequest) -> None:
    takes_events = request.node.callspec.id == "event"
    health = _ask(address + "/graphql", {"query": "{ health { status } }"})
    assert health == {"data": {"health": {"status": "OK"}}}
    if takes_events:
        assert _ask(address + "/event-invoke", TIMER)["ok"] is True
    else:
        with pytest.raises(urllib.error.HTTPError) as refused:
            _ask(address + "/event-invoke", TIMER)
        refused.value.close()
        assert refused.value.code == 404


def _ask(url: str, body: Any) -> Any:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"content-type": "application/json"})
    with urllib.request.urlopen(request, timeout=START_SECONDS) as answer:
        return json.loads(answer.read())


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    end = time.monotonic() + START_SECONDS
    while time.monotonic() < end and process.poll() is None:
        try:
            return urllib.request.urlopen(url, timeout=10).close()
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"{url} does not answer")
