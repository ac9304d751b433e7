"""Sessions: sign-in, refresh of tokens, sign-out, and the expiry and revocation of sessions."""
import asyncio
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest
from passlib.hash import argon2
from sqlalchemy import select, update

import settings
from persistence import database
from persistence.models import Model, RefreshToken, SignIn, User
from persistence.models.account import Role
from resolvers import account, authentication, passwords, tokens
from resolvers.account import NewAccount
from resolvers.authentication import AccountDisabled, authenticate, refresh, sign_in, sign_out
from resolvers.errors import Conflict, InvalidCredentials, InvalidRefreshToken, Refusal, Unauthenticated
from tests import seeds

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

ANN = NewAccount("ann@example.org", "correct horse battery", "Ann")


async def stored() -> dict[str, list[str]]:
    """Return all rows of all tables but `throttles`, which counts refused attempts too."""
    async with database.session() as session:
        return {
            table.name: sorted(str(tuple(row)) for row in await session.execute(select(table)))
            for table in Model.metadata.sorted_tables if table.name != "throttles"
        }


async def refused(work: Any, kind: type[Refusal]) -> Any:
    """Return the refusal after checking that nothing changed."""
    before = await stored()
    with pytest.raises(kind) as found:
        await work
    assert await stored() == before
    return found.value


async def change(table: type[Any], **values: Any) -> None:
    """Set columns of all rows of a table."""
    async with database.transaction() as session:
        await session.execute(update(table).values(**values))


async def is_signed_in(opened: authentication.IssuedSession) -> bool:
    try:
        return (await authenticate(opened.access_token)).id == opened.user.id
    except Unauthenticated:
        return False


async def test_sign_in_right_password_opens_a_separate_session():
    registered, again = await account.register(ANN), await sign_in(" ANN@Example.org", ANN.password)
    assert again.user.id == registered.user.id
    assert await is_signed_in(registered) and await is_signed_in(again)
    assert len({registered.access_token, again.access_token, registered.refresh_token, again.refresh_token}) == 4
    lifetime = again.refresh_token_expires_at - datetime.now(timezone.utc)
    assert timedelta(days=29, hours=23) < lifetime <= timedelta(days=30, minutes=1)


async def test_register_tokens_are_neither_stored_nor_shown_in_plain_text():
    opened = await account.register(ANN)
    seen = str(await stored()) + repr(opened)
    assert opened.refresh_token not in seen and opened.access_token not in seen


@pytest.mark.parametrize(
    ("email", "password"),
    [
        ("ann@example.org", "wrong horse"), ("ann@example.org", ""), ("ann@example.org", "x" * 100_000), ("ann@example.org", "\ud800"),
        ("bob@example.org", "correct horse battery"), ("nobody@example.org", "no password opens this"), ("no address", "correct horse battery"),
        ("", ""), ("' or 1=1 --", "correct horse battery"), ("a\0@example.org", "correct horse battery"), ("\ud800@example.org", "correct horse battery"),
    ],
    ids=lambda value: repr(value)[:24],
)  # fmt: skip
async def test_sign_in_wrong_email_or_password_is_refused_with_one_message(email: str, password: str):
    await account.register(ANN)
    await seeds.person("nobody")
    refusal = await refused(sign_in(email, password), InvalidCredentials)
    assert (refusal.code, refusal.message) == ("INVALID_CREDENTIALS", "the e-mail address or the password is wrong")


@pytest.mark.parametrize("email", ["ann@example.org", "bob@example.org", "no address"])
async def test_sign_in_with_or_without_an_account_compares_one_hash(email: str, monkeypatch: pytest.MonkeyPatch):
    await account.register(ANN)
    context = passwords._ready().context
    compared: list[str] = []
    compare = context.verify_and_update

    def counted(secret: str, password_hash: str) -> Any:
        compared.append(password_hash)
        return compare(secret, password_hash)

    monkeypatch.setattr(context, "verify_and_update", counted)
    with pytest.raises(InvalidCredentials):
        await sign_in(email, "wrong horse")
    parameters = f"$argon2id$v=19$m={passwords.MEMORY_KIB},t={passwords.PASSES},p={passwords.LANES}$"
    assert [password_hash[: len(parameters)] for password_hash in compared] == [parameters]


