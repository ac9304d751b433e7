"""Data loaders of the conversations on a page. Their results are not cached, because one request may change them between two loads."""
from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from uuid import UUID

from persistence import database
from persistence.queries import chat_pages
from persistence.queries import chat_reads as reading
from persistence.queries.chat_pages import MessagePage
from persistence.queries.exchange_rows import MessageRow
from resolvers.loaders import OwnedRowLoader


class MessagesOfConversation(OwnedRowLoader[MessagePage, Sequence[MessageRow]]):
    query = staticmethod(chat_pages.load_message_pages)
    source = staticmethod(database.connection)
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
