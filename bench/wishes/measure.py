"""Wishes to remember or forget and pastes that have one, in both languages: `true_en.txt`, `true_zh.txt`, `pastes_en.txt` and `pastes_zh.txt`.

A wish is a row `KIND|words|message`: the words are what it is about, and stand in the message except for case and apostrophes. A paste is a message in which
another sentence, or the form, shows that the wish is not the user's; `/n` is a new line. Each second row is of the half on which the rules were tuned.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal, cast

from jobs.rules.wishes import Kind, find_wishes

Half = Literal["tuned", "unseen"]
HALVES: Final[tuple[Half, ...]] = ("tuned", "unseen")
KINDS: Final[tuple[Kind, ...]] = ("REMEMBER", "FORGET")


@dataclass(frozen=True, slots=True)
class TrueWish:
    kind: Kind
    words: str
    message: str
    half: Half

    @property
    def is_accepted(self) -> bool:
        """Return whether the rules find the wish, about these words."""
        return any(_plain(self.words) in _plain(self.message[wish.start : wish.end]) for wish in find_wishes(self.kind, self.message))


@dataclass(frozen=True, slots=True)
class Paste:
    message: str
    half: Half

    @property
    def is_accepted(self) -> bool:
        """Return whether the rules find a wish of either kind."""
        return any(find_wishes(kind, self.message) for kind in KINDS)


def load_wishes(language: str) -> Sequence[TrueWish]:
    """Return the wishes of a language: en or zh. Raises ValueError for a row that is none."""
    rows = [row.split("|") for row in _rows(f"true_{language}.txt")]
    if not all(len(row) == 3 and row[0] in KINDS for row in rows):
        raise ValueError(f"true_{language}.txt has a row that is no wish")
    return [TrueWish(cast("Kind", kind), words, message, HALVES[number % 2]) for number, (kind, words, message) in enumerate(rows)]


def load_pastes(language: str) -> Sequence[Paste]:
    return [Paste(row.replace("/n", "\n"), HALVES[number % 2]) for number, row in enumerate(_rows(f"pastes_{language}.txt"))]


def _rows(name: str) -> Sequence[str]:
    return (Path(__file__).parent / name).read_text(encoding="utf-8").splitlines()


def _plain(text: str) -> str:
    return text.lower().replace("'", "")
