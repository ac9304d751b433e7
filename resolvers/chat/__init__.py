"""What a person does in conversations: send and ask again, change and delete, read and search."""
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
from resolvers.chat.exchange import INTERRUPTED, Exchange, MessageState, ModelFailed, message_state
from resolvers.chat.loaders import loaders_of
from resolvers.chat.message_edits import DeletedMessages, EditedMessage, delete, edit, rate
from resolvers.chat.messages import regenerate, send, stream
from resolvers.chat.questions import NewMessage, StoredQuestion

__all__ = [
    "INTERRUPTED", "StoredQuestion", "ConversationChanges", "DeletedMessages", "EditedMessage", "Exchange", "ModelFailed", "Page", "NewMessage", "MessageState", "count_conversations",
    "count_messages", "delete", "delete_conversation", "edit", "fork_conversation", "get_conversation",
    "list_conversations", "list_messages", "loaders_of", "rate", "regenerate", "search_messages", "send", "message_state", "stream", "update_conversation",
]
