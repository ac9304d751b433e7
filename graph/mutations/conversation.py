"""Mutations that change, fork and delete conversations."""
from typing import Annotated

import strawberry

from graph.field_costs import FILTER, weight
from graph.permissions import SignedIn
from graph.relay import decode_id_of, encode_id
from graph.results import ConflictError, InvalidInputError, StorageExceededError, to_result
from graph.types.conversation import Conversation
from graph.types.receipt import ForgettingReceipt
from resolvers import chat


@strawberry.input(description="What to change of a conversation. What is absent stays.")
class ConversationUpdateInput:
    conversation_id: strawberry.ID = strawberry.field(description="The conversation.")
    title: strawberry.Maybe[str | None] = strawberry.field(
        description="1 to 200 characters on one line. Null: no title of the person's own; one is made with the next answer."
    )
    archived: strawberry.Maybe[bool | None] = strawberry.field(description="Whether it is put away. Null is refused.")
    tags: strawberry.Maybe[list[str] | None] = strawberry.field(
        description="All its tags: at most 20 of 1 to 40 characters; repeated ones count once. Null or empty: none."
    )

    def to_changes(self) -> chat.ConversationChanges:
        given = {name: getattr(self, name) for name in ("title", "archived", "tags")}
        return chat.ConversationChanges(**{name: some.value for name, some in given.items() if some is not None})  # type: ignore[typeddict-item]


@strawberry.type(description="The conversation was changed.")
class ConversationUpdateSuccess:
    conversation: Conversation = strawberry.field(description="The conversation, as it is now.")


@strawberry.input(description="Where to fork a conversation.")
class ConversationForkInput:
    message_id: strawberry.ID = strawberry.field(
        description="The last message that the fork has in common with the conversation; at most 5,000 messages are copied."
    )


@strawberry.type(description="The conversation was forked; it goes on unchanged itself.")
class ConversationForkSuccess:
    conversation: Conversation = strawberry.field(
        description="The fork: copies of the messages up to the given one, and whatever follows from now on. Diary and profile learn "
        "nothing from copies: the words were said once."
    )


@strawberry.input(description="A conversation to delete.")
class ConversationDeleteInput:
    conversation_id: strawberry.ID = strawberry.field(description="The conversation.")


@strawberry.type(
    description="The conversation is gone for good with its messages and their copies in forks, and what diary and profile drew from nothing else. "
    "What was said in a fork itself stays."
)
class ConversationDeleteSuccess:
    deleted_id: strawberry.ID = strawberry.field(description="The id that it had.")
    receipt: ForgettingReceipt = strawberry.field(description="What went with it.")


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
    @strawberry.mutation(permission_classes=[SignedIn], description="Change a conversation's title, tags, or whether it is put away.")
    async def conversation_update(self, info: strawberry.Info, input: ConversationUpdateInput) -> ConversationUpdateResult | None:
        updated = chat.update_conversation(info.context, decode_id_of("Conversation", input.conversation_id), input.to_changes())
        return await to_result(updated, lambda row: ConversationUpdateSuccess(conversation=Conversation.from_model(row)))

    @strawberry.mutation(permission_classes=[SignedIn], metadata=weight(FILTER), description="Begin a new conversation with a copy of this one up to a message.")
    async def conversation_fork(self, info: strawberry.Info, input: ConversationForkInput) -> ConversationForkResult | None:
        forked = chat.fork_conversation(info.context, decode_id_of("Message", input.message_id))
        return await to_result(forked, lambda row: ConversationForkSuccess(conversation=Conversation.from_model(row)))

    @strawberry.mutation(permission_classes=[SignedIn], metadata=weight(FILTER), description="Delete a conversation with all its messages, for good.")
    async def conversation_delete(self, info: strawberry.Info, input: ConversationDeleteInput) -> ConversationDeleteResult | None:
        conversation_id = decode_id_of("Conversation", input.conversation_id)
        deleted = chat.delete_conversation(info.context, conversation_id)
        gone = encode_id("Conversation", conversation_id)
        return await to_result(deleted, lambda receipt: ConversationDeleteSuccess(deleted_id=gone, receipt=ForgettingReceipt.from_receipt(receipt)))
