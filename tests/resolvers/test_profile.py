"""Profile queries: the order of values, their quotes, past days, the change log."""
from datetime import date, datetime, timedelta, timezone
from typing import Any

import pytest

from jobs import profile_update
from persistence import database
from persistence.ids import uuid7
from persistence.models import ProfileAlias, User, Verdict
from persistence.models.diary import Polarity
from persistence.models.profile import ValueStatus, VerdictKind
from persistence.queries.profile_reads import Value
from resolvers import profile as resolvers
from resolvers.errors import InvalidInput
from resolvers.loaders import Loaders
from tests import seeds
from tests.seeds import DAY, quote, signal

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

ONE_DAY = timedelta(days=1)


async def known(viewer: User, as_of: date | None = None) -> list[tuple[str, str, str]]:
    return [(value.slot, value.value, value.status.value) for value in (await resolvers.get_profile(viewer, as_of)).values]


async def quotes(viewer: User, value: Value) -> list[str]:
    return [quote.quote for quote in await resolvers.list_quotes(Loaders(viewer.id), value)]


async def update_profile(viewer: User) -> None:
    async with database.transaction() as session:
        await profile_update.update_profile(session, viewer.id, reason="NIGHT")


async def lives_in(viewer: User, day: date, city: str) -> Any:
    """Store a day on which the user says where they live; return the message."""
    [message] = await seeds.said(viewer, day, f"I live in {city} now")
    await seeds.diary(viewer, day, signals=[signal("identity.home", city, quote(message))])
    return message


async def test_get_profile_values_are_ordered_by_slot_status_lock_and_confidence():
    ann = await seeds.person()
    await seeds.value(ann, "preferences.food", "tea", confidence=0.5)
    await seeds.value(ann, "preferences.food", "noodles", confidence=0.9)
    await seeds.value(ann, "preferences.food", "coffee", confidence=0.2, locked=True)
    await seeds.value(ann, "preferences.food", "beer", confidence=0.99, status=ValueStatus.SUPERSEDED)
    await seeds.value(ann, "identity.home", "Hangzhou", confidence=0.1)
    assert [value for _, value, _ in await known(ann)] == ["Hangzhou", "coffee", "noodles", "tea", "beer"]


async def test_get_profile_removed_slot_is_omitted():
    ann = await seeds.person()
    await seeds.value(ann, "identity.star_sign", "Leo")
    await seeds.value(ann, "identity.home", "Hangzhou")
    await seeds.change(ann, "identity.star_sign", "Leo")
    assert await known(ann) == [("identity.home", "Hangzhou", "ACTIVE")]
    assert (await resolvers.list_changes(ann, before=None, limit=9)).changes == []
    assert await resolvers.count_changes(ann) == 0


async def test_list_quotes_of_a_value_returns_its_messages_quotes_oldest_first():
    ann = await seeds.person()
    moved, again, food = await seeds.said(ann, DAY, "I live in Hangzhou", "Hangzhou it is", "I like tea, not coffee")
    await seeds.diary(ann, DAY, signals=[
        signal("identity.home", "Hangzhou", quote(again), quote(moved, "live in Hangzhou")),
        signal("preferences.food", "tea", quote(food, "tea")),
        signal("preferences.food", "coffee", quote(food, "not coffee"), polarity=Polarity.NEGATIVE),
    ])  # fmt: skip
    home = await seeds.value(ann, "identity.home", "Hangzhou", moved, again)
    coffee = await seeds.value(ann, "preferences.food", "coffee", food)
    once = await seeds.value(ann, "preferences.food", "tea")
    by_id = {value.id: value for value in (await resolvers.get_profile(ann, None)).values}
    assert await quotes(ann, by_id[home.id]) == ["live in Hangzhou", "Hangzhou it is"]
    assert await quotes(ann, by_id[coffee.id]) == await quotes(ann, by_id[once.id]) == []


