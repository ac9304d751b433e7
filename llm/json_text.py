"""Extraction of JSON from a model's text: inside a fence, behind an introduction or before a remark."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Final

MAX_ATTEMPTS: Final = 50
"""Braces that begin no JSON value; the search stops after so many of them, to stay linear."""
MAX_OBJECTS: Final = 10
"""Maximum number of objects in a text that are tried, the longest first."""

_DECODER: Final = json.JSONDecoder()


def iterate_values(text: str, opening: str = "{") -> Iterator[tuple[int, int, object]]:
    """Yield start, end and value of the outermost JSON values in `text` that begin with one of the characters `opening`."""
    attempts, position = 0, 0
    while attempts < MAX_ATTEMPTS:
        starts = [found for found in (text.find(character, position) for character in opening) if found >= 0]
        if not starts:
            return
        start = min(starts)
        try:
            value, end = _DECODER.raw_decode(text, start)
        except (ValueError, RecursionError):
            attempts, position = attempts + 1, start + 1
            continue
        yield start, end, value
        position = end


def list_candidates(text: str) -> list[str]:
    """Return the texts that may be the requested object: the whole text, then each object in it, the longest first."""
    whole = text.strip()
    found = sorted((whole[start:end] for start, end, _ in iterate_values(whole)), key=len, reverse=True)
    return list(dict.fromkeys([whole, *found[:MAX_OBJECTS]]))
