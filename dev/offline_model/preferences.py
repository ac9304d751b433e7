# ruff: noqa: E501 - a table of patterns reads by its rows
"""Likes and dislikes of a user: the things named after "I like" and 我喜欢, each in its slot."""

from __future__ import annotations

import re
from collections.abc import Iterator

from dev.offline_model import lexicon
from dev.offline_model.trait import MAX_VALUE_LENGTH, Trait

MAX_THINGS = 8
_LIKE_EN = re.compile(
    r"\bI(?:'ve)?(?: also| really| especially| mainly| mostly| always| do| just| truly| absolutely| still| have| usually)*"
    r" (?P<verb>like|love|enjoy|enjoyed|loved|am fond of|prefer|hate|dislike|can't stand|(?:don't|do not) (?:like|enjoy|love)) (?:to )?(?P<v>[^.!?;\n]+)"
)
_HOBBIES_EN = re.compile(r"\b[Mm]y (?:favou?rite )?(?P<verb>hobbies|interests|hobby) (?:are|is|include) (?P<v>[^.!?;\n]+)")
_LIKE_ZH = re.compile(
    r"我(?:个人|自己|也|还|很|非常|特别|一直以?来?|都|最|真的|比较|主要|平时|平常|从小|就|其实|更|挺|蛮|们|现在|是)*(?P<verb>不喜欢|不爱|讨厌|受不了|喜欢|热爱|喜爱|爱好是|最爱|爱(?=[吃喝看听玩跑做]))(?P<v>[^。！？!?；;\n]+)"
)
_HOBBIES_ZH = re.compile(r"我的(?P<verb>爱好|兴趣爱好|兴趣)(?:是|有|包括)(?P<v>[^。！？!?；;\n]+)")
_DISLIKE = re.compile(r"hate|dislike|can't|n't|not|不|讨厌")
_STOP_EN = re.compile(
    r"\s*(?:,? \b(?:because|since|but|so|when|while|which|although|though|especially|particularly|too|as well|such as|now|the most|very much|a lot|either|in my|on weekends|every|do you|on (?:weekends|weekdays)|what|how)\b|"
    r", (?:and )?(?:I|it|they|you|he|she|we|that|this)\b| and (?:I|it|they|have|want|am|often|do)\b).*$"
)
_SPLIT_EN = re.compile(r",? and |, (?:and )?|,? or ")
_REFUSED_EN = re.compile(
    r"\b(?:it|them)\b|^(?:that|this|these|those|you|your|the|his|her|their|how|what|when|there|like|a variety|both|all|everything|one|some|any|not|etc|him|me|my|our|being|have|know|see|if|a lot)\b",
    re.IGNORECASE,
)
_NAME = re.compile(r"(?:[A-Z][\w'’.-]*\s?)+$")
"""A thing of capitalised words alone is a place or a work, not a preference."""
_GOVERNING = re.compile(r" (?:near|with|at|in|on|to|for|from|about) ")
"""Text after such a word may belong to it and not to "I like"."""
_SPLIT_ZH = re.compile(r"[、，,]|以及|还有|(?<=.)[和与及](?=.)")
_REFUSED_ZH = re.compile(
    r"[你您他她它我吗呢吧会有就让把被但因所]|这|那|里面|觉得|特别|尤其|可以|非常|比如|例如|^如|最近|正在|时候|一下|^(?:上|的|在|是|了|和|跟)|的$"
)
_TAIL_ZH = re.compile(r"(?:等等?|什么的|之类的?|这些|了|啊|呀|哦|喔)+$")


def find_preferences(sentence: str) -> Iterator[Trait]:
    for like in (_LIKE_EN, _HOBBIES_EN):
        if match := like.search(sentence):
            yield from _listed(match, _things_en(match["v"]))
    for like in (_LIKE_ZH, _HOBBIES_ZH):
        if match := like.search(sentence):
            yield from _listed(match, _things_zh(match["v"]))


def _listed(match: re.Match[str], things: Iterator[str]) -> Iterator[Trait]:
    """Yield one trait for each thing; the quote runs from "I like" to the thing's last character."""
    sentence, start, end = match.string, match.start(), match.start("v")
    positive = not _DISLIKE.search(match["verb"])
    for number, thing in enumerate(things):
        found_at = sentence.find(thing, end)
        if number == MAX_THINGS or found_at < 0:
            return
        end = found_at + len(thing)
        slot = _slot(thing)
        if slot == "preferences.activities" and "最" in sentence[start : match.start("verb")]:
            continue
        yield Trait(slot, thing, sentence[start:end], positive)


def _things_en(text: str) -> Iterator[str]:
    if lexicon.NOT_A_TASTE.search(text.partition(",")[0]):
        return
    for piece in _SPLIT_EN.split(_STOP_EN.sub("", text)):
        thing = re.sub(r"^(?:also|to|mainly|both|especially) ", "", piece.strip(" \"'“”"))
        if _REFUSED_EN.search(thing) or _NAME.match(thing) or not 1 < len(thing) <= MAX_VALUE_LENGTH:
            return
        if len(thing.split()) <= 6:
            yield thing
        if _GOVERNING.search(thing):
            return


def _things_zh(text: str) -> Iterator[str]:
    first_clause = re.split(r"[，,]", text)[0]
    if lexicon.NOT_A_TASTE.search(first_clause):
        return
    for piece in _SPLIT_ZH.split(text):
        thing = _TAIL_ZH.sub("", piece.strip(" “”\"'"))
        if _REFUSED_ZH.search(thing) or not 1 < len(thing) <= 14:
            return
        yield thing


def _slot(thing: str) -> str:
    by_words = (
        ("preferences.work_style", lexicon.WORK),
        ("decisions.meetings", lexicon.MEETING),
        ("preferences.media", lexicon.MEDIA),
        ("preferences.food", lexicon.FOOD),
        ("preferences.social", lexicon.SOCIAL),
    )
    return next((slot for slot, words in by_words if words.search(thing)), "preferences.activities")
