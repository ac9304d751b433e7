"""The benchmark's statements, in both languages: how many lies the rules store, and how many truths they keep."""

from __future__ import annotations

import pytest

from bench.truth import held_out_en, held_out_zh, second_en, second_zh, statements_en, statements_zh
from bench.truth.measure import items, outcome

TUNED = {"en": statements_en.TUNED, "zh": statements_zh.TUNED}
HELD_OUT = {"en": held_out_en.HELD_OUT, "zh": held_out_zh.HELD_OUT}


def shares(table: str) -> tuple[float, float]:
    """Return the share of lies that are stored and the share of truths that are kept."""
    outcomes = [outcome(item) for item in items(table)]
    lies = [found.stored for found in outcomes if not found.item.true]
    truths = [found.stored for found in outcomes if found.item.true]
    return sum(lies) / len(lies), sum(truths) / len(truths)


@pytest.mark.parametrize("language", TUNED)
def test_rules_store_few_lies_and_keep_nearly_all_truths_of_the_tuned_statements(language: str) -> None:
    assert len(list(items(TUNED[language]))) >= 200
    stored, kept = shares(TUNED[language])
    assert stored <= 0.15 and kept >= 0.97


@pytest.mark.parametrize("language", HELD_OUT)
def test_held_out_statements_are_pairs_of_a_lie_and_a_truth_that_the_tuned_ones_do_not_have(language: str) -> None:
    found, tuned = list(items(HELD_OUT[language])), {item.message for item in items(TUNED[language])}
    assert len(found) >= 60
    assert [item.true for item in found] == [False, True] * (len(found) // 2)
    assert not tuned & {item.message for item in found}


SETS = {**{f"tuned {name}": table for name, table in TUNED.items()}, "second en": second_en.SECOND, "second zh": second_zh.SECOND,
        **{f"held out {name}": table for name, table in HELD_OUT.items()}}  # fmt: skip


@pytest.mark.parametrize("name", SETS)
def test_second_reading_that_says_says_to_everything_stores_few_lies(name: str) -> None:
    lies = [outcome(item, "SAYS").stored for item in items(SETS[name]) if not item.true]
    assert any(lies), "a model that lies has an effect"
    assert sum(lies) / len(lies) <= 0.15
