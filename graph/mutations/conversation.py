"""Mutations that change, fork and delete conversations, one or several at once."""
from functools import partial
from typing import TYPE_CHECKING, Annotated, cast
from uuid import UUID

import strawberry

from graph.errors import ErrorCode
from graph.field_costs import FILTER, weight
from graph.permissions import SignedIn
from graph.relay import MADE_ID, decode_id_of, decode_made_id, encode_id
from graph.results import ConflictError, InvalidInputError, StorageExceededError, to_result
from graph.types.chat import Conversation, message_id_of
from graph.types.memory import DIARY, PROFILE, TOLD, MemoryGap, MemoryLearnFrom
from graph.types.receipt import DRY_RUN, ForgettingReceipt
from resolvers import chat, memory_settings

if TYPE_CHECKING:
    from persistence.queries.exchange_rows import AnyConversation


@strawberry.input(description="Changes of a conversation's switches. Absent fields keep their value; null is rejected.")
class ConversationMemoryInput:
    diary: strawberry.Maybe[bool | None] = strawberry.field(description=DIARY)
    profile: strawberry.Maybe[bool | None] = strawberry.field(description=PROFILE)
    told_in_chats: strawberry.Maybe[bool | None] = strawberry.field(description=TOLD)
    learn_from: MemoryLearnFrom | None = strawberry.field(
        default=None, description="Whether to learn from this conversation's messages that were written while a switch was off that is on now. Absent or null: it stays open, and nothing is learned from them."
    )

    def to_switches(self) -> "memory_settings.ConversationSwitches":
        given = {"DIARY": self.diary, "PROFILE": self.profile, "TOLD": self.told_in_chats}
        switches = {name: some.value for name, some in given.items() if some is not None}
        return memory_settings.ConversationSwitches(switches, self.learn_from and self.learn_from.value)


@strawberry.input(description="Changes of a conversation. Absent fields keep their value.")
class ConversationUpdateInput:
    conversation_id: strawberry.ID = strawberry.field(description="Id of the conversation.")
    title: strawberry.Maybe[str | None] = strawberry.field(
        description="The user's title, 1 to 200 characters on one line. Null removes it; a title is generated with the next answer."
    )
    archived: strawberry.Maybe[bool | None] = strawberry.field(description="Whether the conversation is archived. Null is rejected.")
    tags: strawberry.Maybe[list[str] | None] = strawberry.field(
        description="All tags of the conversation: at most 20 of 1 to 40 characters each; duplicates count once, and so do spellings of one tag as in `messageSearch`. Null or empty removes all tags."
    )
    pinned: strawberry.Maybe[bool | None] = strawberry.field(description="Whether the conversation is pinned: listed before the others. Null is rejected.")
    temporary: strawberry.Maybe[bool | None] = strawberry.field(
        description="False keeps a temporary conversation: its messages count for the diaries of their days, which are written again, for the profile, and for what "
        "the assistant recalls in other conversations. True is rejected for a kept conversation, and null always."
    )

    play: strawberry.Maybe[bool | None] = strawberry.field(
        description="Whether the conversation is role play or a game. Of play, the diary only says that the user played, and the profile learns nothing: what they learned from the "
        "conversation before is removed. With false, the nightly jobs learn from it, also where a message looks as if a game began, which they leave out unless the user says so. "
        "Null is rejected."
    )

    memory: ConversationMemoryInput | None = strawberry.field(
        default=None,
        description="Changes of its switches of the user's memory. Switching diary or profile off also counts for its messages of days that the nightly jobs have not read yet.",
    )

    def to_changes(self) -> "chat.ConversationChanges":
        given = {name: getattr(self, name) for name in ("title", "archived", "tags", "pinned", "temporary", "play")}
        changes = {name: some.value for name, some in given.items() if some is not None}
        if self.memory is not None:
            changes["memory"] = self.memory.to_switches()
        return cast("chat.ConversationChanges", changes)


@strawberry.type(description="The conversation was changed.")
class ConversationUpdateSuccess:
    conversation: Conversation = strawberry.field(description="The conversation after the change.")

    @strawberry.field(description="Messages of the conversation from the time when a switch was off, for which `learnFrom` is still open; null for none.")
    async def gap(self, info: strawberry.Info) -> MemoryGap | None:
        viewer = await info.context.require_viewer()
        return MemoryGap.from_gap(await memory_settings.find_conversation_gap(viewer, self.conversation.row.id))


