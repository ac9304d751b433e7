"""Update of stored profiles: it makes a profile equal to the result of a pure function of current evidence, verdicts and imports, and records every change."""
from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from jobs.profile_inputs import load_profile_inputs, to_columns, to_value
from jobs.rules.day import day_of
from jobs.rules.profile import profile as rules
from persistence.database import Session
from persistence.models import ProfileValue
from persistence.models.profile import ValueStatus
from persistence.queries import profile_writes as stored
from persistence.queries.profile_writes import Replacement


@dataclass(frozen=True)
class ProfileUpdate:
    """The profile's values before and after an update, and the number of recorded changes."""

    before: Sequence[rules.Value] = ()
    after: Sequence[rules.Value] = ()
    changes: int = 0
    removed: Sequence[UUID] = ()
    """The ids of the values that the profile lost."""
    recorded: Sequence[UUID] = ()
    """The ids of the recorded changes."""
    own_many: Collection[str] = ()
    """The keys of those of the user's own slots that hold many values."""


async def update_profile(session: Session, user_id: UUID, *, reason: str, run_id: UUID | None = None) -> ProfileUpdate:
    """Recompute the profile inside the caller's transaction and record every change.

    Locks the user's row until the transaction ends. The nightly jobs call it, and so does every use case that edits or deletes what supports the profile.
    """
    return (await update_profiles(session, [user_id], reason=reason, run_id=run_id)).get(user_id, ProfileUpdate())


async def update_profiles(session: Session, user_ids: Sequence[UUID], *, reason: str, run_id: UUID | None = None) -> dict[UUID, ProfileUpdate]:
    """Update many users' profiles as `update_profile` does, with as many statements as for one. Deleted users are left out."""
    locked = await stored.lock_users_and_clock(session, user_ids)
    users = [user for user, _ in locked]
    before_rows = await stored.load_values(session, [user.id for user in users])
    grounds = await load_profile_inputs(session, users)
    before = {user.id: [to_value(row) for row in before_rows[user.id]] for user in users}
    after = {user.id: grounds[user.id].profile(day_of(now, user.time_zone, user.day_ends_at)) for user, now in locked}
    changes = {user.id: rules.diff_profiles(before[user.id], after[user.id]) for user in users}
    await stored.replace_values(session, [Replacement(user.id, before_rows[user.id], [to_columns(value) for value in after[user.id]]) for user in users])
    recorded = await stored.save_changes(session, [(user.id, _change(change, reason)) for user in users for change in changes[user.id]], run_id)
    return {
        user.id: ProfileUpdate(
            before[user.id], after[user.id], len(changes[user.id]), _removed(before_rows[user.id], after[user.id]), recorded[user.id],
            [key for key, slot in grounds[user.id].slots.items() if slot.name and slot.many])
        for user in users
    }


def _removed(before: Sequence[ProfileValue], after: Sequence[rules.Value]) -> Sequence[UUID]:
    kept = {(value.slot, value.value_key) for value in after}
    return [row.id for row in before if (row.slot, row.value_key) not in kept]


def _change(change: rules.Change, reason: str) -> dict[str, Any]:
    return {
        "slot": change.slot, "value_key": change.value_key, "before": change.before, "after": change.after,
        "status_before": change.before_status and ValueStatus(change.before_status), "status_after": change.after_status and ValueStatus(change.after_status),
        "confidence_before": change.before_confidence, "confidence_after": change.after_confidence, "reason": f"{reason}: {change.reason}",
    }
