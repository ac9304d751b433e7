"""The search for a quote in its message. The stored quote is always a slice of the user's text."""

from __future__ import annotations

import unicodedata
from typing import Final

from jobs.rules.text.normalization import Folded, fold, has_content, is_cjk

MAX_QUOTE_LENGTH: Final = 500
"""Maximum length of a stored quote in characters. A quote has at least one letter, digit or symbol."""


def find_quote(quote: str, content: str, folded: Folded) -> tuple[int, int] | None:
    """Return start and end, in characters, of the part of `content` that equals `quote` after folding; `folded` is `fold(content)`.

    A match of whole words is preferred to one inside a word. If the quote does not occur, it is tried without its outer punctuation, which
    models tend to add, and then unfolded. Returns None when no form of it occurs.
    """
    whole = fold(quote).text
    for words in dict.fromkeys((whole, _without_outer_marks(whole))):
        if words and (at := _first(words, folded.text)) is not None:
            return folded.starts[at], folded.ends[at + len(words) - 1]
    exact = content.find(quote) if quote else -1
    return None if exact < 0 else (exact, exact + len(quote))


def _first(words: str, text: str) -> int | None:
    """Return the position of the first match at word boundaries, or of the first match if none of the first hundred is at word boundaries.

    The limit bounds the time for repetitive text.
    """
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
