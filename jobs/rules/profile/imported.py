"""The suggestions of imported memory texts, beside the values that the user's own messages and verdicts make.

An imported value is no evidence: it raises no confidence, wins no conflict and lowers no value. It is SUGGESTED as long as the profile does not have the
value otherwise, whatever its status there; from then on the user's own words and verdicts alone decide. What the user says after the import to the
contrary (in a one-value slot another value, in any slot the opposite) ends the suggestion.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Final

from jobs.rules.profile.aliases import Aliases, grouped
from jobs.rules.profile.polarity import is_negated, key_of, plain_key
from jobs.rules.profile.profile_types import ImportedValue, Value, Verdict
from jobs.rules.profile.reverts import effective_verdicts
from jobs.rules.profile.verdicts import day_of_verdict
from jobs.rules.slots import Slot

IMPORT_CONFIDENCE: Final = 0.2
"""The confidence of every imported suggestion. It does not rise by a second import, and does not fall with age."""


def suggest_imported(
    imported: Iterable[ImportedValue], known: Sequence[Value], verdicts: Iterable[Verdict], as_of: date, aliases: Aliases, slots: Mapping[str, Slot]
) -> Iterator[Value]:
    """Yield the imported values that the profile of `as_of`, which has the `known` values, does not have."""
    names = {(value.slot, value.value_key) for value in known}
    reverts = [verdict for verdict in effective_verdicts(verdict for verdict in verdicts if day_of_verdict(verdict) <= as_of) if verdict.kind == "REVERT"]
    counted = [item for item in imported if item.day <= as_of and not any(_is_undone(item, revert) for revert in reverts)]
    for (slot, key), items in grouped(counted, aliases, slots).items():
        if (slot, key) not in names:
            first = min(items, key=lambda item: (item.value_key != key, item.at, item.value))
            yield _suggestion(first, key, _ended_at(slots[slot], key, min(item.at for item in items), known))


def _is_undone(item: ImportedValue, revert: Verdict) -> bool:
    return revert.until is not None and revert.until < item.at < revert.at


def _ended_at(slot: Slot, key: str, at: datetime, known: Iterable[Value]) -> datetime | None:
    """Return when the user first said the contrary after the import; None if they did not."""
    opposite = key_of(plain_key(key), negated=not is_negated(key))
    against = (
        value for value in known
        if value.slot == slot.key and value.status == "ACTIVE" and value.last_seen_at > at
        and (value.value_key == opposite or (not slot.many and not is_negated(key) and not is_negated(value.value_key)))
    )
    return min((value.first_seen_at if value.first_seen_at > at else value.last_seen_at for value in against), default=None)


def _suggestion(item: ImportedValue, key: str, ended_at: datetime | None) -> Value:
    return Value(
        slot=item.slot, value=item.value, value_key=key, status="SUGGESTED" if ended_at is None else "SUPERSEDED", confidence=IMPORT_CONFIDENCE, locked=False,
        origin="INFERRED", first_seen_at=item.at, last_seen_at=item.at, ended_at=ended_at, evidence=(), polarity=item.polarity,
    )
