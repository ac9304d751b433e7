"""Conversion from stored rows to the pure function in jobs/rules/profile/profile.py and back.

Jobs, edits, verdicts, imports and views of past days all compute a profile with it.
"""
from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from jobs.rules.day import day_of
from jobs.rules.profile import profile as rules
from jobs.rules.profile.verdicts import day_of_verdict
from jobs.rules.slots import SLOTS, Slot
from jobs.user_slots import load_user_slots
from persistence.database import Session
from persistence.models import ImportedValue, ProfileValue
from persistence.models import Verdict as StoredVerdict
from persistence.models.profile import ValueOrigin, ValuePolarity, ValueStatus
from persistence.queries import profile_writes as stored
from persistence.queries.imported_values import load_imported_values
from persistence.queries.profile_writes import EvidenceRow

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser


@dataclass(frozen=True)
class ProfileInputs:
    """All inputs of a profile except the day."""

    evidence: Sequence[rules.Evidence]
    verdicts: Sequence[rules.Verdict]
    aliases: rules.Aliases
    slots: Mapping[str, Slot] = field(default_factory=lambda: SLOTS)
    imported: Sequence[rules.ImportedValue] = ()

    def profile(self, as_of: date) -> tuple[rules.Value, ...]:
        return rules.derive_profile(self.evidence, self.verdicts, as_of, aliases=self.aliases, slots=self.slots, imported=self.imported)

    def find_matching_day(self, values: Sequence[rules.Value], today: date) -> date | None:
        """Return the first day from that of the last evidence, verdict or import on to `today`, as of which the profile has these values; None without one.

        From that day on, confidences only fall, so a binary search finds the day.
        """
        heard = [*(item.day for item in self.evidence), *(item.day for item in self.imported), *(day_of_verdict(verdict) for verdict in self.verdicts)]
        first = max(heard, default=today)
        days = [first + timedelta(days=number) for number in range((today - first).days + 1)]
        index = bisect_left(days, -_sum(values), key=lambda day: -_sum(self.profile(day)))
        wanted = {(value.slot, value.value_key): value for value in values}
        if index < len(days) and {(value.slot, value.value_key): value for value in self.profile(days[index])} == wanted:
            return days[index]
        return None


async def load_profile_inputs(session: Session, users: Sequence[AnyUser]) -> dict[UUID, ProfileInputs]:
    """Load the inputs of each user's profile by user id, with five statements for any number of users and rows."""
    ids = [user.id for user in users]
    evidence, verdicts = await stored.load_evidence(session, ids), await stored.load_verdicts(session, ids)
    aliases, slots = await stored.load_all_aliases(session, ids), await load_user_slots(session, users)
    imported = await load_imported_values(session, ids)
    return {
        user.id: ProfileInputs(
            [to_evidence(row) for row in evidence[user.id]], [to_verdict(row, user) for row in verdicts[user.id]], aliases[user.id],
            slots[user.id], [to_imported(row) for row in imported[user.id]])
        for user in users
    }


async def compute_profile(session: Session, user: AnyUser, as_of: date) -> tuple[rules.Value, ...]:
    """Return the user's profile as of the end of `as_of`, a day in the user's time zone, from the evidence and verdicts that are stored now."""
    return (await load_profile_inputs(session, [user]))[user.id].profile(as_of)


def _sum(values: Iterable[rules.Value]) -> int:
    """Return the sum of the confidences in ten-thousandths, to which they are rounded."""
    return sum(round(value.confidence * 10_000) for value in values)


def to_evidence(row: EvidenceRow) -> rules.Evidence:
    return rules.Evidence(
        slot=row.slot, value=row.value, value_key=row.value_key, polarity=row.polarity.value, confidence=row.confidence, stated=row.stated,
        day=row.day, message_id=row.message_id, said_at=row.said_at, relation=row.relation and row.relation.value, since=row.since, until=row.until,
        condition=row.condition,
    )


def to_imported(row: ImportedValue) -> rules.ImportedValue:
    return rules.ImportedValue(row.slot, row.value, row.value_key, row.polarity.value, row.day, row.created_at)


def to_verdict(row: StoredVerdict, user: AnyUser) -> rules.Verdict:
    day = day_of(row.created_at, user.time_zone, user.day_ends_at)
    return rules.Verdict(
        row.kind.value, row.slot, row.value, row.value_key, row.created_at, frozenset(row.evidence), day, as_of=row.as_of, until=row.verdicts_valid_until,
        polarity=row.polarity and row.polarity.value,
    )


def to_value(row: ProfileValue) -> rules.Value:
    return rules.Value(
        slot=row.slot, value=row.value, value_key=row.value_key, status=row.status.value, confidence=row.confidence, locked=row.locked,
        origin=row.origin.value, first_seen_at=row.first_seen_at, last_seen_at=row.last_seen_at, ended_at=row.ended_at, evidence=tuple(row.evidence),
        polarity=row.polarity.value, since=row.since, until=row.until, condition=row.condition,
    )


def to_columns(value: rules.Value) -> dict[str, Any]:
    """Return the columns of a value's row."""
    return {
        "slot": value.slot, "value": value.value, "value_key": value.value_key, "status": ValueStatus(value.status), "confidence": value.confidence,
        "locked": value.locked, "origin": ValueOrigin(value.origin), "first_seen_at": value.first_seen_at, "last_seen_at": value.last_seen_at,
        "ended_at": value.ended_at, "evidence": list(value.evidence), "polarity": ValuePolarity(value.polarity), "since": value.since, "until": value.until,
        "condition": value.condition,
    }
