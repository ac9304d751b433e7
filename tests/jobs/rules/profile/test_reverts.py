"""Reverts of the profile to an earlier day, stored as a verdict."""
from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as st

from jobs.rules.profile.profile import derive_profile
from jobs.rules.profile.profile_types import Evidence, Value, Verdict, VerdictKind
from jobs.rules.profile.reverts import effective_verdicts

FIRST = date(2026, 1, 1)
SLOTS = {"identity.home": ("Shanghai", "Hangzhou"), "preferences.activities": ("running", "chess"), "habits.exercise": ("runs daily",)}


def at(day: int, hour: int = 12) -> datetime:
    return datetime.combine(FIRST + timedelta(days=day), time(hour), timezone.utc)


@st.composite
def said(draw: st.DrawFn) -> Evidence:
    slot = draw(st.sampled_from(sorted(SLOTS)))
    value, day = draw(st.sampled_from(SLOTS[slot])), draw(st.integers(0, 30))
    number = draw(st.integers(1, 40))
    return Evidence(
        slot, value, value.replace(" ", ""), draw(st.sampled_from(["POSITIVE", "POSITIVE", "NEGATIVE"])), draw(st.sampled_from([0.5, 0.9])),
        draw(st.booleans()), FIRST + timedelta(days=day), UUID(int=day * 100 + number), at(day, number % 24))  # fmt: skip


@st.composite
def judged(draw: st.DrawFn) -> Verdict:
    slot = draw(st.sampled_from(sorted(SLOTS)))
    value, day = draw(st.sampled_from(SLOTS[slot])), draw(st.integers(0, 30))
    aside = frozenset(draw(st.lists(st.integers(1, 40).map(lambda number: UUID(int=day * 100 + number)), max_size=3)))
    kind = draw(st.sampled_from(["SET", "LOCK", "UNLOCK", "REJECT", "END"]))
    return Verdict(kind, slot, value, value.replace(" ", ""), at(day, 13), aside if kind == "REJECT" else frozenset(), FIRST + timedelta(days=day))


def back_to(day: int, on: int, evidence: list[Evidence]) -> Verdict:
    until = FIRST + timedelta(days=day)
    aside = frozenset(item.message_id for item in evidence if item.day > until)
    return Verdict("REVERT", "", "", "", at(on, 23), aside, FIRST + timedelta(days=on), as_of=until, until=at(day + 1, 0) - timedelta(microseconds=1))


@given(st.lists(said(), max_size=12), st.lists(judged(), max_size=5), st.integers(0, 30))
def test_derive_profile_revert_to_a_day_equals_the_profile_of_that_day(evidence: list[Evidence], verdicts: list[Verdict], day: int) -> None:
    revert = back_to(day, 31, evidence)
    assert derive_profile(evidence, [*verdicts, revert], FIRST + timedelta(days=31)) == derive_profile(evidence, verdicts, FIRST + timedelta(days=day))


@given(st.lists(said(), max_size=12), st.lists(judged(), max_size=5), st.integers(0, 30), st.integers(0, 30))
def test_derive_profile_revert_leaves_earlier_days_and_yields_to_a_later_revert(
    evidence: list[Evidence], verdicts: list[Verdict], day: int, again: int
) -> None:
    revert, later = back_to(day, 31, evidence), back_to(again, 33, evidence)
    assert derive_profile(evidence, [*verdicts, revert], FIRST + timedelta(days=again)) == derive_profile(evidence, verdicts, FIRST + timedelta(days=again))
    expected = derive_profile(evidence, verdicts, FIRST + timedelta(days=again))
    assert derive_profile(evidence, [later, *verdicts, revert], FIRST + timedelta(days=33)) == expected


@given(st.lists(said(), max_size=8), st.lists(judged(), max_size=4), st.integers(0, 30), st.randoms(use_true_random=False))
def test_derive_profile_with_a_revert_in_any_order_gives_the_same_profile(evidence: list[Evidence], verdicts: list[Verdict], day: int, random: object) -> None:
    everything = [*verdicts, back_to(day, 31, evidence)]
    known = derive_profile(evidence, everything, FIRST + timedelta(days=40))
    random.shuffle(everything)  # type: ignore[attr-defined]
    assert derive_profile(list(reversed(evidence)), everything, FIRST + timedelta(days=40)) == known


def test_derive_profile_evidence_and_verdicts_after_a_revert_count() -> None:
    old, set_aside, new = (statement(place, day) for place, day in (("Shanghai", 1), ("Hangzhou", 5), ("Suzhou", 12)))
    revert = back_to(3, 10, [old, set_aside])
    assert active([old, set_aside], [revert], 10) == ["Shanghai"]
    assert active([old, set_aside, new], [revert], 12) == ["Suzhou"]
    locked = Verdict("LOCK", "identity.home", "Shanghai", "shanghai", at(11), day=FIRST + timedelta(days=11))
    assert active([old, set_aside, new], [revert, locked], 12) == ["Shanghai"]


def statement(place: str, day: int) -> Evidence:
    return Evidence("identity.home", place, place.lower(), "POSITIVE", 0.9, True, FIRST + timedelta(days=day), UUID(int=day), at(day))


def active(evidence: list[Evidence], verdicts: list[Verdict], day: int) -> list[str]:
    values: tuple[Value, ...] = derive_profile(evidence, verdicts, FIRST + timedelta(days=day))
    return [value.value for value in values if value.status == "ACTIVE"]


def test_effective_verdicts_of_two_reverts_keep_what_neither_voids() -> None:
    def given(kind: VerdictKind, value: str, on: int, until: int | None = None) -> Verdict:
        return Verdict(kind, "identity.home", value, value.lower(), at(on), until=None if until is None else at(until))

    rome, first, oslo, second = given("SET", "Rome", 1), given("REVERT", "", 3, until=0), given("SET", "Oslo", 4), given("REVERT", "", 6, until=5)
    assert effective_verdicts([second, oslo, first, rome]) == [first, oslo, second]
