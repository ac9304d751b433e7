"""Wishes to remember or forget and pastes that have one, in both languages.

A wish is a row `KIND|words|message` of `first`, `second` or `third`: the words are what it is about, and stand in the message except for case and
apostrophes. A paste is a message in which another sentence, or the form, shows that the wish is not the user's (`pastes`, `pastes_second`), or one of which
only the wish's own words could show it (`pastes_alone`); `/n` is a new line. The second and third sets were written after the rules had been changed for
earlier ones.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

from jobs.rules.wishes import Kind, find_wishes

WISHES: Final = ("first", "second", "third")
PASTES: Final = ("pastes", "pastes_second", "pastes_alone")
KINDS: Final[tuple[Kind, ...]] = ("REMEMBER", "FORGET")


@dataclass(frozen=True, slots=True)
class TrueWish:
    kind: Kind
    words: str
    message: str

    @property
    def is_accepted(self) -> bool:
        """Return whether the rules find the wish, about these words."""
        return any(_plain(self.words) in _plain(self.message[wish.start : wish.end]) for wish in find_wishes(self.kind, self.message))


@dataclass(frozen=True, slots=True)
class Paste:
    message: str

    @property
    def is_accepted(self) -> bool:
        """Return whether the rules find a wish of either kind."""
        return any(find_wishes(kind, self.message) for kind in KINDS)


def load_wishes(name: str, language: str) -> Sequence[TrueWish]:
    """Return the wishes of one of `WISHES` in a language: en or zh. Raises ValueError for a row that is none."""
    rows = [row.split("|") for row in _rows(name, language)]
    if not all(len(row) == 3 and row[0] in KINDS and _plain(row[1]) in _plain(row[2]) for row in rows):
        raise ValueError(f"{name}_{language}.txt has a row that is no wish")
    return [TrueWish(cast("Kind", kind), words, message) for kind, words, message in rows]


def load_pastes(name: str, language: str) -> Sequence[Paste]:
    """Return the messages of one of `PASTES` in a language: en or zh."""
    return [Paste(row.replace("/n", "\n")) for row in _rows(name, language)]


def _rows(name: str, language: str) -> Sequence[str]:
    return (Path(__file__).parent / f"{name}_{language}.txt").read_text(encoding="utf-8").splitlines()


def _plain(text: str) -> str:
    return text.lower().replace("'", "")
