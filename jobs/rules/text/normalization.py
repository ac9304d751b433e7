"""Text normalisation for comparison: NFKC, case, white space and punctuation are folded, and positions map back to the original.

Normalisation changes lengths (ﬁ becomes two characters, e + ´ one, a half-width ｶﾞ one), so text is folded cluster by cluster, and the
range of the original is stored for each folded character.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

Form = Literal["NFC", "NFD", "NFKC", "NFKD"]

SAME_MARK: Final = str.maketrans(
    {
        **dict.fromkeys("\"'`´“”„‟«»‘’‚‛‹›「」『』〝〞〟《》〈〉", "'"),
        **dict.fromkeys("‐‑‒–—―−─﹘", "-"),
        **dict.fromkeys("。｡", "."),
        **dict.fromkeys("、､", ","),
        **dict.fromkeys("〜∼", "~"),
        **dict.fromkeys("【〔〖", "["),
        **dict.fromkeys("】〕〗", "]"),
        **dict.fromkeys("・‧•", "·"),
    }
)
_NO_SPACE_BESIDE: Final = re.compile("[\u2e80-\u312f\u3190-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
"""Chinese and Japanese characters. They are written without spaces, and a space between them and Latin letters is optional."""
MARKS: Final = 30
"""Maximum number of consecutive combining marks that are put into canonical order together. No language needs more (UAX #15, "Stream-Safe
Text Format"), and the time of ordering grows with the square of their number."""
_HIDDEN_MARKS: Final = "\u0f73\u0f75\u0f81\uff9e\uff9f"
"""Characters of combining class 0 that decompose into combining marks: Tibetan vowels, the half-width sound marks of Japanese."""
_UNSAFE: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Folded:
    """A folded text with its positions: `text[i]` came from the original's `starts[i]:ends[i]`."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


def fold(text: str) -> Folded:
    """Return the text folded for comparison.

    White space at the ends is removed, inner white space becomes one space, and white space next to Chinese or Japanese is removed.
    """
    if text.isascii() and " ".join(text.split()) == text:
        return Folded(fold_characters(text), range(len(text)), range(1, len(text) + 1))
    pieces = _without_idle_spaces(list(_pieces(text)))
    return Folded(
        text="".join(piece[0] for piece in pieces),
        starts=tuple(piece[1] for piece in pieces),
        ends=tuple(piece[2] for piece in pieces),
    )


def to_single_line(text: str) -> str:
    """Return the text as one line to store and show: without control and direction marks and lone surrogates, with single spaces."""
    return " ".join(_UNSAFE.sub("", text).split())


def has_content(text: str) -> bool:
    """Return whether the text has a letter, digit or symbol; punctuation, marks and white space are not content."""
    return any(unicodedata.category(char)[0] in "LNS" for char in text)


def is_cjk(char: str) -> bool:
    return _NO_SPACE_BESIDE.match(char) is not None


def has_cjk(text: str) -> bool:
    """Return whether a text has a Chinese or Japanese character."""
    return not text.isascii() and _NO_SPACE_BESIDE.search(text) is not None


def normalize(form: Form, text: str) -> str:
    """Return `unicodedata.normalize(form, text)` in linear time. Of consecutive marks, those beyond `MARKS` are ordered separately."""
    if len(text) <= MARKS:
        return unicodedata.normalize(form, text)
    return "".join(unicodedata.normalize(form, piece) for piece in _between_marks(text))


def _between_marks(text: str) -> Iterator[str]:
    start = marks = 0
    for position, order in enumerate(map(unicodedata.combining, text)):
        marks = marks + 1 if order or text[position] in _HIDDEN_MARKS else 0
        if marks > MARKS:
            yield text[start:position]
            start, marks = position, 1
    yield text[start:]


def fold_characters(text: str) -> str:
    """Return `text` (a cluster, or any string) in NFKC with case and punctuation folded. White space and invisible characters stay."""
    if text.isascii():
        return text.lower().replace('"', "'").replace("`", "'")  # the only ASCII characters of SAME_MARK
    folded = normalize("NFKC", normalize("NFKC", text).casefold())
    return folded.translate(SAME_MARK)


_fold_cluster = lru_cache(maxsize=4096)(fold_characters)


def _pieces(text: str) -> Iterator[tuple[str, int, int]]:
    for start, end in clusters(text):
        for char in _fold_cluster(text[start:end]):
            if char.isspace():
                yield " ", start, end
            elif not is_invisible(char):
                yield char, start, end


def is_invisible(char: str) -> bool:
    """Return whether the character has no visible form: a non-ASCII format or control character, a variation selector, a surrogate, or an
    unassigned code point."""
    return not char.isascii() and ("\ufe00" <= char <= "\ufe0f" or unicodedata.category(char) in ("Cf", "Cc", "Cs", "Cn"))


def has_joined_characters(text: str) -> bool:
    """Return whether NFKC may compose a character of the text with the one before it."""
    return any(map(_joins_to_the_left, set(text)))


def clusters(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of a text's characters, each with the marks that NFKC may compose with it."""
    start = 0
    for position in range(1, len(text)):
        if not _joins_to_the_left(text[position]) or position - start > MARKS:
            yield start, position
            start = position
    if text:
        yield start, len(text)


@lru_cache(maxsize=4096)
def _joins_to_the_left(char: str) -> bool:
    """Return whether NFKC may compose the character with the one before it: a combining mark, or a later part of a Korean syllable."""
    if char < "\u0300":
        return False
    first = unicodedata.normalize("NFKD", char)[0]
    return unicodedata.combining(first) != 0 or unicodedata.category(first)[0] == "M" or "\u1160" <= first <= "\u11ff" or "\ud7b0" <= first <= "\ud7ff"


def _without_idle_spaces(pieces: list[tuple[str, int, int]]) -> list[tuple[str, int, int]]:
    kept: list[tuple[str, int, int]] = []
    waiting: tuple[str, int, int] | None = None
    for piece in pieces:
        if piece[0] == " ":
            waiting = (" ", waiting[1] if waiting else piece[1], piece[2])
            continue
        if waiting and kept and not (is_cjk(kept[-1][0]) or is_cjk(piece[0])):
            kept.append(waiting)
        waiting = None
        kept.append(piece)
    return kept
