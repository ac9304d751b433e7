"""Queue of the nightly jobs: one permanent row per user, job and period, the runs that process the rows, and each attempt."""
from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from persistence.models.base import CreatedAt, Key, Model, OwnerId, enum_column, owned_by_user
from persistence.models.enums import ItemStatus, Job, RunStatus, Trigger

WORKER_LOST = "WORKER_LOST"
"""The code of a run, and of an item, whose worker died before it finished."""
DAY_CHANGED = "DAY_CHANGED"
"""The code of an attempt during which the day's messages or its diary changed: its result is discarded, and the day is due again at once."""


class JobRun(Model):
    """One invocation of the worker. A null `job` is the tick, which processes the due items of all jobs."""

    __tablename__ = "job_runs"
    __table_args__ = (Index("ix_job_runs_job", "job", "id"), Index("ix_job_runs_status", "status", "id"))

    id: Mapped[Key]
    job: Mapped[Job | None] = mapped_column(enum_column(Job))
    trigger: Mapped[Trigger] = mapped_column(enum_column(Trigger))
    requested_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    period_from: Mapped[date | None]
    period_to: Mapped[date | None]
    reason: Mapped[str | None]
    """The reason that the requester gave for the run."""
    retry_of: Mapped[UUID | None] = mapped_column(ForeignKey("job_runs.id", ondelete="SET NULL"))
    """The run whose FAILED items this run retried."""
    force: Mapped[bool] = mapped_column(server_default=text("false"))
    dry_run: Mapped[bool] = mapped_column(server_default=text("false"))
    status: Mapped[RunStatus] = mapped_column(enum_column(RunStatus))
    planned: Mapped[int] = mapped_column(server_default=text("0"))
    pending: Mapped[int] = mapped_column(server_default=text("0"))
    """Number of items that were still PENDING when the run ended."""
    stopped_because: Mapped[str | None]
    cancel_requested_at: Mapped[datetime | None]
    cancel_requested_by: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="SET NULL"), index=True)
    cancel_reason: Mapped[str | None]
    error_code: Mapped[str | None]
    started_at: Mapped[CreatedAt]
    finished_at: Mapped[datetime | None]


class JobItem(Model):
    """A job's item for one user and period: one permanent row, which every outcome and every repetition updates."""

    __tablename__ = "job_items"
    __table_args__ = (
        owned_by_user(),  # its runs have no foreign keys: each new item and each claim would have its run checked, and runs are never deleted
        Index("ix_job_items_requested", "requested_by_run_id", "user_id", "period", postgresql_where=text("requested_by_run_id IS NOT NULL")),
        Index("ix_job_items_ready", "job", "due_at", "period", postgresql_where=text("status = 'PENDING'")),
        Index("ix_job_items_expired", "job", "lease_until", postgresql_where=text("status = 'RUNNING'")),
        Index("ix_job_items_run", "run_id"),
        Index("ix_job_items_failed", "job", "finished_at", postgresql_where=text("status = 'FAILED'")),
        Index("ix_job_items_reserved", "reserved_until", postgresql_where=text("reserved_by_attempt_id IS NOT NULL")),
        CheckConstraint("reserved_tokens >= 0", name="reserved_tokens"),
    )

    user_id: Mapped[OwnerId]
    job: Mapped[Job] = mapped_column(enum_column(Job), primary_key=True)
    period: Mapped[date] = mapped_column(primary_key=True)
    """The day; for a week, its Monday."""
    status: Mapped[ItemStatus] = mapped_column(enum_column(ItemStatus))
    due_at: Mapped[datetime]
    attempts: Mapped[int] = mapped_column(server_default=text("0"))
    lease_token: Mapped[UUID | None]
    lease_until: Mapped[datetime | None]
    run_id: Mapped[UUID | None]
    """The run that planned the item, but for a timer's; after a claim, the run that claimed it last."""
    requested_by_run_id: Mapped[UUID | None]
    """The run that requested these days, users or failed items explicitly, whichever run processes them; null for an item that was due by itself."""
    error_code: Mapped[str | None]
    provider_status: Mapped[int | None]
    """The provider's reply for the failure in `error_code`: HTTP status, then its own code and message below. Null if it gave none."""
    provider_code: Mapped[str | None]
    provider_message: Mapped[str | None]
    created_at: Mapped[CreatedAt]
    finished_at: Mapped[datetime | None]
    text_digest: Mapped[bytes | None]
    """For a day: a hash of the text that the model's entry was generated from. While it is unchanged, the model is not called again."""
    estimated_tokens: Mapped[int | None] = mapped_column(BigInteger)
    """Estimated tokens of the item's prompt and answer; null until an attempt has computed them."""
    reserved_by_attempt_id: Mapped[UUID | None]
    """The attempt for which tokens are reserved; null while there is no reservation. Set with the lease, and cleared once the cost is booked."""
    reserved_tokens: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    reserved_on: Mapped[date | None]
    """The UTC day from whose budget the tokens are reserved."""
    reserved_until: Mapped[datetime | None]
    """The end of that attempt's lease, kept even if the item has become due again in the meantime."""
    call_started_at: Mapped[datetime | None]
    """The start of that attempt's model call; null before the call."""


class JobAttempt(Model):
    """One attempt of a run at an item: the history that the item's own row does not keep."""

    __tablename__ = "job_attempts"
    __table_args__ = (
        owned_by_user(),
        ForeignKeyConstraint(["run_id"], ["job_runs.id"], ondelete="CASCADE"),
        CheckConstraint("least(attempt, model_calls, input_tokens, output_tokens) >= 0", name="counted"),
        Index("ix_job_attempts_run", "run_id", "user_id", "period"),
        Index("ix_job_attempts_ended", "job", "finished_at"),
        CheckConstraint("cached_tokens >= 0", name="cached_tokens"), CheckConstraint("thinking_tokens >= 0", name="thinking_tokens"),
        CheckConstraint("cost_nano >= 0", name="cost_nano"),
    )

    user_id: Mapped[OwnerId]
    id: Mapped[Key]
    run_id: Mapped[UUID]
    job: Mapped[Job] = mapped_column(enum_column(Job))
    period: Mapped[date]
    attempt: Mapped[int]
    status: Mapped[ItemStatus] = mapped_column(enum_column(ItemStatus))
    error_code: Mapped[str | None]
    provider_status: Mapped[int | None]
    provider_code: Mapped[str | None]
    provider_message: Mapped[str | None]
    model_calls: Mapped[int] = mapped_column(server_default=text("0"))
    input_tokens: Mapped[int] = mapped_column(server_default=text("0"))
    output_tokens: Mapped[int] = mapped_column(server_default=text("0"))
    cached_tokens: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    thinking_tokens: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    cost_nano: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    """Cost of the attempt's calls, each at the price at the time of the call, in billionths of `cost_currency`."""
    cost_currency: Mapped[str | None]
    """Null if no price was known."""
    prompt_version: Mapped[str | None]
    dropped: Mapped[dict[str, int] | None] = mapped_column(JSONB(none_as_null=True))
    """Number of lines, signals and quotes of the model's draft that failed the checks, by the code of the reason; null if no draft was checked."""
    checks: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """The second reading of the draft's undecided claims: `model`, `prompt_version`, and `answers`, their number by answer; null if none was needed."""
    started_at: Mapped[CreatedAt]
    finished_at: Mapped[datetime | None]
