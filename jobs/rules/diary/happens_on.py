"""The day that a line or a signal is about: a day which the model proposes must be one that the user's words name, counted from the day they were said.

Another proposal is corrected where the words name a single day, and dropped where they name none or several. An item without a proposal gets a day only
if its own text names it, too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Final

from jobs.rules.diary.drafts import CheckedQuote
from jobs.rules.search.dates.days import Calendar

if TYPE_CHECKING:
    from jobs.rules.search.dates.event_days import EventDay

MakeCalendar = Callable[[date], Calendar]
"""Returns the user's calendar on a day."""


_MAY_NAME_DAY: Final = re.compile(
    r"\d|days?\b(?<!\btoday)(?<!\btodays)(?<!\beveryday)(?<!\beverydays)(?<!\bsomeday)(?<!\bsomedays)|\b(?:(?:tomorrow|weekend|weeks?|fortnight|months?|next|"
    r"new\s+year|festival|christmas|xmas|thanksgiving|valentine|hallowe|solstice|qingming|qixi|chongyang)\w*|(?:easter|tomb[- ]sweeping|mid[- ]autumn|"
    r"double\s+(?:seventh|ninth|eleven)|last\s+(?:night|evening)|ago\s+today|(?:today|date)\s+last\s+year|(?:of|in|early|mid|late)[\s-]+may|"
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?|"
    r"mon|tues?|wed|thu(?:rs?)?|fri|sat|(?:on|this|coming|last|past|since|until|from|by)\s+sun)\b)|"
    "[明昨前后後周号號星礼禮月节節夕末]|元旦|国庆|春节|中秋|端午|冬至|[一二三四五六七八九十两]天"
)
"""Signs of a day in lower case, since a search that ignores case takes three times as long. Without one the grammar is not asked: it takes a millisecond."""
_RECURS: Final = re.compile(
    r"\b(?:every|each|usually|always|often|weekly|daily|generally|never|mostly|(?:mon|tues|wednes|thurs|fri|satur|sun)days)\b|"
    "每|总是|通常|一般|平时|经常|一直都", re.IGNORECASE,
)
"""Signs of what recurs, whose day is no event."""


class DayReader:
    """Reads the days that texts of one draft name. Lines and signals share many of their texts, and each is read once."""

    def __init__(self, calendar: MakeCalendar = Calendar) -> None:
        self._calendar = calendar
        self._found: dict[tuple[str, date, str], list[EventDay]] = {}

    def read(self, text: str, said_on: date, statement: str = "") -> list[EventDay]:
        """Return the days that a text names which was said on that day, in the tense of the whole `statement`."""
        from jobs.rules.search.dates.event_days import read_event_days  # its tables take a while to compile, and most items of a day name no other day

        key = (text, said_on, statement or text)
        if key not in self._found:
            self._found[key] = read_event_days(text, self._calendar(said_on), statement)
        return self._found[key]


def check_happens_on(proposed: date | None, text: str, quotes: Sequence[CheckedQuote], days: DayReader) -> date | None:
    """Return the day that a line or signal with this text is about, if it is another than that on which it was said; None without one."""
    if not quotes or (proposed is None and (not _MAY_NAME_DAY.search(text.lower()) or _RECURS.search(text))):
        return None
    found = _find(proposed, text, quotes, days)
    return None if found in {quote.day for quote in quotes} else found


def _find(proposed: date | None, text: str, quotes: Sequence[CheckedQuote], days: DayReader) -> date | None:
    own = days.read(text, quotes[0].day) if proposed is None else []
    if proposed is None and len(own) != 1:
        return None
    named = [day for quote in quotes for day in _named_by(quote, days)]
    if proposed is None:
        proposed = next((day for day in own[0].ahead if any(day in other.ahead for other in named)), None)
        return proposed if own[0].is_exact else None
    if any(proposed in day.ahead for day in named):
        return proposed
    single = {day.ahead[0] for day in named}
    return single.pop() if len(single) == 1 and all(day.is_exact for day in named) else None


def _named_by(quote: CheckedQuote, days: DayReader) -> list[EventDay]:
    """Return the days that the cited part of a statement names, or the rest of the statement if that names none."""
    cited = quote.text[quote.cited_start - quote.start : quote.cited_end - quote.start]
    return days.read(cited, quote.day, quote.text) or ([] if cited == quote.text else days.read(quote.text, quote.day))


def same_calendar(found: Calendar) -> MakeCalendar:
    """Return the function that moves a user's calendar to another day."""
    return lambda today: replace(found, today=today)
