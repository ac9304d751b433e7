"""What all tables share: constraint names, column shorthands, and the composite foreign key that keeps rows with their person."""
from __future__ import annotations

import enum
from datetime import datetime
from typing import Annotated
from uuid import UUID

from sqlalchemy import DateTime, Enum, ForeignKeyConstraint, MetaData, Text, Uuid, func
from sqlalchemy.orm import DeclarativeBase, mapped_column

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


OwnerId = Annotated[UUID, mapped_column(primary_key=True)]
"""The person whose row this is; first column of every key."""

Key = Annotated[UUID, mapped_column(primary_key=True)]

CreatedAt = Annotated[datetime, mapped_column(server_default=func.now())]


def enum_column(kind: type[enum.Enum], name: str | None = None) -> Enum:
    """A text column that a check constraint holds to an enum's values: simple to extend in a migration, unlike a native enum."""
    return Enum(kind, native_enum=False, length=32, create_constraint=True, name=name or kind.__name__.lower(), values_callable=_values)


def _values(kind: type[enum.Enum]) -> list[str]:
    return [str(member.value) for member in kind]


def owned_by_user() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["user_id"], ["users.id"], ondelete="CASCADE")


def owned_foreign_key(table: str, *columns: str, to: tuple[str, ...] = ("id",)) -> ForeignKeyConstraint:
    """A reference to a row of the same person that goes when that row goes."""
    return ForeignKeyConstraint(["user_id", *columns], [f"{table}.user_id", *(f"{table}.{name}" for name in to)], ondelete="CASCADE")
