"""Personal access tokens: creating, listing and deleting them, the user of one, and the log of their uses.

A token is for the MCP endpoint alone (graph/mcp.py): GraphQL refuses it, so no token can make tokens, change the account or delete anything.
docs/decisions/0065-let-other-assistants-read-by-tokens-with-scopes.md has the reasons.
"""
from __future__ import annotations

import hmac
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from typing import TYPE_CHECKING, Final
from uuid import UUID
from zlib import crc32

from jobs.rules.text.secrets import contains_secret
from persistence import database
from persistence.models.enums import ApiScope, ApiTool, ApiUseOutcome
from persistence.paging import cut_page, range_of_keys
from persistence.queries import api_tokens as stored
from persistence.queries.api_tokens import NewUse
from persistence.queries.profile_writes import lock_user
from resolvers import text_validation
from resolvers.errors import Conflict, ConflictReason, Faults, InputRule, InvalidInput, NotFound, RateLimited, Unauthenticated
from resolvers.text_limits import MAX_API_TOKEN_NAME_LENGTH
from resolvers.tokens import API_TOKEN_PREFIX, hash_token

if TYPE_CHECKING:
    from persistence.database import Session
    from persistence.models import ApiToken, ApiTokenUse, User
    from persistence.queries.viewer import Viewer

MAX_TOKENS: Final = 20
"""Tokens of one user that have not expired."""
DEFAULT_LIFETIME: Final = timedelta(days=90)
MAX_LIFETIME: Final = timedelta(days=365)
MAX_USES_PER_MINUTE: Final = 60
MAX_USES_PER_DAY: Final = 1_000
"""Tool calls of one user by all tokens, in the last minute and in the last 24 hours."""
MARKED_AFTER: Final = timedelta(minutes=1)
"""A request without a tool call updates the time of the last use only if that is older than this."""

_DIGITS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SECRET_LENGTH, _CHECKSUM_LENGTH = 65, 6
_PATTERN: Final = re.compile(f"{API_TOKEN_PREFIX}([0-9A-Za-z]{{{_SECRET_LENGTH}}})([0-9A-Za-z]{{{_CHECKSUM_LENGTH}}})", re.ASCII)
_HINT_LENGTH = 4


@dataclass(frozen=True)
class CreatedToken:
    """A new token with its text, which is shown once and not stored."""

    row: ApiToken
    token: str = field(repr=False)


@dataclass(frozen=True)
class Grant:
    """The user of a valid token, and what the token allows."""

    user: User
    token_id: UUID
    token_name: str
    scopes: frozenset[ApiScope]


@dataclass(frozen=True)
class TokenPage:
    """A page of tokens; `has_next` is true if more follow, `has_previous` if some precede it."""

    tokens: Sequence[ApiToken]
    has_next: bool
    has_previous: bool


@dataclass(frozen=True)
class UsePage:
    """A page of the log; `has_next` is true if more follow, `has_previous` if some precede it."""

    uses: Sequence[ApiTokenUse]
    has_next: bool
    has_previous: bool


async def create_token(viewer: Viewer, name: str, scopes: Iterable[ApiScope], expires_at: datetime | None = None) -> CreatedToken:
    """Create a token that expires at `expires_at`, by default after `DEFAULT_LIFETIME`. The user's expired tokens are deleted.

    Raises `InvalidInput`, and `Conflict` beyond `MAX_TOKENS`.
    """
    faults, checked = Faults(), ""
    with faults.collect():
        checked = _validate_token_name(name)
    wanted = [scope for scope in ApiScope if scope in set(scopes)]
    with faults.collect():
        _check_scopes(wanted)
    until = expires_at or datetime.now(timezone.utc) + DEFAULT_LIFETIME
    with faults.collect():
        _check_expiry(until)
    faults.raise_first()
    token = make_token(viewer.id)
    async with database.transaction() as session:
        if await lock_user(session, viewer.id) is None:
            raise Conflict("the account was deleted while the request ran", reason=ConflictReason.ACCOUNT_DELETED)
        await stored.delete_expired_tokens(session, viewer.id)
        if await stored.count_tokens(session, viewer.id) >= MAX_TOKENS:
            raise Conflict(f"you have {MAX_TOKENS} tokens, which is the most: delete one with `apiTokenDelete` first", reason=ConflictReason.TOO_MANY)
        row = await stored.add_token(
            session, viewer.id, name=checked, token_hash=hash_token(token), hint=token[-_HINT_LENGTH:], scopes=wanted, expires_at=until)
    return CreatedToken(row, token)


