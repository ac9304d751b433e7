"""The end of a conversation's being temporary: diaries, profile and searches read its messages from then on. The way back does not exist."""
from __future__ import annotations

from typing import TYPE_CHECKING

from jobs.rules.day import day_bounds
from persistence.database import Session
from persistence.models import Conversation
from persistence.queries import chat_writes as writing
from persistence.queries import kept_conversations as keeping
from resolvers.errors import InputRule, InvalidInput

if TYPE_CHECKING:
    from persistence.queries.viewer import AnyUser


def is_to_be_kept(conversation: Conversation, temporary: bool) -> bool:
    """Return whether a conversation is temporary and no longer shall be. Raises `InvalidInput` if it is kept and shall become temporary."""
    if temporary and not conversation.temporary:
        raise InvalidInput(
            "temporary", "a kept conversation cannot become temporary: diaries and profile may rest on it. Delete it, or start a new one",
            rule=InputRule.NOT_ALLOWED_HERE,
        )
    return conversation.temporary and not temporary


async def keep(session: Session, viewer: AnyUser, conversation: Conversation) -> None:
    """Have the nightly jobs read the days of a conversation that was temporary until now. The caller has locked and updated it."""
    for day, zones in (await keeping.list_zones_by_day(session, viewer.id, conversation.id)).items():
        bounds = [day_bounds(day, zone, viewer.day_ends_at) for zone in zones]
        await writing.bump_day_revision(session, viewer.id, day, min(start for start, _ in bounds), max(end for _, end in bounds))
    await keeping.recall_messages(session, viewer.id, conversation.id)
