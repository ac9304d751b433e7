"""Python versions that get no more fixes, or soon will not, so that a starting process can warn about them.

Source, read on 2026-11-28: devguide.python.org/versions, which names months (3.10: 2026-10, 3.15: 2031-10); `ENDS` has the last day of each.
"""
from __future__ import annotations

import sys
from datetime import date, timedelta
from typing import Final

import logs

RETIRED: Final = "PYTHON_RETIRED"
SOURCE: Final = "devguide.python.org/versions, read on 2026-11-28"

ENDS: Final = {
    (3, 10): date(2026, 10, 31),
    (3, 11): date(2027, 10, 31),
    (3, 12): date(2028, 10, 31),
    (3, 13): date(2029, 10, 31),
    (3, 14): date(2030, 10, 31),
    (3, 15): date(2031, 10, 31),
}
AHEAD: Final = timedelta(days=90)
"""The time before a version's end from which on the process warns about it."""

_warned = False


def warn(version: tuple[int, int] = sys.version_info[:2], today: date | None = None) -> None:
    """Log once per process that its Python version gets no more fixes, or soon will not."""
    global _warned
    if _warned:
        return
    _warned = True
    ends, now = ENDS.get(version), today or date.today()
    if ends is None or now <= ends - AHEAD:
        return
    event = "python_retired" if now > ends else "python_about_to_retire"
    logs.write(event, level="WARNING", error_code=RETIRED, python=".".join(map(str, version)), retired_on=ends, source=SOURCE)


def forget() -> None:
    """Let `warn` log again. For tests."""
    global _warned
    _warned = False
