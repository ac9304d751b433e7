"""The log as an operator reads it."""
from __future__ import annotations

import io
import json
import logging
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import logs


@contextmanager
def written_log() -> Iterator[list[dict[str, Any]]]:
    """The lines that are written while the context lasts; they are there when it ends."""
    stream, lines, logger = io.StringIO(), list[dict[str, Any]](), logging.getLogger("unilife")
    before = (logger.handlers[:], logger.level, logger.propagate)
    logs.configure("INFO")
    logger.handlers[0].setStream(stream)  # type: ignore[attr-defined]
    try:
        yield lines
    finally:
        lines += [json.loads(line) for line in stream.getvalue().splitlines()]
        logger.handlers[:], logger.level, logger.propagate = before[0], before[1], before[2]


def lines_of(monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[Any]]:
    """What is logged by code that configures the log itself, as the function does at its first event; asked for as often as wanted."""
    written = io.StringIO()
    configure = logs.configure

    def configure_here(level: str) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(sys, "stdout", written)
            configure(level)

    monkeypatch.setattr(logs, "configure", configure_here)
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]
