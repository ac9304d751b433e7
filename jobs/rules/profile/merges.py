"""Near-duplicate values that the weekly review proposes to merge: the model proposes pairs, this decides.

A merge is recorded as an alias, never as a change of evidence, so it can be taken back. Only values of one
many-value slot merge, only when they look alike, and never where they could mean opposite or different things: a
negation or a number on one side only.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, Protocol

from jobs.rules.profile.profile_types import Value
from jobs.rules.slots import SLOTS
from jobs.rules.text.normalization import fold, is_cjk, normalize

MIN_DICE: Final = 0.7
"""Least share of common letter pairs (Dice): spelling variants, and one value within the other at more than half its
length."""
MIN_JACCARD: Final = 0.6
"""Least share of common words (Jaccard): the same words in another order."""
CONTAINED: Final = 0.5
"""Least length of a value that stands whole within another, as a share of the other's."""

MergeRefusal = Literal[
    "UNKNOWN_VALUE",
    "SAME_VALUE",
    "OTHER_SLOT",
    "ONE_VALUE_SLOT",
    "NOT_HELD",
    "BOTH_LOCKED",
    "OPPOSITE",
    "NUMBERS_DIFFER",
    "NOT_ALIKE",
]

_NEGATION: Final = re.compile(
    r"\b(?:not?|never|non|without|don't|doesn't|didn't|isn't|won't|can't|dis(?:likes?|liked)|hates?|hated|avoids?|quit|stopped|former|ex)\b"
    r"|不|没|沒|别|別|无|無|非|未|讨厌|討厭|拒|戒|前任|前妻|前夫"
)
_WORD: Final = re.compile(r"\w+")
_NUMBER: Final = re.compile(r"\d+")


class Proposal(Protocol):
    """`keep` and `drop` are the numbers under which the values were shown to the model."""

    @property
    def keep(self) -> int: ...
    @property
    def drop(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Alias:
    """From now on `from_key` stands for `into_key` in this slot."""

    slot: str
    from_key: str
    into_key: str


@dataclass(frozen=True, slots=True)
class Merges:
    accepted: tuple[Alias, ...]
    refused: Mapping[MergeRefusal, int]


def decide_merges(values: Mapping[int, Value], proposals: Iterable[Proposal]) -> Merges:
    """`values` by their numbers in the request. Whatever the model wanted to keep, the canonical value is the best
    founded one.

    Independent of the proposals' order. The aliases never form a chain or a circle among themselves.
    """
    refused: Counter[MergeRefusal] = Counter()
    groups: list[set[int]] = []
    for first, second in sorted({(min(p.keep, p.drop), max(p.keep, p.drop)) for p in proposals}):
        if (refusal := _refusal(values.get(first), values.get(second))) is not None:
            refused[refusal] += 1
        else:
            groups = _joined(groups, {first, second})
    accepted: list[Alias] = []
    for group in groups:
        accepted.extend(_aliases([values[number] for number in sorted(group)], refused))
    ordered = sorted(accepted, key=lambda alias: (alias.slot, alias.from_key))
    return Merges(tuple(ordered), MappingProxyType(dict(sorted(refused.items()))))


def _refusal(one: Value | None, other: Value | None) -> MergeRefusal | None:
    if one is None or other is None or one.slot not in SLOTS:
        return "UNKNOWN_VALUE"
    if one.slot != other.slot:
        return "OTHER_SLOT"
    if one.value_key == other.value_key:
        return "SAME_VALUE"
    if not SLOTS[one.slot].many:
        return "ONE_VALUE_SLOT"
    if {one.status, other.status} - {"ACTIVE", "DISPUTED", "SUGGESTED"}:
        return "NOT_HELD"
    if one.locked and other.locked:
        return "BOTH_LOCKED"
    return _difference(one, other)


def _difference(one: Value, other: Value) -> MergeRefusal | None:
    first, second = fold(one.value).text, fold(other.value).text
    if len(_NEGATION.findall(first)) != len(_NEGATION.findall(second)):
        return "OPPOSITE"
    if sorted(_NUMBER.findall(first)) != sorted(_NUMBER.findall(second)):
        return "NUMBERS_DIFFER"
    return None if _alike(one, other) else "NOT_ALIKE"


def _alike(one: Value, other: Value) -> bool:
    short, long = sorted((one.value_key, other.value_key), key=len)
    if len(short) >= 2 and short in long and len(short) >= CONTAINED * len(long):
        return True
    if _dice(_pairs(short), _pairs(long)) >= MIN_DICE:
        return True
    first, second = _words(one.value), _words(other.value)
    return len(first & second) >= max(2, MIN_JACCARD * len(first | second))


def _aliases(group: Sequence[Value], refused: Counter[MergeRefusal]) -> list[Alias]:
    """A value that resembles the canonical one only by way of a third stays itself."""
    canonical = max(group, key=_founded)
    found: list[Alias] = []
    for value in group:
        if value is canonical:
            continue
        if (refusal := _refusal(value, canonical)) is not None:
            refused[refusal] += 1
        else:
            found.append(Alias(value.slot, value.value_key, canonical.value_key))
    return found


def _founded(value: Value) -> tuple[bool, bool, int, float, int, str]:
    """The person's own first, then the most quoted, the surest, the shortest."""
    stated = value.origin == "STATED"
    return value.locked, stated, len(value.evidence), value.confidence, -len(value.value_key), value.value_key


def _joined(groups: Sequence[set[int]], pair: set[int]) -> list[set[int]]:
    touched = [group for group in groups if group & pair]
    return [*(group for group in groups if not group & pair), pair.union(*touched)]


def _pairs(key: str) -> Counter[str]:
    return Counter(key[at : at + 2] for at in range(len(key) - 1))


def _dice(one: Counter[str], other: Counter[str]) -> float:
    total = sum(one.values()) + sum(other.values())
    return 2 * sum((one & other).values()) / total if total else 0.0


def _words(text: str) -> frozenset[str]:
    words = _WORD.findall(normalize("NFKC", text).casefold())
    return frozenset(word for word in words if not is_cjk(word[0]))
