"""The English forms of dates. Each rule stands below an example of what it reads; the examples of tests/jobs/rules/search/test_dates.py show the meanings."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from jobs.rules.search.dates import days as calendar
from jobs.rules.search.dates.days import Calendar, Days, in_year, latest, one_day
from jobs.rules.search.dates.festivals import FESTIVALS
from jobs.rules.search.dates.grammar import MARK, Make, Reading, Rule
from jobs.rules.search.dates.numbers import CARDINAL, ORDINAL, cardinal, ordinal

_DAY: Final = timedelta(days=1)
_NAMES: Final = "january february march april may june july august september october november december".split()
_WEEKDAYS: Final = "monday tuesday wednesday thursday friday saturday sunday".split()
_NUMBERS: Final = {form: number for number, name in enumerate(_NAMES, 1) for form in (name, name[:3], name[:4] if number == 9 else name)}
_WEEKDAY_NUMBERS: Final = {
    form: number for number, name in enumerate(_WEEKDAYS) for form in (name, name[:3], {1: "tues", 3: "thurs"}.get(number, name), "thur" if number == 3 else name)
}
_SEASONS: Final = "spring summer autumn winter".split()
_MONTH: Final = r"(?P<month>[A-Za-z]{3,9})(?![\w’'])\.?"
_WEEKDAY: Final = r"(?P<weekday>[A-Za-z]{3,9})(?![\w’'])"
"""Any word; the rule's function looks it up, because a pattern of all names takes long to compile."""
_SEASON: Final = r"(?P<season>spring|summer|autumn|fall|winter)(?:time)?\b"
_DATE: Final = r"(?P<day>3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th)?(?![\w:.%/]|\.\d)"
_TO: Final = r"\s*(?:-|–|—|to|and|until|till|through)\s*(?:the\s+)?"
_YEAR: Final = r"(?P<year>(?:19|20)\d\d)(?![\w%]|[.,/:-]\d)"
_AGAIN: Final = r"(?<!every )(?<!each )(?<!any )(?<!most )(?<!per )(?<!all )"
_NEXT: Final = r"(?=(?P<next>\s*(?:%|°|[A-Za-z]+(?:\s+[A-Za-z]+)?))?)"
"""The words that follow a number."""
_COUNTED: Final = frozenset(
    "more other of good new old different hundred thousand million am pm km kg mg ml mb gb px rpm kcal calorie dollar euro pound yuan rmb usd people time step "
    "meter metre mile feet foot hour minute min second day week month year point word page kilometer kilometre percent degree cup unit item line chair "
    "question thing men women kid children".split()
)
"""Nouns that a number counts, without a plural's s."""
_VERBS: Final = frozenset("i we you he she they it be have not help also or well on up out over".split())
"""Words after "may" and "march" that make them verbs."""
_MONTH_BEFORE: Final = r"(?P<keep>\b(?:in|of|during|since|until|till|from|by|early|mid|late|before|after|throughout|around|last|this|next|past)[\s-]+)"
_CLEAR: Final = frozenset("january february july september october november december".split())
"""Names of months that mean nothing else."""


def _month(match: re.Match[str]) -> int | None:
    """Return the month's number; None for another word, and for "may" and "march" as verbs."""
    word = match["month"].lower()
    number = _NUMBERS.get(word)
    follows = match.string[match.end() :].split(maxsplit=1)
    return None if number in (3, 5) and word in ("may", "march") and follows and follows[0].lower() in _VERBS else number


def _counts(match: re.Match[str]) -> bool:
    """Return whether the number counts what follows it."""
    follows = (match["next"] or "").lower().split()
    return bool(follows) and (follows[0] in "%°" or follows[0].removesuffix("s") in _COUNTED and follows[:2] not in (["of", "last"], ["of", "this"], ["of", "that"]))


def _weekday_number(match: re.Match[str]) -> int | None:
    return _WEEKDAY_NUMBERS.get(match["weekday"].lower())


