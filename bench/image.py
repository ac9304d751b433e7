"""`python -m bench.image`: a comparison of the cold starts of the event image and the zip, each in an environment of its own, on one database.

No container engine is needed: the image is the directory that the Dockerfile's steps copy and install, started by the image's entry command with
`--event-invoke`. So the figures exclude the time that a platform needs to pull and unpack an image, and the time to unpack the zip. Both times
begin with the start of the process and end with the response to the first `/health`, and with that to the first timer event after it. The runs
alternate.
"""
from __future__ import annotations

import asyncio
import json
import os
import re
import secrets
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
import zipfile
from collections.abc import Callable
from pathlib import Path

from dev.database import create, temporary_server
from dev.migrate import up
from dev.packaging.build import BuildRequest, build
from dev.packaging.targets import TARGETS
from dev.workspace import ROOT

STARTS = int(os.environ.get("BENCH_COLD_STARTS", "9"))
PATIENCE_SECONDS = 60.0
PYTHON = str(getattr(sys, "_base_executable", sys.executable))
TIMER = {"Type": "Timer", "TriggerName": "tick", "Time": "2026-01-01T00:00:00Z", "Message": "tick"}
ZIP_PROGRAM = f"""
import sys
sys.path.insert(0, sys.argv[1])
from handler import handler
health = {{"httpMethod": "GET", "path": "/health", "headers": {{"host": "x"}}, "queryString": {{}}, "body": ""}}
print(handler(health, None)["statusCode"], file=sys.stderr, flush=True)
print(handler({TIMER!r}, None)["ok"], file=sys.stderr, flush=True)
"""

Seconds = tuple[float, float]
"""Seconds from the start of the process to the first health response, and to the first timer response."""


def main() -> None:
    with temporary_server() as server, tempfile.TemporaryDirectory(prefix="unilife-bench-") as scratch:
        url = asyncio.run(_database(server))
        environ = {"PATH": os.defpath, "POSTGRESQL_URL": url, "JWT_SECRET_KEY": secrets.token_hex(32), "DEEPSEEK_API_KEY": "none", "LOG_LEVEL": "ERROR"}
        image, package = make_image(Path(scratch, "image")), make_package(Path(scratch, "zip"))
        sides: dict[str, Callable[[], Seconds]] = {"image": lambda: start_image(image, environ), "zip": lambda: start_zip(package, environ)}
        found: dict[str, list[Seconds]] = {name: [] for name in sides}
        for turn in range(STARTS + 1):
            for name, start in sides.items():
                seconds = start()
                if turn:  # the first run of each side fills the disk's cache
                    found[name].append(seconds)
    print(f"Python {sys.version.split()[0]}, medians of {STARTS} starts, system load {os.getloadavg()[0]:.1f}")
    for name, times in found.items():
        health, timer = (statistics.median(column) for column in zip(*times))
        print(f"{name:6} first health {health:.3f} s, first timer {timer:.3f} s")


async def _database(server: str) -> str:
    url = await create(server, "bench")
    await up(url)
    return url


def make_image(root: Path) -> Path:
    """Return the image's /function, built with the Dockerfile's own steps on this interpreter."""
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    [options] = re.findall(r"RUN pip install (.+?) --target /function --requirement requirements\.txt", dockerfile)
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", *options.split()]
    subprocess.run([*install, "--target", root, "--requirement", ROOT / "deploy" / "requirements.txt"], check=True)
    for copied in re.findall(r"^COPY (?!--)(.+) /function\S*$", dockerfile, re.M):
        for name in copied.split():
            source = ROOT / name
            shutil.copytree(source, root / name, ignore=shutil.ignore_patterns("__pycache__")) if source.is_dir() else shutil.copy(source, root)
    subprocess.run([PYTHON, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash", root], check=True)
    return root


def make_package(root: Path) -> Path:
    """Build AWS's zip for this interpreter's version and return it unpacked."""
    target, python = TARGETS["aws"], f"{sys.version_info[0]}.{sys.version_info[1]}"
    built = build(BuildRequest(target, python, target.glibc_of(python)), root.with_suffix(".dist"), trial=False)
    with zipfile.ZipFile(built.path) as archive:
        archive.extractall(root)
    return root


def start_image(root: Path, environ: dict[str, str]) -> Seconds:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    began = time.perf_counter()
    command = [PYTHON, "-S", "-m", "graph.web", "--event-invoke", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, cwd=root, env={**environ, "SERVERLESS": "false", "PYTHONDONTWRITEBYTECODE": "1"}, stdout=subprocess.DEVNULL)
    try:
        while not _answers(f"http://127.0.0.1:{port}/health"):
            if process.poll() is not None or time.perf_counter() - began > PATIENCE_SECONDS:
                raise SystemExit("the image's entry command does not answer")
            time.sleep(0.002)
        health = time.perf_counter() - began
        event = urllib.request.Request(f"http://127.0.0.1:{port}/event-invoke", json.dumps(TIMER).encode())
        assert json.load(urllib.request.urlopen(event, timeout=PATIENCE_SECONDS))["ok"] is True
        return health, time.perf_counter() - began
    finally:
        process.terminate()
        process.wait(PATIENCE_SECONDS)


def _answers(url: str) -> bool:
    try:
        return bool(urllib.request.urlopen(url, timeout=PATIENCE_SECONDS).status == 200)
    except OSError:
        return False


def start_zip(root: Path, environ: dict[str, str]) -> Seconds:
    began = time.perf_counter()
    command = [PYTHON, "-I", "-S", "-B", "-c", ZIP_PROGRAM, str(root)]
    process = subprocess.Popen(command, cwd=root, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    times = [(process.stderr.readline().strip(), time.perf_counter() - began) for _ in range(2)]
    process.communicate(timeout=PATIENCE_SECONDS)
    assert [said for said, _ in times] == ["200", "True"], times
    return times[0][1], times[1][1]


if __name__ == "__main__":
    main()
