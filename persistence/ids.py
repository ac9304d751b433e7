"""UUIDs of version 7 (RFC 9562): ids that sort by creation time, so that pagination needs no second sort key.

An id that a client made is a UUID of version 8: its first half is `CLIENT_HALF`, its second half the client's random bits. A message is stored under an id
that has the time of its arrival in the place of the first half, so that messages sort by the server's time; the second half leads back to the client's id.
"""
from __future__ import annotations

import os
import threading
import time
from datetime import datetime, timezone
from uuid import UUID

from asyncpg.pgproto.pgproto import UUID as DriverUUID

CLIENT_HALF = 0x8000
"""The first 64 bits of an id that a client made: no time, and version 8."""
_HALF = (1 << 64) - 1
_lock = threading.Lock()
_last = 0


def uuid7(at: datetime | None = None) -> UUID:
    """Return a new id that is greater than the previous one of this process; with `at`, an id of that instant instead.

    48 bits of milliseconds, then 12 bits of the millisecond's fraction (RFC 9562, section 6.2, method 3), then 62 random bits.
    """
    ticks = _next_ticks() if at is None else _ticks(int(at.timestamp() * 1_000_000) * 1000)
    random = int.from_bytes(os.urandom(8), "big") & ((1 << 62) - 1)
    return _assemble(ticks, 7, 0b10 << 62 | random)


def uuid7_time(id: UUID) -> datetime:
    """Return the time in a version 7 id, to the millisecond."""
    return datetime.fromtimestamp((id.int >> 80) / 1000, timezone.utc)


def to_stored_id(made: UUID) -> UUID:
    """Return the id under which a message is stored for which a client made an id: with the present time in the first half."""
    return _assemble(_next_ticks(), 8, made.int & _HALF)


def parse_id(text: str) -> UUID:
    """Return the id of a text from the database. Made by the driver's class, as ids in rows are, it takes an eighth of the time. Raises ValueError."""
    return DriverUUID(text)


def to_public_id(id: UUID) -> UUID:
    """Return the id by which clients know an object: the one that a client made for it, or its own."""
    return UUID(int=CLIENT_HALF << 64 | id.int & _HALF) if is_client_made(id) else id


def is_client_made(id: UUID) -> bool:
    """Return whether a client made the id, in the form that clients know or in the stored one."""
    return id.int >> 76 & 0xF == 8


def is_public_form(id: UUID) -> bool:
    """Return whether a client made the id and it has no time, so that a message is not stored under it."""
    return id.int >> 64 == CLIENT_HALF


def _next_ticks() -> int:
    """Return the present time in units of an id's sort order, later than at the last call of this process."""
    global _last
    with _lock:
        _last = max(_ticks(time.time_ns()), _last + 1)
        return _last


def _assemble(ticks: int, version: int, second_half: int) -> UUID:
    return UUID(int=(ticks >> 12) << 80 | version << 76 | (ticks & 0xFFF) << 64 | second_half)


def _ticks(nanoseconds: int) -> int:
    milliseconds, rest = divmod(nanoseconds, 1_000_000)
    return milliseconds << 12 | (rest << 12) // 1_000_000
