"""Diaries with their versions, and lines and signals with the quotes that support them. Deleting a message deletes its quotes."""
from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, false, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from persistence.models.base import CreatedAt, Key, Model, OwnerId, enum_column, owned_by_user, owned_foreign_key
from persistence.models.enums import LineKind, Origin, Polarity, StatementRelation


class Diary(Model):
    """The diary of one of a user's days. Its content is in its versions; `version` is the number of the current one."""

    __tablename__ = "diaries"
    __table_args__ = (owned_by_user(), UniqueConstraint("user_id", "day"))

    user_id: Mapped[OwnerId]
    id: Mapped[Key]
    day: Mapped[date]
    version: Mapped[int]
    tags: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]


class DiaryVersion(Model):
    __tablename__ = "diary_versions"
    __table_args__ = (
        owned_foreign_key("diaries", "diary_id"),
        CheckConstraint("mood between 1 and 5", name="mood"),
        CheckConstraint("least(conversation_count, message_count, tool_call_count, dropped_count) >= 0", name="counted"),
    )

    user_id: Mapped[OwnerId]
    diary_id: Mapped[Key]
    version: Mapped[int] = mapped_column(primary_key=True)
    origin: Mapped[Origin] = mapped_column(enum_column(Origin))
    summary: Mapped[str]
    summary_by_person: Mapped[bool] = mapped_column(server_default=false())
    """True if the user wrote the whole summary; otherwise it consists of the visible SUMMARY lines."""
    mood: Mapped[int | None]
    mood_by_person: Mapped[bool] = mapped_column(server_default=false())
    """True if the user set or cleared the mood; then no rewrite changes it."""
    conversation_count: Mapped[int]
    message_count: Mapped[int]
    tool_call_count: Mapped[int]
    dropped_count: Mapped[int] = mapped_column(server_default=text("0"))
    """Number of lines, signals and quotes of the model's draft that failed the checks."""
    model: Mapped[str | None]
    prompt_version: Mapped[str | None]
    run_id: Mapped[UUID | None]
    created_at: Mapped[CreatedAt]


class DiaryLine(Model):
    __tablename__ = "diary_lines"
    __table_args__ = (
        owned_foreign_key("diary_versions", "diary_id", "version", to=("diary_id", "version")),
        Index("ix_diary_lines_version", "user_id", "diary_id", "version", "position"),
        Index("ix_diary_lines_happens_on", "user_id", "happens_on", postgresql_where=text("happens_on is not null")),
    )

    user_id: Mapped[OwnerId]
    id: Mapped[Key]
    diary_id: Mapped[UUID]
    version: Mapped[int]
    position: Mapped[int]
    kind: Mapped[LineKind] = mapped_column(enum_column(LineKind))
    text: Mapped[str]
    hidden: Mapped[bool] = mapped_column(server_default=false())
    by_person: Mapped[bool] = mapped_column(server_default=false())
    """True if the user wrote the line; then it needs no quote, and every rewrite keeps it."""
    replaced_text: Mapped[str | None]
    """For a line that the user reworded: the model's text. It is erased when one of the line's quotes is erased."""
    happens_on: Mapped[date | None]
    """The day that the line is about, if it is another than the diary's: one that the quotes name. It is null for a line without a quote."""


class LineEvidence(Model):
    __tablename__ = "line_evidence"
    __table_args__ = (
        owned_foreign_key("diary_lines", "line_id"),
        owned_foreign_key("messages", "message_id"),
        Index("ix_line_evidence_message", "user_id", "message_id"),
    )

    user_id: Mapped[OwnerId]
    line_id: Mapped[Key]
    position: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[UUID]
    quote: Mapped[str]
    start: Mapped[int]
    """Offset of the quote in the message, in characters."""
    cited_start: Mapped[int | None]
    """Offset in the message of what the model cited; null if that is the whole quote. The quote is the whole statement around it."""
    cited_end: Mapped[int | None]


