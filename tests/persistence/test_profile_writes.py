# ruff: noqa: E501 - rows of a user's data read by their lines
"""Inputs and writes of a profile: only the rows of the users that are named, though other users have the same slots, days and weeks."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from persistence import database
from persistence.ids import uuid7
from persistence.models import ProfileAlias, ProfileChange, ProfileValue, Signal, User, Verdict
from persistence.models.profile import ValueOrigin, ValueStatus, VerdictKind
from persistence.queries import profile_writes
from persistence.queries.profile_writes import Replacement
from tests.jobs.job_setup import everything, rows
from tests.persistence.same_ids import copy_rows
from tests.seeds import diary, quote, said, signal, value, week_review, withdraw_quotes

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

DAY = date(2026, 5, 20)
MONDAY = date(2026, 5, 18)


async def three_users() -> list[User]:
    """Store three users and return them by id. The middle one is stored last, so that it is not the first row."""
    people = [User(id=uuid7(), email=f"{name}@example.org", password_hash="-", nickname=name, time_zone="Asia/Shanghai", locale="en") for name in ("ann", "bob", "cem")]
    for user in (people[2], people[0], people[1]):
        async with database.transaction() as session:
            session.add(user)
    return people


async def lock_elsewhere(user: User, strength: str) -> None:
    """Lock the user in another transaction, or raise if that would have to wait."""
    async with database.transaction() as session:
        await session.execute(text(f"select id from users where id = :id for {strength} nowait"), {"id": user.id})


async def test_lock_user_locks_this_user_alone_against_another_computation_but_not_against_references() -> None:
    ann, bob, cem = await three_users()
    async with database.transaction() as session:
        locked = await profile_writes.lock_user(session, bob.id)
        assert locked is not None and locked.id == bob.id
        assert await profile_writes.lock_user(session, uuid7()) is None
        await lock_elsewhere(bob, "key share")
        for other in (ann, cem):
            await lock_elsewhere(other, "no key update")
        with pytest.raises(DBAPIError):
            await lock_elsewhere(bob, "no key update")


async def test_lock_users_and_clock_returns_the_named_users_by_id_with_the_time() -> None:
    ann, bob, cem = await three_users()
    async with database.transaction() as session:
        assert [user.id for user, _ in await profile_writes.lock_users_and_clock(session, [bob.id])] == [bob.id]
        found = await profile_writes.lock_users_and_clock(session, [bob.id, ann.id])
        assert [user.id for user, _ in found] == [ann.id, bob.id]
        assert all(abs(now - datetime.now(timezone.utc)) < timedelta(minutes=10) for _, now in found)
        await lock_elsewhere(bob, "key share")
        await lock_elsewhere(cem, "no key update")


async def test_load_evidence_returns_the_quotes_of_current_versions_and_weeks_of_the_named_users() -> None:
    people = await three_users()
    for number, user in enumerate((people[2], people[0], people[1])):
        for day in (DAY + timedelta(days=1), DAY - timedelta(days=1), DAY):
            spoken = await said(user, day, "I run", "I live in Hangzhou", "I swim")
            for version in range(2):
                signals = [signal("preferences.activities", f"{user.nickname} {day.day} {version}", quote(spoken[0])), signal("identity.home", f"home {number}", quote(spoken[1]))]
                await diary(user, day, signals=signals[: 2 - version])
            await diary(user, day, signals=[signal("preferences.activities", f"{user.nickname} {day.day}", quote(spoken[0])), signal("habits.exercise", "swims", quote(spoken[2]))])
            await withdraw_quotes(spoken[2])
        await week_review(user, MONDAY, signal("habits.exercise", f"{user.nickname} weekly", quote(spoken[0])))
    ann, bob, _ = people
    async with database.session() as session:
        found = await profile_writes.load_evidence(session, [bob.id, ann.id])
        assert sorted(await profile_writes.list_evidence(session, bob.id), key=str) == sorted(found[bob.id], key=str)
    for user in (ann, bob):
        assert sorted(row.value for row in found[user.id]) == [f"{user.nickname} {day}" for day in (19, 20, 21)] + [f"{user.nickname} weekly"]
        assert [row.day for row in sorted(found[user.id], key=lambda row: row.value)[:3]] == [date(2026, 5, day) for day in (19, 20, 21)]
    assert set(found) == {ann.id, bob.id}


async def test_load_evidence_returns_that_of_its_user_though_others_have_the_same_ids() -> None:
    ann, bob, cem = await three_users()
    [message] = await said(bob, DAY, "I run")
    await diary(bob, DAY, signals=[signal("preferences.activities", "running", quote(message))])
    await week_review(bob, MONDAY, signal("habits.exercise", "runs", quote(message)))
    await copy_rows(bob, ann, cem)
    async with database.session() as session:
        found = await profile_writes.load_evidence(session, [bob.id])
    assert sorted(row.value for row in found[bob.id]) == ["running", "runs"]


async def test_load_verdicts_values_and_aliases_returns_those_of_the_named_users() -> None:
    people = await three_users()
    for user in (people[2], people[0], people[1]):
        await value(user, "identity.home", user.nickname)
        async with database.transaction() as session:
            for kind in (VerdictKind.SET, VerdictKind.LOCK):
                session.add(Verdict(user_id=user.id, id=uuid7(), kind=kind, slot="identity.home", value=user.nickname, value_key=user.nickname))
            await profile_writes.save_aliases(session, user.id, {("preferences.food", "green tea"): user.nickname}, None)
    ann, bob, cem = people
    async with database.session() as session:
        for asked in ([bob], [bob, ann], [cem, ann]):
            ids, names = [user.id for user in asked], [user.nickname for user in asked]
            verdicts = await profile_writes.load_verdicts(session, ids)
            values = await profile_writes.load_values(session, ids)
            aliases = await profile_writes.load_all_aliases(session, ids)
            assert [[(row.value, row.kind) for row in verdicts[found]] for found in ids] == [[(name, VerdictKind.SET), (name, VerdictKind.LOCK)] for name in names]
            assert [[row.value for row in values[found]] for found in ids] == [[name] for name in names]
            assert [aliases[found] for found in ids] == [{("preferences.food", "green tea"): name} for name in names]
        assert [row.value for row in await profile_writes.list_verdicts(session, bob.id)] == ["bob", "bob"]
        assert [row.value for row in await profile_writes.list_values(session, bob.id)] == ["bob"]
        assert await profile_writes.load_aliases(session, bob.id) == {("preferences.food", "green tea"): "bob"}


async def test_save_aliases_of_a_merged_value_keeps_the_first_merge() -> None:
    ann, bob, _ = await three_users()
    for merged in ({("preferences.food", "tea"): "green tea", ("preferences.food", "cha"): "tea"}, {("preferences.food", "tea"): "black tea"}):
        async with database.transaction() as session:
            await profile_writes.save_aliases(session, bob.id, merged, None)
    assert sorted((row.user_id, row.from_key, row.into_key) for row in await rows(ProfileAlias)) == [(bob.id, "cha", "tea"), (bob.id, "tea", "green tea")]


def columns(row: ProfileValue, **changed: Any) -> dict[str, Any]:
    kept = ("slot", "value", "value_key", "status", "confidence", "locked", "origin", "first_seen_at", "last_seen_at", "evidence")
    return {**{name: getattr(row, name) for name in kept}, **changed}


async def _three_values(user: User) -> list[ProfileValue]:
    return [await value(user, "preferences.food", name, confidence=0.5) for name in ("apples", "bread", "cheese")]


@pytest.mark.parametrize(
    "changed", [{"confidence": 0.4}, {"confidence": 0.6}, {"status": ValueStatus.SUPERSEDED}, {"locked": True}, {"origin": ValueOrigin.INFERRED}], ids=lambda found: str(*found)
)
async def test_replace_values_with_one_difference_updates_that_value_alone(changed: dict[str, Any]) -> None:
    people = await three_users()
    stored = {user.id: await _three_values(user) for user in (people[2], people[0], people[1])}
    before, bob = await everything(), people[1]
    first, second, third = stored[bob.id]
    async with database.transaction() as session:
        await profile_writes.replace_values(session, [Replacement(bob.id, stored[bob.id], [columns(first), columns(second, **changed), columns(third)])])
    after = await everything()
    assert [row for row in after["profile_values"] if str(second.id) not in row] == [row for row in before["profile_values"] if str(second.id) not in row]
    [row] = await rows(ProfileValue, ProfileValue.id == second.id)
    assert columns(row) == columns(second, **changed)


async def test_replace_values_adds_what_is_new_and_deletes_what_is_gone_of_that_user_alone() -> None:
    people = await three_users()
    stored = {user.id: await _three_values(user) for user in (people[2], people[0], people[1])}
    before, bob = await everything(), people[1]
    first, second, third = stored[bob.id]
    new = columns(second, value="dates", value_key="dates")
    async with database.transaction() as session:
        await profile_writes.replace_values(session, [Replacement(bob.id, stored[bob.id], [columns(first), columns(third), new])])
    after = await everything()
    assert [row for row in before["profile_values"] if str(second.id) not in row] == [row for row in after["profile_values"] if "dates" not in row]
    assert {row.value for row in await rows(ProfileValue, ProfileValue.user_id == bob.id)} == {"apples", "cheese", "dates"}


async def test_replace_values_writes_those_of_its_user_though_others_have_the_same_ids() -> None:
    ann, bob, cem = await three_users()
    stored = await _three_values(bob)
    await copy_rows(bob, ann, cem)
    before = await everything()
    async with database.transaction() as session:
        await profile_writes.replace_values(session, [Replacement(bob.id, stored, [columns(stored[0], confidence=0.9), columns(stored[1])])])
    after = await everything()
    assert [row for row in after["profile_values"] if str(bob.id) not in row] == [row for row in before["profile_values"] if str(bob.id) not in row]
    assert sorted((row.value, row.confidence) for row in await rows(ProfileValue, ProfileValue.user_id == bob.id)) == [("apples", 0.9), ("bread", 0.5)]


async def test_replace_values_that_are_equal_writes_nothing() -> None:
    [bob, *_] = await three_users()
    stored = await _three_values(bob)
    async with database.transaction() as session:
        written = (await session.execute(text("select array_agg(xmin::text) from profile_values"))).scalar_one()
        await profile_writes.replace_values(session, [Replacement(bob.id, stored, [columns(row) for row in stored])])
        assert (await session.execute(text("select array_agg(xmin::text) from profile_values"))).scalar_one() == written


async def test_save_changes_inserts_them_in_their_order() -> None:
    ann, bob, _ = await three_users()
    change = {"slot": "identity.home", "value_key": "x", "before": None, "after": "x", "status_after": ValueStatus.ACTIVE, "confidence_after": 0.5, "reason": "NIGHT: ADDED"}
    run_id = uuid7()
    changes: Sequence[tuple[UUID, dict[str, Any]]] = [(bob.id, {**change, "value_key": "1"}), (ann.id, {**change, "value_key": "2"}), (bob.id, {**change, "value_key": "3"})]
    async with database.transaction() as session:
        await profile_writes.save_changes(session, changes, run_id)
    found = sorted(await rows(ProfileChange), key=lambda row: row.id)
    assert [(row.user_id, row.value_key, row.run_id) for row in found] == [(bob.id, "1", run_id), (ann.id, "2", run_id), (bob.id, "3", run_id)]


async def test_delete_week_deletes_the_signals_of_that_user_s_week_alone() -> None:
    people = await three_users()
    for user in people:
        [message] = await said(user, DAY, "I run")
        await diary(user, DAY, signals=[signal("preferences.activities", "running", quote(message))])
        for week in (MONDAY - timedelta(days=7), MONDAY, MONDAY + timedelta(days=7)):
            await week_review(user, week, signal("habits.exercise", "runs", quote(message)))
    async with database.transaction() as session:
        await profile_writes.delete_week(session, people[1].id, MONDAY)
    left = {(row.user_id, row.week) for row in await rows(Signal)}
    assert len(await rows(Signal)) == 11 and (people[1].id, MONDAY) not in left
