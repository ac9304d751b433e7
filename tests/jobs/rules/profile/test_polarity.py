"""Negated values, their opposites, their context, and well-founded values that may be over."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from jobs.rules.own_slots import own_key, own_slot, slots_of
from jobs.rules.profile.disputes import find_disputes
from jobs.rules.profile.merges import decide_merges
from jobs.rules.profile.opposites import split_negation, topic_of
from jobs.rules.profile.polarity import Relation, ValuePolarity, told_polarity
from jobs.rules.profile.profile import Evidence, Value, derive_profile, diff_profiles
from jobs.rules.profile.statement_context import end_of
from jobs.rules.slots import SLOTS, value_key
from tests.jobs.rules.factories import at, day, message_id, prompt_lines, said, verdict
from tests.jobs.rules.profile.test_merges import Proposal

FOOD, HOME = "preferences.food", "identity.home"


def likes(value: str, on: int, *, slot: str = FOOD, **more: Any) -> Evidence:
    return replace(said(value, on, slot=slot), **more)


def denies(value: str, on: int, relation: Relation = "DISLIKES", *, slot: str = FOOD, **more: Any) -> Evidence:
    return replace(said(value, on, slot=slot, polarity="NEGATIVE"), relation=relation, **more)


def profile(*evidence: Evidence, on: int = 30, verdicts: list[Any] | None = None, aliases: dict[tuple[str, str], str] | None = None) -> list[Value]:
    return list(derive_profile(evidence, verdicts or [], day(on), aliases))


def states(values: list[Value]) -> dict[str, str]:
    return {value.value_key: value.status for value in values}


def test_negative_statement_alone_makes_a_negated_value_which_more_of_them_strengthen() -> None:
    [once] = profile(denies("cilantro", 1))
    [twice] = profile(denies("cilantro", 1), denies("cilantro", 2))
    assert (once.value, once.polarity, once.status, once.origin, once.confidence) == ("cilantro", "DISLIKES", "ACTIVE", "STATED", pytest.approx(0.8, abs=0.1))
    assert twice.confidence > once.confidence
    assert twice.evidence == (message_id(1, 1), message_id(1, 2))


def test_negative_evidence_without_a_relation_makes_no_value() -> None:
    assert profile(said("cilantro", 1, slot=FOOD, polarity="NEGATIVE")) == []


@pytest.mark.parametrize("slot", [FOOD, HOME])
def test_opposites_newest_explicit_statement_wins_and_the_other_is_superseded(slot: str) -> None:
    first, second = likes("Bergen", 1, slot=slot), denies("Bergen", 4, "IS_NOT", slot=slot)
    found = profile(first, second)
    assert states(found) == {"bergen": "SUPERSEDED", "!bergen": "ACTIVE"}
    assert {value.value_key: value.ended_at for value in found} == {"bergen": at(4), "!bergen": None}
    back = profile(replace(first, day=day(6), said_at=at(6), message_id=message_id(1, 6)), second)
    assert states(back) == {"bergen": "ACTIVE", "!bergen": "SUPERSEDED"}
    assert states(profile(second)) == {"!bergen": "ACTIVE"}


@pytest.mark.parametrize("slot", [FOOD, HOME])
@pytest.mark.parametrize("stated", [True, False])
def test_opposites_of_equal_strength_are_disputed(slot: str, stated: bool) -> None:
    sides = (likes("Bergen", 1, slot=slot, stated=stated), denies("Bergen", 1, "IS_NOT", slot=slot, stated=stated, message_id=message_id(2, 1)))
    assert states(profile(*sides)) == {"bergen": "DISPUTED", "!bergen": "DISPUTED"}
    [dispute] = find_disputes(profile(*sides))
    assert set(dispute.values) == {"Bergen", told_polarity(slot, "Bergen", "IS_NOT") + ": Bergen"}


def test_negations_in_a_one_value_slot_compete_with_their_opposite_only() -> None:
    found = profile(denies("Bergen", 1, "IS_NOT", slot=HOME), denies("Rome", 2, "IS_NOT", slot=HOME), likes("Oslo", 3, slot=HOME))
    assert states(found) == {"!bergen": "ACTIVE", "!rome": "ACTIVE", "oslo": "ACTIVE"}


def test_opposites_in_other_words_compete() -> None:
    assert states(profile(likes("pork", 1), likes("doesn't eat pork", 4))) == {"pork": "SUPERSEDED", "doesnteatpork": "ACTIVE"}
    assert states(profile(likes("吃猪肉", 1), denies("猪肉", 4))) == {"吃猪肉": "SUPERSEDED", "!猪肉": "ACTIVE"}
    assert states(profile(likes("porridge", 1), denies("pork", 4))) == {"porridge": "ACTIVE", "!pork": "ACTIVE"}


@pytest.mark.parametrize(
    ("text", "thing", "relation"),
    [("hates cilantro", "cilantro", "DISLIKES"), ("doesn't eat pork", "pork", "IS_NOT"), ("不吃猪肉", "猪肉", "IS_NOT"), ("讨厌香菜", "香菜", "DISLIKES"),
     ("never drinks coffee", "coffee", "IS_NOT"), ("从不喝酒", "酒", "IS_NOT"), ("loves pork", "loves pork", None), ("不辣的", "不辣的", None), ("", "", None)],
)  # fmt: skip
def test_split_negation_of_a_text_that_denies_names_the_thing(text: str, thing: str, relation: str | None) -> None:
    assert split_negation(FOOD, text) == (thing, relation)
    assert split_negation(HOME, text) == (text, None)


def test_topic_of_values_about_one_thing_is_the_same() -> None:
    about = {topic_of(FOOD, text, value_key(text)) for text in ("pork", "eats pork", "likes pork")}
    assert about == {("pork", False)}
    assert topic_of(FOOD, "doesn't eat pork", "doesnteatpork") == topic_of(FOOD, "pork", "!pork") == ("pork", True)


def test_verdicts_on_a_negation_set_lock_and_reject_it_alone() -> None:
    def given(kind: Any, **more: Any) -> Any:
        return replace(verdict(kind, "tea", 5, slot=FOOD), value_key="!tea", **more)

    set_by_user = profile(likes("tea", 1), verdicts=[given("SET", polarity="DISLIKES")])
    assert states(set_by_user) == {"tea": "SUPERSEDED", "!tea": "ACTIVE"}
    assert [value.polarity for value in set_by_user] == ["DISLIKES", "IS"]
    assert states(profile(likes("tea", 9), verdicts=[given("LOCK")])) == {"!tea": "ACTIVE", "tea": "SUGGESTED"}
    rejected = profile(likes("tea", 1), denies("tea", 4), verdicts=[given("REJECT", evidence=frozenset({message_id(1, 4)}))])
    assert states(rejected) == {"tea": "ACTIVE", "!tea": "REJECTED"}
    assert next(value for value in rejected if value.value_key == "tea").confidence == next(iter(profile(likes("tea", 1)))).confidence


def test_merges_join_negations_with_each_other_but_never_with_their_opposites() -> None:
    hated, variant, liked = (profile(item)[0] for item in (denies("spicy food", 1), denies("spicy foods", 1), likes("spicy foods", 1)))
    assert decide_merges({1: hated, 2: liked}, [Proposal(1, 2)]).refused == {"OPPOSITE": 1}
    merges = decide_merges({1: hated, 2: variant}, [Proposal(1, 2)])
    aliases = {(alias.slot, alias.from_key): alias.into_key for alias in merges.accepted}
    assert len(aliases) == 1
    assert states(profile(denies("spicy food", 1), denies("spicy foods", 2), aliases=aliases)) == {f"!{next(iter(aliases.values()))}": "ACTIVE"}


@pytest.mark.parametrize(
    ("slot", "value", "polarity", "line"),
    [
        (FOOD, "cilantro", "DISLIKES", "preferences.food: does not like: cilantro"),
        (FOOD, "pork", "IS_NOT", "preferences.food: never eats: pork"),
        (FOOD, "猪肉", "IS_NOT", "preferences.food: 从不吃: 猪肉"),
        (FOOD, "香菜", "DISLIKES", "preferences.food: 不喜欢: 香菜"),
        (FOOD, "alcohol", "IS_NOT", "preferences.food: never drinks: alcohol"),
        (HOME, "Bergen", "IS_NOT", "identity.home: does not live in: Bergen"),
        (FOOD, "tea", "LIKES", "preferences.food: tea"),
    ],
)
def test_select_prompt_values_tell_the_polarity_in_the_language_of_the_value(slot: str, value: str, polarity: ValuePolarity, line: str) -> None:
    [found] = profile(likes(value, 1, slot=slot))
    assert prompt_lines([replace(found, polarity=polarity)], 500) == [line]


def test_select_prompt_values_tell_the_context() -> None:
    [berlin] = profile(likes("Berlin", 1, slot=HOME, since="2019", until="2026-12", condition="on weekdays"))
    [hangzhou] = profile(likes("杭州", 1, slot=HOME, since="2025", condition="上班的时候"))
    assert prompt_lines([berlin], 500) == ["identity.home: Berlin (since 2019; until 2026-12; on weekdays)"]
    assert prompt_lines([hangzhou], 500) == ["identity.home: 杭州 (自 2025 起; 上班的时候)"]


def test_values_of_a_one_value_slot_under_different_conditions_both_hold() -> None:
    weekdays, weekends = likes("Berlin", 1, slot=HOME, condition="on weekdays"), likes("Hamburg", 2, slot=HOME, condition="on weekends")
    assert states(profile(weekdays, weekends)) == {"berlin": "ACTIVE", "hamburg": "ACTIVE"}
    assert states(profile(weekdays, replace(weekends, condition="On weekdays!"))) == {"berlin": "SUPERSEDED", "hamburg": "ACTIVE"}
    assert states(profile(replace(weekdays, condition=None), replace(weekends, condition=None))) == {"berlin": "SUPERSEDED", "hamburg": "ACTIVE"}


def test_context_of_a_value_is_that_of_its_newest_statements_and_goes_with_them() -> None:
    first, second = likes("tea", 1, since="2019", condition="at work"), likes("tea", 4, since="2021", condition="on weekends")
    [both], [one] = profile(first, second), profile(first)
    assert (both.since, both.condition) == ("2021", "on weekends; at work")
    assert (one.since, one.condition) == ("2019", "at work")


def test_value_until_a_day_is_over_after_it_unless_it_is_locked_or_stated_again() -> None:
    berlin, end = likes("Berlin", 1, slot=HOME, until=day(9).isoformat()), day(9)
    assert states(profile(berlin, on=9)) == {"berlin": "ACTIVE"}
    [over] = profile(berlin, on=10)
    assert (over.status, over.until) == ("SUPERSEDED", end.isoformat())
    assert states(profile(berlin, likes("Berlin", 12, slot=HOME), on=20)) == {"berlin": "ACTIVE"}
    assert states(profile(berlin, on=20, verdicts=[verdict("LOCK", "Berlin", 3)])) == {"berlin": "ACTIVE"}
    assert states(profile(likes("Rome", 0, slot=HOME), berlin, on=20)) == {"rome": "SUPERSEDED", "berlin": "SUPERSEDED"}


# Well-founded values that may be over


FOUNDED = [likes("Bergen", on, slot=HOME) for on in (1, 3)]


@pytest.mark.parametrize("relation", ["ENDED", "CORRECTED"])
def test_well_founded_value_that_one_statement_calls_over_is_asked_about(relation: Relation) -> None:
    over = denies("Bergen", 6, relation, slot=HOME)
    [value] = profile(*FOUNDED, over)
    assert (value.status, value.until) == ("DISPUTED", day(6).isoformat() if relation == "ENDED" else None)
    [dispute] = find_disputes([value])
    assert dispute.line_for(dispute.slot).startswith("identity.home: Bergen | no longer Bergen")
    assert states(profile(*FOUNDED, over, likes("Bergen", 8, slot=HOME))) == {"bergen": "ACTIVE"}
    assert states(profile(*FOUNDED, over, denies("Bergen", 8, relation, slot=HOME))) == {"bergen": "SUPERSEDED"}
    assert states(profile(*FOUNDED, over, likes("Oslo", 8, slot=HOME))) == {"bergen": "SUPERSEDED", "oslo": "ACTIVE"}
    assert states(profile(*FOUNDED)) == {"bergen": "ACTIVE"}


def test_well_founded_value_that_may_be_over_does_not_revive_an_older_one() -> None:
    found = profile(likes("Rome", 0, slot=HOME), *FOUNDED, denies("Bergen", 6, "ENDED", slot=HOME))
    assert states(found) == {"rome": "SUPERSEDED", "bergen": "DISPUTED"}


def test_value_stated_on_one_day_that_a_statement_calls_over_is_superseded() -> None:
    [value] = profile(FOUNDED[0], denies("Bergen", 6, "ENDED", slot=HOME, until="2026-02"))
    assert (value.status, value.ended_at, value.until) == ("SUPERSEDED", at(6), "2026-02")


def test_dispute_about_a_chinese_value_is_told_in_chinese() -> None:
    values = profile(likes("杭州", 1, slot=HOME), likes("杭州", 3, slot=HOME), denies("杭州", 6, "ENDED", slot=HOME))
    assert find_disputes(values)[0].line_for("identity.home") == f"identity.home: 杭州 | 不再是 杭州 ({day(6).isoformat()})"


@pytest.mark.parametrize("slot", [FOOD, own_key(UUID(int=7))])
def test_disputes_of_a_many_value_slot_are_about_one_thing_each(slot: str) -> None:
    pairs = [item for number, thing in enumerate(("tea", "olives")) for item in (
        likes(thing, 1 + number, slot=slot), denies(thing, 1 + number, slot=slot, message_id=message_id(2, 1 + number)))]  # fmt: skip
    slots = SLOTS if slot in SLOTS else slots_of((), [own_slot(UUID(int=7), "Tastes", True, None, "")])
    [dispute] = find_disputes(derive_profile(pairs, [], day(30), slots=slots), {slot})
    assert dispute.values == ("does not like: olives", "olives")


def test_diff_profiles_a_changed_context_or_polarity_is_recorded() -> None:
    [before], [after] = profile(likes("tea", 1)), profile(likes("tea", 1, condition="at work"))
    assert [change.reason for change in diff_profiles([before], [after])] == ["CONTEXT_CHANGED"]
    assert [change.reason for change in diff_profiles([before], [replace(before, polarity="LIKES")])] == ["CONTEXT_CHANGED"]
    assert diff_profiles([before], [before]) == ()


def test_value_that_the_user_set_replaces_what_was_said_under_a_condition_before() -> None:
    """Set by hand it holds at all times, so that the profile does not tell both."""
    weekdays = likes("tea", 1, condition="on weekdays")
    denied = replace(verdict("SET", "tea", 5, slot=FOOD), value_key="!tea", polarity="IS_NOT")
    assert states(profile(weekdays, verdicts=[denied])) == {"tea": "SUPERSEDED", "!tea": "ACTIVE"}
    assert states(profile(replace(weekdays, value="茶", value_key="茶"), verdicts=[denied])) == {"茶": "ACTIVE", "!tea": "ACTIVE"}
    moved = verdict("SET", "Oslo", 5, slot=HOME)
    assert states(profile(likes("Berlin", 1, slot=HOME, condition="on weekdays"), verdicts=[moved])) == {"oslo": "ACTIVE", "berlin": "SUPERSEDED"}
    assert states(profile(likes("tea", 9, condition="on weekdays"), verdicts=[denied])) == {"tea": "ACTIVE", "!tea": "ACTIVE"}


@pytest.mark.parametrize(("text", "thing"), [("hates Scarpa", "Scarpa"), ("讨厌普洱", "普洱")])
def test_split_negation_in_an_own_slot_names_what_is_disliked_and_leaves_rules(text: str, thing: str) -> None:
    own = own_key(UUID(int=7))
    assert split_negation(own, text) == (thing, "DISLIKES")
    assert split_negation(own, "never eats meat") == ("never eats meat", None) and split_negation(own, "不吃猪肉") == ("不吃猪肉", None)


def test_decide_merges_value_and_negated_value_are_refused_in_either_order() -> None:
    [positive], [negative] = profile(likes("cilantro soup", 1)), profile(denies("cilantro soups", 1))
    [oftener_positive] = profile(likes("cilantro soup", 1), likes("cilantro soup", 2))
    [oftener_negative] = profile(denies("cilantro soups", 1), denies("cilantro soups", 2))
    for pair in ((oftener_positive, negative), (negative, oftener_positive), (positive, oftener_negative), (oftener_negative, positive)):
        assert dict(decide_merges(dict(enumerate(pair)), [Proposal(0, 1)]).refused) == {"OPPOSITE": 1}


def test_end_of_several_statements_is_the_day_that_the_newest_names() -> None:
    older, newer = denies("Rome", 1, "ENDED", slot=HOME, until="2024"), denies("Rome", 2, "ENDED", slot=HOME, until="2025-03")
    assert end_of([newer, older]) == "2025-03"


@pytest.mark.parametrize(("conditions", "doubted"), [(("at night",), True), (("at night", "on weekdays"), False), (("on weekdays",), False), ((None,), False)])
def test_denial_under_a_condition_doubts_only_a_value_that_was_said_under_no_other(conditions: tuple[str | None, ...], doubted: bool) -> None:
    said_before = [likes("tea", number, condition=condition) for number, condition in enumerate(conditions)]
    denial = replace(said("tea", 5, slot=FOOD, polarity="NEGATIVE", stated=False), condition="at night")
    [before], [after] = profile(*said_before), profile(*said_before, denial)
    assert (after.confidence < before.confidence) is doubted
