"""Authentication: signing in and out, rotation of refresh tokens, and the user of an access token."""
from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import settings
from persistence import database
from persistence.queries import account as queries
from persistence.queries.viewer import Viewer, find_viewer
from resolvers import sessions, throttling, tokens
from resolvers.errors import Conflict, ConflictReason, InvalidCredentials, InvalidRefreshToken, Unauthenticated
from resolvers.passwords import verify_password

if TYPE_CHECKING:
    from persistence.database import Session
    from persistence.models import User
    from persistence.queries.viewer import AnyUser

MAX_EMAIL_LENGTH = 254
"""RFC 5321: a path of 256 characters less its angle brackets."""

_EMAIL = re.compile(r"(?=.{1,64}@)[^\s@.\"(),:;<>\[\]\\]+(?:\.[^\s@.\"(),:;<>\[\]\\]+)*@[^\W_](?:[\w-]*[^\W_])?(?:\.[^\W_](?:[\w-]*[^\W_])?)+")
_WRONG = "the e-mail address or the password is wrong"
_OVER = "the refresh token is unknown, expired or revoked: sign in again"
_REPLAYED = "this refresh token was used before, so its session was revoked for security: sign in again"


class AccountDisabled(InvalidCredentials):
    """Raised only for a client that knows the password."""

    code = "ACCOUNT_DISABLED"


@dataclass(frozen=True)
class IssuedSession:
    """A user's sign-in with its access token and refresh token."""

    user: User
    access_token: str = field(repr=False)
    access_token_expires_at: datetime
    refresh_token: str = field(repr=False)
    refresh_token_expires_at: datetime


async def authenticate(bearer: str) -> Viewer:
    """Return the user of an access token.

    The user is read from the database at each call, so that a revoked sign-in, a disabled account or a changed role takes effect at once.
    Raises `Unauthenticated`.
    """
    claims = tokens.read_access_token(bearer)
    database.charge(f"person {claims.user_id}", claims.user_id)
    async with database.connection() as connection:
        found = await find_viewer(connection, claims.user_id, claims.sign_in_id)
    if found is None:
        raise Unauthenticated("the session is expired or revoked: sign in again")
    return found


def current_sign_in_id(viewer: AnyUser) -> UUID:
    """Return the id of the sign-in with which `authenticate` identified the viewer. Raises `Unauthenticated` if `viewer` was loaded in another way."""
    if not isinstance(viewer, Viewer):
        raise Unauthenticated()
    return viewer.sign_in_id


def normalize_email(text: str) -> str | None:
    """Return the spelling in which an e-mail address is stored and looked up; None if it is not valid."""
    stripped = text.strip()
    if len(stripped) > MAX_EMAIL_LENGTH:  # before normalising, which takes quadratic time
        return None
    email = unicodedata.normalize("NFKC", stripped).lower()
    ordinary = len(email) <= MAX_EMAIL_LENGTH and _EMAIL.fullmatch(email) and email.isprintable()
    return email if ordinary else None


async def sign_in(email: str, password: str, *, client_name: str | None = None, client_address: str | None = None) -> IssuedSession:
    """Sign in with a password. It takes the same time whether the account exists or not.

    `client_name` is what the client calls itself in the list of sessions. Raises `InvalidInput` for one that is not valid, before the password is
    looked at, `InvalidCredentials` (`AccountDisabled` with the right password), `RateLimited` after too many failures, and `Conflict` when the password
    is being changed meanwhile.
    """
    if client_name is not None:
        client_name = sessions.validate_client_name(client_name)
    attempt = await throttling.begin_password_attempt(normalize_email(email) or "", client_address)
    user = attempt.user
    verification = await verify_password(password, user.password_hash if user else None)
    if user is None or not verification.matches:
        raise InvalidCredentials(_WRONG)
    if user.disabled:
        raise AccountDisabled("the account is disabled: ask the administrator")
    return await _start_session(user, verification.new_hash, attempt, client_name)


async def _start_session(user: User, new_hash: str | None, attempt: throttling.PasswordAttempt, client_name: str | None) -> IssuedSession:
    """Sign in the user whose password matched. Raises `Conflict` if the password or the account has changed since."""
    async with database.transaction() as session:
        if not await queries.lock_user_for_password(session, user.id, user.password_hash):
            raise Conflict(
                "the password or the account was changed by another request at the same time: sign in again", reason=ConflictReason.CHANGED_MEANWHILE
            )
        issued = await open_session(session, user, client_name)
        await attempt.record_success(session)
    if new_hash is not None:  # a transaction of its own: two that lock the user's row and then update it would deadlock
        async with database.transaction() as session:
            await queries.replace_password(session, user.id, user.password_hash, new_hash)
    return issued


