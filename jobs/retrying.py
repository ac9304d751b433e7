"""What becomes of an item whose attempt failed: when it runs again, and when it is given up."""
from __future__ import annotations

import random
from datetime import timedelta

import settings
from llm.errors import ProviderReply
from persistence.models.jobs import ItemStatus
from persistence.provider_replies import NO_REPLY, StoredReply
from persistence.queries.job_queue import Claim, Outcome

FIRST_DELAY = timedelta(seconds=30)
LONGEST_DELAY = timedelta(hours=1)
MODEL_PAUSE = timedelta(minutes=15)
"""How long to leave the provider alone after a refusal that concerns everyone (a wrong key, an empty account)."""
REPLAN_FAILED_AFTER = timedelta(hours=20)
"""A given-up day is planned anew after this: the night after, but not within the same one."""

FILTERED = "MODEL_FILTERED"


def outcome_after_failure(
    claim: Claim, error_code: str, *, retry_after: float | None = None, affects_all_users: bool = False, reply: ProviderReply | None = None
) -> Outcome:
    """Wait and try again; FAILED once the attempts are used up. `retry_after` in seconds, as the provider asked; `reply` is its wording.

    A refusal that concerns everyone is nobody's attempt: it is refunded, and the run stops asking the model. A text that the provider
    filters is refused again however often it is sent, so it is not tried again.
    """
    if error_code == FILTERED:
        return Outcome(ItemStatus.FAILED, error_code, reply=to_stored(reply))
    if affects_all_users:
        return Outcome(ItemStatus.PENDING, error_code, retry_after=MODEL_PAUSE, refund=True, stops_run=True, reply=to_stored(reply))
    if claim.attempt >= settings.current().item_attempts:
        return Outcome(ItemStatus.FAILED, error_code, reply=to_stored(reply))
    asked = timedelta(seconds=retry_after) if retry_after else timedelta(0)
    return Outcome(ItemStatus.PENDING, error_code, retry_after=max(asked, _delay(claim.attempt)), reply=to_stored(reply))


def to_stored(reply: ProviderReply | None) -> StoredReply:
    return NO_REPLY if reply is None else StoredReply(reply.status, reply.code, reply.message)


def _delay(attempt: int) -> timedelta:
    """Doubling with full jitter above one half, so that many failed items do not come back together."""
    doubled = min(FIRST_DELAY * 2 ** (attempt - 1), LONGEST_DELAY)
    return doubled * random.uniform(0.5, 1.0)
