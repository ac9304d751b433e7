"""Limits shared by all instances: model slots, pauses, the rate of calls, tokens per day, password attempts and registrations.

Only `night_shares` has one row per user and day.
"""
from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from persistence.models.base import CreatedAt, Model, OwnerId, enum_column, owned_by_user
from persistence.models.enums import PauseKind


class ModelSlot(Model):
    """One model slot of the nightly jobs. The run that holds its lease may have one call in flight."""

    __tablename__ = "model_slots"

    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    run_id: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]


class ModelPause(Model):
    __tablename__ = "model_pauses"

    kind: Mapped[PauseKind] = mapped_column(enum_column(PauseKind), primary_key=True)
    reason: Mapped[str]
    since: Mapped[CreatedAt]
    probe_at: Mapped[datetime | None]
    """For a MODEL pause: the time from which one call may probe whether the pause is over."""
    requested_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    provider_status: Mapped[int | None]
    """For a MODEL pause: the HTTP status of the provider's reply, with its own code and message below. Null if it gave none."""
    provider_code: Mapped[str | None]
    provider_message: Mapped[str | None]


class ModelRateBucket(Model):
    """A token bucket for model calls per minute; the table has one row."""

    __tablename__ = "model_rate_buckets"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, server_default=text("1"))
    available: Mapped[float]
    refilled_at: Mapped[CreatedAt]


class JobTokenBudget(Model):
    """Tokens of all nightly jobs of a UTC day: spent, and reserved for active leases (the sum over `job_items`)."""

    __tablename__ = "job_token_budgets"

    day: Mapped[date] = mapped_column(primary_key=True)
    spent: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    reserved: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))


class NightShare(Model):
    """Tokens that the nightly jobs spent on one user during a UTC day, whichever of the user's days they processed."""

    __tablename__ = "night_shares"
    __table_args__ = (owned_by_user(), Index("ix_night_shares_day", "day"))

    user_id: Mapped[OwnerId]
    day: Mapped[date] = mapped_column(primary_key=True)
    spent: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))


class Throttle(Model):
    """Counts of failed password attempts and of registrations, by a keyed hash that reveals neither an e-mail address nor a client's network address."""

    __tablename__ = "throttles"
    __table_args__ = (Index("ix_throttles_account_hash", "account_hash"), Index("ix_throttles_expires_at", "expires_at"))

    key: Mapped[bytes] = mapped_column(primary_key=True)
    account_hash: Mapped[bytes | None]
    """The hash of the e-mail address, so that the counter is deleted with the account; null for a counter of a client's network address alone."""
    tries: Mapped[int]
    tried_at: Mapped[datetime]
    blocked_until: Mapped[datetime]
    trusted_until: Mapped[datetime | None]
    """For a counter of an account and a client network: the time until which only its own failures delay a client that gave the right password there."""
    expires_at: Mapped[datetime]