async def open_session(session: Session, user: User, client_name: str | None = None) -> IssuedSession:
    """Create a sign-in within the caller's transaction, which has verified the user and the client's name."""
    token = tokens.make_refresh_token(user.id)
    added = await queries.add_sign_in(session, user.id, tokens.hash_token(token), refresh_lifetime(), client_name)
    return _session(user, added.id, token, added.expires_at)


async def refresh(refresh_token: str) -> IssuedSession:
    """Return the next pair of tokens. Raises `InvalidRefreshToken`.

    Calls with one token, at once or within `tokens.REPEAT_SECONDS` of the first, get the same refresh token until it is used. A token that comes
    later, or after its successor was used, shows that two clients hold it: the sign-in is revoked, and stays so although the call fails.
    """
    owner = tokens.find_refresh_token_owner(refresh_token)
    if owner is None:
        raise InvalidRefreshToken(_OVER)
    found = await _find(owner, refresh_token)
    if not found.used:
        if found.user is None:
            raise InvalidRefreshToken(_OVER)
        if (issued := await _rotate(found.user, found.sign_in_id, refresh_token)) is not None:
            return issued
        found = await _find(owner, refresh_token)
    return await _repeat(owner, found, refresh_token)


async def _find(owner: UUID, refresh_token: str) -> queries.FoundToken:
    async with database.session() as session:
        token_hash = tokens.hash_token(refresh_token)
        found = await queries.find_refresh_token(session, owner, token_hash, timedelta(seconds=tokens.REPEAT_SECONDS))
    if found is None:
        raise InvalidRefreshToken(_OVER)
    return found


async def _rotate(user: User, sign_in_id: UUID, refresh_token: str) -> IssuedSession | None:
    """Exchange an unused token for its successor; return None if another request did so first."""
    following = tokens.derive_successors(refresh_token)[0]
    async with database.transaction() as session:
        if not await queries.use_refresh_token(session, user.id, tokens.hash_token(refresh_token)):
            return None
        expires_at = await queries.extend_sign_in(session, user.id, sign_in_id, refresh_lifetime())
        if expires_at is None:
            raise InvalidRefreshToken(_OVER)
        await queries.add_refresh_token(session, user.id, sign_in_id, tokens.hash_token(following))
    return _session(user, sign_in_id, following, expires_at)


async def _repeat(owner: UUID, found: queries.FoundToken, refresh_token: str) -> IssuedSession:
    """Return the successor of a used token again, or revoke the sign-in. Raises `InvalidRefreshToken`."""
    if found.used_recently and found.user is not None and found.expires_at is not None:
        for following in tokens.derive_successors(refresh_token):
            async with database.session() as session:
                successor = await queries.find_refresh_token(session, owner, tokens.hash_token(following))
            if successor is not None and not successor.used:
                return _session(found.user, found.sign_in_id, following, found.expires_at)
    async with database.transaction() as session:
        await queries.revoke_sign_in(session, owner, found.sign_in_id)
    raise InvalidRefreshToken(_REPLAYED)


async def sign_out(refresh_token: str) -> bool:
    """Revoke the sign-in of a refresh token, used or not; return False if it had ended before. Raises `InvalidRefreshToken` for an unknown token."""
    owner = tokens.find_refresh_token_owner(refresh_token)
    if owner is None:
        raise InvalidRefreshToken(_OVER)
    async with database.transaction() as session:
        found = await queries.find_refresh_token(session, owner, tokens.hash_token(refresh_token))
        if found is None:
            raise InvalidRefreshToken(_OVER)
        return await queries.revoke_sign_in(session, owner, found.sign_in_id)


async def sign_out_current(viewer: Viewer) -> bool:
    """Revoke the viewer's current sign-in."""
    async with database.transaction() as session:
        return await queries.revoke_sign_in(session, viewer.id, current_sign_in_id(viewer))


async def sign_out_everywhere(viewer: Viewer, *, keep_current: bool = False) -> int:
    """Revoke all sign-ins of the viewer, with `keep_current` all but the current one; return their number."""
    keep = current_sign_in_id(viewer) if keep_current else None
    async with database.transaction() as session:
        return await queries.revoke_sign_ins(session, viewer.id, keep=keep)


def refresh_lifetime() -> timedelta:
    """Return the lifetime of an unused sign-in: REFRESH_EXPIRE_DAYS, counted from the last refresh."""
    return timedelta(days=settings.current().refresh_expire_days)


def _session(user: User, sign_in_id: UUID, refresh_token: str, refresh_expires_at: datetime) -> IssuedSession:
    access_token, expires_at = tokens.issue_access_token(user.id, sign_in_id)
    return IssuedSession(user, access_token, expires_at, refresh_token, refresh_expires_at)
