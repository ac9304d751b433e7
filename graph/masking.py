"""What becomes of a failure that nobody foresaw: clients are told nothing of it, the log is told where it came from."""
from __future__ import annotations

import traceback
from typing import Any

import logs

MASKED_MESSAGE = "internal error"
TRACEBACK_FRAMES = 8
"""Frames logged of an unexpected exception, the innermost ones."""


def log_unexpected(exception: BaseException, request_id: str | None, **fields: Any) -> None:
    """Log an exception by its class and where it came from. Never by its message, which may quote a person."""
    frames = [
        f"{frame.f_globals.get('__name__')}:{line} {frame.f_code.co_name}" for frame, line in traceback.walk_tb(exception.__traceback__)
    ]
    name = f"{type(exception).__module__}.{type(exception).__qualname__}"
    logs.write("unexpected_error", level="ERROR", request_id=request_id, exception=name, frames=frames[-TRACEBACK_FRAMES:] or None, **fields)
