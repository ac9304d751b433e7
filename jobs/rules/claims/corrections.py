# ruff: noqa: E501 - a table of patterns reads by its rows
"""Corrections: a message in which the user takes back words of their message before it, "no, I meant Oslo", "不是杭州，是上海".

A correction that names the wrong words withdraws what they support; one that names only the right ones withdraws the sentence that it replaces.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Protocol, TypeVar
from uuid import UUID

from jobs.rules.claims.whole_statements import sentence_spans
from jobs.rules.claims.words import content_words, is_same_word
from jobs.rules.slots import value_key
from jobs.rules.text.normalization import fold, has_cjk, is_cjk

MAX_CORRECTION: Final = 160
"""Maximum length, in characters, of the sentence that corrects; a longer one tells something else."""


class Sent(Protocol):
    """A message. Without the id of a conversation, all messages are of one."""

    @property
    def message_id(self) -> UUID: ...
    @property
    def by_person(self) -> bool: ...
    @property
    def content(self) -> str: ...
    @property
    def conversation_id(self) -> UUID | None: ...


class Cited(Protocol):
    """A quote, of which the message's text from `cited_start` to `cited_end` was cited."""

    @property
    def message_id(self) -> UUID: ...
    @property
    def cited_start(self) -> int: ...
    @property
    def cited_end(self) -> int: ...


CitedT = TypeVar("CitedT", bound=Cited)


@dataclass(frozen=True, slots=True)
class Correction:
    """The words that a message takes back, and those in their place, both folded. `wrong` is None if the message names only the right ones."""

    wrong: str | None
    right: str | None


@dataclass(frozen=True, slots=True)
class CorrectedWords:
    """A corrected passage of an earlier message: its characters from `start` to `end`, and the message that corrects it.

    `named` is true if the correction names the words themselves; then only what is about them is withdrawn.
    """

    start: int
    end: int
    named: bool
    corrected_by: UUID


@dataclass(frozen=True, slots=True)
class _Row:
    pattern: re.Pattern[str]
    examples: tuple[tuple[str, str | None, str | None], ...]


def _row(pattern: str, *examples: tuple[str, str | None, str | None]) -> _Row:
    return _Row(re.compile(pattern), examples)


