"""Imports that users send in parts. What is committed becomes messages and suggested values; the rest is deleted after a day."""
from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from persistence.models.base import CreatedAt, Key, Model, OwnerId, enum_column, owned_by_user, owned_foreign_key
from persistence.models.enums import ImportKind, ValuePolarity


class ChatImport(Model):
    """An import that a user began; its parts go with it."""

    __tablename__ = "chat_imports"
    __table_args__ = (owned_by_user(), Index("ix_chat_imports_expires_at", "expires_at"))

    user_id: Mapped[OwnerId]
    id: Mapped[Key]
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]
    result: Mapped[str | None]
    """After the commit: what it did, as JSON with numbers, days and reasons and no text of the user, so that a repeated commit gets the same answer."""


class ChatImportPart(Model):
    """A part of an import as it was sent: JSON with whole conversations, or a memory text."""

    __tablename__ = "chat_import_parts"
    __table_args__ = (owned_foreign_key("chat_imports", "import_id"), CheckConstraint("position >= 0", name="position"))

    user_id: Mapped[OwnerId]
    import_id: Mapped[UUID] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True)
    content: Mapped[str]
    kind: Mapped[ImportKind] = mapped_column(enum_column(ImportKind), server_default=ImportKind.CHATS.value)
    reading: Mapped[str | None]
    """For a memory text: what the model read in it, as JSON, so that a commit after a preview asks no second time; null before the first reading."""
    created_at: Mapped[CreatedAt]


class ImportedValue(Model):
    """A value that a memory text of another product, or another assistant, suggested. It supports nothing but the suggestion, and no message is behind it."""

    __tablename__ = "imported_values"
    __table_args__ = (owned_by_user(), Index("uq_imported_values_value", "user_id", "slot", "value_key", unique=True))

    user_id: Mapped[OwnerId]
    id: Mapped[Key]
    slot: Mapped[str]
    value: Mapped[str]
    value_key: Mapped[str]
    """The key of the value, or of its negation, which begins with "!"."""
    polarity: Mapped[ValuePolarity] = mapped_column(enum_column(ValuePolarity), server_default=ValuePolarity.IS.value)
    quote: Mapped[str | None]
    """The sentence of the memory text; null once the user rejected the value, or after a deletion of words that the sentence has."""
    cited_start: Mapped[int | None]
    """Offset of the value in `quote`; null without a quote."""
    cited_end: Mapped[int | None]
    noted_on: Mapped[date | None]
    """The day that the memory text gives for the sentence; null if it gives none."""
    day: Mapped[date]
    """The user's day of the import."""
    suggested_by: Mapped[str | None]
    """The name of the personal access token by which another assistant suggested the value; null for a memory text."""
    created_at: Mapped[CreatedAt]


class ImportedLine(Model):
    """A hash of a line of a memory text that was imported, by which a second import of the same text adds nothing. It contains no text."""

    __tablename__ = "imported_lines"
    __table_args__ = (owned_by_user(),)

    user_id: Mapped[OwnerId]
    digest: Mapped[bytes] = mapped_column(primary_key=True)
    created_at: Mapped[CreatedAt]
