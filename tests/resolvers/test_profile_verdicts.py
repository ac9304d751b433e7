"""Verdicts of the user on profile values: set, lock, reject, revert. They override learned values."""
from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Any
from uuid import UUID

import pytest

from jobs import profile_update
from persistence import database
from persistence.ids import uuid7
from persistence.models import ProfileChange, ProfileValue, User, Verdict
from persistence.models.diary import LineKind
from persistence.models.profile import ValueOrigin, ValueStatus
from resolvers import profile as profiles
from resolvers import profile_verdicts as verdicts
from resolvers.diary import today
from resolvers.errors import InvalidInput, NotFound
from tests import seeds
from tests.resolvers.chat.chat_setup import context_of, everything, rows
from tests.seeds import line, quote, signal

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

HOME, SPORT = "identity.home", "preferences.activities"


def days_ago(count: int, user: User) -> date:
    return today(user) - timedelta(days=count)


async def store_day(user: User, place: str, ago: int) -> UUID:
    """Store a day on which the user said where they live and that they run; return the first message's id."""
    home, run = await seeds.said(user, days_ago(ago, user), f"I live in {place} now", "I love running")
    await seeds.diary(
        user, days_ago(ago, user), [line(LineKind.SUMMARY, f"Lives in {place}.", quote(home))],
        [signal(HOME, place, quote(home)), signal(SPORT, "running", quote(run))])  # fmt: skip
    await compute(user)
    return home.id


async def compute(user: User) -> None:
    async with database.transaction() as session:
        await profile_update.update_profile(session, user.id, reason="NIGHT")


async def stored() -> dict[str, ProfileValue]:
    return {value.value: value for value in await rows(ProfileValue)}


async def statuses() -> dict[str, ValueStatus]:
    return {text: value.status for text, value in (await stored()).items()}


def facts(values: Sequence[Any]) -> list[Any]:
    """Return the content of profile values without their ids."""
    kept = ("slot", "value", "value_key", "status", "confidence", "locked", "origin", "first_seen_at", "last_seen_at", "ended_at")
    return sorted((*(getattr(value, name) for name in kept), list(value.evidence)) for value in values)


async def current_facts(user: User) -> list[Any]:
    return facts((await profiles.get_profile(user, None)).values)


async def test_set_value_single_value_slot_supersedes_the_learned_value():
    ann = await seeds.person(time_zone=seeds.noon_zone())
    await store_day(ann, "Shanghai", 3)
    judged = await verdicts.set_value(await context_of(ann), HOME, " Hang\nzhou ")
    assert judged.value is not None and (judged.value.value, judged.value.origin, judged.value.confidence) == ("Hang zhou", ValueOrigin.STATED, 1.0)
    assert await statuses() == {"Hang zhou": ValueStatus.ACTIVE, "Shanghai": ValueStatus.SUPERSEDED, "running": ValueStatus.ACTIVE}
    changes = await rows(ProfileChange, ProfileChange.reason.startswith("VALUE_SET"))
    assert {(change.before, change.after) for change in changes} == {(None, "Hang zhou"), ("Shanghai", "Shanghai")} and judged.changes == 2


async def test_set_value_multi_value_slot_keeps_the_other_values():
    ann = await seeds.person(time_zone=seeds.noon_zone())
    await store_day(ann, "Shanghai", 3)
    await verdicts.set_value(await context_of(ann), SPORT, "chess")
    assert await statuses() == {"chess": ValueStatus.ACTIVE, "Shanghai": ValueStatus.ACTIVE, "running": ValueStatus.ACTIVE}


@pytest.mark.parametrize("value", ["", "  ", "…!", "x" * 121, "a\0b", "my password is hunter2hunter2", "sk-abcdefghijklmnopqrstuvwxyz123456"])
async def test_set_value_invalid_text_is_refused_and_changes_nothing(value: str):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    context = await context_of(ann)
    before = await everything()
    with pytest.raises(InvalidInput) as refused:
        await verdicts.set_value(context, HOME, value)
    assert refused.value.field == "value" and await everything() == before


async def test_lock_value_contradicted_later_stays_active_until_unlocked():
    ann = await seeds.person(time_zone=seeds.noon_zone())
    await store_day(ann, "Shanghai", 5)
    context = await context_of(ann)
    judged = await verdicts.lock(context, (await stored())["Shanghai"].id)
    assert judged.value is not None and judged.value.locked
    before = (await stored())["Shanghai"]
    for ago in (3, 2, 1):
        await store_day(ann, "Hangzhou", ago)
    after = (await stored())["Shanghai"]
    assert (after.id, after.status, after.locked, after.confidence) == (before.id, ValueStatus.ACTIVE, True, 1.0)
    assert (await stored())["Hangzhou"].status is ValueStatus.SUGGESTED
    unlocked = await verdicts.unlock(context, after.id)
    assert unlocked.value is not None and unlocked.value.status is ValueStatus.SUPERSEDED
    assert (await statuses())["Hangzhou"] is ValueStatus.ACTIVE


async def test_lock_repeated_or_needless_unlock_stores_one_verdict():
    ann = await seeds.person(time_zone=seeds.noon_zone())
    await store_day(ann, "Shanghai", 5)
    context = await context_of(ann)
    id = (await stored())["Shanghai"].id
    await verdicts.unlock(context, id)
    await verdicts.lock(context, id)
    await verdicts.lock(context, id)
    assert len(await rows(Verdict)) == 1


