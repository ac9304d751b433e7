"""Text compared as people read it: NFKC, case, white space and punctuation folded, with the way back to the original.

Normalisation changes lengths (ﬁ becomes two characters, e + ´ one, a half-width ｶﾞ one), so text is folded cluster
by cluster, and each folded character knows the stretch of the original that it came from.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal

Form = Literal["NFC", "NFD", "NFKC", "NFKD"]

_SAME_MARK: Final = str.maketrans(
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
"""Chinese and Japanese are written without spaces; whether one stands beside Latin letters is taste."""
MARKS: Final = 30
"""Most combining marks in a row that are put into order together. No language needs more (UAX #15, "Stream-Safe Text Format"), and ordering
them takes time that grows with the square of their number."""
_HIDDEN_MARKS: Final = "\u0f73\u0f75\u0f81\uff9e\uff9f"
"""Characters that are no combining marks but are taken apart into some: Tibetan vowels, the half-width sound marks of Japanese."""
_UNSAFE: Final = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Folded:
    """`text[i]` came from the original's `starts[i]:ends[i]`."""

    text: str
    starts: Sequence[int]
    ends: Sequence[int]


def fold(text: str) -> Folded:
    """White space at the ends is left out, inside it counts as one space, and beside Chinese or Japanese not at
    all."""
    if text.isascii() and " ".join(text.split()) == text:
        return Folded(fold_characters(text), range(len(text)), range(1, len(text) + 1))
    pieces = _without_idle_spaces(list(_pieces(text)))
    return Folded(
        text="".join(piece[0] for piece in pieces),
        starts=tuple(piece[1] for piece in pieces),
        ends=tuple(piece[2] for piece in pieces),
    )


def to_single_line(text: str) -> str:
    """One line that can be stored and shown: no control or direction marks, no lone surrogates, single spaces."""
    return " ".join(_UNSAFE.sub("", text).split())


def has_content(text: str) -> bool:
    """Whether there is a letter, digit or symbol; punctuation, marks and white space alone say nothing."""
    return any(unicodedata.category(char)[0] in "LNS" for char in text)


def is_cjk(char: str) -> bool:
    return _NO_SPACE_BESIDE.match(char) is not None


def normalize(form: Form, text: str) -> str:
    """Return `unicodedata.normalize(form, text)` in linear time; marks beyond `MARKS` in a row are ordered apart from those before them."""
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
    """`text` (a cluster, or any string) in NFKC with case and marks folded; white space and invisible characters
    stay."""
    if text.isascii():
        return text.lower().translate(_SAME_MARK)
    folded = normalize("NFKC", normalize("NFKC", text).casefold())
    return folded.translate(_SAME_MARK)


_fold_cluster = lru_cache(maxsize=4096)(fold_characters)


def _pieces(text: str) -> Iterator[tuple[str, int, int]]:
    for start, end in _clusters(text):
        for char in _fold_cluster(text[start:end]):
            if char.isspace():
                yield " ", start, end
            elif not is_invisible(char):
                yield char, start, end


def is_invisible(char: str) -> bool:
    """Format and control characters, variation selectors and unfinished characters: nobody sees whether they are
    there."""
    return not char.isascii() and ("\ufe00" <= char <= "\ufe0f" or unicodedata.category(char) in ("Cf", "Cc", "Cs", "Cn"))


def _clusters(text: str) -> Iterator[tuple[int, int]]:
    start = 0
    for position in range(1, len(text)):
        if not _joins_to_the_left(text[position]) or position - start > MARKS:
            yield start, position
            start = position
    if text:
        yield start, len(text)


@lru_cache(maxsize=4096)
def _joins_to_the_left(char: str) -> bool:
    """Combining marks and the later parts of a Korean syllable: what NFKC may compose with the character before."""
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
