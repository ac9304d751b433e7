"""The profile as last computed, the user's verdicts on it, every change with its reason, and the slots that users define."""
from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Uuid, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from persistence.models.base import CreatedAt, Key, Model, OwnerId, enum_column, owned_by_user, owned_foreign_key
from persistence.models.enums import ValueOrigin, ValuePolarity, ValueStatus, VerdictKind


class ProfileValue(Model):
    """One row per slot and value, kept equal to the result of a pure function of the current evidence and verdicts (jobs/rules/profile/profile.py)."""

    __tablename__ = "profile_values"
    __table_args__ = (
        owned_by_user(),
        CheckConstraint("confidence between 0 and 1", name="confidence"),
        Index("uq_profile_values_value", "user_id", "slot", "value_key", unique=True),
    )

    user_id: Mapped[OwnerId]
    id: Mapped[Key]
    slot: Mapped[str]
    value: Mapped[str]
    value_key: Mapped[str]
    status: Mapped[ValueStatus] = mapped_column(enum_column(ValueStatus))
    confidence: Mapped[float]
    locked: Mapped[bool] = mapped_column(server_default=text("false"))
    origin: Mapped[ValueOrigin] = mapped_column(enum_column(ValueOrigin))
    first_seen_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    evidence: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    """The messages that support the value, oldest first."""
    polarity: Mapped[ValuePolarity] = mapped_column(enum_column(ValuePolarity), server_default=ValuePolarity.IS.value)
    since: Mapped[str | None]
    """The day, month or year since which the value is true, in ISO 8601, or the user's words for it; null if the user said none."""
    until: Mapped[str | None]
    """The day, month or year until which the value is true; null if the user said none."""
    condition: Mapped[str | None]
    """The condition under which the value is true, in the user's words; null if the user said none."""


class Verdict(Model):
    __tablename__ = "verdicts"
    __table_args__ = (owned_by_user(), Index("ix_verdicts_value", "user_id", "slot", "value_key"))

    user_id: Mapped[OwnerId]
    id: Mapped[Key]
    kind: Mapped[VerdictKind] = mapped_column(enum_column(VerdictKind))
    slot: Mapped[str]
    value: Mapped[str]
    """Empty for a REVERT, and for a REJECT that only takes its evidence from a value which an earlier verdict decides."""
    value_key: Mapped[str]
    """The key of the value, or of its negation, which begins with "!"."""
    evidence: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid), server_default=text("'{}'"))
    """For a REJECT: the messages that supported the value. The value stays rejected until there is other evidence.

    For a SET at a wish in a chat: the message with the wish; the SET goes with it.

    For a REVERT, which concerns the whole profile and has no slot: the messages that it excludes.
    """
    reason: Mapped[str | None]
    """For a REJECT: the reason in the user's own text. For a SET at a wish in a chat: the words of the wish."""
    as_of: Mapped[date | None]
    """For a REVERT: the day to which the profile is reset."""
    verdicts_valid_until: Mapped[datetime | None]
    """For a REVERT: verdicts given after this time and before the revert are void."""
    polarity: Mapped[ValuePolarity | None] = mapped_column(enum_column(ValuePolarity))
    """The polarity of the value that the user set, locked or rejected; null if the user gave none, and for verdicts of before values had one."""
    created_at: Mapped[CreatedAt]


class OwnSlot(Model):
    """A slot of the profile that the user defined. Rows of other tables name it by a key that is made of its id (jobs/rules/own_slots.py)."""

    __tablename__ = "own_slots"
    __table_args__ = (
        owned_by_user(), CheckConstraint("half_life_days > 0", name="half_life_days"), Index("uq_own_slots_name", "user_id", "name_key", unique=True),
    )

    user_id: Mapped[OwnerId]
    id: Mapped[Key]
    name: Mapped[str]
    name_key: Mapped[str]
    """The name as values are compared: case folded, without spaces and punctuation."""
    many: Mapped[bool]
    half_life_days: Mapped[int | None]
    """Null if evidence does not age."""
    guide: Mapped[str]
    created_at: Mapped[CreatedAt]
    updated_at: Mapped[CreatedAt]


class ProfileAlias(Model):
    """A near-duplicate value that the weekly review merged into another."""

    __tablename__ = "profile_aliases"
    __table_args__ = (owned_by_user(),)

    user_id: Mapped[OwnerId]
    slot: Mapped[str] = mapped_column(primary_key=True)
    from_key: Mapped[str] = mapped_column(primary_key=True)
    into_key: Mapped[str]
    run_id: Mapped[UUID | None]
    created_at: Mapped[CreatedAt]


class ProfileUpdateDue(Model):
    """A user whose stored values were changed by a migration, until the profile has been computed again from its evidence."""

    __tablename__ = "profile_updates"
    __table_args__ = (owned_by_user(),)

    user_id: Mapped[OwnerId]


class DisputeQuestion(Model):
    """The dispute of a slot that a prompt last included, so that the chat asks about each once. `dispute_digest` contains no text."""

    __tablename__ = "dispute_questions"
    __table_args__ = (owned_by_user(), owned_foreign_key("messages", "question_id"), Index("ix_dispute_questions_question", "user_id", "question_id"))

    user_id: Mapped[OwnerId]
    slot: Mapped[str] = mapped_column(primary_key=True)
    dispute_digest: Mapped[str]
    question_id: Mapped[UUID]
    """The user's message in whose answer the chat asked about the dispute. Deleting the message deletes the record, so the chat may ask again."""
    created_at: Mapped[CreatedAt]


class ProfileChange(Model):
    """One change of the profile; a null `before` means that the value is new, a null `after` that it was removed."""

    __tablename__ = "profile_changes"
    __table_args__ = (owned_by_user(), Index("ix_profile_changes_value", "user_id", "slot", "value_key", "id"))

    user_id: Mapped[OwnerId]
    id: Mapped[Key]
    slot: Mapped[str]
    value_key: Mapped[str]
    before: Mapped[str | None]
    after: Mapped[str | None]
    status_before: Mapped[ValueStatus | None] = mapped_column(enum_column(ValueStatus, "status_before"))
    status_after: Mapped[ValueStatus | None] = mapped_column(enum_column(ValueStatus, "status_after"))
    confidence_before: Mapped[float | None]
    confidence_after: Mapped[float | None]
    reason: Mapped[str]
    run_id: Mapped[UUID | None]
    created_at: Mapped[CreatedAt]
