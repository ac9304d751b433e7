"""Queries for conversations and messages."""
from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graph.field_costs import FILTER, SEARCH, weight
from graph.permissions import SignedIn
from graph.relay import After, Connection, First, decode_cursor, decode_id_of, encode_cursor, make_connection, page_size
from graph.types.chat import Conversation, Message
from resolvers import chat

ConversationId = Annotated[strawberry.ID, strawberry.argument(description="Id of the conversation.")]
Archived = Annotated[bool | None, strawberry.argument(description="True for archived conversations only, false (also when absent or null) for the others only.")]
Search = Annotated[
    str | None,
    strawberry.argument(
        description="Only conversations in which each of these words occurs in the title or in a message, ignoring case. Words are separated by white space: "
        "at most 10 words and 200 characters. Absent or null for no search."
    ),
]
Words = Annotated[
    str,
    strawberry.argument(
        description="Search words or a question; Chinese needs no spaces. Words are separated by white space: 1 to 10 words, at most 200 characters."
    ),
]


@strawberry.type
class ChatQuery:
    @strawberry.field(permission_classes=[SignedIn], description="One of the user's conversations; NOT_FOUND when there is none with this id.")
    async def conversation(self, info: strawberry.Info, id: ConversationId) -> Conversation | None:
        return Conversation.from_model(await chat.get_conversation(info.context, decode_id_of("Conversation", id)))

    @strawberry.field(
        permission_classes=[SignedIn], metadata=weight(FILTER, when="search"), description="The user's conversations, those with the latest message first."
    )
    async def conversations(
        self, info: strawberry.Info, first: First = 20, after: After = None, archived: Archived = False, search: Search = None
    ) -> Connection[Conversation] | None:
        place = decode_cursor(after, datetime, UUID) if after is not None else None
        page = await chat.list_conversations(info.context, archived=bool(archived), search=search, after=place, limit=page_size(first))
        return make_connection(
            page.rows, node=Conversation.from_model, cursor=lambda row: encode_cursor(row.last_message_at, row.id), has_next=page.has_next,
            after=after, count=lambda: chat.count_conversations(info.context, archived=bool(archived), search=search),
        )

    @strawberry.field(
        permission_classes=[SignedIn],
        metadata=weight(SEARCH),
        description="The user's messages and the answers to them, ranked. First the messages in which every word occurs as typed, ignoring case and order, "
        "the newest first; then the messages that match more than half of the query, the best first. A query may name days (last Tuesday, on May 2nd, 4月27号): "
        "of these the messages of those days come first, then those of the ten days after; a query of nothing but days finds all of their messages. Words match in "
        "any grammatical form and Chinese by characters and pairs of characters; rare words weigh more and long messages less (BM25), and among equals the "
        "newer comes first.",
    )
    async def message_search(self, info: strawberry.Info, query: Words, first: First = 20, after: After = None) -> Connection[Message] | None:
        place = decode_cursor(after, UUID)[0] if after is not None else None
        page = await chat.search_messages(info.context, query, after=place, limit=page_size(first))
        return make_connection(
            page.rows, node=Message.from_model, cursor=lambda row: encode_cursor(row.id), has_next=page.has_next, after=after,
            count=lambda: _known(page.total),
        )


async def _known(total: int) -> int:
    """Return the total, which the search has counted already."""
    return total
