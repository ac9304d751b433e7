"""Delimited data inside a prompt, so that no text in it can pass for an instruction.

There are two independent safeguards. Every item is one line of JSON, so a text can neither begin a line nor end its string. And the delimiter is
derived from a key that no text contains, and occurs in none of the delimited texts.

The delimiter is the same for the same seed, so that a provider's prompt cache can serve the text behind it.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

RULE = "====="
"""The prefix of every delimiter."""

_LINE_BREAKS = re.compile("[\x7f-\x9f\u2028\u2029]")
_LABEL = b"unilife prompt borders/1"
_to_json = json.JSONEncoder(ensure_ascii=False).encode  # `json.dumps` would make an encoder for each line


def seed(secret: str, *scope: str) -> bytes:
    """Return the seed of the delimiters of one scope: a conversation, or all prompts of one version.

    It is derived from the server's secret as in HKDF (RFC 5869), under its own label: it reveals nothing about the secret, and is never the key
    that signs tokens. Another secret changes only the delimiters.
    """
    extracted = hmac.digest(_LABEL, secret.encode(), sha256)
    return hmac.digest(extracted, json.dumps(scope).encode() + b"\x01", sha256)


def line(item: object) -> str:
    """Return `item` as JSON on one line; every character that some reader treats as a line break is escaped."""
    return _LINE_BREAKS.sub(lambda match: f"\\u{ord(match[0]):04x}", _to_json(item))


def make_delimiter(seed: bytes, texts: Iterable[str]) -> str:
    """Return the seed's first delimiter that occurs in none of `texts`; the same one for the same seed, unless a text contains it."""
    joined = "\n".join(texts)
    number = 0
    while True:
        drawn = RULE + hmac.digest(seed, str(number).encode(), sha256).hex()[:16]
        if drawn not in joined:
            return drawn
        number += 1


def lines(sections: Mapping[str, Sequence[object]]) -> dict[str, list[str]]:
    """Return each section's items as lines of JSON."""
    return {name: [line(item) for item in items] for name, items in sections.items()}


def texts(*written: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the lines of all sections, for `make_delimiter`."""
    return [text for sections in written for found in sections.values() for text in found]


def block(drawn: str, written: Mapping[str, Sequence[str]]) -> str:
    """Return the block: each section opens with a line `<delimiter> <name>`; `<delimiter> end` closes the block."""
    rows = [row for name, found in written.items() for row in (f"{drawn} {name}", *found)]
    return "\n".join([*rows, f"{drawn} end"])


def fence_sections(seed: bytes, sections: Mapping[str, Sequence[object]]) -> tuple[str, str]:
    """Return the delimiter and the block of `sections`, for a message without other texts."""
    written = lines(sections)
    drawn = make_delimiter(seed, texts(written))
    return drawn, block(drawn, written)
