"""The Chinese forms of dates, in simplified characters; the traditional ones match, too. Each group of rules stands below an example."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from jobs.rules.search.dates import days as calendar
from jobs.rules.search.dates.days import Days, Part, in_year, latest, one_day
from jobs.rules.search.dates.english import ago, day_from_today, festival, joined_range, last_year_today, within_named_year
from jobs.rules.search.dates.festivals import FESTIVALS
from jobs.rules.search.dates.grammar import MARK, Make, Reading, Rule
from jobs.rules.search.dates.numbers import HAN, han

_DAY: Final = timedelta(days=1)
_WEEKDAYS: Final = "一二三四五六日"
_WEEK: Final = "(?:周|星期|礼拜)"
_MANY: Final = "(?<![每逢])(?<!每个)(?<!每年)(?<!每一个)"
_NUMBER: Final = f"(?:\\d{{1,2}}|[{HAN}]{{1,3}})"
_DAY_END: Final = (
    "(?=$|[\\s，。？！、,.?!;；:：)）]|[我你他她它咱]|那|这|当|晚|早|上午|下午|中午|傍晚|凌晨|夜|的时候|的?晚上|的?早上|是|去|做|干|吃|喝|买|见|说|和|跟|到|至|在|之|以|"
    f"前|后|左右|有|发生|谁|哪|什么|为什么|怎么|都|还|又|也|聊|提|写|记|{MARK})"
)
"""The text that may follow a day's number; numbers of lines and buildings (5号线, 5号楼) are followed by something else."""
_TIME_OF_DAY: Final = "(?:早上|上午|中午|下午|傍晚|晚上|夜里|凌晨|早晨|那天|那日|当天|这天|那时候?|的时候)?"
_THAT: Final = "(?P<that>(?:的)?(?:那天|当天|那一天|当日))?"


def _full(match: re.Match[str], reading: Reading) -> Days | None:
    return calendar.make_day(_year(match["year"]), han(match["month"]), han(match["day"]))


def _year(text: str) -> int:
    """Return the year; two digits mean one from 1970 to 2069."""
    year = han(text)
    return year if len(text) == 4 else year + (1900 if year >= 70 else 2000)


def _named_year(match: re.Match[str], reading: Reading) -> Days | None:
    return calendar.year_of(_year(match["year"]))


def _month(match: re.Match[str], reading: Reading) -> Days | None:
    number = han(match["month"])
    return latest(reading.calendar.today, "month", lambda year: calendar.month_of(year, number)) if 1 <= number <= 12 else None


def _month_day(match: re.Match[str], reading: Reading) -> Days | None:
    month, day = han(match["month"]), han(match["day"])
    return latest(reading.calendar.today, "day", lambda year: (made.first, made.last) if (made := calendar.make_day(year, month, day)) else None)


def _lunar_day(match: re.Match[str], reading: Reading) -> Days | None:
    from jobs.rules.search.dates.lunar import lunar_day

    month = {"正": 1, "腊": 12, "冬": 11}.get(match["month"]) or han(match["month"])
    day = han(match["day"].removeprefix("初"))
    if not (1 <= month <= 12 and 1 <= day <= 30):
        return None
    return latest(reading.calendar.today, "day", lambda year: (at, at) if (at := lunar_day(year - (month > 10), month, day) or lunar_day(year, month, day)) else None)


def _day_number(match: re.Match[str], reading: Reading) -> Days | None:
    return calendar.day_with_number(reading.calendar.today, han(match["day"]))


def _in_month(match: re.Match[str], reading: Reading) -> Days | None:
    month = reading.days(match["mark"])
    return calendar.make_day(month.first.year, month.first.month, han(match["day"])) if month.unit == "month" else None


def _span(first: int, last: int) -> Make:
    return lambda match, reading: Days(reading.calendar.today + first * _DAY, reading.calendar.today + last * _DAY, "span")


def _steps(text: str) -> int:
    """Return the steps from the current week, month or year: 上上 is -2."""
    return -len(text) if text[0] in "上前" else len(text) if text[0] in "下后後" else 0


def _week(match: re.Match[str], reading: Reading) -> Days | None:
    return calendar.week_of(reading.calendar.today + 7 * _steps(match["which"]) * _DAY)


