"""The days that a statement names as those of an event, past or to come.

The grammar of questions takes a day without a week or a year for the latest one. Here such a day has two readings, and the tense of the statement
decides between them: "I have an exam on Friday" is about the coming one, "on Friday we went to the lake" about the last.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final, Literal

from jobs.rules.search.dates import chinese, english
from jobs.rules.search.dates.coming_days import AFTER, BEFORE, BETWEEN, TwoReadings
from jobs.rules.search.dates.days import Calendar, Days, in_year, months_from
from jobs.rules.search.dates.grammar import MARK, SIMPLIFIED, Reading, Rule, RuleSet
from jobs.rules.text.normalization import normalize

MAX_CHARACTERS: Final = 600
MAX_RANGE: Final = 10
"""Days of the longest range of which each day counts as named. "In March" names no day."""
Tense = Literal["PAST", "AHEAD"]

_WEEK: Final = timedelta(days=7)
_COMBINATIONS: Final[Sequence[Rule]] = tuple(
    rule for rule in (*english.COMBINATIONS, *chinese.COMBINATIONS) if rule.make not in (english.open_range, chinese.open_range)
)
"""The rules of questions but those for "before Friday" and "since Friday", of which the named day counts."""
_RULES: Final = tuple(map(RuleSet, (BEFORE, english.BASES, chinese.BASES, BETWEEN, _COMBINATIONS, AFTER)))

_ARRANGED_EN: Final = re.compile(
    r"(?:\b|(?<=\w)(?=['’](?:ve|s)\s+got))(?:(?:was|were|got|has\s+been|have\s+been)\s+)?(?:postponed|rescheduled|booked|scheduled|planned|arranged|agreed|decided|signed\s+up|invited|delayed|promised|"
    r"brought\s+forward|(?:have|has|['’]ve|['’]s)\s+got|(?<=was )moved|(?<=been )moved|(?<=got )moved|moved\s+(?:the|my|our|it)|changed\s+(?:the|my|our|it))\b",
    re.IGNORECASE,
)
_FEELINGS_EN: Final = (
    r"(?!(?:excited|tired|scared|interested|worried|married|supposed|stressed|prepared|hundred|delighted|thrilled|engaged|retired|related|bored|sacred|naked|need|"
    r"feed|speed|seed|indeed|exceed|breed|proceed|succeed|wed|embed)\b)"
)
"""Words that end as past tenses do and are none."""
_PAST_EN: Final = re.compile(
    rf"\b(?:was|were|wasn['’]t|weren['’]t|had|did|didn['’]t|went|came|got|saw|met|took|made|said|told|gave|found|felt|left|kept|ran|ate|drank|drove|flew|wrote|"
    rf"slept|spent|bought|brought|thought|taught|caught|built|sent|lost|won|fell|began|became|broke|chose|forgot|heard|held|knew|paid|rode|sang|sat|sold|"
    rf"spoke|stood|swam|threw|understood|woke|wore|hurt|quit|since|{_FEELINGS_EN}[a-z]{{2,}}ed)\b",
    re.IGNORECASE,
)
_AHEAD_EN: Final = re.compile(
    r"\b(?:will|won['’]t|going\s+to|gonna|shall|(?:have|has|need|needs|want|wants|hope|hopes|plan|plans|got)\s+to|must|should|am|is|are|isn['’]t|aren['’]t|due|upcoming|"
    r"(?:have|has)\s+(?:a|an|my|our|the|two|three)|looking\s+forward|can['’]t\s+wait)\b|['’](?:ll|m|re)\b",
    re.IGNORECASE,
)
_ARRANGED_ZH: Final = re.compile("(?:约|订|定|买|报|安排|预约|答应|决定|通知|说好|约好|请)(?:好|名)?了|(?:改|推迟|延期|延后|提前|挪|换|调)(?:到|至|成|为).{0,12}?了")
"""Words for what was arranged before, which tell nothing about the day of the event; so in English."""
_FULL_STOP: Final = re.compile(r"(?<=[0-9])\.(?=\s|$)|(?<=[0-9](?:st|nd|rd|th))\.(?=\s|$)")
"""A full stop behind a number, which the grammar of questions takes for a decimal point."""
_RECALLS: Final = re.compile(r"\b(?:ago|back|past|last|recent\w*|previous)\b|前|过去|最近|近|上", re.IGNORECASE)
_NAMES_YEAR: Final = re.compile(r"(?:19|20)\d\d|年")
_PAST_ZH: Final = re.compile("了(?!解)|(?<=[考去看做买搬来回见吃开结办])的(?=[试家婚票会饭]|$|[，。！])|(?<![再通经不难])过(?![两几年来去敏程生节期后渡\\d一二三四五六七八九十])|刚|已经|曾|昨|当时|上[周月个]")
_AHEAD_ZH: Final = re.compile("要(?!求|不是)|(?<![开社聚约机])会(?![议员场计])|打算|准备|计划|将|快|(?<!应)该|得(?=去|交|考|做|参|开|赶|带|把)|即将|等着|期待|还有")
_SIMPLE_FORMS: Final = str.maketrans("過剛經會準備計劃將該還約訂買報決說請遲後換調趕帶開", "过刚经会准备计划将该还约订买报决说请迟后换调赶带开")
"""Traditional forms of the characters in these patterns."""
_SURELY_PAST_ZH: Final = re.compile("刚|已经|曾|昨|当时")


@dataclass(frozen=True)
class EventDay:
    """A named day or a short range of days: its readings as past and as coming days, with the first day of each in front.

    `is_exact` is False for a vague range such as "a few days ago", which names its days but none of them alone.
    """

    past: tuple[date, ...]
    ahead: tuple[date, ...]
    is_exact: bool = True
    weekday: int | None = None
    """The weekday, of a day that was named by nothing else."""

    def read(self, tense: Tense | None) -> tuple[date, ...]:
        """Return the readings in this tense, of which the first is the likeliest; without a tense, those of both, the coming ones in front."""
        if tense is None:
            return tuple(dict.fromkeys((*self.ahead, *self.past)))
        return self.past if tense == "PAST" else self.ahead


def find_event_days(text: str, said_on: Calendar) -> list[EventDay]:
    """Return the days that a statement of the user's day `said_on.today` names, in the order of the text."""
    plain = _FULL_STOP.sub("!", re.sub(MARK, " ", normalize("NFKC", text[:MAX_CHARACTERS])))
    reading = Reading(said_on, plain, plain.lower().translate(SIMPLIFIED))
    for rules in _RULES:
        rules.rewrite(reading)
    open_year = not (_NAMES_YEAR.search(plain) or _RECALLS.search(plain))
    found = [day for days in reading.marked() if (day := _event_day(days, said_on.today, open_year)) is not None]
    dated = [day for day in found if day.weekday is None]
    return [day for day in found if day.weekday is None or not any(_falls_on(other, day.weekday) for other in dated)]


