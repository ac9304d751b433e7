"""How often passwords can be tried: who waits, for how long, and who never has to."""
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
    """Tries that nothing followed, which is what a wrong password leaves."""
    for _ in range(times):
        await throttling.begin_password_attempt(email, address)


async def waits(email: str, address: str | None, **how: Any) -> float:
    """Seconds that a try is told to wait, which must count nothing; 0 if it may go on (and is counted)."""
    before = await stored()
    try:
        await throttling.begin_password_attempt(email, address, **how)
    except RateLimited as refused:
        assert refused.code == "RATE_LIMITED" and refused.retry_after is not None
        assert await stored() == before
        return refused.retry_after
    return 0.0


async def stored() -> list[Any]:
    async with database.session() as session:
        return sorted(tuple(row) for row in await session.execute(select(Throttle.__table__)))


async def pass_time(passed: timedelta) -> None:
    """As if all that is counted had happened so much earlier."""
    columns = ("tried_at", "blocked_until", "trusted_until", "expires_at")
    earlier = ", ".join(f"{column} = {column} - cast(:passed as interval)" for column in columns)
    async with database.transaction() as session:
        await session.execute(text(f"update throttles set {earlier}"), {"passed": passed})


async def test_after_five_wrong_passwords_the_right_one_waits_too():
    await account.register(ANN)
    for _ in range(throttling.FREE_FAILURES_PER_CLIENT):
        with pytest.raises(InvalidCredentials):
            await sign_in(ANN.email, "wrong horse", client_address=HOME)
    before = await stored()
    for password in ("wrong horse", ANN.password):
        with pytest.raises(RateLimited) as refused:
            await sign_in(ANN.email, password, client_address=HOME)
        assert (refused.value.message, refused.value.retry_after) == ("too many wrong passwords: try again in 30 seconds", 30.0)
    assert await stored() == before
    await pass_time(timedelta(seconds=30))
    assert (await sign_in(ANN.email, ANN.password, client_address=HOME)).user.email == ANN.email


async def test_waits_grow_to_an_hour_and_end_for_a_day_after_a_hundred():
    await fail(ANN.email, HOME, throttling.FREE_FAILURES_PER_CLIENT)
    seen = []
    for _ in range(throttling.FREE_FAILURES_PER_CLIENT, throttling.MAX_FAILURES):
        seen.append(await waits(ANN.email, HOME))
        await pass_time(timedelta(seconds=seen[-1]))
        assert await waits(ANN.email, HOME) == 0.0
    assert seen[:8] == [30.0, 60.0, 120.0, 240.0, 480.0, 960.0, 1920.0, 3600.0] and all(3_540.0 < wait <= 3_600.0 for wait in seen[8:])
    assert await waits(ANN.email, HOME) == 86_400.0
    await pass_time(timedelta(days=1))
    await fail(ANN.email, HOME, throttling.FREE_FAILURES_PER_CLIENT)
    assert await waits(ANN.email, HOME) == 30.0, "it begins anew"


async def test_success_forgets_the_failures():
    await account.register(ANN)
    await fail(ANN.email, HOME, throttling.FREE_FAILURES_PER_CLIENT - 1)
    await sign_in(ANN.email, ANN.password, client_address=HOME)
    await fail(ANN.email, HOME, throttling.FREE_FAILURES_PER_CLIENT)
    assert await waits(ANN.email, HOME) == 30.0


async def test_an_account_that_is_none_is_told_the_same_by_as_many_statements():
    await account.register(ANN)
    told = {}
    for email in (ANN.email, "nobody@example.org", "no address"):
        for _ in range(throttling.FREE_FAILURES_PER_CLIENT):
            with seeds.statements() as wrong, pytest.raises(InvalidCredentials):
                await sign_in(email, "wrong horse", client_address=HOME)
        with seeds.statements() as blocked, pytest.raises(RateLimited) as refused:
            await sign_in(email, "wrong horse", client_address=HOME)
        told[email] = (len(wrong), len(blocked), refused.value.message, refused.value.retry_after)
    assert len(set(told.values())) == 1 and told[ANN.email][:2] == (1, 1)


