"""Use cases of conversations: send and regenerate, edit and delete, read and search."""
from resolvers.chat.conversations import (
    ConversationChanges,
    Page,
    count_conversations,
    count_messages,
    delete_conversation,
    fork_conversation,
    get_conversation,
    list_conversations,
    list_messages,
    search_messages,
    update_conversation,
)
from resolvers.chat.exchange import Exchange, MessageState, ModelFailed, message_state
from resolvers.chat.message_edits import DeletedMessages, EditedMessage, delete, edit, rate
from resolvers.chat.messages import regenerate, send, stream
from resolvers.chat.questions import NewMessage, StoredQuestion

__all__ = [
    "ConversationChanges", "DeletedMessages", "EditedMessage", "Exchange", "MessageState", "ModelFailed", "NewMessage", "Page",
    "StoredQuestion", "count_conversations", "count_messages", "delete", "delete_conversation", "edit", "fork_conversation", "get_conversation",
    "list_conversations", "list_messages", "message_state", "rate", "regenerate", "search_messages", "send", "stream",
    "update_conversation",
]