def _weekend(match: re.Match[str], reading: Reading) -> Days | None:
    week = match.groupdict().get("which")
    found = calendar.weekend_of(reading.calendar.today + 7 * (_steps(week) if week else 0) * _DAY)
    return found if week or found.first <= reading.calendar.today else calendar.weekend_of(found.first - 7 * _DAY)


def _weekday(match: re.Match[str], reading: Reading) -> Days | None:
    number = _WEEKDAYS.index({"天": "日", "末": "六"}.get(match["day"], match["day"]))
    today, which = reading.calendar.today, match.groupdict().get("which")
    if which:
        return one_day(calendar.week_of(today + 7 * _steps(which) * _DAY).first + number * _DAY)
    day = today - _DAY * ((today.weekday() - number) % 7)
    return Days(day, day, "day", weekday=number)


def _relative_month(match: re.Match[str], reading: Reading) -> Days | None:
    return calendar.month_from(reading.calendar.today, _steps(match["which"]))


def _relative_year(back: int) -> Make:
    return lambda match, reading: calendar.year_of(reading.calendar.today.year + back)


def _season(match: re.Match[str], reading: Reading) -> Days | None:
    of_year = calendar.season_of("春夏秋冬".index(match["season"]), reading.calendar.southern)
    found = latest(reading.calendar.today, "season", of_year)
    return in_year(found, found.first.year - 1) if found and match.groupdict().get("last") and found.last >= reading.calendar.today else found


def _ago(match: re.Match[str], reading: Reading) -> Days | None:
    count, unit = match["count"], {"天": "day", "日": "day", "年": "year", "载": "year"}.get(match["unit"], "")
    unit = unit or ("month" if "月" in match["unit"] else "weekend" if "末" in match["unit"] else "week")
    if count in ("几", "数", "好几", "幾", "數", "好幾"):
        return ago(reading.calendar, unit, 3, vague=True)
    if count == "半":
        return ago(reading.calendar, "month", 6) if unit == "year" else calendar.around(reading.calendar.today - 15 * _DAY) if unit == "month" else None
    return ago(reading.calendar, unit, number) if (number := han(count)) else None


def _past(match: re.Match[str], reading: Reading) -> Days | None:
    today, count = reading.calendar.today, 3 if match["count"] in "几幾" else han(match["count"])
    months = {"月": 1, "年": 12}.get(match["unit"][-1])
    first = calendar.months_from(today, -count * months) if months else today - count * (1 if match["unit"] in "天日" else 7) * _DAY
    return Days(first, today, "span") if count else None


_PARTS: Final[dict[str, Part]] = {
    "初": "early", "上旬": "early", "开头": "early", "开始": "early", "中": "middle", "中旬": "middle", "中间": "middle", "底": "late", "末": "late",
    "下旬": "late", "尾": "late", "上半": "first half", "前半": "first half", "下半": "second half", "后半": "second half",
}  # fmt: skip


def _part(match: re.Match[str], reading: Reading) -> Days | None:
    part = match["part"].translate(str.maketrans("開後間", "开后间"))
    return calendar.part_of(reading.days(match["mark"]), _PARTS[part])


def _part_of_current(match: re.Match[str], reading: Reading) -> Days | None:
    """Read 月初, 年底, 上半年 without a month or a year as the latest that have begun."""
    part = _PARTS[match["part"].translate(str.maketrans("開後間", "开后间"))]
    today, monthly = reading.calendar.today, match["unit"] == "月"
    for back in (0, 1):
        whole = calendar.month_from(today, -back) if monthly else calendar.year_of(today.year - back)
        days = whole and calendar.part_of(whole, part)
        if days and days.first <= today:
            return days
    return None


def _quarter(match: re.Match[str], reading: Reading) -> Days | None:
    number = han(match["number"])
    if not 1 <= number <= 4:
        return None
    return latest(reading.calendar.today, "season", lambda year: (calendar.month_of(year, 3 * number - 2)[0], calendar.month_of(year, 3 * number)[1]))


def _nth(match: re.Match[str], reading: Reading) -> Days | None:
    days, number = reading.days(match["mark"]), -1 if "最后" in match["number"] or "最後" in match["number"] else han(match["number"].lstrip("第"))
    if not number or (days.last - days.first).days < 20:
        return None
    if match["day"] and match["day"] in "末":
        saturday = calendar.nth_weekday(days, number, 5)
        return saturday and calendar.weekend_of(saturday.first)
    return calendar.nth_weekday(days, number, _WEEKDAYS.index(match["day"].replace("天", "日"))) if match["day"] else calendar.nth_week(days, number)


