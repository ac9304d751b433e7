"""The fallback diary entry, made without a model: the user's own statements that tell most of the day's events, verbatim.

It has the form of a model's draft, so it passes the same checks. It has no signals, because extraction does not understand the text.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final

from jobs.rules.diary.drafts import DraftSignal, SourceMessage
from jobs.rules.diary.event_signs import has_cjk, weigh
from jobs.rules.diary.told_statements import ToldMessage
from jobs.rules.search.search_terms import stem
from jobs.rules.text.normalization import is_cjk, to_single_line
from jobs.rules.text.sentences import keywords

VERSION: Final = "fallback/3"
TOLD, COMMENT, ADDRESSED = 0, 1, 2
"""Tiers of statements: what users tell of themselves, what they say of the assistant's answers, and greetings, questions and requests. The statements of a
tier are used only on a day without any of the tiers before it."""
MIN_LINES, MAX_LINES = 3, 5
"""Minimum and maximum number of statements of a summary, if the day has as many."""
MAX_WIDTH: Final = 450
"""Maximum width of a summary of more than one statement, in Latin characters."""
CJK_WIDTH: Final = 2.6
"""The width of a Chinese or Japanese character, which says as much as two or three Latin ones."""
MIN_GAIN_RATIO: Final = 0.1
"""The share of the first statement's gain that a fourth or fifth statement must have."""
NOTHING_NEW: Final = 0.1
"""The novelty of a statement without new topics, where a new topic counts 1."""
BASE_WIDTH: Final = 20
"""Added to the width by whose root a statement's gain is divided: a long statement must add more, and a very short one is not preferred."""
OTHER_SCRIPT: Final = 0.4
"""The factor on statements that are not in the script of the user's locale."""
MAX_STATEMENTS: Final = 4_000
"""Maximum number of statements of a day that are considered, from its beginning."""


@dataclass(frozen=True, slots=True)
class FallbackQuote:
    message: int
    text: str


@dataclass(frozen=True, slots=True)
class FallbackLine:
    kind: str
    text: str
    evidence: tuple[FallbackQuote, ...]
    happens_on: date | None = None
    """Always None: the check finds the day that the statement names."""


@dataclass(frozen=True, slots=True)
class FallbackDraft:
    lines: tuple[FallbackLine, ...]
    signals: tuple[DraftSignal, ...] = ()
    mood: int | None = None
    prompt_version: str = VERSION
    model: str | None = None


@dataclass(frozen=True, slots=True)
class _Statement:
    position: int
    message: ToldMessage
    start: int
    end: int
    tier: int
    topics: frozenset[str]
    weight: float
    """The factor on the statement's novelty."""

    @property
    def text(self) -> str:
        return self.message.content[self.start : self.end]


def fallback(messages: Sequence[SourceMessage], locale: str) -> FallbackDraft:
    """Return a summary of up to five of the user's own statements, in the order in which they were written.

    A statement counts more when it tells an event or a plan of the user (jobs/rules/diary/event_signs.py), and for each topic that no chosen
    statement has. Greetings, questions and requests are used only on a day of nothing else; jokes, fiction, instructions, pasted text and secrets
    never. `locale` (BCP 47) prefers statements in the user's script when a day mixes scripts.
    """
    chinese = locale.lower().startswith(("zh", "ja", "yue"))
    said = list(islice(_statements(messages, chinese), MAX_STATEMENTS))
    tiers = (_choose([one for one in said if one.tier == tier]) for tier in (TOLD, COMMENT, ADDRESSED))
    chosen = next((chosen for chosen in tiers if chosen), [])
    return FallbackDraft(tuple(_line(one) for one in sorted(chosen, key=lambda one: one.position)))


def tells_something(messages: Sequence[SourceMessage], locale: str) -> bool:
    """Return whether a statement of the user tells an event, a plan or a fact: more than a greeting, a question or a remark."""
    chinese = locale.lower().startswith(("zh", "ja", "yue"))
    return any(one.tier == TOLD for one in islice(_statements(messages, chinese), MAX_STATEMENTS))


def _statements(messages: Iterable[SourceMessage], chinese: bool) -> Iterator[_Statement]:
    seen: set[str] = set()
    own = [ToldMessage(message) for message in messages if message.by_person]
    for message, following in zip(own, [*own[1:], None]):
        statements = list(message.statements())
        for start, end, tells in statements[:-1] if following is not None and following.takes_back else statements:
            text = to_single_line(message.content[start:end])
            if text not in seen:
                seen.add(text)
                signs = weigh(text)
                tier = ADDRESSED if not tells else TOLD if signs >= 1 else COMMENT
                weight = signs * (1.0 if has_cjk(text) == chinese else OTHER_SCRIPT) / (BASE_WIDTH + _width(text)) ** 0.5
                yield _Statement(len(seen), message, start, end, tier, frozenset(map(stem, keywords(text))), weight)


def _choose(said: Sequence[_Statement]) -> list[_Statement]:
    """Choose greedily the statement with the largest gain that still fits: `MAX_LINES` at most, and after `MIN_LINES` only those above `MIN_GAIN_RATIO`.

    A gain only falls when others are chosen, so only the one on top of the heap is computed anew.
    """
    chosen: list[_Statement] = []
    told: set[str] = set()
    width, most = 0.0, 0.0
    heap = [(-_gain(one, told), one.position, one) for one in said]
    heapq.heapify(heap)
    while heap and len(chosen) < MAX_LINES:
        _, position, one = heapq.heappop(heap)
        gain = _gain(one, told)
        if heap and (-gain, position) > heap[0][:2]:
            heapq.heappush(heap, (-gain, position, one))
        elif len(chosen) >= MIN_LINES and gain < MIN_GAIN_RATIO * most:
            break
        elif (not chosen or width + _width(one.text) <= MAX_WIDTH) and one.message.is_serious(one.start, one.end):
            most = most or gain
            chosen.append(one)
            width += _width(one.text)
            told |= one.topics
    return chosen


def _gain(one: _Statement, told: set[str]) -> float:
    return one.weight * (NOTHING_NEW + len(one.topics - told))


def _width(text: str) -> float:
    return float(len(text)) if text.isascii() else sum(CJK_WIDTH if is_cjk(char) else 1.0 for char in text)


def _line(one: _Statement) -> FallbackLine:
    return FallbackLine("SUMMARY", one.text, (FallbackQuote(one.message.number, one.text),))
