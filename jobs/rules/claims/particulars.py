# ruff: noqa: E501 - tables of words read by their rows
"""Numbers, dates, weekdays and units of a line, each of which must occur in its evidence or follow from the day of its message."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from jobs.rules.claims.words import ngrams_of
from jobs.rules.text.filtered_patterns import FilteredPattern

_NUMBER_WORDS: Final = MappingProxyType(
    {word: number for number, words in enumerate(
        "zero|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty".split("|")
    ) for word in (words,)}
    | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90, "hundred": 100, "thousand": 1000, "dozen": 12, "twice": 2, "once": 1, "half": 0}
)  # fmt: skip
_DIGITS_ZH: Final = MappingProxyType({"零": 0, "〇": 0, "一": 1, "二": 2, "两": 2, "兩": 2, "三": 3, "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9})
_UNITS_ZH: Final = MappingProxyType({"十": 10, "百": 100, "千": 1000, "万": 10000})
_NUMERAL: Final = re.compile(r"\d+(?:[.,]\d+)*(?::\d\d)?")
_WORD: Final = re.compile(r"[a-z]+")
_NUMERAL_ZH: Final = re.compile(r"[零〇一二两兩三四五六七八九十百千万]+")
_NOT_NUMBERS: Final = re.compile(
    r"(?<![零〇一二两兩三四五六七八九十百千万])(?:一(?:起|直|般|样|些|下|定|边|旦|切|向|共|家|生|路|早|会儿?|点|口气|辈子|股|大|堆|度|律|致|番|时|旁|如|再|同|块儿|味|阵)|万一|千万|十分(?!钟|之)|九成九|三心二意|十足|百分|一个人"
    r"|一(?![零〇一二三四五六七八九十百千万])只?|一[个位名条辆次份本家杯顿碗场张把双部首座台件套]|万分|万圣|四处|四周|五颜六色|七上八下|[十百千万]里挑)|乱七八糟|(?:星期|周|礼拜|初)[一二三四五六日天]|统一|唯一|第一|同一|不一"
)
"""Chinese numerals that count nothing, or one thing ("一个" is as good as no number). Behind another numeral they are part of a number: 二十一, 三十分钟."""

_UNITS: Final = MappingProxyType({
    form: row.split()[0]
    for row in (
        "km kilometer kilometers kilometre kilometres 公里 千米|mi mile miles 英里|m meter meters metre metres 米|kg kilo kilos kilogram kilograms 公斤 千克|lb lbs pound pounds 磅|g gram grams 克|jin 斤|li 里|h hour hours 小时 钟头|min minute minutes 分钟"
        "|s second seconds 秒|day days 天 日|week weeks 周 星期 礼拜|month months 月|year years 年 岁|eur euro euros 欧元 欧|usd dollar dollars 美元 美金|cny yuan 元 块 人民币|gbp 英镑|jpy 日元|l liter liters litre litres 升|cup cups 杯|bowl bowls 碗|page pages 页|floor floors 楼 层|degree degrees 度|percent % 折"
    ).split("|")
    for form in row.split()
})  # fmt: skip
_UNIT_AFTER: Final = re.compile(r"\s?(?:个半?)?(" + "|".join(sorted(map(re.escape, _UNITS), key=len, reverse=True)) + r")(?![a-z])")
_CURRENCIES: Final = MappingProxyType({"$": "usd", "€": "eur", "£": "gbp", "¥": "cny", "￥": "cny"})
_PRICE: Final = re.compile(r"([$€£¥￥])\s?(\d+(?:[.,]\d+)*)")

_WEEKDAYS: Final = MappingProxyType({
    **{word: number for number, words in enumerate("monday mondays mon|tuesday tuesdays tue|wednesday wednesdays wed|thursday thursdays thu|friday fridays fri|saturday saturdays sat|sunday sundays sun".split("|")) for word in words.split()},
    **{f"{week}{char}": number % 7 for week in ("周", "星期", "礼拜") for number, char in [*enumerate("一二三四五六日"), (6, "天")]},
})  # fmt: skip
_WEEKDAY: Final = FilteredPattern(r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|(?:周|星期|礼拜)[一二三四五六日天](?!(?<=一周[一二三四五六])天(?!天))")
_MONTHS: Final = MappingProxyType({name: number for number, name in enumerate("january february march april may june july august september october november december".split(), 1)})
_MONTH: Final = "(" + "|".join(f"{name[:3]}(?:{name[3:]})?" if len(name) > 3 else name for name in _MONTHS) + ")"
_DATE: Final = re.compile(
    r"(?P<iso>(?P<y1>\d{4})[-/.](?P<m1>\d{1,2})[-/.](?P<d1>\d{1,2}))"
    r"|(?:(?P<y2>\d{4})年)?(?P<m2>\d{1,2})月(?P<d2>\d{1,2})[日号]?"
    rf"|\b(?P<m3>{_MONTH})\.?\ (?P<d3>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\ (?P<y3>\d{{4}}))?\b"
    rf"|\b(?P<d4>\d{{1,2}})(?:st|nd|rd|th)?(?:\ of)?\ (?P<m4>{_MONTH})(?:,?\ (?P<y4>\d{{4}}))?\b",
    re.VERBOSE,
)
_DIGIT: Final = re.compile(r"\d")
_RELATIVE: Final = (
    (FilteredPattern(r"\bday before yesterday\b|前天"), -2), (FilteredPattern(r"\bday after tomorrow\b|后天"), 2), (FilteredPattern(r"(?<!before )\byesterday\b|\blast night\b|昨[天晚夜日]"), -1),
    (FilteredPattern(r"(?<!after )\btomorrow\b|明[天早晚日]"), 1), (FilteredPattern(r"\b(?:today|tonight|this (?:morning|afternoon|evening|noon))\b|今[天早晚日晨]"), 0),
)  # fmt: skip
_DAYS_AGO: Final = FilteredPattern(r"\b(\w+) days? ago\b|([一二两三四五六七八九十\d]+)天(?:前|之前|以前)")
_DAYS_AHEAD: Final = FilteredPattern(r"\bin (\w+) days?\b|([一二两三四五六七八九十\d]+)天(?:后|之后|以后)")


@dataclass(frozen=True, slots=True)
class Particulars:
    """The particulars of a text that was written on a day."""

    numbers: frozenset[str]
    units: frozenset[tuple[str, str]]
    weekdays: frozenset[int]
    dates: frozenset[date]
    """Days that it names, absolutely or from its own day."""
    named_a_day: bool

    @property
    def are_none(self) -> bool:
        return not (self.numbers or self.units or self.weekdays or self.dates)


def particulars(text: str, day: date) -> Particulars:
    """Return the particulars of a folded text; `day` is the day on which its words were said."""
    dates, rest = _dates(text, day)
    ngrams = ngrams_of(rest)
    relative = {day + timedelta(days=shift) for pattern, shift in _RELATIVE if pattern.is_in(rest, ngrams)} | set(_counted_days(rest, day, ngrams))
    weekdays = frozenset(_WEEKDAYS[match[0]] if match[0] in _WEEKDAYS else _WEEKDAYS[match[0].rstrip("s")] for match in _WEEKDAY.find_all(rest, ngrams))
    rest = _WEEKDAY.sub(" ", rest) if weekdays else rest
    numbers = list(_numbers(rest))
    units = frozenset((number, _UNITS[unit[1]]) for number, end in numbers if (unit := _UNIT_AFTER.match(rest, end)))
    units |= {(match[2].replace(",", ""), _CURRENCIES[match[1]]) for match in _PRICE.finditer(rest)}
    return Particulars(frozenset(number for number, _ in numbers), units, weekdays, frozenset(dates | relative), bool(dates or relative or weekdays))


def wrong_particular(line: str, statements: Iterable[tuple[str, date]], days: Iterable[date]) -> str | None:
    """Return the code of the first particular of a folded line that no folded statement has: NUMBER, UNIT or DATE; None if all are there.

    `days` are the days of the messages: a statement that names no other day may be dated by them.
    """
    own = particulars(line, min(days))
    if own.are_none:
        return None
    told = [particulars(text, day) for text, day in statements]
    allowed = _allowed_dates(told, list(days))
    if not own.dates - _relative_dates(line, min(days)) <= allowed or not _relative_dates(line, min(days)) <= allowed:
        return "DATE"
    if not own.weekdays <= {day for item in told for day in item.weekdays} | {day.weekday() for day in allowed}:
        return "DATE"
    numbers = {number for item in told for number in item.numbers}
    if not own.numbers <= numbers | {"1"}:
        return "NUMBER"
    units = {unit for item in told for unit in item.units}
    return "UNIT" if any(unit not in units and any(number == unit[0] for number, _ in units) for unit in own.units) else None


def _relative_dates(text: str, day: date) -> set[date]:
    ngrams = ngrams_of(text)
    return {day + timedelta(days=shift) for pattern, shift in _RELATIVE if pattern.is_in(text, ngrams)}


def _allowed_dates(told: Iterable[Particulars], days: Iterable[date]) -> set[date]:
    """Return the days that statements name, the days around on which their weekdays fall, and their own day if they name no other."""
    allowed: set[date] = set()
    for item, day in zip(told, days):
        allowed |= item.dates
        allowed |= {near for shift in range(-7, 8) if (near := day + timedelta(days=shift)).weekday() in item.weekdays and shift}
        if not item.named_a_day:
            allowed.add(day)
    return allowed


def _dates(text: str, day: date) -> tuple[set[date], str]:
    found: set[date] = set()
    if _DIGIT.search(text) is None:  # every form of a date has digits
        return found, text
    for match in _DATE.finditer(text):
        number = next(number for number in "1234" if match[f"d{number}"])
        year = int(match[f"y{number}"]) if match[f"y{number}"] else day.year
        month = match[f"m{number}"]
        try:
            found.add(date(year, int(month) if month.isdigit() else next(at for name, at in _MONTHS.items() if name.startswith(month[:3])), int(match[f"d{number}"])))
        except ValueError:
            continue
    return found, _DATE.sub(" ", text)


def _counted_days(text: str, day: date, ngrams: frozenset[str]) -> Iterator[date]:
    for pattern, sign in ((_DAYS_AGO, -1), (_DAYS_AHEAD, 1)):
        for match in pattern.find_all(text, ngrams):
            count = _value(match[1] or match[2])
            if count is not None and count < 4_000:
                yield day + timedelta(days=sign * count)


def _numbers(text: str) -> Iterator[tuple[str, int]]:
    """Yield each number of the text in digits, with the position behind it."""
    for match in _NUMERAL.finditer(text) if _DIGIT.search(text) else ():
        plain = match[0].replace(",", "")
        yield plain.lstrip("0") or "0", match.end()
    for match in _WORD.finditer(text) if not _NUMBER_WORDS.keys().isdisjoint(_WORD.findall(text)) else ():
        if match[0] in _NUMBER_WORDS and match[0] not in ("one", "once", "half"):
            yield str(_NUMBER_WORDS[match[0]]), match.end()
    if text.isascii():
        return
    masked = _NOT_NUMBERS.sub(lambda match: "＿" * len(match[0]), text)
    for match in _NUMERAL_ZH.finditer(masked):
        if (value := _chinese(match[0])) is not None:
            yield str(value), match.end()


def _value(text: str) -> int | None:
    if text.isdigit():
        return int(text[:6])
    return _NUMBER_WORDS.get(text) if text.isascii() else _chinese(text)


def _chinese(text: str) -> int | None:
    total = current = 0
    for char in text:
        if char == "万":
            total, current = (total + current or 1) * _UNITS_ZH[char], 0
        elif char in _UNITS_ZH:
            total, current = total + (current or 1) * _UNITS_ZH[char], 0
        else:
            current = current * 10 + _DIGITS_ZH[char]
    return total + current
