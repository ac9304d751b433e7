"""User accounts, as admins see them: never anything that the users wrote."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.bulk import any_of
from persistence.models import User


async def list_users(session: AsyncSession, *, search: str | None, limit: int, before: UUID | None) -> Sequence[User]:
    """List users, the newest first. `search` is part of an e-mail address or nickname."""
    statement = _matching(select(User), search).order_by(User.id.desc()).limit(limit)
    return (await session.scalars(statement if before is None else statement.where(User.id < before))).all()


async def count_users(session: AsyncSession, *, search: str | None) -> int:
    return await session.scalar(_matching(select(func.count()).select_from(User), search)) or 0


def _matching(statement: Select[Any], search: str | None) -> Select[Any]:
    if not search:
        return statement
    return statement.where(User.email.contains(search.lower(), autoescape=True) | User.nickname.icontains(search, autoescape=True))


async def load_users(session: AsyncSession, user_ids: Iterable[UUID]) -> dict[UUID, User]:
    return {user.id: user for user in await session.scalars(select(User).where(User.id == any_of(user_ids)))}


async def find_missing_user_ids(session: AsyncSession, user_ids: Sequence[UUID]) -> set[UUID]:
    """Return the ids that belong to no user."""
    return set(user_ids).difference(await session.scalars(select(User.id).where(User.id.in_(user_ids)))) if user_ids else set()


async def get_user(session: AsyncSession, user_id: UUID) -> User:
    """Return the user. Raises `sqlalchemy.exc.NoResultFound` when the user has been deleted."""
    return await session.get_one(User, user_id)
