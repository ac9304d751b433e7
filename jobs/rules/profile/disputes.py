"""Disputes: values of equal strength in one slot, and well-founded values that may be over. The chat may ask the user about each dispute once."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from jobs.rules.profile.opposites import topic_of
from jobs.rules.profile.profile_prompt import told_value
from jobs.rules.profile.profile_types import Value
from jobs.rules.slots import SLOTS
from jobs.rules.text.normalization import is_cjk, to_single_line


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute in one slot. A value that may be over stands beside the words that say so.

    `fingerprint` changes when a value joins or leaves the dispute, or when the evidence of one of its values changes. `keys` are those of the values.
    """

    slot: str
    values: tuple[str, ...]
    fingerprint: str
    last_seen_at: datetime
    keys: tuple[str, ...] = ()

    def line_for(self, name: str) -> str:
        """Return the line that describes the dispute in the chat's prompt, with the slot under this name."""
        return f"{name}: {' | '.join(map(to_single_line, self.values))}"


def find_disputes(values: Iterable[Value], own_many: Collection[str] = ()) -> list[Dispute]:
    """Return the disputes, at most one per slot, the most recently seen first. In a many-value slot only opposites dispute with each other.

    `own_many` are the keys of those of the user's own slots that hold many values.
    """
    sides_of: defaultdict[tuple[str, str], list[Value]] = defaultdict(list)
    for value in values:
        if value.status == "DISPUTED":
            many = SLOTS[value.slot].many if value.slot in SLOTS else value.slot in own_many
            sides_of[value.slot, topic_of(value.slot, value.value, value.value_key)[0] if many else ""].append(value)
    found = [_dispute(slot, sorted(sides, key=lambda side: side.value_key)) for (slot, _), sides in sorted(sides_of.items())]
    newest: dict[str, Dispute] = {}
    for dispute in sorted(found, key=lambda dispute: (-dispute.last_seen_at.timestamp(), dispute.slot)):
        newest.setdefault(dispute.slot, dispute)
    return list(newest.values())


def _dispute(slot: str, sides: list[Value]) -> Dispute:
    grounds = [slot, *([side.value_key, *sorted(map(str, side.evidence))] for side in sides)]
    mark = sha256(json.dumps(grounds).encode()).hexdigest()[:32]
    told = [told_value(replace(side, since=None, until=None)) for side in sides]
    return Dispute(slot, (*told, *(_denial(side) for side in sides if len(sides) == 1)), mark, max(side.last_seen_at for side in sides),
        tuple(side.value_key for side in sides))


def _denial(value: Value) -> str:
    """Return the other side of the question whether a value still holds."""
    text = to_single_line(value.value)
    since = f" ({value.until})" if value.until else ""
    return f"{'不再是' if any(map(is_cjk, text)) else 'no longer'} {text}{since}"
