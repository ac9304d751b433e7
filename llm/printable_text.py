"""Text that can be stored and shown: without control characters and lone surrogates, and not blank."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_SURROGATE = re.compile("[\ud800-\udfff]")
_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")

_SHAPELESS: Final = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0")
"""Characters without a shape that Unicode counts as letters, marks or symbols: of Default_Ignorable_Code_Point (Unicode 17), and Braille's blank."""
_INVISIBLE: Final = ("Cc", "Cf", "Cs", "Zs", "Zl", "Zp")


def is_blank(text: str) -> bool:
    """Return whether a text shows nothing: only white space, invisible characters, direction marks and control characters."""
    return not any(_is_visible(char) for char in text)


def _is_visible(char: str) -> bool:
    if char in _SHAPELESS or "\ufe00" <= char <= "\ufe0f" or "\U000e0000" <= char <= "\U000e0fff":
        return False
    return unicodedata.category(char) not in _INVISIBLE


def remove_unprintable(text: str) -> str:
    """Return `text` without control characters and lone surrogates, some of which cannot be stored; line breaks and tabs stay."""
    return _UNPRINTABLE.sub("", text)


def join_surrogates(text: str) -> str:
    """Return the text with surrogate halves from separate escapes joined to the characters that they encode."""
    if _SURROGATE.search(text) is None:
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\ufffd", "")
