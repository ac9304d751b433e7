"""The two tokens of a sign-in: a short-lived JWT that opens requests, and an opaque one that gets the next pair."""
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
"""RFC 9068, section 2.1: tells an access token from every other JWT signed with the same key."""
HEADER_KEYS = frozenset({"alg", "typ", "kid"})
CLAIMS = ["exp", "iat", "iss", "aud", "sub", "jti", "sid"]
LEEWAY_SECONDS = 10
"""How far the clocks of two instances may lie apart."""
MAX_TOKEN_LENGTH = 2048
"""Characters; ours have about 400."""
REFRESH_TOKEN_LENGTH = 64
"""Characters of base64url: 16 bytes of the person's id, which lead to the row, and 32 random ones."""
KEPT_TOKENS = 256
"""Whose signatures are remembered as good; the sign-in is looked up at each request all the same."""

_jwt = jwt.PyJWT({"enforce_minimum_key_length": True})


@dataclass(frozen=True)
class AccessClaims:
    user_id: UUID
    sign_in_id: UUID


def issue_access_token(user_id: UUID, sign_in_id: UUID) -> tuple[str, datetime]:
    """A token signed with the present key, and when it ends: JWT_EXPIRE_MINUTES from now."""
    present = settings.current()
    issued = int(time.time())
    expires = issued + present.jwt_expire_minutes * 60
    claims = {"iss": ISSUER, "aud": AUDIENCE, "sub": str(user_id), "sid": str(sign_in_id), "jti": str(uuid4()), "iat": issued, "exp": expires}
    key = present.jwt_secret_key.reveal()
    token = _jwt.encode(claims, key, present.jwt_algorithm, {"typ": TYPE, "kid": key_id(key)})
    return token, datetime.fromtimestamp(expires, timezone.utc)


def read_access_token(token: str) -> AccessClaims:
    """What a token of ours says. Raises `Unauthenticated`, and nothing else, for every other text."""
    try:
        claims, expires_at = _read(token, settings.current())
        if expires_at + LEEWAY_SECONDS <= time.time():
            raise ValueError("expired since it was read first")
        return claims
    except Exception:
        raise Unauthenticated("the access token is not valid or has expired: refresh the session or sign in again") from None


@lru_cache(maxsize=KEPT_TOKENS)
def _read(token: str, present: settings.Settings) -> tuple[AccessClaims, int]:
    """What it says, and when it ends in seconds of Unix time. The rest of what is checked here does not change with time."""
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
    """Header and claims of a token that the present key signed, or the previous one: by itself, not under the other one's name.

    A token that names no key is from before they had names.
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
    """What a token calls its key by: 64 bits of a hash, which tell keys apart and do not help to find one."""
    return hashlib.sha256(b"unilife kid " + key.encode()).hexdigest()[:16]


def _id(claim: Any) -> UUID:
    found = UUID(claim)
    if str(found) != claim:
        raise ValueError("another spelling of an id")
    return found


_BASE64URL = re.compile("[A-Za-z0-9_=-]*")


def make_refresh_token(user_id: UUID) -> str:
    """A new opaque token. Only its hash is stored."""
    return urlsafe_b64encode(user_id.bytes + secrets.token_bytes(32)).decode()


def find_refresh_token_owner(token: str) -> UUID | None:
    """Whose token it claims to be, so that it is looked up among theirs alone; None if it is none of ours."""
    if len(token) != REFRESH_TOKEN_LENGTH or not _BASE64URL.fullmatch(token):  # Python 3.15 warns of other characters before it leaves them out
        return None
    try:
        return UUID(bytes=urlsafe_b64decode(token)[:16])
    except ValueError:
        return None


def hash_refresh_token(token: str) -> bytes:
    """SHA-256 is enough for 256 random bits: there is nothing to guess."""
    return hashlib.sha256(token.encode()).digest()
