"""The two tokens of a sign-in: a short-lived JWT that authorizes requests, and an opaque refresh token that is exchanged for the next pair."""
from __future__ import annotations

import hashlib
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
KEPT_TOKENS = 256
"""Tokens whose verification is cached; the sign-in is still looked up at each request."""

_jwt = jwt.PyJWT({"enforce_minimum_key_length": True})


@dataclass(frozen=True)
class AccessClaims:
    user_id: UUID
    sign_in_id: UUID


def issue_access_token(user_id: UUID, sign_in_id: UUID) -> tuple[str, datetime]:
    """Return a token signed with the current key, and its expiry: JWT_EXPIRE_MINUTES from now."""
    present = settings.current()
    issued = int(time.time())
    expires = issued + present.jwt_expire_minutes * 60
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": str(user_id), "sid": str(sign_in_id), "jti": str(uuid4()), "iat": issued, "exp": expires}
    key = present.jwt_secret_key.reveal()
    token = _jwt.encode(claims, key, present.jwt_algorithm, {"typ": TYPE, "kid": key_id(key)})
    return token, datetime.fromtimestamp(expires, timezone.utc)


def read_access_token(token: str) -> AccessClaims:
    """Return the claims of a valid access token. Raises `Unauthenticated`, and nothing else, for every other text."""
    try:
        claims, expires_at = _read(token, settings.current())
        if expires_at + LEEWAY_SECONDS <= time.time():
            raise ValueError("expired since it was read first")
        return claims
    except Exception:
        raise Unauthenticated("the access token is invalid or expired: call `sessionRefresh` or sign in again") from None


@lru_cache(maxsize=KEPT_TOKENS)
def _read(token: str, present: settings.Settings) -> tuple[AccessClaims, int]:
    """Return a token's claims and its expiry in seconds of Unix time; the result can be cached, because the other checks do not depend on time."""
    if len(token) > MAX_TOKEN_LENGTH:
        raise ValueError("too long")
    header, claims = _verify(token, present)
    if not HEADER_KEYS.issuperset(header) or header.get("typ") != TYPE:
        raise ValueError("another kind of token")
    if type(claims["exp"]) is not int or type(claims["iat"]) is not int:
        raise ValueError("times are whole seconds")
    if not 0 < claims["exp"] - claims["iat"] <= present.jwt_expire_minutes * 60:
        raise ValueError("a longer life than is given here")
    return AccessClaims(_id(claims["sub"]), _id(claims["sid"])), claims["exp"]


def _verify(token: str, present: settings.Settings) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return header and payload of a token that was signed with the current or the previous key.

    A `kid` must name the key that verifies the token. Tokens without a `kid` were issued before keys had ids and are accepted. Raises
    `ValueError` and PyJWT's errors.
    """
    for key in filter(None, (present.jwt_secret_key, present.jwt_previous_secret_key)):
        with suppress(jwt.InvalidSignatureError):
            decoded = _jwt.decode_complete(
                token, key.reveal(), [present.jwt_algorithm], {"require": CLAIMS, "strict_aud": True},
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


def find_refresh_token_owner(token: str) -> UUID | None:
    """Return the user id that a refresh token contains, so that only this user's tokens are searched; None if the format is not valid."""
    if len(token) != REFRESH_TOKEN_LENGTH or not _BASE64URL.fullmatch(token):  # Python 3.15 warns about other characters before it skips them
        return None
    try:
        return UUID(bytes=urlsafe_b64decode(token)[:16])
    except ValueError:
        return None


def hash_refresh_token(token: str) -> bytes:
    """Return the token's SHA-256, which is enough: 256 random bits cannot be guessed."""
    return hashlib.sha256(token.encode()).digest()
