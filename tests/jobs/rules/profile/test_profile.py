"""Rules of the profile, one by one: confidence, conflicts, verdicts and merges."""

from __future__ import annotations

import pytest

from jobs.rules.profile.confidence import MIN_SUPPORT
from jobs.rules.profile.profile import Evidence, Value, Verdict, derive_profile
from tests.jobs.rules.factories import at, by_name, day, message_id, said, verdict

FOOD = "preferences.food"
EXERCISE = "habits.exercise"


def statuses(values: tuple[Value, ...]) -> dict[str, str]:
    return {value.value: value.status for value in values}


def only(values: tuple[Value, ...]) -> Value:
    (value,) = values
    return value


# Confidence


def confidence(*evidence: Evidence, as_of: int = 10) -> float:
    return by_name(derive_profile(evidence, [], day(as_of)))["tea"].confidence


def tea(on: int, **more: object) -> Evidence:
    return said("tea", on, slot=FOOD, **more)  # type: ignore[arg-type]


def test_confidence_grows_more_with_days_than_with_quotes() -> None:
    once = confidence(tea(10, stated=False))
    twice_that_day = confidence(tea(10, stated=False), tea(10, number=2, stated=False))
    on_two_days = confidence(tea(10, stated=False), tea(9, stated=False))
    assert once < twice_that_day < on_two_days < 1


def test_confidence_of_a_stated_value_exceeds_an_inferred_one() -> None:
    assert confidence(tea(10)) == 0.8
    assert confidence(tea(10, stated=False)) == 0.4


def test_confidence_message_quoted_twice_counts_once() -> None:
    daily, weekly = tea(10, stated=False, confidence=0.6), tea(10, stated=False, confidence=0.6)
    assert confidence(daily, weekly) == confidence(daily)
    assert len(only(derive_profile([daily, weekly], [], day(10))).evidence) == 1


def test_confidence_message_with_two_signals_counts_the_stronger() -> None:
    assert confidence(tea(10, confidence=0.5), tea(10, confidence=0.9)) == confidence(tea(10, confidence=0.9))


def test_confidence_after_each_half_life_is_halved() -> None:
    assert confidence(tea(0), as_of=365) == pytest.approx(0.4)
    assert confidence(tea(0), as_of=730) == pytest.approx(0.2)


def test_confidence_contradicted_value_is_lower_and_does_not_recover_with_time() -> None:
    days = [tea(on) for on in range(4)]
    denied = said("tea", 5, slot=FOOD, polarity="NEGATIVE", stated=False)
    certain, doubted = confidence(*days), confidence(*days, denied)
    assert doubted < certain
    assert confidence(*days, denied, as_of=40) < doubted


def test_confidence_value_stated_again_after_a_contradiction_rises_in_part() -> None:
    denied = said("tea", 5, slot=FOOD, polarity="NEGATIVE")
    again = confidence(tea(0), denied, tea(6))
    assert again > MIN_SUPPORT
    assert again < confidence(tea(0), tea(6))


def test_confidence_contradiction_counts_less_the_later_new_evidence_comes() -> None:
    denied = said("tea", 1, slot=FOOD, polarity="NEGATIVE", stated=False)
    assert confidence(tea(0), denied, as_of=0) == 0.8
    assert confidence(tea(1), denied, as_of=1) == pytest.approx(0.8 * (1 - 0.4))
    soon, late = (confidence(tea(0), denied, tea(on, stated=False), as_of=on) for on in (2, 360))
    alone = confidence(tea(0), tea(360, stated=False), as_of=360)
    assert late / alone > soon / confidence(tea(0), tea(2, stated=False), as_of=2)


def test_derive_profile_value_explicitly_denied_is_superseded_at_that_time() -> None:
    denied = said("tea", 5, slot=FOOD, polarity="NEGATIVE")
    value = only(derive_profile([tea(0), denied], [], day(10)))
    assert (value.status, value.ended_at) == ("SUPERSEDED", at(5))
    assert only(derive_profile([tea(0)], [], day(10))).status == "ACTIVE"


def test_derive_profile_value_only_denied_is_left_out() -> None:
    assert derive_profile([said("tea", 5, slot=FOOD, polarity="NEGATIVE")], [], day(10)) == ()


def test_derive_profile_value_below_the_minimum_confidence_is_left_out() -> None:
    assert derive_profile([tea(10, stated=False, confidence=0.3)], [], day(10)) == ()


# Habits


