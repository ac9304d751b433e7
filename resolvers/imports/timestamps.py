"""Times as the products write them: seconds or milliseconds since 1970, as numbers or text, and ISO 8601."""
from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from typing import Any, Final

_ISO: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:[.,](\d{1,9}))?)?\s*(Z|UTC|[+-]\d\d(?::?\d\d)?)?", re.IGNORECASE | re.ASCII,
)
_NUMBER: Final = re.compile(r"-?\d{1,18}(?:\.\d{1,9})?", re.ASCII)
_MILLISECONDS: Final = 10**11
"""Numbers from here on are milliseconds (1973 as such, the year 5138 as seconds); from its thousandfold on, microseconds."""
EPOCH: Final = datetime(1970, 1, 1, tzinfo=timezone.utc)


def read_time(value: Any, earliest: datetime = EPOCH) -> datetime | None:
    """Return the instant in UTC; a time without a zone is one of UTC. None if there is none, or one before `earliest`."""
    if isinstance(value, bool):
        return None
    try:
        found = _of_number(value) if isinstance(value, (int, float)) else _of_text(value.strip()) if isinstance(value, str) else None
    except (ValueError, OverflowError, OSError):
        return None
    return found if found is not None and found >= earliest else None


def _of_number(number: float) -> datetime:
    while abs(number) >= _MILLISECONDS and abs(number) < _MILLISECONDS * 10**8:
        number /= 1000
    return EPOCH + timedelta(seconds=number)


def _of_text(text: str) -> datetime | None:
    if _NUMBER.fullmatch(text):
        return _of_number(float(text))
    read = _ISO.fullmatch(text)
    if read is None:
        return None
    parts = [int(read[number] or 0) for number in range(1, 7)]
    micro = int((read[7] or "0")[:6].ljust(6, "0"))
    return datetime(*parts, micro, tzinfo=timezone(_offset(read[8]))).astimezone(timezone.utc)  # type: ignore[arg-type, misc] # six integers


def _offset(zone: str | None) -> timedelta:
    if zone is None or zone.upper() in ("Z", "UTC"):
        return timedelta(0)
    digits = zone[1:].replace(":", "").ljust(4, "0")
    minutes = int(digits[:2]) * 60 + int(digits[2:])
    return timedelta(minutes=-minutes if zone[0] == "-" else minutes)
