"""Properties of the profile for any evidence and verdicts in any order."""

from __future__ import annotations

import random
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.rules.profile.polarity import Relation, is_negated
from jobs.rules.profile.profile import Evidence, Value, Verdict, derive_profile
from jobs.rules.slots import POSITION
from tests.jobs.rules.factories import day, message_id, said, verdict

LAST = 60
SLOTS = ("identity.home", "preferences.food", "habits.sleep", "habits.exercise")
NAMES = ("Rome", "Oslo", "Bonn")

CONFIDENCES = (0.0, 0.3, 0.6, 0.9, 1.0)


def any_evidence(seed: int) -> Evidence:
    """Return evidence from one drawn seed, because hypothesis is slow with many small draws."""
    choose = random.Random(seed)
    number = choose.randint(1, 3)
    negative = choose.random() < 0.3
    item = said(
        choose.choice(NAMES),
        choose.randint(0, LAST),
        slot=choose.choice(SLOTS),
        number=number,
        hour=8 + number,
        confidence=choose.choice(CONFIDENCES),
        stated=choose.random() < 0.5,
        polarity="NEGATIVE" if negative else "POSITIVE",
    )
    relation: Relation | None = choose.choice([None, "DISLIKES", "IS_NOT", "ENDED", "CORRECTED"]) if negative else choose.choice([None, None, "LIKES"])
    return replace(item, relation=relation, condition=choose.choice([None, None, None, "on weekdays"]), since=choose.choice([None, "2019", "2025-03"]))


def any_verdict(seed: int) -> Verdict:
    choose = random.Random(seed)
    return verdict(
        choose.choice(["SET", "LOCK", "UNLOCK", "REJECT", "END"]),
        choose.choice(NAMES),
        choose.randint(0, LAST),
        slot=choose.choice(SLOTS[:2]),
        hour=choose.randint(0, 23),
        evidence=frozenset(message_id(1, choose.randint(0, LAST)) for _ in range(3)),
    )


spoken = st.integers(0, 2**32).map(any_evidence)
evidences = st.lists(spoken, max_size=16)
decided = st.integers(0, 2**32).map(any_verdict)
verdict_lists = st.lists(decided, max_size=4)
aliases = st.dictionaries(st.tuples(st.sampled_from(SLOTS), st.sampled_from(["rome", "oslo", "bonn"])), st.sampled_from(["rome", "oslo", "bonn"]), max_size=3)
quick = settings(max_examples=150, deadline=None)


def known(values: tuple[Value, ...], slot: str, key: str) -> Value | None:
    return next((value for value in values if (value.slot, value.value_key) == (slot, key)), None)


def sureness(values: tuple[Value, ...], item: Evidence) -> float:
    value = known(values, item.slot, item.value_key)
    return value.confidence if value else 0.0


@given(evidence=evidences, verdicts=verdict_lists, merged=aliases, seed=st.integers())
@quick
def test_derive_profile_input_reordered_or_repeated_gives_the_same_profile(
    evidence: list[Evidence], verdicts: list[Verdict], merged: dict[tuple[str, str], str], seed: int
) -> None:
    before = derive_profile(evidence, verdicts, day(LAST), merged)
    shuffled, judged = evidence + evidence, list(verdicts)
    random.Random(seed).shuffle(shuffled)
    random.Random(seed).shuffle(judged)
    assert derive_profile(shuffled, judged, day(LAST), merged) == before
    assert hash(derive_profile(iter(evidence), iter(verdicts), day(LAST), merged)) == hash(before)


@given(evidence=evidences, verdicts=verdict_lists, as_of=st.integers(0, LAST), merged=aliases)
@quick
def test_derive_profile_every_value_is_within_bounds_and_supported(
    evidence: list[Evidence], verdicts: list[Verdict], as_of: int, merged: dict[tuple[str, str], str]
) -> None:
    values = derive_profile(evidence, verdicts, day(as_of), merged)
    assert [POSITION[value.slot] for value in values] == sorted(POSITION[value.slot] for value in values)
    assert len({(value.slot, value.value_key) for value in values}) == len(values)
    by_then = [item for item in evidence if item.day <= day(as_of)]
    affirmed = {(item.slot, item.message_id) for item in by_then if item.polarity == "POSITIVE" or item.relation == "ENDED"}
    denied = {(item.slot, item.message_id) for item in by_then if item.relation in ("DISLIKES", "IS_NOT")}
    held = {(v.slot) for v in verdicts if v.at.date() <= day(as_of)}
    for value in values:
        assert 0 <= value.confidence <= 1
        assert value.first_seen_at <= value.last_seen_at
        assert {(value.slot, message) for message in value.evidence} <= (denied if is_negated(value.value_key) else affirmed)
        assert is_negated(value.value_key) == (value.polarity in ("DISLIKES", "IS_NOT"))
        assert value.evidence or value.slot in held
        assert (value.ended_at is not None) == (value.status in ("SUPERSEDED", "REJECTED"))
    for slot in ("identity.home", "habits.sleep"):
        held_at_once = [value for value in values if value.slot == slot and value.status == "ACTIVE" and not is_negated(value.value_key)]
        assert len(held_at_once) <= 1 or any(value.condition for value in held_at_once)