_LEAD_EN: Final = r"^\W*(?:(?:oh|oops|no|nope|wait|hang on|hold on|well|um|uh|ah|hmm|actually|sorry|my bad|my mistake|pardon|correction|scratch that|strike that|i misspoke|i mistyped|i was wrong|that's wrong|typo)\b[\s,.:;!-]*)"
_END: Final = r"(?=(?:\s*,\s*(?:sorry|my bad|my mistake|of course|i mean))?\s*(?:[.!?;]|$))"
CORRECTIONS: Final = (
    _row(
        rf"{_LEAD_EN}*(?:i (?:meant|mean)|i meant to (?:say|write)|it's|it is|that should (?:be|read)|should (?:be|read)|i live in)\s+(?P<right>[^,.;!?]{{1,60}}?)\s*,?\s+(?:and )?not\s+(?P<wrong>[^,.;!?]{{1,60}}?){_END}",
        ("No, I meant Oslo, not Bergen.", "bergen", "oslo"), ("Sorry, it's a nurse, not a doctor.", "doctor", "nurse"),
    ),
    _row(
        rf"{_LEAD_EN}+(?:i meant |i said )?not\s+(?P<wrong>[^,.;!?]{{1,60}}?)\s*(?:,|-+|\bbut)\s*(?:but\s+|i meant\s+|it's\s+)?(?P<right>[^,.;!?]{{1,60}}?){_END}",
        ("Sorry, not Bergen but Oslo.", "bergen", "oslo"), ("Oops, not coffee, tea.", "coffee", "tea"),
    ),
    _row(r"^\W*(?P<right>[^,.;!?]{1,40}?),?\s+not\s+(?P<wrong>[^,.;!?]{1,40}?)\s*,\s*(?:sorry|my bad|my mistake|i mean)\W*$", ("Oslo, not Bergen, sorry.", "bergen", "oslo")),
    _row(rf"{_LEAD_EN}+(?P<right>[^,.;!?]{{1,60}}?),?\s+not\s+(?P<wrong>[^,.;!?]{{1,60}}?){_END}", ("Correction: Oslo, not Bergen.", "bergen", "oslo"), ("Sorry, tea, not coffee!", "coffee", "tea")),
    _row(
        rf"{_LEAD_EN}*(?:i said|i wrote|when i said|did i say)\s+(?P<wrong>[^,.;!?]{{1,60}}?)[\s,?]+(?:but )?(?:i meant|i mean|it's|make that)\s+(?P<right>[^,.;!?]{{1,60}}?){_END}",
        ("I said Bergen, but I meant Oslo.", "bergen", "oslo"), ("Did I say coffee? I meant tea.", "coffee", "tea"),
    ),
    _row(
        rf"{_LEAD_EN}*(?:i meant|i meant to (?:say|write)|make that|that should (?:be|read)|should (?:be|read))\s+(?!to\b|well\b|it\b|that\b|what\b|no\b|every\b)(?P<right>[^,.;!?]{{1,60}}?){_END}",
        ("No, I meant Oslo.", None, "oslo"), ("I meant tea.", None, "tea"),
    ),
    _row(rf"^\W*(?:no wait|wait,? no|oops|no,? no)\W+(?:it's |make that )?(?P<right>[\w' -]{{1,30}}?){_END}", ("No wait, Oslo!", None, "oslo")),
    _row(r"^\W*(?:(?:actually|oh|no|wait|ok|sorry)[\s,]+)*(?:scratch that|strike that|i misspoke|i mistyped|forget (?:what i (?:just )?said|that)|that (?:was|is) (?:wrong|not true|a (?:typo|mistake))|correction)(?P<wrong>(?!))?\s*[,.:;!-]*\s*(?P<right>[^,.;!?]{1,60})?\W*$", ("Scratch that.", None, None), ("I misspoke, Oslo.", None, "oslo")),
    _row(rf"^\W*(?P<wrong>[\w' -]{{1,30}}?)\W+(?:sorry|oops|no wait|wait|ugh|argh|damn)\W+(?:i (?:mean|meant)|make (?:it|that))\s+(?P<right>[^,.;!?]{{1,60}}?){_END}", ("Bergen, sorry, I mean Oslo.", "bergen", "oslo")),
    _row(r"^\s*\*(?P<right>[\w' -]{1,30})(?:[.!,]|$)", ("*Oslo", None, "oslo"), ("*junior. Autocorrect!", None, "junior")),
    _row(
        r"^\W*(?:(?:ok(?:ay)?|fine|well|alright)[\s,]+)?(?:let's be honest|to be honest|honestly|tbh|if i'm honest)\W+(?:it's |more like |only |maybe )*(?P<right>once|twice|\w+ times)(?: an? \w+)?\W*$",
        ("ok let's be honest, once", None, "once"),
    ),
    _row(r"^\W*(?:(?:好吧|嗯|额|呃)[, ]*)?(?:老实说|说实话|实际上)[, ]*(?:也|就|只|才|最多)*(?P<right>[\d一二两三四五六七八九十]+次)\W*$", ("好吧老实说也就一次", None, "一次")),
    _row(r"^\W*(?:(?:哦|噢|啊|呃|诶)[, ]*)?(?:说早了|搞错了|弄错了|记错了|当我没说|收回(?:刚才的话)?)(?P<wrong>(?!))?(?P<right>(?!))?(?=\W|$)", ("啊说早了，下个月才评", None, None)),
    _row(r"^\W*(?:i take that back|scrap that|i spoke too soon)(?P<wrong>(?!))?(?P<right>(?!))?(?=\W|$)", ("I take that back.", None, None)),
    _row(r"^\W*(?P<right>[^,.;!?]{1,16}?)[,.;!]+\s*(?:(?:都怪|怪)?(?:输入法|自动纠错|语音识别)[^,.!]{0,6}|手滑了?|(?:我)?打错字?了?)\W*$", ("上海！输入法害我", None, "上海")),
    _row(r"^\W*(?:哦|噢|啊|呃|嗯|诶|等等)*[,. ]*(?:不对|错了)[,.! ]*(?:应该)?(?:是|(?=[\d一二两三四五六七八九十]))(?P<right>[^,.;!?吗呢]{1,20})\W*$", ("哦不对是上海", None, "上海"), ("不对八岁", None, "八岁")),
    _row(r"^\W*(?:(?:哦|噢|啊|呃|嗯|不对|错了|(?:我)?(?:说|写|打|记)错了?|口误|更正(?:一下)?|抱歉|对不起|不好意思|等等|纠正(?:一下)?)[,.:!~ ]*)*(?:我(?:说的)?)?不是(?P<wrong>[^,.;!?]{1,20}?)[,.;:]?\s*(?:而)?(?:应该)?是(?P<right>[^,.;!?吗呢]{1,20})\W*$", ("不是杭州，是上海。", "杭州", "上海"), ("我说错了，不是护士，是医生。", "护士", "医生")),
    _row(r"^\W*(?:(?:哦|噢|啊|不对|错了|(?:我)?(?:说|写|打|记)错了?|口误|更正(?:一下)?|抱歉|对不起|纠正(?:一下)?)[,.:!~ ]*)+(?:我)?(?:应该|说的)?是(?P<right>[^,.;!?吗呢]{1,20}?)[,.;:]?\s*(?:而)?不是(?P<wrong>[^,.;!?]{1,20})\W*$", ("更正一下，是上海，不是杭州。", "杭州", "上海")),
    _row(r"^\W*(?:(?:哦|噢|啊|呃|不对|抱歉|对不起|不好意思)[,.:!~ ]*)*(?:把|我?把)(?P<right>[^,.;!?]{1,16}?)(?:说|写|打|记)成(?:了)?(?P<wrong>[^,.;!?]{1,16}?)了?\W*$", ("我把上海说成了杭州。", "杭州", "上海")),
    _row(r"^\W*(?:(?:哦|噢|啊|呃|嗯|不对|错了|抱歉|对不起|不好意思|等等)[,.:!~ ]*)*(?:(?:我)?(?:刚才|刚刚)?(?:(?:说|写|打|记)错了|(?:说|写|打|记)错(?= ?(?:应该)?是))|口误|更正(?:一下)?|纠正(?:一下)?|我(?:的意思是|是想说|想说的是))[,.:;! ]*(?:我)?(?:(?:应该|其实|说的)?是)?(?P<right>[^,.;!?]{1,24})?\W*$", ("我说错了，是上海。", None, "上海"), ("口误，上海。", None, "上海"), ("我说错了。", None, None)),
)  # fmt: skip
_WHY: Final = re.compile(
    r"[,;.:\s-]+(?:i )?(?:always|keep|often|constantly)\b[^.!?]{0,30}\b(?:mix|confus|mistak|swap)\w*[^.!?]{0,30}$|[,;.:\s-]+(?:damn |stupid |silly |bloody )?(?:autocorrect|typo|keyboard|phone|fat fingers|brain fog|my brain|long day)\b[^.!?]{0,20}\W*$"
    r"|[,;.:\s]+[^,.;!?]{0,12}(?:[弄搞记分]混|[记搞弄打说写]错|分不清|搞不清|脑子|手滑|手抖|输入法|糊涂)[^,.;!?]{0,8}\W*$"
)
"""A reason for the slip, behind a correction: "I meant Oslo, always mix those up"."""
_ANNOUNCED: Final = re.compile(r"\b(?:no wait|wait no|wait|hang on|hold on|oh no|no,? sorry)\W*$|(?:等等|等下|等一下|不对|错了|啊不|哦不|噢不)\W*$")
"""The end of a message of which the next one corrects a word: "in Bergen, no wait"."""
_FILLER: Final = re.compile(r"^(?:(?:in|at|as|a|an|the|with|on|to|my)\s+|在|住在?|叫)|(?:\s+of course|啦|了|啊|呀|哦|哈)$")


