"""DAILY_PROFILE: the stored profile is made equal to the pure function of present evidence and verdicts. No model is asked."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from jobs.computing import columns_of, compute, value_of
from jobs.desk import Desk, Stopwatch
from jobs.patience import patiently
from jobs.rules import profile as rules
from jobs.rules.day import day_of
from persistence.database import Session, transaction
from persistence.models.jobs import ItemStatus
from persistence.models.profile import ValueStatus
from persistence.queries import profile_writing as stored
from persistence.queries.ledger import Claim, Outcome, finish


async def perform(claim: Claim, desk: Desk) -> Outcome:
    """Bring one person's profile up to date. Raises `LeaseLost`."""
    watch = Stopwatch()
    return await patiently(lambda: _perform(claim, watch), desk.deadline)


async def _perform(claim: Claim, watch: Stopwatch) -> Outcome:
    async with transaction() as writing:
        changed = await recompute(writing, claim.user_id, reason="NIGHT", run_id=claim.run_id)
        outcome = Outcome(ItemStatus.SUCCEEDED if changed else ItemStatus.SKIPPED, None if changed else "UNCHANGED")
        await finish(writing, claim, outcome, watch.took)
    return outcome


async def recompute(session: Session, user_id: UUID, *, reason: str, run_id: UUID | None = None) -> int:
    """`bring_up_to_date`, answering how many changes were recorded."""
    return (await bring_up_to_date(session, user_id, reason=reason, run_id=run_id)).changes


@dataclass(frozen=True)
class Recomputed:
    """The profile's values before and after, and how many changes were recorded."""

    before: Sequence[rules.Value] = ()
    after: Sequence[rules.Value] = ()
    changes: int = 0


async def bring_up_to_date(session: Session, user_id: UUID, *, reason: str, run_id: UUID | None = None) -> Recomputed:
    """Recompute the profile inside the caller's transaction and record every change.

    Holds the person's row until the transaction ends. Called by the nights and by whatever edits or deletes what the profile stands on.
    """
    found = await stored.lock_user_and_clock(session, user_id)
    if found is None:
        return Recomputed()
    user, now = found
    present = await stored.list_values(session, user_id)
    before, after = [value_of(row) for row in present], await compute(session, user, day_of(now, user.time_zone, user.day_ends_at))
    changes = rules.changes(before, after)
    await stored.replace_values(session, user_id, present, [columns_of(value) for value in after])
    await stored.save_changes(session, user_id, [_change(change, reason) for change in changes], run_id)
    return Recomputed(before, after, len(changes))


def _change(change: rules.Change, reason: str) -> dict[str, Any]:
    return {
        "slot": change.slot, "value_key": change.value_key, "before": change.before, "after": change.after,
        "status_before": change.before_status and ValueStatus(change.before_status), "status_after": change.after_status and ValueStatus(change.after_status),
        "confidence_before": change.before_confidence, "confidence_after": change.after_confidence, "reason": f"{reason}: {change.reason}",
    }
