"""The log as an operator reads it."""
from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

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