async def test_list_quotes_older_version_is_omitted_and_weekly_quotes_come_once():
    ann = await seeds.person()
    old, new = await seeds.said(ann, DAY, "I run", "I run every day")
    await seeds.diary(ann, DAY, signals=[signal("habits.exercise", "runs", quote(old))])
    await seeds.diary(ann, DAY, signals=[signal("habits.exercise", "runs", quote(new))])
    await seeds.week_review(ann, DAY - 2 * ONE_DAY, signal("habits.exercise", "runs", quote(new), quote(new, "every day")))
    await seeds.value(ann, "habits.exercise", "runs", old, new)
    [value] = (await resolvers.get_profile(ann, None)).values
    assert await quotes(ann, value) == ["I run every day", "every day"]


async def test_list_quotes_merged_value_includes_quotes_of_all_its_aliases():
    ann = await seeds.person()
    messages = await seeds.said(ann, DAY, "jogging", "running", "runs", "walks")
    named = zip(("jogging", "running", "runs", "walks"), messages)
    await seeds.diary(ann, DAY, signals=[signal("habits.exercise", name, quote(message)) for name, message in named])
    async with database.transaction() as session:
        for merged, into in (("jogging", "running"), ("running", "runs"), ("runs", "jogging")):
            session.add(ProfileAlias(user_id=ann.id, slot="habits.exercise", from_key=merged, into_key=into))
    await seeds.value(ann, "habits.exercise", "runs", *messages)
    [value] = (await resolvers.get_profile(ann, None)).values
    assert await quotes(ann, value) == ["jogging", "running", "runs"]


async def test_list_quotes_deleted_message_is_omitted():
    ann = await seeds.person()
    message = await lives_in(ann, DAY, "Hangzhou")
    await seeds.value(ann, "identity.home", "Hangzhou", message)
    [value] = (await resolvers.get_profile(ann, None)).values
    assert await quotes(ann, value) == ["I live in Hangzhou now"]
    await seeds.delete_message(message)
    assert await quotes(ann, value) == []


async def test_list_quotes_withdrawn_evidence_is_omitted():
    ann = await seeds.person()
    kept, withdrawn = await seeds.said(ann, DAY, "I love tea", "tea again")
    await seeds.diary(ann, DAY, signals=[signal("preferences.food", "tea", quote(kept), quote(withdrawn))])
    await seeds.value(ann, "preferences.food", "tea", kept, withdrawn)
    await seeds.withdraw_quotes(withdrawn)
    [value] = (await resolvers.get_profile(ann, None)).values
    assert await quotes(ann, value) == ["I love tea"]


async def test_get_profile_as_of_today_equals_the_stored_profile():
    ann = await seeds.person(time_zone=seeds.noon_zone())
    now = resolvers.today(ann)
    await lives_in(ann, now - 9 * ONE_DAY, "Shanghai")
    await lives_in(ann, now - 2 * ONE_DAY, "Hangzhou")
    await update_profile(ann)
    present, computed = await resolvers.get_profile(ann, None), await resolvers.get_profile(ann, now)
    assert {value.status for value in present.values} == {ValueStatus.ACTIVE, ValueStatus.SUPERSEDED}
    assert [value._replace(evidence=list(value.evidence)) for value in computed.values] == present.values
    assert computed.as_of == present.as_of == now


async def test_get_profile_of_a_past_day_uses_only_messages_and_verdicts_up_to_it():
    ann = await seeds.person(time_zone=seeds.noon_zone())
    now = resolvers.today(ann)
    await lives_in(ann, now - 9 * ONE_DAY, "Shanghai")
    await lives_in(ann, now - 2 * ONE_DAY, "Hangzhou")
    async with database.transaction() as session:
        yesterday = datetime.now(timezone.utc) - ONE_DAY
        verdict = {"kind": VerdictKind.REJECT, "value": "Hangzhou", "value_key": "hangzhou", "created_at": yesterday}
        evidence = [message for value in (await resolvers.get_profile(ann, now)).values for message in value.evidence]
        session.add(Verdict(user_id=ann.id, id=uuid7(), slot="identity.home", evidence=evidence, **verdict))
    await update_profile(ann)
    assert await known(ann, now - 10 * ONE_DAY) == []
    assert await known(ann, now - 9 * ONE_DAY) == await known(ann, now - 3 * ONE_DAY) == [("identity.home", "Shanghai", "ACTIVE")]
    assert await known(ann, now - 2 * ONE_DAY) == [
        ("identity.home", "Hangzhou", "ACTIVE"), ("identity.home", "Shanghai", "SUPERSEDED"),
    ]  # fmt: skip
    assert ("identity.home", "Hangzhou", "REJECTED") in await known(ann, now)


