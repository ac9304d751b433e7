"""Festivals and holidays by their English and Chinese names.

Each row has its names in both languages as patterns, a function from a year to its first and last day, and the single day that "that day" (那天) means,
counted from the first. A holiday of several days is named by its common length, not by a year's official calendar.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Final, NamedTuple

from jobs.rules.search.dates.days import OfYear
from jobs.rules.search.dates.lunar import lunar_day


class Festival(NamedTuple):
    english: str
    chinese: str
    of_year: OfYear
    main_day: int = 0

    @property
    def english_hints(self) -> list[str]:
        """Words of which each name contains one, without their optional letters: "labo" for "labou?r"."""
        return re.findall("may day|[a-z]{4,}", re.sub(r"\\s\+|\(\?!.*?\)|[a-z]\?", " ", self.english))

    @property
    def chinese_hints(self) -> list[str]:
        """The first characters of the names."""
        return re.findall(r"(?:^|\||\(\?:|\)\??)([\u4e00-\u9fff])", self.chinese)


def _fixed(month: int, day: int, days: int = 1) -> OfYear:
    return lambda year: _lasting(date(year, month, day), days)


def _weekday(month: int, number: int, weekday: int, after: int = 0) -> OfYear:
    """Return the nth weekday of a month (the last one for 0), and so many days after it."""

    def of_year(year: int) -> tuple[date, date] | None:
        first = date(year, month, 1) if number else date(year, month + 1, 1) - timedelta(days=7)
        found = first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * max(number - 1, 0) + after)
        return _lasting(found, 1)

    return of_year


def _lunar(month: int, day: int, days: int = 1) -> OfYear:
    """Return the range by the lunar calendar."""
    return lambda year: _lasting(found, days) if (found := lunar_day(year, month, day)) else None


def _last_lunar(day: int) -> OfYear:
    """Return a day of the lunar year's last month, which mostly lies in the next solar year: the one that falls into the named year."""

    def of_year(year: int) -> tuple[date, date] | None:
        found = [lunar_day(lunar_year, 12, day) for lunar_year in (year, year - 1)]
        return next((_lasting(at, 1) for at in found if at and at.year == year), None)

    return of_year


