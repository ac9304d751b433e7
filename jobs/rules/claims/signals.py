# ruff: noqa: E501 - patterns of words read by their rows
"""Judgements of signals: whether a statement says a value of its speaker, now and in earnest, and with the polarity that is claimed."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import islice
from typing import Final

from jobs.rules.claims.affirmations import affirms
from jobs.rules.claims.judgement import ACCEPTED, MARK_ORDER, PLACES, Cited, Judgement, Reason, find_matches, is_in_quotation
from jobs.rules.claims.markers import DISLIKES, LAUGHTER, NEGATOR, NOT_NEGATING
from jobs.rules.claims.particulars import particulars
from jobs.rules.claims.readable import find_name_fault, find_value_fault
from jobs.rules.claims.reading import Place, Sentence
from jobs.rules.claims.slot_rules import (
    OF_OTHERS,
    PETS,
    affirms_own,
    ends_something,
    is_avoided,
    is_called_own,
    is_conditional_denial,
    is_denied_behind,
    is_goal,
    is_gone,
    is_impossible,
    is_name,
    is_of_kind,
    is_others_goal,
    is_over,
    is_own_spouse,
    is_wish,
    names_a_day,
    tells_habit,
)
from jobs.rules.claims.words import has_chinese_order, missing_characters, missing_words
from jobs.rules.slots import BIRTHDAY

ATTITUDES: Final = ("preferences.", "decisions.meetings", "identity.form_of_address")
"""The slots whose values are liked or disliked. Elsewhere "I hate that I live here" is as good as "I live here"."""

FACTS: Final = ("identity.", "relationships.status")
"""The slots of plain facts. Laughter beside one leaves it undecided: "I'm married to my laptop, haha"."""
_IMPLIED: Final = (
    (re.compile(r"\bmy (?:wife|husband|spouse)\b|我的?(?:老婆|妻子|老公|丈夫|媳妇)"), re.compile(r"married|已婚|结婚")),
    (re.compile(r"\bmy (?:girlfriend|boyfriend|partner|gf|bf)\b|我的?(?:女朋友|男朋友|女友|男友)"), re.compile(r"relationship|girlfriend|boyfriend|恋爱|taken")),
)
"""Statements without the value's words, and the values that follow from them. Such a value is inferred, never stated."""


_HEDGED: Final = re.compile(r"\b(?:basically|practically|virtually|pretty much)\b|简直|堪称|号称|我宣布")
"""Words that leave a plain fact undecided: "I'm basically a professional procrastinator"."""


_NO_HOME: Final = re.compile(
    r"(?:(?:the|my|our|at|in|an?) )*(?:office|attic|basement|garage|balcony|bedroom|study|garden|shed|bathroom|work|workplace|gym|library|lab|couch|sofa|bed|kitchen|car|train|airport|hospital|pub|mall|supermarket)|(?:我们?|在)?(?:公司|阁楼|地下室|车库|阳台|卧室|书房|客厅|院子|浴室|办公室|单位|工位|图书馆|健身房|实验室|床上|沙发上?|厨房|车里|地铁上?|机场|医院|网吧)"
)
"""Places at which users say in jest that they live."""
_LUNAR: Final = re.compile(r"农历|阴历|旧历|\blunar\b")
"""A day of another calendar than that in which a value is read."""


@dataclass(frozen=True, slots=True)
class SignalJudgement:
    """The judgement of a signal: `supporting` are the positions of its quotes that support it, or from which it is corrected; `faults` the reasons
    for which the others do not."""

    judgement: Judgement
    supporting: tuple[int, ...] = ()
    faults: tuple[Reason, ...] = ()


