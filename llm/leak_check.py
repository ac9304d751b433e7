"""Check that a provider's text repeats nothing that was sent and contains no key, before operators can read it."""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from typing import Final
from urllib.parse import unquote_plus

MAX_MESSAGE_LENGTH = 300
RUN: Final = 8
WIDE_RUN: Final = 4
"""Length of a character sequence that must not be shared: of any characters, and of Chinese, Japanese or Korean ones."""

_KEY: Final = re.compile(
    r"\b(?:sk|pk|ak|rk|gsk|xai|hf|key)[-_][\w*.-]{4,}|\bbearer\s+[\w*.-]{4,}|\beyJ[\w-]{8,}|\b(?:AKIA|AKLT|LTAI)\w{6,}|\bAIza\w+"
    r"|\*{3}[\w-]|\w\w\*{3}|\b[0-9a-f]{32}\.\w{16}\b", re.IGNORECASE)
"""Keys in the forms of known providers, complete or partly hidden by asterisks."""
_SPACE: Final = re.compile(r"\s+")
_WIDE: Final = re.compile(f"[\u2e80-\U0010ffff]{{{WIDE_RUN},}}")
_ESCAPE: Final = re.compile(r"\\u([0-9a-fA-F]{4})")
_BACKSLASHES: Final = re.compile(r"\\{2,}")
_BYTES: Final = re.compile(r"(?:\\x[0-9a-fA-F]{2})+")
_MARKED: Final = re.compile(r"\\[nrt\"\\/]")
_NO_LETTER: Final = re.compile(r"[\W\d_]+")


def to_reportable(message: str | None, sent: Iterable[str], key: str) -> str | None:
    """Return the message, cut at `MAX_MESSAGE_LENGTH`; None if it contains a key or shares a sequence of characters with `sent`.

    The time is linear in all of them.
    """
    if not message or not message.strip():
        return None
    once = _unescaped(message)
    forms = {_plain(message), _plain(once), _plain(_unescaped(once))}
    if any(_KEY.search(form) or (key and _plain(key) in form) for form in forms):
        return None
    runs = {run for form in forms for run in _runs(form)}
    if any(run in runs for text in (*sent, key) for run in _runs(_plain(text))):
        return None
    return message.strip()[:MAX_MESSAGE_LENGTH]


def _runs(text: str) -> Iterator[str]:
    for start in range(len(text) - RUN + 1):
        yield text[start : start + RUN]
    for kept in (text, _NO_LETTER.sub("", text)):
        for found in _WIDE.finditer(kept):
            for start in range(found.start(), found.end() - WIDE_RUN + 1):
                yield kept[start : start + WIDE_RUN]


def _plain(text: str) -> str:
    """Return the text normalized, so that case, width and kind of white space do not hide a repetition."""
    return _SPACE.sub(" ", unicodedata.normalize("NFKC", text)).casefold()


def _unescaped(text: str) -> str:
    """Return the text without the escapes of JSON, HTML, URLs or byte literals."""
    single = _BACKSLASHES.sub(r"\\", unquote_plus(text))
    without_bytes = _BYTES.sub(lambda found: bytes.fromhex(found[0].replace("\\x", "")).decode("utf-8", "replace"), single)
    return html.unescape(_MARKED.sub(" ", _ESCAPE.sub(lambda found: chr(int(found[1], 16)), without_bytes)))
