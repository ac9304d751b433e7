# ruff: noqa: E501 - patterns of words read by their rows
"""The judgement of one claim by rules alone: ACCEPTED, REJECTED with its reason, or UNDECIDED, which is left to a second reading.

A claim is a signal (a value for a slot) or a line of a diary. It is read against the whole statements that its quotes stand in.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Final, Literal

from jobs.rules.claims.affirmations import affirms
from jobs.rules.claims.markers import DISLIKES, LAUGHTER, NEGATOR, NO_LONGER, NOT_NEGATING, Mark
from jobs.rules.claims.particulars import particulars, wrong_particular
from jobs.rules.claims.reading import Message, Place, Sentence
from jobs.rules.claims.words import (
    content_words,
    has_chinese_order,
    is_same_word,
    latin_words,
    missing_characters,
    missing_words,
)
from jobs.rules.text.normalization import is_cjk

Verdict = Literal["ACCEPTED", "REJECTED", "UNDECIDED"]
Reason = Literal[
    "NEGATION",
    "OTHER_SUBJECT",
    "REPORTED",
    "FICTION",
    "QUESTION",
    "HYPOTHESIS",
    "PAST",
    "PLAN",
    "JOKE",
    "INSTRUCTION",
    "NUMBER",
    "UNIT",
    "DATE",
    "NAME",
    "WORDS",
]
Correction = Literal["TURNED", "ENDED", "DECISION"]

ATTITUDES: Final = ("preferences.", "decisions.meetings")
"""The slots whose values are liked or disliked. Elsewhere "I hate that I live here" is as good as "I live here"."""

FACTS: Final = ("identity.", "relationships.status")
"""The slots of plain facts. Laughter beside one leaves it undecided: "I'm married to my laptop, haha"."""


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
_ORDER: Final[tuple[Mark, ...]] = ("INSTRUCTION", "FICTION", "REPORTED", "JOKE", "QUESTION", "HYPOTHESIS", "PLAN", "PAST")
_IMPLIED: Final = (
    (re.compile(r"\bmy (?:wife|husband|spouse)\b|我的?(?:老婆|妻子|老公|丈夫|媳妇)"), re.compile(r"married|已婚|结婚")),
    (re.compile(r"\bmy (?:girlfriend|boyfriend|partner)\b|我的?(?:女朋友|男朋友|女友|男友)"), re.compile(r"relationship|恋爱|taken")),
)
"""What a statement says without the value's words, and the values that follow from it. Such a value is inferred, never stated."""


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
    if quote.pasted or _in_quotation(sentence, start, end, value.text):
        return Judgement("REJECTED", "REPORTED")
    if slot == "relationships.people":
        fault = _others_person(sentence, start)
        about_other = False
    else:
        fault = None
        about_other = place.is_about_other
    marks = place.marks
    for mark in _ORDER:
        if mark in marks and mark not in ("PLAN", "PAST"):
            return Judgement("REJECTED", _reason(mark))
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
        for (first, last), spans in zip(sentence.clauses, _matches(value, sentence)):
            cited = quote.start <= _offset(sentence, first, last)[1] and _offset(sentence, first, last)[0] < quote.end
            if spans and (best is None or (len(spans), cited) > best[:2]):
                best = (len(spans), int(cited), sentence, spans[0][0], spans[-1][1])
    if best is not None:
        return best[2:]
    sentence = sentences[-1]
    return sentence, max(0, sentence.position(quote.start)), max(1, min(len(sentence.text), sentence.position(quote.end)))


def _offset(sentence: Sentence, first: int, last: int) -> tuple[int, int]:
    return sentence.offset(first), sentence.offset(last)


def _matches(text: str, sentence: Sentence) -> list[list[tuple[int, int]]]:
    """Return for each clause of a sentence where the content words of a text stand in it, in order."""
    stems = {word.stem for word in content_words(text)} or {word.stem for word in latin_words(text)}
    spans = [(word.start, word.end) for word in sentence.words if word.stem in stems or any(is_same_word(word.stem, stem) for stem in stems)]
    runs = re.findall(r"[一-龥]+", text)
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
    return [span for pair in pairs if pair in part for span in islice(_places(pair, part), PLACES)]


