"""The type of a conversation with its messages."""
from datetime import datetime
from typing import Annotated
from uuid import UUID

import strawberry

from graph.relay import After, Connection, First, Node, decode_cursor, encode_cursor, encode_id, make_connection, page_size
from graph.types.message import Message
from persistence import models
from resolvers import chat

NewestFirst = Annotated[
    bool | None, strawberry.argument(description="True to start with the newest message instead of the oldest; null counts as false. Cursors are valid in both directions.")
]


@strawberry.type(description="A conversation between the user and the assistant.")
class Conversation(Node):
    title: str | None = strawberry.field(description="1 to 200 characters: the user's own title, otherwise one generated with the first answer; null until then.")
    temporary: bool = strawberry.field(description="Whether diaries and profile ignore the conversation.")
    archived: bool = strawberry.field(description="Whether the user archived it; new messages do not unarchive it.")
    tags: list[str] = strawberry.field(description="The user's tags in the user's order, at most 20 of 1 to 40 characters each.")
    created_at: datetime = strawberry.field(description="When the conversation was created.")
    updated_at: datetime = strawberry.field(description="When the conversation last got a message or was changed.")
    last_message_at: datetime = strawberry.field(description="When the conversation last got a message; `conversations` is sorted by it.")
    row: strawberry.Private["models.Conversation"]

    @strawberry.field(description="Its messages, the oldest first unless `newestFirst` is true.")
    async def messages(
        self, info: strawberry.Info, first: First = 20, after: After = None, newest_first: NewestFirst = False
    ) -> Connection[Message]:
        place = decode_cursor(after, UUID)[0] if after is not None else None
        page = await chat.list_messages(info.context, self.row.id, after=place, limit=page_size(first), newest_first=bool(newest_first))
        return make_connection(
            page.rows, node=Message.from_model, cursor=lambda row: encode_cursor(row.id), has_next=page.has_next, after=after,
            count=lambda: chat.count_messages(info.context, self.row.id),
        )

    @strawberry.field(description="The conversation from which this one was forked; null when it is not a fork, and when that conversation was deleted.")
    async def forked_from(self, info: strawberry.Info) -> "Conversation | None":
        found = self.row.forked_from and await info.context.loaders.conversation.load(self.row.forked_from)
        return Conversation.from_model(found) if found else None

    @classmethod
    def from_model(cls, row: "models.Conversation") -> "Conversation":
        return cls(
            id=encode_id("Conversation", row.id), title=row.title, temporary=row.temporary, archived=row.archived, tags=row.tags,
            created_at=row.created_at, updated_at=row.updated_at, last_message_at=row.last_message_at, row=row,
        )
