"""Timer expressions in each cloud's own grammar, as documented. Only what the deployment files use is supported; the rest raises `CronError`."""
from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import product
from zoneinfo import ZoneInfo

SUNDAY_FIRST = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")


@dataclass(frozen=True)
class Grammar:
    """The grammar of one cloud: `fields` in their order; `sunday` is the number of that day, None where numbers are undefined. `zone` is the default;
    None where it depends on the region."""

    fields: tuple[str, ...]
    sunday: int | None
    zone: str | None
    names_zone: bool = False
    wrapped: bool = False
    needs_question_mark: bool = False
    both_days_is_or: bool = False


GRAMMARS = {
    # "Day and week both given are an OR"; the clock is UTC+8.
    "tencent": Grammar(("second", "minute", "hour", "day", "month", "weekday", "year"), 0, "Asia/Shanghai", both_days_is_or=True),
    "aliyun": Grammar(("second", "minute", "hour", "day", "month", "weekday"), None, "UTC", names_zone=True),
    "huawei": Grammar(("second", "minute", "hour", "day", "month", "weekday"), None, None, names_zone=True),
    # One of day and weekday has to be "?"; Sunday is 1.
    "aws": Grammar(("minute", "hour", "day", "month", "weekday", "year"), 1, "UTC", wrapped=True, needs_question_mark=True),
}
RANGES: Mapping[str, tuple[int, int]] = {"second": (0, 59), "minute": (0, 59), "hour": (0, 23), "day": (1, 31), "month": (1, 12), "year": (1970, 2199)}


class CronError(ValueError):
    """The expression is invalid in this cloud's grammar, or depends on what its documentation leaves undefined."""


def moments(expression: str, cloud: str, first: date, days: int, zone: str | None = None) -> Iterator[datetime]:
    """Yield the times at which a timer fires during those days of its zone, in order. `zone` is the one given beside the expression."""
    grammar = GRAMMARS[cloud]
    zone, fields = _split(expression, grammar, zone)
    allowed = {name: _values(fields[name], name) for name in grammar.fields if name not in ("weekday",)}
    weekdays = _weekdays(fields["weekday"], grammar)
    clock = ZoneInfo(zone)
    for day in (first + timedelta(days=number) for number in range(days)):
        if day.month in allowed["month"] and day.year in allowed.get("year", (day.year,)) and _on(day, fields, allowed["day"], weekdays, grammar):
            for hour, minute, second in product(*(sorted(allowed.get(name, {0})) for name in ("hour", "minute", "second"))):
                yield datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=clock)


def _split(expression: str, grammar: Grammar, zone: str | None) -> tuple[str, dict[str, str]]:
    if grammar.wrapped:
        if not (expression.startswith("cron(") and expression.endswith(")")):
            raise CronError(f"{expression} is not cron(…)")
        expression = expression[5:-1]
    words = expression.split(" ")
    if grammar.names_zone and words[0].startswith("CRON_TZ="):
        zone = words.pop(0).partition("=")[2]
    zone = zone or grammar.zone
    if zone is None:
        raise CronError(f"{expression} names no zone, and the region's would apply")
    if len(words) != len(grammar.fields):
        raise CronError(f"{expression} has {len(words)} fields, not {len(grammar.fields)}")
    fields = dict(zip(grammar.fields, words))
    if grammar.needs_question_mark and (fields["day"] == "?") == (fields["weekday"] == "?"):
        raise CronError(f"{expression}: exactly one of day and weekday is ?")
    return zone, fields


def _on(day: date, fields: Mapping[str, str], days: set[int], weekdays: set[str], grammar: Grammar) -> bool:
    matches = day.day in days, SUNDAY_FIRST[day.isoweekday() % 7] in weekdays
    both = not {fields["day"], fields["weekday"]} & {"*", "?"}
    return any(matches) if both and grammar.both_days_is_or else all(matches)


def _values(text: str, name: str) -> set[int]:
    low, high = RANGES[name]
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        begin, _, end = span.partition("-")
        if span in ("*", "?"):
            begin, end = str(low), str(high)
        numbers = [MONTHS.index(word) + 1 if name == "month" and word in MONTHS else int(word) for word in (begin, end or (str(high) if step else begin))]
        if not low <= numbers[0] <= numbers[1] <= high:
            raise CronError(f"{part} is no {name}")
        found.update(range(numbers[0], numbers[1] + 1, int(step or 1)))
    return found


def _weekdays(text: str, grammar: Grammar) -> set[str]:
    if text in ("*", "?"):
        return set(SUNDAY_FIRST)
    found: set[str] = set()
    for word in text.split(","):
        if word.isdecimal():
            if grammar.sunday is None:
                raise CronError(f"weekday {word}: a number's day is not to be relied on here")
            word = SUNDAY_FIRST[(int(word) - grammar.sunday) % 7]
        if word not in SUNDAY_FIRST:
            raise CronError(f"{word} is no weekday")
        found.add(word)
    return found
