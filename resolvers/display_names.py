"""Validation of names that are shown in lists: nicknames, titles, tags. Invisible characters, direction controls and control characters are refused.

The rules follow Unicode, as far as users' names need it:

- direction controls (Bidi_Control, UAX #9) are refused: a title could be shown in another order than it is written;
- U+200C and U+200D are allowed where a script needs them: after a virama (RFC 5892, appendix A.1 and A.2; UAX #31, context B), U+200C also
  between two letters of a cursive script (context A1, without its table of joining types: Persian is typed with it after any letter), U+200D
  also inside an emoji ZWJ sequence (UTS #51 revision 29 of 2025-09-04, ED-16);
- tag characters are allowed in the flags that are recommended for general interchange (UTS #51, ED-14a and annex B: England, Scotland, Wales);
- a variation selector is allowed behind the kinds of characters that have variants: emoji, Han, Mongolian letters.
"""
from __future__ import annotations

import re
import unicodedata
from typing import Final

_PICTOGRAPH: Final = (
    "\u00a9\u00ae\u203c\u2049\u2122\u2139\u2194-\u21aa\u231a-\u23ff\u24c2\u25aa-\u25fe\u2600-\u27bf\u2934\u2935\u2b05-\u2b55\u3030\u303d\u3297\u3299"
    "\U0001f000-\U0001faff"
)
"""A superset of the Extended_Pictographic characters of Unicode 17."""
_ELEMENT: Final = f"[{_PICTOGRAPH}](?:\ufe0f|[\U0001f3fb-\U0001f3ff])?"
_FLAGS: Final = "|".join("\U0001f3f4" + "".join(chr(0xE0000 + ord(letter)) for letter in code) + "\U000e007f" for code in ("gbeng", "gbsct", "gbwls"))
_EMOJI: Final = re.compile(f"{_FLAGS}|{_ELEMENT}(?:\u200d{_ELEMENT})+|[{_PICTOGRAPH}0-9#*][\ufe0e\ufe0f]")
_HIDDEN: Final = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f"
    "\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff]"
)
"""Default_Ignorable_Code_Point (Unicode 17): characters without a visible shape of their own; and control characters but line breaks and tabs."""
_CONTROLS: Final = re.compile("[\x01-\x08\x0e-\x1b\x7f-\x84\x86-\x9f]")
_VIRAMA: Final = 9
"""The canonical combining class of a virama."""


def find_hidden(text: str) -> str | None:
    """Return the first character that is not allowed in a name; None when there is none."""
    kept = [found.span() for found in _EMOJI.finditer(text)] if _HIDDEN.search(text) else []
    for found in _HIDDEN.finditer(text):
        at = found.start()
        if not any(start <= at < end for start, end in kept) and not _is_needed(text, at):
            return text[at]
    return None


def without_hidden(text: str) -> str:
    """Return the text without the characters that `find_hidden` finds, for names that code generates from a user's text."""
    while (char := find_hidden(text)) is not None:
        text = text.replace(char, "")
    return text


def without_controls(text: str) -> str:
    """Return the text without the control characters that are no white space, for names that were stored before they were refused."""
    return _CONTROLS.sub("", text)


def _is_needed(text: str, at: int) -> bool:
    char, before, after = text[at], text[at - 1 : at], text[at + 1 : at + 2]
    if not before:
        return False
    if char in "\u200c\u200d" and unicodedata.combining(before) == _VIRAMA:
        return unicodedata.category(_letter_before(text, at) or " ")[0] == "L"
    if char == "\u200c":
        return _is_cursive(_letter_before(text, at)) and _is_cursive(after)
    if char in "\u180b\u180c\u180d\u180e\u180f":
        return "\u1820" <= before <= "\u18aa"
    if "\U000e0100" <= char <= "\U000e01ef" or "\ufe00" <= char <= "\ufe02":
        return "\u3400" <= before <= "\u9fff" or "\uf900" <= before <= "\ufaff" or "\U00020000" <= before <= "\U0003ffff"
    return False


def _letter_before(text: str, at: int) -> str:
    """Return the last character before `at` that is not a combining mark."""
    while at > 0 and unicodedata.category(text[at - 1])[0] == "M":
        at -= 1
    return text[at - 1 : at]


def _is_cursive(char: str) -> bool:
    """Return whether the character is a joining letter: Arabic and Syriac by their direction, N'Ko, Mandaic, Adlam and Mongolian by their code points."""
    if not char or unicodedata.category(char)[0] != "L":
        return False
    by_place = "\u07ca" <= char <= "\u07ea" or "\u0840" <= char <= "\u0858" or "\u1820" <= char <= "\u18aa" or "\U0001e900" <= char <= "\U0001e943"
    return by_place or unicodedata.bidirectional(char) == "AL"