async def test_unlock_value_rejected_before_removes_it():
    ann = await seeds.person(time_zone=seeds.noon_zone())
    context = await context_of(ann)
    set_by_hand = await verdicts.set_value(context, HOME, "Shanghai")
    assert set_by_hand.value is not None
    await verdicts.reject(context, set_by_hand.value.id, None)
    await verdicts.lock(context, set_by_hand.value.id)
    assert (await verdicts.unlock(context, set_by_hand.value.id)).value is None and await statuses() == {}


async def test_reject_value_with_the_same_evidence_stays_rejected():
    ann = await seeds.person(time_zone=seeds.noon_zone())
    await store_day(ann, "Shanghai", 5)
    value = (await stored())["running"]
    judged = await verdicts.reject(await context_of(ann), value.id, " I stopped. ")
    assert judged.value is not None and judged.value.status is ValueStatus.REJECTED
    [verdict] = await rows(Verdict)
    assert (verdict.reason, verdict.evidence) == ("I stopped.", value.evidence)
    again = await find_message(ann, value.evidence)
    await seeds.diary(ann, days_ago(5, ann), [], [signal(SPORT, "running", quote(again)), signal(SPORT, "running fast", quote(again))])
    await compute(ann)
    assert (await statuses())["running"] is ValueStatus.REJECTED
    await store_day(ann, "Shanghai", 1)
    assert (await statuses())["running"] is ValueStatus.ACTIVE


async def find_message(user: User, ids: Sequence[UUID]) -> Any:
    from persistence.models import Message

    [message] = await rows(Message, Message.user_id == user.id, Message.id.in_(ids))
    return message


@pytest.mark.parametrize("reason", ["", "x" * 501, "a\0b"])
async def test_reject_invalid_reason_is_refused_and_changes_nothing(reason: str):
    ann = await seeds.person(time_zone=seeds.noon_zone())
    await store_day(ann, "Shanghai", 5)
    context, value = await context_of(ann), (await stored())["running"]
    before = await everything()
    with pytest.raises(InvalidInput) as refused:
        await verdicts.reject(context, value.id, reason)
    assert refused.value.field == "reason" and await everything() == before


async def test_verdicts_on_another_users_values_return_not_found():
    ann, bob = await seeds.person(time_zone=seeds.noon_zone()), await seeds.person("bob")
    await store_day(ann, "Shanghai", 5)
    context = await context_of(bob)
    value, change = (await stored())["running"].id, (await rows(ProfileChange))[0].id
    before = await everything()
    for id in (value, uuid7()):
        for work in (verdicts.lock(context, id), verdicts.unlock(context, id), verdicts.reject(context, id, None)):
            with pytest.raises(NotFound, match="no such profile value"):
                await work
    for id in (change, uuid7()):
        with pytest.raises(NotFound, match="no such profile change"):
            await verdicts.revert(context, change_id=id)
    assert await everything() == before


async def test_revert_to_a_day_restores_its_profile_exactly():
    ann = await seeds.person(time_zone=seeds.noon_zone())
    context = await context_of(ann)
    await store_day(ann, "Shanghai", 40)
    await store_day(ann, "Shanghai", 30)
    await store_day(ann, "Hangzhou", 10)
    await verdicts.set_value(context, SPORT, "chess")
    then = facts((await profiles.get_profile(ann, days_ago(20, ann))).values)
    assert {fact[1] for fact in then} == {"Shanghai", "running"} and then != await current_facts(ann)
    assert await verdicts.revert(context, as_of=days_ago(20, ann)) > 0
    assert await current_facts(ann) == then
    before = await everything()
    await compute(ann)
    assert await everything() == before
    await store_day(ann, "Suzhou", 0)
    assert (await statuses())["Suzhou"] is ValueStatus.ACTIVE and "chess" not in await statuses() and "Hangzhou" not in await statuses()
    assert facts((await profiles.get_profile(ann, days_ago(20, ann))).values) == then


async def test_revert_to_a_change_restores_its_profile_and_can_be_reverted():
    ann = await seeds.person(time_zone=seeds.noon_zone())
    context = await context_of(ann)
    await store_day(ann, "Shanghai", 3)
    await verdicts.lock(context, (await stored())["Shanghai"].id)
    locked = await current_facts(ann)
    change = max(await rows(ProfileChange), key=lambda row: row.id)
    await store_day(ann, "Hangzhou", 2)
    await verdicts.reject(context, (await stored())["Shanghai"].id, None)
    late = await current_facts(ann)
    last = max(await rows(ProfileChange), key=lambda row: row.id)
    await verdicts.revert(context, change_id=change.id)
    assert await current_facts(ann) == locked
    await verdicts.revert(context, change_id=last.id)
    assert await current_facts(ann) == late


async def test_revert_to_a_day_that_is_not_over_is_refused():
    ann = await seeds.person(time_zone=seeds.noon_zone())
    await store_day(ann, "Shanghai", 3)
    context = await context_of(ann)
    before = await everything()
    for ago in (0, -1):
        with pytest.raises(InvalidInput, match="a day before today"):
            await verdicts.revert(context, as_of=days_ago(ago, ann))
    with pytest.raises(InvalidInput):
        await verdicts.revert(context, as_of=date(1, 1, 1))
    assert await everything() == before


async def test_set_value_verdict_has_the_time_of_its_change():
    ann = await seeds.person(time_zone=seeds.noon_zone())
    await verdicts.set_value(await context_of(ann), HOME, "Shanghai")
    [verdict], [change] = await rows(Verdict), await rows(ProfileChange)
    assert verdict.created_at == change.created_at <= datetime.now(timezone.utc)