def find_correction(message: str) -> Correction | None:
    """Return the correction that a message begins with; None if it corrects nothing. "That's not a joke, it's true" names no words said before."""
    first = next(sentence_spans(message), None)
    if first is None or first[1] - first[0] > MAX_CORRECTION:
        return None
    spans = [span for span, _ in zip(sentence_spans(message), range(2))]
    for start, end in ((spans[0][0], spans[-1][1]), spans[0]):  # "I said wrong. It's Oslo." corrects in two sentences
        if end - start > MAX_CORRECTION:
            continue
        text = _WHY.sub("", fold(message[start:end]).text)
        for row in CORRECTIONS:
            if found := row.pattern.search(text):
                return Correction(_thing(found.groupdict().get("wrong")), _thing(found.groupdict().get("right")))
    return _leading_correction(fold(message[slice(*spans[0])]).text)


def _leading_correction(text: str) -> Correction | None:
    """Return the correction with which a sentence begins that goes on with something else: "oops 8, she turned 8 last week", "打错了，是碧螺春，龙井太淡"."""
    for cut in [at for at, char in enumerate(text[:MAX_CORRECTION]) if char == ","][:2]:
        for row in CORRECTIONS:
            found = row.pattern.search(text[:cut])
            right = found and found.groupdict().get("right")
            if found and right and (_LIKE_NUMBER.fullmatch(right.strip()) or _SAYS_SLIP.search(text[:cut])):
                return Correction(_thing(found.groupdict().get("wrong")), _thing(right))
    return None


