"""The machinery of the grammar: rules that rewrite a text step by step, each replacing what it understands by a mark for the days that it means.

A mark is one character of the private use area; a later rule may match marks, so "the end of" before a month's mark becomes the mark of its last days.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Final

from jobs.rules.search.dates.days import Calendar, Days

_BASE: Final = 0xE000
MARK: Final = "[\ue000-\ue03f]"
"""The pattern of a mark; a larger range would take long to compile."""
MAX_MARKS: Final = 64
"""Days that are looked for in one text. The rest of a text with more of them is not a question."""
_OLD_FORMS: Final = dict(
    zip("周号个礼节国庆圣诞后间两几这从岁时号过黄长万阳劳动儿妇双总头当刚开",
        "週號個禮節國慶聖誕後間兩幾這從歲時號過黃長萬陽勞動兒婦雙總頭當剛開")
)
"""Traditional forms of the characters that the patterns contain."""


SIMPLIFIED: Final = {ord(old): ord(new) for new, old in _OLD_FORMS.items()}


@dataclass
class Reading:
    """The text as far as it is rewritten, with the days of its marks; `plain` is the text before, in lower case and simplified characters."""

    calendar: Calendar
    text: str
    plain: str
    found: list[Days] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    """Names of festivals, which users also talk about on other days."""

    def days(self, mark: str) -> Days:
        return self.found[ord(mark) - _BASE]

    def marked(self) -> list[Days]:
        """Return the days of the marks that are left, in the order of the text."""
        return [self.days(mark) for mark in re.findall(MARK, self.text)]


Make = Callable[["re.Match[str]", Reading], "Days | None"]
"""A function that returns the days that a match means, or None if it means none."""


@dataclass(frozen=True)
class Rule:
    """A pattern with the function of its meaning. The text of the pattern's group `keep` stays before the mark.

    A text without any of the `hints` (in lower case) cannot match. A pattern is compiled when it is first needed, since compiling all of them takes
    longer than answering most questions.
    """

    source: str
    make: Make
    hints: Sequence[str]

    @property
    def pattern(self) -> re.Pattern[str]:
        return _compiled(self.source)


class RuleSet:
    """Rules that are applied in their order. Most texts have few of their hints, so each hint is looked for once, however many rules share it."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self._rules = [(rule, frozenset(rule.hints)) for rule in rules]
        self._hints = frozenset[str]().union(*(hints for _, hints in self._rules))

    def rewrite(self, reading: Reading) -> None:
        """Apply each rule to the whole text. A rule without hints is about marks."""
        present = set(filter(reading.plain.__contains__, self._hints))
        for rule, hints in self._rules:
            if not hints.isdisjoint(present) if hints else reading.found:
                _apply(rule, reading)


@cache
def _compiled(source: str) -> re.Pattern[str]:
    return re.compile(_with_old_forms(source), re.IGNORECASE)


def _apply(rule: Rule, reading: Reading) -> None:
    def replaced(match: re.Match[str]) -> str:
        days = rule.make(match, reading) if len(reading.found) < MAX_MARKS else None
        if days is None:
            return match[0]
        reading.found.append(days)
        if match.groupdict().get("name"):
            reading.names.append(match["name"])
        return f"{match.groupdict().get('keep') or ''}{chr(_BASE + len(reading.found) - 1)}"

    reading.text = rule.pattern.sub(replaced, reading.text)


def _with_old_forms(pattern: str) -> str:
    """Return the pattern with each simplified character's traditional form as an alternative."""
    made, in_class = "", False
    for char in pattern:
        in_class = char == "[" or (in_class and char != "]")
        old = _OLD_FORMS.get(char)
        made += char if old is None else f"{char}{old}" if in_class else f"[{char}{old}]"
    return made