def judge_signal(slot: str, value: str, polarity: str, quotes: Sequence[Cited], topic: str = "") -> SignalJudgement:
    """Return the judgement of a signal with at least one quote. A quote whose statement says otherwise does not support it.

    `topic` has the user's words for an own slot: its name and guide.
    """
    found = Sentence(value, 0, len(value))
    if not names_a_day(slot, value, quotes[0].day):
        return SignalJudgement(Judgement("REJECTED", "DATE"))
    repeated = len({quote.day for quote in quotes}) > 1
    faults = [_signal_fault(slot, found, polarity, quote, topic, repeated) for quote in quotes]
    kept = [number for number, fault in enumerate(faults) if fault is None]
    texts = [sentence.text for number in kept or range(len(quotes)) for sentence in quotes[number].message.sentences(quotes[number].start, quotes[number].end)]
    reasons = tuple(fault.reason for fault in faults if fault is not None and fault.reason is not None)
    if not kept:
        first = next(fault for fault in faults if fault is not None)
        corrected = [number for number, fault in enumerate(faults) if fault is not None and fault.correction is not None and fault.correction == first.correction]
        is_worded = has_words(found.text, texts) and _wrong_number(found.text, texts, quotes[0].day) is None
        judgement = first if is_worded else replace(first, correction=None)
        return SignalJudgement(_with_names(judgement, slot, found, texts), tuple(corrected) if is_worded else ())
    if wrong := _wrong_number(found.text, texts, quotes[kept[0]].day):
        return SignalJudgement(Judgement("REJECTED", wrong))
    if has_words(found.text, texts):
        return SignalJudgement(ACCEPTED, tuple(kept), reasons)
    if any(statement.search(text) and said.search(found.text) and not is_over(text) for statement, said in _IMPLIED for text in texts):
        return SignalJudgement(Judgement("ACCEPTED", all_words=False), tuple(kept), reasons)
    return SignalJudgement(_with_names(Judgement("UNDECIDED", "WORDS"), slot, found, texts), tuple(kept), reasons)


def _with_names(judgement: Judgement, slot: str, value: Sentence, texts: Sequence[str]) -> Judgement:
    """Return the judgement, but REJECTED for an undecided value with a name that no statement has."""
    wrong = find_name_fault(slot, value, texts) if judgement.verdict == "UNDECIDED" else None
    return judgement if wrong is None else Judgement("REJECTED", wrong)


def _wrong_number(value: str, texts: Sequence[str], day: date) -> Reason | None:
    own = particulars(value, day)
    if own.numbers <= {"1"} and not own.weekdays:
        return None
    told = [particulars(text, day) for text in texts]
    if not own.numbers <= {number for item in told for number in item.numbers} | {"1"}:
        return "NUMBER"
    return "DATE" if not own.weekdays <= {weekday for item in told for weekday in item.weekdays} else None


_CHINESE_DAY: Final = re.compile(r"(?<=[\d一二三四五六七八九十])[号日]")


def has_words(value: str, texts: Sequence[str]) -> bool:
    """Return whether all words of a value stand in the texts."""
    if _CHINESE_DAY.search(value):
        value, texts = _CHINESE_DAY.sub("日", value), [_CHINESE_DAY.sub("日", text) for text in texts]
    return not missing_words(value, texts, framed=True) and not missing_characters(value, texts, framed=True) and has_chinese_order(value, texts)


def _signal_fault(slot: str, value: Sentence, polarity: str, quote: Cited, topic: str, repeated: bool) -> Judgement | None:
    sentences = quote.message.sentences(quote.start, quote.end)
    if not sentences:
        return None
    sentence, start, end = find_focus(value.text, sentences, quote)
    place = sentence.read(start, end)
    if quote.pasted or is_in_quotation(sentence, start, end, value.text):
        return Judgement("REJECTED", "REPORTED")
    if is_impossible(slot, value.text):
        return Judgement("REJECTED", "JOKE")
    if slot == "identity.home" and _NO_HOME.fullmatch(value.text):
        return Judgement("REJECTED", "JOKE")
    if slot == BIRTHDAY and _LUNAR.search(sentence.text) and not _LUNAR.search(value.text):
        return Judgement("REJECTED", "DATE")
    if slot in OF_OTHERS:
        fault = _others_person(sentence, start) or _others_pet(slot, sentence, place, start)
        about_other = False
    else:
        fault = None
        about_other = is_others_goal(slot, sentence, start) or place.is_about_other and not (topic and affirms_own(topic, sentence, place))
    marks = place.marks
    if is_goal(slot, sentence):
        marks = marks - {"PLAN"} - ({"HYPOTHESIS"} if is_wish(sentence) else set())
    called_own = is_called_own(slot, value, sentence)
    for mark in MARK_ORDER:
        if mark in ("QUESTION", "REPORTED") and mark not in sentence.inherited and called_own:
            continue
        if mark in marks and mark not in ("PLAN", "PAST"):
            return Judgement("REJECTED", mark)
    if not is_said_of_exception(value, sentence, start):
        return Judgement("REJECTED", "NEGATION")
    if slot == "relationships.status" and is_own_spouse(value, sentence) and polarity == "POSITIVE" and not place.is_negative and not marks:
        return None
    if fault is not None or about_other:
        return fault or Judgement("REJECTED", "OTHER_SUBJECT")
    mismatch = _mismatch(slot, value, polarity, sentence, replace(place, marks=marks), start, end, topic, repeated)
    if mismatch is None or mismatch.verdict != "UNDECIDED":
        return mismatch
    attitude, claimed = slot.startswith(ATTITUDES), polarity == "POSITIVE" and not _negations(value, slot.startswith(ATTITUDES))
    return find_value_fault(slot, value, sentence, start, end, is_attitude=attitude, is_claimed=claimed, repeated=repeated) or mismatch


