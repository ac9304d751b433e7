"""The check of a model's draft in code, so that nothing depends on the model following its prompt.

A line or signal is kept only with a quote that occurs in a message that the user wrote on the day in question. The quote is extended to the whole
statement around it, and the item is kept only if that statement says it (jobs/rules/claims); a line that only paraphrases its statements gets their
text instead. Kinds, slots and lengths are checked against the declared ones; items with secrets are dropped. Everything dropped or replaced is counted
by reason.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from typing import TYPE_CHECKING, Final
from uuid import UUID

from jobs.rules.diary.drafts import (
    CheckedLine,
    CheckedQuote,
    CheckedSignal,
    DraftLine,
    DraftQuote,
    DraftSignal,
    DropReason,
    SourceMessage,
)
from jobs.rules.slots import SLOTS, VALUE_LENGTH, value_key
from jobs.rules.statements import is_stated
from jobs.rules.text.normalization import Folded, fold, has_content, to_single_line
from jobs.rules.text.pasted_text import Pasted
from jobs.rules.text.quotes import QUOTE_LENGTH, find_quote
from jobs.rules.text.secrets import Secret, contains_secret, find_secrets
from jobs.rules.text.spans import Spans

if TYPE_CHECKING:  # the tables of these modules take a while to compile, and resolvers need only the limits of this one
    from jobs.rules.claims.judgement import Cited, Judgement
    from jobs.rules.claims.messages import Message

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
LINE_LENGTH: Final = 600
"""Maximum length of a line in characters."""
SUMMARY_LINES: Final = 5
LINES: Final = 80
SIGNALS: Final = 60
QUOTES: Final = 8
"""Maximum number of quotes kept for one line or signal."""
RESTATED: Final = frozenset({"UNDECIDED", "NEGATION", "NAME", "NUMBER", "UNIT", "DATE"})
"""Reasons for which a paraphrase is replaced by its statements, which are true as the user's own words: models paraphrase most lines."""
INFERRED_CONFIDENCE: Final = 0.6
"""Maximum confidence of a value whose words do not stand in its statements."""


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
) -> CheckedDraft:
    """Return the part of a draft that the user's own messages of `day` support. The weekly review passes its days instead of one.

    `extracted` lines are the user's own sentences, as in a fallback entry, so they are not held to their statements.
    """
    review = _DraftChecker(messages, frozenset((day,)) if isinstance(day, date) else frozenset(day), extracted)
    kept_lines = tuple(review.lines(lines))
    kept_signals = tuple(review.signals(signals))
    return CheckedDraft((*kept_lines, *review.plans(kept_lines)), kept_signals, MappingProxyType(dict(sorted(review.dropped.items()))))


