"""Passwords: the rule for new ones, and argon2 in its own threads, so that it does not block other requests.

The number of threads is limited by a share of the memory; further calls wait in the queue of the thread pool without using memory for a
hash.
"""
from __future__ import annotations

import asyncio
import secrets
import threading
import unicodedata
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

import settings
from resolvers.errors import InputRule, InvalidInput

if TYPE_CHECKING:
    from collections.abc import Iterable
    from concurrent.futures import ThreadPoolExecutor

    from passlib.context import CryptContext

MAX_LENGTH = 128
"""Characters. NIST SP 800-63B-4, 3.1.1.2 requires at least 64 to be accepted; the bytes are bounded too, at four per character.

The minimum is `PASSWORD_MIN_LENGTH`.
"""
MEMORY_KIB = 19_456
PASSES = 2
LANES = 1
"""OWASP's first choice for argon2id: 19 MiB, two passes, one lane; about 20 ms."""

MEMORY_SHARE = 4
"""Hashes may use a quarter of the memory."""
MAX_AT_ONCE = 8
"""Hashes that a process with much memory computes concurrently."""

_lock = threading.Lock()
_hasher: _Hasher | None = None


class _Hasher(NamedTuple):
    context: CryptContext
    dummy_hash: str
    """The hash of a random, unknown password: compared with when there is no account, so that the response time does not reveal that."""


class Verification(NamedTuple):
    matches: bool
    new_hash: str | None
    """A hash to store instead, when the current one was made with other parameters."""


def check_new_password(password: str, email: str, field: str = "password", *, names: Iterable[str] = ()) -> None:
    """Raise `InvalidInput` unless a new password is long enough, can be encoded, and is hard to guess.

    `names` are names of the account's owner, which are easy to guess. Stored passwords are not checked again.
    """
    least = settings.current().password_min_length
    normal = _normal(password) if len(password) <= MAX_LENGTH else ""  # normalising takes quadratic time
    if not least <= len(normal) <= MAX_LENGTH or len(password) < least:
        reason = "several unrelated words are easy to remember"
        raise InvalidInput(
            field, f"the password must have {least} to {MAX_LENGTH} characters: {reason}",
            rule=InputRule.TOO_LONG if max(len(password), len(normal)) > MAX_LENGTH else InputRule.TOO_SHORT, bounds=(least, MAX_LENGTH),
        )
    if not _is_storable(normal):
        raise InvalidInput(field, "the password has a character that cannot be stored, such as NUL: remove it", rule=InputRule.CHARACTER)
    from resolvers.guessable_passwords import find_reason  # not needed before a user sets a password

    if guessable := find_reason(normal, email=email, names=names):
        raise InvalidInput(field, f"the password {guessable}: send one that is hard to guess, such as several unrelated words", rule=InputRule.GUESSABLE)


async def hash_password(password: str) -> str:
    """Return the hash of a password that passed `check_new_password`."""
    return await asyncio.get_running_loop().run_in_executor(_threads(), _hash, _normal(password))


async def verify_password(password: str, password_hash: str | None) -> Verification:
    """Compare a password with a hash. Without a valid hash (no such account) the comparison takes as long and does not match."""
    normal = _normal(password) if len(password) <= MAX_LENGTH else ""
    return await asyncio.get_running_loop().run_in_executor(_threads(), _verify, normal if _is_storable(normal) else "", password_hash)


def count_concurrent_hashes(memory: int) -> int:
    """Return the number of hashes that a process with `memory` bytes may compute concurrently: at least one."""
    return max(1, min(MAX_AT_ONCE, memory // MEMORY_SHARE // (MEMORY_KIB * 1024)))


@lru_cache(maxsize=1)
def _threads() -> ThreadPoolExecutor:
    """Create the thread pool at first use, as the hasher is."""
    from concurrent.futures import ThreadPoolExecutor

    from resolvers.memory import find_memory_limit

    return ThreadPoolExecutor(count_concurrent_hashes(find_memory_limit()), "argon2")


def _hash(password: str) -> str:
    return _ready().context.hash(password)


def _verify(password: str, password_hash: str | None) -> Verification:
    hasher = _ready()
    known = password_hash is not None and bool(hasher.context.identify(password_hash))
    matches, new_hash = hasher.context.verify_and_update(password, password_hash if known else hasher.dummy_hash)
    return Verification(matches and known, new_hash)


def _ready() -> _Hasher:
    """Create the hasher at first use, to keep passlib and argon2 out of the cold start."""
    global _hasher
    with _lock:
        if _hasher is None:
            from passlib.context import CryptContext

            context = CryptContext(
                schemes=["argon2"], argon2__type="ID", argon2__memory_cost=MEMORY_KIB, argon2__time_cost=PASSES, argon2__parallelism=LANES
            )
            _hasher = _Hasher(context, context.hash(secrets.token_hex(16)))
        return _hasher


def _normal(password: str) -> str:
    """Return one spelling of a password, however a keyboard composes its characters (NIST SP 800-63B-4, 3.1.1.2).

    It is NFKC, because the stored hashes were made with it.
    """
    return unicodedata.normalize("NFKC", password)


def _is_storable(password: str) -> bool:
    return all(unicodedata.category(character) not in ("Cc", "Cs") for character in password)
