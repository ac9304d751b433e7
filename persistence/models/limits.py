"""What holds across all instances at once: places at the model, pauses, the pace of calls, a day's tokens. Not personal rows."""
from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, text
from sqlalchemy.orm import Mapped, mapped_column

from persistence.models.base import CreatedAt, Model, choice
from persistence.models.kinds import PauseKind


class ModelSlot(Model):
    """One place at the model for a night's call. Whoever has the lease may have one call in flight."""

    __tablename__ = "model_slots"

    slot: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    run_id: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]


class Pause(Model):
    __tablename__ = "pauses"

    kind: Mapped[PauseKind] = mapped_column(choice(PauseKind), primary_key=True)
    reason: Mapped[str]
    since: Mapped[CreatedAt]
    probe_at: Mapped[datetime | None]
    """Of a MODEL pause: when one call may try whether it is over."""
    requested_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)


class ModelPace(Model):
    """A token bucket for calls a minute; one row."""

    __tablename__ = "model_pace"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, server_default=text("1"))
    available: Mapped[float]
    refilled_at: Mapped[CreatedAt]


class NightBudget(Model):
    """Tokens of all nights of a UTC day: spent, and set aside for items in hand. What a dead worker set aside stays set aside that day."""

    __tablename__ = "night_budgets"

    day: Mapped[date] = mapped_column(primary_key=True)
    spent: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    reserved: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
