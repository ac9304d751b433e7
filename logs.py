"""One JSON line an event: what ran, for whom (an id), how it ended. Never a person's text, a token or an e-mail."""
from __future__ import annotations

import json
import logging
import sys
from datetime import datetime, timezone
from typing import Any

_logger = logging.getLogger("unilife")
_logger.addHandler(logging.NullHandler())  # until `configure`; else Python writes to standard error what nobody asked for


class _Line(logging.Formatter):
    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, timezone.utc).isoformat(timespec="milliseconds")
        line = {"at": at, "level": record.levelname, "event": record.getMessage()}
        line.update(getattr(record, "fields", {}))
        return json.dumps({key: value for key, value in line.items() if value is not None}, ensure_ascii=False, default=str)


def configure(level: str) -> None:
    """Send this project's lines to standard output as JSON. Safe to call again; other libraries' loggers are left alone."""
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(_Line())
    _logger.handlers[:] = [handler]
    _logger.setLevel(level)
    _logger.propagate = False


def write(event: str, *, level: str = "INFO", **fields: Any) -> None:
    """Write one line. Fields that are None are left out."""
    _logger.log(getattr(logging, level), event, extra={"fields": fields})