def _in_quotation(sentence: Sentence, start: int, end: int, value: str) -> bool:
    """Return whether the place lies in quotation marks around more than a title: somebody's words."""
    for match in re.finditer(r"(?<![a-z0-9])'([^']{3,400})'(?![a-z])", sentence.text):
        inside = match[1]
        if match.start() < start and end <= match.end() and len(inside) > len(value) + 4 and (len(inside.split()) >= 3 or sum(map(is_cjk, inside)) >= 5):
            return True
    return False


_POSSESSED: Final = re.compile(r"\b(?:his|her|their|your|[a-z]+'s)\s(?:\w+\s){0,2}$|(?:他|她|他们|你|朋友|同事|邻居|室友|人家|别人)家?的?$")


def _others_person(sentence: Sentence, start: int) -> Judgement | None:
    """Return the fault of somebody who is close to another and not to the person."""
    return Judgement("REJECTED", "OTHER_SUBJECT") if _POSSESSED.search(sentence.text[max(0, start - 30) : start]) else None


def _reason(mark: Mark) -> Reason:
    return mark


# Lines

_ALLOWED: Final[dict[str, frozenset[Mark]]] = {
    "OPEN_QUESTION": frozenset({"QUESTION", "HYPOTHESIS", "PLAN"}),
    "DECISION": frozenset({"PLAN"}),
}
_OWNS_UP: Final[dict[Mark, re.Pattern[str]]] = {
    "QUESTION": re.compile(r"\b(?:whether|ask(?:s|ed|ing)?|wonder\w*|question\w*|should|unsure|how|what|why|which|who|when|where|considers?|considering)\b|\?|是否|要不要|吗|怎么|如何|问|该不该|会不会|不知道|([^\W\d])[不没]\1"),
    "HYPOTHESIS": re.compile(r"\b(?:wish\w*|hop(?:e|es|ed|ing)|would|might|may|maybe|consider\w*|imagin\w*|if|dream\w*|could|should|thinking|unsure|doubt\w*|wonder\w*|want\w*|perhaps|possibly|probably)\b|想|希望|考虑|可能|也许|如果|要是|假如|但愿|大概|应该"),
    "PLAN": re.compile(r"\b(?:plan\w*|will|going to|gonna|want\w*|intend\w*|hop(?:e|es|ed|ing)|decid\w*|tomorrow|next|aim\w*|about to|would like|resol\w*|soon|look\w* forward|upcoming|prepar\w*|wish\w*|train\w*|stud\w*|starting|from)\b|打算|计划|准备|要|明天|后天|下周|下个?月|明年|将|想|决定|希望|期待|目标|开始"),
    "REPORTED": re.compile(r"\b(?:say|says|said|told|tell|tells|thinks?|thought|claims?|claimed|wrote|according|announc\w*|heard|read|believes?|translat\w*|asked|quot\w*|proof\w*|text|article|letter|bio)\b|说|觉得|告诉|听说|据说|写|宣布|认为|翻译|润色|文章|改"),
    "FICTION": re.compile(r"\b(?:novel|story|stories|game|gam\w*|film|movie|book|series|show|character|dream\w*|play\w*|role\w*|session|scene|pretend\w*|fiction\w*|imagin\w*|narrator|script)\b|小说|故事|游戏|电影|剧|书|角色|梦|跑团|主角|扮演|假装"),
    "JOKE": re.compile(r"\b(?:jok\w*|kidding|jk|ironic\w*|sarcas\w*)\b|玩笑|逗|骗你|才怪|狗头|反话"),
    "INSTRUCTION": re.compile(r"\b(?:ask\w*|told|tell\w*|tried|instruct\w*|request\w*|set|updat\w*|remember|want\w*|ignore)\b|要求|让|请|记住|改成|更新|忽略"),
    "PAST": re.compile(r"\b(?:ago|used to|once|back|former\w*|previous\w*|earlier|childhood|as a|when|was|were|had|did|past|young|\w+ed|lived|spent|grew|went|ran|slept|ate|wrote|swam|in (?:high school|college)|remember\w*|recall\w*)\b|以前|小时候|曾|过|了|年前|当年|那时|那会|回忆|大学|高中|初中"),
}  # fmt: skip
"""The words by which a line says itself that its statement is a question, a plan and so on."""
_GENERAL: Final = ("PATTERN", "TIME_PREFERENCE", "DECISION_STYLE")


