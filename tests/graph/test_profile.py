"""The profile through the whole application: every field, the change log, refusals and the number of statements."""
from dataclasses import replace
from datetime import date, timedelta
from typing import Any, get_args

import pytest
from sqlalchemy import update

from graph.types.profile_change_enums import ProfileChangeCause, ProfileChangeEffect
from jobs import profile_recomputation, profile_update
from jobs.rules.profile import changes as rules
from jobs.rules.slots import SLOTS
from persistence import database
from persistence.ids import uuid7
from persistence.models import JobRun, User
from persistence.models.diary import Polarity, StatementRelation
from persistence.models.jobs import Job, RunStatus, Trigger
from persistence.models.profile import ValueStatus
from resolvers import assistant_access, change_labels, companion, diary_editing, diary_rewriting, memory_erasure, portability, profile_slots, source_judging
from resolvers import profile as resolvers
from resolvers import profile_verdicts as verdicts
from resolvers.chat import conversations, message_edits
from resolvers.imports import memory
from tests import seeds
from tests.seeds import DAY, quote, signal

pytestmark = [pytest.mark.anyio, pytest.mark.usefixtures("database")]

SECTIONS = ["IDENTITY", "RELATIONSHIPS", "PREFERENCES", "HABITS", "DECISIONS", "OWN"]

EVERYTHING = """
query Profile($asOf: Date) {
  profile(asOf: $asOf) {
    asOf
    sections { name values {
      id slot value confidence status locked origin firstSeenAt lastSeenAt endedAt
      evidence { quote start date saidAt message { id content } diary { date summary } }
      changes { slot before after statusBefore statusAfter confidenceBefore confidenceAfter reason at run { id job startedAt } value { id } }
    } }
  }
}
"""
CHANGES = """
query Changes($first: Int! = 20, $after: String) {
  profileChanges(first: $first, after: $after) {
    totalCount pageInfo { hasNextPage endCursor }
    nodes { id slot before after statusBefore statusAfter confidenceBefore confidenceAfter reason at run { job } value { value } }
  }
}
"""


async def data(viewer: User, document: str, **variables: Any) -> Any:
    answered = await seeds.ask(document, variables, token=await seeds.bearer(viewer))
    assert "errors" not in answered, answered["errors"]
    return answered["data"]


async def run(job: Job) -> JobRun:
    row = JobRun(id=uuid7(), job=job, trigger=Trigger.TIMER, status=RunStatus.SUCCEEDED)
    async with database.transaction() as session:
        session.add(row)
    return row


async def store_liked_dishes(viewer: User, *dishes: str) -> None:
    """Store each dish in a message of a separate day, in the profile and in its change log, with a job run."""
    made_by = await run(Job.DAILY_PROFILE)
    for number, dish in enumerate(dishes):
        day = DAY - number * timedelta(days=1)
        [message] = await seeds.said(viewer, day, f"I love {dish}!")
        await seeds.diary(viewer, day, signals=[signal("preferences.food", dish, quote(message, dish))], summary=f"All about {dish}.")
        await seeds.value(viewer, "preferences.food", dish, message, confidence=0.9 - number / 100)
        await seeds.change(viewer, "preferences.food", dish, run_id=made_by.id)


async def test_profile_value_returns_its_evidence_messages_diaries_and_changes():
    ann = await seeds.person()
    await store_liked_dishes(ann, "noodles")
    profile = (await data(ann, EVERYTHING))["profile"]
    assert [section["name"] for section in profile["sections"]] == SECTIONS
    [value] = [value for section in profile["sections"] for value in section["values"]]
    assert (value["slot"], value["value"], value["confidence"], value["status"]) == ("PREFERENCES_FOOD", "noodles", 0.9, "ACTIVE")
    assert (value["locked"], value["origin"], value["endedAt"]) == (False, "STATED", None)
    [words] = value["evidence"]
    assert (words["quote"], words["start"], words["date"], words["saidAt"]) == ("noodles", 7, "2026-05-20", "2026-05-20T04:00:00+00:00")
    assert words["message"]["content"] == "I love noodles!"
    assert words["diary"] == {"date": "2026-05-20", "summary": "All about noodles."}
    [change] = value["changes"]
    assert (change["before"], change["after"], change["statusBefore"], change["statusAfter"]) == (None, "noodles", None, "ACTIVE")
    assert (change["confidenceBefore"], change["confidenceAfter"], change["reason"]) == (None, 0.6, "NIGHT: ADDED")
    assert change["run"]["job"] == "DAILY_PROFILE" and change["value"] == {"id": value["id"]}


