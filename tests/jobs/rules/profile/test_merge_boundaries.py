"""The least likeness of two values that are merged."""

from __future__ import annotations

from tests.jobs.rules.profile.test_merges import held, merge


def test_decide_merges_values_with_exactly_two_common_words_of_three_are_merged() -> None:
    assert len(merge(held("tea with milk"), held("milk tea")).accepted) == 1


def test_decide_merges_words_that_differ_in_one_letter_are_refused() -> None:
    assert dict(merge(held("parking"), held("packing")).refused) == {"NOT_ALIKE": 1}


def test_decide_merges_single_character_within_a_longer_value_is_refused() -> None:
    assert dict(merge(held("茶"), held("绿茶")).refused) == {"NOT_ALIKE": 1}
