"""Data loaders of the conversations on a page. Their results are not cached, because one request may change them between two loads."""
from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from uuid import UUID

from persistence.models import Message
from persistence.queries import chat_reads as reading
from persistence.queries.chat_reads import MessagePage
from resolvers.loaders import OwnedRowLoader


class MessagesOfConversation(OwnedRowLoader[MessagePage, Sequence[Message]]):
    query = staticmethod(reading.load_message_pages)
    default = ()
    cached = False


class MessageCount(OwnedRowLoader[UUID, int]):
    query = staticmethod(reading.load_message_counts)
    default = 0
    cached = False


class ChatLoaders:
    """The chat loaders of one request, each created at first use."""

    def __init__(self, user_id: UUID) -> None:
        self._user_id = user_id

    @cached_property
    def message_pages(self) -> MessagesOfConversation:
        return MessagesOfConversation(self._user_id)

    @cached_property
    def message_counts(self) -> MessageCount:
        return MessageCount(self._user_id)