@given(evidence=evidences, verdicts=verdict_lists, gone=st.integers(0, LAST), as_of=st.integers(0, LAST))
@quick
def test_derive_profile_without_a_day_quotes_none_of_its_messages(evidence: list[Evidence], verdicts: list[Verdict], gone: int, as_of: int) -> None:
    left = [item for item in evidence if item.day != day(gone)]
    values = derive_profile(left, verdicts, day(as_of))
    assert {message_id(number, gone) for number in (1, 2, 3)}.isdisjoint(m for value in values for m in value.evidence)
    back = derive_profile([*left, *(item for item in evidence if item.day == day(gone))], verdicts, day(as_of))
    assert back == derive_profile(evidence, verdicts, day(as_of))


@given(evidence=evidences, verdicts=verdict_lists, later=evidences, as_of=st.integers(0, LAST))
@quick
def test_derive_profile_as_of_a_day_ignores_later_evidence(evidence: list[Evidence], verdicts: list[Verdict], later: list[Evidence], as_of: int) -> None:
    future = [item for item in later if item.day > day(as_of)]
    assert derive_profile([*evidence, *future], verdicts, day(as_of)) == derive_profile(evidence, verdicts, day(as_of))


@given(evidence=evidences, more=evidences, locked=decided, on=st.integers(0, LAST))
@quick
def test_derive_profile_locked_value_is_unchanged_by_any_evidence(evidence: list[Evidence], more: list[Evidence], locked: Verdict, on: int) -> None:
    lock = replace(locked, kind="LOCK", evidence=frozenset())
    before = known(derive_profile(evidence, [lock], day(LAST)), lock.slot, lock.value_key)
    after = known(derive_profile([*evidence, *more], [lock], day(LAST)), lock.slot, lock.value_key)
    assert before is not None and after is not None
    kept = ("ACTIVE", True, 1.0, lock.value)
    assert (before.status, before.locked, before.confidence, before.value) == kept
    assert (after.status, after.locked, after.confidence, after.value) == kept
    for value in derive_profile([*evidence, *more], [lock], day(LAST)):
        rival = value.slot == lock.slot == "identity.home" and value.value_key != lock.value_key
        if rival and not is_negated(value.value_key) and value.condition is None:
            assert value.status in ("SUGGESTED", "SUPERSEDED")


@given(evidence=evidences, name=st.sampled_from(NAMES), slot=st.sampled_from(SLOTS), more=evidences)
@quick
def test_derive_profile_rejected_value_stays_rejected_on_the_same_evidence(evidence: list[Evidence], name: str, slot: str, more: list[Evidence]) -> None:
    mine = frozenset(i.message_id for i in evidence if (i.slot, i.value, i.polarity) == (slot, name, "POSITIVE"))
    others = [item for item in more if (item.slot, item.value) != (slot, name)]
    reject = verdict("REJECT", name, LAST, slot=slot, evidence=mine)
    value = known(derive_profile([*evidence, *others], [reject], day(LAST)), slot, name.casefold())
    assert value is not None
    assert (value.status, value.confidence) == ("REJECTED", 0.0)


@given(evidence=evidences, another=spoken)
@settings(max_examples=300, deadline=None)
def test_derive_profile_supporting_evidence_never_lowers_confidence(evidence: list[Evidence], another: Evidence) -> None:
    another = replace(another, polarity="POSITIVE")
    before = sureness(derive_profile(evidence, [], day(LAST)), another)
    assert sureness(derive_profile([*evidence, another], [], day(LAST)), another) >= before


@given(evidence=evidences, against=spoken)
@settings(max_examples=300, deadline=None)
def test_derive_profile_contradicting_evidence_never_raises_confidence(evidence: list[Evidence], against: Evidence) -> None:
    against = replace(against, polarity="NEGATIVE")
    before = sureness(derive_profile(evidence, [], day(LAST)), against)
    assert sureness(derive_profile([*evidence, against], [], day(LAST)), against) <= before


@given(evidence=evidences, verdicts=verdict_lists, waiting=st.integers(0, 900))
@settings(max_examples=300, deadline=None)
def test_derive_profile_time_alone_raises_no_confidence_and_changes_no_status(evidence: list[Evidence], verdicts: list[Verdict], waiting: int) -> None:
    now = derive_profile(evidence, verdicts, day(LAST))
    for value in derive_profile(evidence, verdicts, day(LAST + waiting)):
        before = known(now, value.slot, value.value_key)
        assert before is not None
        assert value.status == before.status or value.status == "REJECTED"
        assert value.confidence <= before.confidence
