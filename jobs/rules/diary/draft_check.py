"""The check of a model's draft in code, so that nothing depends on the model following its prompt.

A line or signal is kept only with a quote that occurs in a message that the user wrote on the day in question (evidence.py). The quote is extended to
the whole statement around it, and the item is kept only if that statement says it (jobs/rules/claims). What the rules cannot decide is left to a
second reading; without its SAYS it is dropped, and a line that only paraphrases its statements gets their text instead. Kinds, slots and lengths are
checked against the declared ones; items with secrets are dropped. Everything dropped or replaced is counted by reason. The day that an item is about must
be one that its statements name (happens_on.py).
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Final, Literal, TypeVar

from jobs.rules.claims.reasons import Answer
from jobs.rules.diary.drafts import (
    CheckedLine,
    CheckedQuote,
    CheckedSignal,
    DraftLine,
    DraftSignal,
    DropReason,
    SourceMessage,
    UndecidedClaim,
)
from jobs.rules.diary.evidence import EvidenceFinder
from jobs.rules.diary.happens_on import DayReader, MakeCalendar, check_happens_on
from jobs.rules.diary.kept_claims import MAX_LINE_LENGTH, JudgedClaim, KeptClaims
from jobs.rules.own_slots import DEFAULT_SLOTS
from jobs.rules.search.dates.days import Calendar
from jobs.rules.slots import MAX_VALUE_LENGTH, SLOTS, Slot, value_key
from jobs.rules.statements import is_stated
from jobs.rules.text.normalization import has_content, to_single_line

if TYPE_CHECKING:  # the tables of this module take a while to compile, and resolvers need only the limits of this one
    from jobs.rules.claims.judgement import Cited, Judgement

Claim = TypeVar("Claim", CheckedLine, CheckedSignal)
LINE_KINDS: Final = (
    "SUMMARY",
    "HIGHLIGHT",
    "DECISION",
    "OPEN_QUESTION",
    "EMOTION",
    "PATTERN",
    "ACTIVITY",
    "TIME_PREFERENCE",
    "DECISION_STYLE",
)
INFERRED_CONFIDENCE: Final = 0.6
"""Maximum confidence of a value whose words do not stand in its statements, and of one that only a second reading accepted."""


@dataclass(frozen=True, slots=True)
class CheckedDraft:
    """The part of a draft that was kept. `dropped` counts items and quotes by reason; reasons that did not occur are absent."""

    lines: tuple[CheckedLine, ...]
    signals: tuple[CheckedSignal, ...]
    dropped: Mapping[str, int]


def check_draft(
    lines: Iterable[DraftLine],
    signals: Iterable[DraftSignal],
    messages: Iterable[SourceMessage],
    day: date | Collection[date],
    *,
    extracted: bool = False,
    slots: Mapping[str, Slot] = DEFAULT_SLOTS,
    calendar: MakeCalendar = Calendar,
) -> CheckedDraft:
    """Return the part of a draft that the user's own messages of `day` support by the rules alone. The weekly review passes its days instead of one.

    `extracted` lines are the user's own sentences, as in a fallback entry, so they are not held to their statements. `slots` are those of the
    user: signals of other slots are dropped.
    """
    return DraftCheck(lines, signals, messages, day, extracted=extracted, slots=slots, calendar=calendar).finish()


class DraftCheck:
    """The check of one draft: the rules judge it at once, and `finish` adds what a second reading answered about the claims in `undecided`."""

    def __init__(
        self,
        lines: Iterable[DraftLine],
        signals: Iterable[DraftSignal],
        messages: Iterable[SourceMessage],
        day: date | Collection[date],
        *,
        extracted: bool = False,
        slots: Mapping[str, Slot] = DEFAULT_SLOTS,
        trimmed: int = 0,
        calendar: MakeCalendar = Calendar,
    ) -> None:
        """Judge the draft; `trimmed` counts what was cut off before (`DiaryDraft.trimmed`). `calendar` is the user's, for the days that their words name."""
        self._days = DayReader(calendar)
        self._evidence = EvidenceFinder(messages, frozenset((day,)) if isinstance(day, date) else frozenset(day))
        self._extracted = extracted
        self._slots = slots
        self._judged: Counter[DropReason] = self._evidence.dropped
        if trimmed:
            self._judged["TOO_MANY"] += trimmed
        self._plans: dict[CheckedQuote, None] = {}
        self._undecided: list[UndecidedClaim] = []
        self._lines = [claim for line in lines if (claim := self._line(line)) is not None]
        self._signals = [claim for signal in signals if (claim := self._signal(signal)) is not None]

    @property
    def undecided(self) -> Sequence[UndecidedClaim]:
        """The claims for a second reading, each once, in the order of the draft."""
        return self._undecided

    def cited(self, quote: CheckedQuote) -> Cited:
        """Return the quote with the reading of its message."""
        return self._evidence.cited(quote)

    def finish(self, answers: Mapping[int, Answer] = MappingProxyType({}), *, waiting: bool = False) -> CheckedDraft:
        """Return what is kept. `answers` are those of a second reading, by the claims' numbers: only SAYS keeps a claim.

        With `waiting`, the second reading has still to come: undecided claims are left out altogether, and none is replaced by its statements.
        """
        kept = KeptClaims(self._evidence, Counter(self._judged), answers, waiting)
        lines, signals = tuple(kept.lines(self._lines)), kept.signals(self._signals)
        dated = [self._dated(line, line.text) for line in (*lines, *kept.plans(self._plans, lines))]
        return CheckedDraft(
            tuple(dated), tuple(self._dated(signal, signal.value) for signal in signals), MappingProxyType(dict(sorted(kept.dropped.items()))))

    def _dated(self, made: Claim, text: str) -> Claim:
        return replace(made, happens_on=check_happens_on(made.happens_on, text, made.evidence, self._days))

    def _line(self, line: DraftLine) -> JudgedClaim | None:
        text = to_single_line(line.text)
        if line.kind not in LINE_KINDS:
            return self._drop("UNKNOWN_KIND")
        if not has_content(text) or len(text) > MAX_LINE_LENGTH:
            return self._drop("TEXT_LENGTH")
        if self._evidence.contains_secret(text):
            return self._drop("SECRET")
        evidence = self._evidence.uncorrected(text, self._evidence.quotes(line.evidence))
        if not evidence:
            return self._drop("NO_EVIDENCE")
        made = CheckedLine(line.kind, text, evidence, line.happens_on)
        return JudgedClaim(made) if self._extracted else self._judged_line(made)

    def _judged_line(self, made: CheckedLine) -> JudgedClaim:
        from jobs.rules.claims.lines import is_paraphrase, judge_line

        cited = [self._evidence.cited(quote) for quote in made.evidence]
        judge = partial(judge_line, made.kind, made.text, dated=self._tense(made))
        judgement = judge(cited)
        if judgement.verdict == "ACCEPTED":
            return JudgedClaim(made)
        corrected = tuple(quote for quote in made.evidence if self._is_restated(quote, made.text, judge))
        if corrected:
            return JudgedClaim(replace(made, evidence=corrected))
        number = self._ask_about(made) if judgement.verdict == "UNDECIDED" else None
        return JudgedClaim(made, _reason(judgement), number, is_paraphrase(made.text, cited))

    def _tense(self, made: CheckedLine) -> Literal["PLAN", "PAST"] | None:
        """Return whether the line is stored with a day ahead or with one that is gone; None without a day."""
        if made.kind in ("PATTERN", "TIME_PREFERENCE", "DECISION_STYLE") or made.happens_on is None:
            return None
        day, said = check_happens_on(made.happens_on, made.text, made.evidence, self._days), max(quote.day for quote in made.evidence)
        return None if day is None else "PLAN" if day > said else "PAST"

    def _signal(self, signal: DraftSignal) -> JudgedClaim | None:
        value = to_single_line(signal.value)
        key = value_key(value)
        if (fault := _fault(signal, value, key, self._slots)) is not None:
            return self._drop(fault)
        if self._evidence.contains_secret(value):
            return self._drop("SECRET")
        evidence = self._evidence.uncorrected(value, self._evidence.own_quotes(signal.evidence))
        if not evidence:
            return self._drop("NO_EVIDENCE")
        made = CheckedSignal(signal.slot, value, key, signal.polarity, float(signal.confidence), signal.stated, evidence, signal.happens_on)
        return self._judged_signal(signal, made)

    def _judged_signal(self, signal: DraftSignal, made: CheckedSignal) -> JudgedClaim | None:
        """Return the signal with the quotes that support it, or corrected where the rules are sure, else None. A plan is kept for its DECISION."""
        from jobs.rules.claims.signals import judge_signal

        slot = self._slots[made.slot]
        found = judge_signal(made.slot, made.value, made.polarity, [self._evidence.cited(quote) for quote in made.evidence], _topic(slot))
        if found.judgement.verdict != "ACCEPTED" and (corrected := self._corrected_signal(signal, made)) is not None:
            return corrected
        self._judged.update("UNDECIDED" if fault == "WORDS" else fault for fault in found.faults)
        evidence = tuple(made.evidence[number] for number in found.supporting)
        judgement = found.judgement
        if judgement.verdict == "ACCEPTED":
            stated = signal.stated and judgement.all_words and is_stated(made.value, slot, [quote.text for quote in evidence])
            confidence = made.confidence if judgement.all_words else min(made.confidence, INFERRED_CONFIDENCE)
            return JudgedClaim(replace(made, stated=stated, confidence=confidence, evidence=evidence))
        if judgement.verdict == "UNDECIDED":
            inferred = replace(made, stated=False, confidence=min(made.confidence, INFERRED_CONFIDENCE), evidence=evidence or made.evidence)
            return JudgedClaim(inferred, "UNDECIDED", self._ask_about(inferred))
        self._drop(_reason(judgement))
        if judgement.correction == "DECISION":
            self._plans.update(dict.fromkeys(evidence))
        if judgement.correction in ("TURNED", "ENDED"):
            return JudgedClaim(replace(made, polarity="NEGATIVE", stated=True, evidence=evidence))
        return None

    def _corrected_signal(self, signal: DraftSignal, made: CheckedSignal) -> JudgedClaim | None:
        """Return the signal if a quoted correction says it of the message that it corrects: Oslo, of "I live in Bergen" and "No, I meant Oslo"."""
        from jobs.rules.claims.signals import judge_signal

        slot = self._slots[made.slot]

        def judge(cited: list[Cited]) -> Judgement:
            return judge_signal(made.slot, made.value, made.polarity, cited, _topic(slot)).judgement

        corrected = tuple(quote for quote in made.evidence if self._is_restated(quote, made.value, judge))
        stated = signal.stated and is_stated(made.value, slot, [quote.text for quote in corrected])
        return JudgedClaim(replace(made, stated=stated, evidence=corrected)) if corrected else None

    def _is_restated(self, quote: CheckedQuote, text: str, judge: Callable[[list[Cited]], Judgement]) -> bool:
        judged = (judge([cited]) for cited in self._evidence.restated(quote, text))
        return any(judgement.verdict == "ACCEPTED" and judgement.all_words for judgement in judged)

    def _ask_about(self, made: CheckedLine | CheckedSignal) -> int:
        same = next((asked.number for asked in self._undecided if asked.claim == made), None)
        if same is not None:
            return same
        number = len(self._undecided) + 1
        slot = self._slots[made.slot] if isinstance(made, CheckedSignal) else None
        named = (slot.name or slot.key, slot.guide) if slot else ("", "")
        self._undecided.append(UndecidedClaim(number, made, tuple(self._evidence.statement(quote) for quote in made.evidence), *named))
        return number

    def _drop(self, reason: DropReason) -> None:
        self._judged[reason] += 1


def _fault(signal: DraftSignal, value: str, key: str, slots: Mapping[str, Slot]) -> DropReason | None:
    if signal.slot not in slots:
        return "SLOT_OFF" if signal.slot in SLOTS else "UNKNOWN_SLOT"
    if signal.polarity not in ("POSITIVE", "NEGATIVE"):
        return "UNKNOWN_POLARITY"
    if not key or not has_content(value) or len(value) > MAX_VALUE_LENGTH:
        return "TEXT_LENGTH"
    if not math.isfinite(signal.confidence) or not 0 <= signal.confidence <= 1:
        return "CONFIDENCE"
    return None


def _topic(slot: Slot) -> str:
    """Return the user's words for an own slot, and nothing for a slot of the table, whose words the rules know."""
    return f"{slot.name} {slot.guide}" if slot.name else ""


def _reason(judgement: Judgement) -> DropReason:
    """Return the reason to drop a claim that was not accepted."""
    if judgement.verdict == "UNDECIDED" or judgement.reason is None or judgement.reason == "WORDS":
        return "UNDECIDED"
    return judgement.reason
