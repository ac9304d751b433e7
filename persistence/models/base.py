"""Base of all models: constraint names, column shorthands, and the composite foreign key that refers only to rows of the same user."""
from __future__ import annotations

import enum
from datetime import datetime
from typing import TYPE_CHECKING, Annotated, ClassVar
from uuid import UUID

from sqlalchemy import DateTime, Enum, ForeignKeyConstraint, MetaData, Text, Uuid, func
from sqlalchemy.orm import DeclarativeBase, mapped_column

if TYPE_CHECKING:
    from sqlalchemy import Table

NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}


class Model(DeclarativeBase):
    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {datetime: DateTime(timezone=True), str: Text(), UUID: Uuid()}
    if TYPE_CHECKING:
        __table__: ClassVar[Table]  # SQLAlchemy says FromClause, because a model may also map a join


OwnerId = Annotated[UUID, mapped_column(primary_key=True)]
"""The user who owns the row; the first column of every key."""

Key = Annotated[UUID, mapped_column(primary_key=True)]

CreatedAt = Annotated[datetime, mapped_column(server_default=func.now())]


def enum_column(kind: type[enum.Enum], name: str | None = None) -> Enum:
    """Return a text column type with a check constraint on the enum's values, which a migration extends more easily than a native enum."""
    return Enum(kind, native_enum=False, length=32, create_constraint=True, name=name or kind.__name__.lower(), values_callable=_values)


def _values(kind: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in kind]


def owned_by_user() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE")


def owned_foreign_key(table: str, *columns: str, to: tuple[str, ...] = ("id",)) -> ForeignKeyConstraint:
    """Return a foreign key to a row of the same user; deleting that row deletes the referring row."""
    return ForeignKeyConstraint(["user_id", *columns], [f"{table}.user_id", *(f"{table}.{name}" for name in to)], ondelete="CASCADE")
