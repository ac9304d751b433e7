"""The day, month or year that a few words of a statement name, as ISO 8601 text of that precision: "2026-03-31", "2026-03", "2026"."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Final

from jobs.rules.search.dates.days import Calendar, Days, in_year, month_of, months_from
from jobs.rules.search.dates.grammar import MARK, SIMPLIFIED, Reading
from jobs.rules.search.dates.named_days import RULES
from jobs.rules.search.dates.numbers import CARDINAL, HAN, cardinal, han
from jobs.rules.text.normalization import normalize

_YEAR: Final = re.compile(rf"^\W*(?:in |the year |year )?((?:19|20)\d\d|[{HAN}]{{4}})年?\W*$", re.IGNORECASE)
_NAMES_YEAR: Final = re.compile(rf"(?:19|20)\d\d|[{HAN}]{{4}}年")
_DURATION_EN: Final = re.compile(rf"(?P<count>{CARDINAL}|several|a few)(?:\s+(?:full|long|whole|good))?\s+(?P<unit>year|month|week|day)s?\b", re.IGNORECASE)
_DURATION_ZH: Final = re.compile(rf"(?P<count>\d{{1,3}}|[{HAN}]{{1,3}}|半)(?P<more>多)?(?:个)?(?P<unit>年|月|周|星期|礼拜|天)")
_END_OF_MONTH: Final = re.compile(r"\bend of (?:the|this) month\b|^\W*(?:到|这个|本)?(?:月底|月末)", re.IGNORECASE)
_END_OF_YEAR: Final = re.compile(r"\bend of (?:the|this) year\b|^\W*(?:到|今|本)?(?:年底|年末)", re.IGNORECASE)
_PAST: Final = re.compile(r"\b(?:last|past|ago|yesterday)\b|去年|前年|上|昨|前天", re.IGNORECASE)
"""Words for days that are over. Other days without a year are taken for the next ones where an end is named."""
_UNITS: Final = {"年": "year", "月": "month", "周": "week", "星期": "week", "礼拜": "week", "天": "day"}


def past_day(words: str, today: date) -> str | None:
    """Return the latest day, month or year up to `today` that the words name; None if they name none."""
    if year := _YEAR.match(words):
        return f"{han(year[1]):04}" if han(year[1]) <= today.year else None
    found = [days for days in _named(words, today) if days.first <= today]
    return _said(found[0]) if found else None


def coming_day(words: str, today: date) -> str | None:
    """Return the day, month or year that the words name as an end that is still to come on `today`; None if they name none."""
    if year := _YEAR.match(words):
        return f"{han(year[1]):04}" if han(year[1]) >= today.year else None
    if _END_OF_MONTH.search(words):
        return month_of(today.year, today.month)[1].isoformat()
    if _END_OF_YEAR.search(words):
        return date(today.year, 12, 31).isoformat()
    for days in _named(words, today) if not _PAST.search(words) else ():
        if days.last < today and not _NAMES_YEAR.search(words):
            days = _next(days)
        if days.last >= today:
            return _said(days) if days.unit in ("day", "month", "year") else days.last.isoformat()
    return None


def day_before(words: str, today: date) -> str | None:
    """Return the time that lies the duration which the words name before `today`: a year for years, a month for months, else a day.

    None if they name none, or no exact one.
    """
    english_one, chinese_one = _DURATION_EN.search(words), _DURATION_ZH.search(words)
    if english_one:
        count, unit = english_one["count"].lower(), english_one["unit"].lower()
        return None if count in ("several", "a few") else _before(today, cardinal(count), unit)
    if chinese_one is None:
        return None
    unit = _UNITS[chinese_one["unit"]]
    if chinese_one["count"] == "半":
        return _before(today, 6, "month") if unit == "year" else None
    count_zh = han(chinese_one["count"])
    return _before(today, count_zh, unit) if count_zh else None


def _before(today: date, count: int, unit: str) -> str | None:
    if unit == "year":
        return f"{today.year - count:04}" if count < 120 else None
    if unit == "month":
        return months_from(today, -count).isoformat()[:7] if count < 1200 else None
    return (today - timedelta(days=count * (7 if unit == "week" else 1))).isoformat()


def _named(words: str, today: date) -> Sequence[Days]:
    """Return the days that the words name; a bare "March" or "summer" names days as in "in March"."""
    return _read(words, today) or _read(f"in {words}", today)


def _read(words: str, today: date) -> Sequence[Days]:
    plain = re.sub(MARK, " ", normalize("NFKC", words[:80]))
    reading = Reading(Calendar(today), plain, plain.lower().translate(SIMPLIFIED))
    for rules in RULES:
        rules.rewrite(reading)
    return reading.marked()


def _next(days: Days) -> Days:
    """Return the next occurrence of days without a year, which the grammar takes for the latest one."""
    if days.weekday is not None:
        return Days(days.first + timedelta(days=7), days.last + timedelta(days=7))
    later = in_year(days, days.first.year + 1)
    return later or Days(months_from(days.first, 12), months_from(days.last, 12), days.unit)


def _said(days: Days) -> str:
    """Return the beginning of the days in the precision with which they were named."""
    if days.unit in ("year", "season") or days.unit == "month":
        return days.first.isoformat()[: 4 if days.unit == "year" else 7]
    return days.first.isoformat()
