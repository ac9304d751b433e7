"""Personal access tokens, by which a user's other assistants read from the account, and the log of what they read."""
from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from persistence.models.base import CreatedAt, Key, Model, OwnerId, enum_column, owned_by_user
from persistence.models.enums import ApiTool, ApiUseOutcome


class ApiToken(Model):
    """A personal access token, stored as its SHA-256 hash. A token that was deleted has no row."""

    __tablename__ = "api_tokens"
    __table_args__ = (owned_by_user(), Index("uq_api_tokens_hash", "user_id", "token_hash", unique=True))

    user_id: Mapped[OwnerId]
    id: Mapped[Key]
    name: Mapped[str]
    token_hash: Mapped[bytes]
    hint: Mapped[str]
    """The last characters of the token, by which its owner recognises it."""
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    """Names of `ApiScope`."""
    expires_at: Mapped[datetime]
    last_used_at: Mapped[datetime | None]
    created_at: Mapped[CreatedAt]


class ApiTokenUse(Model):
    """A tool call with a personal access token: what kind of things were returned, and how many. It has no text of the user's data and none of the call."""

    __tablename__ = "api_token_uses"
    __table_args__ = (
        owned_by_user(), Index("ix_api_token_uses_created_at", "created_at"), CheckConstraint("least(results, quotes) >= 0", name="counted"),
    )

    user_id: Mapped[OwnerId]
    id: Mapped[Key]
    token_id: Mapped[UUID]
    """The token, whose row may be deleted since."""
    token_name: Mapped[str]
    tool: Mapped[ApiTool] = mapped_column(enum_column(ApiTool))
    outcome: Mapped[ApiUseOutcome] = mapped_column(enum_column(ApiUseOutcome))
    sections: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    """The sections of the profile that were returned, or to which a value was suggested."""
    first_day: Mapped[date | None]
    """The earliest day of the diary or of messages that was returned; null without one."""
    last_day: Mapped[date | None]
    results: Mapped[int] = mapped_column(server_default=text("0"))
    """Number of values, days or hits that were returned; for a suggestion 1 if it was stored."""
    quotes: Mapped[int] = mapped_column(server_default=text("0"))
    """Number of quotes of the user's messages that were returned."""
    created_at: Mapped[CreatedAt]
