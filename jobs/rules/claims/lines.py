# ruff: noqa: E501 - patterns of words read by their rows
"""Judgements of diary lines: whether their quotes say all of what they say."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice
from typing import Final

from jobs.rules.claims.judgement import ACCEPTED, MARK_ORDER, PLACES, Cited, Judgement, find_matches, find_places, is_in_quotation
from jobs.rules.claims.markers import BODY_OF_ONE, DISLIKES, Mark
from jobs.rules.claims.particulars import wrong_particular
from jobs.rules.claims.readable import find_line_fault
from jobs.rules.claims.reading import Place, Sentence
from jobs.rules.claims.words import find_stems, has_chinese_order, is_same_word, missing_characters, missing_words, shared_part
from jobs.rules.text.normalization import is_cjk

_ALLOWED: Final[dict[str, frozenset[Mark]]] = {
    "OPEN_QUESTION": frozenset({"QUESTION", "HYPOTHESIS", "PLAN"}),
    "DECISION": frozenset({"PLAN"}),
}
_OWNS_UP: Final[dict[Mark, re.Pattern[str]]] = {
    "QUESTION": re.compile(r"\b(?:whether|ask(?:s|ed|ing)?|wonder\w*|question\w*|should|unsure|how|what|why|which|who|when|where|considers?|considering)\b|\?|是否|要不要|吗|怎么|如何|问|该不该|会不会|不知道|([^\W\d])[不没]\1"),
    "HYPOTHESIS": re.compile(r"\b(?:wish\w*|hop(?:e|es|ed|ing)|would|might|may|maybe|consider\w*|imagin\w*|if|dream\w*|could|should|thinking|unsure|doubt\w*|wonder\w*|want\w*|perhaps|possibly|probably|thought|env(?:y|ied|ious)|jealous|admir\w*)\b|羡慕|嫉妒|以为|想|希望|考虑|可能|也许|如果|要是|假如|但愿|大概|应该"),
    "PLAN": re.compile(r"\b(?:plan\w*|will|going to|gonna|want\w*|intend\w*|hop(?:e|es|ed|ing)|decid\w*|tomorrow|next|aim\w*|about to|would like|resol\w*|soon|look\w* forward|upcoming|prepar\w*|wish\w*|train\w*|stud\w*|starting|from)\b|打算|计划|准备|要|明天|后天|下周|下个?月|明年|将|想|决定|希望|期待|目标|开始"),
    "REPORTED": re.compile(r"\b(?:say|says|said|told|tell|tells|thinks?|thought|claims?|claimed|wrote|according|announc\w*|heard|read|believes?|translat\w*|asked|quot\w*|proof\w*|text|article|letter|bio)\b|说|觉得|告诉|听说|据说|写|宣布|认为|翻译|润色|文章|改"),
    "FICTION": re.compile(r"\b(?:novel|story|stories|game|gam\w*|film|movie|book|series|show|character|dream\w*|play\w*|role\w*|session|scene|pretend\w*|fiction\w*|imagin\w*|narrator|script)\b|小说|故事|游戏|电影|剧|书|角色|梦|跑团|主角|扮演|假装"),
    "JOKE": re.compile(r"\b(?:jok\w*|kidding|jk|ironic\w*|sarcas\w*)\b|玩笑|逗|骗你|才怪|狗头|反话"),
    "INSTRUCTION": re.compile(r"\b(?:ask\w*|told|tell\w*|tried|instruct\w*|request\w*|set|updat\w*|remember|want\w*|ignore)\b|要求|让|请|记住|改成|更新|忽略"),
    "PAST": re.compile(r"\b(?:ago|used to|once|back|former\w*|previous\w*|earlier|childhood|as a|when|was|were|had|did|past|young|\w+ed|lived|spent|grew|went|ran|slept|ate|wrote|swam|in (?:high school|college)|remember\w*|recall\w*)\b|以前|小时候|曾|过|了|年前|当年|那时|那会|回忆|大学|高中|初中"),
}  # fmt: skip
"""The words by which a line says itself that its statement is a question, a plan and so on."""
MIN_SHARED_PART: Final = 0.4
"""The share of a line's content words above which it counts as a paraphrase of its statements."""
_GENERAL: Final = ("PATTERN", "TIME_PREFERENCE", "DECISION_STYLE")


