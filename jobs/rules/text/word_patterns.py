"""Regular expressions of a word's spellings: they find in a text, as it is stored, each spelling that jobs/rules/text/words.py folds to the word.

They are for PostgreSQL, which so needs neither a folded copy of the text nor a locale; Python reads them alike.
"""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from jobs.rules.text.normalization import is_cjk
from jobs.rules.text.words import HYPHENS, REMOVED, fold_words, simplified

_IGNORED: Final = f"[{REMOVED}]*"
_LOOSE: Final = f"[{REMOVED}{HYPHENS}\\-]*"
"""Patterns of the characters that may stand between those of a word, without hyphens and with them."""
_ROUGHLY_LOOSE: Final = (
    "[\u00ad\u0300-\u036f\u058a\u05be\u1806\u180b-\u180f\u200b-\u2015\u202a-\u202e"
    "\u2043\u2060-\u206f\u2212\ufe00-\ufe0f\ufe58\ufe63\ufeff\uff0d\\-]*"
)
_ROUGH_FORMS: Final = "\u1d00-\u1dbf\u1e00-\u1eff\u2070-\u24ff\u2c60-\u2c7f\uff10-\uff5a\U0001d400-\U0001d7ff"
"""Ranges of other forms of letters and digits. A range is compiled many times faster than the characters of one letter in it."""
_ROUGH_LETTERS: Final = 8
_MAX_LETTERS: Final = 4
"""Letters that one character may stand for."""
_MAX_RUN: Final = 4
"""Letters whose ligatures are combined with each other: a run of n letters has up to 2ⁿ⁻¹ spellings, so a longer one (iiiiiiii) is divided."""
_LIGATURES: Final = frozenset("ff fi fl ffi ffl st ss ae oe th ij dz lj nj km kg cm mm ml no".split())
_VOICING: Final = "\u3099\u309a"


def word_pattern(word: str) -> str:
    """Return the pattern of the texts that contain a word, as it is typed or within another word."""
    return _pattern(fold_words(word), rough=False)


def equal_pattern(text: str) -> str:
    """Return the pattern of the texts that are a spelling of a text as a whole."""
    return f"^{_IGNORED}{word_pattern(text)}{_IGNORED}$"


def rough_pattern(words: Iterable[str]) -> str | None:
    """Return a pattern that every text has in which one of the folded words occurs, and few others have; None without words.

    It is compiled for each message that is sent, so it does not tell all letters of foreign alphabets apart, and looks for the first letters of a word only.
    """
    patterns: dict[str, None] = {}
    for word in filter(None, words):
        patterns[_pattern(word[:_ROUGH_LETTERS], rough=True)] = None
        if word in _ligatures():
            patterns[_class(_others(word))] = None
    return "|".join(patterns) or None


@lru_cache(maxsize=1024)
def _pattern(word: str, *, rough: bool) -> str:
    made, at = "", 0
    while at < len(word):
        end = _end_of_run(word, at, rough)
        made += _run_pattern(word[at:end], rough) + _gap(word, end, rough)
        at = end
    return made


def _end_of_run(word: str, start: int, rough: bool) -> int:
    """Return where the letters end that characters stand for which overlap, as in ffi: ﬀ, ﬁ, ﬃ. It is at most `_MAX_RUN` letters away."""
    end, at = start + 1, start
    while at < end:
        end = max([end, *(at + size for size in _sizes(word, at, rough))])
        at += 1
    return min(end, start + _MAX_RUN)


@lru_cache(maxsize=2048)
def _run_pattern(run: str, rough: bool) -> str:
    """Return the pattern of a run of letters, most often of one. Runs come again in other words, and each takes many steps."""
    spelled = list(_spellings(run, 0, rough))
    return spelled[0] if len(spelled) == 1 else f"(?:{'|'.join(spelled)})"


def _spellings(run: str, at: int, rough: bool) -> Iterator[str]:
    """Yield the patterns of a run of letters from `at` on, one for each way to write it with ligatures."""
    if at == len(run):
        yield ""
        return
    for size in (1, *_sizes(run, at, rough)):
        part, after = run[at : at + size], at + size
        spelled = (_one(part, rough) if size == 1 else _class(_others(part))) + _gap(run, after, rough)
        yield from (spelled + rest for rest in _spellings(run, after, rough))


