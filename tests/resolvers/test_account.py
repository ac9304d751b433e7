"""Accounts: registration, updates, password changes, deletion, and the usage of the day."""
import asyncio
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest
import sqlalchemy
from sqlalchemy import select

import settings
from jobs.rules import day as days
from llm.usage import Usage
from persistence import database
from persistence.models import ActiveDay, Model, User
from persistence.models.account import Purpose, Role
from persistence.queries.token_quota import reserve_chat_tokens
from persistence.queries.usage import record_usage
from resolvers import account, authentication
from resolvers.account import NewAccount
from resolvers.errors import Conflict, EmailTaken, InputRule, InvalidCredentials, InvalidInput, Refusal, Unauthenticated
from resolvers.passwords import hash_password
from tests import seeds

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

ANN = NewAccount("ann@example.org", "correct horse battery", "Ann", "Asia/Shanghai", "zh-CN", 4)


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


async def viewer_of(opened: authentication.IssuedSession) -> User:
    return await authentication.authenticate(opened.access_token)


async def test_register_new_account_is_signed_in_and_stored_as_given():
    opened = await account.register(ANN)
    viewer = await viewer_of(opened)
    assert viewer.id == opened.user.id
    found = (viewer.email, viewer.nickname, viewer.time_zone, viewer.locale, viewer.day_ends_at, viewer.role, viewer.disabled)
    assert found == ("ann@example.org", "Ann", "Asia/Shanghai", "zh-CN", 4, Role.USER, False)
    assert "correct horse battery" not in str(await stored())


async def test_register_absent_fields_get_defaults():
    user = (await account.register(NewAccount("bob.miller@example.org", "correct horse battery"))).user
    assert (user.nickname, user.time_zone, user.locale, user.day_ends_at) == ("bob.miller", "UTC", "en", 0)


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        (" Ann@Example.ORG ", "ann@example.org"),
        ("ａｎｎ@example.org", "ann@example.org"),
        ("o'neil+tag@mail.example.co.uk", "o'neil+tag@mail.example.co.uk"),
        ("用户@例子.中国", "用户@例子.中国"),
        ("İstanbul@example.org", "i̇stanbul@example.org"),
    ],
)
async def test_register_email_in_any_spelling_is_normalized(given: str, kept: str):
    opened = await account.register(replace(ANN, email=given))
    assert opened.user.email == kept
    assert (await authentication.sign_in(given, ANN.password)).user.id == opened.user.id
    assert (await authentication.sign_in(kept.upper() if kept.isascii() else kept, ANN.password)).user.id == opened.user.id


BAD = [
    *[("email", email) for email in (
        "", "ann", "ann@", "@example.org", "ann@example", "ann@@example.org", "a b@example.org", "ann@exa mple.org", "ann@example..org",
        "ann@-example.org", ".ann@example.org", "ann.@example.org", "a..n@example.org", "ann@example.org\nbcc: bob@example.org",
        "Ann <ann@example.org>", "x" * 65 + "@example.org", "ann@" + "x" * 250 + ".org", "a\ud800@example.org", "a\u200bnn@example.org",
        "a" * 100_000,
    )],
    *[("password", password) for password in ("", "short", "x" * 129, "ann@example.org", "ANN@example.org")],
    *[("nickname", nickname) for nickname in ("", "   ", "x" * 51, "two\nlines", "nul\0", "half \ud800 pair", "line\u2028line")],
    *[("time_zone", zone) for zone in ("", "CET+1", "Beijing", "../../etc/passwd", "localtime", "x" * 10_000)],
    *[("locale", locale) for locale in ("", "chinese", "en\nbcc", "x" * 1000)],
    *[("day_ends_at", hour) for hour in (-1, 24, 10**30)],
]  # fmt: skip


@pytest.mark.parametrize(("field", "value"), BAD, ids=lambda value: repr(value)[:40])
async def test_register_invalid_field_is_refused_by_name(field: str, value: Any):
    refusal = await refused(account.register(replace(ANN, **{field: value})), InvalidInput)
    assert refusal.field == {"time_zone": "timeZone", "day_ends_at": "dayEndsAt"}.get(field, field)


async def test_register_email_in_use_is_refused():
    await account.register(ANN)
    await refused(account.register(replace(ANN, email="ANN@example.org", password="another horse battery")), EmailTaken)
    assert await authentication.sign_in(ANN.email, ANN.password)