class _DraftChecker:
    def __init__(self, messages: Iterable[SourceMessage], days: frozenset[date], extracted: bool = False) -> None:
        self.messages = {message.number: message for message in messages}
        self.days = days
        self.extracted = extracted
        self._numbers = {message.message_id: number for number, message in self.messages.items()}
        self._readings: dict[int, Message] = {}
        self._plans: dict[CheckedQuote, None] = {}
        self._statements: set[tuple[str, UUID, int]] = set()
        self.dropped: Counter[DropReason] = Counter()
        self._folded: dict[int, Folded] = {}
        secrets = {number: find_secrets(message.content) for number, message in self.messages.items()}
        self._secrets = {number: Spans((secret.start, secret.end) for secret in found) for number, found in secrets.items()}
        self._secret_words = _Words(_secret_words(self.messages, secrets))
        self._pasted_in: dict[UUID, Pasted] = {}

    def lines(self, lines: Iterable[DraftLine]) -> Iterator[CheckedLine]:
        seen: set[tuple[str, str]] = set()
        kinds: Counter[str] = Counter()
        for line in lines:
            checked = self._line(line)
            if checked is None:
                continue
            if (identity := (checked.kind, fold(checked.text).text)) in seen:
                self.dropped["DUPLICATE"] += 1
            elif len(seen) >= LINES or (checked.kind == "SUMMARY" and kinds["SUMMARY"] >= SUMMARY_LINES):
                self.dropped["TOO_MANY"] += 1
            else:
                seen.add(identity)
                kinds[checked.kind] += 1
                yield checked

    def signals(self, signals: Iterable[DraftSignal]) -> tuple[CheckedSignal, ...]:
        kept: dict[tuple[str, str, str], CheckedSignal] = {}
        for signal in signals:
            checked = self._signal(signal)
            if checked is None:
                continue
            identity = (checked.slot, checked.value_key, checked.polarity)
            if identity in kept:
                kept[identity] = _joined(kept[identity], checked)
            elif len(kept) >= SIGNALS:
                self.dropped["TOO_MANY"] += 1
            else:
                kept[identity] = checked
        return tuple(kept.values())

    def plans(self, lines: Sequence[CheckedLine]) -> Iterator[CheckedLine]:
        """Yield a DECISION for each plan that the draft took for a value, unless a decision of the draft cites its statement."""
        decided = {(quote.message_id, quote.start) for line in lines if line.kind == "DECISION" for quote in line.evidence}
        for quote in list(self._plans)[: max(0, LINES - len(lines))]:
            text = to_single_line(quote.text)
            if (quote.message_id, quote.start) not in decided and len(text) <= LINE_LENGTH and not self._contains_secret(text):
                decided.add((quote.message_id, quote.start))
                yield CheckedLine("DECISION", text, (quote,))

    def _line(self, line: DraftLine) -> CheckedLine | None:
        text = to_single_line(line.text)
        if line.kind not in LINE_KINDS:
            return self._drop("UNKNOWN_KIND")
        if not has_content(text) or len(text) > LINE_LENGTH:
            return self._drop("TEXT_LENGTH")
        if self._contains_secret(text):
            return self._drop("SECRET")
        evidence = self._quotes(line.evidence)
        if not evidence:
            return self._drop("NO_EVIDENCE")
        from jobs.rules.claims.lines import is_paraphrase, judge_line

        cited = [self._cited(quote) for quote in evidence]
        if self.extracted or (reason := _reason(judge_line(line.kind, text, cited))) is None:
            self._statements.update((line.kind, quote.message_id, quote.start) for quote in evidence)
            return CheckedLine(line.kind, text, evidence)
        self._drop(reason)
        about_others = reason == "OTHER_SUBJECT" and line.kind in ("SUMMARY", "HIGHLIGHT")
        restated = (reason in RESTATED or about_others) and is_paraphrase(text, cited)
        return self._in_own_words(line.kind, evidence) if restated else None

    def _in_own_words(self, kind: str, evidence: Sequence[CheckedQuote]) -> CheckedLine | None:
        """Return a line with the statements themselves, in the place of a text that says something else; None if the kind has them already."""
        kept: dict[CheckedQuote, str] = {}
        for quote in evidence:
            statement, text = (kind, quote.message_id, quote.start), to_single_line(quote.text)
            known = statement in self._statements or self._is_pasted(quote) or self._contains_secret(text)
            if not known and sum(map(len, kept.values())) + len(kept) + len(text) <= LINE_LENGTH:
                self._statements.add(statement)
                kept[quote] = text
        return CheckedLine(kind, " ".join(kept.values()), tuple(kept)) if kept else None

    def _signal(self, signal: DraftSignal) -> CheckedSignal | None:
        value = to_single_line(signal.value)
        key = value_key(value)
        if (fault := _fault(signal, value, key)) is not None:
            return self._drop(fault)
        if self._contains_secret(value):
            return self._drop("SECRET")
        evidence = tuple(quote for quote in self._quotes(signal.evidence) if not self._pasted(quote))
        if not evidence:
            return self._drop("NO_EVIDENCE")
        return self._judged(signal, CheckedSignal(signal.slot, value, key, signal.polarity, float(signal.confidence), signal.stated, evidence))

    def _judged(self, signal: DraftSignal, checked: CheckedSignal) -> CheckedSignal | None:
        """Return the signal with the quotes that support it, or corrected where the rules are sure, else None. A plan is kept for `plans`."""
        from jobs.rules.claims.signals import judge_signal

        found = judge_signal(checked.slot, checked.value, checked.polarity, [self._cited(quote) for quote in checked.evidence])
        for fault in found.faults:
            self._drop("UNDECIDED" if fault == "WORDS" else fault)
        evidence = tuple(checked.evidence[number] for number in found.supporting)
        reason = _reason(found.judgement)
        if reason is None:
            stated = signal.stated and found.judgement.all_words and is_stated(checked.value, SLOTS[checked.slot], [quote.text for quote in evidence])
            confidence = checked.confidence if found.judgement.all_words else min(checked.confidence, INFERRED_CONFIDENCE)
            return replace(checked, stated=stated, confidence=confidence, evidence=evidence)
        self._drop(reason)
        if found.judgement.correction == "DECISION":
            self._plans.update(dict.fromkeys(evidence))
        if found.judgement.correction in ("TURNED", "ENDED"):
            return replace(checked, polarity="NEGATIVE", stated=True, evidence=evidence)
        return None

    def _cited(self, quote: CheckedQuote) -> Cited:
        from jobs.rules.claims.judgement import Cited

        number = self._numbers[quote.message_id]
        return Cited(self._reading(number), quote.day, quote.cited_start, quote.cited_end, self._is_pasted(quote))

    def _reading(self, number: int) -> Message:
        from jobs.rules.claims.messages import Message

        if number not in self._readings:
            self._readings[number] = Message(self.messages[number].content)
        return self._readings[number]

    def _quotes(self, quotes: Iterable[DraftQuote]) -> tuple[CheckedQuote, ...]:
        """Return the quotes that hold. Quotes of the same statement become one, which cites all from the first to the last of them."""
        kept: dict[tuple[UUID, int, int], CheckedQuote] = {}
        for quote in quotes:
            if (checked := self._quote(quote)) is None:
                continue
            statement = (checked.message_id, checked.start, checked.end)
            if (other := kept.get(statement)) == checked or len(kept) >= QUOTES:
                self.dropped["DUPLICATE" if other == checked else "TOO_MANY"] += 1
            else:
                kept[statement] = checked if other is None else _citing_both(other, checked)
        return tuple(kept.values())

    def _pasted(self, quote: CheckedQuote) -> bool:
        """Return whether the quote is pasted text, and count it. Pasted text may be about anyone, so it is no evidence for a signal."""
        if not self._is_pasted(quote):
            return False
        self.dropped["PASTED"] += 1
        return True

    def _is_pasted(self, quote: CheckedQuote) -> bool:
        if quote.message_id not in self._pasted_in:
            self._pasted_in[quote.message_id] = Pasted(self.messages[self._numbers[quote.message_id]].content)
        return self._pasted_in[quote.message_id].holds(quote.cited_start, quote.cited_end)

    def _quote(self, quote: DraftQuote) -> CheckedQuote | None:
        message = self.messages.get(quote.message)
        if message is None:
            return self._drop("UNKNOWN_MESSAGE")
        if not message.by_person:
            return self._drop("NOT_OWN_WORDS")
        if message.day not in self.days:
            return self._drop("OTHER_DAY")
        if not has_content(quote.text):
            return self._drop("QUOTE_EMPTY")
        return self._placed(quote.text, message)

    def _placed(self, quote: str, message: SourceMessage) -> CheckedQuote | None:
        place = find_quote(quote, message.content, self._fold(message))
        if place is None:
            return self._drop("QUOTE_NOT_FOUND")
        start, end = place
        if end - start > QUOTE_LENGTH:
            return self._drop("QUOTE_TOO_LONG")
        if contains_secret(message.content[start:end]) or self._secrets[message.number].touch(start, end):
            return self._drop("SECRET")
        first, last = self._statement(message, start, end)
        return CheckedQuote(message.message_id, message.day, message.content[first:last], first, last, start, end)

    def _statement(self, message: SourceMessage, start: int, end: int) -> tuple[int, int]:
        """Return the span of the whole statement, without the parts of it before and after the quote that hold a secret."""
        first, last = self._reading(message.number).statement(start, end)
        if self._secrets[message.number].touch(first, start):
            first = start
        if self._secrets[message.number].touch(end, last):
            last = end
        return (start, end) if contains_secret(message.content[first:last]) else (first, last)

    def _fold(self, message: SourceMessage) -> Folded:
        if message.number not in self._folded:
            self._folded[message.number] = fold(message.content)
        return self._folded[message.number]

    def _contains_secret(self, text: str) -> bool:
        """Return whether the text looks like a secret or repeats a secret of one of the messages."""
        if contains_secret(text):
            return True
        return self._secret_words.occur_in(value_key(text))

    def _drop(self, reason: DropReason) -> None:
        self.dropped[reason] += 1


