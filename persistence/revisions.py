"""How a migration is named: by its number, `0007`; and, once older code cannot work on its tables any more, by the oldest that can, `0007.0005`.

The name stands in the database, so code that knows nothing of a newer migration can still tell whether it may work on its tables.
"""
from __future__ import annotations

import re
from typing import NamedTuple

NAME = re.compile(r"([0-9]{4})(?:\.([0-9]{4}))?")


class Revision(NamedTuple):
    """`oldest`: the least number that code must want to work on these tables."""

    number: int
    minimum_code: int


def find_revision(name: str) -> Revision | None:
    """What a name says; None for one that is not of this kind."""
    read = NAME.fullmatch(name)
    return Revision(int(read[1]), int(read[2] or 0)) if read else None


def is_compatible(found: str, wanted: str) -> bool:
    """Whether tables at one revision are good for code that wants another: they are of that one, or newer and have only been added to."""
    present, code = find_revision(found), find_revision(wanted)
    if present is None or code is None:
        return False
    return found == wanted or present.minimum_code <= code.number < present.number
