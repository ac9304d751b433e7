"""The profile as a pure function of the current evidence, the user's verdicts, and a day.

There is no other input, not even an earlier profile. So a rerun changes nothing, deleting a message means computing without it, and the same
function returns the profile as of a past day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from jobs.rules.profile.aliases import Aliases, grouped
from jobs.rules.profile.candidates import build_candidate
from jobs.rules.profile.changes import Change, diff_profiles
from jobs.rules.profile.confidence import observe
from jobs.rules.profile.conflicts import Resolution, resolve_conflicts
from jobs.rules.profile.profile_types import Evidence, Origin, Status, Value, Verdict, VerdictKind
from jobs.rules.profile.reverts import apply_reverts
from jobs.rules.profile.verdicts import VerdictState, apply_verdicts
from jobs.rules.slots import POSITION, SLOTS, Slot

__all__ = ["Aliases", "Change", "Evidence", "Origin", "Status", "Value", "Verdict", "VerdictKind", "diff_profiles", "derive_profile"]

_ORDER: tuple[Status, ...] = ("ACTIVE", "DISPUTED", "SUGGESTED", "SUPERSEDED", "REJECTED")


def derive_profile(
    evidence: Iterable[Evidence],
    verdicts: Iterable[Verdict],
    as_of: date,
    aliases: Aliases | None = None,
) -> tuple[Value, ...]:
    """Return all values as of the end of the user's day `as_of`, sorted by slot as in the table, then by status, confidence and key.

    Evidence and verdicts of later days or undeclared slots are ignored. The order of evidence and verdicts is irrelevant.
    """
    counted, in_force = apply_reverts(evidence, verdicts, as_of)
    said, judged = grouped(counted, aliases or {}), grouped(in_force, aliases or {})
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for slot, key in (*said, *judged):
        keys[slot].add(key)
    values: list[Value] = []
    for slot in keys:
        found = {key: (said[slot, key], apply_verdicts(judged[slot, key])) for key in keys[slot]}
        values.extend(_slot_values(SLOTS[slot], found, as_of))
    return tuple(sorted(values, key=_sort_key))


def _slot_values(slot: Slot, found: Mapping[str, tuple[list[Evidence], VerdictState]], as_of: date) -> Iterator[Value]:
    candidates = [
        candidate
        for key, (evidence, held) in sorted(found.items(), key=lambda item: item[0])
        if (candidate := build_candidate(slot, key, evidence, held, as_of)) is not None
    ]
    for outcome in resolve_conflicts(slot, candidates):
        yield _value(slot, outcome)
    shown = {candidate.value_key for candidate in candidates}
    for key, (evidence, held) in found.items():
        if held.hidden and key not in shown:
            yield _rejected(slot, key, evidence, held)


def _value(slot: Slot, outcome: Resolution) -> Value:
    candidate = outcome.candidate
    return Value(
        slot=slot.key,
        value=candidate.value,
        value_key=candidate.value_key,
        status=outcome.status,
        confidence=outcome.confidence,
        locked=outcome.locked,
        origin=candidate.origin,
        first_seen_at=candidate.first_seen_at,
        last_seen_at=candidate.last_seen_at,
        ended_at=outcome.ended_at,
        evidence=candidate.evidence,
    )


def _rejected(slot: Slot, key: str, evidence: Iterable[Evidence], held: VerdictState) -> Value:
    favour = observe(item for item in evidence if item.polarity == "POSITIVE")
    seen_at = [seen.said_at for seen in favour] or [at for at in (held.hidden_at,) if at]
    return Value(
        slot=slot.key,
        value=held.hidden_text or key,
        value_key=key,
        status="REJECTED",
        confidence=0.0,
        locked=False,
        origin="STATED" if any(seen.stated for seen in favour) else "INFERRED",
        first_seen_at=seen_at[0],
        last_seen_at=seen_at[-1],
        ended_at=held.hidden_at,
        evidence=tuple(seen.message_id for seen in favour),
    )


def _sort_key(value: Value) -> tuple[int, int, float, str]:
    return POSITION[value.slot], _ORDER.index(value.status), -value.confidence, value.value_key
