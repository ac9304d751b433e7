"""Users and their sign-ins. All timestamps come from the database's clock, never from the instance's."""
from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Select, and_, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from persistence import models
from persistence.ids import uuid7
from persistence.models import ApiToken, RefreshToken, SignIn, User
from persistence.paging import PageRange
from persistence.queries.execution_options import QUIET

LIVE = (SignIn.revoked_at.is_(None), SignIn.expires_at > func.now())
"""Conditions of a live sign-in: neither revoked nor expired."""
_REVOKED: Mapping[str, Any] = {"revoked_at": func.now(), "client_name": None}
"""The columns of a revoked sign-in. Its row shows a reuse of its tokens until it expires; its client's name serves nothing any more."""


async def find_user_by_email(session: AsyncSession, email: str) -> User | None:
    """Return the user with this e-mail address, which must be normalized."""
    return await session.scalar(select(User).where(User.email == email))


async def add_user(session: AsyncSession, **values: Any) -> User | None:
    """Store a user. Return None when the e-mail address is taken, also by a concurrent registration."""
    statement = insert(User).values(id=uuid7(), **values).on_conflict_do_nothing(index_elements=[User.email]).returning(User)
    return await session.scalar(statement)


async def lock_user_for_password(session: AsyncSession, user_id: UUID, password_hash: str) -> bool:
    """Lock the user's row against changes until the transaction ends. Return False if the user is deleted, disabled or has another password by now."""
    same = (User.id == user_id, User.password_hash == password_hash, User.disabled.is_(False))
    return await session.scalar(select(User.id).where(*same).with_for_update(read=True)) is not None


async def replace_password(session: AsyncSession, user_id: UUID, old_hash: str, new_hash: str) -> bool:
    """Store the new hash in place of the old one. Return False if the old one is no longer the current hash."""
    statement = update(User).where(User.id == user_id, User.password_hash == old_hash)
    return await session.scalar(statement.values(password_hash=new_hash, updated_at=func.now()).returning(User.id)) is not None


async def lock_sensitive_slots(session: AsyncSession, user_id: UUID) -> Sequence[str] | None:
    """Lock the user until the transaction ends, and return the sensitive slots that are on; None if the user was deleted."""
    return await session.scalar(select(User.sensitive_slots).where(User.id == user_id).with_for_update(key_share=True))


async def update_user(session: AsyncSession, user_id: UUID, **values: Any) -> User | None:
    """Update and return the user, whose row stays locked until the transaction ends. Return None if the user was deleted."""
    return await session.scalar(update(User).where(User.id == user_id).values(**values, updated_at=func.now()).returning(User))


async def delete_user(session: AsyncSession, user_id: UUID, password_hash: str) -> bool:
    """Delete the user and, by cascade, all of the user's rows. Return False if the user was deleted or has another password by now."""
    statement = delete(User).where(User.id == user_id, User.password_hash == password_hash)
    return await session.scalar(statement.returning(User.id)) is not None


async def add_sign_in(session: AsyncSession, user_id: UUID, token_hash: bytes, lifetime: timedelta, client_name: str | None = None) -> SignIn:
    """Store a sign-in with its first refresh token, and delete the user's expired sign-ins."""
    await session.execute(delete(SignIn).where(SignIn.user_id == user_id, SignIn.expires_at <= func.now()))
    statement = insert(SignIn).values(user_id=user_id, id=uuid7(), expires_at=func.now() + lifetime, client_name=client_name).returning(SignIn)
    added = (await session.scalars(statement)).one()
    await add_refresh_token(session, user_id, added.id, token_hash)
    return added


async def add_refresh_token(session: AsyncSession, user_id: UUID, sign_in_id: UUID, token_hash: bytes) -> None:
    await session.execute(insert(RefreshToken).values(user_id=user_id, token_hash=token_hash, sign_in_id=sign_in_id))


@dataclass(frozen=True)
class FoundToken:
    """A stored refresh token; `user` is None when its sign-in is revoked or expired or the user is disabled.

    `used_recently`: whether it was used first within the time that the search was given. `expires_at`: the end of its live sign-in.
    """

    sign_in_id: UUID
    used: bool
    used_recently: bool
    expires_at: datetime | None
    user: User | None


async def find_refresh_token(session: AsyncSession, user_id: UUID, token_hash: bytes, recent: timedelta = timedelta(0)) -> FoundToken | None:
    live = (SignIn.user_id == RefreshToken.user_id, SignIn.id == RefreshToken.sign_in_id, *LIVE)
    statement = (
        select(RefreshToken.sign_in_id, RefreshToken.used_at, RefreshToken.used_at > func.now() - recent, SignIn.expires_at, User)
        .outerjoin(SignIn, onclause=and_(*live))
        .outerjoin(User, onclause=and_(User.id == SignIn.user_id, User.disabled.is_(False)))
        .where(RefreshToken.user_id == user_id, RefreshToken.token_hash == token_hash)
    )
    row = (await session.execute(statement)).one_or_none()
    return FoundToken(row[0], row[1] is not None, bool(row[2]), row[3], row[4]) if row else None