def test_derive_profile_habit_needs_two_days_or_a_statement() -> None:
    seen = [said("running", on, slot=EXERCISE, stated=False) for on in (1, 3)]
    same_day = said("running", 1, slot=EXERCISE, number=2, stated=False)
    assert derive_profile([seen[0], same_day], [], day(4)) == ()
    assert only(derive_profile(seen, [], day(4))).status == "ACTIVE"
    assert only(derive_profile([said("running", 1, slot=EXERCISE)], [], day(4))).origin == "STATED"


# Several values of a slot


def test_many_value_slots_keep_all() -> None:
    values = derive_profile([said(food, on, slot=FOOD) for on, food in enumerate(["tea", "rice", "soup"])], [], day(5))
    assert statuses(values) == {"tea": "ACTIVE", "rice": "ACTIVE", "soup": "ACTIVE"}


def test_derive_profile_newest_statement_wins_and_its_removal_restores_the_earlier() -> None:
    rome, oslo = said("Rome", 1), said("Oslo", 5)
    values = by_name(derive_profile([rome, oslo], [], day(9)))
    assert (values["Oslo"].status, values["Rome"].status) == ("ACTIVE", "SUPERSEDED")
    assert values["Rome"].ended_at == at(5)
    assert values["Rome"].confidence < values["Oslo"].confidence
    assert derive_profile([rome], [], day(9))[0].status == "ACTIVE"
    assert derive_profile([rome, oslo], [], day(4)) == derive_profile([rome], [], day(4))


def test_derive_profile_value_replaced_twice_ended_at_the_first_replacement() -> None:
    values = by_name(derive_profile([said("Rome", 1), said("Oslo", 5), said("Bonn", 7)], [], day(9)))
    assert (values["Rome"].ended_at, values["Oslo"].ended_at, values["Bonn"].ended_at) == (at(5), at(7), None)


def test_derive_profile_new_statement_wins_over_many_old_ones() -> None:
    values = derive_profile([*(said("Rome", on) for on in range(8)), said("Oslo", 9, confidence=0.5)], [], day(9))
    assert statuses(values) == {"Oslo": "ACTIVE", "Rome": "SUPERSEDED"}


def test_derive_profile_old_statement_still_supersedes_earlier_values() -> None:
    evidence = [*(said("Rome", on) for on in range(8)), said("Oslo", 9, confidence=0.5)]
    assert statuses(derive_profile(evidence, [], day(1500))) == {"Oslo": "ACTIVE", "Rome": "SUPERSEDED"}


def test_derive_profile_old_value_loses_confidence_and_stays_active() -> None:
    young, old = (by_name(derive_profile([said("Rome", 1)], [], day(on)))["Rome"] for on in (2, 4000))
    assert (young.status, old.status) == ("ACTIVE", "ACTIVE")
    assert 0 <= old.confidence < 0.2 < young.confidence


def test_derive_profile_inference_newer_than_a_statement_is_suggested() -> None:
    values = derive_profile([said("Rome", 1), said("Oslo", 5, stated=False)], [], day(9))
    assert statuses(values) == {"Rome": "ACTIVE", "Oslo": "SUGGESTED"}


def test_derive_profile_equally_strong_values_are_disputed() -> None:
    both = [said("Rome", 5), said("Oslo", 5)]
    assert statuses(derive_profile(both, [], day(9))) == {"Rome": "DISPUTED", "Oslo": "DISPUTED"}
    guessed = [said("Rome", 5, stated=False), said("Oslo", 6, stated=False)]
    assert statuses(derive_profile(guessed, [], day(9))) == {"Rome": "DISPUTED", "Oslo": "DISPUTED"}
    heavier = [*guessed, said("Oslo", 7, stated=False)]
    assert statuses(derive_profile(heavier, [], day(9))) == {"Oslo": "ACTIVE", "Rome": "SUPERSEDED"}


# Verdicts


def test_derive_profile_set_value_without_evidence_is_active_and_stated() -> None:
    value = only(derive_profile([], [verdict("SET", "Rome", 3)], day(9)))
    assert (value.status, value.origin, value.confidence, value.evidence) == ("ACTIVE", "STATED", 1.0, ())
    assert (value.first_seen_at, value.last_seen_at) == (at(3), at(3))


def test_derive_profile_set_value_supersedes_earlier_statements_and_yields_to_later() -> None:
    verdicts = [verdict("SET", "Rome", 3)]
    assert statuses(derive_profile([said("Oslo", 1)], verdicts, day(9))) == {"Rome": "ACTIVE", "Oslo": "SUPERSEDED"}
    assert statuses(derive_profile([said("Oslo", 5)], verdicts, day(9))) == {"Rome": "SUPERSEDED", "Oslo": "ACTIVE"}