async def test_profile_with_twenty_values_takes_as_many_statements_as_with_one():
    ann, bob = await seeds.person("ann"), await seeds.person("bob")
    await store_liked_dishes(bob, "rice")
    await store_liked_dishes(ann, *(f"dish {number}" for number in range(20)))
    counts = []
    for viewer, expected in ((bob, 1), (ann, 20)):
        token = await seeds.bearer(viewer)
        with seeds.statements() as seen:
            answered = await seeds.ask(EVERYTHING, token=token)
        values = answered["data"]["profile"]["sections"][2]["values"]
        assert len(values) == expected and all(value["evidence"][0]["message"] and value["changes"][0]["value"] for value in values)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 7, "viewer, values, quotes, messages, diaries, changes, values of changes"


async def test_profile_without_evidence_takes_two_statements():
    ann = await seeds.person()
    await store_liked_dishes(ann, "rice", "tea")
    token = await seeds.bearer(ann)
    with seeds.statements() as seen:
        await seeds.ask("{ profile { sections { name values { slot value confidence status } } } }", token=token)
    assert len(seen) == 2, "viewer, values"


async def test_profile_values_include_rejected_ones_only_on_request():
    ann = await seeds.person()
    for status in ValueStatus:
        await seeds.value(ann, "preferences.food", status.value.lower(), status=status)
    found = await data(ann, """{ profile { sections { name
        plain: values { value } rejected: values(statuses: [REJECTED, ACTIVE]) { value } none: values(statuses: []) { value }
    } } }""")  # fmt: skip
    section = found["profile"]["sections"][2]
    assert [value["value"] for value in section["plain"]] == ["active", "disputed", "suggested", "superseded"]
    assert [value["value"] for value in section["rejected"]] == ["active", "rejected"]
    assert section["none"] == []


async def test_profile_sections_contain_every_slot_in_order():
    ann = await seeds.person()
    for slot in SLOTS:
        await seeds.value(ann, slot, "something")
    sections = (await data(ann, EVERYTHING))["profile"]["sections"]
    found = [(section["name"], value["slot"]) for section in sections for value in section["values"]]
    assert found == [(slot.section, key.upper().replace(".", "_")) for key, slot in SLOTS.items()]


async def test_profile_as_of_a_past_day_returns_the_values_and_evidence_of_that_day():
    ann, now = await moved()
    past = (await data(ann, EVERYTHING, asOf=(now - timedelta(days=5)).isoformat()))["profile"]
    [value] = past["sections"][0]["values"]
    assert past["asOf"] == (now - timedelta(days=5)).isoformat()
    assert (value["value"], value["status"], value["endedAt"]) == ("Shanghai", "ACTIVE", None)
    assert [words["message"]["content"] for words in value["evidence"]] == ["I live in Shanghai"]
    present = (await data(ann, EVERYTHING))["profile"]["sections"][0]["values"]
    assert [(value["value"], value["status"]) for value in present] == [("杭州", "ACTIVE"), ("Shanghai", "SUPERSEDED")]
    assert present[1]["id"] == value["id"] and present[1]["endedAt"]


SNAPSHOT = """
query($date: Date!) { profileAsOf(date: $date) { date sections { name values {
  slot value confidence status endedAt evidence { quote message { content } } of { id value status endedAt }
} } } }
"""
HISTORY = """
query($id: ID!, $from: Date, $to: Date, $points: Int! = 60) {
  node(id: $id) { ... on ProfileValue { value history(from: $from, to: $to, points: $points) { date confidence status evidenceCount } } }
}
"""


