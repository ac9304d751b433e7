"""Questions of the chat about contradicting profile values: each dispute is included in the prompt of exactly one message of the user."""
from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timezone
from typing import TYPE_CHECKING
from uuid import UUID

import settings
from jobs.rules.own_slots import own_key
from jobs.rules.profile.disputes import Dispute, find_disputes
from llm import tokens
from persistence import database
from persistence.models.enums import Learning, ValueStatus
from persistence.queries import exchange_closing as stored
from persistence.queries.prompt_inputs import Asked, PromptInputs
from resolvers.chat.background import slot_names, to_values
from resolvers.chat.withheld import withheld_of

if TYPE_CHECKING:
    from persistence.queries.exchange_rows import AnyConversation, AnyMessage


@dataclass(frozen=True)
class DisputePrompt:
    """A dispute in the prompt of a question. `first_time`: this call is the first that includes it."""

    dispute: Dispute
    first_time: bool
    line: str
    """The line that describes the dispute in the prompt, with an own slot under its name."""


async def claim_dispute_prompt(conversation: AnyConversation, question: AnyMessage, inputs: PromptInputs) -> DisputePrompt | None:
    """Claim the newest dispute among the profile's values that the user was not asked about yet, or return the one that this question has already claimed.

    A regenerated answer includes the same dispute again, because it replaces the one that asked. Temporary conversations and play include none, and
    neither do those in which the profile is switched off: no nightly job would learn from the user's reply.
    """
    if conversation.temporary or conversation.play or question.learning is not Learning.ALL:
        return None
    disputed = [value for value in inputs.values if value.status is ValueStatus.DISPUTED]
    names, withheld = slot_names(inputs), withheld_of(inputs)
    for dispute in find_disputes(to_values(inputs._replace(values=disputed)), {own_key(id) for id, _, many in inputs.own_slots if many}):
        if withheld.has_value(disputed_ids(dispute, inputs)):
            continue
        line = dispute.line_for(names.get(dispute.slot, dispute.slot))
        if tokens.count(line) < settings.current().profile_tokens and (offered := await _offer(dispute, line, inputs.asked.get(dispute.slot), question)):
            return offered
    return None


def disputed_ids(dispute: Dispute, inputs: PromptInputs) -> list[UUID]:
    """Return the ids of the values that dispute with each other."""
    return [value.id for value in inputs.values if value.slot == dispute.slot and value.value_key in dispute.keys]


async def _offer(dispute: Dispute, line: str, asked: Asked | None, question: AnyMessage) -> DisputePrompt | None:
    if asked is not None and asked.dispute_digest == dispute.fingerprint:
        return DisputePrompt(dispute, first_time=False, line=line) if asked.question_id == question.id else None
    now = datetime.now(timezone.utc)
    async with database.connection() as connection:
        claimed = await stored.claim_dispute(connection, question.user_id, dispute.slot, dispute.fingerprint, question.id, now)
    return DisputePrompt(dispute, first_time=True, line=line) if claimed else None
