"""The `node` loaders of conversations and messages."""
from collections.abc import Sequence
from uuid import UUID

import strawberry

from graph.relay import NodeLoader
from graph.types.conversation import Conversation
from graph.types.message import Message

__all__ = ["NODES", "Conversation", "Message"]


async def load_conversations(info: strawberry.Info, ids: Sequence[UUID]) -> list[Conversation | None]:
    found = await info.context.loaders.conversation.load_many(ids)
    return [row and Conversation.from_model(row) for row in found]


async def load_messages(info: strawberry.Info, ids: Sequence[UUID]) -> list[Message | None]:
    found = await info.context.loaders.message.load_many(ids)
    return [row and Message.from_model(row) for row in found]


NODES: dict[str, NodeLoader] = {"Conversation": load_conversations, "Message": load_messages}
