"""Text that can be stored and shown: without control characters and lone surrogates."""

from __future__ import annotations

import re
from typing import Final

_UNPRINTABLE: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


def printable(text: str) -> str:
    """Return `text` without control characters and lone surrogates, some of which cannot be stored; line breaks and tabs stay."""
    return _UNPRINTABLE.sub("", text)


def join_surrogates(text: str) -> str:
    """Return the text with surrogate halves from separate escapes joined to the characters that they encode."""
    if not any("\ud800" <= character <= "\udfff" for character in text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").replace("\ufffd", "")
