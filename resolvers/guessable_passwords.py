"""Passwords that an attacker tries first: common ones, keyboard rows, repetitions, and words of the account itself.

NIST SP 800-63B-4, 3.1.1.2 compares the whole password with a blocklist, not its parts. So a phrase may contain common words; a password is
refused if it consists of hardly anything else. docs/decisions/0036 explains the bounds.
"""
from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from pathlib import Path
from typing import Final

SERVICE: Final = "unilife"

LIST = Path(__file__).with_name("common_passwords.txt")

MAX_COMMON_WORDS = 2
"""Different entries of the list in one password. A phrase of three or more is not guessed by its words."""
MAX_OTHER_CHARACTERS = 3
"""Characters that may surround known parts without making the password harder to guess."""
MIN_DIFFERENT_CHARACTERS = 5
MAX_SEPARATORS = 3
"""Different punctuation marks that may separate the words of a password."""
MIN_PART = 4
"""Minimum length of a recognised keyboard row."""
MIN_CONTEXT_WORD = 3
MAX_CONTEXT = 400
"""Characters of an address or a name that are examined."""

_ROWS = (
    "abcdefghijklmnopqrstuvwxyz" * 2, "0123456789" * 3, "qwertyuiop", "asdfghjkl", "zxcvbnm", "qwertz", "azerty", "qwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p", "qazwsxedcrfvtgbyhnujmikolp", "1q2w3e4r5t6y7u8i9o0p", "q1w2e3r4t5y6u7i8o9p0", "a1b2c3d4e5f6g7h8i9j0",
    "1a2b3c4d5e6f7g8h9i0j",
    "!@#$%^&*()_+", "~!@#$%^&*()_+", "一二三四五六七八九十", "零一二三四五六七八九", "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥",
)  # fmt: skip
_SEQUENCES = " ".join(row for forward in _ROWS for row in (forward, forward[::-1]))

_LEET = {
    "@": "a", "4": "a", "8": "b", "3": "e", "1": "i", "!": "i", "0": "o", "$": "s", "5": "s", "7": "t", "2": "z",
}  # fmt: skip
_LOOKALIKES: tuple[Mapping[int, str], ...] = (str.maketrans(_LEET), str.maketrans({**_LEET, "1": "l", "!": "l"}))
_LEET_SYMBOLS = "@$!"

_DIGITS = re.compile(r"\d+")
_RUN = re.compile(r"(.)\1\1+", re.DOTALL)
_RUN_OF_ANY = re.compile(r"(.)\1*", re.DOTALL)
_DOUBLED = re.compile(r"(?:(.)\1+)+", re.DOTALL)
_YEAR_AGAIN = re.compile(r"(\d{1,4})\1+")
_DATE = re.compile(r"(?:19|20)?\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)?\d\d|"
                   r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?:19|20)?\d\d", re.ASCII)  # fmt: skip


def find_reason(password: str, *, email: str, names: Iterable[str] = ()) -> str | None:
    """Return why a password is easy to guess, as a text that follows "the password"; None if it is not.

    `email` is the account's address and `names` are the user's names there.
    """
    folded = _fold(password)
    plain = _letters(folded) or folded
    if len(set(folded)) < MIN_DIFFERENT_CHARACTERS or _repeats(plain) or _repeats(folded):
        return "only repeats a few characters or one part"
    forms = _forms(folded, plain)
    if any(_is_covered(form, frozenset(), frozenset()) for form in forms):
        return "is a sequence of neighbouring keys, letters or digits"
    context = frozenset(_context_words(email, names))
    if any(_is_covered(form, context, frozenset()) for form in forms):
        return "consists of the e-mail address, the nickname or the name of this service"
    if any(_is_covered(form, context, _common()) for form in forms):
        return "consists of common passwords"
    return None


def _fold(text: str) -> str:
    return unicodedata.normalize("NFKC", text[:MAX_CONTEXT]).casefold()


def _letters(folded: str) -> str:
    return "".join(filter(str.isalnum, folded))


