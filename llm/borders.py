"""Bordered data inside a prompt, so that no text in it can pass for an instruction.

Two guards, either of which holds alone. Every item is one line of JSON, so a text can neither begin a line nor end its
string. And the border carries a digest of all items and occurs in none of them, so nobody can write it in advance.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256

_LINE_BREAKS = re.compile("[\x7f-\x9f\u2028\u2029]")


def line(item: object) -> str:
    """`item` as JSON on one line; every character that some reader takes for a line break is escaped."""
    plain = json.dumps(item, ensure_ascii=False, separators=(", ", ": "))
    return _LINE_BREAKS.sub(lambda match: f"\\u{ord(match[0]):04x}", plain)


def border(lines: Iterable[str]) -> str:
    """A border that occurs in none of `lines`; the same for the same lines."""
    text = "\n".join(lines)
    number = 0
    while True:
        drawn = "=====" + sha256(f"{number}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()[:16]
        if drawn not in text:
            return drawn
        number += 1


def enclose(sections: Mapping[str, Sequence[object]]) -> tuple[str, str]:
    """The border and the block: each section opens with a line `<border> <name>`; `<border> end` closes the block."""
    written = {name: [line(item) for item in items] for name, items in sections.items()}
    drawn = border(text for lines in written.values() for text in lines)
    block = [row for name, lines in written.items() for row in (f"{drawn} {name}", *lines)]
    return drawn, "\n".join([*block, f"{drawn} end"])
