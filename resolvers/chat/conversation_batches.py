"""Use cases that delete or archive several conversations at once, each in one transaction."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from jobs.user_edits import join_sentences, mentions_removed_text
from persistence import database
from persistence.models import Conversation
from persistence.queries import chat_writes as writing
from persistence.queries import erasure
from resolvers.chat.message_edits import DELETED
from resolvers.context import Context
from resolvers.erasure import Receipt, recompute_after_erasure
from resolvers.errors import InputRule, InvalidInput

MAX_AT_ONCE = 100
"""Conversations of one request."""


@dataclass(frozen=True)
class DeletedConversations:
    """The ids of the deleted conversations, in the order given, those of which the user has none, and one receipt for all."""

    deleted: Sequence[UUID]
    missing: Sequence[UUID]
    receipt: Receipt


@dataclass(frozen=True)
class ArchivedConversations:
    """The conversations as they are now, in the order given, and the ids of which the user has none."""

    conversations: Sequence[Conversation]
    missing: Sequence[UUID]


async def delete_conversations(context: Context, ids: Sequence[UUID], *, dry_run: bool = False) -> DeletedConversations:
    """Delete conversations as `delete_conversation` does, with `dry_run` none; those that do not exist stop no other. Raises `InvalidInput`."""
    viewer = await context.require_viewer()
    wanted = _check(ids)
    async with database.transaction(dry_run=dry_run) as session:
        await erasure.lock_erasures(session, viewer.id)
        found, forgotten = await erasure.erase_conversations(session, viewer.id, wanted, join_sentences, mentions_removed_text)
        receipt = await recompute_after_erasure(session, viewer, forgotten, DELETED) if found else Receipt()
    return DeletedConversations([id for id in wanted if id in found], [id for id in wanted if id not in found], receipt)


async def archive_conversations(context: Context, ids: Sequence[UUID], archived: bool) -> ArchivedConversations:
    """Archive conversations, or unarchive them; those that do not exist stop no other. Raises `InvalidInput`."""
    viewer = await context.require_viewer()
    wanted = _check(ids)
    async with database.transaction() as session:
        rows = {row.id: row for row in await writing.archive_conversations(session, viewer.id, wanted, archived)}
    return ArchivedConversations([rows[id] for id in wanted if id in rows], [id for id in wanted if id not in rows])


def _check(ids: Sequence[UUID]) -> Sequence[UUID]:
    """Return the ids without duplicates. Raises `InvalidInput` for none or too many."""
    wanted = list(dict.fromkeys(ids))
    if not 1 <= len(wanted) <= MAX_AT_ONCE:
        rule = InputRule.TOO_MANY if wanted else InputRule.EMPTY
        raise InvalidInput("conversationIds", f"conversationIds has {len(wanted)} ids: send 1 to {MAX_AT_ONCE}", rule=rule, bounds=(1, MAX_AT_ONCE))
    return wanted
