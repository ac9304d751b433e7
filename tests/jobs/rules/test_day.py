"""Days of users: each instant is in exactly one day, whatever the time zone's offset changes."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.rules.day import FIRST_DAY, LAST_DAY, day_bounds, day_of, is_time_zone, time_zone, week_start

ONE_DAY = timedelta(days=1)
A_MOMENT = timedelta(microseconds=1)


def zones() -> list[str]:
    from importlib.resources import files

    return sorted(filter(is_time_zone, files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()))


ZONES = zones()
YEARS = (1915, 1945, 1972, 1994, 2007, 2011, 2026, 2037)


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=timezone.utc)  # type: ignore[arg-type]


def assert_days_meet(zone: str, day: date, hour: int) -> None:
    """Assert that the day and its neighbours are contiguous, and that its bounds and middle are in no other day."""
    (_, before), (start, end), (after, _) = (day_bounds(day + ONE_DAY * shift, zone, hour) for shift in (-1, 0, 1))
    assert before == start <= end == after, (zone, day, hour)
    assert day_of(start - A_MOMENT, zone, hour) < day, (zone, day, hour)
    assert day_of(end, zone, hour) > day, (zone, day, hour)
    if start < end:
        for at in (start, start + (end - start) / 2, end - A_MOMENT):
            assert day_of(at, zone, hour) == day, (zone, day, hour, at)


def jumps(zone: str, first: datetime, last: datetime) -> list[datetime]:
    """Return the instants at which the zone's offset changes, to the second."""
    clock, found, at, step = time_zone(zone), list[datetime](), first, timedelta(days=16)
    while at < last:
        low, high = at, at + step
        if low.astimezone(clock).utcoffset() != high.astimezone(clock).utcoffset():
            while high - low > timedelta(seconds=1):
                middle = (low + (high - low) / 2).replace(microsecond=0)
                same = middle.astimezone(clock).utcoffset() == low.astimezone(clock).utcoffset()
                low, high = (middle, high) if same else (low, middle)
            found.append(high)
        at += step
    return found


def test_zones_of_these_tests_are_those_of_the_tz_database() -> None:
    assert len(ZONES) > 500
    assert {"Asia/Shanghai", "Pacific/Apia", "Antarctica/Troll", "America/St_Johns", "Asia/Kathmandu"} <= set(ZONES)


@pytest.mark.parametrize("year", YEARS)
def test_day_bounds_in_every_zone_and_for_every_day_end_are_contiguous(year: int) -> None:
    """Check all zones and hours, each on a random day: over the years every zone is checked on nearly two hundred days."""
    choose = random.Random(year)
    tried = set()
    for zone in ZONES:
        for hour in range(24):
            assert_days_meet(zone, date(year, 1, 1) + ONE_DAY * choose.randrange(365), hour)
            tried.add((zone, hour))
    assert len(tried) == 24 * len(ZONES)


@pytest.mark.parametrize("year", YEARS)
def test_day_of_any_instant_is_the_only_day_that_contains_it(year: int) -> None:
    """Of the days around the instant exactly one contains it, and `day_of` returns that one."""
    choose = random.Random(-year)
    for zone in ZONES:
        at = utc(year, 1, 1) + timedelta(seconds=choose.randrange(365 * 86_400))
        for hour in range(0, 24, 5):
            around = [at.date() + ONE_DAY * shift for shift in range(-3, 4)]
            holding = [day for day in around if day_bounds(day, zone, hour)[0] <= at < day_bounds(day, zone, hour)[1]]
            assert holding == [day_of(at, zone, hour)], (zone, at, hour)


@pytest.mark.parametrize("part", range(4))
def test_day_bounds_at_every_offset_change_are_contiguous(part: int) -> None:
    """Check all offset changes of three years, with the hours before and after the change as day ends."""
    tried = 0
    for zone in ZONES[part::4]:
        for first in (utc(1994, 10, 1), utc(2011, 3, 1), utc(2026, 1, 1)):
            for jump in jumps(zone, first, first + timedelta(days=320)):
                clock = time_zone(zone)
                after, before = jump.astimezone(clock), (jump - A_MOMENT).astimezone(clock)
                for hour in {before.hour, after.hour, min(before.hour + 1, 23), 0}:
                    start, end = day_bounds(day_of(jump, zone, hour), zone, hour)
                    assert start <= jump < end, (zone, jump, hour)
                    for day in {before.date(), after.date()}:
                        assert_days_meet(zone, day, hour)
                        tried += 1
    assert tried > 500


@given(
    zone=st.sampled_from(ZONES),
    at=st.datetimes(datetime(1900, 1, 1), datetime(2100, 1, 1), timezones=st.just(timezone.utc)),
    hour=st.integers(0, 23),
)
@settings(max_examples=300, deadline=None)
def test_day_of_any_instant_has_bounds_that_contain_it(zone: str, at: datetime, hour: int) -> None:
    day = day_of(at, zone, hour)
    start, end = day_bounds(day, zone, hour)
    assert start <= at < end
    assert abs(at.astimezone(time_zone(zone)).date() - day) <= ONE_DAY
    assert_days_meet(zone, day, hour)