def _falls_on(day: EventDay, weekday: int) -> bool:
    """Return whether a named day is one of this weekday: "Friday, 4 December" names one day twice."""
    return any(found.weekday() == weekday for found in (*day.past[:1], *day.ahead[:1]))


def find_tense(text: str) -> Tense | None:
    """Return the tense of a statement, None where it has signs of both. A statement without a sign ("Exam on Friday") is about what is to come."""
    chinese_text = _ARRANGED_ZH.sub("", text.translate(_SIMPLE_FORMS))
    past = bool(_PAST_EN.search(_ARRANGED_EN.sub(" ", text)) or _PAST_ZH.search(chinese_text))
    if not past:
        return "AHEAD"
    if _AHEAD_EN.search(text):
        return None
    if _AHEAD_ZH.search(chinese_text):
        return None if _SURELY_PAST_ZH.search(chinese_text) else "AHEAD"
    return "PAST"


def read_event_days(text: str, said_on: Calendar, statement: str = "") -> list[EventDay]:
    """Return the days that `text` names, each with its readings in the tense of the text, which is that of the whole `statement`: `past` and `ahead` are the same."""
    tense = find_tense(statement or text)
    found = [replace(day, past=(read := day.read(tense)), ahead=read) for day in find_event_days(text, said_on)]
    found = [day for day in found if day.ahead]
    shared = tuple(day for day in found[0].ahead if all(day in other.ahead for other in found[1:])) if len(found) > 1 else ()
    return [EventDay(shared, shared)] if shared else found


def _event_day(days: Days, today: date, open_year: bool) -> EventDay | None:
    """Return the readings of named days. `open_year`: a range of days of which no word tells the year may lie ahead."""
    if isinstance(days.of_year, TwoReadings):
        return EventDay(days.of_year.past, days.of_year.ahead)
    length = (days.last - days.first).days + 1
    if length > MAX_RANGE or days.unit == "week":
        return None
    past = _days_of(days)
    if days.weekday is not None:
        coming = days.first + _WEEK
        if days.first == today:
            return EventDay((today, today - _WEEK), (coming, today), weekday=days.weekday)
        return EventDay(past, (coming,), weekday=days.weekday)
    if days.of_year is not None:
        return EventDay(past, past if days.last >= today else _days_of(_following(days)))
    if days.unit == "span" and days.last < today and open_year:
        return EventDay(past, _days_of(Days(months_from(days.first, 12), months_from(days.last, 12))))
    return EventDay(past, past, is_exact=length == 1 or days.last > today)


def _following(days: Days) -> Days:
    return in_year(days, days.first.year + 1) or Days(months_from(days.first, 12), months_from(days.last, 12))


def _days_of(days: Days) -> tuple[date, ...]:
    return tuple(_every_day(days.first, days.last))


def _every_day(first: date, last: date) -> Iterable[date]:
    return (first + timedelta(days=number) for number in range((last - first).days + 1))
