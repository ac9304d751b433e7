"""Answers that are being streamed: the text so far, so that another instance can continue the stream, and little text is lost when a process dies."""
from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from persistence.models.base import Model, OwnerId, owned_foreign_key


class AnswerStream(Model):
    """The text so far of the answer to a question, written at each checkpoint. It is deleted when the answer is stored, and with the question."""

    __tablename__ = "answer_streams"
    __table_args__ = (owned_foreign_key("messages", "question_id"), CheckConstraint("start >= 0", name="start"))

    user_id: Mapped[OwnerId]
    question_id: Mapped[UUID] = mapped_column(primary_key=True)
    lease: Mapped[datetime]
    """The question's `answer_lease_until` while this stream is written: it identifies the stream among those of the question."""
    answer_id: Mapped[UUID | None]
    """The id that the answer gets, or that of the answer that is continued; null before the first checkpoint."""
    continues: Mapped[bool] = mapped_column(server_default=text("false"))
    start: Mapped[int] = mapped_column(server_default=text("0"))
    """The number of characters of the answer that is continued: `content` begins after them."""
    content: Mapped[str]
    sources: Mapped[str | None]
    """The sources of the answer so far, as in `messages`."""
    stop_requested: Mapped[bool] = mapped_column(server_default=text("false"))
    """Set by any instance; the instance that streams reads it at its next checkpoint and ends the model call."""
    beat_at: Mapped[datetime | None]
    """The time of the last checkpoint. A stream without one for `SILENT_SECONDS` (persistence/queries/answer_streams.py) counts as abandoned."""
    watched_at: Mapped[datetime | None]
    """The time at which another instance last read the stream for a client: it then continues as with a client of its own."""
