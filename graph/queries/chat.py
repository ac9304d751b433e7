"""Queries for conversations and messages."""
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graph.field_costs import AGGREGATE, FILTER, SEARCH, weight
from graph.permissions import SignedIn
from graph.relay import After, Before, Connection, First, Last, decode_cursor, decode_id_of, encode_cursor, id_of_cursor, make_connection, read_page
from graph.types.chat import Conversation, ConversationTag, Message, message_maker
from resolvers import chat

ConversationId = Annotated[strawberry.ID, strawberry.argument(description="Id of the conversation.")]
Archived = Annotated[bool | None, strawberry.argument(description="True for archived conversations only, false (also when absent or null) for the others only.")]
ArchivedTags = Annotated[
    bool | None, strawberry.argument(description="True for tags of archived conversations only, false for those of the others only; absent or null for all.")
]
Pinned = Annotated[bool | None, strawberry.argument(description="True for pinned conversations only, false for the others only; absent or null for both.")]
Tags = Annotated[
    list[str] | None,
    strawberry.argument(description="Only conversations that have each of these tags, at most 20, in any spelling as in `messageSearch`; absent, null or empty for all."),
]
Within = Annotated[
    strawberry.ID | None,
    strawberry.argument(description="Id of the conversation whose messages alone are searched, NOT_FOUND when there is none; absent or null for all conversations."),
]
Search = Annotated[
    str | None,
    strawberry.argument(
        description="Only conversations in which each of these words occurs in the title or in a message, in any spelling as in `messageSearch`. Words are "
        "separated by white space: at most 10 words and 200 characters. Absent or null for no search."
    ),
]
FromDay = Annotated[date | None, strawberry.argument(name="from", description="First day of the messages; absent or null for no lower bound.")]
ToDay = Annotated[date | None, strawberry.argument(description="Last day of the messages, inclusive; absent or null for no upper bound.")]
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
        permission_classes=[SignedIn], metadata=weight(FILTER, when="search"),
        description="The user's conversations, pinned ones first, then those with the latest message. A conversation that fits all arguments is listed.",
    )
    async def conversations(
        self, info: strawberry.Info, first: First = None, after: After = None, last: Last = None, before: Before = None,
        archived: Archived = False, search: Search = None, pinned: Pinned = None,
        tags: Tags = None,
    ) -> Connection[Conversation] | None:
        wanted = chat.make_filter(bool(archived), pinned, tags or (), search)
        page = await chat.list_conversations(info.context, wanted, **read_page(first, after, last, before, _decode_place))
        return make_connection(
            page.rows, node=Conversation.from_model, cursor=lambda row: encode_cursor(int(row.pinned), row.last_message_at, row.id),
            has_next=page.has_next, has_previous=page.has_previous, count=lambda: chat.count_conversations(info.context, wanted),
        )

    @strawberry.field(
        permission_classes=[SignedIn], metadata=weight(AGGREGATE), description="The tags of the user's conversations, those of most conversations first."
    )
    async def conversation_tags(self, info: strawberry.Info, archived: ArchivedTags = None) -> list[ConversationTag] | None:
        return [ConversationTag(tag=use.tag, conversation_count=use.conversations, last_message_at=use.last_message_at)
                for use in await chat.list_tags(info.context, archived=archived)]

    @strawberry.field(
        permission_classes=[SignedIn],
        metadata=weight(SEARCH),
        description="The user's messages and the answers to them, ranked. First the messages in which every word occurs, also within a longer word, in any "
        "order, the newest first; then the messages that match more than half of the query, the best first. A query may name days (last Tuesday, on May 2nd, 4月27号): "
        "of these the messages of those days come first, then those of the ten days after; a query of nothing but days finds all of their messages. Words match in "
        "any grammatical form and Chinese by characters and pairs of characters; rare words weigh more and long messages less (BM25), and among equals the "
        "newer comes first. Spellings of a word are one: upper and lower case, accents (also ı, ø, ł, đ), width, ligatures, straight and curly apostrophes and "
        "quotes, kinds of hyphens and whether a word has one, invisible characters, composed and decomposed characters, and Traditional and Simplified Chinese "
        "make no difference. `Message.matches` says what to mark.",
    )
    async def message_search(
        self, info: strawberry.Info, query: Words, first: First = None, after: After = None, last: Last = None, before: Before = None,
        conversation_id: Within = None, from_: FromDay = None, to: ToDay = None,
    ) -> Connection[Message] | None:
        within = decode_id_of("Conversation", conversation_id) if conversation_id is not None else None
        page = await chat.search_messages(info.context, query, conversation_id=within, first_day=from_, last_day=to, **read_page(first, after, last, before, id_of_cursor))
        return make_connection(
            page.rows, node=await message_maker(info, page.rows), cursor=lambda row: encode_cursor(row.id), has_next=page.has_next,
            has_previous=page.has_previous, count=lambda: _return_total(page.total),
        )


def _decode_place(after: str) -> tuple[bool, datetime, UUID]:
    pinned, last_message_at, id = decode_cursor(after, int, datetime, UUID)
    return bool(pinned), last_message_at, id


async def _return_total(total: int) -> int:
    """Return the total, which the search has counted already."""
    return total
