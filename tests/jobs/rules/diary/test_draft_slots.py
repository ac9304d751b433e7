"""The check of a model's draft for users with own and sensitive slots."""

from __future__ import annotations

from uuid import UUID

import pytest

from jobs.rules.diary.draft_check import CheckedDraft, DraftCheck, check_draft
from jobs.rules.own_slots import own_key, own_slot, slots_of
from tests.jobs.rules.diary.test_draft_check import Quote, Signal
from tests.jobs.rules.factories import day, message

ID = UUID("01900000-0000-7000-8000-000000000001")
OWN = own_key(ID)


def checked(slot: str, value: str, text: str, *, on: tuple[str, ...] = (), name: str = "") -> CheckedDraft:
    slots = slots_of(on, [own_slot(ID, name, False, None, "")] if name else [])
    return check_draft([], [Signal(slot, value, (Quote(1, text.rstrip("。.")),))], [message(1, text)], day(0), slots=slots)


@pytest.mark.parametrize(("slot", "value", "text"), [
    ("identity.health", "asthma", "I have asthma."), ("identity.allergies", "花生", "我对花生过敏。"), ("identity.beliefs", "Buddhist", "I'm a Buddhist."),
])  # fmt: skip
def test_check_draft_signal_of_a_sensitive_slot_is_kept_only_while_it_is_on(slot: str, value: str, text: str) -> None:
    off, on = checked(slot, value, text), checked(slot, value, text, on=(slot,))
    assert (off.signals, dict(off.dropped)) == ((), {"SLOT_OFF": 1})
    assert [(signal.slot, signal.value, signal.stated) for signal in on.signals] == [(slot, value, True)] and not on.dropped


@pytest.mark.parametrize(("name", "value", "text"), [("Shoe size", "42", "My shoe size is 42."), ("鞋码", "42", "我的鞋码是42。")])
def test_check_draft_signal_of_an_own_slot_is_kept_for_its_user_alone(name: str, value: str, text: str) -> None:
    own, other = checked(OWN, value, text, name=name), checked(OWN, value, text)
    assert [(signal.slot, signal.value) for signal in own.signals] == [(OWN, value)]
    assert (other.signals, dict(other.dropped)) == ((), {"UNKNOWN_SLOT": 1})


def test_check_draft_signal_of_an_own_slot_that_its_statement_does_not_name_is_dropped_undecided() -> None:
    found = checked(OWN, "42", "I bought 42 apples.", name="Shoe size")
    assert (found.signals, dict(found.dropped)) == ((), {"UNDECIDED": 1})


@pytest.mark.parametrize(("value", "text"), [("in May", "My birthday is in May."), ("5月", "我的生日在5月。")])
def test_check_draft_birthday_without_a_day_is_dropped_for_its_date(value: str, text: str) -> None:
    found = checked("identity.birthday", value, text)
    assert (found.signals, dict(found.dropped)) == ((), {"DATE": 1})


def test_draft_check_undecided_signal_of_an_own_slot_is_asked_about_by_the_slots_name_and_guide() -> None:
    slots = slots_of((), [own_slot(ID, "Shoe size", False, None, "What I wear")])
    check = DraftCheck([], [Signal(OWN, "42", (Quote(1, "I bought 42 apples"),))], [message(1, "I bought 42 apples.")], day(0), slots=slots)
    [asked] = check.undecided
    assert (asked.slot, asked.guide) == ("Shoe size", "What I wear")
    [kept] = check.finish({asked.number: "SAYS"}).signals
    assert (kept.slot, kept.stated) == (OWN, False)