class _Words:
    """Words that are searched for inside a short text, in time that depends on the number of their lengths, not on their number."""

    def __init__(self, words: Iterable[str]) -> None:
        self._words = frozenset(words)
        self._lengths = sorted(set(map(len, self._words)))

    def occur_in(self, text: str) -> bool:
        fitting = (length for length in self._lengths if length <= len(text))
        return any(text[at : at + length] in self._words for length in fitting for at in range(len(text) - length + 1))


def _fault(signal: DraftSignal, value: str, key: str) -> DropReason | None:
    if signal.slot not in SLOTS:
        return "UNKNOWN_SLOT"
    if signal.polarity not in ("POSITIVE", "NEGATIVE"):
        return "UNKNOWN_POLARITY"
    if not key or not has_content(value) or len(value) > VALUE_LENGTH:
        return "TEXT_LENGTH"
    if not math.isfinite(signal.confidence) or not 0 <= signal.confidence <= 1:
        return "CONFIDENCE"
    return None


def _secret_words(messages: Mapping[int, SourceMessage], secrets: Mapping[int, Sequence[Secret]]) -> Iterator[str]:
    """Yield the keys of secrets that are too long or unusual for common words: "my password is the name of my dog" must not ban "the"."""
    for number, found in secrets.items():
        for secret in found:
            key = value_key(messages[number].content[secret.start : secret.end])
            if len(key) >= 8 or (len(key) >= 4 and not key.isalpha()):
                yield key


def _reason(judgement: Judgement) -> DropReason | None:
    """Return the reason to drop a claim that was judged; None if it was accepted. Nothing reads an undecided claim a second time yet."""
    if judgement.verdict == "ACCEPTED":
        return None
    if judgement.verdict == "UNDECIDED" or judgement.reason is None or judgement.reason == "WORDS":
        return "UNDECIDED"
    return judgement.reason


def _citing_both(one: CheckedQuote, other: CheckedQuote) -> CheckedQuote:
    return replace(one, cited_start=min(one.cited_start, other.cited_start), cited_end=max(one.cited_end, other.cited_end))


def _joined(one: CheckedSignal, other: CheckedSignal) -> CheckedSignal:
    evidence = tuple(dict.fromkeys((*one.evidence, *other.evidence)))[:QUOTES]
    return replace(
        one,
        confidence=max(one.confidence, other.confidence),
        stated=one.stated or other.stated,
        evidence=evidence,
    )
