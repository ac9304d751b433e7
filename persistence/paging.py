"""Keyset pages of lists in both directions: the condition and the order by which a statement reads a page, and what its rows say about its neighbours."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple, TypeVar

RowT = TypeVar("RowT")


class PageRange(NamedTuple):
    """The first `limit` rows of a list after the position `after` and before the position `before`, both exclusive and optional; with `backward` the last ones.

    A position has the values that the list is sorted by. A statement reads the rows from the page's own end: a backward page from the last row on.
    """

    limit: int
    after: Sequence[Any] | None = None
    before: Sequence[Any] | None = None
    backward: bool = False

    def keyset(self, columns: Mapping[str, str], number: int, *, descending: bool = False) -> tuple[str, str, list[Any]]:
        """Return the SQL condition (empty, or beginning with `and`), the order, and the parameters from `$number` on, for columns with their types."""
        conditions = ""
        given: list[Any] = []
        key = ", ".join(columns)
        for position, beyond in ((self.after, "<" if descending else ">"), (self.before, ">" if descending else "<")):
            if position is not None:
                values = ", ".join(f"${number + len(given) + index}::{kind}" for index, kind in enumerate(columns.values()))
                conditions += f" and ({key}) {beyond} ({values})"
                given += position
        return conditions, ", ".join(f"{column} {'desc' if descending != self.backward else 'asc'}" for column in columns), given

    def bounds(self, key: Any, *, descending: bool = False) -> list[Any]:
        """Return the conditions of a list sorted by an SQLAlchemy column or tuple of columns."""
        limits = ((self.after, descending), (self.before, not descending))
        return [key < _operand(position) if below else key > _operand(position) for position, below in limits if position is not None]

    def order(self, *columns: Any, descending: bool = False) -> list[Any]:
        """Return SQLAlchemy's columns in the direction in which the page is read."""
        return [column.desc() if descending != self.backward else column.asc() for column in columns]


def range_of_keys(limit: int, after: object = None, before: object = None, backward: bool = False) -> PageRange:
    """Return the range of a list that is sorted by one value."""
    return PageRange(limit, None if after is None else (after,), None if before is None else (before,), backward)


def cut_page(found: Sequence[RowT], limit: int, *, after: object, before: object, backward: bool) -> tuple[Sequence[RowT], bool, bool]:
    """Return the rows of a page in the list's order, and whether rows follow and precede it. `found` has one more row than the page if there are more.

    On the side of a given position there is at least the row of that position.
    """
    more, rows = len(found) > limit, found[:limit]
    return (rows[::-1], before is not None, more or after is not None) if backward else (rows, more or before is not None, after is not None)


def _operand(position: Sequence[Any]) -> Any:
    return position[0] if len(position) == 1 else tuple(position)
