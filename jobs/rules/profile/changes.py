"""The differences between two profiles, with their reasons, for the change log."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from jobs.rules.profile.profile_types import Status, Value
from jobs.rules.slots import position

ChangeReason = Literal[
    "ADDED",
    "SET",
    "LOCKED",
    "UNLOCKED",
    "REJECTED",
    "RESTORED",
    "SUGGESTED",
    "SUPERSEDED",
    "DISPUTED",
    "STRENGTHENED",
    "WEAKENED",
    "EVIDENCE_REMOVED",
    "REWORDED",
    "CONTEXT_CHANGED",
    "GONE",
]
"""SET: set by the user, without any message. CONTEXT_CHANGED: its polarity changed, or since when, until when or under which condition it holds.
RESTORED: the value holds again. GONE: neither enough evidence nor a verdict is left, for example
after a deletion, a merge, an unlock or a revert."""

MIN_CONFIDENCE_CHANGE: Final = 0.05
"""Minimum difference between two confidences that is recorded as a change."""

_BY_STATUS: Final[dict[Status, ChangeReason]] = {
    "ACTIVE": "RESTORED",
    "SUGGESTED": "SUGGESTED",
    "SUPERSEDED": "SUPERSEDED",
    "DISPUTED": "DISPUTED",
    "REJECTED": "REJECTED",
}


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one value. `value` is the newer wording; `before` and `after` are the two wordings, None where the value did not exist."""

    slot: str
    value: str
    value_key: str
    before: str | None
    after: str | None
    before_status: Status | None
    after_status: Status | None
    before_confidence: float | None
    after_confidence: float | None
    reason: ChangeReason


def diff_profiles(before: Iterable[Value], after: Iterable[Value]) -> tuple[Change, ...]:
    """Return one change for each value that was added or removed, or differs in status, lock, wording, context or noticeably in confidence.

    Noticeably means by MIN_CONFIDENCE_CHANGE or more, or from one tenth to another, so that slow ageing is recorded too, but not daily.
    """
    old = {(value.slot, value.value_key): value for value in before}
    new = {(value.slot, value.value_key): value for value in after}
    keys = sorted(old.keys() | new.keys(), key=lambda key: (position(key[0]), key))
    found = (_change(old.get(key), new.get(key)) for key in keys)
    return tuple(change for change in found if change is not None)


def _change(old: Value | None, new: Value | None) -> Change | None:
    reason = _reason(old, new)
    known = new or old
    if reason is None or known is None:
        return None
    return Change(
        slot=known.slot,
        value=known.value,
        value_key=known.value_key,
        before=old.value if old else None,
        after=new.value if new else None,
        before_status=old.status if old else None,
        after_status=new.status if new else None,
        before_confidence=old.confidence if old else None,
        after_confidence=new.confidence if new else None,
        reason=reason,
    )


def _reason(old: Value | None, new: Value | None) -> ChangeReason | None:
    if new is None:
        return "GONE" if old else None
    if old is None:
        return _arrival(new)
    if new.status == "REJECTED" != old.status:
        return "REJECTED"  # a rejection also removes the lock; it is one change
    if old.locked != new.locked:
        return "LOCKED" if new.locked else "UNLOCKED"
    if old.status != new.status:
        return _BY_STATUS[new.status]
    if old.value != new.value:
        return "REWORDED"
    if (old.polarity, old.since, old.until, old.condition) != (new.polarity, new.since, new.until, new.condition):
        return "CONTEXT_CHANGED"
    return _drift(old, new)


def _arrival(new: Value) -> ChangeReason:
    if new.status != "ACTIVE":
        return _BY_STATUS[new.status]
    if new.locked:
        return "LOCKED"
    return "ADDED" if new.evidence else "SET"


def _drift(old: Value, new: Value) -> ChangeReason | None:
    apart = abs(new.confidence - old.confidence) >= MIN_CONFIDENCE_CHANGE
    if not apart and math.floor(new.confidence * 10) == math.floor(old.confidence * 10):
        return None
    if new.confidence > old.confidence:
        return "STRENGTHENED"
    return "EVIDENCE_REMOVED" if set(old.evidence) - set(new.evidence) else "WEAKENED"
