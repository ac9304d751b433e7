"""User accounts, as admins see them: never anything that the users wrote."""
from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.bulk import any_of
from persistence.models import User
from persistence.paging import PageRange


class SearchedWord(NamedTuple):
    """A word that occurs in an e-mail address, or matches in a nickname by the regular expression; None for a word that no nickname can have."""

    text: str
    pattern: str | None


async def list_users(session: AsyncSession, search: Sequence[SearchedWord], page: PageRange) -> Sequence[User]:
    """List a page of users, who are listed the newest first, of which the e-mail address or nickname has each of the words."""
    statement = _matching(select(User), search).where(*page.bounds(User.id, descending=True))
    return (await session.scalars(statement.order_by(*page.order(User.id, descending=True)).limit(page.limit))).all()


async def count_users(session: AsyncSession, *, search: Sequence[SearchedWord]) -> int:
    return await session.scalar(_matching(select(func.count()).select_from(User), search)) or 0


def _matching(statement: Select[Any], search: Sequence[SearchedWord]) -> Select[Any]:
    return statement.where(*(or_(User.email.contains(word.text.lower(), autoescape=True), *_in_nickname(word.pattern)) for word in search))


def _in_nickname(pattern: str | None) -> list[ColumnElement[bool]]:
    """Match the nickname as it is stored; no locale decides what matches."""
    return [] if pattern is None else [User.nickname.collate("C").regexp_match(pattern)]


async def load_users(session: AsyncSession, user_ids: Iterable[UUID]) -> dict[UUID, User]:
    return {user.id: user for user in await session.scalars(select(User).where(User.id == any_of(user_ids)))}


async def find_missing_user_ids(session: AsyncSession, user_ids: Sequence[UUID]) -> set[UUID]:
    """Return the ids that belong to no user."""
    return set(user_ids).difference(await session.scalars(select(User.id).where(User.id.in_(user_ids)))) if user_ids else set()


async def get_user(session: AsyncSession, user_id: UUID) -> User:
    """Return the user. Raises `sqlalchemy.exc.NoResultFound` when the user has been deleted."""
    return await session.get_one(User, user_id)


async def find_user(session: AsyncSession, user_id: UUID) -> User | None:
    return await session.get(User, user_id)
