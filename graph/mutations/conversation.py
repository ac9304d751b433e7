"""Mutations that change, fork and delete conversations."""
from typing import Annotated

import strawberry

from graph.field_costs import FILTER, weight
from graph.permissions import SignedIn
from graph.relay import decode_id_of, encode_id
from graph.results import ConflictError, InvalidInputError, StorageExceededError, to_result
from graph.types.chat import Conversation
from graph.types.receipt import ForgettingReceipt
from resolvers import chat


@strawberry.input(description="Changes of a conversation. Absent fields keep their value.")
class ConversationUpdateInput:
    conversation_id: strawberry.ID = strawberry.field(description="Id of the conversation.")
    title: strawberry.Maybe[str | None] = strawberry.field(
        description="The user's title, 1 to 200 characters on one line. Null removes it; a title is generated with the next answer."
    )
    archived: strawberry.Maybe[bool | None] = strawberry.field(description="Whether the conversation is archived. Null is rejected.")
    tags: strawberry.Maybe[list[str] | None] = strawberry.field(
        description="All tags of the conversation: at most 20 of 1 to 40 characters each; duplicates count once. Null or empty removes all tags."
    )

    def to_changes(self) -> chat.ConversationChanges:
        given = {name: getattr(self, name) for name in ("title", "archived", "tags")}
        return chat.ConversationChanges(**{name: some.value for name, some in given.items() if some is not None})  # type: ignore[typeddict-item]


@strawberry.type(description="The conversation was changed.")
class ConversationUpdateSuccess:
    conversation: Conversation = strawberry.field(description="The conversation after the change.")


@strawberry.input(description="The message at which to fork a conversation.")
class ConversationForkInput:
    message_id: strawberry.ID = strawberry.field(
        description="Id of the last message to copy into the fork; at most 5,000 messages are copied."
    )


@strawberry.type(description="The conversation was forked; the original is unchanged.")
class ConversationForkSuccess:
    conversation: Conversation = strawberry.field(
        description="The fork, a new conversation with copies of the messages up to the given one. Diaries and profile do not "
        "use the copies, because the original messages already count."
    )


@strawberry.input(description="The conversation to delete.")
class ConversationDeleteInput:
    conversation_id: strawberry.ID = strawberry.field(description="Id of the conversation.")


@strawberry.type(
    description="The conversation was deleted permanently with its messages, their copies in forks, and the data in diaries and profile that only they support. "
    "Messages that were sent in a fork stay."
)
class ConversationDeleteSuccess:
    deleted_id: strawberry.ID = strawberry.field(description="Id of the deleted conversation.")
    receipt: ForgettingReceipt = strawberry.field(description="What was removed with it.")


ConversationUpdateResult = Annotated[
    ConversationUpdateSuccess | InvalidInputError,
    strawberry.union("ConversationUpdateResult", description="Outcome of `conversationUpdate`."),
]
ConversationForkResult = Annotated[
    ConversationForkSuccess | InvalidInputError | StorageExceededError, strawberry.union("ConversationForkResult", description="Outcome of `conversationFork`.")
]
ConversationDeleteResult = Annotated[
    ConversationDeleteSuccess | ConflictError, strawberry.union("ConversationDeleteResult", description="Outcome of `conversationDelete`.")
]


@strawberry.type
class ConversationMutation:
    @strawberry.mutation(permission_classes=[SignedIn], description="Change a conversation's title or tags, or archive or unarchive it.")
    async def conversation_update(self, info: strawberry.Info, input: ConversationUpdateInput) -> ConversationUpdateResult | None:
        updated = chat.update_conversation(info.context, decode_id_of("Conversation", input.conversation_id), input.to_changes())
        return await to_result(updated, lambda row: ConversationUpdateSuccess(conversation=Conversation.from_model(row)))

    @strawberry.mutation(permission_classes=[SignedIn], metadata=weight(FILTER), description="Create a new conversation with copies of a conversation's messages up to a given one.")
    async def conversation_fork(self, info: strawberry.Info, input: ConversationForkInput) -> ConversationForkResult | None:
        forked = chat.fork_conversation(info.context, decode_id_of("Message", input.message_id))
        return await to_result(forked, lambda row: ConversationForkSuccess(conversation=Conversation.from_model(row)))

    @strawberry.mutation(permission_classes=[SignedIn], metadata=weight(FILTER), description="Delete a conversation with all its messages, permanently.")
    async def conversation_delete(self, info: strawberry.Info, input: ConversationDeleteInput) -> ConversationDeleteResult | None:
        conversation_id = decode_id_of("Conversation", input.conversation_id)
        deleted = chat.delete_conversation(info.context, conversation_id)
        gone = encode_id("Conversation", conversation_id)
        return await to_result(deleted, lambda receipt: ConversationDeleteSuccess(deleted_id=gone, receipt=ForgettingReceipt.from_receipt(receipt)))
