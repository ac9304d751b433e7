"""Conversations, messages, and the days on which a user wrote."""
from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from persistence.models.base import CreatedAt, Key, Model, OwnerId, enum_column, owned_by_user, owned_foreign_key
from persistence.models.enums import MODEL_INTERRUPTED as MODEL_INTERRUPTED
from persistence.models.enums import CutOff, Learning, MessageRole, MessageStatus, Rating


class Conversation(Model):
    __tablename__ = "conversations"
    __table_args__ = (owned_by_user(), Index("ix_conversations_recent", "user_id", "archived", "pinned", "last_message_at", "id"))

    user_id: Mapped[OwnerId]
    id: Mapped[Key]
    title: Mapped[str | None]
    title_by_person: Mapped[bool] = mapped_column(server_default=text("false"))
    """True if the user wrote the title. A generated title is erased with the messages that it was made from; the user's own title stays."""
    temporary: Mapped[bool] = mapped_column(server_default=text("false"))
    play: Mapped[bool] = mapped_column(server_default=text("false"))
    """True for role play: the diary only says that the user played, and the profile learns nothing from it."""
    not_play: Mapped[bool] = mapped_column(server_default=text("false"))
    """True if the user said that it is no play: then the rules look for no game in it."""
    memory_off: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    """The switches that are off in this conversation (jobs/rules/memory.py), besides those of the account."""
    archived: Mapped[bool] = mapped_column(server_default=text("false"))
    pinned: Mapped[bool] = mapped_column(server_default=text("false"))
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    summary: Mapped[str | None]
    """Summary of the messages up to `summary_through_message_id`, sent to the model in their place because they no longer fit into the prompt."""
    summary_through_message_id: Mapped[UUID | None]
    forked_from: Mapped[UUID | None]
    current_branch_id: Mapped[UUID | None]
    """The branch at the end of the current path; null for the trunk. A new message is added to it."""
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]
    last_message_at: Mapped[CreatedAt]


class Message(Model):
    __tablename__ = "messages"
    __table_args__ = (
        owned_foreign_key("conversations", "conversation_id"),
        ForeignKeyConstraint(["user_id", "reply_to"], ["messages.user_id", "messages.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["user_id", "copy_of"], ["messages.user_id", "messages.id"], ondelete="CASCADE"),
        ForeignKeyConstraint(["user_id", "branch_id"], ["conversation_branches.user_id", "conversation_branches.id"], ondelete="CASCADE"),
        CheckConstraint("least(input_tokens, output_tokens, latency_ms, tool_calls) >= 0", name="counted"),
        Index("ix_messages_copy_of", "user_id", "copy_of", postgresql_where=text("copy_of is not null")),
        Index("ix_messages_branch", "user_id", "branch_id", "id", postgresql_where=text("branch_id is not null")),
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
    """The user's day to which the message belongs, by the time zone and day end that the user had when it was sent."""
    time_zone: Mapped[str]
    reply_to: Mapped[UUID | None]
    idempotency_key: Mapped[str | None]
    answer_lease_until: Mapped[datetime | None]
    """For a question: the time by which the call that answers it has ended in any case. It is also the lease of that call, which may store an
    answer only while this value is unchanged. A COMPLETE question has one while its answer is being regenerated."""
    error_code: Mapped[str | None]
    """For a FAILED question: the error. For an answer of which a part is kept: the error that ended it."""
    model: Mapped[str | None]
    prompt_version: Mapped[str | None]
    input_tokens: Mapped[int | None]
    output_tokens: Mapped[int | None]
    latency_ms: Mapped[int | None]
    cut_off: Mapped[CutOff | None] = mapped_column(enum_column(CutOff, "cutoff"))
    """For an incomplete answer: the reason why the model stopped early. Its text is kept."""
    tool_calls: Mapped[int] = mapped_column(server_default=text("0"))
    copied: Mapped[bool] = mapped_column(server_default=text("false"))
    """True if a fork copied the message. The user wrote it only once, in the original, so the jobs learn nothing from a copy."""
    copy_of: Mapped[UUID | None]
    """The original of a copy. Deleting the original also deletes its copies."""
    rating: Mapped[Rating | None] = mapped_column(enum_column(Rating))
    created_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    sources: Mapped[str | None]
    """For an answer: ids of the values, days and messages that its prompt or its tools contained, as JSON without any text; null if unknown."""
    redacted: Mapped[bool] = mapped_column(server_default=text("false"))
    """True if sentences of an answer were blanked because they repeated deleted text."""
    withdrawn: Mapped[bool] = mapped_column(server_default=text("false"))
    """True if an answer repeated deleted text, or a search had shown it to the model: the assistant does not recall the answer in other conversations."""
    written_by_hand: Mapped[bool] = mapped_column(server_default=text("false"))
    """True for a journal entry that was imported: the user wrote it by hand, and no assistant answers it."""
    learning: Mapped[Learning] = mapped_column(enum_column(Learning), server_default=Learning.ALL.value)
    """The part of the message, and of its answer, that the jobs may learn from."""
    in_gap: Mapped[bool] = mapped_column(server_default=text("false"))
    """True if the message was written while a switch was off, and the user has not said yet whether it may be learned from."""
    suggested_replies: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    """For an answer: what the user may want to reply, as the model suggests. It is no text of the user and of no day, so no job and no search reads it."""
    companion_version: Mapped[int | None]
    """For an answer: the version of the user's companion that its prompt had; null for none. The version may be deleted since."""
    branch_id: Mapped[UUID | None]
    """The branch to which the message belongs; null for the trunk."""
    chosen: Mapped[bool] = mapped_column(server_default=text("true"))
    """False for an answer beside which another answer to the same question was chosen."""
    off_path: Mapped[bool] = mapped_column(server_default=text("false"))
    """True if the message is not on the current path of its conversation: it belongs to another branch, or another answer was chosen."""


class ConversationBranch(Model):
    """A branch of a conversation: it has the messages of its parent before `begins_at`, then its own. The trunk, where a conversation begins, has no row."""

    __tablename__ = "conversation_branches"
    __table_args__ = (
        owned_foreign_key("conversations", "conversation_id"),
        ForeignKeyConstraint(["user_id", "parent_id"], ["conversation_branches.user_id", "conversation_branches.id"], ondelete="CASCADE"),
        Index("ix_conversation_branches_conversation", "user_id", "conversation_id"),
        Index("ix_conversation_branches_parent", "user_id", "parent_id"),
    )

    user_id: Mapped[OwnerId]
    id: Mapped[Key]
    conversation_id: Mapped[UUID]
    parent_id: Mapped[UUID | None]
    """The branch that this one leaves; null for the trunk."""
    begins_at: Mapped[UUID]
    """The question of the parent beside which this branch begins. It is a position, kept when that question is deleted."""
    created_at: Mapped[CreatedAt]


class DeletedDigest(Model):
    """A keyed hash of the text or the idempotency key of a deleted message, so that neither an import nor a late retry brings it back. It contains no text."""

    __tablename__ = "deleted_digests"
    __table_args__ = (owned_by_user(),)

    user_id: Mapped[OwnerId]
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    created_at: Mapped[CreatedAt]


class ActiveDay(Model):
    """A day on which a user wrote. Each change to its messages raises `revision`; the diary is due while `diary_revision` is lower.

    The jobs find due days by the partial index on this table, never by a scan of messages.
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
