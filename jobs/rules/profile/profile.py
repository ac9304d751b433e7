"""The profile as a pure function of the current evidence, the user's verdicts, the values of imported memory texts, and a day.

There is no other input, not even an earlier profile. So a rerun changes nothing, deleting a message means computing without it, and the same
function returns the profile as of a past day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from jobs.rules.profile.aliases import Aliases, grouped
from jobs.rules.profile.candidates import build_candidate, supports
from jobs.rules.profile.changes import Change, diff_profiles
from jobs.rules.profile.confidence import observe
from jobs.rules.profile.conflicts import Resolution, resolve_conflicts
from jobs.rules.profile.imported import suggest_imported
from jobs.rules.profile.polarity import is_negated, key_of, plain_key
from jobs.rules.profile.profile_types import Evidence, ImportedValue, Origin, Status, Value, Verdict, VerdictKind
from jobs.rules.profile.reverts import apply_reverts
from jobs.rules.profile.statement_context import end_of, expired_at, polarity_of
from jobs.rules.profile.verdicts import VerdictState, apply_verdicts
from jobs.rules.slots import SLOTS, Slot, position

__all__ = ["Aliases", "Change", "Evidence", "ImportedValue", "Origin", "Status", "Value", "Verdict", "VerdictKind", "diff_profiles", "derive_profile"]

_ORDER: tuple[Status, ...] = ("ACTIVE", "DISPUTED", "SUGGESTED", "SUPERSEDED", "REJECTED")


def derive_profile(
    evidence: Iterable[Evidence],
    verdicts: Iterable[Verdict],
    as_of: date,
    aliases: Aliases | None = None,
    slots: Mapping[str, Slot] = SLOTS,
    imported: Iterable[ImportedValue] = (),
) -> tuple[Value, ...]:
    """Return all values as of the end of the user's day `as_of`, sorted by slot as in the table, then by status, confidence and key.

    `slots` are the user's: those of the table that are on for them, and their own. Evidence and verdicts of later days or other slots are
    ignored. The order of evidence and verdicts is irrelevant.
    """
    verdicts = list(verdicts)
    counted, in_force = apply_reverts(evidence, verdicts, as_of)
    said, judged = grouped(counted, aliases or {}, slots), grouped(in_force, aliases or {}, slots)
    keys: defaultdict[str, set[str]] = defaultdict(set)
    for slot, key in said:
        keys[slot] |= {key, key_of(key, negated=True)}
    for slot, key in judged:
        keys[slot] |= {key, plain_key(key), key_of(plain_key(key), negated=True)}
    values: list[Value] = []
    for slot in keys:
        found = {key: (said[slot, plain_key(key)], apply_verdicts(judged[slot, key])) for key in keys[slot]}
        values.extend(_slot_values(slots[slot], found, as_of))
    values.extend(suggest_imported(imported, values, verdicts, as_of, aliases or {}, slots))
    return tuple(sorted(values, key=_sort_key))


def _slot_values(slot: Slot, found: Mapping[str, tuple[list[Evidence], VerdictState]], as_of: date) -> Iterator[Value]:
    candidates = [
        candidate
        for key, (evidence, held) in sorted(found.items(), key=lambda item: item[0])
        if (candidate := build_candidate(slot, key, evidence, held, as_of)) is not None
    ]
    for outcome in resolve_conflicts(slot, candidates):
        yield _value(slot, outcome, as_of)
    shown = {candidate.value_key for candidate in candidates}
    for key, (evidence, held) in found.items():
        if held.hidden and key not in shown:
            yield _rejected(slot, key, evidence, held)
        elif key not in shown and (ended := _ended(slot, key, evidence, held)) is not None:
            yield ended


def _value(slot: Slot, outcome: Resolution, as_of: date) -> Value:
    candidate = outcome.candidate
    expired = None if outcome.locked or candidate.unsure else expired_at(candidate.context.until, as_of)
    over = expired is not None and outcome.status in ("ACTIVE", "DISPUTED") and candidate.set_at is None
    return Value(
        slot=slot.key,
        value=candidate.value,
        value_key=candidate.value_key,
        status="SUPERSEDED" if over else outcome.status,
        confidence=outcome.confidence,
        locked=outcome.locked,
        origin=candidate.origin,
        first_seen_at=candidate.first_seen_at,
        last_seen_at=candidate.last_seen_at,
        ended_at=expired if over else outcome.ended_at,
        evidence=candidate.evidence,
        polarity=candidate.polarity,
        since=candidate.context.since,
        until=(candidate.over_since if candidate.unsure or outcome.status == "SUPERSEDED" else None) or candidate.context.until,
        condition=candidate.context.condition,
    )


def _ended(slot: Slot, key: str, evidence: Iterable[Evidence], held: VerdictState) -> Value | None:
    """Return the value of which the user only ever said that it is over, without any confidence."""
    said = [] if is_negated(key) else [item for item in evidence if item.relation == "ENDED" and item.stated and item.message_id not in held.rejected]
    if not said:
        return None
    seen = observe(said)
    return Value(
        slot=slot.key,
        value=max(said, key=lambda item: (item.value_key == key, item.said_at, item.value)).value,
        value_key=key,
        status="SUPERSEDED",
        confidence=0.0,
        locked=False,
        origin="STATED",
        first_seen_at=seen[0].said_at,
        last_seen_at=seen[-1].said_at,
        ended_at=seen[0].said_at,
        evidence=tuple(item.message_id for item in seen),
        until=end_of(said),
    )


def _rejected(slot: Slot, key: str, evidence: Iterable[Evidence], held: VerdictState) -> Value:
    supporting = [item for item in evidence if supports(item, key)]
    favor = observe(supporting)
    seen_at = [seen.said_at for seen in favor] or [at for at in (held.hidden_at,) if at]
    return Value(
        slot=slot.key,
        value=held.hidden_text or plain_key(key),
        value_key=key,
        status="REJECTED",
        confidence=0.0,
        locked=False,
        origin="STATED" if any(seen.stated for seen in favor) else "INFERRED",
        first_seen_at=seen_at[0],
        last_seen_at=seen_at[-1],
        ended_at=held.hidden_at,
        evidence=tuple(seen.message_id for seen in favor),
        polarity=polarity_of(key, supporting, held.hidden_polarity),
    )


def _sort_key(value: Value) -> tuple[tuple[int, str], int, float, str]:
    return position(value.slot), _ORDER.index(value.status), -value.confidence, value.value_key
