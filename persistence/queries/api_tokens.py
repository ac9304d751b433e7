"""Personal access tokens and the log of their uses. All times come from the database's clock."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from persistence.bulk import execute_each
from persistence.ids import uuid7
from persistence.models import ApiToken, ApiTokenUse, User
from persistence.models.enums import ApiScope, ApiTool, ApiUseOutcome
from persistence.paging import PageRange
from persistence.queries.execution_options import QUIET

RETENTION = timedelta(days=90)
"""Time for which a use is kept in the log."""
PRUNE_BATCH_SIZE = 2_000
"""Rows that one call deletes."""
_A_DAY, _A_MINUTE, _CLOCKS_APART = timedelta(days=1), timedelta(minutes=1), timedelta(hours=1)

_PRUNE = "delete from api_token_uses where user_id = $1 and id = $2"


class FoundGrant(NamedTuple):
    """A token that is valid now, with its user."""

    user: User
    token: ApiToken


class RecentUses(NamedTuple):
    """The numbers of a user's tool calls of the last minute and the last 24 hours."""

    minute: int
    day: int


class NewUse(NamedTuple):
    """A tool call to log, with the columns of its table under the same names."""

    tool: ApiTool
    outcome: ApiUseOutcome
    sections: Sequence[str] = ()
    first_day: date | None = None
    last_day: date | None = None
    results: int = 0
    quotes: int = 0


async def list_tokens(session: AsyncSession, user_id: UUID, page: PageRange) -> Sequence[ApiToken]:
    """List a page of the user's tokens, which are listed the newest first, expired ones too."""
    statement = select(ApiToken).where(ApiToken.user_id == user_id, *page.bounds(ApiToken.id, descending=True))
    return (await session.scalars(statement.order_by(*page.order(ApiToken.id, descending=True)).limit(page.limit))).all()


async def count_tokens(session: AsyncSession, user_id: UUID) -> int:
    return await session.scalar(select(func.count()).select_from(ApiToken).where(ApiToken.user_id == user_id)) or 0


async def add_token(
    session: AsyncSession, user_id: UUID, *, name: str, token_hash: bytes, hint: str, scopes: Sequence[ApiScope], expires_at: datetime
) -> ApiToken:
    statement = insert(ApiToken).values(
        user_id=user_id, id=uuid7(), name=name, token_hash=token_hash, hint=hint, scopes=[scope.value for scope in scopes], expires_at=expires_at
    )
    return (await session.scalars(statement.returning(ApiToken))).one()


async def delete_token(session: AsyncSession, user_id: UUID, token_id: UUID) -> bool:
    """Delete a token. Return False if the user has no such token."""
    statement = delete(ApiToken).where(ApiToken.user_id == user_id, ApiToken.id == token_id).returning(ApiToken.id)
    return await session.scalar(statement, execution_options=QUIET) is not None


async def delete_expired_tokens(session: AsyncSession, user_id: UUID) -> None:
    await session.execute(delete(ApiToken).where(ApiToken.user_id == user_id, ApiToken.expires_at <= func.now()), execution_options=QUIET)


async def find_grant(session: AsyncSession, user_id: UUID, token_hash: bytes) -> FoundGrant | None:
    """Find a token that has not expired, of a user who is not disabled."""
    valid = (ApiToken.user_id == user_id, ApiToken.token_hash == token_hash, ApiToken.expires_at > func.now())
    statement = select(User, ApiToken).join(ApiToken, ApiToken.user_id == User.id).where(User.id == user_id, User.disabled.is_(False), *valid)
    row = (await session.execute(statement)).one_or_none()
    return FoundGrant(row[0], row[1]) if row is not None else None


async def mark_used(session: AsyncSession, user_id: UUID, token_id: UUID) -> bool:
    """Store that the token is used now, and lock it until the transaction ends. Return False if it was deleted or has expired meanwhile."""
    theirs = (ApiToken.user_id == user_id, ApiToken.id == token_id, ApiToken.expires_at > func.now())
    statement = update(ApiToken).where(*theirs).values(last_used_at=func.now()).returning(ApiToken.id)
    return await session.scalar(statement, execution_options=QUIET) is not None


async def count_recent_uses(session: AsyncSession, user_id: UUID) -> RecentUses:
    """Count the user's uses by all tokens, also deleted ones. Ids begin with their time, so no older row is read."""
    oldest = uuid7(datetime.now(timezone.utc) - _A_DAY - _CLOCKS_APART)
    minute = func.count().filter(ApiTokenUse.created_at > func.now() - _A_MINUTE)
    statement = select(minute, func.count()).where(*_of(user_id), ApiTokenUse.id > oldest, ApiTokenUse.created_at > func.now() - _A_DAY)
    return RecentUses._make((await session.execute(statement)).one())


async def add_use(session: AsyncSession, user_id: UUID, token_id: UUID, token_name: str, use: NewUse) -> UUID:
    """Store a use and return its id."""
    id = uuid7()
    await session.execute(insert(ApiTokenUse).values(user_id=user_id, id=id, token_id=token_id, token_name=token_name, **_columns(use)))
    return id


async def update_use(session: AsyncSession, user_id: UUID, use_id: UUID, use: NewUse) -> None:
    mine = (ApiTokenUse.user_id == user_id, ApiTokenUse.id == use_id)
    await session.execute(update(ApiTokenUse).where(*mine).values(**_columns(use)), execution_options=QUIET)


def _columns(use: NewUse) -> dict[str, Any]:
    return {**use._asdict(), "sections": list(use.sections)}


async def list_uses(session: AsyncSession, user_id: UUID, page: PageRange, *, token_id: UUID | None = None) -> Sequence[ApiTokenUse]:
    """List a page of the uses of the last `RETENTION`, which are listed the newest first, of all tokens or of one."""
    statement = select(ApiTokenUse).where(*_listed(user_id, token_id), *page.bounds(ApiTokenUse.id, descending=True))
    return (await session.scalars(statement.order_by(*page.order(ApiTokenUse.id, descending=True)).limit(page.limit))).all()


async def count_uses(session: AsyncSession, user_id: UUID, *, token_id: UUID | None = None) -> int:
    return await session.scalar(select(func.count()).select_from(ApiTokenUse).where(*_listed(user_id, token_id))) or 0


async def prune_uses(session: AsyncSession) -> None:
    """Delete up to `PRUNE_BATCH_SIZE` uses that are older than `RETENTION`."""
    old = select(ApiTokenUse.user_id, ApiTokenUse.id).where(ApiTokenUse.created_at <= func.now() - RETENTION).limit(PRUNE_BATCH_SIZE)
    await execute_each(session, _PRUNE, [(row.user_id, row.id) for row in await session.execute(old)])


def _of(user_id: UUID) -> tuple[ColumnElement[bool], ...]:
    return (ApiTokenUse.user_id == user_id,)


def _listed(user_id: UUID, token_id: UUID | None) -> tuple[ColumnElement[bool], ...]:
    one = () if token_id is None else (ApiTokenUse.token_id == token_id,)
    return (*_of(user_id), ApiTokenUse.created_at > func.now() - RETENTION, *one)
