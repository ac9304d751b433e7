"""The DAILY_PROFILE job: it updates the profiles of the claimed items' users (jobs/profile_update.py) and stores the outcomes. It calls no model."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from jobs.memory_policy import lock_policies
from jobs.profile_update import update_profiles
from jobs.rules.memory import MEMORY_OFF
from jobs.run_context import RunContext, Stopwatch
from persistence import database
from persistence.models.jobs import ItemStatus
from persistence.queries.job_attempts import AttemptEnd, Outcome, lock_claims, store_ends, to_finish_result
from persistence.queries.job_queue import Claim


@dataclass(frozen=True)
class _Attempt:
    claim: Claim
    watch: Stopwatch


_SWITCHED_OFF = Outcome(ItemStatus.SKIPPED, MEMORY_OFF)


async def perform(claim: Claim, context: RunContext) -> Outcome:
    """Update one user's profile."""
    return await context.batched(_perform_all)(_Attempt(claim, Stopwatch()))


async def _perform_all(attempts: Sequence[_Attempt]) -> list[Outcome]:
    """Update the profiles of the users in a batch. Of several days of one user, the first one reports the changes and the others are UNCHANGED.

    The profile of a user who switched it off stays as it is.
    """
    async with database.transaction() as session:
        locked = await lock_claims(session, [attempt.claim for attempt in attempts])
        policies = await lock_policies(session, {claim.user_id for claim in locked})
        user_ids = sorted(user_id for user_id, policy in policies.items() if policy.profile)
        off = policies.keys() - set(user_ids)
        found = await update_profiles(session, user_ids, reason="NIGHT", run_id=attempts[0].claim.run_id)
        changes = {user_id: recomputed.changes for user_id, recomputed in found.items()}
        outcomes = {
            attempt.claim: _SWITCHED_OFF if attempt.claim.user_id in off else _outcome(changes.pop(attempt.claim.user_id, 0))
            for attempt in attempts if attempt.claim in locked
        }
        ends = [AttemptEnd(attempt.claim, outcomes[attempt.claim], attempt.watch.elapsed) for attempt in attempts if attempt.claim in locked]
        await store_ends(session, ends, locked)
        ended = await to_finish_result(session, [attempt.claim for attempt in attempts], locked)
        await session.note_changes(user_id for user_id, recomputed in found.items() if recomputed.changes)
    return [ended.outcome(attempt.claim, outcomes.get(attempt.claim, Outcome(ItemStatus.SKIPPED))) for attempt in attempts]


def _outcome(changes: int) -> Outcome:
    return Outcome(ItemStatus.SUCCEEDED) if changes else Outcome(ItemStatus.SKIPPED, "UNCHANGED")
