"""Captured log lines, as an operator reads them."""
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
    """Yield a list that is filled, when the context ends, with the lines written during it."""
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
    """Return a function that returns the lines logged so far by code that configures the log itself, as the function does at its first event."""
    written = io.StringIO()
    configure = logs.configure

    def configure_here(level: str) -> None:
        with monkeypatch.context() as patched:
            patched.setattr(sys, "stdout", written)
            configure(level)

    monkeypatch.setattr(logs, "configure", configure_here)
    return lambda: [json.loads(line) for line in written.getvalue().splitlines()]
