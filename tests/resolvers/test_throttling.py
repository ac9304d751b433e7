"""Throttling of password attempts and registrations: which clients wait, and for how long."""
from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text

import settings
from jobs.deadline import Deadline
from jobs.run import RunRequest, run
from persistence import database
from persistence.models import Throttle
from persistence.models.jobs import Trigger
from resolvers import account, throttling
from resolvers.account import NewAccount
from resolvers.authentication import authenticate, sign_in
from resolvers.errors import InvalidCredentials, RateLimited
from tests import seeds

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

ANN = NewAccount("ann@example.org", "correct horse battery", "Ann")
HOME, ELSEWHERE = "203.0.113.7", "198.51.100.9"


async def fail(email: str, address: str | None, times: int = 1) -> None:
    """Count failed attempts: those that no success follows."""
    for _ in range(times):
        await throttling.begin_password_attempt(email, address)


async def waits(email: str, address: str | None, **how: Any) -> float:
    """Return the seconds that an attempt must wait, after checking that its refusal counts nothing; 0 if it is allowed and counted."""
    before = await stored()
    try:
        await throttling.begin_password_attempt(email, address, **how)
    except RateLimited as refused:
        assert refused.code == "RATE_LIMITED" and refused.retry_after is not None
        assert await stored() == before
        return refused.retry_after
    return 0.0


def about(seconds: float) -> Any:
    """Return what equals a wait of this length that began up to 20 seconds ago: a slow machine takes some of it."""
    return pytest.approx(seconds - 10.0, abs=10.0)


async def stored() -> list[Any]:
    async with database.session() as session:
        return sorted(tuple(row) for row in await session.execute(select(Throttle.__table__)))


async def pass_time(passed: timedelta) -> None:
    """Move all counted attempts back in time."""
    columns = ("tried_at", "blocked_until", "trusted_until", "expires_at")
    earlier = ", ".join(f"{column} = {column} - cast(:passed as interval)" for column in columns)
    async with database.transaction() as session:
        await session.execute(text(f"update throttles set {earlier}"), {"passed": passed})


async def test_sign_in_after_five_wrong_passwords_makes_the_right_one_wait():
    await account.register(ANN)
    for _ in range(throttling.FREE_FAILURES_PER_CLIENT):
        with pytest.raises(InvalidCredentials):
            await sign_in(ANN.email, "wrong horse", client_address=HOME)
    before = await stored()
    for password in ("wrong horse", ANN.password):
        with pytest.raises(RateLimited) as refused:
            await sign_in(ANN.email, password, client_address=HOME)
        wait = refused.value.retry_after
        assert (refused.value.message, wait) == (f"too many failed password attempts: try again in {wait:.0f} seconds", about(30.0))
    assert await stored() == before
    await pass_time(timedelta(seconds=30))
    assert (await sign_in(ANN.email, ANN.password, client_address=HOME)).user.email == ANN.email


async def test_begin_password_attempt_repeated_failures_wait_up_to_an_hour_then_a_day():
    await fail(ANN.email, HOME, throttling.FREE_FAILURES_PER_CLIENT)
    seen = []
    for _ in range(throttling.FREE_FAILURES_PER_CLIENT, throttling.MAX_FAILURES):
        seen.append(await waits(ANN.email, HOME))
        await pass_time(timedelta(seconds=seen[-1]))
        assert await waits(ANN.email, HOME) == 0.0
    assert seen[:8] == [about(wait) for wait in (30.0, 60.0, 120.0, 240.0, 480.0, 960.0, 1920.0, 3600.0)]
    assert all(3_540.0 < wait <= 3_600.0 for wait in seen[8:])
    assert await waits(ANN.email, HOME) == about(86_400.0)
    await pass_time(timedelta(days=1))
    await fail(ANN.email, HOME, throttling.FREE_FAILURES_PER_CLIENT)
    assert await waits(ANN.email, HOME) == about(30.0), "it begins anew"