def test_derive_profile_locked_value_makes_others_suggested_until_unlocked() -> None:
    evidence = [said("Rome", 1), said("Oslo", 5)]
    locked = [verdict("LOCK", "Rome", 2)]
    values = by_name(derive_profile(evidence, locked, day(9)))
    assert (values["Rome"].status, values["Rome"].locked, values["Oslo"].status) == ("ACTIVE", True, "SUGGESTED")
    unlocked = [*locked, verdict("UNLOCK", "Rome", 6)]
    assert derive_profile(evidence, unlocked, day(9)) == derive_profile(evidence, [], day(9))


def test_derive_profile_locked_value_without_evidence_or_denied_stays_active() -> None:
    denied = said("Rome", 5, polarity="NEGATIVE")
    for evidence in ([], [said("Rome", 1), denied]):
        value = only(derive_profile(evidence, [verdict("LOCK", "Rome", 2)], day(2000)))
        assert (value.status, value.locked, value.confidence) == ("ACTIVE", True, 1.0)


def test_derive_profile_value_set_later_supersedes_a_locked_one() -> None:
    verdicts = [verdict("LOCK", "Rome", 2), verdict("SET", "Oslo", 4)]
    assert statuses(derive_profile([said("Rome", 1)], verdicts, day(9))) == {"Oslo": "ACTIVE", "Rome": "SUPERSEDED"}


def test_derive_profile_rejected_value_returns_only_with_other_evidence() -> None:
    first, second = said("Rome", 1), said("Rome", 6)
    rejected = [verdict("REJECT", "Rome", 2, evidence=frozenset({first.message_id}))]
    hidden = only(derive_profile([first], rejected, day(5)))
    assert (hidden.status, hidden.confidence, hidden.evidence) == ("REJECTED", 0.0, (first.message_id,))
    returned = only(derive_profile([first, second], rejected, day(9)))
    assert (returned.status, returned.evidence) == ("ACTIVE", (second.message_id,))


def test_derive_profile_rejected_value_supersedes_no_other() -> None:
    rome, oslo = said("Rome", 1), said("Oslo", 5)
    rejected = [verdict("REJECT", "Oslo", 6, evidence=frozenset({oslo.message_id}))]
    assert statuses(derive_profile([rome, oslo], rejected, day(9))) == {"Rome": "ACTIVE", "Oslo": "REJECTED"}


def test_derive_profile_second_rejection_adds_its_evidence_to_the_first() -> None:
    said_twice = [said("Rome", 1), said("Rome", 4)]
    verdicts = [verdict("REJECT", "Rome", 2 + 3 * n, evidence=frozenset({message_id(1, 1 + 3 * n)})) for n in (0, 1)]
    assert only(derive_profile(said_twice, verdicts, day(9))).status == "REJECTED"


def test_derive_profile_later_verdict_overrides_an_earlier_one_on_the_same_value() -> None:
    rome = said("Rome", 1)
    reject = verdict("REJECT", "Rome", 2, evidence=frozenset({rome.message_id}))
    assert only(derive_profile([rome], [reject, verdict("SET", "Rome", 3)], day(9))).status == "ACTIVE"
    assert only(derive_profile([rome], [reject, verdict("SET", "Rome", 1)], day(9))).status == "REJECTED"
    locked = verdict("LOCK", "Rome", 1)
    assert not only(derive_profile([rome], [locked, reject], day(9))).locked


def test_derive_profile_as_of_a_day_ignores_later_evidence_and_verdicts() -> None:
    evidence, verdicts = [said("Rome", 1), said("Oslo", 5)], [verdict("LOCK", "Rome", 6), verdict("REJECT", "Oslo", 7)]
    assert derive_profile(evidence, verdicts, day(4)) == derive_profile(evidence[:1], [], day(4))
    assert derive_profile(evidence, verdicts, day(5)) == derive_profile(evidence, [], day(5))
    assert derive_profile(evidence, verdicts, day(0)) == ()


def test_derive_profile_wording_is_the_newest_or_the_verdicts() -> None:
    evidence = [said("new york", 1), said("New York", 3)]
    assert only(derive_profile(evidence, [], day(9))).value == "New York"
    assert only(derive_profile(evidence, [verdict("LOCK", "NEW YORK", 2)], day(9))).value == "NEW YORK"


# Merged values


def test_derive_profile_merged_value_counts_for_its_alias_target() -> None:
    evidence = [said("hiking", 1, slot=FOOD), said("go hiking", 3, slot=FOOD)]
    merged = only(derive_profile(evidence, [], day(9), {(FOOD, "gohiking"): "hiking"}))
    assert (merged.value, merged.value_key, len(merged.evidence)) == ("hiking", "hiking", 2)
    assert len(derive_profile(evidence, [], day(9))) == 2


