"""Titles of conversations as a model writes them: without Markdown, quotation marks and a label, on one line, never cut inside a character."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from llm.printable_text import is_blank

MAX_TITLE_LENGTH: Final = 80
"""Characters of a title, an ellipsis included."""
MAX_READ: Final = 2_000
"""Characters of a text in which a title is looked for, because the time grows with their square. A title with its marks takes fewer."""
_LINE_MARK: Final = re.compile(r"^\s*(?:#{1,6}\s+|>\s*|[-*+]\s+|\d{1,2}[.)]\s+|```\w*|~~~\w*|<[^<>\n]{1,40}>|\|)+")
_EMPHASIS: Final = re.compile(r"(\*{1,3}|~~|`+|(?<!\w)_{1,3})(?=\S)(.+?)(?<=\S)\1(?!\w)")
_LINK: Final = re.compile(r"!?\[([^\[\]\n]{1,200})\]\([^()\s]{0,500}\)")
_TAG: Final = re.compile(r"</?[a-zA-Z][^<>\n]{0,40}>")
_LABEL: Final = re.compile(
    r"^(?:(?:here(?:'s| is)|sure|okay|ok|certainly|of course)\b[^:：\n]{0,60}[:：]|"
    r"(?:the\s+)?(?:(?:conversation|chat|suggested|short|possible)\s+)?(?:title|titel|titre|título|topic|subject)\s*[:：]|"
    r"(?:(?:对话|會話|会话|聊天|建议)的?)?(?:标题|標題|题目|題目|主题|主題)(?:为|是)?\s*[:：])\s*",
    re.IGNORECASE,
)
_QUOTES: Final = "\"'“”„‟‘’‚«»‹›「」『』《》〈〉`*_ \t"
_PAIRS: Final = ("\"\"", "''", "“”", "„“", "‘’", "«»", "‹›", "「」", "『』", "《》", "〈〉", "()", "（）", "[]", "【】")
_END_MARKS: Final = ".。．"


def clean_title(text: str) -> str:
    """Return the title in a model's text: its first line that has one, at most `MAX_TITLE_LENGTH` characters; empty if there is none.

    Only the first `MAX_READ` characters are read.
    """
    for line in text[:MAX_READ].splitlines():
        title = _clean_line(line)
        if title and not is_blank(title):
            return shorten(title, MAX_TITLE_LENGTH)
    return ""


def shorten(text: str, longest: int) -> str:
    """Return at most `longest` characters of a text, an ellipsis included, cut between characters as users see them (grapheme clusters)."""
    if len(text) <= longest:
        return text
    end = longest - 1
    while end > 0 and not _is_boundary(text, end):
        end -= 1
    return text[:end].rstrip() + "…"


def _clean_line(line: str) -> str:
    title, before = " ".join(line.split()), None
    while title != before:
        before = title
        title = _LINE_MARK.sub("", title)
        title = _TAG.sub("", _LINK.sub(r"\1", title))
        title = _EMPHASIS.sub(r"\2", title)
        title = _LABEL.sub("", title).strip()
        title = _without_pair(title)
        title = title.rstrip(_END_MARKS + " ") if not title.endswith("...") else title
    return "" if not title.strip(_QUOTES + "-#>|") else title


def _without_pair(title: str) -> str:
    """Return the title without quotation marks around the whole of it."""
    for pair in _PAIRS:
        if len(title) > 2 and title[0] == pair[0] and title[-1] == pair[1] and not set(pair) & set(title[1:-1]):
            return title[1:-1].strip()
    return title


_VIRAMA: Final = 9
"""The canonical combining class of a virama."""


def _is_boundary(text: str, at: int) -> bool:
    """Return whether the text may be cut before `at`: the rules of UAX #29 (revision 47 of 2025-08-17) that concern letters, marks, emoji and flags."""
    before, after = text[at - 1], text[at]
    if after == "\u200d" or before == "\u200d" or unicodedata.category(after)[0] == "M":
        return False
    if "\U0001f3fb" <= after <= "\U0001f3ff" or "\U000e0020" <= after <= "\U000e007f" or after in "\u200c\uff9e\uff9f":
        return False
    if "\u1160" <= after <= "\u11ff" or "\ud7b0" <= after <= "\ud7fb":
        return False
    if unicodedata.combining(before) == _VIRAMA and unicodedata.category(after)[0] == "L":
        return False
    return not (_is_flag_letter(after) and _flag_letters_before(text, at) % 2)


def _is_flag_letter(char: str) -> bool:
    return "\U0001f1e6" <= char <= "\U0001f1ff"


def _flag_letters_before(text: str, at: int) -> int:
    start = at
    while start and _is_flag_letter(text[start - 1]):
        start -= 1
    return at - start
