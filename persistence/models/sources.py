"""The user's verdicts on the sources of answers (resolvers/answer_sources.py). They contain no text."""
from __future__ import annotations

from uuid import UUID

from sqlalchemy import Index, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from persistence.models.base import CreatedAt, Key, Model, OwnerId, enum_column, owned_by_user, owned_foreign_key
from persistence.models.enums import SourceVerdict


class JudgedSource(Model):
    """A verdict on one source: in one conversation, or without `conversation_id` in all."""

    __tablename__ = "source_verdicts"
    __table_args__ = (
        owned_by_user(),
        owned_foreign_key("conversations", "conversation_id"),
        Index("uq_source_verdicts_everywhere", "user_id", "source", unique=True, postgresql_where=text("conversation_id is null")),
        Index("uq_source_verdicts_conversation", "user_id", "conversation_id", "source", unique=True, postgresql_where=text("conversation_id is not null")),
    )

    user_id: Mapped[OwnerId]
    id: Mapped[Key]
    conversation_id: Mapped[UUID | None]
    source: Mapped[str]
    """The kind of the source and its reference: an id, or a day."""
    verdict: Mapped[SourceVerdict] = mapped_column(enum_column(SourceVerdict))
    withheld: Mapped[bool]
    """True if prompts and the model's searches leave the source out, because no other table has the effect of the verdict."""
    verdict_id: Mapped[UUID | None]
    """The verdict of the profile that this one gave; it may be erased since."""
    line_ids: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default=text("'{}'"))
    """The lines of the diary's then newest version that this verdict hid."""
    created_at: Mapped[CreatedAt]
