"""Conversations, messages, and the days on which a person wrote."""
from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from persistence.models.base import CreatedAt, Key, Model, OwnerId, enum_column, owned_by_user, owned_foreign_key
from persistence.models.enums import CutOff, MessageRole, MessageStatus, Rating


class Conversation(Model):
    __tablename__ = "conversations"
    __table_args__ = (owned_by_user(), Index("ix_conversations_recent", "user_id", "archived", "last_message_at", "id"))

    user_id: Mapped[OwnerId]
    id: Mapped[Key]
    title: Mapped[str | None]
    title_by_person: Mapped[bool] = mapped_column(server_default=text("false"))
    """A title that code or the model made of the person's words goes when those words go; their own title stays."""
    temporary: Mapped[bool] = mapped_column(server_default=text("false"))
    archived: Mapped[bool] = mapped_column(server_default=text("false"))
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    summary: Mapped[str | None]
    """What the messages up to `summary_through` said, for the model; they no longer fit into what it is sent."""
    summary_through: Mapped[UUID | None]
    forked_from: Mapped[UUID | None]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]
    last_message_at: Mapped[CreatedAt]


class Message(Model):
    __tablename__ = "messages"
    __table_args__ = (
        owned_foreign_key("conversations", "conversation_id"),
        ForeignKeyConstraint(["user_id", "reply_to"], ["messages.user_id", "messages.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["user_id", "copy_of"], ["messages.user_id", "messages.id"], ondelete="CASCADE"),
        CheckConstraint("least(input_tokens, output_tokens, latency_ms, tool_calls) >= 0", name="counted"),
        Index("ix_messages_copy_of", "user_id", "copy_of", postgresql_where=text("copy_of is not null")),
        Index("ix_messages_conversation", "user_id", "conversation_id", "id"),
        Index("ix_messages_day", "user_id", "day", "id"),
        Index("ix_messages_reply_to", "user_id", "reply_to"),
        Index("uq_messages_idempotency_key", "user_id", "idempotency_key", unique=True, postgresql_where=text("idempotency_key is not null")),
    )

    user_id: Mapped[OwnerId]
    id: Mapped[Key]
    conversation_id: Mapped[UUID]
    role: Mapped[MessageRole] = mapped_column(enum_column(MessageRole))
    content: Mapped[str]
    status: Mapped[MessageStatus] = mapped_column(enum_column(MessageStatus))
    day: Mapped[date]
    """The one day of the person in which it lies, by the zone and day end they had when it was sent."""
    time_zone: Mapped[str]
    reply_to: Mapped[UUID | None]
    idempotency_key: Mapped[str | None]
    pending_until: Mapped[datetime | None]
    """Of a question: when the call that is answering it must have ended, however it ended. Also the lease of that call: only who
    finds it unchanged may store an answer. A COMPLETE question has one while its answer is being made again."""
    error_code: Mapped[str | None]
    model: Mapped[str | None]
    prompt_version: Mapped[str | None]
    input_tokens: Mapped[int | None]
    output_tokens: Mapped[int | None]
    latency_ms: Mapped[int | None]
    cut_off: Mapped[CutOff | None] = mapped_column(enum_column(CutOff, "cutoff"))
    """Of an answer that ended before its end: why. Its words are kept."""
    tool_calls: Mapped[int] = mapped_column(server_default=text("0"))
    copied: Mapped[bool] = mapped_column(server_default=text("false"))
    """Brought along by a fork: the words were said once, in the original, so nothing is learnt from a copy."""
    copy_of: Mapped[UUID | None]
    """The message whose words a copy repeats. Whoever deletes those words deletes them here, too."""
    rating: Mapped[Rating | None] = mapped_column(enum_column(Rating))
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]


class ActiveDay(Model):
    """A day on which a person wrote. `revision` grows with each change to its messages; the diary is due while it lags behind.

    Due people are found by the partial index on this table, never by a scan of messages.
    """

    __tablename__ = "active_days"
    __table_args__ = (
        owned_by_user(),
        CheckConstraint("least(revision, diary_revision) >= 0", name="counted"),
        Index("ix_active_days_due", "ends_at", postgresql_where=text("diary_revision < revision")),
    )

    user_id: Mapped[OwnerId]
    day: Mapped[date] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(server_default=text("1"))
    diary_revision: Mapped[int] = mapped_column(server_default=text("0"))
