# ruff: noqa: E501 - tables of patterns read by their rows
"""The context in which a statement says that a value holds: since when, until when, and under which condition.

Each row of the tables has sentences as examples. Days are told by what the sentence says, relative to the day of its message: "since last year" of 2026
is 2025. A condition is kept in the user's own words.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Final

from jobs.rules.claims.reading import Sentence
from jobs.rules.claims.said_days import coming_day, day_before, past_day
from jobs.rules.claims.words import FoldedText
from jobs.rules.slots import value_key
from jobs.rules.text.filtered_patterns import FilteredPattern
from jobs.rules.text.normalization import is_cjk, to_single_line

MAX_CONDITION: Final = 80
"""Maximum length of a condition in characters."""
ReadDay = Callable[[str, date], "str | None"]


@dataclass(frozen=True, slots=True)
class StatementContext:
    """Days in ISO 8601, as precise as the user named them, or the user's words where they name no date ("I was little"); None without any."""

    since: str | None = None
    until: str | None = None
    condition: str | None = None


@dataclass(frozen=True, slots=True)
class _Row:
    """A pattern whose group `when` names the day, the function that reads it, and examples for the tests: (sentence, day said on 2026-03-14)."""

    pattern: FilteredPattern
    read: ReadDay
    examples: tuple[tuple[str, str], ...]


def _row(pattern: str, read: ReadDay, *examples: tuple[str, str]) -> _Row:
    return _Row(FilteredPattern(pattern), read, examples)


def _own_words(words: str, today: date) -> str | None:
    return words.strip() or None


