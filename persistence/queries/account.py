"""People and their sign-ins. Instants are the database's, never the instance's."""
from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import and_, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from persistence import models
from persistence.ids import uuid7
from persistence.models import RefreshToken, SignIn, User

LIVE = (SignIn.revoked_at.is_(None), SignIn.expires_at > func.now())
"""Of a sign-in: neither revoked nor expired."""


async def find_user_by_email(session: AsyncSession, email: str) -> User | None:
    """The person with this address, which must be in its normal form."""
    return await session.scalar(select(User).where(User.email == email))


async def add_user(session: AsyncSession, **values: Any) -> User | None:
    """Store a person; None when the e-mail address is taken, also by somebody who registers at this very moment."""
    statement = insert(User).values(id=uuid7(), **values).on_conflict_do_nothing(index_elements=[User.email]).returning(User)
    return await session.scalar(statement)


async def lock_user_for_password(session: AsyncSession, user_id: UUID, password_hash: str) -> bool:
    """Keep the person from changing until the transaction ends; false if they are gone, disabled, or have another password by now."""
    same = (User.id == user_id, User.password_hash == password_hash, User.disabled.is_(False))
    return await session.scalar(select(User.id).where(*same).with_for_update(read=True)) is not None


async def replace_password(session: AsyncSession, user_id: UUID, old_hash: str, new_hash: str) -> bool:
    """Store the new hash in place of the old one; false if that is not the present one any more."""
    statement = update(User).where(User.id == user_id, User.password_hash == old_hash)
    return await session.scalar(statement.values(password_hash=new_hash, updated_at=func.now()).returning(User.id)) is not None


async def update_user(session: AsyncSession, user_id: UUID, **values: Any) -> User | None:
    """The person with the new values, locked until the transaction ends; None if they are gone."""
    return await session.scalar(update(User).where(User.id == user_id).values(**values, updated_at=func.now()).returning(User))


async def delete_user(session: AsyncSession, user_id: UUID, password_hash: str) -> bool:
    """Delete the person and, by cascade, every row of theirs; false if they are gone or have another password by now."""
    statement = delete(User).where(User.id == user_id, User.password_hash == password_hash)
    return await session.scalar(statement.returning(User.id)) is not None


async def add_sign_in(session: AsyncSession, user_id: UUID, token_hash: bytes, lifetime: timedelta) -> SignIn:
    """Store a sign-in with its first refresh token, and drop the person's expired ones."""
    await session.execute(delete(SignIn).where(SignIn.user_id == user_id, SignIn.expires_at <= func.now()))
    statement = insert(SignIn).values(user_id=user_id, id=uuid7(), expires_at=func.now() + lifetime).returning(SignIn)
    added = (await session.scalars(statement)).one()
    await add_refresh_token(session, user_id, added.id, token_hash)
    return added


async def add_refresh_token(session: AsyncSession, user_id: UUID, sign_in_id: UUID, token_hash: bytes) -> None:
    await session.execute(insert(RefreshToken).values(user_id=user_id, token_hash=token_hash, sign_in_id=sign_in_id))


@dataclass(frozen=True)
class FoundToken:
    """A refresh token as it stands; `user` is None when its sign-in is over or the person is disabled."""

    sign_in_id: UUID
    used: bool
    user: User | None


async def find_refresh_token(session: AsyncSession, user_id: UUID, token_hash: bytes) -> FoundToken | None:
    live = (SignIn.user_id == RefreshToken.user_id, SignIn.id == RefreshToken.sign_in_id, *LIVE)
    statement = (
        select(RefreshToken.sign_in_id, RefreshToken.used_at, User)
        .outerjoin(SignIn, onclause=and_(*live))
        .outerjoin(User, onclause=and_(User.id == SignIn.user_id, User.disabled.is_(False)))
        .where(RefreshToken.user_id == user_id, RefreshToken.token_hash == token_hash)
    )
    row = (await session.execute(statement)).one_or_none()
    return FoundToken(row[0], row[1] is not None, row[2]) if row else None


async def use_refresh_token(session: AsyncSession, user_id: UUID, token_hash: bytes) -> bool:
    """Mark the token as used; false if somebody else did first."""
    unused = (RefreshToken.user_id == user_id, RefreshToken.token_hash == token_hash, RefreshToken.used_at.is_(None))
    statement = update(RefreshToken).where(*unused).values(used_at=func.now()).returning(RefreshToken.sign_in_id)
    return await session.scalar(statement) is not None


async def extend_sign_in(session: AsyncSession, user_id: UUID, sign_in_id: UUID, lifetime: timedelta) -> datetime | None:
    """When the sign-in ends from now on; None if it is over."""
    statement = update(SignIn).where(SignIn.user_id == user_id, SignIn.id == sign_in_id, *LIVE)
    return await session.scalar(statement.values(expires_at=func.now() + lifetime).returning(SignIn.expires_at))


async def revoke_sign_in(session: AsyncSession, user_id: UUID, sign_in_id: UUID) -> bool:
    """End the sign-in with all its tokens; false if it was over."""
    statement = update(SignIn).where(SignIn.user_id == user_id, SignIn.id == sign_in_id, *LIVE).values(revoked_at=func.now())
    return await session.scalar(statement.returning(SignIn.id)) is not None


async def revoke_sign_ins(session: AsyncSession, user_id: UUID, *, keep: UUID | None = None) -> int:
    """End all sign-ins of the person, except `keep`; how many there were."""
    others = [SignIn.id != keep] if keep is not None else []
    statement = update(SignIn).where(SignIn.user_id == user_id, *others, *LIVE).values(revoked_at=func.now())
    return len((await session.scalars(statement.returning(SignIn.id))).all())


async def list_days_ending_after(session: AsyncSession, user_id: UUID, at: datetime) -> Sequence[models.ActiveDay]:
    """The person's active days that end after `at`, locked until the transaction ends, in their order."""
    statement = select(models.ActiveDay).where(models.ActiveDay.user_id == user_id, models.ActiveDay.ends_at > at).order_by(models.ActiveDay.day)
    return (await session.scalars(statement.with_for_update())).all()


async def move_day_end(session: AsyncSession, user_id: UUID, day: date, ends_at: datetime) -> None:
    await session.execute(update(models.ActiveDay).where(models.ActiveDay.user_id == user_id, models.ActiveDay.day == day).values(ends_at=ends_at))
