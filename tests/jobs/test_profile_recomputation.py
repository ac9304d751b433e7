"""Profiles that a migration changed: the timers compute them from evidence and verdicts, by the rules."""
from __future__ import annotations

from datetime import timedelta

import pytest

from jobs.deadline import Deadline
from jobs.profile_inputs import compute_profile
from jobs.profile_recomputation import update_due_profiles
from persistence import database
from persistence.models import ProfileChange, ProfileUpdateDue, ProfileValue, User
from persistence.queries.profile_writes import claim_due_updates
from tests import seeds
from tests.jobs.job_setup import rows
from tests.seeds import DAY, quote, signal

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

HOME = "identity.home"


async def note(user: User) -> None:
    async with database.transaction() as session:
        session.add(ProfileUpdateDue(user_id=user.id))


async def test_update_due_profiles_computes_joined_values_by_the_rules():
    ann, bob = await seeds.person(), await seeds.person("bob")
    for number, home in enumerate(["臺北", "台北"]):
        day = DAY + timedelta(days=number)
        [message] = await seeds.said(ann, day, f"我住在{home}")
        await seeds.diary(ann, day, [], [signal(HOME, home, quote(message))])
    await seeds.value(ann, HOME, "臺北", confidence=0.1)
    await note(ann)
    kept = await seeds.value(bob, HOME, "上海")
    assert await update_due_profiles(Deadline(60)) == 1 and await update_due_profiles(Deadline(60)) == 0
    [value] = await rows(ProfileValue, ProfileValue.user_id == ann.id)
    async with database.session() as session:
        [wanted] = await compute_profile(session, ann, DAY + timedelta(days=1))
        [earlier] = await compute_profile(session, ann, DAY)
    assert len(value.evidence) == len(wanted.evidence) == 2 and value.value == wanted.value == "台北" and value.confidence > 0.1
    assert len(earlier.evidence) == 1 and earlier.value == "臺北"
    assert {change.reason.partition(":")[0] for change in await rows(ProfileChange, ProfileChange.user_id == ann.id)} == {"VALUES_JOINED"}
    assert [row.id for row in await rows(ProfileValue, ProfileValue.user_id == bob.id)] == [kept.id] and not await rows(ProfileUpdateDue)


async def test_update_due_profiles_at_the_deadline_leaves_the_rest():
    ann = await seeds.person()
    await note(ann)
    assert await update_due_profiles(Deadline(1)) == 0
    assert len(await rows(ProfileUpdateDue)) == 1


async def test_update_due_profiles_that_another_event_has_claimed_are_left_out():
    ann, bob = await seeds.person(), await seeds.person("bob")
    await note(ann)
    async with database.transaction() as session:
        assert await claim_due_updates(session, 10) == [ann.id]
        await note(bob)
        assert await update_due_profiles(Deadline(60)) == 1
    assert not await rows(ProfileUpdateDue)