_LIKE_NUMBER: Final = re.compile(r"(?:the |at |on |only )?(?:\d+(?:[.:]\d+)?|[一二两三四五六七八九十百]+)\s*(?:[a-z%]{0,12}|[一-龥]{0,3})")
_SAYS_SLIP: Final = re.compile(r"[说写打记]错|口误|更正|纠正|\bi mean|\bcorrection\b")


def _announced_correction(before: str, message: str) -> Correction | None:
    """Return the correction that a message is after one that ends by announcing it: "is in Bergen, no wait", then "it's Oslo"."""
    if _ANNOUNCED.search(fold(before[-20:]).text) is None:
        return None
    return find_correction(f"不对, {message}" if has_cjk(message) else f"no wait, {message}")


def _thing(words: str | None) -> str | None:
    if words is None:
        return None
    return _FILLER.sub("", words.strip(" ,.'")).strip() or None


def corrected_words(messages: Sequence[Sent]) -> dict[UUID, list[CorrectedWords]]:
    """Return the corrected passages by message. A correction is about the user's message before it in the same conversation, and about no other."""
    found: defaultdict[UUID, list[CorrectedWords]] = defaultdict(list)
    earlier: dict[UUID | None, Sent] = {}
    for message in messages:
        if not message.by_person:
            continue
        for start, end, named in (*((*span, True) for span in _taken_back_at_once(message.content)), *_replaced_at_once(message.content)):
            found[message.message_id].append(CorrectedWords(start, end, named, message.message_id))
        before = earlier.get(message.conversation_id)
        if before is not None and (correction := find_correction(message.content) or _announced_correction(before.content, message.content)) is not None:
            for start, end, named in passages_of(correction, before.content):
                found[before.message_id].append(CorrectedWords(start, end, named, message.message_id))
        earlier[message.conversation_id] = message
    return dict(found)


_NAMES_WRONG: Final = re.compile(r"\b(?:not|say|said|wrote|i mean|i meant|make (?:it|that))\b|不是|成", re.IGNORECASE)
"""The words without which no row of `CORRECTIONS` names the wrong words."""
_REPLACES: Final = re.compile(r"不对|错了|\b(?:wait|nope|that|no|sorry)\b", re.IGNORECASE)