def _easter(after: int) -> OfYear:
    """Return the day so many days after Easter Sunday, by the anonymous Gregorian algorithm (Meeus, "Astronomical Algorithms", chapter 8)."""

    def of_year(year: int) -> tuple[date, date] | None:
        golden, century, rest = year % 19, year // 100, year % 100
        epact = (19 * golden + century - century // 4 - (century - (century + 8) // 25 + 1) // 3 + 15) % 30
        to_sunday = (32 + 2 * (century % 4) + 2 * (rest // 4) - epact - rest % 4) % 7
        late = (golden + 11 * epact + 22 * to_sunday) // 451
        month, day = divmod(epact + to_sunday - 7 * late + 114, 31)
        return _lasting(date(year, month, day + 1) + timedelta(days=after), 1)

    return of_year


def _solar_term(month: int, base: tuple[float, float]) -> OfYear:
    """Return the day of a solar term from March on by the usual formula: year · 0.2422 + base, less the leap days, for the 20th and the 21st century."""

    def of_year(year: int) -> tuple[date, date] | None:
        rest = year % 100
        return _lasting(date(year, month, int(rest * 0.2422 + base[year >= 2000]) - rest // 4), 1)

    return of_year


def _lasting(first: date, days: int) -> tuple[date, date]:
    return first, first + timedelta(days=days - 1)


FESTIVALS: Final[tuple[Festival, ...]] = (
    Festival(r"christmas\s+eve", "平安夜|圣诞前夜", _fixed(12, 24)),
    Festival(r"christmas(?:\s+day|\s+time)?|xmas(?:\s+day)?", "圣诞节?", _fixed(12, 25)),
    Festival(r"boxing\s+day", "节礼日", _fixed(12, 26)),
    Festival(r"(?:chinese|lunar)\s+new\s+year['’]?s?\s+eve", "除夕夜?|大年三十|年三十|大年夜", _lunar(1, 0)),
    Festival(r"(?:chinese|lunar)\s+new\s+year(?:['’]?s)?(?:\s+day)?|spring\s+festival", "春节|过年|新春佳节", _lunar(1, 0, 8), 1),
    Festival(r"new\s+year['’]?s?\s+eve", "跨年夜?", _fixed(12, 31)),
    Festival(r"(?<!chinese )(?<!lunar )(?<!happy )new\s+year['’]?s?\s+day|new\s+year['’]s(?!\s+(?:eve|resolution))", "元旦节?", _fixed(1, 1)),
    Festival(r"(?!)", "大年初一|正月初一|年初一", _lunar(1, 1)),
    *(Festival(r"(?!)", f"(?:大年|正月|年)初{number}", _lunar(1, day)) for day, number in enumerate("二三四五六七八", 2)),
    Festival(r"lantern\s+festival", "元宵节?|正月十五|元宵佳节", _lunar(1, 15)),
    Festival(r"valentine['’]?s(?:\s+day)?", "情人节", _fixed(2, 14)),
    Festival(r"(?:international\s+)?women['’]?s\s+day", "(?:三八)?妇女节|三八节|女神节", _fixed(3, 8)),
    Festival(r"arbor\s+day", "植树节", _fixed(3, 12)),
    Festival(r"(?:st|saint)\.?\s+patrick['’]?s\s+day", "圣帕特里克节", _fixed(3, 17)),
    Festival(r"april\s+fools?['’]?s?(?:\s+day)?", "愚人节", _fixed(4, 1)),
    Festival(r"(?:qingming|tomb[- ]sweeping)(?:\s+(?:festival|day))?", "清明节?", _solar_term(4, (5.59, 4.81))),
    Festival(r"good\s+friday", "耶稣受难日", _easter(-2)),
    Festival(r"easter\s+monday", "复活节星期一", _easter(1)),
    Festival(r"easter(?:\s+(?:sunday|day))?", "复活节", _easter(0)),
    Festival(r"may\s+day", "五一劳动节|国际劳动节|劳动节", _fixed(5, 1)),
    Festival(r"(?!)", "五一(?:小?长假|假期|黄金周|期间)?", _fixed(5, 1, 5)),
    Festival(r"(?:chinese\s+)?youth\s+day", "(?:五四)?青年节", _fixed(5, 4)),
    Festival(r"mother['’]?s\s+day", "母亲节", _weekday(5, 2, 6)),
    Festival(r"memorial\s+day", "阵亡将士纪念日", _weekday(5, 0, 0)),
    Festival(r"(?:chinese\s+)?children['’]?s\s+day", "(?:六一)?儿童节|六一", _fixed(6, 1)),
    Festival(r"father['’]?s\s+day", "父亲节", _weekday(6, 3, 6)),
    Festival(r"dragon\s+boat\s+festival", "端午节?", _lunar(5, 5)),
    Festival(r"(?:the\s+)?(?:fourth|4th)\s+of\s+july|independence\s+day", "美国独立日", _fixed(7, 4)),
    Festival(r"(?:qixi|double\s+seventh)(?:\s+festival)?", "七夕节?", _lunar(7, 7)),
    Festival(r"(?:hungry\s+)?ghost\s+festival", "中元节|七月半|鬼节", _lunar(7, 15)),
    Festival(r"(?!)", "建军节", _fixed(8, 1)),
    Festival(r"labou?r\s+day", "(?!)", _weekday(9, 1, 0)),
    Festival(r"teachers?['’]?s?\s+day", "教师节", _fixed(9, 10)),
    Festival(r"mid[- ]autumn(?:\s+festival)?|moon\s+festival", "中秋节?", _lunar(8, 15)),
    Festival(r"(?:chinese\s+)?national\s+day", "国庆节(?!假|长假|期间)", _fixed(10, 1)),
    Festival(r"golden\s+week", "国庆节?(?:小?长假|假期|黄金周|期间)?|十一(?:小?长假|假期|黄金周|期间)", _fixed(10, 1, 7)),
    Festival(r"double\s+ninth(?:\s+festival)?|chongyang(?:\s+festival)?", "重阳节?", _lunar(9, 9)),
    Festival(r"hallowe['’]?en", "万圣节(?:前夜)?", _fixed(10, 31)),
    Festival(r"singles['’]?\s+day|double\s+eleven", "双十一|双11|光棍节", _fixed(11, 11)),
    Festival(r"thanksgiving(?:\s+day)?", "感恩节", _weekday(11, 4, 3)),
    Festival(r"black\s+friday", "黑色星期五|黑五", _weekday(11, 4, 3, after=1)),
    Festival(r"(?!)", "双十二|双12", _fixed(12, 12)),
    Festival(r"winter\s+solstice", "冬至", _solar_term(12, (22.60, 21.94))),
    Festival(r"laba(?:\s+festival)", "腊八节?", _last_lunar(8)),
    Festival(r"(?!)", "小年夜?", _last_lunar(23)),
)
"""Longer names stand before the names that they contain. A pattern (?!) matches nothing: the other language has no such name."""