def _iso(match: re.Match[str], reading: Reading) -> Days | None:
    return calendar.make_day(int(match["year"]), int(match["month"]), int(match["day"]))


def _iso_month(match: re.Match[str], reading: Reading) -> Days | None:
    month = int(match["month"])
    return Days(*calendar.month_of(int(match["year"]), month), "month") if 1 <= month <= 12 else None


def _slashed(match: re.Match[str], reading: Reading) -> Days | None:
    """Read 5/2 and 5/2/2023 by the user's custom; without one, only if a single order is possible."""
    if match.groupdict().get("next") and _counts(match):
        return None
    first, second = int(match["first"]), int(match["second"])
    day_first = reading.calendar.day_first
    if first > 12 or second > 12 or first == second:
        day_first = first > 12
    if day_first is None:
        return None
    day, month = (first, second) if day_first else (second, first)
    year = match.groupdict().get("year")
    return calendar.make_day(int(year) + (2000 if len(year) == 2 else 0), month, day) if year else _yearly_day(reading.calendar, month, day)


def _yearly_day(found: Calendar, month: int, day: int) -> Days | None:
    return latest(found.today, "day", lambda year: (made.first, made.last) if (made := calendar.make_day(year, month, day)) else None)


def _date(match: re.Match[str], reading: Reading) -> Days | None:
    groups, month = match.groupdict(), _month(match)
    if month is None or (groups.get("next") and _counts(match)):
        return None
    day, year = ordinal(match["ordinal"]) if groups.get("ordinal") else int(match["day"]), groups.get("year")
    return calendar.make_day(int(year), month, day) if year else _yearly_day(reading.calendar, month, day)


def _dates(match: re.Match[str], reading: Reading) -> Days | None:
    """Read two days of one month."""
    year, month = match.groupdict().get("year"), _month(match)
    if month is None:
        return None
    day = int(match["from"])
    first = calendar.make_day(int(year), month, day) if year else _yearly_day(reading.calendar, month, day)
    return first and calendar.through(first, int(match["to"]))


def _named_month(match: re.Match[str], reading: Reading) -> Days | None:
    groups, month = match.groupdict(), _month(match)
    if month is None or (groups.get("next") and _counts(match)):
        return None
    if year := groups.get("year"):
        return Days(*calendar.month_of(int(year), month), "month")
    return latest(reading.calendar.today, "month", lambda year: calendar.month_of(year, month))


def _clear_month(match: re.Match[str], reading: Reading) -> Days | None:
    return _named_month(match, reading) if match["month"].lower() in _CLEAR else None


def _written_month(match: re.Match[str], reading: Reading) -> Days | None:
    """Read a month with a capital letter."""
    return _named_month(match, reading) if match["month"][0].isupper() else None


def _written_date(match: re.Match[str], reading: Reading) -> Days | None:
    return _date(match, reading) if match["month"][0].isupper() else None


def _named_year(match: re.Match[str], reading: Reading) -> Days | None:
    if int(match["year"]) > reading.calendar.today.year + 1 or _counts(match):
        return None
    return calendar.year_of(int(match["year"]))


def _season(match: re.Match[str], reading: Reading) -> Days | None:
    name = match["season"].lower().replace("fall", "autumn")
    of_year = calendar.season_of(_SEASONS.index(name), reading.calendar.southern)
    return latest(reading.calendar.today, "season", of_year)


def _weekday(match: re.Match[str], reading: Reading) -> Days | None:
    number, today = _weekday_number(match), reading.calendar.today
    if number is None:
        return None
    day = today - _DAY * ((today.weekday() - number) % 7)
    return Days(day, day, "day", weekday=number)


def _weekdays_ago(match: re.Match[str], reading: Reading) -> Days | None:
    number = _weekday_number(match)
    return None if number is None else calendar.weekday_next_to(one_day(reading.calendar.today), number, cardinal(match["count"]), after=False)


