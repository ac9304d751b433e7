"""UUIDs of version 7 (RFC 9562): ids that sort by creation time, so that pagination needs no second sort key."""
from __future__ import annotations

import os
import threading
import time
from datetime import datetime, timezone
from uuid import UUID

_lock = threading.Lock()
_last = 0


def uuid7(at: datetime | None = None) -> UUID:
    """Return a new id that is greater than the previous one of this process; with `at`, an id of that instant instead.

    48 bits of milliseconds, then 12 bits of the millisecond's fraction (RFC 9562, section 6.2, method 3), then 62 random bits.
    """
    global _last
    if at is not None:
        ticks = _ticks(int(at.timestamp() * 1_000_000) * 1000)
    else:
        with _lock:
            ticks = _last = max(_ticks(time.time_ns()), _last + 1)
    random = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    return UUID(int=(ticks >> 12) << 80 | 0x7 << 76 | (ticks & 0xFFF) << 64 | 0b10 << 62 | random)


def uuid7_time(id: UUID) -> datetime:
    """Return the time in a version 7 id, to the millisecond."""
    return datetime.fromtimestamp((id.int >> 80) / 1000, timezone.utc)


def _ticks(nanoseconds: int) -> int:
    milliseconds, rest = divmod(nanoseconds, 1_000_000)
    return milliseconds << 12 | (rest << 12) // 1_000_000