def _mismatch(slot: str, value: Sentence, polarity: str, sentence: Sentence, place: Place, start: int, end: int, topic: str, repeated: bool) -> Judgement | None:
    """Return what is wrong with the time or the polarity of a signal."""
    attitude = slot.startswith(ATTITUDES)
    own = _negations(value, attitude) or ends_something(slot, value)
    claimed = (own + (polarity == "NEGATIVE")) % 2 == 1
    if is_gone(slot, sentence, start, end) and not claimed and not place.is_negative:
        return Judgement("REJECTED", "PAST", "ENDED")
    if slot == PETS and "PAST" in place.marks and not place.no_longer:
        return Judgement("REJECTED", "PAST")
    if slot in OF_OTHERS and (not place.is_negative or (not place.no_longer and polarity == "POSITIVE" and is_called_own(slot, value, sentence))):
        known = (affirms(slot, sentence, place, start, end) or is_called_own(slot, value, sentence)) and is_of_kind(slot, value, sentence, start, end)
        return None if known else Judgement("UNDECIDED", "WORDS")
    if "PLAN" in place.marks and "PLAN" not in value.read(0, len(value.text)).marks:
        return Judgement("REJECTED", "PLAN", "DECISION" if not place.negations else None)
    if ("PAST" in place.marks or place.was) and not place.no_longer:
        return Judgement("REJECTED", "PAST")
    said = (place.negations - is_avoided(slot, sentence, start) + (attitude and place.attitude == "DISLIKES") + is_denied_behind(slot, sentence, end)) % 2 == 1
    if attitude and place.attitude == "DISLIKES" and place.negations and not own:
        return Judgement("UNDECIDED", "NEGATION")
    if said == claimed:
        if slot.startswith(FACTS) and (LAUGHTER.search(sentence.text) or _HEDGED.search(sentence.text)):
            return Judgement("UNDECIDED", "JOKE")
        affirmed = affirms_own(topic, sentence, place) if topic else (
            affirms(slot, sentence, place, start, end, repeated=repeated) and is_name(slot, sentence, start) and is_of_kind(slot, value, sentence, start, end))
        once = not repeated and not tells_habit(slot, value, sentence, start)
        if once or (said and slot.startswith(("habits.", "preferences.")) and is_conditional_denial(sentence)):
            return Judgement("UNDECIDED", "WORDS")
        return None if said or affirmed else Judgement("UNDECIDED", "WORDS")
    if not said or place.negations > 1:
        return Judgement("REJECTED", "NEGATION")
    if place.no_longer:
        return Judgement("REJECTED", "PAST", "ENDED" if _is_plain(sentence, start, end, _ENDED_END) and claimed is False else None)
    return Judgement("REJECTED", "NEGATION", "TURNED" if _is_plain(sentence, start, end) and not own else None)


_DIRECT: Final = re.compile(
    r"\b(?:don't|do not|dont|never|not|isn't|am not|aren't|doesn't|can't stand|can't bear|hate|dislike|loathe|detest|despise|dread|used to|no longer|quit|gave up|stopped)\s(?:really |even |actually |at all |ever |a |an |the |my |that |much )*"
    r"(?:(?:like|love|enjoy|eat|drink|live in|live|work as|work in|work|play|do|smoke|be|go)(?:ing)?\s)?(?:an? |the |in |as an? |to |doing |playing |eating )?$"
    r"|(?:不再|再也不|已经不|早就不|不太|并不|从来不|从不|不)(?:是|喜欢|爱|吃|喝|住在?|当|做|玩|打|用|怎么)+$|不是|(?:讨厌|受不了|厌恶|最烦|不再|戒了|戒掉)$"
)
_PLAIN_END: Final = re.compile(r"^\s*(?:any ?more|at all|either|much|these days|nowadays|now|really|了|啊|的|呢|啦)?\s*(?:[,.!;。]|$)")


