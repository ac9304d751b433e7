"""Decisions on merging near-duplicate values: the model proposes pairs in the weekly review, this module accepts or refuses them.

A merge is recorded as an alias and leaves the evidence unchanged, so it can be undone. Values are merged only within one many-value slot and
only when they look alike, and never when they could mean opposite or different things: when only one has a negation, or their numbers differ.
Two negated values are merged by their words, so that the alias holds for both sides.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal, Protocol

from jobs.rules.profile.polarity import is_negated, plain_key
from jobs.rules.profile.profile_types import Value
from jobs.rules.slots import SLOTS, Slot
from jobs.rules.text.normalization import fold, is_cjk, normalize

MIN_DICE: Final = 0.7
"""Minimum share of common character pairs (Dice): accepts spelling variants, and a value within the other at more than half its length."""
MIN_JACCARD: Final = 0.6
"""Minimum share of common words (Jaccard): accepts the same words in another order."""
CONTAINED: Final = 0.5
"""Minimum length of a value that the other one contains whole, as a share of the other's length."""

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
    """A pair of values that the model proposes to merge; `keep` and `drop` are their numbers in its request."""

    @property
    def keep(self) -> int: ...
    @property
    def drop(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Alias:
    """A merge in one slot: the value of `into_key` represents that of `from_key`."""

    slot: str
    from_key: str
    into_key: str


@dataclass(frozen=True, slots=True)
class Merges:
    accepted: tuple[Alias, ...]
    refused: Mapping[MergeRefusal, int]


def decide_merges(values: Mapping[int, Value], proposals: Iterable[Proposal], slots: Mapping[str, Slot] = SLOTS) -> Merges:
    """Decide on the proposals; `values` are keyed by their numbers in the request, `slots` are the user's.

    The canonical value is the one with the best evidence, whichever the model wanted to keep. The result does not depend on the order of
    the proposals. The aliases never form a chain or a circle among themselves.
    """
    refused: Counter[MergeRefusal] = Counter()
    groups: list[set[int]] = []
    for first, second in sorted({(min(p.keep, p.drop), max(p.keep, p.drop)) for p in proposals}):
        if (refusal := _refusal(values.get(first), values.get(second), slots)) is not None:
            refused[refusal] += 1
        else:
            groups = _joined(groups, {first, second})
    accepted: list[Alias] = []
    for group in groups:
        accepted.extend(_aliases([values[number] for number in sorted(group)], refused, slots))
    ordered = sorted(accepted, key=lambda alias: (alias.slot, alias.from_key))
    return Merges(tuple(ordered), MappingProxyType(dict(sorted(refused.items()))))


def _refusal(one: Value | None, other: Value | None, slots: Mapping[str, Slot]) -> MergeRefusal | None:
    if one is None or other is None or one.slot not in slots:
        return "UNKNOWN_VALUE"
    if one.slot != other.slot:
        return "OTHER_SLOT"
    if one.value_key == other.value_key:
        return "SAME_VALUE"
    if not slots[one.slot].many:
        return "ONE_VALUE_SLOT"
    if {one.status, other.status} - {"ACTIVE", "DISPUTED", "SUGGESTED"}:
        return "NOT_HELD"
    if one.locked and other.locked:
        return "BOTH_LOCKED"
    return _difference(one, other)


def _difference(one: Value, other: Value) -> MergeRefusal | None:
    first, second = fold(one.value).text, fold(other.value).text
    if is_negated(one.value_key) != is_negated(other.value_key):
        return "OPPOSITE"
    if len(_NEGATION.findall(first)) != len(_NEGATION.findall(second)):
        return "OPPOSITE"
    if sorted(_NUMBER.findall(first)) != sorted(_NUMBER.findall(second)):
        return "NUMBERS_DIFFER"
    return None if _alike(one, other) else "NOT_ALIKE"


def _alike(one: Value, other: Value) -> bool:
    short, long = sorted((plain_key(one.value_key), plain_key(other.value_key)), key=len)
    if len(short) >= 2 and short in long and len(short) >= CONTAINED * len(long):
        return True
    if _dice(_pairs(short), _pairs(long)) >= MIN_DICE:
        return True
    first, second = _words(one.value), _words(other.value)
    return len(first & second) >= max(2, MIN_JACCARD * len(first | second))


def _aliases(group: Sequence[Value], refused: Counter[MergeRefusal], slots: Mapping[str, Slot]) -> list[Alias]:
    """Return the aliases of a group. A value that resembles the canonical one only through a third value is not merged."""
    canonical = max(group, key=_founded)
    found: list[Alias] = []
    for value in group:
        if value is canonical:
            continue
        if (refusal := _refusal(value, canonical, slots)) is not None:
            refused[refusal] += 1
        else:
            found.append(Alias(value.slot, plain_key(value.value_key), plain_key(canonical.value_key)))
    return found


def _founded(value: Value) -> tuple[bool, bool, int, float, int, str]:
    """Return the sort key for the canonical value: the user's own first, then the most quoted, the most confident, the shortest."""
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
