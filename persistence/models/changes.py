"""The latest change of each object that clients keep, for the feed of changes."""
from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from persistence.models.base import Model, OwnerId, owned_by_user


class RowChange(Model):
    """The latest change of one object of the API, or its deletion. Triggers write it (migration 0038.0015), so that no path of the code can forget it.

    It contains no text. Rows are deleted some time after the change: the feed tells clients that come later to begin anew.
    """

    __tablename__ = "row_changes"
    __table_args__ = (owned_by_user(), Index("ix_row_changes_order", "user_id", "changed_in", "kind", "id"))

    user_id: Mapped[OwnerId]
    kind: Mapped[str] = mapped_column(Text(collation="C"), primary_key=True)
    """The name of the object's type in the API."""
    id: Mapped[UUID] = mapped_column(primary_key=True)
    changed_in: Mapped[int] = mapped_column(BigInteger)
    """The id of the transaction that changed it, with its epoch (xid8)."""
    changed_at: Mapped[datetime]
    """The time at which that transaction began."""
    deleted: Mapped[bool]