async def test_sign_in_disabled_account_is_refused_and_explained_only_with_the_password():
    opened = await account.register(ANN)
    await change(User, disabled=True)
    assert not await is_signed_in(opened)
    await refused(refresh(opened.refresh_token), InvalidRefreshToken)
    assert (await refused(sign_in(ANN.email, ANN.password), AccountDisabled)).code == "ACCOUNT_DISABLED"
    assert (await refused(sign_in(ANN.email, "wrong horse"), InvalidCredentials)).code == "INVALID_CREDENTIALS"
    await change(User, disabled=False)
    assert await is_signed_in(opened)


async def test_authenticate_changed_role_applies_at_once():
    opened = await account.register(ANN)
    assert (await authenticate(opened.access_token)).role is Role.USER
    await change(User, role=Role.ADMIN)
    assert (await authenticate(opened.access_token)).role is Role.ADMIN
    await change(User, role=Role.USER)
    assert (await authenticate(opened.access_token)).role is Role.USER


async def test_sign_in_hash_with_old_parameters_is_replaced():
    await account.register(ANN)
    await change(User, password_hash=argon2.using(type="ID", memory_cost=1024, time_cost=1, parallelism=1).hash(ANN.password))
    await sign_in(ANN.email, ANN.password)
    async with database.session() as session:
        replaced = await session.scalar(select(User.password_hash))
    assert replaced is not None and replaced.startswith(f"$argon2id$v=19$m={passwords.MEMORY_KIB},")
    assert await sign_in(ANN.email, ANN.password)


async def test_sign_in_password_changed_during_comparison_is_refused(monkeypatch: pytest.MonkeyPatch):
    await account.register(ANN)
    verify = authentication.verify_password

    async def verify_and_be_overtaken(password: str, password_hash: str | None) -> Any:
        found = await verify(password, password_hash)
        await change(User, password_hash=await passwords.hash_password("another horse battery"))
        return found

    monkeypatch.setattr(authentication, "verify_password", verify_and_be_overtaken)
    with pytest.raises(Conflict):
        await sign_in(ANN.email, ANN.password)
    assert len((await stored())["sign_ins"]) == 1


async def test_refresh_valid_token_rotates_tokens_and_extends_the_session():
    opened = await account.register(ANN)
    await change(SignIn, expires_at=datetime.now(timezone.utc) + timedelta(hours=1))
    following = await refresh(opened.refresh_token)
    assert following.user.id == opened.user.id
    assert following.refresh_token not in (opened.refresh_token, "") and following.access_token != opened.access_token
    assert following.refresh_token_expires_at > datetime.now(timezone.utc) + timedelta(days=29)
    assert await is_signed_in(following) and await is_signed_in(opened)
    assert len((await stored())["sign_ins"]) == 1
    assert await refresh(following.refresh_token)


async def age_uses(seconds: int) -> None:
    """Move the first use of all used refresh tokens into the past."""
    async with database.transaction() as session:
        await session.execute(update(RefreshToken).values(used_at=RefreshToken.used_at - timedelta(seconds=seconds)))


async def test_refresh_token_repeated_within_a_minute_returns_the_same_successor():
    opened = await account.register(ANN)
    following = await refresh(opened.refresh_token)
    await age_uses(tokens.REPEAT_SECONDS - 10)
    before = await stored()
    again = await refresh(opened.refresh_token)
    assert (again.refresh_token, again.user.id) == (following.refresh_token, opened.user.id)
    assert again.refresh_token_expires_at == following.refresh_token_expires_at
    assert await stored() == before
    assert await is_signed_in(opened) and await is_signed_in(following) and await is_signed_in(again)
    assert await refresh(again.refresh_token)


async def test_refresh_token_repeated_after_its_successor_was_used_revokes_its_session_only():
    opened, elsewhere = await account.register(ANN), await sign_in(ANN.email, ANN.password)
    following = await refresh(opened.refresh_token)
    third = await refresh(following.refresh_token)
    with pytest.raises(InvalidRefreshToken):
        await refresh(opened.refresh_token)
    assert not await is_signed_in(opened) and not await is_signed_in(following) and not await is_signed_in(third)
    await refused(refresh(third.refresh_token), InvalidRefreshToken)
    assert await is_signed_in(elsewhere)


