"""Disputes: values of equal strength in one slot. The chat may ask the user about each dispute once."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from jobs.rules.profile.profile_types import Value
from jobs.rules.text.normalization import to_single_line


@dataclass(frozen=True, slots=True)
class Dispute:
    """A dispute in one slot. `fingerprint` changes when a value joins or leaves the dispute, or when the evidence of one of its values changes."""

    slot: str
    values: tuple[str, ...]
    fingerprint: str
    last_seen_at: datetime

    @property
    def prompt_line(self) -> str:
        """The line that describes the dispute in the chat's prompt."""
        return f"{self.slot}: {' | '.join(map(to_single_line, self.values))}"


def find_disputes(values: Iterable[Value]) -> list[Dispute]:
    """Return the disputes, at most one per slot, the most recently seen first."""
    by_slot: defaultdict[str, list[Value]] = defaultdict(list)
    for value in values:
        if value.status == "DISPUTED":
            by_slot[value.slot].append(value)
    found = [_dispute(slot, sorted(sides, key=lambda side: side.value_key)) for slot, sides in by_slot.items() if len(sides) > 1]
    return sorted(found, key=lambda dispute: (-dispute.last_seen_at.timestamp(), dispute.slot))


def _dispute(slot: str, sides: list[Value]) -> Dispute:
    grounds = [slot, *([side.value_key, *sorted(map(str, side.evidence))] for side in sides)]
    mark = sha256(json.dumps(grounds).encode()).hexdigest()[:32]
    return Dispute(slot, tuple(side.value for side in sides), mark, max(side.last_seen_at for side in sides))