async def test_a_sign_in_costs_one_statement_more():
    await account.register(ANN)
    with seeds.statements() as asked:
        await sign_in(ANN.email, ANN.password, client_address=HOME)
    assert sum("throttles" in statement for statement in asked) == 2
    assert len(asked) == 6, "the person is read with the count; hold, clear, sign-in and token were there before"
    opened = await sign_in(ANN.email, ANN.password, client_address=HOME)
    with seeds.statements() as asked:
        await authenticate(opened.access_token)
    assert not any("throttles" in statement for statement in asked)


async def test_many_attackers_hold_up_everybody_but_who_signed_in_from_there_before():
    await account.register(ANN)
    await sign_in(ANN.email, ANN.password, client_address=HOME)
    for number in range(throttling.FREE_BY_ACCOUNT):
        await fail(ANN.email, f"192.0.2.{number}")
    assert await waits(ANN.email, "192.0.2.200") == 30.0
    with pytest.raises(RateLimited):
        await sign_in(ANN.email, ANN.password, client_address=ELSEWHERE)
    assert await waits("bob@example.org", "192.0.2.200") == 0.0
    assert (await sign_in(ANN.email, ANN.password, client_address=HOME)).user.email == ANN.email


async def test_a_place_is_known_for_ninety_days():
    await account.register(ANN)
    await sign_in(ANN.email, ANN.password, client_address=HOME)
    for passed, wait in ((timedelta(days=89), 0.0), (timedelta(days=2), 30.0)):
        await pass_time(passed)
        for number in range(throttling.FREE_BY_ACCOUNT):
            await fail(ANN.email, f"192.0.2.{number}")
        assert await waits(ANN.email, HOME) == wait


async def test_one_address_that_tries_many_accounts_is_held_up_but_not_who_is_known_there():
    await account.register(ANN)
    await sign_in(ANN.email, ANN.password, client_address=HOME)
    for number in range(throttling.FREE_BY_ADDRESS):
        await fail(f"somebody{number}@example.org", HOME)
    assert await waits("another@example.org", HOME) == 30.0
    assert await waits("another@example.org", ELSEWHERE) == 0.0
    assert (await sign_in(ANN.email, ANN.password, client_address=HOME)).user.email == ANN.email


async def test_an_account_of_ones_own_does_not_clear_the_address():
    await account.register(ANN)
    for number in range(throttling.FREE_BY_ADDRESS - 1):
        await fail(f"somebody{number}@example.org", HOME)
    await sign_in(ANN.email, ANN.password, client_address=HOME)
    await fail("one@example.org", HOME)
    assert await waits("another@example.org", HOME) == 30.0


@pytest.mark.parametrize(("one", "other", "same"), [
    ("2001:db8:1:2::1", "2001:db8:1:2:ffff::9", True), ("2001:db8:1:2::1", "2001:db8:1:3::1", False), ("::ffff:203.0.113.7", HOME, True),
    (HOME, "203.0.113.8", False), (None, "", True), (None, HOME, False), ("11.11.11.**", None, True),
])  # fmt: skip
async def test_of_an_ipv6_address_the_customers_half_counts(one: str | None, other: str | None, same: bool):
    await fail(ANN.email, one, throttling.FREE_FAILURES_PER_CLIENT)
    assert await waits(ANN.email, other) == (30.0 if same else 0.0)


async def test_of_many_tries_at_once_no_more_go_on_than_one_after_another():
    tries = await asyncio.gather(*(throttling.begin_password_attempt(ANN.email, HOME) for _ in range(30)), return_exceptions=True)
    refused = [found for found in tries if isinstance(found, Exception)]
    assert len(tries) - len(refused) == throttling.FREE_FAILURES_PER_CLIENT and all(isinstance(found, RateLimited) for found in refused)


async def test_many_sign_ins_at_once_do_not_stand_in_each_others_way():
    await account.register(ANN)
    for _ in range(4):
        await asyncio.gather(*(sign_in(ANN.email, ANN.password, client_address=HOME) for _ in range(throttling.FREE_FAILURES_PER_CLIENT - 1)))


async def test_a_sign_in_that_ends_during_another_ones_does_not_hold_it_up(monkeypatch: pytest.MonkeyPatch):
    await account.register(ANN)
    admit = throttling.count_attempt

    async def late(writing: Any, *given: Any, **named: Any) -> Any:
        monkeypatch.setattr(throttling, "count_attempt", admit)
        await writing.execute(text("select 1"))  # the transaction begins here, and the other one's after it
        await sign_in(ANN.email, ANN.password, client_address=HOME)
        return await admit(writing, *given, **named)

    monkeypatch.setattr(throttling, "count_attempt", late)
    assert (await sign_in(ANN.email, ANN.password, client_address=HOME)).user.email == ANN.email


