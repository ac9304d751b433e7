"""`python -m bench.wishes`: wishes that are accepted, and pastes that get through, by set and language; `--failures` lists those that are judged wrongly."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from bench.wishes.measure import PASTES, WISHES, Paste, TrueWish, load_pastes, load_wishes


def main(arguments: Sequence[str]) -> None:
    console = Console(width=200, soft_wrap=True)
    table = Table("set", "messages", "accepted")
    for language in ("en", "zh"):
        sets: dict[str, Sequence[TrueWish | Paste]] = {
            **{name: load_wishes(name, language) for name in WISHES}, **{name: load_pastes(name, language) for name in PASTES}}
        for name, items in sets.items():
            table.add_row(f"{name}, {language}", str(len(items)), str(sum(item.is_accepted for item in items)))
            for item in items if "--failures" in arguments else ():
                if item.is_accepted is isinstance(item, Paste):
                    console.print(name, "ACCEPTED" if isinstance(item, Paste) else "REFUSED", repr(item.message), markup=False)
    console.print(table)


if __name__ == "__main__":
    main(sys.argv[1:])
