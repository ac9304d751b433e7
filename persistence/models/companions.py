"""The versions of a user's companion: how the user wants the assistant to be."""
from __future__ import annotations

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from persistence.models.base import CreatedAt, Model, OwnerId, enum_column, owned_by_user
from persistence.models.enums import CompanionPresetKey, CompanionTone


class CompanionVersion(Model):
    """One version of a companion. The newest one is in effect; null means that the user left the field open."""

    __tablename__ = "companion_versions"
    __table_args__ = (owned_by_user(), CheckConstraint("version > 0", name="version"))

    user_id: Mapped[OwnerId]
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str | None]
    tone: Mapped[CompanionTone | None] = mapped_column(enum_column(CompanionTone, "tone"))
    form_of_address: Mapped[str | None]
    """The name by which the assistant calls the user."""
    language: Mapped[str | None]
    """The language of answers, as a locale."""
    instructions: Mapped[str | None]
    preset: Mapped[CompanionPresetKey | None] = mapped_column(enum_column(CompanionPresetKey, "preset"))
    """The preset from which tone and instructions were taken; they may have been changed since."""
    created_at: Mapped[CreatedAt]