def judge_line(kind: str, text: str, quotes: Sequence[Cited]) -> Judgement:
    """Return the judgement of a diary's line."""
    line = Sentence(text, 0, len(text), elided=True)
    sentences = [(sentence, quote) for quote in quotes for sentence in quote.message.sentences(quote.start, quote.end)]
    if not sentences:
        return Judgement("UNDECIDED", "WORDS")
    texts = [(sentence.text, quote.day) for sentence, quote in sentences]
    if (fault := _line_marks(kind, line, sentences)) is not None:
        return fault
    if any(_bare(sentence.text) == _bare(line.text) for sentence, _ in sentences):
        return ACCEPTED
    if (wrong := wrong_particular(line.text, texts, [quote.day for _, quote in sentences])) is not None:
        return Judgement("REJECTED", wrong)  # type: ignore[arg-type]
    if _foreign_name(line, [text for text, _ in texts]) is not None:
        return Judgement("REJECTED", "NAME")
    if not _has_equal_negations(line, [sentence for sentence, _ in sentences]):
        return Judgement("REJECTED", "NEGATION")
    told = [text for text, _ in texts]
    if _is_of_infinitive(line, [sentence for sentence, _ in sentences]):
        return Judgement("UNDECIDED", "WORDS")
    plain = _without_days(line.text)
    if missing_words(plain, told, framed=kind in ("DECISION", "OPEN_QUESTION")) or missing_characters(plain, told, framed=True) or not has_chinese_order(plain, told):
        return Judgement("UNDECIDED", "WORDS")
    return ACCEPTED


_DAYS: Final = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|(?:\d{4}年)?\d{1,2}月\d{1,2}[日号]?"
    r"|\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\.? \d{1,2}(?:st|nd|rd|th)?(?:,? \d{4})?|\b\d{1,2}(?:st|nd|rd|th)? (?:january|february|march|april|may|june|july|august|september|october|november|december)(?:,? \d{4})?"
    r"|\b(?:yesterday|today|tomorrow|tonight|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b|今天|昨天|明天|前天|后天|(?:周|星期|礼拜)[一二三四五六日天]"
)


def _without_days(text: str) -> str:
    """Return the text without what was judged as a date already."""
    return _DAYS.sub(" ", text)


def _bare(text: str) -> str:
    return "".join(char for char in text if char.isalnum() or char in "$€£¥")


def _line_marks(kind: str, line: Sentence, sentences: Sequence[tuple[Sentence, Cited]]) -> Judgement | None:
    """Return the fault of a line whose statement is marked where the line is not, or is about somebody whom the line does not name."""
    for sentence, quote in sentences:
        start, end = _line_focus(line, sentence, quote)
        place = sentence.read(start, end)
        if quote.pasted or _in_quotation(sentence, start, end, line.text):
            if not _OWNS_UP["REPORTED"].search(line.text):
                return Judgement("REJECTED", "REPORTED")
        same = _bare(line.text) == _bare(sentence.text)
        for mark in _ORDER:
            if mark not in place.marks or mark in _ALLOWED.get(kind, ()) or (same and mark not in sentence.inherited):
                continue
            if mark == "PAST" and kind not in _GENERAL and not place.no_longer and _OWNS_UP["PAST"].search(line.text):
                continue
            if mark == "PAST" and kind in _GENERAL and re.search(r"\b(?:used to|ago|as a|back|when)\b|以前|小时候|曾", line.text):
                continue
            if mark != "PAST" and _OWNS_UP[mark].search(line.text):
                continue
            return Judgement("REJECTED", _reason(mark))
        if place.is_about_other and not same and not _names(line, place):
            return Judgement("REJECTED", "OTHER_SUBJECT")
    return None