def _taken_back_at_once(content: str) -> Iterator[tuple[int, int]]:
    """Yield the words that a later sentence of the same message takes back by name: 表姐 of "我表姐小芸要来。不是表姐，是堂姐"."""
    if _NAMES_WRONG.search(content) is None:
        return
    spans = [span for span, _ in zip(sentence_spans(content), range(MAX_REPLACED + 1))]
    for start, _ in spans[1:]:
        correction = find_correction(content[start:])
        if correction is not None and correction.wrong is not None and correction.right is not None:
            yield from _places(correction.wrong, content[:start])


_AT_ONCE: Final = re.compile(
    r"(?<=[\s,，.。!！])(?:[哦噢啊呃诶]|等等|等下)?[,， ]{0,3}(?:不对|错了|[说打写]错了)[,，。!！ ]{0,3}(?:应该)?是(?P<chinese>[^，。！？,.!?\s]{1,20})"
    r"|(?<=[.,!;…\s])(?:oh |um |uh )?(?:no,? wait|wait,? no|nope|scratch that|strike that|actually,? no|no,? sorry|sorry,? no),?\s(?:it was|it's|its|i meant|make that|i had)\s(?P<english>[^,.;!?\n]{1,40})",
    re.IGNORECASE,
)
"""A correction behind what it corrects, in the same message: "I had the soup. Nope, it was the curry"."""
_PART: Final = re.compile(r"[,，;；]|(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")


def _replaced_at_once(content: str) -> Iterator[tuple[int, int, bool]]:
    """Yield the number or the clause that a correction behind it in the same message replaces, and whether it is the number alone."""
    if _REPLACES.search(content) is None:
        return
    for match, _ in zip(_AT_ONCE.finditer(content), range(MAX_REPLACED)):
        before = content[: match.start()].rstrip()
        if not before or before[-1] in "?？" or len(before) > MAX_RESTATED:
            continue
        for start, end, named in passages_of(Correction(None, _thing(fold(match["chinese"] or match["english"]).text)), before):
            first = start if named else max((part.end() for part in _PART.finditer(before, start, end - 1)), default=start)
            yield first, end, named


def passages_of(correction: Correction, content: str) -> list[tuple[int, int, bool]]:
    """Return the passages of the earlier message that a correction takes back, and whether it names them; none if it names words that are not there."""
    if correction.wrong is not None:
        return [(start, end, True) for start, end in _places(correction.wrong, content)]
    if (number := _number_like(correction.right, content)) is not None:
        return [(*number, True)]
    spans = list(sentence_spans(content))
    if not spans or (correction.right is not None and _places(correction.right, content)):
        return []
    if len(spans) == 1:
        return [(*spans[0], False)]
    return [(*(_likest(correction.right, content, spans) or spans[-1]), False)]


_NUMBER: Final = r"(?:\d+(?:[.:]\d+)?|[一二两三四五六七八九十百]+(?=[\u4e00-\u9fff]))"
_SINCE_THEN: Final = re.compile(r"\s(?:since|as of|from|now)\b.*$|了$")
_ORDINAL: Final = r"(?:st|nd|rd|th)\b"


def _number_like(right: str | None, content: str) -> tuple[int, int] | None:
    """Return the place of the only number of the earlier message that has the unit of the right one: 18号 of "18号去看牙" for 19号; None without one."""
    right = _SINCE_THEN.sub("", right or "")
    found = re.fullmatch(rf"(?:the |at |on )?{_NUMBER}\s*(?P<unit>[a-z%]{{0,12}}|[\u4e00-\u9fff]{{0,2}})", right)
    if found is None:
        return None
    if not found["unit"]:
        folded = fold(content)
        alone = [match.span() for match in re.finditer(rf"(?<![\d.:]){_NUMBER}", folded.text)]
        return (folded.starts[alone[0][0]], folded.ends[alone[0][1] - 1]) if len(alone) == 1 else None
    unit = _ORDINAL if re.fullmatch(_ORDINAL, found["unit"]) else re.escape(found["unit"]) + (r"\b" if found["unit"].isascii() else "")
    folded = fold(content)
    places = [match.span() for match in re.finditer(rf"(?<![\d.:]){_NUMBER}\s*{unit}", folded.text)]
    return (folded.starts[places[0][0]], folded.ends[places[0][1] - 1]) if len(places) == 1 else None


