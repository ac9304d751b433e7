"""Names about which nothing is kept, as the user gave them: every spelling of the one notion of a word (jobs/rules/text/words.py) is found."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final

from jobs.rules.text.normalization import is_cjk
from jobs.rules.text.words import fold_words

_HAN: Final = "\u3400-\u9fff\u3040-\u30ff\uac00-\ud7a3"
_BETWEEN: Final = re.compile(r"[\s.·]+")
_BEFORE: Final = f"(?<![^\\W_{_HAN}])"
_AFTER: Final = f"(?:'?s)?(?![^\\W_{_HAN}])"
"""A name is a word of its own: neither a letter before it nor one behind it, but for a genitive. Chinese characters may stand at both sides."""


def make_name_pattern(names: Sequence[str]) -> Callable[[str], bool] | None:
    """Return a function that tells whether a folded text has one of the names as words of its own; None without names.

    A Chinese name may stand anywhere, because Chinese has no spaces. Another one may not continue in letters: Anna's, but not Annabel. Mary-Jane is also
    found as Mary Jane.
    """
    spellings = {spelling: None for name in names for spelling in (fold_words(name), fold_words(name, join=False).replace("-", " "))}
    patterns = [pattern for spelling in spellings if (pattern := _pattern(_BETWEEN.split(spelling)))]
    if not patterns:
        return None
    compiled = re.compile("|".join(patterns))
    return lambda folded: compiled.search(folded) is not None


def _pattern(parts: Sequence[str]) -> str:
    words = [part for part in parts if part]
    if not words:
        return ""
    if all(map(is_cjk, "".join(words))):
        words = list("".join(words))
    between = r"[\s.·]*" if any(map(is_cjk, "".join(words))) else r"[\s.]+"
    before = _BEFORE if _is_letter(words[0][0]) else ""
    after = _AFTER if _is_letter(words[-1][-1]) else ""
    return f"{before}{between.join(map(re.escape, words))}{after}"


def _is_letter(char: str) -> bool:
    return char.isalnum() and not is_cjk(char)