async def delete_token(viewer: Viewer, token_id: UUID) -> None:
    """Delete a token, which stops working at once. What it suggested and the log of its uses stay. Raises `NotFound`."""
    async with database.transaction() as session:
        if not await stored.delete_token(session, viewer.id, token_id):
            raise NotFound("personal access token")


async def list_tokens(viewer: Viewer, *, after: UUID | None = None, before: UUID | None = None, limit: int, backward: bool = False) -> TokenPage:
    async with database.session() as session:
        found = await stored.list_tokens(session, viewer.id, range_of_keys(limit + 1, after, before, backward))
    return TokenPage(*cut_page(found, limit, after=after, before=before, backward=backward))


async def count_tokens(viewer: Viewer) -> int:
    async with database.session() as session:
        return await stored.count_tokens(session, viewer.id)


async def list_uses(
    viewer: Viewer, token_id: UUID | None, *, after: UUID | None = None, before: UUID | None = None, limit: int, backward: bool = False
) -> UsePage:
    """Return a page of the log, of all tokens or of one, also of a deleted one."""
    async with database.session() as session:
        found = await stored.list_uses(session, viewer.id, range_of_keys(limit + 1, after, before, backward), token_id=token_id)
    return UsePage(*cut_page(found, limit, after=after, before=before, backward=backward))


async def count_uses(viewer: Viewer, token_id: UUID | None) -> int:
    async with database.session() as session:
        return await stored.count_uses(session, viewer.id, token_id=token_id)


async def authenticate_token(bearer: str) -> Grant:
    """Return the user and the scopes of a token, read from the database at each call. A text that is no token sends no query. Raises `Unauthenticated`."""
    owner = find_owner(bearer)
    if owner is None:
        raise Unauthenticated("send a personal access token, which `apiTokenCreate` makes: Authorization: Bearer unilife_pat_…")
    database.charge(f"person {owner}")
    digest = hash_token(bearer)
    async with database.session() as session:
        found = await stored.find_grant(session, owner, digest)
    if found is None or not hmac.compare_digest(found.token.token_hash, digest):
        raise Unauthenticated("the personal access token is unknown, expired or deleted: make a new one with `apiTokenCreate`")
    token = found.token
    if token.last_used_at is None or token.last_used_at < datetime.now(timezone.utc) - MARKED_AFTER:
        async with database.transaction() as session:
            await stored.mark_used(session, owner, token.id)
    return Grant(found.user, token.id, token.name, frozenset(scope for scope in ApiScope if scope.value in token.scopes))


async def begin_use(grant: Grant, tool: ApiTool) -> UUID:
    """Log a tool call as REFUSED, which it stays unless `finish_use` is called, and return the id of its row.

    Raises `Unauthenticated` if the token was deleted meanwhile, and `RateLimited`; then nothing is logged.
    """
    async with database.transaction() as session:
        await _lock(session, grant)
        recent = await stored.count_recent_uses(session, grant.user.id)
        if recent.minute >= MAX_USES_PER_MINUTE:
            raise RateLimited(f"more than {MAX_USES_PER_MINUTE} tool calls in a minute: try again in a minute", 60.0)
        if recent.day >= MAX_USES_PER_DAY:
            raise RateLimited(f"more than {MAX_USES_PER_DAY:,} tool calls in 24 hours: try again in an hour", 3600.0)
        return await stored.add_use(session, grant.user.id, grant.token_id, grant.token_name, NewUse(tool, ApiUseOutcome.REFUSED))


