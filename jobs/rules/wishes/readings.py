"""Kinds of sentences that the rules of wishes know, and the patterns that both languages make of their tables of words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final, Literal

Kind = Literal["REMEMBER", "FORGET"]
Sort = Literal["COURTESY", "LIFE", "STATEMENT", "QUESTION", "REASON", "WISH"]
"""The kinds of sentences that are evidently the user's.

COURTESY: a greeting, thanks or an interjection. LIFE: where the user lives, works, what they eat or how they are. STATEMENT: something else of the user or
of theirs, which must be what a wish points at. QUESTION: about the user's life, and about no text. REASON: why something is to be
forgotten, such as "It was a joke", directly after that wish. WISH: it asks to remember or to forget.
"""


@dataclass
class Ask:
    """A wish in a sentence, in characters of the folded sentence: what it is about from `start` to `end`, and the parts that only ask."""

    kind: Kind
    start: int
    end: int
    asks: list[tuple[int, int]]
    points: bool = False
    """True if it says nothing but "that" or "this": its content stands beside it."""
    announces: bool = False
    """True if its content goes on in the sentences below."""


@dataclass
class Reading:
    """The kind of a sentence that is evidently the user's own."""

    sort: Sort
    asks: list[Ask] = field(default_factory=list)
    is_listed: bool = False
    """True in a list that a wish announces."""


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause of a folded sentence, with the mark before it and the one after it; an empty text where there is none."""

    start: int
    end: int
    before: str
    after: str


_SEPARATORS: Final = r"(?:\s*(?:(?<!\d)[,:]|[,:](?!\d)|[;()]|-{2,}|\.{2,})|\s+-+(?=\s))+\s*"
MAX_CLAUSES: Final = 12
"""Clauses of a sentence; a longer one is not read."""


def split_clauses(text: str) -> list[Clause]:
    """Return the clauses of a folded sentence that is stripped of the marks at its end."""
    found, start, before = [], 0, ""
    for mark in pattern(_SEPARATORS).finditer(text):
        if mark.start() > start:
            found.append(Clause(start, mark.start(), before, mark[0].strip()))
        start, before = mark.end(), mark[0].strip()
    return [*found, Clause(start, len(text), before, "")] if start < len(text) else found


@lru_cache(maxsize=256)
def pattern(source: str) -> re.Pattern[str]:
    """Return the compiled pattern."""
    return re.compile(source)


def has(source: str, text: str) -> bool:
    """Return whether the pattern is found in the text."""
    return pattern(source).search(text) is not None


@lru_cache(maxsize=64)
def words_of(rows: Sequence[str]) -> str:
    """Return the pattern of one of the alternatives of a table, as whole words."""
    return rf"\b(?:{'|'.join(rows)})\b"


@lru_cache(maxsize=64)
def any_of(rows: Sequence[str]) -> str:
    """Return the pattern of one of the alternatives of a table, the longest ones first. Rows are divided at each `|`, so none may have one in a group."""
    return f"(?:{'|'.join(sorted((entry for row in rows for entry in row.split('|')), key=len, reverse=True))})"


def skip(text: str, at: int, token: re.Pattern[str], filler: str) -> int:
    """Return where the tokens that stand at a place of a text end, with what may stand between them. Each is read once."""
    while at < len(text):
        if text[at] in filler:
            at += 1
        elif (found := token.match(text, at)) is not None and found.end() > at:
            at = found.end()
        else:
            break
    return at


def begin_alike(text: str, last: Ask, ask: Ask, joins: str) -> bool:
    """Return whether two wishes in a row begin with the same words, and no word of the pattern `joins` stands between them, as in lines of a verse."""
    same = text[slice(*last.asks[0])].strip(" ,") == text[slice(*ask.asks[0])].strip(" ,")
    return same and not last.points and not has(joins, text[last.end : ask.asks[0][1]])


def escape_names(names: Iterable[str]) -> tuple[str, ...]:
    """Return the names as patterns."""
    return tuple(re.escape(name) for name in names if name)
