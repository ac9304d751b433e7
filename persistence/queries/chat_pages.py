"""Queries of conversations and messages as pages show them, in plain SQL like those of diaries: they return rows of persistence/queries/exchange_rows.py.

A page of the chat reads five times; as entities of the ORM its rows took most of the request's time.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from persistence.connection_holder import SupportsFetch
from persistence.paging import PageRange
from persistence.queries.exchange_rows import ConversationRow, MessageRow, columns_of, to_conversation, to_message

_ANY_CONVERSATION = UUID(int=0)
_CONVERSATIONS = f"select {columns_of(ConversationRow, 'c')} from conversations c where c.user_id = $1"
_MESSAGES = f"select {columns_of(MessageRow, 'm')} from messages m where m.user_id = $1"

_WITH_CONVERSATIONS = f"""
select {columns_of(MessageRow, 'm')}, {columns_of(ConversationRow, 'c')}
from messages m join conversations c on c.user_id = $1 and c.id = m.conversation_id
where m.user_id = $1 and m.id = any($2::uuid[])"""
_MESSAGE_COLUMNS = len(MessageRow._fields)


class MessagePage(NamedTuple):
    """A page of the current path of a conversation, which is listed oldest first, or newest first if `newest_first`.

    With `around`, `span.limit` is the number of messages before that one, and of those from it on.
    """

    conversation_id: UUID
    span: PageRange
    newest_first: bool = False
    around: UUID | None = None


async def find_conversation(connection: SupportsFetch, user_id: UUID, conversation_id: UUID) -> ConversationRow | None:
    return (await load_conversations(connection, user_id, [conversation_id])).get(conversation_id)


async def load_conversations(connection: SupportsFetch, user_id: UUID, ids: Sequence[UUID]) -> Mapping[UUID, ConversationRow]:
    rows = await connection.fetch(f"{_CONVERSATIONS} and c.id = any($2::uuid[])", user_id, list(ids))
    return {row.id: row for row in map(to_conversation, rows)}


async def load_messages(connection: SupportsFetch, user_id: UUID, ids: Sequence[UUID]) -> Mapping[UUID, MessageRow]:
    rows = await connection.fetch(f"{_MESSAGES} and m.id = any($2::uuid[])", user_id, list(ids))
    return {row.id: row for row in map(to_message, rows)}


async def load_messages_with_conversations(
    connection: SupportsFetch, user_id: UUID, ids: Sequence[UUID]
) -> tuple[Mapping[UUID, MessageRow], Mapping[UUID, ConversationRow]]:
    """Load messages and their conversations, both by id, by one statement."""
    rows = await connection.fetch(_WITH_CONVERSATIONS, user_id, list(ids))
    messages = [to_message(row[:_MESSAGE_COLUMNS]) for row in rows]
    conversations = [to_conversation(row[_MESSAGE_COLUMNS:]) for row in rows]
    return {row.id: row for row in messages}, {row.id: row for row in conversations}


async def load_answers(connection: SupportsFetch, user_id: UUID, question_ids: Sequence[UUID]) -> Mapping[UUID, MessageRow]:
    """Return the chosen answer of each question, by question id."""
    rows = await connection.fetch(f"{_MESSAGES} and m.reply_to = any($2::uuid[]) order by m.chosen, m.id", user_id, list(question_ids))
    return {row.reply_to: row for row in map(to_message, rows) if row.reply_to}


async def load_message_pages(connection: SupportsFetch, user_id: UUID, pages: Sequence[MessagePage]) -> Mapping[MessagePage, Sequence[MessageRow]]:
    """Load the pages, with one statement for all pages that differ only in their conversation."""
    alike: dict[MessagePage, list[UUID]] = {}
    for page in pages:
        alike.setdefault(page._replace(conversation_id=_ANY_CONVERSATION), []).append(page.conversation_id)
    found: dict[MessagePage, list[MessageRow]] = {}
    for kind, conversations in alike.items():
        for message in map(to_message, await connection.fetch(*_page(kind, user_id, conversations))):
            found.setdefault(kind._replace(conversation_id=message.conversation_id), []).append(message)
    return found


def _page(kind: MessagePage, user_id: UUID, conversations: Sequence[UUID]) -> Sequence[Any]:
    """Return the statement of pages of one kind with its parameters."""
    condition, order, given = kind.span.keyset({"id": "uuid"}, 4, descending=kind.newest_first)
    path = "select p.* from messages p where p.user_id = $1 and p.conversation_id = wanted.id and not p.off_path"
    rows = f"{path}{condition} order by {order} limit $3"
    if kind.around is not None:
        order, given = "id desc" if kind.newest_first else "id asc", [kind.around]
        rows = f"({path} and p.id < $4::uuid order by p.id desc limit $3) union all ({path} and p.id >= $4::uuid order by p.id limit $3)"
    statement = f"select {columns_of(MessageRow, 'm')} from unnest($2::uuid[]) wanted (id) cross join lateral ({rows}) m order by m.{order}"
    return statement, user_id, conversations, kind.span.limit, *given
