"""The assignment of instants to a user's days.

A user's day D begins at the first instant at which their local clock shows D at the day-end hour or later, and lasts until D + 1 begins.
So days never overlap and leave no gap, whatever the clock changes:

- the clock skips the day-end hour: the day begins at the clock change;
- the day-end hour occurs twice: the day begins at the first occurrence, and the second one changes nothing;
- a zone skips a whole date (Samoa, 30 December 2011): that day is empty, its start equals its end.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from io import BytesIO
from pkgutil import get_data
from zoneinfo import ZoneInfo, available_timezones

FIRST_DAY = date(2, 1, 1)
LAST_DAY = date(9998, 12, 31)

_ONE_DAY = timedelta(days=1)
_EXCLUDED_NAMES = frozenset({"Factory", "localtime", "posixrules"})


def day_of(at: datetime, zone: str, ends_at_hour: int) -> date:
    """Return the user's day that contains the instant `at`.

    `ends_at_hour` is 0–23: with 4, 02:30 still belongs to the day before. Raises ValueError for a time without offset, an unknown zone,
    an hour out of range, or a day outside FIRST_DAY–LAST_DAY.
    """
    if at.utcoffset() is None:
        raise ValueError("the time must have an offset from UTC")
    clock = time_zone(zone)
    if not FIRST_DAY - _ONE_DAY <= at.date() <= LAST_DAY + _ONE_DAY:
        raise _out_of_reach()
    day = at.astimezone(clock).date() + _ONE_DAY
    while _start(day, clock, ends_at_hour) > at:
        day -= _ONE_DAY
    return _within_reach(day)


def day_bounds(day: date, zone: str, ends_at_hour: int) -> tuple[datetime, datetime]:
    """Return start (included) and end (excluded) of a user's day, in UTC. They are equal when the zone skipped that date.

    Raises ValueError for an unknown zone, an hour outside 0–23, or a day outside FIRST_DAY–LAST_DAY.
    """
    clock = time_zone(zone)
    return _start(_within_reach(day), clock, ends_at_hour), _start(day + _ONE_DAY, clock, ends_at_hour)


def week_start(day: date) -> date:
    """Return the Monday of the day's week."""
    return day - timedelta(days=day.weekday())


def is_time_zone(name: str) -> bool:
    """Return whether `name` is an IANA time zone, spelled exactly."""
    return name in time_zone_names()


@cache  # bounded by the number of IANA names
def time_zone(name: str) -> ZoneInfo:
    """Load the zone from the tzdata package, so that every machine applies the same rules however old its own copy is.

    Without the package or the zone's file in it, the system's copy is used. Raises ValueError when `name` is not an IANA time zone.
    """
    if not is_time_zone(name):
        raise ValueError("unknown time zone: send an IANA name such as Asia/Shanghai or Europe/London")
    rules = _read_tzdata(f"zoneinfo/{name}")
    return ZoneInfo(name) if rules is None else ZoneInfo.from_file(BytesIO(rules), key=name)


@cache
def time_zone_names() -> frozenset[str]:
    """Return the IANA names, links included."""
    listed = _read_tzdata("zones")
    names = available_timezones() if listed is None else set(listed.decode().split())
    return frozenset(names - _EXCLUDED_NAMES)


def _read_tzdata(path: str) -> bytes | None:
    """Return a file of the tzdata package, or None without the package or the file. `importlib.resources` would load sixteen modules for it."""
    try:
        return get_data("tzdata", path)
    except FileNotFoundError:
        return None


def _start(day: date, clock: ZoneInfo, hour: int) -> datetime:
    if not 0 <= hour <= 23:
        raise ValueError("the hour at which a day ends must be 0 to 23")
    wall = datetime.combine(day, time(hour))
    at = wall.replace(tzinfo=clock).astimezone(timezone.utc)
    return at if _shown(at, clock) == wall else _end_of_gap(wall, clock)


def _end_of_gap(wall: datetime, clock: ZoneInfo) -> datetime:
    """Return the instant of the clock change that skips the local time `wall`.

    By PEP 495 it lies between the instants of a skipped time with fold=1 and with fold=0.
    """
    before = wall.replace(tzinfo=clock, fold=1).astimezone(timezone.utc)
    after = wall.replace(tzinfo=clock, fold=0).astimezone(timezone.utc)
    low, high = 0, int((after - before).total_seconds())
    while high - low > 1:
        middle = (low + high) // 2
        if _shown(before + timedelta(seconds=middle), clock) < wall:
            low = middle
        else:
            high = middle
    return before + timedelta(seconds=high)


def _shown(at: datetime, clock: ZoneInfo) -> datetime:
    return at.astimezone(clock).replace(tzinfo=None)


def _within_reach(day: date) -> date:
    if not FIRST_DAY <= day <= LAST_DAY:
        raise _out_of_reach()
    return day


def _out_of_reach() -> ValueError:
    return ValueError(f"the day must be between {FIRST_DAY.isoformat()} and {LAST_DAY.isoformat()}")
