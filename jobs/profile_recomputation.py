"""Computation of the profiles that a migration changed, by the timers, in short transactions, each of which continues where the last one ended."""
from __future__ import annotations

from jobs.deadline import Deadline
from jobs.profile_update import update_profiles
from persistence import database
from persistence.queries.profile_writes import claim_due_updates

REASON = "VALUES_JOINED"
USER_BATCH_SIZE = 50
MARGIN_SECONDS = 20.0
"""Seconds that are kept until the deadline of a timer event."""


async def update_due_profiles(deadline: Deadline) -> int:
    """Compute the profiles that are due from their evidence and verdicts, and return their number."""
    done = 0
    while deadline.remaining() > MARGIN_SECONDS:
        async with database.transaction() as session:
            users = await claim_due_updates(session, USER_BATCH_SIZE)
            await update_profiles(session, users, reason=REASON)
            await session.note_changes(users)
        done += len(users)
        if len(users) < USER_BATCH_SIZE:
            break
    return done
