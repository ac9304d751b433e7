"""Bordered data inside a prompt, so that no text in it can pass for an instruction.

Two guards, either of which holds alone. Every item is one line of JSON, so a text can neither begin a line nor end its string. And the
border is derived from a key that no text knows, and occurs in none of the texts beside it.

The border stays the same for the same seed, so that a provider's prompt cache can serve what stands behind it.
"""

from __future__ import annotations

import hmac
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

RULE = "====="
"""Every border begins with it."""

_LINE_BREAKS = re.compile("[\x7f-\x9f\u2028\u2029]")
_LABEL = b"unilife prompt borders/1"


def seed(secret: str, *scope: str) -> bytes:
    """Return the seed of the borders of one scope: a conversation, or all prompts of one version.

    Derived from the server's secret as HKDF (RFC 5869) does, under a label of its own: it tells nothing about the secret, and is never
    the key that signs tokens. With another secret the borders change, and nothing else does.
    """
    extracted = hmac.digest(_LABEL, secret.encode(), sha256)
    return hmac.digest(extracted, json.dumps(scope).encode() + b"\x01", sha256)


def line(item: object) -> str:
    """Return `item` as JSON on one line; every character that some reader takes for a line break is escaped."""
    plain = json.dumps(item, ensure_ascii=False, separators=(", ", ": "))
    return _LINE_BREAKS.sub(lambda match: f"\\u{ord(match[0]):04x}", plain)


def make_delimiter(seed: bytes, texts: Iterable[str]) -> str:
    """Return the seed's first border that occurs in none of `texts`; the same one for the same seed, but for texts that hold it."""
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
    """Return the lines of all sections, for `border`."""
    return [text for sections in written for found in sections.values() for text in found]


def block(drawn: str, written: Mapping[str, Sequence[str]]) -> str:
    """Return the block: each section opens with a line `<border> <name>`; `<border> end` closes the block."""
    rows = [row for name, found in written.items() for row in (f"{drawn} {name}", *found)]
    return "\n".join([*rows, f"{drawn} end"])


def fence_sections(seed: bytes, sections: Mapping[str, Sequence[object]]) -> tuple[str, str]:
    """Return the border and the block of `sections`, which stand alone in their message."""
    written = lines(sections)
    drawn = make_delimiter(seed, texts(written))
    return drawn, block(drawn, written)
