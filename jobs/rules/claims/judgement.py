"""The judgement of one claim by rules alone: ACCEPTED, REJECTED with its reason, or UNDECIDED, which is left to a second reading.

A claim is a signal (jobs/rules/claims/signals.py) or a line of a diary (lines.py). It is read against the whole statements that its quotes stand in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Final, Literal

from jobs.rules.claims.markers import Mark
from jobs.rules.claims.messages import Message
from jobs.rules.claims.reading import Sentence
from jobs.rules.claims.reasons import StatementReason
from jobs.rules.claims.words import content_words, families_of, find_stems, is_any_word
from jobs.rules.text.normalization import is_cjk

Verdict = Literal["ACCEPTED", "REJECTED", "UNDECIDED"]
Reason = Literal[StatementReason, "WORDS"]
Correction = Literal["TURNED", "ENDED", "DECISION"]


@dataclass(frozen=True, slots=True)
class Cited:
    """A quote in its message: `start` to `end` is what the model cited."""

    message: Message
    day: date
    start: int
    end: int
    pasted: bool = False


@dataclass(frozen=True, slots=True)
class Judgement:
    """The result of one claim.

    `correction` says how a rejected signal may be stored instead: TURNED with the opposite polarity, ENDED as a value that holds no longer,
    DECISION as a line of the diary. It is None where the rules are not sure.
    """

    verdict: Verdict
    reason: Reason | None = None
    correction: Correction | None = None
    all_words: bool = True
    """True if all of the value's words stand in its statements."""


ACCEPTED: Final = Judgement("ACCEPTED")
MARK_ORDER: Final[tuple[Mark, ...]] = ("INSTRUCTION", "FICTION", "REPORTED", "JOKE", "QUESTION", "HYPOTHESIS", "PLAN", "PAST")
"""The order in which marks are told as reasons."""


_QUOTATION: Final = re.compile(r"(?<![a-z0-9])'([^']{3,400})'(?![a-z])")


def find_matches(text: str, sentence: Sentence) -> list[list[tuple[int, int]]]:
    """Return for each clause of a sentence where the content words of a text stand in it, in order."""
    stems = {word.stem for word in content_words(text)} or find_stems(text)
    families = families_of(stems)
    spans = [(word.start, word.end) for word in sentence.words if is_any_word(word.stem, stems, families)]
    runs = [] if text.isascii() else re.findall(r"[一-龥]+", text)
    found: list[list[tuple[int, int]]] = []
    for first, last in sentence.clauses:
        inside = [span for span in spans if first <= span[0] < last]
        part = sentence.text[first:last] if runs else ""
        found.append(sorted([*inside, *((first + start, first + end) for run in runs for start, end in _run_matches(run, part))]))
    return found


def _run_matches(run: str, part: str) -> list[tuple[int, int]]:
    if run in part:
        return [(at, at + len(run)) for at in [part.find(run)]]
    pairs = {run[at : at + 2] for at in range(len(run) - 1)} or {run}
    return [span for pair in pairs if pair in part for span in islice(find_places(pair, part), PLACES)]


def is_in_quotation(sentence: Sentence, start: int, end: int, value: str) -> bool:
    """Return whether the place lies in quotation marks around more than a title, as a quotation does."""
    for match in _QUOTATION.finditer(sentence.text) if sentence.text.count("'") > 1 else ():
        inside = match[1]
        if match.start() < start and end <= match.end() and len(inside) > len(value) + 4 and (len(inside.split()) >= 3 or sum(map(is_cjk, inside)) >= 5):
            return True
    return False


PLACES: Final = 10
"""Maximum number of places in a sentence at which the same two characters are compared, which bounds the time for repetitive text."""


def find_places(words: str, text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in re.finditer(re.escape(words), text))