class Signal(Model):
    """A statement about a profile slot, found in one day (or, with `week`, in seven days together)."""

    __tablename__ = "signals"
    __table_args__ = (
        owned_by_user(),
        owned_foreign_key("diary_versions", "diary_id", "version", to=("diary_id", "version")),
        CheckConstraint("(diary_id is null) = (version is null) and (diary_id is null) = (week is not null)", name="source"),
        CheckConstraint("confidence between 0 and 1", name="confidence"),
        Index("ix_signals_version", "user_id", "diary_id", "version", "position"),
        Index("ix_signals_value", "user_id", "slot", "value_key"),
        Index("ix_signals_week", "user_id", "week", postgresql_where=text("week is not null")),
        Index("ix_signals_happens_on", "user_id", "happens_on", postgresql_where=text("happens_on is not null")),
    )

    user_id: Mapped[OwnerId]
    id: Mapped[Key]
    diary_id: Mapped[UUID | None]
    version: Mapped[int | None]
    week: Mapped[date | None]
    """The Monday of the week whose review found the signal."""
    position: Mapped[int]
    slot: Mapped[str]
    value: Mapped[str]
    value_key: Mapped[str]
    polarity: Mapped[Polarity] = mapped_column(enum_column(Polarity))
    confidence: Mapped[float]
    stated: Mapped[bool]
    happens_on: Mapped[date | None]
    """The day that the signal is about, if it is another than that on which it was said: one that the quotes name."""
    created_at: Mapped[CreatedAt]


class SignalEvidence(Model):
    __tablename__ = "signal_evidence"
    __table_args__ = (
        owned_foreign_key("signals", "signal_id"),
        owned_foreign_key("messages", "message_id"),
        Index("ix_signal_evidence_message", "user_id", "message_id"),
        Index("ix_signal_evidence_withdrawn", "user_id", "day", postgresql_where=text("withdrawn")),
    )

    user_id: Mapped[OwnerId]
    signal_id: Mapped[Key]
    position: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[UUID]
    quote: Mapped[str]
    start: Mapped[int]
    cited_start: Mapped[int | None]
    """Offset in the message of what the model cited; null if that is the whole quote. The quote is the whole statement around it."""
    cited_end: Mapped[int | None]
    day: Mapped[date]
    said_at: Mapped[datetime]
    withdrawn: Mapped[bool] = mapped_column(server_default=false())
    """True if the quote does not count, because every line of the day that it supports is deleted, hidden or reworded without the value."""
    relation: Mapped[StatementRelation | None] = mapped_column(enum_column(StatementRelation))
    """The relation between the user and the value that the statement gives; null for a plain one, and for quotes that were stored before relations were."""
    since: Mapped[str | None]
    """The day, month or year since which the value is true by the statement, in ISO 8601, or the user's words for it; null if the statement says none."""
    until: Mapped[str | None]
    """The day, month or year until which the value is true by the statement; null if the statement says none."""
    condition: Mapped[str | None]
    """The condition under which the value is true by the statement, in the user's words; null if the statement says none."""


class EventQuestion(Model):
    """A day of an event about which an answer was allowed to ask once it had passed, by the message that mentioned the event. It contains no text."""

    __tablename__ = "event_questions"
    __table_args__ = (
        owned_foreign_key("messages", "message_id"),
        owned_foreign_key("messages", "question_id"),
        Index("ix_event_questions_question", "user_id", "question_id"),
    )

    user_id: Mapped[OwnerId]
    message_id: Mapped[Key]
    happens_on: Mapped[date] = mapped_column(primary_key=True)
    question_id: Mapped[UUID]
    """The user's message whose prompt contained the event."""
    created_at: Mapped[datetime]


class LineDeletion(Model):
    """A quote of a line that the user deleted: no rewrite creates a line of this kind, or a signal, that only such quotes support."""

    __tablename__ = "line_deletions"
    __table_args__ = (
        owned_foreign_key("diaries", "diary_id"),
        owned_foreign_key("messages", "message_id"),
        Index("ix_line_deletions_diary", "user_id", "diary_id"),
        Index("ix_line_deletions_message", "user_id", "message_id"),
    )

    user_id: Mapped[OwnerId]
    id: Mapped[Key]
    diary_id: Mapped[UUID]
    kind: Mapped[LineKind] = mapped_column(enum_column(LineKind, "deleted_kind"))
    message_id: Mapped[UUID]
    start: Mapped[int]
    stop: Mapped[int]
    """The quote spans the message's characters from `start` up to, but not including, `stop`."""


class DiaryDeletion(Model):
    """A record that the user deleted the day's diary: the jobs no longer learn from the day's messages up to `through_message_id`.

    Later messages of the day lead to a new diary. A rewrite that the user requests removes the record.
    """

    __tablename__ = "diary_deletions"
    __table_args__ = (owned_by_user(),)

    user_id: Mapped[OwnerId]
    day: Mapped[date] = mapped_column(primary_key=True)
    through_message_id: Mapped[UUID]
    created_at: Mapped[CreatedAt]
