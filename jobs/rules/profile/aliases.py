"""Merged near-duplicate values: the key of the value that now represents them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Protocol, TypeVar

from jobs.rules.profile.polarity import is_negated, key_of, plain_key
from jobs.rules.slots import SLOTS, Slot

Aliases = Mapping[tuple[str, str], str]
"""Map from (slot, value key) of a near-duplicate to the key of the value that it was merged into."""


class Keyed(Protocol):
    @property
    def slot(self) -> str: ...
    @property
    def value_key(self) -> str: ...


K = TypeVar("K", bound=Keyed)


def resolve(slot: str, key: str, aliases: Aliases) -> str:
    """Return the key that represents `key` after all merges. In a circle of merges, the smallest key represents all.

    Merged words are one for a value and for its negation, so aliases contain keys of words only.
    """
    if is_negated(key):
        return key_of(resolve(slot, plain_key(key), aliases), negated=True)
    path = [key]
    while (into := aliases.get((slot, path[-1]))) is not None:
        if into in path:
            return min(path[path.index(into) :])
        path.append(into)
    return path[-1]


def grouped(items: Iterable[K], aliases: Aliases, slots: Mapping[str, Slot] = SLOTS) -> defaultdict[tuple[str, str], list[K]]:
    """Group the items by slot and resolved key. Items of other slots than `slots` are left out."""
    groups: defaultdict[tuple[str, str], list[K]] = defaultdict(list)
    for item in items:
        if item.slot in slots:
            groups[item.slot, resolve(item.slot, item.value_key, aliases)].append(item)
    return groups
