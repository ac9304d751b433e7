"""The claims of a draft that are kept, once the rules have judged each and a second reading has answered about those that they could not decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from jobs.rules.claims.reasons import Answer
from jobs.rules.diary.drafts import CheckedLine, CheckedQuote, CheckedSignal, DropReason
from jobs.rules.diary.evidence import MAX_QUOTES, EvidenceFinder
from jobs.rules.slots import SLOTS
from jobs.rules.text.normalization import fold, to_single_line

MAX_LINE_LENGTH: Final = 600
"""Maximum length of a line in characters."""
MAX_SUMMARY_LINES: Final = 5
MAX_LINES: Final = 80
MAX_SIGNALS: Final = 60
RESTATED: Final = frozenset({"UNDECIDED", "NEGATION", "NAME", "NUMBER", "UNIT", "DATE"})
"""Reasons for which a paraphrase is replaced by its statements, which are true as the user's own words: models paraphrase most lines."""


@dataclass(frozen=True, slots=True)
class JudgedClaim:
    """A line or signal that the rules have judged. `number` is set if they could not decide."""

    made: CheckedLine | CheckedSignal
    reason: DropReason | None = None
    number: int | None = None
    is_paraphrase: bool = False


class KeptClaims:
    """The judged claims that are kept, given the answers of a second reading."""

    def __init__(self, evidence: EvidenceFinder, dropped: Counter[DropReason], answers: Mapping[int, Answer], waiting: bool) -> None:
        self.dropped = dropped
        self._evidence, self._answers, self._waiting = evidence, answers, waiting
        self._statements: set[tuple[str, UUID, int]] = set()

    def lines(self, claims: Iterable[JudgedClaim]) -> Iterator[CheckedLine]:
        seen: set[tuple[str, str]] = set()
        kinds: Counter[str] = Counter()
        for claim in claims:
            line = self._line(claim)
            if line is None:
                continue
            if (identity := (line.kind, fold(line.text).text)) in seen:
                self.dropped["DUPLICATE"] += 1
            elif len(seen) >= MAX_LINES or (line.kind == "SUMMARY" and kinds["SUMMARY"] >= MAX_SUMMARY_LINES):
                self.dropped["TOO_MANY"] += 1
            else:
                seen.add(identity)
                kinds[line.kind] += 1
                yield line

    def signals(self, claims: Iterable[JudgedClaim]) -> tuple[CheckedSignal, ...]:
        kept: dict[tuple[str, str, str], CheckedSignal] = {}
        for claim in claims:
            signal = claim.made
            assert isinstance(signal, CheckedSignal)
            if not self._is_accepted(claim):
                continue
            identity = (signal.slot, signal.value_key, signal.polarity)
            if identity in kept:
                kept[identity] = _joined(kept[identity], signal)
            elif len(kept) >= MAX_SIGNALS:
                self.dropped["TOO_MANY"] += 1
            else:
                kept[identity] = signal
        told = list(kept.values())
        whole = tuple(signal for signal in told if not any(_is_part(signal, other) for other in told))
        if len(whole) < len(told):
            self.dropped["DUPLICATE"] += len(told) - len(whole)
        return whole

    def plans(self, quotes: Iterable[CheckedQuote], lines: Sequence[CheckedLine]) -> Iterator[CheckedLine]:
        """Yield a DECISION for each plan that the draft took for a value, unless a decision of the draft cites its statement."""
        decided = {(quote.message_id, quote.start) for line in lines if line.kind == "DECISION" for quote in line.evidence}
        for quote in list(quotes)[: max(0, MAX_LINES - len(lines))]:
            text = to_single_line(quote.text)
            if (quote.message_id, quote.start) not in decided and len(text) <= MAX_LINE_LENGTH and not self._evidence.contains_secret(text):
                decided.add((quote.message_id, quote.start))
                yield CheckedLine("DECISION", text, (quote,))

    def _line(self, claim: JudgedClaim) -> CheckedLine | None:
        line = claim.made
        assert isinstance(line, CheckedLine)
        if self._is_accepted(claim):
            self._statements.update((line.kind, quote.message_id, quote.start) for quote in line.evidence)
            return line
        return self._in_own_words(line) if self._is_restated(claim, line.kind) else None

    def _is_accepted(self, claim: JudgedClaim) -> bool:
        """Return whether the rules or the second reading accepted the claim, and count it if they did not."""
        if claim.reason is None or (claim.number is not None and self._answers.get(claim.number) == "SAYS"):
            return True
        self.dropped[claim.reason] += 1
        return False

    def _is_restated(self, claim: JudgedClaim, kind: str) -> bool:
        """Return whether a dropped line gets its statements as its text: not if they are in jest, and for what others did only in a day's summary."""
        answer = None if claim.number is None else self._answers.get(claim.number)
        if not claim.is_paraphrase or answer == "NOT_SERIOUS" or (claim.number is not None and self._waiting):
            return False
        if claim.reason == "OTHER_SUBJECT" or answer == "ABOUT_SOMEBODY_ELSE":
            return kind in ("SUMMARY", "HIGHLIGHT")
        return claim.reason in RESTATED

    def _in_own_words(self, line: CheckedLine) -> CheckedLine | None:
        """Return a line with the statements themselves, in the place of a text that says something else; None if the kind has them already."""
        kept: dict[CheckedQuote, str] = {}
        for quote in line.evidence:
            statement, text = (line.kind, quote.message_id, quote.start), to_single_line(quote.text)
            known = statement in self._statements or self._evidence.is_pasted(quote) or self._evidence.contains_secret(text)
            if not known and sum(map(len, kept.values())) + len(kept) + len(text) <= MAX_LINE_LENGTH:
                self._statements.add(statement)
                kept[quote] = text
        return CheckedLine(line.kind, " ".join(kept.values()), tuple(kept), line.happens_on) if kept else None


def _is_part(one: CheckedSignal, other: CheckedSignal) -> bool:
    """Return whether a signal says a part of what another one says by the same quotes, in a slot where the two would dispute with each other."""
    if one.slot != other.slot or one.polarity != other.polarity or one.slot not in SLOTS or SLOTS[one.slot].many:
        return False
    is_shorter = one.value_key != other.value_key and one.value_key in other.value_key
    return is_shorter and {(quote.message_id, quote.start) for quote in one.evidence} == {(quote.message_id, quote.start) for quote in other.evidence}


def _joined(one: CheckedSignal, other: CheckedSignal) -> CheckedSignal:
    evidence = tuple(dict.fromkeys((*one.evidence, *other.evidence)))[:MAX_QUOTES]
    return replace(
        one,
        confidence=max(one.confidence, other.confidence),
        stated=one.stated or other.stated,
        evidence=evidence,
        happens_on=one.happens_on or other.happens_on,
    )