async def test_sign_in_success_resets_the_failure_count():
    await account.register(ANN)
    await fail(ANN.email, HOME, throttling.FREE_FAILURES_PER_CLIENT - 1)
    await sign_in(ANN.email, ANN.password, client_address=HOME)
    await fail(ANN.email, HOME, throttling.FREE_FAILURES_PER_CLIENT)
    assert await waits(ANN.email, HOME) == about(30.0)


async def test_sign_in_unknown_account_is_throttled_alike_with_as_many_statements():
    await account.register(ANN)
    told = {}
    for email in (ANN.email, "nobody@example.org", "no address"):
        for _ in range(throttling.FREE_FAILURES_PER_CLIENT):
            with seeds.statements() as wrong, pytest.raises(InvalidCredentials):
                await sign_in(email, "wrong horse", client_address=HOME)
        with seeds.statements() as blocked, pytest.raises(RateLimited) as refused:
            await sign_in(email, "wrong horse", client_address=HOME)
        assert refused.value.retry_after == about(30.0)
        told[email] = (len(wrong), len(blocked), refused.value.message.replace(f"{refused.value.retry_after:.0f}", "n"))
    assert len(set(told.values())) == 1 and told[ANN.email][:2] == (1, 1)


async def test_sign_in_with_throttling_takes_six_statements():
    await account.register(ANN)
    with seeds.statements() as asked:
        await sign_in(ANN.email, ANN.password, client_address=HOME)
    assert sum("throttles" in statement for statement in asked) == 2
    assert len(asked) == 6, "the person is read with the count; hold, clear, sign-in and token were there before"
    opened = await sign_in(ANN.email, ANN.password, client_address=HOME)
    with seeds.statements() as asked:
        await authenticate(opened.access_token)
    assert not any("throttles" in statement for statement in asked)


async def test_sign_in_account_under_attack_stays_open_to_a_trusted_client():
    await account.register(ANN)
    await sign_in(ANN.email, ANN.password, client_address=HOME)
    for number in range(throttling.FREE_BY_ACCOUNT):
        await fail(ANN.email, f"192.0.2.{number}")
    assert await waits(ANN.email, "192.0.2.200") == about(30.0)
    with pytest.raises(RateLimited):
        await sign_in(ANN.email, ANN.password, client_address=ELSEWHERE)
    assert await waits("bob@example.org", "192.0.2.200") == 0.0
    assert (await sign_in(ANN.email, ANN.password, client_address=HOME)).user.email == ANN.email


async def test_sign_in_trusted_client_is_throttled_after_ninety_days():
    await account.register(ANN)
    await sign_in(ANN.email, ANN.password, client_address=HOME)
    for passed, wait in ((timedelta(days=89), 0.0), (timedelta(days=2), about(30.0))):
        await pass_time(passed)
        for number in range(throttling.FREE_BY_ACCOUNT):
            await fail(ANN.email, f"192.0.2.{number}")
        assert await waits(ANN.email, HOME) == wait


async def test_sign_in_address_that_tries_many_accounts_is_throttled_except_trusted_users():
    await account.register(ANN)
    await sign_in(ANN.email, ANN.password, client_address=HOME)
    for number in range(throttling.FREE_BY_ADDRESS):
        await fail(f"somebody{number}@example.org", HOME)
    assert await waits("another@example.org", HOME) == about(30.0)
    assert await waits("another@example.org", ELSEWHERE) == 0.0
    assert (await sign_in(ANN.email, ANN.password, client_address=HOME)).user.email == ANN.email


async def test_sign_in_success_keeps_the_failures_of_its_address():
    await account.register(ANN)
    for number in range(throttling.FREE_BY_ADDRESS - 1):
        await fail(f"somebody{number}@example.org", HOME)
    await sign_in(ANN.email, ANN.password, client_address=HOME)
    await fail("one@example.org", HOME)
    assert await waits("another@example.org", HOME) == about(30.0)


