"""Days of the Chinese lunar calendar from 1980 to 2055, by a table.

The table was computed with the packages lunardate 0.3.0 and borax 4.1.3, which agree in every month of these years. The first days of the months of
2057, 2089 and 2097 lie so close to midnight that tables differ (Hong Kong Observatory, "Gregorian-Lunar Calendar Conversion Table",
https://www.hko.gov.hk/en/gts/time/conversion.htm, read 2026-11-28), so the table ends before them.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache
from typing import Final

FIRST_YEAR: Final = 1980
_BEGINS: Final = date(1980, 2, 16)
_YEARS: Final = """
    12b60 09360 152e4 14960 164ea 0d4a0 0da80 15e86 156c0 12ae0 095e5 092e0 0c960 0e943 1d4a0 0d6a8 0b580 156c0 12da5
    125c0 192c0 1b2a4 1a940 1b4a0 0eaa2 0ad40 15767 04ba0 125a0 19565 152a0 16940 17544 15aa0 0aba9 09740 14b60 0a2f6
    0a560 15260 0f2a4 0d540 15aa0 0b6a2 096c0 14dc6 149c0 1a4c0 1d4c5 1aa60 0b540 0ed43 12da0 095eb 095a0 149a0 1a176
    1a4a0 1aa40 1ba85 16b40 0ada0 0ab62 09360 14ae7 14960 154a0 164b5 0da40 15b40 096d3 126e0 093e8 092e0 0c960 0d156
"""
"""A number for each year: twelve bits, from the first month on, that are 1 for a month of 30 days and 0 for one of 29; a bit for the leap month's
length; and four bits for the month that the leap month follows, 0 without one."""


def lunar_day(year: int, month: int, day: int) -> date | None:
    """Return the date of a lunar day, never one of a leap month; None outside the table. Day 0 is the last day of the month before."""
    index = year - FIRST_YEAR
    starts = _starts()
    return starts[index][month - 1] + timedelta(days=day - 1) if 0 <= index < len(starts) else None


@lru_cache(maxsize=1)
def _starts() -> list[list[date]]:
    """Return the first days of the twelve months by year."""
    found: list[list[date]] = []
    day = _BEGINS
    for code in (int(digits, 16) for digits in _YEARS.split()):
        months: list[date] = []
        for month in range(12):
            months.append(day)
            day += timedelta(days=29 + (code >> 16 - month & 1))
            if code & 15 == month + 1:
                day += timedelta(days=29 + (code >> 4 & 1))
        found.append(months)
    return found