def _moved(match: re.Match[str], reading: Reading) -> Days | None:
    """Read last, this and next before days that recur every year or week, and before a month or a week."""
    word, days, today = match["word"].lower(), reading.days(match["mark"]), reading.calendar.today
    if days.weekday is not None:
        this = calendar.week_of(today).first + _DAY * days.weekday
        return one_day({"this": this, "next": this + 7 * _DAY}.get(word, calendar.weekday_next_to(one_day(today), days.weekday, after=False).first))
    if days.of_year is None:
        return None
    if word in ("this", "next"):
        year = today.year + (word == "next" and days.first.year == today.year)
        return in_year(days, year)
    return days if days.last < today else in_year(days, days.first.year - 1)


def _unit(match: re.Match[str], reading: Reading) -> Days | None:
    """Read last week, this month, next year."""
    today = reading.calendar.today
    count = {"this": 0, "current": 0, "next": 1, "coming": 1}.get(match["word"].lower().split()[-1], -1) * (2 if match.groupdict().get("twice") else 1)
    unit = match["unit"].lower()
    if unit == "week":
        return calendar.week_of(today + 7 * count * _DAY)
    if unit == "weekend":
        return _weekend(reading.calendar, count)
    return calendar.month_from(today, count) if unit == "month" else calendar.year_of(today.year + count)


def _weekend(found: Calendar, count: int) -> Days:
    """Return this week's weekend for 0, a later one above it, and an earlier one below it."""
    return calendar.weekend_of(found.today + 7 * count * _DAY)


def _ago(match: re.Match[str], reading: Reading) -> Days | None:
    count = 3 if match["count"].lower().startswith(("few", "a few", "several", "some")) else cardinal(match["count"])
    vague = count == 3 and not match["count"].lower().startswith(("3", "three"))
    return ago(reading.calendar, match["unit"].lower().rstrip("s"), count, vague=vague)


def ago(found: Calendar, unit: str, count: int, *, vague: bool = False) -> Days | None:
    """Return the days so long ago: a day, the days around a week's or month's distance, a whole year; None if they lie before all supported years.

    `vague` stands for "a few".
    """
    today = found.today
    if unit == "day":
        return Days(today - 7 * _DAY, today - 2 * _DAY, "span") if vague else one_day(today - count * _DAY)
    if unit == "weekend":
        return _weekend(found, -count)
    if unit == "week":
        return Days(today - 35 * _DAY, today - 14 * _DAY, "span") if vague else calendar.around(today - 7 * count * _DAY, 1 if count == 1 else 3)
    if unit == "month":
        return Days(calendar.months_from(today, -5), calendar.months_from(today, -2), "span") if vague else calendar.around(calendar.months_from(today, -count), 10)
    if count == 1:
        return calendar.around(calendar.months_from(today, -12), 31)
    return calendar.year_of(today.year - count) if not vague else Days(today.replace(year=today.year - 6, day=1), today.replace(year=today.year - 2, day=1), "span")


def _past(match: re.Match[str], reading: Reading) -> Days | None:
    """Read the past three days, the last two weeks."""
    count = 3 if match["count"].lower() in ("few", "several") else cardinal(match["count"])
    today, unit = reading.calendar.today, match["unit"].lower().rstrip("s")
    first = calendar.months_from(today, -count * (12 if unit == "year" else 1)) if unit in ("month", "year") else today - count * (7 if unit == "week" else 1) * _DAY
    return Days(first, today, "span")


def day_from_today(from_today: int) -> Make:
    """Return the function of the day that is so many days after today."""
    return lambda match, reading: one_day(reading.calendar.today + from_today * _DAY)


def joined_range(match: re.Match[str], reading: Reading) -> Days | None:
    """Read the days from one mark to another."""
    return calendar.joined(reading.days(match["from"]), reading.days(match["to"]))


def within_named_year(match: re.Match[str], reading: Reading) -> Days | None:
    """Read days within a year that is named beside them."""
    year, days = reading.days(match["in"]), reading.days(match["mark"])
    return in_year(days, year.first.year) if year.unit == "year" else None