@pytest.mark.parametrize(
    ("zone", "day", "hour", "start", "hours"),
    [
        ("Asia/Shanghai", date(2026, 5, 1), 4, utc(2026, 4, 30, 20), 24),
        ("Europe/Berlin", date(2026, 3, 29), 0, utc(2026, 3, 28, 23), 23),
        ("Europe/Berlin", date(2026, 10, 25), 0, utc(2026, 10, 24, 22), 25),
        ("Europe/Berlin", date(2026, 3, 29), 2, utc(2026, 3, 29, 1), 23),  # 02:00 is left out: begins at 03:00
        ("Europe/Berlin", date(2026, 10, 25), 2, utc(2026, 10, 25, 0), 25),  # 02:00 comes twice: begins at the first
        ("Australia/Lord_Howe", date(2026, 4, 5), 0, utc(2026, 4, 4, 13), 24.5),
        ("America/Sao_Paulo", date(2017, 10, 15), 0, utc(2017, 10, 15, 3), 23),  # midnight is left out
        ("Pacific/Apia", date(2011, 12, 30), 0, utc(2011, 12, 30, 10), 0),  # the date that Samoa skipped
        ("Pacific/Apia", date(2011, 12, 31), 0, utc(2011, 12, 30, 10), 24),
        ("Pacific/Apia", date(2011, 12, 29), 4, utc(2011, 12, 29, 14), 20),
        ("America/St_Johns", date(2010, 11, 7), 0, utc(2010, 11, 7, 2, 30), 25),  # 00:01 went back to 23:01
    ],
)
def test_day_bounds_of_days_with_an_offset_change_have_their_true_length(zone: str, day: date, hour: int, start: datetime, hours: float) -> None:
    begins, ends = day_bounds(day, zone, hour)
    assert begins == start
    assert ends - begins == timedelta(hours=hours)


def test_day_of_instant_before_the_day_end_hour_is_the_day_before() -> None:
    assert day_of(utc(2026, 5, 1, 18, 30), "Asia/Shanghai", 4) == date(2026, 5, 1)  # 02:30 on the 2nd
    assert day_of(utc(2026, 5, 1, 20, 0), "Asia/Shanghai", 4) == date(2026, 5, 2)  # 04:00
    assert day_of(utc(2026, 5, 1, 18, 30), "Asia/Shanghai", 0) == date(2026, 5, 2)


def test_day_of_the_same_instant_in_another_offset_is_the_same() -> None:
    at = utc(2026, 5, 1, 18, 30)
    assert day_of(at.astimezone(time_zone("America/New_York")), "Asia/Shanghai", 4) == day_of(at, "Asia/Shanghai", 4)


@pytest.mark.parametrize(
    "name",
    ["", "Mars/Olympus", "asia/shanghai", "../etc/passwd", "/etc/localtime", "Asia", "Factory", "UTC+8", "Asia/Shanghai "],
)
def test_is_time_zone_unknown_name_returns_false_and_day_bounds_refuses_it(name: str) -> None:
    assert not is_time_zone(name)
    with pytest.raises(ValueError, match="IANA"):
        day_bounds(date(2026, 5, 1), name, 4)


@pytest.mark.parametrize("name", ["UTC", "Asia/Shanghai", "America/Argentina/Buenos_Aires", "Etc/GMT+12", "PRC"])
def test_is_time_zone_iana_name_returns_true(name: str) -> None:
    assert is_time_zone(name)
    assert time_zone(name).key == name


def test_day_of_and_day_bounds_invalid_input_is_refused_with_a_reason() -> None:
    with pytest.raises(ValueError, match="offset"):
        day_of(datetime(2026, 5, 1), "UTC", 4)
    for hour in (-1, 24):
        with pytest.raises(ValueError, match="0 to 23"):
            day_bounds(date(2026, 5, 1), "UTC", hour)
    for day in (date.min, FIRST_DAY - ONE_DAY, LAST_DAY + ONE_DAY, date.max):
        with pytest.raises(ValueError, match="must be between"):
            day_bounds(day, "UTC", 0)
    with pytest.raises(ValueError, match="must be between"):
        day_of(datetime.max.replace(tzinfo=timezone.utc), "Pacific/Apia", 0)


@pytest.mark.parametrize("day", [FIRST_DAY, LAST_DAY], ids=str)
def test_day_bounds_of_the_first_and_last_day_are_representable(day: date) -> None:
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12"):
        start, _ = day_bounds(day, zone, 23)
        assert day_of(start, zone, 23) == day


@pytest.mark.parametrize(("day", "monday"), [
    (date(2026, 5, 4), date(2026, 5, 4)), (date(2026, 5, 10), date(2026, 5, 4)), (date(2026, 5, 11), date(2026, 5, 11)), (date(2027, 1, 3), date(2026, 12, 28)),
])  # fmt: skip
def test_week_start_any_weekday_returns_the_monday(day: date, monday: date) -> None:
    assert week_start(day) == monday