async def test_register_two_at_once_with_one_email_creates_one_account():
    attempts = [account.register(replace(ANN, password=f"correct horse battery {number}")) for number in range(2)]
    ends = await asyncio.gather(*attempts, return_exceptions=True)
    assert sorted(type(end).__name__ for end in ends) == ["EmailTaken", "IssuedSession"]
    found = await stored()
    assert [len(found[table]) for table in ("users", "sign_ins", "refresh_tokens")] == [1, 1, 1]


async def test_register_while_registration_is_closed_is_refused_but_create_admin_works(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("REGISTRATION_OPEN", "false")
    settings.current.cache_clear()
    try:
        refusal = await refused(account.register(ANN), account.RegistrationClosed)
        assert refusal.code == "REGISTRATION_CLOSED"
        assert (await account.create_admin("root@example.org", "correct horse battery")).role is Role.ADMIN
    finally:
        settings.current.cache_clear()


async def test_create_admin_with_any_input_follows_the_rules_of_all_accounts():
    made = await account.create_admin(" Root@Example.org", "correct horse battery", nickname="Root", time_zone="Europe/Berlin", locale="de")
    assert (made.email, made.role, made.nickname, made.time_zone, made.locale) == ("root@example.org", Role.ADMIN, "Root", "Europe/Berlin", "de")
    assert (await authentication.sign_in("root@example.org", "correct horse battery")).user.role is Role.ADMIN
    await refused(account.create_admin("root@example.org", "correct horse battery"), EmailTaken)
    await refused(account.create_admin("other@example.org", "short"), InvalidInput)


async def test_account_update_given_fields_changes_only_them():
    viewer = await viewer_of(await account.register(ANN))
    updated = await account.update(viewer, {"nickname": "  Annie ", "locale": "en"})
    assert (updated.nickname, updated.locale, updated.time_zone, updated.day_ends_at) == ("Annie", "en", "Asia/Shanghai", 4)
    assert updated.updated_at > viewer.updated_at
    before = await stored()
    assert (await account.update(updated, {})).nickname == "Annie"
    assert await stored() == before


@pytest.mark.parametrize(("name", "field"), [("nickname", "nickname"), ("time_zone", "timeZone"), ("locale", "locale"), ("day_ends_at", "dayEndsAt")])
async def test_account_update_null_field_is_refused(name: str, field: str):
    viewer = await viewer_of(await account.register(ANN))
    refusal = await refused(account.update(viewer, {"nickname": "Annie", name: None}), InvalidInput)
    assert (refusal.field, refusal.rule) == (field, InputRule.REQUIRED)


async def test_account_update_of_one_user_leaves_others_unchanged():
    viewer = await viewer_of(await account.register(ANN))
    bob = await seeds.person("bob")
    await account.update(viewer, {"time_zone": "UTC"})
    async with database.session() as session:
        assert (await session.get_one(User, bob.id)).time_zone == "Asia/Shanghai"


def ends(day: date, zone: str, hour: int = 0) -> datetime:
    return days.day_bounds(day, zone, hour)[1]


async def active(user: User, *given: date) -> None:
    """Store active days with the bounds of the user's current time zone."""
    async with database.transaction() as session:
        for day in given:
            starts_at, ends_at = days.day_bounds(day, user.time_zone, user.day_ends_at)
            session.add(ActiveDay(user_id=user.id, day=day, starts_at=starts_at, ends_at=ends_at))


async def day_ends(user: User) -> dict[date, datetime]:
    async with database.session() as session:
        rows = await session.scalars(select(ActiveDay).where(ActiveDay.user_id == user.id))
        return {row.day: row.ends_at for row in rows}


@pytest.mark.usefixtures("one_utc_day")
async def test_account_update_time_zone_moves_the_end_of_open_days_only():
    user, other = await seeds.person("ann", time_zone="UTC"), await seeds.person("bob", time_zone="UTC")
    today = datetime.now(timezone.utc).date()
    over = {day: ends(day, "UTC") for day in (today - timedelta(days=10), today - timedelta(days=2))}
    for somebody in (user, other):
        await active(somebody, *over, today)
    for zone in ("Pacific/Kiritimati", "Etc/GMT+12", "Asia/Shanghai"):
        user = await account.update(user, {"time_zone": zone})
        assert await day_ends(user) == {**over, today: ends(today, zone)}
    assert await day_ends(other) == {**over, today: ends(today, "UTC")}


@pytest.mark.usefixtures("one_utc_day")
async def test_account_update_day_ends_at_moves_the_end_of_today():
    user = await seeds.person("ann", time_zone="UTC")
    today = datetime.now(timezone.utc).date()
    await active(user, today)
    await account.update(user, {"day_ends_at": 5})
    assert await day_ends(user) == {today: ends(today, "UTC", 5)}


async def test_account_update_time_zone_reopens_a_day_that_is_not_over_by_it():
    user = await seeds.person("ann", time_zone="Pacific/Kiritimati")  # yesterday at UTC+14 is today at UTC-12
    yesterday = days.day_of(datetime.now(timezone.utc), "Pacific/Kiritimati", 0) - timedelta(days=1)
    await active(user, yesterday)
    await account.update(user, {"time_zone": "Etc/GMT+12"})
    moved = (await day_ends(user))[yesterday]
    assert moved == ends(yesterday, "Etc/GMT+12") > datetime.now(timezone.utc)


@pytest.mark.usefixtures("one_utc_day")
async def test_account_update_nickname_leaves_active_days_unchanged():
    user = await seeds.person("ann", time_zone="UTC")
    today = datetime.now(timezone.utc).date()
    async with database.transaction() as session:
        odd = datetime.now(timezone.utc) + timedelta(hours=1)
        session.add(ActiveDay(user_id=user.id, day=today, starts_at=odd, ends_at=odd))
    await account.update(user, {"nickname": "Annie"})
    assert await day_ends(user) == {today: odd}


async def test_change_password_to_a_valid_one_revokes_the_other_sessions_only():
    here, there = await account.register(ANN), await authentication.sign_in(ANN.email, ANN.password)
    assert await account.change_password(await viewer_of(here), ANN.password, "another horse battery") == 1
    assert await viewer_of(here)
    assert await authentication.refresh(here.refresh_token)
    with pytest.raises(Unauthenticated):
        await viewer_of(there)
    await refused(authentication.refresh(there.refresh_token), authentication.InvalidRefreshToken)
    await refused(authentication.sign_in(ANN.email, ANN.password), InvalidCredentials)
    assert await authentication.sign_in(ANN.email, "another horse battery")


@pytest.mark.parametrize(
    ("current", "new", "kind"),
    [
        ("wrong horse", "another horse battery", InvalidCredentials),
        ("correct horse battery", "short", InvalidInput),
        ("correct horse battery", "Ann@example.org", InvalidInput),
        ("correct horse battery", "fourteen chars", InvalidInput),
        ("correct horse battery", "P@ssw0rd12345678", InvalidInput),
        ("correct horse battery", "annann example 2026", InvalidInput),
        ("correct horse battery", "my unilife 20262026", InvalidInput),
        ("correct horse battery", "correct horse battery", InvalidInput),
    ],
)
async def test_change_password_wrong_or_invalid_password_is_refused(current: str, new: str, kind: type[Refusal]):
    viewer = await viewer_of(await account.register(ANN))
    await authentication.sign_in(ANN.email, ANN.password)
    refusal = await refused(account.change_password(viewer, current, new), kind)
    assert getattr(refusal, "field", "newPassword") == "newPassword"


@pytest.mark.parametrize("password", ["fourteen chars", "Password12345678", "woaini1314520520", "annann 12345678", "qwertyuiopasdfgh", "unilifeunilife1"])
async def test_register_and_create_admin_guessable_password_is_refused(password: str):
    for making in (account.register(replace(ANN, password=password)), account.create_admin(ANN.email, password, nickname="Ann")):
        refusal = await refused(making, InvalidInput)
        assert getattr(refusal, "field", None) == "password" and password not in refusal.message


async def test_sign_in_password_older_than_the_rule_still_works():
    opened = await account.register(ANN)
    async with database.transaction() as session:
        await session.execute(sqlalchemy.update(User).values(password_hash=await hash_password("password")))
    assert (await authentication.sign_in(ANN.email, "password")).user.id == opened.user.id
    viewer = await viewer_of(await authentication.sign_in(ANN.email, "password"))
    await refused(account.change_password(viewer, "password", "password1"), InvalidInput)
    assert await account.change_password(viewer, "password", "another horse battery") == 2


async def test_change_password_two_at_once_lets_one_succeed():
    opened = await account.register(ANN)
    changes = [account.change_password(await viewer_of(opened), ANN.password, new) for new in ("another horse battery", "a third horse battery")]
    ended = await asyncio.gather(*changes, return_exceptions=True)
    assert sorted(type(end).__name__ for end in ended) == ["Conflict", "int"]
    winner = "another horse battery" if ended[0] == 0 else "a third horse battery"
    assert await authentication.sign_in(ANN.email, winner)


async def test_account_delete_with_the_right_password_removes_all_rows_of_that_user_only():
    bob = await seeds.person("bob")
    await seeds.whole_day(bob, seeds.DAY)
    others = await stored()
    opened = await account.register(ANN)
    viewer = await viewer_of(opened)
    await seeds.whole_day(viewer, seeds.DAY)
    await account.update(viewer, {"nickname": "Annie"})
    await account.delete(viewer, ANN.password)
    assert await stored() == others
    with pytest.raises(Unauthenticated):
        await viewer_of(opened)
    assert (await account.register(ANN)).user.id != viewer.id


async def test_account_delete_wrong_or_outdated_password_is_refused():
    viewer = await viewer_of(await account.register(ANN))
    await refused(account.delete(viewer, "wrong horse"), InvalidCredentials)
    stale = await viewer_of(await authentication.sign_in(ANN.email, ANN.password))
    await account.change_password(viewer, ANN.password, "another horse battery")
    await refused(account.delete(stale, ANN.password), Conflict)


async def test_usage_today_over_all_purposes_sums_the_users_day():
    ann, bob = [await seeds.person(name, time_zone=seeds.noon_zone()) for name in ("ann", "bob")]
    today = days.day_of(datetime.now(timezone.utc), ann.time_zone, ann.day_ends_at)
    nothing = {"calls": 0, "failed_calls": 0, "input_tokens": 0, "output_tokens": 0, "chat_tokens": 0, "chat_tokens_per_day": None}
    assert vars(await account.usage_today(ann)) == {"day": today, **nothing}
    async with database.transaction() as session:
        await record_usage(session, ann.id, today, Purpose.CHAT, Usage(100, 20))
        await record_usage(session, ann.id, today, Purpose.CHAT, Usage(50, 0), failed=True)
        await record_usage(session, ann.id, today, Purpose.TITLE, Usage(7, 3))
        await record_usage(session, ann.id, today - timedelta(days=1), Purpose.CHAT, Usage(1000, 1000))
        await record_usage(session, bob.id, today, Purpose.CHAT, Usage(5000, 5000))
        await record_usage(session, ann.id, today, Purpose.DIARY, Usage(900, 90))
    anns, bobs = await account.usage_today(ann), await account.usage_today(bob)
    assert vars(anns) == {
        "day": today, "calls": 4, "failed_calls": 1, "input_tokens": 1057, "output_tokens": 113, "chat_tokens": 1170, "chat_tokens_per_day": None,
    }  # fmt: skip
    assert (bobs.day, bobs.calls, bobs.chat_tokens) == (today, 1, 10_000)


async def test_usage_today_reserved_tokens_count_until_the_call_ends():
    ann = await seeds.person(time_zone=seeds.noon_zone())
    today = days.day_of(datetime.now(timezone.utc), ann.time_zone, ann.day_ends_at)
    ann.chat_tokens_per_day = 1_000
    async with database.transaction() as session:
        assert await reserve_chat_tokens(session, ann.id, today, tokens=700, limit=1_000)
    under_way = await account.usage_today(ann)
    assert (under_way.chat_tokens, under_way.chat_tokens_per_day) == (700, 1_000)
    async with database.transaction() as session:
        await record_usage(session, ann.id, today, Purpose.CHAT, Usage(100, 20), reserved=700)
    over = await account.usage_today(ann)
    assert (over.chat_tokens, over.input_tokens, over.calls) == (120, 100, 1)


async def test_chat_limit_own_limit_overrides_the_installations(monkeypatch: pytest.MonkeyPatch):
    ann = await seeds.person()
    assert account.chat_limit(ann) is None
    with monkeypatch.context() as given:
        given.setenv("CHAT_TOKENS_PER_DAY", "5000")
        settings.current.cache_clear()
        assert account.chat_limit(ann) == 5_000
        for own in (0, 7):
            ann.chat_tokens_per_day = own
            assert account.chat_limit(ann) == own
    settings.current.cache_clear()