def judge_line(kind: str, text: str, quotes: Sequence[Cited], dated: Mark | None = None) -> Judgement:
    """Return the judgement of a diary's line. `dated` is PLAN or PAST for a line that is stored with a day ahead or gone, which its statement names."""
    line = Sentence(text, 0, len(text), elided=True)
    sentences = [(sentence, quote) for quote in quotes for sentence in quote.message.sentences(quote.start, quote.end)]
    if not sentences:
        return Judgement("UNDECIDED", "WORDS")
    texts = [(sentence.text, quote.day) for sentence, quote in sentences]
    if (fault := _line_marks(kind, line, sentences, dated)) is not None:
        return fault
    bare = line.text.bare
    if any(sentence.text.bare == bare for sentence, _ in sentences):
        return ACCEPTED
    if (wrong := wrong_particular(line.text, texts, [quote.day for _, quote in sentences])) is not None:
        return Judgement("REJECTED", wrong)  # type: ignore[arg-type]
    if _foreign_name(line, [text for text, _ in texts]) is not None:
        return Judgement("REJECTED", "NAME")
    if not _has_equal_negations(line, [sentence for sentence, _ in sentences]):
        return Judgement("REJECTED", "NEGATION")
    told = [text for text, _ in texts]
    if _is_of_thing(line, [sentence for sentence, _ in sentences]):
        return Judgement("REJECTED", "OTHER_SUBJECT")
    if _is_of_infinitive(line, [sentence for sentence, _ in sentences], _TO if kind in _ALLOWED else _NOT_DONE):
        return _undecided(line, [sentence for sentence, _ in sentences])
    if any(_IF.match(text) for text in told) and not _IF_OWN.search(line.text):
        return Judgement("REJECTED", "HYPOTHESIS")
    if _adds_completion(line.text, told):
        return _undecided(line, [sentence for sentence, _ in sentences])
    plain = _without_days(line.text)
    if missing_words(plain, told, framed=kind in ("DECISION", "OPEN_QUESTION")) or missing_characters(plain, told, framed=True) or not has_chinese_order(plain, told):
        return _undecided(line, [sentence for sentence, _ in sentences])
    return ACCEPTED


def _undecided(line: Sentence, sentences: Sequence[Sentence]) -> Judgement:
    """Return UNDECIDED for a line that may say the same in other words, and else REJECTED."""
    return Judgement("UNDECIDED" if find_line_fault(line, sentences) is None else "REJECTED", "WORDS")


def is_paraphrase(text: str, quotes: Sequence[Cited]) -> bool:
    """Return whether a line has so many words of its statements that it retells them, though it may say something else than they do."""
    told = [sentence.text for quote in quotes for sentence in quote.message.sentences(quote.start, quote.end)]
    return shared_part(Sentence(text, 0, len(text), elided=True).text, told) >= MIN_SHARED_PART


_DAYS: Final = re.compile(
    r"\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|(?:\d{4}年)?\d{1,2}月\d{1,2}[日号]?"
    r"|\b(?:january|february|march|april|may|june|july|august|september|october|november|december)\.? \d{1,2}(?:st|nd|rd|th)?(?:,? \d{4})?|\b\d{1,2}(?:st|nd|rd|th)? (?:january|february|march|april|may|june|july|august|september|october|november|december)(?:,? \d{4})?"
    r"|\b(?:yesterday|today|tomorrow|tonight|(?:mon|tues|wednes|thurs|fri|satur|sun)day)\b|今天|昨天|明天|前天|后天|(?:周|星期|礼拜)[一二三四五六日天]"
)


def _without_days(text: str) -> str:
    """Return the text without what was judged as a date already."""
    return text if _DAYS.search(text) is None else _DAYS.sub(" ", text)


