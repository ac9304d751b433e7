"""Repetition of deleted text in other texts: the terms that came from it alone, and the blanking of sentences that repeat them.

Terms are those of the search, so that no search finds what is left. A term must say something: words that any conversation has, such as "live", do
not make a sentence a repetition. A name that is such a word ("I live in Nice", "my name is Will") is a term with its capital letter, and only occurs
where a text writes it so within a sentence.
"""
from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from functools import lru_cache
from itertools import chain
from typing import Final

from jobs.rules.search.search_terms import STOP_WORDS, TermCounter, content_terms, like_patterns, stem, stored_terms
from jobs.rules.text.normalization import is_cjk
from jobs.rules.text.sentences import sentences

MANY_TERMS: Final = 64
"""Up to so many terms it is faster to look for each in a text than to make the terms of the text."""

REMOVED: Final = "[removed]"
REMOVED_CHINESE: Final = "[已移除]"
"""Markers in place of blanked sentences."""

_GENERIC: Final = """
live work like love want need think feel know make take get see come use try look good great new old big little small much many more most very really
well back down off up first last next right home house place thing way people person friend family help start stop keep let put call called move moved
year month week today yesterday tomorrow morning evening night afternoon time always never often sometimes usually please thank thanks hello hi yes no
maybe every each other another same few lot question answer one two three near long short best better nice happy still already since while because
during without between around through enjoy remember sure ok okay yeah yep nope could may might must shall
"""
_GENERIC_CHINESE: Final = frozenset(
    "喜欢 现在 住在 每天 今天 昨天 明天 觉得 工作 知道 因为 所以 可以 一个 一起 一下 一些 时候 但是 "
    "如果 已经 还是 没有 不是 自己 大家 朋友 家里 晚上 早上 下午 中午 最近 经常 "
    " 非常 特别 开始 真的 应该 需要 想要 希望 问题 事情 东西 地方 时间 你好 谢谢 以后 以前 之后 之前 这里 那里 名字 叫做 我叫 我住 我是 我爱 住在".split()
)
_NAME: Final = re.compile(r"(?<![.!?…:;\"'“‘(\[\n])[^\S\n]+([^\W\d_]\w*)|(\w*\d\w*)")
_CHINESE_NAME: Final = re.compile("[在去到叫从從回姓]([\u4e00-\u9fff]{2,4})")


@lru_cache(maxsize=1)
def _generic() -> frozenset[str]:
    return frozenset(map(stem, _GENERIC.split())) | _GENERIC_CHINESE


def telling_terms(texts: Iterable[str]) -> frozenset[str]:
    """Return the terms of the texts that say something: words, numbers, pairs of Chinese or Japanese characters, and names that are common words."""
    found: set[str] = set()
    for text in texts:
        found.update(_common_names(text))
        found.update(term for term, weight in content_terms(text).items() if weight == 1.0 and _says_something(term))
    return frozenset(found)


def _says_something(term: str) -> bool:
    return (len(term) > 1 or term.isdigit()) and term not in _generic()


def _common_names(text: str) -> Iterable[str]:
    """Yield the words that are capitalized within a sentence, but common in lower case, such as Nice, Will and May."""
    for word, _ in _NAME.findall(text):
        if word.istitle() and word.isascii() and len(word) > 1 and (word.lower() in STOP_WORDS or stem(word.lower()) in _generic()):
            yield word


def is_common_name(term: str) -> bool:
    """Return whether a term is a name that is written with its capital letter; all others are folded."""
    return term[:1].isupper()


def text_patterns(term: str) -> list[str]:
    """Return the LIKE patterns of the texts that may mention a term (search_terms.py)."""
    return [f"%{term.lower()}%"] if is_common_name(term) else like_patterns(term)


@lru_cache(maxsize=256)
def _name_pattern(name: str) -> re.Pattern[str]:
    """Return the pattern of a name within a sentence, or as a line of its own."""
    word = rf"(?<![A-Za-z0-9_]){name}(?![A-Za-z0-9_])"
    return re.compile(rf"(?<=[^.!?…。！？\s])[^\S\n]*{word}|^[^\S\n]*{word}(?=[^\S\n]*$)", re.MULTILINE)


def name_terms(texts: Iterable[str]) -> frozenset[str]:
    """Return the telling terms that look like names or numbers: capitalized within a sentence, with digits, or after a Chinese preposition such as 在."""
    found: set[str] = set()
    for text in texts:
        found.update(telling_terms(_CHINESE_NAME.findall(text)))
        for word, number in _NAME.findall(text):
            if number or word[:1].isupper() or any(map(str.isdigit, word)):
                found.update(telling_terms([word or number]))
    return frozenset(found)


def mentioned(text: str, terms: Collection[str]) -> frozenset[str]:
    """Return the terms that occur in the text."""
    names = [term for term in terms if is_common_name(term)]
    found = TermCounter(terms)(text) if len(terms) <= MANY_TERMS else stored_terms(text).intersection(terms)
    return frozenset(chain(found, (name for name in names if _name_pattern(name).search(text))))


def blank_sentences(text: str, terms: Collection[str]) -> str:
    """Return the text with a marker in place of each run of sentences that mention one of the terms; the marker alone if a term is left elsewhere."""
    count, marker = TermCounter(terms), REMOVED_CHINESE if any(map(is_cjk, text)) else REMOVED
    named = [match.end() - 1 for name in filter(is_common_name, terms) for match in _name_pattern(name).finditer(text)]
    parts: list[str] = []
    end, after_marker = 0, False
    for sentence in sentences(text):
        between = text[end : sentence.start]
        if not count(sentence.text) and not any(sentence.start <= place < sentence.end for place in named):
            parts += [between, sentence.text]
            after_marker = False
        elif not after_marker:
            parts += [between, marker]
            after_marker = True
        end = sentence.end
    blanked = "".join([*parts, text[end:]])
    return marker if mentioned(blanked, terms) else blanked
