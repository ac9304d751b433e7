"""Passwords: rules for new ones, hashing and verification."""
import asyncio
import threading

import pytest
from passlib.hash import argon2

from resolvers import passwords
from resolvers.errors import InvalidInput
from resolvers.passwords import LANES, MEMORY_KIB, PASSES, check_new_password, count_concurrent_hashes, hash_password, verify_password
from tests.resolvers.chat.chat_setup import set_to

pytestmark = pytest.mark.anyio

EMAIL = "ann@example.org"


LONG = "a kettle sings at dawn, and the herons on the roof of the mill look down at forty boats that go to sea without wind or oars, x9q"


@pytest.mark.parametrize("password", [
    "a kettle sings ", LONG[:128], "今天下雨我在家里喝茶看书听音乐", "🐉🍜🚲🌧🎻🦆🧦🪴🛶🧊🪁🧵🍄🦔🎏", "with spaces in it", "pässwörter sind lang",
    "847261950374825", "~%&}{[]^*?<>;:/",
])  # fmt: skip
def test_check_new_password_of_15_to_128_characters_is_accepted(password: str):
    check_new_password(password, EMAIL)


@pytest.mark.parametrize(("least", "taken", "refused"), [(8, "kq7vtx2m", "kq7vtx2"), (15, "kettle sings at", "kettle sings a"), (64, LONG[:64], LONG[:63])])
def test_check_new_password_minimum_length_follows_the_settings(least: int, taken: str, refused: str):
    with set_to(PASSWORD_MIN_LENGTH=str(least)):
        check_new_password(taken, EMAIL)
        with pytest.raises(InvalidInput, match=f"{least} to 128 characters"):
            check_new_password(refused, EMAIL)


@pytest.mark.parametrize(
    "password",
    ["", "12345678901234", LONG + "yz", "x" * 100_000, "각" * 14, "ﷺ" * 20, EMAIL, " Ann@Example.ORG ", "a kettle sang\0null", "a kettle sings\non two lines",
     "half of \ud800 a pair, no more"],
)  # fmt: skip
def test_check_new_password_invalid_password_is_refused_by_field_name(password: str):
    with pytest.raises(InvalidInput) as refused:
        check_new_password(password, EMAIL, "newPassword")
    assert refused.value.field == "newPassword"
    assert not password.strip() or password not in refused.value.message


@pytest.mark.parametrize(("mebibytes", "at_once"), [(64, 1), (128, 1), (256, 3), (512, 6), (1024, 8), (65_536, 8)])
def test_count_concurrent_hashes_each_memory_size_uses_at_most_a_quarter(mebibytes: int, at_once: int):
    assert count_concurrent_hashes(mebibytes * 1024 * 1024) == at_once


async def test_hash_password_more_at_once_than_memory_allows_waits(monkeypatch: pytest.MonkeyPatch):
    running, most = 0, 0
    make = passwords._hash

    def counted(password: str) -> str:
        nonlocal running, most
        with lock:
            running += 1
            most = max(most, running)
        try:
            return make(password)
        finally:
            with lock:
                running -= 1

    lock = threading.Lock()
    monkeypatch.setattr(passwords, "_hash", counted)
    monkeypatch.setattr("resolvers.memory.find_memory_limit", lambda: 170 * 1024 * 1024)
    passwords._threads.cache_clear()
    try:
        await asyncio.gather(*(hash_password("correct horse battery") for _ in range(12)))
    finally:
        passwords._threads.cache_clear()
    assert most == 2


async def test_verify_password_right_or_wrong_matches_only_the_right_one():
    stored = await hash_password("correct horse battery")
    assert await verify_password("correct horse battery", stored) == (True, None)
    for wrong in ("correct horse batter", "Correct horse battery", "", "x" * 100_000, "\ud800", "correct horse battery\0"):
        assert not (await verify_password(wrong, stored)).matches


async def test_verify_password_other_unicode_composition_matches():
    stored = await hash_password("pa\u0308sswort")
    assert (await verify_password("p\u00e4sswort", stored)).matches


async def test_verify_password_missing_or_invalid_hash_does_not_match():
    for password in ("", "correct horse battery"):
        for missing in (None, "", "no hash", "!"):
            assert not (await verify_password(password, missing)).matches


async def test_hash_password_twice_returns_argon2id_hashes_with_new_salts():
    first, second = await asyncio.gather(hash_password("correct horse battery"), hash_password("correct horse battery"))
    assert first != second
    assert first.startswith(f"$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$")


async def test_verify_password_hash_of_other_parameters_matches_and_returns_a_new_hash():
    weaker = argon2.using(type="ID", memory_cost=1024, time_cost=1, parallelism=1).hash("correct horse battery")
    matches, new_hash = await verify_password("correct horse battery", weaker)
    assert matches and new_hash is not None
    assert await verify_password("correct horse battery", new_hash) == (True, None)


async def test_verify_password_wrong_password_returns_no_new_hash():
    weaker = argon2.using(type="ID", memory_cost=1024, time_cost=1, parallelism=1).hash("correct horse battery")
    assert await verify_password("wrong horse", weaker) == (False, None)
