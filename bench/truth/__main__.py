"""`python -m bench.truth`: lies that the rules would store and truths that they keep, by kind and language, without a model.

`python -m bench.truth --failures` also lists the statements that were judged wrongly.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence

from rich.console import Console
from rich.table import Table

from bench.truth import held_out_en, held_out_zh, second_en, second_zh, statements_en, statements_zh
from bench.truth.measure import Outcome, items, outcome

SETS = {
    "tuned, English": statements_en.TUNED,
    "tuned, Chinese": statements_zh.TUNED,
    "second, English": second_en.SECOND,
    "second, Chinese": second_zh.SECOND,
    "held out, English": held_out_en.HELD_OUT,
    "held out, Chinese": held_out_zh.HELD_OUT,
}


def main(arguments: Sequence[str]) -> None:
    console = Console(width=200, soft_wrap=True)
    for title, table in SETS.items():
        outcomes = [outcome(item) for item in items(table)]
        console.print(_table(title, outcomes))
        for found in outcomes if "--failures" in arguments else ():
            if found.stored is not found.item.true:
                wrong = "LIE STORED" if found.stored else "TRUTH LOST"
                console.print(wrong, found.item.kind, repr(found.item.message), found.item.claim, found.dropped, markup=False)


def _table(title: str, outcomes: Sequence[Outcome]) -> Table:
    table = Table("kind", "lies", "stored", "truths", "kept", title=title)
    for kind in dict.fromkeys(found.item.kind for found in outcomes):
        table.add_row(kind, *_figures([found for found in outcomes if found.item.kind == kind]))
    table.add_section()
    lies = [found for found in outcomes if not found.item.true]
    truths = [found for found in outcomes if found.item.true]
    table.add_row("all", *_figures(outcomes))
    table.add_row("", "", f"{_share(lies):.1%}", "", f"{_share(truths):.1%}")
    return table


def _figures(outcomes: Sequence[Outcome]) -> list[str]:
    lies = [found for found in outcomes if not found.item.true]
    truths = [found for found in outcomes if found.item.true]
    return [str(number) for number in (len(lies), sum(found.stored for found in lies), len(truths), sum(found.stored for found in truths))]


def _share(outcomes: Sequence[Outcome]) -> float:
    return sum(found.stored for found in outcomes) / max(1, len(outcomes))


if __name__ == "__main__":
    main(sys.argv[1:])
