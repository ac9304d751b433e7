"""Use cases of conversations: send and regenerate, edit and delete, read and search.

A module is imported when one of its names is first accessed here: sending and regenerating need no SQLAlchemy, which edits and lists do.
"""
from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from resolvers.answer_sources import read_sources
from resolvers.chat.exchange import Exchange, MessageState, ModelFailed, message_state
from resolvers.chat.messages import regenerate, send
from resolvers.chat.questions import NewMessage, StoredQuestion, find_message_ids

if TYPE_CHECKING:
    from resolvers.chat.branches import branch, select
    from resolvers.chat.continuing import continue_answer
    from resolvers.chat.conversation_batches import ArchivedConversations, DeletedConversations, archive_conversations, delete_conversations
    from resolvers.chat.conversation_lists import Page, count_conversations, list_conversations, list_tags, make_filter
    from resolvers.chat.conversations import (
        ConversationChanges,
        count_messages,
        delete_conversation,
        fork_conversation,
        get_conversation,
        list_messages,
        search_messages,
        update_conversation,
    )
    from resolvers.chat.message_edits import DeletedMessages, EditedMessage, delete, edit, rate
    from resolvers.chat.stopping import StoppedExchange, stop
    from resolvers.chat.streams import StreamPosition, StreamStart, resume, stream, stream_again, stream_branch, stream_continuation

_MODULES = {
    "branches": ("branch", "select"),
    "conversation_batches": ("ArchivedConversations", "DeletedConversations", "archive_conversations", "delete_conversations"),
    "conversation_lists": ("Page", "count_conversations", "list_conversations", "list_tags", "make_filter"),
    "conversations": (
        "ConversationChanges", "count_messages", "delete_conversation", "fork_conversation", "get_conversation", "list_messages", "search_messages",
        "update_conversation",
    ),
    "continuing": ("continue_answer",),
    "message_edits": ("DeletedMessages", "EditedMessage", "delete", "edit", "rate"),
    "stopping": ("StoppedExchange", "stop"),
    "streams": ("StreamPosition", "StreamStart", "resume", "stream", "stream_again", "stream_branch", "stream_continuation"),
}
_MODULE_OF = {name: module for module, names in _MODULES.items() for name in names}

__all__ = [
    "ArchivedConversations", "ConversationChanges", "DeletedConversations", "DeletedMessages", "EditedMessage", "Exchange", "MessageState",
    "ModelFailed", "NewMessage", "Page", "StoppedExchange", "StoredQuestion", "StreamPosition", "StreamStart", "archive_conversations", "branch",
    "continue_answer", "count_conversations", "count_messages", "delete", "delete_conversation", "delete_conversations", "edit", "find_message_ids",
    "fork_conversation", "get_conversation", "list_conversations", "list_messages", "list_tags", "make_filter", "message_state", "rate",
    "read_sources", "regenerate", "resume", "search_messages", "select", "send", "stop", "stream", "stream_again", "stream_branch",
    "stream_continuation", "update_conversation",
]


def __getattr__(name: str) -> Any:
    if name in _MODULE_OF:
        return getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