@pytest.mark.parametrize(("one", "other", "same"), [
    ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True), ("2001:db8:1:2::1", "2001:db8:1:3::1", False), ("::ffff:203.0.113.7", HOME, True),
    (HOME, "203.0.113.8", False), (None, "", True), (None, HOME, False), ("11.11.11.**", None, True),
])  # fmt: skip
async def test_begin_password_attempt_client_addresses_are_counted_by_network(one: str | None, other: str | None, same: bool):
    await fail(ANN.email, one, throttling.FREE_FAILURES_PER_CLIENT)
    assert await waits(ANN.email, other) == (about(30.0) if same else 0.0)


async def test_begin_password_attempt_many_at_once_allows_no_more_than_in_sequence():
    tries = await asyncio.gather(*(throttling.begin_password_attempt(ANN.email, HOME) for _ in range(30)), return_exceptions=True)
    refused = [found for found in tries if isinstance(found, Exception)]
    assert len(tries) - len(refused) == throttling.FREE_FAILURES_PER_CLIENT and all(isinstance(found, RateLimited) for found in refused)


async def test_sign_in_many_at_once_are_not_throttled():
    await account.register(ANN)
    for _ in range(4):
        await asyncio.gather(*(sign_in(ANN.email, ANN.password, client_address=HOME) for _ in range(throttling.FREE_FAILURES_PER_CLIENT - 1)))


async def test_sign_in_ended_during_another_does_not_throttle_it(monkeypatch: pytest.MonkeyPatch):
    await account.register(ANN)
    admit = throttling.count_attempt

    async def late(writing: Any, *given: Any, **named: Any) -> Any:
        monkeypatch.setattr(throttling, "count_attempt", admit)
        await writing.execute(text("select 1"))  # this transaction begins before the other one's
        await sign_in(ANN.email, ANN.password, client_address=HOME)
        return await admit(writing, *given, **named)

    monkeypatch.setattr(throttling, "count_attempt", late)
    assert (await sign_in(ANN.email, ANN.password, client_address=HOME)).user.email == ANN.email


async def test_throttles_stored_rows_reveal_no_email_or_address(monkeypatch: pytest.MonkeyPatch):
    await fail(ANN.email, HOME)
    rows = await stored()
    assert len(rows) == 3 and not any(word in str(rows) for word in ("ann", "example", "203", HOME))
    monkeypatch.setenv("JWT_SECRET_KEY", "another key of more than thirty-two bytes")
    settings.current.cache_clear()
    await fail(ANN.email, HOME)
    monkeypatch.undo()
    settings.current.cache_clear()
    assert len(await stored()) == 6


@pytest.mark.parametrize("what", ["change", "delete"])
async def test_password_guesses_with_a_stolen_access_token_are_throttled(what: str):
    opened = await account.register(ANN)
    viewer = await authenticate(opened.access_token)

    async def guess(password: str) -> Any:
        if what == "delete":
            return await account.delete(viewer, password, client_address=ELSEWHERE)
        return await account.change_password(viewer, password, "another horse battery", client_address=ELSEWHERE)

    for _ in range(throttling.FREE_FAILURES_PER_CLIENT):
        with pytest.raises(InvalidCredentials):
            await guess("wrong horse")
    with pytest.raises(RateLimited):
        await guess(ANN.password)
    assert (await sign_in(ANN.email, ANN.password, client_address=HOME)).user.id == viewer.id
    await pass_time(timedelta(seconds=30))
    await guess(ANN.password)


async def test_change_password_failures_of_other_clients_do_not_throttle_a_signed_in_user():
    viewer = await authenticate((await account.register(ANN)).access_token)
    for number in range(throttling.FREE_BY_ACCOUNT):
        await fail(ANN.email, f"192.0.2.{number}")
    assert await account.change_password(viewer, ANN.password, "another horse battery", client_address=ELSEWHERE) == 0


