"""The command `unilife outside`: lists the facts about the outside world in docs/outside.md that are due to be looked up again."""
from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from dev.errors import CommandError
from dev.workspace import ROOT

TABLE = ROOT / "docs" / "outside.md"
COLUMNS = ("what", "believed", "source", "looked up", "used in", "look again on")


@dataclass(frozen=True)
class Belief:
    """One row of the table."""

    what: str
    believed: str
    source: str
    looked_up: date
    used_in: str
    look_again_on: date


def list_beliefs(text: str) -> list[Belief]:
    """Return the rows of the table in docs/outside.md. Raises `CommandError` for a row that cannot be read."""
    rows = [[cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]] for line in text.splitlines() if line.startswith("|")]
    if len(rows) < 3 or tuple(rows[0]) != COLUMNS:
        raise CommandError(f"{TABLE.name} has no table with the columns {', '.join(COLUMNS)}")
    return [_read(row) for row in rows[2:]]


def show(today: date, *, only_due: bool) -> None:
    """Print the rows that are due, the oldest first; unless `only_due`, the others too, the next first."""
    beliefs = sorted(list_beliefs(TABLE.read_text(encoding="utf-8")), key=lambda belief: belief.look_again_on)
    due = [belief for belief in beliefs if belief.look_again_on <= today]
    for belief in due:
        print(f"due since {belief.look_again_on}: {belief.what} (looked up {belief.looked_up}; used in {belief.used_in}; source: {belief.source})")
    if only_due:
        return
    print(f"{len(due)} of {len(beliefs)} are due on {today}")
    for belief in beliefs[len(due) :]:
        print(f"{belief.look_again_on}: {belief.what}")


def _read(row: list[str]) -> Belief:
    try:
        what, believed, source, looked_up, used_in, look_again_on = row
        return Belief(what, believed, source, date.fromisoformat(looked_up), used_in, date.fromisoformat(look_again_on))
    except ValueError:
        raise CommandError(f"{TABLE.name}: the row {' | '.join(row)[:80]!r} needs six cells, with dates such as 2027-01-15 in the fourth and last") from None
