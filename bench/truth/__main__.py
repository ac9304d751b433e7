"""`python -m bench.truth`: lies that would be stored and truths that are kept, by kind and language: by the rules alone, without a model.

With one of these, a second reading decides on what the rules leave undecided:

- `--model`: by the model of the settings (DEEPSEEK_API_KEY, DEEPSEEK_BASE_URL, DEEPSEEK_MODEL, MODEL_CHECK), at any compatible endpoint;
- `--offline`: by the offline model, which compares words;
- `--lying`: by the offline model, which says SAYS to everything.

`--failures` also lists the statements that were judged wrongly. The chats of a day (days.py) are measured by the rules alone.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from itertools import product

from rich.console import Console
from rich.table import Table

from bench.truth import days, held_out_en, held_out_zh, paraphrased_en, paraphrased_zh, second_en, second_zh, statements_en, statements_zh
from bench.truth.measure import Outcome, items, outcome
from bench.truth.second_reading import READERS, read_again

SETS = {
    "tuned, English": statements_en.TUNED,
    "tuned, Chinese": statements_zh.TUNED,
    "second, English": second_en.SECOND,
    "second, Chinese": second_zh.SECOND,
    "held out, English": held_out_en.HELD_OUT,
    "held out, Chinese": held_out_zh.HELD_OUT,
    "paraphrased, English": paraphrased_en.PARAPHRASED,
    "paraphrased, Chinese": paraphrased_zh.PARAPHRASED,
}


def main(arguments: Sequence[str]) -> None:
    console = Console(width=200, soft_wrap=True)
    reader = next((name for name in READERS if f"--{name}" in arguments), None)
    for title, table in SETS.items():
        outcomes = read_again(list(items(table)), reader) if reader else [outcome(item) for item in items(table)]
        console.print(_table(title, outcomes))
        for found in outcomes if "--failures" in arguments else ():
            if found.stored is not found.item.true:
                wrong = "LIE STORED" if found.stored else "TRUTH LOST"
                console.print(wrong, found.item.kind, repr(found.item.message), found.item.claim, found.dropped, markup=False)

    columns = ("set", "claims that are wrong", "stored", "claims that are right", "kept", "with a day", "day kept")
    table = Table(*columns, title="chats of a day, and statements in their form")
    for title, claims in _days():
        outcomes_of_days = [days.outcome(item) for item in claims]
        table.add_row(title, *_figures_of_days(outcomes_of_days))
        for made in outcomes_of_days if "--failures" in arguments else ():
            if (made.stored or made.undated) is not made.item.true:
                console.print("LIE STORED" if made.stored else "TRUTH LOST", made.item.kind, made.item.messages, made.item.claim, made.dropped, markup=False)
    console.print(table)


def _days() -> Iterator[tuple[str, Sequence[days.DayClaim]]]:
    """Yield the title and the claims of each set of chats, of the halved ones by half."""
    for name, language in product(days.SETS, ("en", "zh")):
        yield f"{name}, {language}", days.load(name, language)
    for name, language in product(days.HALVED_SETS, ("en", "zh")):
        for half, claims in zip(("first half", "other half"), days.load_halves(name, language)):
            yield f"{name}, {language}, {half}", claims


def _figures_of_days(outcomes: Sequence[days.DayOutcome]) -> list[str]:
    lies = [found.stored for found in outcomes if not found.item.true]
    truths = [found for found in outcomes if found.item.true]
    dated = [found.stored for found in truths if found.item.claim.happens_on is not None]
    return [str(number) for number in (len(lies), sum(lies), len(truths), sum(found.stored or found.undated for found in truths), len(dated), sum(dated))]


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