def _around(match: re.Match[str], reading: Reading) -> Days | None:
    days = reading.days(match["mark"])
    if (days.last - days.first).days > 10:
        return None
    return calendar.weekend_of(days.first) if "末" in match["unit"] else calendar.month_from(days.first, 0) if "月" in match["unit"] else calendar.week_of(days.first)


def _beside(match: re.Match[str], reading: Reading) -> Days | None:
    days, unit = reading.days(match["mark"]), match["unit"]
    after = match["side"][-1] in "后後" or match["side"] in ("过后", "过了")
    count = han(match["count"]) if match.groupdict().get("count") else 1
    if not count:
        return None
    if unit[-1] in "一二三四五六日" and len(unit) > 1:
        return calendar.weekday_next_to(days, _WEEKDAYS.index(unit[-1]), after=after)
    named = "weekend" if "末" in unit else "month" if "月" in unit else "day" if unit in ("天", "日", "晚") else "week"
    return calendar.next_to(days, named, count, after=after)


def _next_day(match: re.Match[str], reading: Reading) -> Days | None:
    return calendar.next_to(reading.days(match["mark"]), "day", 1, after=True)


def open_range(match: re.Match[str], reading: Reading) -> Days | None:
    days, word = reading.days(match["mark"]), match["word"]
    if word in ("以来", "以來", "至今", "到现在", "到現在", "开始", "開始"):
        return Days(days.first, max(reading.calendar.today, days.first), "span")
    return calendar.beside(days, after=word[-1] in "后後")


def _to_number(match: re.Match[str], reading: Reading) -> Days | None:
    return calendar.through(reading.days(match["from"]), han(match["day"]))


def _weekday_in_week(match: re.Match[str], reading: Reading) -> Days | None:
    week = reading.days(match["mark"])
    if week.unit != "week":
        return None
    return calendar.weekend_of(week.first) if match["day"] == "末" else one_day(week.first + _WEEKDAYS.index(match["day"].replace("天", "日")) * _DAY)


def _birthday(match: re.Match[str], reading: Reading) -> Days | None:
    found = reading.calendar.birthday
    return found and latest(reading.calendar.today, "day", lambda year: (made.first, made.last) if (made := calendar.make_day(year, *found)) else None)


