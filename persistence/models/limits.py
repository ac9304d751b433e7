"""Limits that hold across all instances: places at the model, pauses, the pace of calls, tokens of a day, tries at passwords.

Only `night_shares` is about people.
"""
from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from persistence.models.base import CreatedAt, Model, OwnerId, enum_column, owned_by_user
from persistence.models.enums import PauseKind


class ModelSlot(Model):
    """One place at the model for a night's call. Whoever has the lease may have one call in flight."""

    __tablename__ = "model_slots"

    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    run_id: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]


class ModelPause(Model):
    __tablename__ = "pauses"

    kind: Mapped[PauseKind] = mapped_column(enum_column(PauseKind), primary_key=True)
    reason: Mapped[str]
    since: Mapped[CreatedAt]
    probe_at: Mapped[datetime | None]
    """Of a MODEL pause: when one call may try whether it is over."""
    requested_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    provider_status: Mapped[int | None]
    """Of a MODEL pause: how the provider worded its refusal. Null where it said nothing."""
    provider_code: Mapped[str | None]
    provider_message: Mapped[str | None]


class ModelRateBucket(Model):
    """A token bucket for calls a minute; one row."""

    __tablename__ = "model_pace"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, server_default=text("1"))
    available: Mapped[float]
    refilled_at: Mapped[CreatedAt]


class JobTokenBudget(Model):
    """Tokens of all nights of a UTC day: spent, and set aside for the leases that live (the sum over `job_items`)."""

    __tablename__ = "night_budgets"

    day: Mapped[date] = mapped_column(primary_key=True)
    spent: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    reserved: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))


class NightShare(Model):
    """Tokens that the nights of a UTC day spent on one person, whichever of their days the nights wrote."""

    __tablename__ = "night_shares"
    __table_args__ = (owned_by_user(), Index("ix_night_shares_day", "day"))

    user_id: Mapped[OwnerId]
    day: Mapped[date] = mapped_column(primary_key=True)
    spent: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))


class Throttle(Model):
    """Failed tries at passwords, and registrations, by a keyed hash of what is counted: neither an e-mail nor an address can be read from it."""

    __tablename__ = "throttles"
    __table_args__ = (Index("ix_throttles_account", "account"), Index("ix_throttles_expires_at", "expires_at"))

    key: Mapped[bytes] = mapped_column(primary_key=True)
    account: Mapped[bytes | None]
    """The hash of the e-mail that it is about, so that it goes with the account; null for an address alone."""
    tries: Mapped[int]
    tried_at: Mapped[datetime]
    blocked_until: Mapped[datetime]
    trusted_until: Mapped[datetime | None]
    """Of an e-mail with an address: the right password came from there, so only their own failures hold them up."""
    expires_at: Mapped[datetime]
