"""Users, their sign-ins, and their usage of the model and of storage."""
from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from persistence.models.base import CreatedAt, Key, Model, OwnerId, enum_column, owned_by_user, owned_foreign_key
from persistence.models.enums import Purpose, Role

MAY_BE_WITHOUT_DIARY = "disabled OR memory_off <> '{}' OR memory_paused_until IS NOT NULL"
"""The condition that a user may get no diary, which few users meet; the partial index of planning has it."""


class User(Model):
    __tablename__ = "users"
    __table_args__ = (
        CheckConstraint("day_ends_at between 0 and 23", name="day_ends_at"), CheckConstraint("email = lower(email)", name="email_lower"),
        Index("ix_users_without_diary", "id", postgresql_where=text(MAY_BE_WITHOUT_DIARY)),
    )

    id: Mapped[Key]
    email: Mapped[str] = mapped_column(unique=True)
    password_hash: Mapped[str]
    nickname: Mapped[str]
    time_zone: Mapped[str]
    locale: Mapped[str]
    day_ends_at: Mapped[int] = mapped_column(server_default=text("0"))
    role: Mapped[Role] = mapped_column(enum_column(Role), server_default=Role.USER.value)
    disabled: Mapped[bool] = mapped_column(server_default=text("false"))
    chat_tokens_per_day: Mapped[int | None]
    """The user's own limit, which replaces CHAT_TOKENS_PER_DAY; 0 allows no chat."""
    sensitive_slots: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    """The keys of the sensitive profile slots that the user switched on."""
    memory_off: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    """The switches that are off (jobs/rules/memory.py)."""
    memory_paused_until: Mapped[date | None]
    """The user's day on which all switches are as the user set them again; until then they are off."""
    topics_off: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    """The topics that are never kept."""
    names_off: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default=text("'{}'"))
    """The names about which nothing is kept, as the user wrote them."""
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]


class SignIn(Model):
    """One signed-in device: the family of refresh tokens that began with one password."""

    __tablename__ = "sign_ins"
    __table_args__ = (owned_by_user(),)

    user_id: Mapped[OwnerId]
    id: Mapped[Key]
    created_at: Mapped[CreatedAt]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    client_name: Mapped[str | None]
    """The name that the client gave itself at sign-in; None when it gave none, and once the sign-in is revoked."""


class RefreshToken(Model):
    """A refresh token, stored as its SHA-256 hash. Reuse of a used token, but for a repeat within a minute, indicates theft: the whole sign-in is revoked."""

    __tablename__ = "refresh_tokens"
    __table_args__ = (owned_foreign_key("sign_ins", "sign_in_id"), Index("ix_refresh_tokens_sign_in", "user_id", "sign_in_id"))

    user_id: Mapped[OwnerId]
    token_hash: Mapped[bytes] = mapped_column(primary_key=True)
    sign_in_id: Mapped[UUID]
    created_at: Mapped[CreatedAt]
    used_at: Mapped[datetime | None]


class Usage(Model):
    """Model calls and tokens of one user, day and purpose; failed calls count with the tokens that they used."""

    __tablename__ = "usage"
    __table_args__ = (
        owned_by_user(),
        Index("ix_usage_day", "day"),
        CheckConstraint("least(calls, failed_calls, input_tokens, output_tokens, reserved_tokens) >= 0", name="counted"),
        CheckConstraint("cached_tokens >= 0", name="cached_tokens"),
        CheckConstraint("thinking_tokens >= 0", name="thinking_tokens"),
    )

    user_id: Mapped[OwnerId]
    day: Mapped[date] = mapped_column(primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(enum_column(Purpose), primary_key=True)
    calls: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    failed_calls: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    input_tokens: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    output_tokens: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    reserved_tokens: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    """Tokens reserved for calls in flight; they count towards the day's limit until the actual cost is booked."""
    cached_tokens: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    """The part of `input_tokens` that the provider's prompt cache served."""
    thinking_tokens: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    """The part of `output_tokens` that the model used for thinking."""


class UsageCost(Model):
    """Cost per currency of the calls of a `usage` row, each at the price at the time of the call; calls without a known price add nothing."""

    __tablename__ = "usage_costs"
    __table_args__ = (
        owned_foreign_key("usage", "day", "purpose", to=("day", "purpose")), Index("ix_usage_costs_day", "day"), CheckConstraint("nano >= 0", name="nano"),
    )

    user_id: Mapped[OwnerId]
    day: Mapped[date] = mapped_column(primary_key=True)
    purpose: Mapped[Purpose] = mapped_column(enum_column(Purpose), primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    nano: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    """Billionths of the currency."""


class UserChange(Model):
    """The time of the latest change of anything of a user that is committed by a transaction (persistence/orm.py). It only rises.

    For messages that are sent and answered, `conversations.updated_at` has the time instead.
    """

    __tablename__ = "user_changes"
    __table_args__ = (owned_by_user(),)

    user_id: Mapped[OwnerId]
    changed_at: Mapped[datetime]


class UserStorage(Model):
    """Bytes of a user's rows: added up as rows are written, and recounted before a limit rejects a write (persistence/queries/storage.py)."""

    __tablename__ = "user_storage"
    __table_args__ = (owned_by_user(), CheckConstraint("bytes >= 0", name="counted"))

    user_id: Mapped[OwnerId]
    bytes: Mapped[int] = mapped_column(BigInteger)
    recounted_at: Mapped[datetime | None]
    erasures: Mapped[int] = mapped_column(server_default=text("0"))
    """The number of erasures of data that prompts may have contained. A result that is based on data read before one of them is not stored unchecked."""
