"""Everything that changes conversations and messages."""
import strawberry

from graph.mutations.chat_conversation import ConversationMutation
from graph.mutations.chat_message import MessageMutation


@strawberry.type
class ChatMutation(MessageMutation, ConversationMutation):
    pass