_COUNTED_WEEK: Final = "个?(?:周末|周|星期|礼拜)|个?月|天|日|年"
BASES: Final[Sequence[Rule]] = (
    # 2023年4月27日, 农历八月十五, 4月27号
    Rule(f"(?P<year>\\d{{4}}|\\d{{2}}|[〇零○一二三四五六七八九]{{4}}|[〇零○一二三四五六七八九]{{2}})年(?P<month>{_NUMBER})月(?P<day>{_NUMBER})[日号]?{_TIME_OF_DAY}", _full, "年"),
    Rule(f"(?:农历|阴历|農曆|陰曆)(?P<month>[正冬腊臘]|{_NUMBER})月(?P<day>初?{_NUMBER})日?", _lunar_day, "月"),
    Rule(f"(?P<month>[正腊])月(?P<day>初?[{HAN}]{{1,3}})", _lunar_day, "月"),
    Rule("(?:去年|上一年)(?:的)?今[天日]", last_year_today, "今"),
    *(
        Rule(f"{_MANY}(?P<name>{found.chinese})(?![路街班号]|广场|廣場){_THAT}", festival(place), found.chinese_hints)
        for place, found in enumerate(FESTIVALS)
        if found.chinese != "(?!)"
    ),
    Rule(f"(?:我(?:自己)?的?|^|(?<=[，。？\\s年在从到是{MARK[1:-1]}]))(?:过)?(?P<name>生日)(?!礼物|蛋糕|卡|聚会|派对|快乐)(?=那|当|前|后|之|以|的?那|那个|上|过|$|[？?，。])(?:那天|当天)?", _birthday, "生"),
    Rule(f"(?P<month>\\d{{1,2}}|十?[一二]|[三四五六七八九十])月份?的?(?P<day>\\d{{1,2}}|[{HAN}]{{1,3}})(?:[日号](?![线楼]){_TIME_OF_DAY}|{_DAY_END})", _month_day, "月./"),
    Rule("(?<![\\d/.])(?P<month>\\d{1,2})[./](?P<day>\\d{1,2})[日号]?(?:那天|当天|晚上|早上|的时候)", _month_day, "月./"),
    # 2023年, 去年, 今年
    Rule("(?<!\\d)(?P<year>(?:19|20)\\d\\d|二[〇零○][〇零○一二三四五六七八九]{2}|一九[〇零○一二三四五六七八九]{2})年(?![级前后])", _named_year, "年"),
    Rule(f"(?<!\\d)(?P<year>\\d\\d)年(?={_NUMBER}月|[春夏秋冬初底])", _named_year, "年"),
    Rule(f"(?<![{HAN}几])大前年", _relative_year(-3), "年"),
    Rule("前年", _relative_year(-2), "年"),
    Rule("去年|上一年", _relative_year(-1), "年"),
    Rule("今年|本年|这一年", _relative_year(0), "年"),
    Rule("明年", _relative_year(1), "年"),
    # 前天, 三天前, 前几天, 最近三天
    Rule("大前[天日晚]晚?上?", day_from_today(-3), "今昨前明后後"),
    Rule("前天(?:早上|上午|中午|下午|晚上|夜里)?|前日|前晚", day_from_today(-2), "今昨前明后後"),
    Rule("昨[天日](?:早上|上午|中午|下午|晚上|夜里|傍晚)?|昨[晚夜]|昨儿个?", day_from_today(-1), "今昨前明后後"),
    Rule("今[天日](?:早上|上午|中午|下午|晚上|夜里|傍晚)?|今[早晚]|今儿个?", day_from_today(0), "今昨前明后後"),
    Rule("大后天", day_from_today(3), "今昨前明后後"),
    Rule("后天(?:早上|上午|中午|下午|晚上)?", day_from_today(2), "今昨前明后後"),
    Rule("明[天日](?:早上|上午|中午|下午|晚上)?|明[早晚]", day_from_today(1), "今昨前明后後"),
    Rule("前两天|前两日", _span(-3, -2), "前这這"),
    Rule("前几天|前些天|前几日|前阵子|前段时间|前些日子", _span(-14, -2), "前这這"),
    Rule("这两天", _span(-1, 0), "前这這"),
    Rule("这几天", _span(-4, 0), "前这這"),
    Rule(f"(?:过去|最近|近)(?:的)?(?:这)?(?P<count>\\d{{1,3}}|[{HAN}]{{1,3}}|几)(?P<unit>天|日|个?(?:周|星期|礼拜)|个月|年)(?:里|以?来|内)?", _past, "近去"),
    Rule(f"(?P<count>\\d{{1,3}}|[{HAN}]{{1,3}}|半|好几|几|数)(?P<unit>{_COUNTED_WEEK})(?:之|以)?前", _ago, "前"),
    # 上周三, 上个周末, 上个月, 这个月
    Rule(f"{_MANY}(?P<which>上+|这|本|下+|当)一?个?{_WEEK}末", _weekend, "周週星期礼禮"),
    Rule(f"{_MANY}(?P<which>上+|这|本|下+)一?个?{_WEEK}(?:的)?(?P<day>[一二三四五六日天])(?![个件次])", _weekday, "周週星期礼禮"),
    Rule(f"{_MANY}(?P<which>上+|这|本|下+)一?个?{_WEEK}", _week, "周週星期礼禮"),
    Rule(f"{_MANY}(?P<which>上+|这|本|下+)一?个?月(?!份?的?第)份?", _relative_month, "月"),
    Rule(f"{_MANY}(?P<last>上(?:一)?个|这个)?(?P<season>[春夏秋冬])[天季](?!的?(?:衣|款|装|裤))", _season, "春夏秋冬"),
    Rule(f"(?<={MARK})的?(?P<season>[春夏秋冬])", _season, "春夏秋冬"),
    # 三月, 三月份
    Rule(f"(?<![{HAN}\\d几个])(?P<month>\\d{{1,2}}|十[一二]|[一二三四五六七八九十])月份?(?![天饼嫂球坛子]|亮|季|[一两二三几\\d]次)", _month, "月"),
    Rule(f"(?<={MARK})的?(?P<month>\\d{{1,2}}|十[一二]|[一二三四五六七八九十])月份?", _month, "月"),
    Rule("第?(?P<number>[一二三四1-4])季度?", _quarter, "季"),
)
"""Rules for single dates, longer forms first."""