async def moved() -> tuple[User, date]:
    """Return someone who lived in one city nine days ago and says since the day before yesterday that they live in another, and their present day."""
    ann = await seeds.person(time_zone=seeds.noon_zone())
    now = resolvers.today(ann)
    for age, city in ((9, "Shanghai"), (2, "杭州")):
        [message] = await seeds.said(ann, now - timedelta(days=age), f"I live in {city}")
        await seeds.diary(ann, now - timedelta(days=age), signals=[signal("identity.home", city, quote(message, city))])
    async with database.transaction() as session:
        await profile_update.update_profile(session, ann.id, reason="NIGHT")
    return ann, now


async def test_profile_as_of_gives_values_without_ids_that_lead_to_those_of_today():
    ann, now = await moved()
    past = (await data(ann, SNAPSHOT, date=(now - timedelta(days=5)).isoformat()))["profileAsOf"]
    [value] = past["sections"][0]["values"]
    assert (past["date"], value["value"], value["status"], value["endedAt"]) == ((now - timedelta(days=5)).isoformat(), "Shanghai", "ACTIVE", None)
    assert [words["message"]["content"] for words in value["evidence"]] == ["I live in Shanghai"]
    [_, shanghai] = (await data(ann, EVERYTHING))["profile"]["sections"][0]["values"]
    assert value["of"] == {key: shanghai[key] for key in ("id", "value", "status", "endedAt")} and shanghai["status"] == "SUPERSEDED"
    answered = await seeds.ask(SNAPSHOT, {"date": (now + timedelta(days=1)).isoformat()}, token=await seeds.bearer(ann))
    assert answered["errors"][0]["extensions"]["code"] == "BAD_USER_INPUT" and answered["errors"][0]["message"].startswith("date is")


async def test_profile_has_one_id_that_mutations_return_and_node_finds():
    ann, now = await moved()
    current = (await data(ann, "{ profile { id sections { values { id } } } }"))["profile"]
    reject = "mutation($id: ID!) { profileValueReject(input: {id: $id}) { ... on ProfileValueRejectSuccess { profile { id } } } }"
    rejected = await data(ann, reject, id=current["sections"][0]["values"][0]["id"])
    assert rejected["profileValueReject"]["profile"]["id"] == current["id"]
    found = await data(ann, "query($id: ID!) { node(id: $id) { id ... on Profile { asOf } } }", id=current["id"])
    assert found["node"] == {"id": current["id"], "asOf": now.isoformat()}
    past = await data(ann, "query($day: Date) { profile(asOf: $day) { id } }", day=(now - timedelta(days=1)).isoformat())
    assert past["profile"]["id"] != current["id"], "a cache must not take a past day's profile for the current one"
    assert (await data(await seeds.person("bob"), "query($id: ID!) { node(id: $id) { id } }", id=current["id"]))["node"] is None


async def test_profile_value_history_equals_the_profiles_of_its_days():
    ann, now = await moved()
    shanghai = next(value for value in (await data(ann, EVERYTHING))["profile"]["sections"][0]["values"] if value["value"] == "Shanghai")
    points = (await data(ann, HISTORY, id=shanghai["id"]))["node"]["history"]
    assert [point["date"] for point in points] == [(now - timedelta(days=age)).isoformat() for age in range(9, -1, -1)]
    for point in points:
        [then] = [
            value for value in (await data(ann, SNAPSHOT, date=point["date"]))["profileAsOf"]["sections"][0]["values"] if value["value"] == "Shanghai"
        ]
        assert (point["confidence"], point["status"], point["evidenceCount"]) == (then["confidence"], then["status"], len(then["evidence"]))
    assert {point["status"] for point in points} == {"ACTIVE", "SUPERSEDED"}
    few = (await data(ann, HISTORY, id=shanghai["id"], points=3, **{"from": (now - timedelta(days=30)).isoformat()}))["node"]["history"]
    assert [point["date"] for point in few] == [now.isoformat()], "the value was not in the profile 30 and 15 days ago"


@pytest.mark.parametrize(
    ("arguments", "field"), [({"points": 1}, "points"), ({"points": 121}, "points"), ({"from": "2026-03-02", "to": "2026-03-01"}, "from")]
)
async def test_profile_value_history_of_an_invalid_range_is_refused(arguments: dict[str, Any], field: str):
    ann, _ = await moved()
    [value, *_] = (await data(ann, EVERYTHING))["profile"]["sections"][0]["values"]
    answered = await seeds.ask(HISTORY, {"id": value["id"], **arguments}, token=await seeds.bearer(ann))
    assert [(error["extensions"]["field"], error["extensions"]["rule"]) for error in answered["errors"]] == [(field, "OUT_OF_RANGE")]


