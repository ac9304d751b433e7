"""Passwords: which are taken, and that only the right one matches."""
import asyncio
import threading

import pytest
from passlib.hash import argon2

import settings
from resolvers import passwords
from resolvers.errors import InvalidInput
from resolvers.passwords import LANES, MEMORY_KIB, PASSES, check_new_password, hash_password, hashes_at_once, verify_password

pytestmark = pytest.mark.anyio

EMAIL = "ann@example.org"


LONG = "a kettle sings at dawn, and the herons on the roof of the mill look down at forty boats that go to sea without wind or oars, x9q"


@pytest.mark.parametrize("password", [
    "a kettle sings ", LONG[:128], "今天下雨我在家里喝茶看书听音乐", "🐉🍜🚲🌧🎻🦆🧦🪴🛶🧊🪁🧵🍄🦔🎏", "with spaces in it", "pässwörter sind lang",
    "847261950374825", "~%&}{[]^*?<>;:/",
])  # fmt: skip
def test_check_new_password_takes_15_to_128_characters(password: str):
    check_new_password(password, EMAIL)


@pytest.mark.parametrize(("least", "taken", "refused"), [(8, "kq7vtx2m", "kq7vtx2"), (15, "kettle sings at", "kettle sings a"), (64, LONG[:64], LONG[:63])])
def test_check_new_password_asks_for_the_length_of_the_settings(monkeypatch: pytest.MonkeyPatch, least: int, taken: str, refused: str):
    monkeypatch.setenv("PASSWORD_MIN_LENGTH", str(least))
    settings.current.cache_clear()
    check_new_password(taken, EMAIL)
    with pytest.raises(InvalidInput, match=f"{least} to 128 characters"):
        check_new_password(refused, EMAIL)


@pytest.mark.parametrize(
    "password",
    ["", "12345678901234", LONG + "yz", "x" * 100_000, "각" * 14, "ﷺ" * 20, EMAIL, " Ann@Example.ORG ", "a kettle sang\0null", "a kettle sings\non two lines",
     "half of \ud800 a pair, no more"],
)  # fmt: skip
def test_check_new_password_refuses_others_by_the_name_of_the_field(password: str):
    with pytest.raises(InvalidInput) as refused:
        check_new_password(password, EMAIL, "newPassword")
    assert refused.value.field == "newPassword"
    assert not password.strip() or password not in refused.value.message


@pytest.mark.parametrize(("mebibytes", "at_once"), [(64, 1), (128, 1), (256, 3), (512, 6), (1024, 8), (65_536, 8)])
def test_hashes_at_once_take_a_quarter_of_the_memory_at_most(mebibytes: int, at_once: int):
    assert hashes_at_once(mebibytes * 1024 * 1024) == at_once


async def test_hashes_beyond_what_memory_allows_wait(monkeypatch: pytest.MonkeyPatch):
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


async def test_the_right_password_matches_and_others_do_not():
    stored = await hash_password("correct horse battery")
    assert await verify_password("correct horse battery", stored) == (True, None)
    for wrong in ("correct horse batter", "Correct horse battery", "", "x" * 100_000, "\ud800", "correct horse battery\0"):
        assert not (await verify_password(wrong, stored)).matches


async def test_one_password_matches_however_the_keyboard_composes_it():
    stored = await hash_password("pa\u0308sswort")
    assert (await verify_password("p\u00e4sswort", stored)).matches


async def test_nothing_matches_without_an_account_and_with_what_is_no_hash():
    for password in ("", "correct horse battery"):
        for missing in (None, "", "no hash", "!"):
            assert not (await verify_password(password, missing)).matches


async def test_the_hash_is_argon2id_with_the_documented_parameters_and_a_new_salt():
    first, second = await asyncio.gather(hash_password("correct horse battery"), hash_password("correct horse battery"))
    assert first != second
    assert first.startswith(f"$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}$")


async def test_a_hash_of_other_parameters_still_matches_and_is_to_be_replaced():
    weaker = argon2.using(type="ID", memory_cost=1024, time_cost=1, parallelism=1).hash("correct horse battery")
    matches, new_hash = await verify_password("correct horse battery", weaker)
    assert matches and new_hash is not None
    assert await verify_password("correct horse battery", new_hash) == (True, None)


async def test_a_wrong_password_replaces_nothing():
    weaker = argon2.using(type="ID", memory_cost=1024, time_cost=1, parallelism=1).hash("correct horse battery")
    assert await verify_password("wrong horse", weaker) == (False, None)