@strawberry.input(description="The message at which to fork a conversation.")
class ConversationForkInput:
    message_id: strawberry.ID = strawberry.field(
        description="Id of the last message to copy into the fork; at most 5,000 messages are copied."
    )
    id: strawberry.ID | None = strawberry.field(default=None, description=f"{MADE_ID.format('Conversation')} The copies of messages get ids of the server.")


@strawberry.type(description="The conversation was forked; the original is unchanged.")
class ConversationForkSuccess:
    conversation: Conversation = strawberry.field(
        description="The fork, a new conversation with copies of the messages up to the given one. Diaries and profile do not "
        "use the copies, because the original messages already count."
    )


@strawberry.input(description="The conversation to delete.")
class ConversationDeleteInput:
    conversation_id: strawberry.ID = strawberry.field(description="Id of the conversation.")
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.type(
    description="The conversation was deleted permanently with its messages, their copies in forks, and the data in diaries and profile that only they support. "
    "Messages that were sent in a fork stay."
)
class ConversationDeleteSuccess:
    deleted_id: strawberry.ID = strawberry.field(description="Id of the deleted conversation.")
    receipt: ForgettingReceipt = strawberry.field(description="What was removed with it.")


ConversationIds = list[strawberry.ID]


@strawberry.type(description="A conversation of a list that was not changed. The others of the list were.")
class ConversationRefusal:
    conversation_id: strawberry.ID = strawberry.field(description="Its id, as it was sent.")
    code: ErrorCode = strawberry.field(description="Why: NOT_FOUND when the user has no conversation with this id.")
    message: str = strawberry.field(description="A sentence for developers, in English.")

    @classmethod
    def not_found(cls, id: UUID) -> "ConversationRefusal":
        return cls(conversation_id=encode_id("Conversation", id), code=ErrorCode.NOT_FOUND, message="there is no conversation with this id")


@strawberry.input(description="The conversations to delete.")
class ConversationsDeleteInput:
    conversation_ids: ConversationIds = strawberry.field(description="Ids of 1 to 100 conversations; duplicates count once.")
    dry_run: bool = strawberry.field(default=False, description=DRY_RUN)


@strawberry.type(
    description="The conversations were deleted permanently, all in one transaction, as `conversationDelete` deletes one. Those in `refused` were not there, "
    "the others were deleted all the same."
)
class ConversationsDeleteSuccess:
    deleted_ids: ConversationIds = strawberry.field(description="Ids of the deleted conversations.")
    refused: list[ConversationRefusal] = strawberry.field(description="The conversations that were not deleted, each with the reason; empty if all were.")
    receipt: ForgettingReceipt = strawberry.field(description="What was removed with all of them together; nothing counts twice.")

    @classmethod
    def from_deleted(cls, deleted: "chat.DeletedConversations", *, dry_run: bool = False) -> "ConversationsDeleteSuccess":
        return cls(
            deleted_ids=[encode_id("Conversation", id) for id in deleted.deleted], refused=list(map(ConversationRefusal.not_found, deleted.missing)),
            receipt=ForgettingReceipt.from_receipt(deleted.receipt, dry_run=dry_run),
        )


@strawberry.input(description="The conversations to archive or unarchive.")
class ConversationsArchiveInput:
    conversation_ids: ConversationIds = strawberry.field(description="Ids of 1 to 100 conversations; duplicates count once.")
    archived: bool = strawberry.field(default=True, description="True to archive them, false to unarchive them.")


@strawberry.type(description="The conversations were archived or unarchived, all in one transaction. Those in `refused` were not found; the others were changed all the same.")
class ConversationsArchiveSuccess:
    conversations: list[Conversation] = strawberry.field(description="The conversations after the change, also those that were archived, or not archived, before.")
    refused: list[ConversationRefusal] = strawberry.field(description="The conversations that were not found, each with the reason; empty if all were.")

    @classmethod
    def from_archived(cls, archived: "chat.ArchivedConversations") -> "ConversationsArchiveSuccess":
        return cls(
            conversations=list(map(Conversation.from_model, archived.conversations)), refused=list(map(ConversationRefusal.not_found, archived.missing)),
        )