def _in_month(match: re.Match[str], reading: Reading) -> Days | None:
    """Read a day's number within a month."""
    month = reading.days(match["mark"])
    if month.unit != "month":
        return None
    if month.of_year:
        return _yearly_day(reading.calendar, month.first.month, int(match["day"]))
    return calendar.make_day(month.first.year, month.first.month, int(match["day"]))


def _day_number(match: re.Match[str], reading: Reading) -> Days | None:
    """Read "the 5th" as the latest one."""
    return calendar.day_with_number(reading.calendar.today, int(match["day"]))


def _weekday_in_week(match: re.Match[str], reading: Reading) -> Days | None:
    week, day = reading.days(match["week"]), reading.days(match["mark"])
    return one_day(week.first + day.weekday * _DAY) if week.unit == "week" and day.weekday is not None else None


def _weekday_of_week(match: re.Match[str], reading: Reading) -> Days | None:
    week, number = reading.days(match["week"]), _weekday_number(match)
    return one_day(week.first + number * _DAY) if week.unit == "week" and number is not None else None


def _part(match: re.Match[str], reading: Reading) -> Days | None:
    word = match["part"].lower().split()[0].rstrip("-")
    words = {"beginning": "early", "start": "early", "end": "late", "middle": "middle", "mid": "middle", "first": "first half", "second": "second half"}
    return calendar.part_of(reading.days(match["mark"]), words.get(word, word))  # type: ignore[arg-type]


def _nth(match: re.Match[str], reading: Reading) -> Days | None:
    days, number, unit = reading.days(match["mark"]), ordinal(match["ordinal"]), match["unit"].lower()
    if days.unit not in ("month", "season", "year", "span") or (days.last - days.first).days < 20:
        return None
    if unit == "week":
        return calendar.nth_week(days, number)
    if unit == "weekend":
        saturday = calendar.nth_weekday(days, number, 5)
        return saturday and calendar.weekend_of(saturday.first)
    return calendar.nth_weekday(days, number, next(place for place, name in enumerate(_WEEKDAYS) if name == unit))


def _last_of(match: re.Match[str], reading: Reading) -> Days | None:
    """Read the first or last so many days or weeks of a range."""
    days, count = reading.days(match["mark"]), cardinal(match["count"]) * (7 if match["unit"].lower().startswith("week") else 1)
    if not 0 < count <= (days.last - days.first).days:
        return None
    return Days(days.first, days.first + (count - 1) * _DAY, "span") if match["edge"].lower() == "first" else Days(days.last - (count - 1) * _DAY, days.last, "span")


def _beside(match: re.Match[str], reading: Reading) -> Days | None:
    days, unit, after = reading.days(match["mark"]), match["unit"].lower().rstrip("s"), match["side"].lower() != "before"
    count = cardinal(match["count"]) if match.groupdict().get("count") else 1
    if unit in _WEEKDAYS:
        return calendar.weekday_next_to(days, _WEEKDAYS.index(unit), count, after=after)
    return calendar.next_to(days, unit, count, after=after)


def _around(match: re.Match[str], reading: Reading) -> Days | None:
    """Read the week, the weekend or the month of a day."""
    days, unit = reading.days(match["mark"]), match["unit"].lower()
    if (days.last - days.first).days > 7:
        return None
    return calendar.week_of(days.first) if unit == "week" else calendar.weekend_of(days.first) if unit == "weekend" else calendar.month_from(days.first, 0)


def open_range(match: re.Match[str], reading: Reading) -> Days | None:
    days, today = reading.days(match["mark"]), reading.calendar.today
    word = match["word"].lower()
    if word in ("since", "ever since"):
        return Days(days.first, max(today, days.first), "span")
    return calendar.beside(days, after=word == "after")


def last_year_today(match: re.Match[str], reading: Reading) -> Days | None:
    """Read today's date a year ago."""
    return one_day(calendar.months_from(reading.calendar.today, -12))


