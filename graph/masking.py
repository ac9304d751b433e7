"""What becomes of a failure that nobody foresaw: clients are told nothing of it, the log is told where it came from."""
from __future__ import annotations

from typing import Any

import logs

MASKED_MESSAGE = "internal error"


def log_unexpected(exception: BaseException, request_id: str | None, **fields: Any) -> None:
    """Log an exception by its class and where it came from. Never by its message, which may quote a person."""
    name = f"{type(exception).__module__}.{type(exception).__qualname__}"
    logs.write("unhandled_exception", level="ERROR", request_id=request_id, exception=name, frames=logs.frames(exception) or None, **fields)
