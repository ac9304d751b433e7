"""Rows of an exchange as the message path reads them: a message and a conversation, with the columns of their tables under the same names.

The message path uses plain SQL, like persistence/queries/viewer.py, so that an instance that only chats never loads SQLAlchemy.
"""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

from persistence.models.enums import CutOff, Learning, MessageRole, MessageStatus, Rating

if TYPE_CHECKING:
    from persistence.models import Conversation, Message


class MessageRow(NamedTuple):
    user_id: UUID
    id: UUID
    conversation_id: UUID
    role: MessageRole
    content: str
    status: MessageStatus
    day: date
    time_zone: str
    reply_to: UUID | None
    idempotency_key: str | None
    answer_lease_until: datetime | None
    error_code: str | None
    model: str | None
    prompt_version: str | None
    input_tokens: int | None
    output_tokens: int | None
    latency_ms: int | None
    cut_off: CutOff | None
    tool_calls: int
    copied: bool
    copy_of: UUID | None
    rating: Rating | None
    created_at: datetime
    edited_at: datetime | None
    sources: str | None
    redacted: bool
    withdrawn: bool
    written_by_hand: bool
    learning: Learning
    suggested_replies: Sequence[str]
    branch_id: UUID | None
    chosen: bool
    off_path: bool

    def __repr__(self) -> str:
        return f"Message({self.id})"


class ConversationRow(NamedTuple):
    user_id: UUID
    id: UUID
    title: str | None
    title_by_person: bool
    temporary: bool
    play: bool
    not_play: bool
    memory_off: Sequence[str]
    archived: bool
    pinned: bool
    tags: Sequence[str]
    summary: str | None
    summary_through_message_id: UUID | None
    forked_from: UUID | None
    current_branch_id: UUID | None
    created_at: datetime
    updated_at: datetime
    last_message_at: datetime

    def __repr__(self) -> str:
        return f"Conversation({self.id})"


if TYPE_CHECKING:
    AnyMessage = MessageRow | Message
    """A message of the message path or a row of the ORM: they have the same columns under the same names."""
    AnyConversation = ConversationRow | Conversation


def columns_of(row: type[NamedTuple], table: str) -> str:
    """Return the columns of a row as a select list, from the table or alias `table`."""
    return ", ".join(f"{table}.{name}" for name in row._fields)


_ENUMS = {"role": MessageRole, "status": MessageStatus, "cut_off": CutOff, "rating": Rating, "learning": Learning}
_MEMBERS: Sequence[tuple[int, Mapping[str | None, Enum | None]]] = [
    (MessageRow._fields.index(name), {None: None, **{member.value: member for member in kind}}) for name, kind in _ENUMS.items()
]
"""The indexes of a message's enums among its columns, with their members by the text in the column. A page has some fifty messages."""


def to_message(values: Sequence[Any]) -> MessageRow:
    row = list(values)
    for index, members in _MEMBERS:
        row[index] = members[row[index]]
    return MessageRow._make(row)


def to_conversation(values: Sequence[Any]) -> ConversationRow:
    return ConversationRow._make(values)
