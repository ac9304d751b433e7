"""The reading of a message: its sentences, each read once, with the marks that one sentence gives to others."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property
from typing import Final

from jobs.rules.claims.markers import MARKERS, Mark
from jobs.rules.claims.reading import Sentence
from jobs.rules.claims.subjects import Subject
from jobs.rules.claims.whole_statements import sentence_spans, statement_span

_BACK_TO_REAL: Final = re.compile(
    r"\b(?:that helps|good game|well played|end of (?:the )?(?:game|scene)|stop playing)\b|不玩了|玩完了|谢谢(?:你)?陪我|到此为止"
    r"|\b(?:in real life|irl|by the way|btw|in reality|anyway|back to (?:me|reality)|as for me)\b"
    r"|现实中|话说回来|言归正传|顺便说|说回我|对了"
)


def is_back_to_real(content: str) -> bool:
    """Return whether a message says itself that it speaks of the user again, and not of what is played."""
    return _BACK_TO_REAL.search(content.lower()) is not None


_FAR_REACHING: Final = tuple(marker for marker in MARKERS if marker.reach in ("MESSAGE", "BEFORE", "ALL"))


class Message:
    """The reading of a message: its sentences, each read once. `played` is true if it stands in a game that it or a message before it began."""

    def __init__(self, content: str, played: bool = False) -> None:
        self.content = content
        self._played = played
        self.spans = list(sentence_spans(content))

    def statement(self, start: int, end: int) -> tuple[int, int]:
        """Return the span of the whole statement around `content[start:end]`."""
        return statement_span(self.content, start, end, self.spans)

    def sentences(self, start: int, end: int) -> list[Sentence]:
        """Return the sentences that `content[start:end]` touches."""
        first = bisect_left([last for _, last in self.spans], start + 1)
        return [self._sentences[number] for number in range(first, len(self.spans)) if self.spans[number][0] < end]

    @cached_property
    def _sentences(self) -> list[Sentence]:
        """All sentences, with the marks that come from others: everything after "Let's role-play:", and what "Just kidding." takes back."""
        sentences = [Sentence(self.content, start, end) for start, end in self.spans]
        inherited: list[set[Mark]] = [set() for _ in sentences]
        current: set[Mark] = {"FICTION"} if self._played else set()
        everywhere: set[Mark] = set()
        for number, sentence in enumerate(sentences):
            text = sentence.text
            if current and _BACK_TO_REAL.search(text):
                current = set()
            inherited[number] |= current
            for marker in _FAR_REACHING:
                if not any(pattern is not None and pattern.is_in(text, text.ngrams) for pattern in (marker.english, marker.chinese)):
                    continue
                if marker.reach == "ALL":
                    everywhere.add(marker.mark)
                elif marker.reach == "MESSAGE":
                    current = current | {marker.mark}
                elif number and len(text) <= 30:
                    inherited[number - 1].add(marker.mark)
        for sentence, marks in zip(sentences, inherited):
            sentence.inherited = frozenset(marks | everywhere)
        for before, sentence in zip(sentences, sentences[1:]):
            if len(sentence.text) <= MAX_FRAGMENT and _LIKEWISE.search(sentence.text):
                sentence.carried = _only_other(before)
        starts = [sentence.start for sentence in sentences]
        for start, end in _quotations(self.content):
            for sentence in sentences[bisect_left(starts, start) : bisect_left(starts, end)]:
                if sentence.end <= end + 1:
                    sentence.inherited |= {"REPORTED"}
        return sentences


MAX_FRAGMENT: Final = 24
"""Maximum length, in characters, of a sentence that goes on with the subject of the one before."""
_LIKEWISE: Final = re.compile(r"^(?:(?!\b(?:i|me|my|we|us|our)\b).)*\b(?:too|as well)\W*$|^[^我咱俺]*(?:也是?|还)[^我咱俺]*$")


def _only_other(sentence: Sentence) -> Subject | None:
    """Return the last subject of a sentence if it names no other one than the user."""
    subjects = sentence.subjects
    return subjects[-1] if subjects and not any(subject.own for subject in subjects) else None


_QUOTATION: Final = re.compile(r"[\"“「『](?=\S)([^\"“”「」『』]{12,1000})[\"”」』]")


def _quotations(content: str) -> list[tuple[int, int]]:
    """Return the spans of quotations that hold the end of a sentence; what is quoted in one sentence is read with it (judgement.py)."""
    return [match.span(1) for match in _QUOTATION.finditer(content) if re.search(r"[.!?。！？…\n]\s*\S", match[1])]
