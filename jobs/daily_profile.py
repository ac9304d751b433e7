"""The DAILY_PROFILE job: it makes the stored profile equal to the result of a pure function of current evidence and verdicts. It calls no model."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from jobs.profile_inputs import load_profile_inputs, to_columns, to_value
from jobs.rules.day import day_of
from jobs.rules.profile import profile as rules
from jobs.run_context import RunContext, Stopwatch
from persistence import database
from persistence.database import Session
from persistence.models.jobs import ItemStatus
from persistence.models.profile import ValueStatus
from persistence.queries import profile_writes as stored
from persistence.queries.job_queue import AttemptEnd, Claim, Outcome, finished, lock_claims, store_ends
from persistence.queries.profile_writes import Replacement


@dataclass(frozen=True)
class _Attempt:
    claim: Claim
    watch: Stopwatch


async def perform(claim: Claim, desk: RunContext) -> Outcome:
    """Update one user's profile."""
    return await desk.batched(_perform_all)(_Attempt(claim, Stopwatch()))


async def _perform_all(attempts: Sequence[_Attempt]) -> list[Outcome]:
    """Update the profiles of the users in a batch. Of several days of one user, the first one reports the changes and the others are UNCHANGED."""
    async with database.transaction() as session:
        held = await lock_claims(session, [attempt.claim for attempt in attempts])
        people = sorted({claim.user_id for claim in held})
        found = await update_profiles(session, people, reason="NIGHT", run_id=attempts[0].claim.run_id)
        changes = {user_id: recomputed.changes for user_id, recomputed in found.items()}
        outcomes = {attempt.claim: _outcome(changes.pop(attempt.claim.user_id, 0)) for attempt in attempts if attempt.claim in held}
        ends = [AttemptEnd(attempt.claim, outcomes[attempt.claim], attempt.watch.elapsed) for attempt in attempts if attempt.claim in held]
        await store_ends(session, ends, held)
        ended = await finished(session, [attempt.claim for attempt in attempts], held)
    return [ended.outcome(attempt.claim, outcomes.get(attempt.claim, Outcome(ItemStatus.SKIPPED))) for attempt in attempts]


def _outcome(changes: int) -> Outcome:
    return Outcome(ItemStatus.SUCCEEDED) if changes else Outcome(ItemStatus.SKIPPED, "UNCHANGED")


async def recompute(session: Session, user_id: UUID, *, reason: str, run_id: UUID | None = None) -> int:
    """Update the profile as `update_profile` does, and return the number of recorded changes."""
    return (await update_profile(session, user_id, reason=reason, run_id=run_id)).changes


@dataclass(frozen=True)
class ProfileUpdate:
    """The profile's values before and after an update, and the number of recorded changes."""

    before: Sequence[rules.Value] = ()
    after: Sequence[rules.Value] = ()
    changes: int = 0


async def update_profile(session: Session, user_id: UUID, *, reason: str, run_id: UUID | None = None) -> ProfileUpdate:
    """Recompute the profile inside the caller's transaction and record every change.

    Locks the user's row until the transaction ends. The nightly jobs call it, and so does every use case that edits or deletes what supports the profile.
    """
    return (await update_profiles(session, [user_id], reason=reason, run_id=run_id)).get(user_id, ProfileUpdate())


async def update_profiles(session: Session, user_ids: Sequence[UUID], *, reason: str, run_id: UUID | None = None) -> dict[UUID, ProfileUpdate]:
    """Update many users' profiles as `update_profile` does, with as many statements as for one. Deleted users are left out."""
    held = await stored.lock_users_and_clock(session, user_ids)
    users = [user for user, _ in held]
    present = await stored.load_values(session, [user.id for user in users])
    grounds = await load_profile_inputs(session, users)
    before = {user.id: [to_value(row) for row in present[user.id]] for user in users}
    after = {user.id: grounds[user.id].profile(day_of(now, user.time_zone, user.day_ends_at)) for user, now in held}
    changes = {user.id: rules.diff_profiles(before[user.id], after[user.id]) for user in users}
    await stored.replace_values(session, [Replacement(user.id, present[user.id], [to_columns(value) for value in after[user.id]]) for user in users])
    await stored.save_changes(session, [(user.id, _change(change, reason)) for user in users for change in changes[user.id]], run_id)
    return {user.id: ProfileUpdate(before[user.id], after[user.id], len(changes[user.id])) for user in users}


def _change(change: rules.Change, reason: str) -> dict[str, Any]:
    return {
        "slot": change.slot, "value_key": change.value_key, "before": change.before, "after": change.after,
        "status_before": change.before_status and ValueStatus(change.before_status), "status_after": change.after_status and ValueStatus(change.after_status),
        "confidence_before": change.before_confidence, "confidence_after": change.after_confidence, "reason": f"{reason}: {change.reason}",
    }
