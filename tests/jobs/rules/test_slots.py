"""The table of profile slots."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import pytest

from jobs.rules.own_slots import DEFAULT_SLOTS, is_known, own_id, own_key, own_slot, slots_of
from jobs.rules.profile.confidence import Observation, support
from jobs.rules.slots import SENSITIVE, SLOTS, position
from resolvers import slot_labels

DESIGNED = {
    "IDENTITY": "name form_of_address birthday languages occupation industry position home places possessions health allergies beliefs",
    "RELATIONSHIPS": "status people pets dates",
    "PREFERENCES": "activities social work_style stress_coping food media",
    "HABITS": "sleep work_hours exercise meals",
    "DECISIONS": "goals time_of_day meetings energy_peaks conflict_style rules",
}


def test_slots_are_the_designed_ones_in_order() -> None:
    assert list(SLOTS) == [f"{section.lower()}.{name}" for section, names in DESIGNED.items() for name in names.split()]


def test_slots_each_describes_itself() -> None:
    for key, slot in SLOTS.items():
        assert slot.key == key
        assert slot.section == key.partition(".")[0].upper()
        assert slot.habit == (slot.section == "HABITS")
        assert slot.half_life_days is None or slot.half_life_days >= 30
        assert slot.guide


ID, LATER = UUID("01900000-0000-7000-8000-000000000001"), UUID("01900000-0000-7000-8000-000000000002")


def test_sensitive_slots_are_health_allergies_and_beliefs_and_off_by_default() -> None:
    assert SENSITIVE == ("identity.health", "identity.allergies", "identity.beliefs")
    assert not set(SENSITIVE) & set(DEFAULT_SLOTS) and len(DEFAULT_SLOTS) + len(SENSITIVE) == len(SLOTS)


def test_slots_that_are_always_on_do_not_ask_for_allergies() -> None:
    assert not [slot.key for slot in DEFAULT_SLOTS.values() if "allerg" in slot.guide or "health condition" in slot.guide]


def test_slots_of_a_user_are_those_switched_on_and_the_users_own() -> None:
    own = own_slot(ID, "Shoe size", False, None, "")
    slots = slots_of(["identity.allergies"], [own])
    assert "identity.allergies" in slots and "identity.health" not in slots
    assert slots[own_key(ID)] is own and own.section == "OWN" and own.half_life_days is None and not own.many


@pytest.mark.parametrize("text", ["own.", "own.1", "own.zz", "identity.home", "", f"own.{ID}", f"OWN.{ID.hex}", f"own.{ID.hex.upper().replace('1', 'A')}"])
def test_own_id_of_a_text_that_is_no_key_is_none(text: str) -> None:
    assert own_id(text) is None and is_known(text) == (text in SLOTS)


def test_own_key_names_the_id_that_it_is_made_of() -> None:
    assert own_id(own_key(ID)) == ID and is_known(own_key(ID))


def test_position_puts_own_slots_last_and_the_oldest_of_them_first() -> None:
    keys = [own_key(LATER), "decisions.rules", own_key(ID), "identity.name"]
    assert sorted(keys, key=position) == ["identity.name", "decisions.rules", own_key(ID), own_key(LATER)]


def test_support_of_a_slot_without_a_half_life_does_not_fall_with_age() -> None:
    seen = [Observation(None, ID, date(2000, 1, 1), 1.0, True)]  # type: ignore[arg-type] # the time of the message plays no part
    assert support(seen, date(2026, 1, 1), None) == support(seen, date(2000, 1, 1), None) == pytest.approx(0.8)
    assert support(seen, date(2026, 1, 1), 365) < 0.01


@pytest.mark.parametrize("locale", ["en", "zh-CN"])
def test_slot_labels_name_and_describe_each_slot_once(locale: str) -> None:
    labels = [slot_labels.label(key, locale) for key in SLOTS]
    assert len(set(labels)) == len(SLOTS) and all(slot_labels.description(key, locale) for key in SLOTS)
    assert any("\u4e00" <= char <= "\u9fff" for char in labels[0]) == (locale == "zh-CN")
