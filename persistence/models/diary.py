"""Diaries by version; lines and signals with the quotes they stand on. A message that goes takes its quotes along."""
from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.types import Text

from persistence.models.base import CreatedAt, Key, Model, OwnerId, enum_column, owned_by_user, owned_foreign_key
from persistence.models.enums import LineKind, Origin, Polarity


class Diary(Model):
    """A person's day. What it says stands in its versions; `version` names the present one."""

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
    summary_by_person: Mapped[bool] = mapped_column(server_default=text("false"))
    """Written whole by the person's own hand; otherwise it is the visible SUMMARY lines put together."""
    mood: Mapped[int | None]
    mood_by_person: Mapped[bool] = mapped_column(server_default=text("false"))
    """Set, or cleared, by the person; no rewrite changes it."""
    conversation_count: Mapped[int]
    message_count: Mapped[int]
    tool_call_count: Mapped[int]
    dropped_count: Mapped[int] = mapped_column(server_default=text("0"))
    """How many lines, signals and quotes of the model's draft failed the checks."""
    model: Mapped[str | None]
    prompt_version: Mapped[str | None]
    run_id: Mapped[UUID | None]
    created_at: Mapped[CreatedAt]


class DiaryLine(Model):
    __tablename__ = "diary_lines"
    __table_args__ = (
        owned_foreign_key("diary_versions", "diary_id", "version", to=("diary_id", "version")),
        Index("ix_diary_lines_version", "user_id", "diary_id", "version", "position"),
    )

    user_id: Mapped[OwnerId]
    id: Mapped[Key]
    diary_id: Mapped[UUID]
    version: Mapped[int]
    position: Mapped[int]
    kind: Mapped[LineKind] = mapped_column(enum_column(LineKind))
    text: Mapped[str]
    hidden: Mapped[bool] = mapped_column(server_default=text("false"))
    by_person: Mapped[bool] = mapped_column(server_default=text("false"))
    """Written by the person's own hand: needs no quote and survives every rewrite."""
    replaced_text: Mapped[str | None]
    """Of a line by hand: what the model had written in its place. It goes with the words that it stood on."""


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
    """Where the quote begins in the message, in characters."""


class Signal(Model):
    """What a day (or, with `week`, seven days together) says about a slot of the profile."""

    __tablename__ = "signals"
    __table_args__ = (
        owned_by_user(),
        owned_foreign_key("diary_versions", "diary_id", "version", to=("diary_id", "version")),
        CheckConstraint("(diary_id is null) = (version is null) and (diary_id is null) = (week is not null)", name="source"),
        CheckConstraint("confidence between 0 and 1", name="confidence"),
        Index("ix_signals_version", "user_id", "diary_id", "version", "position"),
        Index("ix_signals_value", "user_id", "slot", "value_key"),
        Index("ix_signals_week", "user_id", "week", postgresql_where=text("week is not null")),
    )

    user_id: Mapped[OwnerId]
    id: Mapped[Key]
    diary_id: Mapped[UUID | None]
    version: Mapped[int | None]
    week: Mapped[date | None]
    """The Monday of the week whose review found it."""
    position: Mapped[int]
    slot: Mapped[str]
    value: Mapped[str]
    value_key: Mapped[str]
    polarity: Mapped[Polarity] = mapped_column(enum_column(Polarity))
    confidence: Mapped[float]
    stated: Mapped[bool]
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
    day: Mapped[date]
    said_at: Mapped[datetime]
    withdrawn: Mapped[bool] = mapped_column(server_default=text("false"))
    """Every line of the day that stands on these words is hidden, or corrected so that it names the value no more: they do not count."""


class LineDeletion(Model):
    """Words on which a line stood that the person deleted: no rewrite makes a line of this kind of them alone, and no signal."""

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
    """The words are the message's characters from `start` up to `stop`."""


class DiaryDeletion(Model):
    """The person deleted the day's diary: nothing is learnt any more from the day's messages up to `through`.

    Later ones make a diary again. It is lifted when the person asks for a rewrite.
    """

    __tablename__ = "diary_deletions"
    __table_args__ = (owned_by_user(),)

    user_id: Mapped[OwnerId]
    day: Mapped[date] = mapped_column(primary_key=True)
    through: Mapped[UUID]
    created_at: Mapped[CreatedAt]
