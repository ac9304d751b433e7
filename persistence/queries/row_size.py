"""The size of a row as the users' storage counters count it."""
from __future__ import annotations

ROW_BYTES = 500
"""Bytes that are counted for a row in addition to its texts: for its other columns, its header and its index entries."""


def row_size(*texts: str | None) -> int:
    """Return the bytes that are counted for a row with these texts."""
    return ROW_BYTES + sum(len(text.encode("utf-8", "surrogatepass")) for text in texts if text)