async def finish_use(session: Session, grant: Grant, use_id: UUID, use: NewUse) -> None:
    """Log how a tool call ended; its result may be returned once this is committed. Raises `Unauthenticated` if the token was deleted meanwhile."""
    await _lock(session, grant)
    await stored.update_use(session, grant.user.id, use_id, use)


async def _lock(session: Session, grant: Grant) -> None:
    if not await stored.mark_used(session, grant.user.id, grant.token_id):
        raise Unauthenticated("the personal access token is expired or deleted: make a new one with `apiTokenCreate`")


def make_token(user_id: UUID) -> str:
    """Return a new token: a prefix, the user's id with 256 random bits in base 62, and a checksum.

    Prefix and checksum let secret scanners find it in published text and tell it from other words, as GitHub's tokens do (github.blog, "Behind
    GitHub's new authentication token formats", 2021-04-05, read 2026-11-29). It has no character at which a double click ends.
    """
    secret = _to_base62(int.from_bytes(user_id.bytes + secrets.token_bytes(32), "big"), _SECRET_LENGTH)
    return f"{API_TOKEN_PREFIX}{secret}{_checksum(secret)}"


def find_owner(token: str) -> UUID | None:
    """Return the user id that a token contains, so that only this user's tokens are searched; None for a text that is no token."""
    found = _PATTERN.fullmatch(token)
    if found is None or _checksum(found[1]) != found[2]:
        return None
    number = 0
    for digit in found[1]:
        number = number * 62 + _DIGITS.index(digit)
    return UUID(int=number >> 256) if number < 1 << 384 else None


def _checksum(secret: str) -> str:
    return _to_base62(crc32(secret.encode()), _CHECKSUM_LENGTH)


def _to_base62(number: int, length: int) -> str:
    digits: list[str] = []
    for _ in range(length):
        number, rest = divmod(number, 62)
        digits.append(_DIGITS[rest])
    return "".join(reversed(digits))


def _validate_token_name(name: str) -> str:
    checked = text_validation.validate_name("name", name, MAX_API_TOKEN_NAME_LENGTH)
    if contains_secret(checked):
        raise InvalidInput("name", "name looks like it has a password, key or card number: leave it out", rule=InputRule.LOOKS_SECRET)
    return checked


def _check_scopes(scopes: Sequence[ApiScope]) -> None:
    if not scopes:
        raise InvalidInput("scopes", "scopes is empty: send at least one", rule=InputRule.EMPTY, bounds=(1, len(ApiScope)))
    sections = [scope for scope in scopes if scope.value.startswith("READ_") and scope is not ApiScope.READ_SENSITIVE]
    lacking = ApiScope.READ_SENSITIVE in scopes and not {ApiScope.READ_IDENTITY, ApiScope.READ_DIARY}.intersection(scopes)
    if lacking or (ApiScope.QUOTES in scopes and not sections):
        raise InvalidInput(
            "scopes", "READ_SENSITIVE needs READ_IDENTITY or READ_DIARY, and QUOTES needs one of READ_IDENTITY, READ_RELATIONSHIPS, READ_PREFERENCES, "
            "READ_HABITS, READ_DECISIONS, READ_OWN and READ_DIARY: send it too, or leave it out", rule=InputRule.NOT_ALLOWED_HERE)


def _check_expiry(until: datetime) -> None:
    now = datetime.now(timezone.utc)
    if not now < until <= now + MAX_LIFETIME:
        raise InvalidInput("expiresAt", f"expiresAt must be after now, and at most {MAX_LIFETIME.days} days ahead", rule=InputRule.OUT_OF_RANGE)