def _line_marks(kind: str, line: Sentence, sentences: Sequence[tuple[Sentence, Cited]], dated: Mark | None) -> Judgement | None:
    """Return the fault of a line whose statement is marked where the line is not, or is about another subject than the line names."""
    for sentence, quote in sentences:
        start, end = _line_focus(line, sentence, quote)
        place = sentence.read(start, end)
        if quote.pasted or is_in_quotation(sentence, start, end, line.text):
            if not _OWNS_UP["REPORTED"].search(line.text):
                return Judgement("REJECTED", "REPORTED")
        same = line.text.bare == sentence.text.bare
        for mark in MARK_ORDER:
            if mark not in place.marks or mark == dated or mark in _ALLOWED.get(kind, ()) or (same and mark not in sentence.inherited):
                continue
            if mark == "PAST" and kind not in _GENERAL and not place.no_longer and _OWNS_UP["PAST"].search(line.text):
                continue
            if mark == "PAST" and kind in _GENERAL and re.search(r"\b(?:used to|ago|as a|back|when)\b|以前|小时候|曾", line.text):
                continue
            if mark != "PAST" and _OWNS_UP[mark].search(line.text):
                continue
            return Judgement("REJECTED", mark)
        if place.is_about_other and not same and not _names(line, place):
            return Judgement("REJECTED", "OTHER_SUBJECT")
    return None


def _names(line: Sentence, place: Place) -> bool:
    """Return whether a line names the one whom its statement is about."""
    assert place.subject is not None
    if any(not subject.own for subject in line.subjects):
        return True
    own = {word.stem for word in line.words}
    words = find_stems(place.subject.name) - {"my", "our", "the", "his", "her", "their", "a"}
    if any(is_same_word(word, other) for word in words for other in own):
        return True
    return any(char in line.text for char in place.subject.name if is_cjk(char) and char not in "我们的家咱大")


def _line_focus(line: Sentence, sentence: Sentence, quote: Cited) -> tuple[int, int]:
    found = [(len(spans), spans) for spans in find_matches(line.text, sentence) if spans]
    cited = (sentence.position(quote.start), sentence.position(quote.end))
    if not found:
        return max(0, min(cited[0], len(sentence.text) - 1)), max(1, min(len(sentence.text), cited[1]))
    spans = max(found, key=lambda item: item[0])[1]
    return spans[0][0], spans[-1][1]


def _foreign_name(line: Sentence, texts: Sequence[str]) -> str | None:
    """Return a capitalised word inside the line that no statement has."""
    known = frozenset().union(*map(find_stems, texts))
    for word in line.content_words:
        first = line.cased[word.start]
        before = line.text[: word.start].rstrip()
        inside = bool(before) and before[-1] not in ".!?:。！？："
        if first.isupper() and inside and word.stem not in known and not _DAYS.fullmatch(line.text[word.start : word.end]) and not any(is_same_word(word.stem, other) for other in known):
            if line.text[word.start : word.end] not in _MONTHS:
                return line.text[word.start : word.end]
    return None


_MONTHS: Final = frozenset("january february march april may june july august september october november december".split())


def _is_of_infinitive(line: Sentence, sentences: Sequence[Sentence], undone: re.Pattern[str]) -> bool:
    """Return whether the line says as done what its statement has behind undone words only: "an appointment to adopt a kitten"."""
    first = next((word for word in line.content_words), None)
    if first is None or first.start > 0:
        return False
    found = []
    for sentence in sentences:
        begin, end = max(zip(find_matches(line.text, sentence), sentence.clauses), key=lambda item: len(item[0]))[1]
        found += [sentence.text[: word.start] for word in sentence.content_words if word.stem == first.stem and begin <= word.start < end]
    return bool(found) and all(undone.search(before[-60:]) for before in found)


_THING: Final = re.compile(
    rf"(?:^|[,;:.!?]|\b(?:and|but|so|because|when|then)\b)\s*(?:my|our)\s(?!(?:{BODY_OF_ONE})\b)(?:(?!(?:i|me|and|or)\b)[\w'-]+\s){{1,3}}?(?:just |finally |also |again |then )?$"
    r"|(?:^|[,;:.!?])(?:我|咱|俺)们?(?:家|的)?[那这](?:辆|台|部|只|条|个|双|把|件|块|支|架|套)[^,我]{1,6}(?:又|也|都|就|刚|突然|今天|昨天|终于)*$"
)
"""A thing of the user as the subject: "my van", "我那辆车"."""


def _is_of_thing(line: Sentence, sentences: Sequence[Sentence]) -> bool:
    """Return whether the line, which names no subject, tells of the user what its statements tell of a thing of theirs: "broke down"."""
    if line.subjects:
        return False
    first = next(iter(line.content_words), None)
    if first is not None and first.start == 0:
        before = [sentence.text[max(0, word.start - 60) : word.start] for sentence in sentences for word in sentence.content_words if word.stem == first.stem]
    else:
        head = line.text[:1]
        before = [sentence.text[max(0, at - 30) : at] for sentence in sentences if is_cjk(head) and (at := sentence.text.find(head)) >= 0]
    return bool(before) and all(_THING.search(text) for text in before)


