# ruff: noqa: E501 - patterns of words read by their rows
"""Judgements of signals: whether a statement says a value of its speaker, now and in earnest, and with the polarity that is claimed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from jobs.rules.claims.affirmations import affirms
from jobs.rules.claims.judgement import ACCEPTED, MARK_ORDER, Cited, Judgement, Reason, find_matches, is_in_quotation
from jobs.rules.claims.markers import DISLIKES, LAUGHTER, NEGATOR, NOT_NEGATING
from jobs.rules.claims.particulars import particulars
from jobs.rules.claims.reading import Place, Sentence
from jobs.rules.claims.words import has_chinese_order, missing_characters, missing_words

ATTITUDES: Final = ("preferences.", "decisions.meetings")
"""The slots whose values are liked or disliked. Elsewhere "I hate that I live here" is as good as "I live here"."""

FACTS: Final = ("identity.", "relationships.status")
"""The slots of plain facts. Laughter beside one leaves it undecided: "I'm married to my laptop, haha"."""
_IMPLIED: Final = (
    (re.compile(r"\bmy (?:wife|husband|spouse)\b|我的?(?:老婆|妻子|老公|丈夫|媳妇)"), re.compile(r"married|已婚|结婚")),
    (re.compile(r"\bmy (?:girlfriend|boyfriend|partner)\b|我的?(?:女朋友|男朋友|女友|男友)"), re.compile(r"relationship|恋爱|taken")),
)
"""Statements without the value's words, and the values that follow from them. Such a value is inferred, never stated."""


@dataclass(frozen=True, slots=True)
class SignalJudgement:
    """The judgement of a signal: `supporting` are the positions of its quotes that support it, or from which it is corrected; `faults` the reasons
    for which the others do not."""

    judgement: Judgement
    supporting: tuple[int, ...] = ()
    faults: tuple[Reason, ...] = ()


def judge_signal(slot: str, value: str, polarity: str, quotes: Sequence[Cited]) -> SignalJudgement:
    """Return the judgement of a signal with at least one quote. A quote whose statement says otherwise does not support it."""
    found = Sentence(value, 0, len(value))
    faults = [_signal_fault(slot, found, polarity, quote) for quote in quotes]
    kept = [number for number, fault in enumerate(faults) if fault is None]
    texts = [sentence.text for number in kept or range(len(quotes)) for sentence in quotes[number].message.sentences(quotes[number].start, quotes[number].end)]
    reasons = tuple(fault.reason for fault in faults if fault is not None and fault.reason is not None)
    if not kept:
        first = next(fault for fault in faults if fault is not None)
        corrected = [number for number, fault in enumerate(faults) if fault is not None and fault.correction is not None and fault.correction == first.correction]
        has_words = _has_words(found.text, texts) and _wrong_number(found.text, texts, quotes[0].day) is None
        return SignalJudgement(first if has_words else replace(first, correction=None), tuple(corrected) if has_words else ())
    if wrong := _wrong_number(found.text, texts, quotes[kept[0]].day):
        return SignalJudgement(Judgement("REJECTED", wrong))
    if _has_words(found.text, texts):
        return SignalJudgement(ACCEPTED, tuple(kept), reasons)
    if any(statement.search(text) and said.search(found.text) for statement, said in _IMPLIED for text in texts):
        return SignalJudgement(Judgement("ACCEPTED", all_words=False), tuple(kept), reasons)
    return SignalJudgement(Judgement("UNDECIDED", "WORDS"), tuple(kept), reasons)


def _wrong_number(value: str, texts: Sequence[str], day: date) -> Reason | None:
    own = particulars(value, day)
    told = [particulars(text, day) for text in texts]
    if not own.numbers <= {number for item in told for number in item.numbers} | {"1"}:
        return "NUMBER"
    return "DATE" if not own.weekdays <= {weekday for item in told for weekday in item.weekdays} else None


def _has_words(value: str, texts: Sequence[str]) -> bool:
    return not missing_words(value, texts, framed=True) and not missing_characters(value, texts, framed=True) and has_chinese_order(value, texts)


def _signal_fault(slot: str, value: Sentence, polarity: str, quote: Cited) -> Judgement | None:
    sentences = quote.message.sentences(quote.start, quote.end)
    if not sentences:
        return None
    sentence, start, end = _focus(value.text, sentences, quote)
    place = sentence.read(start, end)
    if quote.pasted or is_in_quotation(sentence, start, end, value.text):
        return Judgement("REJECTED", "REPORTED")
    if slot == "relationships.people":
        fault = _others_person(sentence, start)
        about_other = False
    else:
        fault = None
        about_other = place.is_about_other
    marks = place.marks
    for mark in MARK_ORDER:
        if mark in marks and mark not in ("PLAN", "PAST"):
            return Judgement("REJECTED", mark)
    if fault is not None or about_other:
        return fault or Judgement("REJECTED", "OTHER_SUBJECT")
    return _mismatch(slot, value, polarity, sentence, place, start, end)


