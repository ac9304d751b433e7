"""Where in a message a quote stands: the stored quote is always a slice of what the person wrote."""

from __future__ import annotations

import unicodedata
from typing import Final

from jobs.rules.text.normalization import Folded, fold, has_content, is_cjk

QUOTE_LENGTH: Final = 500
"""Most characters of a stored quote; it has at least one letter, digit or symbol."""


def find_quote(quote: str, content: str, folded: Folded) -> tuple[int, int] | None:
    """Start and end, in characters, of the stretch of `content` that reads like `quote`; `folded` is `fold(content)`.

    Where whole words match, that place is taken before one inside a word. Marks around the quote that the person did
    not write (a model likes to close a sentence) are passed over. None when the words do not occur.
    """
    whole = fold(quote).text
    for words in dict.fromkeys((whole, _without_outer_marks(whole))):
        if words and (at := _first(words, folded.text)) is not None:
            return folded.starts[at], folded.ends[at + len(words) - 1]
    exact = content.find(quote) if quote else -1
    return None if exact < 0 else (exact, exact + len(quote))


def _first(words: str, text: str) -> int | None:
    """Stops looking for a better place after a hundred, so that repetition costs nothing."""
    first = at = text.find(words)
    for _ in range(100):
        if at < 0:
            break
        if not _cuts_word(text, at) and not _cuts_word(text, at + len(words)):
            return at
        at = text.find(words, at + 1)
    return None if first < 0 else first


def _cuts_word(text: str, at: int) -> bool:
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    return before.isalnum() and after.isalnum() and not is_cjk(before) and not is_cjk(after)


def _without_outer_marks(text: str) -> str:
    if not has_content(text):
        return ""
    start, end = 0, len(text)
    while _is_mark(text[start]):
        start += 1
    while _is_mark(text[end - 1]):
        end -= 1
    return text[start:end]


def _is_mark(char: str) -> bool:
    return char == " " or unicodedata.category(char)[0] == "P"
