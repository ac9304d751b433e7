"""Questions of the chat about contradicting profile values: each dispute is included in the prompt of exactly one message of the user."""
from __future__ import annotations

from dataclasses import dataclass

import settings
from jobs.profile_inputs import to_value
from jobs.rules.profile.disputes import Dispute, find_disputes
from llm import tokens
from persistence import database
from persistence.models import Conversation, Message
from persistence.queries import disputes as stored
from persistence.queries.disputes import Asked


@dataclass(frozen=True)
class DisputePrompt:
    """A dispute in the prompt of a question. `first_time`: this call is the first that includes it."""

    dispute: Dispute
    first_time: bool


async def claim_dispute_prompt(conversation: Conversation, question: Message) -> DisputePrompt | None:
    """Claim the newest dispute that the user was not asked about yet, or return the one that this question has already claimed.

    A regenerated answer includes the same dispute again, because it replaces the one that asked. Temporary conversations include none: no
    nightly job would read the user's reply.
    """
    if conversation.temporary:
        return None
    async with database.session() as session:
        values = await stored.list_disputed_values(session, question.user_id)
        asked = await stored.load_asked(session, question.user_id) if values else {}
    for dispute in find_disputes(map(to_value, values)):
        if tokens.count(dispute.prompt_line) < settings.current().profile_tokens and (offered := await _offer(dispute, asked.get(dispute.slot), question)):
            return offered
    return None


async def _offer(dispute: Dispute, asked: Asked | None, question: Message) -> DisputePrompt | None:
    if asked is not None and asked.dispute_digest == dispute.fingerprint:
        return DisputePrompt(dispute, first_time=False) if asked.question_id == question.id else None
    async with database.transaction() as session:
        claimed = await stored.claim_dispute(session, question.user_id, dispute.slot, dispute.fingerprint, question.id)
    return DisputePrompt(dispute, first_time=True) if claimed else None