async def test_refresh_token_repeated_after_a_minute_revokes_its_session_only():
    opened, elsewhere = await account.register(ANN), await sign_in(ANN.email, ANN.password)
    following = await refresh(opened.refresh_token)
    await age_uses(tokens.REPEAT_SECONDS + 1)
    with pytest.raises(InvalidRefreshToken):
        await refresh(opened.refresh_token)
    assert not await is_signed_in(opened) and not await is_signed_in(following)
    await refused(refresh(following.refresh_token), InvalidRefreshToken)
    await refused(refresh(opened.refresh_token), InvalidRefreshToken)
    assert await is_signed_in(elsewhere)
    assert await refresh(elsewhere.refresh_token)


async def test_refresh_token_repeated_after_signing_out_is_refused():
    opened = await account.register(ANN)
    following = await refresh(opened.refresh_token)
    await sign_out(following.refresh_token)
    await refused(refresh(opened.refresh_token), InvalidRefreshToken)


async def test_refresh_token_repeated_by_a_disabled_user_is_refused():
    opened = await account.register(ANN)
    await refresh(opened.refresh_token)
    await change(User, disabled=True)
    with pytest.raises(InvalidRefreshToken):
        await refresh(opened.refresh_token)


async def test_refresh_token_repeated_after_the_key_was_rotated_returns_the_same_successor(monkeypatch: pytest.MonkeyPatch):
    opened = await account.register(ANN)
    following = await refresh(opened.refresh_token)
    monkeypatch.setenv("JWT_PREVIOUS_SECRET_KEY", settings.current().jwt_secret_key.reveal())
    monkeypatch.setenv("JWT_SECRET_KEY", "another key of the same server, long enough")
    settings.current.cache_clear()
    try:
        assert (await refresh(opened.refresh_token)).refresh_token == following.refresh_token
    finally:
        settings.current.cache_clear()


async def test_refresh_successor_cannot_be_derived_with_another_key(monkeypatch: pytest.MonkeyPatch):
    opened = await account.register(ANN)
    expected = tokens.derive_successors(opened.refresh_token)
    monkeypatch.setenv("JWT_SECRET_KEY", "another key of the same server, long enough")
    settings.current.cache_clear()
    try:
        assert not set(expected) & set(tokens.derive_successors(opened.refresh_token))
    finally:
        settings.current.cache_clear()


async def test_refresh_older_token_revokes_the_session():
    first = await account.register(ANN)
    second = await refresh(first.refresh_token)
    third = await refresh(second.refresh_token)
    with pytest.raises(InvalidRefreshToken):
        await refresh(first.refresh_token)
    assert not await is_signed_in(third)


async def test_refresh_two_at_once_with_one_token_return_one_successor(monkeypatch: pytest.MonkeyPatch):
    opened = await account.register(ANN)
    both_have_read = asyncio.Barrier(2) if hasattr(asyncio, "Barrier") else _Barrier(2)
    rotate = authentication._rotate

    async def rotate_together(*arguments: Any) -> Any:
        await both_have_read.wait()
        return await rotate(*arguments)

    monkeypatch.setattr(authentication, "_rotate", rotate_together)
    ends = await asyncio.gather(refresh(opened.refresh_token), refresh(opened.refresh_token), return_exceptions=True)
    monkeypatch.undo()
    issued = [end for end in ends if isinstance(end, authentication.IssuedSession)]
    assert [end.refresh_token for end in issued] == [issued[0].refresh_token] * 2, ends
    assert len((await stored())["refresh_tokens"]) == 2
    assert await is_signed_in(issued[0]) and await is_signed_in(issued[1])
    assert await refresh(issued[0].refresh_token)


class _Barrier:
    """Substitute for asyncio.Barrier, which Python 3.10 does not have."""

    def __init__(self, parties: int) -> None:
        self._missing, self._open = parties, asyncio.Event()

    async def wait(self) -> None:
        self._missing -= 1
        if not self._missing:
            self._open.set()
        await self._open.wait()


async def test_refresh_many_at_once_with_one_token_return_one_successor():
    opened = await account.register(ANN)
    ends = await asyncio.gather(*(refresh(opened.refresh_token) for _ in range(8)))
    assert len({end.refresh_token for end in ends}) == 1
    assert len((await stored())["refresh_tokens"]) == 2


@pytest.mark.parametrize("text", ["", "x", "a" * 64, "日" * 64, "\ud800" * 64, "a" * 100_000])
async def test_refresh_malformed_token_is_refused_and_revokes_nothing(text: str):
    await account.register(ANN)
    await refused(refresh(text), InvalidRefreshToken)
    await refused(sign_out(text), InvalidRefreshToken)