COMBINATIONS: Final[Sequence[Rule]] = (
    # 去年国庆, 2023年4月27号, 上个月27号
    Rule(f"(?P<in>{MARK})(?:的|里)?(?P<mark>{MARK})", within_named_year, ()),
    Rule(f"(?P<mark>{MARK})(?:的)?(?P<day>\\d{{1,2}}|[{HAN}]{{1,3}})[日号]{_TIME_OF_DAY}", _in_month, ()),
    Rule(f"(?P<mark>{MARK})(?:的)?(?P<number>第[一二三四五1-5]|最后一?)个?(?:周|星期|礼拜)(?P<day>[一二三四五六日天末]?)", _nth, ()),
    # 三月底, 上个月初, 去年上半年, 年底
    Rule(f"(?P<mark>{MARK})的?[年月]?(?P<part>上旬|中旬|下旬|上半|下半|前半|后半|初|底|末|中(?!午)|开头|开始|中间)(?:[年月]|个月)?", _part, ()),
    Rule(f"(?<![{HAN}\\d个{MARK[1:-1]}])(?P<part>上半|下半)(?P<unit>[年月])", _part_of_current, "年月"),
    Rule(f"(?<![{HAN}\\d个岁满每当{MARK[1:-1]}])(?P<unit>[年月])(?P<part>初|底|末)", _part_of_current, "年月"),
    # 国庆前一天, 生日前的周末, 5月2号那周
    Rule(f"(?P<mark>{MARK})(?:的)?前后", lambda match, reading: Days(reading.days(match["mark"]).first - 7 * _DAY, reading.days(match["mark"]).last + 7 * _DAY, "span"), ()),
    Rule(f"(?P<mark>{MARK})的?(?P<side>之?前|之?后|以前|以后)(?:的)?(?:那|第)?(?P<count>\\d{{1,2}}|[{HAN}]{{1,2}})?个?(?P<unit>周末|周[一二三四五六日]|星期[一二三四五六日]|周|星期|礼拜|月|天|日|晚)", _beside, ()),
    Rule(f"(?P<mark>{MARK})的?(?:第二天|次日|转天)", _next_day, ()),
    Rule(f"(?P<mark>{MARK})(?:的)?(?:那|当|这)(?:一)?个?(?P<unit>周末|周|星期|礼拜|月)", _around, ()),
    # 五月二号到五号, 上周一到周三
    Rule(f"(?P<mark>{MARK})的?{_WEEK}(?P<day>[一二三四五六日天末])", _weekday_in_week, ()),
    Rule(f"(?:从|自)?(?P<from>{MARK})(?:到|至|-|–|—|~|～)(?P<day>\\d{{1,2}}|[{HAN}]{{1,3}})[日号]", _to_number, ()),
    Rule(f"(?<![\\dA-Za-z{HAN}第.])(?P<day>3[01]|[12]\\d|[1-9]|三十一?|二十[一二三四五六七八九]?|十[一二三四五六七八九]?|[一二三四五六七八九])号{_DAY_END}{_TIME_OF_DAY}", _day_number, "号號"),
    Rule(f"{_MANY}周末(?![都愉快])", _weekend, "周週星期礼禮"),
    Rule(f"{_MANY}{_WEEK}(?P<day>[一二三四五六日天])(?![个件次都])(?!到{_WEEK}[五日天]都)", _weekday, "周週星期礼禮"),
    Rule(f"(?:从|自)?(?P<from>{MARK})(?:一直)?(?:到|至|-|–|—|~|～)(?P<to>{MARK})", joined_range, ()),
    Rule(f"(?P<from>{MARK})(?:和|与|跟)(?P<to>{MARK})之间", joined_range, ()),
    Rule(f"(?:从|自从?)?(?P<mark>{MARK})(?P<word>以来|至今|到现在|之前|以前|之后|以后|前(?![一二三四五六七八九十几\\d])|后(?![一二三四五六七八九十几\\d]))", open_range, ()),
)
"""Rules for dates that are told by others."""