async def test_account_delete_with_failed_attempts_removes_its_throttle_rows():
    opened = await account.register(ANN)
    await sign_in(ANN.email, ANN.password, client_address=HOME)
    await fail(ANN.email, ELSEWHERE, 2)
    await fail("bob@example.org", ELSEWHERE)
    await account.delete(opened.user, ANN.password, client_address=HOME)
    async with database.session() as session:
        left = list(await session.scalars(select(Throttle.account_hash).where(Throttle.account_hash.is_not(None)).distinct()))
    assert len(left) == 1, "Bob's"


@pytest.fixture
def two_registrations(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("REGISTRATIONS_PER_ADDRESS", "2")
    settings.current.cache_clear()
    yield
    monkeypatch.undo()
    settings.current.cache_clear()


async def tries_to_register(addresses: Iterable[str | None], email: str = "p{}@example.org") -> int:
    """Return how many registrations are allowed before the first is refused."""
    for number, address in enumerate(addresses):
        before = await stored()
        try:
            await throttling.count_registration(email.format(number), address)
        except RateLimited as refused:
            assert refused.code == "RATE_LIMITED" and await stored() == before
            return number
    raise AssertionError("all went on")


async def test_count_registration_addresses_of_one_site_count_together(two_registrations: None):
    free = 2 * throttling.SITE_REGISTRATIONS
    assert await tries_to_register(f"2001:db8:1:{number:x}::1" for number in range(100)) == free
    assert await tries_to_register([f"2001:db8:2:{number:x}::1" for number in range(free)] + ["2001:db8:2::1"]) == free
    assert await tries_to_register(["203.0.113.7"] * 9) == 2


async def test_count_registration_without_an_address_counts_for_the_installation(two_registrations: None):
    free = 2 * throttling.INSTALLATION_REGISTRATIONS
    assert await tries_to_register([None, "", "unknown", "11.11.11.**"] * free) == free
    assert await tries_to_register(["203.0.113.7"] * 9) == 2, "who has an address is not held up"


async def test_count_registration_one_email_from_many_addresses_is_limited():
    await account.register(ANN)
    addresses = [f"203.0.113.{number}" for number in range(100)]
    assert await tries_to_register(addresses, email=ANN.email) == throttling.REGISTRATIONS_PER_EMAIL - 1
    assert await tries_to_register(addresses, email="nobody@example.org") == throttling.REGISTRATIONS_PER_EMAIL


async def test_begin_password_attempt_addresses_of_one_site_count_together(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(throttling, "FREE_BY_SITE", 3)
    for number in range(3):
        assert await waits(f"p{number}@example.org", f"2001:db8:1:{number:x}::1") == 0.0
    assert await waits("another@example.org", "2001:db8:1:ffff::1") == about(30.0)
    assert await waits("another@example.org", "2001:db8:2::1") == 0.0


async def test_begin_password_attempt_without_an_address_counts_for_the_installation(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(throttling, "FREE_BY_INSTALLATION", 3)
    await fail("ann@example.org", None, 3)
    assert await waits("another@example.org", None) == about(30.0)
    assert await waits("another@example.org", HOME) == 0.0


async def test_register_more_accounts_than_allowed_from_one_address_is_refused(two_registrations: None):
    for number in range(2):
        await account.register(NewAccount(f"p{number}@example.org", "correct horse battery"), client_address=HOME)
    with pytest.raises(RateLimited) as refused:
        await account.register(ANN, client_address=HOME)
    assert refused.value.retry_after == about(30.0)
    async with database.session() as session:
        assert await session.scalar(text("select count(*) from users")) == 2
    await account.register(ANN, client_address=ELSEWHERE)
    for number in range(2, 5):
        await account.register(NewAccount(f"p{number}@example.org", "correct horse battery"))


async def test_job_run_with_expired_throttles_deletes_them():
    await fail(ANN.email, HOME)
    await fail("bob@example.org", ELSEWHERE)
    await pass_time(timedelta(hours=25))
    await fail("cat@example.org", None)
    await run(RunRequest(None, Trigger.CLI), Deadline(30))
    assert len(await stored()) == 3, "by e-mail with address, by e-mail, and by the installation"