ConversationUpdateResult = Annotated[
    ConversationUpdateSuccess | InvalidInputError,
    strawberry.union("ConversationUpdateResult", description="Outcome of `conversationUpdate`."),
]
ConversationForkResult = Annotated[
    ConversationForkSuccess | InvalidInputError | ConflictError | StorageExceededError,
    strawberry.union("ConversationForkResult", description="Outcome of `conversationFork`; ConflictError when the id that the client made is taken."),
]
ConversationDeleteResult = Annotated[
    ConversationDeleteSuccess | ConflictError, strawberry.union("ConversationDeleteResult", description="Outcome of `conversationDelete`.")
]
ConversationsDeleteResult = Annotated[
    ConversationsDeleteSuccess | InvalidInputError, strawberry.union("ConversationsDeleteResult", description="Outcome of `conversationsDelete`."),
]
ConversationsArchiveResult = Annotated[
    ConversationsArchiveSuccess | InvalidInputError, strawberry.union("ConversationsArchiveResult", description="Outcome of `conversationsArchive`."),
]


async def _fork(info: strawberry.Info, input: ConversationForkInput) -> "AnyConversation":
    fork_id = decode_made_id("Conversation", "id", input.id)
    return await chat.fork_conversation(info.context, await message_id_of(info, input.message_id), fork_id)


@strawberry.type
class ConversationMutation:
    @strawberry.mutation(
        permission_classes=[SignedIn],
        description="Change a conversation's title, tags or switches of memory, archive or pin it, mark it as play, or keep a temporary one.",
    )
    async def conversation_update(self, info: strawberry.Info, input: ConversationUpdateInput) -> ConversationUpdateResult | None:
        updated = chat.update_conversation(info.context, decode_id_of("Conversation", input.conversation_id), input.to_changes())
        return await to_result(updated, lambda row: ConversationUpdateSuccess(conversation=Conversation.from_model(row)))

    @strawberry.mutation(permission_classes=[SignedIn], metadata=weight(FILTER), description="Create a new conversation with copies of a conversation's messages up to a given one.")
    async def conversation_fork(self, info: strawberry.Info, input: ConversationForkInput) -> ConversationForkResult | None:
        return await to_result(_fork(info, input), lambda row: ConversationForkSuccess(conversation=Conversation.from_model(row)))

    @strawberry.mutation(permission_classes=[SignedIn], metadata=weight(FILTER), description="Delete a conversation with all its messages, permanently.")
    async def conversation_delete(self, info: strawberry.Info, input: ConversationDeleteInput) -> ConversationDeleteResult | None:
        conversation_id = decode_id_of("Conversation", input.conversation_id)
        deleted = chat.delete_conversation(info.context, conversation_id, dry_run=input.dry_run)
        gone = encode_id("Conversation", conversation_id)
        return await to_result(
            deleted, lambda receipt: ConversationDeleteSuccess(deleted_id=gone, receipt=ForgettingReceipt.from_receipt(receipt, dry_run=input.dry_run))
        )

    @strawberry.mutation(permission_classes=[SignedIn], metadata=weight(FILTER), description="Delete up to 100 conversations with all their messages, permanently.")
    async def conversations_delete(self, info: strawberry.Info, input: ConversationsDeleteInput) -> ConversationsDeleteResult | None:
        deleted = chat.delete_conversations(
            info.context, [decode_id_of("Conversation", id) for id in input.conversation_ids], dry_run=input.dry_run
        )
        return await to_result(deleted, partial(ConversationsDeleteSuccess.from_deleted, dry_run=input.dry_run))

    @strawberry.mutation(permission_classes=[SignedIn], description="Archive or unarchive up to 100 conversations.")
    async def conversations_archive(self, info: strawberry.Info, input: ConversationsArchiveInput) -> ConversationsArchiveResult | None:
        archived = chat.archive_conversations(info.context, [decode_id_of("Conversation", id) for id in input.conversation_ids], input.archived)
        return await to_result(archived, ConversationsArchiveSuccess.from_archived)