def _birthday(match: re.Match[str], reading: Reading) -> Days | None:
    month_and_day = reading.calendar.birthday
    return month_and_day and _yearly_day(reading.calendar, *month_and_day)


def festival(found_at: int) -> Make:
    of_year, main = FESTIVALS[found_at].of_year, FESTIVALS[found_at].main_day

    def make(match: re.Match[str], reading: Reading) -> Days | None:
        if not match.groupdict().get("that"):
            return latest(reading.calendar.today, "day", of_year)

        def main_day(year: int) -> tuple[date, date] | None:
            found = of_year(year)
            return (found[0] + main * _DAY,) * 2 if found else None

        return latest(reading.calendar.today, "day", main_day)

    return make


def _bare_year(match: re.Match[str], reading: Reading) -> Days | None:
    return _named_year(match, reading) if 1970 <= int(match["year"]) <= reading.calendar.today.year else None


def _latest_weekend(found: Calendar) -> Days:
    this = calendar.weekend_of(found.today)
    return this if this.first <= found.today else calendar.weekend_of(found.today - 7 * _DAY)


def _to_number(match: re.Match[str], reading: Reading) -> Days | None:
    """Read "between May 2 and 5"."""
    return None if _counts(match) else calendar.through(reading.days(match["from"]), int(match["day"]))


_UNITS: Final = r"(?P<unit>days?|weeks?|weekends?|months?|years?)\b"
_COUNT: Final = rf"(?P<count>{CARDINAL}|a\s+few|few|several|some)"
_OF: Final = r"(?:['’]s)?[\s,]*(?:\b(?:of|in|on|at|from|during)\s+)?(?:the\s+)?"

