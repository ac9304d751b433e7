"""All mutations of conversations and messages."""
import strawberry

from graph.mutations.conversation import ConversationMutation
from graph.mutations.message import MessageMutation


@strawberry.type
class ChatMutation(MessageMutation, ConversationMutation):
    pass
