"""`python -m bench.wishes`: wishes that are accepted, and pastes that get through, by language and half; `--failures` lists those of the tuned half."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from bench.wishes.measure import HALVES, Paste, TrueWish, load_pastes, load_wishes


def main(arguments: Sequence[str]) -> None:
    console = Console(width=200, soft_wrap=True)
    table = Table("set", "half", "messages", "accepted")
    for language in ("en", "zh"):
        for title, items in (("wishes", load_wishes(language)), ("pastes", load_pastes(language))):
            for half in HALVES:
                these: list[TrueWish | Paste] = [item for item in items if item.half == half]
                table.add_row(f"{title}, {language}", half, str(len(these)), str(sum(item.is_accepted for item in these)))
                if "--failures" in arguments and half == "tuned":
                    for item in these:
                        if item.is_accepted is isinstance(item, Paste):
                            console.print("REFUSED" if isinstance(item, TrueWish) else "ACCEPTED", repr(item.message), markup=False)
    console.print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
