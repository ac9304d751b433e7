"""Stored texts as Markdown (CommonMark 0.31) that renders as the same text: raw HTML and entities are shown as they were written.

Messages keep their own Markdown, since answers are written in it. A line of its own, such as a title or a tag, keeps nothing.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Any

_SPECIAL = re.compile(r"([\\`*_\[\]<>&#~|])")
_LINE_START = re.compile(r"^(\d{1,9})?([-+=.)])")
_HTML = re.compile(r"<(?=[A-Za-z/!?])|&(?=#?[0-9A-Za-z]+;)")
_FENCE = re.compile(r"(`{3,})[^`]*$|(~{3,})")
_BACKTICKS = re.compile(r"`+")
_UNPRINTABLE = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""Characters that YAML 1.2 takes only as escapes (5.1), and line separators of YAML 1.1."""


def one_line(text: str) -> str:
    return " ".join(text.split())


def escape_line(text: str) -> str:
    """Return a text on one line that renders literally."""
    escaped = _SPECIAL.sub(r"\\\1", one_line(text))
    return _LINE_START.sub(lambda found: f"{found[1] or ''}\\{found[2]}", escaped)


def quote(text: str) -> str:
    """Return a text as a block quote, so that none of its lines becomes a heading of the file, with raw HTML shown as text."""
    return "\n".join(f"> {line}" for line in _neutralize(text.strip().splitlines()))


def yaml_value(value: Any) -> str:
    """Return a value as YAML on one line, which is JSON: a tag with a comma stays one tag."""
    return _UNPRINTABLE.sub(lambda found: f"\\u{ord(found[0]):04x}", json.dumps(value, ensure_ascii=False))


def _neutralize(lines: Sequence[str]) -> Iterator[str]:
    """Escape raw HTML outside of code: of fences that begin a line, and of code spans, if no span of their paragraph crosses a line."""
    fence = ""
    for is_blank, group in groupby(lines, key=lambda line: not line.strip()):
        paragraph = list(group)
        strict = not is_blank and any(_split_code(line) is None for line in _outside_fences(paragraph, fence))
        for line in paragraph:
            opened = fence
            fence = _next_fence(line, fence)
            yield line if opened or (fence and not opened) else _escape_html(line, strict)


def _outside_fences(lines: Sequence[str], fence: str) -> Iterator[str]:
    for line in lines:
        opened = fence
        fence = _next_fence(line, fence)
        if not opened and not fence:
            yield line


def _next_fence(line: str, fence: str) -> str:
    """Return the fence that is open after a line, an empty text for none."""
    if fence:
        closing = line.strip(" \t")  # other spaces are text
        is_closed = _indentation(line) < 4 and len(closing) >= len(fence) and set(closing) == {fence[0]}
        return "" if is_closed else fence
    found = _FENCE.match(line)
    return (found[1] or found[2]) if found else ""


def _indentation(line: str) -> int:
    """Return the columns before a line's text. A tab ends at a multiple of four columns, counted from the block quote's `> `."""
    leading = line[: len(line) - len(line.lstrip(" \t"))]
    return len(f"  {leading}".expandtabs(4)) - 2


def _escape_html(line: str, strict: bool) -> str:
    parts = None if strict else _split_code(line)
    if parts is None:
        return _show_html(line)
    return "".join(part if is_code else _show_html(part) for is_code, part in parts)


def _show_html(text: str) -> str:
    return _HTML.sub(lambda found: found[0] if _is_escaped(text, found.start()) else f"\\{found[0]}", text)


def _split_code(line: str) -> list[tuple[bool, str]] | None:
    """Split a line into code spans and other text; None if a backtick string has no partner in the line."""
    parts: list[tuple[bool, str]] = []
    start = at = 0
    while (found := _BACKTICKS.search(line, at)) is not None:
        begin, length = found.start(), len(found[0])
        if _is_escaped(line, begin):
            at = begin + 1
            continue
        closing = next((other for other in _BACKTICKS.finditer(line, found.end()) if len(other[0]) == length), None)
        if closing is None:
            return None
        parts += [(False, line[start:begin]), (True, line[begin : closing.end()])]
        start = at = closing.end()
    return [*parts, (False, line[start:])]


def _is_escaped(line: str, at: int) -> bool:
    count = 0
    while at > count and line[at - count - 1] == "\\":
        count += 1
    return count % 2 == 1