_DIGITS: Final = tuple("0123456789")
_MONTH_HINTS: Final = tuple(name[:3] for name in _NAMES)
_WEEKDAY_HINTS: Final = tuple(name[:3] for name in _WEEKDAYS)
_SEASON_NAMES: Final = (*_SEASONS, "fall")
BASES: Final[Sequence[Rule]] = (
    Rule(r"(?<![\w/.-])(?P<year>\d{4})([-/.])(?P<month>\d{1,2})\2(?P<day>\d{1,2})(?![\d/-])", _iso, _DIGITS),
    Rule(r"(?<![\w/.-])(?P<year>(?:19|20)\d\d)-(?P<month>\d{2})(?![\d/-])", _iso_month, _DIGITS),
    Rule(r"(?<![\w/.-])(?P<first>\d{1,2})/(?P<second>\d{1,2})/(?P<year>(?:19|20)\d\d|\d\d)(?![\w/-])", _slashed, _DIGITS),
    Rule(rf"(?P<keep>\b(?:on|since|from|until|till|between|before|after|to|and|by)\s+)(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})(?![\w/%-]|\.\d){_NEXT}", _slashed, _DIGITS),
    # the day before yesterday
    Rule(r"\b(?:the\s+)?day\s+before\s+yesterday\b", day_from_today(-2), ("yesterday", "tomorrow", "last")),
    Rule(r"\b(?:the\s+)?day\s+after\s+tomorrow\b", day_from_today(2), ("yesterday", "tomorrow", "last")),
    Rule(rf"\b(?P<count>{CARDINAL})\s+weeks?\s+ago\s+today\b", lambda match, reading: one_day(reading.calendar.today - 7 * cardinal(match["count"]) * _DAY), ("ago",)),
    Rule(r"\b(?:a\s+year\s+ago\s+today|(?:this|the\s+same)\s+(?:day|date)\s+last\s+year|today\s+last\s+year)\b", last_year_today, ("today", "tonight", "this", "same")),
    Rule(r"\b(?:yesterday(?:\s+(?:morning|afternoon|evening|night))?|last\s+(?:night|evening))\b", day_from_today(-1), ("yesterday", "tomorrow", "last")),
    Rule(r"\b(?:(?:earlier|later)\s+today|today|tonight|this\s+(?:morning|afternoon|evening))\b", day_from_today(0), ("today", "tonight", "this", "same")),
    Rule(r"\btomorrow(?:\s+(?:morning|afternoon|evening|night))?\b", day_from_today(1), ("yesterday", "tomorrow", "last")),
    # three days ago
    Rule(rf"\b{_COUNT}\s+{_UNITS}\s+(?:ago|back)\b", _ago, ("ago", "back")),
    Rule(r"\bthe\s+other\s+(?P<unit>day)\b(?P<count>)", lambda match, reading: ago(reading.calendar, "day", 3, vague=True), ("other",)),
    # the past three days
    Rule(rf"\b(?:the\s+|these\s+)?(?:last|past|previous)\s+(?P<count>{CARDINAL}|few|several)\s+(?P<unit>days?|weeks?|months?|years?)\b(?!\s+of\b)", _past, ("last", "past", "previous")),
    # birthdays and festivals
    Rule(r"\bmy\s+(?:own\s+)?(?P<name>birthday)\b(?!\s+(?:present|gift|card|cake|list|wish))", _birthday, ("birthday",)),
    *(
        Rule(rf"{_AGAIN}\b(?:on\s+|at\s+|over\s+)?(?P<that>\bthe\s+day\s+of\s+)?(?P<name>{found.english})(?!\w)(?!['’]s\b(?!\s+{MARK}))", festival(place), found.english_hints)
        for place, found in enumerate(FESTIVALS)
        if found.english != "(?!)"
    ),
    # May 2-5, 2 to 5 May
    Rule(rf"\b{_MONTH}\s+(?P<from>\d{{1,2}})(?:st|nd|rd|th)?{_TO}(?P<to>\d{{1,2}})(?:st|nd|rd|th)?(?![\w:%])(?:,?\s+(?:of\s+)?{_YEAR})?", _dates, _MONTH_HINTS),
    Rule(rf"\b(?:the\s+)?(?P<from>\d{{1,2}})(?:st|nd|rd|th)?{_TO}(?P<to>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:,?\s+(?:of\s+)?{_YEAR})?", _dates, _MONTH_HINTS),
    # 2 May 2023, the 2nd of May, May 2nd, 2023
    Rule(rf"(?<![\d:/.-])\b(?:the\s+)?{_DATE}(?:\s+of)?[\s-]+{_MONTH}(?:\s+of|,)?[\s-]*{_YEAR}", _date, _MONTH_HINTS),
    Rule(rf"\b{_MONTH}\s+(?:the\s+)?{_DATE}(?:\s+of|,)?\s*{_YEAR}{_NEXT}", _date, _MONTH_HINTS),
    Rule(rf"\bthe\s+(?P<ordinal>{ORDINAL})\s+(?:day\s+)?of\s+{_MONTH}(?:(?:\s+of|,)?\s+{_YEAR})?", _date, _MONTH_HINTS),
    Rule(rf"(?<![\d:/.-])\b(?P<day>3[01]|[12]\d|[1-9])(?:(?:st|nd|rd|th)(?:\s+of)?|\s+of)\s+{_MONTH}", _date, _MONTH_HINTS),
    Rule(rf"(?<![\d:/.-])(?P<keep>\b(?:on|since|until|till|from|to|and|by|between|before|after)\s+(?:the\s+)?){_DATE}\s+{_MONTH}", _date, _MONTH_HINTS),
    Rule(rf"(?<![\d:/.-])\b{_DATE}\s+{_MONTH}", _written_date, _MONTH_HINTS),
    Rule(rf"(?<!\bI )(?<!\bwe )(?<!you )(?<!they )(?<!that )\b{_MONTH}\s+(?:the\s+)?{_DATE}{_NEXT}", _date, _MONTH_HINTS),
    # May 2023, summer 2022, in March
    Rule(rf"\b{_MONTH}(?:\s+of|,)?\s+{_YEAR}{_NEXT}", _named_month, _MONTH_HINTS),
    Rule(rf"{_MONTH_BEFORE}{_MONTH}", _named_month, _MONTH_HINTS),
    Rule(rf"(?P<keep>\bbetween\s+){_MONTH}(?=\s+and\s)", _named_month, _MONTH_HINTS),
    Rule(rf"(?P<keep>{MARK}\s+(?:and|to|until|till|through|-|–)\s+){_MONTH}", _named_month, _MONTH_HINTS),
    Rule(rf"{_AGAIN}(?P<keep>\b){_MONTH}(?=\s+(?:last|this|next)\s+year\b)", _written_month, _MONTH_HINTS),
    Rule(rf"{_AGAIN}\b{_MONTH}", _clear_month, _MONTH_HINTS),
    Rule(rf"{_AGAIN}(?P<keep>\b(?:last|this|next|past|previous|early|late|mid|since|of|over|throughout|during|in|until|by)[\s-]+(?:the\s+)?){_SEASON}(?!\s*(?:roll|onion|clean|break))", _season, _SEASON_NAMES),
    Rule(rf"{_AGAIN}\b{_SEASON}(?=(?:\s+of|,)?\s+(?:{_YEAR}|last\s+year|this\s+year))", _season, _SEASON_NAMES),
    # in 2023
    Rule(rf"(?P<keep>\b(?:in|of|during|since|until|till|from|by|year|before|after|for|to|and|around|back\s+in|{MARK})\s*,?\s*)(?<![\w$€£¥#.-]){_YEAR}{_NEXT}", _named_year, ("19", "20")),
    Rule(rf"(?<![\w$€£¥#./:-])(?P<keep>){_YEAR}{_NEXT}(?!\s+[a-z]+s\b)", _bare_year, ("19", "20")),
    # last week, the week before last
    Rule(r"\b(?:the\s+)?(?P<unit>weekend|week|month|year)\s+(?P<twice>before)\s+(?P<word>last)\b", _unit, ("week", "month", "year")),
    Rule(rf"{_AGAIN}\b(?:the\s+)?(?P<word>last|past|previous|this|this\s+past|this\s+last|this\s+current|current|next|this\s+coming|coming)\s+(?P<unit>weekend|week|month|year)\b(?!['’]?s?\s+(?:before|after|ago|of)\s)", _unit, ("week", "month", "year")),
    Rule(rf"{_AGAIN}(?P<keep>\b(?:on|over|at|during|for)\s+)the\s+(?P<unit>weekend)\b(?P<word>)(?!\s+(?:before|after|of)\b)", lambda match, reading: _latest_weekend(reading.calendar), ("week", "month", "year")),
    # on Tuesday
    Rule(rf"{_AGAIN}(?P<keep>\b(?:on|last|this|past|next|since|until|from|by)\s+(?:the\s+)?){_WEEKDAY}(?!\s+(?:before|after)\b)(?!\s+(?:of|in)\s+{MARK})", _weekday, _WEEKDAY_HINTS),
    Rule(rf"{_AGAIN}(?<!the )\b{_WEEKDAY}(?!\s+(?:before|after|school|service|papers?|best|ago)\b)(?!\s+(?:of|in)\s+{MARK})", _weekday, _WEEKDAY_HINTS),
)
"""Rules for single dates, longer forms first."""