async def test_refresh_token_never_issued_is_refused():
    opened = await account.register(ANN)
    await refused(refresh(tokens.make_refresh_token(opened.user.id)), InvalidRefreshToken)


async def test_refresh_with_an_access_token_and_the_reverse_are_refused():
    opened = await account.register(ANN)
    await refused(refresh(opened.access_token), InvalidRefreshToken)
    with pytest.raises(Unauthenticated):
        await authenticate(opened.refresh_token)


async def test_session_expired_is_refused_and_deleted_at_the_next_sign_in():
    opened = await account.register(ANN)
    await change(SignIn, expires_at=datetime.now(timezone.utc) - timedelta(seconds=1))
    assert not await is_signed_in(opened)
    await refused(refresh(opened.refresh_token), InvalidRefreshToken)
    await sign_in(ANN.email, ANN.password)
    found = await stored()
    assert (len(found["sign_ins"]), len(found["refresh_tokens"])) == (1, 1)


async def test_sign_out_any_token_of_a_session_revokes_that_session_only():
    opened, elsewhere = await account.register(ANN), await sign_in(ANN.email, ANN.password)
    following = await refresh(opened.refresh_token)
    assert await sign_out(opened.refresh_token) is True
    assert not await is_signed_in(following)
    await refused(refresh(following.refresh_token), InvalidRefreshToken)
    assert await is_signed_in(elsewhere)
    before = await stored()
    assert await sign_out(following.refresh_token) is False
    assert await stored() == before


async def test_sign_out_current_with_an_access_token_revokes_its_session_only():
    opened, elsewhere = await account.register(ANN), await sign_in(ANN.email, ANN.password)
    viewer = await authenticate(opened.access_token)
    assert await authentication.sign_out_current(viewer) is True
    assert not await is_signed_in(opened)
    assert await is_signed_in(elsewhere)


async def test_sign_out_everywhere_revokes_all_own_sessions_or_all_but_the_current():
    await account.register(NewAccount("bob@example.org", "correct horse battery"))
    here = await account.register(ANN)
    await sign_in(ANN.email, ANN.password)
    viewer = await authenticate(here.access_token)
    assert await authentication.sign_out_everywhere(viewer, keep_current=True) == 1
    assert await is_signed_in(here)
    assert await authentication.sign_out_everywhere(viewer) == 1
    assert not await is_signed_in(here)
    bob = await sign_in("bob@example.org", "correct horse battery")
    assert await is_signed_in(bob)
    async with database.session() as session:
        live = (await session.scalars(select(SignIn.user_id).where(SignIn.revoked_at.is_(None)))).all()
    assert live == [bob.user.id] * 2


async def test_authenticate_token_with_another_users_session_is_refused():
    ann, bob = await account.register(ANN), await account.register(NewAccount("bob@example.org", "correct horse battery"))
    bobs = authentication.current_sign_in_id(await authenticate(bob.access_token))
    mixed, _ = tokens.issue_access_token(ann.user.id, bobs)
    with pytest.raises(Unauthenticated):
        await authenticate(mixed)


async def test_current_sign_in_id_of_an_unauthenticated_user_raises():
    opened = await account.register(ANN)
    with pytest.raises(Unauthenticated):
        authentication.current_sign_in_id(opened.user)


async def test_register_token_lifetimes_follow_the_settings(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("JWT_EXPIRE_MINUTES", "5")
    monkeypatch.setenv("REFRESH_EXPIRE_DAYS", "2")
    settings.current.cache_clear()
    try:
        opened = await account.register(ANN)
    finally:
        settings.current.cache_clear()
    now = datetime.now(timezone.utc)
    assert timedelta(minutes=4) < opened.access_token_expires_at - now <= timedelta(minutes=5)
    assert timedelta(days=1, hours=23) < opened.refresh_token_expires_at - now <= timedelta(days=2, minutes=1)


async def test_refresh_used_token_is_kept_as_a_hash_only():
    opened = await account.register(ANN)
    await refresh(opened.refresh_token)
    async with database.session() as session:
        used = (await session.scalars(select(RefreshToken).where(RefreshToken.used_at.is_not(None)))).one()
    assert used.token_hash == tokens.hash_token(opened.refresh_token)
