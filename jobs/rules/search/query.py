"""A search query: the terms to look for with their weights, and the days that it names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from jobs.rules.search.dates.days import Calendar
from jobs.rules.search.dates.named_days import find_named_days
from jobs.rules.search.search_terms import content_terms, query_terms

MAX_QUERY_CHARACTERS: Final = 1_000
MAX_TERMS: Final = 64
"""Limits of a query: the characters that are read of it, and the terms that are searched for."""
DAYS_AFTER: Final = 10
"""Days after the named ones in which users still talk about them."""
MAX_WHOLE_DAYS: Final = 62
"""Days whose texts are all found, though they have none of the terms."""

_ASKS: Final = re.compile(
    r"[?？]|[吗嗎么]\s*$|什么|什麼|谁|誰|哪|多少|几|幾|怎么|怎麼|何时|有没有|有沒有|是不是|说过|說過|提过|提過|^\s*(?:what|when|where|who|whom|whose|which|why|how|did|do|does|have|has|"
    r"was|were|is|are|can|could|tell\s+me|remind\s+me)\b",
    re.IGNORECASE,
)
_OWN_PAST: Final = re.compile(r"\b(?:I|me|my|mine|we|us|our)\b|[我咱]", re.IGNORECASE)
DayRange = tuple[date, date]


@dataclass(frozen=True)
class Query:
    """The terms with their weights and the named ranges of days, both ends included."""

    wanted: Mapping[str, float]
    named: Sequence[DayRange] = ()

    @property
    def windows(self) -> list[DayRange]:
        """The ranges of which all texts are found: the named days and those after them; of long ranges only texts with a term, if there is one."""
        ranges = [(first, last + timedelta(days=DAYS_AFTER)) for first, last in self.named]
        days = sum((last - first).days + 1 for first, last in ranges)
        return ranges if not self.wanted or days <= MAX_WHOLE_DAYS else []

    def distance(self, day: date) -> int | None:
        """Return how many days after the nearest named range a day is, 0 within it; None outside the ranges and the days after them."""
        found = [max((day - last).days, 0) for first, last in self.named if first <= day <= last + timedelta(days=DAYS_AFTER)]
        return min(found, default=None)


def read_query(text: str, calendar: Calendar | None = None, names: Sequence[str] = ()) -> Query:
    """Return the query of a text. With a calendar, the days that it names are understood, and their words are not looked for.

    `names` are those of the speakers, as they are spelled: they occur anywhere, so they are looked for only where nothing else is.
    """
    head = text[:MAX_QUERY_CHARACTERS]
    found = find_named_days(head, calendar) if calendar else None
    words = found.text if found and found.ranges else head
    nameless = re.sub("|".join(rf"(?<!\w){re.escape(name)}(?!\w)(?:['’]s)?" for name in names if name.strip()) or "(?!)", " ", words)
    wanted = content_terms(nameless) or content_terms(words)
    if not wanted and not (found and found.ranges):
        wanted = query_terms(words)
    return Query(dict(sorted(wanted.items(), key=lambda item: -item[1])[:MAX_TERMS]), found.ranges if found else ())


def asks_about_past(text: str) -> bool:
    """Return whether a text asks something of the user, so that an answer could be looked for in earlier days."""
    return bool(_ASKS.search(text[:MAX_QUERY_CHARACTERS]) and _OWN_PAST.search(text[:MAX_QUERY_CHARACTERS]))