_ENDED_END: Final = re.compile(
    rf"{_PLAIN_END.pattern}|^\s*(?:until|till|up to|since|for|from|before|back in|in|about|some|many|a few|\w+)\b[\w ']{{0,24}}?(?:\d{{4}}|years?|months?|weeks?|days?|spring|summer|autumn|fall|winter|january|february|march|april|may|june|july|august|september|october|november|december|ago)\W*$"
)
"""The words that may follow a value that holds no longer: also when it ended, "until 2024", or how long it held, "for three years"."""


def _is_plain(sentence: Sentence, start: int, end: int, behind: re.Pattern[str] = _PLAIN_END) -> bool:
    """Return whether the negation stands directly before the value and nothing narrows it: "I don't like coffee", not "coffee after dinner"."""
    first = sentence.clauses[sentence.clause_at(start)][0]
    return _DIRECT.search(sentence.text[first:start]) is not None and behind.match(sentence.text[end:]) is not None


def _negations(value: Sentence, attitude: bool) -> int:
    return sum(1 for _ in NEGATOR.finditer(DISLIKES.sub(" ", NOT_NEGATING.sub(" ", value.text)))) + (attitude and DISLIKES.search(value.text) is not None)


def find_focus(value: str, sentences: Sequence[Sentence], quote: Cited) -> tuple[Sentence, int, int]:
    """Return the place at which the value's words stand: the clause with most of them, else what was cited."""
    best: tuple[int, int, Sentence, int, int] | None = None
    for sentence in sentences:
        for (first, last), spans in zip(sentence.clauses, find_matches(value, sentence)):
            cited = quote.start < _offset(sentence, first, last)[1] and _offset(sentence, first, last)[0] < quote.end
            if spans and (best is None or (len(spans), cited) > best[:2]):
                best = (len(spans), int(cited), sentence, spans[0][0], spans[-1][1])
    if best is not None:
        return best[2:]
    sentence = sentences[-1]
    return sentence, max(0, sentence.position(quote.start)), max(1, min(len(sentence.text), sentence.position(quote.end)))


def is_said_of_exception(value: Sentence, sentence: Sentence, start: int) -> bool:
    """Return False if a word of the value is named as the exception, and the value does not say so: Sundays of "every day except Sundays"."""
    if sentence.is_excepted(start, start) or _EXCEPTION.search(value.text):
        return True
    spans = find_matches(value.text, sentence)[sentence.clause_at(start)]
    return not any(sentence.is_excepted(*span) for span in islice(spans, PLACES))


_EXCEPTION: Final = re.compile(r"\b(?:except\w*|but|apart|other than|rather|not|no|over|than)\b|除|不|没|比")


def _offset(sentence: Sentence, first: int, last: int) -> tuple[int, int]:
    return sentence.offset(first), sentence.offset(last)


_POSSESSED: Final = re.compile(r"\b(?:his|her|their|your|[a-z]+'s)\s(?:\w+\s){0,2}$|(?:他|她|他们|你|朋友|同事|邻居|室友|人家|别人)家?的?$")


def _others_person(sentence: Sentence, start: int) -> Judgement | None:
    """Return the fault of a value that is close to another subject and not to the user."""
    return Judgement("REJECTED", "OTHER_SUBJECT") if _POSSESSED.search(sentence.text[max(0, start - 30) : start]) else None


_OWNS: Final = re.compile(r"\s*(?:also |just |even )?(?:has|have|had|got|gets|owns?|adopted|bought|keeps?)\b|(?:家里?)?(?:刚|又|也|都|还)*(?:养|有|买|领养|收养)")


def _others_pet(slot: str, sentence: Sentence, place: Place, start: int) -> Judgement | None:
    """Return UNDECIDED for a pet that another subject is said to have: "my neighbour has a cat"."""
    other = place.subject if slot == PETS else None
    if other is None or other.own or other.end > start or _OWNS.match(sentence.text, other.end) is None:
        return None
    return Judgement("UNDECIDED", "OTHER_SUBJECT")