def _forms(folded: str, plain: str) -> set[tuple[str, bool]]:
    """Return the spellings to examine, each with a flag that counts punctuation as other characters; it is set where punctuation does not only separate."""
    marks = [character for character in folded if not character.isalnum()]
    if len(marks) > len(folded) / 2 or len(set(marks)) > MAX_SEPARATORS:
        return {(folded, True)}
    symbols = "".join(character for character in folded if character.isalnum() or character in _LEET_SYMBOLS)
    found = {folded, plain, symbols}
    if _DOUBLED.fullmatch(plain):
        found.add(_RUN_OF_ANY.sub(r"\1", plain))
    return {(form, False) for form in found}


def _repeats(text: str) -> bool:
    """Return whether the text is one part repeated at least twice, of which the last may be cut off."""
    period = (text + text).find(text, 1)
    return period < len(text) or any(text[size:] == text[:-size] for size in range(1, len(text) // 2 + 1))


@lru_cache(maxsize=1)
def _common() -> frozenset[str]:
    """Read the list at first use, to keep it out of the cold start."""
    lines = LIST.read_text(encoding="utf-8").splitlines()
    return frozenset(line for line in lines if line and not line.startswith("#"))


def _context_words(email: str, names: Iterable[str]) -> Iterator[str]:
    local, _, domain = _fold(email).partition("@")
    labels = domain.split(".")
    words = [SERVICE, local, domain, *re.split(r"[\W_]+", local), *labels[:-1]]
    for name in map(_fold, names):
        words += [name, *re.split(r"[\W_]+", name)]
    for word in map(_letters, words):
        if len(word) >= (MIN_CONTEXT_WORD if word.isascii() else 2):
            yield from (word, word[::-1])


def _is_covered(form: tuple[str, bool], context: frozenset[str], common: frozenset[str]) -> bool:
    """Return whether known parts make up the text, except for a few characters.

    Scans the text once. `states[at]` maps each set of common words that lead to this position to the fewest other characters.
    """
    text, marks_count = form
    spellings = (text, *(text.translate(table) for table in _LOOKALIKES))
    free = _free_parts(text)
    longest = max(map(len, context | common), default=0)
    states: list[dict[frozenset[str], int]] = [{} for _ in range(len(text) + 1)]
    states[0][frozenset()] = 0
    for at, ways in enumerate(states[:-1]):
        if not ways:
            continue
        ends = {*free.get(at, ()), *_ends(spellings, at, context, longest)}
        words = {(end, word) for end, word in _words(spellings, at, common, longest)}
        for used, others in ways.items():
            _reach(states[at + 1], used, others + (marks_count or text[at].isalnum()))
            for end in ends:
                _reach(states[end], used, others)
            for end, word in words:
                if len(now := used | {word}) <= MAX_COMMON_WORDS:
                    _reach(states[end], now, others)
    return bool(states[-1])


def _reach(ways: dict[frozenset[str], int], used: frozenset[str], others: int) -> None:
    if others <= MAX_OTHER_CHARACTERS:
        ways[used] = min(others, ways.get(used, others))


def _ends(spellings: tuple[str, ...], at: int, known: frozenset[str], longest: int) -> Iterator[int]:
    return (end for end, _ in _words(spellings, at, known, longest))


def _words(spellings: tuple[str, ...], at: int, known: frozenset[str], longest: int) -> Iterator[tuple[int, str]]:
    for spelling in spellings:
        for end in range(at + 2, min(at + longest, len(spelling)) + 1):
            if (word := spelling[at:end]) in known:
                yield end, word


def _free_parts(text: str) -> dict[int, set[int]]:
    """Return where parts that add no strength begin and end.

    These are keyboard rows, one repeated character, dates, and numbers of up to four digits, also repeated.
    """
    found: dict[int, set[int]] = {}
    for at in range(len(text)):
        for end in range(at + MIN_PART, len(text) + 1):
            if text[at:end] not in _SEQUENCES:
                break
            found.setdefault(at, set()).add(end)
    for run in _RUN.finditer(text):
        found.setdefault(run.start(), set()).add(run.end())
    for digits in _DIGITS.finditer(text):
        if len(digits[0]) <= 4 or _DATE.fullmatch(digits[0]) or _YEAR_AGAIN.fullmatch(digits[0]):
            found.setdefault(digits.start(), set()).add(digits.end())
    return found
