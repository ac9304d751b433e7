"""Decisions about the model's proposals to merge near-duplicate values."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.rules.profile.merges import Alias, Merges, decide_merges
from jobs.rules.profile.profile import Value, derive_profile
from tests.jobs.rules.factories import day, said, verdict

FOOD = "preferences.food"


@dataclass(frozen=True)
class Proposal:
    keep: int
    drop: int


def held(value: str, slot: str = FOOD, days: int = 1) -> Value:
    (found,) = derive_profile([said(value, on, slot=slot, stated=False) for on in range(days)], [], day(9))
    return found


def merge(*values: Value, pairs: list[tuple[int, int]] | None = None) -> Merges:
    proposals = [Proposal(*pair) for pair in (pairs or [(0, 1)])]
    return decide_merges(dict(enumerate(values)), proposals)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hiking", "go hiking"),
        ("Sichuan food", "Szechuan food"),
        ("running in the park", "in the park running"),
        ("徒步", "喜欢徒步"),
        ("打篮球", "篮球"),
        ("colour photography", "color photography"),
    ],
)
def test_decide_merges_similar_values_are_merged(one: str, other: str) -> None:
    found = merge(held(one), held(other))
    assert len(found.accepted) == 1
    assert dict(found.refused) == {}


@pytest.mark.parametrize(
    ("one", "other", "reason"),
    [
        ("tea", "green tea", "NOT_ALIKE"),
        ("妈妈", "妈妈的朋友", "NOT_ALIKE"),
        ("sister Anna", "sister Mary", "NOT_ALIKE"),
        ("hiking", "chess", "NOT_ALIKE"),
        ("吃辣", "不吃辣", "OPPOSITE"),
        ("likes spicy food", "dislikes spicy food", "OPPOSITE"),
        ("eats meat", "never eats meat", "OPPOSITE"),
        ("runs 5 km", "runs 10 km", "NUMBERS_DIFFER"),
        ("Tea", "tea!", "SAME_VALUE"),
    ],
)
def test_decide_merges_values_of_possibly_different_meaning_are_refused(one: str, other: str, reason: str) -> None:
    found = merge(held(one), held(other))
    assert (found.accepted, dict(found.refused)) == ((), {reason: 1})


def test_decide_merges_other_slot_or_single_value_slot_is_refused() -> None:
    assert dict(merge(held("hiking"), held("go hiking", "preferences.activities")).refused) == {"OTHER_SLOT": 1}
    assert dict(merge(held("York", "identity.home"), held("in York", "identity.home")).refused) == {"ONE_VALUE_SLOT": 1}


def test_decide_merges_unknown_or_rejected_value_is_refused() -> None:
    assert dict(merge(held("hiking"), pairs=[(0, 7), (7, 8)]).refused) == {"UNKNOWN_VALUE": 2}
    rejected = replace(held("go hiking"), status="REJECTED")
    assert dict(merge(held("hiking"), rejected).refused) == {"NOT_HELD": 1}


def test_decide_merges_keeps_the_locked_or_best_supported_value() -> None:
    often, once = held("go hiking", days=3), held("hiking")
    for pair in ((0, 1), (1, 0)):
        assert merge(often, once, pairs=[pair]).accepted == (Alias(FOOD, "hiking", "gohiking"),)
    locked = replace(once, locked=True)
    assert merge(often, locked).accepted == (Alias(FOOD, "gohiking", "hiking"),)
    assert dict(merge(replace(often, locked=True), locked).refused) == {"BOTH_LOCKED": 1}


def test_decide_merges_values_similar_only_through_a_third_stay_apart() -> None:
    found = merge(held("hiking", days=3), held("hiking trips"), held("long hiking trips"), pairs=[(0, 1), (1, 2)])
    assert found.accepted == (Alias(FOOD, "hikingtrips", "hiking"),)
    assert dict(found.refused) == {"NOT_ALIKE": 1}


def test_decide_merges_into_a_locked_value_keeps_its_wording() -> None:
    evidence = [said("hiking", 1, slot=FOOD), *(said("go hiking", on, slot=FOOD) for on in (2, 3))]
    verdicts = [verdict("LOCK", "hiking", 4, slot=FOOD)]
    values = dict(enumerate(derive_profile(evidence, verdicts, day(9))))
    found = decide_merges(values, [Proposal(0, 1)])
    (merged,) = derive_profile(evidence, verdicts, day(9), {(a.slot, a.from_key): a.into_key for a in found.accepted})
    assert (merged.value, merged.locked, len(merged.evidence)) == ("hiking", True, 3)


VALUES = [held(name, days=days) for days, name in enumerate(["hiking", "go hiking", "to go hiking", "hikings", "不 hiking", "chess"], 1)]


@given(pairs=st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=8), data=st.data())
@settings(max_examples=150, deadline=None)
def test_decide_merges_in_any_order_gives_the_same_aliases_to_kept_values(pairs: list[tuple[int, int]], data: st.DataObject) -> None:
    found = merge(*VALUES, pairs=pairs or [(0, 0)])
    turned = [(drop, keep) for keep, drop in data.draw(st.permutations(pairs or [(0, 0)]))]
    assert merge(*VALUES, pairs=turned) == found
    gone = {alias.from_key for alias in found.accepted}
    assert len(gone) == len(found.accepted)
    assert gone.isdisjoint(alias.into_key for alias in found.accepted)
    assert not any("不" in alias.from_key or "chess" in alias.from_key for alias in found.accepted)
