"""Search terms: for each message and each diary the hashed terms of its text, in tables beside them, so that a search need not read all texts."""
from __future__ import annotations

from datetime import date
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, SmallInteger, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from persistence.models.base import Key, Model, OwnerId, owned_by_user, owned_foreign_key

PENDING_KILOBYTES = 128
"""Size of the part of an index that new rows wait in. Every search reads it, and the insert that fills it moves it into the index."""


class MessageTerms(Model):
    """The terms of a message, as hashes of the user and the term, so that one index serves all users. They go with the message."""

    __tablename__ = "message_terms"
    __table_args__ = (
        owned_foreign_key("messages", "message_id"),
        Index("ix_message_terms_terms", "terms", postgresql_using="gin", postgresql_with={"gin_pending_list_limit": PENDING_KILOBYTES}),
        Index("ix_message_terms_day", "user_id", "day"),
    )

    user_id: Mapped[OwnerId]
    message_id: Mapped[Key]
    version: Mapped[int] = mapped_column(SmallInteger)
    """The version of the rules that made the terms (`search_terms.TERMS_VERSION`)."""
    day: Mapped[date]
    length: Mapped[int]
    by_user: Mapped[bool]
    recallable: Mapped[bool]
    """False for a copy and for a message of a temporary conversation, which the assistant does not recall in other conversations."""
    terms: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))


class DiaryTerms(Model):
    """The terms of a diary's version: of its summary and its visible lines. Terms of another version than the present one are not used."""

    __tablename__ = "diary_terms"
    __table_args__ = (
        owned_foreign_key("diaries", "diary_id"),
        Index("ix_diary_terms_terms", "terms", postgresql_using="gin", postgresql_with={"gin_pending_list_limit": PENDING_KILOBYTES}),
    )

    user_id: Mapped[OwnerId]
    diary_id: Mapped[Key]
    version: Mapped[int] = mapped_column(SmallInteger)
    diary_version: Mapped[int]
    terms: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))


class SearchState(Model):
    """Messages of a user up to `through` have terms of `version`; later ones are searched by their texts. With the sums that a ranking needs.

    Sums over those messages, the recallable ones apart: their number and characters, and of the recallable ones also their days, and their
    characters with the assistant's weighed.
    """

    __tablename__ = "search_states"
    __table_args__ = (owned_by_user(), CheckConstraint("least(messages, recallable) >= 0", name="counted"))

    user_id: Mapped[OwnerId]
    version: Mapped[int] = mapped_column(SmallInteger, server_default=text("0"))
    through: Mapped[UUID | None]
    messages: Mapped[int] = mapped_column(server_default=text("0"))
    characters: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    recallable: Mapped[int] = mapped_column(server_default=text("0"))
    recallable_characters: Mapped[int] = mapped_column(BigInteger, server_default=text("0"))
    weighted: Mapped[float] = mapped_column(server_default=text("0"))
    days: Mapped[int] = mapped_column(server_default=text("0"))


class SearchSweep(Model):
    """The position of the round through all users in which missing terms are made; the table has one row."""

    __tablename__ = "search_sweeps"
    __table_args__ = (CheckConstraint("id = 1", name="one_row"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, server_default=text("1"))
    after: Mapped[UUID | None]