def test_derive_profile_chained_or_circular_merges_give_one_value() -> None:
    evidence = [said(value, on, slot=FOOD) for on, value in enumerate(["a1", "b1", "c1"])]
    row = {(FOOD, "a1"): "b1", (FOOD, "b1"): "c1"}
    assert only(derive_profile(evidence, [], day(9), row)).value == "c1"
    circle = {**row, (FOOD, "c1"): "a1"}
    assert only(derive_profile(evidence, [], day(9), circle)).value == "a1"
    assert len(derive_profile(evidence, [], day(9), {("identity.home", "a1"): "b1"})) == 3


def test_derive_profile_unknown_slot_is_left_out() -> None:
    assert derive_profile([said("42", 1, slot="identity.shoe_size")], [verdict("SET", "42", 1, slot="x.y")], day(9)) == ()


def test_confidence_has_four_decimals() -> None:
    assert confidence(tea(10, stated=False, confidence=0.7777)) == 0.3111


def test_suggested_value_is_doubted_by_evidence_and_not_by_a_lock() -> None:
    rome, guess = said("Rome", 1), said("Oslo", 5, stated=False)
    suggested = {verdicts: by_name(derive_profile([rome, guess], verdicts, day(5)))["Oslo"] for verdicts in ((), (verdict("LOCK", "Rome", 2),))}
    assert [(value.status, value.confidence) for value in suggested.values()] == [("SUGGESTED", 0.08), ("SUGGESTED", 0.4)]


def test_rejected_value_was_seen_from_its_first_to_its_last_message() -> None:
    evidence = [said("Rome", 1), said("Rome", 3)]
    value = only(derive_profile(evidence, [verdict("REJECT", "Rome", 4, evidence=frozenset(item.message_id for item in evidence))], day(9)))
    assert (value.status, value.first_seen_at, value.last_seen_at, value.ended_at) == ("REJECTED", at(1), at(3), at(4))


def test_verdict_counts_from_its_own_day_on() -> None:
    lock = verdict("LOCK", "Rome", 2)
    assert [only(derive_profile([said("Rome", 1)], [lock], day(on))).locked for on in (1, 2, 3)] == [False, True, True]


# A verdict that a value is over


@pytest.mark.parametrize("verdicts", [
    [], [verdict("SET", "Rome", 2)], [verdict("LOCK", "Rome", 3)], [verdict("SET", "Rome", 2), verdict("LOCK", "Rome", 3)],
    [verdict("REJECT", "Rome", 3, evidence=frozenset({message_id(1, 1)}))],
])  # fmt: skip
def test_end_of_a_value_supersedes_it_from_then_on_whatever_held_it(verdicts: list[Verdict]) -> None:
    ended = [*verdicts, verdict("END", "Rome", 5)]
    value = only(derive_profile([said("Rome", 1)], ended, day(9)))
    assert (value.status, value.locked, value.ended_at) == ("SUPERSEDED", False, at(5))
    assert only(derive_profile([said("Rome", 1)], ended, day(4))).status != "SUPERSEDED"


def test_end_of_a_value_makes_room_for_the_other_one_and_for_a_later_verdict() -> None:
    rome, oslo = said("Rome", 3), said("Oslo", 1)
    ended = [verdict("END", "Rome", 5)]
    assert statuses(derive_profile([rome, oslo], ended, day(9))) == {"Rome": "SUPERSEDED", "Oslo": "ACTIVE"}
    for later in ("SET", "LOCK"):
        assert by_name(derive_profile([rome, oslo], [*ended, verdict(later, "Rome", 6)], day(9)))["Rome"].status == "ACTIVE"


def test_end_of_a_value_yields_to_a_later_statement_only() -> None:
    ended = [verdict("END", "Rome", 5)]
    assert only(derive_profile([said("Rome", 1), said("Rome", 7)], ended, day(9))).status == "ACTIVE"
    found_late = said("Rome", 5, hour=9)  # written that morning, processed by the night after the verdict
    assert only(derive_profile([said("Rome", 1), found_late], ended, day(9))).status == "SUPERSEDED"
    inferred = [said("chess", 1, slot=EXERCISE), said("chess", 7, slot=EXERCISE, stated=False)]
    assert only(derive_profile(inferred, [verdict("END", "chess", 5, slot=EXERCISE)], day(9))).status == "SUPERSEDED"


def test_end_of_a_disputed_value_settles_the_dispute() -> None:
    rome, oslo = said("Rome", 3), said("Oslo", 3)
    assert set(statuses(derive_profile([rome, oslo], [], day(9))).values()) == {"DISPUTED"}
    assert statuses(derive_profile([rome, oslo], [verdict("END", "Oslo", 5)], day(9))) == {"Rome": "ACTIVE", "Oslo": "SUPERSEDED"}
