"""A pytest plugin that begins each test shortly before a boundary of the calendar, on the clock of the tests and of the database alike.

    python -m pytest -n 0 -p tests.boundaries tests/jobs tests/resolvers tests/graph

The whole process tree reads a shifted wall clock, the embedded PostgreSQL included; monotonic clocks, sleeps and time limits are unchanged. It
needs Linux and a C compiler (`cc`). Modules are imported and fixtures made two minutes before the boundary. Two variables configure it:

- `BOUNDARY`: the instant, by default `2027-01-01T00:00:00+00:00` (midnight UTC, the end of a month and of a year). A user's days follow
  their time zone: `2027-01-03T16:00:00+00:00` is midnight in Shanghai, the zone of most tests, and the beginning of a week.
- `LEAD`: the seconds between the beginning of a test and the boundary, by default 0.3. Try 0.05, 0.3 and 1.5: with each the boundary falls on
  other lines of a test. With 0 every test runs after the boundary, and its module is imported before it.

A test that takes `one_utc_day` runs before the boundary.

Debian's faketime shifts the clocks of a run, too (`FAKETIME=+34d NO_FAKE_STAT=1 FAKETIME_DONT_FAKE_MONOTONIC=1`, Python 3.10), but not for
each test, and its release 0.9.10 treats the monotonic deadlines of Python's waits as instants of the shifted clock.
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
"""The environment variable with the path of the file whose eight bytes are the offset of the clock in nanoseconds."""

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
    """Set the wall clock of the process tree to `to`, in seconds since the epoch."""
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