async def use_refresh_token(session: AsyncSession, user_id: UUID, token_hash: bytes) -> bool:
    """Mark the token as used. Return False if another request did so first."""
    unused = (RefreshToken.user_id == user_id, RefreshToken.token_hash == token_hash, RefreshToken.used_at.is_(None))
    statement = update(RefreshToken).where(*unused).values(used_at=func.now()).returning(RefreshToken.sign_in_id)
    return await session.scalar(statement) is not None


async def extend_sign_in(session: AsyncSession, user_id: UUID, sign_in_id: UUID, lifetime: timedelta) -> datetime | None:
    """Extend the sign-in by `lifetime` from now and return its new expiry. Return None if it is revoked or expired."""
    statement = update(SignIn).where(SignIn.user_id == user_id, SignIn.id == sign_in_id, *LIVE)
    return await session.scalar(statement.values(expires_at=func.now() + lifetime).returning(SignIn.expires_at))


async def revoke_sign_in(session: AsyncSession, user_id: UUID, sign_in_id: UUID) -> bool:
    """Revoke the sign-in with all its tokens. Return False if it was already revoked or expired."""
    statement = update(SignIn).where(SignIn.user_id == user_id, SignIn.id == sign_in_id, *LIVE).values(_REVOKED)
    return await session.scalar(statement.returning(SignIn.id)) is not None


class LiveSignIn(NamedTuple):
    """A live sign-in, and when its tokens were last refreshed; if they never were, when it began."""

    row: SignIn
    last_used_at: datetime


async def list_sign_ins(session: AsyncSession, user_id: UUID, page: PageRange) -> Sequence[LiveSignIn]:
    """List a page of the user's live sign-ins, which are listed the newest first."""
    statement = _select_live(user_id).where(*page.bounds(SignIn.id, descending=True)).order_by(*page.order(SignIn.id, descending=True))
    return [LiveSignIn(*row) for row in await session.execute(statement.limit(page.limit))]


async def load_sign_ins(session: AsyncSession, user_id: UUID, ids: Sequence[UUID]) -> dict[UUID, LiveSignIn]:
    """Return those of the sign-ins that are the user's and live."""
    return {row.id: LiveSignIn(row, last) for row, last in await session.execute(_select_live(user_id).where(SignIn.id.in_(ids)))}


def _select_live(user_id: UUID) -> Select[SignIn, datetime]:
    tokens = select(func.max(RefreshToken.created_at)).where(RefreshToken.user_id == user_id, RefreshToken.sign_in_id == SignIn.id)
    last_used_at = func.coalesce(tokens.correlate(SignIn).scalar_subquery(), SignIn.created_at)
    return select(SignIn, last_used_at).where(SignIn.user_id == user_id, *LIVE)


async def count_sign_ins(session: AsyncSession, user_id: UUID) -> int:
    return await session.scalar(select(func.count()).select_from(SignIn).where(SignIn.user_id == user_id, *LIVE)) or 0


async def has_sign_in(session: AsyncSession, user_id: UUID, sign_in_id: UUID) -> bool:
    """Return whether the user has this sign-in, live or not."""
    return await session.scalar(select(SignIn.id).where(SignIn.user_id == user_id, SignIn.id == sign_in_id)) is not None


async def revoke_sign_ins(session: AsyncSession, user_id: UUID, *, keep: UUID | None = None) -> int:
    """Revoke all live sign-ins of the user except `keep`, and delete the user's personal access tokens, which a thief could have made with one of them.

    Return how many sign-ins there were.
    """
    await session.execute(delete(ApiToken).where(ApiToken.user_id == user_id), execution_options=QUIET)
    others = [SignIn.id != keep] if keep is not None else []
    statement = update(SignIn).where(SignIn.user_id == user_id, *others, *LIVE).values(_REVOKED)
    return len((await session.scalars(statement.returning(SignIn.id))).all())


async def list_days_ending_after(session: AsyncSession, user_id: UUID, at: datetime) -> Sequence[models.ActiveDay]:
    """Return the user's active days that end after `at`, in order, locked until the transaction ends."""
    statement = select(models.ActiveDay).where(models.ActiveDay.user_id == user_id, models.ActiveDay.ends_at > at).order_by(models.ActiveDay.day)
    return (await session.scalars(statement.with_for_update())).all()


async def move_day_end(session: AsyncSession, user_id: UUID, day: date, ends_at: datetime) -> None:
    await session.execute(update(models.ActiveDay).where(models.ActiveDay.user_id == user_id, models.ActiveDay.day == day).values(ends_at=ends_at))