_STOP_EN: Final = r"(?=\s*(?:[,.;:!?()]|$|\b(?:and|but|so|because|although|though)\b))"
SINCE: Final = (
    _row(
        rf"\b(?:since|as of|starting in|ever since)\s+(?P<when>[\w' ]{{3,40}}?){_STOP_EN}", past_day,
        ("I've lived in Bergen since 2019.", "2019"), ("I've been a vegetarian since last year, more or less.", "2025"), ("I've been running since March.", "2026-03"),
    ),
    _row(
        r"\b(?:since|ever since)\s+(?P<when>(?:i (?:was|were|got|moved|had|became|started|graduated|met|left)\b[\w' ]{1,30}|childhood|birth|high school|college|university|primary school|kindergarten))",
        _own_words, ("I've lived in Harbin since I was little.", "i was little"), ("I've played the violin since childhood.", "childhood"),
    ),
    _row(
        r"(?<!only )\bfor (?:about |almost |over |nearly |around |more than |the (?:last|past) )?(?P<when>(?:\w+ ){1,2}?(?:years?|months?|weeks?))(?= now\b|\W*$|,|\.| and\b| but\b)", day_before,
        ("I've worked as a nurse for three years.", "2023"), ("I've been vegan for six months now.", "2025-09"),
    ),
    _row(rf"\b(?:moved|married|became|began|started|joined|settled|took up|switched)\b[^,;]*?\b(?:in|on|back in)\s+(?P<when>[\w ]{{3,20}}?){_STOP_EN}", past_day, ("I moved to Oslo in 2019.", "2019"), ("I started climbing in January.", "2026-01")),
    _row(r"\b(?:moved|got married|became|began|started|joined|settled|took up|switched)\b[^,;]*?\b(?P<when>(?:last|this) (?:year|month|week|spring|summer|autumn|fall|winter)|(?:\w+ )?(?:years?|months?|weeks?) ago)", past_day, ("I became a vegetarian last year.", "2025"), ("We moved to Oslo three years ago.", "2023")),
    _row(r"(?:自从?|从|打)(?P<when>[^,.。;!?]{1,12}?)(?:开始|以来|以后|之后|起)", past_day, ("我从去年开始吃素。", "2025"), ("自2019年以来我住在杭州。", "2019"), ("我从三月起每天跑步。", "2026-03")),
    _row(r"(?P<when>[一-龥\d]{2,8}?)(?:开始|以来)", past_day, ("我去年开始吃素。", "2025")),
    _row(r"(?P<when>从小)(?!区)", _own_words, ("我从小就喜欢下棋。", "从小")),
    _row(r"(?P<when>(?:\d{1,3}|[一二两三四五六七八九十半]{1,3})(?:个)?(?:年|月|星期|周)多?)(?:了|来|以来)", day_before, ("我做护士三年了。", "2023"), ("我吃素半年了。", "2025-09"), ("这五年来我一直住在杭州。", "2021")),
    _row(r"(?P<when>(?:\d{4}年|去年|前年|今年|上个?月|[一-龥\d]{1,3}月|[一二两三四五六七八九十\d]{1,3}年前)(?:底|初)?)[^,.。;]{0,6}(?:搬到|搬来|结婚|成为|加入|领养|迷上|学会|当上|开始)", past_day, ("我2019年搬到杭州。", "2019"), ("我去年迷上了攀岩。", "2025")),
)  # fmt: skip
UNTIL: Final = (
    _row(
        rf"\b(?:until|till|through|up to)\s+(?!\d{{1,2}}\b(?!\s*(?:january|february|march|april|may|june|july|august|september|october|november|december)))(?P<when>[\w' ]{{3,40}}?){_STOP_EN}", coming_day,
        ("I live in Berlin until the end of March.", "2026-03-31"), ("I'm in Lisbon until June.", "2026-06"), ("We stay here until next year.", "2027"),
    ),
    _row(r"(?<![感觉做得提想看听等遇碰搬迟回收])(?:直到|一直到|到|至)(?P<when>[一-龥\d]{0,10}?(?:年底|月底|年末|月末|年|月|[日号]|周[一二三四五六日末]|下个?月|下周))(?:为止|结束|之前|前|就|都|[,.。;!?]|$)", coming_day, ("我在柏林住到六月底。", "2026-06-30"), ("我到年底都住在柏林。", "2026-12-31")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Condition:
    """A pattern of conditions, with (sentence, value, condition) as examples."""

    pattern: FilteredPattern
    examples: tuple[tuple[str, str, str], ...]


def _condition(pattern: str, *examples: tuple[str, str, str]) -> _Condition:
    return _Condition(FilteredPattern(pattern), examples)


_DAYS_EN: Final = r"(?:weekdays?|weekends?|week ?nights?|work ?days|working days|holidays?|vacations?|days off|(?:mon|tues|wednes|thurs|fri|satur|sun)days(?: and (?:mon|tues|wednes|thurs|fri|satur|sun)days)?)"
_PAST_VERB: Final = r"(?!.*\b(?:was|were|did|had|came|went|got|met|left|grew|moved|lived)\b)"
CONDITIONS: Final = (
    _condition(rf"\b(?:on|at|during|over) (?:the |my )?{_DAYS_EN}\b|\bduring the week\b", ("I drink coffee on weekdays.", "coffee", "on weekdays"), ("At the weekend I bake bread.", "bread", "at the weekend")),
    _condition(r"\b(?:in|during) (?:the )?(?:spring|summer|autumn|fall|winter|summertime|wintertime|rainy season|exams?|holidays)\b", ("In winter I swim indoors.", "swim", "in winter")),
    _condition(r"\b(?:in the (?:early |late )?(?:mornings?|afternoons?|evenings?)|at night|at noon|at lunch(?:time)?|late at night)\b", ("I drink tea in the evening.", "tea", "in the evening")),
    _condition(r"\b(?:before|after) (?:bed(?:time)?|work|dinner|lunch|breakfast|school|class|sleep|meals|training|exercise)\b", ("I don't drink coffee after dinner.", "coffee", "after dinner")),
    _condition(r"\b(?:at|from) (?:work|home|the office|school|parties|restaurants)\b(?! out\b)|\bon (?:the train|the bus|trips|business trips|the road|planes)\b", ("At work I drink tea.", "tea", "at work")),
    _condition(rf"\b(?:only )?(?:when|whenever|while|if|unless|as long as)(?: {_PAST_VERB}(?:i|i'm|i've|it|it's|we|we're|there's|there|the|my|someone|nobody)\b[^,.;!?]{{1,60}}| (?:stressed|tired|sick|ill|alone|travell?ing|working|cooking|driving|hungry|bored|sad|angry|studying|abroad|cold|hot|upset)\b[^,.;!?]{{0,30}})", ("I listen to jazz when I'm tired.", "jazz", "when I'm tired"), ("If it rains, I run indoors.", "run", "if it rains"), ("I chew gum while driving.", "gum", "while driving")),
    _condition(r"(?:工作日|平日|节假日|假期|放假|周末|礼拜天|周[一二三四五六日天](?:到周[一二三四五六日天])?)(?:的时候|时)?(?=[,我才都就会也只]|喜欢|爱|喝|吃|跑|在|去|不|看|听|做|\W*$)", ("我工作日喝咖啡。", "咖啡", "工作日"), ("周末我爱睡懒觉。", "睡懒觉", "周末")),
    _condition(r"(?<!每)(?<!每天)(?:春天|夏天|秋天|冬天|早上|上午|中午|下午|傍晚|晚上|夜里|睡前|饭后|饭前|晚饭后|下班后|放学后|运动后)(?:的时候|时)?(?=[,我才都就会也只]|喜欢|爱|喝|吃|不|看|听|$)", ("我晚上不喝咖啡。", "咖啡", "晚上"), ("睡前我喜欢看书。", "看书", "睡前")),
    _condition(r"(?:只有|一到|当|每当|每次)?(?!小的?时候|那|年轻|大学|高中|初中|小学|上学|读书|以前|当年|什么)[^,.。;!?我]{1,12}?(?:的时候|时候)(?<!小时候)(?<!那时候)(?<!有时候)(?<!有的时候)|(?:上班|下班|加班|出差|在家|睡觉|吃饭|开会|下雨|生病|跑步|开车|写代码|旅行|运动|学习|工作|通勤|失眠)时(?!间)", ("我累的时候喜欢喝茶。", "喝茶", "累的时候"), ("上班的时候我喝咖啡。", "咖啡", "上班的时候"), ("我加班时喝可乐。", "可乐", "加班时")),
    _condition(r"(?:如果|要是|只要|除非)[^,.。;!?]{2,18}?(?=,|就|我就|的话)(?:的话)?|只有[^,.。;!?]{2,14}?才", ("只要下雨我就在家跑步。", "跑步", "只要下雨")),
)  # fmt: skip
_SEGMENT: Final = re.compile(r"\s*(?:[,;:()]|\b(?:and|but)\b|但是?|可是?|不过|而(?!且)|(?<![一二三四五六日])和(?!周))\s*")
_LEAD: Final = re.compile(r"\s*(?:i|我|平时|一般|通常|usually|mostly|especially|only|even|只|尤其是?|特别是)?\s*$")
_ELLIPSIS: Final = 3


def read_context(value: str, sentence: Sentence, start: int, end: int, day: date, *, ended: bool = False) -> StatementContext:
    """Return the context that a sentence gives to the value at `start` to `end` of its folded text; `day` is that of its message.

    Of a statement that the value is over (`ended`), the day that it names is the end: "I haven't lived there since 2019".
    """
    since = _read(SINCE, sentence, start, day)
    if ended:
        return StatementContext(until=since or _read(UNTIL, sentence, start, day) or past_day(_clause(sentence, start), day))
    return StatementContext(since, _read(UNTIL, sentence, start, day), find_condition(value, sentence, start, end))


def _clause(sentence: Sentence, at: int) -> str:
    first, last = sentence.clauses[sentence.clause_at(at)]
    return sentence.text[first:last]


def _read(rows: tuple[_Row, ...], sentence: Sentence, at: int, day: date) -> str | None:
    """Return the day that the rows find in the sentence, nearest to the value."""
    found = [
        (min(abs(match.start() - at), abs(match.end() - at)), said)
        for row in rows
        for match in row.pattern.find_all(sentence.text, sentence.text.ngrams)
        if (said := row.read(match["when"], day)) is not None
    ]
    return to_single_line(min(found)[1])[:MAX_CONDITION] if found else None


def find_condition(value: str, sentence: Sentence, start: int, end: int) -> str | None:
    """Return the condition under which the sentence says the value at this place, in its own words; None without one, or if the value names it."""
    segments = _segments(sentence.text)
    number = sum(first <= start for first, _ in segments[1:])
    found = _condition_of(sentence, segments, number, start, end)
    if found is None:
        return None
    text = to_single_line(sentence.as_written(*found)).strip(" ,")
    text = text if text[:2].isupper() else text[:1].lower() + text[1:]  # "I'm" and "NBA" keep their capitals
    key = value_key(text)
    return text if key and len(text) <= MAX_CONDITION and key not in value_key(value) and value_key(value) not in key else None


def _condition_of(sentence: Sentence, segments: list[tuple[int, int]], number: int, start: int, end: int) -> tuple[int, int] | None:
    """Return the condition in the value's own segment, else one that stands alone behind or before it, else one that leads an earlier segment."""
    own = _conditions(sentence.text, *segments[number], start, end)
    if own:
        return min(own, key=lambda span: min(abs(span[0] - end), abs(start - span[1])))
    if number + 1 < len(segments) and (alone := _alone(sentence.text, segments[number + 1])):
        return alone
    for place in range(number - 1, -1, -1):
        first, last = segments[place]
        if alone := _alone(sentence.text, segments[place]):
            return alone
        leading = [span for span in _conditions(sentence.text, first, last, start, end) if _LEAD.match(sentence.text[first : span[0]])]
        if leading and _is_short(sentence.text, segments[number]):
            return leading[0]
        if leading or _conditions(sentence.text, first, last, start, end):
            return None
    return None


def _conditions(text: FoldedText, first: int, last: int, start: int, end: int) -> list[tuple[int, int]]:
    spans = [match.span() for row in CONDITIONS for match in row.pattern.find_until(text, text.ngrams, first, last)]
    return [span for span in spans if not (span[0] < end and start < span[1])]


def _alone(text: FoldedText, segment: tuple[int, int]) -> tuple[int, int] | None:
    """Return the condition of a segment that says nothing else."""
    for first, last in _conditions(text, *segment, -1, -1):
        if _LEAD.match(text[segment[0] : first]) and len(text[last : segment[1]].strip(" ,.;!?。")) == 0:
            return first, last
    return None


def _is_short(text: str, segment: tuple[int, int]) -> bool:
    """Return whether a segment is elliptical, as "tea" in "on weekdays I drink coffee and tea"."""
    words = text[segment[0] : segment[1]].strip(" ,.;!?。")
    return len(words) <= 6 if any(map(is_cjk, words)) else len(words.split()) <= _ELLIPSIS


def _segments(text: str) -> list[tuple[int, int]]:
    spans, first = [], 0
    for match in _SEGMENT.finditer(text):
        if match.start() > first:
            spans.append((first, match.start()))
        first = match.end()
    if first < len(text) or not spans:
        spans.append((first, len(text)))
    return spans