@pytest.mark.parametrize("as_of", ["9999-12-31", "0001-01-01"])
async def test_profile_as_of_a_day_out_of_range_is_refused(as_of: str):
    answered = await seeds.ask(EVERYTHING, {"asOf": as_of}, token=await seeds.bearer(await seeds.person()))
    assert [error["extensions"]["code"] for error in answered["errors"]] == ["BAD_USER_INPUT"]
    assert answered["data"] == {"profile": None}


async def test_profile_changes_are_paged_newest_first_with_their_current_values():
    ann = await seeds.person()
    await store_liked_dishes(ann, "rice", "tea", "noodles")
    gone = {"before": "beer", "after": None, "status_before": ValueStatus.ACTIVE, "status_after": None, "confidence_before": 0.4}
    await seeds.change(ann, "preferences.food", "beer", **gone, confidence_after=None, reason="EDIT: GONE")
    first = (await data(ann, CHANGES, first=3))["profileChanges"]
    second = (await data(ann, CHANGES, first=3, after=first["pageInfo"]["endCursor"]))["profileChanges"]
    assert (first["totalCount"], first["pageInfo"]["hasNextPage"], second["pageInfo"]["hasNextPage"]) == (4, True, False)
    nodes = [*first["nodes"], *second["nodes"]]
    assert [(node["after"], node["value"], node["run"]) for node in nodes] == [
        (None, None, None), *((dish, {"value": dish}, {"job": "DAILY_PROFILE"}) for dish in ("noodles", "tea", "rice")),
    ]  # fmt: skip
    assert (nodes[0]["before"], nodes[0]["statusBefore"], nodes[0]["confidenceBefore"]) == ("beer", "ACTIVE", 0.4)
    assert (nodes[0]["statusAfter"], nodes[0]["confidenceAfter"], nodes[0]["reason"]) == (None, None, "EDIT: GONE")


async def test_profile_changes_take_a_constant_number_of_statements():
    ann, bob = await seeds.person("ann"), await seeds.person("bob")
    await store_liked_dishes(bob, "rice")
    await store_liked_dishes(ann, *(f"dish {number}" for number in range(15)))
    counts = []
    for viewer in (bob, ann):
        token = await seeds.bearer(viewer)
        with seeds.statements() as seen:
            await seeds.ask(CHANGES, token=token)
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 4, "viewer, changes, count, values"


async def test_nodes_returns_profile_values_and_changes_to_their_owner_only():
    ann, bob = await seeds.person("ann"), await seeds.person("bob")
    await store_liked_dishes(ann, "rice")
    value = (await data(ann, EVERYTHING))["profile"]["sections"][2]["values"][0]["id"]
    change = (await data(ann, CHANGES))["profileChanges"]["nodes"][0]["id"]
    document = "query($ids: [ID!]!) { nodes(ids: $ids) { id ... on ProfileValue { value } ... on ProfileChange { after } } }"
    assert (await data(ann, document, ids=[value, change]))["nodes"] == [{"id": value, "value": "rice"}, {"id": change, "after": "rice"}]
    never = [value[:-4] + "AAAA", change[:-4] + "AAAA"]
    assert (await data(bob, document, ids=[value, change, *never]))["nodes"] == [None] * 4


