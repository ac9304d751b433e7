"""Masking of unexpected exceptions: clients get only `MASKED_MESSAGE`, the log gets the exception's class and stack frames.

It is loaded with every request, and before GraphQL is. To keep the cold start short, the module imports only logs.py and stays small.
"""
from __future__ import annotations

from typing import Any

import logs

MASKED_MESSAGE = "internal error"


def log_unexpected(exception: BaseException, request_id: str | None, **fields: Any) -> None:
    """Log an exception's class and stack frames, but not its message, which may quote a user."""
    name = f"{type(exception).__module__}.{type(exception).__qualname__}"
    logs.write("unhandled_exception", level="ERROR", request_id=request_id, exception=name, frames=logs.frames(exception) or None, **fields)
