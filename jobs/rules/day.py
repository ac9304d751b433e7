"""Which day an instant belongs to, for one person.

A person's day D begins at the first instant at which their clock shows D at the day-end hour, or later, and lasts
until D + 1 begins. So days never overlap and never leave a hole, whatever the clocks do:

- clocks jump over the day-end hour: the day begins at the jump;
- the day-end hour comes twice: the day begins at the first one, and a day that has begun never goes back;
- a zone jumps over a whole date (Samoa, 30 December 2011): that day is empty, it starts where it ends.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, timezone
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

FIRST_DAY = date(2, 1, 1)
LAST_DAY = date(9998, 12, 31)

_ONE_DAY = timedelta(days=1)
_EXCLUDED_NAMES = frozenset({"Factory", "localtime", "posixrules"})


def day_of(at: datetime, zone: str, ends_at_hour: int) -> date:
    """The person's day that holds the instant `at`.

    `ends_at_hour` is 0–23: with 4, half past two at night still belongs to the day before. Raises ValueError for a
    time without offset, an unknown zone, an hour out of range, or a day outside FIRST_DAY–LAST_DAY.
    """
    if at.utcoffset() is None:
        raise ValueError("the time needs an offset from UTC")
    clock = time_zone(zone)
    if not FIRST_DAY - _ONE_DAY <= at.date() <= LAST_DAY + _ONE_DAY:
        raise _out_of_reach()
    day = at.astimezone(clock).date() + _ONE_DAY
    while _start(day, clock, ends_at_hour) > at:
        day -= _ONE_DAY
    return _within_reach(day)


def day_bounds(day: date, zone: str, ends_at_hour: int) -> tuple[datetime, datetime]:
    """Start (included) and end (excluded) of a person's day, in UTC; equal when the zone skipped that date.

    Raises ValueError for an unknown zone, an hour outside 0–23, or a day outside FIRST_DAY–LAST_DAY.
    """
    clock = time_zone(zone)
    return _start(_within_reach(day), clock, ends_at_hour), _start(day + _ONE_DAY, clock, ends_at_hour)


def is_time_zone(name: str) -> bool:
    """Whether `name` is an IANA time zone, spelled exactly."""
    return name in _names()


@cache  # bounded by the number of IANA names
def time_zone(name: str) -> ZoneInfo:
    """The zone's rules from the tzdata package: the same on every machine, however old the machine's own copy is.

    Raises ValueError when `name` is not an IANA time zone.
    """
    if not is_time_zone(name):
        raise ValueError("unknown time zone: use an IANA name such as Asia/Shanghai or Europe/London")
    from importlib.resources import files

    try:
        with files("tzdata").joinpath("zoneinfo", *name.split("/")).open("rb") as rules:
            return ZoneInfo.from_file(rules, key=name)
    except (ModuleNotFoundError, FileNotFoundError):
        return ZoneInfo(name)


@cache
def _names() -> frozenset[str]:
    from importlib.resources import files

    try:
        names = set(files("tzdata").joinpath("zones").read_text(encoding="utf-8").split())
    except ModuleNotFoundError:
        names = available_timezones()
    return frozenset(names - _EXCLUDED_NAMES)


def _start(day: date, clock: ZoneInfo, hour: int) -> datetime:
    if not 0 <= hour <= 23:
        raise ValueError("the hour at which a day ends must be 0 to 23")
    wall = datetime.combine(day, time(hour))
    at = wall.replace(tzinfo=clock).astimezone(timezone.utc)
    return at if _shown(at, clock) == wall else _end_of_gap(wall, clock)


def _end_of_gap(wall: datetime, clock: ZoneInfo) -> datetime:
    """The jump that leaves out `wall`. By PEP 495 it lies between the two readings of a missing time."""
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
    return ValueError(f"the day must lie between {FIRST_DAY.isoformat()} and {LAST_DAY.isoformat()}")