async def test_no_address_can_be_read_from_what_is_stored_or_guessed_without_the_key(monkeypatch: pytest.MonkeyPatch):
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
async def test_a_stolen_access_token_guesses_no_further(what: str):
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


async def test_others_failures_do_not_keep_a_signed_in_person_from_their_own():
    viewer = await authenticate((await account.register(ANN)).access_token)
    for number in range(throttling.FREE_BY_ACCOUNT):
        await fail(ANN.email, f"192.0.2.{number}")
    assert await account.change_password(viewer, ANN.password, "another horse battery", client_address=ELSEWHERE) == 0


async def test_a_deleted_account_leaves_nothing_that_was_counted_about_it():
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
    """Return how many may go on before the first is told to wait."""
    for number, address in enumerate(addresses):
        before = await stored()
        try:
            await throttling.count_registration(email.format(number), address)
        except RateLimited as refused:
            assert refused.code == "RATE_LIMITED" and await stored() == before
            return number
    raise AssertionError("all went on")


async def test_registrations_of_one_site_are_counted_together(two_registrations: None):
    free = 2 * throttling.SITE_REGISTRATIONS
    assert await tries_to_register(f"2001:db8:1:{number:x}::1" for number in range(100)) == free
    assert await tries_to_register([f"2001:db8:2:{number:x}::1" for number in range(free)] + ["2001:db8:2::1"]) == free
    assert await tries_to_register(["203.0.113.7"] * 9) == 2


async def test_registrations_without_an_address_are_counted_by_the_installation(two_registrations: None):
    free = 2 * throttling.INSTALLATION_REGISTRATIONS
    assert await tries_to_register([None, "", "unknown", "11.11.11.**"] * free) == free
    assert await tries_to_register(["203.0.113.7"] * 9) == 2, "who has an address is not held up"


async def test_registrations_with_one_email_are_counted_wherever_they_come_from():
    await account.register(ANN)
    addresses = [f"203.0.113.{number}" for number in range(100)]
    assert await tries_to_register(addresses, email=ANN.email) == throttling.REGISTRATIONS_PER_EMAIL - 1
    assert await tries_to_register(addresses, email="nobody@example.org") == throttling.REGISTRATIONS_PER_EMAIL


async def test_wrong_passwords_of_one_site_are_counted_together(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(throttling, "FREE_BY_SITE", 3)
    for number in range(3):
        assert await waits(f"p{number}@example.org", f"2001:db8:1:{number:x}::1") == 0.0
    assert await waits("another@example.org", "2001:db8:1:ffff::1") == 30.0
    assert await waits("another@example.org", "2001:db8:2::1") == 0.0


async def test_wrong_passwords_without_an_address_are_counted_by_the_installation(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(throttling, "FREE_BY_INSTALLATION", 3)
    await fail("ann@example.org", None, 3)
    assert await waits("another@example.org", None) == 30.0
    assert await waits("another@example.org", HOME) == 0.0


async def test_one_address_makes_no_more_than_some_accounts(two_registrations: None):
    for number in range(2):
        await account.register(NewAccount(f"p{number}@example.org", "correct horse battery"), client_address=HOME)
    with pytest.raises(RateLimited) as refused:
        await account.register(ANN, client_address=HOME)
    assert refused.value.retry_after == 30.0
    async with database.session() as session:
        assert await session.scalar(text("select count(*) from users")) == 2
    await account.register(ANN, client_address=ELSEWHERE)
    for number in range(2, 5):
        await account.register(NewAccount(f"p{number}@example.org", "correct horse battery"))


async def test_what_is_over_goes_with_the_next_run():
    await fail(ANN.email, HOME)
    await fail("bob@example.org", ELSEWHERE)
    await pass_time(timedelta(hours=25))
    await fail("cat@example.org", None)
    await run(RunRequest(None, Trigger.CLI), Deadline(30))
    assert len(await stored()) == 3, "by e-mail with address, by e-mail, and by the installation"
