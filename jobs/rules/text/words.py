"""The one notion of a word that all searches, tags and names of values share: which spellings are the same.

`fold_words` makes one spelling of all of them. Alike are composed and decomposed characters, full and half width, upper and lower case by Unicode, letters with
and without accents (also ı, ø, ł, đ), ligatures (ﬁ, æ, ß), straight and curly apostrophes and quotes, all hyphens and dashes, words with and without a hyphen
(co-operate), and Traditional and Simplified Chinese. Invisible characters do not count.

jobs/rules/text/word_patterns.py makes of a word the regular expression of its spellings, for texts in the database.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Final

from jobs.rules.text.normalization import SAME_MARK, Folded, clusters, has_joined_characters, normalize

REMOVED: Final = (
    "\u00ad\u0300-\u036f\u0483-\u0487\u0591-\u05bd\u05bf\u05c1\u05c2\u05c4\u05c5\u05c7\u061c\u0640\u064b-\u065f\u0670\u06dd\u115f\u1160\u17b4\u17b5"
    "\u180b-\u180f"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u200b-\u200f\u202a-\u202e\u2060-\u206f\u20d0-\u20ff\u3164\ufe00-\ufe0f\ufe20-\ufe2f\ufeff\uffa0\ufff9-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e01ef"
)
"""Ranges of characters that make no difference: accents, points of Hebrew and Arabic, soft hyphens, and everything that is invisible but white space."""
_REMOVED: Final = f"[{REMOVED}]+"
_HAN: Final = "[\u3400-\u9fff\U00020000-\U0003ffff]"
_MARKS: Final = (
    "\u2014\u2018\u2019\u201a\u201b\u201c\u201d\u2026"
    "\u3001\u3002\u300a\u300b\u300c\u300d\u300e\u300f\u3010\u3011\uff01\uff08\uff09\uff0c\uff1a\uff1b\uff1f"
)
_OTHERS: Final = f"[^\x00-\x7f\u4e00-\u9fff{_MARKS}]+"
"""Parts of a text that are more than ASCII, common Chinese characters and the marks between them, none of which compose with what is beside them."""
_WITHIN: Final = re.compile(r"(?<=[^\W\d_])-+(?=[^\W_])|(?<=\d)-+(?=[^\W\d_])")
"""Hyphens within a word. Between digits they stay: 10-20 is not 1020."""

_APOSTROPHES: Final = (
    "[\u00b4\u02b9-\u02be\u02c8\u02ca\u02cb\u02dd\u0374\u055a\u05f3\u05f4\u1fbd\u1fbf\u1fef\u1ffd\u1ffe\u2032\u2033\u2035\u2036\ua78c\uff02\uff07]"
)
HYPHENS: Final = "\u058a\u05be\u1400\u1806\u2010-\u2015\u2043\u207b\u208b\u2212\u2e17\u2e3a\u2e3b\ufe31\ufe32\ufe58\ufe63\uff0d\u2500"
"""Marks that are replaced before and after compatible forms, since that of some is a space with an accent, and some are part of that of another."""
_LETTERS: Final = {
    **dict(zip("øłđðħŧıȷƀɨʉƶǥɇⱥȼⱦ", "olddhtijbiuzgeact")), "æ": "ae", "œ": "oe", "þ": "th", "ĳ": "ij",
}  # fmt: skip
"""Letters that Unicode does not take apart, with those that are written for them."""
_AFTER: Final[Mapping[str, str]] = {**{chr(mark): plain for mark, plain in SAME_MARK.items()}, **_LETTERS}
_AFTER_PATTERN: Final = "[" + re.escape("".join(_AFTER)) + "]"
_CACHED: Final = 30
"""Characters of a part of a text that is likely to come again, such as é or ’."""


def fold_words(text: str, *, join: bool = True) -> str:
    """Return the text in the one spelling that all its spellings share; white space is kept. Unless `join`, hyphens within words stay.

    Folding a folded text changes nothing.
    """
    folded = _fold(text)
    return _WITHIN.sub("", folded) if join and "-" in folded else folded


def joined_words(folded: str) -> Iterator[str]:
    """Yield the words of a folded text that lose a hyphen when they are joined, without it."""
    return (whole for _, _, whole in joined_word_spans(folded))


def joined_word_spans(folded: str) -> Iterator[tuple[int, int, str]]:
    """Yield start and end of the words of a folded text that lose a hyphen when they are joined, and the word without it."""
    if "-" in folded:
        for match in _COMPOUND.finditer(folded):
            whole = _WITHIN.sub("", match[0])
            if whole != match[0]:
                yield match.start(), match.end(), whole


_COMPOUND: Final = re.compile(r"[^\W_]+(?:-+[^\W_]+)+")


def fold_with_positions(text: str) -> Folded:
    """Return `fold_words(text, join=False)` with the place in the text that each of its characters comes from.

    Only a mark or a part of a Korean syllable that an invisible character separates from its letter stays apart here.
    """
    if text.isascii():
        return Folded(_fold(text), range(len(text)), range(1, len(text) + 1))
    spans = list(clusters(text) if has_joined_characters(text) else zip(range(len(text)), range(1, len(text) + 1)))
    forms = [_fold_cluster(text[start:end]) for start, end in spans]
    places = [span for form, span in zip(forms, spans) for _ in form]
    return Folded("".join(forms), [start for start, _ in places], [end for _, end in places])


def join_words(folded: Folded) -> Folded:
    """Return the folded text without the hyphens within its words, as `fold_words` makes it."""
    dropped = {place for match in _WITHIN.finditer(folded.text) for place in range(*match.span())}
    if not dropped:
        return folded
    kept = [place for place in range(len(folded.text)) if place not in dropped]
    return Folded("".join(folded.text[place] for place in kept), [folded.starts[place] for place in kept], [folded.ends[place] for place in kept])


def _fold(text: str) -> str:
    plain = text.lower()
    if not plain.isascii():
        plain = _compiled(_OTHERS).sub(_fold_match, plain)
        for mark, instead in _marks():
            plain = plain.replace(mark, instead)
        plain = _simplify(plain)
    return plain.replace('"', "'").replace("`", "'")


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    """Return the compiled pattern. Each takes milliseconds, which a process without texts beyond ASCII saves."""
    return re.compile(pattern)


_fold_cluster = lru_cache(maxsize=4096)(_fold)


def _fold_match(match: re.Match[str]) -> str:
    return (_fold_part_cached if match.end() - match.start() <= _CACHED else _fold_part)(match[0])


def _fold_part(part: str) -> str:
    decomposed = normalize("NFKD", _replace_marks(part)).casefold()
    if not unicodedata.is_normalized("NFKD", decomposed):
        decomposed = normalize("NFKD", decomposed)
    folded = _compiled(_AFTER_PATTERN).sub(_plain_form, _replace_marks(_compiled(_REMOVED).sub("", decomposed)))
    return folded if folded.isascii() else normalize("NFC", folded)


_fold_part_cached = lru_cache(maxsize=4096)(_fold_part)


def _replace_marks(part: str) -> str:
    return _compiled(f"[{HYPHENS}]").sub("-", _compiled(_APOSTROPHES).sub("'", part))


def _plain_form(match: re.Match[str]) -> str:
    return _AFTER[match[0]]


def _simplify(text: str) -> str:
    return text.translate(simplified()) if _compiled(_HAN).search(text) and not _traditional().isdisjoint(text) else text


@lru_cache(maxsize=1)
def simplified() -> Mapping[int, str]:
    """Return the simplified form of each Traditional Chinese character, which are loaded when the first Chinese text is folded."""
    from jobs.rules.text.chinese_characters import SIMPLIFIED, TRADITIONAL

    return dict(zip(map(ord, TRADITIONAL), SIMPLIFIED))


@lru_cache(maxsize=1)
def _traditional() -> frozenset[str]:
    return frozenset(map(chr, simplified()))


@lru_cache(maxsize=1)
def _marks() -> Sequence[tuple[str, str]]:
    return [(mark, _AFTER.get(mark, normalize("NFKD", mark))) for mark in _MARKS]
