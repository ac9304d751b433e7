"""The search terms of a text, for Chinese and English alike: stems of words, and single and paired Chinese characters.

In Chinese, Japanese and Korean every character is a term, and so is every pair of neighbours. Elsewhere a term is a word in lower case, without
accents and without the endings of plural, past and progressive; irregular English verbs and nouns share the term of their base form. Words that
only ask (when, did, 什么时候) or have no meaning of their own are not terms of a query.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache
from typing import Final

from jobs.rules.text.normalization import normalize

_WIDE_RANGES: Final = "\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_WIDE: Final = re.compile(f"[{_WIDE_RANGES}]")
_WORD: Final = re.compile(f"[^\\W_{_WIDE_RANGES}]+")
_RUN: Final = re.compile(f"[{_WIDE_RANGES}]+|{_WORD.pattern}")
_ASKING: Final = re.compile(
    "什么时候|什麼時候|(?:的|什么|什麼|些|件)事(?:情|儿)?(?=\\W|$)|是?(?:在)?哪一?天|何时|几号|哪些|哪个|什么|怎么|怎样|为什么|多少|有没有|是不是|我们?|你们?|他们?|她们?|说起|说过|提到|提过|问过|告诉|记得|"
    "[的了吗呢啊吧呀么着过是在有和与跟也都就还很太老这那个把被给对要说去会因为]"
)
"""The parts of a Chinese query that only ask or connect."""
_STOP_WORDS: Final = frozenset(
    """
    a an and any are as at be been but by can could did do does for from had has have he her him his how i if in into is it its me my of on
    or our ours out over she so some than that the their them then there these they this those to too us was we were what when where which
    who whom whose why will with would you your yours about after again all also am before ever just not now only s t ll ve re m d day date
    time tell told say said mention talk ask name since thing things something anything
    """.split()
)
_FORMS: Final = """
be:am/is/are/was/were/been/being go:went/gone/goes see:saw/seen buy:bought eat:ate/eaten swim:swam/swum run:ran take:took/taken make:made
teach:taught feel:felt lose:lost win:won write:wrote/written speak:spoke/spoken begin:began/begun drink:drank/drunk drive:drove/driven
fly:flew/flown find:found meet:met think:thought sleep:slept give:gave/given get:got/gotten come:came know:knew/known break:broke/broken
choose:chose/chosen wear:wore/worn sing:sang/sung shoot:shot spend:spent sell:sold leave:left hear:heard keep:kept fall:fell/fallen
ride:rode/ridden wake:woke/woken grow:grew/grown build:built catch:caught send:sent pay:paid child:children man:men woman:women foot:feet
tooth:teeth mouse:mice person:people practice:practise
"""
_IRREGULAR: Final[Mapping[str, str]] = {form: plain for plain, _, forms in (entry.partition(":") for entry in _FORMS.split()) for form in forms.split("/")}
_ENDINGS: Final = ((re.compile(r"(?<=[a-z]{3})ies$"), "y"), (re.compile(r"(?:(?<=[sxz])|(?<=[cs]h))es$"), ""), (re.compile(r"(?<=[a-z]{2}[^s])s$"), ""))
_PAST: Final = re.compile(r"^(.*[aeiouy].*?)(?:ing|ed|er)$")


def query_terms(text: str) -> dict[str, float]:
    """Return the terms to search for, each with its weight: 1, or `SINGLE` for a character of a longer Chinese word.

    A query of nothing but stop words is searched for those words.
    """
    return content_terms(text) or _weighed(_folded(text), frozenset())


def content_terms(text: str) -> dict[str, float]:
    """Return the terms as `query_terms` does; nothing for a query of nothing but stop words."""
    return _weighed(_ASKING.sub(" ", _folded(text)), _STOP_WORDS)


def _weighed(text: str, left_out: frozenset[str]) -> dict[str, float]:
    found: dict[str, float] = {}
    for run in _RUN.findall(text):
        if not _WIDE.match(run):
            if run not in left_out:
                found[stem(run)] = 1.0
            continue
        single = 1.0 if len(run) == 1 else SINGLE
        for character in run:
            found[character] = max(single, found.get(character, 0.0))
        found.update((run[place : place + 2], 1.0) for place in range(len(run) - 1))
    return found


SINGLE: Final = 0.35
"""The weight of a Chinese character that is part of a longer word in the query; its pairs weigh 1."""


LONGEST_WORD: Final = 30
"""Maximum length of a word in letters. A longer string is not a word, and stemming takes time that grows with the square of the length."""


@lru_cache(maxsize=20_000)
def stem(word: str) -> str:
    """Return the folded word without its English endings. A word of another alphabet or with digits is returned unchanged."""
    if not word.isascii() or not word.isalpha() or not 3 <= len(word) <= LONGEST_WORD:
        return word
    if word in _IRREGULAR:
        return stem(_IRREGULAR[word])
    for ending, instead in _ENDINGS:
        shorter = ending.sub(instead, word)
        if shorter != word:
            word = shorter
            break
    if word in _IRREGULAR:
        return stem(_IRREGULAR[word])
    match = _PAST.match(word)
    if match and len(match[1]) >= 3:
        word = match[1]
        if word[-1] == word[-2] and word[-1] not in "lsz":
            word = word[:-1]
    word = word[:-1] if word.endswith("e") and len(word) > 3 else word
    return word[:-1] + "i" if word.endswith("y") else word


def count_terms(text: str, wanted: Collection[str]) -> dict[str, int]:
    """Return the number of occurrences of each wanted term in a text. Terms that do not occur are left out."""
    folded = _folded(text)
    found = {term: number for term in wanted if _WIDE.match(term) and (number := folded.count(term))}
    if len(found) < len(wanted):
        for word in _WORD.findall(folded):
            term = stem(word)
            if term in wanted:
                found[term] = found.get(term, 0) + 1
    return found


def like_patterns(term: str) -> list[str]:
    """Return LIKE patterns (escape \\), at least one of which matches every text that contains the term.

    The text must be without accents and have its ASCII letters in lower case. A letter of another alphabet may be upper case in the text, which
    a database without a locale cannot convert, so the patterns have a wildcard in its position.
    """
    forms = [term[:-1] if term.isascii() and term.endswith("i") and len(term) > 1 else term, *_forms_by_stem().get(term, ())]
    return [f"%{''.join(_pattern(char) for char in form)}%" for form in forms]


def _pattern(char: str) -> str:
    if char in "%_\\":
        return "\\" + char
    return char if char.isascii() or _WIDE.match(char) else "_"


@lru_cache(maxsize=1)
def _forms_by_stem() -> Mapping[str, Sequence[str]]:
    """Return the irregular forms by the term that they share."""
    found: dict[str, list[str]] = {}
    for form in _IRREGULAR:
        found.setdefault(stem(form), []).append(form)
    return found


def _folded(text: str) -> str:
    """Return the text with compatible forms unified, in lower case, and without accents (U+0300 to U+036F)."""
    if text.isascii():
        return text.lower()
    plain = normalize("NFKD", text).casefold()
    if not any(map(unicodedata.combining, plain)):
        return normalize("NFC", plain)
    return normalize("NFC", "".join(char for char in plain if not "\u0300" <= char <= "\u036f"))