async def test_get_profile_of_a_past_day_omits_values_of_deleted_messages():
    ann = await seeds.person(time_zone=seeds.noon_zone())
    now = resolvers.today(ann)
    message = await lives_in(ann, now - 5 * ONE_DAY, "Hangzhou")
    await update_profile(ann)
    assert await known(ann, now - 4 * ONE_DAY) == [("identity.home", "Hangzhou", "ACTIVE")]
    await seeds.delete_message(message)
    assert await known(ann, now - 4 * ONE_DAY) == []


async def test_get_profile_of_a_past_day_keeps_current_ids_and_stable_ids_of_lost_values():
    ann = await seeds.person(time_zone=seeds.noon_zone())
    now = resolvers.today(ann)
    await lives_in(ann, now - 2 * ONE_DAY, "Hangzhou")
    lost = [(await resolvers.get_profile(ann, now)).values[0].id for _ in range(2)]
    await update_profile(ann)
    [kept] = (await resolvers.get_profile(ann, None)).values
    assert lost[0] == lost[1] != kept.id
    assert [value.id for value in (await resolvers.get_profile(ann, now - ONE_DAY)).values] == [kept.id]


async def test_get_profile_of_a_past_day_assigns_verdicts_by_the_users_day():
    """Store a verdict at 01:00 in Shanghai, which belongs to the day before if the day ends at 4."""
    ann = await seeds.person(day_ends_at=4)
    at = datetime(2026, 5, 20, 17, tzinfo=timezone.utc)
    async with database.transaction() as session:
        row = {"kind": VerdictKind.SET, "value": "Hangzhou", "value_key": "hangzhou", "created_at": at}
        session.add(Verdict(user_id=ann.id, id=uuid7(), slot="identity.home", **row))
    assert await known(ann, date(2026, 5, 19)) == []
    assert await known(ann, date(2026, 5, 20)) == [("identity.home", "Hangzhou", "ACTIVE")]


async def test_get_profile_future_or_extreme_day_is_refused():
    ann = await seeds.person(time_zone=seeds.noon_zone())
    for day in (resolvers.today(ann) + ONE_DAY, date.max, date.min):
        with pytest.raises(InvalidInput):
            await resolvers.get_profile(ann, day)


async def test_list_changes_in_pages_returns_newest_first():
    ann = await seeds.person()
    stored = [(await seeds.change(ann, "preferences.food", f"dish {number}")).id for number in range(5)]
    first = await resolvers.list_changes(ann, before=None, limit=3)
    second = await resolvers.list_changes(ann, after=first.changes[-1].id, limit=3)
    assert [change.id for change in [*first.changes, *second.changes]] == stored[::-1]
    assert (first.has_next, second.has_next) == (True, False)


async def test_profile_queries_of_another_user_return_nothing():
    ann, bob = await seeds.person("ann"), await seeds.person("bob", time_zone=seeds.noon_zone())
    await lives_in(ann, DAY, "Hangzhou")
    await update_profile(ann)
    assert await known(ann) and await resolvers.count_changes(ann)
    assert await known(bob) == await known(bob, resolvers.today(bob)) == []
    assert (await resolvers.list_changes(bob, before=None, limit=9)).changes == []
    assert await resolvers.count_changes(bob) == 0