def _names(line: Sentence, place: Place) -> bool:
    """Return whether a line names the one whom its statement is about."""
    assert place.subject is not None
    if any(not subject.own for subject in line.subjects):
        return True
    own = {word.stem for word in latin_words(line.text)}
    words = {word.stem for word in latin_words(place.subject.name)} - {"my", "our", "the", "his", "her", "their", "a"}
    if any(is_same_word(word, other) for word in words for other in own):
        return True
    return any(char in line.text for char in place.subject.name if is_cjk(char) and char not in "我们的家咱大")


def _line_focus(line: Sentence, sentence: Sentence, quote: Cited) -> tuple[int, int]:
    found = [(len(spans), spans) for spans in _matches(line.text, sentence) if spans]
    cited = (sentence.position(quote.start), sentence.position(quote.end))
    if not found:
        return max(0, min(cited[0], len(sentence.text) - 1)), max(1, min(len(sentence.text), cited[1]))
    spans = max(found, key=lambda item: item[0])[1]
    return spans[0][0], spans[-1][1]


def _foreign_name(line: Sentence, texts: Sequence[str]) -> str | None:
    """Return a capitalised word inside the line that no statement has."""
    known = {word.stem for text in texts for word in latin_words(text)}
    for word in content_words(line.text):
        first = line.cased[word.start]
        before = line.text[: word.start].rstrip()
        inside = bool(before) and before[-1] not in ".!?:。！？："
        if first.isupper() and inside and word.stem not in known and not _DAYS.fullmatch(line.text[word.start : word.end]) and not any(is_same_word(word.stem, other) for other in known):
            if line.text[word.start : word.end] not in _MONTHS:
                return line.text[word.start : word.end]
    return None


_MONTHS: Final = frozenset("january february march april may june july august september october november december".split())


def _is_of_infinitive(line: Sentence, sentences: Sequence[Sentence]) -> bool:
    """Return whether the line says as done what its statement has as an infinitive only: "an appointment to adopt a kitten"."""
    first = next((word for word in content_words(line.text)), None)
    if first is None or first.start > 0:
        return False
    found = [sentence.text[: word.start] for sentence in sentences for word in content_words(sentence.text) if word.stem == first.stem]
    return bool(found) and all(re.search(r"\bto\s(?:\w+ly\s)?$", before) for before in found)


PLACES: Final = 10
"""Maximum number of places in a sentence at which the same two characters are compared, which bounds the time for repetitive text."""


def _places(words: str, text: str) -> Iterator[tuple[int, int]]:
    return (match.span() for match in re.finditer(re.escape(words), text))


def _is_cut_without_negation(line: str, sentence: Sentence) -> bool:
    """Return whether a line repeats a part of the sentence, and its clause holds no negation or dislike before that part."""
    words = line.rstrip(" .,;:!?")
    at = sentence.text.find(words)
    if at < 0 or not words:
        return False
    before = sentence.text[sentence.clauses[sentence.clause_at(at)][0] : at]
    return not NEGATOR.search(NOT_NEGATING.sub(" ", before)) and not NO_LONGER.search(before) and not DISLIKES.search(before)


def _has_equal_negations(line: Sentence, sentences: Sequence[Sentence]) -> bool:
    """Return whether each word of the line is negated where its statement negates it, and nowhere else."""
    if any(_is_cut_without_negation(line.text, sentence) for sentence in sentences):
        return True
    told = [(word.stem, sentence.read(word.start, word.end).is_negative) for sentence in sentences for word in content_words(sentence.text)]
    own = {word.stem for word in content_words(line.text)}
    for word in content_words(line.text):
        same = {negative for stem, negative in told if stem == word.stem}
        said = same or {negative for stem, negative in told if is_same_word(stem, word.stem) and stem not in own}
        if said and line.read(word.start, word.end).is_negative not in said:
            return False
    for run in re.finditer(r"[一-龥]{2,}", line.text):
        for at in range(run.start(), run.end() - 1):
            pair = line.text[at : at + 2]
            if any(char in "不没未别无的了是很也都又就还在" for char in pair):
                continue
            said = {sentence.read(*span).is_negative for sentence in sentences for span in islice(_places(pair, sentence.text), PLACES)}
            if said and line.read(at, at + 2).is_negative not in said:
                return False
    return True