async def test_profile_change_cause_and_effect_of_an_unknown_reason_are_null():
    assert {effect.value for effect in ProfileChangeEffect} == set(get_args(rules.ChangeReason))
    recorded = {diary_editing.EDITED, diary_rewriting.REWRITTEN, diary_editing.DELETED, message_edits.EDITED, message_edits.DELETED, verdicts.SET,
                verdicts.LOCKED, verdicts.UNLOCKED, verdicts.REJECTED, verdicts.REVERTED, portability.IMPORTED, profile_slots.UPDATED,
                verdicts.ERASED, verdicts.ENDED, source_judging.UNDONE, memory_erasure.ERASED, memory.IMPORTED, conversations.MARKED_AS_PLAY,
                profile_recomputation.REASON, assistant_access.SUGGESTED, companion.DELETED, "NIGHT", "WEEK"}  # fmt: skip
    assert {cause.value for cause in ProfileChangeCause} == recorded
    ann = await seeds.person()
    for reason in ("WEEK: GONE", "PROFILE_IMPORTED: ADDED", "IMPORTED: SOMEHOW", "words"):
        await seeds.change(ann, "preferences.food", "rice", reason=reason)
    found = await data(ann, "{ profileChanges { nodes { reason cause effect } } }")
    assert found["profileChanges"]["nodes"] == [
        {"reason": "words", "cause": None, "effect": None}, {"reason": "IMPORTED: SOMEHOW", "cause": None, "effect": None},
        {"reason": "PROFILE_IMPORTED: ADDED", "cause": "PROFILE_IMPORTED", "effect": "ADDED"},
        {"reason": "WEEK: GONE", "cause": "WEEK", "effect": "GONE"},
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("variables", "code"), [({"after": "nonsense"}, "BAD_USER_INPUT"), ({"first": 0}, "BAD_USER_INPUT")]
)
async def test_profile_changes_with_invalid_paging_are_refused(variables: dict[str, Any], code: str):
    answered = await seeds.ask(CHANGES, variables, token=await seeds.bearer(await seeds.person()))
    assert [error["extensions"]["code"] for error in answered["errors"]] == [code]


@pytest.mark.parametrize("field", ["profile { asOf }", "profileChanges { nodes { id } }"])
async def test_profile_queries_when_signed_out_are_refused_without_a_statement(field: str):
    with seeds.statements() as seen:
        answered = await seeds.ask("{ " + field + " }")
    assert [error["extensions"]["code"] for error in answered["errors"]] == ["UNAUTHENTICATED"]
    assert list(answered["data"].values()) == [None] and seen == []


async def test_profile_negated_value_shows_its_polarity_context_and_evidence_and_goes_with_its_message():
    ann = await seeds.person()
    [message] = await seeds.said(ann, DAY, "I haven't eaten pork at work since 2019")
    quoted = replace(quote(message), relation=StatementRelation.IS_NOT, since="2019", condition="at work")
    await seeds.diary(ann, DAY, signals=[signal("preferences.food", "pork", quoted, polarity=Polarity.NEGATIVE)])
    async with database.transaction() as session:
        await profile_update.update_profile(session, ann.id, reason="NIGHT")
    document = "{ profile { sections { values { value polarity since until condition status evidence { quote } } } } }"
    answer = await seeds.ask(document, token=await seeds.bearer(ann))
    assert [value for section in answer["data"]["profile"]["sections"] for value in section["values"]] == [
        {"value": "pork", "polarity": "IS_NOT", "since": "2019", "until": None, "condition": "at work", "status": "ACTIVE",
         "evidence": [{"quote": message.content}]}
    ]
    await seeds.delete_message(message)
    async with database.transaction() as session:
        await profile_update.update_profile(session, ann.id, reason="NIGHT")
    answer = await seeds.ask(document, token=await seeds.bearer(ann))
    assert [section["values"] for section in answer["data"]["profile"]["sections"]] == [[]] * len(answer["data"]["profile"]["sections"])


def test_change_labels_name_each_cause_and_effect_once_in_both_languages():
    for kind, labels in ((ProfileChangeCause, change_labels.CAUSES), (ProfileChangeEffect, change_labels.EFFECTS)):
        assert set(labels) == set(kind.__members__)
        for shown in zip(*labels.values()):
            assert len(set(shown)) == len(labels) and all(shown)


@pytest.mark.parametrize(("locale", "expected"), [("zh-CN", ("每日更新", "新增")), ("en", ("Daily update", "Added")), ("fr", ("Daily update", "Added"))])
async def test_profile_change_has_labels_in_the_language_of_the_user(locale: str, expected: tuple[str, str]):
    ann = await seeds.person()
    await store_liked_dishes(ann, "noodles")
    async with database.transaction() as session:
        await session.execute(update(User).where(User.id == ann.id).values(locale=locale))
    [change] = (await data(ann, "{ profileChanges { nodes { causeLabel effectLabel } } }"))["profileChanges"]["nodes"]
    assert (change["causeLabel"], change["effectLabel"]) == expected
