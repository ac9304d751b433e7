"""The tables of the load test, in Markdown as bench/README.md has them."""
from __future__ import annotations

from collections.abc import Sequence

from bench.load.measure import Cell
from bench.load.requests import KINDS


def make_tables(cells: Sequence[Cell]) -> str:
    """Return the table of all requests, and the table of their kinds."""
    whole = [
        "| | users | requests/s | median / 95th / 99th, ms | refused | lost | doubled | CPU, ms a request | memory, MiB | connections |",
        "|---|---:|---:|---:|---:|---:|---:|---:|---:|---:|",
        *map(_make_row, cells),
    ]
    heads = " | ".join(f"{kind}: median / 95th / 99th, ms" for kind in KINDS)
    kinds = [f"| | users | {heads} |", "|---|---:|---:|---:|---:|"]
    kinds += [f"| {_name(cell)} | {cell.users} | {' | '.join(_times(cell, kind) for kind in KINDS)} |" for cell in cells]
    return "\n".join([*whole, "", *kinds])


def find_unexpected(cells: Sequence[Cell]) -> str | None:
    """Return a line about messages that were refused and are stored, None when there are none."""
    number = sum(cell.stored_although_refused for cell in cells)
    return f"{number} messages were refused, and their question is stored." if number else None


def _make_row(cell: Cell) -> str:
    return (
        f"| {_name(cell)} | {cell.users} | {cell.throughput:.0f} | {_times(cell, '')} | {_refused(cell)} | {cell.lost} | {cell.doubled} "
        f"| {cell.cpu:.1f} | {cell.memory:.0f} | {cell.connections} |"
    )


def _name(cell: Cell) -> str:
    return f"{cell.form}, {cell.granted}"


def _times(cell: Cell, kind: str) -> str:
    return " / ".join(f"{value:.0f}" for value in cell.times[kind])


def _refused(cell: Cell) -> str:
    """Return the number of refused requests with their share and their codes."""
    number = cell.refused.total()
    codes = ", ".join(f"{count} {code}" for code, count in cell.refused.most_common())
    return f"{number} ({100 * number / max(1, cell.requests):.1f} %: {codes})" if number else "0"
