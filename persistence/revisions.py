"""Revision names: a migration's number, `0007`; if older code cannot work on its tables, also the oldest code revision that can, `0007.0005`.

The name is stored in the database, so that older code can decide whether it supports the tables of a migration that it does not know.
"""
from __future__ import annotations

import re
from typing import NamedTuple

NAME = re.compile(r"([0-9]{4})(?:\.([0-9]{4}))?")


class Revision(NamedTuple):
    """A parsed revision name. Code must require at least revision `minimum_code` to work on these tables; 0 means any code."""

    number: int
    minimum_code: int


def find_revision(name: str) -> Revision | None:
    """Parse a revision name; return None when it has another form."""
    read = NAME.fullmatch(name)
    return Revision(int(read[1]), int(read[2] or 0)) if read else None


def is_compatible(found: str, wanted: str) -> bool:
    """Return whether tables at `found` support code that requires `wanted`: the same revision, or a newer one with a `minimum_code` up to `wanted`."""
    current, code = find_revision(found), find_revision(wanted)
    if current is None or code is None:
        return False
    return found == wanted or current.minimum_code <= code.number < current.number