_IF: Final = re.compile(r"\W*(?:(?:and|but|so|well) )?(?:if|unless|as long as)\b(?! (?:i remember|memory|not mistaken|i'm honest|you ask))")
_IF_OWN: Final = re.compile(r"\b(?:if|unless|when|would|might|may|will|plan\w*|hop\w*|as long as|in case|depend\w*)\b")
_COMPLETED: Final = re.compile(r"[一-龥](?:了|过|完了|到了)")
_NOT_YET: Final = re.compile(r"(?:\d|[一二三四五六七八九十])[号月点]|[周下明后][一二三四五六日末天周个]|晚上|一会儿?|待会|等下|就")


def _adds_completion(line: str, told: Sequence[str]) -> bool:
    """Return whether a Chinese line tells as done what its statements only date: "飞了成都" of "20号飞成都"."""
    return _COMPLETED.search(line) is not None and not any("了" in text or "过" in text or "完" in text or "啦" in text for text in told) and any(_NOT_YET.search(text) for text in told)


_TO: Final = re.compile(r"\bto\s(?:\w+ly\s)?$")
_NOT_DONE: Final = re.compile(
    r"(?<!\bhad )(?<!\bmanaged )(?<!\bgot )\bto\s(?:\w+ly\s)?$|\b(?:consider\w*|avoid\w*|postpon\w*|delay\w*|put off|resist\w*|suggest\w*|imagin\w*|instead of|without|close to|(?:thought|thinking|think|talk\w*|dream\w*) (?:about|of)|plan\w* on)\s(?:\w+ly\s)?$"
)
"""The words before a verb whose act is not said to be done: "meant to ring", "considered buying"."""


def _is_cut_without_negation(line: str, sentence: Sentence) -> bool:
    """Return whether a line repeats a part of the sentence, and its clause holds no negation or dislike before that part."""
    words = line.rstrip(" .,;:!?")
    at = sentence.text.find(words)
    if at < 0 or not words:
        return False
    first = sentence.clauses[sentence.clause_at(at)][0]
    return not sentence.is_negated_between(first, at) and not _NOTHING.match(sentence.text, at + len(words)) and not DISLIKES.search(sentence.text[first:at])


def _is_cut_behind_negation(line: str, sentence: Sentence) -> bool:
    """Return whether a short Chinese line is what directly follows a negation in the sentence: 亏 of 不亏."""
    words = line.rstrip(" .,;:!?")
    return 0 < len(words) <= 2 and is_cjk(words[0]) and sentence.text.count(words) == 1 and sentence.text[: sentence.text.find(words)].endswith(("不", "没", "未", "别"))


_NOTHING: Final = re.compile(r"\s(?:absolutely |basically |literally )?(?:nothin\w*|nuffin|nowt|nobody|no one|none|nowhere|no \w+)\b")


def _has_equal_negations(line: Sentence, sentences: Sequence[Sentence]) -> bool:
    """Return whether each word of the line is negated where its statement negates it, and nowhere else."""
    if any(_is_cut_behind_negation(line.text, sentence) for sentence in sentences):
        return False
    if any(_is_cut_without_negation(line.text, sentence) for sentence in sentences):
        return True
    told = [(word.stem, sentence.read(word.start, word.end).is_negative) for sentence in sentences for word in sentence.content_words]
    own = {word.stem for word in line.content_words}
    for word in line.content_words:
        same = {negative for stem, negative in told if stem == word.stem}
        said = same or {negative for stem, negative in told if is_same_word(stem, word.stem) and stem not in own}
        if said and line.read(word.start, word.end).is_negative not in said:
            return False
    for run in re.finditer(r"[一-龥]{2,}", line.text):
        for at in range(run.start(), run.end() - 1):
            pair = line.text[at : at + 2]
            if any(char in "不没未别无的了是很也都又就还在" for char in pair):
                continue
            said = {sentence.read(*span).is_negative for sentence in sentences for span in islice(find_places(pair, sentence.text), PLACES)}
            if said and line.read(at, at + 2).is_negative not in said:
                return False
    return True
