"""The whole statement around a quote: the sentence it stands in, or the clauses of a long sentence, so that no quote is read without its "not"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from jobs.rules.text.normalization import has_content

STATEMENT_LENGTH: Final = 240
"""Maximum length, in characters, of a sentence that is taken whole. Of a longer one, the quote's clauses and those before it that fit are taken."""
MAX_SENTENCE: Final = 600
"""A text without any end of a sentence is cut after this many characters, between words if it has any, which bounds the time that rules need for it."""

_END: Final = re.compile(r"[。！？!?…]+[”’」』\"')）】]*|(?<!\.)\.+[”’\"')]*(?=\s|$)|[\r\n]+|[；;](?=\s|[^\x00-\x7f])")
_ABBREVIATION: Final = re.compile(r"(?:^|[\s(])(?:mr|mrs|ms|dr|st|vs|e\.g|i\.e|etc|no|approx|a\.m|p\.m|prof|jr|sr|[a-z])\.$", re.IGNORECASE)
_SOFT_BREAK: Final = re.compile(r"[\r\n][ \t]*(?=[a-z])")
_CONTINUES: Final = re.compile(r"[a-z,，'’]\s*$", re.IGNORECASE)
_CLAUSE_END: Final = re.compile(r"[，,、：:—–](?=.)|\s(?=(?:but|and|so|because|although|though|while)\s)")


def sentence_spans(content: str) -> Iterator[tuple[int, int]]:
    """Yield the start and end of each sentence. A line break inside a sentence does not end it, nor does an abbreviation's dot."""
    start = 0
    for match in _END.finditer(content):
        end = match.end()
        if _is_abbreviation(content, start, match) or _is_soft_break(content, match):
            continue
        yield from _bounded(content, start, end)
        start = end
    yield from _bounded(content, start, len(content))


def statement_span(content: str, start: int, end: int, spans: list[tuple[int, int]]) -> tuple[int, int]:
    """Return the span of the statement around `content[start:end]`: from the beginning of its first sentence to the end of its last one.

    `spans` are the sentences of `content`. A sentence longer than `STATEMENT_LENGTH` is cut to clauses.
    """
    touched = [(first, last) for first, last in spans if first < end and start < last]
    if not touched:
        return start, end
    first, last = min(start, touched[0][0]), max(end, touched[-1][1])
    if touched[0][1] - touched[0][0] > STATEMENT_LENGTH:
        first = min(start, _clause_start(content, touched[0][0], start, min(end, touched[0][1])))
    if touched[-1][1] - touched[-1][0] > STATEMENT_LENGTH:
        last = max(end, _clause_end(content, end, touched[-1][1]))
    return first, last


def _clause_start(content: str, first: int, start: int, end: int) -> int:
    """Return the earliest beginning of a clause from which the statement still fits, but at least the beginning of the quote's own clause."""
    starts = [first, *(match.end() for match in _CLAUSE_END.finditer(content, first, start))]
    fitting = [at for at in starts if end - at <= STATEMENT_LENGTH]
    at = fitting[0] if fitting else starts[-1]
    if start - at > STATEMENT_LENGTH:  # a clause without end: from the nearest word
        at = content.find(" ", start - STATEMENT_LENGTH, start) + 1 or start - STATEMENT_LENGTH
    return at + len(content[at:start]) - len(content[at:start].lstrip())


def _clause_end(content: str, end: int, last: int) -> int:
    found = _CLAUSE_END.search(content, max(end - 1, 0), last)
    at = last if found is None else max(end, len(content[: found.start()].rstrip()))
    if at - end > STATEMENT_LENGTH:
        space = content.rfind(" ", end, end + STATEMENT_LENGTH)
        at = end + STATEMENT_LENGTH if space < 0 else space
    return at


def _is_abbreviation(content: str, start: int, match: re.Match[str]) -> bool:
    return match[0] == "." and _ABBREVIATION.search(content, max(start, match.end() - 8), match.end()) is not None


def _is_soft_break(content: str, match: re.Match[str]) -> bool:
    if match[0] not in ("\n", "\r\n", "\r"):
        return False
    return _SOFT_BREAK.match(content, match.end() - 1) is not None and _CONTINUES.search(content, max(0, match.start() - 4), match.start()) is not None


def _bounded(content: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        stop = end if end - start <= MAX_SENTENCE else content.rfind(" ", start, start + MAX_SENTENCE) + 1 or start + MAX_SENTENCE
        part = content[start:stop]
        if has_content(part):
            yield start + len(part) - len(part.lstrip()), start + len(part.rstrip())
        start = stop
