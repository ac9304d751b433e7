"""The days that a question names, in English and Chinese, and the question without their words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import takewhile
from typing import Final

from jobs.rules.search.dates import chinese, english
from jobs.rules.search.dates.days import Calendar
from jobs.rules.search.dates.grammar import MARK, SIMPLIFIED, Reading, RuleSet
from jobs.rules.text.normalization import normalize

MAX_CHARACTERS: Final = 1_000
"""Characters that are read of a text, from its beginning."""
RULES: Final = tuple(map(RuleSet, (english.BASES, chinese.BASES, english.COMBINATIONS, chinese.COMBINATIONS)))
"""The rules of questions, in their order."""
_LEFT: Final = re.compile(
    rf"(?:\b(?:on|in|at|of|from|during|since|until|till|by|over|around|about|between|and|for|as\s+of|back|the|that|last|this)\s+)*{MARK}"
    rf"(?:['’]s)?(?:那天|那日|当天|當天|那时候?|那時候?|那段时间|的时候|的時候|期间|期間|左右|那会儿)?(?:的?(?:早上|上午|中午|下午|傍晚|晚上|夜里))?",
    re.IGNORECASE,
)
_BIRTHDAY: Final = frozenset({"birthday", "生日"})
"""The names of a birthday. They stay beside other words only: "the weekend before my birthday" asks for days on which users need not have named it."""
_DAY_FIRST: Final = frozenset("GB AU NZ IE IN ZA FR DE ES IT PT BR RU PL NL".split())
_MONTH_FIRST: Final = frozenset("US PH CN TW HK JP KR".split())
_SOUTHERN: Final = ("Australia/", "Antarctica/", "America/Argentina/", "Africa/Johannesburg", "Africa/Maputo", "Africa/Harare", "America/Santiago",
                    "America/Montevideo", "America/Asuncion", "America/Sao_Paulo", "America/Buenos_Aires", "Pacific/Auckland", "NZ")  # fmt: skip


@dataclass(frozen=True)
class NamedDays:
    """The ranges of days in the order of the text, the future left out, and the text without the words that name them.

    A festival's name stays in the text: users talk about it on other days, too. So does a birthday's, unless nothing else is left.
    """

    ranges: Sequence[tuple[date, date]]
    text: str


def find_named_days(text: str, calendar: Calendar) -> NamedDays:
    """Find the days that a text names. A day without a year is the latest that has begun; without days, the text is returned as it is."""
    head = text[:MAX_CHARACTERS]
    plain = re.sub(MARK, " ", normalize("NFKC", head))
    reading = Reading(calendar, plain, plain.lower().translate(SIMPLIFIED))
    for rules in RULES:
        rules.rewrite(reading)
    ranges = [(days.first, min(days.last, calendar.today)) for days in reading.marked() if days.first <= calendar.today]
    if not ranges:
        return NamedDays((), text)
    left = _LEFT.sub(" ", reading.text).strip()
    names = [name for name in reading.names if name not in _BIRTHDAY or any(map(str.isalnum, left))]
    words = " ".join([left, *names])
    return NamedDays(tuple(dict.fromkeys(ranges)), f"{words}{text[MAX_CHARACTERS:]}".strip())


def make_calendar(today: date, locale: str, time_zone: str, birthday: tuple[int, int] | None = None) -> Calendar:
    """Return the calendar of a user. The locale's region tells how 5/2 is read; Chinese reads the month first."""
    language, *rest = locale.split("-")
    region = next((part for part in takewhile(lambda part: len(part) > 1, rest) if len(part) == 2 and part.isalpha()), "")
    day_first = True if region in _DAY_FIRST else False if region in _MONTH_FIRST or language.lower() in ("zh", "ja", "ko") else None
    return Calendar(today, birthday, day_first, time_zone.startswith(_SOUTHERN))


def find_birthday(text: str, today: date) -> tuple[int, int] | None:
    """Return month and day of a birthday as a profile tells it ("May 2", 5月2日, 1990-05-02); None if the text names no single day."""
    ranges = find_named_days(text, Calendar(today)).ranges
    return (ranges[0][0].month, ranges[0][0].day) if len(ranges) == 1 and ranges[0][0] == ranges[0][1] else None
