"""The check that a provider's words repeat nothing of what was sent and hold no key, before an operator may read them."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from typing import Final

LONGEST_MESSAGE = 300
RUN: Final = 8
WIDE_RUN: Final = 4
"""Characters in a row that may not be shared: of any kind, and of Chinese, Japanese or Korean ones."""

_KEY: Final = re.compile(
    r"\b(?:sk|pk|ak|rk|gsk|xai|hf|key)[-_][\w*.-]{4,}|\bbearer\s+[\w*.-]{4,}|\beyJ[\w-]{8,}|\b(?:AKIA|AKLT|LTAI)\w{6,}", re.IGNORECASE)
_SPACE: Final = re.compile(r"\s+")
_WIDE: Final = re.compile(f"[\u2e80-\U0010ffff]{{{WIDE_RUN},}}")
_ESCAPE: Final = re.compile(r"\\u([0-9a-fA-F]{4})")
_MARKED: Final = re.compile(r"\\[nrt\"\\/]")


def reportable(message: str | None, sent: Iterable[str], key: str) -> str | None:
    """The message, cut at `LONGEST_MESSAGE`; None where it holds a key or shares a run of characters with `sent`. Linear in all of them."""
    if not message or not message.strip():
        return None
    forms = {_plain(message), _plain(_unescaped(message))}
    if any(_KEY.search(form) or (key and key.casefold() in form) for form in forms):
        return None
    runs = {run for form in forms for run in _runs(form)}
    if any(run in runs for text in (*sent, key) for run in _runs(_plain(text))):
        return None
    return message.strip()[:LONGEST_MESSAGE]


def _runs(text: str) -> Iterator[str]:
    for start in range(len(text) - RUN + 1):
        yield text[start : start + RUN]
    for found in _WIDE.finditer(text):
        for start in range(found.start(), found.end() - WIDE_RUN + 1):
            yield text[start : start + WIDE_RUN]


def _plain(text: str) -> str:
    """Case and the kind of white space do not hide a repetition."""
    return _SPACE.sub(" ", text).casefold()


def _unescaped(text: str) -> str:
    """As it was before JSON or HTML escaped it."""
    return html.unescape(_MARKED.sub(" ", _ESCAPE.sub(lambda found: chr(int(found[1], 16)), text)))