def _sizes(word: str, at: int, rough: bool) -> list[int]:
    known = _LIGATURES if rough else _ligatures()
    return [size for size in range(2, _MAX_LETTERS + 1) if at + size <= len(word) and word[at : at + size] in known]


def _one(char: str, rough: bool) -> str:
    """Return the pattern of one character: those that are folded to it, and the parts of which it is composed."""
    if char.isspace():
        return r"\s+"
    if rough and char.isascii() and char.isalnum():
        return _class(char + "".join(other for other in _others(char) if other < "\u1d00"), _ROUGH_FORMS)
    spelled = _class(char + _others(char))
    parts = unicodedata.normalize("NFD", char)
    if len(parts) > 1:
        composed = _IGNORED.join(_class(part + _others(part)) for part in parts)
        spelled = f"(?:{spelled}|{composed})"
    if "\uac00" <= char <= "\ud7a3" and (ord(char) - 0xAC00) % 28 == 0:
        return spelled + "(?![\u11a8-\u11ff])"
    return spelled + f"(?![{_VOICING}\uff9e\uff9f])" if _is_voiced(char) else spelled


@lru_cache(maxsize=256)
def _is_voiced(char: str) -> bool:
    """Return whether a mark after the character makes another one of it, as か and a mark make が."""
    return "\u3040" <= char <= "\u30ff" and any(len(unicodedata.normalize("NFC", char + mark)) == 1 for mark in _VOICING)


def _gap(word: str, at: int, rough: bool) -> str:
    """Return what may stand before a character within a word: what is ignored, and hyphens, but not between digits."""
    if not 0 < at < len(word):
        return ""
    before, after = word[at - 1], word[at]
    loose = before.isalnum() and after.isalnum() and not (before.isdecimal() and after.isdecimal())
    return (_ROUGHLY_LOOSE if rough and (before + after).isascii() else _LOOSE) if loose else _IGNORED


def _class(characters: str, ranges: str = "") -> str:
    """Return the pattern of one of the characters, neighbours as a range."""
    made, numbers = ranges, sorted(set(map(ord, characters)))
    if len(numbers) == 1 and not ranges:
        return _literal(numbers[0])
    while numbers:
        length = next((length for length, number in enumerate(numbers) if number != numbers[0] + length), len(numbers))
        first, last = _literal(numbers[0]), _literal(numbers[length - 1])
        made += first + last if length == 2 else f"{first}-{last}" if length > 2 else first
        numbers = numbers[length:]
    return f"[{made}]"


def _literal(number: int) -> str:
    char = chr(number)
    return char if char.isalnum() or not char.isascii() else "\\" + char


def _others(text: str) -> str:
    """Return the characters that are folded to a text, besides itself."""
    if len(text) > 1:
        return _ligatures().get(text, "")
    return _letters(text) + _traditional().get(text, "") if is_cjk(text) else _letters(text)


def traditional_forms(char: str) -> str:
    """Return the traditional characters whose simplified form a character is."""
    return _traditional().get(char, "")


@lru_cache(maxsize=1024)
def _letters(letter: str) -> str:
    """Return the characters that are folded to one letter. The table is searched as it is, because a dictionary of all letters takes half a MiB."""
    from jobs.rules.text.letter_forms import FORMS

    start = f"\n{FORMS}".find(f"\n{letter} ")
    return FORMS[start + len(letter) + 1 :].partition("\n")[0] if start >= 0 else ""


@lru_cache(maxsize=1)
def _ligatures() -> Mapping[str, str]:
    """Return the characters that are folded to several letters, by these."""
    from jobs.rules.text.letter_forms import FORMS

    return {folded: others for folded, _, others in (entry.partition(" ") for entry in FORMS.split("\n")) if len(folded) > 1}


@lru_cache(maxsize=1)
def _traditional() -> Mapping[str, str]:
    forms: defaultdict[str, str] = defaultdict(str)
    for character, plain in simplified().items():
        forms[plain] += chr(character)
    return forms