COMBINATIONS: Final[Sequence[Rule]] = (
    # two Fridays ago
    Rule(rf"\b(?P<count>{CARDINAL})\s+(?P<weekday>[A-Za-z]{{3,9}}?)s?\s+ago\b", _weekdays_ago, _WEEKDAY_HINTS),
    # May 2nd last year, Christmas 2023, last year's Christmas
    Rule(rf"(?P<mark>{MARK}){_OF}(?P<in>{MARK})", within_named_year, ()),
    Rule(rf"(?P<in>{MARK}){_OF}(?P<mark>{MARK})", within_named_year, ()),
    Rule(rf"\b(?P<word>last|this|next|past|previous)\s+(?P<mark>{MARK})", _moved, ()),
    # Tuesday of last week, last week on Tuesday
    Rule(rf"\b{_WEEKDAY}\s+(?:of|in)\s+(?P<week>{MARK})", _weekday_of_week, _WEEKDAY_HINTS),
    Rule(rf"(?P<mark>{MARK}){_OF}(?P<week>{MARK})", _weekday_in_week, ()),
    Rule(rf"(?P<week>{MARK}){_OF}(?P<mark>{MARK})", _weekday_in_week, ()),
    Rule(rf"(?P<mark>{MARK}),?\s+on\s+the\s+(?P<day>3[01]|[12]\d|[1-9])(?:st|nd|rd|th)\b", _in_month, ()),
    Rule(rf"\bthe\s+(?P<day>3[01]|[12]\d|[1-9])(?:st|nd|rd|th)\s+of\s+(?P<mark>{MARK})", _in_month, ()),
    # the 5th
    Rule(
        r"(?P<keep>\b(?:on|since|until|till|from|by|before|after|of|to|and|between)\s+)the\s+(?P<day>3[01]|[12]\d|[1-9])(?:st|nd|rd|th)\b"
        rf"(?=\s*(?:$|[?.!,;:]|(?:I|we|he|she|they|did|was|were|my|our|what|who|where|to|until|till|through|and|-)\b|{MARK}))",
        _day_number,
        ("th", "st", "nd", "rd"),
    ),
    # the first weekend of, the last two weeks of, the end of
    Rule(rf"\b(?:the\s+)?(?P<ordinal>{ORDINAL})\s+(?P<unit>weekend|week|{'|'.join(_WEEKDAYS)})\s+(?:of|in)\s+(?P<mark>{MARK})", _nth, ()),
    Rule(rf"\b(?:the\s+)?(?P<edge>first|last)\s+(?P<count>{CARDINAL})\s+(?P<unit>days|weeks)\s+(?:of|in)\s+(?P<mark>{MARK})", _last_of, ()),
    Rule(rf"\b(?:the\s+)?(?P<part>first\s+half|second\s+half|beginning|start|middle|end)\s+of\s+(?P<mark>{MARK})", _part, ()),
    Rule(rf"\b(?P<part>early|mid|late)[\s-]*(?:in\s+)?(?P<mark>{MARK})", _part, ()),
    # the week before, three days after, the week of
    Rule(rf"\b(?:the\s+)?(?P<count>{CARDINAL})\s+(?P<unit>days?|weeks?|weekends?|months?|{'s?|'.join(_WEEKDAYS)}s?)\s+(?P<side>before|after|following)\s+(?P<mark>{MARK})", _beside, ()),
    Rule(rf"\b(?:the\s+|last\s+|that\s+|previous\s+)*(?P<unit>day|weekend|week|month|{'|'.join(_WEEKDAYS)})\s+(?:right\s+|just\s+)?(?P<side>before|after|following)\s+(?P<mark>{MARK})", _beside, ()),
    Rule(rf"\b(?:the\s+)?(?P<unit>week|weekend|month)\s+of\s+(?P<mark>{MARK})", _around, ()),
    # between … and …, from … to …
    Rule(rf"\b(?:between|from|in\s+between)\s+(?P<from>{MARK})\s+(?:and|to|until|till|through|-|–)\s+(?P<to>{MARK})", joined_range, ()),
    Rule(rf"(?P<from>{MARK})\s*(?:-|–|—|to|until|till|through)\s*(?P<to>{MARK})", joined_range, ()),
    Rule(rf"\b(?:between|from)\s+(?P<from>{MARK})\s+(?:and|to|until|till|-|–)\s+(?:the\s+)?(?P<day>3[01]|[12]\d|[1-9])(?:st|nd|rd|th)?\b{_NEXT}", _to_number, ()),
    Rule(rf"\b(?P<word>since|ever\s+since|before|after)\s+(?:the\s+)?(?P<mark>{MARK})", open_range, ()),
)
"""Rules for dates that are told by others."""
