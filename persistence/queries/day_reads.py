"""Queries of one day as a page shows it: what was said on it, in plain SQL like the other pages, and why it has no diary yet."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from persistence.connection_holder import SupportsFetch
from persistence.paging import PageRange
from persistence.queries.exchange_rows import ConversationRow, MessageRow, columns_of, to_conversation, to_message

_SAID = """messages m join conversations c on c.user_id = m.user_id and c.id = m.conversation_id
where m.user_id = $1 and m.day = $2 and not m.copied and not c.temporary"""
_FACTS = f"""
select (select count(*) from {_SAID} and m.role = 'USER') as message_count,
  exists (select from diary_deletions d where d.user_id = $1 and d.day = $2) as is_deleted,
  a.diary_revision < a.revision as is_due, a.starts_at, a.ends_at,
  not exists (select from {_SAID} and m.role = 'USER' and m.learning <> 'NONE') as is_kept_out
from (values (1)) one left join active_days a on a.user_id = $1 and a.day = $2"""
_CONVERSATIONS = f"""
select {columns_of(ConversationRow, 'c')} from conversations c
join (select m.conversation_id, min(m.id::text) as first_message from {_SAID} group by m.conversation_id) said on said.conversation_id = c.id
where c.user_id = $1 order by said.first_message"""


class DayFacts(NamedTuple):
    """The state of a day: the user's messages, without temporary chats and copies, and whether its diary was deleted or is due; None where there is no row.

    `is_kept_out`: none of the messages was written while the diary was on.
    """

    message_count: int
    is_deleted: bool
    is_due: bool | None
    starts_at: datetime | None
    ends_at: datetime | None
    is_kept_out: bool


async def find_facts(connection: SupportsFetch, user_id: UUID, day: date) -> DayFacts:
    [row] = await connection.fetch(_FACTS, user_id, day)
    return DayFacts(*row)


async def list_conversations(connection: SupportsFetch, user_id: UUID, day: date) -> Sequence[ConversationRow]:
    """Return the conversations of the day's messages, in the order in which they were first used on it."""
    return list(map(to_conversation, await connection.fetch(_CONVERSATIONS, user_id, day)))


async def list_messages(connection: SupportsFetch, user_id: UUID, day: date, page: PageRange) -> Sequence[MessageRow]:
    """Return a page of the day's messages and the answers to them, which are listed the oldest first."""
    condition, order, given = page.keyset({"m.id": "uuid"}, 4)
    statement = f"select {columns_of(MessageRow, 'm')} from {_SAID}{condition} order by {order} limit $3"
    return list(map(to_message, await connection.fetch(statement, user_id, day, page.limit, *given)))


async def count_messages(connection: SupportsFetch, user_id: UUID, day: date) -> int:
    [row] = await connection.fetch(f"select count(*) from {_SAID}", user_id, day)
    return int(row[0])
