"""The two tokens of a sign-in: a short-lived JWT that authorizes requests, and an opaque refresh token that is exchanged for the next pair."""
from __future__ import annotations

import hashlib
import hmac
import re
import secrets
import time
from base64 import urlsafe_b64decode, urlsafe_b64encode
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Any
from uuid import UUID, uuid4

import jwt

import settings
from resolvers.errors import Unauthenticated

ISSUER = "unilife"
AUDIENCE = "unilife-api"
TYPE = "at+jwt"
"""RFC 9068, section 2.1: distinguishes an access token from other JWTs signed with the same key."""
HEADER_KEYS = frozenset({"alg", "typ", "kid"})
CLAIMS = ["exp", "iat", "iss", "aud", "sub", "jti", "sid"]
LEEWAY_SECONDS = 10
"""Tolerated clock difference between two instances."""
MAX_TOKEN_LENGTH = 2048
"""Characters; tokens issued here have about 400."""
REFRESH_TOKEN_LENGTH = 64
"""Characters of base64url: 16 bytes of the user's id, by which the row is found, and 32 random bytes."""
REPEAT_SECONDS = 60
"""Seconds after its first use in which a refresh token gets the same successor again, until that is used: a second tab, or an answer that was lost."""
API_TOKEN_PREFIX = "unilife_pat_"
"""The beginning of a personal access token (resolvers/api_tokens.py), which is no access token."""
MAX_CACHED_TOKENS = 2048
"""Tokens whose verification is cached, about 1.1 kB each; the sign-in is still looked up at each request. With more users at once than this, nearly all
verifications would be repeated."""

Keys = tuple[settings.Secret, settings.Secret]
"""The current and the previous key, which may be empty."""

_jwt = jwt.PyJWT({"enforce_minimum_key_length": True})


@dataclass(frozen=True)
class AccessClaims:
    user_id: UUID
    sign_in_id: UUID


def issue_access_token(user_id: UUID, sign_in_id: UUID) -> tuple[str, datetime]:
    """Return a token signed with the current key, and its expiry: JWT_EXPIRE_MINUTES from now."""
    current = settings.current()
    issued = int(time.time())
    expires = issued + current.jwt_expire_minutes * 60
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": str(user_id), "sid": str(sign_in_id), "jti": str(uuid4()), "iat": issued, "exp": expires}
    key = current.jwt_secret_key.reveal()
    token = _jwt.encode(claims, key, current.jwt_algorithm, {"typ": TYPE, "kid": key_id(key)})
    return token, datetime.fromtimestamp(expires, timezone.utc)


def read_access_token(token: str) -> AccessClaims:
    """Return the claims of a valid access token. Raises `Unauthenticated`, and nothing else, for every other text."""
    try:
        current = settings.current()
        claims, expires_at = _read(token, (current.jwt_secret_key, current.jwt_previous_secret_key), current.jwt_algorithm, current.jwt_expire_minutes)
        if expires_at + LEEWAY_SECONDS <= time.time():
            raise ValueError("expired since it was read first")
        return claims
    except Exception:
        if token.startswith(API_TOKEN_PREFIX):
            raise Unauthenticated("a personal access token is accepted only by /mcp: sign in with `sessionCreate` and send its access token") from None
        raise Unauthenticated("the access token is invalid or expired: call `sessionRefresh` or sign in again") from None


@lru_cache(maxsize=MAX_CACHED_TOKENS)
def _read(token: str, keys: Keys, algorithm: str, expire_minutes: int) -> tuple[AccessClaims, int]:
    """Return a token's claims and its expiry in seconds of Unix time; the result can be cached, because the other checks do not depend on time.

    The settings are given one by one: a hash of all of them would take longer than the rest of a cached call.
    """
    if len(token) > MAX_TOKEN_LENGTH:
        raise ValueError("too long")
    header, claims = _verify(token, keys, algorithm)
    if not HEADER_KEYS.issuperset(header) or header.get("typ") != TYPE:
        raise ValueError("another kind of token")
    if type(claims["exp"]) is not int or type(claims["iat"]) is not int:
        raise ValueError("times are whole seconds")
    if not 0 < claims["exp"] - claims["iat"] <= expire_minutes * 60:
        raise ValueError("a longer life than is given here")
    return AccessClaims(_id(claims["sub"]), _id(claims["sid"])), claims["exp"]


def _verify(token: str, keys: Keys, algorithm: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return header and payload of a token that was signed with the current or the previous key.

    A `kid` must name the key that verifies the token. Tokens without a `kid` were issued before keys had ids and are accepted. Raises
    `ValueError` and PyJWT's errors.
    """
    for key in filter(None, keys):
        with suppress(jwt.InvalidSignatureError):
            decoded = _jwt.decode_complete(
                token, key.reveal(), [algorithm], {"require": CLAIMS, "strict_aud": True},
                audience=AUDIENCE, issuer=ISSUER, leeway=timedelta(seconds=LEEWAY_SECONDS),
            )  # fmt: skip
            if decoded["header"].get("kid") in (None, key_id(key.reveal())):
                return decoded["header"], decoded["payload"]
    raise ValueError("signed with no key of ours")


@lru_cache(maxsize=4)
def key_id(key: str) -> str:
    """Return the `kid` of a key: 64 bits of a hash, which distinguish keys and do not help to guess one."""
    return hashlib.sha256(b"unilife kid " + key.encode()).hexdigest()[:16]


def _id(claim: Any) -> UUID:
    found = UUID(claim)
    if str(found) != claim:
        raise ValueError("another spelling of an id")
    return found


_BASE64URL = re.compile("[A-Za-z0-9_=-]*")


def make_refresh_token(user_id: UUID) -> str:
    """Return a new opaque token. Only its hash is stored."""
    return urlsafe_b64encode(user_id.bytes + secrets.token_bytes(32)).decode()


def derive_successors(token: str) -> list[str]:
    """Return the refresh tokens that may follow a valid one: derived from it with the current key, then with the previous one.

    Derived, not drawn, so that the same successor can be given a second time although only its hash is stored. Without the key, a successor cannot be derived
    from its token.
    """
    present = settings.current()
    keys = [key.reveal() for key in (present.jwt_secret_key, present.jwt_previous_secret_key) if key]
    owner = urlsafe_b64decode(token)[:16]
    return [urlsafe_b64encode(owner + hmac.digest(key.encode(), b"unilife refresh " + token.encode(), "sha256")).decode() for key in keys]


def find_refresh_token_owner(token: str) -> UUID | None:
    """Return the user id that a refresh token contains, so that only this user's tokens are searched; None if the format is not valid."""
    if len(token) != REFRESH_TOKEN_LENGTH or not _BASE64URL.fullmatch(token):  # Python 3.15 warns about other characters before it skips them
        return None
    try:
        return UUID(bytes=urlsafe_b64decode(token)[:16])
    except ValueError:
        return None


def hash_token(token: str) -> bytes:
    """Return the SHA-256 of an opaque token, which is enough: 256 random bits cannot be guessed."""
    return hashlib.sha256(token.encode()).digest()
