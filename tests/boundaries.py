"""A pytest plugin that begins each test shortly before a boundary of the calendar, on the clock of the tests and of the database alike.

    python -m pytest -n 0 -p tests.boundaries tests/jobs tests/resolvers tests/graph

The whole process tree reads a moved wall clock, the embedded PostgreSQL included; monotonic clocks, sleeps and time limits go on as they do. It
needs Linux and a C compiler (`cc`). Modules are imported and fixtures made two minutes before the boundary. Two variables choose more:

- `BOUNDARY`: the instant, `2027-01-01T00:00:00+00:00` (midnight UTC, the end of a month and of a year) unless given. Days of the person are by
  their own zone: `2027-01-03T16:00:00+00:00` is midnight in Shanghai, where most tests live, and the beginning of a week.
- `LEAD`: the seconds between the beginning of a test and the boundary, 0.3 unless given. Try 0.05, 0.3 and 1.5: each lets the boundary meet
  other lines of a test. With 0 every test runs after a boundary that the import of its module came before.

A test that takes `one_utc_day` runs before the boundary.

Debian's faketime moves the clocks of a run likewise (`FAKETIME=+34d NO_FAKE_STAT=1 FAKETIME_DONT_FAKE_MONOTONIC=1`, Python 3.10), but not for
each test, and its release 0.9.10 takes the instants until which Python waits for instants of the moved clock.
"""
from __future__ import annotations

import os
import shutil
import struct
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_suffix(".c")
OFFSET = "MOVED_CLOCK"
"""How the processes of the run know the file whose eight bytes are the nanoseconds by which the clock is moved."""

BOUNDARY = datetime.fromisoformat(os.environ.get("BOUNDARY", "2027-01-01T00:00:00+00:00")).timestamp()
LEAD = float(os.environ.get("LEAD", "0.3"))
IMPORTING = 120.0
"""Seconds before the boundary at which modules are imported and fixtures made."""


def _start_again() -> None:
    """Replace this process by the same command on the moved clock."""
    directory = Path(tempfile.mkdtemp(prefix="unilife-clock-"))
    directory.chmod(0o755)  # the database's server may belong to another user
    library, offset = directory / "clock.so", directory / "offset"
    subprocess.run([shutil.which("cc") or "cc", "-O2", "-shared", "-fPIC", "-o", str(library), str(SOURCE)], check=True)
    offset.write_bytes(_packed(BOUNDARY - IMPORTING - time.time()))
    offset.chmod(0o644)
    os.execve(sys.executable, sys.orig_argv, {**os.environ, "LD_PRELOAD": str(library), OFFSET: str(offset)})


def _packed(seconds: float) -> bytes:
    return struct.pack("=q", round(seconds * 1e9))


def _move(to: float) -> None:
    """Let every clock of the tree say `to`, an instant."""
    with open(os.environ[OFFSET], "r+b") as file:
        [before] = struct.unpack("=q", file.read(8))
        file.seek(0)
        file.write(_packed(before / 1e9 + to - time.time()))


if OFFSET not in os.environ:
    _start_again()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    _move(BOUNDARY - IMPORTING)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    if "one_utc_day" not in getattr(item, "fixturenames", ()):
        _move(BOUNDARY - LEAD)
    return (yield)


def pytest_unconfigure() -> None:
    shutil.rmtree(Path(os.environ[OFFSET]).parent, ignore_errors=True)
