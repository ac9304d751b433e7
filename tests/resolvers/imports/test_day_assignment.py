from __future__ import annotations

from datetime import date, datetime, timedelta, timezone

import pytest

from jobs.rules.day import day_of
from resolvers.imports.day_assignment import IN_THE_FUTURE, NO_SUCH_DAY, Clock, assign_days
from resolvers.imports.records import Record

NOW = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


def dated(day: date, number: int) -> Record:
    return Record(f"k{day}{number}", "c", True, "text", day=day)


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York", "Pacific/Kiritimati", "Pacific/Pago_Pago"])
@pytest.mark.parametrize("day_ends_at", [0, 4, 23])
@pytest.mark.parametrize("day", [date(2023, 4, 27), date(2025, 3, 9), date(2025, 11, 2)], ids=str)
def test_assign_days_dates_without_times_are_spread_within_the_users_day(zone: str, day_ends_at: int, day: date) -> None:
    placed, left_out = assign_days([dated(day, number) for number in range(50)], Clock(zone, day_ends_at, NOW))
    assert not left_out
    times = [message.sent_at for message in placed]
    assert times == sorted(set(times)) and len(times) == 50
    assert {day_of(at, zone, day_ends_at) for at in times} == {message.day for message in placed} == {day}


def test_assign_days_instant_keeps_its_time_and_gets_the_users_day() -> None:
    late = datetime(2026, 1, 1, 18, 30, tzinfo=timezone.utc)
    placed, _ = assign_days([Record("k", "c", True, "text", sent_at=late)], Clock("Asia/Shanghai", 4, NOW))
    assert (placed[0].sent_at, placed[0].day, placed[0].time_zone) == (late, date(2026, 1, 1), "Asia/Shanghai")


def test_assign_days_future_or_skipped_day_is_left_out_and_counted() -> None:
    today = NOW.date()
    records = [dated(today, 1), dated(today + timedelta(days=1), 2), Record("late", "c", True, "text", sent_at=NOW + timedelta(seconds=1))]
    placed, left_out = assign_days(records, Clock("UTC", 0, NOW))
    assert [message.key for message in placed] == [records[0].key] and placed[0].sent_at <= NOW
    assert left_out == {IN_THE_FUTURE: 2}
    placed, left_out = assign_days([dated(date(2011, 12, 30), 1)], Clock("Pacific/Apia", 0, NOW))
    assert not placed and left_out == {NO_SUCH_DAY: 1}


def test_assign_days_answer_after_midnight_lies_in_its_questions_day() -> None:
    late = datetime(2026, 1, 1, 15, 59, 50, tzinfo=timezone.utc)  # ten seconds to midnight in Shanghai
    records = [
        Record("q", "c", True, "text", sent_at=late), Record("a", "c", False, "text", sent_at=late + timedelta(minutes=1)),
        Record("b", "d", False, "text", sent_at=late + timedelta(minutes=1)), Record("e", "c", True, "text", sent_at=late + timedelta(minutes=2)),
    ]
    placed, _ = assign_days(records, Clock("Asia/Shanghai", 0, NOW))
    first, second = date(2026, 1, 1), date(2026, 1, 2)
    assert [(message.key, message.day) for message in placed] == [("q", first), ("a", first), ("b", second), ("e", second)]


def test_assign_days_entry_with_its_own_zone_keeps_day_and_zone() -> None:
    at = datetime(2026, 1, 15, 3, 30, tzinfo=timezone.utc)
    written = Record("k", "c", True, "text", sent_at=at, day=date(2026, 1, 14), written=True, time_zone="America/New_York")
    [placed], _ = assign_days([written], Clock("Asia/Shanghai", 4, NOW))
    assert (placed.day, placed.time_zone, placed.written) == (date(2026, 1, 14), "America/New_York", True)
