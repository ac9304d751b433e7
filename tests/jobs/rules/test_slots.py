"""The table of profile slots."""

from __future__ import annotations

from jobs.rules.slots import SLOTS

DESIGNED = {
    "IDENTITY": "occupation industry position home",
    "RELATIONSHIPS": "status people",
    "PREFERENCES": "activities social work_style stress_coping food media",
    "HABITS": "sleep work_hours exercise meals",
    "DECISIONS": "time_of_day meetings energy_peaks conflict_style rules",
}


def test_slots_are_the_designed_ones_in_order() -> None:
    assert list(SLOTS) == [f"{section.lower()}.{name}" for section, names in DESIGNED.items() for name in names.split()]


def test_slots_each_describes_itself() -> None:
    for key, slot in SLOTS.items():
        assert slot.key == key
        assert slot.section == key.partition(".")[0].upper()
        assert slot.habit == (slot.section == "HABITS")
        assert slot.half_life_days >= 30
        assert slot.guide
