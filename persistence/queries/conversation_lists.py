"""Lists of a user's conversations by filters, pinned ones first, and the tags in use; plain SQL like persistence/queries/chat_pages.py."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from persistence.connection_holder import SupportsFetch
from persistence.paging import PageRange
from persistence.queries.exchange_rows import ConversationRow, columns_of, to_conversation

ConversationCursor = tuple[bool, datetime, UUID]
"""A conversation's position in its list: whether it is pinned, the last message's time, the id."""


@dataclass(frozen=True)
class ConversationFilter:
    """A filter of conversations; with `pinned` None both kinds.

    Each of the regular expressions `patterns` matches the title or a message, each of `tags` a tag.
    """

    archived: bool = False
    pinned: bool | None = None
    patterns: Sequence[str] = ()
    tags: Sequence[str] = ()


class TagUse(NamedTuple):
    """A tag in one spelling, the number of conversations that have it, and the time of the latest message in one."""

    tag: str
    conversations: int
    last_message_at: datetime


_COLUMNS = columns_of(ConversationRow, "c")
_SORTED_BY = {"c.pinned": "bool", "c.last_message_at": "timestamptz", "c.id": "uuid"}
_PINNED = "c.pinned = {}"
_TAGGED = 'exists (select from unnest(c.tags) t (tag) where t.tag collate "C" ~ {})'
_SAYS = """(c.title collate "C" ~ {0} or exists (
  select from messages m where m.user_id = $1 and m.conversation_id = c.id and m.content collate "C" ~ {0}))"""
"""No locale decides what matches."""


async def list_conversations(
    connection: SupportsFetch, user_id: UUID, wanted: ConversationFilter, page: PageRange
) -> Sequence[ConversationRow]:
    """Return a page of conversations, pinned ones first, and among each kind the most recently active first."""
    conditions, given = _conditions(user_id, wanted)
    number = len(given) + 1
    condition, order, position = page.keyset(_SORTED_BY, number + 1, descending=True)
    statement = f"select {_COLUMNS} from conversations c where {conditions}{condition} order by {order} limit ${number}"
    return list(map(to_conversation, await connection.fetch(statement, *given, page.limit, *position)))


async def count_conversations(connection: SupportsFetch, user_id: UUID, wanted: ConversationFilter) -> int:
    conditions, given = _conditions(user_id, wanted)
    count: int = (await connection.fetch(f"select count(*) from conversations c where {conditions}", *given))[0][0]
    return count


async def list_tag_uses(connection: SupportsFetch, user_id: UUID, archived: bool | None) -> Sequence[TagUse]:
    """List the tags of conversations as they are spelled, of archived ones, the others, or all."""
    return [TagUse(*row) for row in await connection.fetch(_TAG_USES, user_id, archived)]


_TAG_USES = """
select t.tag, count(*), max(c.last_message_at) from conversations c cross join unnest(c.tags) t (tag)
where c.user_id = $1 and ($2::bool is null or c.archived = $2) group by t.tag"""


def _conditions(user_id: UUID, wanted: ConversationFilter) -> tuple[str, list[Any]]:
    """Return the SQL condition and its parameters, of which the owner is the first."""
    narrowing: list[tuple[str, object]] = [] if wanted.pinned is None else [(_PINNED, wanted.pinned)]
    narrowing += [(_TAGGED, tag) for tag in wanted.tags]
    narrowing += [(_SAYS, pattern) for pattern in wanted.patterns]
    conditions = [condition.format(f"${number}") for number, (condition, _) in enumerate(narrowing, 3)]
    return " and ".join(["c.user_id = $1 and c.archived = $2", *conditions]), [user_id, wanted.archived, *(value for _, value in narrowing)]