def _mismatch(slot: str, value: Sentence, polarity: str, sentence: Sentence, place: Place, start: int, end: int) -> Judgement | None:
    """Return what is wrong with the time or the polarity of a signal."""
    attitude = slot.startswith(ATTITUDES)
    own = _negations(value, attitude)
    claimed = (own + (polarity == "NEGATIVE")) % 2 == 1
    if slot == "relationships.people" and not place.is_negative:
        return None if affirms(slot, sentence, place, start, end) else Judgement("UNDECIDED", "WORDS")
    if "PLAN" in place.marks and "PLAN" not in value.read(0, len(value.text)).marks:
        return Judgement("REJECTED", "PLAN", "DECISION" if not place.negations else None)
    if ("PAST" in place.marks or place.was) and not place.no_longer:
        return Judgement("REJECTED", "PAST")
    said = (place.negations + (attitude and place.attitude == "DISLIKES")) % 2 == 1
    if attitude and place.attitude == "DISLIKES" and place.negations and not own:
        return Judgement("UNDECIDED", "NEGATION")
    if said == claimed:
        if slot.startswith(FACTS) and LAUGHTER.search(sentence.text):
            return Judgement("UNDECIDED", "JOKE")
        return None if said or affirms(slot, sentence, place, start, end) else Judgement("UNDECIDED", "WORDS")
    if not said or place.negations > 1:
        return Judgement("REJECTED", "NEGATION")
    if place.no_longer:
        return Judgement("REJECTED", "PAST", "ENDED" if _is_plain(sentence, start, end) and claimed is False else None)
    return Judgement("REJECTED", "NEGATION", "TURNED" if _is_plain(sentence, start, end) and not own else None)


_DIRECT: Final = re.compile(
    r"\b(?:don't|do not|dont|never|not|isn't|am not|aren't|doesn't|can't stand|can't bear|hate|dislike|loathe|detest|despise|dread|used to|no longer|quit|gave up|stopped)\s(?:really |even |actually |at all |ever |a |an |the |my |that |much )*"
    r"(?:(?:like|love|enjoy|eat|drink|live in|live|work as|work in|work|play|do|smoke|be|go)(?:ing)?\s)?(?:an? |the |in |as an? |to |doing |playing |eating )?$"
    r"|(?:不再|再也不|已经不|早就不|不太|并不|从来不|从不|不)(?:是|喜欢|爱|吃|喝|住在?|当|做|玩|打|用|怎么)+$|不是|(?:讨厌|受不了|厌恶|最烦|不再|戒了|戒掉)$"
)
_PLAIN_END: Final = re.compile(r"^\s*(?:any ?more|at all|either|much|these days|nowadays|now|really|了|啊|的|呢|啦)?\s*(?:[,.!;。]|$)")


def _is_plain(sentence: Sentence, start: int, end: int) -> bool:
    """Return whether the negation stands directly before the value and nothing narrows it: "I don't like coffee", not "coffee after dinner"."""
    first = sentence.clauses[sentence.clause_at(start)][0]
    return _DIRECT.search(sentence.text[first:start]) is not None and _PLAIN_END.match(sentence.text[end:]) is not None


def _negations(value: Sentence, attitude: bool) -> int:
    return sum(1 for _ in NEGATOR.finditer(DISLIKES.sub(" ", NOT_NEGATING.sub(" ", value.text)))) + (attitude and DISLIKES.search(value.text) is not None)


def _focus(value: str, sentences: Sequence[Sentence], quote: Cited) -> tuple[Sentence, int, int]:
    """Return the place at which the value's words stand: the clause with most of them, else what was cited."""
    best: tuple[int, int, Sentence, int, int] | None = None
    for sentence in sentences:
        for (first, last), spans in zip(sentence.clauses, find_matches(value, sentence)):
            cited = quote.start <= _offset(sentence, first, last)[1] and _offset(sentence, first, last)[0] < quote.end
            if spans and (best is None or (len(spans), cited) > best[:2]):
                best = (len(spans), int(cited), sentence, spans[0][0], spans[-1][1])
    if best is not None:
        return best[2:]
    sentence = sentences[-1]
    return sentence, max(0, sentence.position(quote.start)), max(1, min(len(sentence.text), sentence.position(quote.end)))


def _offset(sentence: Sentence, first: int, last: int) -> tuple[int, int]:
    return sentence.offset(first), sentence.offset(last)


_POSSESSED: Final = re.compile(r"\b(?:his|her|their|your|[a-z]+'s)\s(?:\w+\s){0,2}$|(?:他|她|他们|你|朋友|同事|邻居|室友|人家|别人)家?的?$")


def _others_person(sentence: Sentence, start: int) -> Judgement | None:
    """Return the fault of a value that is close to another subject and not to the user."""
    return Judgement("REJECTED", "OTHER_SUBJECT") if _POSSESSED.search(sentence.text[max(0, start - 30) : start]) else None