MAX_REPLACED: Final = 8
"""Maximum number of words at the end of a sentence, or of characters in Chinese, that a correction without the wrong words can be about; and of
places where the wrong words stand. Both bound the time, as the whole message is read for each."""
MAX_RESTATED: Final = 2_000
"""Maximum length, in characters, of a message that is read as corrected."""


def restatements(correction: Correction, before: str, message: str) -> Iterator[tuple[str, int, int]]:
    """Yield the earlier message as the correction has it, with where the right words stand in it: "I live in Oslo" for "I live in Bergen".

    A correction that names only the right words can be about any end of the sentence, so each one is yielded, the shortest replaced part first.
    """
    place = next(iter(_places(correction.right, message)), None) if correction.right else None
    if place is None or len(before) > MAX_RESTATED:
        return
    right = message[slice(*place)]
    for start, end, named in passages_of(correction, before)[-MAX_REPLACED:]:
        for first, last in ((start, end),) if named else _sentence_ends(before, start, end):
            yield before[:first] + right + before[last:], first, first + len(right)


def _sentence_ends(content: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the ends of a sentence without its last punctuation, from one word, or one Chinese character, to `MAX_REPLACED`."""
    words = [match.span() for match in re.finditer(r"[\u4e00-\u9fff]|(?:(?![\u4e00-\u9fff])[\w'’-])+", content[start:end])]
    for first, _ in reversed(words[1:][-MAX_REPLACED:]):
        yield start + first, start + words[-1][1]


def _likest(right: str | None, content: str, spans: Sequence[tuple[int, int]]) -> tuple[int, int] | None:
    """Return the last sentence that shares a word with what the correction says; None if none does."""
    stems = {word.stem for word in content_words(right or "")}
    for start, end in reversed(spans):
        words = content_words(fold(content[start:end]).text)
        if any(is_same_word(word.stem, stem) for word in words for stem in stems):
            return start, end
    return None


def _places(words: str, content: str) -> list[tuple[int, int]]:
    """Return where the words stand in a message, as whole words."""
    folded = fold(content)
    places = []
    for match in re.finditer(re.escape(words), folded.text):
        before, after = folded.text[max(0, match.start() - 1) : match.start()], folded.text[match.end() : match.end() + 1]
        if any(map(is_cjk, words)) or not (before.isalnum() or after.isalnum()):
            places.append((folded.starts[match.start()], folded.ends[match.end() - 1]))
    return places


def is_corrected(text: str, start: int, end: int, content: str, passages: Sequence[CorrectedWords]) -> bool:
    """Return whether what `text` says on `content[start:end]` was taken back.

    Of a correction that names the wrong words, this holds for what is about them: "likes tea" stays on "I like tea and live in Bergen".
    """
    key = value_key(text)
    for passage in passages:
        if passage.start < end and start < passage.end:
            wrong = value_key(content[passage.start : passage.end])
            if not passage.named or (wrong and (wrong in key or key in wrong)):
                return True
    return False


def without_corrected(
    text: str, quotes: Sequence[CitedT], corrected: Mapping[UUID, Sequence[CorrectedWords]], contents: Mapping[UUID, str]
) -> tuple[CitedT, ...]:
    """Return the quotes that still support `text`: without those whose cited words were taken back. `contents` are the messages' texts."""
    return tuple(
        quote
        for quote in quotes
        if quote.message_id not in corrected
        or not is_corrected(text, quote.cited_start, quote.cited_end, contents[quote.message_id], corrected[quote.message_id])
    )
